//! Aggregates in the making.

use crate::engine::{Asked, Cell, Column, Tally};
use crate::ir::{AggregateId, IrMeasure};
use crate::value::{Truth, Type, Value, number};

/// An aggregate in the making.
pub(super) enum Filling {
    /// One value per subject.
    Values(Vec<Value>, Type),
    Tally(Box<Tally>),
}

impl Filling {
    pub(super) fn new(asked: &Asked<'_>, id: AggregateId) -> Option<Self> {
        let aggregate = asked.ir.aggregates.get(id)?;
        let subjects = asked.subjects.len();
        let field = aggregate.measure.field();
        let ty = field.and_then(|field| Some(asked.table.program.nodes.get(field)?.ty));
        let ty = ty.unwrap_or(aggregate.ty);
        let begin = match aggregate.measure {
            IrMeasure::Count => Value::Number(0.0),
            IrMeasure::Exists => Value::Truth(Truth::No),
            IrMeasure::Min(_) | IrMeasure::Max(_) | IrMeasure::First(_) | IrMeasure::Last(_) => {
                Value::Missing
            }
            measure => return Some(Self::Tally(Box::new(Tally::new(measure, ty, subjects)?))),
        };
        let ty = match aggregate.measure {
            IrMeasure::Count => Type::Number,
            IrMeasure::Exists => Type::Truth,
            _ => ty,
        };
        Some(Self::Values(vec![begin; subjects], ty))
    }

    pub(super) fn put(&mut self, subject: u32, value: Value) {
        let Self::Values(values, _) = self else {
            return;
        };
        if let Some(slot) = values.get_mut(subject as usize) {
            *slot = match value {
                // Zero has no sign in what the engine finds.
                Value::Number(x) => Value::Number(x + 0.0),
                value => value,
            };
        }
    }

    pub(super) fn count(&mut self, subject: u32, rows: u64) {
        let value = match self {
            Self::Values(_, Type::Truth) => Value::Truth(Truth::certain(rows > 0)),
            _ => Value::Number(rows as f64),
        };
        self.put(subject, value);
    }

    pub(super) fn add(&mut self, subject: u32, value: &Value, times: u64) {
        if let Self::Tally(tally) = self
            && times > 0
        {
            tally.add(subject, value, times);
        }
    }

    /// Adds a sum; false where it is not written as expected.
    pub(super) fn total(&mut self, subject: u32, cell: Cell<'_>, over: u64) -> bool {
        let (Self::Tally(tally), Some(text)) = (self, cell.text()) else {
            return true;
        };
        let places = match tally.ty() {
            Type::Money => 0,
            _ => number::PLACES,
        };
        let total = scaled(&text, places);
        if let Some(total) = total {
            tally.add_total(subject, total, over);
        }
        total.is_some()
    }

    pub(super) fn column(self) -> Column {
        match self {
            Self::Values(values, ty) => Column::of_values(ty, values),
            Self::Tally(tally) => tally.column(),
        }
    }
}

/// A decimal in units of its last place of so many; none where it has more places, or does not fit.
fn scaled(text: &str, places: usize) -> Option<i128> {
    let (whole, behind) = text.split_once('.').unwrap_or((text, ""));
    let behind = behind.trim_end_matches('0');
    let missing = places.checked_sub(behind.len())?;
    format!("{whole}{behind}{}", "0".repeat(missing))
        .parse()
        .ok()
}
