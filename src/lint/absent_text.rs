//! Texts that conditions compare with a column and that the column never has: mostly typos.

use std::collections::BTreeSet;

use super::compared::{Asked, compared, known};
use super::{Compiled, Look, wording};
use crate::diagnostic::{Code, Finding, suggest};
use crate::engine::EngineError;
use crate::language::ast::Span;

/// Warns of each text that no row has in the column it is compared with.
pub(super) fn find(compiled: &Compiled<'_>, look: &Look<'_>) -> Result<Vec<Finding>, EngineError> {
    let compared = compared(compiled);
    if compared.is_empty() {
        return Ok(Vec::new());
    }
    let snapshot = look.connector.snapshot()?;
    let mut findings = Vec::new();
    for known in known(&*snapshot, compared)? {
        let (table, column) = &known.column;
        let is_private = compiled.catalog.is_private(table, column);
        for asked in &known.asked {
            let Some((finding, at)) = finding(asked, (table, column), &known.texts) else {
                continue;
            };
            findings.push(Finding {
                location: compiled.checked.source_map.locate(at, compiled.sources),
                help: finding.help.filter(|_| !is_private),
                ..finding
            });
        }
    }
    Ok(findings)
}

/// The finding for those texts that are not in the data, and its place.
fn finding(
    asked: &Asked<'_>,
    (table, column): (&str, &str),
    found: &BTreeSet<String>,
) -> Option<(Finding, Span)> {
    let absent = asked.texts.iter().filter(|(text, _)| {
        let is_near = || suggest(text, found.iter().map(String::as_str)).is_some();
        // Config may leave rows out before there are any: only a text close to another one is a slip.
        !found.contains(*text) && (!asked.leaves_out || is_near())
    });
    let (texts, spans): (Vec<&str>, Vec<Span>) = absent.copied().unzip();
    let span = *spans.first()?;
    let message = match texts.as_slice() {
        [text] => format!("no row of `{table}` has `{text}` as its `{column}`"),
        _ => format!(
            "no row of `{table}` has {} of these {} texts as its `{column}`: {}",
            texts.len(),
            asked.texts.len(),
            wording::examples(&texts)
        ),
    };
    let finding = Finding::new(Code::AbsentValue, message);
    let finding = Finding {
        help: wording::help(&texts, found),
        ..finding
    };
    Some((finding, span))
}
