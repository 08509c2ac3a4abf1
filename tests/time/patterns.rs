//! Patterns: what they read, what they do not, and which texts are none.

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use chrono_tz::{Asia, Europe, Tz};
use muster::time::{
    Discord, InstantReader, Pattern, Stored, TimeForm, TimeForms, days_of_date, resolve_local,
};
use proptest::prelude::*;

use super::any_zone;

fn forms(pattern: &str) -> TimeForms {
    let pattern = Pattern::new(pattern).unwrap_or_else(|refused| panic!("{pattern}: {refused:?}"));
    TimeForms::one(TimeForm::Pattern(pattern))
}

fn in_zone(pattern: &str, zone: Tz, stored: Stored<'_>) -> Option<i64> {
    forms(pattern).instant(stored, &mut InstantReader::new(zone), None)
}

/// A pattern, a text and the local time that it is, in Berlin; `-` where it is none.
const TEXTS: &str = "
    %d/%m/%Y          | 31/12/2025               | 2025-12-31 00:00
    %d/%m/%Y          | 1/2/2025                 | 2025-02-01 00:00
    %d/%m/%Y          |  01/02/2025              | 2025-02-01 00:00
    %d/%m/%Y          | 12/31/2025               | -
    %d/%m/%Y          | 31/12/25                 | -
    %d/%m/%Y          | 31-12-2025               | -
    %d/%m/%Y          | 31/12/2025 10:00         | -
    %d/%m/%Y          | 29/02/2025               | -
    %d/%m/%Y          | 29/02/2024               | 2024-02-29 00:00
    %d/%m/%Y          | 031/12/2025              | -
    %d/%m/%Y          | 0/12/2025                | -
    %m/%d/%y %H:%M    | 3/31/26 9:05             | 2026-03-31 09:05
    %m/%d/%y %H:%M    | 03/31/69 09:05           | 1969-03-31 09:05
    %m/%d/%y %H:%M    | 03/31/68 09:05           | 2068-03-31 09:05
    %m/%d/%y %H:%M    | 03/31/26 24:00           | -
    %m/%d/%y %H:%M    | 03/31/26 09:60           | -
    %m/%d/%y %H:%M    | 03/31/26   09:05         | 2026-03-31 09:05
    %m/%d/%y %H:%M    | 03/31/2609:05            | -
    %Y%m%d            | 20260331                 | 2026-03-31 00:00
    %Y%m%d            | 2026033                  | -
    %d%m%y            | 310326                   | 2026-03-31 00:00
    %d %b %Y          | 31 Mar 2026              | 2026-03-31 00:00
    %d %b %Y          | 5 SEPT 2026              | 2026-09-05 00:00
    %d %b %Y          | 31 March 2026            | -
    %d %b %Y          | 31 Mär 2026              | -
    %d %B %Y          | 31 march 2026            | 2026-03-31 00:00
    %d %B %Y          | 1 May 2026               | 2026-05-01 00:00
    %B %d, %Y         | March 31, 2026           | 2026-03-31 00:00
    %a, %d %b %Y      | Tue, 31 Mar 2026         | 2026-03-31 00:00
    %a, %d %b %Y      | Tuesday, 31 Mar 2026     | 2026-03-31 00:00
    %a, %d %b %Y      | Wed, 31 Mar 2026         | -
    %m/%d/%Y %I:%M %p | 03/31/2026 12:00 AM      | 2026-03-31 00:00
    %m/%d/%Y %I:%M %p | 03/31/2026 12:00 pm      | 2026-03-31 12:00
    %m/%d/%Y %I:%M %p | 3/31/2026 6:30\u{202f}PM | 2026-03-31 18:30
    %m/%d/%Y %I:%M %p | 3/31/2026 6:30 p.m.      | 2026-03-31 18:30
    %m/%d/%Y %I:%M %p | 3/31/2026 13:30 PM       | -
    %m/%d/%Y %I:%M %p | 3/31/2026 0:30 AM        | -
    %d.%m.%Y %H:%M Uhr | 31.03.2026 18:30 Uhr    | 2026-03-31 18:30
    %Y年%m月%d日       | 2026年3月31日             | 2026-03-31 00:00
    %d/%m/%Y %H:%M%z  | 31/03/2026 18:30+02:00   | 2026-03-31 18:30
    %d/%m/%Y %H:%M%z  | 31/03/2026 18:30Z        | 2026-03-31 20:30
    %d/%m/%Y %H:%M%z  | 31/03/2026 18:30         | -
    %H:%M:%S.%f %d/%m/%Y | 18:30:00.250 31/03/2026 | 2026-03-31 18:30
    100%% %d/%m/%Y    | 100% 31/03/2026          | 2026-03-31 00:00
";

#[test]
fn texts_are_read_strictly() {
    for line in TEXTS.lines().filter(|line| !line.trim().is_empty()) {
        let [pattern, text, expected] = line.split('|').collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let (pattern, text) = (pattern.trim(), text.trim());
        let found = in_zone(pattern, Europe::Berlin, Stored::Text(text.as_bytes()));
        let expected = NaiveDateTime::parse_from_str(expected.trim(), "%Y-%m-%d %H:%M").ok();
        let expected = expected.map(|local| resolve_local(local, Europe::Berlin));
        let found = found.map(|at| at - at.rem_euclid(1_000_000));
        assert_eq!(found, expected, "{pattern} {text}");
    }
}

#[test]
fn digits_are_read_from_whole_numbers() {
    let at = |text: &str| {
        Some(
            DateTime::parse_from_rfc3339(text)
                .unwrap()
                .timestamp_micros(),
        )
    };
    let utc = |pattern, stored| in_zone(pattern, chrono_tz::UTC, stored);
    let day = at("2026-03-31T00:00:00Z");
    assert_eq!(utc("%Y%m%d", Stored::Integer(20_260_331)), day);
    assert_eq!(utc("%Y%m%d", Stored::Real(20_260_331.0)), day);
    assert_eq!(utc("%Y%m%d", Stored::Real(20_260_331.5)), None);
    assert_eq!(utc("%Y%m%d", Stored::Integer(20_261_331)), None);
    assert_eq!(
        utc("%Y%m%d%H%M", Stored::Integer(202_603_311_830)),
        at("2026-03-31T18:30:00Z")
    );
    assert_eq!(utc("%d/%m/%Y", Stored::Integer(31_032_026)), None);
}

/// An instant in a form of a word, as RFC 3339.
fn read(word: &str, zone: Tz, stored: Stored<'_>) -> Option<String> {
    let forms = TimeForms::one(TimeForm::of_word(word).unwrap());
    let at = forms.instant(stored, &mut InstantReader::new(zone), None)?;
    Some(DateTime::from_timestamp_micros(at).unwrap().to_rfc3339())
}

#[test]
fn counts_of_days_and_microseconds() {
    // `SELECT julianday('2026-03-31 18:30')`; spreadsheets count on the local clock.
    for (word, number, expected) in [
        ("julian", 2_461_131.270_833_333, "2026-03-31T18:30:00+00:00"),
        ("excel", 46_112.770_833_333_3, "2026-03-31T13:00:00+00:00"),
        ("excel", 46_112.0, "2026-03-30T18:30:00+00:00"),
        (
            "unix_us",
            1_774_981_800_000_000.0,
            "2026-03-31T18:30:00+00:00",
        ),
    ] {
        let found = read(word, Asia::Kolkata, Stored::Real(number));
        assert_eq!(found.as_deref(), Some(expected), "{word} {number}");
        let text = number.to_string();
        let found = read(word, Asia::Kolkata, Stored::Text(text.as_bytes()));
        assert_eq!(found.as_deref(), Some(expected), "{word} {text}");
    }
    for (word, number) in [
        ("excel", -1.0),
        ("excel", 2_958_466.0),
        ("julian", 6e6),
        ("excel", f64::NAN),
    ] {
        assert_eq!(
            read(word, chrono_tz::UTC, Stored::Real(number)),
            None,
            "{word} {number}"
        );
    }
    let forms = TimeForms::one(TimeForm::Excel);
    let date = NaiveDate::from_ymd_opt(2026, 3, 31).map(days_of_date);
    assert_eq!(forms.date(Stored::Real(46_112.99)), date);
}

/// A text, what is wrong with it, and the help.
const REFUSED: &[(&str, &str, &str)] = &[
    ("dd/mm/yyyy", "is not a form", "`\"%d/%m/%Y\"`"),
    (
        "MM/dd/yy hh:mm a",
        "is not a form",
        "`\"%m/%d/%y %I:%M %p\"`",
    ),
    (
        "yyyy-MM-dd HH:mm:ss",
        "is not a form",
        "`\"%Y-%m-%d %H:%M:%S\"`",
    ),
    ("D MMM YYYY", "is not a form", "`\"%d %b %Y\"`"),
    ("european", "is not a form", "codes begin with `%`"),
    ("%d/%m", "has no year", "`%Y`"),
    ("%d.%m. %H:%M", "has no year", "`%Y`"),
    ("%m/%Y", "has no day", "`%d`"),
    ("%d %Y", "has no month", "`%b`"),
    ("%F", "no code `%F`", "`%Y-%m-%d`"),
    ("%d/%m/%Y %T", "no code `%T`", "`%H:%M:%S`"),
    ("%e %b %Y", "no code `%e`", "`%d`"),
    ("%-d/%m/%Y", "no code `%-`", "`%d`, which reads one digit"),
    ("%d/%m/%Y %i", "no code `%i`", "`%M`"),
    ("%q/%m/%Y", "no code `%q`", "the codes are `%Y` the year"),
    ("%d/%m/%Y %", "at the end", "`%%`"),
    (
        "%d/%m/%Y %H:%m",
        "the month is given twice",
        "`%M` the minute",
    ),
    ("%d/%d/%Y", "the day is given twice", "leave one"),
    ("%d/%m/%Y %y", "the year is given twice", "leave one"),
    ("%d/%m/%Y %I:%M", "one needs the other", "`%H:%M`"),
    ("%d/%m/%Y %H:%M %p", "one needs the other", "`%I:%M %p`"),
    ("%d/%m/%Y %M", "the minute without the hour", "`%H`"),
    ("%d/%m/%Y %H %S", "the second without the minute", "`%M`"),
];

#[test]
fn what_is_no_pattern_is_refused_with_what_to_write() {
    for (text, message, help) in REFUSED {
        let refused = Pattern::new(text).expect_err(text);
        assert!(refused.message.contains(message), "{text}: {refused:?}");
        assert!(refused.help.contains(help), "{text}: {refused:?}");
    }
}

#[test]
fn forms_go_together_or_are_refused() {
    let together = |patterns: &[&str]| {
        let form = |text: &&str| match TimeForm::of_word(text) {
            Some(form) => form,
            None => TimeForm::Pattern(Pattern::new(text).unwrap()),
        };
        TimeForms::new(patterns.iter().map(form).collect()).err()
    };
    for fine in [
        &["%d/%m/%Y", "%d.%m.%y", "%d %b %Y"][..],
        &["iso", "%d/%m/%Y"],
        &["%Y-%m-%d", "%d/%m/%Y"],
        &["%b %d, %Y", "%d/%m/%Y"],
        &["excel", "%d/%m/%Y"],
        &["yyyymmdd", "%d/%m/%Y", "unix"],
    ] {
        assert_eq!(together(fine), None, "{fine:?}");
    }
    for (patterns, why) in [
        (&["%d/%m/%Y", "%m/%d/%Y"][..], Discord::Orders),
        (&["%d.%m.%Y", "iso", "%m/%d/%y %H:%M"], Discord::Orders),
        (&["%Y-%m-%d", "%Y-%d-%m"], Discord::Orders),
        (&["iso", "%Y-%d-%m"], Discord::Orders),
        (&["%Y/%d/%m %H:%M", "%d.%m.%Y", "iso"], Discord::Orders),
        (&["%y-%m-%d", "%d-%m-%y"], Discord::Orders),
        (&["excel", "julian"], Discord::Counts),
        (&[], Discord::None),
    ] {
        assert_eq!(together(patterns), Some(why), "{patterns:?}");
    }
}

/// Patterns that tell a time to the second, and on which clock it is.
const TO_THE_SECOND: [&str; 7] = [
    "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %I:%M:%S %p",
    "%Y%m%d%H%M%S",
    "%a, %d %b %Y %H:%M:%S %z",
    "%B %d, %Y at %I.%M.%S%p",
    "%d-%m-%y %H:%M:%S.%f",
    "%H:%M:%S on %y/%m/%d",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// Chrono writes, and this reads: any instant is itself again, or the earlier one of two that a clock shows alike.
    #[test]
    fn any_instant_written_by_a_pattern_is_read_back(
        zone in any_zone(),
        second in -31_000_000i64..3_000_000_000,
        pattern in prop::sample::select(TO_THE_SECOND.to_vec()),
    ) {
        let at = DateTime::from_timestamp(second, 0).unwrap().with_timezone(&zone);
        let text = at.format(pattern).to_string();
        let expected = match pattern.contains("%z") {
            // It has minutes only.
            true => prop_assume_offset(&at),
            false => Some(resolve_local(at.naive_local(), zone)),
        };
        if let Some(expected) = expected {
            let found = in_zone(pattern, zone, Stored::Text(text.as_bytes()));
            prop_assert_eq!(found, Some(expected), "{} {}", pattern, text);
        }
    }

    #[test]
    fn any_date_written_by_a_pattern_is_read_back(
        days in -300_000i32..300_000,
        pattern in prop::sample::select(vec!["%d/%m/%Y", "%m/%d/%Y", "%d %B %Y", "%b %d, %Y", "%Y%m%d", "%a %d.%m.%Y"]),
    ) {
        let date = muster::time::date_of_days(days);
        let text = date.format(pattern).to_string();
        prop_assert_eq!(forms(pattern).date(Stored::Text(text.as_bytes())), Some(days), "{}", text);
    }

    #[test]
    fn no_text_makes_a_pattern_panic(
        text in "[0-9APMap/.: -]{0,24}",
        bytes in prop::collection::vec(any::<u8>(), 0..30),
        pattern in "[%dmYyHMSIpbBafz/ .:-]{0,24}",
    ) {
        for known in TO_THE_SECOND {
            let _ = in_zone(known, Europe::Berlin, Stored::Text(text.as_bytes()));
            let _ = in_zone(known, Europe::Berlin, Stored::Text(&bytes));
        }
        if let Ok(pattern) = Pattern::new(&pattern) {
            let forms = TimeForms::one(TimeForm::Pattern(pattern));
            let _ = forms.date(Stored::Text(text.as_bytes()));
        }
    }
}

/// The instant of a time whose offset is whole minutes.
fn prop_assume_offset(at: &DateTime<Tz>) -> Option<i64> {
    use chrono::Offset;
    let offset = at.offset().fix().local_minus_utc();
    (offset % 60 == 0).then(|| at.timestamp_micros())
}
