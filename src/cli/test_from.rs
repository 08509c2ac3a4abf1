//! `muster test --from`

use std::io::Write;
use std::path::Path;

use super::exit::{Exit, Failure};
use super::explain::{namesakes, nobody};
use super::results;
use super::watch::Terminal;
use super::{Common, Format};
use crate::config::marks;
use crate::connector::connect;
use crate::diagnostic::TerminalText;
use crate::disk::{Access, Fresh, folder_of, is_taken};
use crate::engine::{Evaluation, Keep, Key, evaluate};
use crate::explain::{Found, find};
use crate::project::{LoadError, Project};
use crate::rules::SegmentId;
use crate::testing::{Made, NotMade, Real, TestError, of_client};
use crate::time::Clock;

/// Options for a generated test.
pub(super) struct From<'c> {
    /// The client's key or name.
    pub(super) client: &'c str,
    /// Only these segments, by id; empty means all.
    pub(super) segments: &'c [String],
    /// The file; `None` for stdout.
    pub(super) out: Option<&'c Path>,
}

/// Generates a test from a real client, and prints it or writes it to a new file.
pub(super) async fn from(wanted: &From<'_>, common: &Common) -> Result<Exit, Failure> {
    if common.format != Format::Table {
        return Err(Failure::input(
            "a test is written as YAML: leave `--format` out",
        ));
    }
    let mut project = crate::project::load(&common.config, connect).await?;
    let segments = segments(&project, wanted.segments)?;
    let last = match &mut results::reader(&project.config).await? {
        Some(store) => store.last_published().await?,
        None => None,
    };
    let zone = project.config.timezone;
    let now = last.map_or_else(results::now, |run| run.as_of);
    let clock = Clock { now, zone };
    let snapshot = connect(&project.config).snapshot()?;
    let gathered = snapshot.gather(None, &project.ir, &clock, &Terminal::new())?;
    let evaluation = evaluate(&project.ir, gathered, &clock, Keep::Everything);
    let key = key(&project, &evaluation, wanted.client)?;
    let real = Real {
        snapshot: &*snapshot,
        evaluation: &evaluation,
        key: &key,
        segments,
    };
    let made = of_client(&mut project, &real).map_err(|error| not_made(&project, error))?;
    match wanted.out {
        None => super::say::try_out(&TerminalText::lines(&made.text))?,
        Some(path) => write(path, &made.text)?,
    }
    tell(&project, &made, &clock, wanted.out);
    Ok(Exit::Done)
}

fn segments(project: &Project, wanted: &[String]) -> Result<Vec<SegmentId>, Failure> {
    let all = &project.rules.segments;
    if wanted.is_empty() {
        return Ok(all.ids().collect());
    }
    let found = wanted.iter().map(|id| {
        let found = all.position(|segment| segment.id.value == *id);
        let ids = all.iter().map(|segment| segment.id.value.as_str());
        found.ok_or_else(|| results::no_segment(id, ids))
    });
    found.collect()
}

/// The key for a key or name.
fn key(project: &Project, evaluation: &Evaluation, wanted: &str) -> Result<Key, Failure> {
    let nobody = || nobody(&project.config, wanted, &evaluation.clock);
    match find(evaluation, project.config.subject.matching, wanted) {
        Found::Keyed(place) | Found::One(place) => {
            evaluation.subjects.key(place).ok_or_else(nobody)
        }
        Found::Inactive(key) => Ok(key),
        Found::Several(places) => Err(namesakes((project, evaluation), wanted, &places)?),
        Found::Nobody => Err(nobody()),
    }
}

fn not_made(project: &Project, error: NotMade) -> Failure {
    match error {
        NotMade::Nothing(left_out) => {
            let lines = left_out.iter().map(|(id, why)| format!("  {id}: {why}"));
            let first = std::iter::once(NotMade::Nothing(Vec::new()).to_string());
            Failure::input_lines(&first.chain(lines).collect::<Vec<_>>())
        }
        NotMade::Test(TestError::Wrong(findings)) => {
            LoadError::Refused(project.sources.clone(), findings).into()
        }
        NotMade::Test(TestError::Engine(error)) => error.into(),
        error => Failure::input(error),
    }
}

/// Writes a file under an unused name.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    if is_taken(path) {
        return Err(Failure::input(format!(
            "`{}` is there already, and a test never overwrites a file: choose another name",
            path.display()
        )));
    }
    let cannot = |error: std::io::Error| {
        Failure::world(format!("`{}` cannot be written: {error}", path.display()))
    };
    std::fs::create_dir_all(folder_of(path)).map_err(cannot)?;
    let mut file = Fresh::beside(path, Access::Usual).map_err(cannot)?;
    file.write_all(text.as_bytes()).map_err(cannot)?;
    file.keep_new().map_err(cannot)
}

/// Reports what was written, and what remains to be done by the user.
fn tell(project: &Project, made: &Made, clock: &Clock, out: Option<&Path>) {
    let subject = &project.config.subject.name.value;
    let whence = out.map_or_else(String::new, |path| format!("`{}`: ", path.display()));
    let rows = made
        .rows
        .iter()
        .map(|(name, rows)| format!("{rows} of {name}"));
    let rows: Vec<String> = rows.collect();
    let rows = match rows.as_slice() {
        [] => String::new(),
        rows => format!(", with rows: {}", rows.join(", ")),
    };
    note!(
        "{whence}a test of a real {subject} as of {}{rows}",
        marks(project.config.locale).moment(clock.now, clock.zone)
    );
    for name in &made.cut {
        note!("only the last rows of {name} were taken");
    }
    let kept = made
        .kept
        .iter()
        .map(|(column, values)| format!("{column} ({values})"));
    let kept: Vec<String> = kept.collect();
    if !kept.is_empty() {
        note!(
            "as in the data, because an answer depends on them: {}",
            kept.join(", ")
        );
    }
    let mut reasons: Vec<&str> = made.left_out.iter().map(|(_, why)| why.as_str()).collect();
    reasons.sort_unstable();
    reasons.dedup();
    for why in reasons {
        let of = made.left_out.iter().filter(|(_, other)| other == why);
        let ids: Vec<&str> = of.map(|(id, _)| id.as_str()).collect();
        note!("left out: {}: {why}", ids.join(", "));
    }
    note!("it comes from a real person: read it before you commit it");
}
