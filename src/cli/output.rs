//! Tables on stdout, in the requested format.

use std::io::Write;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, LineStyle, TableStyle};

use super::exit::Failure;
use super::{Format, say};
use crate::config::Locale;
use crate::diagnostic::TerminalText;
use crate::view::{
    Align, Fitted, Marks, Table, fitted, markdown, marks, write_csv, write_json_lines,
};

/// Prints a table.
pub(super) fn print_table(table: &Table, format: Format, locale: Locale) -> Result<(), Failure> {
    let marks = marks(locale);
    match format {
        Format::Table => print_for_people(table, &marks, "`--format csv` has all")?,
        Format::Json => print_json(&table.to_json())?,
        Format::Jsonl => write_json_lines(table, say::json_out())?,
        Format::Csv => write_csv(table, marks, say::csv_out())?,
        Format::Markdown => say::try_out(&TerminalText::lines(&markdown(table, &marks)))?,
    }
    Ok(())
}

/// Prints one of several tables for display.
pub(super) fn print_part(table: &Table, locale: Locale) -> Result<(), Failure> {
    print_for_people(table, &marks(locale), "`--format json` has all")
}

/// Prints a table with the columns chosen by `--columns`.
pub(super) fn print_list(table: &Table, format: Format, locale: Locale) -> Result<(), Failure> {
    match format {
        Format::Table => print_for_people(
            table,
            &marks(locale),
            "`--columns` chooses, `--format csv` has all",
        ),
        _ => print_table(table, format, locale),
    }
}

/// Prints indented JSON with a final newline.
pub(super) fn print_json(json: &serde_json::Value) -> Result<(), Failure> {
    let mut out = say::json_out();
    serde_json::to_writer_pretty(&mut out, json).map_err(std::io::Error::from)?;
    writeln!(out)?;
    Ok(())
}

/// Prints one JSON value, indented or on one line. Rejects `csv`, since it is not a table.
pub(super) fn print_value(
    json: &serde_json::Value,
    what: &str,
    format: Format,
) -> Result<(), Failure> {
    match format {
        Format::Jsonl => writeln!(say::json_out(), "{json}")?,
        Format::Csv | Format::Markdown => return Err(no_csv(what)),
        Format::Json | Format::Table => print_json(json)?,
    }
    Ok(())
}

/// Rejects `csv` and `markdown` for a result that is more than one table.
pub(super) fn no_csv(what: &str) -> Failure {
    Failure::input(format!(
        "{what} is not a table: `--format table`, `--format json` or `--format jsonl`"
    ))
}

/// A line under the headings.
const HEADED: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─'));
/// Lines between rows, if some rows are tall.
const RULED: TableStyle = HEADED.row_separator(LineStyle::none().fill('┈'));
/// The number of lines from which a row is tall.
const MANY: usize = 3;
/// If at most one row in this many is tall, there are no lines between rows.
const FEW: usize = 5;

/// Draws a table at the width of the terminal; in a file it is drawn in full, one row a line, for grep and diff. An
/// empty table prints nothing: its meaning is explained in words.
fn print_for_people(table: &Table, marks: &Marks, others: &str) -> Result<(), Failure> {
    if table.rows.is_empty() {
        return Ok(());
    }
    let mut drawn = comfy_table::Table::new();
    let room = say::out_width();
    let (kept, headings, rows, left_out) = match fitted(table, marks, room) {
        Fitted::Columns {
            kept,
            headings,
            rows,
            left_out,
        } => (kept, headings, rows, left_out),
        Fitted::Blocks(blocks) => {
            let blocks: Vec<String> = blocks.iter().map(|lines| lines.join("\n")).collect();
            return Ok(say::try_out(&TerminalText::lines(&format!(
                "{}\n",
                blocks.join("\n\n")
            )))?);
        }
    };
    let is_tall = |row: &&Vec<String>| row.iter().any(|cell| cell.lines().count() >= MANY);
    let tall = rows.iter().filter(is_tall).count();
    drawn.load_style(match (room, tall > rows.len() / FEW) {
        (None, _) => NOTHING,
        (Some(_), false) => HEADED,
        (Some(_), true) => RULED,
    });
    drawn.set_content_arrangement(ContentArrangement::Disabled);
    drawn.set_header(headings);
    drawn.add_rows(rows);
    for (column, place) in drawn.column_iter_mut().zip(kept) {
        let align = table.headings.get(place).map(|heading| heading.align);
        column.set_cell_alignment(match align {
            Some(Align::Right) => CellAlignment::Right,
            _ => CellAlignment::Left,
        });
    }
    let drawn = drawn.to_string();
    let lines = drawn.lines().map(|line| format!("{}\n", line.trim_end()));
    say::try_out(&TerminalText::lines(&lines.collect::<String>()))?;
    if !left_out.is_empty() {
        let headings = left_out.join(", ");
        say!("left out for want of room: {headings} ({others})");
    }
    Ok(())
}
