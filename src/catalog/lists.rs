//! Hand-maintained lists that rules can name.

use std::collections::HashSet;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::Catalog;
use crate::lists::{self, identity};
use crate::value::KeyMatch;

/// A list that rules can name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List {
    /// The name rules use.
    pub name: String,
    /// The subject's column that is looked up in the list.
    pub column: String,
    /// When an entry matches a value.
    pub matching: KeyMatch,
    /// The entries, by their identity. They belong to a run, not to the rule.
    entries: Arc<HashSet<String>>,
}

impl Hash for List {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.name, self.matching).hash(state);
    }
}

impl List {
    /// A list without entries.
    pub(super) fn new(name: &str, column: String, matching: KeyMatch) -> Self {
        Self {
            name: name.to_owned(),
            column,
            matching,
            entries: Arc::default(),
        }
    }

    /// Whether a text is listed.
    pub fn has(&self, text: &str) -> bool {
        self.entries.contains(text) || self.entries.contains(&identity(text, self.matching))
    }
}

impl Catalog {
    /// Fills the lists with the entries of config's lists.
    pub fn fill(&mut self, read: &[lists::List]) {
        for list in &mut self.lists {
            if let Some(read) = read.iter().find(|read| read.name == list.name) {
                let entries = read.entries.iter();
                let entries = entries.map(|entry| identity(&entry.text, list.matching));
                list.entries = Arc::new(entries.collect());
            }
        }
    }
}
