//! A person as a test describes them: rows without keys, not in any table yet.

use std::collections::BTreeMap;

use crate::catalog::{CollectionId, ColumnRef};
use crate::engine::OwnedCell;
use crate::source::Location;
use crate::time::{Clock, Direction, Duration, Unit};
use crate::value::Value;

/// The cells of a row, by column as spelled in the database.
pub(super) type Cells = BTreeMap<String, OwnedCell>;

/// A person: their row, and the rows of collections.
#[derive(Debug, Clone, Default)]
pub(super) struct Given {
    pub(super) row: GivenRow,
    pub(super) events: Vec<Event>,
}

/// A row, with the rows that its lookups find.
#[derive(Debug, Clone, Default)]
pub(super) struct GivenRow {
    pub(super) cells: Cells,
    /// By lookup name.
    pub(super) looked_up: BTreeMap<String, LookedUp>,
}

/// A row of a looked-up table.
#[derive(Debug, Clone, Default)]
pub(super) struct LookedUp {
    pub(super) cells: Cells,
    /// Its location; `None` if it was generated.
    pub(super) at: Option<Location>,
}

/// A row of a collection.
#[derive(Debug, Clone)]
pub(super) struct Event {
    pub(super) collection: CollectionId,
    /// Its time, a date or an instant; missing in a collection without time.
    pub(super) at: Value,
    pub(super) row: GivenRow,
}

impl GivenRow {
    /// Sets a column of the row, or of a row that it looks up.
    pub(super) fn set(&mut self, column: &ColumnRef, cell: OwnedCell) {
        let cells = match &column.lookup {
            None => &mut self.cells,
            Some(lookup) => &mut self.looked_up.entry(lookup.clone()).or_default().cells,
        };
        cells.insert(column.column.clone(), cell);
    }
}

impl Event {
    /// Its time, shifted by `days`.
    pub(super) fn moved(&self, days: i64, clock: &Clock) -> Value {
        let direction = match days < 0 {
            true => Direction::Earlier,
            false => Direction::Later,
        };
        let count = u32::try_from(days.unsigned_abs()).unwrap_or(u32::MAX);
        let unit = Unit::Day;
        let by = Duration { count, unit };
        match self.at {
            Value::Date(day) => Value::Date(clock.shift_date(day, by, direction)),
            Value::Instant(instant) => Value::Instant(clock.shift_instant(instant, by, direction)),
            _ => self.at.clone(),
        }
    }
}
