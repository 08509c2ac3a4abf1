//! Functions of texts.

use crate::engine::column::Column;
use crate::engine::operands::texts;
use crate::engine::vector::rows;

pub(super) fn lower(x: &Column) -> Column {
    let of = x.texts();
    let lowered: Vec<_> = (0..x.len())
        .map(|row| of.get(row).map(str::to_lowercase))
        .collect();
    texts(lowered.iter().map(Option::as_deref))
}

/// The text after the last `@`.
pub(super) fn domain(x: &Column) -> Column {
    let of = x.texts();
    let domains: Vec<_> = (0..x.len())
        .map(|row| {
            let (_, domain) = of.get(row)?.trim().rsplit_once('@')?;
            (!domain.is_empty()).then(|| domain.to_lowercase())
        })
        .collect();
    texts(domains.iter().map(Option::as_deref))
}

pub(super) fn concat(args: &[&Column]) -> Column {
    let joined = |row: usize| {
        let parts = args.iter().map(|arg| arg.texts().get(row));
        parts.collect::<Option<String>>()
    };
    let joined: Vec<_> = (0..rows(args.iter().map(|arg| arg.len())))
        .map(joined)
        .collect();
    texts(joined.iter().map(Option::as_deref))
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
