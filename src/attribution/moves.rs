//! Who moves in a segment between old and new rules.

use super::{Pair, new_rules, old_rules};
use crate::engine::Key;
use crate::rules::SegmentId;
use crate::store::Direction;
use crate::variants::{Found, VariantId};

/// A segment's members by the old and by the new rules: places among the people of each, ascending.
///
/// # Errors
/// One of the two, or both, have no answer: which, and why, in words.
pub fn members<'f>(found: &'f Found, pair: &Pair) -> Result<(&'f [u32], &'f [u32]), String> {
    let of = |variant: VariantId, segment: Option<SegmentId>| match segment {
        Some(segment) => found.members(variant, segment),
        None => Ok(&[][..]),
    };
    match (of(old_rules(), pair.old), of(new_rules(), pair.new)) {
        (Ok(before), Ok(after)) => Ok((before, after)),
        (Err(old), Err(new)) if old.reason == new.reason => {
            Err(format!("by the old rules and the new ones: {}", old.reason))
        }
        (Err(old), Err(new)) => Err(format!(
            "by the old rules: {}; by the new rules: {}",
            old.reason, new.reason
        )),
        (Err(old), Ok(_)) => Err(format!("by the old rules: {}", old.reason)),
        (Ok(_), Err(new)) => Err(format!("by the new rules: {}", new.reason)),
    }
}

/// Who goes out of a segment and who comes in, by its members before and after.
pub fn moves(found: &Found, (before, after): (&[u32], &[u32])) -> Vec<(Key, Direction)> {
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
pub fn only_in<T: Ord + Clone>(these: &[T], those: &[T]) -> Vec<T> {
    let these = these
        .iter()
        .filter(|this| those.binary_search(this).is_err());
    these.cloned().collect()
}
