//! Functions of texts.

use crate::engine::column::Column;
use crate::engine::operands::texts;

pub(super) fn lower(x: &Column) -> Column {
    let of = x.texts();
    let lowered: Vec<_> = (0..x.len())
        .map(|row| of.get(row).map(str::to_lowercase))
        .collect();
    texts(lowered.iter().map(Option::as_deref))
}

pub(super) fn length(x: &Column) -> Column {
    let of = x.texts();
    let count = |text: &str| text.chars().count() as f64;
    Column::Number(
        (0..x.len())
            .map(|row| of.get(row).map_or(f64::NAN, count))
            .collect(),
    )
}
