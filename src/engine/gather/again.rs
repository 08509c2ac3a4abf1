//! Some values of a table that was read before, looked at again to say what they look like.

use std::collections::{BTreeSet, HashMap};
use std::ops::ControlFlow;

use super::select::Select;
use super::tables::{ReadError, Row, Tables};
use crate::engine::{Cell, OwnedCell};

/// A stored value that was looked at again.
pub(super) struct Seen {
    /// Its row and itself, for people.
    pub(super) example: String,
    pub(super) value: OwnedCell,
}

impl Select {
    /// Values of a table that was read before, by their rows' places in it, from 1, and their places in the
    /// row.
    pub(super) fn look_again<T: Tables>(
        &self,
        tables: &T,
        wanted: &BTreeSet<(u64, usize)>,
    ) -> Result<HashMap<(u64, usize), Seen>, ReadError> {
        let mut seen = HashMap::new();
        let Some((last, _)) = wanted.last() else {
            return Ok(seen);
        };
        let mut ordinal = 0;
        tables.read(self, |row| {
            ordinal += 1;
            for (_, column) in wanted.range((ordinal, 0)..=(ordinal, usize::MAX)) {
                let value = row.cell(*column);
                let example = example(self, row, ordinal, value);
                let value = value.into();
                seen.insert((ordinal, *column), Seen { example, value });
            }
            Ok(match ordinal < *last {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            })
        })?;
        Ok(seen)
    }
}

/// A row with an odd value, for people: `visits row 17: "31.02.2025"`. `ordinal` counts from 1.
fn example(select: &Select, row: &impl Row, ordinal: u64, value: Cell<'_>) -> String {
    let name = row.name();
    let name = name.map_or_else(|| ordinal.to_string(), |name| name.to_string());
    format!("{} row {name}: {value}", select.table())
}
