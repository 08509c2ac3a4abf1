//! Resolves names and values in tests against the catalog.

use std::collections::BTreeMap;

use super::given::{Given, GivenRow, LookedUp};
use super::values::{cell, key_cell, text_cell, value};
use super::wire::Person;
use crate::catalog::{self, Catalog, CollectionId, ColumnRef, ColumnState, Entity};
use crate::diagnostic::{Code, Finding, suggest};
use crate::engine::OwnedCell;
use crate::source::{Location, Node, NodeKind, Scalar};
use crate::time::Clock;
use crate::value::{Type, Value};

/// Reads what is given, relative to a clock.
pub(super) struct RowReader<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) clock: &'a Clock,
    pub(super) findings: &'a mut Vec<Finding>,
}

/// What a name under a person or a row refers to.
pub(super) enum Named {
    Column(String),
    Lookup(String),
    Collection(CollectionId),
}

impl RowReader<'_> {
    /// Reads a person.
    pub(super) fn person(&mut self, person: &Person) -> Given {
        let catalog = self.catalog;
        let mut given = Given::default();
        for (name, node) in &person.0 {
            match self.resolve(&catalog.subject, name, node, true) {
                Some(Named::Collection(id)) => self.events(id, node, &mut given.events),
                Some(named) => self.part(&catalog.subject, &named, (name, node), &mut given.row),
                None => {}
            }
        }
        self.agree(&catalog.subject, person, &given.row);
        given
    }

    /// Resolves a name under a person or a row.
    pub(super) fn resolve(
        &mut self,
        entity: &Entity,
        name: &Scalar,
        node: &Node,
        is_subject: bool,
    ) -> Option<Named> {
        let column = spelled(entity, &name.value);
        let is_lookup = entity.lookups.contains_key(&name.value);
        let collections = &self.catalog.collections;
        let collection = match is_subject {
            true => collections.position(|collection| collection.name == name.value),
            false => None,
        };
        let is_value = matches!(node.kind, NodeKind::Scalar(_) | NodeKind::Empty);
        let found = match (column, is_lookup, collection) {
            (Some(column), ..) if is_value => Some(Named::Column(column)),
            (_, true, _) if matches!(node.kind, NodeKind::Mapping(_) | NodeKind::Empty) => {
                Some(Named::Lookup(name.value.clone()))
            }
            (_, _, Some(id)) if !matches!(node.kind, NodeKind::Scalar(_)) => {
                Some(Named::Collection(id))
            }
            _ => None,
        };
        if found.is_some() {
            return found;
        }
        let (message, help) = match (spelled(entity, &name.value), is_lookup, collection) {
            (None, false, None) => {
                let of = match is_subject {
                    true => "column, lookup or collection",
                    false => "column or lookup",
                };
                let message = format!("there is no {of} `{}`", name.value);
                let collections = collections.iter().filter(|_| is_subject);
                let known = entity.columns.keys().chain(entity.lookups.keys());
                let known = known.chain(collections.map(|collection| &collection.name));
                let near = suggest(&name.value, known.map(String::as_str));
                let help = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!(
                        "`muster check --catalog` lists the columns of `{}`",
                        entity.table
                    ),
                };
                let finding = Finding::new(Code::UnknownName, message).at(name.location);
                self.findings.push(finding.help(help));
                return None;
            }
            (_, _, Some(_)) => (
                format!("`{}` is a collection and has rows", name.value),
                "write a list of rows, or `{ every: 7 days, from: 60 days ago }`",
            ),
            (_, true, _) => (
                format!("`{}` is a row that is looked up", name.value),
                "write its columns: `{ column: value }`",
            ),
            _ => (
                format!("`{}` is a column and has one value", name.value),
                "write the value behind it",
            ),
        };
        self.wrong(message, node.location, help);
        None
    }

    /// Reads a column's value, or the row of a lookup.
    pub(super) fn part(
        &mut self,
        entity: &Entity,
        named: &Named,
        (name, node): (&Scalar, &Node),
        row: &mut GivenRow,
    ) {
        match named {
            Named::Column(column) => {
                let column = ColumnRef::own(column);
                if let Some(cell) = self.cell(entity, &column, node) {
                    row.set(&column, cell);
                }
            }
            Named::Lookup(lookup) => {
                let NodeKind::Mapping(entries) = &node.kind else {
                    return;
                };
                let Some(found) = entity.lookups.get(lookup) else {
                    return;
                };
                let mut looked_up = LookedUp {
                    at: Some(name.location),
                    ..LookedUp::default()
                };
                for (name, node) in entries {
                    let Some(column) = key_of(&found.columns, &name.value) else {
                        self.no_column(&found.table, found.columns.keys(), name);
                        continue;
                    };
                    let at = ColumnRef {
                        lookup: Some(lookup.clone()),
                        column: column.clone(),
                    };
                    if let Some(cell) = self.cell(entity, &at, node) {
                        looked_up.cells.insert(column.clone(), cell);
                    }
                }
                row.looked_up.insert(lookup.clone(), looked_up);
            }
            Named::Collection(_) => {}
        }
    }

    /// The cell for a written value; `None` if the value is invalid.
    fn cell(&mut self, entity: &Entity, column: &ColumnRef, node: &Node) -> Option<OwnedCell> {
        let text = match &node.kind {
            NodeKind::Empty => return Some(OwnedCell::Null),
            NodeKind::Scalar(text) => text,
            NodeKind::List(_) | NodeKind::Mapping(_) => {
                let message = format!("`{column}` is a column and has one value");
                self.wrong(message, node.location, "write the value behind it");
                return None;
            }
        };
        let ty = match entity.state(column) {
            Ok(ColumnState::Present(ty)) => ty.value_type(),
            Ok(_) => return Some(key_cell(&text.value)),
            Err(reason) => {
                self.wrong(reason, node.location, "a test cannot give it a value");
                return None;
            }
        };
        if text.value == "missing" {
            return Some(OwnedCell::Null);
        }
        match value(&text.value, ty, self.clock) {
            // Keys are compared in their stored form.
            Ok(Value::Number(number)) if number.fract() == 0.0 && number.abs() < 9e15 =>
            {
                #[allow(clippy::cast_possible_truncation)]
                Some(OwnedCell::Integer(number as i64))
            }
            Ok(Value::Missing) if ty == Type::Text => Some(text_cell(&text.value)),
            Ok(value) => Some(cell(&value)),
            Err(expected) => {
                let message = format!("`{column}` cannot be `{}`", text.value);
                self.wrong(message, node.location, &format!("it must be {expected}"));
                None
            }
        }
    }

    /// Checks that a looked-up row and the key that it is looked up by are not both written.
    pub(super) fn agree(&mut self, entity: &Entity, written: &Person, row: &GivenRow) {
        for name in row.looked_up.keys() {
            let Some(lookup) = entity.lookups.get(name) else {
                continue;
            };
            let mut entries = written.0.iter();
            let key = entries.find(|(name, _)| name.value.eq_ignore_ascii_case(&lookup.by));
            if let Some((key, _)) = key {
                let message = format!("`{}` and `{name}` both say which row it is", key.value);
                let help = format!("leave `{}:` out: the row gets a key by itself", key.value);
                self.wrong(message, key.location, &help);
            }
        }
    }

    fn no_column<'n>(
        &mut self,
        table: &str,
        known: impl Iterator<Item = &'n String>,
        name: &Scalar,
    ) {
        let message = format!("there is no column `{}` in `{table}`", name.value);
        let finding = Finding::new(Code::UnknownName, message).at(name.location);
        let near = suggest(&name.value, known.map(String::as_str));
        self.findings.push(match near {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help("`muster check --catalog` lists the columns"),
        });
    }

    pub(super) fn wrong(&mut self, message: String, at: Location, help: &str) {
        let finding = Finding::new(Code::InvalidValue, message).at(at);
        self.findings.push(finding.help(help));
    }
}

/// The name of a column as spelled in the database.
pub(super) fn spelled(entity: &Entity, name: &str) -> Option<String> {
    key_of(&entity.columns, name).cloned()
}

fn key_of<'c>(columns: &'c BTreeMap<String, ColumnState>, name: &str) -> Option<&'c String> {
    let columns = columns.keys().map(|known| (known.as_str(), known));
    let found = catalog::spelled(columns, name).ok().flatten();
    found.map(|(_, column)| column)
}

pub(super) fn text_of(node: &Node) -> Option<&str> {
    match &node.kind {
        NodeKind::Scalar(text) => Some(&text.value),
        _ => None,
    }
}
