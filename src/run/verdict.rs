//! Whether a run may be published.

use super::attempt::{Attempt, Compared};
use super::guard;
use crate::engine::{Evaluation, Key};
use crate::store::Run;

/// The verdict on an evaluated run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Its memberships become the published ones.
    Publish,
    /// The same, because a person accepted what would have held it: the reason.
    Accept(String),
    /// Only its metrics are written.
    Backfill,
    /// It is shown and not written; with the reason, if that was not requested.
    Show(Option<String>),
    /// It is shown, and recorded as held for this reason.
    Hold(String),
}

/// The least number of former subjects whose keys must have disappeared for that to count, unless all have.
const MANY: usize = 20;

/// What to do about a held run.
const REMEDY: &str = "if this is right, `muster run --accept` publishes it; if not, fix the data or the rules, and the next run \
                      is published by itself";

/// Decides by the instants of the run, of the newest published run and of the wall clock, and by what the run would
/// remove.
pub(super) fn verdict(
    attempt: &Attempt<'_>,
    evaluation: &Evaluation,
    compared: &Compared,
) -> Verdict {
    let Attempt { options, clock, .. } = attempt;
    let present = attempt.present();
    let newest = compared.previous.run.as_ref();
    // A run in the future was published while the clock was wrong: it must not block for years.
    let older = newest.is_some_and(|newest| clock.now < newest.as_of && newest.as_of <= present);
    let held = newest
        .filter(|_| !older)
        .and_then(|newest| held(newest, attempt, evaluation, compared));
    if options.dry_run {
        let words = |reason| {
            format!("dry run: nothing was written; a run would be held: {reason}; {REMEDY}")
        };
        return Verdict::Show(held.map(words));
    }
    if clock.now > present {
        return Verdict::Show(Some(
            "not published: the instant is ahead of the clock".into(),
        ));
    }
    match (older, held) {
        (true, _) if options.backfill => Verdict::Backfill,
        (true, _) => Verdict::Show(Some(
            "not published: a newer instant is published already; \
             `--publish` adds this one's numbers to the history"
                .into(),
        )),
        (false, Some(reason)) if options.accept => Verdict::Accept(reason),
        (false, Some(reason)) => Verdict::Hold(format!("{reason}; {REMEDY}")),
        (false, None) => Verdict::Publish,
    }
}

/// Why a run that follows a published one is probably unwanted.
fn held(
    newest: &Run,
    attempt: &Attempt<'_>,
    evaluation: &Evaluation,
    compared: &Compared,
) -> Option<String> {
    let config = &attempt.project.config;
    let segments = compared.previous.segments.len();
    if evaluation.segments.is_empty() && segments > 0 {
        let pattern = &config.rules.value;
        return Some(format!(
            "no file of `{pattern}` defines a segment, and the last run had {segments}"
        ));
    }
    let former = usize::try_from(newest.subjects).unwrap_or(0);
    if evaluation.subjects.is_empty() && former > 0 {
        return Some(format!("nobody is left, and the last run had {former}"));
    }
    let (lost, others) = exchanged(former, evaluation, &compared.list_changes.removed);
    let all = lost == former && lost > 1;
    if (all || lost >= MANY && lost * 2 > former) && others * 2 > lost {
        let (subject, key) = (&config.subject.table.value, &config.subject.key.value);
        return Some(format!(
            "{lost} of the {former} of the last run are no longer in `{subject}` (column `{key}`), and \
             {others} new ones are: if only their keys have changed, everybody would leave and enter again"
        ));
    }
    let guard = config.guard.as_ref()?;
    guard::held(guard, newest, attempt, evaluation, compared)
}

/// How many former subjects no longer have a key, and how many new subjects there are.
fn exchanged(former: usize, evaluation: &Evaluation, removed: &[Key]) -> (usize, usize) {
    let there = |key: &&Key| evaluation.inactive.place(key).is_none();
    let stayed = former.saturating_sub(removed.len());
    (
        removed.iter().filter(there).count(),
        evaluation.subjects.len().saturating_sub(stayed),
    )
}

impl Verdict {
    /// Whether its memberships become the published ones.
    pub(super) fn publishes(&self) -> bool {
        matches!(self, Self::Publish | Self::Accept(_))
    }

    /// What was accepted.
    pub(super) fn accepted(&self) -> Option<&str> {
        match self {
            Self::Accept(reason) => Some(reason),
            _ => None,
        }
    }

    /// Why nothing was published, if that was not requested.
    pub(super) fn reason(&self) -> Option<String> {
        match self {
            Self::Publish | Self::Accept(_) | Self::Backfill | Self::Show(None) => None,
            Self::Show(Some(reason)) => Some(reason.clone()),
            Self::Hold(reason) => Some(format!("held, and not published: {reason}")),
        }
    }
}
