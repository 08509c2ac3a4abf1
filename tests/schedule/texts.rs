//! Cron expressions: what is read, what is refused, and what holds of every calendar.

use chrono_tz::{Africa, America, Australia, Europe, Tz, UTC};
use muster::schedule::Calendar;
use proptest::prelude::*;

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;
/// The beginning of 2026.
const START: i64 = 1_767_225_600 * SECOND;

fn refused(text: &str) -> String {
    Calendar::new(text, UTC).unwrap_err().to_string()
}

#[test]
fn names_and_numbers_are_the_same_days() {
    let days = |text: &str| {
        let calendar = Calendar::new(&format!("0 6 {text}"), UTC).unwrap();
        let due = calendar.coming(START, 40).into_iter();
        due.map(|due| due.at).collect::<Vec<_>>()
    };
    for (one, other) in [
        ("* * 0", "* * 7"),
        ("* * 0", "* * sun"),
        ("* * 1-5", "* * Mon-FRI"),
        ("* * fri-sun", "* * 5-7"),
        ("* 1,3,12 *", "* jan,MAR,Dec *"),
        ("? * mon", "* * mon"),
        ("* * 5l", "* * fri#L"),
        ("L * *", "l * *"),
    ] {
        assert_eq!(days(one), days(other), "{one} and {other}");
    }
}

#[test]
fn a_refusal_says_what_and_where() {
    let text = "0 6 * * mon,tues";
    let refused = Calendar::new(text, UTC).unwrap_err();
    assert_eq!(&text[refused.place.clone()], "tues");
    assert_eq!(refused.message, "`tues` is not a valid day of the week");
    assert_eq!(refused.help, "write `tue`");
}

#[test]
fn what_croner_would_read_otherwise_than_people_is_refused() {
    // croner alone reads these as November, as the minute 1, and as nothing at all.
    assert!(refused("0 0 1 1jan *").contains("`1jan` is not a valid month"));
    assert!(refused("mon 0 * * *").contains("`mon` is not a valid minute"));
    assert!(refused(", 0 * * *").contains("comma"));
    assert!(refused("0 0 * * L").contains("`L` is not a valid day of the week"));
}

#[test]
fn leap_days_on_a_monday_are_waited_for() {
    let calendar = Calendar::new("0 0 29 2 +mon", UTC).unwrap();
    let next = calendar.next(START).unwrap();
    assert_eq!(
        muster::time::format_instant(next.at, UTC),
        "2044-02-29T00:00:00+00:00"
    );
    assert_eq!(calendar.latest(next.at), Some(next));
}

#[test]
fn the_ends_of_time_are_no_trouble() {
    for cron in ["0 6 * * *", "*/7 * * * *", "0 0 29 2 *"] {
        for zone in [UTC, Europe::Berlin, Australia::Lord_Howe] {
            let calendar = Calendar::new(cron, zone).unwrap();
            for now in [i64::MIN, i64::MAX, i64::MIN / 2, i64::MAX / 2, 0] {
                let latest = calendar.latest(now);
                let next = calendar.next(now);
                assert!(latest.is_none_or(|due| due.at <= now));
                assert!(next.is_none_or(|due| due.at > now));
            }
        }
    }
}

fn any_zone() -> impl Strategy<Value = Tz> {
    prop_oneof![
        Just(UTC),
        Just(Europe::Berlin),
        Just(America::New_York),
        Just(Australia::Lord_Howe),
        Just(Africa::Cairo),
        Just(Africa::Casablanca),
        Just(chrono_tz::Asia::Kathmandu),
        Just(chrono_tz::Antarctica::Troll),
    ]
}

/// A field: all, one, a list, a range, steps.
fn any_field(low: u32, high: u32) -> impl Strategy<Value = String> {
    let number = move || low..=high;
    prop_oneof![
        3 => Just("*".to_string()),
        3 => number().prop_map(|n| n.to_string()),
        1 => prop::collection::vec(number(), 2..5)
            .prop_map(|list| list.iter().map(u32::to_string).collect::<Vec<_>>().join(",")),
        1 => (number(), number()).prop_map(|(a, b)| format!("{}-{}", a.min(b), a.max(b))),
        1 => (number(), number(), 1..high)
            .prop_map(|(a, b, step)| format!("{}-{}/{step}", a.min(b), a.max(b))),
        1 => (1..high).prop_map(|step| format!("*/{step}")),
    ]
}

fn any_cron() -> impl Strategy<Value = String> {
    (
        any_field(0, 59),
        any_field(0, 23),
        any_field(1, 28),
        any_field(1, 12),
        any_field(0, 7),
    )
        .prop_map(|(m, h, d, month, w)| format!("{m} {h} {d} {month} {w}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// `next` and `latest` are two views of one row of instants.
    #[test]
    fn next_and_latest_agree(cron in any_cron(), zone in any_zone(), day in 0..3_000i64, second in 0..86_400i64) {
        let calendar = Calendar::new(&cron, zone).unwrap();
        let now = START + day * DAY + second * SECOND;
        let next = calendar.next(now).unwrap();
        prop_assert!(next.at > now);
        let latest = calendar.latest(now).unwrap();
        prop_assert!(latest.at <= now);
        // Inclusive to the microsecond, and nothing lies between.
        prop_assert_eq!(calendar.latest(next.at), Some(next));
        prop_assert_eq!(calendar.latest(next.at - 1), Some(latest));
        prop_assert_eq!(calendar.next(latest.at), Some(next));
        prop_assert_eq!(calendar.next(latest.at - 1), Some(latest));
        prop_assert_eq!(next.at % SECOND, 0);
    }

    /// Due times go up strictly, and all that comes is also between.
    #[test]
    fn due_times_go_up(cron in any_cron(), zone in any_zone(), day in 0..3_000i64) {
        let calendar = Calendar::new(&cron, zone).unwrap();
        let from = START + day * DAY;
        let coming = calendar.coming(from, 12);
        prop_assert_eq!(coming.len(), 12);
        prop_assert!(coming.windows(2).all(|pair| pair[0].at < pair[1].at));
        let last = coming.last().unwrap().at;
        let between: Vec<_> = calendar.after(from).take_while(|due| due.at <= last).collect();
        prop_assert_eq!(between, coming);
    }

    /// Whatever is written: an answer in words or a calendar, never a panic; and what our own rules
    /// let through, croner reads.
    #[test]
    fn any_text_is_read_or_refused(text in "[0-9*/,LlWw#+?a-cmonsuprj -]{0,24}|\\PC{0,16}") {
        if let Err(refused) = Calendar::new(&text, UTC) {
            prop_assert!(text.get(refused.place.clone()).is_some(), "{:?} in {text:?}", refused.place);
            prop_assert!(!refused.message.contains("cannot be read"), "{text:?}: {refused}");
        }
    }

    /// So are texts of five fields that are nearly right.
    #[test]
    fn nearly_right_texts_are_read_or_refused(
        fields in prop::collection::vec("[0-9*/,LW#+?-]{1,5}|(mon|tue|sun|jan|dec)([-,#/](sun|3|feb)){0,2}", 5)
    ) {
        let text = fields.join(" ");
        if let Err(refused) = Calendar::new(&text, UTC) {
            prop_assert!(text.get(refused.place.clone()).is_some());
            prop_assert!(!refused.message.contains("cannot be read"), "{text:?}: {refused}");
        }
    }
}
