//! What a run should say about the data and the rules, in words.

use crate::config::{Locale, marks};
use crate::engine::{Problem, ProblemKind};
use crate::store::Cause;

/// What a changed rule, or an upgrade, did to a segment as one line, instead of as news about customers.
pub fn rule_change_words(
    cause: Cause,
    segment: &str,
    [entered, left]: [i64; 2],
    locale: Locale,
) -> String {
    let what = match cause {
        Cause::Upgrade => "moved by the upgrade of Muster",
        _ => "rule changed",
    };
    let [entered, left] = [entered, left].map(|number| marks(locale).whole(number));
    format!("{what}: `{segment}`: {entered} in, {left} out")
}

/// A problem in the data as one line: what, where, how often, an example.
pub fn problem_words(problem: &Problem) -> String {
    let what = match problem.kind {
        ProblemKind::Orphan => "belong to nobody in the subject's table",
        ProblemKind::NullKey => "have no key",
        ProblemKind::KeyNoNumber => "have a key that is no whole number, and are left out",
        ProblemKind::KeyNoText => "have a key that is no text, and are left out",
        ProblemKind::UnreadableTime => "have a time that cannot be read, and are left out",
        ProblemKind::MissingTime => "have no time, and are left out",
        ProblemKind::ImplausibleTime => "have a time before 1990 or more than two years ahead",
        ProblemKind::Misfit => "have a value of another type than declared, read as missing",
        ProblemKind::Placeholder => "have what stands for no value, read as missing",
        ProblemKind::Inexact => "have a value that cannot be kept exactly",
        ProblemKind::MixedTimes => "have times written in another form than the first",
    };
    let count = marks(Locale::EnUs).whole(i64::try_from(problem.count).unwrap_or(i64::MAX));
    let rows = if problem.count == 1 { "row" } else { "rows" };
    format!(
        "{count} {rows} of `{}` {what} (column `{}`), for example {}",
        problem.table, problem.column, problem.example
    )
}
