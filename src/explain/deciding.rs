//! Which parts of a condition decide it.

use super::{Joined, Part};

impl Part {
    /// The parts that decide the answer, those first that tell most about it.
    pub fn deciding_first(&self) -> Vec<&Self> {
        let mut deciding = self.deciding();
        if self.joined == Joined::All && self.holds == Some(true) {
            // What narrows most stands last, behind what it supposes, and has a margin.
            deciding.reverse();
            deciding.sort_by_key(|part| part.margin.is_none());
        }
        deciding
    }

    /// The parts without parts of their own, or their negations, that decide the answer: of an `and` that fails those that fail, of an `or` that
    /// holds those that hold. Each of them by itself decides, or all of them together do.
    pub fn deciding(&self) -> Vec<&Self> {
        let is_leaf = |part: &Self| part.parts.is_empty();
        if self.joined == Joined::Not && self.parts.iter().all(is_leaf) {
            return vec![self];
        }
        let decided_by = |answer: Option<bool>| -> Vec<&Self> {
            let parts = self.parts.iter().filter(|part| part.holds == answer);
            parts.flat_map(Part::deciding).collect()
        };
        let alone = match (self.joined, self.holds) {
            (Joined::All, Some(false)) | (Joined::Any, Some(true)) | (_, None) => {
                decided_by(self.holds)
            }
            _ => self.parts.iter().flat_map(Part::deciding).collect(),
        };
        match alone.is_empty() {
            true => vec![self],
            false => alone,
        }
    }
}
