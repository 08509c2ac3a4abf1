//! How long SQLite takes for the rows that a run has changed, with nothing else to be done.

use std::path::{Path, PathBuf};
use std::time::Instant;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

/// The tables with a row a subject or more.
const TABLES: [&str; 4] = [
    "muster_memberships",
    "muster_movements",
    "muster_scores",
    "muster_health",
];

/// Results as they were before a run, to be compared with what it made of them. The file goes with the value.
pub struct Before(PathBuf);

/// What a run did to the rows of a table.
struct Changes {
    /// Writes one of the new rows.
    insert: String,
    /// Those that are new or other than they were, in the order of their keys.
    new: Vec<Vec<Value>>,
    /// Deletes a row by its key.
    delete: String,
    /// The keys of those that are gone.
    gone: Vec<Vec<Value>>,
}

impl Before {
    /// No results: a first run writes all of its rows.
    pub fn none(results: &Path) -> Self {
        let before = Self(results.with_file_name("rows.db"));
        before.forget();
        before
    }

    /// A copy of results that nobody has open.
    pub fn of(results: &Path) -> Self {
        let before = Self::none(results);
        let checkpoint = "pragma wal_checkpoint(truncate)";
        let connection = Connection::open(results).unwrap();
        connection.query_row(checkpoint, [], |_| Ok(())).unwrap();
        drop(connection);
        std::fs::copy(results, &before.0).unwrap();
        before
    }

    /// Makes of the copy what a run has made of the results, in the order of their keys, by two statements a table that
    /// are prepared once, in one transaction: seconds.
    pub fn write(self, results: &Path) -> f64 {
        let connection = Connection::open(&self.0).unwrap();
        let pragmas = "pragma journal_mode = wal; pragma synchronous = normal";
        connection.execute_batch(pragmas).unwrap();
        let attach = "attach ? as after";
        connection
            .execute(attach, [results.to_str().unwrap()])
            .unwrap();
        let changes = TABLES.map(|table| Changes::of(&connection, table));
        connection.execute_batch("detach after").unwrap();
        let began = Instant::now();
        connection.execute_batch("begin").unwrap();
        for changes in &changes {
            for (sql, rows) in [
                (&changes.delete, &changes.gone),
                (&changes.insert, &changes.new),
            ] {
                let mut statement = connection.prepare(sql).unwrap();
                for row in rows {
                    statement.execute(params_from_iter(row)).unwrap();
                }
            }
        }
        connection.execute_batch("commit").unwrap();
        began.elapsed().as_secs_f64()
    }

    fn forget(&self) {
        for ending in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{ending}", self.0.display()));
        }
    }
}

impl Drop for Before {
    fn drop(&mut self) {
        self.forget();
    }
}

impl Changes {
    /// Compares a table with what it is in the attached results; makes it where there is none yet.
    fn of(connection: &Connection, table: &str) -> Self {
        let schema = "select replace(sql, 'CREATE TABLE', 'create table if not exists')
                      from after.sqlite_schema where name = ?";
        let schema: String = connection
            .query_row(schema, [table], |row| row.get(0))
            .unwrap();
        connection.execute_batch(&schema).unwrap();
        let columns =
            format!("select name from pragma_table_info('{table}') where pk or ? order by cid");
        let columns = |all: bool| -> Vec<String> {
            let mut select = connection.prepare(&columns).unwrap();
            let names = select.query_map([all], |row| row.get(0)).unwrap();
            names.collect::<Result<_, _>>().unwrap()
        };
        let (all, keys) = (columns(true), columns(false));
        let values = vec!["?"; all.len()].join(", ");
        let key = keys.join(", ");
        let is_it = keys.join(" = ? and ");
        let only_in = |one: &str, other: &str, columns: &str| {
            let sql = format!(
                "select {columns} from {one}.{table} except select {columns} from {other}.{table}"
            );
            rows(connection, &sql)
        };
        Self {
            insert: format!("insert or replace into {table} values ({values})"),
            new: only_in("after", "main", &all.join(", ")),
            delete: format!("delete from {table} where {is_it} = ?"),
            gone: only_in("main", "after", &key),
        }
    }
}

fn rows(connection: &Connection, select: &str) -> Vec<Vec<Value>> {
    let mut select = connection.prepare(select).unwrap();
    let columns = select.column_count();
    let row = |row: &rusqlite::Row<'_>| (0..columns).map(|column| row.get(column)).collect();
    let rows = select.query_map([], row).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}
