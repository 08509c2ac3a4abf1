//! Values of filters that the data no longer has: a warning, because data comes and goes.

use std::collections::BTreeSet;

use super::checker::{did_you_mean, listed};
use crate::catalog::Catalog;
use crate::diagnostic::{Code, Finding};
use crate::rules::RuleSet;

/// Warns of every value in a filter that its field does not have in the data.
///
/// `present` holds the values of each field in the data as text, parallel to [`Catalog::fields`];
/// none where they were not looked up. Fields with a closed list need none: what is not on the list
/// is an error already.
pub fn absent_values(
    rules: &RuleSet,
    catalog: &Catalog,
    present: &[Option<BTreeSet<String>>],
) -> Vec<Finding> {
    let filters = rules.segments.iter().flat_map(|segment| &segment.filter);
    let mut findings = Vec::new();
    for filter in filters {
        let place = catalog.field(&filter.field.value);
        let Some(Some(present)) = place.and_then(|place| present.get(place)) else {
            continue;
        };
        for value in &filter.values {
            let same = |other: &String| is_same(&value.value, other);
            if present.iter().any(same) {
                continue;
            }
            let names = || present.iter().map(String::as_str);
            let finding = Finding::new(
                Code::AbsentValue,
                format!(
                    "nobody has `{}` as `{}` in the data",
                    value.value, filter.field.value
                ),
            )
            .at(value.location);
            findings.push(did_you_mean(finding, &value.value, names(), || {
                let some = !present.is_empty();
                some.then(|| format!("the data has {}", listed(names())))
            }));
        }
    }
    findings
}

/// Whether a value as written is one of the data: numbers and yes or no have several spellings.
fn is_same(written: &str, found: &str) -> bool {
    let number = |text: &str| text.trim().parse::<f64>().ok();
    let truth = |text: &str| match text.trim().to_ascii_lowercase().as_str() {
        "yes" | "true" => Some(true),
        "no" | "false" => Some(false),
        _ => None,
    };
    written == found
        || matches!((number(written), number(found)), (Some(a), Some(b)) if a == b)
        || matches!((truth(written), truth(found)), (Some(a), Some(b)) if a == b)
}
