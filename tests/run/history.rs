//! What the segments page reads beside the segments: numbers of runs, steps on a ladder; and how long
//! all that is kept.

use muster::run::Options;
use muster::store::{Point, Step, Store};

use crate::studio::{RULES, Studio, assert_whole};
use crate::support::clock::{DAY, NOON};
use crate::support::library::at;

const LADDER: &str = "
ladder: habit
segments:
  - { id: often, sign: ♥︎, description: Twice a month or more, when: 'count(visits in last 30 days) >= 2' }
  - { id: seldom, when: 'exists(visits in last 30 days)' }
  - { id: never }
";

async fn reader(studio: &Studio) -> Store {
    let store = Store::open_reader(&studio.database()).await.unwrap();
    store.unwrap()
}

fn step(from: &str, to: &str, count: u64) -> Step {
    let rung = |id: &str| (id != "-").then(|| id.to_owned());
    Step {
        from: rung(from),
        to: rung(to),
        count,
    }
}

#[tokio::test]
async fn steps_on_a_ladder_are_counted_by_where_they_lead() {
    let studio = Studio::new();
    studio.rules(LADDER);
    studio.day(0).await;
    let mut store = reader(&studio).await;
    let rungs = ["often", "seldom", "never"];
    assert_eq!(
        store.moves(1, &rungs).await.unwrap(),
        [
            step("-", "never", 2),
            step("-", "often", 1),
            step("-", "seldom", 1)
        ]
    );
    let segments = store.segments().await.unwrap();
    assert_eq!(segments[0].sign.as_deref(), Some("♥︎"));
    assert_eq!(
        segments[0].description.as_deref(),
        Some("Twice a month or more")
    );
    assert_eq!(segments[2].sign, None);
    store.close().await.unwrap();

    // Ann stops, Bo comes oftener, Di goes, Eve comes; Cy stays.
    studio.sql(
        "delete from visits where client_id = 1; delete from clients where id = 4;
         insert into clients values (5, 'Eve', 0);
         insert into visits values (5, 2, '2025-05-31 09:00:00'), (6, 5, '2025-05-31 09:00:00')",
    );
    studio.day(1).await;
    let mut store = reader(&studio).await;
    let steps = store.moves(2, &rungs).await.unwrap();
    assert_eq!(
        steps,
        [
            step("-", "seldom", 1),
            step("never", "-", 1),
            step("often", "never", 1),
            step("seldom", "often", 1)
        ]
    );
    assert_eq!(
        store.moves(2, &["often"]).await.unwrap(),
        [step("-", "often", 1), step("often", "-", 1)]
    );
    assert_eq!(store.moves(7, &rungs).await.unwrap(), []);
}

#[tokio::test]
async fn a_history_goes_by_instants_and_holds_backfilled_runs() {
    let studio = Studio::new();
    studio.day(0).await;
    studio.sql("insert into visits values (9, 4, '2025-06-01 13:00:00')");
    studio.day(1).await;
    let earlier = Options {
        backfill: true,
        ..at(NOON - 2 * DAY)
    };
    studio.run(&earlier).await;
    // Of an equal instant the later numbers count.
    studio.day(1).await;
    let mut store = reader(&studio).await;
    let sizes = |points: Vec<Point>| -> Vec<(i64, i64, Option<f64>)> {
        let size = |point: &Point| {
            let sizes = point.metrics.iter().find(|(metric, _)| metric == "size");
            (
                point.run,
                (point.as_of - NOON) / DAY,
                sizes.unwrap().1.number(),
            )
        };
        points.iter().map(size).collect()
    };
    assert_eq!(
        sizes(store.history("active", None).await.unwrap()),
        [(3, -2, Some(2.0)), (1, 0, Some(2.0)), (4, 1, Some(3.0))]
    );
    assert_eq!(store.history("nobody", None).await.unwrap(), []);
    let metrics = store.metrics(4).await.unwrap();
    let sizes: Vec<_> = metrics
        .iter()
        .filter(|metric| metric.metric == "size")
        .map(|metric| (metric.segment.as_str(), metric.value))
        .collect();
    assert_eq!(
        sizes,
        [
            ("active", Some(3.0)),
            ("spender", Some(1.0)),
            ("twice", Some(1.0))
        ]
    );
}

/// `run-movements-metrics` for each run that is still known.
fn kept(studio: &Studio) -> Vec<String> {
    studio.query("select id || '-' || (select count(*) from muster_movements where run_id = id)
                   || '-' || (select count(*) from muster_metrics where run_id = id and metric = 'size')
         from muster_runs order by id",
    )
}

#[tokio::test]
async fn what_is_older_than_is_kept_goes_and_members_keep_their_run() {
    let studio = Studio::new();
    studio.config("history: { keep: 3 days }");
    for day in 0..4 {
        studio.day(day).await;
    }
    assert_eq!(kept(&studio), ["1-4-3", "2-0-3", "3-0-3", "4-0-3"]);
    // Everybody entered with run 1: its row stays. That of run 2 is of the instant from which on all
    // is kept.
    studio.day(4).await;
    assert_eq!(kept(&studio), ["1-0-0", "2-0-3", "3-0-3", "4-0-3", "5-0-3"]);
    let without = "select id from muster_runs where sources is null";
    assert_eq!(studio.query(without), ["1"]);
    studio.day(5).await;
    assert_eq!(kept(&studio), ["1-0-0", "3-0-3", "4-0-3", "5-0-3", "6-0-3"]);
    // A backfilled run of long ago goes with the next one that is published.
    let earlier = Options {
        backfill: true,
        ..at(NOON - 2 * DAY)
    };
    studio.run(&earlier).await;
    assert_eq!(kept(&studio).last().unwrap(), "7-0-3");
    studio.sql("delete from visits; delete from payments");
    studio.day(39).await;
    assert_eq!(kept(&studio), ["8-4-3"]);
    let strays =
        "select count(*) from muster_movements where run_id not in (select id from muster_runs)";
    assert_eq!(studio.query(strays), ["0"]);
    assert_whole(&studio.database()).await;
    studio.rules(RULES);
}

#[tokio::test]
async fn history_may_be_kept_for_ever() {
    let studio = Studio::new();
    studio.config("history: { keep: forever }");
    studio.run(&at(NOON - 5_000 * DAY)).await;
    studio.day(0).await;
    assert_eq!(kept(&studio).len(), 2);
    studio.config("");
    studio.run(&at(NOON + 60_000_000)).await;
    assert_eq!(kept(&studio).len(), 2);
}
