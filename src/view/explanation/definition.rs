//! A segment by its definition.

use crate::config::{Locale, Subject, marks};
use crate::explain::{Clause, Definition, LadderPlace};

/// A definition as text.
pub fn definition_lines(definition: &Definition, subject: &Subject, locale: Locale) -> Vec<String> {
    let marks = marks(locale);
    let size = match (&definition.stale, definition.size) {
        (Some(reason), _) => format!("cannot be evaluated: {reason}"),
        (None, size) => format!(
            "{} of {}",
            marks.whole(size.unwrap_or(0)),
            subject.counted(definition.of, &marks)
        ),
    };
    let mut lines = vec![format!("{} ({}): {size}", definition.name, definition.id)];
    lines.extend(definition.description.clone());
    let mut facts = Vec::new();
    facts.extend(
        definition
            .bucket
            .as_ref()
            .map(|bucket| format!("bucket {bucket}")),
    );
    facts.extend(
        definition
            .importance
            .map(|importance| format!("importance {importance}")),
    );
    facts.push(format!("weight {}", marks.number(definition.weight, 4)));
    facts.push(definition.place.clone());
    lines.extend([facts.join(", "), String::new()]);
    match &definition.condition {
        Some(condition) => lines.extend(clause_lines(condition, "  ")),
        None => lines.push("  the rest: those whom no rung above takes".to_owned()),
    }
    lines.push(String::new());
    if !definition.filter.is_empty() {
        lines.push(format!("filter: {}", definition.filter.join("; ")));
    }
    lines.extend(definition.ladder.as_ref().map(ladder_words));
    lines.push(match definition.used_by.is_empty() {
        true => "not used by anything else".to_owned(),
        false => format!("used by {}", definition.used_by.join(", ")),
    });
    lines
}

fn ladder_words(place: &LadderPlace) -> String {
    let before = match place.before.is_empty() {
        true => String::new(),
        false => format!(", of those whom none of {} takes", place.before.join(", ")),
    };
    let among = place.among.as_ref();
    let among = among.map_or_else(String::new, |among| format!(", among those with {among}"));
    format!(
        "rung {} of {} of the ladder {}{before}{among}",
        place.rung, place.of, place.id
    )
}

fn clause_lines(clause: &Clause, indent: &str) -> Vec<String> {
    let name = clause.name.as_ref();
    let name = name.map_or_else(String::new, |name| format!("{name} = "));
    let value = clause.value.as_ref();
    let value = value.map_or_else(String::new, |value| format!("  (now {value})"));
    let line = format!("{indent}{name}{}{value}", clause.text);
    let deeper = format!("{indent}  ");
    let parts = clause.parts.iter();
    let parts = parts.flat_map(|part| clause_lines(part, &deeper));
    std::iter::once(line).chain(parts).collect()
}
