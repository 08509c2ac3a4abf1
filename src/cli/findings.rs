//! Findings for people, on stderr.

use crate::diagnostic::{Finding, Paint, Severity, render};
use crate::source::Sources;

/// Prints every finding and a line that counts them.
pub(super) fn tell(sources: &Sources, findings: &[Finding]) {
    let paint = if super::say::colour(&std::io::stderr()) {
        Paint::Coloured
    } else {
        Paint::Plain
    };
    super::say::painted(&render(findings, sources, paint));
    if let Some(line) = summary(findings) {
        note!("{line}");
    }
}

/// `2 errors, 1 warning`; none where there is nothing.
pub(super) fn summary(findings: &[Finding]) -> Option<String> {
    let count = |severity| findings.iter().filter(|f| f.severity == severity).count();
    let parts: Vec<String> = [
        (count(Severity::Error), "error", "errors"),
        (
            count(Severity::Stale),
            "thing that makes segments stale",
            "things that make segments stale",
        ),
        (count(Severity::Warning), "warning", "warnings"),
    ]
    .into_iter()
    .filter(|(number, _, _)| *number > 0)
    .map(|(number, one, many)| format!("{number} {}", if number == 1 { one } else { many }))
    .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
