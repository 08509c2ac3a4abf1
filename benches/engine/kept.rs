//! Many questions to one reading.

use std::path::Path;
use std::time::Instant;

use muster::connector::{KeptSnapshot, connect};
use muster::engine::{Keep, Unwatched};
use muster::project::Project;
use muster::time::{Clock, parse_instant};

use crate::data::NOW;
use crate::measure::{Rounds, tell};
use crate::phases::project;
use crate::rules::DRAFTS;

/// Reads what the fourteen segments need (`fill`, measured once), asks for them again (`again`, the median of five), and
/// then for one condition after the other (`question`, the median of all): seconds. `bytes_an_event` is what is kept for the fourteen,
/// the columns of clients and studios and all rows by client included.
pub fn questions(folder: &Path) {
    let fourteen = project(folder, "fourteen");
    let drafts: Vec<Project> = (1..=DRAFTS)
        .map(|n| project(folder, &format!("draft_{n}")))
        .collect();
    let zone = fourteen.config.timezone;
    let now = parse_instant(NOW, zone).unwrap();
    let mut kept = KeptSnapshot::new(connect(&fourteen.config), fourteen.config.memory);
    let mut ask = |project: &Project, clock: &Clock| {
        let began = Instant::now();
        let found = kept.evaluate(&project.ir, clock, Keep::Outputs, &Unwatched);
        let took = began.elapsed().as_secs_f64();
        (took, found.unwrap(), kept.kept().bytes(), kept.too_large())
    };
    let clock = Clock { now, zone };
    let (fill, found, ..) = ask(&fourteen, &clock);
    tell("fill", fill);
    let mut rounds = Rounds::default();
    let mut bytes_kept = 0;
    for _ in 0..5 {
        let (took, _, bytes, too_large) = ask(&fourteen, &clock);
        assert_eq!(too_large, []);
        rounds.add("again", took);
        bytes_kept = bytes;
    }
    let events: u64 = found.rows.values().sum();
    tell("bytes_an_event", bytes_kept as f64 / events as f64);
    for draft in &drafts {
        rounds.add("question", ask(draft, &clock).0);
    }
    rounds.tell();
}
