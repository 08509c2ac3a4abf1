//! Tables on stdout, in the format asked for.

use std::io::{IsTerminal, Write};

use comfy_table::presets::{NOTHING, UTF8_HORIZONTAL_ONLY};
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement};

use super::Format;
use super::exit::Failure;
use crate::config::Locale;
use crate::report::{Align, Cell, Marks, Table, marks, write_csv, write_json_lines};

/// Prints a table.
pub(super) fn print_table(table: &Table, format: Format, locale: Locale) -> Result<(), Failure> {
    let marks = marks(locale);
    let out = std::io::stdout().lock();
    match format {
        Format::Table => print_for_people(table, &marks, out)?,
        Format::Json => print_json(&table.to_json())?,
        Format::Jsonl => write_json_lines(table, out)?,
        Format::Csv => write_csv(table, marks, out)?,
    }
    Ok(())
}

/// Prints JSON, indented, with a line end.
pub(super) fn print_json(json: &serde_json::Value) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, json).map_err(std::io::Error::from)?;
    writeln!(out)?;
    Ok(())
}

/// Prints one JSON value for programs: indented, or on one line. Refuses what is no table as `csv`.
pub(super) fn print_value(
    json: &serde_json::Value,
    what: &str,
    format: Format,
) -> Result<(), Failure> {
    match format {
        Format::Jsonl => say!("{json}"),
        Format::Csv => return Err(no_csv(what)),
        Format::Json | Format::Table => print_json(json)?,
    }
    Ok(())
}

/// Refuses `csv` for a result that is more than one table.
pub(super) fn no_csv(what: &str) -> Failure {
    Failure::input(format!(
        "{what} is no table: `--format table`, `--format json` or `--format jsonl`"
    ))
}

/// How wide a line of the terminal on stdout is; none where stdout is none.
pub(super) fn width() -> Option<usize> {
    comfy_table::Table::new().width().map(usize::from)
}

/// True where colour is welcome on a stream: a terminal, and no `NO_COLOR`.
pub(super) fn colour(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

fn print_for_people(
    table: &Table,
    marks: &Marks,
    mut out: impl Write + IsTerminal,
) -> Result<(), Failure> {
    let mut shown = comfy_table::Table::new();
    let wide = !out.is_terminal();
    shown.load_style(if wide { NOTHING } else { UTF8_HORIZONTAL_ONLY });
    // A pipe has no width: rows stay whole, one a line, for grep and diff.
    shown.set_content_arrangement(if wide {
        ContentArrangement::Disabled
    } else {
        ContentArrangement::Dynamic
    });
    shown.set_header(table.headings.iter().map(|heading| heading.label.as_str()));
    for row in &table.rows {
        shown.add_row(row.iter().map(|cell| printable(&cell.shown(marks))));
    }
    for (place, (column, heading)) in shown.column_iter_mut().zip(&table.headings).enumerate() {
        // On a narrow terminal an instant stays on one line.
        let mut cells = table.rows.iter().filter_map(|row| row.get(place));
        if cells.any(|cell| matches!(cell, Cell::Moment(..))) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
        column.set_cell_alignment(match heading.align {
            Align::Left => CellAlignment::Left,
            Align::Right => CellAlignment::Right,
        });
    }
    for line in shown.to_string().lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Text from a database as one line without control characters, which could drive the terminal.
pub(super) fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}
