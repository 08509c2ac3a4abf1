//! What edits of the rules would do: old and new rules on one state of the data, at one instant, so that the edits are
//! the only difference. Writes nothing.

mod drift;
mod file;
mod movers;
mod picture;
mod places;
mod why;

use std::collections::BTreeSet;

use crate::attribution::{By, Trials, combined, new_rules, pairs, singles};
use crate::connector::{Connector, KeptSnapshot};
use crate::edits::{Edit, Edits};
use crate::engine::{EngineError, Key, Watch};
use crate::project::{Project, blocking};
use crate::store::Direction;
use crate::time::Clock;

pub use drift::{Drift, Standpoint};
pub use file::PlanFile;
pub use picture::draw_plan;
pub use places::{Health, Listed, Places};
pub use why::Why;

/// The options of a plan.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The instant, in microseconds.
    pub now: i64,
    /// Only the movers of this segment, by its id in the new rules; everybody for `None`.
    pub segment: Option<&'a str>,
    /// For how many movers at most to find out why they move.
    pub explained: usize,
}

/// The effects of edits.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The instant, and the time zone of the new rules.
    pub clock: Clock,
    /// The edits.
    pub edits: Vec<Edit>,
    /// How many of them were not tried alone, because there are too many.
    pub untried: usize,
    /// Segments that somebody moves in, or that are added or removed: in the order of the new rules, with removed ones
    /// last.
    pub segments: Vec<PlannedSegment>,
    /// Everybody who moves, once per segment, in the order of the list by the old rules.
    pub movers: Vec<Mover>,
    /// The number of subjects by the new rules.
    pub subjects: usize,
    /// The effects on scores, list places and health; `None` for a plan of one segment.
    pub listed: Option<Listed>,
    /// Segments whose movers are unknown, because old or new rules have no answer: ids and reasons.
    pub stale: Vec<(String, String)>,
}

/// A segment in which somebody moves.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedSegment {
    /// Its id by the new rules or, if it is removed, by the old rules.
    pub id: String,
    /// The name people see.
    pub name: String,
    pub standing: Standing,
    /// The number of members by the old rules.
    pub before: usize,
    /// The number of members by the new rules.
    pub after: usize,
}

/// Whether a segment is added or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Old and new rules define it.
    Stays,
    /// Only the new rules do.
    Comes,
    /// Only the old rules do.
    Goes,
}

/// Somebody who moves in a segment.
#[derive(Debug, Clone, PartialEq)]
pub struct Mover {
    pub subject: Key,
    pub label: String,
    /// Whether others have the same label, by the old rules or the new rules.
    pub has_namesakes: bool,
    /// The index of the segment in [`Plan::segments`].
    pub segment: usize,
    pub direction: Direction,
    /// The cause of the movement.
    pub by: By,
    /// The clause whose answer differs; `None` if it was not requested or cannot be determined.
    pub why: Option<Why>,
}

impl Plan {
    /// The number of distinct people who move.
    pub fn people(&self) -> usize {
        let people: BTreeSet<&Key> = self.movers.iter().map(|mover| &mover.subject).collect();
        people.len()
    }

    /// Whether nobody moves, and this is known for every segment.
    pub fn moves_nobody(&self) -> bool {
        self.movers.is_empty() && self.stale.is_empty()
    }

    /// The movers of a segment, given by its index.
    pub fn movers_of(&self, segment: usize) -> impl Iterator<Item = &Mover> {
        let movers = self.movers.iter();
        movers.filter(move |mover| mover.segment == segment)
    }
}

/// A plan, and the state it is based on.
#[derive(Debug)]
pub struct Planned {
    pub plan: Plan,
    /// What the old rules find now.
    pub before: Standpoint,
}

/// Plans the edits between two projects. The data is read once for each time zone and each definition of who takes
/// part.
///
/// # Errors
/// The database cannot be read, or `watch` asked to stop.
pub fn plan(
    (old, new): (&Project, &Project),
    edits: &Edits<'_>,
    connector: &dyn Connector,
    asked: &Asked<'_>,
    watch: &dyn Watch,
) -> Result<Planned, EngineError> {
    blocking(|| planned((old, new), edits, connector, asked, watch))
}

fn planned(
    (old, new): (&Project, &Project),
    edits: &Edits<'_>,
    connector: &dyn Connector,
    asked: &Asked<'_>,
    watch: &dyn Watch,
) -> Result<Planned, EngineError> {
    let pairs = pairs(old, new, edits);
    let singles = singles(edits);
    let mut variants = singles.variants(old, new);
    let trials = Trials::new(&singles, &variants, &pairs);
    if asked.explained > 0 {
        why::keep(&mut variants, &pairs, (old, new));
    }
    places::keep(&mut variants, new);
    let mut kept = KeptSnapshot::new(connector, new.config.memory);
    let asks_again = edits.all.len() > 2;
    let mut pinned = None;
    let found = match asks_again || variants.readings() > 1 {
        true => variants.evaluate_pinned(pinned.insert(kept.pin()?), asked.now, watch)?,
        false => variants.evaluate(connector.snapshot()?, asked.now, watch)?,
    };
    let (mut segments, mut movers, mut stale) = movers::movers(&found, &pairs);
    movers::settle(&trials, &found, &segments, &mut movers);
    let is_open = movers.iter().any(|mover| mover.by == By::Several);
    if asks_again
        && is_open
        && let Some(pinned) = &mut pinned
    {
        let combined = combined(edits, &singles);
        let variants = combined.variants(old, new);
        let trials = Trials::new(&combined, &variants, &pairs);
        let found = variants.evaluate_pinned(pinned, asked.now, watch)?;
        movers::settle(&trials, &found, &segments, &mut movers);
    }
    drop(pinned);
    let (places, ranks) = places::places(&found, (old, new));
    movers.sort_by_cached_key(|mover| (ranks.of(&mover.subject), mover.segment));
    let listed = match asked.segment {
        Some(id) => {
            movers::narrow(&mut segments, &mut movers, id);
            stale.retain(|(segment, _)| segment == id);
            None
        }
        None => Some(Listed {
            places: stale.is_empty().then_some(places),
            health: places::health(&found, (old, new)),
        }),
    };
    why::explain(&found, (old, new), &segments, &mut movers, asked.explained);
    let people = found.people(new_rules());
    Ok(Planned {
        plan: Plan {
            clock: Clock {
                now: asked.now,
                zone: new.config.timezone,
            },
            edits: edits.all.clone(),
            untried: singles.untried,
            segments: segments.into_iter().map(|(_, segment)| segment).collect(),
            movers,
            subjects: people.map_or(0, |people| people.subjects.len()),
            listed,
            stale,
        },
        before: Standpoint::new(&found, old),
    })
}
