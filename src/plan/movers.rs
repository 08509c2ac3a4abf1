//! The segments in which somebody moves, and the movers.

use std::collections::{HashMap, HashSet};

use super::{Mover, PlannedSegment, Standing};
use crate::attribution::{By, Pair, Trials, members, moves, new_rules, old_rules};
use crate::engine::Key;
use crate::variants::Found;

/// Segments whose movers are unknown, with the reasons.
type Untold = Vec<(String, String)>;

/// The segments in which somebody moves or that are added or removed, the movers, and the segments whose movers are
/// unknown.
pub(super) fn movers(
    found: &Found,
    pairs: &[Pair],
) -> (Vec<(Pair, PlannedSegment)>, Vec<Mover>, Untold) {
    let (mut segments, mut movers, mut untold) = (Vec::new(), Vec::new(), Vec::new());
    for pair in pairs {
        let (before, after) = match members(found, pair) {
            Ok(members) => members,
            Err(reason) => {
                untold.push((pair.id.clone(), reason));
                continue;
            }
        };
        let moved = moves(found, (before, after));
        let standing = match (pair.old, pair.new) {
            (None, _) => Standing::Comes,
            (_, None) => Standing::Goes,
            _ => Standing::Stays,
        };
        if moved.is_empty() && standing == Standing::Stays {
            continue;
        }
        movers.extend(moved.into_iter().map(|(subject, direction)| Mover {
            label: label(found, &subject),
            has_namesakes: false,
            subject,
            segment: segments.len(),
            direction,
            by: By::Several,
            why: None,
        }));
        let planned = PlannedSegment {
            id: pair.id.clone(),
            name: pair.name.clone(),
            standing,
            before: before.len(),
            after: after.len(),
        };
        segments.push((pair.clone(), planned));
    }
    tell_namesakes(found, &mut movers);
    (segments, movers, untold)
}

/// Marks movers whose label another subject has, too, whether that subject moves or not.
fn tell_namesakes(found: &Found, movers: &mut [Mover]) {
    let mut named: HashMap<&str, (&Key, bool)> = HashMap::new();
    for mover in movers.iter() {
        let (first, is_shared) = named.entry(&mover.label).or_insert((&mover.subject, false));
        *is_shared |= **first != mover.subject;
    }
    let people = [old_rules(), new_rules()].into_iter();
    for subjects in people.filter_map(|rules| Some(&found.people(rules)?.subjects)) {
        for place in 0..subjects.len() {
            let label = subjects.labels.get(place).unwrap_or_default();
            if let Some((first, is_shared)) = named.get_mut(label) {
                *is_shared |= subjects.key(place).as_ref() != Some(*first);
            }
        }
    }
    let shared = named.iter().filter(|(_, (_, is_shared))| *is_shared);
    let shared: HashSet<String> = shared.map(|(label, _)| (*label).to_owned()).collect();
    for mover in movers {
        mover.has_namesakes = shared.contains(&mover.label);
    }
}

/// For movers without a known cause, records which set of edits alone moves them.
pub(super) fn settle(
    trials: &Trials,
    found: &Found,
    segments: &[(Pair, PlannedSegment)],
    movers: &mut [Mover],
) {
    for mover in movers.iter_mut().filter(|mover| mover.by == By::Several) {
        let pair = segments.get(mover.segment).map(|(pair, _)| pair);
        let by = pair.and_then(|pair| trials.by(found, pair, &mover.subject, mover.direction));
        mover.by = by.unwrap_or(By::Several);
    }
}

/// Keeps only one segment and its movers.
pub(super) fn narrow(
    segments: &mut Vec<(Pair, PlannedSegment)>,
    movers: &mut Vec<Mover>,
    id: &str,
) {
    let place = segments.iter().position(|(_, segment)| segment.id == id);
    movers.retain(|mover| Some(mover.segment) == place);
    for mover in movers {
        mover.segment = 0;
    }
    segments.retain(|(_, segment)| segment.id == id);
}

fn label(found: &Found, key: &Key) -> String {
    let label = |variant| found.people(variant)?.label(key);
    let label = label(new_rules()).or_else(|| label(old_rules()));
    label.unwrap_or_else(|| key.to_string())
}
