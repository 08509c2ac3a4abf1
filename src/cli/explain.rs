//! `muster explain`

use clap::Args;

use super::exit::{Exit, Failure};
use super::output::{no_csv, print_value};
use super::watch::Terminal;
use super::{Common, Format, results};
use crate::engine::{Evaluation, Key, Keys};
use crate::explain::{
    ExplainedFactor, ExplainedHealth, ExplainedSegment, Explanation, Part,
    evaluate_for_explanation, explain as taken_apart,
};
use crate::project::Project;
use crate::store::{Client, Store};
use crate::time::Clock;
use crate::view::{Marks, marks};

/// Why someone is in a segment, with real values.
#[derive(Args, Debug)]
pub(super) struct Explain {
    /// A key, or a label that only one has
    subject: String,
    /// Only this segment
    segment: Option<String>,
    /// At this time instead of the last run's
    #[arg(long, value_name = "TIME")]
    as_of: Option<String>,
}

/// What the command prints.
const WHAT: &str = "an explanation";

pub(super) async fn explain(command: &Explain, common: &Common) -> Result<Exit, Failure> {
    if common.format == Format::Csv {
        return Err(no_csv(WHAT));
    }
    let project = crate::project::load(&common.config).await?;
    if let Some(segment) = &command.segment {
        known(&project, segment)?;
    }
    let mut store = results::reader(&project.config).await?;
    let last = match &mut store {
        Some(store) => store.last_published().await?,
        None => None,
    };
    let zone = project.config.timezone;
    let now = match (&command.as_of, &last) {
        (Some(text), _) => results::as_of(text, zone)?,
        (None, Some(run)) => run.as_of,
        (None, None) => results::now(),
    };
    let watch = Terminal::new();
    let evaluation = evaluate_for_explanation(&project, &Clock { now, zone }, &watch);
    watch.finish();
    let evaluation = evaluation?;
    let place = find(&evaluation, &command.subject)?;
    let explanation = taken_apart(&project, &evaluation, place, command.segment.as_deref());
    if common.format != Format::Table {
        let json = serde_json::to_value(&explanation).unwrap_or_default();
        print_value(&json, WHAT, common.format)?;
        return Ok(Exit::Done);
    }
    let is_last = last.as_ref().is_some_and(|run| run.as_of == now);
    let stored = match (&mut store, is_last) {
        (Some(store), true) => published(store, &evaluation, place).await?,
        _ => None,
    };
    tell(&project, &explanation, &evaluation, stored.as_ref());
    Ok(Exit::Done)
}

fn known(project: &Project, segment: &str) -> Result<(), Failure> {
    let ids = project.rules.segments.iter().map(|s| s.id.value.as_str());
    if ids.clone().any(|id| id == segment) {
        return Ok(());
    }
    Err(results::no_segment(segment, ids))
}

/// A subject by key, else by a label that only one has.
fn find(evaluation: &Evaluation, wanted: &str) -> Result<usize, Failure> {
    let subjects = &evaluation.subjects;
    let key = match &subjects.keys {
        Keys::Integer(_) => wanted.parse().ok().map(Key::Integer),
        Keys::Text(_) => Some(Key::Text(wanted.into())),
    };
    if let Some(key) = &key {
        if let Some(place) = subjects.place(key) {
            return Ok(place);
        }
        if evaluation.inactive.place(key).is_some() {
            return Err(Failure::input(format!(
                "{key} is not active and so in no segment: see `active` in config.yaml"
            )));
        }
    }
    let named: Vec<usize> = (0..subjects.len())
        .filter(|place| subjects.label(*place).to_lowercase() == wanted.to_lowercase())
        .collect();
    match named.as_slice() {
        [place] => Ok(*place),
        [] => Err(Failure::input(format!(
            "nobody has the key or name `{wanted}`"
        ))),
        many => {
            let keys: Vec<String> = many
                .iter()
                .take(10)
                .filter_map(|place| subjects.key(*place))
                .map(|key| key.to_string())
                .collect();
            let more = match many.len() - keys.len() {
                0 => String::new(),
                more => format!(" and {more} more; `muster clients --all` lists them"),
            };
            Err(Failure::input(format!(
                "{} have the name `{wanted}`; say which by key: {}{more}",
                many.len(),
                keys.join(", ")
            )))
        }
    }
}

/// What the last published run said of a subject; none where it knew nobody of that key.
async fn published(
    store: &mut Store,
    evaluation: &Evaluation,
    place: usize,
) -> Result<Option<Client>, Failure> {
    let Some(key) = evaluation.subjects.key(place) else {
        return Ok(None);
    };
    let found = store.find(&key.to_string()).await?;
    Ok(found.into_iter().find(|client| client.score.subject == key))
}

fn tell(
    project: &Project,
    explanation: &Explanation,
    evaluation: &Evaluation,
    stored: Option<&Client>,
) {
    say!(
        "{} ({} {}), as of {}",
        explanation.label,
        project.config.subject.name.value,
        explanation.key,
        crate::time::moment(evaluation.clock.now, evaluation.clock.zone)
    );
    for segment in &explanation.segments {
        tell_segment(segment);
        let published = stored.map(|client| client.segments.contains(&segment.id));
        if let (Some(now), Some(then)) = (segment.member, published)
            && now != then
        {
            say!(
                "  the last run said {}: the data or the rule has changed since",
                if then { "yes" } else { "no" }
            );
        }
    }
    if explanation.segments.len() == project.rules.segments.len() {
        say!();
        say!("{}", score(project, explanation));
    }
    if let Some(health) = &explanation.health {
        say!();
        tell_health(health, &marks(project.config.locale));
        let then = stored.and_then(|client| client.health.health);
        if stored.is_some() && health.stale.is_none() && then != health.score {
            let then = then.map_or_else(|| "nothing".to_owned(), |then| format!("{then:.1}"));
            say!("  the last run said {then}: the data or the factors have changed since");
        }
    }
}

/// The score with what each factor has to do with it.
fn tell_health(health: &ExplainedHealth, marks: &Marks) {
    if let Some(reason) = &health.stale {
        say!("Health cannot be told: {reason}");
        return;
    }
    match health.score {
        Some(score) => say!("Health {}", marks.number(score, 1)),
        None => say!("Health unknown: no factor is present"),
    }
    let width = |text: fn(&ExplainedFactor) -> &str| {
        let widths = health.factors.iter().map(|f| text(f).chars().count());
        widths.max().unwrap_or(0)
    };
    let (ids, values) = (
        width(|f| &f.id),
        width(|f| f.value.as_deref().unwrap_or("")),
    );
    for factor in &health.factors {
        let (Some(value), Some(points)) = (&factor.value, factor.points) else {
            say!("  {:ids$}  left out: its value is missing", factor.id);
            continue;
        };
        let told = format!(
            "  {:ids$}  {:>values$}  {:>5} points, weight {} ({:.0}%), costs {}",
            factor.id,
            value,
            marks.number(points, 1),
            factor.weight,
            factor.share * 100.0,
            marks.number(factor.cost, 1),
        );
        match &factor.reason {
            Some(reason) => say!("{told}: {reason}"),
            None => say!("{told}"),
        }
    }
}

fn tell_segment(segment: &ExplainedSegment) {
    let answer = match (segment.member, &segment.stale) {
        (Some(true), _) => "yes".to_string(),
        (Some(false), _) => "no".to_string(),
        (None, stale) => format!(
            "cannot be evaluated: {}",
            stale.as_deref().unwrap_or("unknown")
        ),
    };
    say!();
    say!("{} ({}): {answer}", segment.name, segment.id);
    if let Some(among) = &segment.not_among {
        say!("  not on the ladder at all, because of its `among:`");
        tell_part(among, "  ");
        return;
    }
    match &segment.condition {
        Some(part) => tell_part(part, "  "),
        None => say!("  the rest: those whom no rung above took"),
    }
    if let Some(rung) = &segment.taken_by {
        say!("  on the ladder they stand on `{rung}`");
    }
    let width = segment.metrics.iter().map(|m| m.name.chars().count()).max();
    for metric in &segment.metrics {
        say!(
            "      {:width$} = {}  ({})",
            metric.name,
            metric.value,
            metric.text,
            width = width.unwrap_or(0)
        );
    }
}

fn tell_part(part: &Part, indent: &str) {
    let mark = match part.holds {
        Some(true) => "✓",
        Some(false) => "✗",
        None => "?",
    };
    let words = if part.figures.is_empty() || !part.parts.is_empty() {
        &part.text
    } else {
        &part.figures
    };
    say!("{indent}{mark} {words}");
    if part.holds.is_none() && part.parts.is_empty() {
        say!("{indent}  unknown, because {} missing", are(&part.missing));
    }
    for inner in &part.parts {
        tell_part(inner, &format!("{indent}  "));
    }
}

fn are(names: &[String]) -> String {
    match names {
        [] => "something is".to_string(),
        [one] => format!("`{one}` is"),
        many => format!("`{}` are", many.join("`, `")),
    }
}

/// What the score is made of, with every segment that the subject is in.
fn score(project: &Project, explanation: &Explanation) -> String {
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
        .map(|(weight, name)| format!("{weight:.4} {name}"))
        .collect();
    if parts.is_empty() {
        return "Score 0: in none of these segments".to_string();
    }
    format!("Score {sum:.4} = {}", parts.join(" + "))
}
