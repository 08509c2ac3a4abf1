//! Stores whole numbers in as few bytes as they need.

use crate::engine::column::MISSING_I64;

/// Small numbers, all of the same width.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Codes {
    /// All of them are 0.
    Zero,
    Bytes(Box<[u8]>),
    Shorts(Box<[u16]>),
    Words(Box<[u32]>),
    Longs(Box<[u64]>),
}

/// Numbers as steps from the smallest of them.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::engine::gather) struct Integers {
    base: i64,
    step: i64,
    /// Whether code 0 stands for a missing number, so that the smallest number has code 1.
    has_missing: bool,
    codes: Codes,
}

impl Codes {
    /// Packs numbers up to `largest`.
    #[allow(clippy::cast_possible_truncation)]
    pub(super) fn pack(codes: impl Iterator<Item = u64>, largest: u64) -> Self {
        match largest {
            0 => Self::Zero,
            1..=0xFF => Self::Bytes(codes.map(|code| code as u8).collect()),
            0x100..=0xFFFF => Self::Shorts(codes.map(|code| code as u16).collect()),
            0x1_0000..=0xFFFF_FFFF => Self::Words(codes.map(|code| code as u32).collect()),
            _ => Self::Longs(codes.collect()),
        }
    }

    /// The number at a place; 0 beyond the end.
    #[inline]
    pub(super) fn get(&self, place: usize) -> u64 {
        match self {
            Self::Zero => 0,
            Self::Bytes(codes) => codes.get(place).map_or(0, |code| u64::from(*code)),
            Self::Shorts(codes) => codes.get(place).map_or(0, |code| u64::from(*code)),
            Self::Words(codes) => codes.get(place).map_or(0, |code| u64::from(*code)),
            Self::Longs(codes) => codes.get(place).copied().unwrap_or(0),
        }
    }

    /// Appends the value of each of this many codes. One loop per width, so that each can be vectorized.
    #[inline]
    pub(super) fn extend<V>(&self, into: &mut impl Extend<V>, rows: usize, of: impl Fn(u64) -> V) {
        match self {
            Self::Zero => into.extend((0..rows).map(|_| of(0))),
            Self::Bytes(codes) => into.extend(codes.iter().map(|code| of(u64::from(*code)))),
            Self::Shorts(codes) => into.extend(codes.iter().map(|code| of(u64::from(*code)))),
            Self::Words(codes) => into.extend(codes.iter().map(|code| of(u64::from(*code)))),
            Self::Longs(codes) => into.extend(codes.iter().map(|code| of(*code))),
        }
    }

    /// Calls `each` with each of this many codes in turn.
    #[inline]
    pub(super) fn each(&self, rows: usize, mut each: impl FnMut(u64)) {
        match self {
            Self::Zero => (0..rows).for_each(|_| each(0)),
            Self::Bytes(codes) => codes.iter().for_each(|code| each(u64::from(*code))),
            Self::Shorts(codes) => codes.iter().for_each(|code| each(u64::from(*code))),
            Self::Words(codes) => codes.iter().for_each(|code| each(u64::from(*code))),
            Self::Longs(codes) => codes.iter().for_each(|code| each(*code)),
        }
    }

    /// The number of bytes, without the value itself.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Zero => 0,
            Self::Bytes(codes) => codes.len(),
            Self::Shorts(codes) => size_of_val(codes.as_ref()),
            Self::Words(codes) => size_of_val(codes.as_ref()),
            Self::Longs(codes) => size_of_val(codes.as_ref()),
        }
    }
}

impl Integers {
    /// Packs any numbers; [`MISSING_I64`] is missing.
    pub(super) fn pack(numbers: impl Iterator<Item = i64> + Clone) -> Self {
        let present = numbers.clone().filter(|number| *number != MISSING_I64);
        let base = present.clone().min().unwrap_or(0);
        let above = |number: i64| number.wrapping_sub(base).cast_unsigned();
        let (mut count, mut span, mut step) = (0, 0, 0);
        for number in present {
            count += 1;
            span = above(number).max(span);
            step = common(step, above(number));
        }
        let has_missing = count < numbers.clone().count();
        let shift = u64::from(has_missing);
        let step = step.max(1);
        let largest = match count {
            // All numbers are missing.
            0 => 0,
            _ => span / step + shift,
        };
        let code = |number| match number {
            MISSING_I64 => 0,
            number => above(number) / step + shift,
        };
        Self {
            base,
            step: step.cast_signed(),
            has_missing,
            codes: Codes::pack(numbers.map(code), largest),
        }
    }

    /// Whether no number is missing.
    pub(super) fn are_complete(&self) -> bool {
        !self.has_missing
    }

    /// The number at a place.
    #[inline]
    pub(super) fn get(&self, place: usize) -> i64 {
        self.number(self.codes.get(place))
    }

    /// Appends the value of each of this many numbers.
    #[inline]
    pub(in crate::engine::gather) fn extend<V>(
        &self,
        into: &mut impl Extend<V>,
        rows: usize,
        of: impl Fn(i64) -> V,
    ) {
        let Self { base, step, .. } = *self;
        match self.has_missing {
            true => (self.codes).extend(into, rows, |code| of(self.number(code))),
            false => (self.codes).extend(into, rows, |code| of(stepped(base, step, code))),
        }
    }

    /// Calls `each` with each of this many numbers in turn.
    #[inline]
    pub(super) fn each(&self, rows: usize, mut each: impl FnMut(i64)) {
        self.codes.each(rows, |code| each(self.number(code)));
    }

    /// The number of bytes, without the value itself.
    pub(super) fn bytes(&self) -> usize {
        self.codes.bytes()
    }

    #[inline]
    fn number(&self, code: u64) -> i64 {
        match self.has_missing {
            true if code == 0 => MISSING_I64,
            shifted => stepped(self.base, self.step, code - u64::from(shifted)),
        }
    }
}

#[inline]
fn stepped(base: i64, step: i64, code: u64) -> i64 {
    base.wrapping_add(step.wrapping_mul(code.cast_signed()))
}

/// The greatest common divisor.
fn common(mut a: u64, mut b: u64) -> u64 {
    if a == 1 {
        return 1;
    }
    while a != 0 {
        (a, b) = (b % a, a);
    }
    b
}
