//! Parses YAML into a tree with locations. The only file that names the YAML crate.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::options::{DuplicateKeyPolicy, MergeKeyPolicy, NonFiniteFloatPolicy};
use serde_saphyr::{Error, Location as Mark, Spanned};

use super::node::{Node, NodeKind, YamlError, YamlFault};
use super::{FileId, Location, Scalar};

/// The maximum nesting of mappings and lists; ours need six.
const MAX_DEPTH: usize = 32;
/// The maximum number of keys, scalars, lists and mappings in one file.
const MAX_NODES: usize = 100_000;
/// The maximum number of aliases in one file.
const MAX_ALIASES: usize = 1_000;
/// The maximum number of values that aliases may add to a file: a few short lines could expand to billions.
const MAX_REPLAYED: usize = 20_000;

/// Parses one YAML document. An empty one is [`NodeKind::Empty`].
///
/// # Errors
/// The first place where the text is not YAML, or exceeds our limits.
pub fn parse(file: FileId, text: &str) -> Result<Node, YamlError> {
    let blank = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    let body = text.trim_start_matches('\u{feff}');
    if body.lines().all(|line| blank(line) || line.trim() == "---") {
        return Ok(Node {
            kind: NodeKind::Empty,
            location: Location {
                file,
                start: text.len() - body.len(),
                end: text.len() - body.len(),
            },
        });
    }
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: MAX_DEPTH,
            max_nodes: MAX_NODES,
            max_aliases: MAX_ALIASES,
            max_documents: 1,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: MAX_REPLAYED,
        },
        strict_booleans: true,
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        merge_keys: MergeKeyPolicy::AsOrdinary,
        non_finite_float_policy: NonFiniteFloatPolicy::AsString,
        with_snippet: false,
    };
    let place = Place {
        file,
        text,
        start: text.len() - body.len(),
    };
    match serde_saphyr::from_str_with_options::<Spanned<Raw>>(body, options) {
        Ok(raw) => place.node(raw),
        Err(error) => Err(place.error(&error)),
    }
}

/// A node as the YAML crate returns it.
enum Raw {
    Empty,
    /// A value that the crate read as a number or boolean: the text is taken from the file instead.
    Plain,
    Text(String),
    List(Vec<Spanned<Raw>>),
    Mapping(Vec<(Spanned<Raw>, Spanned<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Empty)
    }
    fn visit_bool<E>(self, _: bool) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }
    fn visit_i64<E>(self, _: i64) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }
    fn visit_u64<E>(self, _: u64) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }
    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(text.to_owned()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Mapping(entries))
    }
}

/// The file being parsed, for converting the crate's marks to byte ranges.
struct Place<'a> {
    file: FileId,
    text: &'a str,
    /// The start of the text passed to the crate: after the byte-order mark.
    start: usize,
}

impl Place<'_> {
    fn node(&self, raw: Spanned<Raw>) -> Result<Node, YamlError> {
        let location = self.location(raw.defined);
        if self.has_tag(&raw.value, location) {
            return Err(tag(location));
        }
        let kind = match raw.value {
            Raw::Empty => NodeKind::Empty,
            Raw::Plain => NodeKind::Scalar(self.plain(location)?),
            Raw::Text(value) => NodeKind::Scalar(Scalar { value, location }),
            Raw::List(items) => NodeKind::List(
                items
                    .into_iter()
                    .map(|i| self.node(i))
                    .collect::<Result<_, _>>()?,
            ),
            Raw::Mapping(entries) => NodeKind::Mapping(
                entries
                    .into_iter()
                    .map(|(key, value)| Ok((self.key(key)?, self.node(value)?)))
                    .collect::<Result<_, _>>()?,
            ),
        };
        Ok(Node { kind, location })
    }

    /// Whether a value is preceded by a tag such as `!paid`, which is not part of it. For a block list, mapping or
    /// scalar the tag may be on the line above.
    ///
    /// Searches backwards from the value, never forwards from the start of its line: one line may contain ten thousand
    /// values.
    fn has_tag(&self, value: &Raw, location: Location) -> bool {
        let own = self
            .text
            .get(location.start..location.end)
            .unwrap_or_default();
        let before = self.text.get(..location.start).unwrap_or_default();
        ends_with_tag(before)
            || begins_line(before) && ends_with_tag(without_block_sign(above(before)))
            || matches!(value, Raw::Empty) && own.starts_with('!')
    }

    fn key(&self, raw: Spanned<Raw>) -> Result<Scalar, YamlError> {
        let location = self.location(raw.defined);
        match raw.value {
            Raw::Text(value) => Ok(Scalar { value, location }),
            Raw::Plain | Raw::Empty => self.plain(location),
            Raw::List(_) | Raw::Mapping(_) => Err(YamlError {
                message: "a key must be a name, not a list or mapping".into(),
                location,
                fault: YamlFault::Unused,
            }),
        }
    }

    fn plain(&self, location: Location) -> Result<Scalar, YamlError> {
        let value = self.text.get(location.start..location.end).unwrap_or("");
        if value.starts_with(['"', '\'', '!', '|', '>']) {
            return Err(tag(location));
        }
        Ok(Scalar {
            value: value.trim_end().to_owned(),
            location,
        })
    }

    fn location(&self, mark: Mark) -> Location {
        let span = mark.span();
        let start = self.start + bytes(span.byte_offset());
        let end = start + bytes(span.byte_len());
        let end = end.min(self.text.len());
        Location {
            file: self.file,
            start: start.min(end),
            end,
        }
    }

    fn error(&self, error: &Error) -> YamlError {
        let mut error = error.without_snippet();
        while let Error::AliasError { error: inner, .. } = error {
            error = inner;
        }
        let at = error.location().map(|mark| self.offset(mark));
        let start = at.unwrap_or(self.start);
        let limit = limit(error);
        let (message, fault) = match limit {
            Some((message, fault)) => (message.to_owned(), fault),
            None => (in_words(&error.to_string()), YamlFault::Syntax),
        };
        YamlError {
            message,
            location: Location {
                file: self.file,
                start,
                end: start,
            },
            fault,
        }
    }

    /// Errors contain only line and column.
    fn offset(&self, mark: Mark) -> usize {
        let line = usize::try_from(mark.line()).unwrap_or(1).max(1);
        let column = usize::try_from(mark.column()).unwrap_or(1).max(1);
        let body = self.text.get(self.start..).unwrap_or("");
        let before: usize = body
            .split_inclusive('\n')
            .take(line - 1)
            .map(str::len)
            .sum();
        let rest = body.get(before..).unwrap_or("");
        let within = rest
            .char_indices()
            .nth(column - 1)
            .map_or(rest.len(), |(i, _)| i);
        self.start + before + within
    }
}

/// Whether the last word of a text is a tag, or a tag followed by an anchor.
fn ends_with_tag(text: &str) -> bool {
    let text = text.trim_end_matches([' ', '\t']);
    let mut words = text.rsplit([' ', '\t', '\r', '\n', '[', '{', ',']);
    let last = words.next().unwrap_or_default();
    match last.starts_with('&') {
        true => words.next().is_some_and(|word| word.starts_with('!')),
        false => last.starts_with('!'),
    }
}

fn begins_line(before: &str) -> bool {
    before.trim_end_matches([' ', '\t']).ends_with(['\n', '\r'])
}

/// The text above a line, up to the end of the last non-blank one, without its comment.
fn above(before: &str) -> &str {
    let mut rest = before.trim_end();
    loop {
        let line = rest.rsplit('\n').next().unwrap_or_default();
        let comment = match line.trim_start().starts_with('#') {
            true => Some(line.len() - line.trim_start().len()),
            false => line.find(" #"),
        };
        let Some(comment) = comment else { return rest };
        let kept = rest.len() - line.len() + comment;
        let is_all = line
            .get(..comment)
            .is_some_and(|line| line.trim().is_empty());
        rest = rest.get(..kept).unwrap_or_default().trim_end();
        if !is_all || rest.is_empty() {
            return rest;
        }
    }
}

/// A line without a trailing block indicator: `|`, `>-`.
fn without_block_sign(line: &str) -> &str {
    let sign = line.trim_end_matches(|c: char| matches!(c, '-' | '+') || c.is_ascii_digit());
    sign.strip_suffix(['|', '>']).unwrap_or(line)
}

fn tag(location: Location) -> YamlError {
    YamlError {
        message: "YAML tags (`!…`) are not used here".into(),
        location,
        fault: YamlFault::Unused,
    }
}

/// The limit that a file exceeds, in words.
fn limit(error: &Error) -> Option<(&'static str, YamlFault)> {
    const DEEP: &str = "lists and mappings are nested too deeply";
    const ANCHORS: &str = "its anchors (`*name`) stand for too much";
    let message = match error {
        Error::Budget { breach, .. } => match breach {
            BudgetBreach::Documents { .. } => {
                let message = "a file holds one document, and `---` begins a second";
                return Some((message, YamlFault::Unused));
            }
            BudgetBreach::Depth { .. } => DEEP,
            BudgetBreach::Nodes { .. } | BudgetBreach::Events { .. } => "it has too many values",
            BudgetBreach::Aliases { .. } | BudgetBreach::AliasAnchorRatio { .. } => ANCHORS,
            _ => return None,
        },
        Error::AliasReplayLimitExceeded { .. } | Error::AliasExpansionLimitExceeded { .. } => {
            ANCHORS
        }
        _ if error.to_string().starts_with("recursion limit exceeded") => DEEP,
        _ => return None,
    };
    Some((message, YamlFault::TooLarge))
}

/// The crate's message without its trailing location; common mistakes in plainer words.
fn in_words(message: &str) -> String {
    let end = message.rfind(" at line ").unwrap_or(message.len());
    match message.get(..end).unwrap_or(message) {
        "mapping values are not allowed in this context" => {
            "there is a `: ` inside a text without quotes".into()
        }
        text if text.starts_with("invalid trailing content after") => {
            "something follows the closing quote of a text".into()
        }
        "while parsing a block mapping, did not find expected key" => {
            "this line is indented more or less than the lines it belongs to".into()
        }
        "while parsing a block collection, did not find expected '-' indicator" => {
            "a `- ` is missing here, or this line is not indented far enough".into()
        }
        "comment intercepting the multiline text" => {
            "a comment ends a text without quotes, but this one continues after it: below a `|` every line can have one".into()
        }
        "simple key expected ':'" => "this line has no `:` after a key and continues nothing above it".into(),
        text => text.to_owned(),
    }
}

fn bytes(n: Option<u64>) -> usize {
    n.and_then(|n| usize::try_from(n).ok()).unwrap_or(0)
}
