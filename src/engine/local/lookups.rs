//! Tables to look rows up in, read whole before the scans.

use super::Reading;
use super::failure::Failure;
use super::intake::Intake;
use super::keys::{ABSENT, KeyIndex, KeyList};
use super::select::Select;
use crate::engine::{Column, Stale};
use crate::ir::{InputColumn, Lookup};

/// A looked-up table in memory.
pub(super) struct LookupTable {
    /// The asking table's column that holds the key.
    pub(super) by: String,
    pub(super) index: KeyIndex,
    /// The columns read, in the order of the inputs that go through this lookup.
    pub(super) columns: Vec<Column>,
    /// Why one of them cannot be read.
    pub(super) broken: Vec<Option<Stale>>,
}

/// Reads the lookups that inputs go through, each on its own: one that cannot be used makes stale what
/// uses it.
pub(super) fn load(
    reading: &mut Reading<'_>,
    lookups: &[Lookup],
    inputs: &[InputColumn],
) -> Result<Vec<Result<LookupTable, Stale>>, Failure> {
    let mut tables = Vec::new();
    for (place, lookup) in lookups.iter().enumerate() {
        let inputs = inputs.iter().filter(|input| input.lookup == Some(place));
        let own = inputs.map(|input| InputColumn {
            lookup: None,
            ..input.clone()
        });
        let table = match load_one(reading, lookup, &own.collect::<Vec<_>>()) {
            Ok(table) => Ok(table),
            Err(Failure::Table(reason)) => Err(Stale {
                reason: format!("lookup `{}`: {reason}", lookup.name),
            }),
            Err(failure) => return Err(failure),
        };
        tables.push(table);
    }
    Ok(tables)
}

fn load_one(
    reading: &mut Reading<'_>,
    lookup: &Lookup,
    inputs: &[InputColumn],
) -> Result<LookupTable, Failure> {
    let connection = reading.connection;
    let Some(mut select) = Select::new(connection, &lookup.table)? else {
        return Err(Failure::no_table(&lookup.table));
    };
    let key = select.column(&lookup.key).map_err(Failure::Table)?;
    let mut intake = Intake::new(select, inputs, Vec::new());
    let mut statement = intake.select.prepare(connection)?;
    let mut rows = statement.query([])?;
    let mut keys = KeyList::new();
    while let Some(row) = rows.next()? {
        match keys.push(row.get_ref(key)?) {
            true => intake.read(row, &mut reading.times)?,
            false => intake.pass(),
        }
    }
    let places: Vec<u32> = (0..ABSENT).take(keys.len()).collect();
    let index = KeyIndex::new(&keys.0, &places).map_err(|key| {
        Failure::Table(format!(
            "table `{}` has more than one row with `{}` = {key}",
            lookup.table, lookup.key
        ))
    })?;
    let accounts = intake.accounts(|_| true, |_| false);
    intake.settle(reading, accounts, None)?;
    Ok(LookupTable {
        by: lookup.by.clone(),
        index,
        columns: intake.columns,
        broken: intake.broken,
    })
}
