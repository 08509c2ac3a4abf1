//! The cells of exported files, both those of `export` and mail attachments.

use chrono_tz::Tz;

use super::table::{Cell, Heading};
use super::values::health_cell;
use crate::engine::Evaluation;
use crate::export::value_of;
use crate::project::columns::{ColumnSource, ExportColumn};
use crate::store::Client;
use crate::time::date_of_days;
use crate::value::{Truth, Value};

/// Marks a file as UTF-8 for spreadsheets that would otherwise guess.
pub const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The headings of exported columns.
pub fn export_headings(columns: &[ExportColumn]) -> Vec<Heading> {
    let heading = |column: &ExportColumn| Heading::left(&column.name, &column.label);
    columns.iter().map(heading).collect()
}

/// One subject's row; `evaluation` holds what is not stored, and instants are shown in the time zone.
pub fn export_row(
    columns: &[ExportColumn],
    client: &Client,
    evaluation: Option<&Evaluation>,
    zone: Tz,
) -> Vec<Cell> {
    let cell = |column: &ExportColumn| match column.source {
        ColumnSource::Key => Cell::from(&client.score.subject),
        ColumnSource::Label => label_cell(client),
        ColumnSource::Score => Cell::Number(client.score.score, 4),
        ColumnSource::Health => health_cell(client.health.health),
        ColumnSource::Reasons => client.health.reasons.as_deref().into(),
        ColumnSource::Rank => client.score.rank.into(),
        ColumnSource::Segments => Cell::List(client.segments.clone()),
        ColumnSource::EnteredAt => entered_cell(client.entered_at, zone),
        ColumnSource::Output(output) => evaluation.map_or(Cell::Empty, |evaluation| {
            shown(value_of(evaluation, output, &client.score.subject), zone)
        }),
    };
    columns.iter().map(cell).collect()
}

/// Since when a subject has been in a segment: microseconds UTC, shown in the time zone.
pub fn entered_cell(at: Option<i64>, zone: Tz) -> Cell {
    at.map(|at| Cell::Instant(at, zone)).into()
}

/// The label as in the database. Displayed lists, and the stored label, fall back to the key; a file's cell under the
/// column's own name stays empty instead.
fn label_cell(client: &Client) -> Cell {
    match client.score.label == client.score.subject.to_string() {
        true => Cell::Empty,
        false => Cell::Text(client.score.label.clone()),
    }
}

fn shown(value: Value, zone: Tz) -> Cell {
    match value {
        Value::Missing | Value::Truth(Truth::Unknown) => Cell::Empty,
        Value::Number(number) if number.fract() == 0.0 && number.abs() < 9e15 => {
            Cell::Key(number as i64)
        }
        Value::Number(number) => Cell::Number(number, 4),
        Value::Money(money) => Cell::Number(money.to_f64(), 2),
        Value::Text(text) => Cell::Text(text),
        Value::Truth(truth) => {
            Cell::Text(if truth == Truth::Yes { "yes" } else { "no" }.to_string())
        }
        Value::Date(days) => Cell::Date(date_of_days(days)),
        Value::Instant(micros) => Cell::Instant(micros, zone),
    }
}
