//! Instants, dates and windows in the business zone.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

mod guesses;
mod patterns;

use chrono::NaiveDate;
use chrono_tz::{Africa, America, Asia, Australia, Europe, Pacific, Tz, UTC};
use muster::time::{
    Clock, DaysSince, Direction, Duration, InstantReader, Moment, Period, Unit, Window, YearStart,
    age, anniversary, date_of_days, day_of_week, days_of_date, format_instant, parse_instant,
    read_date,
};
use proptest::prelude::*;

const ZONES: [Tz; 8] = [
    UTC,
    Europe::Berlin,
    America::New_York,
    Australia::Lord_Howe,
    Africa::Cairo,
    Asia::Kolkata,
    America::Sao_Paulo,
    Pacific::Apia,
];

fn clock(now: &str, zone: Tz) -> Clock {
    Clock {
        now: parse_instant(now, zone).unwrap(),
        zone,
    }
}

fn many(count: u32, unit: Unit) -> Duration {
    Duration { count, unit }
}

fn date(text: &str) -> i32 {
    read_date(text.as_bytes()).unwrap()
}

fn ymd(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A window's bounds as local times.
fn bounds(clock: &Clock, window: &Window) -> (String, String) {
    let bounds = clock.bounds(window);
    (
        format_instant(bounds.from, clock.zone),
        format_instant(bounds.to, clock.zone),
    )
}

#[test]
fn windows_in_the_week_the_clocks_go_forward() {
    // 2025-03-30 02:00 becomes 03:00 in Berlin.
    let clock = clock("2025-04-01T10:00:00", Europe::Berlin);
    let now = "2025-04-01T10:00:00+02:00";
    for (window, from, to) in [
        (
            Window::Last(many(3, Unit::Day)),
            "2025-03-29T10:00:00+01:00",
            now,
        ),
        (
            Window::Last(many(48, Unit::Hour)),
            "2025-03-30T10:00:00+02:00",
            now,
        ),
        (
            Window::Last(many(72, Unit::Hour)),
            "2025-03-29T09:00:00+01:00",
            now,
        ),
        (
            Window::Previous(many(1, Unit::Week)),
            "2025-03-18T10:00:00+01:00",
            "2025-03-25T10:00:00+01:00",
        ),
        (
            Window::Next(many(14, Unit::Day)),
            now,
            "2025-04-15T10:00:00+02:00",
        ),
        (Window::Today, "2025-04-01T00:00:00+02:00", now),
        (Window::This(Period::Week), "2025-03-31T00:00:00+02:00", now),
        (
            Window::This(Period::Quarter),
            "2025-04-01T00:00:00+02:00",
            now,
        ),
        (
            Window::LastCalendar(1, Period::Week),
            "2025-03-24T00:00:00+01:00",
            "2025-03-31T00:00:00+02:00",
        ),
        (
            Window::LastCalendar(1, Period::Month),
            "2025-03-01T00:00:00+01:00",
            "2025-04-01T00:00:00+02:00",
        ),
        (
            Window::LastCalendar(1, Period::Quarter),
            "2025-01-01T00:00:00+01:00",
            "2025-04-01T00:00:00+02:00",
        ),
        (
            Window::LastCalendar(3, Period::Week),
            "2025-03-10T00:00:00+01:00",
            "2025-03-31T00:00:00+02:00",
        ),
        (
            Window::LastCalendar(5, Period::Quarter),
            "2024-01-01T00:00:00+01:00",
            "2025-04-01T00:00:00+02:00",
        ),
        // The clock stands on 1 April.
        (
            Window::ThisFiscalYear(fiscal(4, 1)),
            "2025-04-01T00:00:00+02:00",
            now,
        ),
        (
            Window::ThisFiscalYear(fiscal(4, 6)),
            "2024-04-06T00:00:00+02:00",
            now,
        ),
        (
            Window::LastFiscalYears(1, fiscal(4, 6)),
            "2023-04-06T00:00:00+02:00",
            "2024-04-06T00:00:00+02:00",
        ),
        (
            Window::LastFiscalYears(2, fiscal(1, 1)),
            "2023-01-01T00:00:00+01:00",
            "2025-01-01T00:00:00+01:00",
        ),
        (
            Window::LastCalendar(1, Period::Year),
            "2024-01-01T00:00:00+01:00",
            "2025-01-01T00:00:00+01:00",
        ),
        (
            Window::Since(Moment::Date(ymd("2025-01-01"))),
            "2025-01-01T00:00:00+01:00",
            now,
        ),
        (
            Window::FromTo(
                Moment::Date(ymd("2025-03-30")),
                Moment::Date(ymd("2025-03-30")),
            ),
            "2025-03-30T00:00:00+01:00",
            "2025-03-31T00:00:00+02:00",
        ),
        (
            Window::FromTo(
                Moment::Ago(many(2, Unit::Day)),
                Moment::Shifted(
                    Box::new(Moment::Today),
                    many(1, Unit::Month),
                    Direction::Later,
                ),
            ),
            "2025-03-30T10:00:00+02:00",
            "2025-05-02T00:00:00+02:00",
        ),
    ] {
        assert_eq!(
            bounds(&clock, &window),
            (from.to_string(), to.to_string()),
            "{window:?}"
        );
    }
    assert_eq!(clock.bounds(&Window::Past).from, i64::MIN);
    assert_eq!(clock.bounds(&Window::Past).to, clock.now);
}

#[test]
fn months_clamp_to_the_end_of_the_month() {
    for (now, count, unit, expected) in [
        (
            "2025-03-31T08:00",
            1,
            Unit::Month,
            "2025-02-28T08:00:00+00:00",
        ),
        (
            "2024-03-31T08:00",
            1,
            Unit::Month,
            "2024-02-29T08:00:00+00:00",
        ),
        (
            "2025-05-31T08:00",
            1,
            Unit::Quarter,
            "2025-02-28T08:00:00+00:00",
        ),
        (
            "2024-02-29T08:00",
            1,
            Unit::Year,
            "2023-02-28T08:00:00+00:00",
        ),
        (
            "2024-02-29T08:00",
            4,
            Unit::Year,
            "2020-02-29T08:00:00+00:00",
        ),
        (
            "2025-08-31T08:00",
            2,
            Unit::Month,
            "2025-06-30T08:00:00+00:00",
        ),
    ] {
        let clock = clock(now, UTC);
        let ago = clock.instant_of(&Moment::Ago(many(count, unit)));
        assert_eq!(
            format_instant(ago, UTC),
            expected,
            "{now} − {count} {unit:?}"
        );
    }
    // The start of the previous window is counted from now, not from a clamped end.
    let clock = clock("2025-03-31T08:00", UTC);
    assert_eq!(
        bounds(&clock, &Window::Previous(many(1, Unit::Month))),
        (
            "2025-01-31T08:00:00+00:00".to_string(),
            "2025-02-28T08:00:00+00:00".to_string()
        )
    );
}

#[test]
fn local_times_in_gaps_and_overlaps() {
    for (zone, local, expected) in [
        // Forward at 02:00: the gap's times become its end.
        (
            Europe::Berlin,
            "2025-03-30T02:30:00",
            "2025-03-30T03:00:00+02:00",
        ),
        (
            America::New_York,
            "2025-03-09T02:00:00",
            "2025-03-09T03:00:00-04:00",
        ),
        (
            Australia::Lord_Howe,
            "2025-10-05T02:10:00",
            "2025-10-05T02:30:00+11:00",
        ),
        // Midnight itself is skipped.
        (Africa::Cairo, "2024-04-26", "2024-04-26T01:00:00+03:00"),
        (
            America::Sao_Paulo,
            "2018-11-04",
            "2018-11-04T01:00:00-02:00",
        ),
        // A whole day is skipped.
        (
            Pacific::Apia,
            "2011-12-30T12:00",
            "2011-12-31T00:00:00+14:00",
        ),
        // Back: the earlier of two.
        (
            Europe::Berlin,
            "2025-10-26T02:30:00",
            "2025-10-26T02:30:00+02:00",
        ),
        (
            America::New_York,
            "2025-11-02T01:15:00",
            "2025-11-02T01:15:00-04:00",
        ),
        (
            Australia::Lord_Howe,
            "2025-04-06T01:45:00",
            "2025-04-06T01:45:00+11:00",
        ),
        (
            Africa::Cairo,
            "2024-10-31T23:30:00",
            "2024-10-31T23:30:00+03:00",
        ),
        (
            Asia::Kolkata,
            "2025-06-01T12:00:00",
            "2025-06-01T12:00:00+05:30",
        ),
    ] {
        let mut reader = InstantReader::new(zone);
        for _ in 0..2 {
            let instant = reader.read(local.as_bytes()).unwrap();
            assert_eq!(format_instant(instant, zone), expected, "{zone} {local}");
        }
    }
}

#[test]
fn texts_that_are_instants() {
    let mut reader = InstantReader::new(America::New_York);
    for (text, expected) in [
        ("2025-06-01", "2025-06-01T00:00:00-04:00"),
        ("2025-06-01T09:30", "2025-06-01T09:30:00-04:00"),
        ("2025-06-01 09:30:15", "2025-06-01T09:30:15-04:00"),
        ("2025-06-01T09:30:15.25", "2025-06-01T09:30:15.250-04:00"),
        (
            "2025-06-01T09:30:15.1234567",
            "2025-06-01T09:30:15.123456-04:00",
        ),
        ("2025-06-01T09:30:15,5", "2025-06-01T09:30:15.500-04:00"),
        ("2025-06-01T13:30:15Z", "2025-06-01T09:30:15-04:00"),
        ("2025-06-01t13:30Z", "2025-06-01T09:30:00-04:00"),
        ("2025-06-01T15:30:15+02:00", "2025-06-01T09:30:15-04:00"),
        (
            "2025-06-01 15:30:15.5+0200",
            "2025-06-01T09:30:15.500-04:00",
        ),
        ("2025-06-01 15:30:15 +02", "2025-06-01T09:30:15-04:00"),
        ("2025-06-01 09:00:15-04:30", "2025-06-01T09:30:15-04:00"),
        (" 2025-06-01 ", "2025-06-01T00:00:00-04:00"),
        ("0001-01-01", "0001-01-01T00:00:00-04:56"),
    ] {
        let instant = reader.read(text.as_bytes());
        let shown = instant.map(|at| format_instant(at, America::New_York));
        assert_eq!(shown.as_deref(), Some(expected), "{text}");
    }
    for text in [
        "",
        "today",
        "31.02.2025",
        "2025-02-30",
        "2025-13-01",
        "2025-00-01",
        "2025-06-00",
        "2025-6-1",
        "2025-06-01X09:30",
        "2025-06-01T",
        "2025-06-01T9:30",
        "2025-06-01T24:00",
        "2025-06-01T09:60",
        "2025-06-01T09:30:60",
        "2025-06-01T09:30:15.",
        "2025-06-01T09:30:15Zulu",
        "2025-06-01T09:30:15+25:00",
        "2025-06-01T09:30:15*02:00",
        "20250601",
        "12025-06-01",
    ] {
        assert_eq!(reader.read(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn numbers_that_are_instants() {
    let read = InstantReader::read_number;
    assert_eq!(read(1_750_000_000.0), Some(1_750_000_000_000_000));
    assert_eq!(read(1_750_000_000.25), Some(1_750_000_000_250_000));
    assert_eq!(read(1_750_000_000_123.0), Some(1_750_000_000_123_000));
    assert_eq!(read(99_999_999_999.0), Some(99_999_999_999_000_000));
    assert_eq!(read(100_000_000_000.0), Some(100_000_000_000_000));
    assert_eq!(read(-86_400.0), Some(-86_400_000_000));
    assert_eq!(read(1e300), None);
    assert_eq!(read(f64::NAN), None);
}

#[test]
fn as_of_is_a_midnight_or_a_whole_second() {
    let at = |text| parse_instant(text, Europe::Berlin).map(|at| format_instant(at, UTC));
    assert_eq!(
        at("2018-01-01").as_deref(),
        Some("2017-12-31T23:00:00+00:00")
    );
    assert_eq!(
        at("2018-01-01T12:00:00.9").as_deref(),
        Some("2018-01-01T11:00:00+00:00")
    );
    assert_eq!(at("yesterday"), None);
}

#[test]
fn dates_are_the_first_ten_characters() {
    assert_eq!(read_date(b"1970-01-01"), Some(0));
    assert_eq!(read_date(b"1969-12-31T23:00:00Z"), Some(-1));
    assert_eq!(read_date(b"2000-02-29 whatever"), Some(11_016));
    assert_eq!(read_date(b"1900-02-29"), None);
    assert_eq!(read_date("２025-06-01".as_bytes()), None);
}

#[test]
fn anniversaries_and_ages() {
    for (born, today, next, years) in [
        ("1990-06-15", "2025-06-15", "2025-06-15", 35),
        ("1990-06-15", "2025-06-16", "2026-06-15", 35),
        ("1990-06-15", "2025-06-14", "2025-06-15", 34),
        ("1990-01-03", "2025-12-30", "2026-01-03", 35),
        // 29 February is kept on the 28th in common years.
        ("2000-02-29", "2025-02-27", "2025-02-28", 24),
        ("2000-02-29", "2025-02-28", "2025-02-28", 25),
        ("2000-02-29", "2025-03-01", "2026-02-28", 25),
        ("2000-02-29", "2024-02-28", "2024-02-29", 23),
        ("2000-02-29", "2024-02-29", "2024-02-29", 24),
        ("2000-02-29", "2023-03-01", "2024-02-29", 23),
        // From year one: the day itself is not its own anniversary.
        ("2025-06-15", "2025-06-15", "2026-06-15", 0),
        ("2025-06-15", "2025-01-01", "2026-06-15", -1),
        ("2030-06-15", "2025-01-01", "2031-06-15", -6),
    ] {
        let (born_day, today_day) = (date(born), date(today));
        let found = date_of_days(anniversary(born_day, today_day)).to_string();
        assert_eq!(
            (found.as_str(), age(born_day, today_day)),
            (next, years),
            "{born} {today}"
        );
    }
    assert_eq!(day_of_week(date("2025-06-02")), "Mon");
    assert_eq!(day_of_week(date("2025-06-08")), "Sun");
    assert_eq!(day_of_week(0), "Thu");
}

#[test]
fn days_since_counts_whole_local_days() {
    let clock = clock("2025-04-01T10:00:00", Europe::Berlin);
    for (at, days) in [
        ("2025-04-01T10:00:00", 0),
        ("2025-04-01T09:59:59", 0),
        ("2025-03-31T10:00:01", 0),
        ("2025-03-31T10:00:00", 1),
        ("2025-03-30T10:00:00", 2),
        ("2025-03-29T10:00:00", 3),
        ("2025-04-01T10:00:01", -1),
        ("2025-04-02T10:00:00", -1),
        ("2025-04-02T10:00:01", -2),
    ] {
        let instant = parse_instant(at, Europe::Berlin).unwrap();
        assert_eq!(DaysSince::new(&clock).count(instant), days, "{at}");
    }
    assert_eq!(clock.days_since_date(date("2025-03-31")), 1);
    assert_eq!(clock.days_since_date(date("2025-04-03")), -2);
    let hours = |at| clock.hours_since(parse_instant(at, Europe::Berlin).unwrap());
    assert_eq!(hours("2025-03-30T01:00:00"), 56);
    assert_eq!(hours("2025-04-01T08:30:00"), 1);
    assert_eq!(hours("2025-04-01T10:30:00"), -1);
}

#[test]
fn absurd_years_do_not_panic() {
    for zone in ZONES {
        for now in [i64::MIN, i64::MIN + 1, -1, 0, i64::MAX] {
            let clock = Clock { now, zone };
            for unit in [
                Unit::Minute,
                Unit::Hour,
                Unit::Day,
                Unit::Week,
                Unit::Month,
                Unit::Quarter,
                Unit::Year,
            ] {
                for count in [1, u32::MAX] {
                    let length = many(count, unit);
                    clock.bounds(&Window::Last(length));
                    clock.bounds(&Window::Previous(length));
                    clock.bounds(&Window::Next(length));
                    for day in [i32::MIN, 0, i32::MAX] {
                        clock.shift_date(day, length, Direction::Later);
                        clock.shift_date(day, length, Direction::Earlier);
                    }
                }
            }
            for period in [Period::Week, Period::Month, Period::Quarter, Period::Year] {
                for count in [1, u32::MAX] {
                    clock.bounds(&Window::LastCalendar(count, period));
                }
                clock.bounds(&Window::This(period));
            }
            let begins = YearStart::new(4, 6).unwrap();
            clock.bounds(&Window::ThisFiscalYear(begins));
            clock.bounds(&Window::LastFiscalYears(u32::MAX, begins));
            for other in [i64::MIN, 0, i64::MAX] {
                clock.hours_since(other);
                clock.hour(other);
                format_instant(other, zone);
            }
            for day in [i32::MIN, 0, i32::MAX] {
                anniversary(day, clock.today());
                age(day, clock.today());
                day_of_week(day);
                clock.midnight(day);
            }
        }
        let clock = Clock { now: 0, zone };
        DaysSince::new(&clock).count(i64::MIN);
        DaysSince::new(&clock).count(i64::MAX);
    }
}

fn fiscal(month: u32, day: u32) -> YearStart {
    YearStart::new(month, day).unwrap()
}

#[test]
fn a_fiscal_year_begins_on_a_day_that_every_year_has() {
    assert_eq!(YearStart::new(2, 29), None);
    assert_eq!(YearStart::new(13, 1), None);
    assert!(YearStart::new(12, 31).is_some());
}

fn any_zone() -> impl Strategy<Value = Tz> {
    prop::sample::select(ZONES.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// Against the definition: the largest n with x ≤ n days ago, found by trying all of them.
    #[test]
    fn days_since_agrees_with_the_definition(
        zone in any_zone(),
        now in 1_300_000_000i64..1_800_000_000,
        back in -60 * 86_400i64..60 * 86_400,
    ) {
        let clock = Clock { now: now * 1_000_000, zone };
        let instant = (now - back) * 1_000_000;
        let n_days_ago = |n: i32| match n {
            0 => clock.now,
            _ => {
                let direction = if n > 0 { Direction::Earlier } else { Direction::Later };
                clock.shift_instant(clock.now, many(n.unsigned_abs(), Unit::Day), direction)
            }
        };
        let naive = (-70..70).rev().find(|n| instant <= n_days_ago(*n)).unwrap();
        prop_assert_eq!(DaysSince::new(&clock).count(instant), i64::from(naive));
    }

    /// Windows and days_since speak of the same days.
    #[test]
    fn in_the_last_n_days_is_less_than_n_days_since(
        zone in any_zone(),
        now in 1_300_000_000i64..1_800_000_000,
        back in 1..60 * 86_400i64,
        n in 1u32..50,
    ) {
        let clock = Clock { now: now * 1_000_000, zone };
        let instant = (now - back) * 1_000_000;
        let bounds = clock.bounds(&Window::Last(many(n, Unit::Day)));
        let inside = bounds.from < instant && instant < bounds.to;
        prop_assert_eq!(inside, DaysSince::new(&clock).count(instant) < i64::from(n));
    }

    /// Remembered offsets give what the zone gives.
    #[test]
    fn reading_local_text_agrees_with_the_zone(
        zone in any_zone(),
        seconds in prop::collection::vec(0i64..2_000_000_000, 1..40),
    ) {
        let mut reader = InstantReader::new(zone);
        for second in seconds {
            let local = chrono::DateTime::from_timestamp(second, 0).unwrap().naive_utc();
            let text = local.format("%Y-%m-%d %H:%M:%S").to_string();
            let expected = muster::time::resolve_local(local, zone);
            prop_assert_eq!(reader.read(text.as_bytes()), Some(expected), "{}", text);
        }
    }

    #[test]
    fn instants_print_and_read_back(zone in any_zone(), micros in 0i64..4_000_000_000_000_000) {
        let text = format_instant(micros, zone);
        prop_assert_eq!(InstantReader::new(zone).read(text.as_bytes()), Some(micros), "{}", text);
    }

    #[test]
    fn dates_count_days(days in -700_000i32..700_000) {
        prop_assert_eq!(days_of_date(date_of_days(days)), days);
        if days > -719_000 {
            let text = date_of_days(days).to_string();
            prop_assert_eq!(read_date(text.as_bytes()), Some(days));
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[0-9TZ:+. -]{0,32}", bytes in prop::collection::vec(any::<u8>(), 0..30)) {
        let mut reader = InstantReader::new(Europe::Berlin);
        let _ = reader.read(text.as_bytes());
        let _ = reader.read(&bytes);
        let _ = read_date(&bytes);
    }
}
