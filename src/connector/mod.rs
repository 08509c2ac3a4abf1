//! The database that is segmented, behind one door: nothing outside this room opens it.
//!
//! A [`Connector`] knows where the data is; a [`Snapshot`] is one state of it. What is read row by row, whatever
//! lends the rows, goes through [`crate::engine::gather`], so that a dirty cell means the same everywhere.

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

/// How a command comes by its connector: decided at the top, once config is read.
pub type Connect = fn(&Config) -> Box<dyn Connector>;

/// More threads than this mostly wait for the disk and for each other.
const MOST_THREADS: usize = 16;

/// A server has others to serve: it is asked for no more connections than this, unless config says otherwise.
const MOST_SESSIONS: usize = 4;

/// The connector of the database that config names. Opens nothing yet.
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

/// Where data can be read.
pub trait Connector: Debug + Send + Sync {
    /// Pins one state of the data, until the snapshot is dropped. Writers may be blocked until then.
    ///
    /// # Errors
    /// The database cannot be opened or read.
    fn snapshot(&self) -> Result<Box<dyn Snapshot>, EngineError>;

    /// Watches the data for changes. Keeps nobody from reading or writing, but may hold what a database's settings depend
    /// on: a SQLite file in WAL mode cannot leave that mode meanwhile.
    ///
    /// # Errors
    /// The database cannot be opened or read.
    fn sentinel(&self) -> Result<Box<dyn Sentinel>, EngineError>;
}

/// Tells whether the data has changed.
pub trait Sentinel: Debug + Send {
    /// The number of the state that the data is in: another one after each change, and now and then without one. None
    /// where that cannot be told at the moment. Waits for nobody.
    fn state(&mut self) -> Option<u64>;
}

/// One state of the data: whatever is asked of it, the answers belong together.
pub trait Snapshot: Debug {
    /// Its tables and columns.
    ///
    /// # Errors
    /// It cannot be read.
    fn schema(&self) -> Result<Schema, EngineError>;

    /// Reads what an IR needs, as of an instant; what is `kept` of the same state is not read again, and what is read is
    /// kept.
    ///
    /// # Errors
    /// It cannot be read, the subject's table is unusable, or `watch` asked to stop.
    fn gather(
        &self,
        kept: Option<&mut Kept>,
        ir: &Ir,
        clock: &Clock,
        watch: &dyn Watch,
    ) -> Result<Gathered, EngineError>;

    /// What a server that aggregates by itself cannot tell exactly, so that rows are read one by one, each with the reason, as far
    /// as that is known before it is asked. Nothing where rows are read in any case.
    fn by_rows(&self, ir: &Ir, clock: &Clock) -> Vec<String> {
        let _ = (ir, clock);
        Vec::new()
    }

    /// Whether a row of a table has this key: the text, or the whole number that the text writes.
    ///
    /// # Errors
    /// There is no such table or column, or it cannot be read.
    fn has_key(&self, table: &str, column: &str, key: &str) -> Result<bool, EngineError>;

    /// These columns of the rows of a table or view that have one of these keys in a column, in the order of the table;
    /// a key is the text, or the whole number that the text writes.
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

    /// Whether the database itself sees to it that no two rows of a table have the same in a column; false where that cannot
    /// be told.
    fn is_unique(&self, table: &str, column: &str) -> bool {
        let _ = (table, column);
        false
    }

    /// How many rows a table or view has, counted to `most` at most; 0 where it cannot be read.
    fn row_count(&self, table: &str, most: u32) -> u64;

    /// The different texts of a table's column, without empty ones; none where there are more than
    /// `most`, where the table has more than `rows` rows, where it is no table but a view, which may take
    /// long, and where there is no such column. Numbers are given as texts.
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

    /// These columns of a table's first `rows` rows; nothing where it is no table but a view, which may take long, and
    /// where there are no such columns.
    ///
    /// # Errors
    /// Nothing at all can be read.
    fn first_rows(
        &self,
        table: &str,
        columns: &[&str],
        rows: u32,
    ) -> Result<Vec<Vec<OwnedCell>>, EngineError>;

    /// These columns of every `step`th among the first `rows` rows of a table or view; none where they cannot be
    /// read.
    fn sample(
        &self,
        table: &str,
        columns: &[&str],
        rows: u32,
        step: u64,
    ) -> Option<Vec<Vec<OwnedCell>>>;

    /// Lends one column of the first `rows` rows of a table or view to `see`, a value after the other, until that breaks;
    /// none where they cannot be read, or not to the end.
    fn each_value(
        &self,
        table: &str,
        column: &str,
        rows: u32,
        see: &mut dyn FnMut(Cell<'_>) -> ControlFlow<()>,
    ) -> Option<()> {
        let sampled = self.sample(table, &[column], rows, 1)?;
        let mut cells = sampled.iter().flatten();
        // Whether it broke or not, what was asked for has been lent.
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

    /// What a table or view is beside its columns, its rows counted to `most` at most; none where it cannot be
    /// read, or is a part of another.
    fn profile(&self, table: &str, most: u32) -> Option<TableProfile>;
}

/// A table beside its columns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableProfile {
    /// How many rows it has.
    pub rows: u64,
    /// The definition of a view; none for a table.
    pub view: Option<String>,
    /// Columns that are unique by themselves, by the word of an index.
    pub unique: Vec<String>,
    /// The columns by which a table is partitioned, so that its primary key has to have them.
    pub parted_by: Vec<String>,
    /// Columns that point at another table's key: the column, the table.
    pub references: Vec<(String, String)>,
    /// How many files an import made it of; 0 where none did.
    pub files: usize,
}

impl dyn Snapshot {
    /// Evaluates everything at one instant. The snapshot is let go once everything is read, before the
    /// expressions over subjects are evaluated.
    ///
    /// `keep` tells whose columns the caller wants to see; segments are always kept.
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

/// Whether a stored value is one of these keys, as whoever reads it would write it.
fn is_one_of(cell: Cell<'_>, keys: &HashSet<&str>) -> bool {
    let text = cell.text();
    text.is_some_and(|text| keys.contains(&*text) || keys.contains(text.trim_ascii()))
}
