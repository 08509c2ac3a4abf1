//! Which dates are looked at, what is said of them, and what is refused.

use crate::gym::{APRIL, Gym};

/// A gym of clients who came on the 30th of March, of whom some come again in April; the data goes on to
/// December.
fn march(clients: u32, again: u32) -> Gym {
    let gym = Gym::empty();
    gym.sql(&format!(
        "with recursive c(i) as (select 1 union all select i + 1 from c where i < {clients})
         insert into clients select i, 'Client ' || i, 1, null, null, 0 from c;
         insert into visits select null, id, '2025-03-30 10:00:00', 30, 1, 'came' from clients;
         insert into visits select null, id, '2025-04-10 10:00:00', 30, 1, 'came' from clients where id <= {again};
         insert into clients values (99, 'Last', 1, null, null, 0);
         insert into visits values (998, 99, '2025-01-01 10:00:00', 30, 1, 'came'), (999, 99, '2025-12-30 10:00:00', 30, 1, 'came');"
    ));
    gym
}

fn days(found: &muster::backtest::Backtest) -> Vec<&str> {
    found.pasts.iter().map(|past| past.date.as_str()).collect()
}

#[test]
fn the_series_ends_as_late_as_the_data_allows_and_never_overlaps() {
    let gym = Gym::busy();
    let found = gym.backtest(&[]);
    // The newest visit is of ten o'clock on 30 December, so that day is not known to its end; `among` looks back at sixty
    // days, and January is the first month.
    assert_eq!(
        days(&found),
        [
            "2025-03-05",
            "2025-05-04",
            "2025-07-03",
            "2025-09-01",
            "2025-10-31"
        ]
    );
    for (until, next) in found.until.iter().zip(found.dates.iter().skip(1)) {
        assert!(until <= next);
    }
    assert!(
        found.proof.score.auc.unwrap() > 0.5,
        "{:?}",
        found.proof.score
    );
}

#[test]
fn what_is_dated_after_the_present_is_no_history() {
    let gym = Gym::busy();
    let before = gym.backtest(&[]);
    gym.sql("insert into visits values (5000, 1, '2099-01-01 10:00:00', 1, 1, 'came')");
    // Now the newest row that has happened is what it was.
    assert_eq!(days(&before), days(&gym.backtest(&[])));
}

#[test]
fn a_horizon_beyond_the_data_is_refused_with_what_to_do() {
    let gym = Gym::busy();
    let words = gym.refused(&["2025-11-20"], false);
    assert!(
        words.contains("2025-11-20") && words.contains("`visits`"),
        "{words}"
    );
    assert!(words.contains("choose a date up to 2025-10-31"), "{words}");
    assert!(gym.try_backtest(&["2025-10-31"], false).is_ok());
    let said = gym.muster(&["--as-of", "2025-11-20"]);
    assert_eq!((said.code, said.out.as_str()), (2, ""));
    assert!(said.err.starts_with("error: on 2025-11-20"), "{}", said.err);
}

#[test]
fn a_short_history_is_refused_with_what_to_do() {
    let gym = Gym::empty();
    assert!(gym.refused(&[], false).contains("no rows of `visits`"));
    gym.sql(
        "insert into clients values (1, 'A', 1, null, null, 0);
         insert into visits values (1, 1, '2025-05-01 10:00:00', 1, 1, ''), (2, 1, '2025-07-01 10:00:00', 1, 1, '')",
    );
    let words = gym.refused(&[], false);
    assert!(
        words.contains("too short") && words.contains("2025-05-01 to 2025-07-01"),
        "{words}"
    );
}

#[test]
fn without_a_score_or_a_churn_it_says_what_to_write() {
    let gym = Gym::busy();
    gym.whole_config("", "");
    assert!(gym.refused(&[], false).contains("add `health:`"));
    gym.config("  factors: [{ id: r, value: count(visits), zero: 0, full: 1, reason: r }]");
    assert!(gym.refused(&[], false).contains("add `churn:`"));
    assert_eq!(gym.muster(&[]).code, 2);
}

#[test]
fn among_must_not_look_ahead() {
    let gym = Gym::busy();
    gym.config(
        "  churn: { among: exists(visits in next 5 days), when: gone }
  factors: [{ id: r, value: count(visits), zero: 0, full: 1, reason: r }]",
    );
    assert!(gym.refused(&[], false).contains("`among`"));
}

#[test]
fn the_horizon_is_found_behind_a_metric() {
    let gym = Gym::busy();
    let plain = gym.backtest(&[]);
    gym.config(
        "  churn: { among: exists(visits in last 60 days), when: gone }
  factors:
    - { id: recency, value: days_since(last(visits).at), zero: 60, full: 0, weight: 3, reason: 'r {value}' }
    - { id: often, value: count(visits in last 60 days), zero: 0, full: 8, weight: 1, reason: 'o {value}' }",
    );
    let named = gym.backtest(&[]);
    assert_eq!((plain.until, plain.pasts), (named.until, named.pasts));
}

#[test]
fn days_away_are_counted_from_the_rows_that_when_looks_for() {
    let gym = march(3, 1);
    gym.sql("update visits set minutes = 5 where client_id = 2");
    gym.config(
        "  churn: { among: exists(visits in last 60 days), when: not exists(visits in next 60 days where minutes > 20) }
  factors: [{ id: r, value: count(visits), zero: 0, full: 1, reason: r }]",
    );
    let found = gym.backtest(&[APRIL]);
    assert_eq!(found.recency_of, "visits");
    assert_eq!(found.pasts[0].recency, [Some(1.0), None, Some(1.0)]);
    assert_eq!(found.pasts[0].lost, [false, true, true]);
}

#[test]
fn nobody_left() {
    let found = march(5, 5).muster(&["--as-of", APRIL]);
    assert_eq!(found.code, 0);
    assert!(
        found
            .out
            .contains("5 clients were looked at; 0 of them (0.0%) left within the 60 days")
    );
    assert!(
        found
            .out
            .contains("No client left, so there is nothing that health could have foretold.")
    );
    assert!(!found.out.contains("AUC"), "{}", found.out);
}

#[test]
fn everybody_left() {
    let found = march(5, 0).muster(&["--as-of", APRIL]);
    assert_eq!(found.code, 0);
    assert!(
        found
            .out
            .contains("Every client left, so nothing separates"),
        "{}",
        found.out
    );
}

#[test]
fn all_have_the_same_health() {
    let found = march(6, 3).muster(&["--as-of", APRIL]);
    assert_eq!(found.code, 0);
    assert!(
        found
            .out
            .contains("Every client had the same health, so it tells nothing: AUC 0.500")
    );
}

#[test]
fn one_client_alone() {
    let found = march(1, 0).muster(&["--as-of", APRIL]);
    assert_eq!(found.code, 0);
    assert!(
        found
            .out
            .contains("On 04/01/2025 1 client was looked at; 1 of them (100.0%) left"),
        "{}",
        found.out
    );
}

#[test]
fn nobody_at_all_is_looked_at() {
    let found = march(4, 2).muster(&["--as-of", "2025-09-01"]);
    assert_eq!(found.code, 0);
    assert!(
        found.out.contains("holds for nobody on these dates"),
        "{}",
        found.out
    );
}

#[test]
fn who_cannot_be_told_lost_or_not_is_counted_and_left_out() {
    let gym = march(4, 2);
    gym.config(
        "  churn: { among: exists(visits in last 60 days), when: avg(visits.minutes in next 60 days) < 10 }
  factors: [{ id: r, value: count(visits), zero: 0, full: 1, reason: r }]",
    );
    let found = gym.backtest(&[APRIL]);
    assert_eq!((found.proof.customers, found.untold), (2, 2));
    let said = gym.muster(&["--as-of", APRIL]);
    assert!(
        said.err
            .contains("of 2 it cannot be told whether they left"),
        "{}",
        said.err
    );
}

#[test]
fn one_date_cannot_suggest_weights() {
    let gym = Gym::busy();
    let words = gym.refused(&[APRIL], true);
    assert!(
        words.contains("two dates") && words.contains(APRIL),
        "{words}"
    );
    // Nor can two whose times overlap.
    assert!(
        gym.refused(&[APRIL, "2025-05-01"], true)
            .contains("two dates")
    );
    assert!(gym.try_backtest(&[APRIL, "2025-06-01"], true).is_ok());
}

#[test]
fn suggested_weights_are_yaml_that_loads() {
    let gym = Gym::busy();
    let said = gym.muster(&["--suggest"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.out
            .contains("judged on 2025-10-31, which they have not seen"),
        "{}",
        said.out
    );
    let before = gym.read("config.yaml");
    let (_, yaml) = said.out.split_once("\nhealth:\n").unwrap();
    assert!(
        yaml.contains("weight: ") && yaml.contains("# was 3"),
        "{yaml}"
    );
    gym.config(&format!(
        "  churn: {{ among: exists(visits in last 60 days), when: not exists(visits in next 60 days) }}\n{yaml}"
    ));
    let found = gym.backtest(&[]);
    assert!(!found.factors.is_empty());
    assert_ne!(before, gym.read("config.yaml"));
}

#[test]
fn json_and_picture_say_the_same() {
    let gym = Gym::busy();
    let json = gym.json(&["--svg", "health.svg", "--suggest"]);
    let svg = gym.read("health.svg");
    let auc = json["health"]["auc"].as_f64().unwrap();
    assert!(svg.contains(&format!("AUC {auc:.3}")), "{svg}");
    assert_eq!(json["horizon_days"]["least"], 60);
    assert_eq!(json["horizon_days"]["most"], 60);
    assert_eq!(json["dates"].as_array().unwrap().len(), 5);
    assert_eq!(json["dates"][4]["until"], "2025-12-30");
    assert_eq!(json["deciles"].as_array().unwrap().len(), 10);
    assert_eq!(json["factors"][1]["id"], "often");
    assert!(json["factors"][1]["judged"]["auc"].as_f64().is_some());
    assert_eq!(
        json["suggestion"]["judged_on"],
        serde_json::json!(["2025-10-31"])
    );
    let sum: f64 = json["suggestion"]["weights"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|weight| weight["weight"].as_f64())
        .sum();
    assert!((sum - 4.0).abs() < 0.02, "{sum}");
    let wrong = gym.muster(&["--format", "csv"]);
    assert_eq!(wrong.code, 2);
}

#[test]
fn a_series_leaves_out_dates_on_which_nobody_is_looked_at() {
    let gym = march(3, 2);
    let found = gym.backtest(&[]);
    assert_eq!(
        days(&found),
        ["2025-05-04"],
        "nobody came from May to October"
    );
    // A date that was asked for is told of.
    let said = gym.muster(&["--as-of", "2025-05-04", "--as-of", "2025-09-01"]);
    assert!(
        said.out
            .contains("On 2 dates from 05/04/2025 to 09/01/2025"),
        "{}",
        said.out
    );
}

#[test]
fn months_are_as_long_as_they_are() {
    let gym = Gym::busy();
    gym.config(
        "  churn: { among: exists(visits in last 2 months), when: not exists(visits in next 2 months) }
  factors: [{ id: r, value: count(visits in last 2 months), zero: 0, full: 9, reason: r }]",
    );
    let said = gym.muster(&["--as-of", "2025-03-01", "--as-of", "2025-07-01"]);
    assert!(
        said.out
            .contains("left within the 61 to 62 days that followed"),
        "{}",
        said.out
    );
    let found = gym.backtest(&[]);
    assert_eq!(days(&found).last(), Some(&"2025-10-30"));
}

#[test]
fn a_long_factor_stays_readable_in_the_suggestion() {
    let gym = Gym::busy();
    let health = "  churn: { among: exists(visits in last 60 days), when: not exists(visits in next 60 days) }
  factors:
    - { id: recency, value: days_since(last(visits).at), zero: 60, full: 0, weight: 3, reason: 'r {value}' }
    - id: often
      value: |
        count(visits in last 60 days)
        + count(visits in last 30 days)
      zero: 0
      full: 12
      reason: 'o {value}'";
    gym.config(health);
    let said = gym.muster(&["--suggest"]);
    assert!(
        said.out.contains("value: |\n        count(visits in last 60 days)\n        + count(visits in last 30 days)\n"),
        "{}",
        said.out
    );
}

#[test]
fn rows_with_a_date_alone_are_of_the_whole_day() {
    let gym = Gym::busy();
    gym.sql("update visits set attended_at = date(attended_at)");
    assert_eq!(days(&gym.backtest(&[])).last(), Some(&"2025-11-01"));
}

#[test]
fn a_window_with_a_fixed_beginning_does_not_hold_dates_back() {
    let gym = Gym::busy();
    gym.config(
        "  churn: { among: exists(visits since 2020-01-01), when: not exists(visits in next 60 days) }
  factors: [{ id: r, value: count(visits), zero: 0, full: 9, reason: r }]",
    );
    assert_eq!(gym.backtest(&[]).pasts.len(), 6);
}

#[test]
fn a_factor_whose_column_is_gone_is_left_out() {
    let gym = Gym::busy();
    gym.config(
        "  churn: { among: exists(visits in last 60 days), when: not exists(visits in next 60 days) }
  factors:
    - { id: recency, value: days_since(last(visits).at), zero: 60, full: 0, weight: 3, reason: r }
    - { id: minutes, value: avg(visits.minutes), zero: 0, full: 60, reason: m }",
    );
    gym.expect(0, &["run"]);
    gym.sql("alter table visits drop column minutes");
    let found = gym.backtest(&[APRIL]);
    let reason = found.factors[1].left_out.as_deref().unwrap();
    assert!(
        reason.contains("cannot be evaluated") && reason.contains("`minutes`"),
        "{reason}"
    );
    assert!(found.proof.score.auc.is_some());
}

/// So many clients of forty different healths, of whom those who came least lately stay away.
fn spread(clients: u32) -> Gym {
    let gym = march(0, 0);
    gym.sql(&format!(
        "with recursive c(i) as (select 1000 union all select i + 1 from c where i < 999 + {clients})
         insert into clients select i, 'Client ' || i, 1, null, null, 0 from c;
         insert into visits select null, id, datetime('2025-03-31 10:00:00', '-' || (id % 40) || ' days'), 30, 1, 'came'
         from clients where id >= 1000;
         insert into visits select null, id, '2025-04-10 10:00:00', 30, 1, 'came'
         from clients where id >= 1000 and id % 40 < 20;"
    ));
    gym
}

#[test]
fn shares_of_the_ends_are_told_where_both_have_enough_clients() {
    let told = |clients: u32| {
        let found = spread(clients).muster(&["--as-of", APRIL]);
        assert!(found.out.contains("times out of 100"), "{}", found.out);
        found.out.contains("Of the least healthy tenth")
    };
    assert!(told(200));
    assert!(!told(199));
    assert!(!told(100));
}

#[test]
fn one_time_is_once() {
    let gym = march(5, 4);
    gym.sql(
        "insert into visits values (600, 1, '2025-06-25 10:00:00', 30, 1, 'came'), (601, 1, '2025-07-10 10:00:00', 30, 1, 'came')",
    );
    let found = gym.muster(&["--as-of", APRIL, "--as-of", "2025-07-01"]);
    assert!(
        found.out.contains("6 times in all; once (16.7%) one left"),
        "{}{}",
        found.out,
        found.err
    );
}
