//! Decides whether a proposed type reads a column's values better than the declared one.

use super::decode::{self, Fit};
use crate::engine::{Column, OwnedCell};
use crate::time::InstantReader;
use crate::value::ColumnType;

/// Whether another type loses none of the values that can be read now, and reads none of them as something else. If the
/// other type reads nearly the whole column, what the declared type reads was misread before.
pub(super) fn is_better(values: &[OwnedCell], declared: ColumnType, proposed: ColumnType) -> bool {
    let mut times = InstantReader::new(chrono_tz::UTC);
    let mut read = |value: &OwnedCell, ty| {
        let mut column = decode::empty(ty);
        let fit = decode::push(&mut column, value.lent(), ty, &mut times);
        (column, fit)
    };
    let (mut present, mut misfits, mut changed) = (0_usize, 0_usize, 0_usize);
    for value in values {
        let (before, now) = (read(value, declared), read(value, proposed));
        match (before.1, now.1) {
            (Fit::MISSING | Fit::PLACEHOLDER, _) => continue,
            (before, now) if before.is_unread() => misfits += usize::from(now.is_unread()),
            (_, Fit::MISFIT | Fit::SWAPPED | Fit::MISSING | Fit::PLACEHOLDER) => return false,
            _ if is_changed(&before.0, &now.0) => changed += 1,
            _ => {}
        }
        present += 1;
    }
    changed == 0 || misfits * 10 <= present
}

/// Whether a value changes. A date is not compared with an instant.
fn is_changed(before: &Column, now: &Column) -> bool {
    std::mem::discriminant(before) == std::mem::discriminant(now) && before != now
}
