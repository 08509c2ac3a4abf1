//! Quick looks at a table, apart from gathering.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::ops::{ControlFlow, Range, RangeInclusive};

use rusqlite::{Connection, OptionalExtension, Result, Row};

use super::build::files_of;
use super::schema::{ALONE, UNIQUE};
use super::tables::column;
use crate::connector::{TableProfile, is_one_of};
use crate::engine::{Cell, OwnedCell, whole_number};
use crate::sql::quoted;

/// See [`crate::connector::Snapshot::has_key`].
pub(super) fn has_key(db: &Connection, table: &str, key_column: &str, key: &str) -> Result<bool> {
    let (table, column) = (quoted(table), column(key_column));
    // The plus sign removes the column's affinity, which would make SQLite treat `007` as 7.
    let sql = format!("SELECT EXISTS (SELECT 1 FROM {table} t WHERE +{column} IN (?1, ?2))");
    let number = whole_number(key);
    db.query_row(&sql, (key, number), |row| row.get(0))
}

/// See [`crate::connector::Snapshot::rows_with`].
pub(super) fn rows_with(
    db: &Connection,
    table: &str,
    columns: &[&str],
    key_column: &str,
    keys: &HashSet<&str>,
) -> Result<Vec<Vec<OwnedCell>>> {
    let names = std::iter::once(&key_column).chain(columns);
    let names: Vec<String> = names.map(|name| column(name)).collect();
    let (names, table) = (names.join(", "), quoted(table));
    let mut statement = db.prepare(&format!("SELECT {names} FROM {table} AS t"))?;
    let mut found = statement.query([])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        if is_one_of(row.get_ref(0)?.into(), keys) {
            rows.push(cells(row, 1..columns.len() + 1)?);
        }
    }
    Ok(rows)
}

/// See [`crate::connector::Snapshot::row_count`].
pub(super) fn row_count(db: &Connection, table: &str, most: u32) -> Result<u32> {
    let name = quoted(table);
    let counted = match is_table(db, table)? {
        true => ids(db, &name).and_then(|ids| counted(db, &name, &ids, most)),
        false => None,
    };
    if let Some(rows) = counted {
        return Ok(rows);
    }
    let sql = format!("SELECT count(*) FROM (SELECT 1 FROM {name} LIMIT ?1)");
    db.query_row(&sql, [most], |row| row.get(0))
}

/// The range of a table's row ids, with or without gaps; none where it has no ids or no rows.
fn ids(db: &Connection, quoted: &str) -> Option<RangeInclusive<i64>> {
    let sql = format!(
        "SELECT (SELECT min(t._rowid_) FROM {quoted} AS t), (SELECT max(t._rowid_) FROM {quoted} AS t)"
    );
    let ends: (Option<i64>, Option<i64>) = db
        .query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .ok()?;
    Some(ends.0?..=ends.1?)
}

/// The number of rows of a table; none where there may be more than `most`. SQLite counts a whole table by its pages.
fn counted(db: &Connection, quoted: &str, ids: &RangeInclusive<i64>, most: u32) -> Option<u32> {
    let span = ids.end().checked_sub(*ids.start())?;
    let is_small = span < i64::from(most);
    let sql = format!("SELECT count(*) FROM {quoted}");
    is_small.then(|| db.query_row(&sql, [], |row| row.get(0)).ok())?
}

/// See [`crate::connector::Snapshot::distinct_texts`].
pub(super) fn distinct_texts(
    db: &Connection,
    table: &str,
    text: &str,
    most: usize,
    rows: usize,
) -> Result<Option<BTreeSet<String>>> {
    if !is_table(db, table)? {
        return Ok(None);
    }
    let (table, column) = (quoted(table), column(text));
    let beyond = format!("SELECT EXISTS (SELECT 1 FROM {table} LIMIT 1 OFFSET {rows})");
    if db.query_row(&beyond, [], |row| row.get(0))? {
        return Ok(None);
    }
    // Texts are compared as rules compare them, whatever the column's own collation is.
    let sql = format!(
        "SELECT DISTINCT {column} COLLATE BINARY FROM {table} t \
         WHERE {column} IS NOT NULL AND {column} <> ''"
    );
    let mut statement = db.prepare(&sql)?;
    let mut found = statement.query([])?;
    let mut texts = BTreeSet::new();
    while let Some(row) = found.next()? {
        texts.extend(Cell::from(row.get_ref(0)?).text().map(Cow::into_owned));
        if texts.len() > most {
            return Ok(None);
        }
    }
    Ok(Some(texts))
}

/// See [`crate::connector::Snapshot::first_rows`].
pub(super) fn first_rows(
    db: &Connection,
    table: &str,
    columns: &[&str],
    rows: u32,
) -> Result<Vec<Vec<OwnedCell>>> {
    match is_table(db, table)? {
        true => sample(db, table, columns, rows, 1),
        false => Ok(Vec::new()),
    }
}

/// See [`crate::connector::Snapshot::sample`].
pub(super) fn sample(
    db: &Connection,
    table: &str,
    columns: &[&str],
    rows: u32,
    step: u64,
) -> Result<Vec<Vec<OwnedCell>>> {
    let names: Vec<String> = columns.iter().map(|name| column(name)).collect();
    let names = names.join(", ");
    let cells = |row: &Row<'_>| cells(row, 0..columns.len());
    let quoted = quoted(table);
    let ids = match step > 1 && is_table(db, table)? {
        true => every_id(db, &quoted, rows, step),
        false => None,
    };
    let mut sampled = Vec::new();
    if let Some(ids) = ids {
        let mut statement = db.prepare(&format!(
            "SELECT {names} FROM {quoted} AS t WHERE t._rowid_ = ?1"
        ))?;
        for id in ids {
            sampled.extend(statement.query_row([id], cells).optional()?);
        }
        return Ok(sampled);
    }
    let mut statement = db.prepare(&format!("SELECT {names} FROM {quoted} AS t LIMIT {rows}"))?;
    let mut found = statement.query([])?;
    let mut place = 0;
    while let Some(row) = found.next()? {
        if place % step.max(1) == 0 {
            sampled.push(cells(row)?);
        }
        place += 1;
    }
    Ok(sampled)
}

/// See [`crate::connector::Snapshot::each_value`].
pub(super) fn each_value(
    db: &Connection,
    (table, name): (&str, &str),
    rows: u32,
    see: &mut dyn FnMut(Cell<'_>) -> ControlFlow<()>,
) -> Result<()> {
    let (table, column) = (quoted(table), column(name));
    let mut statement = db.prepare(&format!("SELECT {column} FROM {table} AS t LIMIT {rows}"))?;
    let mut found = statement.query([])?;
    while let Some(row) = found.next()? {
        if see(row.get_ref(0)?.into()).is_break() {
            break;
        }
    }
    Ok(())
}

fn cells(row: &Row<'_>, places: Range<usize>) -> Result<Vec<OwnedCell>> {
    let cells = places.map(|place| Ok(Cell::from(row.get_ref(place)?).into()));
    cells.collect()
}

/// The id of every `step`th row of a table, found without reading its other columns; none where it has no ids.
fn every_id(db: &Connection, quoted: &str, rows: u32, step: u64) -> Option<Vec<i64>> {
    let all = ids(db, quoted)?;
    // Without gaps, the ids can be calculated.
    if let Some(count) = counted(db, quoted, &all, rows)
        && all.end() - all.start() + 1 == i64::from(count)
    {
        return Some(all.step_by(usize::try_from(step).ok()?).collect());
    }
    let sql = format!("SELECT t._rowid_ FROM {quoted} AS t NOT INDEXED LIMIT {rows}");
    let mut statement = db.prepare(&sql).ok()?;
    let mut found = statement.query([]).ok()?;
    let (mut ids, mut place) = (Vec::new(), 0);
    while let Some(row) = found.next().ok()? {
        if place % step == 0 {
            ids.push(row.get(0).ok()?);
        }
        place += 1;
    }
    Some(ids)
}

/// See [`crate::connector::Snapshot::profile`].
pub(super) fn profile(db: &Connection, table: &str, most: u32) -> Result<Option<TableProfile>> {
    let kind = "SELECT l.type, s.sql FROM pragma_table_list l JOIN sqlite_schema s ON s.name = l.name \
                WHERE l.schema = 'main' AND l.name = ?1";
    let (kind, definition): (String, String) =
        db.query_row(kind, [table], |row| Ok((row.get(0)?, row.get(1)?)))?;
    // The parts of a search index are not the user's tables.
    if !["table", "view"].contains(&kind.as_str()) {
        return Ok(None);
    }
    let unique = format!("{UNIQUE} AND i.origin <> 'pk' {ALONE}");
    let references = "SELECT \"from\", \"table\" FROM pragma_foreign_key_list(?1) GROUP BY id HAVING count(*) = 1 ORDER BY id DESC";
    let mut unique = db.prepare(&unique)?;
    let mut references = db.prepare(references)?;
    Ok(Some(TableProfile {
        rows: u64::from(row_count(db, table, most)?),
        view: (kind == "view").then_some(definition),
        unique: unique
            .query_map([table], |row| row.get(0))?
            .collect::<Result<_>>()?,
        parted_by: Vec::new(),
        references: references
            .query_map([table], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_>>()?,
        files: files_of(db, table)?,
    }))
}

/// Whether a name belongs to a table rather than a view.
fn is_table(db: &Connection, name: &str) -> Result<bool> {
    let kind = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1 COLLATE NOCASE)";
    db.query_row(kind, [name], |row| row.get(0))
}
