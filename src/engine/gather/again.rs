//! Reads some values of a table a second time, to show what they look like.

use std::collections::{BTreeSet, HashMap};
use std::ops::{Bound, ControlFlow};

use super::part::Part;
use super::reading::Reading;
use super::seen::Seen;
use super::select::Select;
use super::tables::{ReadError, Row, Tables};

/// Values of a table that was read in these parts before, by row position and by place in the row.
pub(super) fn look_again<T: Tables>(
    reading: &mut Reading<'_, T>,
    select: &Select,
    parts: &[Part],
    wanted: &BTreeSet<(i64, usize)>,
) -> Result<HashMap<(i64, usize), Seen>, ReadError> {
    let Some(kept) = &reading.kept else {
        return read_again(reading.tables, select, parts, wanted);
    };
    let mut seen = kept.seen(select, parts, wanted);
    let unseen = wanted.iter().filter(|place| !seen.contains_key(place));
    let unseen: BTreeSet<(i64, usize)> = unseen.copied().collect();
    let more = read_again(reading.tables, select, parts, &unseen)?;
    if let Some(kept) = &mut reading.kept {
        kept.see(select, parts, &more);
    }
    seen.extend(more);
    Ok(seen)
}

fn read_again<T: Tables>(
    tables: &T,
    select: &Select,
    parts: &[Part],
    wanted: &BTreeSet<(i64, usize)>,
) -> Result<HashMap<(i64, usize), Seen>, ReadError> {
    let mut seen = HashMap::new();
    let named = select.named();
    for (place, part) in parts.iter().enumerate() {
        let next = parts.get(place + 1).map(|next| (next.first(), 0));
        let first = Bound::Included((part.first(), 0));
        let mine = wanted.range((first, next.map_or(Bound::Unbounded, Bound::Excluded)));
        let Some((last, _)) = mine.last() else {
            continue;
        };
        let mut position = part.first();
        tables.read(&named, *part, |row| {
            for (_, column) in wanted.range((position, 0)..=(position, usize::MAX)) {
                let value = row.cell(*column);
                let name = row.name();
                let name = name.map_or_else(|| position.to_string(), |name| name.to_string());
                // Without a stable order, another row may be at this position now.
                let example = match tables.keeps_order() {
                    true => format!("{} row {name}: {value}", select.table()),
                    false => String::new(),
                };
                seen.insert(
                    (position, *column),
                    Seen {
                        example,
                        row: name,
                        value: value.into(),
                    },
                );
            }
            position = position.saturating_add(1);
            Ok(match position <= *last {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            })
        })?;
    }
    Ok(seen)
}
