//! A subject who wants to be forgotten is in no table and in no byte of the file.

use std::path::Path;

use muster::ir::RunFingerprint;
use muster::store::{Erased, NewRun, RunStatus, Store};

use crate::studio::{RULES, Studio, assert_whole};
use crate::support::clock::NOON;
use crate::support::database::query;
use crate::support::library::at;

/// A text that nobody else has.
const KEY: &str = "client-zebra-77";
const LABEL: &str = "Zelda Quagga";

/// Many clients under text keys, among them the one of [`KEY`].
fn texts(studio: &Studio) {
    studio.sql(&format!(
        "drop table clients; drop table visits; drop table payments;
         create table clients (id text primary key, name text);
         create table visits (id integer primary key, client_id text, attended_at datetime);
         create table payments (id integer primary key, client_id text, paid_at datetime, amount numeric(10, 2));
         with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000)
         insert into clients select 'client-' || (i * 7919 % 3001), 'Client ' || i from n;
         insert into clients values ('{KEY}', '{LABEL}');
         insert into visits (client_id, attended_at) select id, '2025-05-30 10:00:00' from clients;"
    ));
}

/// Turns every answer of [`RULES`] about, so that everybody moves.
fn turned() -> String {
    let rules = RULES.replace("when: '", "when: 'not (");
    rules.replace("' }", ")' }")
}

/// Runs in which everybody moves to and fro, so that pages are split, emptied and used again.
async fn to_and_fro(studio: &Studio) {
    for minute in 0..4 {
        studio.rules(&if minute % 2 == 0 {
            RULES.into()
        } else {
            turned()
        });
        studio.run(&at(NOON + minute * 60_000_000)).await;
    }
}

fn holds(path: &Path, text: &str) -> bool {
    ["", "-wal", "-journal"].iter().any(|suffix| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        let bytes = std::fs::read(name).unwrap_or_default();
        bytes
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    })
}

async fn erase(path: &Path, key: &str) -> Option<Erased> {
    let mut store = Store::open_writer(path, false).await.unwrap();
    let erased = store.erase(key).await.unwrap();
    store.close().await.unwrap();
    erased
}

#[tokio::test]
async fn no_byte_of_the_results_tells_of_a_forgotten_subject() {
    let studio = Studio::new();
    studio.config("guard: off\nresults: sqlite:results.db");
    texts(&studio);
    to_and_fro(&studio).await;
    let results = studio.path("results.db");
    assert!(holds(&results, KEY) && holds(&results, LABEL));
    let erased = erase(&results, KEY).await.unwrap();
    assert_eq!(
        erased,
        Erased {
            tables: vec![
                ("muster_memberships".into(), 2),
                ("muster_movements".into(), 10),
                ("muster_scores".into(), 1)
            ],
            log_emptied: true
        }
    );
    assert!(!holds(&results, KEY) && !holds(&results, LABEL));
    assert_eq!(query(&results, "pragma journal_mode"), ["wal"]);
    assert_eq!(query(&results, "pragma integrity_check"), ["ok"]);
    assert_eq!(erase(&results, KEY).await, None);

    // Still in the evaluated database: the next run brings them back, and everything is in order.
    studio.run(&at(NOON + 600_000_000)).await;
    let back = format!(
        "select segment_id || ' ' || cause from muster_movements where subject_key = '{KEY}'"
    );
    assert_eq!(query(&results, &back).len(), 2);
    assert!(
        query(&results, &back)
            .iter()
            .all(|row| row.ends_with(" data"))
    );
    assert_whole(&results).await;
}

#[tokio::test]
async fn no_byte_of_a_shared_file_tells_of_one_whom_its_owner_deleted() {
    for mode in ["delete", "persist", "wal"] {
        let studio = Studio::new();
        studio.config("guard: off");
        texts(&studio);
        studio.sql(&format!("pragma journal_mode = {mode}"));
        to_and_fro(&studio).await;
        studio.sql(&format!(
            "pragma secure_delete = on; delete from visits where client_id = '{KEY}';
             delete from clients where id = '{KEY}'; pragma wal_checkpoint(truncate)"
        ));
        let others = studio.dump();
        let earlier = "select run_id || segment_id || value from muster_metrics where run_id < 4";
        let sizes = studio.query(earlier);
        assert!(holds(&studio.database(), KEY), "{mode}");
        assert!(erase(&studio.database(), KEY).await.unwrap().log_emptied);
        assert!(!holds(&studio.database(), KEY), "{mode}");
        assert!(!holds(&studio.database(), LABEL), "{mode}");
        let after = studio.dump();
        assert_eq!(after["clients"], others["clients"]);
        // The sizes of the last run are those of its lists; earlier ones stay.
        assert_eq!(studio.query(earlier), sizes);
        let last =
            "select segment_id || cast(value as integer) from muster_metrics where run_id = 4";
        let lists = "select id || size from muster_segments order by id";
        assert_eq!(studio.query(last), studio.query(lists));
        assert_eq!(after["muster_scores"].len(), 3_000);
        // Nobody moves for it, and the run after is like any other.
        studio.run(&at(NOON + 600_000_000)).await;
        assert_eq!(studio.movements(5), [] as [&str; 0]);
        assert_whole(&studio.database()).await;
        let before = studio.dump();
        studio.run(&at(NOON + 660_000_000)).await;
        assert_eq!(studio.dump()["muster_segments"], before["muster_segments"]);
    }
}

#[tokio::test]
async fn whole_numbers_are_keys_too_and_only_as_people_write_them() {
    let studio = Studio::new();
    studio.day(0).await;
    let before = studio.dump();
    for nobody in ["01", "+1", "Ann", "9", "", "1 "] {
        assert_eq!(erase(&studio.database(), nobody).await, None, "{nobody}");
    }
    assert_eq!(studio.dump(), before);
    let erased = erase(&studio.database(), "1").await.unwrap();
    let rows: Vec<u64> = erased.tables.iter().map(|(_, rows)| *rows).collect();
    assert_eq!(rows, [3, 3, 1]);
    assert_eq!(studio.memberships(), ["active/2"]);
    assert_eq!(
        studio.query("select id || size from muster_segments order by position"),
        ["active1", "twice0", "spender0"]
    );
}

#[tokio::test]
async fn a_failed_run_names_nobody_who_is_forgotten() {
    let studio = Studio::new();
    texts(&studio);
    studio.day(0).await;
    let mut store = Store::open_writer(&studio.database(), false).await.unwrap();
    let mut failed = NewRun {
        as_of: NOON,
        started_at: NOON,
        finished_at: NOON,
        status: RunStatus::Failed,
        trigger: "manual".into(),
        fingerprint: RunFingerprint::default(),
        subjects: 0,
        message: Some(format!("{KEY} stands there more than once")),
        data_summary: None,
    };
    store.record_failure(&failed).await.unwrap();
    failed.message = Some(format!("{KEY}8 stands there more than once"));
    store.record_failure(&failed).await.unwrap();
    store.close().await.unwrap();
    let erased = erase(&studio.database(), KEY).await.unwrap();
    assert!(erased.tables.contains(&("muster_runs".into(), 1)));
    assert_eq!(
        studio.query("select coalesce(message, '') from muster_runs order by id"),
        ["", "", &format!("{KEY}8 stands there more than once")]
    );
}

#[tokio::test]
async fn a_reader_that_keeps_the_log_is_told_of() {
    let studio = Studio::new();
    studio.config("results: sqlite:results.db");
    studio.day(0).await;
    let results = studio.path("results.db");
    let mut reader = Store::open_reader(&results).await.unwrap().unwrap();
    reader.segments().await.unwrap();
    assert!(!erase(&results, "1").await.unwrap().log_emptied);
    reader.close().await.unwrap();
}

/// Who is left is ranked anew, though the list is again the one of the run before the last.
#[tokio::test]
async fn a_list_that_is_as_it_was_before_somebody_came_is_written_again() {
    let studio = Studio::new();
    studio.config("results: sqlite:results.db");
    let ranks = || studio.path("results.db");
    let ranks = || {
        query(
            &ranks(),
            "select group_concat(rank) from (select rank from muster_scores order by rank)",
        )
    };
    studio.run(&at(NOON)).await;
    assert_eq!(ranks(), ["1,2,3,4"]);
    studio.sql("insert into clients values (5, 'Aa', 0); insert into visits values (9, 5, '2025-05-30 10:00:00')");
    studio.run(&at(NOON + 60_000_000)).await;
    assert_eq!(ranks(), ["1,2,3,4,5"]);
    studio.sql("delete from clients where id = 5; delete from visits where id = 9");
    erase(&studio.path("results.db"), "5").await.unwrap();
    studio.run(&at(NOON + 120_000_000)).await;
    assert_eq!(ranks(), ["1,2,3,4"]);
}
