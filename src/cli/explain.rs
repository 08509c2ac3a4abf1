//! `muster explain`

use clap::Args;

use super::exit::{Exit, Failure};
use super::output::{no_csv, print_value};
use super::watch::Terminal;
use super::{Common, Format, results};
use crate::config::Config;
use crate::connector::connect;
use crate::engine::{Evaluation, Key, Keys};
use crate::explain::{evaluate_for_explanation, explain as taken_apart};
use crate::project::Project;
use crate::store::{Client, Store};
use crate::time::{Clock, moment};
use crate::view::explanation_lines;

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
    let evaluation = evaluate_for_explanation(
        &project,
        &*connect(&project.config),
        &Clock { now, zone },
        &Terminal::new(),
    )?;
    let Some(place) = find(&evaluation, &command.subject)? else {
        return Err(nobody(&project.config, &command.subject, &evaluation.clock));
    };
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
    for line in explanation_lines(&project, &explanation, &evaluation.clock, stored.as_ref()) {
        say!("{line}");
    }
    Ok(Exit::Done)
}

fn known(project: &Project, segment: &str) -> Result<(), Failure> {
    let ids = project.rules.segments.iter().map(|s| s.id.value.as_str());
    if ids.clone().any(|id| id == segment) {
        return Ok(());
    }
    Err(results::no_segment(segment, ids))
}

/// A subject by key, else by a label that only one has; none where nobody has either.
fn find(evaluation: &Evaluation, wanted: &str) -> Result<Option<usize>, Failure> {
    let subjects = &evaluation.subjects;
    let key = match &subjects.keys {
        Keys::Integer(_) => wanted.parse().ok().map(Key::Integer),
        Keys::Text(_) => Some(Key::Text(wanted.into())),
    };
    if let Some(key) = &key {
        if let Some(place) = subjects.place(key) {
            return Ok(Some(place));
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
        [place] => Ok(Some(*place)),
        [] => Ok(None),
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

/// Why nobody is found: there is no such row, or config leaves it out.
fn nobody(config: &Config, wanted: &str, clock: &Clock) -> Failure {
    let subject = &config.subject;
    let (table, key) = (&subject.table.value, &subject.key.value);
    let snapshot = connect(config).snapshot();
    let has_row = snapshot.and_then(|snapshot| snapshot.has_key(table, key, wanted));
    let filter = subject.filter.as_ref().map(|_| "`where:`".to_owned());
    let at = subject.at.as_ref().map(|at| {
        format!(
            "`at: {}`, as of {}",
            at.value,
            moment(clock.now, clock.zone)
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
