//! Changing an existing segment.

use super::entries::Entries;

use super::same::{checked, filters_of, parsed, same_filters, segment_at, text_of};
use super::text::{condition, key};
use super::{Refused, Wish};
use crate::source::{NodeKind, Replacement, line_end, replaced};

/// The usual order of a segment's keys.
const ORDER: [&str; 11] = [
    "id",
    "name",
    "was",
    "sign",
    "description",
    "bucket",
    "importance",
    "weight",
    "tags",
    "filter",
    "when",
];

/// The text of a rule file in which the segment `id` is changed to match a wish. Parts that already match keep their
/// formatting.
///
/// # Errors
/// The file is not YAML, has no such segment, or has it in a form that cannot be edited in place: then a person has to.
pub fn changed(text: &str, id: &str, wish: &Wish) -> Result<String, Refused> {
    let tree = parsed(text)?;
    let node = segment_at(&tree, id).ok_or_else(|| format!("the file has no segment `{id}`"))?;
    let entries = Entries::of(text, node)?;
    let mut made = Vec::new();
    let now = |key: &str| entries.get(key).and_then(text_of);
    let named = now("name").unwrap_or(id);
    if named != wish.name {
        put(&entries, "name", Some(key(&wish.name)), &mut made)?;
    }
    if now("description") != wish.description.as_deref() {
        put(
            &entries,
            "description",
            wish.description.as_deref().map(key),
            &mut made,
        )?;
    }
    if now("bucket") != wish.bucket.as_deref() {
        put(
            &entries,
            "bucket",
            wish.bucket.as_deref().map(key),
            &mut made,
        )?;
    }
    let importance = wish.importance.map(|importance| importance.to_string());
    if now("importance") != importance.as_deref() {
        put(&entries, "importance", importance, &mut made)?;
    }
    let keys = entries.indent;
    if !same_filters(&filters_of(entries.get("filter")), &wish.filters) {
        filter(text, &entries, wish, keys, &mut made)?;
    }
    let had = |key: &str| entries.get(key).is_some();
    // The last rung of a ladder takes the rest, and needs no condition.
    let is_rest = !had("when") && !had("filter") && wish.when.is_none() && wish.filters.is_empty();
    let wanted = wish.condition().filter(|_| !is_rest);
    if now("when").map(str::trim) != wanted.map(str::trim) {
        let raw = entries.get("when").and_then(|_| entries.raw("when").ok());
        let was_block =
            raw.is_some_and(|raw| text.get(raw).is_some_and(|raw| raw.starts_with(['|', '>'])));
        let end = line_end(text);
        let written = wanted.map(|wanted| match condition(wanted).filter(|_| !was_block) {
            Some(plain) => plain,
            None if entries.is_flow => format!("'{}'", wanted.replace('\'', "''")),
            None => block(wanted, keys + 2, end),
        });
        put(&entries, "when", written, &mut made)?;
    }
    let new = replaced(text, made);
    checked(&tree, &new, id, wish)?;
    Ok(new)
}

/// Sets, adds or removes a key.
fn put(
    entries: &Entries<'_>,
    key: &str,
    value: Option<String>,
    made: &mut Vec<Replacement>,
) -> Result<(), Refused> {
    let before = ORDER.iter().position(|known| *known == key).unwrap_or(0);
    let before = ORDER.get(..before).unwrap_or_default();
    match (entries.get(key), value) {
        (None, None) => {}
        (Some(_), Some(value)) => made.push(entries.set(key, &value)?),
        (None, Some(value)) => made.push(entries.add(key, &value, before)),
        (Some(_), None) => made.push(entries.remove(key)?),
    }
    Ok(())
}

/// Changes the filter to match the wish, field by field if it is written as a mapping.
fn filter(
    text: &str,
    entries: &Entries<'_>,
    wish: &Wish,
    keys: usize,
    made: &mut Vec<Replacement>,
) -> Result<(), Refused> {
    let old = entries.get("filter");
    if wish.filters.is_empty() {
        return put(entries, "filter", None, made);
    }
    let Some(old) = old.filter(|old| matches!(old.kind, NodeKind::Mapping(_))) else {
        let written = match entries.is_flow {
            true => {
                let fields = wish
                    .filters
                    .iter()
                    .map(|(field, values)| format!("{field}: {}", listed(values)));
                format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
            }
            false => fields(wish, keys + 2, line_end(text)),
        };
        return put(entries, "filter", Some(written), made);
    };
    let inner = Entries::of(text, old)?;
    let known = filters_of(Some(old));
    for (field, _) in known
        .iter()
        .filter(|(field, _)| !wish.filters.iter().any(|(wanted, _)| wanted == field))
    {
        made.push(inner.remove(field)?);
    }
    for (field, values) in &wish.filters {
        match known.iter().find(|(known, _)| known == field) {
            Some((_, same)) if same == values => {}
            Some(_) => made.push(inner.set(field, &listed(values))?),
            None => made.push(inner.add(field, &listed(values), &[])),
        }
    }
    Ok(())
}

/// The fields of a filter, one a line.
pub(super) fn fields(wish: &Wish, indent: usize, end: &str) -> String {
    let indent = " ".repeat(indent);
    let lines = wish
        .filters
        .iter()
        .map(|(field, values)| format!("{end}{indent}{field}: {}", listed(values)));
    lines.collect()
}

/// A single value, or a list of values.
fn listed(values: &[String]) -> String {
    match values {
        [one] => key(one),
        many => {
            let many: Vec<String> = many.iter().map(|one| key(one)).collect();
            format!("[{}]", many.join(", "))
        }
    }
}

/// A text as a block scalar.
pub(super) fn block(text: &str, indent: usize, end: &str) -> String {
    let indent = " ".repeat(indent);
    let lines = text.trim().lines().map(|line| match line.trim_end() {
        "" => end.to_owned(),
        line => format!("{end}{indent}{line}"),
    });
    format!("|{}", lines.collect::<String>())
}
