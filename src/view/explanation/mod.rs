//! Why a subject is in a segment, line by line; everything about a subject on one page; a segment by its definition.

mod definition;
mod namesakes;
mod overview;
mod part;

pub use definition::definition_lines;
pub use namesakes::namesake_lines;
pub use overview::{SegmentAnswer, overview_lines, segment_answers};
pub use part::{mark, unknown_words};

use part::part_lines;

use super::Marks;
use super::report::instant;
use crate::config::{Config, marks};
use crate::explain::{
    Ahead, ExplainedFactor, ExplainedHealth, ExplainedSegment, Explanation, NamedFigure,
};
use crate::project::Project;
use crate::store::Client;
use crate::time::Clock;

/// The maximum number of movements listed in text.
const MOST_MOVEMENTS: usize = 10;

/// What the last run stored about a subject.
#[derive(Debug, Clone)]
pub struct LastRun {
    /// The subject's position, scores and segments.
    pub client: Client,
    /// The ids of all segments in that run.
    pub segments: Vec<String>,
}

/// Explains some segments in full; `stored` is what the last run stored about the same subject, if it ran as of the
/// same instant.
pub fn explanation_lines(
    project: &Project,
    explanation: &Explanation,
    clock: &Clock,
    stored: Option<&LastRun>,
) -> Vec<String> {
    let config = &project.config;
    let mut lines = vec![who(project, explanation, clock)];
    for segment in &explanation.segments {
        lines.extend(answer_lines(segment, &marks(config.locale)));
        lines.extend(history_lines(segment, config));
        lines.extend(since_the_run(segment, stored).map(|words| format!("  {words}")));
    }
    lines.extend(metric_lines(&explanation.segments));
    lines
}

/// The subject of an explanation, and its instant.
fn who(project: &Project, explanation: &Explanation, clock: &Clock) -> String {
    format!(
        "{} ({} {}), as of {}",
        explanation.label,
        project.config.subject.name.value,
        explanation.key,
        instant(clock.now, &project.config)
    )
}

/// A note if the last run had another answer.
fn since_the_run(segment: &ExplainedSegment, stored: Option<&LastRun>) -> Option<String> {
    let stored = stored?;
    if !stored.segments.contains(&segment.id) {
        return Some("new: the last run did not have it".to_owned());
    }
    let then = stored.client.segments.contains(&segment.id);
    let then = match segment.member? {
        now if now == then => return None,
        _ if then => "yes",
        _ => "no",
    };
    Some(format!(
        "the last run said {then}: the data or the rule has changed since"
    ))
}

/// The health score, with the part of each factor.
fn health_lines(health: &ExplainedHealth, marks: &Marks) -> Vec<String> {
    if let Some(reason) = &health.stale {
        return vec![format!("Health is not known: {reason}")];
    }
    let score = match health.score {
        Some(score) => format!("Health {}", marks.number(score, 1)),
        None => "Health unknown: no factor is present".to_owned(),
    };
    let width = |text: fn(&ExplainedFactor) -> &str| {
        let widths = health.factors.iter().map(|f| text(f).chars().count());
        widths.max().unwrap_or(0)
    };
    let ids = width(|f| &f.id);
    let values = width(|f| f.value.as_deref().unwrap_or(""));
    let line = |factor: &ExplainedFactor| {
        let (Some(value), Some(points)) = (&factor.value, factor.points) else {
            return format!("  {:ids$}  left out: its value is missing", factor.id);
        };
        let reason = factor.reason.as_ref();
        format!(
            "  {:ids$}  {:>values$}  {:>5} points, weight {} ({:.0}%), costs {}{}",
            factor.id,
            value,
            marks.number(points, 1),
            marks.marked(factor.weight.to_string()),
            factor.share * 100.0,
            marks.number(factor.cost, 1),
            reason.map_or_else(String::new, |reason| format!(": {reason}")),
        )
    };
    let factors = health.factors.iter().map(line);
    std::iter::once(score).chain(factors).collect()
}

/// Whether the subject is in a segment, and why.
pub(super) fn answer_lines(segment: &ExplainedSegment, marks: &Marks) -> Vec<String> {
    let answer = match (segment.member, &segment.stale) {
        (Some(true), _) => "yes".to_string(),
        (Some(false), _) => "no".to_string(),
        (None, stale) => format!(
            "cannot be evaluated: {}",
            stale.as_deref().unwrap_or("unknown")
        ),
    };
    let head = format!("{} ({}): {answer}", segment.name, segment.id);
    let mut lines = vec![String::new(), head];
    match (&segment.not_among, &segment.condition) {
        (Some(among), _) => {
            lines.push("  not on the ladder at all, because of its `among:`".to_owned());
            lines.extend(part_lines(among, "  ", marks));
        }
        (None, Some(part)) => lines.extend(part_lines(part, "  ", marks)),
        (None, None) => lines.push("  the rest: those whom no rung above took".to_owned()),
    }
    let rung = segment.taken_by.iter();
    lines.extend(rung.map(|rung| format!("  on the ladder they stand on `{rung}`")));
    let ahead = segment.ahead.as_ref();
    let ahead = ahead.map(|ahead| ahead_words(ahead, marks));
    lines.extend(ahead.map(|words| format!("  {words}")));
    lines
}

/// What happens to a membership with time alone.
pub fn ahead_words(ahead: &Ahead, marks: &Marks) -> String {
    let nothing = match ahead.among_others {
        true => "if nothing happens to anybody",
        false => "if nothing happens",
    };
    match &ahead.change {
        Some(change) => {
            let verb = if change.enters { "enters" } else { "leaves" };
            format!("{verb} on {} {nothing} before", marks.date(change.date))
        }
        None => format!(
            "no change within {} days {nothing}{}",
            ahead.days,
            cut_words(ahead.cut)
        ),
    }
}

/// Why the forecast ends where it does.
fn cut_words(is_cut: bool) -> &'static str {
    match is_cut {
        true => "; looking further would take long",
        false => "",
    }
}

/// Since when the subject has been a member, and the earlier entries and exits.
fn history_lines(segment: &ExplainedSegment, config: &Config) -> Vec<String> {
    let Some(history) = &segment.history else {
        return Vec::new();
    };
    let since = history.since_instant;
    let since = since.map(|since| format!("  a member since {}", instant(since, config)));
    let movements = history.movements.iter().take(MOST_MOVEMENTS);
    let movements = movements.map(|moved| {
        format!(
            "    {} {} with run {}: {}",
            instant(moved.instant, config),
            moved.direction,
            moved.run,
            moved.why
        )
    });
    since.into_iter().chain(movements).collect()
}

/// The metrics used in the conditions, each once.
pub(super) fn metric_lines(segments: &[ExplainedSegment]) -> Vec<String> {
    let mut metrics: Vec<&NamedFigure> = Vec::new();
    for metric in segments.iter().flat_map(|segment| &segment.metrics) {
        if !metrics.iter().any(|known| known.name == metric.name) {
            metrics.push(metric);
        }
    }
    if metrics.is_empty() {
        return Vec::new();
    }
    let width = metrics.iter().map(|m| m.name.chars().count()).max();
    let width = width.unwrap_or(0);
    let line = |metric: &NamedFigure| {
        format!(
            "  {:width$} = {}  ({})",
            metric.name, metric.value, metric.text
        )
    };
    let head = [String::new(), "where".to_owned()];
    head.into_iter()
        .chain(metrics.into_iter().map(line))
        .collect()
}

/// How the score adds up, with every segment that the subject is in.
fn score(explanation: &Explanation, marks: &Marks) -> String {
    let members = explanation
        .segments
        .iter()
        .filter(|segment| segment.member == Some(true));
    let mut parts: Vec<(f64, &str)> = members
        .map(|segment| (segment.weight, segment.name.as_str()))
        .collect();
    parts.sort_by(|a, b| b.0.total_cmp(&a.0));
    if parts.is_empty() {
        return "Score 0: in none of these segments".to_string();
    }
    parts.retain(|(weight, _)| *weight != 0.0);
    let sum: f64 = parts.iter().map(|(weight, _)| weight).sum();
    let parts: Vec<String> = parts
        .iter()
        .map(|(weight, name)| format!("{} {name}", marks.number(*weight, 4)))
        .collect();
    if parts.is_empty() {
        return "Score 0: only in segments without a weight".to_string();
    }
    format!("Score {} = {}", marks.number(sum, 4), parts.join(" + "))
}
