//! Parses a text into a tree whose parts know their places.

use crate::config::Formula;
use crate::diagnostic::{Code, Finding};
use crate::language::ast::Span;
use crate::language::made::call_of;
use crate::language::{Expr, ParseFailure, SourceMap, parse, parse_rows, swallowed};
use crate::source::{Scalar, Sources, yaml_quoted};

/// Parses texts into the source map.
pub(super) struct TextReader<'a> {
    pub sources: &'a Sources,
    pub source_map: &'a mut SourceMap,
    pub findings: &'a mut Vec<Finding>,
}

impl TextReader<'_> {
    /// Parses a text and reports every slip in it.
    pub fn read(&mut self, text: &Scalar) -> Option<Expr> {
        self.read_part(&text.value, text, 0)
    }

    /// Parses a part of a text that begins at the given byte.
    pub fn read_part(&mut self, part: &str, text: &Scalar, start: usize) -> Option<Expr> {
        let mut tree = self.parsed(parse, part, text, start)?;
        tree.each_mut(&mut |expr| {
            for span in expr.spans_mut() {
                *span = moved(*span, start);
            }
        });
        self.source_map.add(text.clone(), &mut tree);
        Some(tree)
    }

    /// Parses a text that names rows, as the condition that there are any.
    pub fn rows(&mut self, text: &Scalar) -> Option<Expr> {
        let rows = self.parsed(parse_rows, &text.value, text, 0)?;
        let mut tree = call_of("exists", vec![rows]);
        tree.span.end = text.value.len();
        self.source_map.add(text.clone(), &mut tree);
        Some(tree)
    }

    /// The tree of a value's formula. A standard one is laid out as a user could have written it.
    pub fn formula(&mut self, formula: &Formula) -> Option<Expr> {
        let (value, location) = match formula {
            Formula::Written(text) => return self.read(text),
            Formula::Usual(value, location) => (value, *location),
        };
        let running = match value.running() {
            Some(running) => Some(self.read(running)?),
            None => None,
        };
        let mut tree = value.tree(running.as_ref());
        let value = tree.lay_out();
        self.source_map.add(Scalar { value, location }, &mut tree);
        Some(tree)
    }

    /// Parses a part of a text with `parse`, and reports every slip in it.
    fn parsed<T>(
        &mut self,
        parse: fn(&str) -> Result<T, ParseFailure>,
        part: &str,
        text: &Scalar,
        start: usize,
    ) -> Option<T> {
        if let Some(finding) = swallowed_by_comment(part, text, self.sources) {
            self.findings.push(finding);
            return None;
        }
        let failure = match parse(part) {
            Ok(parsed) => return Some(parsed),
            Err(failure) => failure,
        };
        let sources = self.sources;
        let reads = |text: &str| parse(text).is_ok();
        if let Some(finding) = cut_by_comment(part, text, sources, reads) {
            self.findings.push(finding);
            return None;
        }
        self.findings.extend(failure.slips.into_iter().map(|slip| {
            let span = moved(slip.span, start);
            let location = text.locate(span.start..span.end, sources);
            Finding {
                label: slip.label,
                help: slip.help,
                ..Finding::new(slip.code, slip.message).at(location)
            }
        }));
        None
    }
}

fn moved(span: Span, by: usize) -> Span {
    Span {
        start: span.start + by,
        end: span.end + by,
        ..span
    }
}

/// A comment in a folded or quoted text that swallows the next line of the condition.
fn swallowed_by_comment(part: &str, text: &Scalar, sources: &Sources) -> Option<Finding> {
    // Comments belong to whole conditions only.
    let line = swallowed(text, sources).filter(|_| part == text.value)?;
    let message = "this line is part of the comment before it: YAML makes one line of this text";
    let finding = Finding::new(Code::SwallowedLine, message).at(line);
    let file = sources.get(text.location.file)?;
    let before = file.text.get(..text.location.start)?.trim_end();
    let header = before.trim_end_matches(|c: char| "+-".contains(c) || c.is_ascii_digit());
    Some(finding.help(match header.ends_with('>') {
        false => {
            "write the condition without the quotes around it, on lines of its own below a `|` after the colon: there a comment ends with its line"
        }
        true => "put a `|` after the colon in place of the `>`: there a comment ends with its line",
    }))
}

/// `name = "Room #1"` without quotes around it: YAML takes ` #1"` as a comment.
fn cut_by_comment(
    text: &str,
    part: &Scalar,
    sources: &Sources,
    reads: impl Fn(&str) -> bool,
) -> Option<Finding> {
    let raw = &sources.get(part.location.file)?.text;
    let rest = raw.get(part.location.end..)?.lines().next()?;
    let comment = rest.trim_start();
    let is_plain = raw.get(part.location.start..)?.starts_with(text);
    let whole = format!("{text} {}", comment.trim_end());
    if !is_plain || !comment.starts_with('#') || rest == comment || !reads(&whole) {
        return None;
    }
    let whole = yaml_quoted(&whole);
    let message = "what follows ` #` is a comment in YAML, also within a text";
    let finding = Finding::new(Code::MissingQuote, message).at(part.location);
    Some(finding.help(format!("put the whole text in quotes: `{whole}`")))
}
