//! The columns of an export: what is stored of a subject, and values evaluated at the run's instant.

use std::path::Path;

use super::{LoadError, Project, load::load_with};
use crate::config::{Config, HEALTH};
use crate::engine::{Engine, Evaluation, Key, Problem, Watch, local::Local};
use crate::plan::NodeId;
use crate::rules::Metric;
use crate::source::{Location, Scalar, Sources};
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

/// Loads everything, with config's export columns, or those of a comma-separated list, planned.
///
/// # Errors
/// See [`LoadError`]; a wrong column is told with its place.
pub async fn load_for_export(
    config: &Path,
    given: Option<&str>,
) -> Result<(Project, Vec<ExportColumn>), LoadError> {
    let mut wanted = Vec::new();
    let project = load_with(config, None, false, |config, sources| {
        wanted = match given {
            Some(list) => listed(list, sources),
            None => config.export.columns.clone(),
        };
        let evaluated = wanted.iter().filter(|name| !is_stored(config, name));
        evaluated.map(column_metric).collect()
    })
    .await?;
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
    Ok(Some(engine.evaluate(&project.plan, clock, &keep, watch)?))
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
            ColumnSource::Node(node) => project.plan.columns_behind(node),
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
    let file = sources.add(Path::new("--columns"), list.to_string());
    let mut start = 0;
    let mut names = Vec::new();
    for part in list.split(',') {
        let name = part.trim();
        let from = start + (part.len() - part.trim_start().len());
        start += part.len() + 1;
        if !name.is_empty() {
            names.push(Scalar {
                value: name.to_string(),
                location: Location {
                    file,
                    start: from,
                    end: from + name.len(),
                },
            });
        }
    }
    names
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
pub(super) fn is_stored(config: &Config, name: &Scalar) -> bool {
    let (key, label) = (&config.subject.key, config.subject.label.as_ref());
    let scored = config.health.is_some();
    stored(&name.value, &key.value, label, scored).is_some()
}

/// The metric that computes a column.
pub(super) fn column_metric(name: &Scalar) -> Metric {
    Metric {
        name: Scalar {
            value: metric_name(name),
            location: name.location,
        },
        text: name.clone(),
    }
}

/// A name that no rule file can define: names have no blanks.
fn metric_name(column: &Scalar) -> String {
    format!("column {}", column.value)
}

/// A column as it was planned; none where it was not.
pub(super) fn column(project: &Project, name: &Scalar) -> Option<ExportColumn> {
    let subject = &project.config.subject;
    let planned = metric_name(name);
    let node = || {
        let mut metrics = project.plan.metrics.iter();
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
    Some(ExportColumn {
        name: name.value.clone(),
        label: labels.get(&name.value).unwrap_or(&name.value).clone(),
        source,
    })
}
