//! The statements that the server is sent.

use super::tables::{KEY, MARKER, TABLES, Table};
use crate::config::Server;
use crate::sql::{literal, quoted};

/// The schema, unless config names another.
const SCHEMA: &str = "muster";

/// The schema that is written.
#[derive(Debug)]
pub(super) struct Target {
    schema: String,
}

/// Where the rows of the results file wait: a temporary table.
pub(super) fn staged(table: &Table) -> String {
    format!("pg_temp.{}", quoted(&format!("staged_{}", table.name)))
}

impl Target {
    /// The schema that config names for a server.
    pub(super) fn new(server: &Server) -> Self {
        let schema = server.schema.as_deref().unwrap_or(SCHEMA);
        Self {
            schema: schema.replace('\0', "\u{fffd}"),
        }
    }

    fn name(&self, table: &str) -> String {
        format!("{}.{}", quoted(&self.schema), quoted(table))
    }

    /// Waits until nobody else writes this schema.
    pub(super) fn lock(&self) -> String {
        let name = literal(&format!("muster {}", self.schema));
        format!("SELECT pg_advisory_xact_lock(hashtextextended({name}, 0))")
    }

    /// Finds a row where the table is there.
    pub(super) fn find(&self, table: &str) -> String {
        let name = literal(&self.name(table));
        format!("SELECT 1 WHERE to_regclass({name}) IS NOT NULL")
    }

    /// Finds a row where the schema is there.
    pub(super) fn has_schema(&self) -> String {
        let name = literal(&self.schema);
        format!("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = {name}")
    }

    /// Finds the type of the subjects' keys.
    pub(super) fn key_type(&self) -> String {
        let table = literal(&self.name("memberships"));
        format!(
            "SELECT atttypid::regtype FROM pg_catalog.pg_attribute
             WHERE attrelid = to_regclass({table}) AND attname = 'subject_key'"
        )
    }

    /// Removes all tables.
    pub(super) fn drop_all(&self) -> String {
        let tables = TABLES.iter().map(|table| table.name).chain([MARKER]);
        let names: Vec<_> = tables.map(|table| self.name(table)).collect();
        format!("DROP TABLE {}", names.join(", "))
    }

    /// Makes all tables.
    pub(super) fn create(&self, has_schema: bool, key_type: &str) -> String {
        let mut sql = match has_schema {
            true => String::new(),
            false => format!("CREATE SCHEMA {};\n", quoted(&self.schema)),
        };
        for table in &TABLES {
            let columns = table.columns.iter().map(|(name, kind)| {
                let kind = if *kind == KEY { key_type } else { kind };
                format!("{} {kind}", quoted(name))
            });
            let columns: Vec<_> = columns.collect();
            let keys: Vec<_> = keys(table).map(quoted).collect();
            sql += &format!(
                "CREATE TABLE {} ({}, PRIMARY KEY ({}));\n",
                self.name(table.name),
                columns.join(", "),
                keys.join(", ")
            );
        }
        let marker = self.name(MARKER);
        sql + &format!(
            "CREATE TABLE {marker} (run_id bigint NOT NULL, published_at timestamptz NOT NULL)"
        )
    }

    pub(super) fn stage(&self, table: &Table) -> String {
        let columns: Vec<_> = table.names().into_iter().map(quoted).collect();
        // Only the columns that are filled, in their order, whatever others somebody has added there.
        format!(
            "CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA",
            staged(table),
            columns.join(", "),
            self.name(table.name)
        )
    }

    /// Takes a table to what was staged: rows that are the same are left alone.
    pub(super) fn merge(&self, table: &Table) -> String {
        let (there, new) = (self.name(table.name), staged(table));
        let same: Vec<_> = keys(table)
            .map(quoted)
            .map(|key| format!("there.{key} = new.{key}"))
            .collect();
        let same = same.join(" AND ");
        let names = table.names();
        let columns: Vec<_> = names.iter().map(|name| quoted(name)).collect();
        let others = || columns.iter().skip(table.keys);
        let of = |side: &str| {
            let cells: Vec<_> = others().map(|name| format!("{side}.{name}")).collect();
            cells.join(", ")
        };
        let set: Vec<_> = others()
            .map(|name| format!("{name} = new.{name}"))
            .collect();
        let columns = columns.join(", ");
        format!(
            "ANALYZE {new};
             DELETE FROM {there} AS there WHERE NOT EXISTS (SELECT FROM {new} AS new WHERE {same});
             UPDATE {there} AS there SET {} FROM {new} AS new
             WHERE {same} AND ROW({}) IS DISTINCT FROM ROW({});
             INSERT INTO {there} ({columns}) SELECT {columns} FROM {new} AS new
             WHERE NOT EXISTS (SELECT FROM {there} AS there WHERE {same})",
            set.join(", "),
            of("there"),
            of("new"),
        )
    }

    /// The run that the tables are of.
    pub(super) fn marked(&self) -> String {
        format!("SELECT run_id FROM {}", self.name(MARKER))
    }

    pub(super) fn mark(&self, run: i64) -> String {
        let marker = self.name(MARKER);
        format!("DELETE FROM {marker}; INSERT INTO {marker} VALUES ({run}, now())")
    }
}

/// The columns that tell one row from another.
fn keys(table: &Table) -> impl Iterator<Item = &'static str> {
    table.names().into_iter().take(table.keys)
}
