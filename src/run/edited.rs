//! Movements caused by edits, in a run and in the runs before it.

use std::collections::{BTreeMap, HashMap};

use super::by_rules::ByRules;
use super::compare::Comparison;
use crate::edits::{self, Edited, Moves};
use crate::project::{LoadError, Project, load_published};
use crate::store::{Cause, Direction, Moved, Movement, Run, RunStatus, Store, StoreError};

/// A run in which definitions changed.
#[derive(Debug)]
pub struct LoggedRun {
    pub run: Run,
    pub what: Logged,
}

/// What is known about a change of definitions.
#[derive(Debug)]
pub enum Logged {
    Edits(Edited),
    /// The source texts of one of the two runs were not stored.
    NotStored,
    /// The source texts of one of the two runs do not fit the present database: the first reason.
    Unreadable(String),
}

/// The movements caused by edits since a run, as far as single edits explain the movements in a segment. `None` if that
/// run's rules are not stored or cannot be read any more.
pub(super) async fn since(project: &Project, run: i64, compared: &Comparison) -> Option<Edited> {
    // Movements between two versions are not caused by edits; unreadable rules have already been reported.
    let old = load_published(project, &project.sources, run).await;
    let old = old.unwrap_or_default()?;
    let mut moved: BTreeMap<String, Moves> = BTreeMap::new();
    for (segment, movement) in moved_by_rules(project, compared) {
        count(&mut moved, segment, movement.direction, 1);
    }
    Some(edits::between_bounded(&old, project).explain(run, &moved))
}

/// The number of movements by each single edit, and by several edits together.
pub(super) fn counted_by_edit(
    project: &Project,
    earlier: &ByRules,
    compared: &Comparison,
) -> Edited {
    let mut edited = earlier.edits().clone();
    for (segment, movement) in moved_by_rules(project, compared) {
        let edit = earlier.edit_of(segment, &movement.subject);
        edited.count(segment, movement.direction, edit);
    }
    edited
}

/// The subjects that moved because the rules differ, each with the segment's present id.
fn moved_by_rules<'m>(
    project: &'m Project,
    compared: &'m Comparison,
) -> impl Iterator<Item = (&'m str, &'m Movement)> {
    let segments = project.rules.segments.iter().zip(&compared.segments);
    let segments = segments.map(|(rule, found)| (rule.id.value.as_str(), &found.movements));
    let removed = compared.removed.iter();
    let removed = removed.map(|removed| (removed.id.as_str(), &removed.movements));
    let all = segments
        .chain(removed)
        .flat_map(|(id, movements)| movements.iter().map(move |movement| (id, movement)));
    all.filter(|(_, movement)| is_edit(movement.cause))
}

/// The published runs in which definitions changed, newest first, at most `most`; of all segments, or of one.
///
/// # Errors
/// The results cannot be read.
pub async fn log(
    project: &Project,
    store: &mut Store,
    segment: Option<&str>,
    most: Option<u32>,
) -> Result<Vec<LoggedRun>, StoreError> {
    let mut runs = store.runs(None).await?;
    runs.retain(|run| matches!(run.status, RunStatus::Published | RunStatus::Partial));
    let most = most.map_or(usize::MAX, |most| most as usize);
    let mut found = Vec::new();
    // The present ids of segments, by their ids at the current run of the loop.
    let mut present: HashMap<String, String> = HashMap::new();
    for (run, earlier) in runs.iter().zip(runs.iter().skip(1)) {
        if found.len() >= most {
            break;
        }
        if !is_other(run, earlier) {
            continue;
        }
        // Movements are stored under the present ids.
        let mut moved = store.moved(run.id).await?;
        for (then, now) in &present {
            let movements = moved.iter_mut();
            let own = movements.filter(|moved| moved.segment == *now);
            own.for_each(|moved| moved.segment.clone_from(then));
        }
        let what = match between(project, earlier.id, run.id, &counted(&moved)).await {
            Ok(Some((mut edited, renamed))) => {
                let now = |id: &str| present.get(id).map_or(id, String::as_str).to_owned();
                edited.rename(now);
                for (was, id) in renamed {
                    let now = present.remove(&id).unwrap_or(id);
                    present.insert(was, now);
                }
                Logged::Edits(of_segment(edited, segment))
            }
            Ok(None) => Logged::NotStored,
            Err(reason) => Logged::Unreadable(reason),
        };
        let is_empty = |edited: &Edited| edited.edits.is_empty() && edited.renamed.is_empty();
        if !matches!(&what, Logged::Edits(edited) if is_empty(edited)) {
            let run = run.clone();
            found.push(LoggedRun { run, what });
        }
    }
    Ok(found)
}

/// The edits from one run to another, and the ids of the later one by those of the earlier; `None` if the source texts
/// of either are not stored.
async fn between(
    project: &Project,
    earlier: i64,
    later: i64,
    moved: &BTreeMap<String, Moves>,
) -> Result<Option<(Edited, HashMap<String, String>)>, String> {
    let Some(new) = load_published(project, &project.sources, later)
        .await
        .map_err(LoadError::into_reason)?
    else {
        return Ok(None);
    };
    let old = load_published(project, &new.sources, earlier).await;
    let old = old.map_err(LoadError::into_reason)?;
    Ok(old.map(|old| {
        let edits = edits::between_bounded(&old, &new);
        (edits.explain(earlier, moved), edits.renamed_ids().clone())
    }))
}

/// Whether two runs may have been made from different rules or lists.
fn is_other(one: &Run, other: &Run) -> bool {
    let stored = one.sources.is_some() && other.sources.is_some();
    one.fingerprint.rules != other.fingerprint.rules || stored && one.sources != other.sources
}

/// The edits that change the meaning of a segment.
fn of_segment(mut edited: Edited, segment: Option<&str>) -> Edited {
    if let Some(segment) = segment {
        edited
            .edits
            .retain(|edit| edit.segments.contains_key(segment));
        for edit in &mut edited.edits {
            edit.segments.retain(|id, _| id == segment);
        }
        edited.together.retain(|id, _| id == segment);
        edited.renamed.retain(|renamed| renamed.segment == segment);
    }
    edited
}

fn counted(moved: &[Moved]) -> BTreeMap<String, Moves> {
    let mut counted = BTreeMap::new();
    for moved in moved.iter().filter(|moved| is_edit(moved.cause)) {
        count(&mut counted, &moved.segment, moved.direction, moved.count);
    }
    counted
}

fn is_edit(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::Rule | Cause::SegmentNew | Cause::SegmentRemoved
    )
}

fn count(moved: &mut BTreeMap<String, Moves>, segment: &str, direction: Direction, number: u64) {
    let moves = moved.entry(segment.to_owned()).or_default();
    moves.add(direction, number);
}
