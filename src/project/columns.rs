//! The columns of exports and of reports' files: what is stored of a subject, and values evaluated at the run's instant.

use super::Project;
use crate::catalog::Catalog;
use crate::config::{Attach, Config, HEALTH};
use crate::diagnostic::{Code, Finding};
use crate::ir::NodeId;
use crate::language::ast::{Name, Span};
use crate::language::check::{Checked, MetricDefinition};
use crate::rules::{Metric, RuleSet};
use crate::source::Scalar;

/// One column of an export.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportColumn {
    /// As config or the command line names it.
    pub name: String,
    /// Its header.
    pub label: String,
    /// Where its values come from.
    pub source: ColumnSource,
}

/// Where a column's values come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnSource {
    /// The subject's key.
    Key,
    /// The label.
    Label,
    /// The sum of the weights of its segments.
    Score,
    /// Its place in the list.
    Rank,
    /// The ids of its segments.
    Segments,
    /// How it is doing, from 0 to 100.
    Health,
    /// What costs it points, in words.
    Reasons,
    /// When it entered the exported segment.
    EnteredAt,
    /// A subject's column or a metric: its node in the IR.
    Node(NodeId),
}

/// What config's columns need, to be checked whatever is exported, and what those of a command need.
pub fn metrics<'a>(
    config: &'a Config,
    columns: &'a [Scalar],
) -> impl Iterator<Item = Metric> + use<'a> {
    let evaluated = columns.iter().filter(|name| !is_stored(config, name));
    evaluated.map(column_metric)
}

/// Lets a column be named as the database names it: what is no name in the language stands in backticks there.
pub(super) fn name_columns(metrics: &mut [Metric], catalog: &Catalog) {
    let columns = &catalog.subject.columns;
    for metric in metrics.iter_mut().filter(|metric| is_column(&metric.name)) {
        let column = columns
            .keys()
            .find(|column| column.eq_ignore_ascii_case(&metric.text.value));
        if let Some(column) = column {
            let name = Name {
                text: column.clone(),
                span: Span::default(),
            };
            metric.text.value = name.to_string();
        }
    }
}

/// Everything that is wrong with the columns of exports and of reports, apart from what is wrong with any
/// expression.
pub(super) fn check(config: &Config, rules: &RuleSet, checked: &Checked) -> Vec<Finding> {
    let metrics = rules.metrics.iter().zip(&checked.metrics);
    let rows = metrics.filter_map(|(metric, checked)| match &checked.definition {
        MetricDefinition::Row(_) if is_column(&metric.name) => Some(&metric.text),
        _ => None,
    });
    let rows = rows.map(|text| {
        let message = format!("`{0}` is a whole row, not a value", text.value);
        let finding = Finding::new(Code::RowAsValue, message).at(text.location);
        finding.help(format!(
            "name one of its columns, for example `{}.at`",
            text.value
        ))
    });
    let nothing = |whose: String| {
        let message = format!("`columns` of {whose} names no column, so a file would have none");
        let finding = Finding::new(Code::InvalidValue, message);
        finding.help("name at least one, or leave `columns:` out")
    };
    let export = config.export.columns.is_empty();
    let export = export.then(|| nothing("`export:`".to_owned()));
    let reports = config.reports.iter().filter(|report| {
        let own = report
            .columns
            .as_ref()
            .filter(|_| report.attach != Attach::None);
        own.is_some_and(Vec::is_empty)
    });
    let reports = reports.map(|report| {
        let finding = nothing(format!("the report `{}`", report.id.value));
        finding.at(report.id.location)
    });
    rows.chain(export).chain(reports).collect()
}

/// The source of a column whose values a run stores. Without a health score, `health` and `reasons` may be
/// columns or metrics.
fn stored(name: &str, key: &str, label: Option<&Scalar>, scored: bool) -> Option<ColumnSource> {
    Some(match name {
        HEALTH if scored => ColumnSource::Health,
        "reasons" if scored => ColumnSource::Reasons,
        "score" => ColumnSource::Score,
        "rank" => ColumnSource::Rank,
        "segments" => ColumnSource::Segments,
        "entered_at" => ColumnSource::EnteredAt,
        // SQLite does not tell columns apart by case.
        _ if name.eq_ignore_ascii_case(key) => ColumnSource::Key,
        _ if label.is_some_and(|label| label.value.eq_ignore_ascii_case(name)) => {
            ColumnSource::Label
        }
        _ => return None,
    })
}

/// Whether a column needs no evaluation.
fn is_stored(config: &Config, name: &Scalar) -> bool {
    let (key, label) = (&config.subject.key, config.subject.label.as_ref());
    let scored = config.health.is_some();
    stored(&name.value, &key.value, label, scored).is_some()
}

/// The metric that computes a column.
fn column_metric(name: &Scalar) -> Metric {
    Metric {
        name: Scalar {
            value: metric_name(name),
            location: name.location,
        },
        text: name.clone(),
    }
}

/// Begins a name that no rule file can define: names have no blanks.
const COLUMN: &str = "column ";

fn metric_name(column: &Scalar) -> String {
    format!("{COLUMN}{}", column.value)
}

fn is_column(name: &Scalar) -> bool {
    name.value.starts_with(COLUMN)
}

/// A column as it was planned; none where it was not.
pub fn column(project: &Project, name: &Scalar) -> Option<ExportColumn> {
    let subject = &project.config.subject;
    let planned = metric_name(name);
    let node = || {
        let mut metrics = project.ir.metrics.iter();
        metrics.find(|metric| metric.name == planned)?.node
    };
    let scored = project.config.health.is_some();
    let source = stored(
        &name.value,
        &subject.key.value,
        subject.label.as_ref(),
        scored,
    )
    .or_else(|| node().map(ColumnSource::Node))?;
    let labels = &project.config.export.labels;
    let label = labels.get(&name.value).map_or(bare(&name.value), |l| l);
    Some(ExportColumn {
        name: name.value.clone(),
        label: label.to_owned(),
        source,
    })
}

/// A name without the backticks that it may stand in.
fn bare(name: &str) -> &str {
    let inside = name.strip_prefix('`').and_then(|n| n.strip_suffix('`'));
    inside
        .filter(|inside| !inside.contains('`'))
        .unwrap_or(name)
}
