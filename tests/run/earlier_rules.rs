//! The rules of the last run beside those of the present one: what they read, and what becomes of a run where they fail.

use muster::edits;
use muster::project::load_published;
use muster::run::{Logged, Options, log};
use muster::store::Store;

use crate::studio::{RULES, Studio};
use crate::support::clock::{DAY, NOON};
use crate::support::library::at;

const KEYED: &str = "guard: off
database: sqlite:studio.db
timezone: UTC
subject: { name: client, table: clients, key: id, label: name }
";

#[tokio::test]
async fn a_run_is_published_though_the_rules_before_it_fail() {
    let studio = Studio::new();
    studio.sql("update clients set closed = id + 10");
    studio.write("config.yaml", KEYED.replace("key: id", "key: closed"));
    studio.rules("segments:\n  - { id: all, when: 'id > 0' }\n");
    studio.day(0).await;
    studio.sql("update clients set closed = 0");
    studio.write("config.yaml", KEYED);
    let accepted = Options {
        accept: true,
        ..at(NOON + DAY)
    };
    let outcome = studio.run(&accepted).await;
    assert!(outcome.run.is_some(), "{:?}", outcome.unpublished);
    let reason = outcome.rules_unknown.unwrap();
    assert!(reason.contains("rules of run 1"), "{reason}");
    assert_eq!(studio.memberships().len(), 4);
}

#[tokio::test]
async fn rules_whose_table_is_gone_block_no_run() {
    let studio = Studio::new();
    studio.day(0).await;
    studio.sql("drop table payments");
    studio.write(
        "config.yaml",
        format!("{KEYED}collections:\n  visits: {{ table: visits, subject: client_id, at: attended_at }}\n"),
    );
    studio.rules("segments:\n  - { id: active, when: 'exists(visits)' }\n");
    let outcome = studio.day(1).await;
    assert!(outcome.run.is_some(), "{:?}", outcome.unpublished);
}

#[tokio::test]
async fn what_only_the_rules_before_read_is_not_told_of_the_run() {
    let studio = Studio::new();
    studio.sql("insert into payments values (9, 99, '2025-05-30 10:00:00', 5)");
    let first = studio.day(0).await;
    assert!(first.evaluation.rows.contains_key("payments"));
    assert!(!first.evaluation.problems.is_empty());
    studio.rules("segments:\n  - { id: active, when: 'exists(visits)' }\n");
    let outcome = studio.day(1).await;
    assert_eq!(outcome.evaluation.problems, []);
    let tables: Vec<&String> = outcome.evaluation.rows.keys().collect();
    assert_eq!(tables, ["visits"]);
}

#[tokio::test]
async fn two_lists_of_one_file_are_stored_both() {
    let studio = Studio::new();
    let lists = "lists:\n  vip: { file: l.csv }\n  news: { file: l.csv, column: name }\n";
    studio.write("config.yaml", format!("{KEYED}{lists}"));
    studio.write("l.csv", "id,name\n1,Ann\n2,Ann\n3,Cy\n");
    studio.rules(
        "segments:\n  - { id: vip, when: in list vip }\n  - { id: news, when: in list news }\n",
    );
    studio.day(0).await;
    let project = studio.project().await;
    let old = load_published(&project, &project.sources, 1).await.unwrap();
    let old = old.unwrap();
    assert!(edits::between(&old, &project).all.is_empty());
    let entries = old.lists.iter().map(|list| list.identities().len());
    assert_eq!(entries.collect::<Vec<_>>(), [3, 2]);
}

#[tokio::test]
async fn the_log_of_a_segment_goes_on_under_its_new_id() {
    let studio = Studio::new();
    studio.day(0).await;
    let edited = RULES.replace("'exists(visits in last 30 days)'", "'exists(visits)'");
    studio.rules(&edited);
    studio.day(1).await;
    studio.rules(&edited.replace("id: active,", "id: lively, was: active,"));
    studio.day(2).await;
    let project = studio.project().await;
    let mut store = Store::open_reader(&studio.database())
        .await
        .unwrap()
        .unwrap();
    let runs = log(&project, &mut store, Some("lively"), None)
        .await
        .unwrap();
    let run = runs.iter().find(|run| run.run.id == 2).unwrap();
    let Logged::Edits(edited) = &run.what else {
        panic!("{runs:?}")
    };
    let [edit] = edited.edits.as_slice() else {
        panic!("{edited:?}")
    };
    assert_eq!(edit.segments["lively"].entered, 1);
    assert!(edited.together.is_empty());
}

#[test]
fn so_many_edits_are_told_without_compiling_each() {
    let segments = |than: usize| -> String {
        let all = (0..300).map(|i| {
            let than = if i < 100 { i + than } else { i };
            format!("  - {{ id: s{i}, when: 'id > {than}' }}\n")
        });
        format!("segments:\n{}", all.collect::<String>())
    };
    let (old, new) = super::edits::both_of_rules(&segments(0), &segments(1000));
    let edits = edits::between_bounded(&old, &new);
    assert_eq!(edits.all.len(), 100);
    let counted = edits.affordable().unwrap();
    assert!(counted < 20, "{counted} of them are counted alone");
}
