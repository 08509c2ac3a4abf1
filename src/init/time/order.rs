//! Whether days stand before months, by what columns of a database prove.

use crate::catalog::column_type;
use crate::engine::Looks;
use crate::init::data::Guessed;
use crate::init::tables::Seen;
use crate::time::{Plausible, Samples};
use crate::value::ColumnType;

/// An order of day and month that columns of a database prove, and none contradicts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::init) struct Proven {
    order: Order,
    /// The first column that does, with its table.
    by: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    DayFirst,
    MonthFirst,
    YearFirst,
}

impl Proven {
    /// The order that tables prove; `now` in microseconds.
    pub(in crate::init) fn of(tables: &[Seen<'_>], now: i64) -> Option<Self> {
        let plausible = Plausible::at(now);
        let mut proven: Option<Self> = None;
        for seen in tables {
            for column in &seen.table.columns {
                let is_text =
                    matches!(column_type(&column.declared), None | Some(ColumnType::Text));
                let filled = seen.filled(&column.name);
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
                // Years in front, as ISO has them, stand beside either.
                let order = Order::of(*ty).filter(|order| *order != Order::YearFirst);
                let Some(order) = order else {
                    continue;
                };
                match &proven {
                    Some(before) if before.order != order => return None,
                    Some(_) => {}
                    None => {
                        let by = format!("{}.{}", seen.name, column.name);
                        proven = Some(Self { order, by });
                    }
                }
            }
        }
        proven
    }

    /// Which of two readings that differ in this order is meant, and why.
    pub(in crate::init) fn decide(&self, looks: &Looks) -> Option<(ColumnType, String)> {
        let orders = looks.types.iter().map(|(_, ty)| Order::of(*ty));
        let orders: Option<Vec<Order>> = orders.collect();
        let place = orders?.iter().position(|order| *order == self.order)?;
        let (words, ty) = looks.types.get(place)?;
        let why = format!("read as {words}, as `{}` is written", self.by);
        Some((*ty, why))
    }
}

impl Order {
    /// Of a type that reads days in numbers.
    fn of(ty: ColumnType) -> Option<Self> {
        let (ColumnType::DateAs(forms) | ColumnType::InstantAs(forms, _)) = ty else {
            return None;
        };
        let form = forms.to_string();
        let mut codes = form
            .split('%')
            .skip(1)
            .filter_map(|code| code.chars().next());
        match (codes.next()?, codes.next()?) {
            ('d', 'm') => Some(Self::DayFirst),
            ('m', 'd') => Some(Self::MonthFirst),
            ('y' | 'Y', _) => Some(Self::YearFirst),
            _ => None,
        }
    }
}
