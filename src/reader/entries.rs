//! Mappings and lists: unknown, repeated and missing keys, and how many there may be.

use super::record::{Read, head};
use super::{MAX_ENTRIES, Reader};
use crate::diagnostic::{Code, Finding, suggest};
use crate::source::{Location, Node, NodeKind, Scalar};

/// The fields of a mapping whose keys are known.
pub struct Fields<'n> {
    entries: Vec<(&'n Scalar, &'n Node)>,
    head: Location,
}

impl Reader<'_> {
    /// The items of a list.
    pub fn list<'n>(&mut self, node: &'n Node) -> Option<&'n [Node]> {
        match &node.kind {
            NodeKind::List(items) => {
                self.bound(items.len(), node.location)?;
                Some(items)
            }
            NodeKind::Empty => Some(&[]),
            NodeKind::Scalar(_) => {
                self.invalid(
                    node.location,
                    "a list: `[one, two]`, or a line `- one` for each",
                );
                None
            }
            NodeKind::Mapping(_) => {
                self.invalid(
                    head(node),
                    "a list (each item begins with `- `), not a mapping",
                );
                None
            }
        }
    }

    /// The entries of a mapping, without repeated keys.
    pub fn entries<'n>(&mut self, node: &'n Node) -> Option<Vec<(&'n Scalar, &'n Node)>> {
        let entries = match &node.kind {
            NodeKind::Mapping(entries) => entries,
            NodeKind::Empty => return Some(Vec::new()),
            NodeKind::List(_) => {
                self.invalid(node.location, "a mapping (`key: value`), not a list");
                return None;
            }
            NodeKind::Scalar(_) => {
                self.invalid(
                    node.location,
                    "a mapping (`key: value`), not a single value",
                );
                return None;
            }
        };
        self.bound(entries.len(), node.location)?;
        let mut kept: Vec<(&Scalar, &Node)> = Vec::new();
        for (key, value) in entries {
            if let Some((first, _)) = kept.iter().find(|(k, _)| k.value == key.value) {
                let place = self.place(first.location);
                self.report(
                    Finding::new(Code::DuplicateId, format!("`{}` is given twice", key.value))
                        .at(key.location)
                        .label("the second one")
                        .help(format!("the first is at {place}; keep one of them")),
                );
            } else {
                kept.push((key, value));
            }
        }
        Some(kept)
    }

    /// The fields of a mapping that may have these keys and no others. Keys come as Rust writes them
    /// (`r#where`).
    pub fn fields<'n>(&mut self, node: &'n Node, keys: &[&str]) -> Option<Fields<'n>> {
        let entries = self.entries(node)?;
        let known = || keys.iter().map(|key| yaml_key(key));
        for (key, _) in &entries {
            if !known().any(|k| k == key.value) {
                self.unknown_key(key, known());
            }
        }
        Some(Fields {
            entries,
            head: head(node),
        })
    }

    fn unknown_key<'k>(&mut self, key: &Scalar, known: impl Iterator<Item = &'k str> + Clone) {
        let place = match self.path.last() {
            Some(_) => format!("in `{}`", self.path.join(".")),
            None => "at the head of this file".into(),
        };
        let help = match suggest(&key.value, known.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                let all: Vec<_> = known.map(|k| format!("`{k}`")).collect();
                format!("known here: {}", all.join(", "))
            }
        };
        let message = format!("there is no key `{}` {place}", key.value);
        self.report(
            Finding::new(Code::UnknownKey, message)
                .at(key.location)
                .help(help),
        );
    }

    fn bound(&mut self, length: usize, location: Location) -> Option<()> {
        if length <= MAX_ENTRIES {
            return Some(());
        }
        let message = format!(
            "{} has {length} entries, and the limit is {MAX_ENTRIES}",
            self.subject()
        );
        self.report(
            Finding::new(Code::TooLarge, message)
                .at(location)
                .help("split it over several files"),
        );
        None
    }
}

impl Fields<'_> {
    /// Reads the value of a key. One that is empty counts as not there.
    pub fn read<T: Read>(&self, key: &str, reader: &mut Reader<'_>) -> Option<T> {
        let key = yaml_key(key);
        let found = self.entries.iter().find(|(k, _)| k.value == key);
        let value = found.filter(|(_, node)| node.kind != NodeKind::Empty);
        if let Some((_, node)) = value {
            reader.path.push(key.to_owned());
            let value = T::read(node, reader);
            reader.path.pop();
            return value;
        }
        if T::absent().is_none() {
            let owner = match reader.path.last() {
                Some(_) => reader.subject(),
                None => "the file".into(),
            };
            let (message, at) = match found {
                Some((k, _)) => (format!("`{key}:` has no value"), k.location),
                None => (format!("{owner} needs the key `{key}:`"), self.head),
            };
            reader.report(Finding::new(Code::MissingKey, message).at(at));
        }
        T::absent()
    }
}

/// `r#where` is `where` in the file.
fn yaml_key(key: &str) -> &str {
    key.strip_prefix("r#").unwrap_or(key)
}
