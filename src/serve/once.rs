//! `muster run --due`: what is owed by now, once.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::duty::{Chance, Duty, Worked};
use super::files::Files;
use super::{Order, ServeError, letters};

/// How long somebody else who is at work is waited for.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often one looks whether they are done.
const PAUSE: Duration = Duration::from_millis(250);

/// What `run --due` came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many due times are done.
    pub done: usize,
    /// Why tries failed.
    pub failed: Vec<String>,
    /// True where somebody should look: a stale segment, a due time given up, mail that did not go out.
    pub attention: bool,
    /// Who is at work on what is owed, where that was waited for in vain: in words.
    pub busy: Option<String>,
}

/// Does what the schedules owe by now, mail included.
///
/// # Errors
/// Config or rules are wrong, or the database cannot be read or written.
pub async fn run_due(order: Order) -> Result<Summary, ServeError> {
    let (files, trouble) = Files::open(&order.config, order.clock.now()).await?;
    if let Some(reason) = trouble {
        return Err(ServeError::World(reason));
    }
    let duty = Duty::new(order.clock, files, (order.stop, order.halt), "run --due");
    let world = |error: crate::store::StoreError| ServeError::World(error.to_string());
    let until = Instant::now() + PATIENCE;
    let mut summary = Summary::default();
    loop {
        let looked = duty.look().await.map_err(world)?;
        summary.attention |= looked.missed;
        if !looked.owed {
            break;
        }
        match duty.work().await.map_err(world)? {
            Chance::Worked(worked) => {
                summary.take(worked);
                break;
            }
            Chance::Busy(holder) if Instant::now() >= until => {
                summary.busy = Some(format!(
                    "`{}`, process {} on {}, is at work; what is owed is left to it or to the next time",
                    holder.work, holder.pid, holder.host
                ));
                break;
            }
            Chance::Busy(_) => tokio::select! {
                () = duty.stop.cancelled() => break,
                () = sleep(PAUSE) => {}
            },
        }
    }
    summary.attention |= letters::deliver(&duty).await;
    Ok(summary)
}

impl Summary {
    fn take(&mut self, worked: Worked) {
        self.done = worked.done;
        self.failed = worked.failed;
        self.attention |= worked.attention;
    }
}
