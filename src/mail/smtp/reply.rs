//! Server replies: a code, and words that may be missing or in any encoding.

/// An answer of one line or of several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    /// Its code: 200 to 599.
    pub code: u16,
    /// The words of each line.
    pub lines: Vec<String>,
}

/// The server is about to close the connection, whatever the command was: RFC 5321, 3.8.
const CLOSING: u16 = 421;

impl Reply {
    /// True if the server has done what it was told.
    pub fn is_done(&self) -> bool {
        (200..300).contains(&self.code)
    }

    /// True if the server asks for more: the text, or the next part of a login.
    pub fn asks(&self) -> bool {
        (300..400).contains(&self.code)
    }

    /// True if the server closes the connection.
    pub fn is_closing(&self) -> bool {
        self.code == CLOSING
    }

    /// The whole reply in one line.
    pub fn words(&self) -> String {
        format!("{} {}", self.code, self.lines.join(" "))
    }
}

/// One line of an answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ReplyLine {
    pub code: u16,
    /// Whether it is the last line.
    pub last: bool,
    pub words: String,
}

/// Reads a line, with or without its line end; `None` if it is invalid.
pub(super) fn read(line: &[u8]) -> Option<ReplyLine> {
    let (code, rest) = line.trim_ascii_end().split_at_checked(3)?;
    if !matches!(code, [b'2'..=b'5', rest @ ..] if rest.iter().all(u8::is_ascii_digit)) {
        return None;
    }
    let (last, words) = match rest {
        [] => (true, rest),
        [b' ' | b'\t', words @ ..] => (true, words),
        [b'-', words @ ..] => (false, words),
        _ => return None,
    };
    Some(ReplyLine {
        code: std::str::from_utf8(code).ok()?.parse().ok()?,
        last,
        words: decoded(words),
    })
}

/// Decodes valid UTF-8 as such, and every other byte as Latin-1.
pub(super) fn decoded(words: &[u8]) -> String {
    let mut text = String::with_capacity(words.len());
    for chunk in words.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|byte| char::from(*byte)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_by_its_code() {
        for (line, code, last, words) in [
            (&b"250 ok\r\n"[..], 250, true, "ok"),
            (b"250\r\n", 250, true, ""),
            (b"250 \r\n", 250, true, ""),
            (b"250-\r\n", 250, false, ""),
            (b"250-AUTH PLAIN\n", 250, false, "AUTH PLAIN"),
            (b"250", 250, true, ""),
            (b"354\tgo\r\r\n", 354, true, "go"),
            (b"535 ung\xfcltig\r\n", 535, true, "ungültig"),
            ("535 ungültig \r\n".as_bytes(), 535, true, "ungültig"),
            (b"550 \xff\xfe\0x\r\n", 550, true, "ÿþ\0x"),
            (b"599--\r\n", 599, false, "-"),
        ] {
            let expected = ReplyLine {
                code,
                last,
                words: words.to_owned(),
            };
            assert_eq!(read(line), Some(expected), "{line:?}");
        }
        for line in [
            &b""[..],
            b"\r\n",
            b"25\r\n",
            b"2500 ok\r\n",
            b"250ok\r\n",
            b"150 ok\r\n",
            b"650 ok\r\n",
            b"2x0 ok\r\n",
            b" 250 ok\r\n",
            b"+25 ok\r\n",
            b"\xef\xbb\xbf250 ok\r\n",
            b"HTTP/1.1 400\r\n",
        ] {
            assert_eq!(read(line), None, "{line:?}");
        }
    }
}
