//! What is lowered once, what is stale, and what a definition is.

use muster::catalog::{Catalog, ColumnState};
use muster::engine::{Column, Stale};
use muster::index::Id;
use muster::ir::{Ir, IrSegment, Op, Request, lower};
use muster::language::check::{MetricDefinition, check};
use muster::rules::{RuleSet, SegmentId};
use muster::source::Sources;
use muster::value::ColumnType as T;

use super::harness::{Table, config, ir, ir_of, ladder, rules};

fn table() -> Table {
    Table::default()
        .numbers("x", &[1.0, 2.0, 3.0, f64::NAN, 5.0])
        .with("studio", T::Text, &["a", "a", "b", "b", "-"])
        .scope("studio")
}

fn segments(rules: &RuleSet) -> Vec<Vec<u32>> {
    let ir = ir(rules, &table().catalog());
    let answers = table().answers(&ir, Vec::new());
    answers.segments.into_iter().map(Result::unwrap).collect()
}

fn without(mut catalog: Catalog, column: &str) -> Catalog {
    let gone = || ColumnState::Gone(format!("column `{column}` is gone"));
    for entity in [
        &mut catalog.subject,
        &mut catalog.collections.iter_mut().next().unwrap().entity,
    ] {
        if let Some(state) = entity.columns.get_mut(column) {
            *state = gone();
        }
    }
    catalog
}

#[test]
fn equal_things_are_one_node_one_aggregate_one_selection() {
    let ir = ir(
        &rules(
            &[
                ("a", "count(visits in last 30 days)"),
                ("b", "count(visits in last 30 days) + 1"),
                ("c", "sum(visits.price in last 30 days)"),
                ("d", "count(visits where kind = \"yoga\")"),
                ("e", "last(visits where kind = \"yoga\").price"),
                ("f", "1 + count(visits)"),
            ],
            &[("s", "a > 3 and c > 10"), ("t", "a > 3 and c > 11")],
        ),
        &table().catalog(),
    );
    assert_eq!(ir.scans.len(), 1);
    let visits = &ir.scans.first().unwrap().collections[0];
    assert_eq!(visits.selections.len(), 3);
    assert_eq!(visits.key.as_deref(), Some("id"));
    assert_eq!(ir.aggregates.len(), 5);
    let counts = |ir: &Ir, wanted: fn(&Op) -> bool| {
        ir.program.nodes.iter().filter(|n| wanted(&n.op)).count()
    };
    assert_eq!(counts(&ir, |op| matches!(op, Op::Aggregate(_))), 5);
    assert_eq!(counts(&ir, |op| matches!(op, Op::Compare(..))), 3);
    assert!(ir.subject.inputs.iter().all(|input| input.column != "x"));
}

/// Nothing is compared with the plain ones, so they can wait for the scan that has rows to compare.
#[test]
fn plain_and_compared_aggregates_of_a_table_are_filled_by_one_scan_where_they_can() {
    let mut catalog = table().catalog();
    let mut others = catalog.collections.first().unwrap().clone();
    others.name = "others".into();
    others.entity.table = "others".into();
    catalog.collections.push(others);
    let scans = |metrics: &[(&str, &str)]| {
        let ir = ir(&rules(metrics, &[]), &catalog);
        let scans = ir.scans.iter().map(|scan| (scan.table.clone(), scan.level));
        let mut scans: Vec<(String, usize)> = scans.collect();
        scans.sort();
        scans
    };
    let scan = |table: &str, level| (table.to_owned(), level);
    let plain = ("n", "count(visits)");
    let compared = ("dear", "count(visits where price > top)");
    assert_eq!(scans(&[plain]), [scan("visits", 0)]);
    let other = ("top", "max(others.price)");
    assert_eq!(
        scans(&[plain, other, compared]),
        [scan("others", 0), scan("visits", 1)]
    );
    let own = ("top", "max(visits.price)");
    assert_eq!(
        scans(&[plain, own, compared]),
        [scan("visits", 0), scan("visits", 1)]
    );
}

#[test]
fn constant_metrics_stand_among_rows() {
    let ir = ir(
        &rules(
            &[
                ("limit", "half * 2"),
                ("half", "10"),
                (
                    "many",
                    "count(visits where price > 3 and id > limit and client.x > half)",
                ),
            ],
            &[],
        ),
        &table().catalog(),
    );
    let nodes = &ir.scans.first().unwrap().program.nodes;
    assert!(
        nodes
            .iter()
            .any(|n| matches!(n.op, Op::OfSubject(input) if input.index() == 0))
    );
    assert!(
        nodes
            .iter()
            .all(|n| !matches!(n.op, Op::Gone(_) | Op::Aggregate(_)))
    );
}

#[test]
fn segments_hold_those_who_certainly_match() {
    let found = segments(&rules(
        &[("big", "x > 2")],
        &[
            ("late", "not in segment early and x is present"),
            ("early", "x < 3"),
            ("big_ones", "big"),
            ("not_big", "not big"),
            ("all", "yes"),
            ("none", "no"),
        ],
    ));
    assert_eq!(found[0], [2, 4]);
    assert_eq!(found[1], [0, 1]);
    assert_eq!(found[2], [2, 4]);
    assert_eq!(found[3], [0, 1]);
    assert_eq!(found[4], [0, 1, 2, 3, 4]);
    assert_eq!(found[5], [0; 0]);
}

#[test]
fn the_first_rung_that_matches_takes_the_subject() {
    let rungs = [
        ("low", "x < 3"),
        ("high", "x < 5"),
        ("odd", "x > 0"),
        ("others", "rest"),
    ];
    assert_eq!(
        segments(&ladder(None, &rungs)),
        [vec![0, 1], vec![2], vec![4], vec![3]]
    );
    let among = segments(&ladder(Some("studio is present"), &rungs));
    assert_eq!(among, [vec![0, 1], vec![2], vec![], vec![3]]);
    let ir = ir(&ladder(None, &rungs), &table().catalog());
    assert_eq!(ir.segments.as_slice()[2].needs, [0, 1].map(SegmentId::new));
    assert_eq!(
        segments(&ladder(None, &[("only", "rest")])),
        [[0, 1, 2, 3, 4]]
    );
}

#[test]
fn needs_reach_through_metrics_and_stop_at_segments() {
    let ir = ir(
        &rules(
            &[
                ("helped", "in segment b or inner > 1"),
                ("inner", "if(in segment c, 1, 0)"),
            ],
            &[
                ("a", "helped"),
                ("b", "x > 1"),
                ("c", "in segment b"),
                ("d", "x > 0"),
            ],
        ),
        &table().catalog(),
    );
    let needs = |s: &IrSegment| s.needs.iter().map(|id| id.index()).collect();
    let needs: Vec<Vec<usize>> = ir.segments.iter().map(needs).collect();
    assert_eq!(needs, [&[1, 2][..], &[], &[1], &[]]);
}

#[test]
fn what_is_gone_makes_stale_only_what_uses_it() {
    let rules = rules(
        &[("spent", "sum(visits.price)"), ("seen", "count(visits)")],
        &[
            ("spender", "spent > 10"),
            ("not_spender", "not in segment spender"),
            ("third", "in segment not_spender or yes"),
            ("visitor", "seen > 0"),
            ("ranked", "top 10% by default(spent, 0)"),
            ("plain", "x > 2"),
        ],
    );
    let ir = ir(&rules, &without(table().catalog(), "price"));
    assert_eq!(ir.aggregates.len(), 1);
    let mut read = ir.scans.iter().flat_map(|scan| &scan.inputs);
    assert!(!read.any(|input| input.column == "price"));
    let seen = Column::Number(vec![1.0, 0.0, 0.0, 0.0, 2.0]);
    let found = table().answers(&ir, vec![Ok(seen)]).segments;
    let reason = |place: usize| {
        found.as_slice()[place]
            .as_ref()
            .unwrap_err()
            .reason
            .as_str()
    };
    assert_eq!(reason(0), "column `price` is gone");
    let through = "segment `spender` is stale: column `price` is gone";
    assert_eq!(reason(1), through);
    assert_eq!(reason(2), through);
    assert_eq!(found.as_slice()[3], Ok(vec![0, 4]));
    assert_eq!(reason(4), "column `price` is gone");
    assert_eq!(found.as_slice()[5], Ok(vec![2, 4]));
}

#[test]
fn a_scan_that_fails_makes_its_aggregates_stale() {
    let rules = rules(&[], &[("visitor", "count(visits) > 0"), ("plain", "x > 2")]);
    let ir = ir(&rules, &table().catalog());
    let broken = Stale {
        reason: "`visits` is no table".into(),
    };
    let found = table().answers(&ir, vec![Err(broken.clone())]).segments;
    assert_eq!(found.as_slice()[0], Err(broken));
    assert_eq!(found.as_slice()[1], Ok(vec![2, 4]));
}

#[test]
fn a_gone_time_or_key_of_rows_makes_stale() {
    let counts = rules(&[], &[("s", "count(visits) > 0")]);
    let firsts = rules(&[], &[("s", "first(visits).price > 0")]);
    for (rules, column, stale) in [
        (&counts, "attended_at", true),
        (&counts, "client_id", true),
        (&counts, "id", false),
        (&firsts, "id", true),
    ] {
        let mut catalog = table().catalog();
        let reason = ColumnState::Gone(format!("column `{column}` is gone"));
        let visits = catalog.collections.iter_mut().next().unwrap();
        visits.entity.columns.insert(column.into(), reason);
        if column == "attended_at" {
            visits.at_type = None;
        }
        let ir = ir(rules, &catalog);
        let gone = ir.program.nodes.iter().any(|n| matches!(n.op, Op::Gone(_)));
        assert_eq!(gone, stale, "{column}");
        assert_eq!(ir.scans.is_empty(), stale, "{column}");
    }
}

#[test]
fn who_is_a_subject() {
    let mut catalog = table().with("since", T::Date, &["-"; 5]).catalog();
    catalog.at = Some("since".into());
    let mut config = config();
    config.subject.filter = Some(muster::source::Scalar::detached("x > 1"));
    let rules = rules(&[], &[("s", "x > 2")]);
    let known = ir_of(&rules, &config, &catalog);
    assert!(known.subject.admitted.is_some());
    let inputs: Vec<_> = known
        .subject
        .inputs
        .iter()
        .map(|i| i.column.as_str())
        .collect();
    assert_eq!(inputs, ["since", "x"]);
    let unknown = ir_of(&rules, &config, &without(catalog, "since"));
    assert_eq!(unknown.subject.admitted, None);
    let decides = unknown.segments.first().unwrap().node;
    let decides = unknown.program.nodes.get(decides).unwrap();
    assert!(matches!(decides.op, Op::Gone(_)));
}

#[test]
fn every_part_of_a_condition_finds_its_node() {
    let rules = rules(
        &[("seen", "count(visits where price > 3)")],
        &[(
            "s",
            "(seen + 1) * 2 > avg(seen) within studio and x between 1 and 3",
        )],
    );
    let catalog = table().catalog();
    let (checked, _) = check(&rules, &config(), &catalog, &[], &Sources::default());
    let ir = lower(&rules, &checked, &catalog, &Request::rules());
    let mut parts = 0;
    let mut rows = 0;
    let condition = checked.segments.as_slice()[0].as_ref().unwrap();
    let MetricDefinition::Value(seen) = &checked.metrics.as_slice()[0].definition else {
        panic!("it is a value");
    };
    for whole in [condition, seen] {
        whole.each(&mut |part| match ir.node_of(part.id.unwrap()) {
            Some(node) => {
                parts += 1;
                let ty = ir.program.nodes.get(node).unwrap().ty;
                assert_eq!(ty, part.ty);
            }
            None => rows += 1,
        });
    }
    assert_eq!(
        ir.node_of(condition.id.unwrap()),
        Some(ir.segments.as_slice()[0].node)
    );
    assert_eq!((parts, rows), (14, 3));
}

#[test]
fn a_definition_changes_with_what_it_refers_to_and_nothing_else() {
    let base = [
        ("seen", "count(visits in last 30 days where id > limit)"),
        ("limit", "3"),
        ("other", "count(visits)"),
    ];
    let of = |metrics: &[(&str, &str)], segments: &[(&str, &str)], id: &str| {
        let ir = ir(&rules(metrics, segments), &table().catalog());
        let place = ir.segments.iter().position(|s| s.id == id).unwrap();
        ir.meanings().segments.as_slice()[place].as_str().to_owned()
    };
    let plain = [
        ("a", "seen > 3 and in segment b"),
        ("b", "top 20% by other within studio"),
    ];
    let first = of(&base, &plain, "a");
    assert_eq!(first.len(), 64);
    let more = [("new", "x > 1"), plain[1], plain[0]];
    let turned = [base[2], base[1], base[0], ("unused", "x * 2")];
    assert_eq!(
        of(&turned, &more, "a"),
        first,
        "others came, the order changed"
    );
    let renamed = [("seen_often", base[0].1), base[1], base[2]];
    let uses_renamed = [("a", "seen_often > 3 and in segment b"), plain[1]];
    assert_eq!(
        of(&renamed, &uses_renamed, "a"),
        first,
        "a metric got a new name"
    );
    for (changed, what) in [
        (
            [
                ("seen", "count(visits in last 31 days where id > limit)"),
                base[1],
                base[2],
            ],
            "window",
        ),
        ([base[0], ("limit", "4"), base[2]], "constant in a filter"),
        (
            [base[0], base[1], ("other", "sum(visits.price)")],
            "metric of another segment",
        ),
        (
            [
                (
                    "seen",
                    "count(distinct visits.kind in last 30 days where id > limit)",
                ),
                base[1],
                base[2],
            ],
            "measure",
        ),
    ] {
        assert_ne!(of(&changed, &plain, "a"), first, "{what}");
    }
    for changed in [
        "top 21% by other within studio",
        "top 20% by other",
        "bottom 20% by other within studio",
    ] {
        assert_ne!(
            of(&base, &[plain[0], ("b", changed)], "a"),
            first,
            "{changed}"
        );
    }
}
