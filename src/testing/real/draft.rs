//! A real client as a draft for a test: each value is written as unlike the original as has been tried so far.

use std::collections::BTreeMap;

use super::rows::{Client, Row, lookup_of};
use super::stand_ins::{StandIns, Told};
use crate::catalog::{Catalog, CollectionId, ColumnRef, Entity};
use crate::source::{Node, NodeKind, Scalar};
use crate::testing::wire::Person;

/// A client, and what is written about them.
pub(super) struct Draft {
    pub(super) values: Vec<Written>,
    row: Columns,
    rows: Vec<(String, Vec<Columns>)>,
}

/// Columns, each with the index of its value.
type Columns = Vec<(ColumnRef, usize)>;

/// A value with its possible replacements.
pub(super) struct Written {
    /// The column, as `payments.amount`.
    pub(super) column: String,
    /// From the most different to the original; never empty.
    steps: Vec<String>,
    /// The index of the one written.
    pub(super) step: usize,
}

impl Written {
    /// Whether the original is written although something else could be.
    pub(super) fn is_itself(&self) -> bool {
        self.steps.len() > 1 && self.step + 1 == self.steps.len()
    }

    fn text(&self) -> &str {
        self.steps.get(self.step).map_or("", String::as_str)
    }
}

impl Draft {
    /// A draft of a client with every original value that may be shown.
    pub(super) fn new(catalog: &Catalog, client: &Client, stand_ins: &mut StandIns<'_>) -> Self {
        let mut drafting = Drafting {
            catalog,
            stand_ins,
            values: Vec::new(),
        };
        let skipped = [Some(ColumnRef::own(&catalog.key))];
        let row = drafting.row(&catalog.subject, "", &client.row, &skipped);
        let mut rows = Vec::new();
        for (id, real) in &client.rows {
            rows.extend(drafting.collection(*id, real));
        }
        Self {
            values: drafting.values,
            row,
            rows,
        }
    }

    /// The client in the form of a test file.
    pub(super) fn person(&self) -> Person {
        let mut entries = self.entries(&self.row);
        for (name, rows) in &self.rows {
            let rows = rows
                .iter()
                .map(|row| node(NodeKind::Mapping(self.entries(row))));
            let rows = NodeKind::List(rows.collect());
            entries.push((Scalar::detached(name.as_str()), node(rows)));
        }
        Person(entries)
    }

    /// The number of rows in each collection.
    pub(super) fn counts(&self) -> Vec<(String, usize)> {
        let rows = self.rows.iter();
        rows.map(|(name, rows)| (name.clone(), rows.len()))
            .collect()
    }

    fn entries(&self, columns: &Columns) -> Vec<(Scalar, Node)> {
        let mut entries = Vec::new();
        let mut looked_up: BTreeMap<&str, Vec<(Scalar, Node)>> = BTreeMap::new();
        for (column, value) in columns {
            let text = self.values.get(*value).map_or("", Written::text);
            let entry = (
                Scalar::detached(column.column.as_str()),
                node(NodeKind::Scalar(Scalar::detached(text))),
            );
            match &column.lookup {
                None => entries.push(entry),
                Some(lookup) => looked_up.entry(lookup).or_default().push(entry),
            }
        }
        let looked_up = looked_up.into_iter();
        entries.extend(
            looked_up.map(|(name, cells)| (Scalar::detached(name), node(NodeKind::Mapping(cells)))),
        );
        entries
    }
}

fn node(kind: NodeKind) -> Node {
    Node {
        kind,
        location: Scalar::detached("").location,
    }
}

struct Drafting<'a, 'r> {
    catalog: &'a Catalog,
    stand_ins: &'a mut StandIns<'r>,
    values: Vec<Written>,
}

impl Drafting<'_, '_> {
    fn collection(&mut self, id: CollectionId, real: &[Row]) -> Option<(String, Vec<Columns>)> {
        let collection = self.catalog.collections.get(id)?;
        let name = &collection.name;
        let tie = collection.key.as_ref().map(ColumnRef::own);
        let skipped = [tie, Some(collection.subject.clone())];
        let rows = real.iter().map(|row| {
            let mut columns = self.row(&collection.entity, name, row, &skipped);
            // A row always states its time, even if it has none.
            if let Some(at) = &collection.at
                && !columns.iter().any(|(column, _)| column == at)
            {
                let place = self.add(name, at, vec!["missing".to_owned()]);
                columns.extend(place.map(|place| (at.clone(), place)));
            }
            columns
        });
        let rows: Vec<Columns> = rows.collect();
        (!rows.is_empty()).then(|| (name.clone(), rows))
    }

    fn row(
        &mut self,
        entity: &Entity,
        of: &str,
        row: &Row,
        skipped: &[Option<ColumnRef>],
    ) -> Columns {
        let mut columns = Columns::new();
        let looks_up = |name: &String| {
            row.iter()
                .any(|(other, _)| other.lookup.as_ref() == Some(name))
        };
        for (column, value) in row {
            if skipped.iter().flatten().any(|skipped| skipped == column) || value.is_missing() {
                continue;
            }
            let told = match self.is_secret(entity, column) {
                true => Told::Nothing,
                false => Told::WhatRulesWrite,
            };
            let mut by = entity
                .lookups
                .iter()
                .filter(|(_, lookup)| column.lookup.is_none() && lookup.by == column.column);
            let (column, steps) = match (by.next(), lookup_of(entity, column)) {
                (Some((name, lookup)), _) => {
                    let key = self.stand_ins.key(&lookup.table, value, told);
                    // If the looked-up row is written as well, its key is part of it.
                    let column = match looks_up(name) {
                        true => ColumnRef {
                            lookup: Some(name.clone()),
                            column: lookup.key.clone(),
                        },
                        false => column.clone(),
                    };
                    (column, vec![key])
                }
                (None, Some(lookup)) if lookup.key == column.column => (
                    column.clone(),
                    vec![self.stand_ins.key(&lookup.table, value, told)],
                ),
                _ => (column.clone(), self.stand_ins.of(value, told)),
            };
            if columns.iter().all(|(known, _)| *known != column) {
                let place = self.add(of, &column, steps);
                columns.extend(place.map(|place| (column, place)));
            }
        }
        columns
    }

    /// Whether a column's values must not be written at all: names, and columns that config declares private.
    fn is_secret(&self, entity: &Entity, column: &ColumnRef) -> bool {
        let catalog = self.catalog;
        let is_subject = *entity == catalog.subject && column.lookup.is_none();
        is_subject && catalog.label.contains(&column.column)
            || catalog.is_private_of(entity, column)
    }

    fn add(&mut self, of: &str, column: &ColumnRef, steps: Vec<String>) -> Option<usize> {
        let last = steps.len().checked_sub(1)?;
        let column = match of {
            "" => column.to_string(),
            of => format!("{of}.{column}"),
        };
        self.values.push(Written {
            column,
            steps,
            step: last,
        });
        Some(self.values.len() - 1)
    }
}
