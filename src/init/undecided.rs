//! Columns that can be read in two ways, where nothing in the data decides between them.

use super::currency::currencies;
use super::data::Guessed;
use super::private::is_private;
use super::tables::Seen;
use super::text::in_line;
use crate::config::{Locale, marks};
use crate::engine::Looks;
use crate::value::{ColumnType, Notation};

/// A column that can be read in two ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undecided {
    /// Its table.
    pub table: String,
    /// Its name.
    pub column: String,
    /// A description of its values.
    pub words: String,
    /// The readings: how each type interprets the values, and the type.
    pub readings: Vec<(String, ColumnType)>,
    /// What to write in config for each reading.
    remedy: String,
}

impl Undecided {
    /// For a column whose values fit two types; none where they do not.
    pub(super) fn of(seen: &Seen<'_>, column: &str, looks: &Looks) -> Option<Self> {
        (looks.types.len() > 1).then(|| Self {
            table: seen.name.to_owned(),
            column: column.to_owned(),
            words: looks.told(is_private(column)).to_owned(),
            readings: looks.types.clone(),
            remedy: looks.remedy.clone(),
        })
    }

    /// For amounts in several currencies, with the number of rows of each; none where there is only one.
    pub(super) fn of_currencies(seen: &Seen<'_>, column: &str) -> Option<Self> {
        let currencies = currencies(seen, column);
        let marks = marks(Locale::EnUs);
        let counts = currencies
            .iter()
            .map(|(currency, rows)| format!("{currency} in {}", marks.counted(*rows, "row")));
        let counts: Vec<String> = counts.collect();
        (currencies.len() > 1).then(|| Self {
            table: seen.name.to_owned(),
            column: column.to_owned(),
            words: "amounts in several currencies".to_owned(),
            readings: Vec::new(),
            remedy: format!(
                "amounts in different currencies ({}) cannot be added up; convert them, or give each currency a column of its own",
                counts.join(", ")
            ),
        })
    }

    /// For amounts of which some have a decimal point and others a decimal comma, so that no type reads all of them;
    /// none where they do not.
    pub(super) fn of_notations(seen: &Seen<'_>, column: &str) -> Option<Self> {
        let cells = seen.filled(column);
        let texts: Vec<&str> = cells.iter().filter_map(|cell| cell.text()).collect();
        let reads = |notation: Notation, text: &&&str| notation.amount(text).is_some();
        let read_by = |one: Notation, other: Notation| {
            let texts = texts.iter();
            let own = texts.filter(|text| reads(one, text) && !reads(other, text));
            own.copied().collect::<Vec<_>>()
        };
        let points = read_by(Notation::Point, Notation::Comma);
        let commas = read_by(Notation::Comma, Notation::Point);
        let read = texts
            .iter()
            .filter(|text| Notation::ALL.iter().any(|notation| reads(*notation, text)));
        let is_most = read.count() * 10 >= texts.len() * 9;
        let such = |text: &&str| match is_private(column) {
            true => String::new(),
            false => format!(", such as `{text}`"),
        };
        let (point, comma) = points.first().map(such).zip(commas.first().map(such))?;
        is_most.then(|| Self {
            table: seen.name.to_owned(),
            column: column.to_owned(),
            words: "amounts in two notations".to_owned(),
            readings: Vec::new(),
            remedy: format!(
                "{} have a decimal point{point}, {} have a decimal comma{comma}, and no type reads both; write them in one way at the source",
                points.len(),
                commas.len()
            ),
        })
    }

    /// A message that describes the values and says what to write.
    pub(super) fn told(&self) -> String {
        in_line(&format!(
            "{}.{} looks like {}: {}",
            self.table, self.column, self.words, self.remedy
        ))
    }

    /// The remedy, for a remark in config.
    pub(super) fn remark(&self) -> String {
        in_line(&format!("{}: {}", self.column, self.remedy))
    }
}
