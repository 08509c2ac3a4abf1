//! CSV that a spreadsheet can open without running anything in it.

mod guard;

use std::borrow::Cow;
use std::io::Write;

use super::table::{Cell, Heading, Table};
use crate::config::Marks;
use crate::time::moment;

use guard::{guarded, is_signature, names_separator};

/// Writes rows as CSV in a locale's format, one after the other.
///
/// Text that a spreadsheet would take for a formula gets a leading apostrophe. Numbers are left alone, and so are
/// telephone numbers (`+` and then only digits and spaces).
pub struct CsvWriter<W: Write> {
    writer: csv::Writer<W>,
    marks: Marks,
}

impl<W: Write> CsvWriter<W> {
    /// Starts a file with the column labels.
    ///
    /// # Errors
    /// The underlying writer's errors.
    pub fn start(mut out: W, headings: &[Heading], marks: Marks) -> std::io::Result<Self> {
        let labels: Vec<Cow<'_, str>> = headings.iter().map(|h| label(&h.label)).collect();
        let first = labels.first().map_or("", |label| label);
        // A leading quote is always taken for text.
        let style = match is_signature(first) {
            true => csv::QuoteStyle::Always,
            false => csv::QuoteStyle::Necessary,
        };
        let writer = |style| {
            let mut builder = csv::WriterBuilder::new();
            builder.delimiter(marks.delimiter).quote_style(style);
            builder
        };
        let mut head = writer(style).from_writer(&mut out);
        head.write_record(labels.iter().map(|label| label.as_bytes()))
            .map_err(of_the_writer)?;
        head.flush()?;
        drop(head);
        let writer = writer(csv::QuoteStyle::Necessary).from_writer(out);
        Ok(Self { writer, marks })
    }

    /// Writes one row.
    ///
    /// # Errors
    /// The underlying writer's errors.
    pub fn row(&mut self, cells: &[Cell]) -> std::io::Result<()> {
        for cell in cells {
            self.writer
                .write_field(field(cell, &self.marks).as_bytes())
                .map_err(of_the_writer)?;
        }
        self.writer
            .write_record(None::<&[u8]>)
            .map_err(of_the_writer)
    }

    /// The underlying writer, with everything flushed to it.
    ///
    /// # Errors
    /// The underlying writer's errors.
    pub fn written(&mut self) -> std::io::Result<&W> {
        self.writer.flush()?;
        Ok(self.writer.get_ref())
    }

    /// Flushes the rest.
    ///
    /// # Errors
    /// The underlying writer's errors.
    pub fn finish(mut self) -> std::io::Result<()> {
        self.writer.flush()
    }
}

/// The underlying I/O error: its kind distinguishes a closed pipe from a full disk.
fn of_the_writer(error: csv::Error) -> std::io::Error {
    let words = error.to_string();
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        _ => std::io::Error::other(words),
    }
}

/// Writes a whole table as CSV.
///
/// # Errors
/// The underlying writer's errors.
pub fn write_csv(table: &Table, marks: Marks, out: impl Write) -> std::io::Result<()> {
    let mut writer = CsvWriter::start(out, &table.headings, marks)?;
    for row in &table.rows {
        writer.row(row)?;
    }
    writer.finish()
}

/// A heading, guarded like a cell, and not mistaken for a separator declaration.
fn label(text: &str) -> Cow<'_, str> {
    match names_separator(text) {
        true => Cow::Owned(format!("'{text}")),
        false => guarded(text),
    }
}

fn field<'a>(cell: &'a Cell, marks: &Marks) -> Cow<'a, str> {
    match cell {
        Cell::Empty => Cow::Borrowed(""),
        Cell::Text(text) => guarded(text),
        Cell::Integer(number) | Cell::Key(number) => Cow::Owned(number.to_string()),
        Cell::Number(number, decimals) => Cow::Owned(marks.plain(*number, *decimals)),
        Cell::OfFew(cell, ..) => field(cell, marks),
        Cell::Percent(share) => Cow::Owned(marks.plain(*share, 4)),
        Cell::Date(_) | Cell::Instant(..) => Cow::Owned(cell.shown(marks)),
        // For operators and programs: the same in every locale.
        Cell::Moment(micros, zone) => Cow::Owned(moment(*micros, *zone)),
        Cell::List(items) => Cow::Owned(guarded(&items.join("; ")).into_owned()),
    }
}
