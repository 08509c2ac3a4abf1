//! Everything that has a name in config, rules and tests.

use super::SourceMap;
use super::ast::Span;
use crate::source::{FileId, Location, Sources};

/// A named item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Symbol {
    Metric(String),
    /// A segment, by its id.
    Segment(String),
    Collection(String),
    Scope(String),
    /// A hand-maintained list.
    List(String),
    /// A field by which segments can be filtered.
    Field(String),
    Bucket(String),
    /// A person made up for the tests of a file.
    Person {
        file: FileId,
        name: String,
    },
    /// A column of the subject, or of a collection's rows.
    Column {
        /// The collection; `None` for the subject.
        of: Option<String>,
        /// The lookup whose row has it; `None` for one of its own columns.
        lookup: Option<String>,
        name: String,
    },
}

impl Symbol {
    /// Only the name.
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
    /// The place of the name alone, without what comes before and after its points.
    pub span: Span,
}

/// Every name in the conditions of config and rules, as far as they could be parsed.
#[derive(Debug, Clone, Default)]
pub struct Names {
    named: Vec<Named>,
    source_map: SourceMap,
}

impl Names {
    /// Names with the texts that contain them.
    pub(super) fn new(named: Vec<Named>, source_map: SourceMap) -> Self {
        Self { named, source_map }
    }

    /// Each name with its location in the files; generated names have none.
    pub fn located<'n>(
        &'n self,
        sources: &'n Sources,
    ) -> impl Iterator<Item = (&'n Symbol, Location)> {
        let mut places = self.source_map.places(sources);
        self.named.iter().filter_map(move |named| {
            // What is made from other keys has their location.
            let place = places.written(named.span)?;
            Some((&named.symbol, place))
        })
    }
}
