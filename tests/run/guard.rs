//! A run that would change too much is held: nothing of it is published until somebody accepts it, or it is within
//! bounds again.

use std::collections::BTreeSet;

use muster::run::{Options, Outcome};
use muster::store::{RunStatus, Store, StoreError};
use proptest::prelude::*;

use crate::studio::{Studio, assert_whole, crowd};
use crate::support::clock::{DAY, NOON};
use crate::support::database::Tables;
use crate::support::library::{at, block_on};

/// A hundred clients, of whom each came once, and one segment of those who came.
async fn studio(guard: &str) -> Studio {
    let studio = Studio::new();
    studio.sql("delete from clients; delete from visits; delete from payments");
    crowd(&studio, 1, 100);
    studio.config(guard);
    studio.rules("segments:\n  - { id: active, when: 'exists(visits in last 30 days)' }\n");
    assert!(studio.day(0).await.run.is_some());
    studio
}

/// So many of the clients have never come.
fn forget_visits(studio: &Studio, clients: u32) {
    studio.sql(&format!("delete from visits where client_id <= {clients}"));
}

fn accept(days: i64) -> Options {
    Options {
        accept: true,
        ..at(NOON + days * DAY)
    }
}

fn dry(days: i64) -> Options {
    Options {
        dry_run: true,
        ..at(NOON + days * DAY)
    }
}

fn reason(outcome: &Outcome) -> &str {
    let held = outcome.held.as_ref().expect("it was held");
    held.message.as_deref().unwrap()
}

/// Nothing but rows of runs is new.
fn assert_only_runs_are_new(before: &Tables, after: &Tables) {
    for (table, rows) in before {
        let first = &after[table][..rows.len()];
        assert_eq!(first, rows, "{table}");
        let is_new = after[table].len() > rows.len();
        assert!(!is_new || table == "muster_runs", "{table}");
    }
}

#[tokio::test]
async fn a_run_beyond_the_bounds_is_held_and_the_next_one_within_them_is_published() {
    let studio = studio("").await;
    let before = studio.dump();
    let visits = studio.query("select quote(id) || quote(client_id) from visits");
    studio.sql("create table aside as select * from visits");
    forget_visits(&studio, 51);
    let outcome = studio.day(1).await;
    assert_eq!(outcome.run, None);
    assert!(outcome.unpublished.as_ref().unwrap().starts_with("held"));
    let words = reason(&outcome);
    assert!(
        words.starts_with(
            "51 memberships would change since run 1, as of 06/01/2025 12:00 UTC, which had 100 (51%, and `guard:` allows 50%): 0 in, 51 out; \
             most in `active` 100 → 49; `visits` has only 49 rows, and had 100; "
        ),
        "{words}"
    );
    assert!(words.contains("`muster run --accept`"), "{words}");
    assert_eq!(
        studio.query("select status || ' ' || message from muster_runs where id = 2"),
        [format!("held {words}")]
    );
    let mut after = studio.dump();
    for table in ["visits", "aside"] {
        after.remove(table);
    }
    let mut known = before.clone();
    known.remove("visits");
    assert_only_runs_are_new(&known, &after);
    // It is looked at anew each time.
    assert!(studio.day(2).await.run.is_none());
    studio.sql("delete from visits; insert into visits select * from aside");
    assert_eq!(
        studio.query("select quote(id) || quote(client_id) from visits"),
        visits
    );
    let outcome = studio.day(3).await;
    assert_eq!(outcome.run.unwrap().status, RunStatus::Published);
    assert_eq!(studio.movements(4), Vec::<String>::new());
    assert_whole(&studio.database()).await;
}

#[tokio::test]
async fn the_bounds_are_what_config_says() {
    for (guard, clients, held) in [
        ("", 50, false),
        ("", 51, true),
        ("guard: { moves: 10% }", 20, true),
        ("guard: { moves: 10% }", 19, false),
        ("guard: { moves: 10%, at_least: 5 }", 10, false),
        ("guard: { moves: 10%, at_least: 5 }", 11, true),
        ("guard: { moves: 29% }", 29, false),
        ("guard: { moves: 28.9999999% }", 29, true),
        ("guard: { moves: 10%, at_least: 0 }", 0, false),
        ("guard: { at_least: 100 }", 99, false),
        ("guard: { at_least: 100 }", 100, true),
        ("guard: { except: [active] }", 100, false),
        ("guard: off", 100, false),
    ] {
        let studio = studio(guard).await;
        forget_visits(&studio, clients);
        let outcome = studio.day(1).await;
        assert_eq!(outcome.held.is_some(), held, "{guard}: {clients}");
        assert_eq!(outcome.run.is_none(), held, "{guard}: {clients}");
    }
}

/// Nobody can leave a stale segment: its members do not make less of what changes elsewhere.
#[tokio::test]
async fn a_stale_segment_is_not_counted() {
    let studio = studio("").await;
    studio.rules(
        "segments:
  - { id: active, when: 'exists(visits in last 30 days)' }
  - { id: unpaid, when: 'not exists(payments)' }
",
    );
    assert_eq!(
        studio.day(1).await.run.unwrap().status,
        RunStatus::Published
    );
    studio.sql("alter table payments rename to aside");
    forget_visits(&studio, 60);
    let outcome = studio.day(2).await;
    assert!(
        reason(&outcome).contains("which had 100 (60%, and"),
        "{}",
        reason(&outcome)
    );
}

/// Of data that a newer Muster found trouble in, what is known is compared.
#[tokio::test]
async fn a_run_of_a_newer_muster_is_compared_with() {
    let studio = studio("").await;
    let problems = r#"[{ "kind": "of_tomorrow", "table": "visits", "column": "id", "count": 3 }]"#;
    studio.sql(&format!(
        "update muster_runs set data_summary = json_set(data_summary, '$.problems', json('{problems}'))"
    ));
    forget_visits(&studio, 60);
    let outcome = studio.day(1).await;
    assert!(reason(&outcome).contains("`visits` has only 40 rows, and had 100"));
}

#[tokio::test]
async fn what_is_accepted_is_published_and_says_so() {
    let studio = studio("").await;
    forget_visits(&studio, 80);
    assert!(studio.day(1).await.held.is_some());
    let outcome = studio.run(&accept(1)).await;
    assert_eq!(outcome.held, None);
    assert!(outcome.accepted.unwrap().starts_with("80 memberships"));
    let run = outcome.run.unwrap();
    assert_eq!(run.status, RunStatus::Published);
    assert!(run.message.unwrap().starts_with("accepted: 80 memberships"));
    assert_eq!(studio.memberships().len(), 20);
    assert_eq!(studio.movements(run.id).len(), 80);
    assert_whole(&studio.database()).await;
    // What would not be held needs nobody who accepts it.
    let outcome = studio.run(&accept(2)).await;
    assert_eq!(outcome.accepted, None);
    assert_eq!(outcome.run.unwrap().message, None);
}

#[tokio::test]
async fn a_dry_run_says_that_it_would_be_held_and_writes_nothing() {
    let studio = studio("").await;
    forget_visits(&studio, 80);
    let before = studio.dump();
    let outcome = studio.run(&dry(1)).await;
    let told = outcome.unpublished.unwrap();
    assert!(
        told.contains("a run would be held: 80 memberships"),
        "{told}"
    );
    assert_eq!(outcome.held, None);
    assert_eq!(studio.dump(), before);
}

#[tokio::test]
async fn an_older_instant_is_compared_with_nothing_and_not_held() {
    let studio = studio("").await;
    forget_visits(&studio, 80);
    let backfill = Options {
        backfill: true,
        ..at(NOON - DAY)
    };
    let outcome = studio.run(&backfill).await;
    assert_eq!(outcome.run.unwrap().status, RunStatus::Backfilled);
}

#[tokio::test]
async fn an_upgrade_of_muster_is_not_held() {
    let studio = studio("").await;
    forget_visits(&studio, 80);
    studio.sql("update muster_segments set fingerprint_version = null");
    assert!(studio.day(1).await.run.is_some());
    assert_eq!(
        studio.query("select distinct cause from muster_movements where run_id = 2"),
        ["upgrade"]
    );
}

#[tokio::test]
async fn edits_are_held_like_data_and_new_segments_are_not() {
    let more = |active: &str| {
        format!(
            "segments:
  - {{ id: active, when: 'exists(visits in last {active} days)' }}
  - {{ id: everyone, when: yes }}
"
        )
    };
    let studio = studio("").await;
    studio.rules(&more("30"));
    assert!(studio.day(1).await.run.is_some());
    // Of 200 memberships 100 are half, and 30 more are not.
    studio.rules(&more("2"));
    assert!(studio.day(2).await.run.is_some());
    studio.rules(&more("30"));
    assert!(reason(&studio.day(3).await).contains("100 in, 0 out"));
    studio.rules("segments:\n  - { id: everyone, when: 'id > 30' }\n");
    let outcome = studio.run(&at(NOON + 3 * DAY)).await;
    assert!(outcome.run.is_some());
    studio.sql("delete from visits; delete from clients where id > 90");
    studio.rules("segments:\n  - { id: everyone, when: 'id > 85' }\n");
    let outcome = studio.day(4).await;
    let words = reason(&outcome);
    assert!(
        words.contains(
            "65 memberships would change since run 5, as of 06/04/2025 12:00 UTC, which had 70 (92.9%, and `guard:` allows 50%): 0 in, 65 out; \
             most in `everyone` 70 → 5; 55 by changed rules or config; 10 of clients no longer in `clients`; "
        ),
        "{words}"
    );
    studio.rules("segments:\n  - { id: others, when: yes }\n");
    let outcome = studio.day(4).await;
    let words = reason(&outcome);
    assert!(words.contains("all by changed rules or config"), "{words}");
    assert!(words.contains("most in `everyone` 70 → 0"), "{words}");
}

#[tokio::test]
async fn what_is_new_in_the_data_is_told() {
    let studio = studio("").await;
    // Eight of them are there already, and belong to nobody.
    studio.sql("update visits set client_id = 1000 + id where id <= 8");
    studio.day(1).await;
    studio.sql("update visits set client_id = 1000 + id where id <= 80");
    let outcome = studio.day(2).await;
    let words = reason(&outcome);
    assert!(
        words.contains("new in the data: 80 of 100 rows of `visits` belong to nobody in the subject's table (column `client_id`)"),
        "{words}"
    );
    assert!(!words.contains("has only"), "{words}");
    studio.config("active: closed = 0");
    studio.sql("update clients set closed = 1 where id > 10");
    let outcome = studio.day(2).await;
    let words = reason(&outcome);
    assert!(
        words.contains("only 10 clients take part, and 100 did"),
        "{words}"
    );
}

#[tokio::test]
async fn a_held_run_is_recorded_only_against_what_it_was_compared_with() {
    let studio = studio("").await;
    forget_visits(&studio, 80);
    let held = studio.day(1).await.held.unwrap();
    let mut store = Store::open_writer(&studio.database(), false).await.unwrap();
    let stranger = muster::store::Hold {
        owner: "somebody else".into(),
        due: None,
    };
    let taken = store.record_held(&held, Some(1), Some(&stranger)).await;
    assert!(matches!(taken, Err(StoreError::TakenOver(_))));
    assert_eq!(store.held_now().await.unwrap().len(), 1);
    studio.run(&accept(1)).await;
    assert!(store.held_now().await.unwrap().is_empty());
    assert_eq!(store.held_since(1).await.unwrap().len(), 1);
    let overtaken = store.record_held(&held, Some(1), None).await;
    assert!(matches!(overtaken, Err(StoreError::Overtaken(_))));
    assert!(store.held_now().await.unwrap().is_empty());
    store.close().await.unwrap();
}

#[tokio::test]
async fn runs_at_the_same_time_are_held_or_published_and_leave_one_state() {
    let studio = studio("").await;
    forget_visits(&studio, 80);
    let (hold, accepting) = (at(NOON + DAY), accept(1));
    for outcome in studio.at_once(&[&hold, &accepting, &hold]) {
        // One that comes after the accepted one finds nothing to change.
        assert!(outcome.held.is_some() || outcome.run.is_some());
    }
    assert_eq!(studio.memberships().len(), 20);
    let after = "select count(*) from muster_runs where status = 'held'
                 and id > (select max(id) from muster_runs where status = 'published')";
    assert_eq!(studio.query(after), ["0"]);
    assert_whole(&studio.database()).await;
}

/// Who came in the last 30 days before a day, and who came twice: by SQL.
fn expected(studio: &Studio) -> BTreeSet<String> {
    let of = |segment: &str, least: u32| {
        studio.query(&format!(
            "select '{segment}/' || client_id from visits where client_id in (select id from clients)
             group by client_id having count(*) >= {least}"
        ))
    };
    let both = of("active", 1).into_iter().chain(of("twice", 2));
    both.collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(12) })]

    #[test]
    fn a_run_is_published_exactly_within_the_bounds(
        visits in prop::collection::vec(prop::collection::vec(0..3_u8, 40), 2..6),
        percent in 50..1_500_u32,
        at_least in 0..30_u32,
    ) {
        block_on(async {
            let studio = Studio::new();
            studio.sql("delete from clients; delete from visits; delete from payments");
            crowd(&studio, 1, 40);
            studio.config(&format!("guard: {{ moves: {}%, at_least: {at_least} }}", f64::from(percent) / 10.0));
            studio.rules("segments:
  - { id: active, when: 'exists(visits in last 30 days)' }
  - { id: twice, when: 'count(visits in last 30 days) >= 2' }
");
            studio.day(0).await;
            for (day, visits) in (1..).zip(visits) {
                studio.sql("delete from visits");
                for (client, count) in (1..).zip(visits) {
                    for _ in 0..count {
                        studio.sql(&format!("insert into visits (client_id, attended_at) values ({client}, '2025-05-30 10:00:00')"));
                    }
                }
                let before: BTreeSet<String> = studio.memberships().into_iter().collect();
                let found = expected(&studio);
                let moved = before.symmetric_difference(&found).count();
                let within = before.is_empty()
                    || moved < at_least as usize
                    || moved * 1_000 <= percent as usize * before.len();
                let outcome = studio.day(day).await;
                prop_assert_eq!(outcome.run.is_some(), within, "{} of {}", moved, before.len());
                prop_assert_eq!(outcome.held.is_none(), within);
                let now: BTreeSet<String> = studio.memberships().into_iter().collect();
                prop_assert_eq!(now, if within { found } else { before });
            }
            Ok(())
        })?;
    }
}
