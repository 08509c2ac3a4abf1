//! What texts mean: the type of a metric with each construct.

use muster::language::check::MetricDefinition;
use muster::language::typed::{Function, Kind, Measure, Typed};
use muster::time::{Moment, Window};
use muster::value::{Money, Type, Value};

use crate::support::compiled::{Compiled, SHIPPED, demo_tables};
use crate::support::database::schema_of;

#[track_caller]
fn has_type(text: &str, ty: Type) {
    let world = Compiled::with_metric(text);
    assert_eq!(
        world.codes(),
        Vec::<&str>::new(),
        "{text}\n{}",
        world.rendered()
    );
    match world.metric() {
        MetricDefinition::Value(value) => assert_eq!(value.ty, ty, "{text}: {value:#?}"),
        MetricDefinition::Row(_) => panic!("{text} is a row"),
    }
}

#[test]
fn literals_and_columns() {
    has_type("12", Type::Number);
    has_type("75%", Type::Number);
    has_type("\"a\"", Type::Text);
    has_type("yes", Type::Truth);
    has_type("now", Type::Instant);
    has_type("today", Type::Date);
    has_type("2025-06-01", Type::Date);
    has_type("30 days ago", Type::Instant);
    has_type("missing", Type::Missing);
    has_type("birthday", Type::Date);
    has_type("client.birthday", Type::Date);
    has_type("signed_up_at", Type::Instant);
    has_type("marketing", Type::Truth);
    has_type("budget", Type::Money);
    has_type("studio.name", Type::Text);
    has_type("client.studio.network_id", Type::Number);
    has_type("BIRTHDAY", Type::Date);
}

#[test]
fn aggregates() {
    has_type("count(visits)", Type::Number);
    has_type(
        "count(visits in last 30 days where minutes > 30)",
        Type::Number,
    );
    has_type("count(distinct visits.class.category)", Type::Number);
    has_type(
        "sum(payments.amount in last 60 days where status = \"paid\")",
        Type::Money,
    );
    has_type("avg(visits.minutes)", Type::Number);
    has_type("max(visits.at)", Type::Instant);
    has_type("min(packages.starts_on)", Type::Date);
    has_type("first(visits).at", Type::Instant);
    has_type("last(packages).product", Type::Text);
    has_type("last(visits).class.category", Type::Text);
    has_type(
        "exists(visits where client.birthday = date(at))",
        Type::Truth,
    );
    has_type("exists(interests where topic = \"yoga\")", Type::Truth);
    has_type(
        "count(visits where client.studio.name = \"Soho\" and at > client.signed_up_at)",
        Type::Number,
    );
    has_type("last(packages) is missing", Type::Truth);
    has_type("last(packages where is_intro) is present", Type::Truth);
}

#[test]
fn windows() {
    for window in [
        "in last 30 days",
        "in previous 2 weeks",
        "in next 14 days",
        "in today",
        "in this month",
        "in last calendar quarter",
        "from 90 days ago to 30 days ago",
        "from 2025-01-01 to today",
        "since 2025-01-01",
        "since today - 2 months",
    ] {
        has_type(&format!("count(visits {window})"), Type::Number);
        has_type(&format!("last(packages).expires_at {window}"), Type::Truth);
        has_type(&format!("last(packages).starts_on {window}"), Type::Truth);
    }
}

#[test]
fn population() {
    has_type("avg(count(visits)) within studio", Type::Number);
    has_type("avg(sum(payments.amount)) within network", Type::Money);
    has_type("median(budget)", Type::Money);
    has_type("quantile(90%, budget) within everyone", Type::Money);
    has_type("rank(birthday)", Type::Number);
    has_type("percentile(count(visits)) within studio", Type::Number);
    has_type("bin(5, count(visits))", Type::Number);
    has_type("ntile(5, signed_up_at)", Type::Number);
    has_type("position(budget)", Type::Number);
    has_type("size() within studio", Type::Number);
    has_type("max(birthday)", Type::Date);
    has_type("top 20% by count(visits) within studio", Type::Truth);
    has_type("bottom 10 by last(visits).at", Type::Truth);
    has_type(
        "top 20% by (avg(budget) within studio) - budget",
        Type::Truth,
    );
    has_type("avg(if(exists(visits), 1, 0)) within studio", Type::Number);
}

#[test]
fn money_and_numbers() {
    has_type("budget + 10", Type::Money);
    has_type("10 - budget", Type::Money);
    has_type("budget * 2", Type::Money);
    has_type("50% * budget", Type::Money);
    has_type("budget / 3", Type::Money);
    has_type("budget / budget", Type::Number);
    has_type("budget > 100", Type::Truth);
    has_type("budget between -5 and 10.5", Type::Truth);
    has_type("budget in (1, 2.5)", Type::Truth);
    has_type("default(budget, 0)", Type::Money);
    has_type("if(marketing, 0, budget)", Type::Money);
    has_type("if(marketing, budget)", Type::Money);
    has_type("least(budget, 100, missing)", Type::Money);
    has_type("band(budget, 100, 200)", Type::Number);
    has_type("scale(budget, 0, 1000)", Type::Number);
    has_type("round(budget)", Type::Money);
    has_type("-budget", Type::Money);
}

#[test]
fn dates_and_instants() {
    has_type("signed_up_at = today", Type::Truth);
    has_type("birthday < 30 days ago", Type::Truth);
    has_type("signed_up_at between 2025-01-01 and now", Type::Truth);
    has_type("signed_up_at in (2025-01-01, today)", Type::Truth);
    has_type("today + 7 days", Type::Date);
    has_type("signed_up_at - 24 hours", Type::Instant);
    has_type("anniversary(birthday) <= today + 7 days", Type::Truth);
    has_type("days_since(signed_up_at)", Type::Number);
    has_type("hours_since(last(visits).at)", Type::Number);
    has_type("elapsed(birthday, signed_up_at)", Type::Number);
    has_type("age(birthday)", Type::Number);
    has_type("date(signed_up_at)", Type::Date);
    has_type("default(last(visits).at, birthday)", Type::Instant);
    has_type(
        "day_of_week(signed_up_at) in (\"Sat\", \"Sun\")",
        Type::Truth,
    );
    has_type("month(birthday) = month(today)", Type::Truth);
}

#[test]
fn conditions() {
    has_type("marketing and not exists(visits) or yes", Type::Truth);
    has_type("name contains \"a\" and name not in (\"x\")", Type::Truth);
    has_type("lower(name) starts with \"a\"", Type::Truth);
    has_type("count(visits) is missing", Type::Truth);
    has_type("(count(visits) > 1) = marketing", Type::Truth);
}

#[test]
fn rows_by_name() {
    let world = Compiled::with_rules(
        "metrics:\n  newest: last(packages)\n  used: newest.used_count / newest.total_count\n  \
         is_there: newest is present\n  same: newest\n",
    );
    assert_eq!(world.codes(), Vec::<&str>::new());
    assert!(matches!(world.metric(), MetricDefinition::Row(_)));
}

#[test]
fn metrics_need_no_order() {
    let world = Compiled::with_rules(
        "metrics:\n  c: b + 1\n  b: a * 2\n  a: 3\nsegments:\n  - id: s\n    \
         when: count(visits where minutes > c) > 2 and in segment t\n  - id: t\n    when: c > 2\n",
    );
    assert_eq!(world.codes(), Vec::<&str>::new(), "{}", world.rendered());
}

#[test]
fn the_shipped_rules_have_a_meaning() {
    let schema = schema_of(&demo_tables());
    let world = Compiled::texts(SHIPPED, &schema, Default::default());
    assert_eq!(world.rendered(), "");
    assert_eq!(world.rules.segments.len(), 14 + 8);
    let asked = world.checked.segments.iter().flatten();
    assert_eq!(asked.count(), 14 + 7, "all but the rest of the RFM ladder");
}

/// The two sides of a metric that compares.
#[track_caller]
fn compared(text: &str) -> (Kind, Kind) {
    let world = Compiled::with_metric(text);
    match world.metric() {
        MetricDefinition::Value(Typed {
            kind: Kind::Compare(_, left, right),
            ..
        }) => (left.kind.clone(), right.kind.clone()),
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn a_literal_beside_money_is_exact() {
    let amount = |text| compared(text).1;
    let money = |units| Kind::Constant(Value::Money(Money(units)));
    assert_eq!(amount("budget > 100"), money(1_000_000));
    assert_eq!(amount("budget > 0.1"), money(1_000));
    assert_eq!(amount("budget > -2.2500"), money(-22_500));
    assert_eq!(amount("budget > (1.0001)"), money(10_001));
    assert_eq!(compared("3 < budget").0, money(30_000));
}

#[test]
fn an_instant_beside_a_date_is_its_local_date() {
    let (left, right) = compared("signed_up_at = today");
    assert!(matches!(left, Kind::Call(Function::Date, _)), "{left:?}");
    assert_eq!(right, Kind::Moment(Moment::Today));
    let (left, right) = compared("birthday < 30 days ago");
    assert!(matches!(left, Kind::Subject(_)), "{left:?}");
    assert!(matches!(right, Kind::Call(Function::Date, _)), "{right:?}");
}

#[test]
fn a_row_that_is_missing_is_no_row_at_all() {
    let world = Compiled::with_metric("last(packages in last 30 days where is_intro) is missing");
    let MetricDefinition::Value(Typed {
        kind: Kind::Not(any),
        ..
    }) = world.metric()
    else {
        panic!("{:?}", world.metric())
    };
    let Kind::Aggregate(any) = &any.kind else {
        panic!("{any:?}")
    };
    assert_eq!(any.measure, Measure::Exists);
    assert!(matches!(any.window, Window::Last(_)) && any.filter.is_some());
}

#[test]
fn moments_are_folded() {
    let world = Compiled::with_rules(
        "metrics:\n  season: 2025-09-01\n  begun: season - 2 weeks\n  \
         visited: count(visits from begun to today + 1 day)\n",
    );
    assert_eq!(world.codes(), Vec::<&str>::new());
    let MetricDefinition::Value(Typed {
        kind: Kind::Aggregate(visited),
        ..
    }) = world.metric()
    else {
        panic!("{:?}", world.metric())
    };
    let Window::FromTo(Moment::Shifted(season, _, _), Moment::Shifted(today, _, _)) =
        &visited.window
    else {
        panic!("{:?}", visited.window)
    };
    assert!(matches!(**season, Moment::Date(_)));
    assert_eq!(**today, Moment::Today);
}
