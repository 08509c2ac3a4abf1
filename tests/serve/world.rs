//! The world goes wrong for a while: nothing is lost, nothing is run twice, and it is told.

use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::Command;

use muster::connector::connect;
use muster::project::load;
use muster::schedule::Calendar;
use muster::serve::punctuality;
use muster::store::{Findings, KnownSchedule, Store, Timetable};
use rusqlite::{Connection, TransactionBehavior};

use crate::studio::{NIGHTLY, Studio, page};
use crate::support::database::query_so_far;
use crate::support::program::MUSTER;
use crate::support::skipping::skipped;
use crate::support::waiting::PATIENCE;

#[test]
fn a_database_that_is_locked_for_longer_than_anybody_waits() {
    let studio = Studio::new(NIGHTLY);
    let served = studio.serve();
    studio.wait_until_known(1);
    let mut other = Connection::open(studio.database()).unwrap();
    other.busy_timeout(PATIENCE).unwrap();
    let held = other
        .transaction_with_behavior(TransactionBehavior::Exclusive)
        .unwrap();
    studio.put_clock("2025-06-02T04:00:00Z");
    served.wait_for_log("what is due cannot be written down");
    assert!(served.log().contains("another program is writing to it"));
    held.rollback().unwrap();
    studio.wait_until_done("2025-06-02T04:00:00Z");
    served.wait_for_log("is written down again");
    served.stop();
    assert_eq!(studio.runs("nightly"), ["2025-06-02T04:00:00Z"]);
}

#[test]
fn a_database_that_is_locked_when_the_run_is_to_be_written() {
    let studio = Studio::new("");
    let (served, due, other) = studio.caught_at_work(1_500_000, NIGHTLY, |due| {
        let other = Connection::open(studio.database()).unwrap();
        other.busy_timeout(PATIENCE).unwrap();
        other.execute_batch("begin immediate").unwrap();
        let published = studio.runs("nightly").iter().any(|run| run == due);
        (!published).then_some(other)
    });
    served.wait_for_log("failed; tried again later");
    other.execute_batch("rollback").unwrap();
    let of_it = format!("select attempts || ' ' || state from muster_due where due = '{due}'");
    studio.wait_for(&of_it, &["1 claimed"]);
    let message = studio.query("select message from muster_runs where status = 'failed'");
    assert!(
        message[0].contains("another program is writing to it"),
        "{message:?}"
    );
    studio.put_clock(&due.replace("T04:00", "T04:01"));
    studio.wait_until_done(&due);
    served.stop();
    assert_eq!(studio.runs("nightly").last(), Some(&due));
}

/// Sets the rights of everything that belongs to a studio.
fn allow(studio: &Studio, folders: u32, files: u32) {
    for folder in [studio.folder().to_path_buf(), studio.path("rules")] {
        set_permissions(folder, Permissions::from_mode(folders)).unwrap();
    }
    for file in ["studio.db", "config.yaml", "rules/all.yaml", "clock"] {
        set_permissions(studio.path(file), Permissions::from_mode(files)).unwrap();
    }
}

#[test]
fn a_database_that_may_not_be_written() {
    let studio = Studio::known(NIGHTLY);
    studio.put_clock("2025-06-02T04:00:00Z");
    allow(&studio, 0o555, 0o444);
    let served = match std::fs::metadata(studio.folder()).unwrap().uid() {
        0 => studio.serve_as_anybody(),
        _ => studio.serve(),
    };
    served.wait_for_log("read-only");
    assert!(studio.dues().is_empty());
    allow(&studio, 0o777, 0o666);
    studio.wait_until_done("2025-06-02T04:00:00Z");
    served.stop();
    assert_eq!(studio.runs("nightly"), ["2025-06-02T04:00:00Z"]);
}

#[test]
fn a_database_that_is_not_there_yet() {
    let studio = Studio::known(&format!("serve: {{ listen: '127.0.0.1:0' }}\n{NIGHTLY}"));
    std::fs::rename(studio.database(), studio.path("away.db")).unwrap();
    studio.put_clock("2025-06-02T04:00:00Z");
    let served = studio.serve();
    served.wait_for_log("the database cannot be used yet");
    let port = served.port();
    studio.wait("/healthz", || {
        page(port, "/healthz").starts_with("HTTP/1.1 200")
    });
    assert!(!studio.database().exists());
    std::fs::rename(studio.path("away.db"), studio.database()).unwrap();
    studio.wait_until_done("2025-06-02T04:00:00Z");
    served.stop();
    assert_eq!(studio.runs("nightly"), ["2025-06-02T04:00:00Z"]);
}

/// A disk of its own, as large as said, mounted where the results lie: `unshare` may do that.
#[test]
fn a_full_disk() {
    let studio = Studio::new(&format!("results: sqlite:disk/results.db\n{NIGHTLY}"));
    std::fs::create_dir(studio.path("disk")).unwrap();
    studio.sql(
        "with recursive n(i) as (select 100 union all select i + 1 from n where i < 4000)
         insert into clients select i, 'Client ' || i from n",
    );
    let script = r#"
        mount -t tmpfs -o size=4m none disk || exit 77
        "$MUSTER" run --due || exit 78
        head -c 3800k /dev/zero > disk/filler
        echo 2025-06-02T04:00:00Z > clock
        "$MUSTER" run --due
        echo "full: $?"
        rm disk/filler
        echo 2025-06-02T04:01:00Z > clock
        "$MUSTER" run --due
        echo "again: $?"
        cp disk/results.db after.db"#;
    let output = Command::new("unshare")
        .args(["--map-root-user", "--mount", "sh", "-c", script])
        .env("MUSTER", MUSTER)
        .env("MUSTER_CLOCK", "clock")
        .current_dir(studio.folder())
        .output();
    let output = match output {
        Ok(output) if output.status.code() != Some(77) && output.status.code() != Some(1) => output,
        _ => return skipped("no disk can be mounted here"),
    };
    let [said, log] = [output.stdout, output.stderr].map(|s| String::from_utf8(s).unwrap());
    assert_eq!(said, "full: 3\nagain: 0\n", "{log}");
    assert!(log.contains("the disk is full"), "{log}");
    let after = studio.path("after.db");
    let runs = "select as_of || ' ' || status from muster_runs where status <> 'failed'";
    assert_eq!(
        query_so_far(&after, runs),
        ["2025-06-02T04:00:00Z published"]
    );
    assert_eq!(
        query_so_far(&after, "select state from muster_due"),
        ["done"]
    );
    assert_eq!(query_so_far(&after, "pragma integrity_check"), ["ok"]);
}

/// Between the look at a database that is away and the note of what was found, it came back: its
/// schedule is not new, and what it owes is not forgotten.
#[tokio::test]
async fn a_database_that_comes_back_between_look_and_note() {
    let studio = Studio::known(NIGHTLY);
    let known = studio.query("select known_since from muster_schedules");
    let nothing = Timetable::default();
    let found = Findings {
        known: vec![KnownSchedule {
            id: "nightly".into(),
            definition: "as if it were new".into(),
            known_since: 4_000_000_000_000_000,
        }],
        ..Findings::default()
    };
    let mut store = Store::open_writer(&studio.database(), false).await.unwrap();
    assert!(!store.note(&found, (&nothing, 64), 0).await.unwrap());
    assert_eq!(
        studio.query("select known_since from muster_schedules"),
        known
    );
    let now = store.timetable(64).await.unwrap();
    assert!(store.note(&found, (&now, 64), 0).await.unwrap());
    assert_ne!(
        studio.query("select known_since from muster_schedules"),
        known
    );
}

/// The word that a schedule is on time again is not for a file that nobody can look into.
#[tokio::test]
async fn a_database_that_is_away_says_nothing_of_how_schedules_stand() {
    let studio = Studio::known(NIGHTLY);
    let project = load(&studio.path("config.yaml"), connect).await.unwrap();
    let schedule = &project.config.schedules[0];
    let calendar = Calendar::new(&schedule.cron.value, schedule.timezone).unwrap();
    let due = 1_748_836_800_000_000;
    let later = due + 2 * 3_600_000_000;
    let nothing = Timetable::default();
    assert_eq!(punctuality(schedule, &calendar, &nothing, later), None);
    let store = Store::open_reader(&studio.database()).await.unwrap();
    let timetable = store.unwrap().timetable(64).await.unwrap();
    let late = punctuality(schedule, &calendar, &timetable, later).unwrap();
    assert_eq!(late.overdue_since, Some(due));
    let before = punctuality(schedule, &calendar, &timetable, due - 1).unwrap();
    assert_eq!(before.overdue_since, None);
}
