//! All dates are looked at in one state of the data, which is read once.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use muster::backtest::{Asked, Backtest, backtest};
use muster::connector::sqlite::SqliteConnector;
use muster::connector::{Connector, Sentinel, Snapshot};
use muster::engine::{EngineError, Watch};
use muster::time::parse_instant;

use crate::gym::Gym;
use crate::support::library::block_on;

/// A file, and how often it is opened for a snapshot.
#[derive(Debug)]
struct Counted {
    file: SqliteConnector,
    snapshots: AtomicU32,
}

impl Connector for Counted {
    fn snapshot(&self) -> Result<Box<dyn Snapshot>, EngineError> {
        self.snapshots.fetch_add(1, Ordering::Relaxed);
        self.file.snapshot()
    }

    fn sentinel(&self) -> Result<Box<dyn Sentinel>, EngineError> {
        self.file.sentinel()
    }
}

/// Another program takes a quarter of the visits away whenever something is read.
struct Writing {
    path: PathBuf,
    written: AtomicU64,
}

impl Watch for Writing {
    fn progress(&self, _: &str, _: u64, _: Option<u64>) {
        let writer = rusqlite::Connection::open(&self.path).unwrap();
        let sql = "delete from visits where id in (select id from visits order by random() limit (select count(*) / 4 from visits))";
        writer.execute_batch(sql).unwrap();
        self.written.fetch_add(1, Ordering::Relaxed);
    }

    fn cancelled(&self) -> bool {
        false
    }
}

const DATES: [&str; 3] = ["2025-05-04", "2025-07-03", "2025-09-01"];

#[test]
fn what_is_written_between_two_dates_is_seen_by_none_of_them() {
    let gym = Gym::busy();
    gym.sql("pragma journal_mode = wal");
    let undisturbed = gym.backtest(&DATES);
    let project = gym.load();
    let zone = project.config.timezone;
    let instant = |text: &str| parse_instant(text, zone).unwrap();
    let connector = Counted {
        file: SqliteConnector::new(&gym.database()),
        snapshots: AtomicU32::new(0),
    };
    let watch = Writing {
        path: gym.database(),
        written: AtomicU64::new(0),
    };
    let asked = Asked {
        as_of: DATES.map(instant).to_vec(),
        suggest: false,
    };
    let present = instant("2026-01-15");
    let found: Backtest =
        block_on(async { backtest(&project, &connector, &asked, present, &watch) }).unwrap();
    assert_eq!(found, undisturbed);
    assert_eq!(connector.snapshots.into_inner(), 1);
    assert!(watch.written.into_inner() > 3);
    assert_ne!(
        gym.backtest(&DATES),
        undisturbed,
        "of the data as it is now"
    );
}

#[test]
fn a_table_that_does_not_fit_is_noted() {
    let gym = Gym::busy();
    // At no regular distance: times that count up in even steps take so little that how the threads part the table decides.
    gym.sql(
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 400000)
         insert into visits select null, 1 + i % 5, datetime('1999-01-01', '+' || (i * i * 7919 % 190000007) || ' seconds'), i, 1, 'came' from n;",
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
