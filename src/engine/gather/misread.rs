//! Some values of a column read as a type, to see whether it is one at all.

use super::account::{Account, Rows};
use super::seen::Seen;
use super::{decode, words};
use crate::engine::OwnedCell;
use crate::time::{Clock, InstantReader, Plausible};
use crate::value::ColumnType;

/// Why none of a column's values can be read as a type, in words; none where one can, and where there are none.
/// `place` is the table and the column.
pub fn misread(
    values: &[OwnedCell],
    place: (&str, &str),
    ty: ColumnType,
    clock: &Clock,
) -> Option<String> {
    let mut column = decode::empty(ty);
    let mut times = InstantReader::new(clock.zone);
    let fits = values
        .iter()
        .map(|value| decode::push(&mut column, value.lent(), ty, &mut times))
        .collect();
    let plausible = Plausible::at(clock.now);
    let mut account = Account::new((0, 0), ty, false, false);
    let rows = Rows {
        fits: &[fits],
        columns: &[column],
        belong: None,
        first: 1,
    };
    account.take(&rows, &plausible);
    // Some that are no such values are for a run to tell, which sees all.
    let doubt = account.doubt(0.0, &plausible)?;
    let doubted = account.doubted(doubt);
    if doubted.count < account.present() {
        return None;
    }
    let seen = |row: &i64| {
        let value = values.get(usize::try_from(*row).ok()?.checked_sub(1)?)?;
        Some(Seen {
            example: value.lent().to_string(),
            value: value.clone(),
        })
    };
    let seen: Vec<Seen> = doubted.rows.iter().filter_map(seen).collect();
    let samples: Vec<&Seen> = seen.iter().collect();
    Some(words::reason(&account, doubt, place, &samples, &plausible))
}
