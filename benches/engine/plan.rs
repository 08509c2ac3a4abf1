//! What one edited condition would do, beside a run of the same rules.

use std::path::Path;
use std::time::Instant;

use muster::connector::connect;
use muster::edits::between;
use muster::engine::Unwatched;
use muster::plan::{Asked, plan};
use muster::project::load_beside;
use muster::run::Options;
use muster::source::Sources;
use muster::time::parse_instant;

use crate::data::NOW;
use crate::measure::{Rounds, tell};
use crate::phases::{FEWER_TIMES, forget_results, project, runtime};

/// How movers are listed on a terminal.
const LISTED: usize = 20;

/// A first run (`run`) and a plan of one edit (`plan`), by turns.
pub fn edit(folder: &Path) {
    let new = project(folder, "fourteen");
    let texts = new.sources.iter().map(|(_, file)| {
        let text = file
            .text
            .replace("top 20% by visits_60d", "top 15% by visits_60d");
        (file.path.clone(), text)
    });
    let texts = Sources::in_memory(texts.collect::<Vec<_>>());
    let config = folder.join("fourteen.yaml");
    let now = parse_instant(NOW, new.config.timezone).unwrap();
    let options = Options {
        as_of: Some(now),
        trigger: "bench".to_owned(),
        ..Options::default()
    };
    let old = load_beside(&new, &config, texts, &|_| None).map_err(|(_, findings)| findings);
    let old = old.unwrap();
    let connector = connect(&new.config);
    let (mut rounds, mut movers) = (Rounds::default(), 0);
    for _ in 0..FEWER_TIMES {
        forget_results(&new);
        let began = Instant::now();
        let ran = muster::run::run(&new, &*connector, &options, &Unwatched);
        runtime().block_on(ran).unwrap();
        rounds.add("run", began.elapsed().as_secs_f64());
        let asked = Asked {
            now,
            segment: None,
            explained: LISTED,
        };
        let began = Instant::now();
        let edits = between(&old, &new);
        let planned = runtime()
            .block_on(async { plan((&old, &new), &edits, &*connector, &asked, &Unwatched) })
            .unwrap();
        rounds.add("plan", began.elapsed().as_secs_f64());
        movers = planned.plan.movers.len();
    }
    tell("movers", movers as f64);
    rounds.tell();
}
