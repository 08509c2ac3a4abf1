//! Fitted weights: found where the data has them, refused where they would lie.

use muster::validation::{Dropped, NoSuggestion, Past, Unfit, fit, split, suggest};

/// Customers whose risk comes from two factors with a known pull, one factor that says nothing and one that
/// says the opposite. Deterministic: each combination of points comes as often as its risk says.
fn made(date: &str) -> Past {
    let mut past = Past {
        date: date.to_string(),
        points: vec![Vec::new(); 4],
        ..Past::default()
    };
    for strong in 0..=4 {
        for weak in 0..=4 {
            for noise in 0..=1 {
                let lacking = |points: i32| 1.0 - f64::from(points) / 4.0;
                let odds = (-2.0 + 3.0 * lacking(strong) + 1.0 * lacking(weak)).exp();
                let lost = (200.0 * odds / (1.0 + odds)).round() as usize;
                for customer in 0..200 {
                    past.subjects
                        .push(u32::try_from(past.subjects.len()).unwrap());
                    past.lost.push(customer < lost);
                    past.recency.push(Some(1.0));
                    let points = [strong, weak, noise * 4, i32::from(customer >= lost) * 2];
                    for (factor, points) in past.points.iter_mut().zip(points) {
                        factor.push(Some(f64::from(points) * 25.0));
                    }
                }
            }
        }
    }
    // The last factor is turned round: who was lost has the points.
    for points in past.points[3].iter_mut() {
        *points = points.map(|points| 100.0 - points);
    }
    past
}

#[test]
fn the_fit_finds_the_pull_that_the_data_was_made_with() {
    let fitted = fit(&[made("a")], &[0, 1, 2]).unwrap();
    for (found, made) in fitted.pull.iter().zip([3.0, 1.0, 0.0]) {
        assert!((found - made).abs() < 0.05, "{:?}", fitted.pull);
    }
}

#[test]
fn weights_come_from_earlier_dates_and_are_judged_on_later_ones() {
    let suggestion = suggest(&[made("a")], &[made("b")], &[1.0, 3.0, 4.0, 2.0]).unwrap();
    assert_eq!(
        (suggestion.fitted_on, suggestion.judged_on),
        (vec!["a".into()], vec!["b".into()])
    );
    assert_eq!(suggestion.weights[3], Err(Dropped::WrongWay));
    let weights: Vec<f64> = suggestion
        .weights
        .iter()
        .map(|w| w.unwrap_or(0.0))
        .collect();
    assert!(
        (weights.iter().sum::<f64>() - 10.0).abs() < 0.02,
        "the sum stays: {weights:?}"
    );
    assert!((weights[0] / weights[1] - 3.0).abs() < 0.2, "{weights:?}");
    let gain = suggestion.gain.unwrap();
    assert!(gain.by > 0.1 && gain.is_sure(), "{gain:?}");
    assert!(
        (suggestion.after.auc.unwrap() - suggestion.before.auc.unwrap() - gain.by).abs() < 1e-12
    );
}

#[test]
fn a_factor_that_never_differs_is_dropped() {
    let mut same = made("a");
    same.points[1] = vec![Some(40.0); same.subjects.len()];
    same.points[2] = vec![None; same.subjects.len()];
    let suggestion = suggest(&[same.clone()], &[same], &[1.0; 4]).unwrap();
    assert_eq!(suggestion.weights[1], Err(Dropped::NeverDiffers));
    assert_eq!(suggestion.weights[2], Err(Dropped::NeverDiffers));
}

#[test]
fn a_missing_factor_neither_accuses_nor_excuses() {
    let mut holes = made("a");
    for points in holes.points[0].iter_mut().step_by(2) {
        *points = None;
    }
    let fitted = fit(&[holes], &[0, 1]).unwrap();
    assert!(
        fitted.pull[0] > 2.0 && fitted.pull[0].is_finite(),
        "{:?}",
        fitted.pull
    );
}

#[test]
fn a_factor_that_parts_perfectly_gets_no_infinite_weight() {
    let perfect = Past {
        date: "a".into(),
        subjects: (0..20).collect(),
        lost: (0..20).map(|n| n < 10).collect(),
        recency: vec![None; 20],
        points: vec![
            (0..20)
                .map(|n| Some(if n < 10 { 0.0 } else { 100.0 }))
                .collect(),
        ],
    };
    let fitted = fit(&[perfect], &[0]).unwrap();
    assert!(
        fitted.pull[0] > 1.0 && fitted.pull[0] < 20.0,
        "{:?}",
        fitted.pull
    );
}

#[test]
fn what_cannot_be_fitted_says_why() {
    let mut nobody = made("a");
    nobody.lost.fill(false);
    assert_eq!(fit(&[nobody.clone()], &[0]), Err(Unfit::NobodyLost));
    let mut everybody = made("a");
    everybody.lost.fill(true);
    assert_eq!(fit(&[everybody], &[0]), Err(Unfit::EverybodyLost));
    assert_eq!(fit(&[], &[0]), Err(Unfit::Nothing));
    assert_eq!(fit(&[made("a")], &[]), Err(Unfit::Nothing));
    assert_eq!(
        suggest(&[nobody], &[made("b")], &[1.0; 4]),
        Err(NoSuggestion::Unfit(Unfit::NobodyLost))
    );
    let mut backwards = made("a");
    backwards.points.drain(..3);
    assert_eq!(
        suggest(&[backwards], &[], &[1.0]),
        Err(NoSuggestion::NothingLeft)
    );
}

#[test]
fn only_dates_whose_outcome_was_known_teach() {
    let every = |step: i64, horizon: i64, dates: i64| -> Vec<(i64, i64)> {
        (0..dates).map(|n| (n * step, n * step + horizon)).collect()
    };
    assert_eq!(
        split(&every(90, 90, 6)),
        Some((vec![0, 1, 2, 3], vec![4, 5]))
    );
    assert_eq!(split(&every(90, 90, 2)), Some((vec![0], vec![1])));
    // Half a horizon apart: what came of the date before the first judge was not known yet.
    assert_eq!(split(&every(45, 90, 4)), Some((vec![0, 1], vec![3])));
    assert_eq!(split(&every(30, 90, 3)), None);
    assert_eq!(split(&every(90, 90, 1)), None);
    assert_eq!(split(&[]), None);
}
