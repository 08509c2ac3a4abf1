//! Conditions that test whether a text is missing, for a column in which programs wrote a word such as `NULL` in place of nothing: it is a text
//! there.

use std::collections::BTreeMap;

use super::compared::{Column, MAX_ROWS, asked_missing};
use super::{Compiled, Look};
use crate::config::{Locale, marks};
use crate::diagnostic::{Code, Finding};
use crate::engine::{EngineError, Looks, OwnedCell, read_cell};
use crate::source::types_entry;
use crate::time::{Clock, Plausible, Samples};
use crate::value::{ColumnType, Value, is_placeholder};

/// Warns of each text column that a condition tests for missing values, and that holds texts standing for no value.
pub(super) fn find(compiled: &Compiled<'_>, look: &Look<'_>) -> Result<Vec<Finding>, EngineError> {
    if look.beside_a_run {
        return Ok(Vec::new());
    }
    let asked = asked_missing(compiled);
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let snapshot = look.connector.snapshot()?;
    let mut findings = Vec::new();
    for ((table, column), at) in asked {
        let cells = snapshot.values(&table, &column, MAX_ROWS);
        let Some(held) = Held::of(&cells.unwrap_or_default(), &column, look.clock) else {
            continue;
        };
        let is_private = compiled.catalog.is_private(&table, &column);
        findings.push(Finding {
            location: compiled.checked.source_map.locate(at, compiled.sources),
            ..held.finding((table, column), is_private)
        });
    }
    Ok(findings)
}

/// What a text column holds in place of nothing.
struct Held {
    /// Each such text, with its number of rows.
    words: BTreeMap<String, usize>,
    /// The type that reads the other values as times, and these as missing.
    ty: Option<ColumnType>,
}

impl Held {
    fn of(cells: &[OwnedCell], column: &str, clock: &Clock) -> Option<Self> {
        let is_blank = |cell: &&OwnedCell| cell.as_str().is_some_and(|text| text.trim().is_empty());
        let is_nothing = |cell: &&OwnedCell| {
            let text = cell.as_str();
            text.is_some_and(|text| is_placeholder(text.as_bytes()))
        };
        let filled = cells.iter().filter(|cell| **cell != OwnedCell::Null);
        let (nothing, others): (Vec<&OwnedCell>, Vec<&OwnedCell>) =
            filled.filter(|cell| !is_blank(cell)).partition(is_nothing);
        let ty = times(&others, column, clock);
        let mut words: BTreeMap<String, usize> = BTreeMap::new();
        let texts = nothing.iter().filter_map(|cell| cell.as_str());
        for text in texts.filter(|text| ty.is_some() || is_nothing_anywhere(text)) {
            *words.entry(text.to_owned()).or_default() += 1;
        }
        (!words.is_empty()).then_some(Self { words, ty })
    }

    fn finding(&self, (table, column): Column, is_private: bool) -> Finding {
        let rows = self.words.values().sum::<usize>();
        let commonest = self.words.iter().max_by_key(|(_, rows)| **rows);
        let example = commonest.filter(|_| !is_private);
        let example = example.map_or_else(String::new, |(text, _)| format!(", such as `{text}`"));
        let message = format!(
            "`{table}.{column}` is read as text, so words for no value are texts, not missing values, in {}{example}",
            marks(Locale::EnUs).counted(rows, "row"),
        );
        let help = match self.ty {
            Some(ty) => format!(
                "the others are times; `{}` in config reads them all, and these as missing",
                types_entry(&column, &ty.to_string())
            ),
            None if is_private => "leave such cells empty where they come from".to_owned(),
            None => {
                let words: Vec<String> = self.words.keys().map(|text| quoted(text)).collect();
                format!(
                    "leave such cells empty where they come from, or ask for `{column} in ({})` as well",
                    words.join(", ")
                )
            }
        };
        Finding::new(Code::MisreadColumn, message).help(help)
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Whether a text stands for nothing in any column: `NA` is also a country, and `000000` may be a number.
fn is_nothing_anywhere(text: &str) -> bool {
    let text = text.trim();
    !text.eq_ignore_ascii_case("na") && !text.contains(|c: char| c.is_ascii_digit())
}

/// The type that reads values as times; `None` if they are not times, or there are none.
fn times(values: &[&OwnedCell], column: &str, clock: &Clock) -> Option<ColumnType> {
    let is_read = |ty| {
        let is_time = |cell: &&&OwnedCell| read_cell(cell.lent(), ty, clock.zone) != Value::Missing;
        values.iter().filter(is_time).count() * 10 >= values.len() * 9
    };
    if values.is_empty() {
        return None;
    }
    if is_read(ColumnType::Instant) {
        return Some(ColumnType::Instant);
    }
    let of = Samples {
        column,
        plausible: &Plausible::at(clock.now),
    };
    let looks = Looks::of(ColumnType::Instant, of, values, true)?;
    match looks.types.as_slice() {
        [(_, ty)] if is_read(*ty) => Some(*ty),
        _ => None,
    }
}
