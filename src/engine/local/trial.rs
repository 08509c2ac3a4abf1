//! A column's first rows read as a type, to see whether it is one at all.

use rusqlite::types::Value;

use super::account::{Account, Rows};
use super::problems::shown;
use super::select::{Seen, quoted};
use super::{Local, cells, open, words};
use crate::engine::EngineError;
use crate::time::{Clock, InstantReader, Plausible};
use crate::value::ColumnType;

/// So many rows are tried.
const ROWS: usize = 1_000;

impl Local {
    /// Why none of the values in a table's first thousand rows can be read as a type, in words; nothing where
    /// one can, where there are none, where it is no table but a view, which may take long, and where there
    /// is no such column.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn misread(
        &self,
        table: &str,
        column: &str,
        ty: ColumnType,
        clock: &Clock,
    ) -> Result<Option<String>, EngineError> {
        match self.first_values(table, column) {
            Err(error) if open::concerns_whole_database(&error) => {
                Err(open::database_error(&self.path, &error))
            }
            found => Ok(found
                .ok()
                .and_then(|values| tried(&values, (table, column), ty, clock))),
        }
    }

    fn first_values(&self, table: &str, column: &str) -> rusqlite::Result<Vec<Value>> {
        if !self.is_table(table)? {
            return Ok(Vec::new());
        }
        let (table, column) = (quoted(table), quoted(column));
        let sql = format!("SELECT t.{column} FROM {table} t LIMIT {ROWS}");
        let mut statement = self.connection.prepare(&sql)?;
        let values = statement.query_map([], |row| row.get(0))?;
        values.collect()
    }
}

fn tried(values: &[Value], place: (&str, &str), ty: ColumnType, clock: &Clock) -> Option<String> {
    let mut column = cells::empty(ty);
    let mut times = InstantReader::new(clock.zone);
    let fits = values
        .iter()
        .map(|value| cells::push(&mut column, value.into(), ty, &mut times))
        .collect();
    let plausible = Plausible::at(clock.now);
    let mut account = Account::new((0, 0), ty, false, false);
    let rows = Rows {
        fits: &[fits],
        columns: &[column],
        belong: None,
        before: 0,
    };
    account.take(&rows, &plausible);
    // Some that are no such values are for a run to tell, which sees all.
    let doubt = account.doubt(0.0, &plausible)?;
    let doubted = account.doubted(doubt);
    if doubted.count < account.present() {
        return None;
    }
    let seen = |row: &u64| {
        let value = values.get(usize::try_from(*row).ok()?.checked_sub(1)?)?;
        Some(Seen {
            example: shown(value.into()),
            value: value.clone(),
        })
    };
    let seen: Vec<Seen> = doubted.rows.iter().filter_map(seen).collect();
    let samples: Vec<&Seen> = seen.iter().collect();
    Some(words::reason(&account, doubt, place, &samples, &plausible))
}
