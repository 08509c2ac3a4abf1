//! Editing the entries of a mapping in a text: setting, adding and removing.

use std::ops::Range;

use super::Refused;
use crate::source::{
    Node, NodeKind, Replacement, Scalar, column, line_end, line_start, line_stop, trimmed,
};

/// A mapping in a text.
pub(super) struct Entries<'t> {
    text: &'t str,
    entries: &'t [(Scalar, Node)],
    /// Whether it is written in braces, on one line.
    pub(super) is_flow: bool,
    /// The indentation of its keys.
    pub(super) indent: usize,
}

impl<'t> Entries<'t> {
    /// Finds the entries of a mapping.
    ///
    /// # Errors
    /// The node is not a mapping that is written out at this place.
    pub(super) fn of(text: &'t str, node: &'t Node) -> Result<Self, Refused> {
        let NodeKind::Mapping(entries) = &node.kind else {
            return Err("this is not a mapping of keys and values".to_owned());
        };
        let start = node.location.start;
        let is_flow = text.get(start..).is_some_and(|rest| rest.starts_with('{'));
        let first = entries.first().map_or(start, |(key, _)| key.location.start);
        Ok(Self {
            text,
            entries,
            is_flow,
            indent: column(text, first),
        })
    }

    pub(super) fn get(&self, key: &str) -> Option<&'t Node> {
        let mut entries = self.entries.iter();
        entries
            .find(|(known, _)| known.value == key)
            .map(|(_, value)| value)
    }

    fn place(&self, key: &str) -> Option<usize> {
        self.entries
            .iter()
            .position(|(known, _)| known.value == key)
    }

    /// The byte range of a value, including its `|` or quotes.
    ///
    /// # Errors
    /// There is no such key, or the value has an anchor or a tag, or is an alias.
    pub(super) fn raw(&self, key: &str) -> Result<Range<usize>, Refused> {
        let place = self.place(key).and_then(|place| self.entries.get(place));
        let (known, value) = place.ok_or_else(|| format!("there is no `{key}`"))?;
        let rest = self.text.get(known.location.end..).unwrap_or_default();
        let colon = rest
            .find(':')
            .map_or(known.location.end, |at| known.location.end + at + 1);
        let behind = self.text.get(colon..).unwrap_or_default();
        let blank = behind.len() - behind.trim_start_matches([' ', '\t']).len();
        let begin = colon + blank;
        if self
            .text
            .get(begin..)
            .is_some_and(|raw| raw.starts_with(['*', '&', '!']))
        {
            return Err(format!(
                "`{key}` is written with an anchor or a tag of YAML"
            ));
        }
        let end = match value.kind {
            NodeKind::Empty => begin,
            _ => self.end_of(value),
        };
        Ok(trimmed(self.text, begin..end.max(begin)))
    }

    /// The end of a value, including its closing bracket.
    fn end_of(&self, value: &Node) -> usize {
        let end = value.extent().end;
        let opens = |c| {
            self.text
                .get(value.location.start..)
                .is_some_and(|raw| raw.starts_with(c))
        };
        let closing = match &value.kind {
            NodeKind::List(_) if opens('[') => ']',
            NodeKind::Mapping(_) if opens('{') => '}',
            _ => return end,
        };
        let rest = self.text.get(end..).unwrap_or_default();
        rest.find(closing).map_or(end, |at| end + at + 1)
    }

    /// Replaces the value of a key, possibly with several lines. A comment after the old value stays on the line of the
    /// key.
    ///
    /// # Errors
    /// See [`Entries::raw`].
    pub(super) fn set(&self, key: &str, value: &str) -> Result<Replacement, Refused> {
        let raw = self.raw(key)?;
        let before = self.text.get(..raw.start).unwrap_or_default();
        let glue = match before.ends_with(':') && !value.starts_with(['\n', '\r']) {
            true => " ",
            false => "",
        };
        let old = self.text.get(raw.clone()).unwrap_or_default();
        let header = old.lines().next().filter(|_| old.starts_with(['|', '>']));
        let Some(first) = value.find(['\n', '\r']) else {
            return match header.and_then(|header| header.find('#')) {
                Some(_) => Err(format!("a comment comes after the `|` of `{key}`")),
                None => Ok((raw, format!("{glue}{value}"))),
            };
        };
        let stop = line_stop(self.text, raw.end);
        let behind = self.text.get(raw.end..stop).unwrap_or_default();
        let comment = match header {
            Some(header) => header.find('#').and_then(|at| header.get(at..)),
            None => Some(behind.trim()).filter(|behind| !behind.is_empty()),
        };
        let comment = comment.map_or_else(String::new, |comment| format!(" {comment}"));
        let (line, more) = value.split_at_checked(first).unwrap_or((value, ""));
        let end = if header.is_some() { raw.end } else { stop };
        Ok((raw.start..end, format!("{glue}{line}{comment}{more}")))
    }

    /// Adds a key after the last of those that usually precede it.
    pub(super) fn add(&self, key: &str, value: &str, before: &[&str]) -> Replacement {
        let known = self.entries.iter().rev();
        let mut known = known.filter(|(known, _)| before.contains(&known.value.as_str()));
        let last = known.next().or(self.entries.last());
        let end = last.map_or(0, |(key, value)| match value.kind {
            NodeKind::Empty => key.location.end + 1,
            _ => self.end_of(value),
        });
        let end = trimmed(self.text, 0..end).end;
        if self.is_flow {
            return (end..end, format!(", {key}: {value}"));
        }
        let stop = line_stop(self.text, end);
        let glue = if value.starts_with(['\n', '\r']) {
            ""
        } else {
            " "
        };
        let indent = " ".repeat(self.indent);
        (
            stop..stop,
            format!("{}{indent}{key}:{glue}{value}", line_end(self.text)),
        )
    }

    /// Removes a key with its lines.
    ///
    /// # Errors
    /// It shares a line with something else.
    pub(super) fn remove(&self, key: &str) -> Result<Replacement, Refused> {
        let place = self.place(key).and_then(|place| self.entries.get(place));
        let (known, _) = place.ok_or_else(|| format!("there is no `{key}`"))?;
        let start = line_start(self.text, known.location.start);
        let alone = self.text.get(start..known.location.start);
        if self.is_flow || !alone.is_some_and(|before| before.trim().is_empty()) {
            return Err(format!("`{key}` shares its line with something else"));
        }
        let stop = line_stop(self.text, self.raw(key)?.end);
        // Starts at the end of the previous line, because the last line may have no line ending.
        let from = self.text.get(..start).map_or(0, |before| {
            before
                .strip_suffix("\r\n")
                .or(before.strip_suffix('\n'))
                .map_or(start, str::len)
        });
        Ok((from..stop, String::new()))
    }
}
