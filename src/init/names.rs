//! Names for config and rules, each of them unique.

use super::words::spelled;
use crate::config::HEALTH;
use crate::decode::check_name;
use crate::language::is_bare;

/// Leaves room for suffixes: `_prev_90d`.
const LONGEST: usize = 40;

#[derive(Debug, Default)]
pub(super) struct Names {
    taken: Vec<String>,
}

impl Names {
    /// Reserves the names of columns, in lowercase because the language ignores case, and Muster's own names.
    pub(super) fn beside<'c>(columns: impl Iterator<Item = &'c str>) -> Self {
        let mut taken: Vec<String> = columns.map(str::to_lowercase).collect();
        taken.push(HEALTH.to_owned());
        Self { taken }
    }

    /// Reserves a name and returns it. If it is taken or invalid, uses one derived from it.
    pub(super) fn take(&mut self, wanted: &str, otherwise: &str) -> String {
        let free = |name: &String| {
            check_name(name).is_ok() && is_bare(name) && !self.taken.contains(&name.to_lowercase())
        };
        let first = [wanted.to_owned(), otherwise.to_owned()].into_iter();
        let more = (2..).map(|number| format!("{otherwise}_{number}"));
        let name = first
            .chain(more.take(10_000))
            .find(free)
            .unwrap_or_else(|| otherwise.to_owned());
        self.taken.push(name.to_lowercase());
        name
    }
}

/// A name for a table in rules: its words, as far as the language allows their letters.
pub(super) fn plain(table: &str) -> String {
    let letters = |c: &char| {
        *c == '_' || c.is_ascii_digit() || (c.is_alphabetic() && is_bare(&c.to_string()))
    };
    let mut name: String = spelled(table)
        .join("_")
        .chars()
        .filter(letters)
        .take(LONGEST)
        .collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert(0, '_');
    }
    match name.trim_matches('_').is_empty() {
        true => "rows".to_owned(),
        false => name,
    }
}
