//! What may be shown of an address, a password or a server's answer.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// An address with only the first letter and the domain readable: `m…@example.com`.
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
    // A password may contain blanks.
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

/// The forms in which a server could repeat a login: as it is, and as it is transmitted.
pub(super) fn secrets(username: &str, password: &str) -> Vec<String> {
    let plain = format!("\0{username}\0{password}");
    let spoken = [password, username, &plain].map(|text| BASE64_STANDARD.encode(text));
    let [.., whole] = &spoken;
    // The end of a longer text is padded differently; without its padding the text is found in either.
    let bare = whole.trim_end_matches('=').to_owned();
    let all = spoken.into_iter().chain([bare, password.to_owned()]);
    let mut all: Vec<String> = all.filter(|secret| !secret.is_empty()).collect();
    // The longest first, so that no remainder of one is left.
    all.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    all
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
}
