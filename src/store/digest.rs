//! Digests of what was published: equal ones need no second look.

use blake3::Hasher;

use super::health::HealthRow;
use super::previous::Listed;
use crate::engine::{Keys, Subjects};

/// The digest of some subjects' keys.
pub(super) fn members(subjects: &Subjects, places: &[u32]) -> String {
    let mut digest = Digest::default();
    for place in places {
        digest.key(&subjects.keys, *place as usize);
    }
    digest.finish()
}

/// The digest of the whole list: keys, labels, scores and ranks.
pub(super) fn list(subjects: &Subjects, list: &[Listed]) -> String {
    let mut digest = Digest::default();
    for (place, listed) in list.iter().enumerate() {
        digest.key(&subjects.keys, place);
        digest.text(subjects.labels.get(place).unwrap_or_default());
        digest.bytes(&listed.score.to_bits().to_le_bytes());
        digest.bytes(&listed.rank.to_le_bytes());
    }
    digest.finish()
}

/// The digest of everybody's health: keys, scores and reasons.
pub(super) fn health(subjects: &Subjects, rows: &[HealthRow]) -> String {
    let mut digest = Digest::default();
    for (place, row) in rows.iter().enumerate() {
        digest.key(&subjects.keys, place);
        // No score is negative.
        digest.bytes(&row.health.unwrap_or(-1.0).to_bits().to_le_bytes());
        digest.text(row.reasons.as_deref().unwrap_or_default());
    }
    digest.finish()
}

/// Small pieces, hashed a block at a time.
#[derive(Default)]
struct Digest {
    hasher: Hasher,
    block: Vec<u8>,
}

impl Digest {
    const BLOCK: usize = 1 << 16;

    fn key(&mut self, keys: &Keys, place: usize) {
        match keys {
            Keys::Integer(keys) => {
                if let Some(key) = keys.get(place) {
                    self.bytes(&key.to_le_bytes());
                }
            }
            Keys::Text(keys) => {
                if let Some(key) = keys.get(place) {
                    self.text(key);
                }
            }
        }
    }

    /// A text with its length before it, so that no two sequences of texts look alike.
    fn text(&mut self, text: &str) {
        self.bytes(&text.len().to_le_bytes());
        self.bytes(text.as_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.block.extend_from_slice(bytes);
        if self.block.len() >= Self::BLOCK {
            self.hasher.update(&self.block);
            self.block.clear();
        }
    }

    fn finish(mut self) -> String {
        self.hasher.update(&self.block);
        self.hasher.finalize().to_hex().to_string()
    }
}
