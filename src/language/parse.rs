//! Text to [`Expr`].
use super::ast::{Expr, Span};
use crate::diagnostic::Code;

/// One mistake in a condition's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    /// Its code.
    pub code: Code,
    /// What is wrong, in words.
    pub message: String,
    /// Where in the decoded text.
    pub span: Span,
    /// A remark under the underline.
    pub label: Option<String>,
    /// What to write instead.
    pub help: Option<String>,
}

/// A text that cannot be read, with every mistake found in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseFailure {
    /// At least one.
    pub slips: Vec<Slip>,
}

/// Reads a condition or metric.
///
/// # Errors
/// Every slip found, with its place in `text`.
pub fn parse(_text: &str) -> Result<Expr, ParseFailure> {
    Err(ParseFailure { slips: Vec::new() })
}
