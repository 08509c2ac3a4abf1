//! Tables to look rows up in, read whole before the scans.

use super::intake::{Intake, LookupTable, Owners};
use super::keys::{ABSENT, KeyIndex, KeyList, is_nothing};
use super::problems::{Sighting, tell};
use super::reading::Reading;
use super::row_set::RowSet;
use super::tables::{ReadError, Row, Tables};
use super::whole::{AnyRow, read_shared};
use crate::engine::places::index;
use crate::engine::{Cell, ProblemKind, Reach, Stale};
use crate::index::IndexVec;
use crate::ir::{CollectionScan, InputColumn, InputId, Lookup, LookupId};
use crate::time::InstantReader;

/// What is asked of lookups beside inputs: whose the rows that they find are, and when those happened.
#[derive(Clone, Copy)]
pub(super) struct Asked<'s> {
    pub(super) collections: &'s [CollectionScan],
    /// Where each subject is.
    pub(super) index: &'s KeyIndex,
}

/// Reads the lookups that inputs go through and what is asked of them, each on its own: one that cannot be used makes
/// stale what uses it.
pub(super) fn load<T: Tables>(
    reading: &mut Reading<'_, T>,
    lookups: &IndexVec<LookupId, Lookup>,
    inputs: &IndexVec<InputId, InputColumn>,
    asked: Option<Asked<'_>>,
) -> Result<IndexVec<LookupId, Result<LookupTable, Stale>>, ReadError> {
    let mut tables = IndexVec::new();
    for (id, lookup) in lookups.iter_enumerated() {
        let inputs = inputs.iter().filter(|input| input.lookup == Some(id));
        let own = inputs.map(|input| InputColumn {
            lookup: None,
            ..input.clone()
        });
        let table = match load_one(reading, (id, lookup), &own.collect(), asked) {
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
    (id, lookup): (LookupId, &Lookup),
    inputs: &IndexVec<InputId, InputColumn>,
    asked: Option<Asked<'_>>,
) -> Result<LookupTable, ReadError> {
    let mut select = reading.select(&lookup.table)?;
    let key = select.column(&lookup.key).map_err(ReadError::Table)?;
    let mut rows = Intake::new(select, inputs, IndexVec::new());
    let collections = asked.iter().flat_map(|asked| asked.collections);
    let (mut owners, mut times): (Vec<Owners>, Vec<_>) = (Vec::new(), Vec::new());
    for CollectionScan { subject, at, .. } in collections {
        if subject.lookup == Some(id) && owners.iter().all(|known| known.name != subject.column) {
            let from = rows
                .select
                .column(&subject.column)
                .map_err(ReadError::Table)?;
            owners.push(Owners::new(&subject.column, from));
        }
        if let Some(at) = at.as_ref().filter(|at| at.lookup == Some(id)) {
            let place = rows.time(&at.column, at.ty).map_err(ReadError::Table)?;
            times.push((at.column.clone(), at.ty, place));
        }
    }
    rows.broken.resize(rows.columns.len(), None);
    let empty = Found {
        key,
        keys: KeyList::new(),
        rows,
        owners,
    };
    let select = empty.rows.select.clone();
    let take = |found: &mut Found, row: &AnyRow<'_>, times: &mut InstantReader| {
        found.take(row, times, asked);
    };
    let (part, found) = read_shared(reading, &select, &empty, take)?;
    let found = found.into_iter().reduce(Found::with);
    let Found {
        keys,
        mut rows,
        owners,
        ..
    } = found.unwrap_or(empty);
    rows.part = part;
    let places: Vec<u32> = (0..ABSENT).take(keys.len()).collect();
    let is_private = reading.private.has(&lookup.table, &lookup.key);
    let index = KeyIndex::new(&keys.0, &places, lookup.matching).map_err(|key| {
        let example = match is_private {
            true => String::new(),
            false => format!(", for example {key}"),
        };
        ReadError::Table(format!(
            "table `{}` has more than one row with the same `{}`{example}; `muster check` says what to do",
            lookup.table, lookup.key
        ))
    })?;
    let accounts = rows.accounts(|_| true, |_| false);
    rows.settle(reading, accounts, None)?;
    Ok(LookupTable {
        by: lookup.by.clone(),
        key: lookup.key.clone(),
        index,
        rows,
        owners,
        times,
    })
}

/// What was read of a looked-up table.
#[derive(Clone)]
struct Found {
    /// The place of the key in a row.
    key: usize,
    keys: KeyList,
    rows: Intake,
    owners: Vec<Owners>,
}

impl Found {
    fn take(&mut self, row: &impl Row, times: &mut InstantReader, asked: Option<Asked<'_>>) {
        if !self.keys.push(row.cell(self.key)) {
            self.rows.pass();
            return;
        }
        self.rows.read(row, times);
        for (owners, asked) in self.owners.iter_mut().zip(asked.iter().cycle()) {
            owners.read(row.cell(owners.from), asked.index);
        }
    }

    /// With what another thread has read behind it.
    fn with(mut self, next: Self) -> Self {
        self.keys.append(next.keys);
        self.rows.append(next.rows);
        for (owners, next) in self.owners.iter_mut().zip(next.owners) {
            owners.append(next);
        }
        self
    }
}

impl Owners {
    fn new(name: &str, from: usize) -> Self {
        Self {
            name: name.to_owned(),
            from,
            places: Vec::new(),
            nothing: RowSet::default(),
            near: RowSet::default(),
        }
    }

    fn read(&mut self, key: Cell<'_>, subjects: &KeyIndex) {
        if is_nothing(key)
            && let Ok(row) = u32::try_from(self.places.len())
        {
            self.nothing.insert(row);
        }
        let place = subjects.find(key);
        if place == ABSENT
            && subjects.is_near(key)
            && let Ok(row) = u32::try_from(self.places.len())
        {
            self.near.insert(row);
        }
        self.places.push(place);
    }

    fn append(&mut self, next: Self) {
        let before = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        self.places.extend(next.places);
        self.nothing.append(&next.nothing, before);
        self.near.append(&next.near, before);
    }

    /// The subject of a row that was found; [`ABSENT`] where none was.
    #[inline]
    pub(super) fn of(&self, row: u32) -> u32 {
        self.places.get(index(row)).copied().unwrap_or(ABSENT)
    }
}

impl LookupTable {
    /// Tells of rows that rows of the asking table lead to, and that belong to nobody themselves.
    pub(super) fn tell_of_strays<T: Tables>(
        &self,
        reading: &mut Reading<'_, T>,
        owners: &Owners,
        strays: &RowSet,
    ) -> Result<(), ReadError> {
        let (nothing, orphans): (Vec<u32>, Vec<u32>) =
            strays.iter().partition(|row| owners.nothing.contains(*row));
        let near = orphans
            .iter()
            .filter(|row| owners.near.contains(**row))
            .count() as u64;
        let reach = (near > 0).then_some(Reach { of: 0, near });
        let kinds = [
            (ProblemKind::NullKey, nothing),
            (ProblemKind::Orphan, orphans),
        ];
        let found = kinds.into_iter().filter_map(|(kind, rows)| {
            Some(Sighting {
                kind,
                column: (owners.from, owners.name.as_str()),
                leads_to: None,
                reach: reach.filter(|_| kind == ProblemKind::Orphan),
                count: rows.len() as u64,
                row: self.rows.position(i64::from(*rows.first()?) + 1),
            })
        });
        let found: Vec<Sighting> = found.collect();
        tell(reading, &self.rows.select, &[self.rows.part], &found)
    }
}
