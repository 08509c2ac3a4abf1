//! Who would be in the segment.

use std::sync::Arc;

use serde::Serialize;

use super::draft::Draft;
use crate::engine::Keep;
use crate::time::Clock;
use crate::value::{Truth, Value};
use crate::web::Web;
use crate::web::refusal::Refusal;
use crate::web::state::Files;

/// The maximum number of names shown.
const NAMED: usize = 10;

/// Who would be in it.
#[derive(Debug, Serialize)]
pub(super) struct Count {
    /// `12 of 856 clients`
    size: String,
    as_of: String,
    names: Vec<String>,
    more: Option<String>,
    /// Whether everybody is in it, because there is neither a filter nor a condition.
    everybody: bool,
    stale: Option<String>,
}

/// The instant used for counts: that of the last run, so that they are consistent with its sizes.
///
/// # Errors
/// The results cannot be read.
pub(super) async fn clock(web: &Web, files: &Files) -> Result<Clock, Refusal> {
    let last = match web.store(files).await {
        Ok(mut store) => store.last_published().await?,
        Err(_) => None,
    };
    Ok(Clock {
        now: last.map_or_else(|| web.now(), |run| run.as_of),
        zone: files.config.timezone,
    })
}

/// Counts exactly as a run would, either while the user types into a `form` or because they sent it.
///
/// # Errors
/// The data cannot be read, or a newer question from the same form has superseded this one.
pub(super) async fn count(
    web: &Web,
    files: &Arc<Files>,
    draft: &Draft,
    form: Option<&str>,
) -> Result<Count, Refusal> {
    let clock = clock(web, files).await?;
    let project = Arc::clone(&draft.project);
    let segment = draft.segment;
    let asked = web.kept().ask(&files.config, form, move |data, watch| {
        let (ir, output) = project.lower_membership(segment);
        let evaluation = data.evaluate(&ir, &clock, Keep::Outputs, watch)?;
        let of = evaluation.subjects.len();
        let found = evaluation.output(output).map(|column| {
            let mut members = Vec::new();
            let mut size = 0_usize;
            for place in 0..of {
                if column.value(place) == Value::Truth(Truth::Yes) {
                    size += 1;
                    if members.len() < NAMED {
                        members.push(evaluation.subjects.label(place).to_string());
                    }
                }
            }
            (size, members)
        });
        Ok::<_, crate::engine::EngineError>((found, of))
    });
    let (found, of) = asked
        .await?
        .map_err(|error| Refusal::not_now(error.to_string()))?;
    let marks = crate::config::marks(files.config.locale);
    let as_of = marks.moment(clock.now, clock.zone);
    let (size, names, stale) = match found {
        Ok((size, names)) => (size, names, None),
        Err(stale) => (0, Vec::new(), Some(stale.reason)),
    };
    let rule = draft.project.rules.segments.get(draft.segment);
    let everybody = rule.is_some_and(|rule| {
        rule.filter.is_empty()
            && rule
                .when
                .as_ref()
                .is_some_and(|when| when.value.trim() == "yes")
    });
    Ok(Count {
        size: format!(
            "{} of {}",
            marks.whole(size),
            files.config.subject.counted(of, &marks)
        ),
        as_of,
        more: (size > names.len()).then(|| marks.whole(size - names.len())),
        names,
        everybody,
        stale,
    })
}
