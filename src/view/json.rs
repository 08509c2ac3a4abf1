//! Streams rows as JSON: one list, or one object per line.

use std::io::Write;

use super::table::{Cell, Heading, Table, object};

/// The framing of rows in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// One value: a list of all rows, `[]` if there are none.
    List,
    /// One object per line.
    Lines,
}

/// Writes rows as JSON objects; memory does not grow with their number.
pub struct JsonWriter<'a, W: Write> {
    out: W,
    headings: &'a [Heading],
    framing: Framing,
    empty: bool,
}

impl<'a, W: Write> JsonWriter<'a, W> {
    /// Starts a file whose objects have the keys of these headings.
    pub fn new(out: W, headings: &'a [Heading], framing: Framing) -> Self {
        Self {
            out,
            headings,
            framing,
            empty: true,
        }
    }

    /// Writes one row.
    ///
    /// # Errors
    /// The underlying writer's errors.
    pub fn row(&mut self, cells: &[Cell]) -> std::io::Result<()> {
        let before = match (self.framing, self.empty) {
            (Framing::Lines, true) => "",
            (Framing::Lines, false) => "\n",
            (Framing::List, true) => "[\n",
            (Framing::List, false) => ",\n",
        };
        self.empty = false;
        self.out.write_all(before.as_bytes())?;
        serde_json::to_writer(&mut self.out, &object(self.headings, cells))?;
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// The underlying writer's errors.
    pub fn finish(mut self) -> std::io::Result<()> {
        let end = match (self.framing, self.empty) {
            (Framing::Lines, true) => "",
            (Framing::Lines, false) => "\n",
            (Framing::List, true) => "[]\n",
            (Framing::List, false) => "\n]\n",
        };
        self.out.write_all(end.as_bytes())?;
        self.out.flush()
    }
}

/// Writes one JSON object per line.
///
/// # Errors
/// The underlying writer's errors.
pub fn write_json_lines(table: &Table, out: impl Write) -> std::io::Result<()> {
    let mut writer = JsonWriter::new(out, &table.headings, Framing::Lines);
    for row in &table.rows {
        writer.row(row)?;
    }
    writer.finish()
}
