//! Evaluate, compare with the last published run, write back.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::attempt::{ATTEMPTS, Attempt, Compared, machine_instant};
use super::by_rules::Earlier;
use super::compare::compare;
use super::fingerprint::Fingerprints;
use super::notify::Notifier;
use super::rank::{Weights, rank};
use super::rename::rename;
use super::verdict::{Verdict, verdict};
use super::{AsPlanned, Options, Outcome, RunError, edited};
use crate::connector::Connector;
use crate::edits::Edited;
use crate::engine::{EngineError, Evaluation, Keep, Watch};
use crate::project::{Project, blocking};
use crate::store::{Listed, Previous, RowChanges, RunStatus, Store, StoreError};
use crate::time::Clock;

/// One run, published atomically.
///
/// The evaluation's snapshot is released before anything is compared or written. A run that was not published because
/// of what it found is recorded as held, with its reason; for a due time, the caller records it.
///
/// # Errors
/// See [`RunError`].
pub async fn run(
    project: &Project,
    connector: &dyn Connector,
    options: &Options,
    watch: &dyn Watch,
) -> Result<Outcome, RunError> {
    run_and_notify(project, connector, options, None, watch).await
}

/// The same, with the mail about it, which is put into the outbox in the transaction that publishes the run.
///
/// # Errors
/// See [`RunError`].
pub async fn run_and_notify(
    project: &Project,
    connector: &dyn Connector,
    options: &Options,
    notifier: Option<&dyn Notifier>,
    watch: &dyn Watch,
) -> Result<Outcome, RunError> {
    let began = Instant::now();
    let started_at = options.present.unwrap_or_else(machine_instant);
    let second = started_at - started_at.rem_euclid(1_000_000);
    let clock = Clock {
        now: options.as_of.unwrap_or(second),
        zone: project.config.timezone,
    };
    let weights = Weights::of(&project.rules);
    let mut attempt = Attempt {
        project,
        options,
        notifier,
        clock,
        began,
        started_at,
        fingerprints: Fingerprints::of(project, &weights),
        weights,
        by_rules: None,
        rules_unknown: None,
    };
    let earlier = Earlier::read(
        project,
        &attempt.fingerprints.run.rules,
        options.expected.is_some(),
    )
    .await;
    let evaluation = blocking(|| {
        let earlier = match earlier {
            Ok(Some(earlier)) => earlier,
            Ok(None) => return alone(&attempt, connector, watch),
            Err(reason) => {
                attempt.rules_unknown = Some(reason);
                return alone(&attempt, connector, watch);
            }
        };
        match earlier.evaluate(project, connector, clock.now, watch) {
            Ok((evaluation, by_rules)) => {
                attempt.by_rules = Some(by_rules);
                Ok(evaluation)
            }
            // These have nothing to do with the rules: the next run can still attribute movements to edits.
            Err(
                error @ (EngineError::Cancelled
                | EngineError::Interrupted(_)
                | EngineError::Changed(_)),
            ) => Err(error),
            // Perhaps only the earlier rules fail.
            Err(error) => {
                attempt.rules_unknown = Some(earlier.failed(&error));
                alone(&attempt, connector, watch)
            }
        }
    });
    let mut evaluation = match evaluation {
        Ok(evaluation) => evaluation,
        Err(EngineError::Cancelled) => return Err(RunError::Cancelled),
        Err(error) => {
            attempt.record_failure(&error.to_string()).await;
            return Err(RunError::World(error.to_string()));
        }
    };
    for _ in 0..ATTEMPTS {
        if watch.cancelled() {
            return Err(RunError::Cancelled);
        }
        match attempt.finish(evaluation).await {
            Ok(outcome) => return Ok(outcome),
            Err((again, StoreError::Overtaken(_))) => evaluation = again,
            Err((_, error)) => return Err(error.into()),
        }
    }
    Err(StoreError::Overtaken(project.config.results_path().to_path_buf()).into())
}

/// Evaluates only the present rules.
fn alone(
    attempt: &Attempt<'_>,
    connector: &dyn Connector,
    watch: &dyn Watch,
) -> Result<Evaluation, EngineError> {
    let (ir, clock) = (&attempt.project.ir, &attempt.clock);
    connector
        .snapshot()?
        .evaluate(ir, clock, Keep::Outputs, watch)
}

impl Attempt<'_> {
    /// Compares and writes; returns the evaluation if that failed.
    async fn finish(&self, evaluation: Evaluation) -> Result<Outcome, (Evaluation, StoreError)> {
        let began = Instant::now();
        let mut compared = match self.compare(&evaluation).await {
            Ok(compared) => compared,
            Err(error) => return Err((evaluation, error)),
        };
        let (mut as_planned, verdict) = self.judge(&evaluation, &compared);
        let keys = evaluation.subjects.keys.key_type();
        if verdict.publishes() && compared.keys.is_some_and(|stored| stored != keys) {
            let again = async {
                let mut store = self.writer().await?;
                store
                    .write_keys_as(keys, self.options.hold.as_ref())
                    .await?;
                store.close().await?;
                self.compare(&evaluation).await
            };
            compared = match again.await {
                Ok(compared) => compared,
                Err(error) => return Err((evaluation, error)),
            };
            // Another run may have been published between the two comparisons.
            let (again, verdict) = self.judge(&evaluation, &compared);
            as_planned = again;
            if !verdict.publishes() {
                let path = self.project.config.results_path().to_path_buf();
                return Err((evaluation, StoreError::Overtaken(path)));
            }
        }
        let compare_time = began.elapsed();
        let newest = compared.previous.run.as_ref();
        let began = Instant::now();
        let mut held = None;
        let written = match &verdict {
            Verdict::Publish | Verdict::Accept(_) => {
                let accepted = verdict.accepted();
                let published = self.publish(&evaluation, &compared, accepted).await;
                published.map(|(run, notification)| (Some(run), notification))
            }
            Verdict::Backfill => {
                let run = self.backfill(&evaluation, &compared).await;
                run.map(|run| (Some(run), None))
            }
            Verdict::Hold(reason) => {
                let record = self.record(RunStatus::Held, Some(&evaluation), Some(reason.clone()));
                let recorded = self.hold_back(&record, newest.map(|run| run.id)).await;
                held = Some(record);
                recorded.map(|()| (None, None))
            }
            Verdict::Show(_) => Ok((None, None)),
        };
        let (run, notification) = match written {
            Ok(run) => run,
            Err(error) => return Err((evaluation, error)),
        };
        let is_published = run.is_some();
        let newer = newest
            .filter(|newest| self.clock.now < newest.as_of)
            .cloned();
        let newer = newer.filter(|_| matches!(verdict, Verdict::Backfill | Verdict::Show(_)));
        if newer.is_some() {
            // Movements from a later instant to an earlier one make no sense.
            compared.comparison.forget_movements();
        }
        let edited = match newer.is_none() {
            true => self.edited(&compared).await,
            false => None,
        };
        let inputs = self.project.ir.value_inputs.iter();
        let values_stale = inputs
            .filter_map(|output| evaluation.output(*output).err())
            .map(|stale| stale.reason)
            .next();
        Ok(Outcome {
            evaluation,
            values_stale,
            segments: compared.comparison.segments,
            removed: compared.comparison.removed,
            ranking: compared.ranking,
            health_is_another: newest.is_some_and(|newest| {
                let now = &self.fingerprints.run;
                now.scores_health_otherwise(&newest.fingerprint)
            }),
            health_stale: compared.health.stale().map(str::to_owned),
            run,
            notification,
            unpublished: verdict.reason(),
            held,
            accepted: verdict.accepted().map(str::to_owned),
            as_planned: as_planned.filter(|_| is_published),
            rules_unknown: self.rules_unknown.clone(),
            edited,
            newer,
            compare_time,
            write_time: match verdict {
                Verdict::Show(_) => Duration::ZERO,
                _ => began.elapsed(),
            },
        })
    }

    /// The verdict on the run, and its comparison with the plan that it has to follow.
    fn judge(&self, evaluation: &Evaluation, compared: &Compared) -> (Option<AsPlanned>, Verdict) {
        let expected = self.options.expected.as_ref();
        match expected.map(|plan| plan.check(self, evaluation, compared)) {
            Some(Err(reason)) => {
                let reason = format!("not published: {reason}");
                (None, Verdict::Show(Some(reason)))
            }
            Some(Ok(found)) => (Some(found), verdict(self, evaluation, compared)),
            None => (None, verdict(self, evaluation, compared)),
        }
    }

    /// The movements caused by edits, if the last published run was made from other rules.
    async fn edited(&self, compared: &Compared) -> Option<Edited> {
        let newest = compared.previous.run.as_ref()?;
        if newest.fingerprint.rules == self.fingerprints.run.rules {
            return None;
        }
        let comparison = &compared.comparison;
        let edited = match &self.by_rules {
            Some(earlier) if earlier.run == newest.id => {
                Some(edited::counted_by_edit(self.project, earlier, comparison))
            }
            _ if self.rules_unknown.is_some() => None,
            _ => edited::since(self.project, newest.id, comparison).await,
        };
        edited.filter(|edited| !edited.edits.is_empty())
    }

    async fn compare(&self, evaluation: &Evaluation) -> Result<Compared, StoreError> {
        let subjects = &evaluation.subjects;
        let mut store = Store::open_reader(self.project.config.results_path()).await?;
        let keys = match &mut store {
            Some(store) => store.key_type().await?,
            None => None,
        };
        let mut previous = match &mut store {
            Some(store) => store.previous(subjects, &self.found(evaluation)).await?,
            None => Previous::default(),
        };
        let renamed = rename(&mut previous, &self.project.rules);
        let ir = &self.project.ir;
        let by_rules = self.by_rules.as_ref();
        let run = previous.run.as_ref().map(|run| run.id);
        let mut comparison = compare(
            ir,
            &self.fingerprints.segments,
            evaluation,
            &previous,
            by_rules.filter(|earlier| Some(earlier.run) == run),
        );
        comparison.fill_in_values(ir, evaluation);
        let members = comparison
            .segments
            .iter_enumerated()
            .map(|(id, found)| (id, found.members.as_slice()));
        let ranking = rank(&self.weights, members, subjects);
        let mut list = vec![Listed::default(); subjects.len()];
        for ranked in &ranking {
            if let Some(listed) = list.get_mut(ranked.place as usize) {
                *listed = Listed {
                    score: ranked.score,
                    rank: ranked.rank,
                };
            }
        }
        let list_changes = match &mut store {
            Some(store) => store.list_changes(subjects, &list).await?,
            None => RowChanges::whole_list(subjects, &list),
        };
        let health = crate::health::found(self.project, evaluation);
        let health_changes = match &mut store {
            Some(store) => store.health_changes(subjects, &health).await?,
            None => RowChanges::whole_health(subjects, &health),
        };
        if let Some(store) = store {
            store.close().await?;
        }
        Ok(Compared {
            previous,
            keys,
            renamed,
            comparison,
            ranking,
            list,
            list_changes,
            health,
            health_changes,
        })
    }

    /// The members found, by segment.
    fn found<'e>(&'e self, evaluation: &'e Evaluation) -> HashMap<&'e str, &'e [u32]> {
        let segments = self.project.ir.segments.zip(&evaluation.segments);
        segments
            .filter_map(|(segment, found)| Some((segment.id.as_str(), found.as_deref().ok()?)))
            .collect()
    }
}
