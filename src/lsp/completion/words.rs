//! The words of a condition before the cursor.

use std::ops::Range;

use crate::catalog::Collection;
use crate::language::check::MetricDefinition;
use crate::language::{Token, tokens};
use crate::project::Project;

/// The words before the cursor.
pub(super) struct Words<'t> {
    text: &'t str,
    pub(super) all: Vec<(Token, Range<usize>)>,
    /// The number of complete words: the cursor is in or directly after the next one.
    pub(super) complete: usize,
}

impl<'t> Words<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let all: Vec<_> = tokens(text).collect();
        let is_typed = all.last().is_some_and(|(token, range)| {
            range.end == text.len() && matches!(token, Token::Word | Token::Unclosed(_))
        });
        let complete = all.len() - usize::from(is_typed);
        Self {
            text,
            all,
            complete,
        }
    }

    /// The incomplete word before the cursor; empty if all are complete.
    pub(super) fn typed(&self) -> &'t str {
        self.at(Some(self.complete))
    }

    /// A complete word, counted backwards from 0; empty if there is none.
    pub(super) fn back(&self, count: usize) -> &'t str {
        let place = self.complete.checked_sub(count + 1);
        self.at(place)
    }

    fn at(&self, place: Option<usize>) -> &'t str {
        let range = place.and_then(|place| self.all.get(place));
        range
            .and_then(|(_, range)| self.text.get(range.clone()))
            .unwrap_or_default()
    }

    pub(super) fn is(&self, count: usize, words: &[&str]) -> bool {
        let word = self.back(count);
        words.iter().any(|one| one.eq_ignore_ascii_case(word))
    }

    pub(super) fn kind(&self, count: usize) -> Option<Token> {
        let place = self.complete.checked_sub(count + 1)?;
        self.all.get(place).map(|(token, _)| *token)
    }

    /// Whether the cursor is inside a quoted text.
    pub(super) fn in_quotes(&self) -> bool {
        let next = self.all.get(self.complete);
        matches!(next, Some((Token::Unclosed('"' | '\''), _)))
    }

    /// The words inside the call that encloses the cursor, as a half-open range.
    fn call(&self) -> Option<Range<usize>> {
        let mut depth = 0_usize;
        for place in (0..self.complete).rev() {
            match self.all.get(place).map(|(token, _)| *token) {
                Some(Token::Close) => depth += 1,
                Some(Token::Open) if depth > 0 => depth -= 1,
                Some(Token::Open) => {
                    let before = place.checked_sub(1)?;
                    let (token, _) = self.all.get(before)?;
                    // Parentheses after `in` enclose a list.
                    let is_list = self.at(Some(before)).eq_ignore_ascii_case("in");
                    if *token == Token::Word && !is_list {
                        return Some(place + 1..self.complete);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// The collection of the call that ends with a word; `count` as in [`Words::back`].
    pub(super) fn call_before<'p>(
        &self,
        count: usize,
        project: &'p Project,
    ) -> Option<&'p Collection> {
        let until = self.complete.checked_sub(count + 1)?;
        let mut depth = 0_usize;
        let open = (0..=until).rev().find(|place| {
            match self.all.get(*place).map(|(token, _)| *token) {
                Some(Token::Close) => depth += 1,
                Some(Token::Open) => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0
        });
        self.collection_in(open?..until, project)
    }

    /// The collection whose rows a word refers to (`count` as in [`Words::back`]), and whether it refers to all of
    /// them: `true` if the collection is named, `false` if a call that ends there, or a metric, yields one of its rows.
    pub(super) fn rows<'p>(
        &self,
        count: usize,
        project: &'p Project,
    ) -> Option<(&'p Collection, bool)> {
        let word = self.back(count).trim_matches('`');
        if word == ")" {
            return Some((self.call_before(count, project)?, false));
        }
        let mut collections = project.catalog.collections.iter();
        let named = collections.find(|rows| rows.name == word);
        let named = named.map(|rows| (rows, true));
        named.or_else(|| Some((row_of_metric(word, project)?, false)))
    }

    /// The collection of the call that encloses the cursor, after its `where`.
    pub(super) fn row_of<'p>(&self, project: &'p Project) -> Option<&'p Collection> {
        let call = self.call()?;
        let is_where = |place: usize| self.at(Some(place)).eq_ignore_ascii_case("where");
        let filter = call.clone().find(|place| is_where(*place))?;
        self.collection_in(call.start..filter, project)
    }

    /// Whether the call that encloses the cursor covers all rows of its collection.
    pub(super) fn are_all_rows(&self) -> bool {
        let Some(call) = self.call() else {
            return true;
        };
        let is_where = |place: usize| self.at(Some(place)).eq_ignore_ascii_case("where");
        let filter = call.clone().find(|place| is_where(*place));
        filter.is_none_or(|filter| filter == call.start + 1)
    }

    /// The first collection named among some words.
    pub(super) fn collection_in<'p>(
        &self,
        mut places: Range<usize>,
        project: &'p Project,
    ) -> Option<&'p Collection> {
        places.find_map(|place| {
            let name = self.at(Some(place));
            project.catalog.collections.iter().find(|c| c.name == name)
        })
    }
}

/// The collection that a metric yields a row of; `None` if it yields no row.
fn row_of_metric<'p>(name: &str, project: &'p Project) -> Option<&'p Collection> {
    let checked = project.checked.metrics.iter().find(|m| m.name == name)?;
    let MetricDefinition::Row(_) = &checked.definition else {
        return None;
    };
    let mut metrics = project.rules.metrics.iter();
    let metric = metrics.find(|m| m.name.value == name)?;
    let text = Words::of(&metric.text.value);
    text.collection_in(0..text.all.len(), project)
}
