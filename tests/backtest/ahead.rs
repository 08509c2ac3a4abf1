//! When an explanation says that somebody comes or goes, against fresh evaluations of the days around it.

use muster::connector::{KeptSnapshot, connect};
use muster::engine::{Evaluation, Key, Unwatched};
use muster::explain::{Explanation, Size, explain, look_ahead};
use muster::project::Project;
use muster::time::{Clock, Direction, Duration, Unit, parse_instant};

use crate::gym::Gym;
use crate::support::library::{block_on, evaluate};
use crate::support::scratch::Scratch;

/// Numbers that look drawn and are the same each time.
struct Draw(u64);

impl Draw {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

fn coming(clock: &Clock, day: u32) -> Clock {
    let by = Duration {
        count: day,
        unit: Unit::Day,
    };
    Clock {
        now: clock.shift_instant(clock.now, by, Direction::Later),
        zone: clock.zone,
    }
}

/// Fresh evaluations of today and of so many coming days.
fn days(project: &Project, clock: &Clock, days: u32) -> Vec<Evaluation> {
    let days = 0..=days;
    days.map(|day| evaluate(project, &coming(clock, day)).unwrap())
        .collect()
}

/// The first day on which the membership is another; 0 for none.
fn first_change(days: &[Evaluation], key: &Key, segment: usize) -> usize {
    let is_in = |day: &Evaluation| {
        let members = day.segments.iter().nth(segment).unwrap().as_ref().unwrap();
        day.subjects
            .place(key)
            .is_some_and(|place| members.contains(&(place as u32)))
    };
    let today = is_in(&days[0]);
    days.iter().position(|day| is_in(day) != today).unwrap_or(0)
}

/// Holds one subject's explanation against the days; how many of its memberships change.
fn hold(project: &Project, days: &[Evaluation], clock: &Clock, place: usize) -> usize {
    let today = &days[0];
    let mut explanation: Explanation = explain(project, today, place, None);
    let key = today.subjects.key(place).unwrap();
    let connector = connect(&project.config);
    let mut kept = KeptSnapshot::new(&*connector, 50_000_000);
    let mut data = kept.pin().unwrap();
    let whom = (&key, clock, Some(days.len() as u32 - 1));
    let size = Size {
        rows: &today.rows,
        subjects: today.subjects.len(),
    };
    let about = (&mut explanation, size);
    look_ahead(project, &mut data, whom, about, &Unwatched).unwrap();
    let mut changes = 0;
    for (number, segment) in explanation.segments.iter().enumerate() {
        let ahead = segment.ahead.as_ref().unwrap();
        let told = ahead.change.as_ref().map_or(0, |_| ahead.days as usize);
        let found = first_change(days, &key, number);
        assert_eq!(told, found, "{key} in {}: {ahead:?}", segment.id);
        if let Some(change) = &ahead.change {
            assert_ne!(Some(change.enters), segment.member);
            changes += 1;
        }
    }
    changes
}

#[test]
fn the_demo_changes_on_the_days_that_are_told() {
    let demo = Scratch::shipped();
    demo.expect(0, &["demo", "--date", "2026-03-15"]);
    let project = block_on(demo.project());
    let clock = Clock {
        now: parse_instant("2026-03-15", project.config.timezone).unwrap(),
        zone: project.config.timezone,
    };
    let days = days(&project, &clock, 14);
    let mut draw = Draw(7);
    let mut changes = 0;
    for _ in 0..4 {
        let place = draw.below(days[0].subjects.len());
        changes += hold(&project, &days, &clock, place);
    }
    assert!(changes > 1, "{changes}");
}

#[test]
fn random_rules_change_on_the_days_that_are_told() {
    let gym = Gym::busy();
    gym.sql("update clients set closed_on = date('2025-07-01', '+' || (id % 50) || ' days') where id % 5 = 0");
    gym.whole_config("active: closed_on is missing or closed_on > today\n", "");
    let mut draw = Draw(11);
    let mut changes = 0;
    for _ in 0..4 {
        let segments: Vec<String> = (0..12).map(|id| rule(id, &mut draw)).collect();
        gym.rules(&format!("segments:\n{}", segments.concat()));
        let project = gym.load();
        let clock = Clock {
            now: parse_instant("2025-07-01T06:00:00", project.config.timezone).unwrap(),
            zone: project.config.timezone,
        };
        let days = days(&project, &clock, 40);
        for _ in 0..3 {
            let place = draw.below(days[0].subjects.len());
            changes += hold(&project, &days, &clock, place);
        }
    }
    assert!(changes > 20, "{changes}");
}

/// As many days as some seconds of work allow: by the rows and rules, and by the people.
#[test]
fn where_much_is_to_be_gone_through_fewer_days_are_looked_at_and_that_is_told() {
    let gym = Gym::busy();
    gym.rules(
        "segments: [{ id: often, when: 'count(visits) >= 0 and top 100% by count(visits)' }]\n",
    );
    let project = gym.load();
    let clock = Clock {
        now: parse_instant("2025-07-01T06:00:00", project.config.timezone).unwrap(),
        zone: project.config.timezone,
    };
    let today = evaluate(&project, &clock).unwrap();
    let key = today.subjects.key(0).unwrap();
    let looked = |visits: u64, subjects: usize, days: Option<u32>| {
        let mut explanation = explain(&project, &today, 0, None);
        let connector = connect(&project.config);
        let mut kept = KeptSnapshot::new(&*connector, 50_000_000);
        let mut data = kept.pin().unwrap();
        let rows = [("visits".to_owned(), visits)].into();
        let size = Size {
            rows: &rows,
            subjects,
        };
        let (whom, about) = ((&key, &clock, days), (&mut explanation, size));
        let looked = look_ahead(&project, &mut data, whom, about, &Unwatched).unwrap();
        let ahead = explanation.segments[0].ahead.clone().unwrap();
        assert_eq!((ahead.days, ahead.change), (looked, None));
        (looked, ahead.cut)
    };
    assert_eq!(looked(1_000, 100, None), (60, false));
    assert_eq!(looked(1_000_000_000, 100, None), (1, true));
    let (days, cut) = looked(20_000_000, 100, None);
    assert!((2..60).contains(&days) && cut, "{days}");
    let (days, cut) = looked(1_000, 5_000_000, None);
    assert!((1..60).contains(&days) && cut, "{days}");
    // Whoever says a number gets it.
    assert_eq!(looked(1_000_000_000, 100, Some(3)), (3, false));
}

fn rule(id: usize, draw: &mut Draw) -> String {
    let parts: Vec<String> = (0..=draw.below(2)).map(|_| part(id, draw)).collect();
    let when = parts.join(draw.one(&[" and ", " or "]));
    format!("  - {{ id: s{id}, when: '{when}' }}\n")
}

fn part(id: usize, draw: &mut Draw) -> String {
    let days = 3 + draw.below(40);
    let count = draw.below(8);
    let sign = draw.one(&["<", "<=", ">", ">=", "=", "!="]);
    let before = draw.below(id.max(1));
    match draw.below(if id == 0 { 7 } else { 8 }) {
        0 => format!("count(visits in last {days} days) {sign} {count}"),
        1 => format!(
            "count(visits in previous {days} days) {sign} count(visits in last {days} days)"
        ),
        2 => format!("days_since(last(visits).at) {sign} {days}"),
        3 => format!("exists(visits in next {days} days)"),
        4 => format!("top {}% by count(visits in last {days} days)", 10 + days),
        5 => format!(
            "count(visits in last {days} days) {sign} avg(count(visits in last {days} days)) within studio"
        ),
        6 => format!("last(visits).at in last {days} days"),
        _ => format!("not in segment s{before}"),
    }
}
