//! Timestamps that SQLite sets itself, in UTC and without an offset, and that config reads in another time zone.

use std::collections::HashSet;

use super::Compiled;
use super::columns::{DataColumn, columns};
use crate::catalog::{Schema, Stamp};
use crate::diagnostic::{Code, Finding};
use crate::time::is_utc;
use crate::value::ColumnType;

/// Columns with such timestamps that the rules read, or that place rows in time.
pub(super) fn find(compiled: &Compiled<'_>, schema: &Schema) -> Vec<Finding> {
    let zone = compiled.config.timezone;
    if is_utc(zone) {
        return Vec::new();
    }
    let columns = columns(compiled);
    let mut told = HashSet::new();
    let stamped = columns.iter().filter(|column| column.is_read);
    let stamped = stamped.filter_map(|column| {
        let default = default(schema, column)?;
        let stamp = match (Stamp::of(default)?, column.ty) {
            (stamp, ColumnType::Instant) => stamp,
            // If config itself declares the column a date, its day is taken as it stands.
            (stamp, ColumnType::Date) if column.told.is_none() => stamp,
            _ => return None,
        };
        let is_new = told.insert((
            column.table.to_ascii_lowercase(),
            column.name.to_ascii_lowercase(),
        ));
        (is_new || column.is_time).then(|| finding(column, default, stamp, zone))
    });
    stamped.collect()
}

/// The expression that fills a column by default.
fn default<'a>(schema: &'a Schema, column: &DataColumn<'_>) -> Option<&'a str> {
    let (_, table) = schema.table(column.table)?;
    let mut columns = table.columns.iter();
    let declared = columns.find(|declared| declared.name == column.name)?;
    declared.default.as_deref()
}

fn finding(column: &DataColumn<'_>, default: &str, stamp: Stamp, zone: chrono_tz::Tz) -> Finding {
    let DataColumn {
        table, name, ty, ..
    } = column;
    let default = default.split_whitespace().collect::<Vec<_>>().join(" ");
    let what = match ty {
        ColumnType::Date => "date",
        _ => "time",
    };
    let message = format!(
        "SQLite stamps `{table}.{name}` in UTC (`DEFAULT {default}`), and it is read as a {what} of {zone}"
    );
    let of = match column.of {
        None => "the subject".to_owned(),
        Some(of) => format!("`{of}`"),
    };
    let help = match (stamp, ty) {
        (Stamp::Day, ColumnType::Date) => format!(
            "in the hours between, that day differs from the one in {zone}; keep the time as well, or write \
             `types: {{ {name}: date }}` for {of} if the day of UTC will do"
        ),
        (Stamp::Day, _) => format!(
            "in the hours between, that day differs from the one in {zone}: keep the time as well \
             (`DEFAULT CURRENT_TIMESTAMP`), and write `types: {{ {name}: utc }}` for {of}"
        ),
        (Stamp::Time, _) => format!(
            "write `types: {{ {name}: utc }}` for {of}; where programs always write the business's own time \
             instead, take the default away"
        ),
    };
    Finding::new(Code::UtcDefault, message)
        .at(column.place)
        .help(help)
}
