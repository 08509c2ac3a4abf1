//! Values of filters that the data no longer has: a warning, because data comes and goes.

use std::collections::{BTreeSet, HashSet};

use super::checker::{did_you_mean, listed};
use crate::catalog::Catalog;
use crate::diagnostic::{Code, Finding, suggest};
use crate::rules::{Filter, RuleSet};

/// So many of the entries of a list that nobody has are shown.
pub const SHOWN: usize = 5;

/// Warns of the values in each filter that its field does not have in the data: once a filter, however many
/// they are.
///
/// `present` holds the values of each field in the data as text, parallel to [`Catalog::fields`];
/// none where they were not looked up. Fields with a closed list need none: what is not on the list
/// is an error already.
pub fn absent_values(
    rules: &RuleSet,
    catalog: &Catalog,
    present: &[Option<BTreeSet<String>>],
) -> Vec<Finding> {
    let known: Vec<Option<Spellings>> = present
        .iter()
        .map(|present| Some(Spellings::of(present.as_ref()?)))
        .collect();
    let filters = rules.segments.iter().flat_map(|segment| &segment.filter);
    let findings = filters.filter_map(|filter| {
        let place = catalog.field(&filter.field.value)?;
        let (known, present) = (known.get(place)?.as_ref()?, present.get(place)?.as_ref()?);
        of_filter(filter, known, present)
    });
    findings.collect()
}

fn of_filter(filter: &Filter, known: &Spellings, present: &BTreeSet<String>) -> Option<Finding> {
    let field = &filter.field.value;
    let values = filter.values.iter();
    let absent: Vec<_> = values.filter(|value| !known.has(&value.value)).collect();
    let first = absent.first()?;
    let names = || present.iter().map(String::as_str);
    let otherwise = || {
        let some = !present.is_empty();
        some.then(|| format!("the data has {}", listed(names())))
    };
    if absent.len() == 1 {
        let message = format!("nobody has `{}` as `{field}` in the data", first.value);
        let finding = Finding::new(Code::AbsentValue, message).at(first.location);
        return Some(did_you_mean(finding, &first.value, names(), otherwise));
    }
    let texts: Vec<&str> = absent.iter().map(|value| value.value.as_str()).collect();
    let message = format!(
        "nobody has {} of these {} values as `{field}` in the data: {}",
        texts.len(),
        filter.values.len(),
        examples(&texts)
    );
    let finding = Finding::new(Code::AbsentValue, message).at(first.location);
    Some(match meant(&texts, present).or_else(otherwise) {
        Some(help) => finding.help(help),
        None => finding,
    })
}

/// The first entries of a list, for a message.
pub fn examples(texts: &[&str]) -> String {
    let shown: Vec<String> = texts.iter().take(SHOWN).map(|t| format!("`{t}`")).collect();
    let more = if texts.len() > SHOWN { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

/// What the first entries of a list may have been meant to be.
pub fn meant(texts: &[&str], present: &BTreeSet<String>) -> Option<String> {
    let near = texts.iter().take(SHOWN).filter_map(|text| {
        let near = suggest(text, present.iter().map(String::as_str))?;
        Some(format!("`{near}` for `{text}`"))
    });
    let near: Vec<String> = near.collect();
    (!near.is_empty()).then(|| format!("did you mean {}?", near.join(", ")))
}

/// The values in the data, in each of their spellings: numbers and yes or no have several.
struct Spellings<'d> {
    texts: &'d BTreeSet<String>,
    numbers: HashSet<u64>,
    truths: HashSet<bool>,
}

impl<'d> Spellings<'d> {
    fn of(texts: &'d BTreeSet<String>) -> Self {
        Self {
            texts,
            numbers: texts.iter().filter_map(|text| number(text)).collect(),
            truths: texts.iter().filter_map(|text| truth(text)).collect(),
        }
    }

    fn has(&self, written: &str) -> bool {
        self.texts.contains(written)
            || number(written).is_some_and(|number| self.numbers.contains(&number))
            || truth(written).is_some_and(|truth| self.truths.contains(&truth))
    }
}

/// A number as bits that are the same for equal numbers.
fn number(text: &str) -> Option<u64> {
    let number: f64 = text.trim().parse().ok()?;
    // The two zeros are equal.
    (!number.is_nan()).then_some((number + 0.0).to_bits())
}

fn truth(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "yes" | "true" => Some(true),
        "no" | "false" => Some(false),
        _ => None,
    }
}
