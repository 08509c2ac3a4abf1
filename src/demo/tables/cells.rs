//! Values as cells, and cells as tables.

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use chrono_tz::Tz;

use crate::engine::OwnedCell;
use crate::store::TableData;
use crate::time::resolve_local;

/// A table with the declared columns.
pub fn table(name: &str, columns: &[(&str, &str)], rows: Vec<Vec<OwnedCell>>) -> TableData {
    let declared: Vec<String> = columns
        .iter()
        .map(|(column, kind)| format!("  {column} {kind}"))
        .collect();
    TableData {
        name: name.to_owned(),
        sql: format!("create table {name} (\n{}\n)", declared.join(",\n")),
        columns: columns
            .iter()
            .map(|(column, _)| (*column).to_owned())
            .collect(),
        rows,
    }
}

/// The key of the client at an index; keys start at 1.
pub fn client_key(place: usize) -> OwnedCell {
    OwnedCell::Integer(i64::try_from(place).unwrap_or(i64::MAX).saturating_add(1))
}

pub fn text(value: impl Into<String>) -> OwnedCell {
    OwnedCell::Text(value.into().into_bytes().into())
}

/// A boolean, as SQLite stores it.
pub fn truth(value: bool) -> OwnedCell {
    OwnedCell::Integer(i64::from(value))
}

/// An amount from cents.
pub fn money(cents: i64) -> OwnedCell {
    OwnedCell::Real(f64::from(i32::try_from(cents).unwrap_or(0)) / 100.0)
}

/// A date.
pub fn day(value: NaiveDate) -> OwnedCell {
    text(value.to_string())
}

/// Local time, as most booking systems store it.
pub fn moment(value: NaiveDateTime) -> OwnedCell {
    text(value.to_string())
}

/// UTC, as stored by the booking service that keeps the reservations.
pub fn zulu(value: NaiveDateTime) -> String {
    value.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Converts local time to UTC.
pub fn universal(local: NaiveDateTime, zone: Tz) -> NaiveDateTime {
    DateTime::from_timestamp_micros(resolve_local(local, zone))
        .map_or(local, |instant| instant.naive_utc())
}
