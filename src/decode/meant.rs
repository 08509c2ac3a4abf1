//! Guesses the intended key from its spelling, or from its name in other programs.

use crate::diagnostic::suggest;

/// Common words, with the keys that they may stand for: the first known one counts.
const WORDS: &[(&[&str], &[&str])] = &[
    (
        &[
            "if",
            "condition",
            "rule",
            "where",
            "query",
            "expression",
            "expr",
            "matches",
            "is",
        ],
        &["when", "where", "value", "of"],
    ),
    (&["filter", "only", "for"], &["where", "when"]),
    (&["formula", "measure", "metric"], &["value", "of"]),
    (
        &["when", "time", "times", "at", "every", "schedule"],
        &["cron"],
    ),
    (&["tz", "zone", "time_zone"], &["timezone"]),
    (&["report", "mail", "mails"], &["reports"]),
    (&["schedule", "timetable"], &["schedules"]),
    (&["retry"], &["retries"]),
    (
        &[
            "recipient",
            "recipients",
            "email",
            "emails",
            "address",
            "addresses",
            "send_to",
        ],
        &["to"],
    ),
    (&["sender"], &["from"]),
    (&["email", "mailer"], &["mail"]),
    (&["folder", "directory", "dir", "outbox"], &["file"]),
    (&["attachment", "attachments"], &["attach"]),
    (&["title", "headline"], &["subject", "name"]),
    (&["title", "label"], &["name"]),
    (&["name", "title"], &["label"]),
    (&["name", "key"], &["id"]),
    (&["text", "message", "because", "why"], &["reason"]),
    (&["min", "worst", "bad", "from"], &["zero"]),
    (&["max", "best", "good", "full_points"], &["full"]),
    (&["importance"], &["weight"]),
    (&["factor"], &["factors"]),
    (&["server"], &["host"]),
    (&["user", "login", "user_name"], &["username"]),
    (&["ssl", "security", "encryption", "starttls"], &["tls"]),
    (
        &["ca", "certificate", "cert", "ca_cert", "ca_bundle"],
        &["ca_file"],
    ),
    (&["address", "bind", "port"], &["listen"]),
    (&["retention", "days"], &["keep", "history"]),
    (&["db"], &["database"]),
];

/// The known key that an unknown one was meant to be: first by common words, then by the closest spelling. Keys that
/// are still missing take precedence.
pub(super) fn key<'k>(written: &str, absent: &[&'k str], known: &[&'k str]) -> Option<&'k str> {
    by_words(written, absent)
        .or_else(|| suggest(written, absent.iter().copied()))
        .or_else(|| suggest(written, known.iter().copied()))
}

fn by_words<'k>(written: &str, known: &[&'k str]) -> Option<&'k str> {
    let written = written.to_lowercase().replace(['-', ' '], "_");
    let same = |key: &&&str| **key == written;
    // `Reply-To` and `max size` are the correct words, spelled differently.
    known.iter().find(same).copied().or_else(|| {
        let stands_for = WORDS
            .iter()
            .filter(|(words, _)| words.contains(&written.as_str()));
        stands_for
            .flat_map(|(_, keys)| keys.iter())
            .find_map(|meant| known.iter().find(|key| *key == meant).copied())
    })
}
