//! What the readers of reports know, and the movements since.

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
    /// The content of a report about such a run; `None` if it is no longer known.
    pub states: BTreeMap<(String, i64), ReportState>,
    /// The net movements since such a run, including the run in progress.
    pub net_movements: BTreeMap<i64, NetMovements>,
    /// Runs that were held since the earliest of these runs, oldest first.
    pub held: Vec<Run>,
    /// The runs themselves.
    pub runs: BTreeMap<i64, Run>,
    /// The names of subjects that moved and are no longer in the list, as far as they are known.
    pub labels: HashMap<Key, String>,
}

impl Past {
    /// Reads the stored data.
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

    /// Applies the segments' new ids.
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

    /// Adds the movements of the run in progress.
    pub(in crate::run) fn go_on(&mut self, moves: &[(&str, &[Movement])]) {
        for net_movements in self.net_movements.values_mut() {
            for (segment, movements) in moves {
                for movement in *movements {
                    net_movements.add(segment, movement);
                }
            }
        }
    }

    /// Reads the names of subjects that are no longer in the list, before they are erased. Returns the subjects whose
    /// names are not in the list of the last published run either.
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

    /// Takes the names of subjects that are in the database but not in the list, because they are inactive.
    pub(in crate::run) fn take_labels(&mut self, nameless: Vec<Key>, evaluation: &Evaluation) {
        for key in nameless {
            if let Some(label) = evaluation.label(&key) {
                self.labels.insert(key, label);
            }
        }
    }
}
