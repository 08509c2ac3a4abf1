//! Whether a health score tells who stays away, on real and on made-up histories.

use chrono::NaiveDate;
use muster::backtest::{Asked, Backtest, backtest};
use muster::connector::connect;
use muster::engine::Unwatched;

use crate::support::data_set::DataSet;
use crate::support::library::{block_on, load, whole};
use crate::support::skipping::say;

fn proven(set: &DataSet, as_of: &[&str], suggest: bool) -> Backtest {
    let midnight = |day: &&str| {
        let day: NaiveDate = day.parse().unwrap();
        day.and_time(chrono::NaiveTime::MIN)
            .and_utc()
            .timestamp_micros()
    };
    block_on(async {
        let project = whole(load(&set.folder.path("health.yaml")).await);
        let asked = Asked {
            as_of: as_of.iter().map(midnight).collect(),
            suggest,
        };
        backtest(
            &project,
            &*connect(&project.config),
            &asked,
            midnight(&"2026-01-01"),
            &Unwatched,
        )
        .unwrap()
    })
}

fn near(found: Option<f64>, expected: f64, what: &str) {
    let found = found.unwrap();
    assert!(
        (found - expected).abs() < 5e-4,
        "{what}: {found} and not {expected}"
    );
}

/// The row of docs/health.md that has these counts says what was found.
fn documented(found: &Backtest) {
    let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/health.md");
    let docs = std::fs::read_to_string(docs).unwrap().replace("**", "");
    let proof = &found.proof;
    let whole = |number: usize| match number {
        0..1_000 => number.to_string(),
        _ => format!("{},{:03}", number / 1_000, number % 1_000),
    };
    let contest = proof.against_recency.unwrap();
    let interval = contest.difference.interval.unwrap();
    let row = format!(
        "| {} | {} | {:.3} | {:.3} | {} ({:.3} to {:.3}) |",
        whole(proof.customers),
        whole(proof.lost),
        contest.auc,
        contest.other,
        format!("{:+.3}", contest.difference.by).replace("+0.000", "0.000"),
        interval.low,
        interval.high,
    );
    assert!(docs.contains(&row), "docs/health.md lacks {row}");
}

fn told(name: &str, found: &Backtest) {
    documented(found);
    let proof = &found.proof;
    let contest = proof.against_recency.unwrap();
    say(&format!(
        "{name}: {} lost of {} on {} dates; AUC of health {:.3}, of days away {:.3}, difference {:+.3} {:?}",
        proof.lost,
        proof.customers,
        proof.dates.len(),
        contest.auc,
        contest.other,
        contest.difference.by,
        contest.difference.interval,
    ));
}

/// A sentence of docs/health.md that holds a figure.
fn says(sentence: &str) {
    let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/health.md");
    let docs = std::fs::read_to_string(docs).unwrap();
    let words: Vec<&str> = docs.split_whitespace().collect();
    assert!(
        words.join(" ").contains(sentence),
        "docs/health.md lacks {sentence}"
    );
}

/// Computed independently with Python's standard library: 91 of 2,314 households, 0.7973 by whole days, 0.8590 by
/// the same score of each of them, and those who left by tenth.
#[test]
fn households_that_stay_away_are_told_by_recency_and_better_by_health() {
    let Some(set) = DataSet::open("completejourney") else {
        return;
    };
    let found = proven(&set, &["2017-10-01"], false);
    let proof = &found.proof;
    assert_eq!((proof.customers, proof.lost, found.untold), (2_314, 91, 0));
    near(proof.recency.auc, 0.7973, "days away");
    near(proof.score.auc, 0.8590, "health");
    let lost: Vec<usize> = proof.deciles.iter().map(|decile| decile.lost).collect();
    assert_eq!(lost, [44, 24, 8, 8, 2, 1, 2, 0, 2, 0]);
    let difference = proof.against_recency.unwrap().difference;
    assert!(
        difference.is_sure() && difference.by > 0.05,
        "{difference:?}"
    );
    assert!(found.factors.iter().all(|factor| factor.left_out.is_none()));
    let first = proof.deciles[0].share().unwrap();
    says(&format!(
        "{:.0} of 100 pairs are ranked correctly, and of the least healthy tenth {:.0}% left",
        100.0 * proof.score.auc.unwrap(),
        100.0 * first
    ));
    let all = proof.lost as f64 / proof.customers as f64;
    assert_eq!((first / all).round(), 5.0, "five times as many");
    told("completejourney at 2017-10-01", &found);

    let series = proven(&set, &[], true);
    let dates: Vec<&str> = series.pasts.iter().map(|past| past.date.as_str()).collect();
    assert_eq!(dates, ["2017-04-06", "2017-07-05", "2017-10-03"]);
    assert_eq!((series.proof.customers, series.proof.lost), (6_899, 280));
    near(series.proof.score.auc, 0.8936, "health on three dates");
    let suggestion = series.suggestion.as_ref().unwrap().as_ref().unwrap();
    assert!(
        suggestion.gain.unwrap().by <= 0.0,
        "fitted weights do not beat those set by hand where they were not made"
    );
    says(&format!(
        "on the day that they had not seen ({:.3} and {:.3})",
        suggestion.after.auc.unwrap(),
        suggestion.before.auc.unwrap()
    ));
    let tenths = &series.proof.deciles;
    says(&format!(
        "Of the least healthy tenth {:.0}% stayed away, of the healthiest two tenths nobody.",
        100.0 * tenths[0].share().unwrap()
    ));
    assert_eq!((tenths[8].lost, tenths[9].lost), (0, 0));
    told("completejourney on three dates", &series);
}

/// These two sets are made up, with dates as if drawn at random: no honest score tells anything on them.
#[test]
fn made_up_histories_tell_nothing() {
    for (name, customers, lost) in [
        ("donor_analytics", 8_647, 6_024),
        ("rfm_orders", 1_699, 385),
    ] {
        let Some(set) = DataSet::open(name) else {
            continue;
        };
        let found = proven(&set, &[], false);
        assert_eq!(
            (found.proof.customers, found.proof.lost),
            (customers, lost),
            "{name}"
        );
        for judged in [found.proof.score, found.proof.recency] {
            let interval = judged.interval.unwrap();
            assert!(
                interval.low < 0.5 && interval.high > 0.5,
                "{name}: {interval:?}"
            );
        }
        told(name, &found);
    }
}
