//! The columns of exports and of report files: stored facts about a subject, and values evaluated at the run's instant.

use super::Outputs;
use crate::config::{Attach, Config, HEALTH};
use crate::diagnostic::{Code, Finding};
use crate::ir::OutputId;
use crate::language::check::{Checked, MetricDefinition, Output, OutputForm};
use crate::source::Scalar;

/// The column with the time at which a subject entered the exported segment.
pub const ENTERED_AT: &str = "entered_at";

/// One column of an export.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportColumn {
    /// Its name in config or on the command line.
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
    /// The sum of the weights of the subject's segments.
    Score,
    /// The subject's place in the list.
    Rank,
    /// The ids of the subject's segments.
    Segments,
    /// The subject's health score, from 0 to 100.
    Health,
    /// The reasons for lost points, in words.
    Reasons,
    /// When the subject entered the exported segment.
    EnteredAt,
    /// A subject's column or a metric.
    Output(OutputId),
}

/// Everything that is wrong with the columns of exports and reports, apart from errors that any expression may have.
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

/// Whether a run stores a column of this name, whatever else has the same name.
pub fn is_kept(name: &str) -> bool {
    stored(name, "", None, true).is_some()
}

/// The meaning of a column that a run stores, in words; `None` for other columns, and for the subject's own.
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

/// The source of a column whose values a run stores. Without a health score, `health` and `reasons` may be columns or
/// metrics.
fn stored(name: &str, key: &str, label: Option<&Scalar>, scored: bool) -> Option<ColumnSource> {
    Some(match name {
        HEALTH if scored => ColumnSource::Health,
        "reasons" if scored => ColumnSource::Reasons,
        "score" => ColumnSource::Score,
        "rank" => ColumnSource::Rank,
        "segments" => ColumnSource::Segments,
        ENTERED_AT => ColumnSource::EnteredAt,
        // SQLite's column names are case-insensitive.
        _ if name.eq_ignore_ascii_case(key) => ColumnSource::Key,
        _ if label.is_some_and(|label| label.value.eq_ignore_ascii_case(name)) => {
            ColumnSource::Label
        }
        _ => return None,
    })
}

/// A column of a file. Adds an output for a column that is not stored.
pub fn column(config: &Config, name: &Scalar, outputs: &mut Outputs) -> ExportColumn {
    let key = &config.subject.key;
    // If the label consists of several columns, it is none of them.
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

/// The name that config gives a column in files, whatever its case there.
fn label_of<'c>(name: &str, config: &'c Config) -> Option<&'c str> {
    let labels = &config.export.labels;
    let alike = || {
        let mut labels = labels.iter();
        let found = labels.find(|(column, _)| column.eq_ignore_ascii_case(name));
        found.map(|(_, label)| label)
    };
    labels.get(name).or_else(alike).map(String::as_str)
}

/// A name without backticks around it.
fn bare(name: &str) -> &str {
    let inside = name.strip_prefix('`').and_then(|n| n.strip_suffix('`'));
    inside
        .filter(|inside| !inside.contains('`'))
        .unwrap_or(name)
}
