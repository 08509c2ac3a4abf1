//! Checks the user's wishes about tables against the data.

use super::Wishes;
use super::collection::{Beside, Collection};
use super::tables::Seen;
use super::time::held::{Held, held};
use super::words::flat;

/// Why the requested columns cannot name people; none where they can.
pub(super) fn label_refused(wishes: &Wishes, people: &Seen<'_>, key: &str) -> Option<String> {
    let named: Vec<&str> = wishes.label.iter().map(String::as_str).collect();
    let is_same = |one: &str, other: &str| flat(one) == flat(other);
    let why = if let [only] = named.as_slice()
        && is_same(only, key)
    {
        format!(
            "`{only}` is their key, and people are called by their key anyway; leave `--label` out"
        )
    } else {
        named.iter().enumerate().find_map(|(place, column)| {
            let mut before = named.iter().take(place);
            let column = &people.column(column)?.name;
            if before.any(|before| is_same(before, column)) {
                Some(format!("`{column}` is named twice; leave one of them out"))
            } else if people.profile.rows > 0 && people.filled(column).is_empty() {
                Some(format!(
                    "`{column}` of `{}` is empty in all rows; name another column",
                    people.name
                ))
            } else {
                None
            }
        })?
    };
    Some(format!("`--label {}`: {why}", named.join(",")))
}

/// Why a requested column cannot be the time of a table's rows; none where all can. `pointing` lists the tables with
/// a column that refers to the people.
pub(super) fn times_refused(
    collections: &[Collection],
    pointing: &[(&Seen<'_>, String)],
    beside: &Beside<'_>,
) -> Option<String> {
    let (wishes, tables, now) = (beside.wishes, beside.tables, beside.now);
    wishes.at.iter().enumerate().find_map(|(place, wish)| {
        let (table, column) = wish;
        let why = match collections.iter().find(|rows| rows.table == *table) {
            None => {
                let mut pointing = pointing.iter();
                let points = pointing.any(|(seen, _)| seen.name == table);
                uncounted(table, collections, beside, points)
            }
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

/// Why the rows of a table are not actions of people, and which tables' rows are.
fn uncounted(table: &str, collections: &[Collection], beside: &Beside<'_>, points: bool) -> String {
    let people = beside.people;
    let counted = collections.iter().map(|rows| rows.table.as_str());
    let counted: Vec<&str> = counted.collect();
    let others = match counted.is_empty() {
        true => "no table says what they did".to_owned(),
        false => format!("what they did is in: {}", counted.join(", ")),
    };
    let mut lookups = collections.iter().flat_map(|rows| &rows.lookups);
    let why = if table == people {
        "it holds the people themselves, not what they did".to_owned()
    } else if points {
        "its rows only add details to rows of other tables".to_owned()
    } else if lookups.any(|lookup| lookup.table == table) {
        format!("its rows are looked up from others, and no column of it leads to `{people}`")
    } else {
        format!("no column of it leads to `{people}`")
    };
    format!("{why}; {others}")
}

/// Why a column does not hold times, and which columns do.
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
