//! Reports what is excluded and what counts, for people.

use super::Exclusion;
use crate::init::counted::{Counted, listed};
use crate::init::text::in_line;

/// The conditions, how much they exclude, and which values do and do not `count`.
pub(in crate::init) fn told(words: &str, excluded: &[Exclusion], count: [&str; 2]) -> String {
    if excluded.is_empty() {
        return String::new();
    }
    let conditions: Vec<&str> = excluded
        .iter()
        .map(|excluded| excluded.condition.as_str())
        .collect();
    let most = excluded
        .iter()
        .map(|excluded| excluded.share)
        .fold(0.0, f64::max);
    let share = match most > 0.0 {
        true => format!(" (leaves out about {:.0}%)", (most * 100.0).max(1.0)),
        false => String::new(),
    };
    let values = excluded.iter().map(|excluded| excluded.values(count));
    format!(
        "{words} {}{share}{}",
        in_line(&conditions.join(" and ")),
        values.collect::<String>()
    )
}

/// Columns that are named like a status and exclude nobody, with their values.
pub(in crate::init) fn told_undecided(words: &str, undecided: &[(String, Counted)]) -> String {
    let told = undecided.iter().map(|(column, counted)| {
        let (column, values) = (in_line(column), listed(counted.iter()));
        format!("; {words} whatever `{column}` says: {values}")
    });
    told.collect()
}

impl Exclusion {
    /// Which of its values count, and which do not; empty where none are excluded.
    fn values(&self, [count, not]: [&str; 2]) -> String {
        if self.left_out.is_empty() || self.counted.is_empty() {
            return String::new();
        }
        format!(
            "; by `{}`: {} {count}, and {} {not}",
            in_line(&self.column),
            listed(self.counted.iter()),
            listed(self.left_out.iter())
        )
    }
}
