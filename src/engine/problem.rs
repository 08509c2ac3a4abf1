//! Problems in the data.

use crate::config::{Locale, marks};
use crate::value::{ColumnType, Share};

/// A kind of problem in one column, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The kind of problem.
    pub kind: ProblemKind,
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// The table in which the column looks up rows, if that lookup failed.
    pub leads_to: Option<String>,
    /// The type that the column is read as, if that causes the problem.
    pub read_as: Option<ColumnType>,
    /// The number of rows that have it.
    pub count: u64,
    /// Whether the count may be too low. If collections share a table, not every row that both may have counted is
    /// remembered.
    pub is_least: bool,
    /// What the count is measured against, if that is reported.
    pub reach: Option<Reach>,
    /// The number of rows in each currency, most frequent first, if they are reported.
    pub currencies: Vec<(String, u64)>,
    /// An example for people, or up to three with different values: `visits row 17: "31.02.2025"`. Empty if the column
    /// is private.
    pub example: String,
}

/// How many rows have one kind of problem in one column: a [`Problem`] without its example.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ProblemCount {
    pub kind: ProblemKind,
    pub table: String,
    pub column: String,
    /// The table in which the column looks up rows, if that lookup failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leads_to: Option<String>,
    /// The number of rows that have it.
    pub count: u64,
    /// Whether the count may be too low.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_least: bool,
    /// What the count is measured against, if that is reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reach: Option<Reach>,
    /// The number of rows in each currency, most frequent first, if they are reported.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub currencies: Vec<(String, u64)>,
}

/// How far the keys of rows reach, of which some belong to nobody, or find nothing where they are looked up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Reach {
    /// The number of rows.
    pub of: u64,
    /// How many of those that belong to nobody, or find nothing, would if keys were matched loosely.
    pub near: u64,
}

impl Reach {
    /// From this share on, orphans are reported: they can no longer be explained by a few deleted customers.
    const MANY: Share = Share::percent(10);
    /// With fewer orphans than this, their share says nothing.
    const FEW: u64 = 10;

    /// Whether this many orphans are reported: always if another form of the key would help, otherwise only if they are
    /// many.
    pub fn is_told(self, orphans: u64) -> bool {
        self.near > 0 || self.is_beyond(orphans, Self::MANY)
    }

    /// Whether this many orphans exceed a share of the rows.
    fn is_beyond(self, orphans: u64, share: Share) -> bool {
        self.of > 0 && orphans >= Self::FEW && share.is_exceeded_by(orphans, self.of)
    }
}

/// The kinds of problems in data. Their names are stored with runs.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// A row whose subject is not in the subject's table.
    Orphan,
    /// A row that should lead to its subject, or to its time, through a row of another table, and that row does not
    /// exist.
    BrokenLink,
    /// A row that names a row of a looked-up table which is not there: what is looked up is missing.
    Unfound,
    /// A row without a subject's key, or a subject without one.
    NullKey,
    /// A subject's key that is not a whole number, though the keys are; the row is left out.
    KeyNoNumber,
    /// A subject's key that is not a text; the row is left out.
    KeyNoText,
    /// A time that cannot be read; the row is in no aggregate.
    UnreadableTime,
    /// A row without a time; it is in no aggregate.
    MissingTime,
    /// A time before 1990 or more than two years ahead.
    ImplausibleTime,
    /// A value of another type than declared; read as missing.
    Misfit,
    /// A placeholder for "no value" that some program writes, such as `0000-00-00`; read as missing.
    Placeholder,
    /// A whole number beyond 2^53, or money with more than four decimal places; read with a loss of precision.
    Inexact,
    /// An amount in a column with several currencies.
    SeveralCurrencies,
    /// A column with times in more than one form.
    MixedTimes,
    /// A subject whose key is the name of the key column.
    HeadingRow,
    /// A label column that no longer exists.
    LostLabel,
    /// A row of a collection, or of a looked-up table, whose key occurs in another row too.
    RepeatedKey,
}

impl ProblemKind {
    /// Whether someone should act on it, however few rows have it: a name or a sum is not what it seems to be.
    pub fn is_urgent(self) -> bool {
        matches!(self, Self::LostLabel | Self::SeveralCurrencies)
    }
}

impl Problem {
    /// One line: what, where, how often, and an example if there is one.
    pub fn words(&self) -> String {
        let counted = self.counted();
        let example = match self.example.as_str() {
            "" => String::new(),
            example => format!(", for example {example}"),
        };
        format!(
            "{}{example}{}",
            counted.sentence(),
            counted.near_words().unwrap_or_default()
        )
    }

    /// The same without the example, which may name a person.
    pub fn summary(&self) -> String {
        self.counted().words()
    }

    /// Whether more than a share of the rows belong to nobody, or find nothing for want of a form. A table that knows few of the
    /// keys, such as one of partners, may be meant so.
    pub fn is_beyond(&self, share: Share) -> bool {
        self.reach.is_some_and(|reach| {
            let doubtful = match self.kind {
                ProblemKind::Unfound => reach.near,
                _ => self.count,
            };
            reach.is_beyond(doubtful, share)
        })
    }

    /// The same as plain data.
    pub fn counted(&self) -> ProblemCount {
        ProblemCount {
            kind: self.kind,
            table: self.table.clone(),
            column: self.column.clone(),
            leads_to: self.leads_to.clone(),
            count: self.count,
            is_least: self.is_least,
            reach: self.reach.filter(|reach| reach.is_told(self.count)),
            currencies: self.currencies.clone(),
        }
    }
}

impl ProblemCount {
    /// One line: what, where, how often, and what to do about it if that is clear.
    pub fn words(&self) -> String {
        let near = self.near_words().unwrap_or_default();
        format!("{}{near}", self.sentence())
    }

    /// What, where and how often.
    fn sentence(&self) -> String {
        let (rows, have, belong, are) = match self.count {
            1 => ("row", "has", "belongs", "is"),
            _ => ("rows", "have", "belong", "are"),
        };
        let what = match self.kind {
            ProblemKind::Orphan => format!("{belong} to nobody in the subject's table"),
            ProblemKind::BrokenLink => match &self.leads_to {
                Some(table) => format!("{have} no matching row in `{table}`, and {are} left out"),
                None => format!("{have} no matching row, and {are} left out"),
            },
            ProblemKind::Unfound => {
                let table = self.leads_to.as_deref().unwrap_or_default();
                format!("that refer to `{table}` {have} no match there")
            }
            ProblemKind::NullKey => match &self.leads_to {
                Some(table) => format!("{have} no key of a row of `{table}`, and {are} left out"),
                None => format!("{have} no key"),
            },
            ProblemKind::KeyNoNumber => {
                format!("{have} a key that is not a whole number, and {are} left out")
            }
            ProblemKind::KeyNoText => format!("{have} a key that is not text, and {are} left out"),
            ProblemKind::UnreadableTime => {
                format!("{have} a time that cannot be read, and {are} left out")
            }
            ProblemKind::MissingTime => format!("{have} no time, and {are} left out"),
            ProblemKind::ImplausibleTime => {
                format!("{have} a time before 1990 or more than two years ahead")
            }
            ProblemKind::Misfit => {
                format!("{have} a value of another type than declared, read as missing")
            }
            ProblemKind::Placeholder => {
                format!("{have} a placeholder instead of a value, read as missing")
            }
            ProblemKind::Inexact => format!("{have} a value that cannot be kept exactly"),
            ProblemKind::SeveralCurrencies => format!(
                "{have} amounts in several currencies, which cannot be added up{}",
                self.in_currencies()
            ),
            ProblemKind::MixedTimes => format!("{have} a time written in another form than most"),
            ProblemKind::HeadingRow => {
                format!("{have} the column's name as key, as a heading row does")
            }
            ProblemKind::LostLabel => {
                format!("{are} named without this column of `label:`, which no longer exists")
            }
            ProblemKind::RepeatedKey => {
                let repeat = if self.count == 1 { "repeats" } else { "repeat" };
                format!("{repeat} the key of another row, and {are} counted too")
            }
        };
        let marks = marks(Locale::EnUs);
        let count = format!("{}{}", self.least(), marks.whole(self.count));
        let (counted, rows) = match self.reach {
            Some(reach) if reach.of > 0 => {
                (format!("{count} of {}", marks.whole(reach.of)), "rows")
            }
            _ => (count, rows),
        };
        format!(
            "{counted} {rows} of `{}` {what} (column `{}`)",
            self.table, self.column
        )
    }

    /// The number of rows in each currency.
    fn in_currencies(&self) -> String {
        /// At most this many currencies are named.
        const MOST: usize = 4;
        let marks = marks(Locale::EnUs);
        let each = self.currencies.iter().take(MOST);
        let each = each.map(|(currency, rows)| format!("{} in `{currency}`", marks.whole(*rows)));
        let mut told: Vec<String> = each.collect();
        if let more @ 1.. = self.currencies.len().saturating_sub(MOST) {
            told.push(format!("and {more} more"));
        }
        match told.is_empty() {
            true => String::new(),
            false => format!(": {}{}", self.least(), told.join(", ")),
        }
    }

    /// The words before a count that may be too low.
    fn least(&self) -> &'static str {
        match self.is_least {
            true => "at least ",
            false => "",
        }
    }

    /// How many rows would belong to a subject if keys had another form, and the config entry that allows it.
    fn near_words(&self) -> Option<String> {
        let near = self
            .reach
            .map(|reach| reach.near)
            .filter(|near| *near > 0)?;
        let marks = marks(Locale::EnUs);
        let would = match (near == self.count, near) {
            (true, 1) => "it would".to_owned(),
            (true, _) => "all of them would".to_owned(),
            _ => format!("{} of them would", marks.whole(near)),
        };
        let would = match self.kind {
            ProblemKind::Unfound => format!("{would} find one"),
            _ => would,
        };
        let place = match &self.leads_to {
            Some(table) => format!("the lookup into `{table}`"),
            None => "`subject:`".to_owned(),
        };
        Some(format!(
            ": {would} with `match: loose` in {place}, which ignores case, blanks around keys and leading zeros"
        ))
    }
}
