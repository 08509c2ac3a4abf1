//! AUC, deciles, bands, intervals: against what can be counted by hand, and against published formulas.

use muster::validation::{
    Interval, Ordered, Past, auc, bands, deciles, prove, resample, score, wilson,
};
use proptest::prelude::*;

/// One date: a score for each customer, and who was lost; customers are numbered from `first`.
pub fn past(date: &str, first: u32, customers: &[(f64, bool)]) -> Past {
    Past {
        date: date.to_string(),
        subjects: (first..).take(customers.len()).collect(),
        lost: customers.iter().map(|(_, lost)| *lost).collect(),
        recency: customers
            .iter()
            .map(|(score, _)| Some(100.0 - score))
            .collect(),
        points: vec![customers.iter().map(|(score, _)| Some(*score)).collect()],
    }
}

fn ordered(customers: &[(f64, bool)]) -> Ordered {
    let subjects: Vec<u32> = (0..).take(customers.len()).collect();
    let lost: Vec<bool> = customers.iter().map(|(_, lost)| *lost).collect();
    let risks: Vec<Option<f64>> = customers.iter().map(|(risk, _)| Some(*risk)).collect();
    Ordered::new(&subjects, &lost, &risks)
}

/// Every pair, counted one by one.
fn by_hand(customers: &[(f64, bool)]) -> Option<f64> {
    let (mut won, mut pairs) = (0.0, 0.0);
    for (left, _) in customers.iter().filter(|(_, lost)| *lost) {
        for (stayed, _) in customers.iter().filter(|(_, lost)| !*lost) {
            pairs += 1.0;
            won += match left.total_cmp(stayed) {
                std::cmp::Ordering::Greater => 1.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Less => 0.0,
            };
        }
    }
    (pairs > 0.0).then_some(won / pairs)
}

proptest! {
    #[test]
    fn auc_is_the_share_of_pairs(customers in prop::collection::vec((0..6u8, any::<bool>()), 0..40)) {
        let customers: Vec<(f64, bool)> =
            customers.into_iter().map(|(risk, lost)| (f64::from(risk), lost)).collect();
        let found = auc(&[ordered(&customers)]);
        match (found, by_hand(&customers)) {
            (Some(found), Some(counted)) => prop_assert!((found - counted).abs() < 1e-12),
            (found, counted) => prop_assert_eq!(found, counted),
        }
    }

    #[test]
    fn deciles_hold_everybody_once_and_tear_no_tie(
        customers in prop::collection::vec((0..30u8, any::<bool>()), 0..120)
    ) {
        let customers: Vec<(f64, bool)> =
            customers.into_iter().map(|(score, lost)| (f64::from(score), lost)).collect();
        let found = deciles(std::slice::from_ref(&customers));
        prop_assert_eq!(found.len(), 10);
        prop_assert_eq!(found.iter().map(|d| d.customers).sum::<usize>(), customers.len());
        let lost = customers.iter().filter(|(_, lost)| *lost).count();
        prop_assert_eq!(found.iter().map(|d| d.lost).sum::<usize>(), lost);
        let ends: Vec<f64> = found.iter().flat_map(|d| [d.lowest, d.highest]).flatten().collect();
        let full: Vec<_> = found.iter().filter(|d| d.customers > 0).collect();
        for pair in full.windows(2) {
            prop_assert!(pair[0].highest < pair[1].lowest, "no score is in two of them");
        }
        prop_assert!(ends.is_sorted());
    }
}

/// Hanley & McNeil 1982, table II: 58 normal and 51 abnormal images rated 1 to 5; the area is 0.893.
#[test]
fn auc_is_that_of_the_paper() {
    let ratings = [
        (1.0, 33, 3),
        (2.0, 6, 2),
        (3.0, 6, 2),
        (4.0, 11, 11),
        (5.0, 2, 33),
    ];
    let customers: Vec<(f64, bool)> = ratings
        .into_iter()
        .flat_map(|(rating, normal, abnormal)| {
            let normal = std::iter::repeat_n((rating, false), normal);
            normal.chain(std::iter::repeat_n((rating, true), abnormal))
        })
        .collect();
    let dates = vec![ordered(&customers)];
    let area = auc(&dates).unwrap();
    assert!((area - 0.893).abs() < 0.0005, "{area}");
    // Their standard error is 0.032; the bootstrap's interval is about 1.96 of them to each side.
    let interval = resample(&[dates], customers.len()).interval(0).unwrap();
    let error = (interval.high - interval.low) / (2.0 * 1.96);
    assert!((error - 0.032).abs() < 0.004, "{error}");
    assert!(interval.low < area && area < interval.high);
}

#[test]
fn customers_of_different_dates_are_not_compared() {
    // Each date alone is perfect; in one heap the second date's stayers would look worse than the
    // first date's leavers.
    let dates = [
        ordered(&[(2.0, true), (1.0, false)]),
        ordered(&[(9.0, true), (8.0, false)]),
    ];
    assert_eq!(auc(&dates), Some(1.0));
    let heap = ordered(&[(2.0, true), (1.0, false), (9.0, true), (8.0, false)]);
    assert_eq!(auc(&[heap]), Some(0.75));
}

#[test]
fn a_customer_of_many_dates_is_one_customer() {
    let customers: Vec<(f64, bool)> = (0..60)
        .map(|n| {
            (
                f64::from(n * 37 % 60),
                n * 37 % 60 > 30 && n % 3 == 0 || n % 7 == 0,
            )
        })
        .collect();
    let once = resample(&[vec![ordered(&customers)]], 60)
        .interval(0)
        .unwrap();
    // The same customers on nine dates tell no more than on one.
    let same = vec![ordered(&customers); 9];
    let nine = resample(std::slice::from_ref(&same), 60)
        .interval(0)
        .unwrap();
    assert_eq!(once, nine);
    // Nine times as many customers do.
    let others: Vec<Ordered> = (0..9)
        .map(|date: u32| {
            let subjects: Vec<u32> = (date * 60..).take(60).collect();
            let lost: Vec<bool> = customers.iter().map(|(_, lost)| *lost).collect();
            let risks: Vec<Option<f64>> = customers.iter().map(|(risk, _)| Some(*risk)).collect();
            Ordered::new(&subjects, &lost, &risks)
        })
        .collect();
    let many = resample(&[others], 540).interval(0).unwrap();
    let width = |interval: Interval| interval.high - interval.low;
    assert!(width(many) < 0.5 * width(nine), "{many:?} {nine:?}");
}

#[test]
fn intervals_are_the_same_each_time() {
    let dates = vec![ordered(&[
        (3.0, true),
        (1.0, false),
        (2.0, true),
        (2.0, false),
        (0.0, false),
    ])];
    assert_eq!(
        resample(std::slice::from_ref(&dates), 5),
        resample(&[dates], 5)
    );
}

#[test]
fn the_interval_of_a_share_is_wilsons() {
    // Newcombe 1998, Statistics in Medicine 17, table I, method 3.
    for (lost, customers, low, high) in [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ] {
        let found = wilson(lost, customers).unwrap();
        assert!(
            (found.low - low).abs() < 5e-5,
            "{lost} of {customers}: {found:?}"
        );
        assert!(
            (found.high - high).abs() < 5e-5,
            "{lost} of {customers}: {found:?}"
        );
    }
    assert_eq!(wilson(0, 0), None);
}

#[test]
fn bands_hold_every_score_of_the_scale() {
    let found = bands(
        [
            (0.0, true),
            (9.99, false),
            (10.0, false),
            (99.0, false),
            (100.0, true),
        ]
        .into_iter(),
    );
    let counts: Vec<(usize, usize)> = found.iter().map(|b| (b.customers, b.lost)).collect();
    assert_eq!(counts[0], (2, 1));
    assert_eq!(counts[1], (1, 0));
    assert_eq!(counts[9], (2, 1));
    assert_eq!(counts[2..9], [(0, 0); 7]);
    assert_eq!(found[9].mean, Some(99.5));
    assert_eq!(
        (found[5].mean, found[5].share(), found[5].interval),
        (None, None, None)
    );
}

#[test]
fn missing_factors_are_left_out_and_the_others_count_for_more() {
    assert_eq!(score(&[Some(100.0), Some(0.0)], &[3.0, 1.0]), Some(75.0));
    assert_eq!(score(&[Some(100.0), None], &[3.0, 1.0]), Some(100.0));
    assert_eq!(score(&[None, None], &[3.0, 1.0]), None);
    assert_eq!(score(&[Some(40.0)], &[0.0]), None);
}

#[test]
fn low_health_is_high_risk() {
    let dates = [past(
        "a",
        0,
        &[(10.0, true), (20.0, false), (80.0, false), (90.0, false)],
    )];
    let proof = prove(&dates, &[1.0]);
    assert_eq!(proof.score.auc, Some(1.0));
    assert_eq!(proof.recency.auc, Some(1.0));
    assert_eq!(
        (proof.customers, proof.people, proof.lost, proof.unscored),
        (4, 4, 1, 0)
    );
}

#[test]
fn all_tied_is_a_coin() {
    let dates = [past("a", 0, &[(50.0, true), (50.0, false), (50.0, false)])];
    let proof = prove(&dates, &[1.0]);
    assert_eq!(proof.score.auc, Some(0.5));
    assert!(proof.score.all_tied);
    let full: Vec<usize> = proof
        .deciles
        .iter()
        .filter(|d| d.customers > 0)
        .map(|d| d.decile)
        .collect();
    assert_eq!(full, [5], "they stay together, in the middle");
}

#[test]
fn nobody_or_everybody_lost_has_no_auc() {
    for lost in [false, true] {
        let proof = prove(&[past("a", 0, &[(1.0, lost), (2.0, lost)])], &[1.0]);
        assert_eq!((proof.score.auc, proof.score.interval), (None, None));
        assert_eq!(proof.against_recency, None);
        assert_eq!(proof.lost, if lost { 2 } else { 0 });
    }
}

#[test]
fn one_subject_is_no_pair() {
    let proof = prove(
        &[past("a", 0, &[(1.0, true)]), past("b", 0, &[(2.0, false)])],
        &[1.0],
    );
    assert_eq!(
        proof.score.auc, None,
        "the same customer at two dates is no pair"
    );
    assert_eq!((proof.customers, proof.people), (2, 1));
}

#[test]
fn nobody_at_all_is_no_error() {
    let proof = prove(&[], &[1.0]);
    assert_eq!(
        (proof.customers, proof.people, proof.score.auc),
        (0, 0, None)
    );
    assert_eq!(prove(&[past("a", 0, &[])], &[]).score.auc, None);
}

#[test]
fn who_has_no_factor_is_in_no_pair_and_counted() {
    let mut date = past("a", 0, &[(10.0, true), (20.0, false), (30.0, true)]);
    date.points = vec![vec![Some(10.0), Some(20.0), None]];
    let proof = prove(&[date], &[1.0]);
    assert_eq!((proof.unscored, proof.score.customers), (1, 2));
    assert_eq!(proof.score.auc, Some(1.0));
    // Recency knows all three, and is compared over the two that both know.
    assert_eq!(proof.recency.customers, 3);
    assert_eq!(proof.recency.auc, Some(0.5));
    assert_eq!(proof.against_recency.unwrap().other, 1.0);
    let nobody = Past {
        points: vec![vec![None; 3]],
        ..past("a", 0, &[(10.0, true), (20.0, false), (30.0, true)])
    };
    let proof = prove(&[nobody], &[1.0]);
    assert_eq!(
        (proof.unscored, proof.score.auc, proof.score.all_tied),
        (3, None, false)
    );
}

#[test]
fn who_never_came_is_the_longest_away() {
    let mut date = past("a", 0, &[(10.0, true), (20.0, false)]);
    date.recency = vec![None, Some(9_999.0)];
    assert_eq!(prove(&[date], &[1.0]).recency.auc, Some(1.0));
}
