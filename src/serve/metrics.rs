//! The answer of `/metrics`: OpenMetrics text. The only file that names prometheus_client.

use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use super::counters::Counts;
use super::look::Entry;
use super::scheduler::Scheduler;
use crate::store::{LeaseHolder, RunStatus, Store, StoreError, Timetable, Undelivered};
use crate::view::standing;

type Labels = Vec<(&'static str, String)>;
type Gauges = Family<Labels, Gauge>;

/// How a run can end. All are present from the start, so that the first run of each kind is seen as an increase.
const ENDS: [RunStatus; 4] = [
    RunStatus::Published,
    RunStatus::Partial,
    RunStatus::Held,
    RunStatus::Failed,
];

/// Values that are read from the database at each request.
struct Stored {
    timetable: Timetable,
    lease: Option<LeaseHolder>,
    mail: Undelivered,
    stale: usize,
    held: bool,
}

/// Renders the current metrics as text.
pub(super) async fn render(scheduler: &Scheduler) -> Result<String, std::fmt::Error> {
    let mut registry = Registry::with_prefix("muster");
    let version = vec![("version", env!("CARGO_PKG_VERSION").to_owned())];
    registry.register("build", "The program", Info::new(version));
    let (_, _, entries) = scheduler.place().await;
    counted(&mut registry, &entries, &scheduler.counters.counts());
    // A missing file looks like one that was never written to, so its metrics are left out.
    let there = !scheduler.config().await.database.is_missing();
    let stored = stored(scheduler).await.ok().filter(|_| there);
    gauge(
        &mut registry,
        "database_readable",
        "Whether the results can be read",
        i64::from(stored.is_some()),
    );
    if let Some(stored) = stored {
        standings(
            &mut registry,
            &entries,
            &stored.timetable,
            scheduler.clock.now(),
        );
        let help = "Whether some process is at work on these results";
        let held = i64::from(stored.lease.is_some());
        gauge(&mut registry, "lease_held", help, held);
        let help = "Segments that keep earlier members, because they could not be evaluated";
        let stale = i64::try_from(stored.stale).unwrap_or(i64::MAX);
        gauge(&mut registry, "segments_stale", help, stale);
        let help = "Whether the last run is held, so that the results are those of an earlier one";
        gauge(&mut registry, "run_held", help, i64::from(stored.held));
        undelivered(&mut registry, &stored.mail);
    }
    let mut text = String::new();
    encode(&mut text, &registry)?;
    Ok(text)
}

fn undelivered(registry: &mut Registry, mail: &Undelivered) {
    let by_status = Gauges::default();
    for (status, number) in [
        ("pending", mail.pending),
        ("held", mail.held),
        ("sending", mail.sending),
        ("refused", mail.refused),
        ("unknown", mail.unknown),
        ("expired", mail.expired),
    ] {
        let labels = vec![("status", status.to_owned())];
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        by_status.get_or_create(&labels).set(number);
    }
    let help = "Mail that has not arrived, by what became of it";
    registry.register("mail_undelivered", help, by_status);
    let help = "Whether the mail server does not accept the login";
    let refused = i64::from(mail.login.is_some());
    gauge(registry, "mail_login_refused", help, refused);
}

fn counted(registry: &mut Registry, entries: &[Entry], counts: &Counts) {
    let runs = Family::<Labels, Counter>::default();
    let missed = Family::<Labels, Counter>::default();
    for entry in entries {
        for status in ENDS {
            let mut labels = of(entry);
            labels.push(("status", status.name().to_owned()));
            runs.get_or_create(&labels).inc_by(0);
        }
        missed.get_or_create(&of(entry)).inc_by(0);
    }
    for ((schedule, status), count) in &counts.runs {
        let labels = vec![
            ("schedule", schedule.clone()),
            ("status", (*status).to_owned()),
        ];
        runs.get_or_create(&labels).inc_by(*count);
    }
    for (schedule, count) in &counts.missed {
        let labels = vec![("schedule", schedule.clone())];
        missed.get_or_create(&labels).inc_by(*count);
    }
    let help = "Tries of due times by how they ended, since the start";
    registry.register("runs", help, runs);
    let help = "Due times that passed without a run, since the start";
    registry.register("due_missed", help, missed);
    let took = Family::<Labels, Gauge<f64, AtomicU64>>::default();
    for (schedule, seconds) in &counts.took {
        let labels = vec![("schedule", schedule.clone())];
        took.get_or_create(&labels).set(*seconds);
    }
    let help = "How long the newest run took that this process published";
    registry.register_with_unit("last_run_duration", help, Unit::Seconds, took);
    let help = "Whether config and rules can be used as they stand";
    gauge(registry, "files_good", help, i64::from(counts.files_good));
    if let Some(has) = counts.on_server {
        let help = "Whether the server of `publish:` has the last results";
        gauge(registry, "results_on_server", help, i64::from(has));
    }
    let asleep = i64::try_from(counts.woke.elapsed().as_secs()).unwrap_or(i64::MAX);
    let help = "How long ago the planner came round";
    let gauge: Gauge = Gauge::default();
    gauge.set(asleep);
    registry.register_with_unit("planner_asleep", help, Unit::Seconds, gauge);
}

fn standings(registry: &mut Registry, entries: &[Entry], timetable: &Timetable, now: i64) {
    let [success, next, overdue, lost] = [(); 4].map(|()| Gauges::default());
    for entry in entries {
        let standing = standing(&entry.watched(), timetable, now);
        let labels = of(entry);
        let seconds = |instant: i64| instant.div_euclid(1_000_000);
        let last = standing.last_success.as_ref();
        if let Some(at) = last.and_then(|due| due.finished_at) {
            success.get_or_create(&labels).set(seconds(at));
        }
        if let Some(at) = standing.next {
            next.get_or_create(&labels).set(seconds(at));
        }
        let is_overdue = i64::from(standing.overdue);
        overdue.get_or_create(&labels).set(is_overdue);
        let number = i64::try_from(standing.lost).unwrap_or(i64::MAX);
        lost.get_or_create(&labels).set(number);
    }
    let help = "When a due time was last done";
    registry.register_with_unit("last_success_timestamp", help, Unit::Seconds, success);
    let help = "When it is due next";
    registry.register_with_unit("next_due_timestamp", help, Unit::Seconds, next);
    let help = "1 where the last success is longer ago than it should be";
    registry.register("overdue", help, overdue);
    let help = "Due times missed, skipped or given up since the last success";
    registry.register("due_lost", help, lost);
}

fn of(entry: &Entry) -> Labels {
    vec![("schedule", entry.schedule.id.value.clone())]
}

async fn stored(scheduler: &Scheduler) -> Result<Stored, StoreError> {
    let (results, ..) = scheduler.place().await;
    let timetable = scheduler.timetable().await?;
    let mut stored = Stored {
        timetable,
        lease: None,
        mail: Undelivered::default(),
        stale: 0,
        held: false,
    };
    if let Some(mut store) = Store::open_reader(&results).await? {
        stored.lease = store.lease().await?;
        stored.mail = store.undelivered().await?;
        stored.held = !store.held_now().await?.is_empty();
        let segments = store.segments().await?;
        stored.stale = segments.iter().filter(|s| s.stale.is_some()).count();
        store.close().await?;
    }
    Ok(stored)
}

fn gauge(registry: &mut Registry, name: &str, help: &str, value: i64) {
    let gauge: Gauge = Gauge::default();
    gauge.set(value);
    registry.register(name, help, gauge);
}
