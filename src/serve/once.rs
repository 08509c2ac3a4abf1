//! `muster run --due`: does what is outstanding now, once.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::files::Files;
use super::publishing::publish_newest;
use super::scheduler::{Chance, Scheduler, Worked};
use super::{Order, ServeError, delivery};
use crate::store::{LeaseHolder, StoreError};

/// How long to wait for another process that is at work.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often to check whether it is done.
const PAUSE: Duration = Duration::from_millis(250);

/// The result of `run --due`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many due times were done.
    pub done: usize,
    /// Why attempts failed.
    pub failed: Vec<String>,
    /// True if an operator should look: a stale segment, a due time given up, mail that did not go out.
    pub attention: bool,
    /// If waiting was in vain: who is at work on what is outstanding, in words.
    pub busy: Option<String>,
}

/// Does what the schedules owe now, mail included.
///
/// # Errors
/// Config or rules have errors, or the database cannot be read or written.
pub async fn run_due(order: Order) -> Result<Summary, ServeError> {
    let now = order.clock.now();
    let opened = Files::open(&order.config, order.connect, now, &order.stop).await?;
    let Some((files, trouble)) = opened else {
        return Ok(Summary::default());
    };
    if let Some(reason) = trouble {
        return Err(ServeError::World(reason));
    }
    let scheduler = Scheduler::new(order.clock, files, (order.stop, order.halt), "run --due");
    let until = Instant::now() + PATIENCE;
    let (mut summary, mut worked) = (Summary::default(), Worked::default());
    loop {
        let is_late = Instant::now() >= until;
        match turn(&scheduler, &mut summary, &mut worked).await {
            Ok(None) => break,
            Ok(Some(holder)) if is_late => {
                summary.busy = Some(format!(
                    "`{}`, process {} on {}, is at work; what is owed is left to it or to the next time",
                    holder.work, holder.pid, holder.host
                ));
                break;
            }
            // Neither a look nor the first step of work waits long for a lock.
            Ok(Some(_)) | Err(StoreError::Locked(_)) if !is_late => tokio::select! {
                () = scheduler.stop.cancelled() => break,
                () = sleep(PAUSE) => {}
            },
            Ok(Some(_)) => {}
            Err(error) => return Err(ServeError::World(error.to_string())),
        }
    }
    summary.attention |= delivery::deliver(&scheduler).await | worked.attention;
    summary.attention |= publish_newest(&scheduler).await;
    summary.done = worked.done;
    summary.failed = worked.failed;
    Ok(summary)
}

/// Looks, and does what is outstanding. Returns the process that is already at work, if there is one.
async fn turn(
    scheduler: &Scheduler,
    summary: &mut Summary,
    worked: &mut Worked,
) -> Result<Option<LeaseHolder>, StoreError> {
    let looked = scheduler.look().await?;
    summary.attention |= looked.missed;
    if !looked.owed {
        return Ok(None);
    }
    Ok(match scheduler.work(worked).await? {
        Chance::Worked => None,
        Chance::Busy(holder) => Some(holder),
    })
}
