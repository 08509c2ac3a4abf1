//! Parses text to [`Expr`]: first the outer form, then the grammar, then the tree.

mod amounts;
mod arithmetic;
mod build;
mod calls;
mod chain;
mod conditions;
mod dates;
mod expected;
mod hints;
mod literals;
mod nodes;
mod operand;
mod patterns;
mod phrases;
mod place;
mod prescan;
mod scan;
mod slips;
mod states;
mod unexpected;

pub(crate) use amounts::number_of_several;
pub use dates::date_of_text;
pub(crate) use dates::month_of;
pub(super) use operand::as_operand;
pub use scan::{Token, tokens};

use std::collections::{BTreeMap, BTreeSet};

use super::ast::{Arg, Expr, Span};
use super::grammar::{self, Entry, Nodes};
use crate::diagnostic::Code;

/// One mistake in the text of a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    pub code: Code,
    /// What is wrong, in words.
    pub message: String,
    /// Its place in the decoded text.
    pub span: Span,
    /// A remark under the underline.
    pub label: Option<String>,
    /// What to write instead.
    pub help: Option<String>,
}

/// A text that cannot be parsed, with every mistake found in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseFailure {
    /// At least one, in the order of the text.
    pub slips: Vec<Slip>,
}

/// Up to this many slips of one kind are reported one by one.
const TOLD_APART: usize = 5;

/// Merges slips of one kind that fill the text: in a pasted list, every entry has the same mistake.
fn folded(slips: Vec<Slip>) -> Vec<Slip> {
    let mut counts: BTreeMap<Code, usize> = BTreeMap::new();
    for slip in &slips {
        *counts.entry(slip.code).or_default() += 1;
    }
    let mut told: BTreeSet<Code> = BTreeSet::new();
    let folded = slips.into_iter().filter_map(|slip| {
        let count = counts.get(&slip.code).copied().unwrap_or(1);
        if count <= TOLD_APART {
            return Some(slip);
        }
        let first = told.insert(slip.code);
        let label = format!("and {} more places like it in this text", count - 1);
        first.then(|| slip.label(label))
    });
    folded.collect()
}

/// Parses a condition or metric.
///
/// # Errors
/// Every slip found, with its place in `text`.
pub fn parse(text: &str) -> Result<Expr, ParseFailure> {
    read(text, Entry::Condition, build::Builder::condition)
}

/// Parses rows as an argument names them: a collection, optionally with a window and a `where`.
///
/// # Errors
/// Every slip found, with its place in `text`.
pub(super) fn parse_rows(text: &str) -> Result<Arg, ParseFailure> {
    read(text, Entry::Rows, build::Builder::rows)
}

fn read<'t, T>(
    text: &'t str,
    entry: Entry,
    build: impl FnOnce(&build::Builder<'t>, Nodes<'t>) -> Option<T>,
) -> Result<T, ParseFailure> {
    let outer = prescan::prescan(text);
    let mut slips = outer.slips;
    let mut read = None;
    if !outer.broken {
        match grammar::read(text, entry) {
            Ok(nodes) => {
                let builder = build::Builder::new(text);
                read = build(&builder, nodes);
                slips.extend(builder.into_slips());
            }
            Err(stop) if stop.exhausted => slips.push(slips::too_deep_here(text)),
            Err(stop) => {
                let slip = unexpected::unexpected(text, &stop);
                // What is reported for the whole is not repeated for a character in it.
                slips.retain(|other| !slip.span.overlaps(other.span));
                slips.push(slip);
            }
        }
    }
    slips.sort_by_key(|slip| (slip.span.start, slip.span.end));
    let mut slips = folded(slips);
    match read {
        Some(tree) if slips.is_empty() => Ok(tree),
        _ => {
            if slips.is_empty() {
                slips.push(slips::unreadable(text));
            }
            Err(ParseFailure { slips })
        }
    }
}
