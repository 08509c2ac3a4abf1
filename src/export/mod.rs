//! The evaluated columns of an export, its members, and what could not be read.

use std::path::Path;

use crate::config::Config;
use crate::connector::{Connect, Connector};
use crate::diagnostic::{Code, Finding};
use crate::engine::{EngineError, Evaluation, Keep, Key, Problem, Watch};
use crate::ir::OutputId;
use crate::project::columns::{ColumnSource, ENTERED_AT, ExportColumn, column};
use crate::project::{LoadError, Outputs, Project, load_with};
use crate::source::{Commas, Entry, Location, Scalar, Sources, entries};
use crate::time::Clock;
use crate::value::Value;

/// The option as a file name: findings quote it as they quote config.
const COLUMNS_OPTION: &str = "--columns";

/// Loads the project and plans config's export columns, or those of comma-separated lists. If the export is not of one
/// segment, config's `entered_at` is left out, because there is no segment that it could refer to.
///
/// # Errors
/// See [`LoadError`]; an invalid column is reported with its place.
pub async fn load_for_export(
    config: &Path,
    given: &[String],
    of_one_segment: bool,
    connect: Connect,
) -> Result<(Project, Vec<ExportColumn>), LoadError> {
    let mut columns = Vec::new();
    let project = load_with(config, None, false, connect, |config, sources| {
        let wanted: Vec<Scalar> = match given {
            [] => columns_of(config, of_one_segment),
            lists => lists.iter().flat_map(|l| listed(l, sources)).collect(),
        };
        let mut outputs = Outputs::default();
        let wanted = wanted.iter();
        columns = wanted
            .map(|name| column(config, name, &mut outputs))
            .collect();
        outputs
    })
    .await
    .map_err(with_commas)?;
    if columns.is_empty() {
        let finding = Finding::new(Code::InvalidValue, "`--columns` names no column");
        let finding = finding.help("write, for example, `--columns id,score`");
        return Err(LoadError::Refused(project.sources, vec![finding]));
    }
    Ok((project, columns))
}

/// Config's columns for an export of one segment, or for an export of several segments or everybody; see
/// [`load_for_export`].
pub fn columns_of(config: &Config, of_one_segment: bool) -> Vec<Scalar> {
    let all = &config.export.columns;
    let fit = |column: &&Scalar| of_one_segment || column.value != ENTERED_AT;
    let fitting: Vec<Scalar> = all.iter().filter(fit).cloned().collect();
    // A file has at least one column.
    if fitting.is_empty() {
        all.clone()
    } else {
        fitting
    }
}

/// Evaluates what the columns need; `None` if everything is stored. Data that changes in the meantime is read once
/// more.
///
/// # Errors
/// The database cannot be read or has changed twice, or `watch` asked to stop.
pub fn evaluate_columns(
    project: &Project,
    connector: &dyn Connector,
    columns: &[ExportColumn],
    clock: &Clock,
    watch: &dyn Watch,
) -> Result<Option<Evaluation>, EngineError> {
    let evaluated = |column: &ExportColumn| matches!(column.source, ColumnSource::Output(_));
    if !columns.iter().any(evaluated) {
        return Ok(None);
    }
    let evaluate = || {
        let snapshot = connector.snapshot()?;
        snapshot.evaluate(&project.ir, clock, Keep::Outputs, watch)
    };
    let evaluation = match evaluate() {
        // An export is waited for, and by the second attempt the data has usually come to rest.
        Err(EngineError::Changed(_)) => evaluate()?,
        evaluation => evaluation?,
    };
    Ok(Some(evaluation))
}

/// The columns that could not be computed, by name, with the reasons.
pub fn stale_columns(
    columns: &[ExportColumn],
    evaluation: Option<&Evaluation>,
) -> Vec<(String, String)> {
    let stale = columns.iter().filter_map(|column| {
        let ColumnSource::Output(output) = column.source else {
            return None;
        };
        let stale = evaluation?.output(output).err()?;
        Some((column.name.clone(), stale.reason))
    });
    stale.collect()
}

/// The problems with the columns' values. A run does not read these columns, so it may not have reported them.
pub fn problems_of<'e>(
    project: &'e Project,
    columns: &'e [ExportColumn],
    evaluation: &'e Evaluation,
) -> impl Iterator<Item = &'e Problem> {
    let read: Vec<(&str, &str)> = columns
        .iter()
        .filter_map(|column| match column.source {
            ColumnSource::Output(output) => project.ir.output(output),
            _ => None,
        })
        .flat_map(|node| project.ir.columns_behind(node))
        .collect();
    let problems = evaluation.problems.iter();
    problems.filter(move |p| read.contains(&(p.table.as_str(), p.column.as_str())))
}

/// An output's value for one subject; missing if the subject no longer exists.
pub fn value_of(evaluation: &Evaluation, output: OutputId, subject: &Key) -> Value {
    let place = evaluation.subjects.place(subject);
    match (place, evaluation.output(output)) {
        (Some(place), Ok(column)) => column.value(place),
        _ => Value::Missing,
    }
}

/// The names of a list as scalars of a file that represents the command line, so that a finding can quote it.
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

/// Adds how to write a name with a comma, if an unknown name may be a part of one.
fn with_commas(error: LoadError) -> LoadError {
    let LoadError::Refused(sources, mut findings) = error else {
        return error;
    };
    for finding in &mut findings {
        let place = finding.location.and_then(|at| sources.get(at.file));
        let list = place.filter(|file| file.path == Path::new(COLUMNS_OPTION));
        let known = finding.help.as_deref().unwrap_or_default();
        if list.is_some_and(|list| list.text.contains(',')) && !known.contains("did you mean") {
            let quotes = "put what contains a comma in double quotes: 'id,\"a, b\"'";
            finding.help = Some(match known {
                "" => quotes.to_owned(),
                known => format!("{known}; {quotes}"),
            });
        }
    }
    LoadError::Refused(sources, findings)
}
