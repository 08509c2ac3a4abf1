//! The pest grammar. No other file uses pest.

use std::sync::LazyLock;

use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};
use pest::pratt_parser::{Assoc, Op, PrattParser};

/// A node of the parse tree.
pub(super) type Node<'t> = pest::iterators::Pair<'t, Rule>;
/// Sibling nodes.
pub(super) type Nodes<'t> = pest::iterators::Pairs<'t, Rule>;

mod generated {
    #[derive(pest_derive::Parser)]
    #[grammar = "grammar/condition.pest"]
    pub struct Condition;
}
use generated::Condition;
pub(super) use generated::Rule;

/// Precedence: `or` < `and` < `not`.
pub(super) static LOGIC: LazyLock<PrattParser<Rule>> = LazyLock::new(|| {
    PrattParser::new()
        .op(Op::infix(Rule::or, Assoc::Left))
        .op(Op::infix(Rule::and, Assoc::Left))
        .op(Op::prefix(Rule::not))
});

/// Precedence: `+ -` < `* /` < unary `-`.
pub(super) static ARITHMETIC: LazyLock<PrattParser<Rule>> = LazyLock::new(|| {
    PrattParser::new()
        .op(Op::infix(Rule::add, Assoc::Left) | Op::infix(Rule::subtract, Assoc::Left))
        .op(Op::infix(Rule::multiply, Assoc::Left) | Op::infix(Rule::divide, Assoc::Left))
        .op(Op::prefix(Rule::minus))
});

/// What a text is parsed as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// A condition or value.
    Condition,
    /// Rows: a collection, optionally with a window and a `where`.
    Rows,
}

/// Where parsing stopped, and what could have come there.
pub(super) struct Stop {
    /// What was being parsed.
    pub entry: Entry,
    /// The byte at which nothing matched.
    pub at: usize,
    /// The rules that were tried there.
    pub expected: Vec<Rule>,
    /// True if parsing ended because of the caller's stack, not because of the text.
    pub exhausted: bool,
}

/// Parses a text.
pub(super) fn read(text: &str, entry: Entry) -> Result<Nodes<'_>, Stop> {
    let rule = match entry {
        Entry::Condition => Rule::condition,
        Entry::Rows => Rule::rows,
    };
    Condition::parse(rule, text).map_err(|error| {
        let at = match error.location {
            InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
        };
        let (expected, exhausted) = match error.variant {
            ErrorVariant::ParsingError { positives, .. } => (positives, false),
            ErrorVariant::CustomError { .. } => (Vec::new(), true),
        };
        Stop {
            entry,
            at,
            expected,
            exhausted,
        }
    })
}

/// True if a field can be written without backticks, directly after a point.
pub(super) fn is_bare_field(name: &str) -> bool {
    Condition::parse(Rule::bare_field, name).is_ok()
}

/// True if a name can be written without backticks everywhere.
pub fn is_bare(name: &str) -> bool {
    Condition::parse(Rule::bare_name, name).is_ok()
}

/// True for words that are names only in backticks.
pub(super) fn is_reserved(word: &str) -> bool {
    Condition::parse(Rule::reserved_word, word).is_ok()
}
