//! The SQL statements for the server.
//!
//! Rows are in tables `stored_…`, in partitions that are written once and never changed. `stored_parts` has the list of
//! partitions that belong to a publication, and `stored_publications` has a row for each complete publication: the
//! newest counts. Readers have views that join through both.
//!
//! A query of Spark reads that row and the lists of partitions at different times. A publication therefore takes effect
//! at an instant that is still to come when its row is written: a query goes by the one instant at which it began, and
//! finds everything that was in effect then, whenever it looks.

use std::collections::BTreeSet;

use crate::config::SparkServer;
use crate::publish::identity::Mark;
use crate::publish::tables::{Keys, Kind, SCHEMA, TABLES, Table};
use crate::sql::spark::{literal, quoted};

/// The tables that say what counts.
const PARTS: &str = "stored_parts";
pub(super) const PUBLICATIONS: &str = "stored_publications";

/// The view with the run that the tables belong to; created last.
const MARKER: &str = "publication";

/// The lent rows to be written.
pub(super) const LENT: &str = "muster_rows";

/// The columns recorded for a partition.
pub(super) const NOTED: [(&str, Kind); 5] = [
    ("table_name", Kind::Text),
    ("run_id", Kind::Whole),
    ("row_count", Kind::Whole),
    ("digest", Kind::Text),
    ("part", Kind::Whole),
];

/// The columns recorded for a publication.
const PUBLISHED: [(&str, Kind); 5] = [
    ("run_id", Kind::Whole),
    // When it takes effect.
    ("published_at", Kind::Instant),
    // When history was last rewritten; the column has had this name since the first version.
    ("erasures", Kind::Whole),
    ("results_id", Kind::Text),
    ("token", Kind::Text),
];

/// The schema that is written.
#[derive(Debug)]
pub(super) struct Target {
    schema: String,
}

/// A table of partitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stored {
    /// The rows of a table that readers see.
    Rows(&'static Table),
    Parts,
    Publications,
}

impl Stored {
    pub(super) fn all() -> impl Iterator<Item = Self> {
        let rows = TABLES.iter().map(Self::Rows);
        rows.chain([Self::Parts, Self::Publications])
    }

    pub(super) fn name(self) -> String {
        match self {
            Self::Rows(table) => format!("stored_{}", table.name),
            Self::Parts => PARTS.to_owned(),
            Self::Publications => PUBLICATIONS.to_owned(),
        }
    }

    /// The partition columns.
    fn partition(self) -> Vec<&'static str> {
        match self {
            Self::Rows(table) if table.is_history => {
                let run = table.key_names().into_iter().take(1);
                run.chain(["part"]).collect()
            }
            Self::Rows(_) => vec!["part"],
            Self::Parts | Self::Publications => vec!["publication"],
        }
    }

    /// The columns in the table's order: partition columns last.
    fn columns(self) -> Vec<(&'static str, Kind)> {
        let columns = match self {
            Self::Rows(table) => table.columns,
            Self::Parts => NOTED.as_slice(),
            Self::Publications => PUBLISHED.as_slice(),
        };
        let partition = self.partition();
        let first = columns.iter().filter(|(name, _)| !partition.contains(name));
        let last = partition.iter().map(|name| (*name, Kind::Whole));
        first.copied().chain(last).collect()
    }
}

impl Target {
    /// The schema that config names for a server.
    pub(super) fn new(server: &SparkServer) -> Self {
        let schema = server.schema.as_deref().unwrap_or(SCHEMA);
        Self {
            schema: schema.to_owned(),
        }
    }

    fn name(&self, table: &str) -> String {
        format!("{}.{}", quoted(&self.schema), quoted(table))
    }

    pub(super) fn stored(&self, table: Stored) -> String {
        self.name(&table.name())
    }

    /// Whether Muster's tables were created in a schema with these names: at least one of the two bookkeeping tables
    /// exists.
    pub(super) fn is_ours(names: &BTreeSet<String>) -> bool {
        names.contains(PARTS) || names.contains(PUBLICATIONS)
    }

    /// Removes some tables and views.
    pub(super) fn drop_some(&self, names: &[String]) -> String {
        let is_table = |name: &str| Stored::all().any(|stored| stored.name() == name);
        let statements = names.iter().map(|name| {
            let what = if is_table(name) { "TABLE" } else { "VIEW" };
            format!("DROP {what} {}", self.name(name))
        });
        let statements: Vec<_> = statements.collect();
        statements.join("; ")
    }

    /// Removes everything.
    pub(super) fn drop_all(&self) -> String {
        format!("DROP SCHEMA {} CASCADE", quoted(&self.schema))
    }

    /// Creates what is missing. The table that shows the schema is ours comes first, in case the process is killed; the
    /// marker comes last.
    pub(super) fn create(&self, keys: Keys) -> Vec<String> {
        let mut statements = vec![format!(
            "CREATE SCHEMA IF NOT EXISTS {}",
            quoted(&self.schema)
        )];
        let others = Stored::all().filter(|stored| *stored != Stored::Parts);
        statements.extend([Stored::Parts].into_iter().chain(others).map(|stored| {
            let columns = stored.columns().into_iter();
            let columns =
                columns.map(|(name, kind)| format!("{} {}", quoted(name), spelled(kind, keys)));
            let columns: Vec<_> = columns.collect();
            format!(
                "CREATE TABLE IF NOT EXISTS {} ({}) USING parquet PARTITIONED BY ({})",
                self.stored(stored),
                columns.join(", "),
                listed(stored.partition()),
            )
        }));
        statements.extend(TABLES.iter().map(|table| self.view(table)));
        statements.push(format!(
            "CREATE VIEW IF NOT EXISTS {} AS SELECT run_id, published_at FROM {} WHERE publication = ({})",
            self.name(MARKER),
            self.stored(Stored::Publications),
            self.counting(),
        ));
        statements
    }

    /// The readers' view of a table.
    fn view(&self, table: &'static Table) -> String {
        let stored = Stored::Rows(table);
        let which = match table.is_history {
            true => "run_id, part",
            false => "part",
        };
        format!(
            "CREATE VIEW IF NOT EXISTS {} AS SELECT {} FROM {} WHERE ({}) IN \
             (SELECT {which} FROM {} WHERE table_name = {} AND publication = ({}))",
            self.name(table.name),
            listed(table.names()),
            self.stored(stored),
            listed(stored.partition()),
            self.stored(Stored::Parts),
            literal(table.name),
            self.counting(),
        )
    }

    /// Finds the publication that is in effect for a query.
    fn counting(&self) -> String {
        format!(
            "SELECT max(publication) FROM {} WHERE published_at <= current_timestamp()",
            self.stored(Stored::Publications)
        )
    }

    /// Finds the columns of a table, and their types.
    pub(super) fn columns(&self, table: &'static Table) -> String {
        format!("DESCRIBE TABLE {}", self.stored(Stored::Rows(table)))
    }

    /// The names of all tables and views.
    pub(super) fn names() -> impl Iterator<Item = String> {
        let views = TABLES.iter().map(|table| table.name.to_owned());
        let stored = Stored::all().map(Stored::name);
        stored.chain(views).chain([MARKER.to_owned()])
    }

    /// Finds the time, in microseconds since 1970.
    pub(super) fn now(&self) -> String {
        "SELECT unix_micros(current_timestamp())".to_owned()
    }

    /// Finds all tables and views.
    pub(super) fn tables(&self) -> String {
        format!("SHOW TABLES IN {}", quoted(&self.schema))
    }

    /// Finds all publications, oldest first: the number, when it takes effect, the run, when history was last
    /// rewritten, the file and the token.
    pub(super) fn publications(&self) -> String {
        format!(
            "SELECT publication, unix_micros(published_at), run_id, erasures, results_id, token FROM {} ORDER BY publication",
            self.stored(Stored::Publications)
        )
    }

    /// Finds what is recorded for the partitions of some publications.
    pub(super) fn noted(&self, publications: &[i64]) -> String {
        let columns = NOTED.map(|(name, _)| quoted(name)).join(", ");
        let parts = self.stored(Stored::Parts);
        let publications: Vec<_> = publications.iter().map(i64::to_string).collect();
        let publications = publications.join(", ");
        format!("SELECT DISTINCT {columns} FROM {parts} WHERE publication IN ({publications})")
    }

    /// Finds the partitions of a table: one text each, such as `run_id=3/part=17`.
    pub(super) fn partitions(&self, table: Stored) -> String {
        format!("SHOW PARTITIONS {}", self.stored(table))
    }

    /// Finds the partitions that a crashed server wrote but did not record.
    pub(super) fn recover(&self, table: Stored) -> String {
        format!("ALTER TABLE {} RECOVER PARTITIONS", self.stored(table))
    }

    /// Removes partitions, each given by the numbers that identify it.
    pub(super) fn drop(&self, table: Stored, partitions: &[Vec<i64>]) -> String {
        let columns = table.partition();
        let partitions = partitions.iter().map(|numbers| {
            let pairs = columns.iter().zip(numbers);
            let pairs: Vec<_> = pairs
                .map(|(name, number)| format!("{} = {number}", quoted(name)))
                .collect();
            format!("PARTITION ({})", pairs.join(", "))
        });
        let partitions: Vec<_> = partitions.collect();
        format!(
            "ALTER TABLE {} DROP IF EXISTS {} PURGE",
            self.stored(table),
            partitions.join(", ")
        )
    }

    /// Writes the lent rows, as texts, to new partitions with a number of their own.
    pub(super) fn insert(&self, table: Stored, keys: Keys, number: i64) -> String {
        let mut columns = table.columns();
        columns.pop();
        let columns = columns.iter().map(|(name, kind)| {
            let name = quoted(name);
            format!("CAST({name} AS {})", spelled(*kind, keys))
        });
        let columns: Vec<_> = columns.collect();
        // One file a partition: partitions are small.
        format!(
            "INSERT INTO {} SELECT /*+ COALESCE(1) */ {}, {number} FROM {LENT}",
            self.stored(table),
            columns.join(", ")
        )
    }

    /// Counts the rows in the partitions of a table that were written with a number.
    pub(super) fn count(&self, table: Stored, number: i64) -> String {
        let stored = self.stored(table);
        let column = table.partition().pop().unwrap_or_default();
        format!(
            "SELECT count(*) FROM {stored} WHERE {} = {number}",
            quoted(column)
        )
    }

    /// Makes a publication take effect after a number of seconds.
    pub(super) fn mark(
        &self,
        publication: i64,
        Mark { runs, token }: &Mark,
        seconds: u64,
    ) -> String {
        let token = literal(token);
        let (run, rewritten) = (runs.published, runs.rewritten);
        let results = runs.identity();
        let results = results.map_or("NULL".to_owned(), |results| literal(&results));
        format!(
            "INSERT INTO {} VALUES ({run}, current_timestamp() + INTERVAL '{seconds}' SECOND, {rewritten}, {results}, {token}, {publication})",
            self.stored(Stored::Publications)
        )
    }
}

fn listed(names: Vec<&'static str>) -> String {
    let names: Vec<_> = names.into_iter().map(quoted).collect();
    names.join(", ")
}

/// The type of a column.
fn spelled(kind: Kind, keys: Keys) -> &'static str {
    match (kind, keys) {
        (Kind::Text, _) | (Kind::Key, Keys::Texts) => "STRING",
        (Kind::Small, _) => "INT",
        (Kind::Whole, _) | (Kind::Key, Keys::Numbers) => "BIGINT",
        (Kind::Real, _) => "DOUBLE",
        (Kind::Instant, _) => "TIMESTAMP_LTZ",
    }
}
