//! Filters by values that the data does not have. This is only a warning, as data comes and goes.

use std::collections::{BTreeSet, HashSet};

use super::other_spelling::other_spellings;
use super::{Compiled, Look, private, wording};
use crate::config::Config;
use crate::connector::Snapshot;
use crate::diagnostic::{Code, Finding};
use crate::engine::{EngineError, Keep};
use crate::ir::{self, Ir, OutputId, Request};
use crate::rules::{Filter, RuleSet};

/// The most rows that are read beside a run: a small part of what a run takes.
const BESIDE_A_RUN: u32 = 1_000_000;

/// Warns of each filter by values that nobody has now. Reads the data only if a filter names a field without a closed list; beside a run, skips
/// fields over more than a million rows.
///
/// # Errors
/// The database cannot be read, or the look was cancelled.
pub fn absent_filter_values(
    compiled: &Compiled<'_>,
    look: &Look<'_>,
) -> Result<Vec<Finding>, EngineError> {
    let fields = &compiled.config.fields;
    let segments = compiled.rules.segments.iter();
    let names = segments
        .flat_map(|s| &s.filter)
        .map(|filter| &filter.field.value);
    let open = |name: &String| {
        fields
            .iter()
            .any(|f| f.id.value == *name && f.values.is_none())
    };
    if !names.into_iter().any(open) {
        return Ok(Vec::new());
    }
    let mut request = Request::outputs().of_everyone();
    let outputs = compiled.checked.fields.iter();
    let outputs: Vec<(&str, OutputId)> = outputs
        .map(|field| (field.id.as_str(), request.ask(&field.source)))
        .collect();
    let ir = ir::lower(compiled.rules, compiled.checked, compiled.catalog, &request);
    let snapshot = look.connector.snapshot()?;
    if look.beside_a_run && rows(&*snapshot, &ir, BESIDE_A_RUN) > u64::from(BESIDE_A_RUN) {
        return Ok(Vec::new());
    }
    let evaluation = snapshot.evaluate(&ir, look.clock, Keep::Outputs, look.watch)?;
    let present: Vec<Option<BTreeSet<String>>> = fields
        .iter()
        .map(|field| {
            let (_, output) = outputs.iter().find(|(id, _)| *id == field.id.value)?;
            let found = evaluation.distinct_values(*output).ok()?;
            // If not all values are listed, none can be said to be absent.
            (field.values.is_none() && !found.more).then_some(found.values)
        })
        .collect();
    // If the subject's own `where:` admits nobody, no filter is to blame.
    let nobody = present.iter().flatten().all(BTreeSet::is_empty);
    if nobody && compiled.checked.subject_filter.is_some() {
        return Ok(Vec::new());
    }
    let shows = |field: &str| !private::is_private_field(compiled, field);
    Ok(absent_from(
        compiled.rules,
        compiled.config,
        &present,
        &shows,
    ))
}

/// How many rows an IR reads. Each table is counted only slightly beyond `most`.
fn rows(snapshot: &dyn Snapshot, ir: &Ir, most: u32) -> u64 {
    let scans = ir.scans.iter().map(|scan| &scan.table);
    let tables = scans.chain([&ir.subject.table]);
    tables
        .map(|table| snapshot.row_count(table, most.saturating_add(1)))
        .sum()
}

/// Warns of the values in filters that their fields do not have in the data: one warning for each filter, however many values it concerns.
///
/// `present` holds the values of each field in the data as text, parallel to config's fields; `None` for fields whose values were not looked up.
/// Values are quoted only for fields for which `shows` is true. Fields with a closed list need no lookup: a value that is not on the list is
/// already an error.
/// is an error already.
pub fn absent_from(
    rules: &RuleSet,
    config: &Config,
    present: &[Option<BTreeSet<String>>],
    shows: &dyn Fn(&str) -> bool,
) -> Vec<Finding> {
    let known: Vec<Option<Spellings>> = present
        .iter()
        .map(|present| Some(Spellings::of(present.as_ref()?)))
        .collect();
    let filters = rules.segments.iter().flat_map(|segment| &segment.filter);
    let findings = filters.flat_map(|filter| {
        let found = || {
            let place = config.field(&filter.field.value)?;
            let (known, present) = (known.get(place)?.as_ref()?, present.get(place)?.as_ref()?);
            let absent = of_filter(filter, known, present);
            Some(match shows(&filter.field.value) {
                true => absent
                    .into_iter()
                    .chain(spelled_otherwise(filter, present))
                    .collect(),
                false => {
                    let unshown = |finding| Finding {
                        help: None,
                        ..finding
                    };
                    absent.map(unshown).into_iter().collect()
                }
            })
        };
        found().unwrap_or_else(Vec::new)
    });
    findings.collect()
}

/// The first of a filter's values that the data also has in another spelling, which the filter does not name.
fn spelled_otherwise(filter: &Filter, present: &BTreeSet<String>) -> Option<Finding> {
    let named: Vec<&str> = filter
        .values
        .iter()
        .map(|value| value.value.as_str())
        .collect();
    let field = &filter.field.value;
    let found = filter.values.iter().find_map(|value| {
        let others = other_spellings(&value.value, &named, present);
        (!others.is_empty()).then_some((value, others))
    });
    let (value, others) = found?;
    let message = format!(
        "the data has `{}` as `{field}` and also {}: another value to a filter",
        value.value,
        wording::examples(&others)
    );
    let help = "if they are one, list all of them";
    Some(
        Finding::new(Code::OtherSpelling, message)
            .at(value.location)
            .help(help),
    )
}

fn of_filter(filter: &Filter, known: &Spellings, present: &BTreeSet<String>) -> Option<Finding> {
    let field = &filter.field.value;
    let values = filter.values.iter();
    let absent: Vec<_> = values.filter(|value| !known.has(&value.value)).collect();
    let first = absent.first()?;
    let texts: Vec<&str> = absent.iter().map(|value| value.value.as_str()).collect();
    let message = match texts.as_slice() {
        [text] => format!("nobody has `{text}` as `{field}` in the data"),
        _ => format!(
            "nobody has {} of these {} values as `{field}` in the data: {}",
            texts.len(),
            filter.values.len(),
            wording::examples(&texts)
        ),
    };
    let finding = Finding::new(Code::AbsentValue, message).at(first.location);
    Some(Finding {
        help: wording::help(&texts, present),
        ..finding
    })
}

/// The values in the data, in each of their spellings: numbers, and yes or no, have several.
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

/// A number as bits that are equal for equal numbers.
fn number(text: &str) -> Option<u64> {
    let number: f64 = text.trim().parse().ok()?;
    // Zero and negative zero are equal.
    (!number.is_nan()).then_some((number + 0.0).to_bits())
}

fn truth(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "yes" | "true" => Some(true),
        "no" | "false" => Some(false),
        _ => None,
    }
}
