//! The tables and their columns.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row};

use crate::catalog::{Schema, Table, TableColumn};

/// `UNIQUE` selects the columns of a table's unique, non-partial indexes; with `ALONE`, only those of single-column
/// indexes.
pub(super) const UNIQUE: &str = "SELECT min(c.name) FROM pragma_index_list(?1) i, pragma_index_info(i.name) c \
                      WHERE i.\"unique\" = 1 AND i.partial = 0";
pub(super) const ALONE: &str = "GROUP BY i.name HAVING count(*) = 1 AND min(c.name) IS NOT NULL";

/// All tables and views, except SQLite's own and those in which an import records its files.
pub(super) fn read(connection: &Connection) -> rusqlite::Result<Schema> {
    let mut names = connection.prepare(
        "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') \
         AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_muster\\_%' ESCAPE '\\'",
    )?;
    let names = names
        .query_map([], |row| named(row, 0))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let mut tables = BTreeMap::new();
    for name in names {
        let table = match read_table(connection, &name) {
            // A view over a missing table has no columns; nothing else is affected.
            Err(error) if !super::open::concerns_whole_database(&error) => Table::default(),
            read => read?,
        };
        tables.insert(name, table);
    }
    Ok(Schema {
        tables,
        ..Schema::default()
    })
}

/// A name. One that is not UTF-8 cannot be referred to, and does not prevent anything else from being read.
fn named(row: &Row<'_>, place: usize) -> rusqlite::Result<String> {
    let bytes = row.get_ref(place)?.as_bytes()?;
    Ok(String::from_utf8_lossy(bytes).into_owned())
}

/// A declared type. One that is not UTF-8 means that the file is damaged.
fn declared(row: &Row<'_>, place: usize) -> rusqlite::Result<String> {
    let bytes = row.get_ref(place)?.as_bytes()?;
    String::from_utf8(bytes.to_vec()).map_err(|_| {
        let damaged = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
        let words = "the type of a column is not text".to_owned();
        rusqlite::Error::SqliteFailure(damaged, Some(words))
    })
}

/// The columns of one table; none where there is no such table.
pub(super) fn read_table(connection: &Connection, name: &str) -> rusqlite::Result<Table> {
    // `hidden` is 1 for the parameters of virtual tables; generated columns are 2 and 3.
    let mut statement = connection.prepare(
        "SELECT name, type, pk, dflt_value FROM pragma_table_xinfo(?1) WHERE hidden <> 1",
    )?;
    let mut rows = statement.query([name])?;
    let mut columns = Vec::new();
    let mut primary_key = Vec::new();
    while let Some(row) = rows.next()? {
        let name = named(row, 0)?;
        let place: u32 = row.get(2)?;
        if place > 0 {
            primary_key.push((place, name.clone()));
        }
        columns.push(TableColumn {
            name,
            declared: declared(row, 1)?,
            // A default that is not text sets no timestamp.
            default: row.get(3).unwrap_or(None),
            unreadable: None,
        });
    }
    primary_key.sort();
    Ok(Table {
        columns,
        primary_key: primary_key.into_iter().map(|(_, name)| name).collect(),
    })
}

/// Whether a column's values are guaranteed to be unique, by the table's key or by an index.
pub(super) fn is_unique(
    connection: &Connection,
    table: &str,
    column: &str,
) -> rusqlite::Result<bool> {
    let is_it = |name: &String| name.eq_ignore_ascii_case(column);
    if let [key] = read_table(connection, table)?.primary_key.as_slice()
        && is_it(key)
    {
        return Ok(true);
    }
    let mut unique = connection.prepare(&format!("{UNIQUE} {ALONE}"))?;
    let unique: Vec<String> = unique
        .query_map([table], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(unique.iter().any(is_it))
}
