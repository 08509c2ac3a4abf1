//! What a change of the clocks does to a due time, told day by day.

use chrono_tz::{Africa, America, Australia, Europe, Pacific, Tz};
use muster::schedule::{Calendar, Twist};
use muster::time::{format_instant, parse_instant};

fn coming(cron: &str, zone: Tz, from: &str, count: usize) -> Vec<(String, Twist)> {
    let calendar = Calendar::new(cron, zone).unwrap();
    let from = parse_instant(from, zone).unwrap();
    let due = calendar.coming(from, count).into_iter();
    due.map(|due| (format_instant(due.at, zone), due.twist))
        .collect()
}

fn plain(at: &str, twist: Twist) -> (String, Twist) {
    (at.to_string(), twist)
}

#[test]
fn a_time_that_the_clock_skips_moves_to_the_end_of_the_gap() {
    assert_eq!(
        coming("30 2 * * *", Europe::Berlin, "2026-03-27T12:00", 3),
        [
            plain("2026-03-28T02:30:00+01:00", Twist::None),
            plain("2026-03-29T03:00:00+02:00", Twist::Moved),
            plain("2026-03-30T02:30:00+02:00", Twist::None),
        ]
    );
}

#[test]
fn a_time_that_the_clock_shows_twice_is_due_the_first_time() {
    assert_eq!(
        coming("30 1 * * *", America::New_York, "2026-10-31T12:00", 2),
        [
            plain("2026-11-01T01:30:00-04:00", Twist::Once),
            plain("2026-11-02T01:30:00-05:00", Twist::None),
        ]
    );
}

#[test]
fn lists_are_skipped_and_doubled_as_the_clock_shows_them() {
    assert_eq!(
        coming("0,30 2 * * *", Europe::Berlin, "2026-03-28T12:00", 2),
        [
            plain("2026-03-30T02:00:00+02:00", Twist::None),
            plain("2026-03-30T02:30:00+02:00", Twist::None),
        ]
    );
    assert_eq!(
        coming("0,30 2 * * *", Europe::Berlin, "2026-10-24T12:00", 5),
        [
            plain("2026-10-25T02:00:00+02:00", Twist::First),
            plain("2026-10-25T02:30:00+02:00", Twist::First),
            plain("2026-10-25T02:00:00+01:00", Twist::Second),
            plain("2026-10-25T02:30:00+01:00", Twist::Second),
            plain("2026-10-26T02:00:00+01:00", Twist::None),
        ]
    );
}

#[test]
fn half_an_hour_and_midnight_are_no_special_cases() {
    assert_eq!(
        coming("15 2 * * *", Australia::Lord_Howe, "2026-10-03T12:00", 1),
        [plain("2026-10-04T02:30:00+11:00", Twist::Moved)]
    );
    assert_eq!(
        coming("0 0 * * 5", Africa::Cairo, "2026-04-23T12:00", 1),
        [plain("2026-04-24T01:00:00+03:00", Twist::Moved)]
    );
}

#[test]
fn a_day_that_a_zone_left_out_gives_no_second_run() {
    // Samoa had no 30 December 2011: the 29th was followed by the 31st.
    assert_eq!(
        coming("0 0 * * *", Pacific::Apia, "2011-12-29T12:00", 2),
        [
            plain("2011-12-31T00:00:00+14:00", Twist::Moved),
            plain("2012-01-01T00:00:00+14:00", Twist::None),
        ]
    );
}
