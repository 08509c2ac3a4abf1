//! Why an attempt did not complete its due time.

use crate::ir::RunFingerprint;
use crate::store::{Due, HELD, NewRun, RunStatus};

/// An attempt after which nothing is published.
pub(super) struct Failure {
    /// The reason recorded in the row of the due time.
    pub(super) reason: String,
    /// The run as recorded; `None` for a schedule that only mails.
    pub(super) run: Option<NewRun>,
}

impl Failure {
    /// The run is held; the run itself says why.
    pub(super) fn held(run: NewRun) -> Self {
        Self {
            reason: HELD.to_owned(),
            run: Some(run),
        }
    }

    /// A failed run that began at `started_at` and ended at `finished_at`, in microseconds UTC.
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

    /// The complete reason.
    pub(super) fn words(&self) -> &str {
        let message = self.run.as_ref().and_then(|run| run.message.as_deref());
        message.unwrap_or(&self.reason)
    }
}
