//! Due times against a walk over Python's time zones, which knows nothing of cron libraries.

use std::io::Write;
use std::process::{Command, Stdio};

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use muster::schedule::{Calendar, clock_changes};
use muster::time::{date_of_days, days_of_date, local_micros};

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;
/// Between two of the instants at which a calendar is asked: no part of any hour or day.
const STEP: i64 = 70_001 * SECOND;
/// The year whose changes of the clocks are walked over.
const YEAR: &str = "2026";

/// Texts that are due whenever the clock shows one of their times.
const SHOWN: [&str; 12] = [
    "* * * * *",
    "*/15 * * * *",
    "0,30 2 * * *",
    "0,30 0-3 * * *",
    "5-10 */2 * * *",
    "0 * * * *",
    "30 1,2,3 * * *",
    "*/20 0 * * fri",
    "59 23,0 * * *",
    "10-50/20 1-2 * * sun",
    "0 0,12 1,15,l * *",
    "*/7 2-23/3 * 3-4,oct-nov 0,7",
];

/// Texts whose days are looked at; each is due at 12:34.
const DAYS: [&str; 35] = [
    "* * *",
    "* * 0",
    "* * 7",
    "* * sun",
    "* * SUN-TUE",
    "* * fri-sun",
    "* * 5-7",
    "* * 1-5",
    "* * mon,wed,6",
    "* * */2",
    "* jan-mar,dec *",
    "* */5 *",
    "31 * *",
    "29 2 *",
    "1-7 * *",
    "1-31/10 * *",
    "l * *",
    "lw * *",
    "15w * *",
    "1w,31w * *",
    "30w 2-4 *",
    "* * 5#2",
    "* * mon#1",
    "* * 5#5",
    "* * 5l",
    "* * fri#l",
    "* * 1#1,3#3",
    "* * mon-wed#2",
    "13 * fri",
    "13 * +fri",
    "1-7 * +mon",
    "*/2 * mon",
    "l * +sun",
    "? * mon",
    "29 2 +mon",
];

/// What the walk prints.
fn walk(arguments: &[&str], patterns: &[String]) -> String {
    let mut child = Command::new(python())
        .arg(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/schedule/walk.py"
        ))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is needed for this test");
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(patterns.join("\n").as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "the walk failed; where Python knows no time zones, tests/all.sh fetches them, \
         and so does `python3 -m pip install tzdata`"
    );
    String::from_utf8(output.stdout).unwrap()
}

/// The Python that tests/all.sh has made ready, or the machine's.
fn python() -> String {
    std::env::var("MUSTER_PYTHON").unwrap_or_else(|_| "python3".into())
}

/// What the walk expects, in microseconds.
fn instants(words: &str) -> Vec<i64> {
    let words = words.split_whitespace();
    words.map(|w| w.parse::<i64>().unwrap() * SECOND).collect()
}

/// Both directions, from every due time, from beside it, and from many instants between.
fn compare(cron: &str, zone: Tz, expected: &[i64], from: i64, to: i64, nth: usize) -> usize {
    let calendar = Calendar::new(cron, zone).unwrap();
    let what = format!("{cron} in {zone}");
    let forward: Vec<i64> = calendar
        .after(from)
        .map(|due| due.at)
        .take_while(|at| *at <= to)
        .collect();
    assert_eq!(forward, expected, "{what}");
    let mut backward = Vec::new();
    let mut upto = to;
    while let Some(due) = calendar.latest(upto).filter(|due| due.at > from) {
        backward.push(due.at);
        upto = due.at - 1;
    }
    backward.reverse();
    assert_eq!(backward, expected, "{what}, backwards");
    let beside = expected
        .iter()
        .flat_map(|at| [at - 1, *at, at + 1, at + SECOND]);
    // Where every minute is due, each of them is no news.
    let few = beside.step_by(1 + expected.len() / 100);
    let start = from + (nth as i64 * 61 * SECOND) % STEP;
    let between = (0..).map(|n| start + n * STEP).take_while(|now| *now < to);
    let mut asked = 0;
    for now in few.chain(between) {
        let (before, after) = expected.split_at(expected.partition_point(|at| *at <= now));
        if let Some(last) = before.last() {
            assert_eq!(
                calendar.latest(now).unwrap().at,
                *last,
                "{what}, latest at {now}"
            );
        }
        if let Some(next) = after.first() {
            assert_eq!(
                calendar.next(now).unwrap().at,
                *next,
                "{what}, next after {now}"
            );
        }
        asked += 2;
    }
    asked
}

/// All 1,440 single times, and some others, around the two changes of a zone's clocks.
fn prove(name: &str) {
    let zone: Tz = name.parse().unwrap();
    let patterns = SHOWN.map(String::from);
    let (mut from, mut to) = (0, 0);
    let (mut windows, mut daily, mut shown, mut asked) = (0, 0, 0, 0);
    for line in walk(&[YEAR, name], &patterns).lines() {
        let (kind, rest) = line.split_once(' ').unwrap();
        let (cron, expected) = rest.split_once('|').unwrap_or(("", rest));
        let expected = instants(expected);
        match kind {
            "window" => {
                (from, to) = (expected[0], expected[1]);
                windows += 1;
            }
            "change" => {
                let ours = clock_changes(from, to, zone).map(|c| vec![c.at, c.before, c.after]);
                assert_eq!(
                    ours.collect::<Vec<_>>(),
                    [expected],
                    "the time zones of Python and of chrono-tz are of different days"
                );
            }
            "daily" => {
                assert!((8..=10).contains(&expected.len()), "{line}");
                let cron = format!("{cron}* * *");
                asked += compare(&cron, zone, &expected, from, to, daily);
                daily += 1;
            }
            _ => {
                asked += compare(cron, zone, &expected, from, to, shown);
                shown += 1;
            }
        }
    }
    assert_eq!((windows, daily, shown), (2, 2 * 1_440, 2 * SHOWN.len()));
    println!("{name}: {daily} single times, {shown} others, asked {asked} times");
}

#[test]
fn every_minute_of_the_day_in_berlin() {
    prove("Europe/Berlin");
}

#[test]
fn every_minute_of_the_day_in_new_york() {
    prove("America/New_York");
}

#[test]
fn every_minute_of_the_day_on_lord_howe_whose_clocks_move_by_half_an_hour() {
    prove("Australia/Lord_Howe");
}

#[test]
fn every_minute_of_the_day_in_cairo_whose_clocks_move_at_midnight() {
    prove("Africa/Cairo");
}

#[test]
fn the_days_of_day_fields() {
    let zone: Tz = "America/New_York".parse().unwrap();
    let first = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
    let patterns = DAYS.map(|days| format!("34 12 {}", days.replace('?', "*")));
    let walk = walk(&["days"], &patterns);
    assert_eq!(walk.lines().count(), DAYS.len());
    for (line, days) in walk.lines().zip(DAYS) {
        let (_, expected) = line.split_once('|').unwrap();
        let expected = expected.split_whitespace();
        let expected: Vec<NaiveDate> = expected.map(|day| day.parse().unwrap()).collect();
        let calendar = Calendar::new(&format!("34 12 {days}"), zone).unwrap();
        let due = calendar
            .after(i64::from(days_of_date(first)) * DAY)
            .map(|due| {
                let local = local_micros(due.at, zone);
                assert_eq!(local, due.local);
                assert_eq!(local.rem_euclid(DAY), (12 * 60 + 34) * 60 * SECOND);
                date_of_days(i32::try_from(local.div_euclid(DAY)).unwrap())
            });
        let due: Vec<NaiveDate> = due.take_while(|day| day.year() < 2034).collect();
        assert_eq!(due, expected, "{days}");
    }
}
