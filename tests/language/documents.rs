//! Every example of docs/config.md and docs/stored-forms.md is true of the demo.

use serde_yaml::Mapping;

use crate::support::compiled::{Compiled, demo_tables, remembered};
use crate::support::database::schema_of;

const PAGE: &str = include_str!("../../docs/config.md");
const FORMS: &str = include_str!("../../docs/stored-forms.md");
const SCHEMA: &str = include_str!("../../schema/config.schema.json");
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
    let text = serde_yaml::to_string(config).unwrap();
    let mut texts = vec![("config.yaml", text.as_str()), ("rules/r.yaml", rules)];
    if config.contains_key("lists") {
        texts.extend([
            ("lists/vip.csv", "1\n"),
            ("lists/newsletter.csv", "email\n"),
        ]);
    }
    Compiled::texts(&texts, &schema_of(tables), remembered(&[])).rendered()
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

#[test]
fn every_key_of_config_is_in_the_contents() {
    let (contents, _) = PAGE.split_once("\n## config.yaml\n").unwrap();
    let schema: serde_json::Value = serde_json::from_str(SCHEMA).unwrap();
    let keys = schema["properties"].as_object().unwrap().keys();
    let left_out: Vec<_> = keys
        .filter(|key| !contents.contains(&format!("`{key}`")))
        .collect();
    assert!(left_out.is_empty(), "{left_out:?}");
}

/// Its tables are held by the tests of the engine.
#[test]
fn every_form_can_be_written_as_shown() {
    let tables = demo_tables();
    let rules = "segments: [{ id: payers, when: exists(payments) or birthday is missing }]";
    for example in examples(FORMS) {
        let mut whole = read(SHIPPED);
        whole.retain(|key, _| {
            ["database", "timezone", "subject"]
                .iter()
                .any(|kept| key == kept)
        });
        whole.extend(read(example));
        let told = told(&whole, &tables, rules);
        assert!(told.is_empty(), "{told}");
    }
    assert_eq!(examples(FORMS).count(), 2);
}
