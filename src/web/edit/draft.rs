//! The rules with what was typed applied.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;

use super::form::{Form, file_of_new, shown};
use crate::authoring::{added, changed, id_of};
use crate::config::Config;
use crate::diagnostic::{Finding, Severity, Teller};
use crate::project::{Project, Written};
use crate::rules::{self, SegmentId};
use crate::source::{Location, Sources};
use crate::web::Web;
use crate::web::state::Files;

/// The rules with the draft applied.
#[derive(Debug)]
pub(super) struct Draft {
    /// The file, as config would name it.
    pub(super) path: PathBuf,
    /// Its display name, relative to the config's folder.
    pub(super) file: String,
    pub(super) before: Option<String>,
    pub(super) text: String,
    pub(super) project: Arc<Project>,
    pub(super) segment: SegmentId,
    pub(super) id: String,
    /// Warnings that do not prevent saving.
    pub(super) warnings: Vec<Problem>,
}

/// A problem with what was typed, in the words of `muster check`.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Problem {
    pub(super) is_error: bool,
    pub(super) message: String,
    pub(super) help: Option<String>,
    /// The offending line in three parts: before, underlined, after.
    pub(super) line: Option<[String; 3]>,
    /// The place of the problem if it is outside what was typed: `rules/all.yaml, line 12`.
    pub(super) place: Option<String>,
}

impl From<String> for Problem {
    fn from(message: String) -> Self {
        Self {
            is_error: true,
            message,
            help: None,
            line: None,
            place: None,
        }
    }
}

impl Draft {
    /// Makes a draft of a new or an existing segment.
    ///
    /// # Errors
    /// Every problem with it.
    pub(super) async fn make(
        web: &Web,
        files: &Arc<Files>,
        editing: Option<&str>,
        form: &Form,
    ) -> Result<Self, Vec<Problem>> {
        let wish = form.wish().map_err(|reason| vec![reason.into()])?;
        let project = files.project.clone();
        let project = project.ok_or_else(|| {
            let reason = files
                .wrong
                .clone()
                .unwrap_or_else(|| "the rules cannot be read".to_owned());
            vec![Problem::from(format!(
                "nothing can be tried while {reason}"
            ))]
        })?;
        let config = &files.config;
        let id = editing.map_or_else(|| id_of(&wish.name), str::to_owned);
        let mut segments = project.rules.segments.iter();
        if editing.is_none() && segments.any(|segment| segment.id.value == id) {
            let reason = format!("there is a segment `{id}` already; choose another name");
            return Err(vec![reason.into()]);
        }
        let file = file(config, &project, &form.file).map_err(|reason| vec![reason.into()])?;
        let path = config.folder.join(&file);
        let before = match path.try_exists() {
            Ok(false) => None,
            _ => {
                let read = crate::source::read(&path);
                Some(
                    read.map_err(|error| vec![format!("`{file}` cannot be read: {error}").into()])?,
                )
            }
        };
        let text = match (editing, &before) {
            (Some(id), Some(before)) => changed(before, id, &wish),
            (Some(_), None) => Err("the file is gone".to_owned()),
            (None, before) => added(before.as_deref(), &id, &wish),
        };
        let text = text.map_err(|reason| vec![format!("`{file}`: {reason}").into()])?;
        let compiled = compile(
            web,
            &project,
            rules::Draft {
                path: path.clone(),
                text: text.clone(),
            },
        );
        let project =
            compiled.map_err(|(sources, findings)| problems(&sources, &findings, &path, config))?;
        let segment = project
            .rules
            .segments
            .position(|segment| segment.id.value == id);
        let segment =
            segment.ok_or_else(|| vec![Problem::from("the segment cannot be found".to_owned())])?;
        let place = project
            .rules
            .segments
            .get(segment)
            .map(|segment| segment.place);
        let own = project.findings.iter().filter(|finding| {
            let at = finding.location.zip(place);
            at.is_some_and(|(at, place)| {
                at.file == place.file && at.start >= place.start && at.end <= place.end
            })
        });
        let own: Vec<Finding> = own.cloned().collect();
        let warnings = problems(&project.sources, &own, &path, config);
        Ok(Self {
            path,
            file,
            before,
            text,
            project: Arc::new(project),
            segment,
            id,
            warnings,
        })
    }
}

/// Compiles the rules against the known columns, with the draft in place of its file.
fn compile(
    web: &Web,
    project: &Project,
    draft: rules::Draft,
) -> Result<Project, (Sources, Vec<Finding>)> {
    let env = |name: &str| std::env::var(name).ok();
    let written = Written::read(Sources::default(), web.path(), &env, Some(&draft))?;
    let project = project.compile_beside(written)?;
    match project.findings.iter().any(Finding::is_error) {
        true => Err((project.sources, project.findings)),
        false => Ok(project),
    }
}

/// Finds one of [`rule_files`]; no other file may be written.
fn file(config: &Config, project: &Project, wanted: &str) -> Result<String, String> {
    match rule_files(config, project)
        .iter()
        .any(|file| file == wanted)
    {
        true => Ok(wanted.to_owned()),
        false => Err(format!(
            "`{wanted}` is not a rule file: config's `rules:` does not name it. Choose another file"
        )),
    }
}

/// The rule files and the file for new segments, relative to the config's folder.
pub(super) fn rule_files(config: &Config, project: &Project) -> Vec<String> {
    let files = project
        .rules
        .files
        .iter()
        .filter_map(|file| project.sources.get(*file));
    let mut files: Vec<String> = files.map(|file| shown(config, &file.path)).collect();
    let new = file_of_new(config);
    if !files.contains(&new) {
        files.push(new);
    }
    files
}

/// Findings as the form shows them, errors first; `path` is the file that would hold what was typed.
fn problems(sources: &Sources, findings: &[Finding], path: &Path, config: &Config) -> Vec<Problem> {
    let elsewhere = |at: Location| {
        let file = sources.get(at.file).filter(|file| file.path != path)?;
        let (line, _) = sources.line_column(at);
        Some(format!("{}, line {line}", shown(config, &file.path)))
    };
    let teller = Teller::new(sources);
    let mut problems: Vec<Problem> = findings
        .iter()
        .map(|finding| {
            let told = teller.tell(finding);
            Problem {
                is_error: finding.code.severity() == Severity::Error,
                message: told.message,
                help: told.help,
                line: finding.location.and_then(|at| line(sources, at)),
                place: finding.location.and_then(elsewhere),
            }
        })
        .collect();
    problems.sort_by_key(|problem| !problem.is_error);
    problems
}

/// The line at a location, in three parts.
fn line(sources: &Sources, at: Location) -> Option<[String; 3]> {
    let text = &sources.get(at.file)?.text;
    let begin = text.get(..at.start)?.rfind('\n').map_or(0, |line| line + 1);
    let stop = text
        .get(at.start..)?
        .find('\n')
        .map_or(text.len(), |line| at.start + line);
    let end = at.end.clamp(at.start, stop);
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default().to_owned();
    Some([
        part(begin, at.start).trim_start().to_owned(),
        part(at.start, end),
        part(end, stop),
    ])
}
