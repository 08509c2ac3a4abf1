//! All dates are looked at in one state of the data, which is read once.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use muster::backtest::{Asked, Backtest, backtest};
use muster::connector::sqlite::SqliteConnector;
use muster::connector::{Connector, Sentinel, Snapshot};
use muster::engine::{EngineError, Unwatched};
use muster::time::parse_instant;

use crate::gym::Gym;
use crate::support::library::block_on;

/// Another program comes in between the snapshots: before each from the second one on, as often as it has something to
/// write.
#[derive(Debug)]
struct Disturbed {
    file: SqliteConnector,
    path: PathBuf,
    snapshots: AtomicU32,
    changes: u32,
}

impl Connector for Disturbed {
    fn snapshot(&self) -> Result<Box<dyn Snapshot>, EngineError> {
        self.snapshots.fetch_add(1, Ordering::Relaxed);
        self.file.snapshot()
    }

    fn sentinel(&self) -> Result<Box<dyn Sentinel>, EngineError> {
        Ok(Box::new(Disturbing {
            sentinel: self.file.sentinel()?,
            path: self.path.clone(),
            asked: 0,
            changes: self.changes,
        }))
    }
}

#[derive(Debug)]
struct Disturbing {
    sentinel: Box<dyn Sentinel>,
    path: PathBuf,
    asked: u32,
    changes: u32,
}

impl Sentinel for Disturbing {
    fn state(&mut self) -> Option<u64> {
        self.asked += 1;
        // Twice for each question: this is before one, but not before the first.
        if self.asked % 2 == 1 && self.asked > 2 && self.changes > 0 {
            self.changes -= 1;
            let writer = rusqlite::Connection::open(&self.path).unwrap();
            let sql = "insert into visits select null, 2, '2025-04-10 10:00:00', 30, 1, 'came'";
            writer.execute_batch(sql).unwrap();
        }
        self.sentinel.state()
    }
}

const DATES: [&str; 3] = ["2025-05-04", "2025-07-03", "2025-09-01"];

/// A backtest while somebody writes so often, and how many snapshots it took.
fn disturbed(gym: &Gym, changes: u32) -> (Backtest, u32) {
    let project = gym.load();
    let zone = project.config.timezone;
    let instant = |text: &str| parse_instant(text, zone).unwrap();
    let connector = Disturbed {
        file: SqliteConnector::new(&gym.database()),
        path: gym.database(),
        snapshots: AtomicU32::new(0),
        changes,
    };
    let asked = Asked {
        as_of: DATES.map(instant).to_vec(),
        suggest: false,
    };
    let found = block_on(async {
        backtest(
            &project,
            &connector,
            &asked,
            instant("2026-01-15"),
            &Unwatched,
        )
    });
    (found.unwrap(), connector.snapshots.into_inner())
}

#[test]
fn a_change_between_two_dates_begins_all_of_them_anew() {
    let gym = Gym::busy();
    let (undisturbed, once) = disturbed(&gym, 0);
    assert_eq!(once, 4, "the history, and three dates");
    assert_eq!(undisturbed, gym.backtest(&DATES));
    // All three dates come after the change, and are asked for once more.
    let (found, snapshots) = disturbed(&gym, 1);
    assert_eq!(found, gym.backtest(&DATES), "of the data as it is now");
    assert_eq!(snapshots, 2 * once);
    assert_eq!(found.notes, undisturbed.notes);
}

#[test]
fn changes_all_the_while_are_noted() {
    let gym = Gym::busy();
    let (found, _) = disturbed(&gym, 100);
    let is_told = |note: &String| note.contains("not all be of one state");
    assert!(found.notes.iter().any(is_told), "{:?}", found.notes);
    assert_eq!(found.dates.len(), 3);
}

#[test]
fn a_table_that_does_not_fit_is_noted() {
    let gym = Gym::busy();
    gym.sql(
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 200000)
         insert into visits select null, 1 + i % 5, datetime('1999-01-01', '+' || (i * 7919 % 190000000) || ' seconds'), i, 1, 'came' from n;",
    );
    let roomy = gym.backtest(&DATES);
    let config = gym.read("config.yaml");
    gym.write("config.yaml", format!("{config}\nmemory: 1 MB\n"));
    let tight = gym.backtest(&DATES);
    let is_told = |note: &&String| note.contains("`visits` do not fit") && note.contains("1 MB");
    assert_eq!(
        tight.notes.iter().filter(is_told).count(),
        1,
        "{:?}",
        tight.notes
    );
    assert_eq!(tight.proof, roomy.proof);
}
