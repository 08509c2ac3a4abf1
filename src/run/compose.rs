//! The mail about a run in progress, written before it is published.

use std::collections::HashMap;

use super::attempt::{Attempt, Compared};
use super::compare::Comparison;
use super::notify::{Notification, Past, Roster, RosterSegment, RunReport};
use crate::engine::Evaluation;
use crate::project::Project;
use crate::store::{Movement, OutboxBatch, Run, Score, Store, StoreError};

/// The mail about a run that is not published yet.
pub(super) struct Composed {
    pub notification: Notification,
    pub batch: OutboxBatch,
}

impl Attempt<'_> {
    /// Writes the mail about a compared run; `None` without a notifier.
    pub(super) async fn compose(
        &self,
        run: &Run,
        evaluation: &Evaluation,
        compared: &Compared,
    ) -> Result<Option<Composed>, StoreError> {
        let Some(notifier) = self.notifier else {
            return Ok(None);
        };
        let mut store = Store::open_reader(self.project.config.results_path()).await?;
        let mut roster = self.roster(evaluation, compared);
        let mut past = Past::default();
        let mut number = 1;
        if let Some(store) = &mut store {
            number = store.next_run().await?;
            past = Past::read(store, &notifier.reports()).await?;
            past.rename(&compared.renamed);
            if notifier.asks_since_when() {
                roster.read_times(store, &compared.renamed).await?;
            }
            past.go_on(&moves(self.project, &compared.comparison));
            let nameless = past.read_labels(store, &roster).await?;
            past.take_labels(nameless, evaluation);
        }
        if let Some(store) = store {
            store.close().await?;
        }
        if notifier.asks_since_when() {
            roster.enter(&compared.comparison, self.clock.now);
        }
        let run = Run {
            id: number,
            ..run.clone()
        };
        let written_at = run.finished_at.unwrap_or(run.started_at);
        let notification = notifier.write(&RunReport {
            project: self.project,
            run: &run,
            written_at,
            roster: &roster,
            evaluation: Some(evaluation),
            past: &past,
        });
        Ok(Some(Composed {
            batch: notification.batch(number, written_at, past.baselines),
            notification,
        }))
    }

    /// The roster of the run in progress; entry times are not known yet.
    fn roster(&self, evaluation: &Evaluation, compared: &Compared) -> Roster {
        let subjects = &evaluation.subjects;
        let mut at = vec![0_u32; subjects.len()];
        let mut people = Vec::with_capacity(subjects.len());
        let mut health = Vec::with_capacity(subjects.len());
        for (order, ranked) in (0..).zip(&compared.ranking) {
            let place = ranked.place as usize;
            if let (Some(at), Some(subject)) = (at.get_mut(place), subjects.key(place)) {
                *at = order;
                people.push(Score {
                    subject,
                    label: subjects.label(place),
                    score: ranked.score,
                    rank: ranked.rank,
                });
                health.push(compared.health.row(place).cloned().unwrap_or_default());
            }
        }
        let published = self.published_segments(&compared.comparison);
        let segments = published
            .into_iter()
            .zip(&compared.comparison.segments)
            .map(|(published, found)| {
                let members = found.members.iter();
                let mut members: Vec<u32> = members
                    .filter_map(|place| at.get(*place as usize).copied())
                    .collect();
                members.sort_unstable();
                RosterSegment {
                    segment: published.segment,
                    members,
                    values: found.values.clone(),
                    entered_at: HashMap::new(),
                }
            });
        Roster {
            people,
            health,
            segments: segments.collect(),
        }
    }
}

/// All movements of a run, by segment id.
fn moves<'c>(project: &'c Project, comparison: &'c Comparison) -> Vec<(&'c str, &'c [Movement])> {
    let segments = project.ir.segments.zip(&comparison.segments);
    let segments = segments.map(|(planned, found)| (planned.id.as_str(), &*found.movements));
    let removed = comparison.removed.iter();
    let removed = removed.map(|removed| (removed.id.as_str(), &*removed.movements));
    segments.chain(removed).collect()
}
