//! What `/metrics` answers: OpenMetrics text. The only file that names prometheus_client.

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

use super::duty::Duty;
use super::standing::standing;
use super::tally::Counts;
use crate::store::{LeaseHolder, Store, StoreError, Timetable, Undelivered};

type Labels = Vec<(&'static str, String)>;
type Gauges = Family<Labels, Gauge>;

/// What is read from the database at each request.
struct Stored {
    timetable: Timetable,
    lease: Option<LeaseHolder>,
    mail: Undelivered,
}

/// The numbers as they stand, as text.
pub(super) async fn render(duty: &Duty) -> Result<String, std::fmt::Error> {
    let mut registry = Registry::with_prefix("muster");
    let version = vec![("version", env!("CARGO_PKG_VERSION").to_owned())];
    registry.register("build", "The program", Info::new(version));
    counted(&mut registry, &duty.tally.counts());
    // A file that is gone looks like one that was never written to: nothing of it can be told.
    let there = duty.config().await.database.exists();
    let stored = stored(duty).await.ok().filter(|_| there);
    gauge(
        &mut registry,
        "database_readable",
        "Whether the results can be read",
        i64::from(stored.is_some()),
    );
    if let Some(stored) = stored {
        standings(&mut registry, duty, &stored).await;
        let mail = &stored.mail;
        let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
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
            by_status.get_or_create(&labels).set(count(number));
        }
        let help = "Mail that has not arrived, by what became of it";
        registry.register("mail_undelivered", help, by_status);
    }
    let mut text = String::new();
    encode(&mut text, &registry)?;
    Ok(text)
}

fn counted(registry: &mut Registry, counts: &Counts) {
    let runs = Family::<Labels, Counter>::default();
    for ((schedule, status), count) in &counts.runs {
        let labels = vec![
            ("schedule", schedule.clone()),
            ("status", (*status).to_owned()),
        ];
        runs.get_or_create(&labels).inc_by(*count);
    }
    registry.register(
        "runs",
        "Tries of due times by how they ended, since the start",
        runs,
    );
    let missed = Family::<Labels, Counter>::default();
    for (schedule, count) in &counts.missed {
        let labels = vec![("schedule", schedule.clone())];
        missed.get_or_create(&labels).inc_by(*count);
    }
    registry.register(
        "due_missed",
        "Due times that passed without a run, since the start",
        missed,
    );
    let help = "Whether config and rules can be used as they stand";
    gauge(registry, "files_good", help, i64::from(counts.files_good));
    let asleep = i64::try_from(counts.woke.elapsed().as_secs()).unwrap_or(i64::MAX);
    gauge(
        registry,
        "planner_asleep_seconds",
        "How long ago the planner came round",
        asleep,
    );
}

async fn standings(registry: &mut Registry, duty: &Duty, stored: &Stored) {
    let now = duty.clock.now();
    let [success, next, overdue, lost] = [(); 4].map(|()| Gauges::default());
    let (_, _, entries) = duty.place().await;
    for entry in &entries {
        let standing = standing(&entry.schedule, &entry.calendar, &stored.timetable, now);
        let labels = vec![("schedule", entry.schedule.id.value.clone())];
        let seconds = |instant: i64| instant.div_euclid(1_000_000);
        let finished = standing
            .last_success
            .as_ref()
            .and_then(|due| due.finished_at);
        if let Some(at) = finished {
            success.get_or_create(&labels).set(seconds(at));
        }
        if let Some(at) = standing.next {
            next.get_or_create(&labels).set(seconds(at));
        }
        overdue
            .get_or_create(&labels)
            .set(i64::from(standing.overdue));
        lost.get_or_create(&labels)
            .set(i64::try_from(standing.lost).unwrap_or(i64::MAX));
    }
    for (name, help, family) in [
        (
            "last_success_timestamp_seconds",
            "When a due time was last done",
            success,
        ),
        ("next_due_timestamp_seconds", "When it is due next", next),
        (
            "overdue",
            "1 where no success is longer ago than it should be",
            overdue,
        ),
        (
            "due_lost",
            "Due times missed, skipped or given up since the last success",
            lost,
        ),
    ] {
        registry.register(name, help, family);
    }
    let help = "Whether some process is at work on these results";
    gauge(
        registry,
        "lease_held",
        help,
        i64::from(stored.lease.is_some()),
    );
}

async fn stored(duty: &Duty) -> Result<Stored, StoreError> {
    let (results, ..) = duty.place().await;
    let timetable = duty.timetable().await?;
    let mut stored = Stored {
        timetable,
        lease: None,
        mail: Undelivered::default(),
    };
    if let Some(mut store) = Store::open_reader(&results).await? {
        stored.lease = store.lease().await?;
        stored.mail = store.undelivered().await?;
        store.close().await?;
    }
    Ok(stored)
}

fn gauge(registry: &mut Registry, name: &str, help: &str, value: i64) {
    let gauge: Gauge = Gauge::default();
    gauge.set(value);
    registry.register(name, help, gauge);
}
