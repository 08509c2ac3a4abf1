//! Who moved most in the client list, and because of which segments.

use std::collections::HashMap;

use super::slice::Slice;
use crate::engine::Key;
use crate::store::NetMovements;

/// The maximum number of movers listed.
const TOLD: usize = 5;
/// The maximum number of decimals in the client list.
const MOST_PLACES: usize = 4;
/// Smaller score changes are rounding errors.
const LEAST: f64 = 1e-9;

/// A subject whose score changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Mover {
    /// The position in the roster.
    pub place: u32,
    /// The earlier score, under the current weights.
    pub before: f64,
    /// The current score.
    pub now: f64,
    /// The effect of the report's segments on the score, largest first.
    pub parts: Vec<Part>,
    /// The number of segments outside the report that contributed.
    pub others: usize,
    /// Their total effect on the score.
    pub others_by: f64,
}

/// The effect of one segment on a subject's score.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The segment's name.
    pub segment: String,
    /// True if they entered, false if they left.
    pub came: bool,
    /// The change of the score; negative if it fell.
    pub by: f64,
}

/// The minimum number of decimals with which the figures shown add up and none is shown as zero.
pub fn decimals(movers: &[Mover]) -> usize {
    let fits = |places: &usize| movers.iter().all(|mover| mover.adds_up(*places));
    (2..MOST_PLACES).find(fits).unwrap_or(MOST_PLACES)
}

impl Mover {
    fn adds_up(&self, places: usize) -> bool {
        let others = (self.others > 0).then_some(self.others_by);
        let parts = || self.parts.iter().map(|part| part.by).chain(others);
        let unit = 10_f64.powi(i32::try_from(places).unwrap_or(2));
        let units = |number: f64| (number * unit).round();
        let sum: f64 = parts().map(units).sum();
        units(self.now) - units(self.before) == sum && parts().all(|by| units(by) != 0.0)
    }
}

/// The reported subjects in the list whose score has changed most since a run. Rule changes do not count. `people` are
/// everyone's positions.
pub fn movers(
    slice: &Slice<'_>,
    net_movements: &NetMovements,
    people: &HashMap<&Key, u32>,
) -> Vec<Mover> {
    let mut found: HashMap<u32, Mover> = HashMap::new();
    for segment in &slice.run_report.roster.segments {
        let (id, weight) = (&segment.segment.id, segment.segment.weight);
        let shown = slice.segments.iter().any(|s| s.roster.segment.id == *id);
        for (key, net_movement) in net_movements.in_segment(id) {
            let Some(place) = people.get(key).copied().filter(|p| slice.is_inside(*p)) else {
                continue;
            };
            let moved = net_movement.news && net_movement.was_in() != net_movement.is_in();
            // A segment without importance does not affect the score.
            if !moved || weight == 0.0 {
                continue;
            }
            let person = slice.run_report.roster.people.get(place as usize);
            let now = person.map_or(0.0, |person| person.score);
            let mover = found.entry(place).or_insert_with(|| Mover {
                place,
                before: now,
                now,
                parts: Vec::new(),
                others: 0,
                others_by: 0.0,
            });
            let came = net_movement.is_in();
            let by = if came { weight } else { -weight };
            mover.before -= by;
            if shown {
                let segment = segment.segment.name.clone();
                mover.parts.push(Part { segment, came, by });
            } else {
                mover.others += 1;
                mover.others_by += by;
            }
        }
    }
    let by = |mover: &Mover| (mover.now - mover.before).abs();
    let mut movers: Vec<Mover> = found
        .into_values()
        .filter(|mover| by(mover) > LEAST && !mover.parts.is_empty())
        .collect();
    movers.sort_by(|a, b| by(b).total_cmp(&by(a)).then(a.place.cmp(&b.place)));
    movers.truncate(TOLD);
    for mover in &mut movers {
        let parts = &mut mover.parts;
        parts.sort_by(|a, b| b.by.abs().total_cmp(&a.by.abs()));
    }
    movers
}
