//! Where in a YAML text a condition stands, and the same place with another text in it.

use std::collections::HashMap;
use std::ops::Range;

use crate::source::{
    FileId, Location, Node, NodeKind, Replacement, Scalar, column, escaped, line_end, line_stop,
    parse, trimmed,
};

/// How a scalar is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Single,
    Double,
    Block,
}

/// A scalar as the value of a key.
pub(super) struct Place<'t> {
    text: &'t str,
    style: Style,
    /// Whether it stands in braces or brackets, where nothing has lines of its own.
    pub is_flow: bool,
    /// Whether YAML makes one line of its lines: those below a `>`.
    pub is_folded: bool,
    /// How deep the key stands.
    key: usize,
    /// Behind the colon of the key.
    colon: usize,
    /// The scalar itself, its quotes included; the lines of a block without what stands before the first character.
    raw: Range<usize>,
}

/// The values of keys by where they stand. What has an anchor, a tag or a comment before it is left out.
pub(super) fn places<'t>(text: &'t str, tree: &Node) -> HashMap<Location, Place<'t>> {
    let mut places = HashMap::new();
    walk(text, tree, false, &mut places);
    places
}

fn walk<'t>(text: &'t str, node: &Node, is_flow: bool, places: &mut HashMap<Location, Place<'t>>) {
    let rest = text.get(node.location.start..).unwrap_or_default();
    let is_flow = is_flow || rest.starts_with(['{', '[']);
    match &node.kind {
        NodeKind::Empty | NodeKind::Scalar(_) => {}
        NodeKind::List(items) => {
            for item in items {
                walk(text, item, is_flow, places);
            }
        }
        NodeKind::Mapping(entries) => {
            for (key, value) in entries {
                match &value.kind {
                    NodeKind::Scalar(scalar) => {
                        let place = Place::of(text, key, scalar, is_flow);
                        places.extend(place.map(|place| (scalar.location, place)));
                    }
                    _ => walk(text, value, is_flow, places),
                }
            }
        }
    }
}

impl<'t> Place<'t> {
    fn of(text: &'t str, key: &Scalar, value: &Scalar, is_flow: bool) -> Option<Self> {
        let Location { start, end, .. } = value.location;
        let between = text.get(key.location.end..start)?;
        let blanks = between.strip_prefix(':')?;
        let header = blanks.trim_start_matches([' ', '\t']);
        let style = match header.chars().next() {
            // A number in the header says how deep its lines stand.
            Some('|' | '>')
                if !header
                    .split(['\r', '\n'])
                    .next()?
                    .contains(|c: char| c.is_ascii_digit()) =>
            {
                Style::Block
            }
            _ if !blanks.trim().is_empty() => return None,
            _ => match text.get(start..)?.chars().next()? {
                '"' => Style::Double,
                '\'' => Style::Single,
                _ => Style::Plain,
            },
        };
        Some(Self {
            text,
            style,
            is_flow,
            is_folded: header.starts_with('>'),
            key: column(text, key.location.start),
            colon: key.location.end + 1,
            raw: trimmed(text, start..end),
        })
    }

    pub(super) fn is_block(&self) -> bool {
        self.style == Style::Block
    }

    /// Whether it stands in quotes, on one line: what says the same there may be spelled in several ways.
    pub(super) fn is_quoted_line(&self) -> bool {
        matches!(self.style, Style::Single | Style::Double)
            && !self.slice(self.raw.clone()).contains(['\r', '\n'])
    }

    /// How far in its line it begins, in characters.
    pub(super) fn column(&self) -> usize {
        column(self.text, self.raw.start)
    }

    /// How deep its lines stand, where it has any of its own.
    pub(super) fn indent(&self) -> usize {
        match self.style {
            Style::Block => self.column(),
            _ => self.key + 2,
        }
    }

    pub(super) fn slice(&self, range: Range<usize>) -> &'t str {
        self.text.get(range).unwrap_or_default()
    }

    /// It from its key on.
    pub(super) fn whole(&self) -> Range<usize> {
        self.colon..self.raw.end
    }

    /// It with a text of one line, in the quotes that it has.
    pub(super) fn on_one_line(&self, line: &str) -> Option<Replacement> {
        let quoted = |quote: char| format!("{quote}{}{quote}", escaped(Some(quote), line));
        let plain = Some(line.to_owned()).filter(|_| self.style == Style::Plain);
        let new = match self.style {
            Style::Double => quoted('"'),
            Style::Single => quoted('\''),
            Style::Plain | Style::Block => plain
                .filter(|new| self.says(new, line))
                .unwrap_or_else(|| quoted('\'')),
        };
        self.says(&new, line).then(|| (self.raw.clone(), new))
    }

    /// Whether a value, where it is written here, says a text.
    fn says(&self, value: &str, text: &str) -> bool {
        let written = match self.is_flow {
            true => format!("{{ key: {value} }}"),
            false => format!("key: {value}"),
        };
        let Ok(tree) = parse(FileId(0), &written) else {
            return false;
        };
        match &tree.kind {
            NodeKind::Mapping(entries) => match entries.as_slice() {
                [(_, value)] => {
                    matches!(&value.kind, NodeKind::Scalar(scalar) if scalar.value == text)
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// It as a block of lines. A comment behind it goes behind the `|`.
    pub(super) fn in_lines(&self, lines: &[String]) -> Replacement {
        let end = line_end(self.text);
        let indent = " ".repeat(self.indent());
        let lines = lines.iter().map(|line| match line.as_str() {
            "" => String::new(),
            line => format!("{indent}{line}"),
        });
        let lines = lines.collect::<Vec<_>>().join(end);
        if self.is_block() {
            return (self.raw.clone(), lines.trim_start().to_owned());
        }
        let stop = line_stop(self.text, self.raw.end);
        let comment = self.slice(self.raw.end..stop).trim();
        let blank = if comment.is_empty() { "" } else { " " };
        (self.colon..stop, format!(" |{blank}{comment}{end}{lines}"))
    }
}
