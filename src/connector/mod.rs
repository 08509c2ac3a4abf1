//! The database to be segmented. Nothing outside this module opens it.
//!
//! A [`Connector`] knows where the data is; a [`Snapshot`] is one state of it. All row-by-row reading goes through
//! [`crate::engine::gather`], whatever the source, so that a dirty cell means the same everywhere.

mod interrupt;
mod kept;
pub mod memory;
pub mod postgres;
mod server;
#[cfg(feature = "spark")]
pub mod spark;
#[cfg(not(feature = "spark"))]
#[path = "spark_absent.rs"]
pub mod spark;
pub mod sqlite;
mod written;

pub use self::interrupt::{PULSE, Stop};
pub use self::kept::{KeptSnapshot, Pinned};
use self::postgres::PostgresConnector;
use self::spark::SparkConnector;
pub use sqlite::{
    NewCell, NewDatabase, NewRows, SourceFile, Told, columns_in, files_in, state_of, tables_in,
    told_in,
};

use std::collections::{BTreeSet, HashSet};
use std::fmt::Debug;
use std::ops::ControlFlow;

use crate::catalog::Schema;
use crate::config::{Config, Database};
use crate::engine::{
    self, Cell, EngineError, Evaluation, Gathered, Keep, Kept, OwnedCell, Tuning, Watch,
};
use crate::ir::Ir;
use crate::time::Clock;

/// How a command gets its connector. Decided at the top level, once the config is read.
pub type Connect = fn(&Config) -> Box<dyn Connector>;

/// More threads than this mostly wait for the disk and for each other.
const MOST_THREADS: usize = 16;

/// A server has other clients, so Muster opens no more connections than this unless the config says otherwise.
const MOST_SESSIONS: usize = 4;

/// The connector for the database in the config. Opens nothing yet.
pub fn connect(config: &Config) -> Box<dyn Connector> {
    let most = match config.database {
        Database::File(_) => MOST_THREADS,
        Database::Server(_) => MOST_SESSIONS,
        Database::Spark(_) => 1,
    };
    let threads = config.threads_up_to(most);
    match &config.database {
        Database::File(path) => {
            let tuning = Tuning {
                threads,
                ..Tuning::default()
            };
            Box::new(sqlite::SqliteConnector::new(path).tuned(tuning))
        }
        Database::Server(server) => {
            Box::new(PostgresConnector::new(server, config.timezone).threads(threads))
        }
        Database::Spark(server) => Box::new(SparkConnector::new(server)),
    }
}

/// A source of data.
pub trait Connector: Debug + Send + Sync {
    /// Pins one state of the data until the snapshot is dropped. Writers may be blocked until then.
    ///
    /// # Errors
    /// The database cannot be opened or read.
    fn snapshot(&self) -> Result<Box<dyn Snapshot>, EngineError>;

    /// Watches the data for changes. Blocks no reader or writer, but may prevent a change of the database's settings:
    /// meanwhile, a SQLite file in WAL mode cannot leave that mode.
    ///
    /// # Errors
    /// The database cannot be opened or read.
    fn sentinel(&self) -> Result<Box<dyn Sentinel>, EngineError>;
}

/// Tells whether the data has changed.
pub trait Sentinel: Debug + Send {
    /// The number of the current state of the data. It differs after each change, and occasionally without one. None
    /// where the state cannot be determined at the moment. Waits for nobody.
    fn state(&mut self) -> Option<u64>;
}

/// One state of the data. All answers from it are consistent with each other.
pub trait Snapshot: Debug {
    /// Its tables and columns.
    ///
    /// # Errors
    /// They cannot be read.
    fn schema(&self) -> Result<Schema, EngineError>;

    /// Reads what an IR needs, as of an instant. Anything in `kept` from the same state is not read again, and what
    /// is read is added to it.
    ///
    /// # Errors
    /// The data cannot be read, the subject's table is unusable, or `watch` asked to stop.
    fn gather(
        &self,
        kept: Option<&mut Kept>,
        ir: &Ir,
        clock: &Clock,
        watch: &dyn Watch,
    ) -> Result<Gathered, EngineError>;

    /// Why the rows are read one by one on a server that aggregates by itself: each thing that it cannot answer
    /// exactly, with the reason, as far as that is known before it is asked. Empty where rows are always read.
    fn by_rows(&self, ir: &Ir, clock: &Clock) -> Vec<String> {
        let _ = (ir, clock);
        Vec::new()
    }

    /// Whether a table has a row with this key: the text itself, or the whole number that it spells.
    ///
    /// # Errors
    /// There is no such table or column, or it cannot be read.
    fn has_key(&self, table: &str, column: &str, key: &str) -> Result<bool, EngineError>;

    /// The given columns of the rows of a table or view that have one of these keys in a column, in table order. A
    /// key is the text itself, or the whole number that it spells.
    ///
    /// # Errors
    /// There is no such table or column, or it cannot be read.
    fn rows_with(
        &self,
        table: &str,
        columns: &[&str],
        column: &str,
        keys: &HashSet<&str>,
    ) -> Result<Vec<Vec<OwnedCell>>, EngineError>;

    /// Whether the database itself guarantees that the values of a column are unique; false where that cannot be
    /// determined.
    fn is_unique(&self, table: &str, column: &str) -> bool {
        let _ = (table, column);
        false
    }

    /// The number of rows of a table or view, counted up to `most`; 0 where it cannot be read.
    fn row_count(&self, table: &str, most: u32) -> u64;

    /// The distinct, non-empty texts of a table's column. Numbers are returned as texts.
    ///
    /// None where there are more than `most`, where the table has more than `rows` rows, where it is a view (which
    /// may take long), and where there is no such column.
    ///
    /// # Errors
    /// Nothing at all can be read.
    fn distinct_texts(
        &self,
        table: &str,
        column: &str,
        most: usize,
        rows: usize,
    ) -> Result<Option<BTreeSet<String>>, EngineError>;

    /// The given columns of a table's first `rows` rows. Nothing for a view, which may take long, or where there are
    /// no such columns.
    ///
    /// # Errors
    /// Nothing at all can be read.
    fn first_rows(
        &self,
        table: &str,
        columns: &[&str],
        rows: u32,
    ) -> Result<Vec<Vec<OwnedCell>>, EngineError>;

    /// The given columns of every `step`th of the first `rows` rows of a table or view; none where they cannot be
    /// read.
    fn sample(
        &self,
        table: &str,
        columns: &[&str],
        rows: u32,
        step: u64,
    ) -> Option<Vec<Vec<OwnedCell>>>;

    /// Passes one column of the first `rows` rows of a table or view to `see`, value by value, until `see` breaks.
    /// None where they cannot be read, or not to the end.
    fn each_value(
        &self,
        table: &str,
        column: &str,
        rows: u32,
        see: &mut dyn FnMut(Cell<'_>) -> ControlFlow<()>,
    ) -> Option<()> {
        let sampled = self.sample(table, &[column], rows, 1)?;
        let mut cells = sampled.iter().flatten();
        // Whether or not `see` broke, it got what it asked for.
        let _ = cells.try_for_each(|cell| see(cell.lent()));
        Some(())
    }

    /// One column of the first `rows` rows of a table or view; none where they cannot be read.
    fn values(&self, table: &str, column: &str, rows: u32) -> Option<Vec<OwnedCell>> {
        let mut values = Vec::new();
        self.each_value(table, column, rows, &mut |cell| {
            values.push(cell.into());
            ControlFlow::Continue(())
        })?;
        Some(values)
    }

    /// The properties of a table or view besides its columns, with its rows counted up to `most`. None where it
    /// cannot be read or is part of another table.
    fn profile(&self, table: &str, most: u32) -> Option<TableProfile>;
}

/// The properties of a table besides its columns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableProfile {
    /// How many rows it has.
    pub rows: u64,
    /// The definition of a view; none for a table.
    pub view: Option<String>,
    /// Columns that are unique on their own, according to an index.
    pub unique: Vec<String>,
    /// The columns by which a table is partitioned, which its primary key must therefore include.
    pub parted_by: Vec<String>,
    /// Foreign keys: the column, and the table that it refers to.
    pub references: Vec<(String, String)>,
    /// The number of files from which an import made it; 0 where it was not imported.
    pub files: usize,
}

impl dyn Snapshot {
    /// Evaluates everything at one instant. The snapshot is released once everything is read, before the expressions
    /// over subjects are evaluated.
    ///
    /// `keep` says which columns the caller wants to see; segments are always kept.
    ///
    /// # Errors
    /// See [`Snapshot::gather`].
    pub fn evaluate(
        self: Box<Self>,
        ir: &Ir,
        clock: &Clock,
        keep: Keep,
        watch: &dyn Watch,
    ) -> Result<Evaluation, EngineError> {
        let gathered = self.gather(None, ir, clock, watch)?;
        drop(self);
        let evaluation = engine::evaluate(ir, gathered, clock, keep);
        match watch.cancelled() {
            true => Err(EngineError::Cancelled),
            false => Ok(evaluation),
        }
    }
}

/// Whether a stored value is one of these keys, written as text.
fn is_one_of(cell: Cell<'_>, keys: &HashSet<&str>) -> bool {
    let text = cell.text();
    text.is_some_and(|text| keys.contains(&*text) || keys.contains(text.trim_ascii()))
}
