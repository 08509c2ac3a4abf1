//! The statements that the server is sent.

use crate::config::Server;
use crate::publish::parts::{Lacking, Parts};
use crate::publish::tables::{Keys, Kind, TABLES, Table};
use crate::sql::{literal, quoted};

/// The schema, unless config names another.
const SCHEMA: &str = "muster";

/// The table whose one row says which run the others are of.
const MARKER: &str = "publication";

/// The table with the digests of what the others have.
const PARTS: &str = "parts";

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

    /// Finds a row where tables were made.
    pub(super) fn find_marker(&self) -> String {
        self.find(MARKER)
    }

    /// Finds a row where digests are kept.
    pub(super) fn find_parts(&self) -> String {
        self.find(PARTS)
    }

    fn find(&self, table: &str) -> String {
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
        let tables = TABLES.iter().map(|table| table.name);
        let tables = tables.chain([PARTS, MARKER]);
        let names: Vec<_> = tables.map(|table| self.name(table)).collect();
        format!("DROP TABLE {}", names.join(", "))
    }

    /// Makes all tables.
    pub(super) fn create(&self, has_schema: bool, keys: Keys) -> String {
        let mut sql = match has_schema {
            true => String::new(),
            false => format!("CREATE SCHEMA {};\n", quoted(&self.schema)),
        };
        for table in &TABLES {
            let columns = table
                .columns
                .iter()
                .map(|(name, kind)| format!("{} {}", quoted(name), spelled(*kind, keys)));
            let columns: Vec<_> = columns.collect();
            sql += &format!(
                "CREATE TABLE {} ({}, PRIMARY KEY ({}));\n",
                self.name(table.name),
                columns.join(", "),
                listed(table.key_names())
            );
        }
        let (parts, marker) = (self.create_parts(), self.name(MARKER));
        sql + &format!(
            "{parts};
             CREATE TABLE {marker} (run_id bigint NOT NULL, published_at timestamptz NOT NULL)"
        )
    }

    /// Makes the table with the digests.
    pub(super) fn create_parts(&self) -> String {
        let parts = self.name(PARTS);
        format!(
            "CREATE TABLE {parts} (table_name text, run_id bigint, row_count bigint NOT NULL, digest text NOT NULL,
                                   PRIMARY KEY (table_name, run_id))"
        )
    }

    /// Finds what the tables have: the table, the run, how many rows there really are, and the digest, which counts only if
    /// there are as many rows as it was made of.
    pub(super) fn parts(&self) -> String {
        let counts = TABLES.iter().map(|table| {
            let (name, there) = (literal(table.name), self.name(table.name));
            let run = match table.is_history {
                true => listed(table.key_names().into_iter().take(1)),
                false => "0".to_owned(),
            };
            format!(
                "SELECT {name} AS table_name, {run} AS run_id, count(*) FROM {there} GROUP BY 2"
            )
        });
        let counts: Vec<_> = counts.collect();
        format!(
            "SELECT table_name, run_id, coalesce(found.count, 0), digest
             FROM {} AS noted FULL JOIN ({}) AS found USING (table_name, run_id)",
            self.name(PARTS),
            counts.join(" UNION ALL ")
        )
    }

    /// Notes what a table has now.
    pub(super) fn note(&self, table: &Table, lacking: &Lacking, here: &Parts) -> String {
        let (parts, name) = (self.name(PARTS), literal(table.name));
        let runs: Vec<_> = lacking.runs().map(|run| run.to_string()).collect();
        let mut sql = format!(
            "DELETE FROM {parts} WHERE table_name = {name} AND run_id IN ({})",
            runs.join(", ")
        );
        let noted = lacking.sent.iter().filter_map(|run| {
            let part = here.get(&(table.name, *run))?;
            let digest = literal(&part.digest);
            Some(format!("({name}, {run}, {}, {digest})", part.rows))
        });
        let noted: Vec<_> = noted.collect();
        if !noted.is_empty() {
            sql += &format!("; INSERT INTO {parts} VALUES {}", noted.join(", "));
        }
        sql
    }

    pub(super) fn stage(&self, table: &Table) -> String {
        // Only the columns that are filled, in their order, whatever others somebody has added there.
        format!(
            "CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA",
            staged(table),
            listed(table.names()),
            self.name(table.name)
        )
    }

    /// Takes the runs of a table that it lacks to what was staged: rows that are the same are left alone.
    pub(super) fn merge(&self, table: &Table, lacking: &Lacking) -> String {
        let (there, new) = (self.name(table.name), staged(table));
        let keys = table.key_names().into_iter().map(quoted);
        let same: Vec<_> = keys.map(|key| format!("there.{key} = new.{key}")).collect();
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
        let runs: Vec<_> = lacking.runs().map(|run| run.to_string()).collect();
        let of_runs = match table.key_names().first().filter(|_| table.is_history) {
            Some(run) => format!("there.{} IN ({}) AND", quoted(run), runs.join(", ")),
            None => String::new(),
        };
        format!(
            "ANALYZE {new};
             DELETE FROM {there} AS there WHERE {of_runs} NOT EXISTS (SELECT FROM {new} AS new WHERE {same});
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

/// Names, quoted, in a list.
fn listed(names: impl IntoIterator<Item = &'static str>) -> String {
    let names: Vec<_> = names.into_iter().map(quoted).collect();
    names.join(", ")
}

/// The type of a column.
fn spelled(kind: Kind, keys: Keys) -> &'static str {
    match (kind, keys) {
        (Kind::Text, _) | (Kind::Key, Keys::Texts) => "text",
        (Kind::Small, _) => "integer",
        (Kind::Whole, _) | (Kind::Key, Keys::Numbers) => "bigint",
        (Kind::Real, _) => "double precision",
        (Kind::Instant, _) => "timestamptz",
    }
}
