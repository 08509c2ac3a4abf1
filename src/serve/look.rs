//! What a look at the clock finds. Pure: the timetable and the instant go in, what to write and report comes out.

use std::collections::BTreeSet;

use super::news::News;
use super::time::MINUTE;
use crate::config::Schedule;
use crate::schedule::Calendar;
use crate::store::{Due, DueState, Findings, Found, KnownSchedule, Timetable};
use crate::view::{Watched, definition};

/// A due time that is noticed within this time was not missed.
pub(super) const IN_TIME: i64 = 5 * MINUTE;
/// The most due times of a schedule that are recorded as missed at once; the newest ones are kept.
const MOST: usize = 50;

/// A schedule and its calendar.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// The schedule as config has it.
    pub schedule: Schedule,
    /// When it is due.
    pub calendar: Calendar,
}

/// The result of a look.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// What to write.
    pub findings: Findings,
    /// What to report once it is written.
    pub news: Vec<News>,
}

/// Due times that were noticed in time, whether they could be recorded yet or not.
pub(super) type Noticed = BTreeSet<(String, i64)>;

impl Entry {
    /// The identity of a schedule: a change of cron expression or time zone makes it another one.
    pub(super) fn definition(&self) -> String {
        definition(&self.schedule)
    }

    /// The parts of a schedule that decide whether it is done in time.
    pub(super) fn watched(&self) -> Watched {
        Watched::new(&self.schedule, self.calendar.clone())
    }

    fn id(&self) -> &str {
        &self.schedule.id.value
    }
}

/// Looks at the clock.
pub(super) fn look(
    entries: &[Entry],
    timetable: &Timetable,
    noticed: &mut Noticed,
    now: i64,
) -> Seen {
    let mut seen = Seen::default();
    for entry in entries {
        let known = timetable.known.iter().find(|known| known.id == entry.id());
        match known {
            Some(known) if known.definition == entry.definition() && known.known_since <= now => {
                seen.look_at(entry, known.known_since, timetable, noticed, now);
            }
            _ => seen.begin(entry, known, now),
        }
    }
    for known in &timetable.known {
        if !entries.iter().any(|entry| entry.id() == known.id) {
            seen.findings.gone.push(known.id.clone());
            let schedule = known.id.clone();
            seen.news.push(News::Gone { schedule });
        }
    }
    let open: BTreeSet<&str> = entries.iter().map(Entry::id).collect();
    noticed.retain(|(schedule, due)| open.contains(schedule.as_str()) && *due <= now);
    seen
}

impl Seen {
    /// Begins a schedule that is new or has changed: what was due until now is not outstanding.
    fn begin(&mut self, entry: &Entry, known: Option<&KnownSchedule>, now: i64) {
        let schedule = entry.id().to_owned();
        let definition = entry.definition();
        self.news.push(match known {
            None => News::New { schedule },
            Some(known) if known.definition != definition => News::Changed { schedule },
            Some(known) => News::KnownAhead {
                schedule,
                since: known.known_since,
            },
        });
        self.findings.known.push(KnownSchedule {
            id: entry.id().to_owned(),
            definition,
            known_since: now,
        });
    }

    fn look_at(
        &mut self,
        entry: &Entry,
        since: i64,
        timetable: &Timetable,
        noticed: &mut Noticed,
        now: i64,
    ) {
        let rows = timetable
            .dues
            .iter()
            .filter(|due| due.schedule == entry.id());
        let (undone, rows): (Vec<&Due>, Vec<&Due>) = rows.partition(|due| is_undone(due, now));
        for due in undone {
            self.findings.undone.push((due.schedule.clone(), due.due));
        }
        // A clock that is corrected by seconds is not worth reporting.
        let ahead = |due: &&&Due| due.state == DueState::Done && due.due > now + MINUTE;
        for due in rows.iter().filter(ahead) {
            self.news.push(News::Ahead {
                schedule: due.schedule.clone(),
                due: due.due,
            });
        }
        let past = rows.iter().map(|due| due.due).filter(|due| *due <= now);
        let last = past.max().unwrap_or(since).max(since);
        let mut owed = Vec::new();
        let mut before = now;
        while let Some(due) = entry.calendar.latest(before).map(|due| due.at)
            && due > last
        {
            if owed.len() == MOST {
                self.owe(entry, &owed, true, noticed, now);
                return;
            }
            owed.push(due);
            before = due - 1;
        }
        self.owe(entry, &owed, false, noticed, now);
    }

    /// Records the owed due times. `owed` begins with the newest; `more` means that earlier ones were due before the
    /// last of them.
    fn owe(&mut self, entry: &Entry, owed: &[i64], more: bool, noticed: &mut Noticed, now: i64) {
        let Some((&newest, older)) = owed.split_first() else {
            return;
        };
        let key = |due: i64| (entry.id().to_owned(), due);
        let was_missed = |due: i64| now - due > IN_TIME && !noticed.contains(&key(due));
        let missed: Vec<i64> = owed
            .iter()
            .copied()
            .filter(|due| was_missed(*due))
            .collect();
        let in_time = missed.first() != Some(&newest);
        if in_time {
            noticed.insert(key(newest));
        }
        let claimed = in_time || entry.schedule.run_missed;
        let (state, reason) = match (in_time, claimed) {
            (true, _) => (DueState::Claimed, None),
            (_, true) => (DueState::Claimed, Some("missed, and made up for")),
            (_, false) => (DueState::Skipped, Some("missed; config says to skip it")),
        };
        self.found(entry, newest, state, reason);
        for (place, due) in (1..).zip(older) {
            let last_told = more && place == older.len();
            let reason = match (claimed, last_told) {
                (_, true) => "missed, and so were others before it",
                _ if !missed.contains(due) => "a later one stands in for it",
                (true, _) => "missed; a later one stands in for it",
                (false, _) => "missed; config says to skip it",
            };
            self.found(entry, *due, DueState::Missed, Some(reason));
        }
        if let (Some(last), Some(first)) = (missed.first(), missed.last()) {
            self.news.push(News::Missed {
                schedule: entry.id().to_owned(),
                count: missed.len(),
                more,
                first: *first,
                last: *last,
                instead: claimed.then_some(newest),
            });
        }
    }

    fn found(&mut self, entry: &Entry, due: i64, state: DueState, reason: Option<&str>) {
        self.findings.found.push(Found {
            schedule: entry.id().to_owned(),
            due,
            state,
            reason: reason.map(str::to_owned),
        });
    }
}

/// True for a due time that was recorded while the clock was ahead and not run: it is still to come, or it was never
/// passed over.
fn is_undone(due: &Due, now: i64) -> bool {
    match due.state {
        DueState::Claimed | DueState::Done => false,
        DueState::Failed => due.due > now,
        DueState::Skipped | DueState::Missed => {
            due.due > now || due.finished_at.is_some_and(|at| at > now)
        }
    }
}
