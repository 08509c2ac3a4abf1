//! Finds test files that mention a person.

use crate::config::Config;
use crate::engine::whole_number;
use crate::rules;
use crate::source::Sources;
use crate::store::mentions;

/// The locations of a subject's key in test files, as `rules/tests/a.yaml:12`. A number counts as a key only if the
/// word before it says so: `id: 17`, `client 17`, `#17`.
pub fn naming(config: &Config, key: &str) -> Vec<String> {
    let (subject, column) = (&config.subject.name.value, &config.subject.key.value);
    let heralds = [subject.as_str(), column, "key", "id", "no.", "number"];
    let is_number = whole_number(key).is_some();
    let mut places = Vec::new();
    for path in rules::test_files(config, &Sources::default()).0 {
        // An unreadable file is skipped here; `muster test` reports the error.
        let text = crate::source::read(&path).unwrap_or_default();
        for (line, text) in text.lines().enumerate() {
            let is_key = |at: usize| !is_number || is_heralded(text.get(..at), &heralds);
            if mentions(text, key).any(is_key) {
                places.push(format!("{}:{}", path.display(), line + 1));
            }
        }
    }
    places
}

/// Whether the last word of a text announces a key.
fn is_heralded(before: Option<&str>, heralds: &[&str]) -> bool {
    let before = before.unwrap_or_default();
    let words = before.trim_end_matches(|c: char| c.is_whitespace() || ":'\"`".contains(c));
    let last = words
        .rsplit(|c: char| c.is_whitespace() || "{,\"'".contains(c))
        .next();
    let is_last = |herald: &&str| last.is_some_and(|last| last.eq_ignore_ascii_case(herald));
    before.ends_with('#') || heralds.iter().any(is_last)
}
