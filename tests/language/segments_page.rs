//! Config's `active`, `fields` and `values`, and the filters of segments.

use muster::language::check::FieldValues;
use muster::language::typed::{Kind, Measure, PopulationFunction, Typed};
use muster::value::Type;

use crate::support::compiled::{CONFIG, Compiled, TABLES};

const FIELDS: &str = r#"
fields:
  marketing: { label: Marketing, one: marketing }
  budget: { one: budget }
  studio: { one: studio.name }
  activity:
    one: if(exists(visits in last 7 days), "This week", if(often, "Often", "Else"))
    values: [This week, Often, Else]
  day_of_week:
    any: visits in last 90 days where late or minutes > 30 # not the short ones
    of: day_of_week(at)
    share: 25%
  product: { any: packages, of: product }
  class: { any: visits in last 12 months, of: class.category }
  born: { one: birthday }
  months: { one: month(birthday) }
"#;

const METRICS: &str = "metrics: { often: count(visits in last 30 days) > 8 }\n";

fn filtered(segments: &str) -> Compiled {
    let config = format!("{CONFIG}{FIELDS}");
    Compiled::with(&config, TABLES, &format!("{METRICS}segments:\n{segments}"))
}

/// What an expression is written as.
fn words<'w>(world: &'w Compiled, expression: &Typed) -> &'w str {
    world.checked.source_map.words(expression.span)
}

/// The text that a segment's filter means, and its condition.
#[track_caller]
fn asks(segment: &str, text: &str) -> Typed {
    let world = filtered(&format!("  - {{ id: s, {segment} }}\n"));
    assert_eq!(world.rendered(), "");
    let condition = world.checked.segments.as_slice()[0].clone().unwrap();
    assert_eq!(words(&world, &condition), text);
    assert_eq!(condition.ty, Type::Truth);
    condition.each(&mut |part| assert_ne!(words(&world, part), "", "{part:?}"));
    condition
}

#[track_caller]
fn told(world: &Compiled, codes: &[&str], words: &str) {
    let text = world.rendered();
    assert_eq!(world.codes(), codes, "{text}");
    assert!(text.contains(words), "{text}");
}

#[test]
fn a_filter_is_the_condition_that_it_means() {
    asks("filter: { studio: Soho }", "studio.name = \"Soho\"");
    asks(
        "filter: { studio: [Soho, 'The \"X\"'] }",
        "studio.name in (\"Soho\", \"The \"\"X\"\"\")",
    );
    asks("filter: { marketing: true }", "marketing = yes");
    asks("filter: { budget: [100, 12.5] }", "budget in (100, 12.5)");
    asks("filter: { born: 2000-01-31 }", "birthday = 2000-01-31");
    asks("filter: { months: [1, 12] }", "month(birthday) in (1, 12)");
    asks(
        "filter: { product: Ten classes }",
        "exists(packages where product = \"Ten classes\")",
    );
    asks(
        "filter: { class: [Yoga, Barre] }",
        "exists(visits in last 12 months where class.category in (\"Yoga\", \"Barre\"))",
    );
}

#[test]
fn a_share_is_asked_of_each_value() {
    let one = "exists(visits in last 90 days where (late or minutes > 30) and day_of_week(at) = \"Sat\") \
               and count(visits in last 90 days where (late or minutes > 30) and day_of_week(at) = \"Sat\") \
               >= 25% * count(visits in last 90 days where late or minutes > 30)";
    asks(
        "filter: { day_of_week: Sat }",
        &one.replace(
            "where late or minutes > 30)",
            "where (late or minutes > 30))",
        ),
    );
    let world = filtered("  - { id: s, filter: { day_of_week: [Sat, Sun] } }\n");
    let condition = world.checked.segments.as_slice()[0].as_ref().unwrap();
    assert!(matches!(&condition.kind, Kind::Or(days) if days.len() == 2));
}

#[test]
fn fields_are_anded_and_the_when_beside_them_too() {
    let condition = asks(
        "filter: { studio: Soho, marketing: yes }, when: often or budget > 3",
        "studio.name = \"Soho\" and marketing = yes and (often or budget > 3)",
    );
    assert!(matches!(&condition.kind, Kind::And(parts) if parts.len() == 3));
    asks("when: often or budget > 3", "often or budget > 3");
}

#[test]
fn a_when_beside_a_filter_is_told_in_its_own_place() {
    let world = filtered(
        "  - id: s\n    filter: { studio: Soho }\n    when: |\n      often # yes\n      and nothing > 3\n",
    );
    told(&world, &["unknown-name"], "rules.yaml:7:11");
    let world = filtered("  - { id: s, filter: { studio: Soho }, when: often and }\n");
    told(&world, &["syntax"], "rules.yaml:3");
}

#[test]
fn other_segments_are_a_field() {
    let world = filtered(
        "  - { id: a, when: often }\n  - { id: b, when: not often }\n  - { id: c, filter: { segments: [a, b] } }\n",
    );
    assert_eq!(world.rendered(), "");
    let condition = world.checked.segments.as_slice()[2].as_ref().unwrap();
    assert_eq!(words(&world, condition), "in segment a or in segment b");
    let world =
        filtered("  - { id: loyal, when: often }\n  - { id: c, filter: { segments: loyl } }\n");
    told(&world, &["unknown-segment"], "did you mean `loyal`?");
}

#[test]
fn circles_go_through_filters_and_fields() {
    let world =
        filtered("  - { id: a, filter: { segments: b } }\n  - { id: b, when: in segment a }\n");
    told(
        &world,
        &["circle"],
        "segment `a` → segment `b` → segment `a`",
    );
    let world = filtered("  - { id: a, filter: { segments: a } }\n");
    told(&world, &["circle"], "segment `a` needs itself");
    let config = format!("{CONFIG}\nfields:\n  state:\n    one: if(loyal, \"yes\", \"no\")\n");
    let rules =
        "metrics: { loyal: in segment s }\nsegments:\n  - { id: s, filter: { state: \"yes\" } }\n";
    let world = Compiled::with(&config, TABLES, rules);
    told(
        &world,
        &["circle"],
        "metric `loyal` → segment `s` → field `state` → metric `loyal`",
    );
}

#[test]
fn a_value_fits_its_field() {
    let one = |filter: &str| filtered(&format!("  - {{ id: s, filter: {{ {filter} }} }}\n"));
    told(&one("budget: much"), &["wrong-type"], "rules.yaml:3:32");
    told(
        &one("marketing: maybe"),
        &["wrong-type"],
        "write `yes` or `no`",
    );
    told(
        &one("born: soon"),
        &["wrong-type"],
        "write a date, as `2025-06-01`",
    );
    told(
        &one("day_of_week: Saturday"),
        &["unknown-day"],
        "write `\"Sat\"`",
    );
    told(&one("activity: Nevr"), &["unknown-field-value"], "Often");
    told(
        &one("stduio: Soho"),
        &["unknown-filter-field"],
        "did you mean `studio`?",
    );
}

#[test]
fn fields_have_values() {
    let world = filtered("  - { id: s, when: yes }\n");
    assert_eq!(world.rendered(), "");
    let fields = &world.checked.fields;
    assert_eq!(fields.len(), 9);
    assert_eq!(fields[3].id, "activity");
    assert!(matches!(&fields[3].source, FieldValues::One(value) if value.ty == Type::Text));
    let FieldValues::Any(rows) = &fields[4].source else {
        panic!("{fields:#?}")
    };
    assert!(rows.filter.is_some());
    assert!(matches!(&rows.measure, Measure::CountDistinct(day) if day.ty == Type::Text));
}

#[test]
fn a_wrong_field_is_told_once_and_where_it_stands() {
    let with = |field: &str| {
        let config = format!("{CONFIG}\nfields:\n  f: {{ {field} }}\n");
        Compiled::with(
            &config,
            TABLES,
            "segments:\n  - { id: s, filter: { f: x } }\n",
        )
    };
    told(
        &with("one: \"if(nope > 1, 'a', 'b')\""),
        &["unknown-name"],
        "config.yaml",
    );
    told(
        &with("one: signed_up_at"),
        &["wrong-type"],
        "`date(signed_up_at)`",
    );
    told(&with("one: visits"), &["row-as-value"], "count(visits)");
    told(
        &with("any: vists, of: late"),
        &["unknown-name"],
        "did you mean `visits`?",
    );
    told(
        &with("any: visits, of: studio"),
        &["unknown-name"],
        "client.studio",
    );
    told(
        &with("any: visits in last 3 weks, of: late"),
        &["syntax"],
        "config.yaml",
    );
    told(
        &with("any: \"visits) or exists(packages\", of: late"),
        &["stray-parenthesis", "unclosed-parenthesis"],
        "never opened",
    );
    told(
        &with("any: visits, of: day_of_week(at), values: [Monday]"),
        &["unknown-day", "unknown-field-value"],
        "\"Mon\"",
    );
    told(
        &with("one: budget, values: [x, 3]"),
        &["wrong-type"],
        "a value of `f`",
    );
}

fn active(text: &str) -> Compiled {
    let config = format!(
        "{CONFIG}\nactive: {}\n",
        serde_json::to_string(text).unwrap()
    );
    let rules = "metrics: { plain: count(visits), ranked: rank(plain), loyal: in segment s }\n\
                 segments: [{ id: s, when: yes }]\n";
    Compiled::with(&config, TABLES, rules)
}

#[test]
fn active_speaks_of_one_subject_alone() {
    for text in [
        "marketing",
        "plain > 0 and not exists(packages in last 7 days)",
    ] {
        let world = active(text);
        assert_eq!(world.rendered(), "", "{text}");
        assert_eq!(world.checked.active.unwrap().ty, Type::Truth);
    }
    told(
        &active("plain > avg(plain)"),
        &["circle"],
        "`avg(plain)` ranges over all who take part",
    );
    told(
        &active("plain > 0 and top 20% by plain"),
        &["circle"],
        "`top 20% by plain`",
    );
    told(
        &active("ranked > 3"),
        &["circle"],
        "`ranked` ranges over all who take part",
    );
    told(
        &active("in segment s"),
        &["circle"],
        "write what `s` asks for",
    );
    told(
        &active("loyal"),
        &["circle"],
        "`loyal` is known of those alone",
    );
    told(&active("plain"), &["not-a-condition"], "plain > 0");
    told(
        &active("closd is missing"),
        &["unknown-name"],
        "config.yaml",
    );
}

fn value(of: &str, format: &str) -> Compiled {
    let of = serde_json::to_string(of).unwrap();
    let config = format!(
        "{CONFIG}\nvalues:\n  add:\n    - {{ id: v, label: V, description: d, format: {format}, of: {of} }}\n"
    );
    let rules = "metrics:\n  recency: days_since(last(visits).at)\n  spent: sum(payments.amount)\n  \
                 last_visit: last(visits)\n  tier: bin(5, spent)\nsegments: [{ id: s, when: yes }]\n";
    Compiled::with(&config, TABLES, rules)
}

#[track_caller]
fn is_value(of: &str, format: &str) -> Typed {
    let world = value(of, format);
    assert_eq!(world.rendered(), "", "{of}");
    world.checked.values.last().unwrap().clone()
}

#[test]
fn values_range_over_the_members() {
    let size = is_value("size()", "number");
    assert!(matches!(&size.kind, Kind::Population(p) if p.function == PopulationFunction::Size));
    assert_eq!(
        is_value("sum(sum(payments.amount))", "money").ty,
        Type::Money
    );
    for (of, format) in [
        ("sum(spent) / size()", "money"),
        (
            "sum(sum(payments.amount)) / sum(count(payments where amount > 0))",
            "money",
        ),
        (
            "sum(count(payments in last 12 months where amount > 0)) / size()",
            "number",
        ),
        ("avg(if(exists(visits in last 30 days), 1, 0))", "percent"),
        ("sum(spent) / sum(sum(payments.tax))", "number"),
        ("median(recency)", "days"),
        ("quantile(90%, recency)", "days"),
        ("days_since(max(last_visit.at))", "days"),
        ("round(default(avg(recency), 0), 1)", "number"),
        ("if(size() > 10, max(spent), min(spent))", "money"),
        ("avg(tier)", "number"),
        ("avg(if(in segment s, 1, 0))", "percent"),
        (
            "sum(if(recency < 90, spent * 365 / greatest(recency, 30), spent))",
            "money",
        ),
        ("missing", "number"),
    ] {
        is_value(of, format);
    }
}

#[test]
fn what_is_of_each_member_shows_how_to_write_it() {
    for (of, words) in [
        ("spent", "write `sum(spent)` or `avg(spent)`"),
        ("spent / size()", "write `sum(spent)` or `avg(spent)`"),
        ("count(visits)", "write `sum(count(visits))`"),
        ("sum(payments.amount)", "write `sum(sum(payments.amount))`"),
        ("avg(payments.amount)", "write `avg(avg(payments.amount))`"),
        ("max(payments.amount)", "write `max(max(payments.amount))`"),
        ("exists(visits)", "`avg(if(exists(visits), 1, 0))`"),
        ("marketing", "`avg(if(marketing, 1, 0))`"),
        ("name", "`sum(if(name = \"…\", 1, 0))`"),
        ("birthday", "`avg(days_since(birthday))`"),
        ("last_visit", "`avg(days_since(last_visit.at))`"),
        (
            "days_since(last(visits).at)",
            "`avg(days_since(last(visits).at))`",
        ),
        ("visits", "`sum(count(visits))`"),
        ("in segment s", "`avg(if(in segment s, 1, 0))`"),
        ("avg(rank(spent))", "define a metric"),
        ("rank(spent)", "write `avg(x)` here"),
        ("top 20% by spent", "write `avg(if(x, 1, 0))` here"),
        ("sum(if(top 20% by spent, 1, 0))", "define a metric"),
        ("sum(spent - avg(spent))", "take it out of the parentheses"),
    ] {
        told(&value(of, "number"), &["per-member-value"], words);
    }
}

#[test]
fn values_have_units_and_no_scope() {
    told(
        &value("sum(spent) + size()", "money"),
        &["unit-mismatch"],
        "`size()` is a plain number",
    );
    told(
        &value("sum(spent)", "number"),
        &["unit-mismatch"],
        "write `format: money`",
    );
    told(
        &value("sum(spent)", "percent"),
        &["unit-mismatch"],
        "`format: percent`",
    );
    told(
        &value("sum(recency)", "money"),
        &["unit-mismatch"],
        "leave `format: money` out",
    );
    told(
        &value("max(birthday)", "days"),
        &["wrong-type"],
        "write `days_since(max(birthday))`",
    );
    told(
        &value("avg(spent) within studio", "money"),
        &["wrong-arguments"],
        "leave `within` out",
    );
    told(&value("avg(nope)", "number"), &["unknown-name"], "`nope`");
    told(&value("nope", "number"), &["unknown-name"], "`nope`");
    told(
        &value("sum(count(visits where often)) +", "number"),
        &["syntax"],
        "config.yaml",
    );
}

#[test]
fn the_condition_in_a_preset_is_told_in_its_own_place() {
    let values = "values:
  preset: subscriptions
  money: { from: payments, amount: amount }
  recurring:
    from: packages
    amount: price
    every: product
    while: expires_on >
";
    let world = Compiled::with(
        &format!("{CONFIG}{values}"),
        TABLES,
        "segments:\n  - { id: s, when: yes }\n",
    );
    told(&world, &["syntax"], "while: expires_on >");
    assert!(!world.rendered().contains("from: packages"));
}

/// Each value of a field with a share repeats the field's rows: a short file must not become a tree without bounds.
#[test]
fn shares_of_many_values_are_bounded() {
    let asked: Vec<String> = (0..120).map(|n| format!("minutes = {n}")).collect();
    let field = format!(
        "fields: {{ length: {{ any: 'visits where {}', of: minutes, share: 20% }} }}\n",
        asked.join(" or ")
    );
    let world = |values: u32| {
        let values: Vec<String> = (0..values).map(|n| n.to_string()).collect();
        let filter = format!("filter: {{ length: [{}] }}", values.join(", "));
        let rules = format!("segments:\n  - {{ id: s, {filter} }}\n");
        Compiled::with(&format!("{CONFIG}{field}"), TABLES, &rules)
    };
    assert_eq!(world(10).rendered(), "");
    told(&world(200), &["too-large"], "200 values");
}
