//! The keys of the subjects' rows: of one type, which the oddest of them does not decide.

use super::keys::{StoredKey, stored_key};
use crate::catalog::KeyTypes;
use crate::engine::Cell;
use crate::engine::{Keys, whole_number};
use crate::value::KeyType;

/// The key of each row as it is stored.
#[derive(Default)]
pub(super) struct StoredKeys(Vec<StoredKey>);

/// The keys of those rows that have one of the type.
pub(super) struct ReadKeys {
    pub(super) keys: Keys,
    /// Their rows.
    pub(super) rows: Vec<u32>,
    /// Rows without a key.
    pub(super) without: Vec<u32>,
    /// Rows with a key that is not of the type.
    pub(super) odd: Vec<u32>,
}

/// How many rows have which keys.
#[derive(Default)]
struct Counts {
    whole: usize,
    /// Texts that write a whole number.
    digits: usize,
    other: usize,
}

impl StoredKeys {
    /// The next row's.
    #[inline]
    pub(super) fn push(&mut self, value: Cell<'_>) {
        self.0.push(stored_key(value));
    }

    /// Of which type they are. Config decides, then a column that holds texts alone. Any other column
    /// may hold both: its keys stay what they were in the last published run, as long as most can. Where
    /// there was none, most decide of a column that is declared for whole numbers, and of one that is
    /// declared for nothing four fifths.
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
            // Nobody loses a key by it.
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

    /// Reads them as keys of a type.
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

/// What a column is declared for, by the words of its type as SQLite takes them: whole numbers, texts, or
/// anything.
pub(super) fn declared(words: Option<String>) -> Option<KeyType> {
    let words = words.unwrap_or_default().to_ascii_uppercase();
    let has = |word: &&str| words.contains(*word);
    match words {
        _ if has(&"INT") => Some(KeyType::Number),
        _ if ["CHAR", "CLOB", "TEXT"].iter().any(has) => Some(KeyType::Text),
        _ => None,
    }
}
