//! A YAML file as a tree.

use super::{Location, Scalar};

/// A value of a YAML file. An alias stands where its anchor was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub kind: NodeKind,
    /// The raw bytes; a list's or mapping's start.
    pub location: Location,
}

impl Node {
    /// All of it: to the end of the last value in it.
    pub fn extent(&self) -> Location {
        let ends = match &self.kind {
            NodeKind::Empty | NodeKind::Scalar(_) => None,
            NodeKind::List(items) => items.iter().map(|item| item.extent().end).max(),
            NodeKind::Mapping(entries) => entries.iter().map(|(_, value)| value.extent().end).max(),
        };
        Location {
            end: self.location.end.max(ends.unwrap_or(0)),
            ..self.location
        }
    }

    /// The value of a key of a mapping, the first where it stands twice.
    pub fn get(&self, key: &str) -> Option<&Self> {
        let NodeKind::Mapping(entries) = &self.kind else {
            return None;
        };
        let mut entries = entries.iter();
        entries
            .find(|(k, _)| k.value == key)
            .map(|(_, value)| value)
    }

    /// What it is, where it is a single value.
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.kind {
            NodeKind::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// Every key and value in it, in the order of the file.
    pub fn scalars(&self) -> Vec<&Scalar> {
        match &self.kind {
            NodeKind::Empty => Vec::new(),
            NodeKind::Scalar(scalar) => vec![scalar],
            NodeKind::List(items) => items.iter().flat_map(Self::scalars).collect(),
            NodeKind::Mapping(entries) => {
                let entries = entries.iter();
                let parts =
                    entries.flat_map(|(key, value)| std::iter::once(key).chain(value.scalars()));
                parts.collect()
            }
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum NodeKind {
    /// Nothing, `~` or `null`.
    Empty,
    /// Text as written: `no` and `007` are not turned into something else.
    Scalar(Scalar),
    List(Vec<Node>),
    /// A mapping, its keys in order, repeated ones included.
    Mapping(Vec<(Scalar, Node)>),
}

/// Why a file is no YAML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YamlError {
    pub message: String,
    /// Where the reader gave up.
    pub location: Location,
    pub fault: YamlFault,
}

/// What kind of thing is wrong with a YAML file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum YamlFault {
    /// It breaks YAML's own rules.
    Syntax,
    /// It is YAML of a kind that is not used here: tags, a second document.
    Unused,
    /// There is more of it than we read.
    TooLarge,
}
