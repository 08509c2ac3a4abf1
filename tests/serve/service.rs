//! `muster serve` from start to stop.

use std::net::TcpListener;

use crate::studio::{NIGHTLY, Studio, page};
use crate::support::skipping::skipped;

#[test]
fn it_runs_what_is_due_and_a_restart_runs_nothing_twice() {
    let studio = Studio::new(&format!("serve: {{ listen: '127.0.0.1:0' }}\n{NIGHTLY}"));
    let served = studio.serve();
    let port = served.port();
    studio.wait_until_known(1);
    studio.put_clock("2025-06-02T04:00:00Z");
    studio.wait_until_done("2025-06-02T04:00:00Z");
    studio.wait("/healthz", || {
        page(port, "/healthz").starts_with("HTTP/1.1 200")
    });
    // The run is counted, and the lease given back, a moment after it is published.
    studio.wait("a counted run", || {
        let metrics = page(port, "/metrics");
        metrics.contains("status=\"published\"} 1") && metrics.contains("muster_lease_held 0")
    });
    let metrics = page(port, "/metrics");
    assert!(
        metrics.contains("application/openmetrics-text"),
        "{metrics}"
    );
    for line in [
        "muster_overdue{schedule=\"nightly\"} 0",
        "muster_last_success_timestamp_seconds{schedule=\"nightly\"} 17488368",
        "muster_database_readable 1",
        "muster_files_good 1",
        "muster_mail_undelivered{status=\"pending\"} 0",
        "muster_mail_login_refused 0",
        "muster_segments_stale 0",
        "muster_lease_held 0",
        "muster_runs_total{schedule=\"nightly\",status=\"published\"} 1",
        "muster_runs_total{schedule=\"nightly\",status=\"failed\"} 0",
        "muster_due_missed_total{schedule=\"nightly\"} 0",
        "muster_last_run_duration_seconds{schedule=\"nightly\"} ",
        "muster_next_due_timestamp_seconds{schedule=\"nightly\"} 1748923200",
        "# UNIT muster_planner_asleep_seconds seconds",
        "muster_build_info{version=",
        "# EOF",
    ] {
        assert!(metrics.contains(line), "no {line} in\n{metrics}");
    }
    let away = studio.path("away.db");
    std::fs::rename(studio.database(), &away).unwrap();
    let metrics = page(port, "/metrics");
    assert!(metrics.contains("muster_database_readable 0"), "{metrics}");
    assert!(!metrics.contains("muster_overdue{"), "{metrics}");
    std::fs::rename(&away, studio.database()).unwrap();
    let log = served.stop();
    for line in log.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(line["message"].is_string(), "{line}");
    }
    assert!(!log.contains("Ann"), "{log}");
    let again = studio.serve();
    again.wait_for_log("serving");
    studio.put_clock("2025-06-03T04:00:00Z");
    studio.wait_until_done("2025-06-03T04:00:00Z");
    again.stop();
    assert_eq!(
        studio.runs("nightly"),
        ["2025-06-02T04:00:00Z", "2025-06-03T04:00:00Z"]
    );
}

#[test]
fn a_server_that_lacks_the_results_is_told_by_the_metrics() {
    let studio = Studio::new(&format!(
        "publish: {{ to: 'postgres://nobody@127.0.0.1:9/shop' }}\nserve: {{ listen: '127.0.0.1:0' }}\n{NIGHTLY}"
    ));
    let served = studio.serve();
    let port = served.port();
    studio.wait_until_known(1);
    studio.put_clock("2025-06-02T04:00:00Z");
    studio.wait_until_done("2025-06-02T04:00:00Z");
    studio.wait("a server that is away", || {
        page(port, "/metrics").contains("muster_results_on_server 0")
    });
    served.stop();
}

#[test]
fn two_on_one_database_run_each_due_time_once() {
    let studio = Studio::new(
        "schedules:\n  - { id: hourly, cron: '0 * * * *' }\n  - { id: too, cron: '0 * * * *' }",
    );
    let both = [studio.serve(), studio.serve()];
    studio.wait_until_known(2);
    let mut due = Vec::new();
    for hour in 13..21 {
        let now = format!("2025-06-01T{hour}:00:00Z");
        studio.put_clock(&now);
        let done =
            format!("select count(*) from muster_due where due = '{now}' and state = 'done'");
        studio.wait_for(&done, &["2"]);
        due.push(now);
    }
    for served in both {
        served.stop();
    }
    assert_eq!(studio.runs("hourly"), due);
    assert_eq!(studio.runs("too"), due);
    assert!(studio.query("select owner from muster_lease").is_empty());
}

#[test]
fn a_stop_right_after_the_start_is_heard() {
    if !std::path::Path::new("/proc/self/status").exists() {
        return skipped("no /proc tells here which signals a process hears");
    }
    let studio = Studio::known(NIGHTLY);
    for round in 0..10 {
        for command in [&["serve", "--log-format", "json"][..], &["run", "--due"]] {
            let started = studio.start(studio.muster(command));
            started.wait_until_it_hears();
            let heard = started.log();
            assert!(!heard.contains("stopped"), "{heard}");
            started.terminate();
            let (status, log) = started.end();
            assert_eq!(
                status.code(),
                Some(0),
                "round {round} of {command:?}: {log}"
            );
        }
    }
}

#[test]
fn a_run_in_hand_may_finish() {
    let studio = Studio::new("");
    let (served, due) = studio.at_work(1_500_000, NIGHTLY);
    let log = served.stop();
    assert!(log.contains("published"), "{log}");
    assert_eq!(studio.runs("nightly").last(), Some(&due));
}

#[test]
fn a_run_that_goes_on_for_too_long_is_taken_back_and_run_again() {
    let studio = Studio::new("");
    let nightly = format!("serve: {{ stop_within: 1 second }}\n{NIGHTLY}");
    let (served, due) = studio.at_work(2_000_000_000, &nightly);
    let log = served.stop();
    assert!(log.contains("taken back"), "{log}");
    assert_eq!(studio.dues(), [format!("nightly {due} claimed")]);
    assert!(studio.query("select * from muster_runs").is_empty());
    studio.slow(10, &nightly);
    assert_eq!(studio.due(), 0);
    assert_eq!(studio.runs("nightly"), [due]);
}

#[test]
fn whoever_asks_twice_has_the_run_in_hand_taken_back_and_the_lease_given_back() {
    let studio = Studio::new("");
    let (served, due) = studio.at_work(2_000_000_000, NIGHTLY);
    served.terminate();
    served.wait_for_log("the run in hand may finish");
    let log = served.stop();
    assert!(!log.contains("goes on for too long"), "{log}");
    assert_eq!(studio.dues(), [format!("nightly {due} claimed")]);
    assert!(studio.query("select * from muster_runs").is_empty());
    assert!(studio.query("select owner from muster_lease").is_empty());
    // It was asked for, and counts as no death.
    assert_eq!(studio.query("select deaths from muster_due"), ["0"]);
}

#[test]
fn it_does_not_begin_with_wrong_files_or_on_a_port_of_another() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let studio = Studio::new(&format!(
        "serve: {{ listen: '127.0.0.1:{port}' }}\n{NIGHTLY}"
    ));
    let (status, log) = studio.serve().end();
    assert_eq!(status.code(), Some(3), "{log}");
    assert!(log.contains("another program has it"), "{log}");
    studio.config(NIGHTLY);
    studio.rules("segments:\n  - { id: active, when: 'exists(vists)' }");
    let (status, log) = studio.serve().end();
    assert_eq!(status.code(), Some(2), "{log}");
    assert!(log.contains("vists"), "{log}");
}

/// Whoever opens the address may do everything, and logs are read by many.
#[test]
fn the_address_of_the_page_is_in_a_file_of_its_owner_and_in_no_log() {
    use std::os::unix::fs::PermissionsExt;
    let studio = Studio::new(&format!("page: {{ listen: '127.0.0.1:0' }}\n{NIGHTLY}"));
    let served = studio.serve();
    served.wait_for_log("page-address");
    let path = studio.path("page-address");
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let address = studio.read("page-address");
    let (_, token) = address.trim().split_once("/enter/").unwrap();
    let log = served.stop();
    assert!(!log.contains(token), "{log}");
}
