//! `muster run`

use clap::Args;

use super::exit::{Exit, Failure};
use super::output::print_table;
use super::watch::Terminal;
use super::{Common, Format, findings, results};
use crate::report::{SegmentRow, SegmentsPage, View, marks, problem_words, rule_change_words};
use crate::run::{Options, Outcome, Project};
use crate::value::Value;

/// One run: evaluate, compare with the last one, write back.
#[derive(Args, Debug)]
pub(super) struct RunOnce {
    /// Evaluate at this time: a date (its local midnight) or an instant
    #[arg(long, value_name = "TIME")]
    as_of: Option<String>,
    /// Evaluate and compare, write nothing
    #[arg(long)]
    dry_run: bool,
    /// Publish an older instant's metrics, or a run in which nobody is left
    #[arg(long, conflicts_with = "dry_run")]
    publish: bool,
}

pub(super) async fn run_once(command: &RunOnce, common: &Common) -> Result<Exit, Failure> {
    let project = crate::run::load(&common.config).await?;
    let as_of = match &command.as_of {
        Some(text) => Some(results::as_of(text, project.config.timezone)?),
        None => None,
    };
    let options = Options {
        as_of,
        dry_run: command.dry_run,
        publish: command.publish,
        trigger: "manual".to_string(),
        ..Options::default()
    };
    execute(&project, &options, common).await
}

/// Runs, prints the segments table, and tells on stderr what people should know.
pub(super) async fn execute(
    project: &Project,
    options: &Options,
    common: &Common,
) -> Result<Exit, Failure> {
    findings::tell(&project.sources, &project.findings);
    let watch = Terminal::new();
    let outcome = crate::run::run(project, options, &watch).await;
    watch.finish();
    let outcome = outcome?;
    let page = SegmentsPage::new(&project.config, rows(project, &outcome));
    let table = page.table(match common.format {
        Format::Table => View::Changes,
        _ => View::Everything,
    });
    print_table(&table, common.format, project.config.locale)?;
    tell(project, &outcome);
    let stale = outcome.segments.iter().any(|s| s.stale.is_some());
    let refused = outcome.unpublished.is_some() && !options.dry_run;
    Ok(if stale || refused {
        Exit::Attention
    } else {
        Exit::Done
    })
}

fn rows(project: &Project, outcome: &Outcome) -> Vec<SegmentRow> {
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    project
        .rules
        .segments
        .iter()
        .zip(&outcome.segments)
        .map(|(rule, found)| SegmentRow {
            bucket: rule.bucket.clone(),
            name: rule.name.clone(),
            sign: rule.sign.clone(),
            id: rule.id.value.clone(),
            importance: rule.importance,
            weight: project.rules.weight(rule).to_f64(),
            entered: Some(count(found.entered())),
            left: Some(count(found.left())),
            values: found.values.iter().map(number).collect(),
            stale: found.stale.as_ref().map(|stale| stale.reason.clone()),
        })
        .collect()
}

/// A value for the page; money in units of the currency.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Money(money) => Some(money.to_f64()),
        _ => None,
    }
}

fn tell(project: &Project, outcome: &Outcome) {
    let evaluation = &outcome.evaluation;
    eprintln!();
    for problem in &evaluation.problems {
        eprintln!("data: {}", problem_words(problem));
    }
    for wide in &evaluation.wide_tops {
        if let Some(words) = results::wide_top(project, outcome, wide) {
            eprintln!("warning: {words}");
        }
    }
    let marks = marks(project.config.locale);
    let whole = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    eprintln!(
        "{} {}s and {} rows evaluated as of {} in {:.2} s",
        marks.whole(whole(evaluation.subjects.len())),
        project.config.subject.name.value,
        marks.whole(i64::try_from(evaluation.rows).unwrap_or(i64::MAX)),
        results::local_time(evaluation.clock.now, evaluation.clock.zone),
        (evaluation.scan_time + evaluation.evaluation_time).as_secs_f64(),
    );
    for change in outcome.rule_changes() {
        let rule = project.rules.segments.get(change.segment);
        let id = rule.map_or("", |rule| &rule.id.value);
        let [entered, left] = [change.entered, change.left].map(whole);
        eprintln!(
            "{}",
            rule_change_words(id, entered, left, project.config.locale)
        );
    }
    match (&outcome.run, &outcome.unpublished) {
        (Some(run), _) => {
            if let Some(message) = &run.message {
                eprintln!("note: {message}");
            }
            eprintln!("published as run {}", run.id);
        }
        (None, Some(reason)) => eprintln!("{reason}"),
        (None, None) => eprintln!("dry run: nothing was written"),
    }
}
