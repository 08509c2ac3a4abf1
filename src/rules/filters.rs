//! What filters name, against the fields of config.

use super::{Filter, RuleSet};
use crate::config::{Config, Field, SEGMENTS_FIELD};
use crate::diagnostic::{Code, Finding, suggest};
use crate::reader::Reader;
use crate::source::Scalar;

/// Takes out the filters whose field is not defined, and the values that a closed list does not have,
/// after telling so.
pub(super) fn check(rules: &mut RuleSet, config: &Config, reader: &mut Reader<'_>) {
    for segment in &mut rules.segments {
        segment.filter.retain_mut(|filter| {
            if filter.field.value == SEGMENTS_FIELD {
                return true;
            }
            let name = &filter.field.value;
            let field = config.fields.iter().find(|f| f.id.value == *name);
            match field {
                Some(field) => closed(filter, field, reader),
                None => unknown(&filter.field, &config.fields, reader),
            }
            field.is_some() && !filter.values.is_empty()
        });
    }
}

fn unknown(name: &Scalar, fields: &[Field], reader: &mut Reader<'_>) {
    let known = || {
        fields
            .iter()
            .map(|f| f.id.value.as_str())
            .chain([SEGMENTS_FIELD])
    };
    // People write the label, which they see, for the name.
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

/// Holds the values of a filter against the closed list of its field, if it has one.
fn closed(filter: &mut Filter, field: &Field, reader: &mut Reader<'_>) {
    let Some(values) = &field.values else {
        return;
    };
    let known = || values.iter().map(|value| value.value.as_str());
    filter.values.retain(|value| {
        let fits = known().any(|known| known == value.value);
        if !fits {
            let message = format!("`{}` cannot be `{}`", field.id.value, value.value);
            let all = listed(known());
            let longer = || known().find(|known| begins(&value.value, known));
            let help = match suggest(&value.value, known()).or_else(longer) {
                Some(near) => format!("did you mean `{near}`? It can be {all}"),
                None => format!("it can be {all}"),
            };
            let finding = Finding::new(Code::UnknownFieldValue, message).at(value.location);
            reader.report(finding.help(help));
        }
        fits
    });
}

/// `Sunday` begins with `Sun`, whatever the case.
fn begins(text: &str, word: &str) -> bool {
    text.to_lowercase().starts_with(&word.to_lowercase())
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let quoted: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
