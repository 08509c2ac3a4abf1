//! What the reports of config need from the IR: the subjects they cover, their columns, and how fresh the data is.

mod check;

use std::time::Duration;

use super::Outputs;
use super::columns::{ColumnSource, ExportColumn, column};
use crate::config::{Attach, Config, Hold, Report};
use crate::ir::OutputId;
use crate::language::check::OutputForm;
use crate::source::Scalar;

pub(super) use check::check;

/// A report, and where an evaluation holds what it needs.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedReport {
    /// The subjects that it covers: a truth per subject; `None` for everyone.
    pub filter: Option<OutputId>,
    /// The columns of its files.
    pub columns: Vec<ExportColumn>,
    /// The collections whose freshness matters: name, maximum age of the newest row, and the instant of a subject's
    /// newest row.
    pub newest: Vec<(String, Duration, OutputId)>,
}

impl PlannedReport {
    /// Whether it needs anything that is not stored.
    pub fn asks_for_outputs(&self) -> bool {
        let evaluated = |column: &ExportColumn| matches!(column.source, ColumnSource::Output(_));
        self.filter.is_some() || !self.newest.is_empty() || self.columns.iter().any(evaluated)
    }
}

/// The reports of config. Adds the outputs that each needs.
pub(super) fn planned(config: &Config, outputs: &mut Outputs) -> Vec<PlannedReport> {
    // A problem with a collection is reported at its name, in a message of its own.
    let timed = |name: &Scalar| {
        let mut all = config.collections.iter();
        all.any(|collection| collection.name.value == name.value && collection.at.is_some())
    };
    let reports = config.reports.iter().map(|report| {
        let filter = report.filter.as_ref();
        let filter = filter.map(|filter| outputs.ask(OutputForm::Expression, filter));
        let columns = columns(config, report).iter();
        let columns = columns.map(|name| column(config, name, outputs)).collect();
        let ages = ages(report).filter(|(collection, _)| timed(collection));
        let newest = ages.map(|(collection, age)| {
            let newest = outputs.ask(OutputForm::NewestOf, collection);
            (collection.value.clone(), *age, newest)
        });
        PlannedReport {
            filter,
            columns,
            newest: newest.collect(),
        }
    });
    reports.collect()
}

/// The columns of a report's files: its own, or those of `export:`.
fn columns<'a>(config: &'a Config, report: &'a Report) -> &'a [Scalar] {
    match (report.attach, &report.columns) {
        (Attach::None, _) => &[],
        (_, Some(columns)) => columns,
        (_, None) => &config.export.columns,
    }
}

fn ages(report: &Report) -> impl Iterator<Item = &(Scalar, Duration)> {
    let hold: Option<&Hold> = report.hold.as_ref();
    hold.into_iter().flat_map(|hold| &hold.data_older_than)
}
