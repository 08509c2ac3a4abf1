//! When somebody enters or leaves a segment if nothing happens.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::Explanation;
use crate::connector::Pinned;
use crate::engine::{EngineError, Evaluation, Keep, Key, Watch};
use crate::ir::{Ir, IrMeasure, OutputId, Request, TableScan};
use crate::language::typed::{Kind, Typed};
use crate::project::Project;
use crate::time::{Clock, Direction, Duration, Unit, date_of_days, format_instant};
use crate::value::{Truth, Type, Value};

/// So many days are looked ahead at most.
pub const MOST_DAYS: u32 = 60;

/// What is done in all, in steps: some seconds on two processors. Where a day takes more of it, fewer days are looked at.
const MOST_STEPS: u64 = 3_500_000_000;

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

/// How many days are looked ahead unless somebody says: fewer where that would take long.
fn days_within_bounds(ir: &Ir, rows: &BTreeMap<String, u64>) -> u32 {
    let steps = ir.scans.iter().map(|scan| {
        let rows = rows.get(&scan.table).copied().unwrap_or(0);
        rows.saturating_mul(1 + steps_of_a_row(ir, scan))
    });
    let days = MOST_STEPS / steps.sum::<u64>().max(1);
    u32::try_from(days).map_or(MOST_DAYS, |days| days.clamp(1, MOST_DAYS))
}

/// How many steps a row takes: one for a number that is added to, some where values are kept.
fn steps_of_a_row(ir: &Ir, scan: &TableScan) -> u64 {
    let selections = scan.collections.iter().flat_map(|of| &of.selections);
    let measures = selections.flat_map(|selection| &selection.measures);
    let measures = measures.filter_map(|id| ir.aggregates.get(*id));
    let steps = measures.map(|aggregate| match aggregate.measure {
        IrMeasure::Count
        | IrMeasure::Exists
        | IrMeasure::Sum(_)
        | IrMeasure::Avg(_)
        | IrMeasure::Min(_)
        | IrMeasure::Max(_) => 4,
        IrMeasure::First(_) | IrMeasure::Last(_) => 8,
        IrMeasure::CountDistinct(_)
        | IrMeasure::Quantile(..)
        | IrMeasure::Stddev(_)
        | IrMeasure::Values(_) => 32,
    });
    steps.sum()
}

/// Finds for each of the explained segments when its answer for the subject changes: what is in the data is asked as of the
/// same time of day of each coming day, over all subjects, as a run of that day would. Stops where all have changed, and after
/// so many days; `rows` has how many each table has. Without a number after at most [`MOST_DAYS`], fewer where tables are large. Returns after how many.
///
/// # Errors
/// The database cannot be read, or `watch` asked to stop.
pub fn look_ahead(
    project: &Project,
    data: &mut Pinned<'_>,
    (key, clock, days): (&Key, &Clock, Option<u32>),
    (explanation, rows): (&mut Explanation, &BTreeMap<String, u64>),
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
            among_others: node.is_some_and(|planned| project.ir.ranges_over_subjects(planned.node)),
            change: None,
        };
        segment.ahead = Some(ahead);
        let member_of = Typed::made(Kind::Member(segment.id.clone()), Type::Truth);
        open.push((place, member, request.ask(&member_of)));
    }
    let ir = project.lower(&request);
    let days = days.unwrap_or_else(|| days_within_bounds(&ir, rows));
    for ahead in explanation
        .segments
        .iter_mut()
        .filter_map(|segment| segment.ahead.as_mut())
    {
        ahead.days = days;
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
                ahead.change = Some(change);
            }
            !changed
        });
    }
    Ok(days)
}

/// Whether a subject is in a segment; none where that cannot be told.
fn is_in(evaluation: &Evaluation, key: &Key, output: OutputId) -> Option<bool> {
    let members = evaluation.output(output).ok()?;
    // Whoever is no longer active is in no segment.
    let place = evaluation.subjects.place(key);
    Some(place.is_some_and(|place| members.value(place) == Value::Truth(Truth::Yes)))
}
