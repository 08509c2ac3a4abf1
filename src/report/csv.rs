//! CSV that a spreadsheet can open without running anything in it.

use std::borrow::Cow;
use std::io::Write;

use super::table::{Cell, Heading, Table};
use crate::config::Marks;

/// Writes rows as CSV in a locale's manner, one after the other.
///
/// Text cells that a spreadsheet would take for a formula get an apostrophe in front; numbers are
/// left alone, and so are telephone numbers (`+` and then only digits and spaces).
pub struct CsvWriter<W: Write> {
    writer: csv::Writer<W>,
    marks: Marks,
}

impl<W: Write> CsvWriter<W> {
    /// Starts a file with the labels of its columns.
    ///
    /// # Errors
    /// The writer's own.
    pub fn start(out: W, headings: &[Heading], marks: Marks) -> std::io::Result<Self> {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(marks.delimiter)
            .from_writer(out);
        writer.write_record(
            headings
                .iter()
                .map(|heading| defused(&heading.label).into_owned()),
        )?;
        Ok(Self { writer, marks })
    }

    /// Writes one row.
    ///
    /// # Errors
    /// The writer's own.
    pub fn row(&mut self, cells: &[Cell]) -> std::io::Result<()> {
        for cell in cells {
            self.writer
                .write_field(field(cell, &self.marks).as_bytes())?;
        }
        self.writer.write_record(None::<&[u8]>)?;
        Ok(())
    }

    /// Writes out what is left.
    ///
    /// # Errors
    /// The writer's own.
    pub fn finish(mut self) -> std::io::Result<()> {
        self.writer.flush()
    }
}

/// Writes a whole table as CSV.
///
/// # Errors
/// The writer's own.
pub fn write_csv(table: &Table, marks: Marks, out: impl Write) -> std::io::Result<()> {
    let mut writer = CsvWriter::start(out, &table.headings, marks)?;
    for row in &table.rows {
        writer.row(row)?;
    }
    writer.finish()
}

fn field<'a>(cell: &'a Cell, marks: &Marks) -> Cow<'a, str> {
    match cell {
        Cell::Empty => Cow::Borrowed(""),
        Cell::Text(text) => defused(text),
        Cell::Integer(number) | Cell::Key(number) => Cow::Owned(number.to_string()),
        Cell::Number(number, decimals) => Cow::Owned(marks.plain(*number, *decimals)),
        Cell::OfFew(cell, ..) => field(cell, marks),
        Cell::Percent(share) => Cow::Owned(marks.plain(*share, 4)),
        Cell::Date(_) | Cell::Instant(..) | Cell::Moment(..) => Cow::Owned(cell.shown(marks)),
        Cell::List(items) => Cow::Owned(defused(&items.join("; ")).into_owned()),
    }
}

/// Guards a text against being read as a formula.
fn defused(text: &str) -> Cow<'_, str> {
    let digits =
        |rest: &str| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit() || c == ' ');
    let telephone = text.strip_prefix('+').is_some_and(digits);
    let number = text.parse::<f64>().is_ok_and(f64::is_finite);
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !telephone && !number {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}
