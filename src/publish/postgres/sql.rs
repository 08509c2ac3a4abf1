//! The SQL statements that create the tables, and say what they are of.

use crate::config::Server;
use crate::publish::identity::Mark;
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

/// The type of texts.
pub(super) const TEXT: &str = "text";

/// The schema that is written.
#[derive(Debug)]
pub(super) struct Target {
    pub schema: String,
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

    /// Finds what the tables were published from; earlier versions recorded only a part of it.
    pub(super) fn marked(&self) -> String {
        let marker = self.name(MARKER);
        format!(
            "SELECT m ->> 'run_id', CASE WHEN m ->> 'published_at' IS NOT NULL THEN m ->> 'erasures' END, m ->> 'results_id', m ->> 'token'
             FROM (SELECT to_jsonb(marker) AS m FROM {marker} AS marker) AS marked"
        )
    }

    /// Counts the rows of the marker table, and those among them that are as [`mark`](Self::mark) writes them.
    pub(super) fn is_marked(&self, mark: &Mark) -> String {
        let (marker, [run, results, rewritten, token]) = (self.name(MARKER), marks(mark));
        format!(
            "SELECT count(*), count(*) FILTER (WHERE (run_id, results_id, erasures, token) IS NOT DISTINCT FROM ({run}, {results}, {rewritten}, {token}))
             FROM {marker}"
        )
    }

    pub(super) fn mark(&self, mark: &Mark) -> String {
        let (marker, [run, results, rewritten, token]) = (self.name(MARKER), marks(mark));
        format!(
            "DELETE FROM {marker};
             INSERT INTO {marker} (run_id, published_at, results_id, erasures, token)
             VALUES ({run}, now(), {results}, {rewritten}, {token})"
        )
    }
}

/// What the marker table says: the run, the results file, how often its history was rewritten, and the token.
fn marks(Mark { runs, token }: &Mark) -> [String; 4] {
    let results = runs.identity();
    let results = results.map_or("NULL".to_owned(), |results| literal(&results));
    [
        runs.published.to_string(),
        results,
        runs.rewritten.to_string(),
        literal(token),
    ]
}

/// The columns of a table with their types.
fn declared(table: &Table, keys: Keys) -> String {
    let columns = typed(table, keys).map(|(name, ty)| format!("{} {ty}", quoted(name)));
    columns.collect::<Vec<_>>().join(", ")
}

pub(super) fn typed(
    table: &Table,
    keys: Keys,
) -> impl Iterator<Item = (&'static str, &'static str)> {
    let columns = table.columns.iter();
    columns.map(move |(name, kind)| (*name, spelled(*kind, keys)))
}

/// Names, quoted, in a list.
pub(super) fn listed(names: impl IntoIterator<Item = &'static str>) -> String {
    let names: Vec<_> = names.into_iter().map(quoted).collect();
    names.join(", ")
}

/// The type of a column, as the server's catalogue spells it.
fn spelled(kind: Kind, keys: Keys) -> &'static str {
    match (kind, keys) {
        (Kind::Text, _) | (Kind::Key, Keys::Texts) => TEXT,
        (Kind::Small, _) => "integer",
        (Kind::Whole, _) | (Kind::Key, Keys::Numbers) => "bigint",
        (Kind::Real, _) => "double precision",
        (Kind::Instant, _) => INSTANT,
    }
}
