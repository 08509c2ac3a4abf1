//! The parts of a condition that decide it.

use super::{Joined, Part};

impl Part {
    /// The parts that decide the answer, the most informative first.
    pub fn deciding_first(&self) -> Vec<&Self> {
        let mut deciding = self.deciding();
        if self.joined == Joined::All && self.holds == Some(true) {
            // The most restrictive part usually comes last, after its prerequisites, and has a margin.
            deciding.reverse();
            deciding.sort_by_key(|part| part.margin.is_none());
        }
        deciding
    }

    /// The leaf parts, or their negations, that decide the answer: for a failing `and` those that fail, for an `or`
    /// that holds those that hold. Each of them decides alone, or all of them do together.
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
