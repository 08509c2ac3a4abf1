//! Who moves between old and new rules.

use super::segments::Pair;
use super::{By, Mover, PlannedSegment, Standing, new_rules, old_rules};
use crate::engine::Key;
use crate::rules::SegmentId;
use crate::store::Direction;
use crate::variants::{Found, VariantId};

/// Segments with a reason why nobody knows who moves in them.
type Untold = Vec<(String, String)>;

/// The segments in which somebody moves or that come or go, who moves, and what cannot be told.
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
        let moved = moved(found, before, after);
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
    (segments, movers, untold)
}

/// A segment's members by the old and by the new rules.
fn members<'f>(found: &'f Found, pair: &Pair) -> Result<(&'f [u32], &'f [u32]), String> {
    let of = |variant: VariantId, segment: Option<SegmentId>| match segment {
        Some(segment) => found.members(variant, segment),
        None => Ok(&[][..]),
    };
    let reason = |which: &str, reason: &str| format!("by the {which} rules: {reason}");
    let before = of(old_rules(), pair.old).map_err(|stale| reason("old", &stale.reason))?;
    let after = of(new_rules(), pair.new).map_err(|stale| reason("new", &stale.reason))?;
    Ok((before, after))
}

fn moved(found: &Found, before: &[u32], after: &[u32]) -> Vec<(Key, Direction)> {
    let keys = |variant: VariantId, places: &[u32]| -> Vec<Key> {
        let people = found.people(variant);
        let key = |place: &u32| people?.subjects.key(*place as usize);
        places.iter().filter_map(key).collect()
    };
    let (left, entered) = match found.have_the_same_people(old_rules(), new_rules()) {
        true => (
            keys(old_rules(), &only_in(before, after)),
            keys(new_rules(), &only_in(after, before)),
        ),
        false => {
            let (before, after) = (keys(old_rules(), before), keys(new_rules(), after));
            (only_in(&before, &after), only_in(&after, &before))
        }
    };
    let left = left.into_iter().map(|key| (key, Direction::Left));
    let entered = entered.into_iter().map(|key| (key, Direction::Entered));
    left.chain(entered).collect()
}

/// What the first list has and the second has not; both ascend.
pub(super) fn only_in<T: Ord + Clone>(these: &[T], those: &[T]) -> Vec<T> {
    let these = these
        .iter()
        .filter(|this| those.binary_search(this).is_err());
    these.cloned().collect()
}

fn label(found: &Found, key: &Key) -> String {
    let label = |variant| found.people(variant)?.label(key);
    let label = label(new_rules()).or_else(|| label(old_rules()));
    label.unwrap_or_else(|| key.to_string())
}
