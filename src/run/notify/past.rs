//! What the readers of reports know, and what has moved since.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::Roster;
use crate::engine::{Evaluation, Key};
use crate::store::{
    Baselines, Movement, NetMovements, Renamed, ReportState, Run, Store, StoreError,
};

/// What the readers of some reports know.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Past {
    /// By report: for each recipient, the run that the last accepted mail covered.
    pub baselines: BTreeMap<String, Baselines>,
    /// What a report said of such a run; none where that is no longer known.
    pub states: BTreeMap<(String, i64), ReportState>,
    /// What has moved since such a run, with the run in progress.
    pub net_movements: BTreeMap<i64, NetMovements>,
    /// Runs that were held since the earliest of these runs, oldest first.
    pub held: Vec<Run>,
    /// Such runs themselves.
    pub runs: BTreeMap<i64, Run>,
    /// The names of those who moved and are no longer in the list, as far as anybody knows them.
    pub labels: HashMap<Key, String>,
}

impl Past {
    /// Reads what is stored.
    pub(in crate::run) async fn read(
        store: &mut Store,
        reports: &[String],
    ) -> Result<Self, StoreError> {
        let mut past = Self::default();
        for report in reports {
            let baselines = store.baselines(report).await?;
            let runs: HashSet<i64> = baselines.values().copied().collect();
            past.baselines.insert(report.clone(), baselines);
            for run in runs {
                let Some(state) = store.report_state(report, run).await? else {
                    continue;
                };
                past.states.insert((report.clone(), run), state);
                if let Some(found) = store.run_of(run).await? {
                    past.runs.insert(run, found);
                }
                if let Entry::Vacant(net_movements) = past.net_movements.entry(run) {
                    net_movements.insert(store.net_movements_since(run).await?);
                }
            }
        }
        let known = past.baselines.values().flat_map(Baselines::values);
        past.held = match known.min() {
            Some(earliest) => store.held_since(*earliest).await?,
            None => store.held_now().await?,
        };
        Ok(past)
    }

    /// Gives segments their new ids.
    pub(in crate::run) fn rename(&mut self, renamed: &[Renamed]) {
        for Renamed { from, to } in renamed {
            for net_movements in self.net_movements.values_mut() {
                net_movements.rename(from, to);
            }
            for state in self.states.values_mut() {
                for value in &mut state.values {
                    if value.segment == *from {
                        value.segment.clone_from(to);
                    }
                }
            }
        }
    }

    /// Adds what moved with the run in progress.
    pub(in crate::run) fn go_on(&mut self, moves: &[(&str, &[Movement])]) {
        for net_movements in self.net_movements.values_mut() {
            for (segment, movements) in moves {
                for movement in *movements {
                    net_movements.add(segment, movement);
                }
            }
        }
    }

    /// Reads the names of those who are no longer in the list, before they are erased. Tells who they are
    /// whose names the list of the last published run has not, either.
    pub(in crate::run) async fn read_labels(
        &mut self,
        store: &mut Store,
        roster: &Roster,
    ) -> Result<Vec<Key>, StoreError> {
        let listed: HashSet<&Key> = roster.people.iter().map(|person| &person.subject).collect();
        let moved = self.net_movements.values().flat_map(NetMovements::subjects);
        let unlisted: HashSet<&Key> = moved.filter(|key| !listed.contains(key)).collect();
        let mut unlisted: Vec<Key> = unlisted.into_iter().cloned().collect();
        if !unlisted.is_empty() {
            self.labels = store.labels(&unlisted).await?;
        }
        unlisted.retain(|key| !self.labels.contains_key(key));
        Ok(unlisted)
    }

    /// Takes the names of those who are in the database, though not in the list: they are not active.
    pub(in crate::run) fn take_labels(&mut self, nameless: Vec<Key>, evaluation: &Evaluation) {
        for key in nameless {
            if let Some(label) = evaluation.label(&key) {
                self.labels.insert(key, label);
            }
        }
    }
}
