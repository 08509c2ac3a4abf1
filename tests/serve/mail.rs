//! The mail of a timetable: once for each due time.

use crate::studio::Studio;

const MAILS: &str =
    "select report || ' ' || period || ' ' || recipient || ' run ' || run_id || ' ' || status
                     from muster_deliveries order by period, report";

fn studio() -> Studio {
    Studio::known(
        "schedules:
  - { id: nightly, cron: '0 6 * * *', reports: [managers] }
  - { id: noon, cron: '0 12 * * *', run: none, reports: [desk] }
reports:
  - { id: managers, to: [managers@example.com], when_empty: send }
  - { id: desk, to: [desk@example.com], when_empty: send }
mail: { from: Segments <segments@example.com>, file: outbox }",
    )
}

fn letters(studio: &Studio) -> usize {
    let files = std::fs::read_dir(studio.path("outbox"));
    files.map_or(0, Iterator::count)
}

#[test]
fn a_run_mails_its_reports_and_a_schedule_without_one_mails_the_last() {
    let studio = studio();
    studio.put_clock("2025-06-02T04:00:00Z");
    assert_eq!(studio.due(), 0);
    assert_eq!(studio.due(), 0);
    assert_eq!(letters(&studio), 1);
    studio.put_clock("2025-06-02T10:00:00Z");
    assert_eq!(studio.due(), 0);
    assert_eq!(studio.due(), 0);
    assert_eq!(letters(&studio), 2);
    assert_eq!(
        studio.query(MAILS),
        [
            "managers 2025-06-02T04:00:00Z managers@example.com run 1 accepted",
            "desk 2025-06-02T10:00:00Z desk@example.com run 1 accepted",
        ]
    );
    assert_eq!(studio.query("select count(*) from muster_runs"), ["1"]);
    assert_eq!(studio.query("select run_id from muster_due"), ["1", "1"]);
}

#[test]
fn a_schedule_that_only_mails_has_nothing_to_tell_before_the_first_run() {
    let studio = studio();
    studio.put_clock("2025-06-02T10:00:00Z");
    studio.config(
        "schedules:
  - { id: noon, cron: '0 12 * * *', run: none, reports: [desk] }
reports:
  - { id: desk, to: [desk@example.com], when_empty: send }
mail: { from: Segments <segments@example.com>, file: outbox }",
    );
    assert_eq!(studio.due(), 0);
    assert_eq!(letters(&studio), 0);
    let reason = studio.query("select reason from muster_due");
    assert_eq!(reason, ["no run was published yet: nothing to tell"]);
}

#[test]
fn where_a_later_run_stands_in_its_reports_tell_of_that_one() {
    let studio = studio();
    studio.put_clock("2025-06-02T04:00:30Z");
    assert!(studio.said(&["run"]).status.success());
    assert_eq!(studio.due(), 0);
    assert_eq!(
        studio.query(MAILS),
        ["managers 2025-06-02T04:00:00Z managers@example.com run 1 accepted"]
    );
    assert_eq!(letters(&studio), 1);
}

#[test]
fn a_report_that_is_held_back_asks_for_attention_once() {
    let studio = Studio::known(
        "schedules:
  - { id: nightly, cron: '0 6 * * *', reports: [managers] }
  - { id: noon, cron: '0 12 * * *', run: none, reports: [desk] }
reports:
  - id: managers
    to: [managers@example.com]
    when_empty: send
    hold: { data_older_than: { visits: 1 hours } }
  - id: desk
    to: [desk@example.com]
    when_empty: send
    hold: { data_older_than: { visits: 1 hours } }
mail: { from: Segments <segments@example.com>, file: outbox }",
    );
    for (due, report) in [
        ("2025-06-02T04:00:00Z", "managers"),
        ("2025-06-02T10:00:00Z", "desk"),
    ] {
        studio.put_clock(due);
        let (code, log) = studio.due_said();
        assert_eq!(code, 1, "{log}");
        assert!(log.contains("held back"), "{log}");
        assert!(log.contains(report), "{log}");
        // Whoever calls it every five minutes heard it; `status` goes on to tell.
        assert_eq!(studio.due(), 0);
        assert_eq!(studio.said(&["status"]).status.code(), Some(1));
    }
    let held = "select report from muster_deliveries where status = 'held' order by id";
    assert_eq!(studio.query(held), ["managers", "desk"]);
}
