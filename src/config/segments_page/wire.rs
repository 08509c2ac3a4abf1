//! The keys of the segments page as people write them. The doc comments are shown by editors.

use super::ValueFormat;
pub(in crate::config) use super::value::Switch;
use super::value::{ColumnPath, Counted, Keep, Preset, Share};
use crate::decode::{Condition, Entries, Identifier, List, Several, Text, record};
use crate::source::Scalar;

record! {
    /// What is remembered of earlier runs.
    pub(in crate::config) struct History {
        /// How long runs, movements and values are kept: `400 days` (the default), another length, or `forever`.
        keep: Option<Keep>,
    }
}

record! {
    /// What a segment may be filtered by: `one:` value of each subject, or `any:` of its rows.
    pub(in crate::config) struct Field {
        /// What people call it. Default: its name.
        label: Option<Text>,
        /// The subject's value: an expression, such as a column of its table.
        one: Option<Condition>,
        /// The rows whose values count: a collection, perhaps with a window and a `where`.
        any: Option<Condition>,
        /// With `any:`, the value of a row: an expression over its columns.
        of: Option<Condition>,
        /// With `any:`, the least share of the rows that must have a value, such as `25%`. Default: any row will do.
        share: Option<Share>,
        /// The closed list of its values: a filter by anything else is an error. Default: whatever the data holds.
        values: Option<Several<Text>>,
    }
}

record! {
    /// The values that every segment has: those of a preset, then your own.
    pub(in crate::config) struct Values {
        /// The usual values of a line of business: `orders`, `donations`, `subscriptions` or `visits`.
        preset: Option<Preset>,
        /// Where the preset finds the amounts that were paid.
        money: Option<MoneySource>,
        /// Where the preset finds the amounts that come again and again; the total ARR is theirs.
        recurring: Option<Recurring>,
        /// Values of your own.
        add: Option<List<Added>>,
    }
}

record! {
    /// Amounts that were paid.
    pub(in crate::config) struct MoneySource {
        /// The collection, such as `payments`. Rows with an amount of 0 or less are no orders; those below zero reduce what was paid.
        from: Identifier,
        /// Its column with the amount.
        amount: ColumnPath,
        /// Over which time orders are counted per customer, such as `last 12 months`. Default: all time.
        period: Option<Counted>,
    }
}

record! {
    /// Amounts that come again and again.
    pub(in crate::config) struct Recurring {
        /// The collection, such as `subscriptions`.
        from: Identifier,
        /// Its column with the amount of one invoice.
        amount: ColumnPath,
        /// Its column that tells how often: `weekly`, `monthly`, `quarterly`, `yearly`; other rows do not come again.
        every: ColumnPath,
        /// Which rows still run: a condition over the row's columns. Default: all.
        r#while: Option<Condition>,
    }
}

record! {
    /// A value of your own.
    pub(in crate::config) struct Added {
        /// Its name in the results.
        id: Identifier,
        /// Its heading. Default: the id.
        label: Option<Text>,
        /// What it means, in plain words. Default: its expression.
        description: Option<Text>,
        /// How it is written: `number` (the default), `money`, `percent` or `days`.
        format: Option<ValueFormat>,
        /// An expression; `avg(…)`, `sum(…)` and the like go over the segment's members.
        of: Condition,
    }
}

record! {
    /// What an exported file contains.
    pub(in crate::config) struct Export {
        /// The columns in their order: columns of the subject's table, metrics, `score`, `entered_at`. Default: key, label, score, entered_at.
        columns: Option<Several<Text>>,
        /// Headers of columns that are not to be called as they are.
        labels: Option<Entries<Scalar, Text>>,
        /// Whether files begin with a byte-order mark, which spreadsheets need to read UTF-8. Default: yes.
        bom: Option<Switch>,
    }
}
