//! The role of each scalar in a file, by its keys: defined names, referenced names, conditions.

use std::path::Path;

use crate::config::{Config, DEFAULT_RULES, DEFAULT_TESTS};
use crate::language::Symbol;
use crate::reference::Purpose;
use crate::rules;
use crate::source::{FileId, Node, NodeKind, Scalar, parse};

/// The purpose of a file; `None` if it is not Muster's. Without a config, the files in the default folders of rules and
/// tests count.
pub fn purpose(name: &Path, config_file: &Path, config: Option<&Config>) -> Option<Purpose> {
    if name == config_file {
        return Some(Purpose::Config);
    }
    let Some(config) = config else {
        let folder = name.strip_prefix(config_file.parent()?).ok()?.parent();
        let lies_in = |pattern| folder == Path::new(pattern).parent();
        return match (lies_in(DEFAULT_RULES), lies_in(DEFAULT_TESTS)) {
            (true, _) => Some(Purpose::Rules),
            (_, true) => Some(Purpose::Tests),
            (false, false) => None,
        };
    };
    if rules::is_test(config, name) {
        return Some(Purpose::Tests);
    }
    rules::is_rules(config, name).then_some(Purpose::Rules)
}

fn places(purpose: Purpose) -> Places {
    match purpose {
        Purpose::Config => CONFIG,
        Purpose::Rules => RULES,
        Purpose::Tests => TESTS,
    }
}

/// The role of a scalar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// Defines a symbol.
    Defines(Symbol),
    /// References a symbol.
    Means(Symbol),
    /// Holds an expression of the language.
    Condition,
    /// Names a column of a file or a value of a test, which is an expression, too.
    Column,
}

/// A scalar with its role.
#[derive(Debug, Clone)]
pub struct Part {
    pub role: Role,
    pub scalar: Scalar,
}

/// The kinds of things named by YAML keys and values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Metric,
    Segment,
    Collection,
    Scope,
    List,
    Field,
    Bucket,
    Person,
}

/// What an entry of the tables below describes.
#[derive(Debug, Clone, Copy)]
enum What {
    DefinedByKey(Kind),
    DefinedByValue(Kind),
    MeantByKey(Kind),
    MeantByValue(Kind),
    Condition,
    /// The value is a column.
    Column,
    /// The key is a column.
    ColumnByKey,
}

use Kind::{Bucket, Collection, Field, List, Metric, Person, Scope, Segment};
use What::{
    Column, ColumnByKey, Condition, DefinedByKey, DefinedByValue, MeantByKey, MeantByValue,
};

/// Key paths and what they lead to. `*` stands for any key; list items have the keys of their list.
type Places = &'static [(&'static str, What)];

const RULES: Places = &[
    ("metrics.*", DefinedByKey(Metric)),
    ("metrics.*", Condition),
    ("buckets", DefinedByValue(Bucket)),
    ("among", Condition),
    ("segments.id", DefinedByValue(Segment)),
    ("segments.bucket", MeantByValue(Bucket)),
    ("segments.when", Condition),
    ("segments.filter.*", MeantByKey(Field)),
    ("segments.filter.segments", MeantByValue(Segment)),
];

const CONFIG: Places = &[
    ("active", Condition),
    ("guard.except", MeantByValue(Segment)),
    ("subject.where", Condition),
    ("scopes.*", DefinedByKey(Scope)),
    ("collections.*", DefinedByKey(Collection)),
    ("collections.*.where", Condition),
    ("lists.*", DefinedByKey(List)),
    ("fields.*", DefinedByKey(Field)),
    ("fields.*.one", Condition),
    ("fields.*.any", Condition),
    ("fields.*.of", Condition),
    ("values.money.from", MeantByValue(Collection)),
    ("values.recurring.from", MeantByValue(Collection)),
    ("values.add.of", Condition),
    ("health.churn.among", Condition),
    ("health.churn.when", Condition),
    ("health.factors.value", Condition),
    ("export.columns", Column),
    ("export.labels.*", ColumnByKey),
    ("reports.segments", MeantByValue(Segment)),
    ("reports.where", Condition),
    ("reports.columns", Column),
    ("reports.hold.except", MeantByValue(Segment)),
    ("reports.hold.data_older_than.*", MeantByKey(Collection)),
];

const TESTS: Places = &[
    ("given.*", DefinedByKey(Person)),
    ("given.*.*", MeantByKey(Collection)),
    ("crowd.copies_of", MeantByValue(Person)),
    ("crowd.jitter.*", MeantByKey(Collection)),
    ("tests.person", MeantByValue(Person)),
    ("tests.in", MeantByValue(Segment)),
    ("tests.not_in", MeantByValue(Segment)),
    ("tests.values.*", ColumnByKey),
];

/// The parts of a text, in order; empty if it is not YAML.
pub fn parts(purpose: Purpose, file: FileId, text: &str) -> Vec<Part> {
    let places = places(purpose);
    let mut parts = Vec::new();
    if let Ok(tree) = parse(file, text) {
        walk(&tree, &mut Vec::new(), places, &mut parts);
    }
    parts
}

/// Whether these keys lead to an expression.
pub fn is_condition(purpose: Purpose, keys: &[&str]) -> bool {
    at(keys, places(purpose)).any(|what| matches!(what, Condition | Column))
}

/// The kind that the value at these keys references; `None` if it references nothing.
pub fn meant(purpose: Purpose, keys: &[&str]) -> Option<Kind> {
    at(keys, places(purpose)).find_map(|what| match what {
        MeantByValue(kind) => Some(kind),
        _ => None,
    })
}

/// The kind that the keys below these reference; `None` if they reference nothing.
pub fn meant_by_keys(purpose: Purpose, keys: &[&str]) -> Option<Kind> {
    let below: Vec<&str> = keys.iter().copied().chain(["*"]).collect();
    at(&below, places(purpose)).find_map(|what| match what {
        MeantByKey(kind) => Some(kind),
        ColumnByKey => Some(Metric),
        _ => None,
    })
}

fn walk<'n>(node: &'n Node, keys: &mut Vec<&'n str>, places: Places, parts: &mut Vec<Part>) {
    match &node.kind {
        NodeKind::Empty => {}
        NodeKind::List(items) => {
            for item in items {
                walk(item, keys, places, parts);
            }
        }
        NodeKind::Mapping(entries) => {
            for (key, value) in entries {
                keys.push(&key.value);
                for what in at(keys, places) {
                    let role = match what {
                        DefinedByKey(kind) => Role::Defines(kind.named(key)),
                        MeantByKey(kind) => Role::Means(kind.named(key)),
                        ColumnByKey => Role::Column,
                        DefinedByValue(_) | MeantByValue(_) | Condition | Column => continue,
                    };
                    let scalar = key.clone();
                    parts.push(Part { role, scalar });
                }
                walk(value, keys, places, parts);
                keys.pop();
            }
        }
        NodeKind::Scalar(scalar) => {
            for what in at(keys, places) {
                let role = match what {
                    DefinedByValue(kind) => Role::Defines(kind.named(scalar)),
                    MeantByValue(kind) => Role::Means(kind.named(scalar)),
                    Condition => Role::Condition,
                    Column => Role::Column,
                    DefinedByKey(_) | MeantByKey(_) | ColumnByKey => continue,
                };
                let scalar = scalar.clone();
                parts.push(Part { role, scalar });
            }
        }
    }
}

fn at<'a>(keys: &'a [&str], places: Places) -> impl Iterator<Item = What> + use<'a> {
    let fits = move |pattern: &str| {
        let mut wanted = pattern.split('.');
        let fit = keys
            .iter()
            .all(|key| wanted.next().is_some_and(|w| w == "*" || w == *key));
        fit && wanted.next().is_none()
    };
    let found = places.iter().filter(move |(pattern, _)| fits(pattern));
    found.map(|(_, what)| *what)
}

impl Kind {
    fn named(self, scalar: &Scalar) -> Symbol {
        let name = scalar.value.clone();
        match self {
            Self::Metric => Symbol::Metric(name),
            Self::Segment => Symbol::Segment(name),
            Self::Collection => Symbol::Collection(name),
            Self::Scope => Symbol::Scope(name),
            Self::List => Symbol::List(name),
            Self::Field => Symbol::Field(name),
            Self::Bucket => Symbol::Bucket(name),
            Self::Person => Symbol::Person {
                file: scalar.location.file,
                name,
            },
        }
    }
}
