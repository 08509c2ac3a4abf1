//! Who may work: one at a time, and nobody waits for the dead.

use std::process::Command;
use std::time::Duration;

use muster::connector::connect;
use muster::engine::Unwatched;
use muster::project::load;
use muster::run::{Contender, Options, RunError, Wanted, run};
use muster::store::{Hold, LeaseHolder, Store};
use rusqlite::Connection;

use crate::studio::{NIGHTLY, RULES, Studio};
use crate::support::program::MUSTER;
use crate::support::skipping::skipped;

/// Started as in a container: in a process space and under a host name of its own.
const AS_IN_A_CONTAINER: &str = r#"hostname "$HOST" && exec "$@""#;

/// A command of a studio as in a container called `host`; none where that is not permitted here.
fn contained(studio: &Studio, host: &str, arguments: &[&str]) -> Option<Command> {
    let unshare = || {
        let mut command = Command::new("unshare");
        command.args([
            "--map-root-user",
            "--mount",
            "--pid",
            "--mount-proc",
            "--uts",
        ]);
        command.args(["--fork", "--kill-child=KILL"]);
        command.args(["sh", "-c", AS_IN_A_CONTAINER, "sh"]);
        command.env("HOST", host);
        command
    };
    let tried = unshare().arg("true").output();
    if !tried.is_ok_and(|tried| tried.status.success()) {
        skipped("no process spaces can be made here");
        return None;
    }
    let mut command = unshare();
    command
        .arg(MUSTER)
        .args(arguments)
        .current_dir(studio.folder())
        .env("MUSTER_CLOCK", studio.path("clock"))
        .env("NO_COLOR", "1");
    Some(command)
}

/// Two containers on one volume: neither sees the other's processes, and one of them dies at work. What is
/// waited for here is a minute of silence, and no more is taken for granted of it.
#[test]
fn a_container_that_died_at_work_is_followed_by_another_after_its_silence() {
    let studio = Studio::new("");
    studio.slow(2_000_000_000, NIGHTLY);
    let Some(one) = contained(&studio, "first", &["serve", "--log-format", "json"]) else {
        return;
    };
    let one = studio.start(one);
    studio.wait_until_known(1);
    studio.put_clock("2025-06-02T04:00:00Z");
    studio.wait_for("select host from muster_lease", &["first"]);
    // Seen from elsewhere nothing can be said of its process.
    let status = studio.said(&["status", "--format", "json"]);
    let status: serde_json::Value = serde_json::from_slice(&status.stdout).unwrap();
    assert_eq!(status["lease"]["host"], "first");
    assert_eq!(status["lease"]["alive"], serde_json::Value::Null);
    let other = contained(&studio, "second", &["serve", "--log-format", "json"]).unwrap();
    let other = studio.start(other);
    other.wait_for_log("another process is at work; this one waits");
    one.kill();
    studio.slow(10, NIGHTLY);
    other.wait_for_log_longer("took over from a process that died");
    studio.wait_until_done("2025-06-02T04:00:00Z");
    assert_eq!(
        studio.query("select state || ' ' || deaths from muster_due"),
        ["done 1"]
    );
    assert_eq!(studio.runs("nightly"), ["2025-06-02T04:00:00Z"]);
    assert!(
        other.log().contains("\"host\":\"first\""),
        "{}",
        other.log()
    );
}

/// Somebody whose process cannot be looked at from here.
fn elsewhere() -> LeaseHolder {
    LeaseHolder {
        owner: "other".into(),
        host: "elsewhere".into(),
        machine: "another machine".into(),
        pid: 1,
        process_start: 1,
        work: "serve".into(),
        // By a clock that is far ahead: nobody goes by it.
        taken_at: 4_000_000_000_000_000,
        beats: 7,
        beat_at: 4_000_000_000_000_000,
    }
}

async fn held_by(studio: &Studio, holder: &LeaseHolder) -> Store {
    let mut store = Store::open_writer(&studio.database(), false).await.unwrap();
    assert!(store.take_lease(holder, None).await.unwrap());
    store
}

async fn want(studio: &Studio, contender: &mut Contender) -> Wanted {
    let results = studio.database();
    contender.want(&results, false, "test", 0).await.unwrap()
}

#[tokio::test]
async fn there_is_one_at_a_time() {
    let studio = Studio::new(NIGHTLY);
    let [mut one, mut other] = [Contender::default(), Contender::default()];
    let Wanted::Ours(lease, None) = want(&studio, &mut one).await else {
        panic!("nobody has it");
    };
    let Wanted::Theirs(holder) = want(&studio, &mut other).await else {
        panic!("somebody has it");
    };
    assert_eq!(holder.owner, lease.owner());
    assert_eq!(holder.pid, i64::from(std::process::id()));
    lease.release().await;
    assert!(matches!(
        want(&studio, &mut other).await,
        Wanted::Ours(_, None)
    ));
}

#[tokio::test]
async fn silence_is_measured_by_the_observers_own_clock() {
    let studio = Studio::new(NIGHTLY);
    let mut store = held_by(&studio, &elsewhere()).await;
    let mut contender = Contender::patient(Duration::from_millis(300));
    assert!(matches!(
        want(&studio, &mut contender).await,
        Wanted::Theirs(_)
    ));
    tokio::time::sleep(Duration::from_millis(350)).await;
    // It has shown that it lives, and is watched anew from here.
    assert!(store.beat("other", 0).await.unwrap());
    assert!(matches!(
        want(&studio, &mut contender).await,
        Wanted::Theirs(_)
    ));
    tokio::time::sleep(Duration::from_millis(350)).await;
    let Wanted::Ours(lease, Some(dead)) = want(&studio, &mut contender).await else {
        panic!("it was silent for long enough");
    };
    assert_eq!(dead.host, "elsewhere");
    // The other one finds out.
    assert!(!store.beat("other", 0).await.unwrap());
    assert_ne!(lease.owner(), "other");
}

#[tokio::test]
async fn whoever_lost_it_writes_nothing() {
    let studio = Studio::new(NIGHTLY);
    let project = load(&studio.path("config.yaml"), connect).await.unwrap();
    let options = |owner: &str| Options {
        as_of: Some(1_748_779_200_000_000),
        trigger: "manual".into(),
        hold: Some(Hold {
            owner: owner.into(),
            due: None,
        }),
        ..Options::default()
    };
    held_by(&studio, &elsewhere()).await.close().await.unwrap();
    let lost = run(
        &project,
        &*connect(&project.config),
        &options("lost"),
        &Unwatched,
    )
    .await;
    assert!(matches!(lost, Err(RunError::TakenOver(_))), "{lost:?}");
    assert!(studio.query("select * from muster_runs").is_empty());
    assert!(studio.memberships().is_empty());
    run(
        &project,
        &*connect(&project.config),
        &options("other"),
        &Unwatched,
    )
    .await
    .unwrap();
    assert!(!studio.memberships().is_empty());
}

#[tokio::test]
async fn a_due_time_that_is_anothers_is_not_marked_nor_run() {
    let studio = Studio::known(NIGHTLY);
    studio.sql(
        "insert into muster_due (schedule, due, state, owner)
         values ('nightly', '2025-06-01T04:00:00Z', 'claimed', 'somebody else')",
    );
    let project = load(&studio.path("config.yaml"), connect).await.unwrap();
    held_by(&studio, &elsewhere()).await.close().await.unwrap();
    let due = 1_748_750_400_000_000;
    let options = Options {
        as_of: Some(due),
        trigger: "nightly".into(),
        hold: Some(Hold {
            owner: "other".into(),
            due: Some(("nightly".into(), due)),
        }),
        ..Options::default()
    };
    let refused = run(&project, &*connect(&project.config), &options, &Unwatched).await;
    assert!(
        matches!(refused, Err(RunError::TakenOver(_))),
        "{refused:?}"
    );
    assert!(studio.query("select * from muster_runs").is_empty());
    assert_eq!(studio.dues(), ["nightly 2025-06-01T04:00:00Z claimed"]);
}

#[test]
fn a_process_that_died_is_followed_at_once_and_its_work_done() {
    let studio = Studio::new("");
    let (served, due) = studio.at_work(2_000_000_000, NIGHTLY);
    served.kill();
    assert_eq!(studio.query("select work from muster_lease"), ["serve"]);
    studio.slow(10, NIGHTLY);
    let (code, log) = studio.due_said();
    assert_eq!(code, 0, "{log}");
    assert!(log.contains("took over from a process that died"), "{log}");
    assert_eq!(
        studio.query("select state || ' ' || deaths from muster_due"),
        ["done 1"]
    );
    assert_eq!(studio.runs("nightly"), [due]);
}

#[test]
fn a_run_by_hand_waits_for_whoever_is_at_work() {
    let studio = Studio::new("");
    let stop_soon = format!("serve: {{ stop_within: 1 second }}\n{NIGHTLY}");
    let (served, _) = studio.at_work(2_000_000_000, &stop_soon);
    studio.rules(RULES);
    let by_hand = studio.start(studio.muster(&["run"]));
    by_hand.wait_for_log("`muster serve`, process");
    by_hand.wait_for_log("waiting for it");
    served.stop();
    let (status, log) = by_hand.end();
    assert_eq!(status.code(), Some(0), "{log}");
    assert_eq!(studio.runs("manual").len(), 1);
}

#[test]
fn a_lock_that_is_let_go_in_time_fails_nothing_that_is_due() {
    let studio = Studio::known(NIGHTLY);
    studio.put_clock("2025-06-02T04:00:00Z");
    let other = Connection::open(studio.database()).unwrap();
    other.execute_batch("begin immediate").unwrap();
    let due = studio.start(studio.muster(&["run", "--due"]));
    // Longer than a look waits for a lock. A process that comes to it later shows less, and nothing wrong.
    std::thread::sleep(Duration::from_secs(2));
    other.execute_batch("rollback").unwrap();
    let (status, log) = due.end();
    assert_eq!(status.code(), Some(0), "{log}");
    assert_eq!(studio.runs("nightly"), ["2025-06-02T04:00:00Z"]);
}

/// A lease that stays behind while its process lives would keep everybody else from work.
#[tokio::test(flavor = "multi_thread")]
async fn a_lease_is_given_back_though_the_file_is_locked_for_longer_than_anybody_waits() {
    let studio = Studio::new(NIGHTLY);
    let Wanted::Ours(lease, None) = want(&studio, &mut Contender::default()).await else {
        panic!("nobody has it");
    };
    let other = Connection::open(studio.database()).unwrap();
    other.execute_batch("begin immediate").unwrap();
    let released = tokio::spawn(lease.release());
    tokio::time::sleep(Duration::from_secs(7)).await;
    other.execute_batch("rollback").unwrap();
    released.await.unwrap();
    assert!(studio.query("select owner from muster_lease").is_empty());
}

/// Work that is broken off in a process that lives on keeps nobody else from work.
#[tokio::test(flavor = "multi_thread")]
async fn a_lease_that_is_dropped_is_given_back() {
    let studio = Studio::new(NIGHTLY);
    let Wanted::Ours(lease, None) = want(&studio, &mut Contender::default()).await else {
        panic!("nobody has it");
    };
    drop(lease);
    studio.wait_for(
        "select count(*) from muster_lease where owner is not null",
        &["0"],
    );
}

/// Whoever asks to be forgotten is not written down again by a run that read them before.
#[test]
fn to_forget_somebody_waits_for_the_run_in_hand() {
    let studio = Studio::known(NIGHTLY);
    studio.put_clock("2025-06-02T04:00:00Z");
    assert_eq!(studio.due(), 0);
    studio.put_clock("2025-06-02T12:00:00Z");
    let stop_soon = format!("serve: {{ stop_within: 1 second }}\n{NIGHTLY}");
    studio.slow(2_000_000_000, &stop_soon);
    let by_hand = studio.start(studio.muster(&["run"]));
    studio.wait_for("select work from muster_lease", &["run"]);
    let forget = studio.start(studio.muster(&["forget", "1"]));
    forget.wait_for_log("waiting for it");
    assert_eq!(studio.query("select count(*) from muster_scores"), ["3"]);
    by_hand.terminate();
    by_hand.end();
    let (status, log) = forget.end();
    assert_eq!(status.code(), Some(0), "{log}");
    assert_eq!(studio.query("select count(*) from muster_scores"), ["2"]);
    assert!(studio.query("select owner from muster_lease").is_empty());
}
