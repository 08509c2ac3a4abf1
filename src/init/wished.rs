//! What somebody says of the times of tables, held against what those hold.

use super::Wishes;
use super::collection::Collection;
use super::tables::Seen;
use super::time::held::{Held, held};

/// Why a column cannot tell when the rows of its table happened, though somebody says so; none where all can. `now` in
/// microseconds.
pub(super) fn refused(
    wishes: &Wishes,
    tables: &[Seen<'_>],
    collections: &[Collection],
    now: i64,
) -> Option<String> {
    wishes.at.iter().enumerate().find_map(|(place, wish)| {
        let (table, column) = wish;
        let why = match collections.iter().find(|rows| rows.table == *table) {
            None => uncounted(table, collections),
            Some(rows) => {
                let mut before = wishes.at.iter().take(place);
                let (_, other) = before.find(|(of, _)| of == table).unwrap_or(wish);
                match other == column {
                    true => no_time(wishes, tables, rows, column, now)?,
                    false => {
                        format!("`{other}` is named for the same table; leave one of them out")
                    }
                }
            }
        };
        Some(format!("`--at {table}.{column}`: {why}"))
    })
}

fn uncounted(table: &str, collections: &[Collection]) -> String {
    let counted = collections.iter().map(|rows| rows.table.as_str());
    let counted: Vec<&str> = counted.collect();
    let others = match counted.is_empty() {
        true => "no table has such rows".to_owned(),
        false => format!("those of these tables are: {}", counted.join(", ")),
    };
    format!("the rows of `{table}` are not things that people did; {others}")
}

/// Why a column tells no time, and which ones do.
fn no_time(
    wishes: &Wishes,
    tables: &[Seen<'_>],
    rows: &Collection,
    column: &str,
    now: i64,
) -> Option<String> {
    let seen = tables.iter().find(|seen| seen.name == rows.table)?;
    let Held::Other(why) = held(seen, seen.column(column)?, wishes, now) else {
        return None;
    };
    let others = match rows.times.also.as_slice() {
        [] => String::new(),
        also => format!("; the table has times in {}", also.join(", ")),
    };
    Some(format!("it {why}{others}"))
}
