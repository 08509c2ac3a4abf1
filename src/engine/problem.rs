//! Trouble in the data.

use crate::config::{Locale, marks};
use crate::value::{ColumnType, Share};

/// Something in the data that is not as it should be, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What.
    pub kind: ProblemKind,
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// The table whose rows are looked up by that column, where that is what has failed.
    pub leads_to: Option<String>,
    /// As what the column is read, where that makes the trouble.
    pub read_as: Option<ColumnType>,
    /// In how many rows.
    pub count: u64,
    /// Whether there may be more: of collections that share a table, not all rows are remembered that both may have counted.
    pub is_least: bool,
    /// Of how many, where that is to be told.
    pub reach: Option<Reach>,
    /// In how many of them each currency stands, the commonest first, where they are told.
    pub currencies: Vec<(String, u64)>,
    /// One of them, for people, or up to three with different values: `visits row 17: "31.02.2025"`; empty where the column is private.
    pub example: String,
}

/// How many rows had one kind of trouble in one column: a problem without its example.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ProblemCount {
    pub kind: ProblemKind,
    pub table: String,
    pub column: String,
    /// The table whose rows are looked up by that column, where that is what has failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leads_to: Option<String>,
    /// In how many rows.
    pub count: u64,
    /// Whether there may be more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_least: bool,
    /// Of how many, where that is to be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reach: Option<Reach>,
    /// In how many of them each currency stands, the commonest first, where they are told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub currencies: Vec<(String, u64)>,
}

/// How far the keys of rows reach, of which some belong to nobody, or find nothing where they are looked up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Reach {
    /// How many rows there are.
    pub of: u64,
    /// How many of those that belong to nobody, or find nothing, would if keys were matched loosely.
    pub near: u64,
}

impl Reach {
    /// So many are told of that nobody can take them for a few deleted customers.
    const MANY: Share = Share::percent(10);
    /// Fewer are no share of anything.
    const FEW: u64 = 10;

    /// Whether it is to be told of so many orphans: not where they are few and no form would help.
    pub fn is_told(self, orphans: u64) -> bool {
        self.near > 0 || self.is_beyond(orphans, Self::MANY)
    }

    /// Whether so many orphans are more than a share of the rows.
    fn is_beyond(self, orphans: u64, share: Share) -> bool {
        self.of > 0 && orphans >= Self::FEW && share.is_exceeded_by(orphans, self.of)
    }
}

/// The kinds of trouble in data. Their names are stored with runs.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// A row whose subject is not in the subject's table.
    Orphan,
    /// A row that leads to its subject, or to its time, through a row of another table which is not there.
    BrokenLink,
    /// A row that names a row of a looked-up table which is not there: what is looked up is missing.
    Unfound,
    /// A row without a subject's key, or a subject without one.
    NullKey,
    /// A subject's key that is no whole number, where keys are; the row is left out.
    KeyNoNumber,
    /// A subject's key that is no text; the row is left out.
    KeyNoText,
    /// A time that cannot be read; the row is in no aggregate.
    UnreadableTime,
    /// A row without a time; it is in no aggregate.
    MissingTime,
    /// A time before 1990 or more than two years ahead.
    ImplausibleTime,
    /// A value of another type than declared; read as missing.
    Misfit,
    /// No value, in the words of some program, such as `0000-00-00`; read as missing.
    Placeholder,
    /// A whole number beyond 2^53, or money with more than four places: read with a loss.
    Inexact,
    /// An amount in a column of several currencies.
    SeveralCurrencies,
    /// A column whose times come in more than one form.
    MixedTimes,
    /// A subject whose key is the name of the key's column.
    HeadingRow,
    /// A column that subjects are called by and that is gone.
    LostLabel,
    /// A row of a collection, or of a table that is looked up, whose key another row has as well.
    RepeatedKey,
}

impl ProblemKind {
    /// Whether it asks for somebody, however few rows have it: a name or a sum is not what it seems to be.
    pub fn is_urgent(self) -> bool {
        matches!(self, Self::LostLabel | Self::SeveralCurrencies)
    }
}

impl Problem {
    /// One line: what, where, how often, and an example where there may be one.
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

    /// The same without the example, which may name somebody.
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
    /// One line: what, where, how often, and what to do about it where that is plain.
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
            ProblemKind::BrokenLink => {
                let lead = if self.count == 1 { "leads" } else { "lead" };
                match &self.leads_to {
                    Some(table) => format!("{lead} to no row of `{table}`, and {are} left out"),
                    None => format!("{lead} to no row, and {are} left out"),
                }
            }
            ProblemKind::Unfound => {
                let finds = if self.count == 1 { "finds" } else { "find" };
                let table = self.leads_to.as_deref().unwrap_or_default();
                format!("that name a row of `{table}` {finds} none")
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
                format!("{have} what stands for no value, read as missing")
            }
            ProblemKind::Inexact => format!("{have} a value that cannot be kept exactly"),
            ProblemKind::SeveralCurrencies => format!(
                "{have} amounts in several currencies, which cannot be added up{}",
                self.in_currencies()
            ),
            ProblemKind::MixedTimes => format!("{have} a time written in another form than most"),
            ProblemKind::HeadingRow => {
                format!("{have} the name of the column as key, as a row of headings does")
            }
            ProblemKind::LostLabel => {
                format!("{are} called without this column of `label:`, which is gone")
            }
            ProblemKind::RepeatedKey => {
                let (repeat, count) = match self.count {
                    1 => ("repeats", "counts"),
                    _ => ("repeat", "count"),
                };
                format!("{repeat} the key of another row, and {count} as well")
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

    /// How many rows each currency has.
    fn in_currencies(&self) -> String {
        /// More are not named.
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

    /// What stands before counts that may be higher.
    fn least(&self) -> &'static str {
        match self.is_least {
            true => "at least ",
            false => "",
        }
    }

    /// How many rows would belong to somebody in another form, and what config says so.
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
            ": {would} with `match: loose` in {place}, which overlooks capitals, blanks around keys and leading zeros"
        ))
    }
}
