//! CSV that a spreadsheet can open without running anything in it.

use std::borrow::Cow;
use std::io::Write;

use super::table::{Cell, Table};

/// Writes a table as CSV: labels first, then the rows.
///
/// Text cells that a spreadsheet would take for a formula get an apostrophe in front; numbers are
/// left alone, and so are telephone numbers (`+` and then only digits and spaces).
///
/// # Errors
/// The writer's own.
pub fn write_csv(table: &Table, out: impl Write) -> std::io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(table.headings.iter().map(|heading| heading.label.as_str()))?;
    for row in &table.rows {
        writer.write_record(row.iter().map(field).map(|text| text.into_owned()))?;
    }
    writer.flush()
}

fn field(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Empty => Cow::Borrowed(""),
        Cell::Text(text) => defused(text),
        Cell::Integer(number) | Cell::Key(number) => Cow::Owned(number.to_string()),
        Cell::Number(number, decimals) => Cow::Owned(format!("{number:.decimals$}")),
        Cell::List(items) => Cow::Owned(defused(&items.join("; ")).into_owned()),
    }
}

/// Guards a text against being read as a formula.
fn defused(text: &str) -> Cow<'_, str> {
    let telephone = text.strip_prefix('+').is_some_and(|rest| {
        !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit() || c == ' ')
    });
    let number = text.parse::<f64>().is_ok_and(f64::is_finite);
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !telephone && !number {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}
