//! Who moved most in the list, and by which segments.

use std::collections::HashMap;

use super::slice::Slice;
use crate::engine::Key;
use crate::store::Courses;

/// So many are told at most.
const TOLD: usize = 5;
/// Smaller changes of a score are rounding.
const LEAST: f64 = 1e-9;

/// Somebody whose score changed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mover {
    /// The place in the roll.
    pub place: u32,
    /// The score as it would have been then, by the weights of now.
    pub before: f64,
    /// The score now.
    pub now: f64,
    /// The names of the report's segments that they came into.
    pub entered: Vec<String>,
    /// Those that they went out of.
    pub left: Vec<String>,
    /// How many further segments, which are none of the report's, had a part in it.
    pub others: usize,
}

/// Those in the list whom the report is about and whose score changed most since a run; what changed rules
/// did is no change. `people` are everyone's places.
pub(super) fn movers(
    slice: &Slice<'_>,
    courses: &Courses,
    people: &HashMap<&Key, u32>,
) -> Vec<Mover> {
    let mut found: HashMap<u32, Mover> = HashMap::new();
    for segment in &slice.story.roll.segments {
        let (id, weight) = (&segment.segment.id, segment.segment.weight);
        let shown = slice.segments.iter().any(|s| s.roll.segment.id == *id);
        for (key, course) in courses.in_segment(id) {
            let Some(place) = people.get(key).copied().filter(|p| slice.is_inside(*p)) else {
                continue;
            };
            if !course.news || course.was_in() == course.is_in() {
                continue;
            }
            let person = slice.story.roll.people.get(place as usize);
            let now = person.map_or(0.0, |person| person.score);
            let mover = found.entry(place).or_insert_with(|| Mover {
                place,
                before: now,
                now,
                entered: Vec::new(),
                left: Vec::new(),
                others: 0,
            });
            let name = &segment.segment.name;
            let came = course.is_in();
            mover.before += if came { -weight } else { weight };
            match (shown, came) {
                (false, _) => mover.others += 1,
                (true, true) => mover.entered.push(name.clone()),
                (true, false) => mover.left.push(name.clone()),
            }
        }
    }
    let by = |mover: &Mover| (mover.now - mover.before).abs();
    let mut movers: Vec<Mover> = found
        .into_values()
        .filter(|mover| by(mover) > LEAST && mover.entered.len() + mover.left.len() > 0)
        .collect();
    movers.sort_by(|a, b| by(b).total_cmp(&by(a)).then(a.place.cmp(&b.place)));
    movers.truncate(TOLD);
    movers
}
