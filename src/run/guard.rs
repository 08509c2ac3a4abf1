//! The guard: whether a run would change so much that a person should look first, and what to report to them.

use super::attempt::{Attempt, Compared};
use crate::config::{Guard, Marks, marks};
use crate::engine::{Evaluation, Problem};
use crate::store::{Cause, DataSummary, Direction, Movement, Run};

/// How many segments are named.
const NAMED: usize = 3;

/// The factor by which a table must have shrunk, or a problem grown, to be reported.
const FAR: usize = 2;

/// The changes of one segment that the guard counts.
struct Change<'a> {
    segment: &'a str,
    before: usize,
    after: usize,
    movements: Vec<&'a Movement>,
}

/// Why a run that follows `newest` is held; `None` if it stays within the guard's bounds.
pub(super) fn held(
    guard: &Guard,
    newest: &Run,
    attempt: &Attempt<'_>,
    evaluation: &Evaluation,
    compared: &Compared,
) -> Option<String> {
    let mut changes = changes(guard, attempt, compared);
    let before: usize = changes.iter().map(|change| change.before).sum();
    let moved: usize = changes.iter().map(|change| change.movements.len()).sum();
    let [part, whole] = [moved, before].map(|count| count as u64);
    // If no segment had members, nothing can be lost.
    let far =
        before > 0 && guard.moves.is_exceeded_by(part, whole) && moved >= guard.at_least as usize;
    if !far {
        return None;
    }
    let marks = marks(attempt.project.config.locale);
    let movements: Vec<&Movement> = changes
        .iter()
        .flat_map(|change| change.movements.iter().copied())
        .collect();
    let entered = count(&movements, |m| m.direction == Direction::Entered);
    let mut parts = vec![format!(
        "{} would change since run {}, as of {}, which had {} ({}%, and `guard:` allows {}%): {} in, {} out",
        marks.counted(moved, "membership"),
        newest.id,
        marks.moment(newest.as_of, attempt.clock.zone),
        marks.whole(before),
        marks.grouped(&guard.moves.part_in_percent(part, whole)),
        marks.grouped(&guard.moves.in_percent()),
        marks.whole(entered),
        marks.whole(moved - entered),
    )];
    changes.sort_by_key(|change| std::cmp::Reverse(change.movements.len()));
    parts.push(most(&changes, &marks));
    parts.extend(causes(&movements, attempt, &marks));
    parts.extend(about_data(newest, attempt, evaluation, &marks));
    Some(parts.join("; "))
}

/// The changes in each published segment that is not excepted. New segments and movements by an upgrade of Muster are
/// not counted, because they take nothing from anybody. Nor are stale segments, in which nobody can move.
fn changes<'a>(guard: &Guard, attempt: &'a Attempt<'_>, compared: &'a Compared) -> Vec<Change<'a>> {
    let comparison = &compared.comparison;
    let segments = attempt.project.ir.segments.zip(&comparison.segments);
    let fresh = segments.filter(|(_, found)| found.stale.is_none());
    let segments = fresh.map(|(planned, found)| {
        let after = found.members.len();
        (planned.id.as_str(), after, found.movements.as_slice())
    });
    let removed = comparison.removed.iter();
    let removed = removed.map(|removed| (removed.id.as_str(), 0, removed.movements.as_slice()));
    let excepted = |id: &str| guard.except.iter().any(|except| except.value == id);
    segments
        .chain(removed)
        .filter(|(segment, ..)| !excepted(segment))
        .filter_map(|(segment, after, movements)| {
            let mut previous = compared.previous.segments.iter();
            let stored = previous.find(|stored| stored.segment.id == segment)?;
            let is_counted = |movement: &&Movement| is_counted(movement.cause);
            Some(Change {
                segment,
                before: stored.members.len() + stored.gone.len(),
                after,
                movements: movements.iter().filter(is_counted).collect(),
            })
        })
        .collect()
}

fn is_counted(cause: Cause) -> bool {
    cause.is_of_customers() || is_by_rules(cause)
}

fn is_by_rules(cause: Cause) -> bool {
    matches!(cause, Cause::Rule | Cause::SegmentRemoved)
}

fn count(movements: &[&Movement], which: impl Fn(&Movement) -> bool) -> usize {
    movements.iter().filter(|movement| which(movement)).count()
}

/// The segments with the largest changes; those come first in `changes`.
fn most(changes: &[Change<'_>], marks: &Marks) -> String {
    let changed = || changes.iter().filter(|change| !change.movements.is_empty());
    let named: Vec<String> = changed()
        .take(NAMED)
        .map(|change| {
            let [before, after] = [change.before, change.after].map(|size| marks.whole(size));
            format!("`{}` {before} → {after}", change.segment)
        })
        .collect();
    let more = changed().count().saturating_sub(NAMED);
    let rest = match more {
        0 => String::new(),
        more => format!(", and {}", marks.counted(more, "more segment")),
    };
    format!("most in {}{rest}", named.join(", "))
}

/// The causes of the changes, other than new data and the passing of time.
fn causes(movements: &[&Movement], attempt: &Attempt<'_>, marks: &Marks) -> Vec<String> {
    let subject = &attempt.project.config.subject;
    let gone = format!(
        "of {} no longer in `{}`",
        subject.plural, subject.table.value
    );
    let no_longer_active = format!("of {} no longer active", subject.plural);
    let by_rules = count(movements, |m| is_by_rules(m.cause));
    let [gone_from, inactive] =
        [Cause::Gone, Cause::Inactive].map(|cause| count(movements, |m| m.cause == cause));
    [
        (by_rules, "by changed rules or config"),
        (gone_from, &gone),
        (inactive, &no_longer_active),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, what)| match number == movements.len() {
        true => format!("all {what}"),
        false => format!("{} {what}", marks.whole(number)),
    })
    .collect()
}

/// What is new about the data since the last published run, as far as that is known.
fn about_data(
    newest: &Run,
    attempt: &Attempt<'_>,
    evaluation: &Evaluation,
    marks: &Marks,
) -> Vec<String> {
    let mut news = Vec::new();
    let subjects = evaluation.subjects.len();
    let former = usize::try_from(newest.subjects).unwrap_or(0);
    if subjects < former / FAR {
        let subject = &attempt.project.config.subject;
        let [now, before] = [subject.counted(subjects, marks), marks.whole(former)];
        news.push(format!("only {now} take part, and {before} did"));
    }
    let Some(summary) = &newest.data_summary else {
        return news;
    };
    for (table, rows) in &evaluation.rows {
        let before = summary.rows.get(table).copied().unwrap_or(0);
        if *rows < before / FAR as u64 {
            let [now, before] = [*rows, before].map(|rows| marks.whole(rows));
            news.push(format!("`{table}` has only {now} rows, and had {before}"));
        }
    }
    let problems = evaluation.problems.iter();
    let grown = problems.filter(|problem| problem.count > FAR as u64 * known(summary, problem));
    news.extend(grown.map(|problem| format!("new in the data: {}", problem.summary())));
    news
}

/// The number of rows with a problem in an earlier run.
fn known(summary: &DataSummary, problem: &Problem) -> u64 {
    let mut problems = summary.problems.iter();
    let same = problems.find(|known| {
        known.kind == problem.kind && known.table == problem.table && known.column == problem.column
    });
    same.map_or(0, |known| known.count)
}
