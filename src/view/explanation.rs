//! Why somebody is in a segment, line by line.

use super::{Marks, marks};
use crate::explain::{ExplainedFactor, ExplainedHealth, ExplainedSegment, Explanation, Part};
use crate::project::Project;
use crate::store::Client;
use crate::time::{Clock, moment};

/// An explanation for people; `stored` is what the last run said of the same subject, where it was as of the
/// same instant.
pub fn explanation_lines(
    project: &Project,
    explanation: &Explanation,
    clock: &Clock,
    stored: Option<&Client>,
) -> Vec<String> {
    let marks = marks(project.config.locale);
    let mut lines = vec![format!(
        "{} ({} {}), as of {}",
        explanation.label,
        project.config.subject.name.value,
        explanation.key,
        moment(clock.now, clock.zone)
    )];
    for segment in &explanation.segments {
        lines.extend(segment_lines(segment));
        let published = stored.map(|client| client.segments.contains(&segment.id));
        if let (Some(now), Some(then)) = (segment.member, published)
            && now != then
        {
            let then = if then { "yes" } else { "no" };
            lines.push(format!(
                "  the last run said {then}: the data or the rule has changed since"
            ));
        }
    }
    if explanation.segments.len() == project.rules.segments.len() {
        lines.extend([String::new(), score(project, explanation, &marks)]);
    }
    if let Some(health) = &explanation.health {
        lines.push(String::new());
        lines.extend(health_lines(health, &marks));
        let then = stored.and_then(|client| client.health.health);
        if stored.is_some() && health.stale.is_none() && then != health.score {
            let then = then.map_or_else(|| "nothing".to_owned(), |then| marks.number(then, 1));
            lines.push(format!(
                "  the last run said {then}: the data or the factors have changed since"
            ));
        }
    }
    lines
}

/// The score with what each factor has to do with it.
fn health_lines(health: &ExplainedHealth, marks: &Marks) -> Vec<String> {
    if let Some(reason) = &health.stale {
        return vec![format!("Health cannot be told: {reason}")];
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
            factor.weight,
            factor.share * 100.0,
            marks.number(factor.cost, 1),
            reason.map_or_else(String::new, |reason| format!(": {reason}")),
        )
    };
    let factors = health.factors.iter().map(line);
    std::iter::once(score).chain(factors).collect()
}

pub(super) fn segment_lines(segment: &ExplainedSegment) -> Vec<String> {
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
    if let Some(among) = &segment.not_among {
        lines.push("  not on the ladder at all, because of its `among:`".to_owned());
        lines.extend(part_lines(among, "  "));
        return lines;
    }
    match &segment.condition {
        Some(part) => lines.extend(part_lines(part, "  ")),
        None => lines.push("  the rest: those whom no rung above took".to_owned()),
    }
    let rung = segment.taken_by.iter();
    lines.extend(rung.map(|rung| format!("  on the ladder they stand on `{rung}`")));
    let width = segment.metrics.iter().map(|m| m.name.chars().count()).max();
    let width = width.unwrap_or(0);
    let metrics = segment.metrics.iter();
    lines.extend(metrics.map(|metric| {
        format!(
            "      {:width$} = {}  ({})",
            metric.name, metric.value, metric.text
        )
    }));
    lines
}

fn part_lines(part: &Part, indent: &str) -> Vec<String> {
    let mark = match part.holds {
        Some(true) => "✓",
        Some(false) => "✗",
        None => "?",
    };
    let words = match part.figures.is_empty() || !part.parts.is_empty() {
        true => &part.text,
        false => &part.figures,
    };
    let mut lines = vec![format!("{indent}{mark} {words}")];
    if part.holds.is_none() && part.parts.is_empty() {
        let missing = are(&part.missing);
        lines.push(format!("{indent}  unknown, because {missing} missing"));
    }
    let deeper = format!("{indent}  ");
    lines.extend(part.parts.iter().flat_map(|part| part_lines(part, &deeper)));
    lines
}

fn are(names: &[String]) -> String {
    match names {
        [] => "something is".to_string(),
        [one] => format!("`{one}` is"),
        many => format!("`{}` are", many.join("`, `")),
    }
}

/// What the score is made of, with every segment that the subject is in.
fn score(project: &Project, explanation: &Explanation, marks: &Marks) -> String {
    let mut parts: Vec<(f64, &str)> = Vec::new();
    for (rule, segment) in project.rules.segments.iter().zip(&explanation.segments) {
        if segment.member == Some(true) && rule.id.value == segment.id {
            parts.push((project.rules.weight(rule).to_f64(), &rule.name));
        }
    }
    parts.sort_by(|a, b| b.0.total_cmp(&a.0));
    let sum: f64 = parts.iter().map(|(weight, _)| weight).sum();
    let parts: Vec<String> = parts
        .iter()
        .map(|(weight, name)| format!("{} {name}", marks.number(*weight, 4)))
        .collect();
    if parts.is_empty() {
        return "Score 0: in none of these segments".to_string();
    }
    format!("Score {} = {}", marks.number(sum, 4), parts.join(" + "))
}
