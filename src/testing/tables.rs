//! The tables of a test: rows get their keys, and looked-up rows are put into the tables where they are looked up.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::given::{Cells, Event, Given, GivenRow, LookedUp};
use super::values::cell;
use crate::catalog::{Catalog, Entity, LookupEntity, Table, TableColumn};
use crate::connector::memory::{MemoryConnector, MemoryTable};
use crate::diagnostic::{Code, Finding};
use crate::engine::OwnedCell;
use crate::value::Value;

/// Tables under construction.
pub(super) struct Tables<'c> {
    catalog: &'c Catalog,
    /// By name, as spelled in the catalog.
    tables: BTreeMap<String, Filled>,
    /// The keys of looked-up rows, by table, key column and cells.
    looked_up: HashMap<(String, String), Vec<(Cells, OwnedCell)>>,
    pub(super) findings: Vec<Finding>,
}

/// A table with its rows so far.
#[derive(Default)]
struct Filled {
    columns: Vec<String>,
    /// The key columns that are numbered automatically if not given.
    numbered: BTreeSet<String>,
    primary_key: Option<String>,
    rows: Vec<Cells>,
    /// Numbers used explicitly.
    taken: BTreeSet<i64>,
    last: i64,
}

impl<'c> Tables<'c> {
    /// The catalog's tables, empty.
    pub(super) fn new(catalog: &'c Catalog) -> Self {
        let mut tables: BTreeMap<String, Filled> = BTreeMap::new();
        let collections = catalog.collections.iter();
        let collections = collections.map(|one| (&one.entity, one.key.as_ref()));
        let subject = (&catalog.subject, Some(&catalog.key));
        for (entity, key) in std::iter::once(subject).chain(collections) {
            let table = tables.entry(entity.table.clone()).or_default();
            table.has(entity.columns.keys(), key);
            for lookup in entity.lookups.values() {
                let table = tables.entry(lookup.table.clone()).or_default();
                table.has(lookup.columns.keys(), Some(&lookup.key));
            }
        }
        Self {
            catalog,
            tables,
            looked_up: HashMap::new(),
            findings: Vec::new(),
        }
    }

    /// Reserves the keys written for a person, so that they are not assigned automatically.
    pub(super) fn reserve(&mut self, given: &Given) {
        let catalog = self.catalog;
        self.reserve_row(&catalog.subject, &given.row, Some(&catalog.key));
        for event in &given.events {
            if let Some(collection) = catalog.collections.get(event.collection) {
                let key = collection.key.as_ref();
                self.reserve_row(&collection.entity, &event.row, key);
            }
        }
    }

    fn reserve_row(&mut self, entity: &Entity, row: &GivenRow, key: Option<&String>) {
        let own = key.and_then(|key| row.cells.get(key));
        let own = own.map(|cell| (&entity.table, cell));
        let looked_up = row.looked_up.iter().filter_map(|(name, row)| {
            let lookup = entity.lookups.get(name)?;
            Some((&lookup.table, row.cells.get(&lookup.key)?))
        });
        for (table, cell) in own.into_iter().chain(looked_up) {
            if let (Some(table), OwnedCell::Integer(key)) = (self.tables.get_mut(table), cell) {
                table.taken.insert(*key);
            }
        }
    }

    /// Reserves a key, so that it is not assigned automatically.
    pub(super) fn reserve_key(&mut self, key: &OwnedCell) {
        let table = self.tables.get_mut(&self.catalog.subject.table);
        if let (Some(table), OwnedCell::Integer(key)) = (table, key) {
            table.taken.insert(*key);
        }
    }

    /// Adds a person under a key; `time` returns the time of each event.
    pub(super) fn add(
        &mut self,
        given: &Given,
        key: &OwnedCell,
        mut time: impl FnMut(&Event) -> Value,
    ) {
        let catalog = self.catalog;
        let mut row = given.row.clone();
        row.cells.insert(catalog.key.clone(), key.clone());
        self.push(&catalog.subject, row);
        for event in &given.events {
            let Some(collection) = catalog.collections.get(event.collection) else {
                continue;
            };
            let mut row = event.row.clone();
            if let Some(at) = &collection.at {
                row.set(at, cell(&time(event)));
            }
            row.set(&collection.subject, key.clone());
            self.push(&collection.entity, row);
        }
    }

    fn push(&mut self, entity: &Entity, row: GivenRow) {
        let mut cells = row.cells;
        for (name, looked_up) in row.looked_up {
            if let Some(lookup) = entity.lookups.get(&name) {
                let key = self.look_up(&name, lookup, looked_up);
                cells.insert(lookup.by.clone(), key);
            }
        }
        if let Some(table) = self.tables.get_mut(&entity.table) {
            table.push(cells);
        }
    }

    /// The key of a looked-up row: equal rows share a key.
    fn look_up(&mut self, name: &str, lookup: &LookupEntity, row: LookedUp) -> OwnedCell {
        let of_table = (lookup.table.clone(), lookup.key.clone());
        let known = self.looked_up.entry(of_table).or_default();
        let own = row.cells.get(&lookup.key);
        let same = known.iter().find(|(cells, key)| match own {
            Some(own) => own == key,
            None => *cells == row.cells,
        });
        if let Some((cells, key)) = same {
            let says_less = own.is_some() && row.cells.len() == 1;
            if *cells != row.cells && !says_less {
                let message = format!("this `{name}` is not the one that has the same key");
                let finding = Finding::new(Code::InvalidValue, message);
                let finding = finding.help(format!(
                    "one `{}` is one row: write its columns once, and only the key elsewhere",
                    lookup.key
                ));
                self.findings.push(match row.at {
                    Some(at) => finding.at(at),
                    None => finding,
                });
            }
            return key.clone();
        }
        let Some(table) = self.tables.get_mut(&lookup.table) else {
            return OwnedCell::Null;
        };
        let mut cells = row.cells.clone();
        let key = match own {
            Some(own) => own.clone(),
            None => OwnedCell::Integer(table.next()),
        };
        cells.insert(lookup.key.clone(), key.clone());
        table.push(cells);
        known.push((row.cells, key.clone()));
        key
    }

    /// The next unused numeric key.
    pub(super) fn next_key(&mut self) -> i64 {
        let table = self.tables.get_mut(&self.catalog.subject.table);
        table.map_or(0, Filled::next)
    }

    /// The number of rows.
    pub(super) fn rows(&self) -> usize {
        self.tables.values().map(|table| table.rows.len()).sum()
    }

    /// A connector that reads the tables.
    pub(super) fn connector(self) -> MemoryConnector {
        let tables = self.tables.into_iter();
        MemoryConnector::new(tables.map(|(name, table)| (name, table.done())).collect())
    }
}

impl Filled {
    fn has<'n>(&mut self, columns: impl Iterator<Item = &'n String>, key: Option<&String>) {
        for column in columns {
            if !self.columns.contains(column) {
                self.columns.push(column.clone());
            }
        }
        self.numbered.extend(key.cloned());
        self.primary_key = self.primary_key.take().or_else(|| key.cloned());
    }

    fn next(&mut self) -> i64 {
        loop {
            self.last += 1;
            if !self.taken.contains(&self.last) {
                return self.last;
            }
        }
    }

    fn push(&mut self, mut cells: Cells) {
        if let Some(column) = self.numbered.iter().find(|key| !cells.contains_key(*key)) {
            let column = column.clone();
            let number = self.next();
            cells.insert(column, OwnedCell::Integer(number));
        }
        self.rows.push(cells);
    }

    fn done(self) -> MemoryTable {
        let rows = self.rows.into_iter().map(|mut cells| {
            let columns = self.columns.iter();
            let cell = |column: &String| cells.remove(column).unwrap_or(OwnedCell::Null);
            columns.map(cell).collect()
        });
        let rows = rows.collect();
        let columns = self.columns.into_iter().map(|name| TableColumn {
            name,
            declared: String::new(),
            default: None,
            unreadable: None,
        });
        MemoryTable {
            shape: Table {
                columns: columns.collect(),
                primary_key: self.primary_key.into_iter().collect(),
            },
            rows,
        }
    }
}
