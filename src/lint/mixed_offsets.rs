//! Columns in which some times give their offset from UTC and others do not: the latter are read in the time zone of the business.

use std::collections::BTreeSet;

use super::columns::columns;
use super::compared::MAX_ROWS;
use super::{Compiled, Look};
use crate::config::{Locale, marks};
use crate::diagnostic::{Code, Finding};
use crate::engine::{Cell, EngineError, read_cell};
use crate::source::types_entry;
use crate::time::is_utc;
use crate::value::{ColumnType, Value};

/// Warns of each column of times that is read and holds both, if config does not say in which zone the others are.
pub(super) fn find(compiled: &Compiled<'_>, look: &Look<'_>) -> Result<Vec<Finding>, EngineError> {
    let zone = compiled.config.timezone;
    if look.beside_a_run || is_utc(zone) {
        return Ok(Vec::new());
    }
    let mut told = BTreeSet::new();
    let mut columns = columns(compiled);
    columns.retain(|column| {
        let is_open = matches!(
            column.ty,
            ColumnType::Instant | ColumnType::InstantAs(_, None)
        );
        is_open && column.is_read && told.insert((column.table, column.name))
    });
    if columns.is_empty() {
        return Ok(Vec::new());
    }
    let snapshot = look.connector.snapshot()?;
    let mut findings = Vec::new();
    for column in columns {
        let cells = snapshot.values(column.table, column.name, MAX_ROWS);
        let cells = cells.unwrap_or_default();
        let is_read = |text: &&str| {
            let cell = Cell::Text(text.as_bytes());
            has_clock(text) && read_cell(cell, column.ty, zone) != Value::Missing
        };
        let texts = cells.iter().filter_map(|cell| cell.as_str());
        let (with, without): (Vec<&str>, Vec<&str>) =
            texts.filter(is_read).partition(|text| tells_offset(text));
        let (Some(first), Some(other)) = (with.first(), without.first()) else {
            continue;
        };
        let marks = marks(Locale::EnUs);
        let example = match compiled.catalog.is_private(column.table, column.name) {
            true => String::new(),
            false => format!(", for example `{}` beside `{}`", first.trim(), other.trim()),
        };
        let message = format!(
            "`{}.{}` has times with their offset from UTC in {} and without one, which are read in {zone}, in {}{example}",
            column.table,
            column.name,
            marks.counted(with.len(), "row"),
            marks.counted(without.len(), "row"),
        );
        let types = types_entry(column.name, &column.ty.in_zone(chrono_tz::UTC).to_string());
        let help = format!(
            "if those are in UTC as well, say so by `{types}`; if they are of another zone, name it there in place of UTC"
        );
        let finding = Finding::new(Code::MisreadColumn, message);
        findings.push(finding.at(column.told.unwrap_or(column.place)).help(help));
    }
    Ok(findings)
}

/// Whether a text has a time of day: a date alone is the same everywhere.
fn has_clock(text: &str) -> bool {
    text.contains(':')
}

/// Whether a time ends in its offset: `Z`, `+02:00`.
fn tells_offset(text: &str) -> bool {
    let clock = text.split_once(':').map_or("", |(_, behind)| behind.trim());
    clock.ends_with(['Z', 'z']) || clock.contains(['+', '-'])
}
