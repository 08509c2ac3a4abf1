//! Writing a run's results to the tables.

use super::attempt::{Attempt, Compared};
use super::compare::Comparison;
use super::notify::Notification;
use crate::catalog::RememberedColumns;
use crate::diagnostic::Code;
use crate::engine::Evaluation;
use crate::project::sources;
use crate::store::{
    DataSummary, Metric, Movement, NewRun, Previous, Publication, PublishedSegment, Run, RunStatus,
    Store, StoreError, StoredSegment,
};
use crate::time::Direction;

impl Attempt<'_> {
    pub(super) async fn publish(
        &self,
        evaluation: &Evaluation,
        compared: &Compared,
        accepted: Option<&str>,
    ) -> Result<(Run, Option<Notification>), StoreError> {
        let comparison = &compared.comparison;
        let segments = self.published_segments(comparison);
        let stale = segments
            .iter()
            .filter(|published| published.segment.stale.is_some())
            .map(|published| published.segment.id.as_str());
        let health = compared.health.stale().map(|_| "the health score");
        let stale: Vec<&str> = health.into_iter().chain(stale).collect();
        let status = match stale.is_empty() {
            true => RunStatus::Published,
            false => RunStatus::Partial,
        };
        let newest = compared.previous.run.as_ref();
        let ahead = newest.filter(|newest| newest.as_of > self.clock.now);
        let message = [
            (!stale.is_empty()).then(|| format!("stale: {}", stale.join(", "))),
            ahead.map(|run| format!("run {} is in the future: the clock was wrong then", run.id)),
            accepted.map(|reason| format!("accepted: {reason}")),
            self.options.note.clone(),
        ];
        let message: Vec<String> = message.into_iter().flatten().collect();
        let message = (!message.is_empty()).then(|| message.join("; "));
        let mut run = self.record(status, Some(evaluation), message);
        let composed = self.compose(&run.numbered(0), evaluation, compared).await?;
        if let Some(words) = composed
            .as_ref()
            .and_then(|l| l.notification.failure_words())
        {
            let message = run.message.into_iter().chain([words]);
            run.message = Some(message.collect::<Vec<_>>().join("; "));
        }
        let removed: Vec<(&str, &[Movement])> = comparison
            .removed
            .iter()
            .map(|removed| (removed.id.as_str(), removed.movements.as_slice()))
            .collect();
        let mut store = self.writer().await?;
        let published = store
            .publish(&Publication {
                baseline: newest.map(|run| run.id),
                hold: self.options.hold.as_ref(),
                run: &run,
                renamed: &compared.renamed,
                segments: &segments,
                removed: &removed,
                subjects: &evaluation.subjects,
                list: &compared.list,
                list_changes: &compared.list_changes,
                health: &compared.health,
                health_changes: &compared.health_changes,
                metrics: &self.metrics(comparison, |_| true),
                sources: &sources(self.project),
                columns: &self.columns(&compared.previous),
                keep_from: self.keep_from(),
                batch: composed.as_ref().map(|composed| &composed.batch),
            })
            .await?;
        store.close().await?;
        Ok((published, composed.map(|composed| composed.notification)))
    }

    pub(super) async fn backfill(
        &self,
        evaluation: &Evaluation,
        compared: &Compared,
    ) -> Result<Run, StoreError> {
        // The last good members of a stale segment are from another instant.
        let metrics = self.metrics(&compared.comparison, |stale| !stale);
        let run = self.record(RunStatus::Backfilled, Some(evaluation), None);
        let mut store = self.writer().await?;
        let run = store.backfill(&run, &metrics).await?;
        store.close().await?;
        Ok(run)
    }

    /// Records in the history why nothing was published. If the file cannot be written, that is not reported: the
    /// reason itself matters more.
    pub(super) async fn record_failure(&self, reason: &str) {
        if self.options.dry_run || self.has_due() {
            return;
        }
        let run = self.record(RunStatus::Failed, None, Some(reason.to_owned()));
        if let Ok(mut store) = self.writer().await
            && store.record_failure(&run).await.is_ok()
        {
            store.close().await.ok();
        }
    }

    /// Records a held run, which was compared with the published run `baseline`.
    pub(super) async fn hold_back(
        &self,
        run: &NewRun,
        baseline: Option<i64>,
    ) -> Result<(), StoreError> {
        if self.has_due() {
            return Ok(());
        }
        let mut store = self.writer().await?;
        let recorded = store
            .record_held(run, baseline, self.options.hold.as_ref())
            .await;
        store.close().await?;
        recorded.map(drop)
    }

    /// Whether it is for a due time, which the caller settles.
    fn has_due(&self) -> bool {
        let hold = self.options.hold.as_ref();
        hold.is_some_and(|hold| hold.due.is_some())
    }

    pub(super) async fn writer(&self) -> Result<Store, StoreError> {
        let config = &self.project.config;
        Store::open_writer(config.results_path(), config.results.is_some()).await
    }

    /// The record of a run with a given ending; without an evaluation if there was none.
    pub(super) fn record(
        &self,
        status: RunStatus,
        evaluation: Option<&Evaluation>,
        message: Option<String>,
    ) -> NewRun {
        let subjects = evaluation.map_or(0, |evaluation| evaluation.subjects.len());
        NewRun {
            as_of: self.clock.now,
            started_at: self.started_at,
            finished_at: self.present(),
            status,
            trigger: self.options.trigger.clone(),
            fingerprint: self.fingerprints.run.clone(),
            subjects: i64::try_from(subjects).unwrap_or(i64::MAX),
            message,
            data_summary: evaluation.map(DataSummary::of),
        }
    }

    pub(super) fn published_segments<'c>(
        &self,
        comparison: &'c Comparison,
    ) -> Vec<PublishedSegment<'c>> {
        let rules = &self.project.rules.segments;
        let found = comparison.segments.iter_enumerated();
        let segments = found.filter_map(|(id, found)| Some((id, rules.get(id)?, found)));
        segments
            .map(|(id, rule, found)| PublishedSegment {
                segment: StoredSegment {
                    id: rule.id.value.clone(),
                    name: rule.name.clone(),
                    sign: rule.sign.clone(),
                    description: rule.description.clone(),
                    bucket: rule.bucket.clone(),
                    importance: rule.importance,
                    weight: self.weights.weight(id),
                    stale: found.stale.as_ref().map(|stale| stale.reason.clone()),
                    fingerprint: comparison.fingerprints.get(id).cloned().flatten(),
                    size: found.members.len() as u64,
                },
                members: &found.members,
                movements: &found.movements,
            })
            .collect()
    }

    /// The values of the segments as metrics.
    fn metrics(&self, comparison: &Comparison, take: impl Fn(bool) -> bool) -> Vec<Metric> {
        let segments = self.project.ir.segments.zip(&comparison.segments);
        segments
            .filter(|(_, found)| take(found.stale.is_some()))
            .flat_map(|(segment, found)| {
                let values = self.project.config.values.iter().zip(&found.values);
                values.map(|(definition, value)| Metric {
                    segment: segment.id.clone(),
                    metric: definition.id.value.clone(),
                    value: value.number(),
                    counted: value.counted,
                })
            })
            .collect()
    }

    /// The instant from which on history is kept; `None` to keep it forever.
    fn keep_from(&self) -> Option<i64> {
        let shift = |keep| {
            self.clock
                .shift_instant(self.clock.now, keep, Direction::Earlier)
        };
        self.project.config.keep.map(shift)
    }

    /// The columns to remember for the next run: those that this run could read and, as long as something is missing,
    /// those that could be read before.
    fn columns(&self, previous: &Previous) -> RememberedColumns {
        let mut columns = self.project.catalog.present();
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
