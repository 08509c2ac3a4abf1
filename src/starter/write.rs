//! The guess as YAML.

use std::fmt::Write;

use super::guess::{Collection, Guess};

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
    if !guess.collections.is_empty() {
        text.push_str("\ncollections:\n");
    }
    for collection in &guess.collections {
        let _ = write!(
            text,
            "  {}:\n    table: {}\n    subject: {}\n",
            name(&collection.table),
            scalar(&collection.table),
            scalar(&collection.subject),
        );
        if let Some(at) = &collection.at {
            let _ = writeln!(text, "    at: {}", scalar(at));
        }
        if !collection.types.is_empty() {
            let _ = writeln!(text, "    types: {}", types(&collection.types));
        }
    }
    text
}

/// The text of `rules/segments.yaml`.
pub(super) fn rules(guess: &Guess) -> String {
    let who = format!("{}s", guess.subject.name);
    let timed = guess.collections.iter().find(|c| c.at.is_some());
    let Some(events) = timed else {
        return format!(
            "# The first segment: everyone. `muster check --catalog` lists the names a rule can use.\n\
             segments:\n  - id: everyone\n    name: Everyone\n    importance: 1\n    \
             description: All {who}\n    when: yes\n"
        );
    };
    let rows = name(&events.table);
    let mut text = format!(
        "# A start to edit. `muster check --catalog` lists the names a rule can use.\n\
         metrics:\n  {rows}_30d: count({rows} in last 30 days)\n  \
         {rows}_prev_30d: count({rows} in previous 30 days)\n{spent}\n\
         segments:\n  \
         - id: never\n    name: Never\n    importance: 2\n    \
         description: Nothing in {rows} yet\n    when: not exists({rows})\n\n  \
         - id: new\n    name: New\n    importance: 3\n    \
         description: The first of their {rows} was in the last 30 days\n    \
         when: min({rows}.at) in last 30 days\n\n  \
         - id: slowing_down\n    name: Slowing down\n    importance: 5\n    \
         description: Less than half of the {rows} of the 30 days before\n    \
         when: {rows}_30d < 50% * {rows}_prev_30d\n\n  \
         - id: lapsed\n    name: Lapsed\n    importance: 4\n    \
         description: Some {rows}, but none in the last 90 days\n    \
         when: exists({rows}) and not exists({rows} in last 90 days)\n\n  \
         - id: most_active\n    name: Most active\n    importance: 1\n    \
         description: The fifth of all {who} with the most {rows} in 30 days\n    \
         when: {rows}_30d > 0 and top 20% by {rows}_30d\n",
        spent = spent(events),
    );
    if events.amount.is_some() {
        let _ = write!(
            text,
            "\n  - id: best_customers\n    name: Best customers\n    importance: 2\n    \
             description: The tenth of all {who} with the highest total\n    \
             when: total > 0 and top 10% by total\n"
        );
    }
    text
}

fn spent(events: &Collection) -> String {
    events.amount.as_ref().map_or_else(String::new, |amount| {
        format!("  total: sum({}.{})\n", name(&events.table), name(amount))
    })
}

fn types(types: &[(String, &'static str)]) -> String {
    let pairs: Vec<String> = types
        .iter()
        .map(|(column, ty)| format!("{}: {ty}", scalar(column)))
        .collect();
    format!("{{ {} }}", pairs.join(", "))
}

/// A name that rules can use: letters, digits and `_`.
fn name(table: &str) -> String {
    let mut name: String = table
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '_' })
        .collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert(0, '_');
    }
    name.to_lowercase()
}

/// A YAML scalar: plain where that is safe, else in double quotes.
pub(super) fn scalar(text: &str) -> String {
    let plain = text.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || "_-./: ".contains(c))
        && !text.contains(": ")
        && !text.ends_with([':', ' '])
        && !["yes", "no", "true", "false", "null", "on", "off", "y", "n"]
            .contains(&text.to_lowercase().as_str());
    if plain {
        text.to_string()
    } else {
        // JSON strings are YAML strings.
        serde_json::Value::from(text).to_string()
    }
}
