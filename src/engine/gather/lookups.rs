//! Tables to look rows up in, read whole before the scans.

use super::intake::{Intake, LookupTable};
use super::keys::{ABSENT, KeyIndex, KeyList};
use super::reading::Reading;
use super::tables::{ReadError, Row, Tables};
use super::whole::read_whole;
use crate::engine::Stale;
use crate::index::IndexVec;
use crate::ir::{InputColumn, InputId, Lookup, LookupId};

/// Reads the lookups that inputs go through, each on its own: one that cannot be used makes stale what
/// uses it.
pub(super) fn load<T: Tables>(
    reading: &mut Reading<'_, T>,
    lookups: &IndexVec<LookupId, Lookup>,
    inputs: &IndexVec<InputId, InputColumn>,
) -> Result<IndexVec<LookupId, Result<LookupTable, Stale>>, ReadError> {
    let mut tables = IndexVec::new();
    for (id, lookup) in lookups.iter_enumerated() {
        let inputs = inputs.iter().filter(|input| input.lookup == Some(id));
        let own = inputs.map(|input| InputColumn {
            lookup: None,
            ..input.clone()
        });
        let table = match load_one(reading, lookup, &own.collect()) {
            Ok(table) => Ok(table),
            Err(ReadError::Table(reason)) => Err(Stale {
                reason: format!("lookup `{}`: {reason}", lookup.name),
            }),
            Err(failure) => return Err(failure),
        };
        tables.push(table);
    }
    Ok(tables)
}

fn load_one<T: Tables>(
    reading: &mut Reading<'_, T>,
    lookup: &Lookup,
    inputs: &IndexVec<InputId, InputColumn>,
) -> Result<LookupTable, ReadError> {
    let mut select = reading.select(&lookup.table)?;
    let key = select.column(&lookup.key).map_err(ReadError::Table)?;
    let mut intake = Intake::new(select, inputs, IndexVec::new());
    let mut keys = KeyList::new();
    read_whole(reading, &intake.select.clone(), |row, times| {
        match keys.push(row.cell(key)) {
            true => intake.read(row, times),
            false => intake.pass(),
        }
        Ok(())
    })?;
    let places: Vec<u32> = (0..ABSENT).take(keys.len()).collect();
    let index = KeyIndex::new(&keys.0, &places).map_err(|key| {
        ReadError::Table(format!(
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
