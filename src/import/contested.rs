//! In which columns rows with one key differ: the columns tell whether one thing has changed or the rows are two things.

use std::collections::BTreeMap;

use super::ImportError;
use super::limits::go_on;
use super::rows::{Row, Rows};
use super::survey::Survey;
use crate::config::{Locale, marks};
use crate::engine::Watch;
use crate::value::{ByMark, RowMark};

/// The most columns that are named.
const NAMED: usize = 3;

/// The last row of a key: its place, and what each column holds.
type Before = (u64, Vec<u64>);

/// A message on how many rows differ from the next one with their key, and in which columns. `counted` is what rows are counted by: `line` or
/// `row`. `None` if no key has rows that differ. It gives only the places of the keys' rows, as the values may be private.
///
/// # Errors
/// The rows cannot be read again, or `watch` ended it.
pub(super) fn contested(
    rows: &dyn Rows,
    found: &Survey,
    counted: &str,
    watch: &dyn Watch,
) -> Result<Option<String>, ImportError> {
    let Some(keyed) = found.keyed.as_ref().filter(|keyed| keyed.is_contested()) else {
        return Ok(None);
    };
    let columns = || found.columns.iter();
    let mut last: ByMark<Before> = ByMark::default();
    let mut differing: BTreeMap<usize, u64> = BTreeMap::new();
    let (mut pairs, mut example) = (0_u64, None);
    rows.read(&mut |row: Row<'_>| {
        go_on(watch)?;
        let admitted = found.layout.admits(&row).is_ok();
        let Some(key) = keyed.contested(&row).filter(|_| admitted) else {
            return Ok(true);
        };
        let cells: Vec<u64> = columns()
            .map(|column| RowMark::of([row.trimmed(column.place)]).half())
            .collect();
        if let Some((place, before)) = last.insert(key, (row.place, cells.clone())) {
            let both = before.iter().zip(&cells).enumerate();
            let own: Vec<usize> = both
                .filter(|(column, (a, b))| a != b && !keyed.is_by(columns().nth(*column)))
                .map(|(column, _)| column)
                .collect();
            if !own.is_empty() {
                pairs += 1;
                example.get_or_insert((place, row.place));
            }
            for column in own {
                *differing.entry(column).or_default() += 1;
            }
        }
        Ok(true)
    })?;
    let Some(((before, after), key)) = example.zip(columns().find(|c| keyed.is_by(Some(c)))) else {
        return Ok(None);
    };
    let mut differing: Vec<(usize, u64)> = differing.into_iter().collect();
    differing.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let marks = marks(Locale::EnUs);
    let named = differing.iter().take(NAMED).filter_map(|(place, count)| {
        let name = &found.columns.get(*place)?.name;
        Some(format!("`{name}` ({})", marks.whole(*count)))
    });
    let mut named: Vec<String> = named.collect();
    let more = differing.len().saturating_sub(NAMED);
    if more > 0 {
        named.push(marks.counted(more, "more column"));
    }
    let (rows, differ) = match pairs {
        1 => ("row", "differs"),
        _ => ("rows", "differ"),
    };
    let among = match keyed.has_more_contested {
        true => "of the first keys that several rows have, ",
        false => "",
    };
    Ok(Some(format!(
        "{among}{} {rows} {differ} from the next one with the same `{}`: in {}, for example {counted} {before} from {counted} {after}",
        marks.whole(pairs),
        key.name,
        named.join(", "),
    )))
}
