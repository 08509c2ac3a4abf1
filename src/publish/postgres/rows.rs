//! The SQL statements for the rows of a table.

use super::sql::{PARTS, TEXT, Target, listed, staged, typed};
use crate::publish::parts::{Lacking, Parts};
use crate::publish::tables::{Keys, TABLES, Table};
use crate::sql::{literal, quoted};

impl Target {
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
    pub(super) fn merge(&self, table: &Table, keys: Keys, lacking: &Lacking) -> String {
        let (there, new) = (self.name(table.name), staged(table));
        let (same, unlike) = (same(table, keys), unlike(table, keys));
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
    pub(super) fn unlike(&self, table: &Table, keys: Keys) -> String {
        let (there, new) = (self.name(table.name), staged(table));
        let (same, unlike) = (same(table, keys), unlike(table, keys));
        format!(
            "SELECT count(*) FROM {new} AS new WHERE NOT EXISTS (SELECT FROM {there} AS there WHERE {same} AND NOT {unlike})"
        )
    }

    /// Finds the columns whose type is a text of a limited length, with their table and the length.
    pub(super) fn lengths(&self) -> String {
        let schema = literal(&self.schema);
        format!(
            "SELECT relname, attname, format_type(atttypid, atttypmod), atttypmod - 4
             FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = relnamespace
             JOIN pg_catalog.pg_attribute ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
             WHERE nspname = {schema} AND atttypid IN ('varchar'::regtype, 'bpchar'::regtype) AND atttypmod > 4"
        )
    }

    /// Finds a staged row whose value in a column has more characters than that.
    pub(super) fn exceeds(&self, table: &Table, column: &str, length: u32) -> String {
        let (new, column) = (staged(table), quoted(column));
        format!("SELECT 1 FROM {new} WHERE char_length({column}::text) > {length} LIMIT 1")
    }

    /// Finds a row if a table has lost its primary key.
    pub(super) fn is_keyless(&self, table: &Table) -> String {
        let (schema, name) = (literal(&self.schema), literal(table.name));
        format!(
            "SELECT 1 FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = relnamespace
             WHERE nspname = {schema} AND relname = {name} AND relkind IN ('r', 'p')
               AND NOT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indrelid = c.oid AND indisprimary)"
        )
    }

    /// Removes the copies of rows that are there more than once by their key.
    pub(super) fn single(&self, table: &Table) -> String {
        let (there, keys) = (self.name(table.name), listed(table.key_names()));
        format!(
            "DELETE FROM {there} WHERE (tableoid, ctid) IN (
                 SELECT tableoid, ctid FROM (
                     SELECT tableoid, ctid, row_number() OVER (PARTITION BY {keys}) AS place FROM {there}) AS numbered
                 WHERE place > 1)"
        )
    }
}

/// The condition that row `there` has the key of row `new`. Comparing with the column's own collation first lets the
/// server use the table's index.
fn same(table: &Table, keys: Keys) -> String {
    let of_key = typed(table, keys).take(table.keys);
    let same = of_key.map(|(name, ty)| {
        let name = quoted(name);
        let same = format!("there.{name} = new.{name}");
        match ty {
            TEXT => format!(
                "{same} AND {} = {}",
                exact("there", &name),
                exact("new", &name)
            ),
            _ => same,
        }
    });
    same.collect::<Vec<_>>().join(" AND ")
}

/// The condition that it has other values.
fn unlike(table: &Table, keys: Keys) -> String {
    let of = |side: &str| {
        let others = typed(table, keys).skip(table.keys);
        let cells = others.map(|(name, ty)| match ty {
            TEXT => exact(side, &quoted(name)),
            _ => format!("{side}.{}", quoted(name)),
        });
        cells.collect::<Vec<_>>().join(", ")
    };
    format!("ROW({}) IS DISTINCT FROM ROW({})", of("there"), of("new"))
}

/// A text that is equal to the same characters alone: the published column may have been given a collation that ignores case.
fn exact(side: &str, name: &str) -> String {
    format!("{side}.{name}::text COLLATE \"C\"")
}
