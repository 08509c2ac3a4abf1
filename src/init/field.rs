//! What segments may be filtered by: columns of the people's table with a few texts.

use std::collections::BTreeSet;

use super::amount::can_be_written;
use super::data::Guessed;
use super::label::names_somebody;
use super::names::{Names, plain};
use super::tables::Seen;
use super::text::written;
use super::words::{is_among, words};
use crate::catalog::column_type;
use crate::value::ColumnType;

/// Words of columns that nobody filters by, though their texts may be few.
const NONE: &str = "name mail email phone mobile fax address street note notes comment comments password token hash \
    url website image photo title salutation prefix suffix date time at on id key number zip postcode iban";

/// So many different texts can be chosen from.
const FEW: std::ops::RangeInclusive<usize> = 2..=12;
/// The longest of them, in letters.
const LONGEST: usize = 40;
/// So many fields are enough to begin with.
const MOST: usize = 4;

/// A field: its name, what people call it, and the column as conditions write it.
pub(super) struct FieldGuess {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) column: String,
}

/// The first few columns that divide the people into groups, without those that are used otherwise.
pub(super) fn fields(seen: &Seen<'_>, not: &[&String]) -> Vec<FieldGuess> {
    let mut names = Names::beside(std::iter::once(crate::config::SEGMENTS_FIELD));
    let columns = seen.table.columns.iter();
    let telling = columns.filter(|column| {
        let is_plain = column_type(&column.declared) == Some(ColumnType::Text)
            && can_be_written(&column.name)
            && !not.contains(&&column.name);
        is_plain
            && !words(&column.name).iter().any(|word| is_among(NONE, word))
            && !names_somebody(seen, column)
            && is_few(seen, &column.name)
    });
    let fields = telling.take(MOST).map(|column| FieldGuess {
        id: names.take(&plain(&column.name), "field"),
        label: label(&column.name),
        column: written(&column.name),
    });
    fields.collect()
}

/// Whether a column holds a few texts, each of them for several people.
fn is_few(seen: &Seen<'_>, column: &str) -> bool {
    let (all, filled) = (seen.cells(column), seen.filled(column));
    let texts: BTreeSet<&str> = filled.iter().filter_map(|cell| cell.text()).collect();
    FEW.contains(&texts.len())
        && texts.len() * 2 <= filled.len()
        && filled.len() * 5 >= all.len() * 3
        && filled.iter().all(|cell| cell.text().is_some())
        && texts.iter().all(|text| text.chars().count() <= LONGEST)
}

/// `client_type` as `Client type`.
fn label(column: &str) -> String {
    let name = words(column).join(" ");
    let mut letters = name.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}
