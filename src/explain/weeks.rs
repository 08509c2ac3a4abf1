//! A subject's activity by week.

use crate::catalog::Collection;
use crate::connector::Pinned;
use crate::engine::{EngineError, Keep, Key, Watch};
use crate::ir::{OutputId, Request};
use crate::language::typed::{Aggregate, Kind, Measure, Typed};
use crate::project::Project;
use crate::time::{Clock, Duration, Unit, Window};
use crate::value::{Type, Value};

/// How many weeks to look back: half a year.
const WEEKS: u32 = 26;

/// A subject's rows of one collection, counted by week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeeklyEvents {
    /// The collection's name.
    pub collection: String,
    /// The number of rows in each of the last weeks, seven days each and the last one ending now; oldest first.
    pub weeks: Vec<u64>,
}

/// Counts a subject's rows of every collection that has a time; collections without rows in any of the weeks are left
/// out.
///
/// # Errors
/// The database cannot be read, or `watch` asked to stop.
pub fn weekly_events(
    project: &Project,
    data: &mut Pinned<'_>,
    (key, clock): (&Key, &Clock),
    watch: &dyn Watch,
) -> Result<Vec<WeeklyEvents>, EngineError> {
    let mut request = Request::outputs();
    let collections = project.catalog.collections.iter_enumerated();
    let timed = collections.filter(|(_, collection)| is_timed(collection));
    let asked: Vec<(&str, Vec<OutputId>)> = timed
        .map(|(id, collection)| {
            let counts = (1..=WEEKS).map(|weeks| {
                let rows = Aggregate {
                    collection: id,
                    window: Window::Last(Duration {
                        count: weeks,
                        unit: Unit::Week,
                    }),
                    filter: None,
                    measure: Measure::Count,
                };
                request.ask(&Typed::made(Kind::Aggregate(Box::new(rows)), Type::Number))
            });
            (collection.name.as_str(), counts.collect())
        })
        .collect();
    let ir = project.lower(&request);
    let evaluation = data.evaluate(&ir, clock, Keep::Outputs, watch)?;
    let Some(place) = evaluation.subjects.place(key) else {
        return Ok(Vec::new());
    };
    let count = |output: &OutputId| match evaluation.output(*output).ok()?.value(place) {
        Value::Number(count) => Some(count as u64),
        _ => None,
    };
    let events = asked.into_iter().filter_map(|(name, outputs)| {
        // Counts of the last week, of the last two weeks, and so on.
        let within: Vec<u64> = outputs.iter().map(count).collect::<Option<_>>()?;
        within.last().filter(|all| **all > 0)?;
        let before = std::iter::once(0).chain(within.iter().copied());
        let weeks = within.iter().zip(before);
        let mut weeks: Vec<u64> = weeks
            .map(|(within, before)| within.saturating_sub(before))
            .collect();
        weeks.reverse();
        Some(WeeklyEvents {
            collection: name.to_owned(),
            weeks,
        })
    });
    Ok(events.collect())
}

fn is_timed(collection: &Collection) -> bool {
    collection.at.is_some() && collection.at_type.is_some()
}
