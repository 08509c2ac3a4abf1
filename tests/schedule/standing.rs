//! `muster schedule` and `muster status`: what people and monitors are told.

use super::desk::Desk;

const NIGHTLY: &str = r#"  - { id: nightly, cron: "30 2 * * *" }"#;

#[test]
fn the_schedule_marks_what_the_clocks_do() {
    let desk = Desk::new(concat!(
        "  - { id: nightly, cron: \"30 2 * * *\" }\n",
        "  - { id: twice, cron: \"0,30 2 * * *\" }"
    ));
    let before = "2026-03-28T12:00:00Z";
    let said = desk.expect(0, before, &["schedule", "--count", "2", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(told["coming"][0]["due"], "2026-03-29T03:00:00+02:00");
    assert_eq!(
        told["coming"][0]["note"],
        "the clock skips 02:30: due right after the gap"
    );
    assert_eq!(told["coming"][1]["due"], "2026-03-30T02:30:00+02:00");
    assert_eq!(told["coming"][1]["note"], serde_json::Value::Null);
    assert_eq!(told["coming"][2]["due"], "2026-03-30T02:00:00+02:00");
    let effects: Vec<&str> = told["clock_changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["effect"].as_str().unwrap())
        .collect();
    assert_eq!(
        effects,
        [
            "02:30 is skipped: due at 03:00 instead",
            "02:30 is shown twice: due the first time",
            "02:30 is skipped: due at 03:00 instead",
            "02:00, 02:30 are skipped",
            "02:00, 02:30 are due twice",
            "02:00, 02:30 are skipped",
        ]
    );
    let said = desk.expect(0, "2026-10-24T12:00:00Z", &["schedule", "--count", "1"]);
    assert!(
        said.out
            .contains("the clock shows 02:30 twice: due the first time"),
        "{said:?}"
    );
}

#[test]
fn check_warns_of_what_is_skipped() {
    let desk = Desk::new(r#"  - { id: twice, cron: "0,30 2 * * *" }"#);
    let said = desk.expect(0, "2026-01-01T12:00:00Z", &["check"]);
    let told = format!("{}{}", said.out, said.err);
    assert!(told.contains("clock-change"), "{told}");
    assert!(told.contains("skipped at 02:00, 02:30"), "{told}");
}

#[test]
fn a_dead_scheduler_shows() {
    let desk = Desk::new(NIGHTLY);
    desk.expect(0, "2026-05-01T12:00:00Z", &["run", "--due"]);
    let status = desk.status(0, "2026-05-01T12:00:00Z");
    assert_eq!(status["schedules"][0]["state"], "not due yet");
    assert_eq!(status["schedules"][0]["watched"], true);

    // 02:30 in Berlin is 00:30 in UTC.
    desk.expect(0, "2026-05-02T00:31:00Z", &["run", "--due"]);
    let status = desk.status(0, "2026-05-02T10:00:00Z");
    let nightly = &status["schedules"][0];
    assert_eq!(nightly["state"], "fine");
    assert_eq!(nightly["last_success"], "2026-05-02T02:30:00+02:00");
    assert_eq!(nightly["next"], "2026-05-03T02:30:00+02:00");
    assert_eq!(nightly["run"], 1);

    // The next due time passes. An hour is granted, then somebody should look.
    assert_eq!(
        desk.status(0, "2026-05-03T01:30:00Z")["schedules"][0]["overdue"],
        false
    );
    let status = desk.status(1, "2026-05-03T01:31:00Z");
    let nightly = &status["schedules"][0];
    assert_eq!(nightly["overdue"], true);
    assert_eq!(nightly["open_since"], "2026-05-03T02:30:00+02:00");
    let said = desk.expect(1, "2026-05-05T12:00:00Z", &["status"]);
    assert!(
        said.out
            .contains("attention: `nightly` is overdue: nothing was done for 05/03/2026 02:30"),
        "{said:?}"
    );

    // Who comes back tells what was missed and makes up for the latest, and all is well.
    desk.expect(1, "2026-05-05T12:00:00Z", &["run", "--due"]);
    desk.status(0, "2026-05-05T12:00:00Z");
}

#[test]
fn of_several_due_times_that_are_noticed_at_once_none_was_missed_within_five_minutes() {
    let desk = Desk::new(r#"  - { id: often, cron: "* * * * *" }"#);
    desk.expect(0, "2026-05-01T12:00:30Z", &["run", "--due"]);
    desk.expect(0, "2026-05-01T12:03:03Z", &["run", "--due"]);
    let states = desk.dues().into_iter().map(|[_, due, state]| (due, state));
    let (passed, last) = ("missed".to_owned(), "done".to_owned());
    assert_eq!(
        states.collect::<Vec<_>>(),
        [
            ("2026-05-01T12:01:00Z".to_owned(), passed.clone()),
            ("2026-05-01T12:02:00Z".to_owned(), passed),
            ("2026-05-01T12:03:00Z".to_owned(), last),
        ]
    );
    desk.expect(1, "2026-05-01T12:09:03Z", &["run", "--due"]);
}

#[test]
fn a_changed_schedule_owes_nothing_from_before() {
    let desk = Desk::new(NIGHTLY);
    desk.expect(0, "2026-05-01T12:00:00Z", &["run", "--due"]);
    desk.status(1, "2026-05-04T12:00:00Z");
    desk.config(r#"  - { id: nightly, cron: "0 20 * * *" }"#);
    let status = desk.status(0, "2026-05-04T12:00:00Z");
    assert_eq!(status["schedules"][0]["watched"], false);
    assert_eq!(status["schedules"][0]["state"], "watched by nobody");
}

#[test]
fn a_schedule_that_nobody_ever_watched_is_told_in_time() {
    let desk = Desk::new(NIGHTLY);
    desk.expect(0, "2026-05-01T12:00:00Z", &["run"]);
    desk.status(0, "2026-05-01T13:00:00Z");
    let status = desk.status(1, "2026-05-02T12:00:00Z");
    assert_eq!(
        status["attention"][0],
        "`nightly` is watched by nobody: start `muster serve`, or `muster run --due` from cron"
    );
}

#[test]
fn a_clock_that_was_ahead_is_told() {
    let desk = Desk::new(NIGHTLY);
    desk.expect(0, "2026-05-01T12:00:00Z", &["run", "--due"]);
    desk.expect(1, "2026-05-04T00:31:00Z", &["run", "--due"]);
    let status = desk.status(1, "2026-05-02T10:00:00Z");
    let attention = status["attention"].to_string();
    assert!(
        attention.contains("the last published run is as of 05/04/2026 02:30 CEST"),
        "{attention}"
    );
    assert!(
        attention.contains("`nightly` was run for 05/04/2026 02:30 CEST already"),
        "{attention}"
    );
}

#[test]
fn a_failed_due_time_is_told_before_it_is_overdue() {
    let desk = Desk::new(r#"  - { id: nightly, cron: "30 2 * * *", retries: 0 }"#);
    desk.expect(0, "2026-05-01T12:00:00Z", &["run", "--due"]);
    // What a run has read can be gone; what none has is a slip in config.
    desk.expect(0, "2026-05-01T12:00:00Z", &["run"]);
    // No clients at all: nothing to publish a list of.
    desk.sql("alter table clients rename to customers");
    let said = desk.at("2026-05-02T00:31:00Z", &["run", "--due"]);
    assert_ne!(said.code, 0, "{said:?}");
    let status = desk.status(1, "2026-05-02T00:32:00Z");
    assert_eq!(status["schedules"][0]["overdue"], false);
    let attention = status["attention"].to_string();
    assert!(attention.contains("clients"), "{attention}");
}

#[test]
fn a_monitor_can_tell_a_wrong_world_from_a_wrong_config() {
    let desk = Desk::new(NIGHTLY);
    std::fs::rename(desk.path("shop.db"), desk.path("gone.db")).unwrap();
    desk.expect(3, "2026-05-01T12:00:00Z", &["status"]);
    desk.config(r#"  - { id: nightly, cron: "30 2 * *" }"#);
    desk.expect(2, "2026-05-01T12:00:00Z", &["status"]);
}

#[test]
fn after_a_restore_nothing_is_run_twice() {
    let desk = Desk::new(concat!(
        "  - { id: nightly, cron: \"30 2 * * *\" }\n",
        "  - { id: weekly, cron: \"0 7 * * 1\" }"
    ));
    desk.expect(0, "2026-05-01T12:00:00Z", &["run", "--due"]);
    desk.expect(0, "2026-05-02T00:31:00Z", &["run", "--due"]);
    // As docs/operations.md says.
    let backup = format!("vacuum into '{}'", desk.path("backup.db").display());
    desk.sql_in("results.db", &backup);
    desk.expect(1, "2026-05-04T06:00:00Z", &["run", "--due"]);
    let runs = desk.runs();

    // Disk gone, backup of three days ago put back.
    for left in ["results.db-wal", "results.db-shm"] {
        std::fs::remove_file(desk.path(left)).ok();
    }
    std::fs::copy(desk.path("backup.db"), desk.path("results.db")).unwrap();
    let noon = "2026-05-04T12:00:00Z";
    desk.status(1, noon);
    let said = desk.expect(0, noon, &["schedule", "--skip-missed", "--count", "1"]);
    assert!(
        said.err
            .contains("`nightly`: all that was due until 05/04/2026 02:30 CEST counts as done"),
        "{said:?}"
    );
    assert!(
        said.err.contains("`weekly`: all that was due until"),
        "{said:?}"
    );
    let nightly = &desk.status(0, noon)["schedules"][0];
    assert_eq!(nightly["state"], "skipped by hand");
    assert_eq!(nightly["last_success"], "2026-05-02T02:30:00+02:00");
    assert_eq!(nightly["run"], 1);
    assert_eq!(nightly["skipped_by_hand"], "2026-05-04T02:30:00+02:00");
    assert_eq!(nightly["lost"], 0);
    let before = desk.runs();
    assert!(before < runs);
    desk.expect(0, noon, &["run", "--due"]);
    assert_eq!(desk.runs(), before, "nothing was owed");

    // Twice is as good as once, and the timetable goes on.
    let said = desk.expect(0, noon, &["schedule", "--skip-missed"]);
    assert!(
        said.err.contains("nothing that was due until now is open"),
        "{said:?}"
    );
    desk.expect(0, "2026-05-05T00:31:00Z", &["run", "--due"]);
    assert_eq!(desk.runs(), before + 1);
    let nightly = &desk.status(0, "2026-05-05T00:31:00Z")["schedules"][0];
    assert_eq!(nightly["state"], "fine");
    assert_eq!(nightly["last_success"], "2026-05-05T02:30:00+02:00");
    assert_eq!(nightly["skipped_by_hand"], serde_json::Value::Null);
    let [_, due, state] = desk
        .dues()
        .into_iter()
        .rfind(|[id, ..]| id == "nightly")
        .unwrap();
    assert_eq!(
        (due.as_str(), state.as_str()),
        ("2026-05-05T00:30:00Z", "done")
    );
}
