//! Finds private columns by their names: contact data, addresses, birthdays and remarks about people.

use super::data::Guessed;
use super::lexicon::Terms;
use super::lexicon::names::{BIRTHDAYS, MAILS, PHONES};
use super::lexicon::private::{ABOUT, HOMES, NO, PAPERS, REMARKS, YES};
use super::tables::Seen;
use super::text::can_be_written;
use super::words::words;
use crate::catalog::{TableColumn, column_type};
use crate::engine::OwnedCell;
use crate::value::ColumnType;

/// The private columns of a table, except for those in `not`.
pub(super) fn private(seen: &Seen<'_>, not: &[&String]) -> Vec<String> {
    let columns = seen.table.columns.iter();
    let columns = columns.filter(|column| {
        !not.contains(&&column.name)
            && can_be_written(&column.name)
            && is_private(&column.name)
            && holds_something(seen, column)
    });
    columns.map(|column| column.name.clone()).collect()
}

/// Whether the name of a column suggests that it is private.
pub(super) fn is_private(column: &str) -> bool {
    /// What such names are about.
    const PRIVATE: [&Terms; 6] = [&MAILS, &PHONES, &BIRTHDAYS, &HOMES, &REMARKS, &PAPERS];
    let words = words(column);
    let first_and_last = [words.first(), words.last()];
    let is_about = first_and_last
        .into_iter()
        .flatten()
        .any(|word| ABOUT.has(word));
    !is_about && PRIVATE.iter().any(|terms| terms.are_in(&words))
}

/// Whether it holds values, rather than answers to a yes-no question about them.
fn holds_something(seen: &Seen<'_>, column: &TableColumn) -> bool {
    let is_answer = |cell: &OwnedCell| {
        cell.number()
            .is_some_and(|number| number == 0.0 || number == 1.0)
            || cell
                .text()
                .is_some_and(|text| YES.has(text) || NO.has(text))
    };
    let filled = seen.filled(&column.name);
    column_type(&column.declared) != Some(ColumnType::Boolean)
        && (filled.is_empty() || !filled.into_iter().all(is_answer))
}
