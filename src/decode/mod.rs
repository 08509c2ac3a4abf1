//! YAML nodes as fields of Rust types: strict keys, every finding at once, each with its place.
//!
//! A file's shape is written down once, with [`record!`](record): the same declaration gives the reader
//! and the JSON Schema that editors use. A value that cannot be read becomes a finding and is left
//! out; reading goes on.

mod choice;
mod cut;
mod entries;
mod escape;
mod meant;
mod name;
mod open;
mod record;
mod scalar;
mod schema;
mod slip;
mod variable;

use std::ops::Range;

pub(crate) use choice::choice;
pub use name::{RESERVED, check_name};
pub use open::{Opened, open, take};
pub(crate) use record::record;
pub use record::{Entries, List, Placed, Read, Several};
pub use scalar::{Condition, Identifier, Text, conditions};
pub(crate) use schema::inline_schema;
pub use schema::schema_of;

use crate::diagnostic::{Code, Finding};
use crate::source::{Location, Node, NodeKind, Scalar, Sources};

/// The most entries that a list or mapping may have.
pub const MAX_ENTRIES: usize = 2_000;

/// Answers `${NAME}`.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Reads one file's tree and collects what is wrong with it.
pub struct Reader<'a> {
    /// Everything that is wrong so far.
    pub findings: Vec<Finding>,
    sources: &'a Sources,
    environment: Option<Environment<'a>>,
    /// The keys that lead to the value being read: `collections.visits.at`.
    path: Vec<String>,
    /// How long the path of the innermost list is whose items are being read.
    item: Option<usize>,
    /// The conditions read so far, as written.
    conditions: Vec<Scalar>,
    /// Names of what could not be read: a reference to one of them is not reported as unknown.
    unread: Vec<String>,
}

impl<'a> Reader<'a> {
    /// A reader of one file. Without an environment `${NAME}` is plain text.
    pub fn new(sources: &'a Sources, environment: Option<Environment<'a>>) -> Self {
        Self {
            findings: Vec::new(),
            sources,
            environment,
            path: Vec::new(),
            item: None,
            conditions: Vec::new(),
            unread: Vec::new(),
        }
    }

    pub fn report(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Whether something of this name stands in the file and could not be read, which has been told.
    pub fn is_unread(&self, name: &str) -> bool {
        self.unread.iter().any(|unread| unread == name)
    }

    /// A value that does not fit its key: `expected` ends the sentence "`key` must be …".
    pub fn invalid(&mut self, location: Location, expected: &str) {
        let message = format!("{} must be {expected}", self.subject());
        self.report(Finding::new(Code::InvalidValue, message).at(location));
    }

    /// A value that could be made of a text; where there is none, [`Self::invalid`].
    pub fn expect<T>(&mut self, value: Option<T>, location: Location, expected: &str) -> Option<T> {
        if value.is_none() {
            self.invalid(location, expected);
        }
        value
    }

    /// As [`Self::invalid`], with what to do.
    pub fn refuse(&mut self, location: Location, expected: &str, help: impl Into<String>) {
        let message = format!("{} must be {expected}", self.subject());
        let finding = Finding::new(Code::InvalidValue, message).at(location);
        self.report(finding.help(help));
    }

    /// What does not fit what stands beside it, in a sentence of its own, and what to do.
    pub fn object(&mut self, location: Location, message: impl Into<String>, help: &str) {
        let finding = Finding::new(Code::InvalidValue, message).at(location);
        self.report(finding.help(help));
    }

    /// What is being read, for the start of a sentence.
    fn subject(&self) -> String {
        match self.path.last() {
            Some(_) => format!("`{}`", self.path.join(".")),
            None => "the file".into(),
        }
    }

    /// Where the first of two things stands, as `rules/a.yaml:12`.
    pub fn place(&self, location: Location) -> String {
        self.sources.place(location)
    }

    /// Where a byte range of a decoded scalar stands in the file.
    pub fn locate(&self, scalar: &Scalar, range: Range<usize>) -> Location {
        scalar.locate(range, self.sources)
    }

    /// The scalar of a node as written; a finding where it is none.
    fn written<'n>(&mut self, node: &'n Node) -> Option<&'n Scalar> {
        match &node.kind {
            NodeKind::Scalar(scalar) => return Some(scalar),
            NodeKind::Empty => {
                let message = format!("{} has no value", self.subject());
                self.report(Finding::new(Code::MissingKey, message).at(node.location));
            }
            NodeKind::List(_) => self.invalid(node.location, "a single value, not a list"),
            NodeKind::Mapping(_) => self.invalid(node.location, "a single value, not a mapping"),
        }
        None
    }
}
