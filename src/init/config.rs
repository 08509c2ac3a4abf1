//! The guess as `config.yaml`.

use std::fmt::Write;

use super::guess::Guess;
use super::rules::Events;
use super::text::{in_line, key, scalar};
use super::words::{plural, singular};

/// A timetable and a mail that goes into a folder: both can be tried without a mail server.
const MAIL: &str = "\n\
# `muster serve` runs this every morning, and mails what changed.\n\
schedules:\n  - id: nightly\n    cron: \"0 6 * * *\"        # six in the morning of the time zone above\n    \
reports: [changes]\n\n\
reports:\n  - id: changes\n    to: [you@example.com]     # who reads it\n    segments: all\n\n\
mail:\n  from: Segments <segments@example.com>\n  \
file: outbox               # mails are put into this folder; smtp: sends them (docs/operations.md)\n";

/// The text of `config.yaml`.
pub(super) fn config(database: &str, guess: &Guess) -> String {
    let subject = &guess.subject;
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write!(
        text,
        "# Guessed from the database's tables: read it once, then `muster check`.\n\
         database: {}\n\
         timezone: UTC                # the business's own zone, for example Europe/Berlin\n\n\
         subject:\n  name: {}\n  table: {}\n  key: {}\n",
        scalar(&format!("sqlite:{database}")),
        scalar(&subject.name),
        scalar(&subject.table),
        scalar(&subject.key),
    );
    if let Some(label) = &subject.label {
        let _ = writeln!(text, "  label: {}", scalar(label));
    }
    if !subject.types.is_empty() {
        let _ = writeln!(text, "  types: {}", types(&subject.types));
    }
    if let Some(gone) = &subject.gone {
        let _ = writeln!(
            text,
            "\n# active: {gone} is missing     # without the `#`: who is gone takes no part"
        );
    }
    if !guess.collections.is_empty() {
        text.push_str("\ncollections:\n");
    }
    for collection in &guess.collections {
        let _ = write!(
            text,
            "  {}:\n    table: {}\n    subject: {}\n",
            key(&collection.name),
            scalar(&collection.table),
            scalar(&collection.subject),
        );
        let times = &collection.times;
        if let Some(at) = &times.at {
            let also: Vec<String> = times.also.iter().map(|name| in_line(name)).collect();
            let also = match also.is_empty() {
                true => String::new(),
                false => format!("     # also: {}", also.join(", ")),
            };
            let _ = writeln!(text, "    at: {}{also}", scalar(at));
        } else if let Some(reason) = &times.unread {
            let _ = writeln!(text, "    # at: none to go by: {}", in_line(reason));
        }
        if !collection.types.is_empty() {
            let _ = writeln!(text, "    types: {}", types(&collection.types));
        }
        if let Some(status) = &collection.status {
            let _ = writeln!(
                text,
                "    # where: {status} in (\"…\", \"…\")   # which rows count; as it stands, all do"
            );
        }
    }
    if let Some(events) = Events::new(guess) {
        text.push_str(&values(&events));
        if !guess.has_health {
            text.push_str(&health(&events));
        }
    }
    text.push_str(MAIL);
    text
}

/// The usual values, where the collection that tells most has amounts.
fn values(events: &Events<'_>) -> String {
    let main = events.of;
    let Some(amount) = &main.amount else {
        return String::new();
    };
    let preset = match main.is_giving() {
        true => "donations",
        false => "orders",
    };
    format!(
        "\ncurrency: USD              # what the amounts are in\n\
         locale: en-US              # how figures and days are written: en-GB, de-DE, fr-FR, nl-NL\n\n\
         # What `muster segments` shows of each segment.\n\
         values:\n  preset: {preset}\n  \
         money: {{ from: {rows}, amount: {amount}, period: last 12 months }}\n",
        rows = scalar(&main.name),
        amount = scalar(amount),
    )
}

/// What can be known of the collection that tells most: a health score.
fn health(events: &Events<'_>) -> String {
    let (rows, lately, before) = (&events.of.name, &events.lately, &events.before);
    let one = singular(rows).replace('_', " ");
    let many = plural(rows);
    format!(
        "\n# How each one is doing, from 0 to 100, and why. `muster health --backtest` asks your own history\n\
         # whether the score would have told who was about to leave.\n\
         health:\n  churn:\n    \
         among: exists({rows} in last 90 days)\n    \
         when: not exists({rows} in next 90 days)\n  \
         factors:\n    \
         - id: recency\n      \
         value: days_since(max({rows}.at))\n      \
         zero: 90                 # the value that is worth no points\n      \
         full: 0                  # the value that is worth 100\n      \
         weight: 3\n      \
         reason: \"last {one} {{value | today | # day ago | # days ago}}\"\n    \
         - id: trend\n      \
         value: if({before} > 0, {lately} / {before})\n      \
         zero: 0\n      \
         full: 1\n      \
         weight: 2\n      \
         reason: \"{{{lately} | no {many} | {one} | {many}}} in the last 90 days, {{{before}}} in the 90 before\"\n"
    )
}

fn types(types: &[(String, &'static str)]) -> String {
    let pairs: Vec<String> = types
        .iter()
        .map(|(column, ty)| format!("{}: {ty}", key(column)))
        .collect();
    format!("{{ {} }}", pairs.join(", "))
}
