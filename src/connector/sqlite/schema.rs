//! What tables there are, and what columns they have.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row};

use crate::catalog::{Schema, Table, TableColumn};

/// The columns of the unique indexes of a table, without those over some of the rows, and those of one column alone.
pub(super) const UNIQUE: &str = "SELECT min(c.name) FROM pragma_index_list(?1) i, pragma_index_info(i.name) c \
                      WHERE i.\"unique\" = 1 AND i.partial = 0";
pub(super) const ALONE: &str = "GROUP BY i.name HAVING count(*) = 1 AND min(c.name) IS NOT NULL";

/// All tables and views, apart from SQLite's own and from what an import records of its files.
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
            // A view over something that is gone has no columns; nothing else suffers.
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

/// A name. One that is not UTF-8 can be named nowhere, and keeps nothing else from being read.
fn named(row: &Row<'_>, place: usize) -> rusqlite::Result<String> {
    let bytes = row.get_ref(place)?.as_bytes()?;
    Ok(String::from_utf8_lossy(bytes).into_owned())
}

/// A declared type. One that is not UTF-8 is no type of anybody's, but damage.
fn declared(row: &Row<'_>, place: usize) -> rusqlite::Result<String> {
    let bytes = row.get_ref(place)?.as_bytes()?;
    String::from_utf8(bytes.to_vec()).map_err(|_| {
        let damaged = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
        let words = "the type of a column is no text".to_owned();
        rusqlite::Error::SqliteFailure(damaged, Some(words))
    })
}

/// One table's columns; none where there is no such table.
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
            // One that is no text stamps nothing.
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

/// Whether no two rows of a table can have the same in a column, by its key or the word of an index.
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
