//! One text to a tree whose parts know where they stand.

use crate::diagnostic::{Code, Finding};
use crate::language::ast::Span;
use crate::language::{Expr, SourceMap, parse};
use crate::source::{Scalar, Sources, yaml_quoted};

/// Reads texts into the source map.
pub(super) struct TextReader<'a> {
    pub sources: &'a Sources,
    pub source_map: &'a mut SourceMap,
    pub findings: &'a mut Vec<Finding>,
}

impl TextReader<'_> {
    /// Parses a text and tells every slip in it.
    pub fn read(&mut self, scalar: &Scalar) -> Option<Expr> {
        self.read_part(&scalar.value, scalar, |at| at)
    }

    /// Parses a part of a text, or something around it. `place` tells where a byte of what is parsed stands
    /// in the text.
    pub fn read_part(
        &mut self,
        part: &str,
        text: &Scalar,
        place: impl Fn(usize) -> usize,
    ) -> Option<Expr> {
        let moved = |span: Span| Span {
            start: place(span.start),
            end: place(span.end),
            ..span
        };
        match parse(part) {
            Ok(mut expr) => {
                expr.each_mut(&mut |expr| {
                    for span in expr.spans_mut() {
                        *span = moved(*span);
                    }
                });
                self.source_map.add(text.clone(), &mut expr);
                Some(expr)
            }
            Err(failure) => {
                let sources = self.sources;
                if let Some(finding) = cut_by_comment(part, text, sources) {
                    self.findings.push(finding);
                    return None;
                }
                self.findings.extend(failure.slips.into_iter().map(|slip| {
                    let span = moved(slip.span);
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
    }
}

/// `name = "Room #1"` without quotes around it: YAML takes ` #1"` for a comment.
fn cut_by_comment(text: &str, part: &Scalar, sources: &Sources) -> Option<Finding> {
    let raw = &sources.get(part.location.file)?.text;
    let rest = raw.get(part.location.end..)?.lines().next()?;
    let comment = rest.trim_start();
    let is_plain = raw.get(part.location.start..)?.starts_with(text);
    let whole = format!("{text} {}", comment.trim_end());
    if !is_plain || !comment.starts_with('#') || rest == comment || parse(&whole).is_err() {
        return None;
    }
    let whole = yaml_quoted(&whole);
    let message = "what follows ` #` is a comment in YAML, also within a text";
    let finding = Finding::new(Code::MissingQuote, message).at(part.location);
    Some(finding.help(format!("put the whole text in quotes: `{whole}`")))
}
