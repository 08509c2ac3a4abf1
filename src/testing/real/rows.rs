//! A real client's rows, as stored.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono_tz::Tz;

use crate::catalog::{
    Catalog, Collection, CollectionId, ColumnRef, ColumnState, Entity, LookupEntity,
};
use crate::connector::Snapshot;
use crate::engine::{EngineError, OwnedCell, read_cell};
use crate::ir::ColumnsRead;
use crate::value::{ColumnType, Value};

/// The maximum number of rows taken from a collection.
const MAX_ROWS: usize = 1_000;

/// The values of a row, by column.
pub(super) type Row = Vec<(ColumnRef, Value)>;

/// The data about a client, as far as rules read it.
pub(super) struct Client {
    pub(super) row: Row,
    /// The rows of each collection that is read, oldest first.
    pub(super) rows: Vec<(CollectionId, Vec<Row>)>,
    /// Collections of which only the last rows were taken.
    pub(super) cut: Vec<CollectionId>,
}

/// Reads clients' rows from one state of the data.
pub(super) struct RowSource<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) snapshot: &'a dyn Snapshot,
    pub(super) zone: Tz,
}

impl RowSource<'_> {
    /// Reads a client by key.
    pub(super) fn client(&self, key: &str, read: &ColumnsRead) -> Result<Client, EngineError> {
        let catalog = self.catalog;
        let by = ColumnRef::own(&catalog.key);
        let rows = self.rows(&catalog.subject, &read.subject, (&by, key))?;
        let mut client = Client {
            row: rows.into_iter().next().unwrap_or_default(),
            rows: Vec::new(),
            cut: Vec::new(),
        };
        for (id, columns) in &read.collections {
            let Some(collection) = catalog.collections.get(*id) else {
                continue;
            };
            let mut rows = self.of_collection(collection, columns, key)?;
            if rows.len() > MAX_ROWS {
                rows.drain(..rows.len() - MAX_ROWS);
                client.cut.push(*id);
            }
            client.rows.push((*id, rows));
        }
        Ok(client)
    }

    /// A client's rows of a collection, by time and then by key.
    fn of_collection(
        &self,
        collection: &Collection,
        columns: &BTreeSet<ColumnRef>,
        key: &str,
    ) -> Result<Vec<Row>, EngineError> {
        let tie = collection.key.as_ref().map(ColumnRef::own);
        let all = columns.iter().chain(&collection.at).chain(&tie);
        let all: BTreeSet<ColumnRef> = all.cloned().collect();
        let mut rows = self.rows(&collection.entity, &all, (&collection.subject, key))?;
        let of = |row: &Row, column: &Option<ColumnRef>| {
            let mut row = row.iter();
            let found = row.find(|(named, _)| Some(named) == column.as_ref());
            found.map_or(Value::Missing, |(_, value)| value.clone())
        };
        rows.sort_by(|a, b| {
            let time = |row| match of(row, &collection.at) {
                Value::Date(day) => i64::from(day),
                Value::Instant(instant) => instant,
                _ => i64::MIN,
            };
            let ties = match (of(a, &tie), of(b, &tie)) {
                (Value::Number(a), Value::Number(b)) => a.total_cmp(&b),
                (a, b) => a.to_string().cmp(&b.to_string()),
            };
            time(a).cmp(&time(b)).then(ties)
        });
        for row in &mut rows {
            row.retain(|(column, _)| Some(column) != tie.as_ref());
        }
        Ok(rows)
    }

    /// Columns of a client's rows in a table.
    fn rows(
        &self,
        entity: &Entity,
        wanted: &BTreeSet<ColumnRef>,
        (subject, key): (&ColumnRef, &str),
    ) -> Result<Vec<Row>, EngineError> {
        let mut keys = HashSet::from([key.to_owned()]);
        let mut column = &subject.column;
        if let Some(lookup) = lookup_of(entity, subject) {
            let found = self.cells(&lookup.table, &[&lookup.key], column, &keys)?;
            keys = found.iter().flatten().filter_map(text).collect();
            column = &lookup.by;
        }
        let lookups = wanted.iter().filter_map(|column| lookup_of(entity, column));
        let by: BTreeSet<&str> = lookups.map(|lookup| lookup.by.as_str()).collect();
        let own = wanted.iter().filter(|column| column.lookup.is_none());
        let own = own.map(|column| column.column.as_str());
        let names: Vec<&str> = own.chain(by).collect::<BTreeSet<_>>().into_iter().collect();
        let stored = self.cells(&entity.table, &names, column, &keys)?;
        let place = |name: &str| names.iter().position(|known| *known == name);
        let mut rows: Vec<Row> = stored.iter().map(|_| Row::new()).collect();
        for column in wanted {
            let mut looked_up = BTreeMap::new();
            let name = match lookup_of(entity, column) {
                None => &column.column,
                Some(lookup) => {
                    let of = |row: &Vec<OwnedCell>| text(row.get(place(&lookup.by)?)?);
                    let keys: HashSet<String> = stored.iter().filter_map(of).collect();
                    let both = [lookup.key.as_str(), column.column.as_str()];
                    for found in self.cells(&lookup.table, &both, &lookup.key, &keys)? {
                        if let [key, cell] = found.as_slice() {
                            looked_up.extend(text(key).map(|key| (key, cell.clone())));
                        }
                    }
                    &lookup.by
                }
            };
            let ty = column_type(entity, column);
            for (row, stored) in rows.iter_mut().zip(&stored) {
                let own = place(name).and_then(|place| stored.get(place));
                let cell = match column.lookup {
                    None => own,
                    Some(_) => own.and_then(text).and_then(|key| looked_up.get(&key)),
                };
                let cell = cell.unwrap_or(&OwnedCell::Null);
                let value = read_cell(cell.lent(), ty, self.zone);
                row.push((column.clone(), value));
            }
        }
        Ok(rows)
    }

    fn cells(
        &self,
        table: &str,
        columns: &[&str],
        column: &str,
        keys: &HashSet<String>,
    ) -> Result<Vec<Vec<OwnedCell>>, EngineError> {
        let keys = keys.iter().map(String::as_str).collect();
        self.snapshot.rows_with(table, columns, column, &keys)
    }
}

/// The lookup that a column is read through.
pub(super) fn lookup_of<'e>(entity: &'e Entity, column: &ColumnRef) -> Option<&'e LookupEntity> {
    entity.lookups.get(column.lookup.as_ref()?)
}

/// The type of a column; text if none is known.
fn column_type(entity: &Entity, column: &ColumnRef) -> ColumnType {
    match entity.state(column) {
        Ok(ColumnState::Present(ty)) => *ty,
        _ => ColumnType::Text,
    }
}

/// A key as text; `None` if it is missing.
fn text(cell: &OwnedCell) -> Option<String> {
    let text = cell.lent().text()?;
    Some(text.trim().to_owned())
}
