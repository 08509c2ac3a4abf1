//! `muster explain`

use clap::Args;

use super::exit::{Exit, Failure};
use super::output::{no_csv, print_value};
use super::watch::Terminal;
use super::{Common, Format, results};
use crate::config::{Config, marks};
use crate::connector::{KeptSnapshot, connect};
use crate::engine::{Evaluation, Keep};
use crate::explain::{self, Explanation, Found};
use crate::project::Project;
use crate::rules::SegmentId;
use crate::store::Store;
use crate::time::Clock;
use crate::view::{LastRun, definition_lines, explanation_lines, namesake_lines, overview_lines};

/// Why someone is in a segment, and what would change it; what a segment is.
#[derive(Args, Debug)]
pub(super) struct Explain {
    /// A key, a name or a part of one; or a segment's id, to see its definition
    #[arg(value_name = "KEY|NAME|SEGMENT")]
    subject: String,
    /// Only this segment or ladder, by its id, with all of its conditions
    segment: Option<String>,
    /// At this time instead of the last run's
    #[arg(long, value_name = "TIME")]
    as_of: Option<String>,
    /// Look so many days ahead for who comes and goes if nothing happens; default: 60, fewer where tables are large
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(0..=400))]
    ahead: Option<u32>,
}

/// The maximum number of subjects listed who share a name.
const NAMESAKES: usize = 10;

/// The name of the output in messages.
const WHAT: &str = "an explanation";

pub(super) async fn explain(command: &Explain, common: &Common) -> Result<Exit, Failure> {
    if common.format == Format::Csv {
        return Err(no_csv(WHAT));
    }
    let project = crate::project::load(&common.config, connect).await?;
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
    let clock = Clock { now, zone };
    let connector = connect(&project.config);
    let mut kept = KeptSnapshot::new(&*connector, project.config.memory);
    let mut data = kept.pin()?;
    let terminal = Terminal::new();
    let evaluation = data.evaluate(&project.ir, &clock, Keep::Everything, &terminal)?;
    let place = match find(command, (&project, &evaluation))? {
        Whom::Place(place) => place,
        Whom::Segment(id) => return define(&project, &evaluation, id, common),
    };
    let Some(key) = evaluation.subjects.key(place) else {
        return Err(nobody(&project.config, &command.subject, &clock));
    };
    let segment = command.segment.as_deref();
    let mut explanation = explain::explain(&project, &evaluation, place, segment);
    let whom = (&key, &clock, command.ahead);
    let size = explain::Size {
        rows: &evaluation.rows,
        subjects: evaluation.subjects.len(),
    };
    let about = (&mut explanation, size);
    let days = explain::look_ahead(&project, &mut data, whom, about, &terminal)?;
    drop(data);
    if let Some(store) = &mut store {
        let movements = store.movements_of(&key).await?;
        let memberships = store.memberships_of(&key).await?;
        explain::look_back(&mut explanation, &movements, &memberships, zone);
    }
    if command.ahead.is_none() && days < explain::MOST_DAYS {
        note!(
            "looked {days} days ahead, as more would take long with so many rows and rules; `--ahead {}` looks further",
            explain::MOST_DAYS
        );
    }
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
    tell((&project, &clock), &explanation, segment, stored.as_ref());
    Ok(Exit::Done)
}

/// Prints the overview of a subject or, if segments were given, their full explanations.
fn tell(
    (project, clock): (&Project, &Clock),
    explanation: &Explanation,
    segment: Option<&str>,
    stored: Option<&LastRun>,
) {
    let say_all = |lines: Vec<String>| lines.iter().for_each(|line| say!("{line}"));
    if segment.is_some() {
        say_all(explanation_lines(project, explanation, clock, stored));
        return;
    }
    say_all(overview_lines(
        project,
        explanation,
        clock,
        stored,
        super::say::out_width(),
    ));
}

/// Prints a segment's definition.
fn define(
    project: &Project,
    evaluation: &Evaluation,
    id: SegmentId,
    common: &Common,
) -> Result<Exit, Failure> {
    let Some(definition) = explain::define(project, evaluation, id) else {
        return Err(Failure::input("there is no such segment"));
    };
    if common.format != Format::Table {
        let json = serde_json::to_value(&definition).unwrap_or_default();
        print_value(&json, WHAT, common.format)?;
        return Ok(Exit::Done);
    }
    let subject = &project.config.subject;
    for line in definition_lines(&definition, subject, project.config.locale) {
        say!("{line}");
    }
    Ok(Exit::Done)
}

/// Checks that an id is a segment's or a ladder's.
fn known(project: &Project, wanted: &str) -> Result<(), Failure> {
    let rules = &project.rules;
    let ids = rules.segments.iter().map(|s| s.id.value.as_str());
    let ladders = rules.ladders.iter().map(|l| l.id.value.as_str());
    if ids.clone().chain(ladders).any(|id| id == wanted) {
        return Ok(());
    }
    Err(results::no_segment(wanted, ids))
}

/// What to explain.
enum Whom {
    /// The subject at an index.
    Place(usize),
    Segment(SegmentId),
}

/// Finds a subject by key, else a segment by id, else a subject by name.
fn find(
    command: &Explain,
    (project, evaluation): (&Project, &Evaluation),
) -> Result<Whom, Failure> {
    let wanted = &command.subject;
    let found = explain::find(evaluation, project.config.subject.matching, wanted);
    let segment = project.rules.segments.position(|s| s.id.value == *wanted);
    let segment = segment.filter(|_| command.segment.is_none());
    match (found, segment) {
        (Found::Keyed(place), _) => Ok(Whom::Place(place)),
        (_, Some(segment)) => Ok(Whom::Segment(segment)),
        (Found::One(place), None) => Ok(Whom::Place(place)),
        (Found::Inactive(key), None) => Err(Failure::input(format!(
            "{key} is not active and so in no segment: see `active` in config.yaml"
        ))),
        (Found::Several(places), None) => Err(namesakes((project, evaluation), wanted, &places)?),
        (Found::Nobody, None) => Err(nobody(&project.config, wanted, &evaluation.clock)),
    }
}

/// The error that several subjects share a name.
pub(super) fn namesakes(
    (project, evaluation): (&Project, &Evaluation),
    wanted: &str,
    places: &[usize],
) -> Result<Failure, Failure> {
    let shown = places.get(..NAMESAKES).unwrap_or(places);
    let snapshot = connect(&project.config).snapshot()?;
    let namesakes = explain::namesakes((project, evaluation), &*snapshot, shown)?;
    let called = &project.config.subject.plural;
    let lines = namesake_lines(wanted, (&namesakes, places.len()), called);
    Ok(Failure::input_lines(&lines))
}

/// Why no subject was found: there is no such row, or config excludes it.
pub(super) fn nobody(config: &Config, wanted: &str, clock: &Clock) -> Failure {
    let subject = &config.subject;
    let (table, key) = (&subject.table.value, &subject.key.value);
    let snapshot = connect(config).snapshot();
    let has_row = snapshot.and_then(|snapshot| snapshot.has_key(table, key, wanted));
    let filter = subject.filter.as_ref().map(|_| "`where:`".to_owned());
    let at = subject.at.as_ref().map(|at| {
        format!(
            "`at: {}`, as of {}",
            at.value,
            marks(config.locale).moment(clock.now, clock.zone)
        )
    });
    let reasons: Vec<String> = filter.into_iter().chain(at).collect();
    if !has_row.unwrap_or(false) || reasons.is_empty() {
        return Failure::input(format!("nobody has the key or name `{wanted}`"));
    }
    Failure::input(format!(
        "`{table}` has a row with the key `{wanted}`, but it is left out: see {} under `subject:` in config.yaml",
        reasons.join(" or ")
    ))
}

/// What the last published run stored about a subject; `None` if it had no subject with that key.
async fn published(
    store: &mut Store,
    evaluation: &Evaluation,
    place: usize,
) -> Result<Option<LastRun>, Failure> {
    let Some(key) = evaluation.subjects.key(place) else {
        return Ok(None);
    };
    let found = store.find(&key.to_string()).await?;
    let Some(client) = found.into_iter().find(|client| client.score.subject == key) else {
        return Ok(None);
    };
    let segments = store.segments().await?.into_iter();
    Ok(Some(LastRun {
        client,
        segments: segments.map(|segment| segment.id).collect(),
    }))
}
