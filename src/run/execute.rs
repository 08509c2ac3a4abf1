//! Evaluate, compare with the last published run, write back.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::compare::{Comparison, Defined, compare};
use super::rank::{Weights, rank};
use super::verdict::{Verdict, verdict};
use super::{Options, Outcome, Project, Ranked, RunError, beside_the_reactor, results_path};
use crate::catalog::RememberedColumns;
use crate::diagnostic::Code;
use crate::engine::local::Local;
use crate::engine::{Engine, EngineError, Evaluation, Watch};
use crate::store::{
    Listed, Metric, Movement, NewRun, Previous, Publication, PublishedSegment, Run, RunStatus,
    ScoreChanges, Store, StoreError, StoredSegment,
};
use crate::time::Clock;

/// How often a comparison starts again because another run was published meanwhile.
const ATTEMPTS: usize = 5;

/// One run, published whole or not at all.
///
/// The evaluation's snapshot is let go before anything is compared or written. A run that was not
/// published because of what it found is recorded with its reason, where the file can be written.
///
/// # Errors
/// See [`RunError`].
pub async fn run(
    project: &Project,
    options: &Options,
    watch: &dyn Watch,
) -> Result<Outcome, RunError> {
    let started_at = present();
    let second = started_at - started_at.rem_euclid(1_000_000);
    let clock = Clock {
        now: options.as_of.unwrap_or(second),
        zone: project.config.timezone,
    };
    let attempt = Attempt {
        project,
        options,
        clock,
        started_at,
        definitions: project.plan.definitions(),
        weights: weights(project),
    };
    let evaluation = beside_the_reactor(|| {
        Local::open(&project.config.database)?.evaluate(&project.plan, &clock, &[], watch)
    });
    let mut evaluation = match evaluation {
        Ok(evaluation) => evaluation,
        Err(EngineError::Cancelled) => return Err(RunError::Cancelled),
        Err(error) => {
            attempt.record_failure(0, &error.to_string()).await;
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
    Err(StoreError::Overtaken(results_path(&project.config).to_path_buf()).into())
}

/// What stays the same however often a run is compared.
struct Attempt<'a> {
    project: &'a Project,
    options: &'a Options,
    clock: Clock,
    started_at: i64,
    /// Parallel to the plan's segments.
    definitions: Vec<String>,
    /// Parallel to the plan's segments.
    weights: Weights,
}

/// A run as it stands against the last published one.
struct Compared {
    previous: Previous,
    comparison: Comparison,
    ranking: Vec<Ranked>,
    list: Vec<Listed>,
    scores: ScoreChanges,
}

impl Attempt<'_> {
    /// Compares and writes; gives the evaluation back where that failed.
    async fn finish(&self, evaluation: Evaluation) -> Result<Outcome, (Evaluation, StoreError)> {
        let began = Instant::now();
        let mut compared = match self.compare(&evaluation).await {
            Ok(compared) => compared,
            Err(error) => return Err((evaluation, error)),
        };
        let compare_time = began.elapsed();
        let newest = compared.previous.run.as_ref();
        let verdict = verdict(
            self.options,
            self.clock,
            newest,
            evaluation.subjects.len(),
            present(),
        );
        let began = Instant::now();
        let written = match &verdict {
            Verdict::Publish => self.publish(&evaluation, &compared).await.map(Some),
            Verdict::Backfill => self.backfill(&evaluation, &compared).await.map(Some),
            Verdict::Refuse(reason) => {
                self.record_failure(evaluation.subjects.len(), reason).await;
                Ok(None)
            }
            Verdict::Show(_) => Ok(None),
        };
        let run = match written {
            Ok(run) => run,
            Err(error) => return Err((evaluation, error)),
        };
        if newest.is_some_and(|newest| self.clock.now < newest.as_of) {
            // Nobody moves from a later instant to an earlier one.
            compared.comparison.forget_movements();
        }
        Ok(Outcome {
            evaluation,
            segments: compared.comparison.segments,
            removed: compared.comparison.removed,
            ranking: compared.ranking,
            run,
            unpublished: verdict.reason(),
            compare_time,
            write_time: match verdict {
                Verdict::Show(_) => Duration::ZERO,
                _ => began.elapsed(),
            },
        })
    }

    async fn compare(&self, evaluation: &Evaluation) -> Result<Compared, StoreError> {
        let subjects = &evaluation.subjects;
        let mut store = Store::open_reader(results_path(&self.project.config)).await?;
        let previous = match &mut store {
            Some(store) => store.previous(subjects, &self.found(evaluation)).await?,
            None => Previous::default(),
        };
        let segments = &self.project.plan.segments;
        let defined: Vec<Defined<'_>> = segments
            .iter()
            .zip(&self.definitions)
            .map(|(segment, definition)| Defined {
                id: &segment.id,
                definition,
            })
            .collect();
        let comparison = compare(evaluation, &defined, &previous);
        let members = comparison
            .segments
            .iter()
            .map(|found| found.members.as_slice());
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
        let scores = match &mut store {
            Some(store) => store.score_changes(subjects, &list).await?,
            None => ScoreChanges {
                set: ranking.iter().map(|ranked| ranked.place).collect(),
                removed: Vec::new(),
            },
        };
        if let Some(store) = store {
            store.close().await?;
        }
        Ok(Compared {
            previous,
            comparison,
            ranking,
            list,
            scores,
        })
    }

    async fn publish(
        &self,
        evaluation: &Evaluation,
        compared: &Compared,
    ) -> Result<Run, StoreError> {
        let comparison = &compared.comparison;
        let segments = self.published_segments(comparison);
        let stale: Vec<&str> = segments
            .iter()
            .filter(|published| published.segment.stale.is_some())
            .map(|published| published.segment.id.as_str())
            .collect();
        let (status, message) = if stale.is_empty() {
            (RunStatus::Published, None)
        } else {
            let message = format!("stale: {}", stale.join(", "));
            (RunStatus::Partial, Some(message))
        };
        let removed: Vec<(&str, &[Movement])> = comparison
            .removed
            .iter()
            .map(|removed| (removed.id.as_str(), removed.movements.as_slice()))
            .collect();
        let mut store = self.writer().await?;
        let published = store
            .publish(&Publication {
                baseline: compared.previous.run.as_ref().map(|run| run.id),
                run: &self.record(status, evaluation.subjects.len(), message),
                segments: &segments,
                removed: &removed,
                subjects: &evaluation.subjects,
                list: &compared.list,
                scores: &compared.scores,
                metrics: &self.metrics(comparison, |_| true),
                columns: &self.columns(&compared.previous),
            })
            .await?;
        store.close().await?;
        Ok(published)
    }

    async fn backfill(
        &self,
        evaluation: &Evaluation,
        compared: &Compared,
    ) -> Result<Run, StoreError> {
        // The last good members of a stale segment are of another instant.
        let metrics = self.metrics(&compared.comparison, |stale| !stale);
        let run = self.record(RunStatus::Backfilled, evaluation.subjects.len(), None);
        let mut store = self.writer().await?;
        let run = store.backfill(&run, &metrics).await?;
        store.close().await?;
        Ok(run)
    }

    /// Tells the history why nothing was published. That the file cannot be written is no news
    /// worth more than the reason itself.
    async fn record_failure(&self, subjects: usize, reason: &str) {
        if self.options.dry_run {
            return;
        }
        let run = self.record(RunStatus::Failed, subjects, Some(reason.to_owned()));
        if let Ok(mut store) = self.writer().await
            && store.record_failure(&run).await.is_ok()
        {
            store.close().await.ok();
        }
    }

    async fn writer(&self) -> Result<Store, StoreError> {
        let config = &self.project.config;
        Store::open_writer(results_path(config), config.results.is_some()).await
    }

    fn record(&self, status: RunStatus, subjects: usize, message: Option<String>) -> NewRun {
        let mut hash = blake3::Hasher::new();
        for (segment, definition) in self.project.plan.segments.iter().zip(&self.definitions) {
            hash.update(format!("{} {definition}\n", segment.id).as_bytes());
        }
        NewRun {
            as_of: self.clock.now,
            started_at: self.started_at,
            finished_at: present(),
            status,
            trigger: self.options.trigger.clone(),
            rules_hash: hash.finalize().to_hex().to_string(),
            subjects: i64::try_from(subjects).unwrap_or(i64::MAX),
            message,
        }
    }

    /// The members found, by segment.
    fn found<'e>(&'e self, evaluation: &'e Evaluation) -> HashMap<&'e str, &'e [u32]> {
        let segments = self.project.plan.segments.iter().zip(&evaluation.segments);
        segments
            .filter_map(|(segment, found)| Some((segment.id.as_str(), found.as_deref().ok()?)))
            .collect()
    }

    fn published_segments<'c>(&self, comparison: &'c Comparison) -> Vec<PublishedSegment<'c>> {
        let found = comparison.segments.iter().zip(&comparison.definitions);
        let rules = &self.project.rules.segments;
        (0..)
            .zip(rules.iter().zip(found))
            .map(|(place, (rule, (found, definition)))| PublishedSegment {
                segment: StoredSegment {
                    id: rule.id.value.clone(),
                    name: rule.name.clone(),
                    bucket: rule.bucket.clone(),
                    importance: rule.importance,
                    weight: self.weights.weight(place),
                    stale: found.stale.as_ref().map(|stale| stale.reason.clone()),
                    definition: definition.clone(),
                    size: found.members.len() as u64,
                },
                members: &found.members,
                movements: &found.movements,
            })
            .collect()
    }

    fn metrics(&self, comparison: &Comparison, take: impl Fn(bool) -> bool) -> Vec<Metric> {
        let segments = self.project.plan.segments.iter().zip(&comparison.segments);
        segments
            .filter(|(_, found)| take(found.stale.is_some()))
            .map(|(segment, found)| Metric {
                segment: segment.id.clone(),
                metric: "size",
                value: found.members.len() as f64,
            })
            .collect()
    }

    /// What the next run should know to have been there: what this one read, and, as long as
    /// something is missing, what was read before it went.
    fn columns(&self, previous: &Previous) -> RememberedColumns {
        let mut columns = self.project.plan.columns.clone();
        let missing = |code| matches!(code, Code::MissingTable | Code::MissingColumn);
        if self
            .project
            .findings
            .iter()
            .any(|finding| missing(finding.code))
        {
            columns.extend(previous.columns.iter().cloned());
        }
        columns
    }
}

fn weights(project: &Project) -> Weights {
    let rules = &project.rules;
    let weights: Vec<_> = rules
        .segments
        .iter()
        .map(|segment| rules.weight(segment))
        .collect();
    Weights::new(&weights)
}

/// The present instant in microseconds.
fn present() -> i64 {
    chrono::Utc::now().timestamp_micros()
}
