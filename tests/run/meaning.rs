//! What a run was made by: changed rules and config are told from changed data.

use crate::studio::Studio;
use crate::support::library::at;

const HEALTH: &str = r#"
health:
  factors:
    - { id: recency, value: days_since(last(visits).at), zero: 60, full: 0, reason: "{value} days ago" }
"#;

const RULES: &str = "
segments:
  - { id: poorly, importance: 2, when: health < 95 }
  - { id: recent, importance: 1, when: exists(visits in last 5 days) }
";

fn studio() -> Studio {
    let studio = Studio::new();
    studio.rules(RULES);
    studio.config(HEALTH);
    studio
}

/// `rules_hash` of the newest run.
fn hash(studio: &Studio) -> String {
    let sql = "select rules_hash from muster_runs order by id desc limit 1";
    studio.query(sql).remove(0)
}

/// The digest of the health score alone, of the newest run.
fn of_health(studio: &Studio) -> String {
    let sql = "select health_rules from muster_runs order by id desc limit 1";
    studio.query(sql).remove(0)
}

fn change(studio: &Studio, from: &str, to: &str) {
    let config = studio.read("config.yaml");
    assert!(config.contains(from), "{config}");
    std::fs::write(studio.path("config.yaml"), config.replace(from, to)).unwrap();
}

#[tokio::test]
async fn a_changed_factor_is_a_changed_rule_of_what_asks_for_health() {
    let studio = studio();
    assert!(!studio.day(0).await.health_is_another);
    let (first, scored) = (hash(&studio), of_health(&studio));
    assert!(!studio.day(0).await.health_is_another);
    assert_eq!(hash(&studio), first, "nothing changed");
    change(&studio, "zero: 60", "zero: 600");
    let outcome = studio.day(0).await;
    assert!(outcome.health_is_another);
    assert_eq!(studio.movements(3), ["poorly/2 left rule"]);
    assert_ne!(of_health(&studio), scored);
    assert_eq!(
        (
            outcome.segments.as_slice()[0].left(),
            outcome.rule_changes().len()
        ),
        (0, 1)
    );
}

#[tokio::test]
async fn what_else_of_config_decides_results_is_in_the_hash_of_a_run() {
    let studio = studio();
    studio.day(0).await;
    let (first, scored) = (hash(&studio), of_health(&studio));
    for (from, to) in [
        ("{value} days ago", "gone for {value} days"),
        ("id: recency", "id: days"),
        ("database:", "locale: de-DE\ndatabase:"),
        (
            "database:",
            "values: { preset: orders, money: { from: payments, amount: amount } }\ndatabase:",
        ),
        ("timezone: UTC", "timezone: Asia/Tokyo"),
        ("database:", "active: closed = 0\ndatabase:"),
        ("label: name", "label: name, where: closed = 0"),
        ("attended_at }", "attended_at, where: id < 100 }"),
    ] {
        change(&studio, from, to);
        studio.day(0).await;
        assert_ne!(hash(&studio), first, "{to}");
        if !from.starts_with("attended_at") {
            assert_eq!(of_health(&studio), scored, "{to}");
        }
        change(&studio, to, from);
        studio.day(0).await;
        assert_eq!(hash(&studio), first, "{from}");
    }
    // What only words things otherwise decides nothing.
    for (from, to) in [
        ("name: client", "name: member"),
        (
            "days_since(last(visits).at)",
            "days_since( last( visits ).at )",
        ),
        ("database:", "history: { keep: forever }\ndatabase:"),
    ] {
        change(&studio, from, to);
    }
    studio.rules(&RULES.replace("id: poorly,", "id: poorly, description: Not well,"));
    studio.day(0).await;
    assert_eq!(hash(&studio), first);
    studio.rules(&RULES.replace("importance: 2", "importance: 3"));
    studio.day(0).await;
    assert_ne!(hash(&studio), first, "another importance is another score");
}

#[tokio::test]
async fn another_time_zone_or_notion_of_who_takes_part_is_a_changed_rule() {
    let studio = studio();
    studio.day(0).await;
    let everyone = studio.movements(1);
    assert_eq!(everyone.len(), 4, "{everyone:?}");
    studio.sql("update clients set closed = 1 where id = 2");
    change(&studio, "database:", "active: closed = 0\ndatabase:");
    studio.day(0).await;
    assert_eq!(
        studio.movements(2),
        ["poorly/2 left rule", "recent/2 left rule"]
    );
    studio.sql("update clients set closed = 1 where id = 1");
    studio.day(0).await;
    assert_eq!(studio.movements(3), ["recent/1 left inactive"]);
    change(&studio, "label: name", "label: name, where: id != 3");
    studio.day(0).await;
    assert_eq!(studio.movements(4), ["poorly/3 left rule"]);
    studio.sql(
        "update clients set closed = 0;
         update visits set attended_at = '2025-05-27 13:00:00' where id = 3;",
    );
    studio.day(0).await;
    // One o'clock there was earlier.
    change(&studio, "timezone: UTC", "timezone: Asia/Tokyo");
    studio.day(0).await;
    assert_eq!(studio.movements(6), ["recent/2 left rule"]);
}

/// Results as they were published before fingerprints had a version.
fn unversioned() -> Studio {
    let studio = Studio::empty();
    let from = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/unversioned");
    for file in ["config.yaml", "rules/segments.yaml"] {
        std::fs::copy(format!("{from}/{file}"), studio.path(file)).unwrap();
    }
    studio.sql(&std::fs::read_to_string(format!("{from}/studio.sql")).unwrap());
    studio
}

/// The instant of the run in the fixture.
const THEN: i64 = 1_773_961_200_000_000;

#[tokio::test]
async fn an_older_database_can_hold_a_run_and_keeps_the_rows_of_the_earlier_ones() {
    let studio = unversioned();
    let rows = "select id || as_of || started_at || finished_at || status || \"trigger\" || rules_hash || subjects
                    || list_hash || health_hash from muster_runs where id = 1";
    let before = studio.query(rows);
    assert_eq!(before.len(), 1);
    studio.sql(
        "create view latest as select max(id) as id from muster_runs;
         delete from clients",
    );
    let memberships = studio.memberships();
    let outcome = studio.run(&at(THEN)).await;
    assert!(outcome.held.is_some());
    assert_eq!(studio.query(rows), before);
    assert_eq!(
        studio.query("select status from muster_runs"),
        ["published", "held"]
    );
    assert_eq!(studio.memberships(), memberships);
    // What somebody made of the table goes on.
    assert_eq!(studio.query("select id from latest"), ["2"]);
}

#[tokio::test]
async fn an_older_database_adopts_the_new_digests_and_nobody_moves() {
    let studio = unversioned();
    let before = studio.memberships();
    let outcome = studio.run(&at(THEN)).await;
    assert_eq!(outcome.run.as_ref().map(|run| run.id), Some(2));
    assert!(!outcome.health_is_another);
    assert!(outcome.rule_changes().is_empty());
    assert_eq!(studio.movements(2), [] as [&str; 0]);
    assert_eq!(studio.memberships(), before);
    let versions = "select distinct fingerprint_version from muster_segments";
    assert_eq!(studio.query(versions), ["1"]);
}

#[tokio::test]
async fn what_moves_with_an_upgrade_is_told_apart_from_rules_and_customers() {
    let studio = unversioned();
    studio.sql("delete from visits where client_id = 11");
    let outcome = studio.run(&at(THEN)).await;
    assert!(outcome.segments.iter().all(|s| s.entered() + s.left() == 0));
    let moved = studio.movements(2);
    assert!(
        moved.contains(&"regulars/11 left upgrade".to_owned()),
        "{moved:?}"
    );
    assert!(
        moved.iter().all(|moved| moved.ends_with(" upgrade")),
        "{moved:?}"
    );
    // From here on rules and customers are told apart again.
    studio.sql("delete from visits where client_id = 10");
    studio.run(&at(THEN)).await;
    let moved = studio.movements(3);
    assert!(
        moved.contains(&"regulars/10 left data".to_owned()),
        "{moved:?}"
    );
    change(&studio, "zero: 60", "zero: 600");
    assert!(studio.run(&at(THEN)).await.health_is_another);
    assert!(
        studio
            .movements(4)
            .iter()
            .all(|moved| moved.ends_with(" rule"))
    );
}

#[tokio::test]
async fn the_stored_digests_of_a_database_are_these() {
    let studio = unversioned();
    studio.run(&at(THEN)).await;
    let sql =
        "select id || ' ' || definition || ' ' || ground from muster_segments order by position";
    let run = "select rules_hash || ' ' || health_rules from muster_runs where id = 2";
    let mut lines = studio.query(sql);
    lines.extend(studio.query(run));
    insta::assert_snapshot!(lines.join("\n"));
}
