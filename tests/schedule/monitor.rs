//! What makes a monitor ring, and what does not.

use super::desk::Desk;
use crate::support::program::Said;

const NOON: &str = "2026-05-01T12:00:00Z";
const NIGHTLY: &str = "  - { id: nightly, cron: \"30 2 * * *\" }";
/// A minute after the first due time: 02:30 in Berlin is 00:30 in UTC.
const DUE: &str = "2026-05-02T00:31:00Z";

/// A nightly schedule with a report, and a mail server that nobody can reach.
fn with_mail() -> Desk {
    // A port below those that a system gives to whoever asks for one: no other test comes to listen there.
    Desk::new(
        "  - { id: nightly, cron: \"30 2 * * *\", reports: [managers] }
reports: [{ id: managers, to: [boss@example.com] }]
mail:
  from: Shop <shop@example.com>
  smtp: { host: 127.0.0.1, port: 1, tls: none }
",
    )
}

#[test]
fn a_test_that_does_not_arrive_is_told_to_whoever_asked_for_it() {
    let desk = with_mail();
    desk.expect(0, NOON, &["run", "--due"]);
    desk.expect(0, NOON, &["run"]);
    let test = ["report", "managers", "--to", "me@example.com"];
    let said = desk.expect(1, NOON, &test);
    assert!(said.err.contains("mail: 1 waiting"), "{said:?}");
    assert!(said.err.contains("attention: mail waits"), "{said:?}");
    let status = desk.status(0, NOON);
    assert_eq!(status["mail"]["pending"], 0, "{status}");
    let listed = desk.expect(0, NOON, &["outbox", "--format", "json"]);
    let mails: serde_json::Value = serde_json::from_str(&listed.out).unwrap();
    assert_eq!(mails[0]["kind"], "test");
    assert_eq!(mails[0]["status"], "pending");
    assert_eq!(mails[0]["next_attempt_at"], "2026-05-01T14:01:00+02:00");

    // Whoever tries it once more hears the same.
    let said = desk.expect(1, NOON, &["outbox", "--send"]);
    assert!(said.err.contains("attention: mail waits"), "{said:?}");
    desk.status(0, NOON);

    // What the readers themselves do not get is for the monitor.
    desk.expect(1, NOON, &["report", "managers"]);
    let status = desk.status(1, NOON);
    assert_eq!(status["mail"]["tried"], 1, "{status}");
    let said = desk.expect(1, NOON, &["outbox"]);
    assert!(said.out.contains("Next try"), "{said:?}");

    // What is cancelled is not tried again, and does not look as if it were.
    desk.expect(0, NOON, &["outbox", "--cancel", "managers"]);
    desk.status(0, NOON);
    let listed = desk.expect(0, NOON, &["outbox", "--format", "json"]);
    let mails: serde_json::Value = serde_json::from_str(&listed.out).unwrap();
    for mail in mails.as_array().unwrap() {
        assert_eq!(mail["status"], "cancelled");
        assert_eq!(mail["next_attempt_at"], serde_json::Value::Null);
    }
    assert_eq!(mails.as_array().unwrap().len(), 2);
}

#[test]
fn a_wrong_config_is_told_and_what_is_stored_is_still_seen() {
    let desk = Desk::new(NIGHTLY);
    desk.expect(0, NOON, &["run", "--due"]);
    desk.expect(0, DUE, &["run", "--due"]);
    let good = desk.read("config.yaml");
    let slips = [
        good.replace("30 2 * * *", "30 2 * *"),
        good.replace("Europe/Berlin", "Europe/Berlim"),
        good.replace("subject:", "subjects:"),
        format!("{good}  - {{ id: weekly, cron:\n"),
    ];
    for slip in slips {
        desk.write("config.yaml", &slip);
        let status = desk.status(2, "2026-05-02T10:00:00Z");
        let wrong = status["config_wrong"].as_str().unwrap();
        assert!(wrong.contains("config is wrong (config.yaml:"), "{wrong}");
        assert!(wrong.contains("`muster check` tells all"), "{wrong}");
        assert_eq!(status["attention"][0], wrong);
        // As `muster serve` last saw it.
        let nightly = &status["schedules"][0];
        assert_eq!(nightly["id"], "nightly");
        assert_eq!(nightly["state"], "fine");
        assert_eq!(nightly["next"], "2026-05-03T02:30:00+02:00");
        assert_eq!(status["runs"][0]["id"], 1);
        let said = desk.expect(2, "2026-05-05T10:00:00Z", &["status"]);
        assert!(said.out.contains("attention: config is wrong"), "{said:?}");
        assert!(said.out.contains("`nightly` is overdue"), "{said:?}");
        assert_eq!(said.err, "", "all is on one page");
        let said = desk.expect(2, DUE, &["outbox"]);
        assert!(said.err.contains("attention: config is wrong"), "{said:?}");
        // What would be changed by it needs a config that is right.
        let said = desk.expect(2, DUE, &["outbox", "--send"]);
        assert!(said.err.contains("error"), "{said:?}");
    }
    // Where not even that can be told where the results are, every finding is.
    std::fs::write(
        desk.path("config.yaml"),
        good.replace("results: sqlite:", "results: sqlit:"),
    )
    .unwrap();
    let said = desk.expect(2, DUE, &["status"]);
    assert_eq!(said.out, "");
    assert!(said.err.contains("config.yaml:2:"), "{said:?}");
    desk.write("config.yaml", good);
    desk.status(0, DUE);
}

#[test]
fn wrong_rules_are_told_whether_anybody_serves_or_not() {
    let desk = Desk::new(NIGHTLY);
    desk.expect(0, NOON, &["run", "--due"]);
    desk.expect(0, DUE, &["run", "--due"]);
    assert_eq!(desk.status(0, DUE)["config_wrong"], serde_json::Value::Null);
    let good = desk.read("rules/all.yaml");
    let slips = [
        "segments:\n  - { id: everyone_here, when: agee > 3 }\n",
        "segments:\n  - { id: everyone_here, when: yes\n",
    ];
    for slip in slips {
        desk.write("rules/all.yaml", slip);
        let status = desk.status(2, DUE);
        let wrong = status["attention"][0].as_str().unwrap();
        assert!(
            wrong.contains("config or rules are wrong (rules/all.yaml:"),
            "{wrong}"
        );
        assert!(wrong.contains("`muster check` tells all"), "{wrong}");
        assert_eq!(status["config_wrong"], wrong);
        assert_eq!(status["schedules"][0]["state"], "fine");
        let said = desk.expect(2, DUE, &["status"]);
        assert!(said.out.contains("attention: config or rules"), "{said:?}");
        assert_eq!(said.err, "", "all is on one page");
    }
    desk.write("rules/all.yaml", good);
    desk.status(0, DUE);
}

#[test]
fn every_instant_is_on_the_business_clock_and_names_its_zone() {
    let desk = Desk::new(&format!("{NIGHTLY}\nlocale: de-DE"));
    desk.expect(0, NOON, &["run", "--due"]);
    // Half an hour late, and as of the due time all the same.
    desk.expect(1, "2026-05-02T01:00:00Z", &["run", "--due"]);
    let out = |arguments: &[&str]| desk.at(DUE, arguments).out;
    let status = out(&["status"]);
    assert!(status.contains("02.05.2026 02:30 CEST"), "{status}");
    assert!(status.contains("03.05.2026 02:30 CEST"), "{status}");
    assert!(
        status.contains("late: it was due at 02.05.2026 02:30 CEST"),
        "{status}"
    );
    let coming = out(&["schedule", "--count", "1"]);
    assert!(coming.contains("03.05.2026 02:30 CEST"), "{coming}");
    assert!(coming.contains("25.10.2026 02:00 CET"), "{coming}");
    for told in [status, coming] {
        assert!(!told.contains("2026-05-02"), "{told}");
        assert!(!told.contains("00:30"), "{told}");
    }
}

#[test]
fn a_failure_is_told_once_and_says_what_happens_next() {
    let desk = Desk::new(NIGHTLY);
    desk.expect(0, NOON, &["run", "--due"]);
    // What a run has read can be gone; what none has is a slip in config.
    desk.expect(0, NOON, &["run"]);
    let rename = |from: &str, to: &str| desk.sql(&format!("alter table {from} rename to {to}"));
    rename("clients", "customers");
    desk.expect(3, DUE, &["run", "--due"]);
    let status = desk.status(1, DUE);
    let nightly = &status["schedules"][0];
    assert_eq!(nightly["state"], "failing");
    assert_eq!(nightly["next_attempt"], "2026-05-02T02:31:30+02:00");
    let attention = status["attention"].as_array().unwrap();
    assert_eq!(attention.len(), 1, "{attention:?}");
    let words = attention[0].as_str().unwrap();
    assert!(
        words.starts_with("`nightly` failed for 05/02/2026 02:30 CEST (")
            && words.contains("clients"),
        "{words}"
    );
    assert!(
        words.ends_with("it is tried again at 05/02/2026 02:31 CEST"),
        "{words}"
    );
    rename("customers", "clients");
    desk.expect(0, "2026-05-02T00:32:00Z", &["run", "--due"]);
    desk.status(0, "2026-05-02T00:32:00Z");
}

#[test]
fn tables_fit_a_narrow_terminal() {
    let desk = Desk::new(concat!(
        "  - { id: nightly, cron: \"30 2 * * *\" }\n",
        "  - { id: monday_mail, cron: \"0 7 * * 1\" }"
    ));
    desk.expect(0, NOON, &["run"]);
    let said = desk.expect(0, NOON, &["status"]);
    assert!(
        said.out
            .contains("`nightly` does not run by itself until `muster serve`"),
        "{said:?}"
    );
    desk.expect(0, NOON, &["run", "--due"]);
    desk.expect(0, DUE, &["run", "--due"]);
    for command in ["status", "schedule"] {
        let said = desk.expect(0, DUE, &[command]);
        let tables = said.out.lines().filter(|line| !line.contains("due twice"));
        for line in tables {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }
}

#[test]
fn where_nothing_was_ever_run_and_nobody_watches_somebody_should_look() {
    let desk = Desk::new(NIGHTLY);
    let status = desk.status(1, NOON);
    assert_eq!(
        status["attention"][0],
        "`nightly` is watched by nobody: start `muster serve`, or `muster run --due` from cron"
    );
    desk.expect(0, NOON, &["run", "--due"]);
    desk.status(0, NOON);
    // Results that are gone are not results in which all is well.
    for file in ["results.db", "results.db-wal", "results.db-shm"] {
        std::fs::remove_file(desk.path(file)).ok();
    }
    desk.status(1, NOON);
}

#[test]
fn results_that_may_not_be_looked_at_are_not_taken_for_none() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;
    let desk = Desk::new(NIGHTLY);
    desk.edit(
        "config.yaml",
        "sqlite:results.db",
        "sqlite:closed/results.db",
    );
    std::fs::create_dir(desk.path("closed")).unwrap();
    desk.expect(0, NOON, &["run", "--due"]);
    let allow = |name: &str, mode| {
        std::fs::set_permissions(desk.path(name), std::fs::Permissions::from_mode(mode)).unwrap();
    };
    allow(".", 0o755);
    allow("closed", 0o700);
    let mut command = desk.command(&["status"]);
    // The superuser may look everywhere, and anybody else is kept out of a closed folder of their own.
    match std::fs::metadata(desk.path("closed")).unwrap().uid() {
        0 => drop(command.uid(65_534).gid(65_534)),
        _ => allow("closed", 0o000),
    }
    let said = Said::by(&mut command);
    allow("closed", 0o700);
    assert_eq!(said.code, 3, "{said:?}");
    let words = "cannot be opened: Permission denied";
    assert!(said.err.contains(words), "{said:?}");
}

#[test]
fn a_login_at_a_server_that_config_no_longer_names_is_forgotten() {
    let desk = with_mail();
    desk.expect(0, NOON, &["run", "--due"]);
    desk.expect(0, NOON, &["run"]);
    desk.sql_in(
        "results.db",
        "insert into muster_mail_logins values
             ('old.example.com:587', '2026-05-01T11:00:00Z', '535 who are you')",
    );
    let status = desk.status(1, NOON);
    let attention = status["attention"].to_string();
    assert!(attention.contains("the login was refused"), "{attention}");
    let config = desk.read("config.yaml");
    let (before, _) = config.split_once("  smtp:").unwrap();
    desk.write("config.yaml", format!("{before}  file: outbox\n"));
    desk.expect(0, NOON, &["report", "managers"]);
    desk.status(0, NOON);
}
