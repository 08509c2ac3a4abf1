//! Checks filters against the fields of config.

use std::collections::HashSet;

use super::{Filter, RuleSet};
use crate::config::{Config, Field, SEGMENTS_FIELD};
use crate::decode::Reader;
use crate::diagnostic::{Code, Finding, suggest};
use crate::source::Scalar;

/// The maximum number of invalid values shown.
const SHOWN: usize = 5;

/// Reports and removes filters of undefined fields, and values that are not in a closed list.
pub(super) fn check(rules: &mut RuleSet, config: &Config, reader: &mut Reader<'_>) {
    for segment in &mut rules.segments {
        let given = segment.filter.iter().map(|of| of.field.value.clone());
        let given: HashSet<String> = given.collect();
        segment.filter.retain_mut(|filter| {
            if filter.field.value == SEGMENTS_FIELD {
                return true;
            }
            let name = &filter.field.value;
            let field = config.fields.iter().find(|f| f.id.value == *name);
            match field {
                Some(field) => closed(filter, field, reader),
                None => unknown(&filter.field, &config.fields, &given, reader),
            }
            field.is_some() && !filter.values.is_empty()
        });
    }
}

/// Reports an unknown field; `given` are all fields that the filter names.
fn unknown(name: &Scalar, fields: &[Field], given: &HashSet<String>, reader: &mut Reader<'_>) {
    let known = || {
        fields
            .iter()
            .map(|f| f.id.value.as_str())
            .chain([SEGMENTS_FIELD])
    };
    // People use the label that they see in place of the name.
    let labelled = || {
        let labels = fields
            .iter()
            .map(|f| (f.label.as_str(), f.id.value.as_str()));
        let near = suggest(&name.value, labels.clone().map(|(label, _)| label));
        let meant = near.unwrap_or(&name.value);
        labels
            .filter(|(label, _)| *label == meant)
            .map(|(_, id)| id)
            .next()
    };
    let help = match suggest(&name.value, known()).or_else(labelled) {
        // A key can appear only once in a mapping.
        Some(near) if given.contains(near) => {
            format!("`{near}` is filtered by already: all its values go there")
        }
        Some(near) => format!("did you mean `{near}`?"),
        None if fields.is_empty() => {
            "config defines no `fields:` yet; only `segments` is built in".to_owned()
        }
        None => format!(
            "the fields are {}; `fields:` in config defines them",
            listed(known())
        ),
    };
    let message = format!("there is no field `{}` to filter by", name.value);
    let finding = Finding::new(Code::UnknownFilterField, message).at(name.location);
    reader.report(finding.help(help));
}

/// Checks the values of a filter against the closed list of its field, if it has one. All invalid values are reported
/// in a single finding.
fn closed(filter: &mut Filter, field: &Field, reader: &mut Reader<'_>) {
    let Some(values) = &field.values else {
        return;
    };
    let known: HashSet<&str> = values.iter().map(|value| value.value.as_str()).collect();
    let count = filter.values.len();
    let (kept, others) = std::mem::take(&mut filter.values)
        .into_iter()
        .partition(|value| known.contains(value.value.as_str()));
    filter.values = kept;
    let others: Vec<Scalar> = others;
    let names = || values.iter().map(|value| value.value.as_str());
    let all = listed(names());
    let near = |value: &Scalar| {
        let longer = || names().find(|known| begins(&value.value, known));
        suggest(&value.value, names()).or_else(longer)
    };
    let Some(first) = others.first() else { return };
    let id = &field.id.value;
    let (message, help) = match others.as_slice() {
        [one] => (
            format!("`{id}` cannot be `{}`", one.value),
            match near(one) {
                Some(near) => format!("did you mean `{near}`? It can be {all}"),
                None => format!("it can be {all}"),
            },
        ),
        _ => {
            let examples = listed(others.iter().take(SHOWN).map(|value| value.value.as_str()));
            let more = if others.len() > SHOWN { ", …" } else { "" };
            let near = others
                .iter()
                .take(SHOWN)
                .filter_map(|value| Some(format!("`{}` for `{}`", near(value)?, value.value)));
            let near = near.collect::<Vec<_>>().join(", ");
            (
                format!(
                    "`{id}` cannot be {} of these {count} values: {examples}{more}",
                    others.len()
                ),
                match near.is_empty() {
                    true => format!("it can be {all}"),
                    false => format!("did you mean {near}? It can be {all}"),
                },
            )
        }
    };
    let finding = Finding::new(Code::UnknownFieldValue, message).at(first.location);
    reader.report(finding.help(help));
}

/// `Sunday` begins with `Sun`, ignoring case.
fn begins(text: &str, word: &str) -> bool {
    text.to_lowercase().starts_with(&word.to_lowercase())
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let quoted: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
