//! `was: old_id`: a segment under another id is the same segment.

use muster::index::Id;
use muster::run::Options;
use muster::store::Store;

use crate::studio::{RULES, Studio, assert_whole};
use crate::support::clock::{DAY, NOON};
use crate::support::library::at;

fn lively() -> String {
    RULES.replace("id: active,", "id: lively, was: active,")
}

#[tokio::test]
async fn its_members_movements_and_numbers_stay_with_it() {
    let studio = Studio::new();
    studio.day(0).await;
    studio.rules(&lively());
    let before = studio.dump();
    let dry = studio
        .run(&Options {
            dry_run: true,
            ..at(NOON + DAY)
        })
        .await;
    assert!(dry.segments.iter().all(|found| found.movements.is_empty()));
    assert_eq!(dry.removed, []);
    assert_eq!(studio.dump(), before);

    studio.sql("insert into visits values (5, 4, '2025-06-02 09:00:00')");
    let outcome = studio.day(1).await;
    assert_eq!(outcome.removed, []);
    assert_eq!(studio.movements(2), ["lively/4 entered data"]);
    assert_eq!(
        studio.movements(1),
        [
            "lively/1 entered first_run",
            "lively/2 entered first_run",
            "spender/1 entered first_run",
            "twice/1 entered first_run"
        ]
    );
    assert_eq!(
        studio.query(
            "select subject_key || ' ' || entered_at || ' ' || run_id from muster_memberships
             where segment_id = 'lively' order by 1"
        ),
        [
            "1 2025-06-01T12:00:00Z 1",
            "2 2025-06-01T12:00:00Z 1",
            "4 2025-06-02T12:00:00Z 2"
        ]
    );
    let mut store = Store::open_reader(&studio.database())
        .await
        .unwrap()
        .unwrap();
    let points = store.history("lively", None).await.unwrap();
    let runs: Vec<i64> = points.iter().map(|point| point.run).collect();
    assert_eq!(runs, [1, 2]);
    store.close().await.unwrap();
    for (table, rows) in studio.dump() {
        let text = format!("{rows:?}");
        assert!(!text.contains("\"active\""), "{table}: {text}");
    }
    assert_whole(&studio.database()).await;

    // The line may stay in the file: nothing is left to be renamed.
    let before = studio.dump();
    studio.run(&at(NOON + DAY + 60_000_000)).await;
    let after = studio.dump();
    for table in ["muster_segments", "muster_memberships", "muster_movements"] {
        assert_eq!(after[table], before[table], "{table}");
    }
}

#[tokio::test]
async fn a_rule_that_changes_with_its_name_is_a_changed_rule() {
    let studio = Studio::new();
    studio.day(0).await;
    studio.rules(&lively().replace(
        "when: 'exists(visits in last 30 days)'",
        "when: 'exists(visits)'",
    ));
    let outcome = studio.day(1).await;
    assert_eq!(studio.movements(2), ["lively/3 entered rule"]);
    let changes = outcome.rule_changes();
    assert_eq!(changes.len(), 1);
    assert_eq!(
        (
            changes[0].segment.index(),
            changes[0].entered,
            changes[0].left
        ),
        (0, 1, 0)
    );
    assert_eq!(
        outcome.segments.as_slice()[0].entered(),
        0,
        "no news about customers"
    );
}

#[tokio::test]
async fn an_id_that_is_still_in_use_or_was_taken_before_is_not_renamed() {
    let studio = Studio::new();
    studio.day(0).await;
    // Both say that they were `twice`: the first one is believed. `active` is another segment's id still.
    studio.rules(
        "
segments:
  - { id: active, importance: 3, when: 'exists(visits in last 30 days)' }
  - { id: regular, was: twice, importance: 2, when: 'count(visits in last 30 days) >= 2' }
  - { id: other, was: twice, when: 'count(visits in last 30 days) >= 2' }
  - { id: lively, was: active, when: 'exists(visits in last 30 days)' }
",
    );
    studio.day(1).await;
    assert_eq!(
        studio.movements(2),
        [
            "lively/1 entered segment_new",
            "lively/2 entered segment_new",
            "other/1 entered segment_new",
            "spender/1 left segment_removed"
        ]
    );
    // An id that an earlier segment had: its rows of the same runs make way.
    studio.rules(
        &RULES
            .replace("id: active,", "id: spender, was: lively,")
            .replace("id: spender, importance: 5", "id: rich, importance: 5"),
    );
    studio.day(2).await;
    assert_eq!(
        studio.movements(2),
        [
            "other/1 entered segment_new",
            "spender/1 entered segment_new",
            "spender/2 entered segment_new"
        ]
    );
    assert_whole(&studio.database()).await;
}

#[tokio::test]
async fn two_segments_that_change_places_are_two_changed_rules() {
    let studio = Studio::new();
    studio.day(0).await;
    studio.rules(
        "
segments:
  - { id: twice, was: active, when: 'exists(visits in last 30 days)' }
  - { id: active, was: twice, when: 'count(visits in last 30 days) >= 2' }
  - { id: spender, when: 'sum(payments.amount) >= 50' }
",
    );
    studio.day(1).await;
    assert_eq!(
        studio.movements(2),
        ["active/2 left rule", "twice/2 entered rule"]
    );
}
