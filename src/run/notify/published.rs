//! Mail about the last published run, without a new run.

use super::{Notification, Notifier, Past, Roster, RunReport};
use crate::connector::Connector;
use crate::engine::{Evaluation, Keep, Watch};
use crate::project::{Project, blocking};
use crate::run::RunError;
use crate::run::attempt::{ATTEMPTS, machine_instant};
use crate::store::{OutboxBatch, Run, Store, StoreError};
use crate::time::Clock;

/// Mail about the last published run.
#[derive(Debug)]
pub struct Notified {
    pub run: Run,
    /// The mail that was written.
    pub notification: Notification,
    /// How many mails are new in the outbox.
    pub new: usize,
}

/// Writes mail about the last published run and puts it into the outbox; `None` if nothing was published yet. Whatever
/// is not stored about the run is evaluated as of its instant. `present` is the present instant in microseconds, if a
/// clock is given; `None` for the machine's.
///
/// # Errors
/// See [`RunError`]. Nothing was written.
pub async fn notify_published(
    project: &Project,
    connector: &dyn Connector,
    notifier: &dyn Notifier,
    present: Option<i64>,
    watch: &dyn Watch,
) -> Result<Option<Notified>, RunError> {
    for _ in 0..ATTEMPTS {
        let Some((mut notified, batch)) =
            compose(project, connector, notifier, present, watch).await?
        else {
            return Ok(None);
        };
        if batch.deliveries.is_empty() {
            return Ok(Some(notified));
        }
        let mut store = Store::open_writer(project.config.results_path(), false).await?;
        let new = store.enqueue_batch(&batch).await;
        store.close().await?;
        match new {
            Ok(new) => {
                notified.new = new;
                return Ok(Some(notified));
            }
            Err(StoreError::Overtaken(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(StoreError::Overtaken(project.config.results_path().to_path_buf()).into())
}

/// Writes mail about the last published run without putting it into the outbox; `None` if nothing was published yet.
///
/// # Errors
/// See [`RunError`].
pub async fn preview_published(
    project: &Project,
    connector: &dyn Connector,
    notifier: &dyn Notifier,
    watch: &dyn Watch,
) -> Result<Option<Notified>, RunError> {
    let composed = compose(project, connector, notifier, None, watch).await?;
    Ok(composed.map(|(notified, _)| notified))
}

async fn compose(
    project: &Project,
    connector: &dyn Connector,
    notifier: &dyn Notifier,
    present: Option<i64>,
    watch: &dyn Watch,
) -> Result<Option<(Notified, OutboxBatch)>, RunError> {
    let config = &project.config;
    let Some(mut store) = Store::open_reader(config.results_path()).await? else {
        return Ok(None);
    };
    let Some(run) = store.last_published().await? else {
        return Ok(None);
    };
    let roster = Roster::read(&mut store, &run, &config.values, notifier.asks_since_when()).await?;
    let mut past = Past::read(&mut store, &notifier.reports()).await?;
    let nameless = past.read_labels(&mut store, &roster).await?;
    store.close().await?;
    // The names of inactive subjects are only in the database.
    let asks_names = !nameless.is_empty() && config.active.is_some();
    let mut evaluation = None;
    if notifier.asks_for_outputs() {
        evaluation = Some(evaluate(project, connector, &run, watch)?);
    } else if asks_names {
        // A report that needs only stored data is written without these names if the database is unavailable.
        evaluation = evaluate(project, connector, &run, watch).ok();
    }
    if let Some(evaluation) = &evaluation {
        past.take_labels(nameless, evaluation);
    }
    let written_at = present.unwrap_or_else(machine_instant);
    let notification = notifier.write(&RunReport {
        project,
        run: &run,
        written_at,
        roster: &roster,
        evaluation: evaluation.as_ref(),
        past: &past,
    });
    let batch = notification.batch(run.id, written_at, past.baselines);
    let notified = Notified {
        run,
        notification,
        new: 0,
    };
    Ok(Some((notified, batch)))
}

/// Evaluates what is not stored about a run.
fn evaluate(
    project: &Project,
    connector: &dyn Connector,
    run: &Run,
    watch: &dyn Watch,
) -> Result<Evaluation, RunError> {
    let clock = Clock {
        now: run.as_of,
        zone: project.config.timezone,
    };
    let evaluation = blocking(|| {
        let snapshot = connector.snapshot()?;
        snapshot.evaluate(&project.ir, &clock, Keep::Outputs, watch)
    });
    Ok(evaluation?)
}
