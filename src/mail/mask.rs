//! What of an address, a password or a server's answer may be shown.

/// An address of which only the first letter and the domain can be read: `m…@example.com`.
pub fn masked(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((person, domain)) => {
            let first: String = person.chars().take(1).collect();
            format!("{first}…@{domain}")
        }
        None => "…".to_owned(),
    }
}

/// How much of a server's answer is kept, in characters.
const KEPT: usize = 400;

/// A server's answer as one line in which addresses are masked and secrets are left out.
pub(super) fn answer(words: &str, secrets: &[String]) -> String {
    // A password may have blanks.
    let words = secrets
        .iter()
        .fold(words.to_owned(), |words, secret| words.replace(secret, "…"));
    let shown = words
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .map(word_of)
        .collect::<Vec<_>>()
        .join(" ");
    shown.chars().take(KEPT).collect()
}

fn word_of(word: &str) -> String {
    if !word.contains('@') {
        return word.to_owned();
    }
    let bare = |c: char| !"<>()[]\"',:;".contains(c);
    let from = word.find(bare).unwrap_or(0);
    let to = word.rfind(bare).map_or(word.len(), |at| {
        at + word
            .get(at..)
            .and_then(|rest| rest.chars().next())
            .map_or(0, char::len_utf8)
    });
    match (word.get(..from), word.get(from..to), word.get(to..)) {
        (Some(before), Some(address), Some(after)) => {
            format!("{before}{}{after}", masked(address))
        }
        _ => "…".to_owned(),
    }
}

/// What a server could give away of a login by repeating it: as it is, and as it goes over the line.
pub(super) fn secrets(username: &str, password: &str) -> Vec<String> {
    let plain = format!("\0{username}\0{password}");
    let spoken = [password, username, &plain].map(|text| base64(text.as_bytes()));
    let [.., whole] = &spoken;
    // The end of a longer text is padded otherwise; without its padding it is found in either.
    let bare = whole.trim_end_matches('=').to_owned();
    let all = spoken.into_iter().chain([bare, password.to_owned()]);
    let mut all: Vec<String> = all.filter(|secret| !secret.is_empty()).collect();
    // The longest first, so that no rest of one is left standing.
    all.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    all
}

/// RFC 4648, section 4.
pub(super) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |place: usize| u32::from(chunk.get(place).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let letter = (bits >> (18 - 6 * place)) & 63;
            let letter = LETTERS.get(letter as usize).copied().unwrap_or(b'=');
            text.push(char::from(if place <= chunk.len() as u32 {
                letter
            } else {
                b'='
            }));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_secrets_are_not_shown() {
        assert_eq!(masked("managers@example.com"), "m…@example.com");
        let secrets = secrets("amy", "open sesame");
        let words = "550 5.1.1 <bob@example.com>: unknown,\r\nsee AGFteQBvcGVuIHNlc2FtZQ==\x07 b3BlbiBzZXNhbWU= (open sesame)";
        assert_eq!(
            answer(words, &secrets),
            "550 5.1.1 <b…@example.com>: unknown, see … … (…)"
        );
    }

    #[test]
    fn base64_is_that_of_the_standard() {
        // The examples of RFC 4648, section 10.
        let texts = ["", "f", "fo", "foo", "foob", "fooba", "foobar"];
        let coded = texts.map(|text| base64(text.as_bytes()));
        assert_eq!(
            coded,
            [
                "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"
            ]
        );
    }
}
