//! What changed for one recipient: net, since the last report that was accepted for them.
//!
//! Sizes and movements add up: the old size, plus those who entered, minus those who left, plus or minus the effect of
//! rule changes, is the new size.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::movers::{Mover, movers};
use super::slice::{Slice, SliceSegment};
use crate::engine::Key;
use crate::store::{NetMovement, NetMovements, ReportState, Run};
use crate::value::SegmentValue;

/// The changes in a report for one recipient.
pub struct News {
    /// The baseline.
    pub since: Since,
    /// Parallel to the slice's segments.
    pub segments: Vec<SegmentNews>,
    /// Segments that were in the last report but are not in this one: names if known, otherwise ids.
    pub dropped: Vec<String>,
    /// Who moved most in the list, furthest first.
    pub movers: Vec<Mover>,
    /// Whether the health score was defined differently then.
    pub health_is_another: bool,
}

/// The baseline of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// None: this is the first report.
    First,
    /// None: the content of the last report is no longer known.
    Forgotten,
    /// None: the last report had another `where:`, so it covered other subjects.
    OfOthers,
    /// The accepted report of a run: its number and its instant, in microseconds UTC.
    Run(i64, i64),
}

/// The changes in one segment.
#[derive(Default)]
pub struct SegmentNews {
    /// Its earlier size and values; `None` if it is new in the report.
    pub before: Option<Before>,
    /// Who entered, in list order.
    pub entered: Vec<Moved>,
    /// Who left.
    pub left: Vec<Moved>,
    /// How many entered and left again, or left and came back.
    pub passing: usize,
    /// How many entered because of a rule change.
    pub entered_by_rule: usize,
    /// How many left because of a rule change.
    pub left_by_rule: usize,
    /// True if an upgrade of Muster moved any of these, so that the rule itself may be unchanged.
    pub by_upgrade: bool,
}

/// A segment in the last report.
pub struct Before {
    /// The number of members.
    pub size: usize,
    /// Its values, parallel to config's.
    pub values: Vec<SegmentValue>,
}

/// A subject that entered or left.
pub struct Moved {
    /// The key, which distinguishes subjects with the same name.
    pub key: Key,
    /// The name; `None` if the subject is gone and the name is no longer known.
    pub label: Option<String>,
    /// The position in the list; `None` for subjects that are not in it.
    pub place: Option<u32>,
    /// True if the membership is unchanged, but the report's `where:` now gives another answer.
    pub by_where: bool,
}

impl News {
    /// How many entered, summed over the segments, without rule changes.
    pub fn entered(&self) -> usize {
        self.segments.iter().map(|news| news.entered.len()).sum()
    }

    /// How many left, counted likewise.
    pub fn left(&self) -> usize {
        self.segments.iter().map(|news| news.left.len()).sum()
    }

    /// How many distinct subjects entered or left any segment, without rule changes.
    pub fn people(&self) -> usize {
        let moved = self.segments.iter().flat_map(|n| [&n.entered, &n.left]);
        let keys: HashSet<&Key> = moved.flatten().map(|moved| &moved.key).collect();
        keys.len()
    }

    /// How many segments have new members because their definition, or what it refers to, has changed.
    pub fn rules(&self) -> usize {
        let by_rule = |news: &&SegmentNews| news.entered_by_rule + news.left_by_rule > 0;
        self.segments.iter().filter(by_rule).count()
    }

    /// How many segments were not in the last report.
    pub fn new_segments(&self) -> usize {
        let new = |news: &&SegmentNews| news.before.is_none();
        self.segments.iter().filter(new).count()
    }

    /// True if there is nothing new for the recipient.
    pub fn is_nothing(&self) -> bool {
        let quiet = self.entered() + self.left() + self.rules() + self.new_segments() == 0;
        quiet && self.dropped.is_empty() && matches!(self.since, Since::Run(..))
    }
}

/// Compares a report with what its recipient knows from a run.
pub fn news(slice: &Slice<'_>, baseline: Option<i64>) -> News {
    let past = slice.run_report.past;
    let report = &slice.report.id.value;
    let known = baseline.map(|run| {
        let state = past.states.get(&(report.clone(), run));
        (
            run,
            state,
            past.net_movements.get(&run),
            past.runs.get(&run),
        )
    });
    let since = match known {
        None => Since::First,
        Some((_, Some(state), ..)) if state.about != slice.about() => Since::OfOthers,
        Some((_, Some(state), Some(net_movements), Some(run))) => {
            return compared(slice, run, state, net_movements);
        }
        Some(_) => Since::Forgotten,
    };
    News {
        since,
        segments: slice
            .segments
            .iter()
            .map(|_| SegmentNews::default())
            .collect(),
        dropped: Vec::new(),
        movers: Vec::new(),
        health_is_another: false,
    }
}

fn compared(
    slice: &Slice<'_>,
    before: &Run,
    state: &ReportState,
    net_movements: &NetMovements,
) -> News {
    let people: HashMap<&Key, u32> = slice
        .run_report
        .roster
        .people
        .iter()
        .zip(0..)
        .map(|(person, place)| (&person.subject, place))
        .collect();
    let comparison = Comparison {
        slice,
        net_movements,
        people: &people,
        was_inside: slice
            .report
            .filter
            .is_some()
            .then(|| state.subjects.iter().collect()),
    };
    let mut values: HashMap<&str, HashMap<&str, SegmentValue>> = HashMap::new();
    for metric in &state.values {
        let of_segment = values.entry(&metric.segment).or_default();
        of_segment.insert(&metric.metric, metric.segment_value());
    }
    let segments: Vec<SegmentNews> = slice
        .segments
        .iter()
        .map(
            |segment| match values.remove(segment.roster.segment.id.as_str()) {
                Some(before) => comparison.segment(segment, &before),
                None => SegmentNews::default(),
            },
        )
        .collect();
    let names = &slice.run_report.roster.segments;
    let name = |id: &str| {
        let found = names.iter().find(|found| found.segment.id == id);
        found.map_or(id, |found| &found.segment.name).to_owned()
    };
    let dropped: BTreeSet<&str> = values.into_keys().collect();
    News {
        since: Since::Run(before.id, before.as_of),
        segments,
        health_is_another: {
            let now = &slice.run_report.run.fingerprint;
            now.scores_health_otherwise(&before.fingerprint)
        },
        dropped: dropped.into_iter().map(name).collect(),
        movers: movers(slice, net_movements, &people),
    }
}

struct Comparison<'a> {
    slice: &'a Slice<'a>,
    net_movements: &'a NetMovements,
    /// Everyone's positions in the list.
    people: &'a HashMap<&'a Key, u32>,
    /// Who satisfied `where:`; `None` if there is none.
    was_inside: Option<HashSet<&'a Key>>,
}

impl Comparison<'_> {
    fn segment(
        &self,
        segment: &SliceSegment<'_>,
        before: &HashMap<&str, SegmentValue>,
    ) -> SegmentNews {
        let id = &segment.roster.segment.id;
        let mut news = SegmentNews::default();
        for (key, net_movement) in self.net_movements.in_segment(id) {
            let place = self.people.get(key).copied();
            let now =
                net_movement.is_in() && place.is_some_and(|place| self.slice.is_inside(place));
            let then = net_movement.was_in() && self.was_inside(key);
            self.add(&mut news, key, place, (then, now), Some(net_movement));
        }
        // Those who stayed in the segment may have come to satisfy the report's `where:`, or stopped doing so.
        if let Some(was_inside) = &self.was_inside {
            for place in segment.roster.members.iter().copied() {
                let person = self.slice.run_report.roster.people.get(place as usize);
                let key = person.map(|person| &person.subject);
                let Some(key) = key.filter(|key| self.net_movements.of(id, key).is_none()) else {
                    continue;
                };
                let sides = (was_inside.contains(key), self.slice.is_inside(place));
                self.add(&mut news, key, Some(place), sides, None);
            }
        }
        news.entered.sort_by(order);
        news.left.sort_by(order);
        let came = news.entered.len() + news.entered_by_rule;
        let went = news.left.len() + news.left_by_rule;
        let values = &self.slice.config().values;
        news.before = Some(Before {
            size: (segment.members.len() + went).saturating_sub(came),
            values: values
                .iter()
                .map(|value| before.get(value.id.value.as_str()).cloned())
                .map(|value| value.unwrap_or(SegmentValue::MISSING))
                .collect(),
        });
        news
    }

    fn was_inside(&self, key: &Key) -> bool {
        let inside = self.was_inside.as_ref();
        inside.is_none_or(|inside| inside.contains(key))
    }

    fn add(
        &self,
        news: &mut SegmentNews,
        key: &Key,
        place: Option<u32>,
        (then, now): (bool, bool),
        net_movement: Option<NetMovement>,
    ) {
        let moved_itself =
            net_movement.filter(|net_movement| net_movement.was_in() != net_movement.is_in());
        let by_rule = moved_itself.is_some_and(|net_movement| !net_movement.news);
        news.by_upgrade |= by_rule && moved_itself.is_some_and(|net_movement| net_movement.upgrade);
        let moved = || {
            let people = &self.slice.run_report.roster.people;
            let person = place.and_then(|place| people.get(place as usize));
            let known = || self.slice.run_report.past.labels.get(key);
            Moved {
                key: key.clone(),
                label: person.map(|person| &person.label).or_else(known).cloned(),
                place,
                by_where: moved_itself.is_none(),
            }
        };
        match (then, now, by_rule) {
            (false, true, true) => news.entered_by_rule += 1,
            (true, false, true) => news.left_by_rule += 1,
            (false, true, false) => news.entered.push(moved()),
            (true, false, false) => news.left.push(moved()),
            _ => {
                let concerns =
                    self.was_inside(key) || place.is_some_and(|place| self.slice.is_inside(place));
                let passed = net_movement.is_some_and(|net_movement| net_movement.news)
                    && moved_itself.is_none();
                news.passing += usize::from(passed && concerns);
            }
        }
    }
}

/// List order; those who are not in the list come last, by name.
fn order(one: &Moved, other: &Moved) -> std::cmp::Ordering {
    fn key(moved: &Moved) -> (bool, Option<u32>, Option<&str>) {
        (moved.place.is_none(), moved.place, moved.label.as_deref())
    }
    key(one).cmp(&key(other))
}
