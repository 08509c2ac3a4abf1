//! Data that does not fit into memory: nothing is counted in it.

use std::time::{Duration, Instant};

use super::data::MEMORY;
use crate::config::Database;
use crate::engine;
use crate::ir::ColumnsRead;
use crate::project::Project;

/// The retry interval for data that does not fit, as a multiple of the time it took to find that out (once something
/// has changed),
const RARELY: u32 = 10;
/// and the minimum interval.
const LEAST: Duration = Duration::from_secs(2);

/// Records that data does not fit, and what was read of it.
#[derive(Debug)]
pub(super) struct TooLarge {
    database: Database,
    /// The maximum number of bytes allowed.
    most: u64,
    read: ColumnsRead,
    /// Why nothing is counted, in words.
    pub reason: String,
    at: Instant,
    took: Duration,
}

impl TooLarge {
    /// Records that the data of a project does not fit because of a table, which took `took` to find out.
    pub(super) fn of(project: &Project, table: &engine::TooLarge, took: Duration) -> Self {
        let megabytes = |bytes: u64| bytes.div_ceil(1_000_000);
        let (needed, allowed) = (megabytes(table.bytes), megabytes(table.most));
        Self {
            database: project.config.database.clone(),
            most: table.most,
            read: read(project),
            reason: format!(
                "`{}` would take {needed} MB of memory, and {MEMORY} allows {allowed} MB",
                table.table
            ),
            at: Instant::now(),
            took,
        }
    }

    /// Whether nothing suggests that the data of a project fits by now.
    pub(super) fn holds(&self, project: &Project, most: u64) -> bool {
        (&self.database, self.most) == (&project.config.database, most)
            && reads_as_much(&read(project), &self.read)
            && !self.is_due()
    }

    /// Whether the retry interval has passed.
    pub(super) fn is_due(&self) -> bool {
        self.at.elapsed() >= (self.took * RARELY).max(LEAST)
    }
}

/// The columns that a project reads, regardless of what it compares them with.
fn read(project: &Project) -> ColumnsRead {
    let ir = &project.ir;
    ColumnsRead {
        constants: Vec::new(),
        ..ir.columns_read(ir.program.nodes.ids())
    }
}

/// Whether all columns read then are still read.
fn reads_as_much(now: &ColumnsRead, then: &ColumnsRead) -> bool {
    let mut collections = then.collections.iter();
    now.subject.is_superset(&then.subject)
        && collections.all(|(collection, columns)| {
            let read = now.collections.get(collection);
            read.is_some_and(|read| read.is_superset(columns))
        })
}
