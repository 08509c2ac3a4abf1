//! Decodes YAML nodes into Rust types: strict keys, all findings at once, each with its location.
//!
//! A file's shape is declared once, with [`record!`](record): the declaration yields both the reader and the JSON
//! Schema that editors use. A value that cannot be read becomes a finding and is skipped; reading continues.

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

/// The maximum number of entries in a list or mapping.
pub const MAX_ENTRIES: usize = 2_000;

/// Resolves `${NAME}`.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Reads one file's tree and collects its errors.
pub struct Reader<'a> {
    /// The findings so far.
    pub findings: Vec<Finding>,
    sources: &'a Sources,
    environment: Option<Environment<'a>>,
    /// The keys that lead to the current value: `collections.visits.at`.
    path: Vec<String>,
    /// The length of the path at the innermost list whose items are being read.
    item: Option<usize>,
    /// The conditions read so far, as written.
    conditions: Vec<Scalar>,
    /// Names of things that could not be read: references to them are not reported as unknown.
    unread: Vec<String>,
}

impl<'a> Reader<'a> {
    /// A reader for one file. Without an environment, `${NAME}` is plain text.
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

    /// Whether the file contains something with this name that could not be read, which has already been reported.
    pub fn is_unread(&self, name: &str) -> bool {
        self.unread.iter().any(|unread| unread == name)
    }

    /// Reports a value that does not fit its key: `expected` completes the sentence "`key` must be …".
    pub fn invalid(&mut self, location: Location, expected: &str) {
        let message = format!("{} must be {expected}", self.subject());
        self.report(Finding::new(Code::InvalidValue, message).at(location));
    }

    /// The value converted from a text; if there is none, reports [`Self::invalid`].
    pub fn expect<T>(&mut self, value: Option<T>, location: Location, expected: &str) -> Option<T> {
        if value.is_none() {
            self.invalid(location, expected);
        }
        value
    }

    /// Like [`Self::invalid`], with a help text.
    pub fn refuse(&mut self, location: Location, expected: &str, help: impl Into<String>) {
        let message = format!("{} must be {expected}", self.subject());
        let finding = Finding::new(Code::InvalidValue, message).at(location);
        self.report(finding.help(help));
    }

    /// Reports a key that does not fit the other keys, with a complete message and what to do.
    pub fn object(&mut self, location: Location, message: impl Into<String>, help: &str) {
        let finding = Finding::new(Code::InvalidValue, message).at(location);
        self.report(finding.help(help));
    }

    /// What is being read, as the start of a sentence.
    fn subject(&self) -> String {
        match self.path.last() {
            Some(_) => format!("`{}`", self.path.join(".")),
            None => "the file".into(),
        }
    }

    /// The location of the first of two things, as `rules/a.yaml:12`.
    pub fn place(&self, location: Location) -> String {
        self.sources.place(location)
    }

    /// The location in the file of a byte range of a decoded scalar.
    pub fn locate(&self, scalar: &Scalar, range: Range<usize>) -> Location {
        scalar.locate(range, self.sources)
    }

    /// The scalar of a node as written; otherwise a finding.
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
