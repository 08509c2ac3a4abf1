//! Functions over all subjects, or over a group of them.

use std::hash::{Hash, Hasher};

use super::Entry;

/// Functions over a group; n is the number of subjects in it that have a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PopulationFunction {
    /// The number of subjects in the group.
    Size,
    /// Mean.
    Avg,
    /// Sum; 0 for no values.
    Sum,
    /// Smallest.
    Min,
    /// Largest.
    Max,
    /// Linear interpolation between order statistics at (n − 1) × p (type 7); `median` is p = 0.5.
    Quantile(f64),
    /// 1 + the number of larger values.
    Rank,
    /// The number of smaller values / (n − 1), 0 if n = 1.
    Percentile,
    /// 1 + floor(k × smaller / n).
    Bin(u32),
    /// SQL's ntile over the ascending order, ties by key.
    Ntile(u32),
    /// Ascending place from 1, ties by key.
    Position,
    /// Larger × 100 < p × n, p in percent.
    TopShare(f64),
    /// Larger < k.
    TopCount(u64),
    /// Smaller × 100 < p × n, p in percent.
    BottomShare(f64),
    /// Smaller < k.
    BottomCount(u64),
}

impl Hash for PopulationFunction {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Self::Quantile(p) | Self::TopShare(p) | Self::BottomShare(p) => p.to_bits().hash(state),
            Self::Bin(k) | Self::Ntile(k) => k.hash(state),
            Self::TopCount(k) | Self::BottomCount(k) => k.hash(state),
            _ => {}
        }
    }
}

impl PopulationFunction {
    /// The number that parameterizes it, if that may be fractional.
    pub fn number(self) -> Option<f64> {
        match self {
            Self::Quantile(p) | Self::TopShare(p) | Self::BottomShare(p) => Some(p),
            _ => None,
        }
    }

    /// True for averages over those who have a value: a mean, a median, a quantile.
    pub fn is_average(self) -> bool {
        matches!(self, Self::Avg | Self::Quantile(_))
    }
}

/// A function over the population, by name.
pub(in crate::language) struct OverPopulation {
    pub entry: Entry,
    /// The literal number that comes before the argument.
    pub literal: Literal,
    pub of: Of,
    pub gives: Gives,
    /// Creates the function from the literal number, which is 0 if there is none.
    pub with: fn(f64) -> PopulationFunction,
}

/// A number that must be a literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::language) enum Literal {
    None,
    /// 0 to 1.
    Share,
    /// A whole number from 1 to `u32::MAX`.
    Count,
}

/// The argument of a function over the population.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::language) enum Of {
    Nothing,
    /// A number or money.
    Number,
    /// Dates and instants as well.
    Ordered,
}

/// The result of a function over the population.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::language) enum Gives {
    /// One value for the whole group, of the type of its argument; a number if it has none.
    Shared,
    /// A number for each subject: its position in the group.
    Place,
}

impl OverPopulation {
    /// The number of arguments.
    pub fn arity(&self) -> usize {
        usize::from(self.literal != Literal::None) + usize::from(self.of != Of::Nothing)
    }
}

/// The function with this name.
pub(in crate::language) fn over_population(name: &str) -> Option<&'static OverPopulation> {
    ALL.iter().find(|function| function.entry.name == name)
}

/// A function's name, a call and its result; then the literal number and the argument it takes, and the kind of result.
macro_rules! functions {
    ($(
        $name:literal $call:literal $meaning:literal
        ($literal:ident, $of:ident) -> $gives:ident = $with:expr;
    )*) => {
        pub(super) static ALL: &[OverPopulation] = &[$(OverPopulation {
            entry: Entry {
                name: $name,
                signatures: &[$call],
                meaning: $meaning,
                of_no_rows: None,
                example: $call,
            },
            literal: Literal::$literal,
            of: Of::$of,
            gives: Gives::$gives,
            with: $with,
        },)*];
    };
}

functions! {
    "avg" "avg(x)" "the average of the group" (None, Number) -> Shared = |_| PopulationFunction::Avg;
    "sum" "sum(x)" "the sum over the group" (None, Number) -> Shared = |_| PopulationFunction::Sum;
    "min" "min(x)" "the smallest of the group" (None, Ordered) -> Shared = |_| PopulationFunction::Min;
    "max" "max(x)" "the largest of the group" (None, Ordered) -> Shared = |_| PopulationFunction::Max;
    "median" "median(x)" "the median of the group"
        (None, Number) -> Shared = |_| PopulationFunction::Quantile(0.5);
    "quantile" "quantile(90%, x)" "the value that 90% are at or below, linear between two"
        (Share, Number) -> Shared = PopulationFunction::Quantile;
    "rank" "rank(x)" "1 + how many have more" (None, Ordered) -> Place = |_| PopulationFunction::Rank;
    "percentile" "percentile(x)" "how many have less, as a share of the others; 0 for one alone"
        (None, Number) -> Place = |_| PopulationFunction::Percentile;
    "bin" "bin(5, x)"
        "which of 5 equal parts by value place, from 1: 1 + 5 × how many have less ÷ n, rounded down"
        (Count, Number) -> Place = |k| PopulationFunction::Bin(k as u32);
    "ntile" "ntile(5, x)" "which of 5 parts of equal size, as SQL's `ntile`; ties are divided by key"
        (Count, Ordered) -> Place = |k| PopulationFunction::Ntile(k as u32);
    "position" "position(x)" "the place from the smallest, from 1; ties in the order of keys"
        (None, Ordered) -> Place = |_| PopulationFunction::Position;
    "size" "size()" "how many clients the group has" (None, Nothing) -> Shared = |_| PopulationFunction::Size;
}
