//! When a subject enters or leaves a segment if nothing else happens.

use chrono::NaiveDate;

use super::Explanation;
use super::effort::{Size, steps_of_a_day};
use crate::connector::Pinned;
use crate::engine::{EngineError, Evaluation, Keep, Key, Watch};
use crate::ir::{OutputId, Request};
use crate::language::typed::{Kind, Typed};
use crate::project::Project;
use crate::time::{Clock, Direction, Duration, Unit, date_of_days, format_instant};
use crate::value::{Truth, Type, Value};

/// The most days to look ahead.
pub const MOST_DAYS: u32 = 60;

/// The budget for all days, in steps: some seconds of one processor. The more steps a day takes, the fewer days are
/// evaluated.
const MOST_STEPS: u64 = 1_750_000_000;

/// The future of a membership if nothing else happens.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Ahead {
    /// How many days were evaluated, the day of the change being the last.
    pub days: u32,
    /// Whether there are fewer days than usual, because more would take long.
    pub cut: bool,
    /// Whether the segment compares with other subjects, so that what happens to them matters too.
    pub among_others: bool,
    /// The first change; `None` if there was none.
    pub change: Option<Change>,
}

/// The first change of a membership.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Change {
    /// Whether the subject enters; otherwise it leaves.
    pub enters: bool,
    /// The first evaluated instant with the other answer.
    pub at: String,
    /// The local date of that instant.
    pub date: NaiveDate,
}

/// The default number of days to look ahead: fewer if they would take long.
fn days_within_bounds(steps_of_a_day: u64) -> u32 {
    let days = MOST_STEPS / steps_of_a_day.max(1);
    u32::try_from(days).map_or(MOST_DAYS, |days| days.clamp(1, MOST_DAYS))
}

/// Finds for each of the explained segments when its answer for the subject changes. The data is evaluated as of the
/// same time of day of each coming day, over all subjects, as a run of that day would do. Stops when all answers have
/// changed, or after the given number of days. Without a number, stops after at most [`MOST_DAYS`], or fewer if there
/// is much to evaluate according to `size`. Returns the number of days.
///
/// # Errors
/// The database cannot be read, or `watch` asked to stop.
pub fn look_ahead(
    project: &Project,
    data: &mut Pinned<'_>,
    (key, clock, days): (&Key, &Clock, Option<u32>),
    (explanation, size): (&mut Explanation, Size<'_>),
    watch: &dyn Watch,
) -> Result<u32, EngineError> {
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
            days: 0,
            cut: false,
            among_others: node.is_some_and(|planned| project.ir.ranges_over_subjects(planned.node)),
            change: None,
        };
        segment.ahead = Some(ahead);
        let member_of = Typed::made(Kind::Member(segment.id.clone()), Type::Truth);
        open.push((place, member, request.ask(&member_of)));
    }
    let ir = project.lower(&request);
    let steps = || steps_of_a_day(&ir, size, &data.too_large());
    let within_bounds = || days_within_bounds(steps());
    let cut = days.is_none() && within_bounds() < MOST_DAYS;
    let days = days.unwrap_or_else(within_bounds);
    for ahead in explanation
        .segments
        .iter_mut()
        .filter_map(|segment| segment.ahead.as_mut())
    {
        ahead.days = days;
        ahead.cut = cut;
    }
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
                ahead.cut = false;
                ahead.change = Some(change);
            }
            !changed
        });
    }
    Ok(days)
}

/// Whether a subject is in a segment; `None` if that cannot be determined.
fn is_in(evaluation: &Evaluation, key: &Key, output: OutputId) -> Option<bool> {
    let members = evaluation.output(output).ok()?;
    // A subject that is no longer active is in no segment.
    let place = evaluation.subjects.place(key);
    Some(place.is_some_and(|place| members.value(place) == Value::Truth(Truth::Yes)))
}
