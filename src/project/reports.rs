//! What the reports of config need of the IR: whom they tell about, their columns, how fresh the data is.

mod check;

use std::time::Duration;

use super::columns::{self as named, ExportColumn, column};
use super::{Project, load::load_with};
use crate::config::{Attach, Config, Hold, Report};
use crate::connector::Connect;
use crate::ir::NodeId;
use crate::rules::Metric;
use crate::source::Scalar;

pub(super) use check::check;

/// A report and where the IR computes what it needs.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedReport {
    /// Whom it tells about: a truth per subject; none for everyone.
    pub filter: Option<NodeId>,
    /// The columns of its files.
    pub columns: Vec<ExportColumn>,
    /// The collections whose age matters: name, how old their newest row may be, and a subject's newest
    /// row's instant.
    pub newest: Vec<(String, Duration, NodeId)>,
}

/// Loads everything as [`super::load`] does, with what the reports need planned.
///
/// # Errors
/// See [`super::LoadError`].
pub async fn load_with_reports(
    config: &std::path::Path,
    connect: Connect,
) -> Result<Project, super::LoadError> {
    load_with(config, None, true, connect, |_, _| Vec::new()).await
}

/// A report as it is planned; the project must have been loaded by [`load_with_reports`].
pub fn planned(project: &Project, report: &Report) -> PlannedReport {
    let node = |name: &str| {
        let mut metrics = project.ir.metrics.iter();
        metrics.find(|metric| metric.name == name)?.node
    };
    let newest = ages(report).filter_map(|(collection, age)| {
        let node = node(&newest_metric(&collection.value))?;
        Some((collection.value.clone(), *age, node))
    });
    let columns = columns(&project.config, report).iter();
    PlannedReport {
        filter: node(&filter_metric(report)),
        columns: columns.filter_map(|name| column(project, name)).collect(),
        newest: newest.collect(),
    }
}

/// The metrics that the reports need. No rule file can define their names, which have blanks.
pub(super) fn metrics(config: &Config) -> impl Iterator<Item = Metric> {
    let reports = config.reports.iter();
    reports.flat_map(|report| metrics_of(config, report))
}

fn metrics_of<'a>(config: &'a Config, report: &'a Report) -> Vec<Metric> {
    let filter = report.filter.iter().map(|filter| Metric {
        name: named(filter_metric(report), filter),
        text: filter.clone(),
    });
    let columns = named::metrics(config, columns(config, report));
    // What is wrong with a collection is told at its name, in words of its own.
    let timed = |name: &Scalar| {
        let mut all = config.collections.iter();
        all.any(|collection| collection.name.value == name.value && collection.at.is_some())
    };
    let ages = ages(report).filter(|(collection, _)| timed(collection));
    let ages = ages.map(|(collection, _)| Metric {
        name: named(newest_metric(&collection.value), collection),
        text: Scalar {
            value: format!("max({}.at)", collection.value),
            location: collection.location,
        },
    });
    filter.chain(columns).chain(ages).collect()
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

fn named(name: String, like: &Scalar) -> Scalar {
    Scalar {
        value: name,
        location: like.location,
    }
}

fn filter_metric(report: &Report) -> String {
    format!("where of {}", report.id.value)
}

fn newest_metric(collection: &str) -> String {
    format!("newest of {collection}")
}
