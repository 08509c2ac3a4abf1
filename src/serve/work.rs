//! Which outstanding due time comes next, and when a failed one is retried. Pure.

use super::look::Entry;
use super::time::MINUTE;
use crate::store::{Due, DueState, Timetable};

/// The wait after the first failure; each further one is four times as long.
const FIRST_WAIT: i64 = MINUTE / 2;
/// The longest wait.
const LONGEST_WAIT: i64 = 60 * MINUTE;
/// How many processes may die over one due time before the next one waits.
const DEATHS: u32 = 3;
/// The longest wait after a death.
const LONGEST_DEATH_WAIT: i64 = 10 * MINUTE;

/// What to do next.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Choice {
    /// The due time to try now.
    pub next: Option<Due>,
    /// Due times that are no longer outstanding, because a later one of the same schedule is.
    pub over: Vec<Due>,
}

/// Chooses among everything that is outstanding: the newest due time of each schedule, and the oldest of those first.
pub(super) fn choose(entries: &[Entry], timetable: &Timetable, now: i64) -> Choice {
    let mut choice = Choice::default();
    for entry in entries {
        let owed = timetable.dues.iter().filter(|due| {
            due.schedule == entry.schedule.id.value
                && due.state == DueState::Claimed
                && due.due <= now
        });
        let mut owed: Vec<&Due> = owed.collect();
        owed.sort_by_key(|due| std::cmp::Reverse(due.due));
        let mut owed = owed.into_iter();
        let Some(newest) = owed.next() else {
            continue;
        };
        choice.over.extend(owed.cloned());
        let earlier = choice
            .next
            .as_ref()
            .is_none_or(|next| newest.due < next.due);
        if is_ready(newest, now) && earlier {
            choice.next = Some(newest.clone());
        }
    }
    choice
}

/// When the next attempt follows a failed one; `None` if it was the last. `attempt` counts from 1.
pub(super) fn again(attempt: u32, retries: u32, now: i64) -> Option<i64> {
    let wait = FIRST_WAIT.saturating_mul(4_i64.saturating_pow(attempt.saturating_sub(1)));
    (attempt <= retries).then(|| now + wait.min(LONGEST_WAIT))
}

/// When to retry a due time over which several processes in a row have died.
pub(super) fn after_deaths(due: &Due, now: i64) -> Option<i64> {
    let deaths = due.deaths + 1;
    (due.owner.is_some() && deaths > DEATHS)
        .then(|| now + (MINUTE * i64::from(deaths - DEATHS)).min(LONGEST_DEATH_WAIT))
}

/// Whether the wait is over. A wait longer than any that is possible comes from a clock that was ahead.
fn is_ready(due: &Due, now: i64) -> bool {
    let next = due.next_attempt_at;
    next.is_none_or(|next| next <= now || next > now + LONGEST_WAIT)
}
