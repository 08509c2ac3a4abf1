//! Why a client is in each segment, what each factor costs, and what the client did: everything that only the data can
//! tell.

use serde::Serialize;

use crate::chart::column_chart;
use crate::config::{Config, Marks, marks};
use crate::engine::{EngineError, Keep, Key, Watch};
use crate::explain::{self, ExplainedHealth, ExplainedSegment, Explanation, Part, WeeklyEvents};
use crate::project::Project;
use crate::time::{Clock, date_of_days};
use crate::view::{ahead_words, mark, segment_answers, unknown_words};
use crate::web::kept::Data;

/// The number of days in a week.
const WEEK: i32 = 7;

/// What the data says about a client at one instant.
#[derive(Debug)]
pub struct Reasons {
    pub explanation: Explanation,
    pub events: Vec<WeeklyEvents>,
    /// The instant, in microseconds UTC.
    pub as_of: i64,
}

/// Computes the reasons for the subject with a key; `None` if the rules know no such subject.
///
/// # Errors
/// The database cannot be read, or `watch` asked to stop.
pub(super) fn reasons(
    project: &Project,
    data: &mut Data,
    (key, clock): (&Key, &Clock),
    watch: &dyn Watch,
) -> Result<Option<Reasons>, EngineError> {
    let mut data = data.pin()?;
    let evaluation = data.evaluate(&project.ir, clock, Keep::Everything, watch)?;
    let Some(place) = evaluation.subjects.place(key) else {
        return Ok(None);
    };
    let mut explanation = explain::explain(project, &evaluation, place, None);
    let (rows, subjects) = (evaluation.rows, evaluation.subjects.len());
    let size = explain::Size {
        rows: &rows,
        subjects,
    };
    explain::look_ahead(
        project,
        &mut data,
        (key, clock, None),
        (&mut explanation, size),
        watch,
    )?;
    let events = explain::weekly_events(project, &mut data, (key, clock), watch)?;
    Ok(Some(Reasons {
        explanation,
        events,
        as_of: clock.now,
    }))
}

/// The part of the page that shows the reasons.
#[derive(Debug, Serialize)]
pub struct WhyView {
    as_of: String,
    segments: Vec<AnswerView>,
    health: Option<HealthView>,
    events: Vec<EventsView>,
}

/// The answer for one segment.
#[derive(Debug, Serialize)]
struct AnswerView {
    id: String,
    title: String,
    /// `in`, `out` or `unknown`.
    answer: &'static str,
    mark: &'static str,
    why: String,
    among: Option<&'static str>,
    parts: Vec<PartView>,
    metrics: Vec<[String; 3]>,
    ahead: Option<String>,
    /// Whether the answer changes with time alone.
    changes: bool,
}

/// A part of a condition, with its depth.
#[derive(Debug, Serialize)]
struct PartView {
    depth: usize,
    mark: &'static str,
    holds: &'static str,
    text: String,
    /// The part with its actual values; `None` if its own parts show them.
    figures: Option<String>,
    /// How far it is from the opposite answer, or what is missing.
    note: Option<String>,
}

#[derive(Debug, Serialize)]
struct HealthView {
    score: Option<String>,
    stale: Option<String>,
    factors: Vec<FactorView>,
}

#[derive(Debug, Serialize)]
struct FactorView {
    name: String,
    value: Option<String>,
    points: Option<String>,
    weight: String,
    share: String,
    cost: Option<String>,
    reason: Option<String>,
}

/// The rows of a collection, counted by week.
#[derive(Debug, Serialize)]
struct EventsView {
    name: String,
    /// The chart, as SVG.
    chart: String,
    /// The first and the last day in the chart.
    days: String,
    /// The last day of each week, and the count.
    weeks: Vec<(String, String)>,
    all: String,
}

impl WhyView {
    pub fn new(config: &Config, reasons: &Reasons) -> Self {
        let marks = marks(config.locale);
        let answers = segment_answers(&reasons.explanation, &marks);
        let health = reasons.explanation.health.as_ref();
        let events = reasons.events.iter().enumerate();
        let events = events
            .map(|(place, events)| EventsView::new(place, events, (config, reasons.as_of), &marks));
        Self {
            as_of: marks.moment(reasons.as_of, config.timezone),
            segments: answers
                .into_iter()
                .map(|answer| AnswerView::new(answer.segment, (answer.title, answer.why), &marks))
                .collect(),
            health: health.map(|health| HealthView::new(health, &marks)),
            events: events.collect(),
        }
    }
}

impl AnswerView {
    fn new(segment: &ExplainedSegment, (title, why): (String, String), marks: &Marks) -> Self {
        let mut parts = Vec::new();
        let condition = segment.not_among.as_ref().or(segment.condition.as_ref());
        if let Some(condition) = condition {
            flatten(condition, 0, &mut parts);
        }
        let metrics = segment.metrics.iter();
        let metrics = metrics.map(|m| [m.name.clone(), m.value.clone(), m.text.clone()]);
        Self {
            id: segment.id.clone(),
            title,
            answer: word(segment.member),
            mark: mark(segment.member),
            why,
            among: segment
                .not_among
                .is_some()
                .then_some("Not on the ladder at all, because of its `among:` condition:"),
            parts,
            metrics: metrics.collect(),
            ahead: segment
                .ahead
                .as_ref()
                .map(|ahead| ahead_words(ahead, marks)),
            changes: segment
                .ahead
                .as_ref()
                .is_some_and(|ahead| ahead.change.is_some()),
        }
    }
}

/// Appends a part and then its own parts, depth first.
fn flatten(part: &Part, depth: usize, into: &mut Vec<PartView>) {
    let is_leaf = part.parts.is_empty();
    let margin = part.margin.as_ref().map(|margin| margin.words.clone());
    let unknown = (part.holds.is_none() && is_leaf).then(|| unknown_words(part));
    into.push(PartView {
        depth,
        mark: mark(part.holds),
        holds: word(part.holds),
        text: part.text.clone(),
        figures: Some(part.figures.clone()).filter(|figures| is_leaf && !figures.is_empty()),
        note: unknown.or(margin).filter(|_| is_leaf),
    });
    for part in &part.parts {
        flatten(part, depth + 1, into);
    }
}

fn word(answer: Option<bool>) -> &'static str {
    match answer {
        Some(true) => "in",
        Some(false) => "out",
        None => "unknown",
    }
}

impl HealthView {
    fn new(health: &ExplainedHealth, marks: &Marks) -> Self {
        let factors = health.factors.iter().map(|factor| FactorView {
            name: factor.id.clone(),
            value: factor.value.clone(),
            points: factor.points.map(|points| marks.number(points, 1)),
            weight: marks.number(factor.weight, 2),
            share: format!("{}%", marks.number(factor.share * 100.0, 0)),
            cost: factor.points.map(|_| marks.number(factor.cost, 1)),
            reason: factor.reason.clone(),
        });
        Self {
            score: health.score.map(|score| marks.number(score, 1)),
            stale: health.stale.clone(),
            factors: factors.collect(),
        }
    }
}

impl EventsView {
    fn new(
        place: usize,
        events: &WeeklyEvents,
        (config, as_of): (&Config, i64),
        marks: &Marks,
    ) -> Self {
        let clock = Clock {
            now: as_of,
            zone: config.timezone,
        };
        let today = clock.today();
        let count = events.weeks.len();
        let last_day = |week: usize| {
            let back = i32::try_from(count - 1 - week).unwrap_or(i32::MAX);
            marks.date(date_of_days(
                today.saturating_sub(back.saturating_mul(WEEK)),
            ))
        };
        let weeks: Vec<(String, String)> = events
            .weeks
            .iter()
            .enumerate()
            .map(|(week, rows)| (last_day(week), marks.whole(*rows)))
            .collect();
        let first = i32::try_from(count).unwrap_or(i32::MAX);
        let first = today.saturating_sub(first.saturating_mul(WEEK)) + 1;
        let days = format!(
            "{} to {}",
            marks.date(date_of_days(first)),
            marks.date(date_of_days(today))
        );
        let all: u64 = events.weeks.iter().sum();
        let highest = events.weeks.iter().max().copied().unwrap_or(0);
        let what = format!(
            "{} in {count} weeks, {} in the busiest one",
            marks.whole(all),
            marks.whole(highest)
        );
        let title = format!("{} by week", events.collection);
        Self {
            name: events.collection.clone(),
            chart: column_chart(&format!("events-{place}"), &title, &what, &events.weeks),
            days,
            weeks,
            all: what,
        }
    }
}
