//! What is owed, and what becomes of it: seen through `run --due`, which does one wake's work and ends.

use crate::studio::{NIGHTLY, RULES, Studio};
use crate::support::database::query_so_far;

const DUE: &str = "select schedule || ' ' || due || ' ' || state || ': ' || coalesce(reason, '')
                   from muster_due order by due, schedule";

/// Makes runs fail, because nobody can be told apart from themselves; and mends that.
const TWICE: &str = "create table kept as select * from clients; drop table clients;
                     create table clients as select * from kept union all select * from kept";
const ONCE: &str = "drop table clients; create table clients (id integer primary key, name text);
                    insert into clients select * from kept";

#[test]
fn a_run_is_evaluated_at_its_due_instant_and_once() {
    let studio = Studio::known(NIGHTLY);
    assert!(studio.dues().is_empty());
    // 06:00 in Berlin is 04:00 UTC in summer; the process starts two minutes late.
    studio.put_clock("2025-06-02T04:02:00Z");
    assert_eq!(studio.due(), 0);
    assert_eq!(studio.dues(), ["nightly 2025-06-02T04:00:00Z done"]);
    assert_eq!(studio.runs("nightly"), ["2025-06-02T04:00:00Z"]);
    // Bo comes at noon, which is later.
    assert_eq!(studio.memberships(), ["active/1", "idle/2", "idle/3"]);
    studio.put_clock("2025-06-02T04:03:00Z");
    assert_eq!(studio.due(), 0);
    studio.put_clock("2025-06-02T23:00:00Z");
    assert_eq!(studio.due(), 0);
    assert_eq!(studio.runs("nightly").len(), 1);
    assert_eq!(
        studio.query("select run_id from muster_due"),
        studio.query("select id from muster_runs")
    );
    assert!(studio.query("select owner from muster_lease").is_empty());
}

#[test]
fn of_what_was_missed_the_latest_is_made_up_for() {
    let studio = Studio::known(NIGHTLY);
    studio.put_clock("2025-06-05T08:00:00Z");
    let (code, log) = studio.due_said();
    assert_eq!(code, 1, "{log}");
    assert!(log.contains("due times were missed"), "{log}");
    assert_eq!(
        studio.query(DUE),
        [
            "nightly 2025-06-02T04:00:00Z missed: missed; a later one stands in for it",
            "nightly 2025-06-03T04:00:00Z missed: missed; a later one stands in for it",
            "nightly 2025-06-04T04:00:00Z missed: missed; a later one stands in for it",
            "nightly 2025-06-05T04:00:00Z done: ",
        ]
    );
    assert_eq!(studio.runs("nightly"), ["2025-06-05T04:00:00Z"]);
    let said = studio.query("select message from muster_runs");
    assert!(
        said[0].contains("late: it was due at 06/05/2025"),
        "{said:?}"
    );
}

#[test]
fn what_was_missed_can_be_skipped_and_is_recorded() {
    let studio = Studio::known("schedules:\n  - { id: nightly, cron: '0 6 * * *', missed: skip }");
    studio.put_clock("2025-06-03T08:00:00Z");
    assert_eq!(studio.due(), 0);
    assert_eq!(
        studio.query(DUE),
        [
            "nightly 2025-06-02T04:00:00Z missed: missed; config says to skip it",
            "nightly 2025-06-03T04:00:00Z skipped: missed; config says to skip it",
        ]
    );
    assert!(studio.runs("nightly").is_empty());
    // The next one, noticed in time, is run.
    studio.put_clock("2025-06-04T04:04:59Z");
    assert_eq!(studio.due(), 0);
    assert_eq!(studio.runs("nightly"), ["2025-06-04T04:00:00Z"]);
}

#[test]
fn a_long_absence_leaves_a_bounded_record() {
    let studio = Studio::known("schedules:\n  - { id: often, cron: '*/5 * * * *' }");
    studio.put_clock("2025-07-01T00:02:00Z");
    assert_eq!(studio.due(), 1);
    assert_eq!(studio.runs("often"), ["2025-07-01T00:00:00Z"]);
    assert_eq!(studio.query("select count(*) from muster_due"), ["50"]);
    let oldest = studio.query("select reason from muster_due order by due limit 1");
    assert_eq!(oldest, ["missed, and so were others before it"]);
    studio.put_clock("2025-07-01T00:05:00Z");
    assert_eq!(studio.due(), 0);
    assert_eq!(studio.query("select count(*) from muster_due"), ["51"]);
}

#[test]
fn a_new_schedule_and_a_changed_one_start_now() {
    let studio = Studio::known(NIGHTLY);
    studio.put_clock("2025-06-02T04:00:00Z");
    assert_eq!(studio.due(), 0);
    // At ten it is put to eight, and another one is added: neither has missed anything.
    studio.config(
        "schedules:
  - { id: nightly, cron: '0 8 * * *' }
  - { id: hourly, cron: '0 * * * *' }",
    );
    studio.put_clock("2025-06-02T08:30:00Z");
    let (code, log) = studio.due_said();
    assert_eq!(code, 0, "{log}");
    assert!(log.contains("a changed schedule"), "{log}");
    assert!(log.contains("a new schedule"), "{log}");
    assert_eq!(studio.dues(), ["nightly 2025-06-02T04:00:00Z done"]);
    studio.put_clock("2025-06-02T09:00:00Z");
    assert_eq!(studio.due(), 0);
    studio.put_clock("2025-06-03T06:00:00Z");
    assert_eq!(studio.due(), 1);
    assert_eq!(
        studio.runs("nightly"),
        ["2025-06-02T04:00:00Z", "2025-06-03T06:00:00Z"]
    );
    assert_eq!(
        studio.runs("hourly"),
        ["2025-06-02T09:00:00Z", "2025-06-03T06:00:00Z"]
    );
    // More blanks make no other schedule, another zone does.
    studio.config("schedules:\n  - { id: nightly, cron: '0  8 * * *', timezone: UTC }");
    studio.put_clock("2025-06-04T12:00:00Z");
    let (_, log) = studio.due_said();
    assert!(log.contains("a changed schedule"), "{log}");
    assert!(log.contains("no longer in the config"), "{log}");
    assert_eq!(studio.runs("nightly").len(), 2);
}

#[test]
fn somebody_was_faster_by_hand() {
    let studio = Studio::known(NIGHTLY);
    studio.put_clock("2025-06-02T04:00:30Z");
    assert!(studio.said(&["run"]).status.success());
    assert_eq!(studio.due(), 0);
    assert_eq!(
        studio.query(DUE),
        ["nightly 2025-06-02T04:00:00Z done: \
          run 1 of a later instant, 06/02/2025 06:00 CEST, stands in for it"]
    );
    assert!(studio.runs("nightly").is_empty());
    // It does not come up again, and the next one is run.
    studio.put_clock("2025-06-03T04:00:00Z");
    assert_eq!(studio.due(), 0);
    assert_eq!(studio.runs("nightly"), ["2025-06-03T04:00:00Z"]);
}

#[test]
fn a_failure_is_recorded_retried_and_given_up_in_the_end() {
    let studio = Studio::known("schedules:\n  - { id: nightly, cron: '0 6 * * *', retries: 1 }");
    studio.put_clock("2025-06-02T04:00:00Z");
    assert_eq!(studio.due(), 0);
    studio.sql(TWICE);
    studio.put_clock("2025-06-03T04:00:00Z");
    let (code, log) = studio.due_said();
    assert_eq!(code, 3, "{log}");
    assert!(log.contains("is not unique"), "{log}");
    let waits = "select state || ' ' || attempts || ' ' || coalesce(next_attempt_at, '-')
                 from muster_due order by due desc limit 1";
    assert_eq!(studio.query(waits), ["claimed 1 2025-06-03T04:00:30Z"]);
    // Before its time it is left alone.
    studio.put_clock("2025-06-03T04:00:29Z");
    assert_eq!(studio.due(), 0);
    studio.put_clock("2025-06-03T04:00:30Z");
    assert_eq!(studio.due(), 3);
    assert_eq!(studio.query(waits), ["failed 2 -"]);
    let failed =
        "select message from muster_runs where status = 'failed' and \"trigger\" = 'nightly'";
    assert_eq!(studio.query(failed).len(), 2);
    assert!(studio.query(failed)[0].contains("is not unique"));
    studio.put_clock("2025-06-03T12:00:00Z");
    assert_eq!(studio.due(), 0);
    studio.sql(ONCE);
    studio.put_clock("2025-06-04T04:00:00Z");
    assert_eq!(studio.due(), 0);
    assert_eq!(
        studio.runs("nightly"),
        ["2025-06-02T04:00:00Z", "2025-06-04T04:00:00Z"]
    );
}

#[test]
fn what_still_waits_gives_way_to_the_next_due_time() {
    let studio = Studio::known("schedules:\n  - { id: hourly, cron: '0 * * * *', retries: 9 }");
    studio.put_clock("2025-06-01T13:00:00Z");
    assert_eq!(studio.due(), 0);
    studio.sql(TWICE);
    studio.put_clock("2025-06-01T14:00:00Z");
    assert_eq!(studio.due(), 3);
    studio.sql(ONCE);
    studio.put_clock("2025-06-01T15:00:00Z");
    assert_eq!(studio.due(), 1);
    assert_eq!(
        studio.dues(),
        [
            "hourly 2025-06-01T13:00:00Z done",
            "hourly 2025-06-01T14:00:00Z failed",
            "hourly 2025-06-01T15:00:00Z done",
        ]
    );
}

#[test]
fn wrong_files_are_told_before_anything_is_claimed() {
    let studio = Studio::known(NIGHTLY);
    studio.rules("segments:\n  - { id: active, when: 'exists(vists)' }");
    studio.put_clock("2025-06-02T04:00:00Z");
    let (code, log) = studio.due_said();
    assert_eq!(code, 2, "{log}");
    assert!(log.contains("vists"), "{log}");
    assert!(studio.dues().is_empty());
    studio.rules(RULES);
    studio.put_clock("2025-06-02T04:30:00Z");
    assert_eq!(studio.due(), 1);
    assert_eq!(studio.runs("nightly"), ["2025-06-02T04:00:00Z"]);
}

#[test]
fn many_at_once_run_each_due_time_once() {
    let studio = Studio::known("schedules:\n  - { id: hourly, cron: '0 * * * *' }");
    let mut due = Vec::new();
    for hour in 13..17 {
        let now = format!("2025-06-01T{hour}:00:00Z");
        studio.put_clock(&now);
        let all: Vec<_> = (0..4)
            .map(|_| studio.muster(&["run", "--due"]).spawn().unwrap())
            .collect();
        for mut one in all {
            assert!(one.wait().unwrap().success());
        }
        due.push(now);
        assert_eq!(studio.runs("hourly"), due);
    }
}

#[test]
fn many_at_once_make_the_file_of_results_once() {
    let studio = Studio::new(
        "results: sqlite:results.db\nschedules:\n  - { id: hourly, cron: '0 * * * *' }",
    );
    for _ in 0..5 {
        let all: Vec<_> = (0..4)
            .map(|_| studio.start(studio.muster(&["run", "--due"])))
            .collect();
        for one in all {
            let (status, log) = one.end();
            assert_eq!(status.code(), Some(0), "{log}");
        }
        let results = studio.path("results.db");
        let known = query_so_far(&results, "select id from muster_schedules");
        assert_eq!(known, ["hourly"]);
        for suffix in ["", "-wal", "-shm"] {
            std::fs::remove_file(studio.path(&format!("results.db{suffix}"))).ok();
        }
    }
}
