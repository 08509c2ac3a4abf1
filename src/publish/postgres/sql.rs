//! The SQL statements for the server.

use crate::config::Server;
use crate::publish::identity::Mark;
use crate::publish::parts::{Lacking, Parts};
use crate::publish::tables::{Keys, Kind, SCHEMA, TABLES, Table};
use crate::sql::{literal, quoted};

/// The table whose one row says which run the others are of.
pub(super) const MARKER: &str = "publication";

/// The table with the digests of the other tables' parts.
pub(super) const PARTS: &str = "parts";

/// The columns recorded for a part.
pub(super) const NOTED: [&str; 4] = ["table_name", "run_id", "row_count", "digest"];

/// The type of times, as the server's catalogue spells it.
const INSTANT: &str = "timestamp with time zone";

/// The schema that is written.
#[derive(Debug)]
pub(super) struct Target {
    schema: String,
}

/// The definition of a table.
#[derive(Debug)]
pub(super) struct Shape {
    pub name: &'static str,
    /// The columns that it must have, with the types that Muster gives them.
    pub columns: Vec<(&'static str, &'static str)>,
    /// The statement that creates it.
    pub creation: String,
    /// The statement that adds columns it may lack; `None` if it may lack none.
    pub addition: Option<String>,
}

/// The temporary table in which the rows of the results file are staged.
pub(super) fn staged(table: &Table) -> String {
    format!("pg_temp.{}", quoted(&format!("staged_{}", table.name)))
}

/// Creates the staging table. Its types are Muster's own, not those of the published table: if a published column was
/// made coarser, its values are then compared with those that were sent, not with rounded ones.
pub(super) fn stage(table: &Table, keys: Keys) -> String {
    let (name, columns) = (staged(table), declared(table, keys));
    format!("CREATE TEMPORARY TABLE {name} ({columns}) ON COMMIT DROP")
}

impl Target {
    /// The schema that config names for a server.
    pub(super) fn new(server: &Server) -> Self {
        let schema = server.schema.as_deref().unwrap_or(SCHEMA);
        Self {
            schema: schema.replace('\0', "\u{fffd}"),
        }
    }

    pub(super) fn name(&self, table: &str) -> String {
        format!("{}.{}", quoted(&self.schema), quoted(table))
    }

    /// Waits until no other writer uses this schema.
    pub(super) fn lock(&self) -> String {
        let name = literal(&format!("muster {}", self.schema));
        format!("SELECT pg_advisory_xact_lock(hashtextextended({name}, 0))")
    }

    /// Finds all tables and columns with their types; for a domain, its base type.
    pub(super) fn layout(&self) -> String {
        let schema = literal(&self.schema);
        format!(
            "SELECT relname, attname, format_type(coalesce(nullif(typbasetype, 0), atttypid), NULL)
             FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = relnamespace
             JOIN pg_catalog.pg_attribute ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
             JOIN pg_catalog.pg_type AS t ON t.oid = atttypid WHERE nspname = {schema}"
        )
    }

    /// A statement that the server refuses if a column cannot be compared with Muster's own type or cannot store its values. It
    /// changes nothing.
    pub(super) fn comparison(&self, table: &str, column: &str, own: &str) -> String {
        let (table, column) = (self.name(table), quoted(column));
        format!(
            "EXPLAIN UPDATE {table} SET {column} = NULL::{own} WHERE {column} IS DISTINCT FROM NULL::{own}"
        )
    }

    /// Changes a column back to the type that Muster gave it.
    pub(super) fn retype(&self, table: &str, column: &str, own: &str) -> String {
        let (table, column) = (self.name(table), quoted(column));
        format!("ALTER TABLE {table} ALTER COLUMN {column} TYPE {own} USING {column}::text::{own}")
    }

    /// Finds a row where the schema is there.
    pub(super) fn has_schema(&self) -> String {
        let name = literal(&self.schema);
        format!("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = {name}")
    }

    /// Removes all tables.
    pub(super) fn drop_all(&self) -> String {
        let tables = TABLES.iter().map(|table| table.name);
        let tables: Vec<_> = tables.chain([PARTS, MARKER]).collect();
        self.drop(&tables)
    }

    /// Removes some tables.
    pub(super) fn drop(&self, tables: &[&str]) -> String {
        let names: Vec<_> = tables.iter().map(|table| self.name(table)).collect();
        format!("DROP TABLE IF EXISTS {}", names.join(", "))
    }

    /// Creates all tables.
    pub(super) fn create(&self, has_schema: bool, keys: Keys) -> String {
        let schema = match has_schema {
            true => None,
            false => Some(format!("CREATE SCHEMA {}", quoted(&self.schema))),
        };
        let tables = self.shapes(keys).into_iter().map(|shape| shape.creation);
        let statements: Vec<_> = schema.into_iter().chain(tables).collect();
        statements.join(";\n")
    }

    /// The definitions of all tables.
    pub(super) fn shapes(&self, keys: Keys) -> Vec<Shape> {
        let tables = TABLES.iter().map(|table| {
            let name = self.name(table.name);
            let key = table.columns.iter().take(table.keys).skip(1);
            let key = key.filter(|(_, kind)| *kind == Kind::Key && !table.is_history);
            // For queries of one client's rows.
            let index = key.map(|(key, _)| format!("; CREATE INDEX ON {name} ({})", quoted(key)));
            Shape {
                name: table.name,
                columns: typed(table, keys).collect(),
                creation: format!(
                    "CREATE TABLE {name} ({}, PRIMARY KEY ({})){}",
                    declared(table, keys),
                    listed(table.key_names()),
                    index.collect::<String>()
                ),
                addition: None,
            }
        });
        let (parts, marker) = (self.name(PARTS), self.name(MARKER));
        let noted = ["text", "bigint", "bigint", "text"];
        let marked = [
            ("run_id", "bigint"),
            ("published_at", INSTANT),
            ("results_id", "text"),
            ("erasures", "bigint"),
            ("token", "text"),
        ];
        let added = marked.map(|(name, ty)| format!("ADD COLUMN IF NOT EXISTS {name} {ty}"));
        let ours = [
            Shape {
                name: PARTS,
                columns: NOTED.into_iter().zip(noted).collect(),
                creation: format!(
                    "CREATE TABLE {parts} (table_name text, run_id bigint, row_count bigint NOT NULL, digest text NOT NULL,
                                           PRIMARY KEY (table_name, run_id))"
                ),
                addition: None,
            },
            Shape {
                name: MARKER,
                columns: marked.to_vec(),
                creation: format!(
                    "CREATE TABLE {marker} (run_id bigint NOT NULL, published_at timestamptz NOT NULL, results_id text, erasures bigint, token text)"
                ),
                // Earlier versions lacked some columns; its row is rewritten by each publication.
                addition: Some(format!("ALTER TABLE {marker} {}", added.join(", "))),
            },
        ];
        tables.chain(ours).collect()
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
            "SELECT table_name, run_id, coalesce(found.count, 0), CASE WHEN found.count = row_count THEN digest END
             FROM {} AS noted FULL JOIN ({}) AS found USING (table_name, run_id)",
            self.name(PARTS),
            counts.join(" UNION ALL ")
        )
    }

    /// Records the current parts of a table.
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

    /// Brings the runs that a table lacks to the staged state; rows that are the same are left alone.
    pub(super) fn merge(&self, table: &Table, lacking: &Lacking) -> String {
        let (there, new) = (self.name(table.name), staged(table));
        let (same, unlike) = (same(table), unlike(table));
        let names = table.names();
        let columns: Vec<_> = names.iter().map(|name| quoted(name)).collect();
        let others = columns.iter().skip(table.keys);
        let set: Vec<_> = others.map(|name| format!("{name} = new.{name}")).collect();
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
             WHERE {same} AND {unlike};
             INSERT INTO {there} ({columns}) SELECT {columns} FROM {new} AS new
             WHERE NOT EXISTS (SELECT FROM {there} AS there WHERE {same})",
            set.join(", "),
        )
    }

    /// Counts the rows of a table that differ from the staged ones.
    pub(super) fn unlike(&self, table: &Table) -> String {
        let (there, new) = (self.name(table.name), staged(table));
        let (same, unlike) = (same(table), unlike(table));
        format!(
            "SELECT count(*) FROM {new} AS new WHERE NOT EXISTS (SELECT FROM {there} AS there WHERE {same} AND NOT {unlike})"
        )
    }

    /// Finds what the tables were published from; earlier versions recorded only a part of it.
    pub(super) fn marked(&self) -> String {
        let marker = self.name(MARKER);
        format!(
            "SELECT m ->> 'run_id', CASE WHEN m ->> 'published_at' IS NOT NULL THEN m ->> 'erasures' END, m ->> 'results_id', m ->> 'token'
             FROM (SELECT to_jsonb(marker) AS m FROM {marker} AS marker) AS marked"
        )
    }

    /// Counts the rows with that mark.
    pub(super) fn is_marked(&self, Mark { runs, token }: &Mark) -> String {
        let (marker, token) = (self.name(MARKER), literal(token));
        let run = runs.published;
        format!(
            "SELECT CASE WHEN count(*) = 1 THEN count(*) FILTER (WHERE token = {token} AND run_id = {run}) ELSE count(*) END FROM {marker}"
        )
    }

    pub(super) fn mark(&self, Mark { runs, token }: &Mark) -> String {
        let marker = self.name(MARKER);
        let token = literal(token);
        let (run, rewritten) = (runs.published, runs.rewritten);
        let results = runs.identity();
        let results = results.map_or("NULL".to_owned(), |results| literal(&results));
        format!(
            "DELETE FROM {marker};
             INSERT INTO {marker} (run_id, published_at, results_id, erasures, token)
             VALUES ({run}, now(), {results}, {rewritten}, {token})"
        )
    }
}

/// The condition that row `there` has the key of row `new`.
fn same(table: &Table) -> String {
    let keys = table.key_names().into_iter().map(quoted);
    let same: Vec<_> = keys.map(|key| format!("there.{key} = new.{key}")).collect();
    same.join(" AND ")
}

/// The condition that it has other values.
fn unlike(table: &Table) -> String {
    let of = |side: &str| {
        let others = table.names().into_iter().skip(table.keys).map(quoted);
        let cells: Vec<_> = others.map(|name| format!("{side}.{name}")).collect();
        cells.join(", ")
    };
    format!("ROW({}) IS DISTINCT FROM ROW({})", of("there"), of("new"))
}

/// The columns of a table with their types.
fn declared(table: &Table, keys: Keys) -> String {
    let columns = typed(table, keys).map(|(name, ty)| format!("{} {ty}", quoted(name)));
    columns.collect::<Vec<_>>().join(", ")
}

fn typed(table: &Table, keys: Keys) -> impl Iterator<Item = (&'static str, &'static str)> {
    let columns = table.columns.iter();
    columns.map(move |(name, kind)| (*name, spelled(*kind, keys)))
}

/// Names, quoted, in a list.
fn listed(names: impl IntoIterator<Item = &'static str>) -> String {
    let names: Vec<_> = names.into_iter().map(quoted).collect();
    names.join(", ")
}

/// The type of a column, as the server's catalogue spells it.
fn spelled(kind: Kind, keys: Keys) -> &'static str {
    match (kind, keys) {
        (Kind::Text, _) | (Kind::Key, Keys::Texts) => "text",
        (Kind::Small, _) => "integer",
        (Kind::Whole, _) | (Kind::Key, Keys::Numbers) => "bigint",
        (Kind::Real, _) => "double precision",
        (Kind::Instant, _) => INSTANT,
    }
}
