//! Nothing of the future is in a score of the past, and what has no history is not in it at all.

use muster::backtest::Backtest;
use muster::engine::Column;

use crate::gym::{APRIL, Gym};
use crate::support::clock::clock_at;
use crate::support::library::evaluate;

/// Who, how long away, and the points of each factor.
type Look = (Vec<u32>, Vec<Option<f64>>, Vec<Vec<Option<f64>>>);

/// Everything of the dates but who was lost.
fn looks(backtest: &Backtest) -> Vec<Look> {
    let pasts = backtest.pasts.iter();
    pasts
        .map(|past| {
            (
                past.subjects.clone(),
                past.recency.clone(),
                past.points.clone(),
            )
        })
        .collect()
}

#[test]
fn what_happens_after_a_date_changes_no_score_of_it() {
    let gym = Gym::busy();
    let before = gym.backtest(&[APRIL, "2025-06-01"]);
    assert!(
        before.pasts[0].churned() > 0 && before.pasts[0].churned() < before.pasts[0].customers()
    );
    // Berlin is two hours ahead of UTC in June; a visit at the very instant of the date is after it.
    for change in [
        "delete from visits where attended_at >= '2025-06-01' and client_id < 20 and attended_at < '2025-12-01'",
        "insert into visits select null, id, '2025-06-01 00:00:00', 99, 1, 'came' from clients",
        "insert into visits select null, id, '2025-06-01T00:00:01', 99, 1, 'came' from clients where id % 2 = 0",
        "update visits set minutes = minutes * 7, attended_at = '2025-11-30 11:11:11' where attended_at >= '2025-07-01' and id % 3 = 0",
        "delete from visits where attended_at >= '2025-06-01' and attended_at < '2025-12-01'",
    ] {
        gym.sql(change);
        let after = gym.backtest(&[APRIL, "2025-06-01"]);
        assert_eq!(looks(&before), looks(&after), "{change}");
    }
    let emptied = gym.backtest(&["2025-06-01"]);
    assert_eq!(
        emptied.pasts[0].churned(),
        emptied.pasts[0].customers(),
        "who was lost does see what comes after"
    );
}

#[test]
fn what_happened_before_a_date_does_change_its_scores() {
    let gym = Gym::busy();
    let before = gym.backtest(&[APRIL]);
    gym.sql("insert into visits select null, id, '2025-03-31 23:59:59', 1, 1, 'came' from clients");
    assert_ne!(looks(&before), looks(&gym.backtest(&[APRIL])));
}

#[test]
fn the_score_of_a_past_date_is_the_score_that_a_run_of_that_date_had() {
    let gym = Gym::busy();
    gym.config(
        "  churn: { among: exists(visits), when: not exists(visits in next 60 days) }
  factors:
    - { id: recency, value: days_since(last(visits).at), zero: 60, full: 0, weight: 3, reason: r }
    - { id: rhythm, value: avg(visits.minutes in last 20 days), zero: 30, full: 70, weight: 0.7, reason: o }
    - { id: often, value: count(visits in last 60 days), zero: 0, full: 8, reason: o }",
    );
    let found = gym.backtest(&[APRIL]);
    let project = gym.load();
    let zone = project.config.timezone;
    let clock = clock_at(APRIL, zone);
    let score = project.ir.health.as_ref().unwrap().score;
    let evaluation = evaluate(&project, &clock).unwrap();
    let Ok(Column::Number(scores)) = evaluation.output(score) else {
        panic!("a score is a number");
    };
    let weights: Vec<f64> = found.factors.iter().map(|factor| factor.weight).collect();
    let past = &found.pasts[0];
    assert_eq!(
        past.customers(),
        scores.len(),
        "all of them have come by April"
    );
    assert_eq!(
        past.subjects,
        (0..40).collect::<Vec<u32>>(),
        "in the order of their keys"
    );
    assert!(past.points[1].contains(&None), "some have no rhythm");
    for (found, run) in past.scores(&weights).into_iter().zip(scores) {
        assert_eq!(found, Some(*run));
    }
}

#[test]
fn what_has_no_history_is_named_and_left_out_and_the_others_count_for_more() {
    let gym = Gym::busy();
    let with = |factor: &str| {
        gym.config(&format!(
            "  churn: {{ among: exists(visits in last 60 days), when: not exists(visits in next 60 days) }}
  factors:
    - {{ id: recency, value: days_since(last(visits).at), zero: 60, full: 0, weight: 3, reason: r }}
    - {{ id: odd, value: '{factor}', zero: 0, full: 10, weight: 9, reason: o }}"
        ));
        gym.backtest(&[APRIL])
    };
    for (factor, names) in [
        ("tokens", "`clients.tokens`"),
        ("studio.size", "`studios.size`"),
        ("avg(visits.class.level)", "`classes.level`"),
        ("count(visits where status = \"came\")", "`visits.status`"),
        ("count(visits where client.tokens > 3)", "`clients.tokens`"),
        ("rank(count(visits)) within studio", "`clients.studio_id`"),
        ("if(in list vip, 1, 0)", "`list vip`"),
        ("count(notes)", "`notes` have no time"),
        (
            "count(visits in next 14 days)",
            "after the date of the score",
        ),
        (
            "count(visits from 30 days ago to today)",
            "after the date of the score",
        ),
    ] {
        let found = with(factor);
        assert_eq!(found.factors[0].left_out, None);
        let reason = found.factors[1].left_out.as_deref();
        assert!(
            reason.is_some_and(|reason| reason.contains(names)),
            "{factor}: {reason:?}"
        );
        assert_eq!(found.pasts[0].points.len(), 1, "{factor}");
        assert_eq!(
            found.proof.score.auc, found.proof.factors[0].auc,
            "recency alone is left"
        );
    }
    let kept = with("avg(visits.minutes in last 60 days)");
    assert_eq!(kept.factors[1].left_out, None);
    let note = kept
        .notes
        .iter()
        .find(|note| note.contains("`odd`"))
        .unwrap();
    assert!(
        note.contains("`visits.minutes`") && note.contains("`changes:`"),
        "{note}"
    );
    assert!(with("count(visits in last 60 days)").notes.is_empty());
}

#[test]
fn no_factor_with_a_history_leaves_no_score() {
    let gym = Gym::busy();
    gym.config(
        "  churn: { among: exists(visits in last 60 days), when: not exists(visits in next 60 days) }
  factors:
    - { id: tokens, value: tokens, zero: 0, full: 10, reason: o }",
    );
    let found = gym.backtest(&[APRIL]);
    assert_eq!(
        (found.proof.score.auc, found.proof.unscored),
        (None, found.proof.customers)
    );
    assert!(found.proof.recency.auc.is_some());
    let said = gym.muster(&["--as-of", APRIL]);
    assert_eq!(said.code, 0);
    assert!(
        said.out
            .contains("No client had a health score on these dates"),
        "{}",
        said.out
    );
    assert!(said.err.contains("`tokens` was left out"), "{}", said.err);
}

#[test]
fn those_who_have_gone_since_are_among_those_who_left() {
    let gym = Gym::busy();
    let health = "health:
  churn: { among: exists(visits in last 60 days), when: not exists(visits in next 60 days) }
  factors: [{ id: recency, value: days_since(last(visits).at), zero: 60, full: 0, reason: r }]
";
    gym.whole_config(&format!("active: closed_on is missing\n{health}"), "");
    let before = gym.backtest(&[APRIL]);
    gym.sql("update clients set closed_on = '2025-09-01' where id % 4 = 0");
    let after = gym.backtest(&[APRIL]);
    assert_eq!(before.pasts, after.pasts);
    assert!(
        after
            .notes
            .iter()
            .any(|note| note.contains("`active` is not applied"))
    );
    // Who takes part by rows alone is known of every date.
    gym.whole_config(&format!("active: count(visits) > 10\n{health}"), "");
    let active = gym.backtest(&[APRIL]);
    assert!(active.notes.is_empty(), "{:?}", active.notes);
    assert!(active.proof.customers < after.proof.customers);
}

#[test]
fn who_is_not_there_yet_is_not_looked_at() {
    let gym = Gym::busy();
    gym.sql("update clients set joined_at = '2025-05-01' where id > 30");
    let health = "health:
  churn: { among: joined_at is present, when: not exists(visits in next 60 days) }
  factors: [{ id: often, value: count(visits) / avg(count(visits)), zero: 0, full: 1, reason: r }]
";
    gym.whole_config(health, "");
    let all = gym.backtest(&[APRIL]);
    assert_eq!(all.proof.customers, 40);
    assert!(
        all.notes
            .iter()
            .any(|note| note.contains("including those who came later"))
    );
    gym.whole_config(health, "  at: joined_at");
    let there = gym.backtest(&[APRIL]);
    assert_eq!(there.proof.customers, 30);
    assert!(
        !there
            .notes
            .iter()
            .any(|note| note.contains("those who came later"))
    );
}
