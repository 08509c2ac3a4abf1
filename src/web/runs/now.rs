//! A run started from the page.

use std::sync::Arc;

use super::ran::{Mover, Ran};
use crate::config::{Marks, marks};
use crate::engine::Watch;
use crate::import::refresh;
use crate::project::Project;
use crate::publish::after_run;
use crate::run::{Options, Outcome, run_leased, wait_for_lease};
use crate::store::{Direction, Movement, Store};
use crate::view::outcome_lines;
use crate::web::Web;
use crate::web::work::Progress;

/// The maximum number of names shown for each segment and direction.
const NAMES: usize = 20;

/// The kind of run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    Publish,
    /// Also publish what the guard would hold, if the held run is still this one.
    Accept(i64),
    /// Write nothing, and report who would move.
    Try,
}

/// Evaluates, and publishes if the wish says so.
///
/// # Errors
/// A message.
pub(super) async fn run(web: &Web, wish: Wish, progress: Arc<Progress>) -> Result<Ran, String> {
    let writes = wish != Wish::Try;
    if writes {
        import(web, &progress).await?;
    }
    let project = crate::project::load(web.path(), web.connect()).await;
    let project = project.map_err(crate::project::LoadError::into_reason)?;
    let connector = (web.connect())(&project.config);
    let options = Options {
        dry_run: !writes,
        accept: matches!(wish, Wish::Accept(_)),
        trigger: "page".to_owned(),
        present: Some(web.now()),
        ..Options::default()
    };
    let outcome = match writes {
        true => {
            let now = || web.now();
            let told = |words: &str| progress.say(format!("{words}; waiting for it"));
            let lease = wait_for_lease(&project.config, "page: run", &now, &*progress, &told).await;
            let lease = lease.map_err(|error| error.to_string())?;
            if let Wish::Accept(run) = wish {
                is_held(&project, run).await?;
            }
            run_leased(&project, &*connector, &options, (lease, None), &*progress).await
        }
        false => crate::run::run(&project, &*connector, &options, &*progress).await,
    };
    let outcome = outcome.map_err(|error| error.to_string())?;
    let unpublished = match (&outcome.run, &project.config.publish) {
        (Some(_), Some(server)) => {
            progress.say(format!("the results are being written to `{server}`"));
            after_run(&project.config, &*progress).await
        }
        _ => None,
    };
    Ok(Ran {
        title: match (&outcome.run, writes) {
            (Some(_), _) => "Published",
            (None, true) => "Nothing was published",
            (None, false) => "Nothing was written",
        },
        lines: outcome_lines(&project, &outcome)
            .into_iter()
            .chain(unpublished)
            .collect(),
        movers: if writes {
            Vec::new()
        } else {
            movers(&project, &outcome)
        },
    })
}

/// Checks that the run is still held: others may have run while this one waited for the lease.
async fn is_held(project: &Project, run: i64) -> Result<(), String> {
    let words = |error: &dyn std::fmt::Display| error.to_string();
    let store = Store::open_reader(project.config.results_path()).await;
    let held = match store.map_err(|error| words(&error))? {
        Some(mut store) => store.held_now().await.map_err(|error| words(&error))?.pop(),
        None => None,
    };
    match held.is_some_and(|held| held.id == run) {
        true => Ok(()),
        false => Err(format!(
            "run {run}, which you looked at, is no longer the one that is held: look at Runs again"
        )),
    }
}

/// Imports the files that config names again, if they have changed.
async fn import(web: &Web, progress: &Arc<Progress>) -> Result<(), String> {
    let files = web.files().await.map_err(|refusal| refusal.reason)?;
    if files.config.import.is_none() {
        return Ok(());
    }
    let (config, progress) = (files.config.clone(), Arc::clone(progress));
    let work = move || match &config.import {
        Some(import) => {
            refresh(&import.files, &import.database, &*progress as &dyn Watch).map(drop)
        }
        None => Ok(()),
    };
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| error.to_string())?
        .map_err(|error| error.to_string())
}

fn movers(project: &Project, outcome: &Outcome) -> Vec<Mover> {
    let marks = marks(project.config.locale);
    let segments = project.rules.segments.zip(&outcome.segments);
    let movers = segments.map(|(rule, found)| mover(&rule.name, &found.movements, outcome, &marks));
    movers.flatten().collect()
}

/// `None` if nobody moves.
fn mover(name: &str, movements: &[Movement], outcome: &Outcome, marks: &Marks) -> Option<Mover> {
    let subjects = &outcome.evaluation.subjects;
    let those = |direction: Direction| {
        let moved = movements
            .iter()
            .filter(move |moved| moved.direction == direction);
        let names: Vec<String> = moved
            .clone()
            .take(NAMES)
            .map(|moved| match subjects.place(&moved.subject) {
                Some(place) => subjects.label(place),
                None => moved.subject.to_string(),
            })
            .collect();
        (moved.count(), names)
    };
    let (entered, comes) = those(Direction::Entered);
    let (left, goes) = those(Direction::Left);
    if entered + left == 0 {
        return None;
    }
    let more = |all: usize, named: usize| match all - named {
        0 => String::new(),
        more => format!(", and {} more", marks.whole(more)),
    };
    Some(Mover {
        name: name.to_owned(),
        entered: marks.whole(entered),
        left: marks.whole(left),
        more_come: more(entered, comes.len()),
        more_go: more(left, goes.len()),
        comes,
        goes,
    })
}
