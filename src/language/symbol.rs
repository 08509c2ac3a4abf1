//! What has a name in config, rules and tests.

use super::SourceMap;
use super::ast::Span;
use crate::source::{FileId, Location, Sources};

/// Something by its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Symbol {
    Metric(String),
    /// A segment, by its id.
    Segment(String),
    Collection(String),
    Scope(String),
    /// A list kept by hand.
    List(String),
    /// What segments may be filtered by.
    Field(String),
    Bucket(String),
    /// Somebody who is made up for the tests of a file.
    Person {
        file: FileId,
        name: String,
    },
    /// A column of the subject, or of a collection's rows.
    Column {
        /// The collection; none for the subject.
        of: Option<String>,
        /// The lookup whose row has it; none for one of its own.
        lookup: Option<String>,
        name: String,
    },
}

impl Symbol {
    /// The name alone.
    pub fn name(&self) -> &str {
        match self {
            Self::Metric(name)
            | Self::Segment(name)
            | Self::Collection(name)
            | Self::Scope(name)
            | Self::List(name)
            | Self::Field(name)
            | Self::Bucket(name)
            | Self::Person { name, .. }
            | Self::Column { name, .. } => name,
        }
    }
}

/// A name in a condition, and what it stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    pub symbol: Symbol,
    /// The name alone, without what stands before and behind its points.
    pub span: Span,
}

/// Every name in the conditions of config and rules, as far as these could be parsed.
#[derive(Debug, Clone, Default)]
pub struct Names {
    named: Vec<Named>,
    source_map: SourceMap,
}

impl Names {
    /// Names with what they are written in.
    pub(super) fn new(named: Vec<Named>, source_map: SourceMap) -> Self {
        Self { named, source_map }
    }

    /// Each name with its place in the files; those that nobody wrote have none.
    pub fn located<'n>(
        &'n self,
        sources: &'n Sources,
    ) -> impl Iterator<Item = (&'n Symbol, Location)> {
        let mut places = self.source_map.places(sources);
        self.named.iter().filter_map(move |named| {
            // What is made of other keys stands where these do.
            let place = places.written(named.span)?;
            Some((&named.symbol, place))
        })
    }
}
