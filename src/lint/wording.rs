//! How lints word what several of them report: absent values, and segments that are part of others.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Finding, brief, suggest};
use crate::rules::Segment;

/// How many of the absent values of one list are shown.
const SHOWN: usize = 5;
/// How many of the present values are shown.
const PRESENT: usize = 8;

/// How many characters of a value are shown.
const BRIEF: usize = 60;

/// A value of the data, for a message.
pub(super) fn quoted(text: &str) -> String {
    format!("`{}`", brief(text, BRIEF))
}

/// The first entries of a list, for a message.
pub(super) fn examples(texts: &[&str]) -> String {
    let shown: Vec<String> = texts.iter().take(SHOWN).map(|t| quoted(t)).collect();
    let more = if texts.len() > SHOWN { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

/// What absent values may have been meant to be, else what the data has; `None` if it has nothing.
pub(super) fn help(absent: &[&str], present: &BTreeSet<String>) -> Option<String> {
    let near = |text: &str| suggest(text, present.iter().map(String::as_str));
    let meant = match absent {
        [one] => near(one).map(|near| format!("`{near}`")),
        _ => {
            let near = absent.iter().take(SHOWN).filter_map(|text| {
                let near = near(text)?;
                Some(format!("`{near}` for `{text}`"))
            });
            let near: Vec<String> = near.collect();
            (!near.is_empty()).then(|| near.join(", "))
        }
    };
    let meant = meant.map(|meant| format!("did you mean {meant}?"));
    meant.or_else(|| (!present.is_empty()).then(|| format!("the data has {}", listed(present))))
}

fn listed(present: &BTreeSet<String>) -> String {
    let shown: Vec<String> = present
        .iter()
        .take(PRESENT)
        .map(|name| quoted(name))
        .collect();
    let more = match present.len().saturating_sub(shown.len()) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", shown.join(", "))
}

/// The finding about a segment that is the same as another, or else part of others.
pub(super) fn part<'s>(
    segment: &Segment,
    is_same: bool,
    message: String,
    others: impl IntoIterator<Item = &'s Segment>,
) -> Finding {
    let (code, label, help) = match is_same {
        true => (
            Code::EqualSegment,
            "the other one",
            "take one of them out, or correct what was meant to tell them apart",
        ),
        false => (
            Code::InsideSegment,
            "they are in this one too",
            "where that is meant, put `# muster: allow inside-segment` above it",
        ),
    };
    let finding = Finding::new(code, message).at(segment.id.location);
    let others = others.into_iter().take(SHOWN);
    let finding = others.fold(finding, |finding, other| {
        finding.related(other.id.location, label)
    });
    finding.help(help)
}
