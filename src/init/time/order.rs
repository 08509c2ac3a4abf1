//! Determines whether days come before months.

use crate::engine::Looks;
use crate::value::ColumnType;

/// An order of day and month that columns of a database prove, and none contradicts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::init) struct Proven {
    pub(super) order: Order,
    /// The first column that proves it, with its table.
    pub(super) by: String,
}

/// What a written date begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Day,
    Month,
    Year,
}

impl Proven {
    /// Which of two readings that differ in this order is correct, and why.
    pub(in crate::init) fn decide(&self, looks: &Looks) -> Option<(ColumnType, String)> {
        if looks.types.len() < 2 {
            return None;
        }
        let orders = looks.types.iter().map(|(_, ty)| Order::of(*ty));
        let orders: Option<Vec<Order>> = orders.collect();
        let place = orders?.iter().position(|order| *order == self.order)?;
        let (words, ty) = looks.types.get(place)?;
        let why = format!("read as {words}, as `{}` is written", self.by);
        Some((*ty, why))
    }
}

impl Order {
    /// The order of a type that reads numeric dates.
    pub(super) fn of(ty: ColumnType) -> Option<Self> {
        let (ColumnType::DateAs(forms) | ColumnType::InstantAs(forms, _)) = ty else {
            return None;
        };
        let form = forms.to_string();
        let mut codes = form
            .split('%')
            .skip(1)
            .filter_map(|code| code.chars().next());
        match (codes.next()?, codes.next()?) {
            ('d', 'm') => Some(Self::Day),
            ('m', 'd') => Some(Self::Month),
            ('y' | 'Y', _) => Some(Self::Year),
            _ => None,
        }
    }
}
