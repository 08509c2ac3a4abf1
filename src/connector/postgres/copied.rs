//! The rows of a `COPY … TO STDOUT (FORMAT binary)`.
//!
//! A head, then for each row the number of its cells and each cell's length and bytes; see "Binary Format" under `COPY` in
//! PostgreSQL's manual.

use std::ops::Range;

use super::cells::integer;
use super::failure::Failure;
use super::session::{Copied, Session};

/// Eleven bytes of signature, four of flags; behind them the length of what else there may be.
const HEAD: usize = 15;

/// The bytes that hold a row, and where in them each of its cells is; NULL as none.
type InHand<'r> = (&'r [u8], &'r [Option<Range<usize>>]);

/// The rows of one answer, in hand one by one.
pub(super) struct CopiedRows<'s> {
    session: &'s Session,
    copied: Copied,
    bytes: Vec<u8>,
    /// Where the row in hand ends.
    at: usize,
    /// The cells of the row in hand; NULL as none.
    cells: Vec<Option<Range<usize>>>,
    has_begun: bool,
}

impl<'s> CopiedRows<'s> {
    pub(super) fn begin(session: &'s Session, select: &str) -> Result<Self, Failure> {
        let sql = format!("COPY ({select}) TO STDOUT (FORMAT binary)");
        Ok(Self {
            session,
            copied: session.copy(sql)?,
            bytes: Vec::new(),
            at: 0,
            cells: Vec::new(),
            has_begun: false,
        })
    }

    /// The next row; none behind the last.
    pub(super) fn next(&mut self) -> Result<Option<InHand<'_>>, Failure> {
        while !self.parse() {
            let Some(more) = self.session.next(&self.copied)? else {
                // The rows end with a word of their own.
                return match self.at == self.bytes.len() {
                    true => Ok(None),
                    false => Err(Failure::Lost("it sent half a row".to_owned())),
                };
            };
            match self.at == self.bytes.len() {
                true => self.bytes = more,
                false => {
                    self.bytes.drain(..self.at);
                    self.bytes.extend_from_slice(&more);
                }
            }
            self.at = 0;
        }
        Ok(Some((&self.bytes, &self.cells)))
    }

    /// Takes the next row in hand; false where it is not all there.
    fn parse(&mut self) -> bool {
        self.parsed().is_some()
    }

    fn parsed(&mut self) -> Option<()> {
        if !self.has_begun {
            let further = self.size(HEAD)?;
            self.at = HEAD + 4 + usize::try_from(further).ok()?;
            self.has_begun = true;
        }
        let mut at = self.at;
        let count = integer(self.bytes.get(at..at + 2)?)?;
        at += 2;
        if count < 0 {
            // The end of all rows.
            self.at = at;
            return None;
        }
        self.cells.clear();
        for _ in 0..count {
            let size = self.size(at)?;
            at += 4;
            let cell = usize::try_from(size).ok().map(|size| at..at + size);
            at = cell.as_ref().map_or(at, |cell| cell.end);
            self.bytes.get(..at)?;
            self.cells.push(cell);
        }
        self.at = at;
        Some(())
    }

    fn size(&self, at: usize) -> Option<i64> {
        integer(self.bytes.get(at..at + 4)?)
    }
}
