//! Types that a column's declaration does not tell.

use super::amount::amounts;
use super::data::Guessed;
use super::tables::{Seen, share};
use crate::catalog::column_type;

/// By column: amounts, cents, times kept as text, and what columns
/// hold that declare nothing.
pub(super) fn types(seen: &Seen<'_>, texts: &[Option<&String>]) -> Vec<(String, &'static str)> {
    let amounts = amounts(seen);
    let columns = seen.table.columns.iter();
    let typed = columns.filter_map(|column| {
        let name = column.name.to_lowercase();
        let declared = column.declared.to_uppercase();
        let text = declared.is_empty() || declared.contains("TEXT") || declared.contains("CHAR");
        let filled = seen.filled(&column.name);
        let dates = share(&filled, |cell| {
            cell.text()
                .is_some_and(|text| crate::time::read_date(text.as_bytes()).is_some())
        });
        let is_time = filled.is_empty() || dates >= 0.8;
        let amount = amounts.iter().find(|amount| amount.column == column.name);
        let ty = if texts.contains(&Some(&column.name)) {
            "text"
        } else if let Some(amount) = amount {
            amount.ty?
        } else if text && is_time && (name.ends_with("birthday") || name.ends_with("_on")) {
            "date"
        } else if text && is_time && name.ends_with("_at") {
            "instant"
        } else if column_type(&column.declared).is_some() {
            return None;
        } else if !filled.is_empty()
            && share(&filled, |cell| {
                cell.number().is_some() && cell.text().is_none()
            }) >= 0.8
        {
            "number"
        } else if declared.is_empty() {
            "text"
        } else {
            return None;
        };
        Some((column.name.clone(), ty))
    });
    // What the declaration tells anyway needs no word.
    let told = |name: &str| {
        let mut columns = seen.table.columns.iter();
        let column = columns.find(|column| column.name == name);
        column.and_then(|column| column_type(&column.declared))
    };
    typed
        .filter(|(name, ty)| *ty != "text" || told(name).is_none())
        .collect()
}
