//! Findings as the editor shows them: the words, code and place of `muster check`.

use std::collections::BTreeMap;

use gen_lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Range,
};
use serde_json::Value;

use super::pages;
use super::position::Encoding;
use super::world::World;
use crate::diagnostic::{Finding, Severity, covered_words, to_json};

/// Whose findings they are.
const SOURCE: &str = "muster";

/// What there is to show, by URI. What is in no file stands at the beginning of config's.
pub fn of(
    world: &World,
    findings: &[Finding],
    encoding: Encoding,
) -> BTreeMap<String, Vec<Diagnostic>> {
    let entries = match to_json(findings, world.sources()) {
        Value::Array(entries) => entries,
        _ => Vec::new(),
    };
    let mut shown: BTreeMap<String, Vec<Diagnostic>> = BTreeMap::new();
    let mut show = |place: Option<gen_lsp_types::Location>, diagnostic| {
        let config = || (world.uri(&world.config()), Range::default());
        let (uri, range) = place.map_or_else(config, |place| (place.uri, place.range));
        shown.entry(uri.0).or_default().push(Diagnostic {
            range,
            ..diagnostic
        });
    };
    for (finding, entry) in findings.iter().zip(entries) {
        let place = finding.location.and_then(|l| world.place(l, encoding));
        let related = related(finding, &entry, world, encoding);
        show(
            place,
            Diagnostic {
                related_information: Some(related).filter(|related| !related.is_empty()),
                ..diagnostic(finding, entry)
            },
        );
    }
    if let Some(reason) = &world.texts_alone {
        let reason = covered_words(reason);
        let message = format!("{reason}: until then only what the texts say is checked");
        show(
            None,
            Diagnostic {
                severity: Some(DiagnosticSeverity::Information),
                source: Some(SOURCE.to_owned()),
                message: message.into(),
                ..nothing()
            },
        );
    }
    shown
}

/// A finding; its entry in the output of `check --format json` is its data.
fn diagnostic(finding: &Finding, entry: Value) -> Diagnostic {
    let word = |key: &str| entry.get(key).and_then(Value::as_str);
    let mut message = word("message").unwrap_or_default().to_owned();
    for (key, before) in [("label", ""), ("help", "help: ")] {
        if let Some(words) = word(key) {
            message.push_str(&format!("\n{before}{words}"));
        }
    }
    Diagnostic {
        severity: Some(match finding.severity {
            Severity::Error => DiagnosticSeverity::Error,
            Severity::Stale | Severity::Warning => DiagnosticSeverity::Warning,
        }),
        code: Some(finding.code.name().to_owned().into()),
        code_description: Some(CodeDescription {
            href: pages::of_code(finding.code),
        }),
        source: Some(SOURCE.to_owned()),
        message: message.into(),
        data: Some(entry),
        ..nothing()
    }
}

/// The other places that a finding is about, in the words of its entry.
fn related(
    finding: &Finding,
    entry: &Value,
    world: &World,
    encoding: Encoding,
) -> Vec<DiagnosticRelatedInformation> {
    let entries = entry.get("related").and_then(Value::as_array);
    let places = finding.related.iter().zip(entries.into_iter().flatten());
    let places = places.filter_map(|(related, entry)| {
        let label = entry.get("label").and_then(Value::as_str);
        Some(DiagnosticRelatedInformation {
            location: world.place(related.location, encoding)?,
            message: label.unwrap_or_default().to_owned(),
        })
    });
    places.collect()
}

fn nothing() -> Diagnostic {
    Diagnostic {
        range: Range::default(),
        severity: None,
        code: None,
        code_description: None,
        source: None,
        message: String::new().into(),
        tags: None,
        related_information: None,
        data: None,
    }
}
