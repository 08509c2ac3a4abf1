//! What Spark is asked, as text: no server is needed to see that a change of the rendering is meant.

use muster::pushdown::{Shapes as _, Spark, Stored, queries};
use muster::time::Plausible;

use super::harness::Declared;
use super::traps::{CONFIG, TABLES, ZONE};
use crate::scan::harness::{Folder, clock};

/// One of each kind of query.
const METRICS: [(&str, &str); 8] = [
    (
        "of_paid",
        "sum(sales.paid in last 30 days where worth > 0.3)",
    ),
    ("of_worth", "avg(sales.worth)"),
    (
        "of_texts",
        "count(sales where note contains \"it's a \\\\ of 100%\")",
    ),
    ("of_notes", "count(distinct sales.note since 2025-03-09)"),
    ("of_last", "last(sales).done"),
    ("of_clients", "count(sales where units < client.age)"),
    ("of_plans", "max(plans.until)"),
    ("of_least", "min(least(sales.units, sales.worth / 3))"),
];

#[test]
fn spark_is_asked_so() {
    let tables = TABLES.replace("paid real", "paid numeric(10,2)");
    let folder = Folder::in_zone(ZONE, &tables, CONFIG, &METRICS);
    let project = folder.project();
    let shapes = Declared::of(&folder.connection(), true);
    assert_eq!(shapes.stored("sales", "paid"), Some(Stored::Decimal(2)));
    let clock = muster::time::Clock {
        zone: project.config.timezone,
        ..clock()
    };
    let when = (&clock, Plausible::at(clock.now));
    let mut texts = Vec::new();
    for scan in &project.ir.scans {
        let asked = queries(&project.ir, scan, when, &Spark, &shapes).unwrap();
        let queries = asked.queries.into_iter().flat_map(|query| {
            let of_open = query.of_open.as_ref();
            let of_open = of_open.map(|of_keys| of_keys.of(Some(&["7".to_owned()])));
            [Some(query), of_open]
        });
        for query in queries.flatten() {
            let text = query
                .sql
                .replace(" FROM ", "\n  FROM ")
                .replace(", ", ",\n    ");
            texts.push(text);
        }
    }
    insta::assert_snapshot!(texts.join("\n\n"));
}
