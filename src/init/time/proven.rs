//! Determines whether days come before months, from all columns of a database.

use super::order::{Order, Proven};
use crate::catalog::column_type;
use crate::engine::Looks;
use crate::init::data::Guessed;
use crate::init::tables::Seen;
use crate::time::{Plausible, Samples};
use crate::value::ColumnType;

/// The order that the tables prove; `now` is in microseconds.
pub(in crate::init) fn proven(tables: &[Seen<'_>], now: i64) -> Option<Proven> {
    let plausible = Plausible::at(now);
    let mut proven: Option<Proven> = None;
    for seen in tables {
        for column in &seen.table.columns {
            let is_text = matches!(column_type(&column.declared), None | Some(ColumnType::Text));
            let filled = seen.telling(&column.name);
            let is_date = |text: &str| {
                text.starts_with(|c: char| c.is_ascii_digit()) && text.contains(['/', '.', '-'])
            };
            let is_likely = filled
                .first()
                .and_then(|cell| cell.text())
                .is_some_and(is_date);
            if !is_text || !is_likely {
                continue;
            }
            let of = Samples {
                column: &column.name,
                plausible: &plausible,
            };
            let looks = Looks::of(ColumnType::Instant, of, &filled, true);
            let Some([(_, ty)]) = looks.as_ref().map(|looks| looks.types.as_slice()) else {
                continue;
            };
            // Dates that begin with the year, as in ISO 8601, are compatible with either order.
            let order = Order::of(*ty).filter(|order| *order != Order::Year);
            let Some(order) = order else {
                continue;
            };
            match &proven {
                Some(before) if before.order != order => return None,
                Some(_) => {}
                None => {
                    let by = format!("{}.{}", seen.name, column.name);
                    proven = Some(Proven { order, by });
                }
            }
        }
    }
    proven
}
