//! Every example of docs/config.md is true of the demo.

use serde_yaml::Mapping;

use crate::support::compiled::{Compiled, demo_tables};

const PAGE: &str = include_str!("../../docs/config.md");
const SHIPPED: &str = include_str!("../../config.yaml");
const RULES: &str = include_str!("../../rules/engagement.yaml");

/// What the first example has beside the demo: rows that lead to a client through others.
const SHOP: &str = "
CREATE TABLE orders (id INTEGER PRIMARY KEY, client_id INTEGER, created_at DATETIME);
CREATE TABLE order_items (id INTEGER PRIMARY KEY, order_id INTEGER);
";

fn examples(text: &str) -> impl Iterator<Item = &str> {
    let fenced = text.split("```yaml\n").skip(1);
    fenced.map(|rest| rest.split("```").next().unwrap())
}

fn read(text: &str) -> Mapping {
    serde_yaml::from_str(text).unwrap()
}

fn told(config: &Mapping, tables: &str, rules: &str) -> String {
    let config = serde_yaml::to_string(config).unwrap();
    Compiled::with(&config, tables, rules).rendered()
}

#[test]
fn every_example_is_true() {
    let (config, rules) = PAGE.split_once("\n## Rule files\n").unwrap();
    let tables = demo_tables() + SHOP;
    let mut wrong = Vec::new();
    // The first example is a whole config, the others are keys of one.
    for (place, example) in examples(config).enumerate() {
        let mut whole = match place {
            0 => Mapping::new(),
            _ => read(SHIPPED),
        };
        whole.extend(read(example));
        let rules = match place {
            0 => "segments: [{ id: anyone, when: yes }]",
            _ => RULES,
        };
        wrong.extend(Some(told(&whole, &tables, rules)).filter(|t| !t.is_empty()));
    }
    // A rule file alone does not have the metrics that the shipped fields and values are made of.
    let mut alone = read(SHIPPED);
    alone.remove("values");
    alone.remove("health");
    alone.remove("export");
    let fields = alone.get_mut("fields").unwrap().as_mapping_mut().unwrap();
    fields.remove("engagement_label");
    for example in examples(rules) {
        wrong.extend(Some(told(&alone, &tables, example)).filter(|t| !t.is_empty()));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(examples(PAGE).count() > 6);
}
