//! Stored values of one column, unconverted.

use std::collections::HashMap;

use super::codes::{Codes, Integers};
use crate::engine::Cell;
use crate::engine::column::MISSING_I64;

/// Cells in compact form.
#[derive(Debug)]
pub(super) enum Cells {
    /// Whole numbers and NULLs.
    Integers(Integers),
    /// The distinct cells, and which of them each row has.
    Different { entries: Entries, codes: Codes },
}

/// The distinct cells.
#[derive(Debug)]
pub(super) struct Entries {
    kinds: Box<[Kind]>,
    /// Where each one ends in `bytes`.
    ends: Codes,
    bytes: Box<[u8]>,
}

/// The type of the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Null,
    Integer,
    Real,
    Text,
    Blob,
}

/// Cells that are being collected for packing, with room for a batch.
#[derive(Debug, Clone, Default)]
pub(super) struct Raw {
    /// Used as long as all cells are whole numbers or NULLs.
    integers: Vec<i64>,
    is_mixed: bool,
    kinds: Vec<Kind>,
    ends: Vec<usize>,
    bytes: Vec<u8>,
}

impl Raw {
    /// Appends a cell.
    #[inline]
    pub(super) fn push(&mut self, cell: Cell<'_>) {
        match cell {
            Cell::Integer(number) if !self.is_mixed && number != MISSING_I64 => {
                self.integers.push(number);
            }
            Cell::Null if !self.is_mixed => self.integers.push(MISSING_I64),
            other => {
                self.is_mixed = true;
                for number in std::mem::take(&mut self.integers) {
                    self.append(cell_of(number));
                }
                self.append(other);
            }
        }
    }

    fn append(&mut self, cell: Cell<'_>) {
        let kind = match cell {
            Cell::Null => Kind::Null,
            Cell::Integer(number) => {
                self.bytes.extend(number.to_le_bytes());
                Kind::Integer
            }
            Cell::Real(number) => {
                self.bytes.extend(number.to_le_bytes());
                Kind::Real
            }
            Cell::Text(text) => {
                self.bytes.extend(text);
                Kind::Text
            }
            Cell::Blob(bytes) => {
                self.bytes.extend(bytes);
                Kind::Blob
            }
        };
        self.kinds.push(kind);
        self.ends.push(self.bytes.len());
    }

    /// Packs the cells and clears them.
    pub(super) fn pack(&mut self) -> Cells {
        if !self.is_mixed {
            let packed = Integers::pack(self.integers.iter().copied());
            self.integers.clear();
            return Cells::Integers(packed);
        }
        let raw = std::mem::take(self);
        let mut known = HashMap::new();
        let (mut kinds, mut ends, mut bytes) = (Vec::new(), Vec::new(), Vec::new());
        let mut codes = Vec::new();
        let mut begin = 0;
        for (kind, end) in raw.kinds.iter().zip(&raw.ends) {
            let own = raw.bytes.get(begin..*end).unwrap_or_default();
            begin = *end;
            let code = known.entry((*kind, own)).or_insert_with(|| {
                kinds.push(*kind);
                bytes.extend_from_slice(own);
                ends.push(bytes.len() as u64);
                kinds.len() as u64 - 1
            });
            codes.push(*code);
        }
        let largest = (kinds.len() as u64).saturating_sub(1);
        Cells::Different {
            codes: Codes::pack(codes.into_iter(), largest),
            entries: Entries {
                kinds: kinds.into(),
                ends: Codes::pack(ends.into_iter(), bytes.len() as u64),
                bytes: bytes.into(),
            },
        }
    }
}

impl Cells {
    /// The cell of a row.
    #[inline]
    pub(super) fn get(&self, row: usize) -> Cell<'_> {
        match self {
            Self::Integers(numbers) => cell_of(numbers.get(row)),
            Self::Different { entries, codes } => entries.get(place(codes.get(row))),
        }
    }

    /// Calls `each` with each of this many cells in turn.
    #[inline]
    pub(super) fn each<'c>(&'c self, rows: usize, mut each: impl FnMut(Cell<'c>)) {
        match self {
            Self::Integers(numbers) => numbers.each(rows, |number| each(cell_of(number))),
            Self::Different { entries, codes } => {
                codes.each(rows, |code| each(entries.get(place(code))));
            }
        }
    }

    /// Like [`Self::each`], with a value made from each cell. Unless all cells are whole numbers or NULLs, that value
    /// is made once for all rows with the same cell.
    pub(super) fn each_made<'c, M: Copy>(
        &'c self,
        rows: usize,
        make: impl Fn(Cell<'c>) -> M,
        mut each: impl FnMut(M),
    ) {
        match self {
            Self::Integers(_) => self.each(rows, |cell| each(make(cell))),
            Self::Different { entries, codes } => {
                let places = 0..entries.kinds.len();
                let made: Vec<M> = places.map(|place| make(entries.get(place))).collect();
                codes.each(rows, |code| {
                    if let Some(made) = made.get(place(code)) {
                        each(*made);
                    }
                });
            }
        }
    }

    /// The number of bytes, without the value itself.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Integers(numbers) => numbers.bytes(),
            Self::Different { entries, codes } => {
                let Entries { kinds, ends, bytes } = entries;
                kinds.len() + ends.bytes() + bytes.len() + codes.bytes()
            }
        }
    }
}

impl Entries {
    fn get(&self, place: usize) -> Cell<'_> {
        let end = |place| self::place(self.ends.get(place));
        let begin = place.checked_sub(1).map_or(0, end);
        let bytes = self.bytes.get(begin..end(place)).unwrap_or_default();
        let eight = || bytes.try_into().unwrap_or_default();
        match self.kinds.get(place) {
            None | Some(Kind::Null) => Cell::Null,
            Some(Kind::Integer) => Cell::Integer(i64::from_le_bytes(eight())),
            Some(Kind::Real) => Cell::Real(f64::from_le_bytes(eight())),
            Some(Kind::Text) => Cell::Text(bytes),
            Some(Kind::Blob) => Cell::Blob(bytes),
        }
    }
}

#[inline]
fn cell_of<'c>(number: i64) -> Cell<'c> {
    match number {
        MISSING_I64 => Cell::Null,
        number => Cell::Integer(number),
    }
}

/// The place that a code was packed from.
#[inline]
fn place(code: u64) -> usize {
    usize::try_from(code).unwrap_or(usize::MAX)
}
