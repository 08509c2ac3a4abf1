//! Segments on past dates: each number against a run as of that date, what is tried, what is refused.

use serde_json::Value;

use crate::gym::Gym;
use crate::support::scratch::Scratch;

fn json(folder: &Scratch, arguments: &[&str]) -> Value {
    folder.json(&[&["backtest"], arguments].concat())
}

fn sizes(track: &Value) -> Vec<i64> {
    let points = track["points"].as_array().unwrap().iter();
    points
        .map(|point| point["size"].as_i64().unwrap())
        .collect()
}

/// What a run as of a date finds.
fn run_finds(folder: &Scratch, date: &str, segment: &str) -> i64 {
    let found = folder.json(&["run", "--as-of", date, "--dry-run"]);
    let mut rows = found.as_array().unwrap().iter();
    let row = rows.find(|row| row["id"] == segment).unwrap();
    row["size"].as_i64().unwrap()
}

/// A gym with a ladder, a filter and a segment that compares.
fn gym() -> Gym {
    let gym = Gym::busy();
    gym.rules(
        "ladder: often
among: exists(visits)
segments:
  - { id: daily, when: count(visits in last 30 days) > 6 }
  - { id: weekly, when: count(visits in last 30 days) > 3 }
  - { id: rest }
",
    );
    gym.write(
        "rules/more.yaml",
        "segments:
  - { id: best, when: top 20% by count(visits in last 60 days) within studio }
  - { id: idle, when: not in segment daily and not exists(visits in last 14 days) }
",
    );
    gym.put_clock("2026-01-15T10:00:00Z");
    gym
}

#[test]
fn each_number_is_that_of_a_run_as_of_the_date() {
    let gym = gym();
    let dates = [
        "2025-02-03",
        "2025-05-01T06:30:00",
        "2025-06-01",
        "2025-11-20",
    ];
    for segment in ["daily", "weekly", "rest", "best", "idle"] {
        let mut arguments = vec![segment];
        arguments.extend(dates.iter().flat_map(|date| ["--as-of", date]));
        let found = sizes(&json(&gym, &arguments)["rule"]);
        let run: Vec<i64> = dates
            .iter()
            .map(|date| run_finds(&gym, date, segment))
            .collect();
        assert_eq!(found, run, "{segment}");
        assert!(run.iter().any(|size| *size > 0), "{segment}");
    }
}

#[test]
fn what_is_tried_stands_in_the_place_of_the_condition() {
    let gym = gym();
    let dates = ["--as-of", "2025-03-01", "--as-of", "2025-09-01"];
    let condition = "count(visits in last 30 days) > 4";
    let tried = json(
        &gym,
        &[&["weekly", "--try", condition], &dates[..]].concat(),
    );
    let rules = gym.read("rules/all.yaml");
    gym.rules(&rules.replace("count(visits in last 30 days) > 3", condition));
    let written = json(&gym, &[&["weekly"], &dates[..]].concat());
    assert_eq!(tried["tries"][0]["points"], written["rule"]["points"]);
    assert_ne!(tried["tries"][0]["points"], tried["rule"]["points"]);
    assert_eq!(tried["tries"][0]["condition"], condition);
}

#[test]
fn who_comes_and_goes_is_counted() {
    let gym = Gym::empty();
    // One comes every second week, one always, one never.
    gym.sql(
        "insert into clients select value, 'C' || value, 1, null, null, 0 from json_each('[1, 2, 3]');
         insert into visits select null, 1, datetime('2025-01-01 10:00:00', '+' || (14 * value) || ' days'), 1, 1, 'x' from json_each('[0, 1, 2, 3]');
         with recursive n(day) as (select 0 union all select day + 1 from n where day < 60)
         insert into visits select null, 2, datetime('2025-01-01 10:00:00', '+' || day || ' days'), 1, 1, 'x' from n;",
    );
    gym.rules("segments: [{ id: seen, when: exists(visits in last 7 days) }]\n");
    gym.put_clock("2025-02-26T00:00:00Z");
    let found = json(&gym, &["seen", "--every", "week", "--for", "7 weeks"]);
    let rule = &found["rule"];
    assert_eq!(sizes(rule), [2, 1, 2, 1, 2, 1, 2, 1]);
    let moves = |key: &str| -> Vec<Option<i64>> {
        let points = rule["points"].as_array().unwrap().iter();
        points.map(|point| point[key].as_i64()).collect()
    };
    let some = |number| Some(number);
    assert_eq!(
        moves("in"),
        [
            None,
            some(0),
            some(1),
            some(0),
            some(1),
            some(0),
            some(1),
            some(0)
        ]
    );
    assert_eq!(
        moves("out"),
        [
            None,
            some(1),
            some(0),
            some(1),
            some(0),
            some(1),
            some(0),
            some(1)
        ]
    );
    assert_eq!(rule["ever"], 2);
    assert_eq!(rule["flapping"], 1);
    assert_eq!(rule["flap_rate"], 0.5);
}

#[test]
fn what_has_no_history_is_said() {
    let gym = gym();
    gym.write(
        "rules/more.yaml",
        "segments:
  - { id: tokens, when: tokens > 3 and exists(visits where status = \"came\") }
  - { id: quiet, when: count(visits) < 3 }
",
    );
    let said = gym.expect(0, &["backtest", "tokens", "--as-of", "2025-05-01"]);
    assert!(said.err.contains("`clients.tokens`"), "{}", said.err);
    assert!(said.err.contains("change in place"), "{}", said.err);
    let said = gym.expect(0, &["backtest", "quiet", "--as-of", "2024-05-01"]);
    assert!(
        said.err
            .contains("the first row of `visits` is of 2025-01-01"),
        "{}",
        said.err
    );
    let said = gym.expect(0, &["backtest", "quiet", "--as-of", "2025-05-01"]);
    assert!(!said.err.contains("first row"), "{}", said.err);
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let gym = gym();
    let refused = |arguments: &[&str]| gym.expect(2, &[&["backtest"], arguments].concat()).err;
    for (arguments, words) in [
        (&["weakly"][..], "did you mean `weekly`?"),
        (&["weekly", "--try", "count(visit) > 3"], "--try:1:7"),
        (&["weekly", "--try", "count(visits)"], "--try:1:1"),
        (&["weekly", "--as-of", "2026-02-01"], "lies ahead"),
        (&["weekly", "--as-of", "soon"], "is not a time"),
        (
            &["weekly", "--every", "hour"],
            "write a length of whole days",
        ),
        (
            &["weekly", "--for", "0 days"],
            "write a length of whole days",
        ),
        (
            &["weekly", "--every", "day", "--for", "9 years"],
            "more than 1000 dates",
        ),
        (
            &["weekly", "--every", "day", "--as-of", "2025-05-01"],
            "cannot be used with",
        ),
    ] {
        let said = refused(arguments);
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
}

#[test]
fn the_picture_is_whole() {
    let gym = gym();
    let arguments = [
        "backtest",
        "weekly",
        "--every",
        "month",
        "--try",
        "yes & no < 1",
        "--svg",
        "p.svg",
    ];
    gym.expect(2, &arguments);
    let arguments = arguments.map(|word| word.replace("yes & no < 1", "count(visits) < 9"));
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    gym.expect(0, &arguments);
    let picture = gym.read("p.svg");
    assert_eq!(picture.matches("<polyline").count(), 2, "{picture}");
    assert!(picture.contains("count(visits) &lt; 9"), "{picture}");
    assert!(picture.ends_with("</svg>\n"));
}
