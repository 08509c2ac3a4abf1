//! Trouble in the data, counted, with an example each.

use rusqlite::types::ValueRef;

use crate::engine::{Problem, ProblemKind};

/// How much of an odd value an example shows.
const SHOWN: usize = 60;

/// How often something was met, and the first time it was.
#[derive(Debug, Default)]
pub(super) struct Tally {
    count: u64,
    example: String,
}

impl Tally {
    /// One more; `example` is asked for once.
    #[cold]
    pub(super) fn add(&mut self, example: impl FnOnce() -> String) {
        if self.count == 0 {
            self.example = example();
        }
        self.count += 1;
    }

    /// Some more.
    pub(super) fn add_many(&mut self, count: u64, example: impl FnOnce() -> String) {
        self.add(example);
        self.count += count.saturating_sub(1);
    }

    /// The problem that it is, if it was met at all.
    pub(super) fn into_problem(
        self,
        kind: ProblemKind,
        table: &str,
        column: &str,
    ) -> Option<Problem> {
        (self.count > 0).then(|| Problem {
            kind,
            table: table.to_owned(),
            column: column.to_owned(),
            count: self.count,
            example: self.example,
        })
    }
}

/// A stored value for people, shortened.
pub(super) fn shown(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "nothing".to_owned(),
        ValueRef::Integer(value) => value.to_string(),
        ValueRef::Real(value) => value.to_string(),
        ValueRef::Text(text) => {
            let text = String::from_utf8_lossy(text);
            let mut short: String = text.chars().take(SHOWN).collect();
            if short.len() < text.len() {
                short.push('…');
            }
            format!("{short:?}")
        }
        ValueRef::Blob(bytes) => format!("{} bytes", bytes.len()),
    }
}
