//! Findings as text, on stderr.

use super::say;
use crate::diagnostic::{Finding, TerminalText, render, sort, tally};
use crate::source::Sources;
use crate::view::findings_summary;

/// The maximum number of warnings printed for a run.
const SHOWN: usize = 5;

/// Every finding, and a summary line.
pub(super) fn rendered(sources: &Sources, findings: &[Finding]) -> TerminalText {
    let mut text = render(findings, sources, say::err_paint(), say::err_width());
    text.extend(findings_summary(findings).map(TerminalText::line));
    text
}

/// Prints every finding and a summary line.
pub(super) fn tell(sources: &Sources, findings: &[Finding]) {
    say::err(&rendered(sources, findings));
}

/// Prints findings that do not stop a run: all that make segments stale, and the first few warnings.
pub(super) fn tell_beside_a_run(sources: &Sources, stale: Vec<Finding>, warnings: Vec<Finding>) {
    let more = warnings.len().saturating_sub(SHOWN);
    let left = warnings.get(SHOWN..).map_or_else(String::new, tally);
    let mut shown = stale;
    shown.extend(warnings.into_iter().take(SHOWN));
    sort(&mut shown);
    tell(sources, &shown);
    if more > 0 {
        let s = if more == 1 { "" } else { "s" };
        note!("and {more} more warning{s} ({left}): `muster check` shows them");
    }
}
