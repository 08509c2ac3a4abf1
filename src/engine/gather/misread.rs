//! Tries to read some values of a column as a type, to see whether the type fits.

use super::account::{Account, Doubt, Rows};
use super::decode;
use super::doubted::Doubted;
use super::looks::{entry, thousands};
use super::words;
use crate::engine::OwnedCell;
use crate::time::{
    Clock, InstantReader, Plausible, Stored, date_of_days, is_far_ahead, last_year, year,
};
use crate::value::{ColumnType, Share};

/// Why more than the tolerated share of a column's values cannot be read as a type, in words; `None` if they can, or if
/// there are no values. Values that can be read but are probably meant differently are reported too: amounts that are a
/// thousand times too large, years in the wrong century. `place` is the table and the column; `is_time` is true if the
/// column places rows in time. For a column that `is_private`, no value is shown.
/// value is shown.
pub fn misread(
    values: &[OwnedCell],
    place: (&str, &str),
    (ty, is_time): (ColumnType, bool),
    tolerated: Share,
    clock: &Clock,
    is_private: bool,
) -> Option<Doubted> {
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
        at: None,
        first: 1,
    };
    account.take(&rows, &plausible);
    let Some(doubt) = account.doubt(tolerated, &plausible) else {
        let century = || century(ty, place, values, clock, is_private).filter(|_| !is_time);
        let odd = || thousands(ty, place, values);
        // The other reasons are shown by example.
        return century().or_else(|| odd().filter(|_| !is_private));
    };
    let samples: Vec<&OwnedCell> = match doubt {
        // All of the values: what one leaves open, another may decide.
        Doubt::Unreadable => {
            let each = values.iter().zip(rows.fits.iter().flatten());
            let unread = each.filter(|(_, fit)| fit.is_unread());
            unread.map(|(value, _)| value).collect()
        }
        Doubt::Swapped | Doubt::Odd | Doubt::Aged => {
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
        is_private,
    ))
}

/// Two-digit years that are probably in another century: those far in the future, such as old birthdays, and those that
/// would be recent if `last_year:` said so. The first such value of each kind is shown, unless it `is_private`.
fn century(
    ty: ColumnType,
    (table, column): (&str, &str),
    values: &[OwnedCell],
    clock: &Clock,
    is_private: bool,
) -> Option<Doubted> {
    let forms = ty.forms()?;
    let texts = values.iter().filter_map(|value| value.as_str());
    let dates = texts.filter_map(|text| {
        let date = forms.date_of_short_year(Stored::Text(text.as_bytes()))?;
        Some((text, date))
    });
    let dates: Vec<(&str, i32)> = dates.collect();
    let today = clock.local_date(clock.now);
    let now = year(today);
    let passed = forms.last_year().map_or(now, i32::from) + 1..=now;
    let far: Vec<_> = dates
        .iter()
        .filter(|(_, day)| is_far_ahead(*day, today))
        .collect();
    let past: Vec<_> = dates
        .iter()
        .filter(|(_, day)| passed.contains(&(year(*day) + 100)))
        .collect();
    let (odd, what) = match far.is_empty() {
        false => (far, "are more than ten years in the future"),
        true => (
            past,
            "could also mean a year that has begun since `last_year:`",
        ),
    };
    let (written, day) = odd.first()?;
    let example = match is_private {
        true => String::new(),
        false => format!(": `{written}` is read as {}", date_of_days(*day)),
    };
    let days: Vec<i32> = dates.iter().map(|(_, day)| *day).collect();
    let last = last_year(&days, today, false).or(u16::try_from(now).ok())?;
    let ty = ty.up_to(Some(last));
    Some(Doubted {
        what: format!(
            "{} of {} two-digit years in `{table}.{column}` {what}{example}",
            odd.len(),
            dates.len(),
        ),
        remedy: format!(
            "write {}, which reads no year as later than {last}",
            entry(column, ty)
        ),
        names_types: true,
    })
}
