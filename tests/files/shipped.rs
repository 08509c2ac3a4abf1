//! The files that come with the project.

use std::path::Path;

use muster::diagnostic::Paint;
use muster::source::{Node, NodeKind, Sources, parse};
use muster::{config, rules, testing};

use super::reading::{folder, load_config};
use super::render;

#[test]
fn the_shipped_files_load() {
    let mut sources = Sources::default();
    let config = config::load(Path::new("config.yaml"), &mut sources, &|_| None)
        .map_err(|f| render(&f, &sources, Paint::Plain))
        .unwrap();
    assert_eq!(config.timezone, chrono_tz::America::New_York);
    assert_eq!(config.database.file(), Some(Path::new("demo/studio.db")));
    assert_eq!(config.collections.len(), 5);
    assert_eq!((config.fields.len(), config.values.len()), (9, 9));
    assert_eq!(config.scopes[1].1.value, "studio.network_id");
    let (rules, findings) = rules::load(&config, &mut sources);
    assert_eq!(render(&findings, &sources, Paint::Plain), "");
    assert_eq!(rules.segments.len(), 14 + 8);
}

/// The first published shape of config.yaml: it must load for ever as it stands.
const FIRST_SHAPE: &str = r#"
database: sqlite:demo/studio.db        # relative to this file
# results: sqlite:results.db           # default: the same database
# rules: rules/*.yaml                  # the default; stays inside this folder
timezone: America/New_York

subject:
  name: client                         # what people call one: client, customer, donor
  table: clients
  key: id
  label: name                          # shown, and the alphabetical tie-break
  types: { birthday: date }            # where the column's declared type does not tell
  lookups:
    studio: { table: studios, key: id, by: studio_id }

scopes:
  studio: studio_id
  network: studio.network_id

collections:
  visits:       { table: visits, subject: client_id, at: attended_at }
  packages:     { table: packages, subject: client_id, at: purchased_at, types: { expires_at: instant } }
  payments:     { table: payments, subject: client_id, at: paid_at, types: { amount: money } }
  reservations: { table: reservations, subject: client_id, at: reserved_at }

schedules:
  - id: nightly
    cron: "0 6 * * *"                  # five fields; timezone defaults to the business one
    missed: run_once                   # or: skip
    reports: [managers]

reports:
  - id: managers
    to: [managers@example.com]
    segments: all                      # or a list of ids
    when_empty: skip                   # or: send

mail:
  from: Segments <segments@example.com>
  file: demo/outbox                    # or smtp: { host, port, tls: none | starttls | implicit,
                                       #            username, password_file }
"#;

#[test]
fn the_first_shape_loads_as_it_stands() {
    let folder = folder(&[("config.yaml", FIRST_SHAPE)]);
    let config = load_config(&folder);
    assert_eq!((config.collections.len(), config.scopes.len()), (4, 2));
    assert_eq!((config.active, config.fields.len()), (None, 0));
    let values: Vec<_> = config.values.iter().map(|v| v.id.value.as_str()).collect();
    assert_eq!(values, ["size"]);
}

/// The maintained fork of `serde_yaml` reads every shipped file to the same values.
#[test]
fn serde_yaml_agrees() {
    let files = glob::glob("rules/**/*.yaml").unwrap().map(Result::unwrap);
    for path in files.chain([Path::new("config.yaml").to_path_buf()]) {
        let text = std::fs::read_to_string(&path).unwrap();
        let theirs: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
        let mut sources = Sources::default();
        let file = sources.add(&path, text.clone());
        same(&parse(file, &text).unwrap(), &theirs, &path);
    }
}

fn same(ours: &Node, theirs: &serde_yaml::Value, path: &Path) {
    use serde_yaml::Value;
    match (&ours.kind, theirs) {
        (NodeKind::Empty, Value::Null) => {}
        (NodeKind::Scalar(a), Value::String(b)) => assert_eq!(&a.value, b),
        (NodeKind::Scalar(a), Value::Bool(b)) => assert_eq!(a.value, b.to_string()),
        (NodeKind::Scalar(a), Value::Number(b)) => {
            assert_eq!(a.value.parse::<f64>().unwrap(), b.as_f64().unwrap());
        }
        (NodeKind::List(a), Value::Sequence(b)) => {
            assert_eq!(a.len(), b.len());
            a.iter().zip(b).for_each(|(a, b)| same(a, b, path));
        }
        (NodeKind::Mapping(a), Value::Mapping(b)) => {
            assert_eq!(a.len(), b.len());
            for ((key, a), (their_key, b)) in a.iter().zip(b) {
                assert_eq!(Some(key.value.as_str()), their_key.as_str());
                same(a, b, path);
            }
        }
        (a, b) => panic!("{}: {a:?} is not {b:?}", path.display()),
    }
}

/// `muster schema config > schema/config.schema.json` (and `rules`, `tests`) writes them anew.
#[test]
fn the_schemas_have_not_drifted() {
    let schemas = [
        ("config", config::schema()),
        ("rules", rules::schema()),
        ("tests", testing::schema()),
    ];
    for (name, schema) in schemas {
        let path = format!("schema/{name}.schema.json");
        if std::env::var_os("MUSTER_BLESS").is_some() {
            std::fs::write(&path, &schema).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(kept, schema, "write it anew: muster schema {name} > {path}");
    }
}

#[test]
fn the_shipped_files_have_their_form() {
    let rules = glob::glob("rules/**/*.yaml").unwrap().map(Result::unwrap);
    for path in rules.chain([Path::new("config.yaml").to_path_buf()]) {
        let text = std::fs::read_to_string(&path).unwrap();
        let edits = muster::fmt::form(&text).unwrap().edits;
        assert!(edits.is_empty(), "{}: {edits:?}", path.display());
    }
}
