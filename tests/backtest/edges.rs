//! Factors that say nothing, or nonsense: the backtest goes on and says so.

use crate::gym::{APRIL, Gym};

/// A health score of one factor, with those who came in the last 60 days looked at.
fn one_factor(gym: &Gym, value: &str) {
    with_among(gym, "exists(visits in last 60 days)", value);
}

fn with_among(gym: &Gym, among: &str, value: &str) {
    gym.config(&format!(
        "  churn: {{ among: '{among}', when: not exists(visits in next 60 days) }}
  factors: [{{ id: only, value: '{value}', zero: 0, full: 8, weight: 3, reason: r }}]"
    ));
}

#[test]
fn a_factor_that_nobody_has_leaves_no_score() {
    let gym = Gym::busy();
    for value in [
        "sum(visits.minutes where minutes > 100000) / 0",
        "count(visits) / (count(visits) - count(visits))",
        "if(no, 1)",
        "avg(visits.minutes where minutes > 100000)",
    ] {
        one_factor(&gym, value);
        let found = gym.backtest(&[APRIL]);
        assert!(found.proof.customers > 0, "{value}");
        assert_eq!(found.proof.unscored, found.proof.customers, "{value}");
        assert_eq!(found.proof.score.auc, None, "{value}");
        // Plain recency needs no factor.
        assert!(found.proof.recency.auc.is_some(), "{value}");
    }
    let said = gym.muster(&["--suggest", "--svg", "drawn.svg"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.out.contains("No client had a health score"),
        "{}",
        said.out
    );
    assert!(!said.out.contains("NaN"));
}

#[test]
fn a_value_without_bounds_is_taken_to_its_end_of_the_scale() {
    let gym = Gym::busy();
    // SQLite holds infinities; so do columns of theirs.
    gym.sql("update visits set minutes = 9e999 where client_id = 1; update visits set minutes = -9e999 where client_id = 2");
    one_factor(&gym, "max(visits.minutes)");
    let found = gym.backtest(&[APRIL]);
    for past in &found.pasts {
        for points in past.points.iter().flatten().flatten() {
            assert!((0.0..=100.0).contains(points), "{points}");
        }
    }
    one_factor(&gym, "max(visits.minutes) - max(visits.minutes)");
    let said = gym.muster(&["--as-of", APRIL]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(!said.out.contains("NaN"), "{}", said.out);
}

#[test]
fn one_factor_alone_keeps_its_weight_and_its_auc_is_that_of_the_score() {
    let gym = Gym::busy();
    one_factor(&gym, "count(visits in last 60 days)");
    let found = gym.try_backtest(&[], true).unwrap();
    let (score, only) = (&found.proof.score, &found.proof.factors[0]);
    // The score is rounded to one decimal, and 1 of 8 visits is 12.5 points, so nothing is lost.
    assert_eq!(score.auc, only.auc);
    let suggestion = found.suggestion.unwrap().unwrap();
    assert_eq!(suggestion.weights, [Ok(3.0)]);
}

#[test]
fn a_factor_that_is_the_same_for_everybody_gets_no_weight() {
    let gym = Gym::busy();
    one_factor(&gym, "if(count(visits) >= 0, 4)");
    let said = gym.muster(&["--suggest"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.out.contains("Every client had the same health"),
        "{}",
        said.out
    );
    assert!(
        said.out.contains("no factor tells those who left"),
        "{}",
        said.out
    );
}

#[test]
fn a_date_before_the_first_row_has_nobody_to_look_at() {
    let said = Gym::busy().muster(&["--as-of", "2019-01-01"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.out.contains("holds for nobody on these dates"),
        "{}",
        said.out
    );
}

#[test]
fn those_looked_at_may_be_chosen_by_their_health() {
    let gym = Gym::busy();
    let among = "exists(visits in last 60 days) and not in segment fit";
    let rules = "segments: [{ id: fit, importance: 1, when: health > 60 }]\n";
    with_among(&gym, among, "count(visits in last 60 days)");
    gym.write("rules/all.yaml", rules);
    let found = gym.backtest(&[APRIL]);
    let scores = found.pasts[0].points[0].iter().flatten();
    let scores: Vec<f64> = scores.copied().collect();
    assert!(!scores.is_empty() && scores.iter().all(|score| *score <= 60.0));
    one_factor(&gym, "count(visits in last 60 days)");
    gym.write("rules/all.yaml", rules);
    assert!(gym.backtest(&[APRIL]).proof.customers > found.proof.customers);
}
