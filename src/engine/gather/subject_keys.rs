//! The keys of the subjects' rows. All have one type, and a few odd keys do not decide which.

use super::keys::{StoredKey, stored_key};
use crate::catalog::KeyTypes;
use crate::engine::Cell;
use crate::engine::{Keys, whole_number};
use crate::value::KeyType;

/// The key of each row, as it is stored.
#[derive(Default)]
pub(super) struct StoredKeys(Vec<StoredKey>);

/// The keys of the rows whose key is of the type.
pub(super) struct ReadKeys {
    pub(super) keys: Keys,
    /// The rows that these keys belong to.
    pub(super) rows: Vec<u32>,
    /// Rows without a key.
    pub(super) without: Vec<u32>,
    /// Rows whose key is not of the type.
    pub(super) odd: Vec<u32>,
}

/// How many rows have keys of each kind.
#[derive(Default)]
struct Counts {
    whole: usize,
    /// Texts that stand for a whole number.
    digits: usize,
    other: usize,
}

impl StoredKeys {
    /// Adds the next row's key.
    #[inline]
    pub(super) fn push(&mut self, value: Cell<'_>) {
        self.0.push(stored_key(value));
    }

    /// The type of the keys. Config decides, then a column that holds only texts. Any other column may hold both types:
    /// its keys keep the type that they had in the last published run, as long as most keys can be read as it. Without
    /// such a run, a majority decides for a column declared for whole numbers, and four fifths for a column without a
    /// declared type.
    pub(super) fn key_type(
        &self,
        counts: &[bool],
        known: KeyTypes,
        declared: Option<KeyType>,
    ) -> KeyType {
        if let Some(said) = known.said {
            return said;
        }
        if declared == Some(KeyType::Text) {
            return KeyType::Text;
        }
        let Counts {
            whole,
            digits,
            other,
        } = self.counts(counts);
        let texts = digits + other;
        let number = match (known.before, declared) {
            // No key is lost by this.
            (Some(KeyType::Text), Some(_)) => texts == 0,
            (Some(KeyType::Text), None) => false,
            (Some(KeyType::Number), _) if whole + digits >= other => true,
            (_, Some(_)) => texts == 0 || whole > texts,
            (_, None) => whole >= 4 * texts,
        };
        match number {
            true => KeyType::Number,
            false => KeyType::Text,
        }
    }

    fn counts(&self, counts: &[bool]) -> Counts {
        let mut found = Counts::default();
        for (key, _) in self.0.iter().zip(counts).filter(|(_, counts)| **counts) {
            match key {
                StoredKey::Whole(_) => found.whole += 1,
                StoredKey::Text(text) if whole_number(text).is_some() => found.digits += 1,
                StoredKey::Text(_) | StoredKey::NoText => found.other += 1,
                StoredKey::Nothing => {}
            }
        }
        found
    }

    /// Reads the stored keys as keys of a type.
    pub(super) fn read_as(self, key_type: KeyType) -> ReadKeys {
        let (mut numbers, mut texts) = (Vec::new(), Vec::new());
        let (mut rows, mut without, mut odd) = (Vec::new(), Vec::new(), Vec::new());
        for (row, key) in (0u32..).zip(self.0) {
            match (key_type, key) {
                (_, StoredKey::Nothing) => {
                    without.push(row);
                    continue;
                }
                (KeyType::Number, StoredKey::Whole(key)) => numbers.push(key),
                (KeyType::Number, StoredKey::Text(text)) => match whole_number(&text) {
                    Some(key) => numbers.push(key),
                    None => {
                        odd.push(row);
                        continue;
                    }
                },
                (KeyType::Text, StoredKey::Whole(key)) => texts.push(key.to_string().into()),
                (KeyType::Text, StoredKey::Text(text)) => texts.push(text),
                (_, StoredKey::NoText) => {
                    odd.push(row);
                    continue;
                }
            }
            rows.push(row);
        }
        ReadKeys {
            keys: match key_type {
                KeyType::Number => Keys::Integer(numbers),
                KeyType::Text => Keys::Text(texts),
            },
            rows,
            without,
            odd,
        }
    }
}

/// What a column is declared for, by SQLite's reading of its type name: whole numbers, texts, or anything.
pub(super) fn declared(words: Option<String>) -> Option<KeyType> {
    let words = words.unwrap_or_default().to_ascii_uppercase();
    let has = |word: &&str| words.contains(*word);
    match words {
        _ if has(&"INT") => Some(KeyType::Number),
        _ if ["CHAR", "CLOB", "TEXT"].iter().any(has) => Some(KeyType::Text),
        _ => None,
    }
}
