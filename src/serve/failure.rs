//! Why a due time is not done by a try.

use crate::ir::RunFingerprint;
use crate::store::{Due, HELD, NewRun, RunStatus};

/// A try after which nothing is published.
pub(super) struct Failure {
    /// What the row of the due time says.
    pub(super) reason: String,
    /// The run as it is recorded; none for a schedule that only mails.
    pub(super) run: Option<NewRun>,
}

impl Failure {
    /// Its run is held: the run itself says why.
    pub(super) fn held(run: NewRun) -> Self {
        Self {
            reason: HELD.to_owned(),
            run: Some(run),
        }
    }

    /// A run failed that began at `started_at` and ended at `finished_at`, microseconds UTC.
    pub(super) fn of_run(reason: String, due: &Due, started_at: i64, finished_at: i64) -> Self {
        let run = NewRun {
            as_of: due.due,
            started_at,
            finished_at,
            status: RunStatus::Failed,
            trigger: due.schedule.clone(),
            fingerprint: RunFingerprint::default(),
            subjects: 0,
            message: Some(reason.clone()),
            data_summary: None,
        };
        Self {
            reason,
            run: Some(run),
        }
    }

    /// The mail about the last published run could not be written.
    pub(super) fn of_mail(reason: String) -> Self {
        Self { reason, run: None }
    }

    /// How its run ended.
    pub(super) fn status(&self) -> RunStatus {
        let run = self.run.as_ref();
        run.map_or(RunStatus::Failed, |run| run.status)
    }

    /// All that there is to say.
    pub(super) fn words(&self) -> &str {
        let message = self.run.as_ref().and_then(|run| run.message.as_deref());
        message.unwrap_or(&self.reason)
    }
}
