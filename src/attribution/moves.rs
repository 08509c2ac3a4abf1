//! Movements in a segment between old and new rules.

use super::{Pair, new_rules, old_rules};
use crate::engine::Key;
use crate::rules::SegmentId;
use crate::store::Direction;
use crate::variants::{Found, VariantId};

/// A segment's members by the old and by the new rules: places among the subjects of each, in ascending order.
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

/// Who leaves a segment and who enters it, from its members before and after.
pub fn moves(found: &Found, (before, after): (&[u32], &[u32])) -> Vec<(Key, Direction)> {
    let key_of = |variant: VariantId| {
        let people = found.people(variant);
        move |place: &u32| people?.subjects.key(*place as usize)
    };
    let (left, entered) = match found.have_the_same_people(old_rules(), new_rules()) {
        true => (
            only_in(before, after)
                .filter_map(key_of(old_rules()))
                .collect::<Vec<Key>>(),
            only_in(after, before)
                .filter_map(key_of(new_rules()))
                .collect::<Vec<Key>>(),
        ),
        false => {
            let keys = |variant, places: &[u32]| -> Vec<Key> {
                places.iter().filter_map(key_of(variant)).collect()
            };
            let (before, after) = (keys(old_rules(), before), keys(new_rules(), after));
            (
                only_in(&before, &after).cloned().collect(),
                only_in(&after, &before).cloned().collect(),
            )
        }
    };
    let left = left.into_iter().map(|key| (key, Direction::Left));
    let entered = entered.into_iter().map(|key| (key, Direction::Entered));
    left.chain(entered).collect()
}

/// The elements of the first list that the second does not have, in one pass over both; both must be ascending.
pub fn only_in<'a, T: Ord>(these: &'a [T], those: &'a [T]) -> impl Iterator<Item = &'a T> {
    let mut those = those.iter().peekable();
    these.iter().filter(move |this| {
        while those.next_if(|that| that < this).is_some() {}
        those.peek() != Some(this)
    })
}
