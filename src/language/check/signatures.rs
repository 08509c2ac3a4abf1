//! Functions of values: what they take, and what they give.

use crate::language::typed::Function;
use crate::value::Type;

/// A function of values by its name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signature {
    /// Its name.
    pub name: &'static str,
    /// What it computes.
    pub function: Function,
    /// What it takes.
    pub takes: Takes,
    /// A correct call, for help lines.
    pub example: &'static str,
}

/// Which arguments a function takes, and what comes of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// A date or an instant, as it is: a number or text of it.
    Time(Type),
    /// A date; an instant counts as its local date.
    Date(Type),
    /// An instant alone.
    Instant,
    /// Two instants; a date counts as its midnight.
    TwoInstants,
    /// A text: a number or text of it.
    Text(Type),
    /// A number or money, kept as it is.
    Amount,
    /// A number or money, and digits.
    Round,
    /// Two or more values of one ordered type.
    Many,
    /// Two values of any one type.
    Default,
    /// A condition, and one or two values of one type.
    If,
    /// A number or money, and boundaries of its kind.
    Band,
    /// A number or money, and two of its kind.
    Scale,
}

const fn of(
    name: &'static str,
    function: Function,
    takes: Takes,
    example: &'static str,
) -> Signature {
    Signature {
        name,
        function,
        takes,
        example,
    }
}

const FUNCTIONS: [Signature; 22] = [
    of(
        "days_since",
        Function::DaysSince,
        Takes::Time(Type::Number),
        "days_since(last(visits).at)",
    ),
    of(
        "hours_since",
        Function::HoursSince,
        Takes::Instant,
        "hours_since(last(visits).at)",
    ),
    of(
        "elapsed",
        Function::Elapsed,
        Takes::TwoInstants,
        "elapsed(start, end)",
    ),
    of(
        "age",
        Function::Age,
        Takes::Date(Type::Number),
        "age(birthday)",
    ),
    of(
        "anniversary",
        Function::Anniversary,
        Takes::Date(Type::Date),
        "anniversary(birthday)",
    ),
    of(
        "day_of_week",
        Function::DayOfWeek,
        Takes::Time(Type::Text),
        "day_of_week(at)",
    ),
    of(
        "month",
        Function::Month,
        Takes::Time(Type::Number),
        "month(birthday)",
    ),
    of(
        "year",
        Function::Year,
        Takes::Time(Type::Number),
        "year(birthday)",
    ),
    of(
        "date",
        Function::Date,
        Takes::Date(Type::Date),
        "date(last(visits).at)",
    ),
    of(
        "lower",
        Function::Lower,
        Takes::Text(Type::Text),
        "lower(name)",
    ),
    of(
        "length",
        Function::Length,
        Takes::Text(Type::Number),
        "length(name)",
    ),
    of("abs", Function::Abs, Takes::Amount, "abs(x)"),
    of("round", Function::Round, Takes::Round, "round(x, 2)"),
    of("floor", Function::Floor, Takes::Amount, "floor(x)"),
    of("ceil", Function::Ceil, Takes::Amount, "ceil(x)"),
    of("least", Function::Least, Takes::Many, "least(a, b)"),
    of(
        "greatest",
        Function::Greatest,
        Takes::Many,
        "greatest(a, b)",
    ),
    of(
        "default",
        Function::Default,
        Takes::Default,
        "default(x, 0)",
    ),
    of("if", Function::If, Takes::If, "if(condition, a, b)"),
    of("band", Function::Band, Takes::Band, "band(x, 10, 20)"),
    of(
        "band_right",
        Function::BandRight,
        Takes::Band,
        "band_right(x, 10, 20)",
    ),
    of("scale", Function::Scale, Takes::Scale, "scale(x, 0, 10)"),
];

/// The function of a name.
pub(super) fn signature(name: &str) -> Option<&'static Signature> {
    FUNCTIONS.iter().find(|s| s.name == name)
}

/// Every function's name.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|s| s.name)
}

impl Signature {
    /// Whether a call may have so many arguments.
    pub fn accepts(&self, count: usize) -> bool {
        match self.takes {
            Takes::TwoInstants | Takes::Default => count == 2,
            Takes::Round => count == 1 || count == 2,
            Takes::Many | Takes::Band => count >= 2,
            Takes::If => count == 2 || count == 3,
            Takes::Scale => count == 3,
            _ => count == 1,
        }
    }

    /// How many arguments it takes, in words.
    pub fn wants(&self) -> &'static str {
        match self.takes {
            Takes::TwoInstants | Takes::Default => "two values",
            Takes::Round => "one or two values",
            Takes::Many => "two or more values",
            Takes::Band => "a value and one or more boundaries",
            Takes::If => "a condition and one or two values",
            Takes::Scale => "three values",
            _ => "one value",
        }
    }
}
