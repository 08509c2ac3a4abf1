//! Texts that the data spells in several ways, of which a condition names only one: in another case, with blanks, without accents. To a comparison,
//! each spelling is a different value.

use std::collections::{BTreeMap, BTreeSet};

use super::compared::{MAX_ROWS, compared, known};
use super::{Compiled, Look};
use crate::config::{Locale, marks};
use crate::connector::Snapshot;
use crate::diagnostic::{Code, Finding};
use crate::engine::EngineError;
use crate::language::ast::Span;
use crate::source::Location;
use crate::value::folded;

/// Warns of each text that the column it is compared with also has in another spelling, which the same place does not name.
pub(super) fn find(compiled: &Compiled<'_>, look: &Look<'_>) -> Result<Vec<Finding>, EngineError> {
    let compared = compared(compiled);
    if compared.is_empty() {
        return Ok(Vec::new());
    }
    let snapshot = look.connector.snapshot()?;
    let mut findings = Vec::new();
    for known in known(&*snapshot, compared)? {
        let (table, column) = &known.column;
        if compiled.catalog.is_private(table, column) {
            continue;
        }
        let mut rows = None;
        for asked in &known.asked {
            let named: Vec<&str> = asked.texts.iter().map(|(text, _)| *text).collect();
            let mut told: BTreeSet<&str> = BTreeSet::new();
            for (text, span) in &asked.texts {
                let mut others = other_spellings(text, &named, &known.texts);
                others.retain(|other| told.insert(other));
                if others.is_empty() {
                    continue;
                }
                let rows = rows.get_or_insert_with(|| rows_by_text(&*snapshot, table, column));
                let finding = finding((text, &others), asked.is_list, (table, column), rows);
                findings.push(Finding {
                    location: place(compiled, *span),
                    ..finding
                });
            }
        }
    }
    Ok(findings)
}

fn place(compiled: &Compiled<'_>, span: Span) -> Option<Location> {
    compiled.checked.source_map.locate(span, compiled.sources)
}

/// The texts in the data that are another spelling of this one, and that the same place does not name.
pub(super) fn other_spellings<'d>(
    text: &str,
    named: &[&str],
    found: &'d BTreeSet<String>,
) -> Vec<&'d str> {
    // If the data does not have the text itself, that is reported instead.
    if !found.contains(text) {
        return Vec::new();
    }
    let same = spelled(text);
    let others = found.iter().map(String::as_str);
    others
        .filter(|other| !named.contains(other) && spelled(other) == same)
        .collect()
}

/// A form of a text that is the same for all its spellings.
fn spelled(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut into = String::new();
    folded(&words.join(" "), &mut into);
    into
}

/// How many rows have each text.
fn rows_by_text(snapshot: &dyn Snapshot, table: &str, column: &str) -> BTreeMap<String, usize> {
    let mut rows = BTreeMap::new();
    let values = snapshot.values(table, column, MAX_ROWS).unwrap_or_default();
    for text in values.iter().filter_map(|value| value.as_str()) {
        *rows.entry(text.to_owned()).or_default() += 1;
    }
    rows
}

fn finding(
    (text, others): (&str, &[&str]),
    is_list: bool,
    (table, column): (&str, &str),
    rows: &BTreeMap<String, usize>,
) -> Finding {
    let marks = marks(Locale::EnUs);
    let told = others.iter().map(|other| {
        let count = rows.get(*other).copied().unwrap_or_default();
        format!("`{other}` in {}", marks.counted(count, "row"))
    });
    let told: Vec<String> = told.collect();
    let message = format!(
        "`{column}` of `{table}` is `{text}` and also {}: another text to a comparison",
        told.join(", ")
    );
    let all = std::iter::once(text).chain(others.iter().copied());
    let all: Vec<String> = all.map(quoted).collect();
    let all = all.join(", ");
    let help = match is_list {
        true => format!("write `{all}`"),
        false => format!(
            "if they are one, compare with all of them: `in ({all})` in place of `=`, `not in ({all})` in place of `!=`"
        ),
    };
    Finding::new(Code::OtherSpelling, message).help(help)
}

/// A text as it is written in conditions.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
