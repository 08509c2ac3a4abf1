//! Files that change while the process goes on.

use crate::studio::{NIGHTLY, RULES, Studio};

#[test]
fn broken_rules_leave_the_last_good_ones_in_use_until_they_are_mended() {
    let studio = Studio::new(NIGHTLY);
    let served = studio.serve();
    studio.wait_until_known(1);
    studio.put_clock("2025-06-02T04:00:00Z");
    studio.wait_until_done("2025-06-02T04:00:00Z");
    studio.rules("segments:\n  - { id: active, when: 'exists(vists)' }");
    // Told early, long before the next run.
    studio.put_clock("2025-06-02T04:02:00Z");
    served.wait_for_log("changed and are wrong");
    assert!(
        served.log().contains("rules/all.yaml:2"),
        "{}",
        served.log()
    );
    studio.put_clock("2025-06-03T04:00:00Z");
    studio.wait_until_done("2025-06-03T04:00:00Z");
    assert_eq!(studio.memberships(), ["active/1", "active/2", "idle/3"]);
    let said = studio.query("select message from muster_runs order by id desc limit 1");
    assert!(said[0].contains("the files are wrong"), "{said:?}");
    assert!(
        said[0].contains("those of 06/02/2025 06:00 CEST"),
        "{said:?}"
    );
    studio.rules(&RULES.replace("3 days", "2 days"));
    studio.put_clock("2025-06-04T04:00:00Z");
    studio.wait_until_done("2025-06-04T04:00:00Z");
    assert_eq!(studio.memberships(), ["active/2", "idle/3"]);
    assert_eq!(
        studio.query("select message from muster_runs order by id desc limit 1"),
        ["null"]
    );
    served.wait_for_log("they are right, and used from now on");
    served.stop();
}

#[test]
fn what_an_edit_moved_is_logged_with_the_first_run_by_it() {
    let studio = Studio::known(NIGHTLY);
    studio.put_clock("2025-06-02T04:00:00Z");
    studio.due();
    studio.rules(&RULES.replace("3 days", "2 days"));
    studio.put_clock("2025-06-03T04:00:00Z");
    let (_, log) = studio.due_said();
    let line = log.lines().find(|line| line.contains("the rules changed"));
    let told = "1 edit since run 1: active.when (1 out)";
    assert!(line.is_some_and(|line| line.contains(told)), "{log}");
    studio.put_clock("2025-06-04T04:00:00Z");
    let (_, log) = studio.due_said();
    assert!(!log.contains("the rules changed"), "{log}");
}

#[test]
fn a_timetable_is_edited_without_a_restart() {
    let studio = Studio::new(NIGHTLY);
    let served = studio.serve();
    studio.wait_until_known(1);
    studio.config("schedules:\n  - { id: hourly, cron: '0 * * * *' }");
    studio.put_clock("2025-06-01T12:10:00Z");
    studio.wait_for("select id from muster_schedules", &["hourly"]);
    studio.put_clock("2025-06-01T13:00:00Z");
    studio.wait_until_done("2025-06-01T13:00:00Z");
    studio.put_clock("2025-06-02T04:00:00Z");
    studio.wait_until_done("2025-06-02T04:00:00Z");
    served.stop();
    assert!(studio.runs("nightly").is_empty());
}

#[test]
fn a_changed_list_counts_from_the_next_run_on() {
    let studio = Studio::new(&format!("{NIGHTLY}\nlists: {{ vip: {{ file: vip.csv }} }}"));
    studio.write("vip.csv", "1\n");
    studio.rules("segments:\n  - { id: vip, when: in list vip }");
    let served = studio.serve();
    studio.wait_until_known(1);
    studio.put_clock("2025-06-02T04:00:00Z");
    studio.wait_until_done("2025-06-02T04:00:00Z");
    assert_eq!(studio.memberships(), ["vip/1"]);
    studio.write("vip.csv", "id\n2\n3\n");
    studio.put_clock("2025-06-03T04:00:00Z");
    studio.wait_until_done("2025-06-03T04:00:00Z");
    assert_eq!(studio.memberships(), ["vip/2", "vip/3"]);
    // One that cannot be read is as it last was.
    studio.write("vip.csv", [b'1', b'\n', 0xff]);
    studio.put_clock("2025-06-04T04:00:00Z");
    studio.wait_until_done("2025-06-04T04:00:00Z");
    assert_eq!(studio.memberships(), ["vip/2", "vip/3"]);
    let said = studio.query("select message from muster_runs order by id desc limit 1");
    assert!(said[0].contains("the files are wrong"), "{said:?}");
    served.stop();
}

#[test]
fn a_config_that_is_gone_for_a_while_changes_nothing() {
    let studio = Studio::new(NIGHTLY);
    let served = studio.serve();
    studio.wait_until_known(1);
    std::fs::rename(studio.path("config.yaml"), studio.path("away.yaml")).unwrap();
    studio.put_clock("2025-06-02T04:00:00Z");
    studio.wait_until_done("2025-06-02T04:00:00Z");
    served.wait_for_log("changed and are wrong");
    std::fs::rename(studio.path("away.yaml"), studio.path("config.yaml")).unwrap();
    studio.put_clock("2025-06-03T04:00:00Z");
    studio.wait_until_done("2025-06-03T04:00:00Z");
    served.stop();
    assert_eq!(
        studio.query("select message is null from muster_runs order by id"),
        ["0", "1"]
    );
}

#[test]
fn it_is_told_when_wrong_files_are_right_again() {
    let studio = Studio::new(NIGHTLY);
    let served = studio.serve();
    studio.wait_until_known(1);
    studio.rules("segments:\n  - { id: active, when: 'exists(vists)' }");
    studio.put_clock("2025-06-01T12:02:00Z");
    served.wait_for_log("changed and are wrong");
    // As they were.
    studio.rules(RULES);
    studio.put_clock("2025-06-01T12:04:00Z");
    served.wait_for_log("right again");
    studio.rules("segments:\n  - { id: active, when: 'exists(vists)' }");
    studio.put_clock("2025-06-01T12:06:00Z");
    studio.wait("wrong twice", || {
        served.log().matches("changed and are wrong").count() == 2
    });
    // Right, and others.
    studio.rules(&RULES.replace("3 days", "2 days"));
    studio.put_clock("2025-06-01T12:08:00Z");
    served.wait_for_log("they are right, and used from now on");
    let log = served.stop();
    assert_eq!(log.matches("right again").count(), 1, "{log}");
}
