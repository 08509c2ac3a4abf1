//! The columns of an export: what is stored of a subject, and values evaluated at the run's instant.

use std::path::Path;

use super::{LoadError, Project, load::load_with};
use crate::catalog::Catalog;
use crate::config::{Attach, Config, HEALTH};
use crate::diagnostic::{Code, Finding};
use crate::engine::{Engine, Evaluation, Key, Problem, Watch, local::Local};
use crate::ir::NodeId;
use crate::language::ast::{Name, Span};
use crate::language::check::{Checked, MetricDefinition};
use crate::rules::{Metric, RuleSet};
use crate::source::{Commas, Entry, Location, Scalar, Sources, entries};
use crate::time::Clock;
use crate::value::Value;

use super::RunError;

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
    /// A subject's column or a metric: its node in the plan.
    Node(NodeId),
}

/// Loads everything, with config's export columns, or those of comma-separated lists, planned.
///
/// # Errors
/// See [`LoadError`]; a wrong column is told with its place.
pub async fn load_for_export(
    config: &Path,
    given: &[String],
) -> Result<(Project, Vec<ExportColumn>), LoadError> {
    let mut wanted = Vec::new();
    let project = load_with(config, None, false, |config, sources| {
        wanted = match given {
            [] => config.export.columns.clone(),
            lists => lists.iter().flat_map(|l| listed(l, sources)).collect(),
        };
        metrics(config, &wanted).collect()
    })
    .await
    .map_err(with_commas)?;
    if wanted.is_empty() {
        let finding = Finding::new(Code::InvalidValue, "`--columns` names no column");
        let finding = finding.help("write, for example, `--columns id,score`");
        return Err(LoadError::Refused(project.sources, vec![finding]));
    }
    let columns = wanted.iter().filter_map(|name| column(&project, name));
    let columns = columns.collect();
    Ok((project, columns))
}

/// Evaluates what the columns need; none where everything is stored.
///
/// # Errors
/// The database cannot be read, or `watch` asked to stop.
pub fn evaluate_columns(
    project: &Project,
    columns: &[ExportColumn],
    clock: &Clock,
    watch: &dyn Watch,
) -> Result<Option<Evaluation>, RunError> {
    let nodes = columns.iter().filter_map(|column| match column.source {
        ColumnSource::Node(node) => Some(node),
        _ => None,
    });
    let keep: Vec<NodeId> = nodes.collect();
    if keep.is_empty() {
        return Ok(None);
    }
    let mut engine = Local::open(&project.config.database)?;
    Ok(Some(engine.evaluate(&project.ir, clock, &keep, watch)?))
}

/// The columns that could not be computed, by name, and why.
pub fn stale_columns(
    columns: &[ExportColumn],
    evaluation: Option<&Evaluation>,
) -> Vec<(String, String)> {
    let stale = columns.iter().filter_map(|column| {
        let ColumnSource::Node(node) = column.source else {
            return None;
        };
        match evaluation?.kept.get(&node)? {
            Err(stale) => Some((column.name.clone(), stale.reason.clone())),
            Ok(_) => None,
        }
    });
    stale.collect()
}

/// What was wrong with the values of the columns: problems of the data that a run, which does not read them,
/// may not have told.
pub fn problems_of<'e>(
    project: &'e Project,
    columns: &'e [ExportColumn],
    evaluation: &'e Evaluation,
) -> impl Iterator<Item = &'e Problem> {
    let read: Vec<(&str, &str)> = columns
        .iter()
        .flat_map(|column| match column.source {
            ColumnSource::Node(node) => project.ir.columns_behind(node),
            _ => Vec::new(),
        })
        .collect();
    let problems = evaluation.problems.iter();
    problems.filter(move |p| read.contains(&(p.table.as_str(), p.column.as_str())))
}

/// A node's value for one subject; missing where the subject has gone since.
pub fn value_of(evaluation: &Evaluation, node: NodeId, subject: &Key) -> Value {
    let place = evaluation.subjects.place(subject);
    match (place, evaluation.kept.get(&node)) {
        (Some(place), Some(Ok(column))) => column.value(place),
        _ => Value::Missing,
    }
}

/// The names of a list as scalars of a file that stands for the command line, so that a finding can quote it.
fn listed(list: &str, sources: &mut Sources) -> Vec<Scalar> {
    let file = sources.add(Path::new(COLUMNS_OPTION), list.to_string());
    let named = entries(list, Commas::Nest).into_iter();
    let named = named.filter(|entry| !entry.value.is_empty());
    let scalar = |entry: Entry| Scalar {
        value: entry.value,
        location: Location {
            file,
            start: entry.range.start,
            end: entry.range.end,
        },
    };
    named.map(scalar).collect()
}

/// Says how a name with a comma is written, where an unknown name may be a part of one.
fn with_commas(error: LoadError) -> LoadError {
    let LoadError::Refused(sources, mut findings) = error else {
        return error;
    };
    for finding in &mut findings {
        let place = finding.location.and_then(|at| sources.get(at.file));
        let list = place.filter(|file| file.path == Path::new(COLUMNS_OPTION));
        let known = finding.help.as_deref().unwrap_or_default();
        if list.is_some_and(|list| list.text.contains(',')) && !known.contains("did you mean") {
            let quotes = "what has a comma itself stands in double quotes: 'id,\"a, b\"'";
            finding.help = Some(match known {
                "" => quotes.to_owned(),
                known => format!("{known}; {quotes}"),
            });
        }
    }
    LoadError::Refused(sources, findings)
}

/// What config's columns need, to be checked whatever is exported, and what those of a command need.
pub(super) fn metrics<'a>(
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
        if columns.contains_key(&metric.text.value) {
            let name = Name {
                text: metric.text.value.clone(),
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
        _ if name == key => ColumnSource::Key,
        _ if label.is_some_and(|label| label.value == name) => ColumnSource::Label,
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

/// The option as a file's name: findings quote it as they quote config.
const COLUMNS_OPTION: &str = "--columns";

/// Begins a name that no rule file can define: names have no blanks.
const COLUMN: &str = "column ";

fn metric_name(column: &Scalar) -> String {
    format!("{COLUMN}{}", column.value)
}

fn is_column(name: &Scalar) -> bool {
    name.value.starts_with(COLUMN)
}

/// A column as it was planned; none where it was not.
pub(super) fn column(project: &Project, name: &Scalar) -> Option<ExportColumn> {
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
