//! The checks before the grammar runs: length, depth, quotes, parentheses, foreign operators.
//!
//! Iterative, so that no input can exhaust the stack. The grammar may rely on what this lets pass.

use std::ops::Range;

use super::dates::foreign_dates;
use super::scan::{Token, is_curly, tokens};
use super::{Slip, slips};

/// The longest text that is parsed, in bytes.
pub(super) const MAX_LENGTH: usize = 64 * 1024;
/// The deepest nesting of parentheses, `not` and unary minus, counted together.
pub(super) const MAX_DEPTH: usize = 128;

/// The result of checking the outer form of a text.
#[derive(Default)]
pub(super) struct Outer {
    /// The slips found.
    pub slips: Vec<Slip>,
    /// True if the grammar must not run: it could not find out anything useful, or not safely.
    pub broken: bool,
}

/// Checks the outer form of a text.
pub(super) fn prescan(text: &str) -> Outer {
    if text.len() > MAX_LENGTH {
        return Outer {
            slips: vec![slips::too_large(text, MAX_LENGTH)],
            broken: true,
        };
    }
    let mut state = Prescan::new(text);
    for (token, range) in tokens(text) {
        if !state.take(token, range) {
            break;
        }
    }
    for slip in foreign_dates(text) {
        state.break_off(slip);
    }
    state.finish()
}

/// An open parenthesis, and the prefixes before it.
struct Level {
    at: usize,
    prefixes: usize,
}

struct Prescan<'t> {
    text: &'t str,
    outer: Outer,
    levels: Vec<Level>,
    /// The number of prefixes that wait for their operand, and of those before the open parentheses.
    waiting: usize,
    held: usize,
    /// Whether an operand has just ended, so that a minus is not a prefix.
    after_operand: bool,
}

impl<'t> Prescan<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            outer: Outer::default(),
            levels: Vec::new(),
            waiting: 0,
            held: 0,
            after_operand: false,
        }
    }

    /// Processes one token; false if it makes no sense to continue.
    fn take(&mut self, token: Token, range: Range<usize>) -> bool {
        let word = self.text.get(range.clone()).unwrap_or("");
        if self.is_prefix(token, word) {
            self.waiting += 1;
        } else if token == Token::Open {
            self.held += self.waiting;
            self.levels.push(Level {
                at: range.start,
                prefixes: std::mem::take(&mut self.waiting),
            });
        } else {
            self.waiting = 0;
        }
        if self.levels.len() + self.held + self.waiting > MAX_DEPTH {
            self.outer.slips.push(slips::too_deep(range, MAX_DEPTH));
            self.outer.broken = true;
            self.levels.clear();
            return false;
        }
        match token {
            Token::Close => self.close(range.clone()),
            Token::Unclosed(quote) => {
                self.break_off(slips::missing_quote(self.text, quote, range.clone()))
            }
            Token::Quoted if word.starts_with(is_curly) => {
                self.outer
                    .slips
                    .push(slips::curly_quotes(word, range.clone()));
            }
            Token::Sign => self
                .outer
                .slips
                .extend(slips::foreign_sign(self.text, range.clone())),
            _ => {}
        }
        self.after_operand = match token {
            Token::Word => !is_operator_word(word),
            Token::Sign => word == "%",
            Token::Open => false,
            _ => true,
        };
        true
    }

    fn is_prefix(&self, token: Token, word: &str) -> bool {
        match token {
            Token::Word => word.eq_ignore_ascii_case("not"),
            Token::Sign => word == "!" || (!self.after_operand && matches!(word, "-" | "−" | "–")),
            _ => false,
        }
    }

    fn close(&mut self, range: Range<usize>) {
        match self.levels.pop() {
            Some(level) => self.held -= level.prefixes,
            None => self.break_off(slips::stray_parenthesis(range)),
        }
    }

    fn break_off(&mut self, slip: Slip) {
        self.outer.slips.push(slip);
        self.outer.broken = true;
    }

    fn finish(mut self) -> Outer {
        for level in std::mem::take(&mut self.levels) {
            self.break_off(slips::unclosed_parenthesis(level.at));
        }
        self.outer
    }
}

/// Words after which an operand must follow.
fn is_operator_word(word: &str) -> bool {
    [
        "and", "or", "not", "is", "in", "between", "contains", "with", "where", "by", "from", "to",
        "since",
    ]
    .iter()
    .any(|w| word.eq_ignore_ascii_case(w))
}
