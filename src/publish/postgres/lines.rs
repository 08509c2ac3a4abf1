//! Rows in the text form of `COPY`.

/// About how many bytes are sent at once.
const MOST: usize = 4 * 1024 * 1024;

/// Lines waiting to be sent.
#[derive(Debug, Default)]
pub(super) struct Lines(Vec<u8>);

impl Lines {
    /// Adds a row, and returns what is to be sent now.
    pub(super) fn add(&mut self, row: &[Option<String>]) -> Option<Vec<u8>> {
        for (place, cell) in row.iter().enumerate() {
            if place > 0 {
                self.0.push(b'\t');
            }
            match cell {
                Some(text) => text.bytes().for_each(|byte| self.escape(byte)),
                None => self.0.extend_from_slice(b"\\N"),
            }
        }
        self.0.push(b'\n');
        (self.0.len() >= MOST).then(|| std::mem::take(&mut self.0))
    }

    /// The remaining lines.
    pub(super) fn rest(self) -> Vec<u8> {
        self.0
    }

    fn escape(&mut self, byte: u8) {
        match byte {
            b'\\' => self.0.extend_from_slice(b"\\\\"),
            b'\t' => self.0.extend_from_slice(b"\\t"),
            b'\n' => self.0.extend_from_slice(b"\\n"),
            b'\r' => self.0.extend_from_slice(b"\\r"),
            // PostgreSQL texts cannot contain NUL.
            0 => self.0.extend_from_slice("\u{fffd}".as_bytes()),
            byte => self.0.push(byte),
        }
    }
}
