//! Findings: what is wrong, where, why, and what to do. Shared by all rooms.

mod brief;
mod code;
mod fix;
mod json;
mod quoted;
mod render;
mod secret;
mod suggest;
mod terminal;
mod told;
mod trial;
mod visible;

use serde::Serialize;

pub use brief::brief;
pub use code::Code;
pub use fix::{Edit, Fix, Fixer, Instead};
pub use json::to_json;
pub use quoted::quoted;
pub use render::{Paint, render};
pub use secret::covered_words;
pub use suggest::suggest;
pub use terminal::{
    TerminalText, TerminalWriter, UNBROKEN, line_within, longest_word, text_width, wrapped,
    wrapped_whole,
};
pub use told::{Teller, Told};
pub use trial::{Kind, Trial};
pub use visible::{is_joiner, is_unprintable, visible, visible_lines};

use crate::source::Location;

/// The label of the first of two things, when the second is rejected.
pub const FIRST: &str = "the first one";

/// The severity of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth a look; nothing is refused.
    Warning,
    /// Whatever uses this cannot be evaluated now; everything else is.
    Stale,
    /// The run is refused.
    Error,
}

/// Another location of a finding: the first of two equal names, the next part of a cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    pub location: Location,
    /// A short remark under the underline.
    pub label: String,
}

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The stable code.
    pub code: Code,
    /// The effect on the run; by default that of the code.
    pub severity: Severity,
    /// One sentence in plain words, no full stop, names in backticks.
    pub message: String,
    /// The location; `None` for findings about the world outside the files.
    pub location: Option<Location>,
    /// A short remark under the underline.
    pub label: Option<String>,
    /// Related locations, in reading order.
    pub related: Vec<Related>,
    /// What to do about it. A leading ``write `…` `` or ``did you mean `…`?`` is a replacement for the underlined text.
    pub help: Option<String>,
}

impl Finding {
    /// A finding with the code's own severity.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            location: None,
            label: None,
            related: Vec::new(),
            help: None,
        }
    }

    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        self.location = Some(location);
        self
    }

    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Adds a related location.
    #[must_use]
    pub fn related(mut self, location: Location, label: impl Into<String>) -> Self {
        let label = label.into();
        self.related.push(Related { location, label });
        self
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// True if the finding refuses the run.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// The number of findings per code, in words: `absent-value 2, past-date 1`; in the order of the findings.
pub fn tally(findings: &[Finding]) -> String {
    let mut counts: Vec<(Code, usize)> = Vec::new();
    for finding in findings {
        match counts.iter_mut().find(|(code, _)| *code == finding.code) {
            Some((_, count)) => *count += 1,
            None => counts.push((finding.code, 1)),
        }
    }
    let words = counts
        .iter()
        .map(|(code, count)| format!("{} {count}", code.name()));
    words.collect::<Vec<_>>().join(", ")
}

/// Sorts findings in reading order of the files; those about the world outside the files come last, except rule files
/// that define nothing, since other findings follow from those.
pub fn sort(findings: &mut [Finding]) {
    fn place(finding: &Finding) -> impl Ord + '_ {
        let location = finding.location;
        (
            // Without rules, many other findings follow.
            finding.code != Code::NoSegments,
            location.is_none(),
            location,
            finding.code,
            finding.message.as_str(),
        )
    }
    findings.sort_by(|a, b| place(a).cmp(&place(b)));
}
