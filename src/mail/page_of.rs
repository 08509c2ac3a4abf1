//! The HTML page in one of our messages, as its reader sees it.

/// The HTML of a message that [`super::message`] encoded; `None` if it has none.
pub fn page_of(message: &[u8]) -> Option<String> {
    let message = String::from_utf8_lossy(message);
    let mut lines = message.lines();
    lines.find(|line| line.starts_with("Content-Type: text/html"))?;
    lines.find(|line| line.is_empty())?;
    // `=_` occurs in every boundary and in no encoded part.
    let is_boundary = |line: &&str| line.starts_with("--") && line.contains("=_");
    let body: Vec<&str> = lines.take_while(|line| !is_boundary(line)).collect();
    Some(from_quoted_printable(&body))
}

/// Decodes quoted-printable (RFC 2045, 6.7).
fn from_quoted_printable(lines: &[&str]) -> String {
    let mut bytes = Vec::new();
    for line in lines {
        let (line, is_broken) = match line.strip_suffix('=') {
            Some(line) => (line, true),
            None => (*line, false),
        };
        let mut parts = line.split('=');
        bytes.extend(parts.next().unwrap_or_default().bytes());
        for part in parts {
            match (part.get(..2), part.get(2..)) {
                (Some(code), Some(rest)) => {
                    bytes.extend(u8::from_str_radix(code, 16).ok());
                    bytes.extend(rest.bytes());
                }
                _ => bytes.extend(part.bytes()),
            }
        }
        if !is_broken {
            bytes.push(b'\n');
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use lettre::message::MultiPart;
    use lettre::message::header::ContentType;

    use super::super::message::text;
    use super::*;

    #[test]
    fn a_page_comes_back_as_it_was_written() {
        let page = format!("<p>--x=_ é=3D\n</p>\n{}\n.end\n", "ä long ".repeat(40));
        let both = MultiPart::alternative()
            .boundary("alternative-0=_")
            .singlepart(text(ContentType::TEXT_PLAIN, "plain").unwrap())
            .singlepart(text(ContentType::TEXT_HTML, &page).unwrap());
        let found = page_of(&both.formatted()).unwrap();
        assert_eq!(found.trim_end(), page.trim_end());
        assert_eq!(page_of(b"Content-Type: text/plain\r\n\r\nno page"), None);
    }
}
