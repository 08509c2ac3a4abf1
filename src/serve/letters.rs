//! The mail of a schedule: the only place that makes any.

use tracing::{info, warn};

use super::duty::Duty;
use crate::config::Schedule;
use crate::engine::Watch;
use crate::mail::{self, Delivered};
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
pub(super) async fn deliver(duty: &Duty) -> bool {
    let config = duty.config().await;
    let now = || duty.clock.now();
    match mail::deliver(&config, &now, &duty.stop).await {
        Ok(delivered) => {
            tell(&delivered);
            match &delivered.trouble {
                Some(reason) => duty.post.about(reason, "mail waits; tried again"),
                None => duty.post.over("mail goes out again"),
            }
            delivered.trouble.is_some()
                || delivered.refused + delivered.unknown + delivered.expired > 0
        }
        Err(error) => {
            let reason = error.to_string();
            duty.post
                .about(&reason, "the outbox cannot be looked after; tried again");
            true
        }
    }
}

fn tell(delivered: &Delivered) {
    let Delivered {
        accepted,
        refused,
        unknown,
        put_off,
        expired,
        cancelled,
        trouble: _,
    } = delivered;
    let lost = refused + unknown + expired + cancelled;
    match accepted + lost + put_off {
        0 => {}
        _ if lost > 0 => {
            warn!(
                accepted,
                refused, unknown, put_off, expired, cancelled, "mail"
            );
        }
        _ => info!(accepted, put_off, "mail"),
    }
}
