//! The columns of exports and of reports' files: what is stored of a subject, and values evaluated at the run's instant.

use super::Outputs;
use crate::config::{Attach, Config, HEALTH};
use crate::diagnostic::{Code, Finding};
use crate::ir::OutputId;
use crate::language::check::{Checked, MetricDefinition, Output, OutputForm};
use crate::source::Scalar;

/// The column of when they entered the segment that an export is of.
pub const ENTERED_AT: &str = "entered_at";

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
    /// A subject's column or a metric.
    Output(OutputId),
}

/// Everything that is wrong with the columns of exports and of reports, apart from what is wrong with any
/// expression.
pub(super) fn check(config: &Config, outputs: &[Output], checked: &Checked) -> Vec<Finding> {
    let outputs = outputs.iter().zip(&checked.outputs);
    let rows = outputs.filter_map(|(output, definition)| match definition {
        MetricDefinition::Row(_) if output.form == OutputForm::Column => Some(&output.text),
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

/// Whether a column of this name is what a run stores, whatever else has the name.
pub fn is_kept(name: &str) -> bool {
    stored(name, "", None, true).is_some()
}

/// What a column that a run stores tells, in words; none of others, and of the subject's own.
pub fn meaning(name: &str) -> Option<&'static str> {
    Some(match stored(name, "", None, true)? {
        ColumnSource::Health => "the health score, from 0 to 100",
        ColumnSource::Reasons => "what costs points of the health score, in words",
        ColumnSource::Score => "the sum of the weights of its segments",
        ColumnSource::Rank => "its place in the list",
        ColumnSource::Segments => "the ids of its segments",
        ColumnSource::EnteredAt => "when it came into the segment",
        ColumnSource::Key | ColumnSource::Label | ColumnSource::Output(_) => return None,
    })
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
        ENTERED_AT => ColumnSource::EnteredAt,
        // SQLite does not tell columns apart by case.
        _ if name.eq_ignore_ascii_case(key) => ColumnSource::Key,
        _ if label.is_some_and(|label| label.value.eq_ignore_ascii_case(name)) => {
            ColumnSource::Label
        }
        _ => return None,
    })
}

/// A column of a file; asks for what is not stored of it.
pub fn column(config: &Config, name: &Scalar, outputs: &mut Outputs) -> ExportColumn {
    let key = &config.subject.key;
    // Of several columns, the label is none of them.
    let label = match config.subject.label.as_slice() {
        [label] => Some(label),
        _ => None,
    };
    let source = stored(&name.value, &key.value, label, config.health.is_some());
    let label = label_of(&name.value, config);
    ExportColumn {
        name: name.value.clone(),
        label: label.unwrap_or(bare(&name.value)).to_owned(),
        source: source
            .unwrap_or_else(|| ColumnSource::Output(outputs.ask(OutputForm::Column, name))),
    }
}

/// What config calls a column in files, whatever its case there.
fn label_of<'c>(name: &str, config: &'c Config) -> Option<&'c str> {
    let labels = &config.export.labels;
    let alike = || {
        let mut labels = labels.iter();
        let found = labels.find(|(column, _)| column.eq_ignore_ascii_case(name));
        found.map(|(_, label)| label)
    };
    labels.get(name).or_else(alike).map(String::as_str)
}

/// A name without the backticks that it may stand in.
fn bare(name: &str) -> &str {
    let inside = name.strip_prefix('`').and_then(|n| n.strip_suffix('`'));
    inside
        .filter(|inside| !inside.contains('`'))
        .unwrap_or(name)
}
