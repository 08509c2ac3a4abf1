//! Semantic tokens: the kind of each word in conditions.

use gen_lsp_types::{SemanticToken, SemanticTokens, SemanticTokensParams};

use super::position::Lines;
use super::roles::{Role, parts};
use super::view::{Refusal, View};
use crate::language::{Token, functions, tokens};
use crate::reference;
use crate::source::{Location, Scalar, Sources};

/// The kinds of words, in the order of the legend.
pub const KINDS: [&str; 7] = [
    "keyword", "function", "variable", "property", "string", "number", "operator",
];

/// The kind of a word.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Keyword,
    Function,
    Variable,
    Property,
    String,
    Number,
    Operator,
}

/// Keywords that have no entry of their own in the reference.
const SILENT: [&str; 2] = ["the", "business"];

/// The tokens of all conditions in a file.
pub fn full(
    view: &View<'_>,
    params: SemanticTokensParams,
) -> Result<Option<SemanticTokens>, Refusal> {
    let uri = &params.text_document.uri;
    let text = view.text(uri)?;
    let Some(purpose) = view.purpose(uri) else {
        return Ok(None);
    };
    let lines = Lines::new(&text, view.client.encoding);
    let mut sources = Sources::default();
    let file = sources.add(std::path::Path::new(""), text.clone());
    let mut found: Vec<(Location, Kind)> = Vec::new();
    for part in parts(purpose, file, &text) {
        if part.role == Role::Condition {
            let placed = part.scalar.placed(&sources);
            let located = words(&part.scalar).into_iter();
            found.extend(located.map(|(range, kind)| (placed.locate(range), kind)));
        }
    }
    found.sort_by_key(|(place, _)| *place);
    // A YAML alias repeats the location of its anchor.
    found.dedup_by_key(|(place, _)| *place);
    Ok(Some(SemanticTokens {
        result_id: None,
        data: encoded(&found, &lines),
    }))
}

/// The tokens of one condition, by their byte ranges in its text.
pub(super) fn words(condition: &Scalar) -> Vec<(std::ops::Range<usize>, Kind)> {
    let text = condition.value.as_str();
    let all: Vec<(Token, std::ops::Range<usize>)> = tokens(text).collect();
    let word = |place: usize| {
        let range = all.get(place).map(|(_, range)| range.clone());
        range.and_then(|range| text.get(range)).unwrap_or_default()
    };
    let kinds = all
        .iter()
        .enumerate()
        .filter_map(|(place, (token, range))| {
            let before = place.checked_sub(1).map_or("", word);
            let written = word(place);
            let kind = match token {
                Token::Quoted if written.starts_with('`') && before == "." => Kind::Property,
                Token::Quoted if written.starts_with('`') => Kind::Variable,
                Token::Quoted | Token::Unclosed(_) => Kind::String,
                Token::Open | Token::Close => return None,
                Token::Sign if matches!(written, "." | ",") => return None,
                Token::Sign => Kind::Operator,
                Token::Word if written.starts_with(|c: char| c.is_ascii_digit()) => Kind::Number,
                Token::Word if before == "." => Kind::Property,
                Token::Word if word(place + 1) == "(" && is_function(written) => Kind::Function,
                Token::Word if is_keyword(written, before) => Kind::Keyword,
                Token::Word => Kind::Variable,
            };
            Some((range.clone(), kind))
        });
    kinds.collect()
}

fn is_function(word: &str) -> bool {
    functions::names().any(|name| name.eq_ignore_ascii_case(word))
}

/// Whether a word is a keyword. After `segment` and `list`, it is a name.
fn is_keyword(word: &str, before: &str) -> bool {
    let is_name = ["segment", "list"]
        .iter()
        .any(|w| w.eq_ignore_ascii_case(before));
    let is_silent = SILENT.iter().any(|known| known.eq_ignore_ascii_case(word));
    !is_name && (is_silent || reference::is_word(word))
}

/// Encodes tokens for the protocol: each relative to the previous one, and none across lines.
fn encoded(found: &[(Location, Kind)], lines: &Lines<'_>) -> Vec<SemanticToken> {
    let mut last = gen_lsp_types::Position::default();
    let tokens = found.iter().filter_map(|(place, kind)| {
        let range = lines.range(place.start..place.end);
        let is_behind = range.start >= last;
        if range.start.line != range.end.line || !is_behind || range.start == range.end {
            return None;
        }
        let delta_line = range.start.line - last.line;
        let from = if delta_line == 0 { last.character } else { 0 };
        last = range.start;
        Some(SemanticToken {
            delta_line,
            delta_start: range.start.character - from,
            length: range.end.character - range.start.character,
            token_type: *kind as u32,
            token_modifiers_bitset: 0,
        })
    });
    tokens.collect()
}
