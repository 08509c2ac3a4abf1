//! Findings as LSP diagnostics, with the words, code and location of `muster check`.

use std::collections::BTreeMap;

use gen_lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location, Range,
    Uri,
};
use serde_json::Value;

use super::folder::path_of;
use super::pages;
use super::position::Encoding;
use super::roles::purpose;
use super::world::World;
use crate::diagnostic::{Code, FIRST, Finding, Severity, covered_words, to_json};

/// The source shown for the diagnostics.
const SOURCE: &str = "muster";

/// The diagnostics by URI. Findings without a file are put at the start of config. Texts that belong to another project
/// get none.
pub fn of(
    world: &World,
    findings: &[Finding],
    encoding: Encoding,
    is_of_other: impl Fn(&Uri) -> bool,
) -> BTreeMap<String, Vec<Diagnostic>> {
    let entries = match to_json(findings, world.sources()) {
        Value::Array(entries) => entries,
        _ => Vec::new(),
    };
    let mut shown: BTreeMap<String, Vec<Diagnostic>> = BTreeMap::new();
    let mut show = |place: Option<Location>, diagnostic| {
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
        if let Some((place, diagnostic)) = at_first(finding, world, encoding) {
            show(Some(place), diagnostic);
        }
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
    for (uri, diagnostic) in unread(world, is_of_other) {
        shown.entry(uri).or_default().push(diagnostic);
    }
    shown
}

/// Warnings in open texts that look like rules but are not read by any run.
fn unread(world: &World, is_of_other: impl Fn(&Uri) -> bool) -> Vec<(String, Diagnostic)> {
    let Some(config) = world.project().map(|project| &project.config) else {
        return Vec::new();
    };
    let has_condition = |text: &str| text.contains("when:") || text.contains("filter:");
    let is_unread = |uri: &Uri| {
        let text = world.texts.get(uri).map(|open| open.text.as_str());
        let name = path_of(uri).and_then(|path| world.folder.name(&path));
        let name = name.filter(|_| text.is_some_and(has_condition));
        name.is_some_and(|name| {
            purpose(&name, world.folder.config(), Some(config)).is_none()
                && world.named(&name).is_none()
                && !is_of_other(uri)
        })
    };
    let pattern = &config.rules.value;
    let message = format!(
        "no run reads this file: `rules:` of config is `{pattern}`\nhelp: move it there, or let `rules:` name it"
    );
    let texts = world.texts.with_rules().filter(is_unread);
    let told = texts.map(|uri| {
        let diagnostic = Diagnostic {
            severity: Some(DiagnosticSeverity::Warning),
            source: Some(SOURCE.to_owned()),
            message: message.clone().into(),
            ..nothing()
        };
        (uri.0, diagnostic)
    });
    told.collect()
}

/// A finding as a diagnostic; its entry from `check --format json` is attached as data.
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

/// The diagnostic shown at the first of two definitions of a name if the second is in another file. Which of them
/// counts as second depends on the names of the files, and only the user knows which one to rename; so both files show
/// it.
fn at_first(
    finding: &Finding,
    world: &World,
    encoding: Encoding,
) -> Option<(Location, Diagnostic)> {
    let (second, first) = (finding.location?, finding.related.first()?);
    let is_second = finding.code == Code::DuplicateId && first.label == FIRST;
    if !is_second || second.file == first.location.file {
        return None;
    }
    let file = world.sources().get(second.file)?.path.display();
    let message = format!(
        "there is a second one of this name in `{file}`\nhelp: rename one of them, or take one out"
    );
    let label = finding.label.clone();
    let related = DiagnosticRelatedInformation {
        location: world.place(second, encoding)?,
        message: label.unwrap_or_else(|| "the second one".to_owned()),
    };
    let diagnostic = Diagnostic {
        message: message.into(),
        related_information: Some(vec![related]),
        data: None,
        ..diagnostic(finding, Value::Null)
    };
    Some((world.place(first.location, encoding)?, diagnostic))
}

/// The other locations of a finding, with the messages of its entry.
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
