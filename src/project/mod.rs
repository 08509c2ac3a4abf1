//! Config and rules, loaded and checked against the database's columns: what every command starts from.

mod compile;
mod expressions;
mod load;
mod outputs;
mod published;
mod trying;
mod unfilled;
mod unread;

pub mod columns;
pub mod reports;

pub use compile::{Asked, Refused, Remembered, Written, compile};
pub use expressions::Owner;
pub use load::{
    Further, Known, compile_now, digest, known, load, load_beside, load_draft, load_further,
    load_kept, load_over, load_with, load_with_reports, load_without_rules, not_imported, read,
    remembered,
};
pub use outputs::Outputs;
pub use published::{load_published, sources};

use crate::catalog::{Catalog, Entity, Schema};
use crate::config::Config;
use crate::diagnostic::Finding;
use crate::ir::{self, Ir, NodeId, Request};
use crate::language::Names;
use crate::language::check::Checked;
use crate::lint::{Allowing, Compiled};
use crate::lists::List;
use crate::rules::RuleSet;
use crate::source::Sources;

/// Config and rules, loaded and checked against the real database: what every command starts from.
#[derive(Debug)]
pub struct Project {
    /// The files, for quoting.
    pub sources: Sources,
    /// The configuration.
    pub config: Config,
    pub rules: RuleSet,
    /// The vocabulary.
    pub catalog: Catalog,
    /// The contents of config's lists.
    pub lists: Vec<List>,
    /// The typed conditions.
    pub checked: Checked,
    /// The names in all conditions, including those of wrong ones.
    pub names: Names,
    /// What a run has to compute.
    pub ir: Ir,
    /// What the reports of config need from the IR, in order; empty if it was not requested.
    pub reports: Vec<reports::PlannedReport>,
    /// The database's columns.
    pub schema: Schema,
    /// What the last published run left.
    pub remembered: Remembered,
    /// Everything that was found. If any of it is an error, the project is partial, and no command uses it.
    pub findings: Vec<Finding>,
}

impl Project {
    /// Lowers something else of what was checked.
    pub fn lower(&self, request: &Request) -> Ir {
        ir::lower(&self.rules, &self.checked, &self.catalog, request)
    }

    /// Compiles other rules against the same columns and the same last run, without what reports need.
    ///
    /// # Errors
    /// See [`compile`].
    pub fn compile_beside(&self, written: Written) -> Result<Self, Refused> {
        let mut other = compile(written, &self.schema, &self.remembered, Asked::default())?;
        other.catalog.trust.present = self.catalog.trust.present;
        other.ir.trust.present = self.ir.trust.present;
        Ok(other)
    }

    /// The places where findings can be allowed.
    pub fn allowing(&self) -> Allowing<'_> {
        Allowing {
            sources: &self.sources,
            config: &self.config,
            rules: &self.rules,
        }
    }

    /// Whether a private column is read for any of these nodes of the subject program.
    pub fn reads_private(&self, nodes: impl IntoIterator<Item = NodeId>) -> bool {
        let catalog = &self.catalog;
        let read = self.ir.columns_read(nodes);
        let is_private = |entity: &Entity, column| catalog.is_private_of(entity, column);
        let mut of_subject = read.subject.iter();
        let mut of_rows = read.collections.iter();
        of_subject.any(|column| is_private(&catalog.subject, column))
            || of_rows.any(|(id, columns)| {
                let collection = catalog.collections.get(*id);
                collection.is_some_and(|collection| {
                    let mut columns = columns.iter();
                    columns.any(|column| is_private(&collection.entity, column))
                })
            })
    }

    /// What lints examine.
    pub fn compiled(&self) -> Compiled<'_> {
        Compiled {
            sources: &self.sources,
            config: &self.config,
            rules: &self.rules,
            catalog: &self.catalog,
            lists: &self.lists,
            checked: &self.checked,
            ir: &self.ir,
        }
    }
}

/// Why there is no project.
#[derive(Debug)]
pub enum LoadError {
    /// The input is wrong (exit 2): everything found, and the files to quote.
    Refused(Sources, Vec<Finding>),
    /// The environment is wrong (exit 3): the reason in words.
    World(String),
}

impl LoadError {
    /// The reason in words; if there are several findings, that of the first error.
    pub fn into_reason(self) -> String {
        match self {
            Self::World(reason) => reason,
            Self::Refused(_, findings) => {
                let first = findings.into_iter().find(Finding::is_error);
                first.map_or_else(String::new, |finding| finding.message)
            }
        }
    }
}

/// Runs long work without blocking the runtime's other tasks, if the runtime has threads for that.
pub(crate) fn blocking<T>(work: impl FnOnce() -> T) -> T {
    use tokio::runtime::{Handle, RuntimeFlavor};
    match Handle::current().runtime_flavor() {
        RuntimeFlavor::CurrentThread => work(),
        _ => tokio::task::block_in_place(work),
    }
}
