//! When somebody enters or leaves a segment if nothing happens.

use chrono::NaiveDate;

use super::Explanation;
use crate::connector::Pinned;
use crate::engine::{EngineError, Evaluation, Keep, Key, Watch};
use crate::ir::{OutputId, Request};
use crate::language::typed::{Kind, Typed};
use crate::project::Project;
use crate::time::{Clock, Direction, Duration, Unit, date_of_days, format_instant};
use crate::value::{Truth, Type, Value};

/// So many days are looked ahead at most.
pub const MOST_DAYS: u32 = 60;

/// So many rows of events are gone through in all; where a day has more of them, fewer days are looked at.
const MOST_ROWS: u64 = 60_000_000;

/// What becomes of a membership if nothing happens.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Ahead {
    /// So many days were looked at, the day of the change being the last.
    pub days: u32,
    /// Whether the segment compares with other subjects, so that what happens to them counts too.
    pub among_others: bool,
    /// The first change; none where there was none.
    pub change: Option<Change>,
}

/// The first change of a membership.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Change {
    /// Whether the subject comes in; else it goes out.
    pub enters: bool,
    /// The first instant at which it was found otherwise.
    pub at: String,
    /// The local date of that.
    pub date: NaiveDate,
}

/// How many days ahead are looked at unless somebody says: fewer where that would take long.
pub fn days_within_bounds(evaluation: &Evaluation) -> u32 {
    let rows: u64 = evaluation.rows.values().sum();
    let days = MOST_ROWS / rows.max(1);
    u32::try_from(days).map_or(MOST_DAYS, |days| days.clamp(1, MOST_DAYS))
}

/// Finds for each of the explained segments when its answer for the subject changes: what is in the data is asked as of the
/// same time of day of each coming day, over all subjects, as a run of that day would. Stops where all have changed.
///
/// # Errors
/// The database cannot be read, or `watch` asked to stop.
pub fn look_ahead(
    project: &Project,
    data: &mut Pinned<'_>,
    (key, clock, days): (&Key, &Clock, u32),
    explanation: &mut Explanation,
    watch: &dyn Watch,
) -> Result<(), EngineError> {
    let mut request = Request::outputs();
    let mut open: Vec<(usize, bool, OutputId)> = Vec::new();
    for (place, segment) in explanation.segments.iter_mut().enumerate() {
        let Some(member) = segment.member else {
            continue;
        };
        let node = project
            .ir
            .segments
            .iter()
            .find(|planned| planned.id == segment.id);
        let ahead = Ahead {
            days,
            among_others: node.is_some_and(|planned| project.ir.ranges_over_subjects(planned.node)),
            change: None,
        };
        segment.ahead = Some(ahead);
        let member_of = Typed::made(Kind::Member(segment.id.clone()), Type::Truth);
        open.push((place, member, request.ask(&member_of)));
    }
    let ir = project.lower(&request);
    for day in 1..=days {
        if open.is_empty() {
            break;
        }
        let by = Duration {
            count: day,
            unit: Unit::Day,
        };
        let coming = Clock {
            now: clock.shift_instant(clock.now, by, Direction::Later),
            zone: clock.zone,
        };
        let evaluation = data.evaluate(&ir, &coming, Keep::Outputs, watch)?;
        open.retain(|(place, member, output)| {
            let then = is_in(&evaluation, key, *output);
            let changed = then.is_some_and(|then| then != *member);
            let segment = explanation.segments.get_mut(*place);
            if changed && let Some(ahead) = segment.and_then(|segment| segment.ahead.as_mut()) {
                let change = Change {
                    enters: !member,
                    at: format_instant(coming.now, coming.zone),
                    date: date_of_days(coming.today()),
                };
                ahead.days = day;
                ahead.change = Some(change);
            }
            !changed
        });
    }
    Ok(())
}

/// Whether a subject is in a segment; none where that cannot be told.
fn is_in(evaluation: &Evaluation, key: &Key, output: OutputId) -> Option<bool> {
    let members = evaluation.output(output).ok()?;
    // Whoever is no longer active is in no segment.
    let place = evaluation.subjects.place(key);
    Some(place.is_some_and(|place| members.value(place) == Value::Truth(Truth::Yes)))
}
