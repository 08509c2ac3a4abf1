//! One attempt at an outstanding due time, and what is recorded if no run was published.

use std::time::Duration;

use super::failure::Failure;
use super::files::ForRun;
use super::import::import;
use super::look::IN_TIME;
use super::scheduler::{Scheduler, Worked};
use super::stop::Stop;
use super::work::{after_deaths, again};
use super::{delivery, news};
use crate::config::{Schedule, marks};
use crate::connector::Connector;
use crate::import::ImportError;
use crate::mail;
use crate::project::{LoadError, Project};
use crate::run::notify::{Notification, Notifier};
use crate::run::{Lease, Options, Outcome, RunError, run_and_notify};
use crate::store::{Due, DueState, Hold, NewRun, RunStatus, Settled, Store, StoreError};

/// The first and the longest wait before retrying a file that cannot be written.
const WRITE_WAIT: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(15));

/// How an attempt ended.
enum Ended {
    /// A run was published, and its due time is marked already.
    Published(Box<Outcome>),
    /// Done without a run of its own: the run that stands in, the reason, and the mail about it.
    Done(Option<i64>, String, Option<Notification>),
    /// Its run is held.
    Held(Box<NewRun>),
    Failed(String),
    /// Stopped, or the lease is another process's: nothing is written.
    Left,
}

impl Scheduler {
    /// Attempts a due time. Returns false if no more work is to be done.
    pub(super) async fn attempt(
        &self,
        lease: &Lease,
        schedule: &Schedule,
        due: &Due,
        worked: &mut Worked,
    ) -> Result<bool, StoreError> {
        let hold = hold(lease, due);
        let started_at = self.clock.now();
        if let Some(again) = after_deaths(due, started_at) {
            let reason = format!("{} processes died over it", due.deaths + 1);
            news::failed(&due.schedule, due.due, due.attempts, &reason, Some(again));
            let settled = Settled {
                reason: Some(reason),
                died: true,
                next_attempt_at: Some(again),
                ..Settled::default()
            };
            return self.settle(&hold, &settled, None).await.map(|()| true);
        }
        if !self.begin(&hold).await? {
            // Another process holds the lease, or the due time was settled: the next wake sees what is left.
            return Ok(false);
        }
        let ended = match schedule.runs {
            true => self.run(lease, &hold, schedule, due, started_at).await,
            false => self.only_mail(lease, schedule, due).await,
        };
        match ended {
            Ended::Left => return Ok(false),
            Ended::Published(outcome) => self.published(due, &outcome, worked),
            Ended::Done(run, reason, notification) => {
                let settled = Settled {
                    state: DueState::Done,
                    reason: Some(reason.clone()),
                    run,
                    at: self.clock.now(),
                    ..Settled::default()
                };
                self.settle(&hold, &settled, None).await?;
                news::done(&due.schedule, due.due, run, &reason);
                worked.attention |= notification
                    .is_some_and(|notification| news::wrote(&due.schedule, &notification));
                self.counters.run(&due.schedule, "done");
                worked.done += 1;
            }
            Ended::Held(run) => {
                let failure = Failure::held(*run);
                worked.attention = true;
                self.failed(&hold, schedule, due, failure, worked).await?;
            }
            Ended::Failed(reason) => {
                worked.failed.push(reason.clone());
                let failure = match schedule.runs {
                    true => Failure::of_run(reason, due, started_at, self.clock.now()),
                    false => Failure::of_mail(reason),
                };
                self.failed(&hold, schedule, due, failure, worked).await?;
            }
        }
        Ok(true)
    }

    /// Gives up a due time because a later one of its schedule is outstanding.
    pub(super) async fn pass_over(
        &self,
        lease: &Lease,
        due: &Due,
        worked: &mut Worked,
    ) -> Result<(), StoreError> {
        let (state, reason) = match (&due.reason, due.attempts) {
            (Some(reason), 1..) => (
                DueState::Failed,
                format!("{reason}; then the next one was due"),
            ),
            _ => (
                DueState::Missed,
                "it still waited when the next one was due".to_owned(),
            ),
        };
        let settled = Settled {
            state,
            reason: Some(reason.clone()),
            at: self.clock.now(),
            ..Settled::default()
        };
        news::passed_over(&due.schedule, due.due, due.attempts, &reason);
        self.counters.missed(&due.schedule, 1);
        worked.attention = true;
        self.settle(&hold(lease, due), &settled, None).await
    }

    async fn begin(&self, hold: &Hold) -> Result<bool, StoreError> {
        let (results, create, _) = self.place().await;
        let mut store = Store::open_writer(&results, create).await?;
        let begun = store.begin_due(hold).await;
        store.close().await?;
        begun
    }

    async fn run(
        &self,
        lease: &Lease,
        hold: &Hold,
        schedule: &Schedule,
        due: &Due,
        started_at: i64,
    ) -> Ended {
        let ForRun {
            project,
            connector,
            note,
        } = match self.import_and_load(lease).await {
            Ok(loaded) => loaded,
            Err(ended) => return ended,
        };
        let is_late = started_at - due.due > IN_TIME;
        let zone = schedule.timezone;
        let marks = marks(project.config.locale);
        let late = is_late.then(|| format!("late: it was due at {}", marks.moment(due.due, zone)));
        let note: Vec<String> = late.into_iter().chain(note).collect();
        let options = Options {
            as_of: Some(due.due),
            trigger: due.schedule.clone(),
            present: Some(started_at),
            hold: Some(hold.clone()),
            note: (!note.is_empty()).then(|| note.join("; ")),
            ..Options::default()
        };
        let writer = delivery::writer(&project, schedule, due.due);
        let watch = self.watch(lease);
        let writer = writer.as_ref().map(|writer| writer as &dyn Notifier);
        match run_and_notify(&project, &*connector, &options, writer, &watch).await {
            Ok(outcome) if outcome.run.is_some() => {
                news::edited(&due.schedule, &outcome, project.config.locale);
                warn_of(&project, &*connector, schedule, &outcome, &watch);
                Ended::Published(Box::new(outcome))
            }
            Ok(Outcome {
                held: Some(held), ..
            }) => Ended::Held(Box::new(held)),
            Ok(Outcome {
                newer: Some(newer), ..
            }) => {
                let stands_in = format!(
                    "run {} of a later instant, {}, stands in for it",
                    newer.id,
                    marks.moment(newer.as_of, zone)
                );
                match delivery::mail_after(
                    &project,
                    &*connector,
                    schedule,
                    due.due,
                    started_at,
                    &watch,
                )
                .await
                {
                    Ok(told) => Ended::Done(
                        Some(newer.id),
                        stands_in,
                        told.map(|told| told.notification),
                    ),
                    Err(error) => ended(error),
                }
            }
            Ok(outcome) => {
                let reason = outcome.unpublished;
                Ended::Failed(reason.unwrap_or_else(|| "nothing was published".to_owned()))
            }
            Err(error) => ended(error),
        }
    }

    /// Handles a schedule with `run: none`: mails the last published run.
    async fn only_mail(&self, lease: &Lease, schedule: &Schedule, due: &Due) -> Ended {
        let now = self.clock.now();
        let ForRun {
            project, connector, ..
        } = match self.load().await {
            Ok(loaded) => loaded,
            Err(reason) => return Ended::Failed(reason),
        };
        match delivery::mail_after(
            &project,
            &*connector,
            schedule,
            due.due,
            now,
            &self.watch(lease),
        )
        .await
        {
            Ok(Some(told)) => Ended::Done(
                Some(told.run.id),
                "told of the last published run".to_owned(),
                Some(told.notification),
            ),
            Ok(None) => {
                let reason = "no run was published yet: nothing to tell";
                Ended::Done(None, reason.to_owned(), None)
            }
            Err(error) => ended(error),
        }
    }

    async fn import_and_load(&self, lease: &Lease) -> Result<ForRun, Ended> {
        // The import takes the config and releases the lock on the files, so nothing waits for the import.
        let config = self.files.lock().await.written();
        match import(config, self.watch(lease)).await {
            Ok(()) => self.load().await.map_err(Ended::Failed),
            Err(ImportError::Cancelled) => Err(Ended::Left),
            Err(error) => Err(Ended::Failed(error.to_string())),
        }
    }

    async fn load(&self) -> Result<ForRun, String> {
        let now = self.clock.now();
        self.files
            .lock()
            .await
            .for_run(now)
            .await
            .map_err(|error| match error {
                LoadError::World(reason) => reason,
                LoadError::Refused(..) => {
                    "config or rules are wrong; `muster check` tells".to_owned()
                }
            })
    }

    fn watch(&self, lease: &Lease) -> Stop {
        Stop {
            halt: self.halt.clone(),
            lost: lease.lost(),
        }
    }

    fn published(&self, due: &Due, outcome: &Outcome, worked: &mut Worked) {
        worked.done += 1;
        let Some(run) = &outcome.run else {
            return;
        };
        news::published(&due.schedule, due.due, run, outcome);
        news::read_data(&due.schedule, run, &outcome.evaluation.problems);
        self.counters.run(&due.schedule, run.status.name());
        self.counters.took(&due.schedule, news::seconds(outcome));
        let notification = outcome.notification.as_ref();
        let held =
            notification.is_some_and(|notification| news::wrote(&due.schedule, notification));
        worked.attention |= held || run.message.is_some();
    }

    /// Records an attempt after which nothing is published.
    async fn failed(
        &self,
        hold: &Hold,
        schedule: &Schedule,
        due: &Due,
        failure: Failure,
        worked: &mut Worked,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        let attempt = due.attempts + 1;
        let again = again(attempt, schedule.retries, now);
        let status = failure.status();
        let tell = match status {
            RunStatus::Held => news::held,
            _ => news::failed,
        };
        tell(&due.schedule, due.due, attempt, failure.words(), again);
        self.counters.run(&due.schedule, status.name());
        worked.attention |= again.is_none();
        let settled = Settled {
            state: match again {
                Some(_) => DueState::Claimed,
                None => DueState::Failed,
            },
            reason: Some(failure.reason),
            failed: true,
            next_attempt_at: again,
            at: now,
            ..Settled::default()
        };
        self.settle(hold, &settled, failure.run.as_ref()).await
    }

    /// Writes how an attempt ended, as soon as the file can be written; gives up if asked to stop.
    async fn settle(
        &self,
        hold: &Hold,
        settled: &Settled,
        run: Option<&NewRun>,
    ) -> Result<(), StoreError> {
        let (mut wait, longest) = WRITE_WAIT;
        loop {
            let written = self.settle_once(hold, settled, run).await;
            if self.stop.is_cancelled()
                || !matches!(written, Err(StoreError::Locked(_) | StoreError::Full(_)))
            {
                return written;
            }
            tokio::select! {
                () = self.stop.cancelled() => {}
                () = tokio::time::sleep(wait) => {}
            }
            wait = (wait * 2).min(longest);
        }
    }

    async fn settle_once(
        &self,
        hold: &Hold,
        settled: &Settled,
        run: Option<&NewRun>,
    ) -> Result<(), StoreError> {
        let (results, create, _) = self.place().await;
        let mut store = Store::open_writer(&results, create).await?;
        let written = store.settle_due(hold, settled, run).await;
        store.close().await?;
        written.map(drop)
    }
}

/// Reports the warnings of `check`: nobody else may look at the files of an unattended run.
fn warn_of(
    project: &Project,
    connector: &dyn Connector,
    schedule: &Schedule,
    outcome: &Outcome,
    watch: &Stop,
) {
    let clock = outcome.evaluation.clock;
    let warnings = mail::warnings(project, connector, &clock, watch);
    if let Some(first) = warnings.first() {
        let place = first.location.map(|place| project.sources.place(place));
        let run = outcome.run.as_ref();
        news::warned(
            &schedule.id.value,
            run,
            &warnings,
            &place.unwrap_or_default(),
        );
    }
}

fn hold(lease: &Lease, due: &Due) -> Hold {
    Hold {
        owner: lease.owner().to_owned(),
        due: Some((due.schedule.clone(), due.due)),
    }
}

fn ended(error: RunError) -> Ended {
    match error {
        RunError::World(reason) => Ended::Failed(reason),
        RunError::Cancelled | RunError::TakenOver(_) => Ended::Left,
    }
}
