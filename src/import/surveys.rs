//! The first readings of all tables, ahead of the second ones: while a table is written, the next one is surveyed.

use std::collections::BTreeSet;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use super::ImportError;
use super::by_table::{Apart, Work};
use super::part::Part;
use super::survey::Survey;
use crate::config::FileSet;
use crate::engine::Watch;

/// The messages about files, apart from the tables that are made of them.
#[derive(Default)]
pub(super) struct Said {
    /// The names of files that hold nothing, each with its table.
    pub(super) empty: Vec<(String, String)>,
    pub(super) apart: Vec<Apart>,
    /// Lines about what is not read.
    pub(super) left_out: Vec<String>,
    /// Those of the lines that need attention, as nothing tells whether the latest file is read.
    pub(super) doubts: Vec<String>,
}

/// What is done with each table once its contents are known.
type Write<'w> = &'w mut dyn FnMut(Part<'_>, &Survey) -> Result<(), ImportError>;

/// Surveys every table, and writes each on this thread while another thread surveys the next one.
///
/// # Errors
/// Files cannot be read or interpreted, `write` failed, or `watch` ended it.
pub(super) fn each_surveyed(
    work: Vec<Work<'_>>,
    set: &FileSet,
    watch: &dyn Watch,
    write: Write<'_>,
) -> Result<Said, ImportError> {
    let beside = Beside {
        watch,
        is_writing: AtomicBool::new(false),
        is_over: AtomicBool::new(false),
    };
    let beside = &beside;
    thread::scope(|scope| {
        // The channel has no buffer: at most two tables are open at once.
        let (surveyed, to_write) = sync_channel(0);
        let surveying = scope.spawn(move || survey_all(work, set, beside, &surveyed));
        for (part, found) in to_write {
            beside.is_writing.store(true, Ordering::Relaxed);
            let written = write(part, &found);
            beside.is_writing.store(false, Ordering::Relaxed);
            if written.is_err() {
                beside.is_over.store(true, Ordering::Relaxed);
            }
            written?;
        }
        surveying
            .join()
            .unwrap_or_else(|panic| resume_unwind(panic))
    })
}

fn survey_all<'f>(
    work: Vec<Work<'f>>,
    set: &FileSet,
    watch: &'f dyn Watch,
    surveyed: &SyncSender<(Part<'f>, Survey)>,
) -> Result<Said, ImportError> {
    let mut said = Said::default();
    let tables = work.iter().flat_map(Work::tables).cloned();
    let mut taken: BTreeSet<String> = tables.collect();
    for work in work {
        let opened = work.open(&set.keys, &mut taken, watch)?;
        said.empty.extend(opened.empty);
        said.apart.extend(opened.apart);
        said.left_out.extend(opened.left_out);
        said.left_out.extend(opened.doubted.iter().cloned());
        said.doubts.extend(opened.doubted);
        for part in opened.parts {
            let mut keys = set.keys.iter();
            let key = keys.find(|(table, _)| table.eq_ignore_ascii_case(&part.table));
            let name = (part.name(), part.table.clone());
            let is_sheet = part.is_sheet() && !part.is_together();
            match part.surveyed(key.map(|(_, key)| key.as_str()), watch)? {
                Some(found) => {
                    // The receiver is gone if another table could not be written.
                    if surveyed.send(found).is_err() {
                        return Ok(said);
                    }
                }
                None if is_sheet => {}
                None => said.empty.push(name),
            }
        }
    }
    Ok(said)
}

/// Watches the survey of tables next to one that is being written: only the progress of the latter is shown.
struct Beside<'w> {
    watch: &'w dyn Watch,
    is_writing: AtomicBool,
    /// Whether a table could not be written.
    is_over: AtomicBool,
}

impl Watch for Beside<'_> {
    fn progress(&self, table: &str, rows: u64, of: Option<u64>) {
        if !self.is_writing.load(Ordering::Relaxed) {
            self.watch.progress(table, rows, of);
        }
    }

    fn cancelled(&self) -> bool {
        self.is_over.load(Ordering::Relaxed) || self.watch.cancelled()
    }
}
