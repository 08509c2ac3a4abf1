//! Finds fields to filter segments by: columns of the people's table with few distinct texts.

use std::collections::BTreeSet;

use super::data::Guessed;
use super::label::names_somebody;
use super::lexicon::Terms;
use super::lexicon::keys::KEYS;
use super::lexicon::names::{MAILS, NAMES, PHONES};
use super::lexicon::private::{HOMES, PAPERS, REMARKS};
use super::lexicon::times;
use super::names::{Names, plain};
use super::tables::Seen;
use super::text::{can_be_written, written};
use super::words::{is_among, spelled, words};
use crate::catalog::column_type;
use crate::value::ColumnType;

/// Further words of columns that are unsuitable for filtering, even if they hold few distinct texts.
const NONE: &str = "password token hash url website image photo title salutation anrede prefix suffix zip postcode";

/// How many distinct texts are a sensible choice.
const FEW: std::ops::RangeInclusive<usize> = 2..=12;
/// The longest of these texts, in characters.
const LONGEST: usize = 40;
/// How many fields are enough to start with.
const MOST: usize = 4;

/// A field: its name, its label, and the column as conditions write it.
pub(super) struct FieldGuess {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) column: String,
}

/// The first few columns that divide the people into groups, without those that have another use.
pub(super) fn fields(seen: &Seen<'_>, not: &[&String]) -> Vec<FieldGuess> {
    let mut names = Names::beside(std::iter::once(crate::config::SEGMENTS_FIELD));
    let columns = seen.table.columns.iter();
    let telling = columns.filter(|column| {
        let is_plain = column_type(&column.declared) == Some(ColumnType::Text)
            && can_be_written(&column.name)
            && !not.contains(&&column.name);
        is_plain
            && !is_unfit(&column.name)
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

/// Whether a column's name makes it unsuitable for filtering, even if it holds few distinct texts.
fn is_unfit(column: &str) -> bool {
    const UNFIT: [&Terms; 8] = [
        &NAMES,
        &MAILS,
        &PHONES,
        &HOMES,
        &REMARKS,
        &PAPERS,
        &KEYS,
        &times::PLAIN,
    ];
    let words = words(column);
    UNFIT.iter().any(|terms| terms.are_in(&words)) || words.iter().any(|word| is_among(NONE, word))
}

/// Whether a column holds few distinct texts, each of them for several people.
fn is_few(seen: &Seen<'_>, column: &str) -> bool {
    let (all, filled) = (seen.cells(column), seen.filled(column));
    let texts: BTreeSet<&str> = filled.iter().filter_map(|cell| cell.text()).collect();
    FEW.contains(&texts.len())
        && texts.len() * 2 <= filled.len()
        && filled.len() * 5 >= all.len() * 3
        && filled.iter().all(|cell| cell.text().is_some())
        && texts.iter().all(|text| text.chars().count() <= LONGEST)
}

/// Turns `client_type` into `Client type`.
fn label(column: &str) -> String {
    let name = spelled(column).join(" ");
    let mut letters = name.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}
