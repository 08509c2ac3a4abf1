//! Everybody's health: what a run stores of it, and that all who tell it tell the same.

use muster::connector::connect;
use muster::engine::{Keep, Unwatched};
use muster::explain::explain;
use muster::health::{of_subject, who_can_be_lost};
use muster::ir::Ir;
use muster::store::{ClientQuery, RunStatus, Store};
use muster::time::Clock;

use crate::studio::{Studio, crowd};
use crate::support::clock::NOON;
use crate::support::library::at;

/// Ann came yesterday and the day before, Bo four days ago, Cy in March, Di never.
const HEALTH: &str = r#"
health:
  churn: { among: exists(visits in last 90 days), when: not exists(visits in next 90 days) }
  factors:
    - { id: recency, value: days_since(last(visits).at), zero: 60, full: 0, weight: 3,
        reason: "last visit {value | today | # day | # days} ago, usually every {rhythm} (of {count(visits) | visit | visits})" }
    - { id: spent, value: "if(exists(payments), sum(payments.amount in last 60 days))", zero: 0, full: 100,
        reason: "spent {value}" }
"#;

const RULES: &str = "
metrics:
  rhythm: (days_since(first(visits).at) - days_since(last(visits).at)) / (count(visits) - 1)
segments:
  - { id: well, when: health >= 75 }
  - { id: everyone, when: yes }
";

const ROWS: &str =
    "select subject_key || ' ' || coalesce(health, '-') || ' ' || coalesce(reasons, '-')
                    from muster_health order by subject_key";

fn studio() -> Studio {
    let studio = Studio::new();
    studio.rules(RULES);
    studio.config(HEALTH);
    studio
}

fn rows(studio: &Studio) -> Vec<String> {
    studio.query(ROWS)
}

#[tokio::test]
async fn scores_and_reasons_are_stored() {
    let studio = studio();
    studio.day(0).await;
    assert_eq!(
        rows(&studio),
        [
            // 2 days: 96.67 × 3, 80 of 100 dollars: 80 × 1.
            "1 92.5 spent 80 USD; last visit 2 days ago, usually every 1 (of 2 visits)",
            // One visit has no rhythm, so that part of the sentence is gone.
            "2 93.3 last visit 4 days ago (of 1 visit)",
            "3 5.0 last visit 92 days ago (of 1 visit); spent 20 USD",
            // No factor is present.
            "4 - -",
        ]
    );
    assert_eq!(
        studio.memberships(),
        [
            "everyone/1",
            "everyone/2",
            "everyone/3",
            "everyone/4",
            "well/1",
            "well/2"
        ]
    );
    // The average of those who have a score.
    let average =
        "select segment_id || ' ' || value from muster_metrics where metric = 'ahs' order by 1";
    assert_eq!(studio.query(average), ["everyone 63.6", "well 92.9"]);
}

#[tokio::test]
async fn everybody_tells_the_same_number() {
    let studio = studio();
    studio.day(0).await;
    let project = studio.load().await.unwrap();
    let clock = Clock {
        now: NOON,
        zone: chrono_tz::UTC,
    };
    let evaluation = connect(&project.config)
        .snapshot()
        .unwrap()
        .evaluate(&project.ir, &clock, Keep::Everything, &Unwatched)
        .unwrap();
    let mut store = Store::open_reader(&studio.database())
        .await
        .unwrap()
        .unwrap();
    let listed = store.by_health(&ClientQuery::default()).await.unwrap();
    let order: Vec<String> = listed.iter().map(|c| c.score.subject.to_string()).collect();
    assert_eq!(
        order,
        ["3", "1", "2", "4"],
        "lowest first, the unknown last"
    );
    for client in &listed {
        let place = evaluation.subjects.place(&client.score.subject).unwrap();
        let found = of_subject(&project, &evaluation, place).unwrap().unwrap();
        assert_eq!(found.score, client.health.health);
        let reasons = found.reasons().join("; ");
        assert_eq!(
            Some(reasons).filter(|r| !r.is_empty()),
            client.health.reasons
        );
        // What the factors cost is what the score lacks.
        let cost: f64 = found.factors.iter().map(|factor| factor.cost).sum();
        if let Some(score) = found.score {
            assert!((100.0 - cost - score).abs() < 0.051, "{score} {cost}");
            let shares: f64 = found.factors.iter().map(|factor| factor.share).sum();
            assert!((shares - 1.0).abs() < 1e-9);
        }
        let explained = explain(&project, &evaluation, place, None).health.unwrap();
        assert_eq!(explained.score, client.health.health);
        let found = store.find(&client.score.subject.to_string()).await.unwrap();
        assert_eq!(found[0].health, client.health);
    }
    store.close().await.unwrap();
    // Bo never paid: that factor is left out, and visits count for all.
    let bo = of_subject(&project, &evaluation, 1).unwrap().unwrap();
    assert_eq!((bo.factors[1].points, bo.factors[1].share), (None, 0.0));
    assert_eq!(bo.factors[0].share, 1.0);
    let snapshot = connect(&project.config).snapshot().unwrap();
    let evaluate = |ir: &Ir| snapshot.evaluate(ir, &clock, Keep::Outputs, &Unwatched);
    let among = who_can_be_lost(&project, evaluate).unwrap().unwrap();
    let among: Vec<String> = among.iter().map(ToString::to_string).collect();
    assert_eq!(among, ["1", "2"]);
}

#[tokio::test]
async fn only_what_changed_is_written() {
    let studio = studio();
    crowd(&studio, 10, 40_000);
    studio.sql("create table log (what text)");
    studio.day(0).await;
    let triggers = "
        create trigger inserted after insert on muster_health begin insert into log values (new.subject_key); end;
        create trigger deleted after delete on muster_health begin insert into log values ('-' || old.subject_key); end;";
    studio.sql(triggers);
    studio.run(&at(NOON)).await;
    assert_eq!(studio.query("select * from log"), [] as [&str; 0]);
    studio.sql(
        "delete from clients where id = 11; delete from visits where client_id = 12;
         insert into visits values (90000, 4, '2025-05-31 10:00:00')",
    );
    studio.run(&at(NOON)).await;
    assert_eq!(
        studio.query("select * from log order by what"),
        ["-11", "12", "4"]
    );
    // Somebody who emptied the table by hand finds it whole after the next run.
    studio.sql("drop trigger inserted; drop trigger deleted; delete from muster_health where subject_key < 20000");
    studio.run(&at(NOON)).await;
    assert_eq!(
        studio.query("select count(*) from muster_health"),
        studio.query("select count(*) from muster_scores")
    );
}

#[tokio::test]
async fn a_factor_that_is_gone_leaves_the_last_scores() {
    let studio = studio();
    studio.day(0).await;
    studio.sql("alter table payments rename to aside; delete from clients where id = 2");
    let outcome = studio.day(1).await;
    assert!(outcome.health_stale.unwrap().contains("payments"));
    let run = outcome.run.unwrap();
    assert_eq!(run.status, RunStatus::Partial);
    assert_eq!(
        run.message.as_deref(),
        Some("stale: the health score, well")
    );
    assert!(
        rows(&studio)[0].starts_with("1 92.5 spent 80 USD"),
        "as it was"
    );
    assert_eq!(rows(&studio).len(), 3, "who is gone has no score");
    let average = format!(
        "select count(value) from muster_metrics where metric = 'ahs' and run_id = {}",
        run.id
    );
    assert_eq!(studio.query(&average), ["0"]);
    let mut store = Store::open_reader(&studio.database())
        .await
        .unwrap()
        .unwrap();
    let stale = store.health_stale(run.id).await.unwrap().unwrap();
    assert!(stale.contains("payments"), "{stale}");
    store.close().await.unwrap();
    studio.sql("alter table aside rename to payments");
    let outcome = studio.day(2).await;
    assert_eq!(outcome.health_stale, None);
    assert!(
        rows(&studio)[0].starts_with("1 90.0 last visit 4 days ago"),
        "{:?}",
        rows(&studio)
    );
}

#[tokio::test]
async fn the_inactive_the_forgotten_and_the_undefined_have_none() {
    let studio = studio();
    studio.day(0).await;
    studio.config(&format!("active: closed = 0\n{HEALTH}"));
    studio.sql("update clients set closed = 1 where id = 1");
    studio.day(1).await;
    assert_eq!(
        studio.query("select subject_key from muster_health"),
        ["2", "3", "4"]
    );
    let mut store = Store::open_writer(&studio.database(), false).await.unwrap();
    let erased = store.erase("2").await.unwrap().unwrap();
    assert!(erased.tables.contains(&("muster_health".to_owned(), 1)));
    store.close().await.unwrap();
    assert_eq!(
        studio.query("select subject_key from muster_health"),
        ["3", "4"]
    );
    studio.config("");
    studio.rules(crate::studio::RULES);
    studio.day(2).await;
    assert_eq!(rows(&studio), [] as [&str; 0]);
}

/// Scores of one factor with these ends.
async fn of_visits(zero: &str, full: &str) -> Vec<String> {
    let studio = Studio::new();
    studio.rules("segments: [{ id: anyone, when: yes }]");
    studio.config(&format!(
        "health: {{ factors: [{{ id: came_often, value: count(visits), zero: {zero}, full: {full}, reason: '{{value / (count(visits) - 2)}}' }}] }}"
    ));
    studio.day(0).await;
    rows(&studio)
}

#[tokio::test]
async fn either_end_may_be_the_larger() {
    // Ann 2 visits, Bo and Cy 1, Di 0.
    assert_eq!(
        of_visits("0", "2").await,
        ["1 100.0 -", "2 50.0 -1", "3 50.0 -1", "4 0.0 0"]
    );
    // Where no value is left to tell, the factor's name stands for its reason.
    assert_eq!(
        of_visits("2", "0").await,
        ["1 0.0 came often", "2 50.0 -1", "3 50.0 -1", "4 100.0 -"]
    );
    assert_eq!(
        of_visits("50%", "51%").await,
        ["1 100.0 -", "2 100.0 -", "3 100.0 -", "4 0.0 0"]
    );
}

#[tokio::test]
async fn at_most_three_reasons_dearest_first_and_ties_as_config_has_them() {
    let studio = Studio::new();
    studio.rules("segments: [{ id: anyone, when: yes }]");
    let factor = |id: &str, weight: &str, value: &str| {
        format!(
            "    - {{ id: {id}, value: '{value}', zero: 0, full: 1, weight: {weight}, reason: '{id} ({{value / 0}})' }}\n"
        )
    };
    let factors = [
        factor("a", "1", "0"),
        factor("b", "1", "0"),
        factor("tiny", "100", "0.99999"),
        factor("most", "1.5", "0"),
        factor("c", "1", "0"),
        factor("full", "2", "7"),
    ];
    studio.config(&format!(
        "locale: de-DE\nhealth:\n  factors:\n{}",
        factors.concat()
    ));
    studio.sql("delete from clients where id > 1");
    studio.day(0).await;
    assert_eq!(rows(&studio), ["1 95.8 most; a; b"]);
}

#[tokio::test]
async fn values_are_written_as_people_write_them() {
    let studio = Studio::new();
    studio.rules("segments: [{ id: anyone, when: yes }]");
    studio.sql("delete from clients where id > 1");
    let say = async |locale: &str, reason: &str| {
        studio.config(&format!(
            "locale: {locale}\ncurrency: EUR\nhealth: {{ factors: [{{ id: x, value: '0', zero: 0, full: 1, reason: \"{reason}\" }}] }}"
        ));
        studio.day(0).await;
        studio.query("select reasons from muster_health").remove(0)
    };
    assert_eq!(
        say("en-US", "{41.4} {2.54} {2} {1234.5} {-0.01}").await,
        "41 2.5 2 1,235 0"
    );
    assert_eq!(say("de-DE", "{2.54} {1234.5}").await, "2,5 1.235");
    assert_eq!(
        say(
            "en-US",
            "{1 | day | days}, {1.04 | day | days}, {1.5 | day | days}"
        )
        .await,
        "1 day, 1 day, 1.5 days"
    );
    assert_eq!(
        say("fr-FR", "{1.5 | jour | jours}, {2 | jour | jours}").await,
        "1,5 jour, 2 jours"
    );
    assert_eq!(
        say(
            "en-US",
            "{value | none | one | many}, {0.2 | none | one | many}"
        )
        .await,
        "none, 0.2 many"
    );
    assert_eq!(
        say(
            "en-US",
            "{3 | every day | every # days} {1 | every day | every # days}"
        )
        .await,
        "every 3 days every day"
    );
    assert_eq!(say("en-US", "{0.354 | %} {{x}}").await, "35% {x}");
    assert_eq!(
        say("de-DE", "{sum(payments.amount)} {sum(payments.amount) / 3}").await,
        "80 EUR 26,67 EUR"
    );
    assert_eq!(
        say("en-GB", "{name} on {last(visits).at}").await,
        "Ann on 30/05/2025"
    );
    assert_eq!(
        say(
            "en-US",
            "{1 / 0}, then {2}; {missing_one()} (x)"
                .replace("{missing_one()}", "{3 / 0}")
                .as_str()
        )
        .await,
        "then 2 (x)"
    );
    assert_eq!(
        say("en-US", "{if(value > 1, 'yes')} (only {2})").await,
        "only 2"
    );
}

/// A file that a Muster without scores wrote is read as one without.
#[tokio::test]
async fn an_older_file_has_no_scores() {
    let studio = Studio::new();
    studio.day(0).await;
    studio.sql("drop table muster_health");
    let mut store = Store::open_reader(&studio.database())
        .await
        .unwrap()
        .unwrap();
    assert!(
        store
            .by_health(&ClientQuery::default())
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(store.health_stale(1).await.unwrap(), None);
    let found = store.find("1").await.unwrap();
    assert_eq!(
        (found[0].health.health, &found[0].health.reasons),
        (None, &None)
    );
    store.close().await.unwrap();
}
