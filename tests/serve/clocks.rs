//! Clocks that change twice a year, and clocks that are wrong.

use crate::studio::{NIGHTLY, Studio};

/// Goes through a night in steps of a quarter of an hour.
fn through_the_night(cron: &str, from: i64, hours: i64) -> Vec<String> {
    let studio = Studio::new(&format!(
        "schedules:\n  - {{ id: nightly, cron: '{cron}' }}"
    ));
    for quarter in 0..=hours * 4 {
        studio.seconds(from + quarter * 900);
        assert_eq!(studio.due(), 0);
    }
    studio.runs("nightly")
}

#[test]
fn a_time_that_the_clock_skips_is_run_once_at_the_first_instant_after() {
    // 30 March 2025: at 01:00 UTC Berlin goes from 02:00 to 03:00.
    let runs = through_the_night("30 2 * * *", 1_743_289_200, 5);
    assert_eq!(runs, ["2025-03-30T01:00:00Z"]);
}

#[test]
fn a_time_that_the_clock_shows_twice_is_run_once() {
    // 26 October 2025: at 01:00 UTC Berlin goes from 03:00 to 02:00.
    let runs = through_the_night("30 2 * * *", 1_761_429_600, 5);
    assert_eq!(runs, ["2025-10-26T00:30:00Z"]);
}

#[test]
fn a_clock_that_is_set_back_runs_nothing_twice() {
    let studio = Studio::known(NIGHTLY);
    studio.put_clock("2025-06-02T04:00:05Z");
    assert_eq!(studio.due(), 0);
    for instant in [
        "2025-06-02T03:50:00Z",
        "2025-06-01T13:00:00Z",
        "2025-06-02T03:59:59Z",
        "2025-06-02T04:00:00Z",
        "2025-06-02T04:10:00Z",
    ] {
        studio.put_clock(instant);
        assert_eq!(studio.due(), 0, "{instant}");
    }
    assert_eq!(studio.runs("nightly"), ["2025-06-02T04:00:00Z"]);
    studio.put_clock("2025-06-03T04:00:00Z");
    assert_eq!(studio.due(), 0);
    assert_eq!(
        studio.runs("nightly"),
        ["2025-06-02T04:00:00Z", "2025-06-03T04:00:00Z"]
    );
}

#[test]
fn a_clock_that_was_years_ahead_blocks_nothing() {
    let studio = Studio::known(NIGHTLY);
    studio.put_clock("2031-01-01T05:00:30Z");
    assert_eq!(studio.due(), 1);
    assert_eq!(studio.runs("nightly"), ["2031-01-01T05:00:00Z"]);
    assert!(
        studio
            .memberships()
            .iter()
            .all(|m| !m.starts_with("active"))
    );
    // Right again, it is the next due time's turn: with the data of that instant.
    studio.put_clock("2025-06-02T04:00:00Z");
    let (code, log) = studio.due_said();
    assert_eq!(code, 1, "{log}");
    assert!(log.contains("the clock was ahead"), "{log}");
    assert_eq!(
        studio.runs("nightly"),
        ["2031-01-01T05:00:00Z", "2025-06-02T04:00:00Z"]
    );
    assert_eq!(studio.memberships(), ["active/1", "idle/2", "idle/3"]);
    let said = studio.query("select message from muster_runs where id = 2");
    assert!(said[0].contains("run 1 is in the future"), "{said:?}");
    // What was written down as missed on the way there is no longer.
    assert_eq!(
        studio.dues(),
        [
            "nightly 2025-06-02T04:00:00Z done",
            "nightly 2031-01-01T05:00:00Z done"
        ]
    );
    studio.put_clock("2025-06-03T04:00:00Z");
    studio.due();
    assert_eq!(studio.runs("nightly").len(), 3);
}

#[test]
fn a_clock_that_was_ahead_when_a_schedule_was_new_blocks_nothing() {
    let studio = Studio::new(NIGHTLY);
    studio.put_clock("2031-01-01T00:00:00Z");
    assert_eq!(studio.due(), 0);
    studio.put_clock("2025-06-02T03:00:00Z");
    let (_, log) = studio.due_said();
    assert!(
        log.contains("the clock was ahead when this schedule was first seen"),
        "{log}"
    );
    studio.put_clock("2025-06-02T04:00:00Z");
    assert_eq!(studio.due(), 0);
    assert_eq!(studio.runs("nightly"), ["2025-06-02T04:00:00Z"]);
}

#[test]
fn a_clock_that_was_days_ahead_takes_no_due_time_away() {
    let studio = Studio::known("schedules:\n  - { id: nightly, cron: '0 6 * * *', missed: skip }");
    // Ten days ahead at eight: all were passed over.
    studio.put_clock("2025-06-11T06:00:00Z");
    assert_eq!(studio.due(), 0);
    assert_eq!(studio.dues().len(), 10);
    studio.put_clock("2025-06-01T14:00:00Z");
    assert_eq!(studio.due(), 0);
    assert!(studio.dues().is_empty(), "{:?}", studio.dues());
    studio.put_clock("2025-06-02T04:00:00Z");
    assert_eq!(studio.due(), 0);
    assert_eq!(studio.runs("nightly"), ["2025-06-02T04:00:00Z"]);
}
