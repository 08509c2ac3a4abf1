//! Which subjects move because of changed rules, and by which edit: what the rules of the last published run would find
//! now, on their own and with each edit alone.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::attribution::{Pair, Trials, members, moves, new_rules, old_rules, pairs, singles};
use crate::connector::Connector;
use crate::edits::{self, Edited};
use crate::engine::{EngineError, Evaluation, Key, Watch};
use crate::ir::{FINGERPRINT_VERSION, Ir};
use crate::project::{Project, load_published};
use crate::store::{Run, Store, StoreError};
use crate::value::ColumnType;
use crate::variants::{Change, Found, Variants};

/// The rules of the last published run, if they differ from the present ones.
pub(super) struct Earlier {
    run: i64,
    project: Project,
}

/// What the earlier rules find now, in segments whose meaning differs or that only they have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ByRules {
    /// The run that the rules come from.
    pub(super) run: i64,
    /// The members by the segments' present ids, in ascending order.
    members: BTreeMap<String, Vec<Key>>,
    /// The edits, with nobody counted yet.
    edits: Edited,
    /// The subjects that a single edit moves, by segment, with the index of the edit.
    alone: BTreeMap<String, HashMap<Key, usize>>,
    /// The segments that a single edit removes, with the index of the edit.
    removed: BTreeMap<String, usize>,
}

impl Earlier {
    /// Reads the earlier rules. `None` if they are not stored, do not fit today's columns, or have the digest of the
    /// present ones (unless lists matter too: the digest does not cover their entries).
    ///
    /// # Errors
    /// Why they cannot be read, in words: the run continues without them.
    pub(super) async fn read(
        project: &Project,
        rules: &str,
        with_lists: bool,
    ) -> Result<Option<Self>, String> {
        let Some(run) = last_published(project).await.map_err(|e| e.to_string())? else {
            return Ok(None);
        };
        let made = &run.fingerprint;
        // Movements between two versions have a cause of their own.
        let is_same = made.rules == rules && !with_lists;
        if is_same || made.version != Some(FINGERPRINT_VERSION) {
            return Ok(None);
        }
        let earlier = load_published(project, &project.sources, run.id).await;
        let earlier = earlier.map_err(|error| unusable(run.id, &error.into_reason()))?;
        Ok(earlier.map(|project| Self {
            run: run.id,
            project,
        }))
    }

    /// Why they have no answer, in words.
    pub(super) fn failed(&self, error: &EngineError) -> String {
        unusable(self.run, &error.to_string())
    }

    /// Evaluates the present rules, and the earlier ones beside them.
    pub(super) fn evaluate(
        &self,
        project: &Project,
        connector: &dyn Connector,
        now: i64,
        watch: &dyn Watch,
    ) -> Result<(Evaluation, ByRules), EngineError> {
        let edits = edits::between_bounded(&self.project, project);
        let pairs = pairs(&self.project, project, &edits);
        let singles = singles(&edits);
        let variants = singles.variants(&self.project, project);
        let trials = Trials::new(&singles, &variants, &pairs);
        let others: Vec<&Pair> = pairs
            .iter()
            .filter(|pair| differs(&variants, pair))
            .collect();
        let found = variants.evaluate(connector.snapshot()?, now, watch)?;
        let of_each = others.iter();
        let of_each = of_each.filter_map(|pair| Some((pair.id.clone(), earlier(&found, pair)?)));
        let alone = others
            .iter()
            .map(|pair| (pair.id.clone(), alone(&trials, &found, pair)));
        let removed = others.iter().filter(|pair| pair.new.is_none());
        let removed = removed.filter_map(|pair| Some((pair.id.clone(), trials.removed_by(pair)?)));
        let mut counted = edits.since(self.run);
        for edit in counted.edits.iter_mut().rev().take(singles.untried) {
            edit.untried = true;
        }
        let by_rules = ByRules {
            run: self.run,
            members: of_each.collect(),
            edits: counted,
            alone: alone.collect(),
            removed: removed.collect(),
        };
        let mut evaluation = found.into_first().ok_or(EngineError::Cancelled)?;
        forget_others(&mut evaluation, &project.ir, &self.project.ir);
        Ok((evaluation, by_rules))
    }
}

impl ByRules {
    /// Whether a subject would be in a segment by the earlier rules; `None` if these mean the same, or have no answer.
    pub(super) fn had(&self, segment: &str, key: &Key) -> Option<bool> {
        let members = self.members.get(segment)?;
        Some(members.binary_search(key).is_ok())
    }

    /// The edits, with nobody counted yet.
    pub(super) fn edits(&self) -> &Edited {
        &self.edits
    }

    /// The edit that alone moves a subject in a segment, or removes the segment; `None` if it takes several edits.
    pub(super) fn edit_of(&self, segment: &str, key: &Key) -> Option<usize> {
        let alone = self.alone.get(segment).and_then(|alone| alone.get(key));
        alone.or_else(|| self.removed.get(segment)).copied()
    }

    /// The segments, each with its members by the earlier rules.
    pub(super) fn segments(&self) -> impl Iterator<Item = (&str, &[Key])> {
        let members = self.members.iter();
        members.map(|(id, members)| (id.as_str(), members.as_slice()))
    }
}

async fn last_published(project: &Project) -> Result<Option<Run>, StoreError> {
    let Some(mut store) = Store::open_reader(project.config.results_path()).await? else {
        return Ok(None);
    };
    let run = store.last_published().await?;
    store.close().await?;
    Ok(run)
}

fn unusable(run: i64, reason: &str) -> String {
    format!(
        "the rules of run {run} can no longer be evaluated, so every move in a changed segment counts as caused by \
         its rule, and the edit behind it is not known: {reason}"
    )
}

/// Removes what was found in tables and columns that only the earlier rules read, or that they read as another type.
fn forget_others(evaluation: &mut Evaluation, now: &Ir, earlier: &Ir) {
    let (own, others) = (now.reads(), earlier.reads());
    let problems = &mut evaluation.problems;
    problems.retain(|problem| {
        let (table, column) = (problem.table.as_str(), problem.column.as_str());
        let is_among = |read: &HashSet<(&str, &str, Option<ColumnType>)>| match problem.read_as {
            None => read
                .iter()
                .any(|(of, name, _)| (*of, *name) == (table, column)),
            ty => read.contains(&(table, column, ty)),
        };
        is_among(&own) || !is_among(&others)
    });
    let own = |table: &str| now.scans.iter().any(|scan| scan.table == table);
    evaluation.rows.retain(|table, _| own(table));
}

/// Whether old and new rules may find different members in a segment.
fn differs(variants: &Variants, pair: &Pair) -> bool {
    match (pair.old, pair.new) {
        (Some(old), Some(new)) => {
            variants.change((new_rules(), new), (old_rules(), old)) != Change::None
        }
        _ => true,
    }
}

/// The members of a segment by the earlier rules; `None` if these do not have it, or have no answer.
fn earlier(found: &Found, pair: &Pair) -> Option<Vec<Key>> {
    let subjects = &found.people(old_rules())?.subjects;
    let members = found.members(old_rules(), pair.old?).ok()?.iter();
    let keys = members.filter_map(|place| subjects.key(*place as usize));
    Some(keys.collect())
}

/// The subjects that a single edit moves in a segment, with the index of the edit.
fn alone(trials: &Trials, found: &Found, pair: &Pair) -> HashMap<Key, usize> {
    let moved = members(found, pair).map_or_else(|_| Vec::new(), |both| moves(found, both));
    let alone = moved.into_iter().filter_map(|(key, direction)| {
        let edit = trials.by(found, pair, &key, direction)?.alone()?;
        Some((key, edit))
    });
    alone.collect()
}
