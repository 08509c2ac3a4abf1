//! The messages of a run, one a line.

use super::{as_planned_words, edited_words, marks, rule_change_words, wide_top_words};
use crate::project::Project;
use crate::run::Outcome;

/// Problems in the data, effects of the rules, and the result of the run, one a line.
pub fn outcome_lines(project: &Project, outcome: &Outcome) -> Vec<String> {
    let evaluation = &outcome.evaluation;
    let (config, marks) = (&project.config, marks(project.config.locale));
    let problems = evaluation.problems.iter();
    let mut lines: Vec<String> = problems
        .map(|problem| match problem.is_beyond(config.unreadable) {
            true => format!("warning: data: {}", problem.words()),
            false => format!("data: {}", problem.words()),
        })
        .collect();
    // Warnings that affect most figures come first.
    lines.sort_by_key(|line| !line.starts_with("warning"));
    let wide = evaluation.wide_tops.iter();
    let wide = wide.filter_map(|wide| wide_top_words(project, outcome, wide));
    lines.extend(wide.map(|words| format!("warning: {words}")));
    let seconds = (evaluation.scan_time + evaluation.evaluation_time).as_secs_f64();
    lines.push(format!(
        "{} and {} rows evaluated as of {} in {} s",
        config.subject.counted(evaluation.subjects.len(), &marks),
        marks.whole(evaluation.rows.values().sum::<u64>()),
        marks.moment(evaluation.clock.now, evaluation.clock.zone),
        marks.number(seconds, if seconds < 1.0 { 3 } else { 2 }),
    ));
    let by_rows = evaluation.by_rows.iter();
    lines.extend(by_rows.map(|refused| format!("note: rows are read one by one: {refused}")));
    let unknown = outcome.rules_unknown.iter();
    lines.extend(unknown.map(|reason| format!("note: {reason}")));
    lines.extend(
        outcome
            .edited
            .iter()
            .map(|edited| edited_words(edited, &marks)),
    );
    for change in outcome.rule_changes() {
        let rule = project.rules.segments.get(change.segment);
        let id = rule.map_or("", |rule| &rule.id.value);
        let moved = [change.entered, change.left].map(|number| number as u64);
        lines.push(rule_change_words(change.cause, id, moved, config.locale));
    }
    let planned = outcome.as_planned.iter();
    lines.extend(planned.map(|found| as_planned_words(found, &marks)));
    let health = ("the health score", &outcome.health_stale);
    for (what, stale) in [health, ("values of the segments", &outcome.values_stale)] {
        lines.extend(
            stale
                .iter()
                .map(|reason| format!("stale: {what}: {reason}")),
        );
    }
    if outcome.health_is_another {
        lines.push(
            "rule changed: `health` of config: scores and their averages cannot be compared with those of earlier runs"
                .to_owned(),
        );
    }
    lines.extend(ending(outcome));
    lines
}

/// The result of the run.
fn ending(outcome: &Outcome) -> Vec<String> {
    match (&outcome.run, &outcome.unpublished) {
        (Some(run), _) => {
            let message = run.message.iter().map(|message| format!("note: {message}"));
            let published = format!("published as run {}", run.id);
            message.chain([published]).collect()
        }
        (None, Some(reason)) => {
            let parts = reason.split("; ").enumerate();
            let parts =
                parts.map(|(line, part)| format!("{}{part}", if line == 0 { "" } else { "  " }));
            parts.collect()
        }
        (None, None) => vec!["dry run: nothing was written".to_owned()],
    }
}
