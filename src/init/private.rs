//! Columns whose values are nobody's business, by their names: how to reach somebody, where they live, when they were
//! born, what was remarked of them.

use super::amount::can_be_written;
use super::data::Guessed;
use super::tables::Seen;
use super::words::{is_among, words};
use crate::catalog::{TableColumn, column_type};
use crate::engine::OwnedCell;
use crate::value::ColumnType;

/// Words that such a name has.
const PRIVATE: &str = "mail email phone mobile telephone telefon handy fax address street strasse straße adresse note \
    notes notiz notizen comment comments remark remarks memo birth birthday birthdate dob geburtstag geburtsdatum iban \
    ssn passport";

/// Last words of names that tell something about such a value, and not the value.
const ABOUT: &str = "id at count type status state valid verified confirmed sent opened bounced consent optin \
    optout opt in out allowed";

/// The columns of a table that are private, apart from some.
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

/// Whether the name of a column says so.
pub(super) fn is_private(column: &str) -> bool {
    let words = words(column);
    let about = words.last().is_some_and(|word| is_among(ABOUT, word));
    !about && words.iter().any(|word| is_among(PRIVATE, word))
}

/// Whether it holds values, and not answers to a question about them.
fn holds_something(seen: &Seen<'_>, column: &TableColumn) -> bool {
    let is_answer = |cell: &OwnedCell| {
        let text = cell.text().map(str::to_lowercase);
        let answers = "yes no true false y n t f 0 1";
        cell.number()
            .is_some_and(|number| number == 0.0 || number == 1.0)
            || text.is_some_and(|text| is_among(answers, &text))
    };
    let filled = seen.filled(&column.name);
    column_type(&column.declared) != Some(ColumnType::Boolean)
        && (filled.is_empty() || !filled.into_iter().all(is_answer))
}
