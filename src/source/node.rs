//! A YAML file as a tree.

use super::{Location, Scalar};

/// A value in a YAML file. An alias has the location of its anchor.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub kind: NodeKind,
    /// Its raw bytes; for a list or mapping, its start.
    pub location: Location,
}

impl Node {
    /// Its complete range, to the end of its last value.
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

    /// The value of a key in a mapping; the first if the key is repeated.
    pub fn get(&self, key: &str) -> Option<&Self> {
        let NodeKind::Mapping(entries) = &self.kind else {
            return None;
        };
        let mut entries = entries.iter();
        entries
            .find(|(k, _)| k.value == key)
            .map(|(_, value)| value)
    }

    /// The scalar, if it is one.
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.kind {
            NodeKind::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// Every key and value in it, in file order.
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
    /// An empty value, `~` or `null`.
    Empty,
    /// Text as written: `no` and `007` are not converted.
    Scalar(Scalar),
    List(Vec<Node>),
    /// A mapping with its keys in order, including repeated ones.
    Mapping(Vec<(Scalar, Node)>),
}

/// Why a file is not YAML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YamlError {
    pub message: String,
    /// Where parsing stopped.
    pub location: Location,
    pub fault: YamlFault,
}

/// The kind of a YAML error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum YamlFault {
    /// A syntax error.
    Syntax,
    /// Valid YAML with a feature that is not used here: tags, a second document.
    Unused,
    /// The file exceeds a limit.
    TooLarge,
}
