//! Functions of values.

use super::Entry;
use crate::value::Type;

/// A function of values.
pub(in crate::language) struct Definition {
    pub entry: Entry,
    pub takes: Takes,
    pub gives: Gives,
    /// Its spelling in a stored fingerprint. It must never change, not even if the function is renamed.
    digest: &'static str,
    /// Its equivalent in SQLite; see [`super::sql`].
    pub(super) sqlite: &'static [&'static str],
}

/// Which arguments a function takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::language) enum Takes {
    /// Nothing that can be written: the checker inserts the call.
    Inserted,
    /// A date or an instant, as it is.
    Time,
    /// A date; an instant counts as its local date.
    Date,
    /// Only an instant.
    Instant,
    /// Two instants; a date counts as its midnight.
    TwoInstants,
    /// A text.
    Text,
    /// Two or more texts.
    Texts,
    /// A number or money.
    Amount,
    /// A number or money, and digits.
    Round,
    /// Two numbers, or two amounts of money.
    Pair,
    /// Two or more values of the same ordered type.
    Many,
    /// Two values of the same type, whichever it is.
    Default,
    /// A condition, and one or two values of the same type.
    If,
    /// A number or money, and boundaries of the same type.
    Band,
    /// A number or money, and two more of the same type.
    Scale,
    /// A share and a name, both literals; the checker adds the subject's key before them.
    Sample,
}

/// The type of a function's result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::language) enum Gives {
    /// Always this one.
    Always(Type),
    /// The type of its arguments.
    Same,
}

/// A function's name, its doc comment (which is shown to users), its signatures, and its arguments and result type;
/// then an example, its spelling in fingerprints, and its SQLite template, if SQL has an exact equivalent.
macro_rules! functions {
    ($(
        #[doc = $meaning:literal]
        $function:ident $name:literal [$($signature:literal),*] ($takes:expr) -> $gives:expr,
        $example:literal, $digest:literal, [$($sqlite:literal),*];
    )*) => {
        /// Functions of values.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Function {
            $(#[doc = $meaning] $function,)*
        }

        impl Function {
            const ALL: &'static [Self] = &[$(Self::$function,)*];

            pub(in crate::language) fn definition(self) -> &'static Definition {
                match self {
                    $(Self::$function => const { &Definition {
                        entry: Entry {
                            name: $name,
                            signatures: &[$($signature,)*],
                            meaning: $meaning.trim_ascii(),
                            of_no_rows: None,
                            example: $example,
                        },
                        takes: $takes,
                        gives: $gives,
                        digest: $digest,
                        sqlite: &[$($sqlite,)*],
                    } },)*
                }
            }
        }
    };
}

functions! {
    /// whole days since a date or an instant; below 0 for what is still to come
    DaysSince "days_since" ["days_since(t)"] (Takes::Time) -> Gives::Always(Type::Number),
        "days_since(last(visits).at)", "days_since", [];
    /// whole hours since an instant
    HoursSince "hours_since" ["hours_since(t)"] (Takes::Instant) -> Gives::Always(Type::Number),
        "hours_since(last(visits).at)", "hours_since", [];
    /// the share of the time from `start` to `end` that has gone by
    Elapsed "elapsed" ["elapsed(start, end)"] (Takes::TwoInstants) -> Gives::Always(Type::Number),
        "elapsed(start, end)", "elapsed", [];
    /// whole years
    Age "age" ["age(date)"] (Takes::Date) -> Gives::Always(Type::Number),
        "age(birthday)", "age", [];
    /// the next one, today included, and not before a year after the date
    Anniversary "anniversary" ["anniversary(date)"] (Takes::Date) -> Gives::Always(Type::Date),
        "anniversary(birthday)", "anniversary", [];
    /// `"Mon"` `"Tue"` `"Wed"` `"Thu"` `"Fri"` `"Sat"` `"Sun"`
    DayOfWeek "day_of_week" ["day_of_week(t)"] (Takes::Time) -> Gives::Always(Type::Text),
        "day_of_week(at)", "day_of_week", [];
    /// the day of the month, 1 to 31
    DayOfMonth "day_of_month" ["day_of_month(t)"] (Takes::Time) -> Gives::Always(Type::Number),
        "day_of_month(at)", "day_of_month", [];
    /// the local hour of an instant, 0 to 23
    Hour "hour" ["hour(t)"] (Takes::Instant) -> Gives::Always(Type::Number),
        "hour(last(visits).at)", "hour", [];
    /// the week of the year, 1 to 53 (ISO 8601: from Monday; week 1 holds 4 January)
    Week "week" ["week(t)"] (Takes::Time) -> Gives::Always(Type::Number),
        "week(at)", "week", [];
    /// 1 to 12
    Month "month" ["month(t)"] (Takes::Time) -> Gives::Always(Type::Number),
        "month(birthday)", "month", [];
    /// the year
    Year "year" ["year(t)"] (Takes::Time) -> Gives::Always(Type::Number),
        "year(birthday)", "year", [];
    /// the local date of an instant
    Date "date" ["date(t)"] (Takes::Date) -> Gives::Always(Type::Date),
        "date(last(visits).at)", "date", [];
    /// the instant of a date's local midnight
    Midnight "midnight" [] (Takes::Inserted) -> Gives::Always(Type::Instant),
        "", "midnight", [];
    /// in small letters, in every script
    Lower "lower" ["lower(text)"] (Takes::Text) -> Gives::Always(Type::Text),
        "lower(name)", "lower", [];
    /// what follows the last `@` of an e-mail address, in small letters; missing where nothing does
    Domain "domain" ["domain(email)"] (Takes::Text) -> Gives::Always(Type::Text),
        "domain(email)", "domain", [];
    /// the texts one after another; missing if one of them is
    Concat "concat" ["concat(a, b, …)"] (Takes::Texts) -> Gives::Always(Type::Text),
        "concat(first_name, \" \", last_name)", "concat", [];
    /// how many characters (Unicode code points)
    Length "length" ["length(text)"] (Takes::Text) -> Gives::Always(Type::Number),
        "length(name)", "length", ["length($1)"];
    /// without its sign
    Abs "abs" ["abs(x)"] (Takes::Amount) -> Gives::Same,
        "abs(x)", "abs", ["abs($1)"];
    /// to a whole number or to `digits` decimals, halves away from zero
    Round "round" ["round(x)", "round(x, digits)"] (Takes::Round) -> Gives::Same,
        "round(x, 2)", "round", [];
    /// down to the next whole number
    Floor "floor" ["floor(x)"] (Takes::Amount) -> Gives::Same,
        "floor(x)", "floor", [];
    /// up to the next whole number
    Ceil "ceil" ["ceil(x)"] (Takes::Amount) -> Gives::Same,
        "ceil(x)", "ceil", [];
    /// what is left of `a` divided by `b`, on nine decimals; it has the sign of `b`, and is missing where `b` is 0
    Mod "mod" ["mod(a, b)"] (Takes::Pair) -> Gives::Same,
        "mod(x, 7)", "mod", [];
    /// the smallest
    Least "least" ["least(x, y, …)"] (Takes::Many) -> Gives::Same,
        "least(a, b)", "least", ["min($*)"];
    /// the largest
    Greatest "greatest" ["greatest(x, y, …)"] (Takes::Many) -> Gives::Same,
        "greatest(a, b)", "greatest", ["max($*)"];
    /// x, or y where x is missing
    Default "default" ["default(x, y)"] (Takes::Default) -> Gives::Same,
        "default(x, 0)", "default", ["coalesce($1, $2)"];
    /// a or b; without b, missing where the condition is not certainly true
    If "if" ["if(condition, a)", "if(condition, a, b)"] (Takes::If) -> Gives::Same,
        "if(condition, a, b)", "if", ["(case when $1 then $2 end)", "(case when $1 then $2 else $3 end)"];
    /// 1 + how many of the boundaries are ≤ x
    Band "band" ["band(x, b1, b2, …)"] (Takes::Band) -> Gives::Always(Type::Number),
        "band(x, 10, 20)", "band", [];
    /// 1 + how many are < x
    BandRight "band_right" ["band_right(x, b1, b2, …)"] (Takes::Band) -> Gives::Always(Type::Number),
        "band_right(x, 10, 20)", "band_right", [];
    /// 0 at `from`, 100 at `to`, straight between them and cut off outside; `from` may be the larger; missing if both are equal
    Scale "scale" ["scale(x, from, to)"] (Takes::Scale) -> Gives::Always(Type::Number),
        "scale(x, 0, 10)", "scale", ["max(0, min(100, 100.0 * ($1 - $2) / nullif($3 - $2, 0)))"];
    /// whether the client is in a sample of that share: by key and name, the same in every run
    Sample "sample" ["sample(10%, \"name\")"] (Takes::Sample) -> Gives::Always(Type::Truth),
        "sample(10%, \"spring\")", "sample", [];
}

impl Function {
    /// Its name in a condition.
    pub fn name(self) -> &'static str {
        self.definition().entry.name
    }

    /// Its spelling in a stored fingerprint.
    pub fn digest(self) -> &'static str {
        self.definition().digest
    }
}

/// The functions that a condition can call.
pub(super) fn callable() -> impl Iterator<Item = (Function, &'static Definition)> {
    let all = Function::ALL.iter().map(|f| (*f, f.definition()));
    all.filter(|(_, definition)| definition.takes != Takes::Inserted)
}

/// The function with this name.
pub(in crate::language) fn of_values(name: &str) -> Option<(Function, &'static Definition)> {
    callable().find(|(_, definition)| definition.entry.name == name)
}

impl Takes {
    /// Whether a call may have this many arguments.
    pub fn accepts(self, count: usize) -> bool {
        match self {
            Self::TwoInstants | Self::Default | Self::Pair | Self::Sample => count == 2,
            Self::Round => count == 1 || count == 2,
            Self::Many | Self::Band | Self::Texts => count >= 2,
            Self::If => count == 2 || count == 3,
            Self::Scale => count == 3,
            _ => count == 1,
        }
    }

    /// The number of arguments, in words.
    pub fn count(self) -> &'static str {
        match self {
            Self::TwoInstants | Self::Default | Self::Pair => "two values",
            Self::Round => "one or two values",
            Self::Many | Self::Texts => "two or more values",
            Self::Band => "a value and one or more boundaries",
            Self::If => "a condition and one or two values",
            Self::Scale => "three values",
            Self::Sample => "a share and a name",
            _ => "one value",
        }
    }

    /// What each argument must be, in words, apart from a condition.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Time | Self::Date | Self::TwoInstants => "a date or a point in time",
            Self::Instant => "a point in time",
            Self::Text | Self::Texts => "a text",
            Self::Many => "numbers, amounts of money, dates or points in time",
            _ => "a number or an amount of money",
        }
    }

    /// Whether a value of this type fits as an argument.
    pub fn fits(self, ty: Type) -> bool {
        match self {
            _ if matches!(ty, Type::Unknown | Type::Missing) => true,
            Self::Time | Self::Date | Self::TwoInstants => matches!(ty, Type::Date | Type::Instant),
            Self::Instant => ty == Type::Instant,
            Self::Text | Self::Texts => ty == Type::Text,
            Self::Many => super::is_ordered(ty),
            Self::Inserted | Self::Default | Self::If | Self::Sample => true,
            Self::Amount | Self::Round | Self::Pair | Self::Band | Self::Scale => {
                matches!(ty, Type::Number | Type::Money)
            }
        }
    }
}
