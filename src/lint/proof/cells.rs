//! The parts into which constants divide the possible values of a term.

use crate::index::newtype_id;
use crate::value::Truth;

newtype_id! {
    /// A term: something that conditions are about, such as a node of the program.
    pub struct TermId;
}

/// The most parts that are distinguished.
const MOST: usize = 128;

/// A set of parts of a term. Part 0 means that the term is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cells(u128);

impl Cells {
    pub const NONE: Self = Self(0);
    pub const MISSING: Self = Self(1);
    /// For a yes or no: no.
    pub const NO: Self = Self(2);
    /// For a yes or no: yes.
    pub const YES: Self = Self(4);
    /// For two values that are compared: the first is less.
    pub const LESS: Self = Self(2);
    /// For two values that are compared: they are equal.
    pub const EQUAL: Self = Self(4);
    /// For two values that are compared: the first is greater.
    pub const GREATER: Self = Self(8);

    /// One part; empty beyond the last part that is distinguished.
    pub fn part(index: usize) -> Self {
        match index < MOST {
            true => Self(1 << index),
            false => Self::NONE,
        }
    }

    /// The parts from one to another, both included.
    pub fn parts(from: usize, to: usize) -> Self {
        let before = |end: usize| match end < MOST {
            true => (1 << end) - 1,
            false => u128::MAX,
        };
        Self(before(to + 1) & !before(from))
    }

    /// The first and the last of the parts, leaving out the missing one.
    pub fn ends(self) -> Option<[usize; 2]> {
        let present = self.without(Self::MISSING).0;
        let last = present.checked_ilog2()?;
        let ends = [present.trailing_zeros(), last].map(usize::try_from);
        let [Ok(first), Ok(last)] = ends else {
            return None;
        };
        Some([first, last])
    }

    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether all of these parts are in the other set.
    pub fn within(self, other: Self) -> bool {
        self.without(other).is_empty()
    }
}

impl From<Truth> for Answers {
    fn from(truth: Truth) -> Self {
        match truth {
            Truth::Yes => Self::YES,
            Truth::No => Self::NO,
            Truth::Unknown => Self::UNKNOWN,
        }
    }
}

/// A set of answers of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Answers(u8);

impl Answers {
    pub const NO: Self = Self(1);
    pub const UNKNOWN: Self = Self(2);
    pub const YES: Self = Self(4);
    /// The answers for which a segment does not take the subject.
    pub const NOT_YES: Self = Self(3);
    pub const KNOWN: Self = Self(5);
    pub const ANY: Self = Self(7);

    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The answers of the negation.
    pub fn turned(self) -> Self {
        let swap = |from: Self, to: Self| if self.has(from) { to.0 } else { 0 };
        Self(swap(Self::YES, Self::NO) | swap(Self::NO, Self::YES) | (self.0 & Self::UNKNOWN.0))
    }

    /// The parts of a yes or no that give one of these answers.
    pub fn cells(self, yes: Cells, no: Cells) -> Cells {
        let part = |answer, cells| if self.has(answer) { cells } else { Cells::NONE };
        let known = part(Self::YES, yes).or(part(Self::NO, no));
        known.or(part(Self::UNKNOWN, Cells::MISSING))
    }
}
