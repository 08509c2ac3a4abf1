//! What the segments page's keys mean, once they are read.

use muster::config::{Config, FieldSource, Locale, ValueFormat};
use muster::index::Id;
use muster::language::formula_words;
use muster::rules::{self, SegmentId};
use muster::source::{Scalar, Sources};
use muster::time::{Duration, Unit};

use super::reading::{CONFIG, folder, load_config};

const ORDERS: &str =
    "collections:\n  orders: { table: orders, subject: client_id, at: placed_at }\n";

fn with(keys: &str) -> Config {
    load_config(&folder(&[("config.yaml", &format!("{CONFIG}{keys}"))]))
}

fn texts(scalars: &[Scalar]) -> Vec<&str> {
    scalars.iter().map(|scalar| scalar.value.as_str()).collect()
}

fn keep(text: &str) -> Option<Duration> {
    with(&format!("history: {{ keep: {text} }}\n")).keep
}

#[test]
fn what_is_left_out_has_its_default() {
    let config = with("");
    assert_eq!(config.active, None);
    assert_eq!(
        (config.currency.as_str(), config.locale),
        ("USD", Locale::EnUs)
    );
    let days = Duration {
        count: 400,
        unit: Unit::Day,
    };
    assert_eq!(config.keep, Some(days));
    assert_eq!(config.fields, []);
    assert_eq!(texts(&config.export.columns), ["id", "score", "entered_at"]);
    assert!(config.export.bom && config.export.labels.is_empty());
    let [size] = config.values.as_slice() else {
        panic!("{:?}", config.values);
    };
    assert_eq!(
        (size.id.value.as_str(), formula_words(&size.of)),
        ("size", "size()".to_owned())
    );

    let labelled = with("").subject.label;
    assert_eq!(labelled, []);
    let named = CONFIG.replace("key: id", "key: no, label: name");
    let config = load_config(&folder(&[("config.yaml", &named)]));
    assert_eq!(
        texts(&config.export.columns),
        ["no", "name", "score", "entered_at"]
    );
}

#[test]
fn history_is_kept_for_a_length_or_for_ever() {
    let length = |count, unit| Some(Duration { count, unit });
    assert_eq!(keep("forever"), None);
    assert_eq!(keep("1 day"), length(1, Unit::Day));
    assert_eq!(keep("2 years"), length(2, Unit::Year));
    assert_eq!(keep("18 months"), length(18, Unit::Month));
}

#[test]
fn fields_keep_their_order_and_their_shares() {
    let config = with(
        "fields:\n  zone: { one: zone }\n  day:\n    { label: Day, any: visits, of: day_of_week(at), share: 25%, values: [Sat, 7] }\n\
         \x20 any_day: { any: visits, of: day_of_week(at), share: 0.5 }\n",
    );
    let ids: Vec<_> = config.fields.iter().map(|f| f.id.value.as_str()).collect();
    assert_eq!(ids, ["zone", "day", "any_day"]);
    let labels: Vec<_> = config.fields.iter().map(|f| f.label.as_str()).collect();
    assert_eq!(labels, ["zone", "Day", "any_day"]);
    assert!(matches!(&config.fields[0].source, FieldSource::One(one) if one.value == "zone"));
    assert_eq!(
        texts(config.fields[1].values.as_ref().unwrap()),
        ["Sat", "7"]
    );
    let shares = config.fields.iter().map(|field| match &field.source {
        FieldSource::One(_) => None,
        FieldSource::Any { share, .. } => *share,
    });
    assert_eq!(shares.collect::<Vec<_>>(), [None, Some(0.25), Some(0.5)]);
}

/// The formulas of a preset, as `id [label]: text`.
fn formulas(values: &str) -> String {
    let config = with(&format!("{ORDERS}values:\n{values}"));
    let lines = config.values.iter().map(|value| {
        assert!(!value.description.is_empty());
        let of = formula_words(&value.of);
        format!("{} [{}]: {of}\n", value.id.value, value.label)
    });
    lines.collect()
}

#[test]
fn a_preset_is_what_one_could_write_oneself() {
    let values = "  preset: orders\n  money: { from: orders, amount: total }\n";
    let expected = "\
size [Size]: size()
contacts [Contacts]: size()
arr [Total ARR]: sum(if(days_since(min(orders.at where total > 0)) > 90, \
        sum(orders.total in last 12 months) * 365 / least(days_since(min(orders.at where total > 0)), 365), \
        sum(orders.total in last 12 months)))
aof [AOF]: sum(count(orders where total > 0)) / size()
aov [AOV]: sum(sum(orders.total)) / sum(count(orders where total > 0))
acv [ACV]: sum(sum(orders.total)) / size()
total_value [Total value]: sum(sum(orders.total))
";
    assert_eq!(formulas(values), expected);
}

#[test]
fn the_period_stands_in_the_label() {
    let aof = |preset: &str, period: &str| {
        let money = format!("{{ from: orders, amount: total, period: {period} }}");
        let all = formulas(&format!("  preset: {preset}\n  money: {money}\n"));
        all.lines().nth(3).unwrap().to_owned()
    };
    assert_eq!(
        aof("donations", "in  last 12 months"),
        "adf [ADF (last 12 months)]: sum(count(orders in last 12 months where total > 0)) / size()"
    );
    assert_eq!(
        aof("visits", "since 2025-01-01"),
        "aof [AOF (since 2025-01-01)]: sum(count(orders since 2025-01-01 where total > 0)) / size()"
    );
}

#[test]
fn what_recurs_is_annualised_by_its_period() {
    let values = "  preset: subscriptions\n  money: { from: orders, amount: total }\n\
                  \x20 recurring: { from: orders, amount: plan.price, every: Invoice Period, while: ends_at > now }\n";
    let part = |words: &str, factor: &str| {
        let rule = format!("(ends_at > now) and lower(`Invoice Period`) in ({words})");
        format!("sum(orders.plan.price where {rule}){factor}")
    };
    let parts = [
        part(r#""week", "weekly""#, " * 52"),
        part(r#""fortnight", "fortnightly""#, " * 26"),
        part(r#""month", "monthly""#, " * 12"),
        part(r#""quarter", "quarterly""#, " * 4"),
        part(r#""half-year", "half-yearly""#, " * 2"),
        part(r#""year", "yearly", "annual", "annually""#, ""),
    ];
    let config = with(&format!("{ORDERS}values:\n{values}"));
    let meaning = &config.values[2].description;
    assert!(meaning.contains("all running orders"), "{meaning}");
    let expected = format!("arr [Total ARR]: sum({})", parts.join(" + "));
    let told = formulas(values);
    assert_eq!(told.lines().nth(2).unwrap(), expected);
}

/// A studio may sell memberships as well: they are what it can count on.
#[test]
fn every_preset_takes_its_yearly_revenue_from_what_recurs_if_there_is_such() {
    let values = "  preset: visits\n  money: { from: orders, amount: total }\n\
                  \x20 recurring: { from: orders, amount: price, every: invoice_period }\n";
    assert!(formulas(values).contains("arr [Total ARR]: sum(sum(orders.price where lower("));
}

#[test]
fn values_of_ones_own_stand_behind_the_preset_s() {
    let added = "  add:\n    - { id: visits, of: avg(count(orders)) }\n\
                 \x20   - { id: spent, label: Spent, description: All of it, format: money, of: sum(sum(orders.total)) }\n";
    let config = with(&format!("{ORDERS}values:\n{added}"));
    let ids: Vec<_> = config.values.iter().map(|v| v.id.value.as_str()).collect();
    assert_eq!(ids, ["size", "visits", "spent"]);
    let [_, visits, spent] = config.values.as_slice() else {
        panic!("{:?}", config.values);
    };
    assert_eq!(
        (visits.label.as_str(), visits.format),
        ("visits", ValueFormat::Number)
    );
    assert_eq!(visits.description, "avg(count(orders))");
    assert_eq!(
        (spent.label.as_str(), spent.format),
        ("Spent", ValueFormat::Money)
    );
    assert_eq!(spent.description, "All of it");

    let own = with("values: { add: [{ id: size, label: People, of: size() }] }\n");
    assert_eq!(own.values.len(), 1);
    assert_eq!(own.values[0].label, "People");
}

#[test]
fn an_export_has_its_columns_labels_and_mark() {
    let config =
        with("export: { columns: [name, visits_30d], labels: { name: Client }, bom: no }\n");
    assert_eq!(texts(&config.export.columns), ["name", "visits_30d"]);
    assert_eq!(config.export.labels.get("name").unwrap(), "Client");
    assert!(!config.export.bom);
}

#[test]
fn a_filter_has_one_value_or_several() {
    let fields =
        "fields:\n  kind: { one: client_type }\n  day: { one: weekday, values: [Sat, Sun] }\n";
    let text = "segments:\n  - { id: a, sign: ☹︎, filter: { day: [Sat, Sun], kind: 7, segments: b } }\n\
                \x20 - { id: b, when: exists(orders), filter: { kind: [member] } }\n";
    let folder = folder(&[
        ("config.yaml", &format!("{CONFIG}{fields}")),
        ("rules/a.yaml", text),
    ]);
    let (rules, findings) = rules::load(&load_config(&folder), &mut Sources::default());
    assert_eq!(findings, []);
    let [a, b] = rules.segments.as_slice() else {
        panic!("{:?}", rules.segments);
    };
    let told = |segment: &rules::Segment| {
        let filters = segment.filter.iter();
        let lines = filters.map(|f| format!("{}: {}", f.field.value, texts(&f.values).join("|")));
        lines.collect::<Vec<_>>()
    };
    assert_eq!(told(a), ["day: Sat|Sun", "kind: 7", "segments: b"]);
    assert_eq!((a.sign.as_deref(), &a.when), (Some("☹︎"), &None));
    assert_eq!(told(b), ["kind: member"]);
    assert!(b.when.is_some() && b.sign.is_none());
}

/// What a filter asks for makes a rung, so that only one without it takes the rest.
#[test]
fn a_rung_with_a_filter_does_not_take_the_rest() {
    let fields = "fields: { kind: { one: client_type } }\n";
    let text =
        "ladder: kinds\nsegments:\n  - { id: a, filter: { kind: member } }\n  - { id: rest }\n";
    let folder = folder(&[
        ("config.yaml", &format!("{CONFIG}{fields}")),
        ("rules/a.yaml", text),
    ]);
    let (rules, findings) = rules::load(&load_config(&folder), &mut Sources::default());
    assert_eq!(findings, []);
    assert_eq!(
        rules.ladders.as_slice()[0].rungs,
        [0, 1].map(SegmentId::new)
    );
}
