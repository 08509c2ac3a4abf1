//! The unit of a compared value (visits, days, an amount), and the wording of its distance from a bound.

use super::figures::{MICROSECONDS_A_DAY, trimmed};
use crate::catalog::Catalog;
use crate::config::{Marks, one_called};
use crate::language::typed::{Arithmetic, Function, Kind, Measure, PopulationFunction, Typed};
use crate::value::Type;

const DAY: f64 = MICROSECONDS_A_DAY;
const HOUR: f64 = MICROSECONDS_A_DAY / 24.0;

/// How far a comparison is from its other answer.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Margin {
    /// If the comparison fails, the shortfall or excess; if it holds, the distance of the value from the bound. At
    /// least 0, in `unit`.
    pub by: f64,
    /// The unit: a collection's name, `days`, `percentage points`, a currency; `None` for a bare number.
    pub unit: Option<String>,
    /// For display: `3 visits short`, `by 2 days`.
    pub words: String,
}

/// On which side of the bound a value lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// On the side where the comparison holds.
    Inside,
    Below,
    Above,
    /// Anywhere but at the required time.
    Apart,
}

/// The unit of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unit {
    /// A number without a known unit.
    Bare,
    /// A whole number of units: rows of a collection, days.
    Whole(String),
    /// An amount in a currency.
    Money(String),
    /// A share that is compared with a percentage.
    Points,
    /// A time, in microseconds.
    Time,
}

impl Unit {
    /// The smallest change that moves a value across a bound it lies `apart` from. A value exactly on a `strict` bound
    /// is not across.
    pub(super) fn least(&self, apart: f64, strict: bool) -> f64 {
        match (self, strict) {
            (Self::Whole(_), true) => apart.floor() + 1.0,
            (Self::Whole(_), false) => apart.ceil(),
            _ => apart,
        }
    }

    /// The margin for a distance.
    pub(super) fn margin(&self, side: Side, apart: f64, marks: &Marks) -> Margin {
        let (by, name, figure) = self.figure(side, apart, marks);
        let words = match (side, apart == 0.0) {
            (Side::Inside, true) => "just".to_owned(),
            (Side::Inside, false) => format!("by {figure}"),
            (_, true) => "exactly at the bound".to_owned(),
            (Side::Apart, false) => format!("{figure} away"),
            (Side::Below, false) if *self == Self::Time => format!("{figure} too early"),
            (Side::Below, false) => format!("{figure} short"),
            (Side::Above, false) => format!("{figure} {}", self.too_much()),
        };
        let unit = name;
        Margin { by, unit, words }
    }

    /// A distance in its display unit, the name of the unit, and both for display.
    fn figure(&self, side: Side, apart: f64, marks: &Marks) -> (f64, Option<String>, String) {
        let named = |by: f64, name: &str, decimals: usize| {
            let figure = marks.grouped(&trimmed(by, decimals));
            let words = match one_called(name) {
                _ if by != 1.0 => format!("{figure} {name}"),
                Some(one) => format!("{figure} {one}"),
                // The word may be of any language, so its singular is unknown.
                None => figure,
            };
            (by, Some(name.to_owned()), words)
        };
        match self {
            Self::Bare => (apart, None, marks.grouped(&trimmed(apart, 4))),
            Self::Whole(name) => named(apart, name, 1),
            Self::Money(currency) => {
                let figure = format!("{} {currency}", marks.number(apart, 2));
                (apart, Some(currency.clone()), figure)
            }
            Self::Points => named(apart * 100.0, "percentage points", 1),
            Self::Time => {
                let (length, name) = if apart < DAY {
                    (HOUR, "hours")
                } else {
                    (DAY, "days")
                };
                // Shortfalls are rounded up, and reserves down.
                let whole = match side {
                    Side::Inside => (apart / length).floor(),
                    _ => (apart / length).ceil(),
                };
                named(whole, name, 0)
            }
        }
    }

    fn too_much(&self) -> &'static str {
        match self {
            Self::Bare | Self::Points => "over",
            Self::Whole(_) => "too many",
            Self::Money(_) => "too much",
            Self::Time => "too late",
        }
    }
}

/// The unit of a value, as far as its expression tells. `of_metric` returns a metric's definition.
pub(super) fn unit_of<'t>(
    typed: &'t Typed,
    (catalog, currency): (&Catalog, &str),
    of_metric: &dyn Fn(&str) -> Option<&'t Typed>,
) -> Option<Unit> {
    let inner = |typed: &'t Typed| unit_of(typed, (catalog, currency), of_metric);
    match typed.ty {
        Type::Money => return Some(Unit::Money(currency.to_owned())),
        ty if is_time(ty) => return Some(Unit::Time),
        _ => {}
    }
    let whole = |name: &str| Some(Unit::Whole(name.to_owned()));
    match &typed.kind {
        Kind::Metric(name) => inner(of_metric(name)?),
        Kind::Aggregate(rows) if rows.measure == Measure::Count => {
            whole(&catalog.collections.get(rows.collection)?.name)
        }
        Kind::Aggregate(rows) => match rows.measure.field()?.ty {
            Type::Money => Some(Unit::Money(currency.to_owned())),
            _ => None,
        },
        Kind::Call(Function::DaysSince, _) => whole("days"),
        Kind::Call(Function::HoursSince, _) => whole("hours"),
        Kind::Call(Function::Age, _) => whole("years"),
        // A place among boundaries or on a scale has another unit.
        Kind::Call(Function::Band | Function::Scale | Function::Elapsed, _) => None,
        // A part of a time, such as its month, is not a time.
        Kind::Call(_, arguments) => {
            let mut counted = arguments.iter().filter(|of| !is_time(of.ty));
            counted.find_map(inner)
        }
        Kind::Population(population) => match population.function {
            PopulationFunction::Avg
            | PopulationFunction::Sum
            | PopulationFunction::Min
            | PopulationFunction::Max
            | PopulationFunction::Quantile(_) => inner(population.of.as_ref()?),
            _ => None,
        },
        Kind::Negate(of) => inner(of),
        // A count divided by a number keeps the count's unit.
        Kind::Arithmetic(Arithmetic::Divide, of, by) => match inner(by) {
            None => inner(of),
            Some(_) => None,
        },
        Kind::Arithmetic(_, left, right) => inner(left).or_else(|| inner(right)),
        _ => None,
    }
}

fn is_time(ty: Type) -> bool {
    matches!(ty, Type::Date | Type::Instant)
}

/// The bounds of a value without known bounds.
const EVERYWHERE: [f64; 2] = [f64::NEG_INFINITY, f64::INFINITY];

/// The smallest and the largest possible value, as far as its expression tells: no count is below 0.
pub(super) fn bounds_of<'t>(
    typed: &'t Typed,
    of_metric: &dyn Fn(&str) -> Option<&'t Typed>,
) -> [f64; 2] {
    match &typed.kind {
        Kind::Metric(name) => {
            of_metric(name).map_or(EVERYWHERE, |metric| bounds_of(metric, of_metric))
        }
        Kind::Aggregate(rows) => match rows.measure {
            Measure::Count | Measure::CountDistinct(_) => [0.0, f64::INFINITY],
            _ => EVERYWHERE,
        },
        Kind::Health => [0.0, 100.0],
        _ => EVERYWHERE,
    }
}
