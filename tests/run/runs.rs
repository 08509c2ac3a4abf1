//! Runs one after another: what they publish, how people move, and why.

use muster::run::{Options, RunError};
use muster::store::RunStatus;

use crate::studio::{RULES, Studio, assert_unchanged_but_for_a_run, assert_whole};
use crate::support::clock::{DAY, NOON};
use crate::support::database::query;
use crate::support::library::at;

#[tokio::test]
async fn the_first_run_publishes_everything() {
    let studio = Studio::new();
    let outcome = studio.day(0).await;
    assert_eq!(outcome.run.as_ref().unwrap().status, RunStatus::Published);
    assert_eq!(outcome.unpublished, None);
    assert_eq!(
        studio.memberships(),
        ["active/1", "active/2", "spender/1", "twice/1"]
    );
    assert_eq!(
        studio.movements(1),
        [
            "active/1 entered first_run",
            "active/2 entered first_run",
            "spender/1 entered first_run",
            "twice/1 entered first_run"
        ]
    );
    assert_eq!(
        studio.query("select rank || label || score from muster_scores order by rank"),
        ["1Ann1.0", "2Bo0.3", "3Cy0.0", "4Di0.0"]
    );
    assert_eq!(
        studio.query("select id || weight || status from muster_segments order by position"),
        ["active0.3ok", "twice0.2ok", "spender0.5ok"]
    );
    assert_eq!(
        studio.query("select as_of || ' ' || subjects || ' ' || \"trigger\" from muster_runs"),
        ["2025-06-01T12:00:00Z 4 manual"]
    );
    assert_whole(&studio.database()).await;
}

#[tokio::test]
async fn a_run_in_which_nothing_changed_writes_its_row_and_its_numbers() {
    let studio = Studio::new();
    studio.day(0).await;
    let before = studio.dump();
    let outcome = studio.run(&at(NOON + 60_000_000)).await;
    assert!(
        outcome
            .segments
            .iter()
            .all(|segment| segment.movements.is_empty())
    );
    let after = studio.dump();
    assert_unchanged_but_for_a_run(&before, &after);
    // Once more at the same instant: its numbers take the place of the others.
    studio.run(&at(NOON + 60_000_000)).await;
    let again = studio.dump();
    assert_eq!(again["muster_runs"].len(), 3);
    assert_eq!(again["muster_metrics"].len(), after["muster_metrics"].len());
    assert_whole(&studio.database()).await;
}

#[tokio::test]
async fn people_move_for_a_cause() {
    let studio = Studio::new();
    studio.day(0).await;
    // Data: a visit more. Gone: Ann. New: Eve.
    studio.sql(
        "insert into visits values (5, 2, '2025-05-31 09:00:00'), (6, 5, '2025-05-31 09:00:00');
         delete from clients where id = 1; insert into clients values (5, 'Eve', 0);",
    );
    studio.day(1).await;
    assert_eq!(
        studio.movements(2),
        [
            "active/1 left gone",
            "active/5 entered data",
            "spender/1 left gone",
            "twice/1 left gone",
            "twice/2 entered data"
        ]
    );
    assert_eq!(
        studio.query("select count(*) from muster_scores where label = 'Ann'"),
        ["0"]
    );
    // Rule: `spender` by another sum; `active` is gone; `lapsed` is new.
    studio.rules(
        "
segments:
  - { id: twice, importance: 2, when: 'count(visits in last 30 days) >= 2' }
  - { id: spender, importance: 5, when: 'sum(payments.amount) >= 10' }
  - { id: lapsed, importance: 1, when: 'not exists(visits in last 30 days)' }
",
    );
    let outcome = studio.day(2).await;
    assert_eq!(
        studio.movements(3),
        [
            "active/2 left segment_removed",
            "active/5 left segment_removed",
            "lapsed/3 entered segment_new",
            "lapsed/4 entered segment_new",
            "spender/3 entered rule"
        ]
    );
    assert_eq!(outcome.removed[0].id, "active");
    assert_eq!(outcome.removed[0].movements.len(), 2);
    assert_eq!(
        studio.query("select id from muster_segments order by position"),
        ["twice", "spender", "lapsed"]
    );
    // Time alone: the visits of Bo and Eve are no longer of the last 30 days.
    studio.day(40).await;
    assert_eq!(
        studio.movements(4),
        [
            "lapsed/2 entered data",
            "lapsed/5 entered data",
            "twice/2 left data"
        ]
    );
    assert_eq!(
        studio.query("select entered_at || run_id from muster_memberships where segment_id = 'lapsed' and subject_key = 3"
        ),
        ["2025-06-03T12:00:00Z3"]
    );
    assert_whole(&studio.database()).await;
}

#[tokio::test]
async fn a_definition_changes_with_what_it_refers_to() {
    let studio = Studio::new();
    let rules = |least: u32| {
        format!(
            "
metrics:
  often: count(visits in last 30 days) >= {least}
segments:
  - {{ id: base, when: often }}
  - {{ id: above, when: in segment base }}
  - {{ id: other, when: exists(payments) }}
"
        )
    };
    studio.rules(&rules(2));
    studio.day(0).await;
    // Words around a definition are not the definition.
    studio.rules(&rules(2).replace("id: other,", "id: other, description: Paid, importance: 3,"));
    studio.day(1).await;
    assert_eq!(studio.movements(2), [] as [&str; 0]);
    studio.rules(&rules(1));
    studio.sql("insert into payments values (3, 4, '2025-05-31 10:00:00', 1)");
    studio.day(2).await;
    assert_eq!(
        studio.movements(3),
        [
            "above/2 entered rule",
            "base/2 entered rule",
            "other/4 entered data"
        ]
    );
}

#[tokio::test]
async fn a_dry_run_writes_nothing_at_all() {
    let studio = Studio::new();
    let before = std::fs::read(studio.database()).unwrap();
    let dry = Options {
        dry_run: true,
        ..at(NOON)
    };
    let outcome = studio.run(&dry).await;
    assert_eq!(outcome.run, None);
    assert_eq!(outcome.segments.as_slice()[0].movements.len(), 2);
    assert_eq!(outcome.ranking[0].score, 1.0);
    assert_eq!(std::fs::read(studio.database()).unwrap(), before);
    studio.day(0).await;
    studio.sql("delete from clients where id = 2");
    let before = std::fs::read(studio.database()).unwrap();
    let dry = Options {
        dry_run: true,
        ..at(NOON + DAY)
    };
    let outcome = studio.run(&dry).await;
    assert_eq!(outcome.segments.as_slice()[0].movements.len(), 1);
    assert_eq!(std::fs::read(studio.database()).unwrap(), before);
    let files: Vec<_> = std::fs::read_dir(studio.folder()).unwrap().collect();
    assert_eq!(files.len(), 3);
}

#[tokio::test]
async fn an_older_instant_is_shown_and_only_backfilled_on_request() {
    let studio = Studio::new();
    studio.day(0).await;
    let before = studio.dump();
    let outcome = studio.day(-3).await;
    assert_eq!(outcome.run, None);
    assert!(outcome.unpublished.unwrap().contains("--publish"));
    assert_eq!(outcome.segments.as_slice()[0].members, [0, 1]);
    assert_eq!(outcome.segments.as_slice()[1].members, [] as [u32; 0]);
    assert!(
        outcome
            .segments
            .iter()
            .all(|segment| segment.movements.is_empty())
    );
    assert_eq!(studio.dump(), before);

    let backfill = Options {
        backfill: true,
        ..at(NOON - 3 * DAY)
    };
    let outcome = studio.run(&backfill).await;
    assert_eq!(outcome.run.unwrap().status, RunStatus::Backfilled);
    let after = studio.dump();
    for (table, rows) in &before {
        match table.as_str() {
            "muster_runs" => assert_eq!(after[table].len(), 2),
            "muster_metrics" => assert_eq!(after[table].len(), 6),
            _ => assert_eq!(after[table], *rows, "{table}"),
        }
    }
    // The newest published run is still the first one, and may be followed by an equal instant.
    let outcome = studio.day(0).await;
    assert_eq!(outcome.run.unwrap().status, RunStatus::Published);
    assert_eq!(studio.movements(3), [] as [&str; 0]);
    assert_whole(&studio.database()).await;
}

#[tokio::test]
async fn an_instant_ahead_of_the_clock_is_never_published() {
    let studio = Studio::new();
    let before = studio.dump();
    for asked in [false, true] {
        let ahead = Options {
            backfill: asked,
            accept: asked,
            ..at(NOON + 100_000 * DAY)
        };
        let outcome = studio.run(&ahead).await;
        assert_eq!(outcome.run, None);
        assert!(outcome.unpublished.unwrap().contains("ahead of the clock"));
    }
    assert_eq!(studio.dump(), before);
}

#[tokio::test]
async fn an_empty_studio_is_published_first_and_not_after_a_full_one() {
    let studio = Studio::new();
    let everything = "delete from clients; delete from visits; delete from payments";
    studio.sql(everything);
    let outcome = studio.day(0).await;
    assert_eq!(outcome.run.unwrap().status, RunStatus::Published);
    studio.sql("insert into clients values (1, 'Ann', 0); insert into visits values (1, 1, '2025-06-01 10:00:00')");
    studio.day(1).await;
    assert_eq!(studio.memberships(), ["active/1"]);
    studio.sql(everything);
    let outcome = studio.day(2).await;
    assert_eq!(outcome.run, None);
    assert!(outcome.unpublished.unwrap().contains("nobody is left"));
    assert_eq!(studio.memberships(), ["active/1"]);
    let last = "select status || ' ' || message from muster_runs order by id desc limit 1";
    let words = "held nobody is left, and the last run had 1; ";
    assert!(studio.query(last)[0].starts_with(words));
    let asked = Options {
        accept: true,
        ..at(NOON + 3 * DAY)
    };
    studio.run(&asked).await;
    assert_eq!(studio.memberships(), [] as [&str; 0]);
    assert_eq!(studio.movements(4), ["active/1 left gone"]);
    assert_whole(&studio.database()).await;
}

#[tokio::test]
async fn the_list_goes_by_exact_score_then_as_people_sort() {
    let studio = Studio::new();
    studio.sql(
        "delete from visits; delete from payments; delete from clients;
         insert into clients values (1, 'zoe', 0), (2, 'Ölga', 0), (3, 'olga', 0), (4, 'Olga', 0), (5, 'Straße', 0),
             (6, 'STRASSE', 0), (7, 'Ångström', 0), (8, 'anders', 0), (9, null, 0), (10, 'Olga', 0);",
    );
    // 13 + 4 + 3 and 13 + 7 tie exactly, though their quotients do not add up to equal doubles.
    studio.rules(
        "
segments:
  - { id: a, importance: 13, when: 'id in (1, 2, 3, 4)' }
  - { id: b, importance: 4, when: 'id in (1, 3)' }
  - { id: c, importance: 3, when: 'id in (1, 3)' }
  - { id: d, importance: 7, when: 'id in (2, 4)' }
  - { id: e, importance: 78, when: 'no' }
",
    );
    studio.day(0).await;
    assert_eq!(
        studio.query("select subject_key || ' ' || label from muster_scores order by rank"),
        [
            "4 Olga",
            "3 olga",
            "2 Ölga",
            "1 zoe", // 20 / 105 each
            "9 9",
            "8 anders",
            "7 Ångström",
            "10 Olga",
            "6 STRASSE",
            "5 Straße"
        ]
    );
    assert_eq!(
        studio.query("select distinct score from muster_scores order by 1 desc"),
        ["0.190476190476", "0.0"]
    );
}

#[tokio::test]
async fn weights_set_by_hand_add_up_exactly_too() {
    let studio = Studio::new();
    studio.rules(
        "
segments:
  - { id: a, weight: 0.1, when: 'id in (1)' }
  - { id: b, weight: 0.2, when: 'id in (1)' }
  - { id: c, weight: 0.3, when: 'id in (2)' }
  - { id: d, importance: 3, when: 'id in (3)' }
  - { id: e, importance: 7, when: 'no' }
",
    );
    studio.day(0).await;
    assert_eq!(
        studio.query("select label || score from muster_scores order by rank"),
        ["Ann0.3", "Bo0.3", "Cy0.3", "Di0.0"]
    );
}

#[tokio::test]
async fn results_can_live_elsewhere() {
    let studio = Studio::new();
    studio.config("results: sqlite:results.db");
    let before = std::fs::read(studio.database()).unwrap();
    studio.day(0).await;
    studio.day(1).await;
    assert_eq!(std::fs::read(studio.database()).unwrap(), before);
    let results = studio.path("results.db");
    assert_eq!(query(&results, "pragma journal_mode"), ["wal"]);
    assert_eq!(query(&results, "select count(*) from muster_runs"), ["2"]);
    assert_whole(&results).await;
    studio.rules(RULES);
}

#[tokio::test]
async fn a_run_that_fails_is_recorded_with_its_reason() {
    let studio = Studio::new();
    studio.day(0).await;
    let before = studio.dump();
    studio.sql(
        "drop table clients; create table clients (id integer, name text, closed integer);
         insert into clients values (1, 'Ann', 0), (1, 'Bo', 0)",
    );
    let Err(RunError::World(reason)) = studio.try_run(&at(NOON + DAY)).await else {
        panic!("two clients have one key");
    };
    let recorded = studio.query("select status || ' ' || message from muster_runs where id = 2");
    assert_eq!(recorded, [format!("failed {reason}")]);
    let after = studio.dump();
    for table in ["muster_memberships", "muster_scores", "muster_movements"] {
        assert_eq!(after[table], before[table], "{table}");
    }
}

#[tokio::test]
async fn runs_at_the_same_time_do_not_mix() {
    let studio = Studio::new();
    studio.day(0).await;
    studio.sql("delete from clients where id = 1");
    let later = at(NOON + DAY);
    let mut moved = 0;
    for outcome in studio.at_once(&[&later, &later, &later]) {
        moved += outcome
            .segments
            .iter()
            .map(|found| found.movements.len())
            .sum::<usize>();
    }
    // Whoever comes first moves Ann; the others compare with that.
    assert_eq!(moved, 3);
    assert_eq!(
        studio.query("select count(*) from muster_movements where run_id > 1"),
        ["3"]
    );
    assert_eq!(studio.query("select count(*) from muster_runs"), ["4"]);
    assert_whole(&studio.database()).await;
}
