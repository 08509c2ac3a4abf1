//! Checks advice before it is given: whatever a help line tells people to write is tried first, so that it is not
//! rejected in turn.

use super::checker::{Checker, Meaning};
use crate::diagnostic::{Finding, quoted};
use crate::language::ast::Span;
use crate::language::parse::{as_operand, parse};
use crate::value::Type;

/// How many texts are tried in one check. With more mistakes than that, only the first ones get advice.
const MAX_TRIALS: usize = 400;
/// Rewritten text longer than this many characters is not shown.
const MAX_SHOWN: usize = 120;

/// Where a text is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A place that needs yes or no.
    Condition,
    /// A place that accepts a value.
    Value,
    /// A place that accepts a value, or a row whose field is named after it.
    Any,
}

impl Checker<'_> {
    /// Those of the texts that pass the check, in order.
    pub fn that_fit(
        &mut self,
        texts: impl IntoIterator<Item = String>,
        place: Place,
    ) -> Vec<String> {
        let texts = texts.into_iter().filter(|text| self.fits(text, place));
        texts.collect()
    }

    /// The first of the texts that passes the check.
    pub fn first_that_fits(
        &mut self,
        texts: impl IntoIterator<Item = String>,
        place: Place,
    ) -> Option<String> {
        texts.into_iter().find(|text| self.fits(text, place))
    }

    /// Adds a help line that says what to write, if one of the texts passes the check.
    pub fn write(
        &mut self,
        finding: Finding,
        texts: impl IntoIterator<Item = String>,
        place: Place,
        otherwise: impl FnOnce() -> Option<String>,
    ) -> Finding {
        match self.first_that_fits(texts, place) {
            Some(text) => finding.help(format!("write {}", quoted(&text))),
            None => match otherwise() {
                Some(help) => finding.help(help),
                None => finding,
            },
        }
    }

    /// A finding whose help says what to write in its place, with parentheses if the surrounding text needs them.
    pub fn in_its_place(&self, span: Span, mut finding: Finding) -> Finding {
        let (Some(text), Some(mut help)) = (self.source_map.text(span), finding.help.take()) else {
            return finding;
        };
        finding.help = Some(help.clone());
        for code in finding.instead().texts {
            let written = as_operand(&text.value, &(span.start..span.end), &code);
            if written != code {
                help = help.replacen(&quoted(&code), &quoted(&written), 1);
            }
        }
        finding.help = Some(help);
        finding
    }

    fn fits(&mut self, text: &str, place: Place) -> bool {
        match (self.tried(text), place) {
            (Some(Meaning::Value(typed)), Place::Condition) => typed.ty == Type::Truth,
            (Some(Meaning::Value(_)), _) | (Some(Meaning::Row(_)), Place::Any) => true,
            (Some(Meaning::Duration(_) | Meaning::Rows(_) | Meaning::Row(_)) | None, _) => false,
        }
    }

    /// What a text would mean in place of the current one; `None` if it would have a mistake.
    fn tried(&mut self, text: &str) -> Option<Meaning> {
        let shown = text.chars().count() <= MAX_SHOWN && !text.contains('#');
        if self.trying || self.trials >= MAX_TRIALS || !shown {
            return None;
        }
        let expr = parse(text).ok()?;
        self.trials += 1;
        let told = self.told.clone();
        let before = std::mem::take(&mut self.findings);
        self.trying = true;
        let meaning = self.meaning(&expr);
        self.trying = false;
        self.told = told;
        let findings = std::mem::replace(&mut self.findings, before);
        (!findings.iter().any(Finding::is_error)).then_some(meaning)
    }
}
