//! What a run was made by: changed rules and config are told from changed data.

use crate::studio::Studio;
use crate::tables::query;

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
    query(&studio.database(), sql).remove(0)
}

/// The part of it that is of the health score alone.
fn of_health(hash: &str) -> &str {
    hash.split_once('.').unwrap().1
}

fn change(studio: &Studio, from: &str, to: &str) {
    let config = std::fs::read_to_string(studio.path("config.yaml")).unwrap();
    assert!(config.contains(from), "{config}");
    std::fs::write(studio.path("config.yaml"), config.replace(from, to)).unwrap();
}

#[tokio::test]
async fn a_changed_factor_is_a_changed_rule_of_what_asks_for_health() {
    let studio = studio();
    assert!(!studio.day(0).await.health_is_another);
    let first = hash(&studio);
    assert!(!studio.day(0).await.health_is_another);
    assert_eq!(hash(&studio), first, "nothing changed");
    change(&studio, "zero: 60", "zero: 600");
    let outcome = studio.day(0).await;
    assert!(outcome.health_is_another);
    assert_eq!(studio.movements(3), ["poorly/2 left rule"]);
    assert_ne!(of_health(&hash(&studio)), of_health(&first));
    assert_eq!(
        (outcome.segments[0].left(), outcome.rule_changes().len()),
        (0, 1)
    );
}

#[tokio::test]
async fn what_else_of_config_decides_results_is_in_the_hash_of_a_run() {
    let studio = studio();
    studio.day(0).await;
    let first = hash(&studio);
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
            assert_eq!(of_health(&hash(&studio)), of_health(&first), "{to}");
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

#[tokio::test]
async fn the_first_run_after_an_upgrade_does_not_take_every_rule_for_another() {
    let studio = studio();
    studio.day(0).await;
    // As it was stored before the ground and the health score were told apart.
    studio.sql(
        "update muster_segments set definition = substr(definition, 1, 64);
         update muster_runs set rules_hash = substr(rules_hash, 1, 64);
         delete from visits where id = 3;",
    );
    let outcome = studio.day(0).await;
    assert!(!outcome.health_is_another);
    assert_eq!(
        studio.movements(2),
        ["poorly/2 left data", "recent/2 left data"]
    );
    // From here on they are told.
    change(&studio, "zero: 60", "zero: 600");
    assert!(studio.day(0).await.health_is_another);
}
