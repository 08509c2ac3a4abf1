//! Decodes the rows of a `COPY … TO STDOUT (FORMAT binary)`.
//!
//! The format is a header, then for each row the number of its cells and each cell's length and bytes; see "Binary
//! Format" under `COPY` in PostgreSQL's manual. Each cell is decoded in place, in one pass.

use super::cells::{Stored, Texts};
use super::failure::Failure;
use super::kind::Sent;
use super::session::{Copied, Session};

/// Eleven bytes of signature and four of flags.
const HEAD: usize = 15;

/// The current row.
type InHand<'r> = (&'r [Stored], Texts<'r>);

/// The rows of one statement, one at a time.
pub(super) struct CopiedRows<'s> {
    session: &'s Session,
    copied: Copied,
    /// The formats of each row's cells.
    sent: &'s [Sent],
    bytes: Vec<u8>,
    /// The end of the current row.
    at: usize,
    cells: Vec<Stored>,
    /// Texts of the current row that were not sent as texts.
    written: Vec<u8>,
    has_begun: bool,
    /// Whether a cell does not have the expected format.
    is_odd: bool,
}

impl<'s> CopiedRows<'s> {
    pub(super) fn begin(
        session: &'s Session,
        select: &str,
        sent: &'s [Sent],
    ) -> Result<Self, Failure> {
        let sql = format!("COPY ({select}) TO STDOUT (FORMAT binary)");
        Ok(Self {
            session,
            copied: session.copy(sql)?,
            sent,
            bytes: Vec::new(),
            at: 0,
            cells: Vec::new(),
            written: Vec::new(),
            has_begun: false,
            is_odd: false,
        })
    }

    /// The next row; none after the last.
    pub(super) fn next(&mut self) -> Result<Option<InHand<'_>>, Failure> {
        while self.parse().is_none() {
            if self.is_odd {
                return Err(Failure::Ended {
                    code: "22P03".to_owned(),
                    reason: "it sent a value that does not match its column's type, as happens when somebody alters the table \
                             meanwhile: try again"
                        .to_owned(),
                });
            }
            let Some(more) = self.session.next(&self.copied)? else {
                // A trailer ends the rows.
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
        let texts = Texts {
            sent: &self.bytes,
            written: &self.written,
        };
        Ok(Some((&self.cells, texts)))
    }

    /// Makes the next row the current one; none where it is incomplete or malformed.
    fn parse(&mut self) -> Option<()> {
        let Self {
            bytes,
            at,
            cells,
            written,
            is_odd,
            ..
        } = self;
        let mut rest = bytes.get(*at..)?;
        if !self.has_begun {
            let (further, behind) = rest.get(HEAD..)?.split_first_chunk()?;
            let further = usize::try_from(u32::from_be_bytes(*further)).ok()?;
            rest = behind.get(further..)?;
            *at = bytes.len() - rest.len();
            self.has_begun = true;
        }
        let (count, mut rest) = rest.split_first_chunk()?;
        let count = i16::from_be_bytes(*count);
        if count < 0 {
            // The end of all rows.
            *at = bytes.len() - rest.len();
            return None;
        }
        cells.clear();
        written.clear();
        let mut sent = self.sent.iter();
        for _ in 0..count {
            let (size, behind) = rest.split_first_chunk()?;
            let from = bytes.len() - behind.len();
            rest = behind;
            // The size of NULL is negative.
            let Ok(size) = usize::try_from(i32::from_be_bytes(*size)) else {
                sent.next();
                cells.push(Stored::Null);
                continue;
            };
            let (cell, behind) = rest.split_at_checked(size)?;
            rest = behind;
            let read = match sent.next() {
                Some(sent_as) => Stored::read(*sent_as, cell, from, written),
                None => Some(Stored::Null),
            };
            *is_odd = read.is_none();
            cells.push(read?);
        }
        *at = bytes.len() - rest.len();
        Some(())
    }
}
