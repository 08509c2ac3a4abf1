//! Who takes part, and the values of segments, from run to run.

use muster::engine::{DistinctValues, Keep, Keys, Stale, Unwatched};
use muster::ir::Request;
use muster::time::Clock;
use muster::value::{Money, Value};

use crate::studio::{Studio, assert_unchanged_but_for_a_run, assert_whole};
use crate::support::clock::NOON;
use crate::support::library::snapshot;

const VALUES: &str = "
active: closed = 0
values:
  add:
    - { id: spent, label: Spent, format: money, of: sum(sum(payments.amount)) }
    - { id: frequency, label: Visits each, of: sum(count(visits)) / size() }";

const METRICS: &str =
    "select segment_id || ' ' || metric || ' ' || coalesce(value, '-') from muster_metrics
                       where run_id = (select max(id) from muster_runs) order by 1";

#[tokio::test]
async fn whoever_is_no_longer_active_leaves_everything() {
    let studio = Studio::new();
    studio.config("active: closed = 0");
    studio.day(0).await;
    assert_eq!(
        studio.memberships(),
        ["active/1", "active/2", "spender/1", "twice/1"]
    );
    studio.sql("update clients set closed = 1 where id = 1; delete from clients where id = 2; update clients set closed = null where id = 4");
    let outcome = studio.day(1).await;
    assert_eq!(outcome.evaluation.inactive.keys, Keys::Integer(vec![1, 4]));
    assert_eq!(
        studio.movements(2),
        [
            "active/1 left inactive",
            "active/2 left gone",
            "spender/1 left inactive",
            "twice/1 left inactive"
        ]
    );
    assert_eq!(
        studio.query("select label from muster_scores order by rank"),
        ["Cy"]
    );
    assert_eq!(
        studio.query("select subjects from muster_runs order by id"),
        ["4", "1"]
    );
    assert_whole(&studio.database()).await;
    // Back again, by the data; then by the rule.
    studio.sql("update clients set closed = 0 where id = 1");
    studio.day(2).await;
    assert_eq!(
        studio.movements(3),
        [
            "active/1 entered data",
            "spender/1 entered data",
            "twice/1 entered data"
        ]
    );
    studio.sql("update clients set closed = 1 where id = 1");
    studio.day(3).await;
    studio.config("");
    studio.day(4).await;
    assert_eq!(
        studio.movements(5),
        [
            "active/1 entered rule",
            "spender/1 entered rule",
            "twice/1 entered rule"
        ]
    );
    assert_whole(&studio.database()).await;
}

#[tokio::test]
async fn a_stale_segment_keeps_only_those_who_are_active() {
    let studio = Studio::new();
    studio.config("active: closed = 0");
    studio.day(0).await;
    studio.sql("alter table payments rename to aside; update clients set closed = 1 where id = 1");
    studio.day(1).await;
    assert_eq!(studio.memberships(), ["active/2"]);
    assert_eq!(studio.movements(2)[1], "spender/1 left inactive");
    assert_whole(&studio.database()).await;
}

#[tokio::test]
async fn everything_keeps_its_members_where_nobody_can_tell_who_is_active() {
    let studio = Studio::new();
    studio.config("active: exists(payments)");
    studio.day(0).await;
    let before = studio.memberships();
    assert_eq!(before, ["active/1", "spender/1", "twice/1"]);
    studio.sql("alter table payments rename to aside");
    let outcome = studio.day(1).await;
    assert!(
        outcome
            .segments
            .iter()
            .all(|segment| segment.stale.is_some())
    );
    assert_eq!(studio.memberships(), before);
    assert_eq!(studio.movements(2), [] as [&str; 0]);
    assert_whole(&studio.database()).await;
}

#[tokio::test]
async fn values_are_of_the_members_and_go_into_the_history() {
    let studio = Studio::new();
    studio.config(VALUES);
    studio.sql("update clients set closed = 1 where id = 2; delete from visits where id = 2");
    let outcome = studio.day(0).await;
    let amount = |amount| Value::Money(Money::parse(amount).unwrap().amount);
    let values = |segment: usize| {
        let values = outcome.segments.as_slice()[segment].values.iter();
        values.map(|found| found.value.clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        values(0),
        [Value::Number(1.0), amount("80"), Value::Number(1.0)]
    );
    assert_eq!(
        values(1),
        [Value::Number(0.0), Value::Missing, Value::Missing]
    );
    assert_eq!(
        studio.query(METRICS),
        [
            "active frequency 1.0",
            "active size 1.0",
            "active spent 80.0",
            "spender frequency 1.0",
            "spender size 1.0",
            "spender spent 80.0",
            "twice frequency -",
            "twice size 0.0",
            "twice spent -"
        ]
    );
    // Unchanged: its row, its numbers.
    let before = studio.dump();
    studio.day(1).await;
    let after = studio.dump();
    assert_unchanged_but_for_a_run(&before, &after);
    // A value that lacks its table is missing; of a stale segment only the size is known.
    studio.sql("alter table payments rename to aside");
    let outcome = studio.day(2).await;
    assert_eq!(
        outcome.segments.as_slice()[0].values[1].value,
        Value::Missing
    );
    assert_eq!(
        outcome.segments.as_slice()[2].values[2].value,
        Value::Missing
    );
    assert_eq!(
        studio.query(METRICS),
        [
            "active frequency 1.0",
            "active size 1.0",
            "active spent -",
            "spender frequency -",
            "spender size 1.0",
            "spender spent -",
            "twice frequency -",
            "twice size 0.0",
            "twice spent -"
        ]
    );
    assert_whole(&studio.database()).await;
}

async fn field_values(studio: &Studio) -> Vec<Result<DistinctValues, Stale>> {
    let project = studio.load().await.unwrap();
    let clock = Clock {
        now: NOON,
        zone: project.config.timezone,
    };
    let mut request = Request::outputs().of_everyone();
    let fields = project.checked.fields.iter();
    let outputs: Vec<_> = fields.map(|field| request.ask(&field.source)).collect();
    let snapshot = snapshot(&studio.database()).unwrap();
    let ir = project.lower(&request);
    let evaluation = snapshot.evaluate(&ir, &clock, Keep::Outputs, &Unwatched);
    let evaluation = evaluation.unwrap();
    let outputs = outputs.into_iter();
    outputs
        .map(|output| evaluation.distinct_values(output))
        .collect()
}

#[tokio::test]
async fn fields_tell_the_values_that_there_are() {
    let studio = Studio::new();
    studio.config(
        "
active: closed = 0
fields:
  name: { one: name }
  often: { one: 'if(count(visits) > 1, \"often\", \"seldom\")' }
  weekday: { any: visits, of: day_of_week(attended_at) }
  paid: { any: payments where amount > 50, of: amount }
  client: { any: visits, of: client_id }",
    );
    studio.sql(
        "update clients set closed = 1 where id = 2; update clients set name = null where id = 4;
         with recursive n(i) as (select 5 union all select i + 1 from n where i < 1500)
         insert into clients select i, 'Ann', 0 from n;
         insert into visits select id, id, '2025-05-30 10:00:00' from clients where id > 4;",
    );
    let found = field_values(&studio).await;
    let values = |place: usize| -> Vec<&str> {
        let found = found[place].as_ref().unwrap();
        assert!(!found.more);
        found.values.iter().map(String::as_str).collect()
    };
    assert_eq!(values(0), ["Ann", "Bo", "Cy"]);
    assert_eq!(values(1), ["often", "seldom"]);
    assert_eq!(values(2), ["Fri", "Sat", "Thu", "Wed"]);
    assert_eq!(values(3), ["80.00"]);
    let many = found[4].as_ref().unwrap();
    assert_eq!((many.values.len(), many.more), (1_000, true));

    studio.day(0).await;
    studio.sql("alter table payments rename to aside");
    let found = field_values(&studio).await;
    assert!(found[3].as_ref().unwrap_err().reason.contains("payments"));
    assert_eq!(found[1].as_ref().unwrap().values.len(), 2);
}
