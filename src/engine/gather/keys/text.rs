//! Looks up text keys: exactly as written, or in another form.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::OnceLock;

use super::{ABSENT, EXCLUDED, FastHasher, settle};
use crate::value::{KeyMatch, loose_key};

type Places = HashMap<Box<str>, u32, BuildHasherDefault<FastHasher>>;

/// Several rows that count have a key of this form, so it is unclear which is meant.
const SEVERAL: u32 = EXCLUDED - 1;

/// Where the row of each text key is.
#[derive(Debug, Default)]
pub(in crate::engine::gather) struct TextKeys {
    exact: Places,
    matching: KeyMatch,
    /// The same by the form of each key; built on first use.
    loose: OnceLock<Places>,
}

impl TextKeys {
    pub(super) fn new(matching: KeyMatch) -> Self {
        Self {
            matching,
            ..Self::default()
        }
    }

    /// # Errors
    /// The key, if two rows that count have it.
    pub(super) fn insert(&mut self, key: &str, place: u32) -> Result<(), String> {
        settle(self.exact.entry(key.into()).or_insert(ABSENT), place, &key)
    }

    /// The place of a key's row; [`ABSENT`] if there is none.
    #[inline]
    pub(super) fn find(&self, key: &str) -> u32 {
        match (self.exact.get(key), self.matching) {
            (Some(place), _) => *place,
            (None, KeyMatch::Exact) => ABSENT,
            (None, KeyMatch::Loose) => self.find_loosely(key),
        }
    }

    /// Whether a key that [`Self::find`] does not find has the form of exactly one row's key.
    pub(super) fn is_near(&self, key: &str) -> bool {
        self.matching == KeyMatch::Exact && !matches!(self.find_loosely(key), ABSENT | EXCLUDED)
    }

    /// The place of the one row whose key has the same form.
    fn find_loosely(&self, key: &str) -> u32 {
        let places = self.loose.get_or_init(|| self.by_form());
        match places.get(&*loose_key(key)) {
            None | Some(&SEVERAL) => ABSENT,
            Some(place) => *place,
        }
    }

    fn by_form(&self) -> Places {
        let mut places = Places::default();
        for (key, place) in &self.exact {
            let slot = places.entry(loose_key(key).into()).or_insert(ABSENT);
            if *slot != SEVERAL && settle(slot, *place, key).is_err() {
                *slot = SEVERAL;
            }
        }
        places
    }

    /// About how many bytes it takes, including the index by form. That index is built as soon as a key is not found as
    /// written, which may be after the caller has made room for the bytes stated here.
    pub(super) fn bytes(&self) -> usize {
        let bytes = |places: &Places| {
            let texts: usize = places.keys().map(|key| key.len()).sum();
            places.capacity() * size_of::<(Box<str>, u32)>() + texts
        };
        let exact = bytes(&self.exact);
        exact + self.loose.get().map_or(exact, bytes)
    }
}

impl PartialEq for TextKeys {
    fn eq(&self, other: &Self) -> bool {
        self.matching == other.matching && self.exact == other.exact
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn room_is_counted_for_keys_by_their_form_before_they_are_asked_for() {
        for matching in [KeyMatch::Exact, KeyMatch::Loose] {
            let mut keys = TextKeys::new(matching);
            for number in 0..10_000_u32 {
                keys.insert(&format!("Client-{number:05}"), number).unwrap();
            }
            let before = keys.bytes();
            assert_eq!(keys.is_near("CLIENT-00007"), matching == KeyMatch::Exact);
            assert_eq!(keys.find_loosely("CLIENT-00007"), 7);
            assert!(keys.bytes() <= before, "{} > {before}", keys.bytes());
            assert!(
                keys.bytes() * 10 > before * 7,
                "{} of {before}",
                keys.bytes()
            );
        }
    }
}
