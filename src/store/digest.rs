//! Digests of published data: if they are equal, the data need not be compared.

use blake3::Hasher;

use crate::engine::{Keys, Subjects};

/// The digest of some subjects' keys.
pub(super) fn members(subjects: &Subjects, places: &[u32]) -> String {
    let mut digest = Digest::default();
    for place in places {
        digest.key(&subjects.keys, *place as usize);
    }
    digest.finish()
}

/// Small inputs, hashed a block at a time.
#[derive(Default)]
pub(super) struct Digest {
    hasher: Hasher,
    block: Vec<u8>,
}

impl Digest {
    const BLOCK: usize = 1 << 16;

    pub(super) fn key(&mut self, keys: &Keys, place: usize) {
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

    /// A text preceded by its length, so that different sequences of texts never give the same input.
    pub(super) fn text(&mut self, text: &str) {
        self.bytes(&text.len().to_le_bytes());
        self.bytes(text.as_bytes());
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.block.extend_from_slice(bytes);
        if self.block.len() >= Self::BLOCK {
            self.hasher.update(&self.block);
            self.block.clear();
        }
    }

    pub(super) fn finish(mut self) -> String {
        self.hasher.update(&self.block);
        self.hasher.finalize().to_hex().to_string()
    }
}
