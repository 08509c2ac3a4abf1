//! The JSON Schemas and the reader tell the same: what is read without a finding fits its schema, and
//! an unknown key fits neither.

use std::path::Path;

use muster::source::Sources;
use muster::{config, rules};
use serde_json::{Map, Value, json};

use super::reading::{CONFIG, folder};

/// A small judge of the parts of JSON Schema that ours use.
fn fits(value: &Value, schema: &Value, root: &Value) -> bool {
    let Some(schema) = schema.as_object() else {
        return true;
    };
    schema
        .iter()
        .all(|(word, wanted)| match (word.as_str(), value) {
            ("$ref", _) => fits(
                value,
                root.pointer(wanted.as_str().unwrap().trim_start_matches('#'))
                    .unwrap(),
                root,
            ),
            ("allOf", _) => wanted
                .as_array()
                .unwrap()
                .iter()
                .all(|s| fits(value, s, root)),
            ("anyOf" | "oneOf", _) => wanted
                .as_array()
                .unwrap()
                .iter()
                .any(|s| fits(value, s, root)),
            ("const", _) => value == wanted,
            ("type", _) => match wanted {
                Value::Array(types) => types.iter().any(|t| is(value, t)),
                one => is(value, one),
            },
            ("required", Value::Object(map)) => wanted
                .as_array()
                .unwrap()
                .iter()
                .all(|k| map.contains_key(k.as_str().unwrap())),
            ("properties", Value::Object(map)) => map
                .iter()
                .all(|(k, v)| wanted.get(k).is_none_or(|s| fits(v, s, root))),
            ("additionalProperties", Value::Object(map)) => {
                let known = schema.get("properties").and_then(Value::as_object);
                let free = map
                    .iter()
                    .filter(|(k, _)| known.is_none_or(|known| !known.contains_key(*k)));
                free.into_iter()
                    .all(|(_, v)| wanted != &json!(false) && fits(v, wanted, root))
            }
            ("items", Value::Array(items)) => items.iter().all(|v| fits(v, wanted, root)),
            ("minimum", Value::Number(n)) => n.as_f64() >= wanted.as_f64(),
            ("maximum", Value::Number(n)) => n.as_f64() <= wanted.as_f64(),
            _ => true,
        })
}

fn is(value: &Value, kind: &Value) -> bool {
    match kind.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "null" => value.is_null(),
        other => panic!("{other}"),
    }
}

/// The value with one place changed, for every place and change.
fn mutations(value: &Value) -> Vec<(&'static str, Value)> {
    let mut all = Vec::new();
    match value {
        Value::Object(map) => {
            let mut more = map.clone();
            more.insert("zzz".into(), json!("x"));
            all.push(("unknown key", Value::Object(more)));
            for (key, inner) in map {
                let with = |new: Option<Value>| {
                    let mut map: Map<_, _> = map.clone();
                    match new {
                        Some(new) => map.insert(key.clone(), new),
                        None => map.shift_remove(key),
                    };
                    Value::Object(map)
                };
                all.push(("key removed", with(None)));
                for new in [
                    json!([]),
                    json!({}),
                    json!("word"),
                    json!(7),
                    json!(true),
                    json!(null),
                ] {
                    all.push(("value replaced", with(Some(new))));
                }
                all.extend(
                    mutations(inner)
                        .into_iter()
                        .map(|(what, v)| (free(key, what), with(Some(v)))),
                );
            }
        }
        Value::Array(items) => {
            for (i, inner) in items.iter().enumerate() {
                for (what, new) in mutations(inner) {
                    let mut items = items.clone();
                    items[i] = new;
                    all.push((what, Value::Array(items)));
                }
            }
        }
        _ => {}
    }
    all
}

/// Config decides which fields a filter may name: a schema cannot know them.
fn free(key: &str, what: &'static str) -> &'static str {
    match (key, what) {
        ("filter", "unknown key") => "unknown field",
        _ => what,
    }
}

/// What is read must fit the schema; what one says of an additional key the other says too.
fn judge(full: &str, schema: &str, reads: impl Fn(&str) -> bool) {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let full: Value = serde_yaml::from_str(full).unwrap();
    assert!(reads(&full.to_string()) && fits(&full, &schema, &schema));
    let (mut read, mut refused) = (0, 0);
    for (what, value) in mutations(&full) {
        let text = value.to_string();
        match (reads(&text), fits(&value, &schema, &schema)) {
            (true, fitting) => {
                assert!(fitting, "{what}: read, but against the schema: {text}");
                read += 1;
            }
            (false, fitting) => {
                assert!(
                    !fitting || what != "unknown key",
                    "the schema lets it pass: {text}"
                );
                refused += usize::from(!fitting);
            }
        }
    }
    assert!(
        read > 20 && refused > 20,
        "{read} read, {refused} refused by both"
    );
}

const FULL_CONFIG: &str = r#"
database: sqlite:studio.db
results: sqlite:results.db
rules: rules/*.yaml
timezone: UTC
subject:
  name: client
  table: clients
  key: id
  match: loose
  label: name
  at: signed_up_at
  where: closed_on is missing
  types: { birthday: date }
  lookups: { studio: { table: studios, key: id, by: studio_id, match: loose, types: { id: number } } }
scopes: { studio: studio_id }
collections:
  visits:
    { table: visits, subject: client_id, at: attended_at, key: id, where: yes, types: {}, lookups: {} }
active: closed_on is missing
currency: EUR
locale: nl-NL
history: { keep: 2 years }
fields:
  kind: { label: Kind, one: client_type, values: [member, guest] }
  day: { label: Day, any: visits in last 90 days, of: day_of_week(at), share: 25%, values: [Sat, Sun] }
values:
  preset: subscriptions
  money: { from: visits, amount: paid, period: last 12 months }
  recurring: { from: visits, amount: paid, every: kind, while: yes }
  add: [{ id: often, label: Visits, description: D, format: number, of: avg(count(visits)) }]
export: { columns: [id, name], labels: { id: No. }, bom: false }
schedules: [{ id: nightly, cron: "0 6 * * *", timezone: UTC, missed: skip, reports: [managers] }]
reports: [{ id: managers, to: [a@example.com], segments: [lead], when_empty: send }]
mail: { from: a@example.com, smtp: { host: localhost, port: 25, tls: none, username: u, password_file: p } }
"#;

#[test]
fn config() {
    judge(FULL_CONFIG, &config::schema(), |text| {
        let folder = folder(&[("config.yaml", text)]);
        config::load(
            &folder.path("config.yaml"),
            &mut Sources::default(),
            &|_| None,
        )
        .is_ok()
    });
}

/// Every locale there is; what the schema lists more or less fails here.
#[test]
fn locales() {
    let schema: Value = serde_json::from_str(&config::schema()).unwrap();
    for locale in config::Locale::ALL {
        let text = FULL_CONFIG.replace("nl-NL", locale.tag());
        let value: Value = serde_yaml::from_str(&text).unwrap();
        assert!(fits(&value, &schema, &schema), "{}", locale.tag());
        let folder = folder(&[("config.yaml", text.as_str())]);
        let path = folder.path("config.yaml");
        let read = config::load(&path, &mut Sources::default(), &|_| None);
        assert_eq!(read.unwrap().locale, locale);
    }
    let other = FULL_CONFIG.replace("nl-NL", "nl-BE");
    let value: Value = serde_yaml::from_str(&other).unwrap();
    assert!(!fits(&value, &schema, &schema));
}

const FULL_RULES: &str = "
metrics: { often: count(visits) }
buckets: [At-risk]
ladder: rfm
among: yes
segments:
  - { id: a, name: A, description: D, bucket: At-risk, importance: 3, weight: 0.5, tags: [x], was: b, sign: ♥︎, when: yes,
      filter: { segments: [b, c] } }
";

#[test]
fn rules() {
    judge(FULL_RULES, &rules::schema(), |text| {
        let folder = folder(&[("config.yaml", CONFIG), ("rules/a.yaml", text)]);
        let path = folder.path("config.yaml");
        let mut sources = Sources::default();
        let config = config::load(&path, &mut sources, &|_| None).unwrap();
        !rules::load(&config, &mut sources)
            .1
            .iter()
            .any(|f| f.is_error())
    });
}

#[test]
fn every_field_is_described() {
    fn look(value: &Value, path: &str) {
        if let Some(fields) = value.get("properties").and_then(Value::as_object) {
            for (name, field) in fields {
                assert!(field.get("description").is_some(), "{path}.{name}");
            }
        }
        for (name, definition) in value
            .get("definitions")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            look(definition, name);
        }
    }
    for schema in [config::schema(), rules::schema()] {
        look(&serde_json::from_str(&schema).unwrap(), "");
    }
}

#[test]
fn shipped_files_name_their_schemas() {
    for (path, schema) in [
        ("config.yaml", "schema/config"),
        ("rules/engagement.yaml", "../schema/rules"),
    ] {
        let text = std::fs::read_to_string(path).unwrap();
        let line = format!("# yaml-language-server: $schema={schema}.schema.json");
        assert_eq!(text.lines().next(), Some(line.as_str()));
        let named = Path::new(path)
            .parent()
            .unwrap()
            .join(format!("{schema}.schema.json"));
        assert!(named.exists(), "{named:?}");
    }
}
