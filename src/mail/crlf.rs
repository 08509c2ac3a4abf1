//! The line ends of a mail: CRLF and nothing else, however it is sent.
//!
//! Many servers have accepted a bare CR or LF as a line end. Such a server reads another mail than one that does not:
//! the text after a dot would become commands.

/// A mail in which every line ends with CRLF, and which contains no other CR or LF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Crlf(Vec<u8>);

impl Crlf {
    /// Takes a mail; a bare CR or LF in it becomes a CRLF.
    pub fn new(mail: Vec<u8>) -> Self {
        if is_clean(&mail) {
            return Self(mail);
        }
        let mut clean = Vec::with_capacity(mail.len() + mail.len() / 32);
        let mut bytes = mail.into_iter().peekable();
        while let Some(byte) = bytes.next() {
            match byte {
                b'\r' => {
                    bytes.next_if_eq(&b'\n');
                    clean.extend(b"\r\n");
                }
                b'\n' => clean.extend(b"\r\n"),
                other => clean.push(other),
            }
        }
        Self(clean)
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes, for storage.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// Headers and body, without the empty line between them.
    pub fn parts(&self) -> (&[u8], &[u8]) {
        const EMPTY: &[u8] = b"\r\n\r\n";
        let end = self.0.windows(EMPTY.len()).position(|part| part == EMPTY);
        let end = end.unwrap_or(self.0.len());
        let body = self.0.get(end + EMPTY.len()..).unwrap_or_default();
        (self.0.get(..end).unwrap_or_default(), body)
    }

    /// The text in SMTP form: leading dots doubled, with the end marker (RFC 5321, 4.5.2).
    pub fn as_text(&self) -> Vec<u8> {
        let mut text = Vec::with_capacity(self.0.len() + self.0.len() / 64 + 8);
        for line in self.0.split_inclusive(|byte| *byte == b'\n') {
            if line.starts_with(b".") {
                text.push(b'.');
            }
            text.extend(line);
        }
        if !text.is_empty() && !text.ends_with(b"\r\n") {
            text.extend(b"\r\n");
        }
        text.extend(b".\r\n");
        text
    }
}

fn is_clean(mail: &[u8]) -> bool {
    let count = |byte| mail.iter().filter(|b| **b == byte).count();
    let next = mail.iter().skip(1);
    let ends = mail
        .iter()
        .zip(next)
        .filter(|pair| *pair == (&b'\r', &b'\n'));
    let ends = ends.count();
    count(b'\r') == ends && count(b'\n') == ends
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn bare_ends_become_whole_ones() {
        for (mail, clean) in [
            ("", ""),
            ("a\r\nb\r\n", "a\r\nb\r\n"),
            ("\n", "\r\n"),
            ("\r", "\r\n"),
            ("a\nb\rc", "a\r\nb\r\nc"),
            ("\n\r", "\r\n\r\n"),
            ("\r\r\n", "\r\n\r\n"),
            ("\r\n\n", "\r\n\r\n"),
            ("a\n.\nMAIL", "a\r\n.\r\nMAIL"),
        ] {
            let made = Crlf::new(mail.into());
            assert_eq!(made.bytes(), clean.as_bytes(), "{mail:?}");
        }
        assert_eq!(
            Crlf::new(b".\n..a\n.".into()).as_text(),
            b"..\r\n...a\r\n..\r\n.\r\n"
        );
        assert_eq!(Crlf::new(Vec::new()).as_text(), b".\r\n");
        let (head, body) = (&b"a: b"[..], &b"\r\nc"[..]);
        assert_eq!(Crlf::new(b"a: b\n\n\nc".into()).parts(), (head, body));
    }

    /// Decodes an SMTP text, once as a server that knows only CRLF and once as one that accepts any LF.
    fn received(text: &[u8], end: &[u8]) -> Option<Vec<u8>> {
        let mut rest = text;
        let mut got = Vec::new();
        while let Some(at) = rest.windows(end.len()).position(|part| part == end) {
            let (line, after) = rest.split_at(at + end.len());
            if line.strip_suffix(end) == Some(b".") || line == b".\r\n" {
                // The end marker occurs once.
                return after.is_empty().then_some(got);
            }
            got.extend(line.strip_prefix(b".").unwrap_or(line));
            rest = after;
        }
        None
    }

    proptest! {
        #[test]
        fn a_text_ends_where_it_ends_for_every_server(mail in "[a.\r\n\0\u{85}\u{2028}]{0,40}") {
            let clean = Crlf::new(mail.clone().into_bytes());
            let bare = String::from_utf8_lossy(clean.bytes()).replace("\r\n", "");
            prop_assert!(!bare.contains(['\r', '\n']));
            prop_assert_eq!(Crlf::new(clean.bytes().to_vec()), clean.clone());
            let mut whole = clean.bytes().to_vec();
            if !whole.is_empty() && !whole.ends_with(b"\r\n") {
                whole.extend(b"\r\n");
            }
            prop_assert_eq!(received(&clean.as_text(), b"\r\n"), Some(whole.clone()));
            prop_assert_eq!(received(&clean.as_text(), b"\n"), Some(whole));
            // Only line ends were changed.
            let letters = |text: &str| text.replace(['\r', '\n'], "");
            prop_assert_eq!(letters(&mail), letters(&String::from_utf8_lossy(clean.bytes())));
        }
    }
}
