//! Data that does not fit into memory: nobody is counted in it.

use std::time::{Duration, Instant};

use super::data::MEMORY;
use crate::config::Database;
use crate::engine;
use crate::ir::ColumnsRead;
use crate::project::Project;

/// What does not fit is tried again after so many times as long as it took to find that out, as soon as something has changed,
const RARELY: u32 = 10;
/// and after this long at least.
const LEAST: Duration = Duration::from_secs(2);

/// That it does not fit, and what was asked of it.
#[derive(Debug)]
pub(super) struct TooLarge {
    database: Database,
    /// How many bytes were allowed.
    most: u64,
    read: ColumnsRead,
    /// Why nobody is counted, in words.
    pub reason: String,
    at: Instant,
    took: Duration,
}

impl TooLarge {
    /// The data of a project does not fit because of a table, which took so long to find out.
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

    /// Whether there is no reason to think that the data of a project fits by now.
    pub(super) fn holds(&self, project: &Project, most: u64) -> bool {
        (&self.database, self.most) == (&project.config.database, most)
            && reads_as_much(&read(project), &self.read)
            && !self.is_due()
    }

    /// Whether it was tried so long ago that it may be tried again.
    pub(super) fn is_due(&self) -> bool {
        self.at.elapsed() >= (self.took * RARELY).max(LEAST)
    }
}

/// The columns that a project reads, whatever it compares them with.
fn read(project: &Project) -> ColumnsRead {
    let ir = &project.ir;
    ColumnsRead {
        constants: Vec::new(),
        ..ir.columns_read(ir.program.nodes.ids())
    }
}

/// Whether all columns are read that were read then.
fn reads_as_much(now: &ColumnsRead, then: &ColumnsRead) -> bool {
    let mut collections = then.collections.iter();
    now.subject.is_superset(&then.subject)
        && collections.all(|(collection, columns)| {
            let read = now.collections.get(collection);
            read.is_some_and(|read| read.is_superset(columns))
        })
}
