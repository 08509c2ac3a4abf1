//! What makes a monitor ring, and what does not.

use super::desk::Desk;

const NOON: &str = "2026-05-01T12:00:00Z";

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

    // What the readers themselves do not get is for the monitor.
    desk.expect(1, NOON, &["report", "managers"]);
    let status = desk.status(1, NOON);
    assert_eq!(status["mail"]["tried"], 1, "{status}");
    desk.expect(1, NOON, &["outbox"]);

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
