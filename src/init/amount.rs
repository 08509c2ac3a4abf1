//! Which columns hold amounts of money.

use super::data::Guessed;
use super::tables::{Seen, share};
use super::words::{is_among, words};
use crate::catalog::{TableColumn, column_type};
use crate::value::ColumnType;

/// Words for amounts, the likeliest to be what somebody paid first.
const AMOUNTS: &str = "amount total paid price sum revenue gross net fee cost value charge subtotal payment \
    donation betrag summe preis umsatz montant prix importe monto bedrag";

/// Words that make a number none.
const NONE: &str = "id no nr number num count counts quantity qty units items percent percentage pct rate ratio \
    share tax vat discount tip tips shipping weight score points hours minutes seconds days \
    weeks months years year month age phone zip code visits orders sessions credits km kg type \
    currency balance deductible refund refunded refunds outstanding due";

/// A column of amounts and how config has to call it; none where the declaration tells.
pub(super) struct Amount {
    pub(super) column: String,
    pub(super) ty: Option<&'static str>,
    /// Whether it is zero in every row, and how likely its name is.
    rank: (bool, usize),
}

/// The amounts of a table, the likeliest to be what somebody paid first.
pub(super) fn amounts(seen: &Seen<'_>) -> Vec<Amount> {
    let columns = seen.table.columns.iter();
    let mut amounts: Vec<Amount> = columns.filter_map(|column| amount(seen, column)).collect();
    amounts.sort_by_key(|amount| amount.rank);
    amounts
}

fn amount(seen: &Seen<'_>, column: &TableColumn) -> Option<Amount> {
    let name = words(&column.name);
    let declared = column_type(&column.declared);
    let called_money = ["MONEY", "CURRENCY"]
        .iter()
        .any(|word| column.declared.to_uppercase().contains(word));
    let is_cents = name
        .last()
        .is_some_and(|last| ["cents", "cent", "pence"].contains(&last.as_str()));
    let mut ranked = AMOUNTS.split(' ');
    let word = ranked.position(|word| name.iter().any(|n| n == word));
    let rank = word.or((called_money || is_cents).then_some(usize::MAX))?;
    let is_none = name.iter().any(|n| is_among(NONE, n)) || name.len() > 4;
    let key = seen.table.primary_key.contains(&column.name);
    if is_none || key || !can_be_written(&column.name) {
        return None;
    }
    // Texts are amounts where all of them are numbers.
    let filled = seen.filled(&column.name);
    let is_number = |least: f64| share(&filled, |cell| cell.number().is_some()) >= least;
    let fits = match declared {
        Some(ColumnType::Number | ColumnType::Money | ColumnType::Cents) => {
            filled.is_empty() || is_number(0.8)
        }
        Some(ColumnType::Text) => !filled.is_empty() && is_number(1.0),
        None => called_money && filled.is_empty() || !filled.is_empty() && is_number(0.8),
        Some(_) => false,
    };
    let is_nought = !filled.is_empty() && filled.iter().all(|cell| cell.number() == Some(0.0));
    let ty = match declared {
        _ if is_cents => Some("cents"),
        Some(ColumnType::Money) => None,
        _ => Some("money"),
    };
    fits.then(|| Amount {
        column: column.name.clone(),
        ty,
        rank: (is_nought, rank),
    })
}

/// Whether conditions in a rule file can name a column, in backticks or without.
pub(super) fn can_be_written(name: &str) -> bool {
    name.chars()
        .all(|c| c.is_alphanumeric() || c == '_' || c == ' ' || c == '-')
        && name.trim() == name
        && !name.starts_with('-')
}
