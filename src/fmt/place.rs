//! The place of a condition in a YAML text, and replacing the text there.

use std::collections::HashMap;
use std::ops::Range;

use crate::source::{
    FileId, Location, Node, NodeKind, Replacement, Scalar, column, escaped, line_end, line_stop,
    parse, trimmed,
};

/// The YAML style of a scalar.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Single,
    Double,
    Block,
}

/// A scalar that is the value of a key.
pub(super) struct Place<'t> {
    text: &'t str,
    style: Style,
    /// Whether it is inside braces or brackets, where it cannot have lines of its own.
    pub is_flow: bool,
    /// Whether YAML folds its lines into one, as below a `>`.
    pub is_folded: bool,
    /// The indentation of the key.
    key: usize,
    /// The offset after the key's colon.
    colon: usize,
    /// The range of the scalar including its quotes; for a block, its lines starting at the first character.
    raw: Range<usize>,
}

/// The values of keys, by location. Values with an anchor, a tag or a preceding comment are left out.
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
            // A number in the header sets the indentation explicitly.
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

    /// Whether it is quoted and on one line, where the same text may have several spellings.
    pub(super) fn is_quoted_line(&self) -> bool {
        matches!(self.style, Style::Single | Style::Double)
            && !self.slice(self.raw.clone()).contains(['\r', '\n'])
    }

    /// Its column, in characters.
    pub(super) fn column(&self) -> usize {
        column(self.text, self.raw.start)
    }

    /// The indentation of its lines, if it gets lines of its own.
    pub(super) fn indent(&self) -> usize {
        match self.style {
            Style::Block => self.column(),
            _ => self.key + 2,
        }
    }

    pub(super) fn slice(&self, range: Range<usize>) -> &'t str {
        self.text.get(range).unwrap_or_default()
    }

    /// The range from its key to its end.
    pub(super) fn whole(&self) -> Range<usize> {
        self.colon..self.raw.end
    }

    /// Replaces it with a one-line text, in its existing quotes.
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

    /// Whether a value written here is parsed as a text.
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

    /// Replaces it with a block of lines. A comment after it moves behind the `|`.
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
