//! Some values of a column read as a type, to see whether it is one at all.

use super::account::{Account, Doubt, Rows};
use super::decode::{self, Fit};
use super::looks::thousands;
use super::words;
use crate::engine::OwnedCell;
use crate::time::{Clock, InstantReader, Plausible};
use crate::value::ColumnType;

/// Why more than the tolerated share of a column's values cannot be read as a type, in words; none where they can,
/// and where there are none. Amounts that can be read and are probably a thousand times as large are told as well. `place` is the table and the column; `is_time` where rows are placed in time by it.
pub fn misread(
    values: &[OwnedCell],
    place: (&str, &str),
    (ty, is_time): (ColumnType, bool),
    tolerated: f64,
    clock: &Clock,
) -> Option<String> {
    let mut column = decode::empty(ty);
    let mut times = InstantReader::new(clock.zone);
    let fits = values
        .iter()
        .map(|value| decode::push(&mut column, value.lent(), ty, &mut times))
        .collect();
    let plausible = Plausible::at(clock.now);
    let mut account = Account::new((0, 0), ty, is_time, false);
    let rows = Rows {
        fits: &[fits],
        columns: &[column],
        belong: None,
        first: 1,
    };
    account.take(&rows, &plausible);
    let Some(doubt) = account.doubt(tolerated, &plausible) else {
        return thousands(ty, place, values);
    };
    let samples: Vec<&OwnedCell> = match doubt {
        // All of them: what one value leaves open another may decide.
        Doubt::Unreadable => {
            let each = values.iter().zip(rows.fits.iter().flatten());
            let unread = each.filter(|(_, fit)| **fit == Fit::Misfit);
            unread.map(|(value, _)| value).collect()
        }
        Doubt::Odd | Doubt::Aged => {
            let value = |row: &i64| values.get(usize::try_from(*row).ok()?.checked_sub(1)?);
            let rows = account.doubted(doubt).rows.iter();
            rows.filter_map(value).collect()
        }
    };
    Some(words::reason(
        &account,
        doubt,
        place,
        (&samples, values),
        &plausible,
    ))
}
