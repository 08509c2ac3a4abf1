//! Keys of subjects and of looked-up rows, and the place of each.

mod text;

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use self::text::TextKeys;
use crate::engine::{Cell, Key, Keys};
use crate::value::KeyMatch;

/// No row has this key.
pub(super) const ABSENT: u32 = u32::MAX;
/// The row with this key exists but does not count: a subject that is not admitted.
pub(super) const EXCLUDED: u32 = u32::MAX - 1;

/// A whole number, stored as an integer, as a REAL (in a column that once held a missing value), or as text, which may
/// be stored as bytes.
#[inline]
pub(super) fn integer_of(value: Cell<'_>) -> Option<i64> {
    match value {
        Cell::Integer(value) => Some(value),
        Cell::Real(value) => integer_of_real(value),
        Cell::Text(text) | Cell::Blob(text) => {
            let text = std::str::from_utf8(text.trim_ascii()).ok()?;
            text.parse()
                .ok()
                .or_else(|| integer_of_real(text.parse().ok()?))
        }
        Cell::Null => None,
    }
}

fn integer_of_real(value: f64) -> Option<i64> {
    (value.fract() == 0.0 && value.abs() < 9e15).then_some(value as i64)
}

/// A key: whole numbers become integers, everything else text; `None` for NULL and for bytes that are not a text.
pub(super) fn key_of(value: Cell<'_>) -> Option<Key> {
    match value {
        Cell::Null => None,
        Cell::Integer(value) => Some(Key::Integer(value)),
        Cell::Real(value) => Some(match integer_of_real(value) {
            Some(whole) => Key::Integer(whole),
            None => Key::Text(value.to_string().into()),
        }),
        Cell::Text(text) | Cell::Blob(text) => {
            Some(Key::Text(std::str::from_utf8(text).ok()?.into()))
        }
    }
}

/// Whether a value names nobody: NULL, or the empty text that stands for NULL in imported files.
pub(super) fn is_nothing(value: Cell<'_>) -> bool {
    match value {
        Cell::Null => true,
        Cell::Text(text) => text.trim_ascii().is_empty(),
        _ => false,
    }
}

/// A row's key as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum StoredKey {
    /// A whole number.
    Whole(i64),
    /// Anything else that can be written as text.
    Text(Box<str>),
    /// Bytes that are not a text, or a text with a NUL character, which no table stores whole.
    NoText,
    /// NULL.
    Nothing,
}

/// Reads a stored value as a subject's key.
pub(super) fn stored_key(value: Cell<'_>) -> StoredKey {
    match key_of(value) {
        Some(Key::Integer(key)) => StoredKey::Whole(key),
        Some(Key::Text(key)) if key.contains('\0') => StoredKey::NoText,
        Some(Key::Text(key)) => StoredKey::Text(key),
        None if value == Cell::Null => StoredKey::Nothing,
        None => StoredKey::NoText,
    }
}

/// Keys in the order in which they are met: stored as integers as long as all of them are.
#[derive(Debug, Clone)]
pub(super) struct KeyList(pub(super) Keys);

impl KeyList {
    pub(super) fn new() -> Self {
        Self(Keys::Integer(Vec::new()))
    }

    /// Appends a key; false for a value that is not a key.
    pub(super) fn push(&mut self, value: Cell<'_>) -> bool {
        match (&mut self.0, key_of(value)) {
            (_, None) => return false,
            (Keys::Integer(keys), Some(Key::Integer(key))) => keys.push(key),
            (Keys::Text(keys), Some(key)) => keys.push(key.to_string().into()),
            (Keys::Integer(keys), Some(Key::Text(key))) => {
                let mut texts = texts(keys);
                texts.push(key);
                self.0 = Keys::Text(texts);
            }
        }
        true
    }

    /// Appends keys that were met after these.
    pub(super) fn append(&mut self, next: Self) {
        match (&mut self.0, next.0) {
            (Keys::Integer(keys), Keys::Integer(next)) => keys.extend(next),
            (Keys::Text(keys), Keys::Text(next)) => keys.extend(next),
            (Keys::Text(keys), Keys::Integer(next)) => keys.extend(texts(&next)),
            (Keys::Integer(keys), Keys::Text(next)) => {
                let mut texts = texts(keys);
                texts.extend(next);
                self.0 = Keys::Text(texts);
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        match &self.0 {
            Keys::Integer(keys) => keys.len(),
            Keys::Text(keys) => keys.len(),
        }
    }
}

fn texts(keys: &[i64]) -> Vec<Box<str>> {
    keys.iter().map(|key| key.to_string().into()).collect()
}

/// Where each key's row is.
#[derive(Debug, PartialEq)]
pub(super) enum KeyIndex {
    /// Integers that lie close together: one place for each number, starting with `first`.
    Dense { first: i64, places: Vec<u32> },
    /// Other integers.
    Integer(HashMap<i64, u32, BuildHasherDefault<FastHasher>>),
    /// Texts.
    Text(TextKeys),
}

impl KeyIndex {
    /// An index of keys and the places of their rows ([`EXCLUDED`] for rows that do not count).
    ///
    /// # Errors
    /// If two rows that count have the same key: the key, as text.
    pub(super) fn new(keys: &Keys, places: &[u32], matching: KeyMatch) -> Result<Self, String> {
        match keys {
            // A number has only one form, however it is written.
            Keys::Integer(keys) => Self::of_integers(keys, places),
            Keys::Text(keys) => {
                let mut index = TextKeys::new(matching);
                for (key, place) in keys.iter().zip(places) {
                    index.insert(key, *place)?;
                }
                Ok(Self::Text(index))
            }
        }
    }

    fn of_integers(keys: &[i64], places: &[u32]) -> Result<Self, String> {
        let first = keys.iter().min().copied().unwrap_or(0);
        let span = keys.iter().max().map_or(0, |last| last.abs_diff(first));
        let roomy = u64::try_from(keys.len()).unwrap_or(0).saturating_mul(8) + 1_024;
        if let Some(span) = usize::try_from(span).ok().filter(|_| span <= roomy) {
            let mut dense = vec![ABSENT; span + 1];
            for (key, place) in keys.iter().zip(places) {
                let offset = usize::try_from(key.abs_diff(first)).unwrap_or(usize::MAX);
                if let Some(slot) = dense.get_mut(offset) {
                    settle(slot, *place, key)?;
                }
            }
            return Ok(Self::Dense {
                first,
                places: dense,
            });
        }
        let mut index = HashMap::default();
        for (key, place) in keys.iter().zip(places) {
            settle(index.entry(*key).or_insert(ABSENT), *place, key)?;
        }
        Ok(Self::Integer(index))
    }

    /// About how many bytes it takes.
    pub(super) fn bytes(&self) -> u64 {
        let bytes = match self {
            Self::Dense { places, .. } => size_of_val(places.as_slice()),
            Self::Integer(index) => index.capacity() * size_of::<(i64, u32)>(),
            Self::Text(index) => index.bytes(),
        };
        bytes as u64
    }

    /// Whether the keys are integers. If so, [`Self::place`] finds the integers that [`integer_of`] returns.
    pub(super) fn is_of_integers(&self) -> bool {
        !matches!(self, Self::Text(_))
    }

    /// The place of the row with an integer key; [`ABSENT`] or [`EXCLUDED`] otherwise.
    #[inline]
    pub(super) fn place(&self, key: i64) -> u32 {
        let found = match self {
            Self::Dense { first, places } => return dense_place(*first, places, key),
            Self::Integer(index) => index.get(&key),
            Self::Text(_) => None,
        };
        found.copied().unwrap_or(ABSENT)
    }

    /// A faster [`Self::place`] for many keys in a row, if the integers lie close together.
    pub(super) fn dense(&self) -> Option<impl Fn(i64) -> u32> {
        match self {
            Self::Dense { first, places } => Some(|key| dense_place(*first, places, key)),
            _ => None,
        }
    }

    /// The place of the row with a stored value as its key, converted to the keys' type; [`ABSENT`] or [`EXCLUDED`]
    /// otherwise.
    #[inline]
    pub(super) fn find(&self, value: Cell<'_>) -> u32 {
        let Self::Text(index) = self else {
            return integer_of(value).map_or(ABSENT, |key| self.place(key));
        };
        found_by(value, |key| index.find(key))
    }

    /// Whether a value that [`Self::find`] does not find would match a row's key in another form.
    pub(super) fn is_near(&self, value: Cell<'_>) -> bool {
        match self {
            Self::Text(index) => match value {
                Cell::Text(text) => std::str::from_utf8(text).is_ok_and(|key| index.is_near(key)),
                other => key_of(other).is_some_and(|key| index.is_near(&key.to_string())),
            },
            Self::Dense { .. } | Self::Integer(_) => false,
        }
    }
}

/// Looks up the text of a value; [`ABSENT`] if it has no text.
#[inline]
fn found_by(value: Cell<'_>, find: impl Fn(&str) -> u32) -> u32 {
    match value {
        Cell::Text(text) => std::str::from_utf8(text).map_or(ABSENT, find),
        other => key_of(other).map_or(ABSENT, |key| find(&key.to_string())),
    }
}

#[inline]
fn dense_place(first: i64, places: &[u32], key: i64) -> u32 {
    let offset = key.checked_sub(first);
    let place = offset.and_then(|offset| places.get(usize::try_from(offset).ok()?));
    place.copied().unwrap_or(ABSENT)
}

/// Puts a place into its slot. A row that counts replaces rows that do not.
fn settle(slot: &mut u32, place: u32, key: &impl ToString) -> Result<(), String> {
    match (*slot, place) {
        (ABSENT | EXCLUDED, place) => *slot = place,
        (_, EXCLUDED) => {}
        _ => return Err(key.to_string()),
    }
    Ok(())
}

/// A fast hash for keys from the owner's own data: multiply and fold (no defence against chosen keys).
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct FastHasher(u64);

impl FastHasher {
    fn mix(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word) * 0x9E37_79B9_7F4A_7C15;
        self.0 = (product >> 64) as u64 ^ product as u64;
    }
}

impl Hasher for FastHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let word = chunk
                .iter()
                .fold(0, |word, byte| word << 8 | u64::from(*byte));
            self.mix(word ^ 0xA5);
        }
    }

    fn write_u32(&mut self, value: u32) {
        self.mix(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.mix(value);
    }

    fn write_i64(&mut self, value: i64) {
        self.mix(value.cast_unsigned());
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
