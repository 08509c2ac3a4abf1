//! Killed while it writes, read while it writes: the last results or the new ones, never half.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::studio::{RULES, Studio, assert_whole, crowd};
use crate::support::clock::NOON;
use crate::support::database::query;
use crate::support::library::at;
use crate::support::program::MUSTER;

const ROUNDS: u64 = 12;

/// Turns every answer of [`RULES`] about, so that everybody moves.
fn turned() -> String {
    let rules = RULES.replace("when: '", "when: 'not (");
    rules.replace("' }", ")' }")
}

fn started(studio: &Studio, day: u64) -> Child {
    let date = chrono::NaiveDate::from_ymd_opt(2025, 6, 2).unwrap() + chrono::Days::new(day);
    Command::new(MUSTER)
        .args(["run", "--as-of", &date.to_string(), "--config"])
        .arg(studio.path("config.yaml"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Who is in what, as one text.
fn state(results: &Path) -> String {
    let sql = "select coalesce(group_concat(segment_id || subject_key), '') from
                   (select * from muster_memberships order by segment_id, subject_key)";
    query(results, sql).remove(0)
}

/// Kills runs at all points of their writing; `results` is where they write, and `trace` the file
/// that is there while they do.
async fn killed_in_many_rounds(studio: &Studio, results: &Path, trace: PathBuf) {
    // More than the page cache holds, so that pages reach the file before the commit.
    crowd(studio, 100, 10_000);
    studio.day(0).await;
    let plain = state(results);
    studio.rules(&turned());
    studio.run(&at(NOON + 1_000_000)).await;
    let turned_about = state(results);
    assert_ne!(plain, turned_about);

    let (mut writing, mut killed, mut published, mut round) = (Duration::MAX, 0, 0, 0);
    // Where the first one was much slower than all others, further ones are killed as early as can be.
    while round <= ROUNDS || killed == 0 {
        assert!(round <= 20 * ROUNDS, "nothing was killed in {round} rounds");
        let before = state(results);
        let (rules, after) = if before == plain {
            (turned(), &turned_about)
        } else {
            (RULES.to_owned(), &plain)
        };
        studio.rules(&rules);
        let mut child = started(studio, round);
        while !trace.exists() && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_micros(200));
        }
        if round == 0 {
            // One undisturbed run tells how long the others may be left alone.
            let began = Instant::now();
            assert!(child.wait().unwrap().success());
            writing = began.elapsed();
        } else {
            if round <= ROUNDS {
                std::thread::sleep(writing.mul_f64(1.5 * round as f64 / ROUNDS as f64));
            }
            child.kill().unwrap();
            killed += u32::from(!child.wait().unwrap().success());
        }
        // Whoever comes next finds everything in order, without any repair by hand.
        if round % 2 == 0 {
            let loaded = studio.load().await;
            assert!(loaded.is_ok(), "{:?}", loaded.err());
        } else {
            assert_whole(results).await;
        }
        let now = state(results);
        assert!(
            now == before || now == *after,
            "half a run in round {round}"
        );
        published += u32::from(now == *after);
        assert_whole(results).await;
        assert_eq!(query(results, "pragma integrity_check"), ["ok"]);
        round += 1;
    }
    println!(
        "{killed} of {} killed, {published} published with the first",
        round - 1
    );
}

#[tokio::test]
async fn a_killed_run_leaves_the_last_results_in_the_owners_database() {
    let studio = Studio::new();
    studio.config("guard: off");
    let journal = studio.path("studio.db-journal");
    killed_in_many_rounds(&studio, &studio.database(), journal).await;
}

#[tokio::test]
async fn a_killed_run_leaves_the_last_results_in_a_file_of_our_own() {
    let studio = Studio::new();
    studio.config("guard: off\nresults: sqlite:results.db");
    let results = studio.path("results.db");
    killed_in_many_rounds(&studio, &results, studio.path("results.db-wal")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_see_one_run_or_the_next() {
    let studio = Studio::new();
    studio.config("guard: off\nresults: sqlite:results.db");
    crowd(&studio, 100, 1_500);
    studio.day(0).await;
    let over = Arc::new(AtomicBool::new(false));
    let reader = std::thread::spawn({
        let (results, over) = (studio.path("results.db"), over.clone());
        move || reads_until(&results, &over)
    });
    for day in 1..8 {
        let rules = if day % 2 == 0 {
            RULES.to_owned()
        } else {
            turned()
        };
        studio.rules(&rules);
        studio.day(day).await;
    }
    over.store(true, Ordering::Relaxed);
    assert!(reader.join().unwrap() > 0);
}

/// Holds the newest run's numbers against the memberships, again and again.
fn reads_until(results: &Path, over: &AtomicBool) -> u32 {
    let mut connection = Connection::open(results).unwrap();
    let mut reads = 0;
    while !over.load(Ordering::Relaxed) {
        let snapshot = connection.transaction().unwrap();
        let sql = "select count(*) from muster_metrics
                   where run_id = (select max(id) from muster_runs) and value <>
                       (select count(*) from muster_memberships m
                        where m.segment_id = muster_metrics.segment_id)";
        let strays: i64 = snapshot.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(strays, 0);
        reads += 1;
    }
    reads
}
