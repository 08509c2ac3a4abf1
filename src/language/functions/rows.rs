//! Functions over the rows of one subject.

use super::{Entry, is_ordered};
use crate::language::typed::{Measure, Typed};
use crate::value::Type;

/// A function over the rows of a collection.
pub(in crate::language) struct OverRows {
    pub entry: Entry,
    /// Its argument.
    pub of: Of,
}

/// The argument of a function over rows.
pub(in crate::language) enum Of {
    /// Rows: the measure and its type. After `distinct`, a field has another measure of the same type.
    Rows(Measure, Type, Option<fn(Typed) -> Measure>),
    /// Rows from which it picks one; the field comes after the call.
    Row(fn(Typed) -> Measure),
    /// A field of a type that fits.
    Field(fn(Type) -> bool, fn(Typed) -> Measure),
    /// A literal share, and a field of numbers or money; the share is passed in billionths.
    Share(fn(Typed, u32) -> Measure),
}

/// Whether the function with this name takes a share before the field.
pub(in crate::language) fn takes_share(name: &str) -> bool {
    over_rows(name).is_some_and(|function| matches!(function.of, Of::Share(_)))
}

/// The function with this name.
pub(in crate::language) fn over_rows(name: &str) -> Option<&'static OverRows> {
    ALL.iter().find(|function| function.entry.name == name)
}

/// A function's name, its calls, its result, and its result for no rows; then an example, and its argument.
macro_rules! functions {
    ($($name:literal [$($call:literal),+] $meaning:literal, $none:literal, $example:literal, $of:expr;)*) => {
        pub(super) static ALL: &[OverRows] = &[$(OverRows {
            entry: Entry {
                name: $name,
                signatures: &[$($call),+],
                meaning: $meaning,
                of_no_rows: Some($none),
                example: $example,
            },
            of: $of,
        },)*];
    };
}

functions! {
    "count" ["count(C)", "count(distinct F)"] "how many rows; how many different values", "0",
        "count(visits in last 30 days)",
        Of::Rows(Measure::Count, Type::Number, Some(Measure::CountDistinct));
    "exists" ["exists(C)"] "whether there is any row", "no", "exists(visits in last 30 days)",
        Of::Rows(Measure::Exists, Type::Truth, None);
    "sum" ["sum(F)"] "the sum", "0", "sum(payments.amount)",
        Of::Field(is_summable, Measure::Sum);
    "avg" ["avg(F)"] "the average", "missing", "avg(payments.amount)",
        Of::Field(is_summable, Measure::Avg);
    "min" ["min(F)"] "the smallest", "missing", "min(payments.amount)",
        Of::Field(is_ordered, Measure::Min);
    "max" ["max(F)"] "the largest", "missing", "max(payments.amount)",
        Of::Field(is_ordered, Measure::Max);
    "median" ["median(F)"] "the value in the middle, linear between two", "missing", "median(payments.amount)",
        Of::Field(is_summable, |field| Measure::Quantile(field, 500_000_000));
    "quantile" ["quantile(90%, F)"] "the value that 90% of the rows are at or below, linear between two", "missing",
        "quantile(90%, payments.amount)", Of::Share(Measure::Quantile);
    "stddev" ["stddev(F)"] "the standard deviation of a sample (by n − 1); missing for a single row", "missing",
        "stddev(payments.amount)", Of::Field(is_summable, Measure::Stddev);
    "first" ["first(C).field"] "a field of the earliest row", "missing", "first(visits).at",
        Of::Row(Measure::First);
    "last" ["last(C).field"] "a field of the latest row", "missing", "last(visits).at",
        Of::Row(Measure::Last);
}

/// Whether values of a type can be added.
pub(in crate::language) fn is_summable(ty: Type) -> bool {
    matches!(ty, Type::Number | Type::Money | Type::Unknown)
}
