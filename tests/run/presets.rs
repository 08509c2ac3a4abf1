//! The values that presets bring, worked out by hand.

use muster::value::{Money, Value};

use crate::studio::Studio;
use crate::support::clock::NOON;
use crate::support::library::at;

const RULES: &str = "
segments:
  - { id: everyone, when: yes }
  - { id: nobody, when: no }
  - { id: never, when: not exists(payments) }
  - { id: refunded, when: name = \"Flo\" }
";

/// Days before the run, client and amount. Ann has been known for more than a year, Bo for 100 days, Cy
/// for 30, Di for 200 and with a refund; Eve never paid, and Flo only got money back.
const PAID: &[(u32, u32, f64)] = &[
    (400, 1, 100.0),
    (10, 1, 50.0),
    (100, 2, 73.0),
    (30, 3, 40.0),
    (200, 4, 100.0),
    (10, 4, -30.0),
    (5, 6, -5.0),
];

fn studio(values: &str) -> Studio {
    let studio = Studio::new();
    studio.sql(
        "delete from payments; delete from clients;
         insert into clients values (1, 'Ann', 0), (2, 'Bo', 0), (3, 'Cy', 0), (4, 'Di', 0), (5, 'Eve', 0), (6, 'Flo', 0);
         create table plans (id integer primary key, client_id integer, begun datetime, price numeric(10, 2),
           every_so text, until datetime);",
    );
    for (days, client, amount) in PAID {
        studio.sql(&format!(
            "insert into payments (client_id, paid_at, amount)
             values ({client}, datetime('2025-06-01 12:00:00', '-{days} days'), {amount})"
        ));
    }
    studio.rules(RULES);
    studio.config("");
    let plans = "  plans: { table: plans, subject: client_id, at: begun }\n";
    let config = studio.read("config.yaml");
    studio.write("config.yaml", format!("{config}{plans}values:\n{values}"));
    studio
}

/// `id=value` of a segment's values.
async fn told(studio: &Studio, segment: usize) -> String {
    let outcome = studio.run(&at(NOON)).await;
    let project = studio
        .load()
        .await
        .unwrap_or_else(|_| panic!("it was loaded before"));
    let ids = project
        .config
        .values
        .iter()
        .map(|value| value.id.value.clone());
    let shown = outcome.segments.as_slice()[segment]
        .values
        .iter()
        .map(|found| match &found.value {
            Value::Number(number) => format!("{number:.4}"),
            Value::Money(Money(parts)) => format!("{}", *parts as f64 / 10_000.0),
            Value::Missing => "–".to_owned(),
            other => panic!("{other:?}"),
        });
    ids.zip(shown)
        .map(|(id, value)| format!("{id}={value}"))
        .collect::<Vec<_>>()
        .join(" ")
}

const ORDERS: &str =
    "  preset: orders\n  money: { from: payments, amount: amount, period: last 90 days }\n";

#[tokio::test(flavor = "multi_thread")]
async fn orders() {
    let studio = studio(ORDERS);
    // Total ARR: Ann 50, Bo 73 × 365 / 100, Cy 40, Di (100 - 30) × 365 / 200, Flo -5.
    // Orders: 2 in 90 days of 6 members; 5 ever, for 328.
    assert_eq!(
        told(&studio, 0).await,
        "size=6.0000 contacts=6.0000 arr=479.2 aof=0.3333 aov=65.6 acv=54.6667 total_value=328"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_has_no_values_and_those_who_never_paid_no_order_value() {
    let studio = studio(&ORDERS.replace("orders", "donations"));
    assert_eq!(
        told(&studio, 1).await,
        "size=0.0000 contacts=0.0000 arr=– adf=– adv=– acv=– total_value=–"
    );
    assert_eq!(
        told(&studio, 2).await,
        "size=1.0000 contacts=1.0000 arr=0 adf=0.0000 adv=– acv=0 total_value=0"
    );
    assert_eq!(
        told(&studio, 3).await,
        "size=1.0000 contacts=1.0000 arr=-5 adf=0.0000 adv=– acv=-5 total_value=-5"
    );
}

/// 90 days are not more than 90, and a year is a year at most.
#[tokio::test(flavor = "multi_thread")]
async fn a_year_is_taken_for_whole_only_between_its_two_bounds() {
    let studio = studio(ORDERS);
    let first = async |days: u32| {
        studio.sql(&format!(
            "delete from payments; insert into payments (client_id, paid_at, amount)
             values (1, datetime('2025-06-01 12:00:00', '-{days} days'), 100)"
        ));
        let all = told(&studio, 0).await;
        all.split(' ').nth(2).unwrap().to_owned()
    };
    assert_eq!(first(90).await, "arr=100");
    assert_eq!(first(91).await, "arr=401.0989");
    assert_eq!(first(365).await, "arr=100");
    assert_eq!(first(366).await, "arr=0");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_recurs_counts_as_often_as_it_is_due() {
    let studio = studio(
        "  preset: subscriptions\n  money: { from: payments, amount: amount }\n\
         \x20 recurring: { from: plans, amount: price, every: every_so, while: \"until > now # still running\" }\n",
    );
    // Each kind has a price of its own digit, so that the sum tells which were counted.
    for (place, every) in [
        "Week",
        "monthly",
        "QUARTER",
        "annual",
        "one-off",
        "fortnightly",
        "half-yearly",
    ]
    .iter()
    .enumerate()
    {
        studio.sql(&format!(
            "insert into plans values ({place}, 1, '2025-05-01 10:00:00', {}, '{every}', '2025-07-01 10:00:00')",
            10_u64.pow(place as u32)
        ));
    }
    studio.sql("insert into plans values (99, 2, '2025-01-01 10:00:00', 7777, 'monthly', '2025-05-01 10:00:00')");
    let expected = 52 + 10 * 12 + 100 * 4 + 1_000 + 100_000 * 26 + 1_000_000 * 2;
    let all = told(&studio, 0).await;
    assert_eq!(all.split(' ').nth(2).unwrap(), format!("arr={expected}"));
}
