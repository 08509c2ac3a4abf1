//! Which columns hold amounts of money.

use super::Wishes;
use super::currency::in_heading;
use super::data::Guessed;
use super::lexicon::Terms;
use super::lexicon::amounts::{AMOUNTS, ASIDE, NO_AMOUNTS, WITH};
use super::tables::{Seen, share};
use super::text::can_be_written;
use super::undecided::Undecided;
use super::words::{is_among, words};
use crate::catalog::{TableColumn, column_type};
use crate::engine::{Looks, OwnedCell};
use crate::time::{Plausible, Samples};
use crate::value::{ColumnType, Currency, Money, Notation, Type};

/// A column of amounts.
pub(super) struct Amount {
    pub(super) column: String,
    pub(super) ty: ColumnType,
    /// Whether it can be an amount that somebody paid.
    pub(super) is_paid: bool,
    /// The sort key: whether it is zero in every row, then the rank of its name.
    rank: (bool, usize),
}

/// The columns of a table that hold amounts.
pub(super) struct Amounts {
    /// Sorted so that the likeliest to be the amount paid comes first.
    pub(super) known: Vec<Amount>,
    /// Columns where the decimal and the thousands separator cannot be told apart.
    pub(super) undecided: Vec<Undecided>,
}

/// Finds the amounts of a table; `now` is in microseconds.
pub(super) fn amounts(seen: &Seen<'_>, wishes: &Wishes, now: i64) -> Amounts {
    let (mut known, mut undecided) = (Vec::new(), Vec::new());
    for column in &seen.table.columns {
        let Some(word) = called(seen, column) else {
            continue;
        };
        let filled = seen.filled(&column.name);
        let is_nought = !filled.is_empty() && filled.iter().all(|c| c.number() == Some(0.0));
        match read(seen, column, wishes, now) {
            Some(Ok(ty)) => known.push(Amount {
                column: column.name.clone(),
                ty,
                is_paid: !is_aside(&column.name),
                rank: (is_nought, word),
            }),
            Some(Err(either)) => undecided.push(either),
            None => {}
        }
    }
    known.sort_by_key(|amount| amount.rank);
    Amounts { known, undecided }
}

/// Whether a column is named like an amount.
pub(super) fn is_called_amount(seen: &Seen<'_>, column: &TableColumn) -> bool {
    called(seen, column).is_some()
}

/// Whether a name is that of an amount.
pub fn is_named_amount(column: &str) -> bool {
    let name = words(column);
    let is_amount = name.iter().any(|word| AMOUNTS.has(word));
    is_amount && !NO_AMOUNTS.are_in(&name) && name.len() <= 4
}

/// The rank of a column's name as an amount, with the likeliest lowest; none where neither the name nor a currency
/// suggests one.
fn called(seen: &Seen<'_>, column: &TableColumn) -> Option<usize> {
    let name = words(&column.name);
    let word = name.iter().filter_map(|word| AMOUNTS.rank(word)).min();
    let is_money = || {
        is_declared_money(column)
            || is_cents(column)
            || in_heading(&column.name).is_some()
            || has_currency(&seen.filled(&column.name))
    };
    let is_none = NO_AMOUNTS.are_in(&name) || name.len() > 4;
    let key = seen.table.primary_key.contains(&column.name);
    if is_none || key || !can_be_written(&column.name) {
        return None;
    }
    word.or_else(|| is_money().then_some(usize::MAX))
}

/// Whether nearly all of these cells are numbers with a currency, whatever their column is called.
fn has_currency(filled: &[&OwnedCell]) -> bool {
    let has_one = |cell: &&OwnedCell| {
        // `6 ft` is feet, and `6 Ft` is forints.
        let written = cell.text().and_then(Currency::written_in);
        written.is_some_and(|(written, _)| written != "ft")
    };
    !filled.is_empty() && share(filled, has_one) >= 0.9
}

/// Whether an amount comes on top of what somebody paid or reduces it, such as a tax, but not a total that includes
/// tax.
fn is_aside(column: &str) -> bool {
    let name = words(column);
    let has = |terms: &Terms| name.iter().any(|word| terms.has(word));
    has(&ASIDE) && !has(&WITH)
}

fn is_declared_money(column: &TableColumn) -> bool {
    let declared = column.declared.to_uppercase();
    ["MONEY", "CURRENCY"]
        .iter()
        .any(|word| declared.contains(word))
}

fn is_cents(column: &TableColumn) -> bool {
    let name = words(&column.name);
    name.last()
        .is_some_and(|last| is_among("cents cent pence", last))
}

/// The type that reads a column's values as amounts, or the two types between which nothing decides. None where they
/// are not amounts.
fn read(
    seen: &Seen<'_>,
    column: &TableColumn,
    wishes: &Wishes,
    now: i64,
) -> Option<Result<ColumnType, Undecided>> {
    if let Some(said) = wishes.ty(seen.name, &column.name) {
        return (said.value_type() == Type::Money).then_some(Ok(said));
    }
    let declared = column_type(&column.declared);
    let plain = match is_cents(column) {
        true => ColumnType::Cents,
        false => ColumnType::Money,
    };
    let filled = seen.filled(&column.name);
    if filled.is_empty() {
        let is_number = matches!(
            declared,
            Some(ColumnType::Number | ColumnType::Money | ColumnType::Cents)
        );
        let is_money = declared.is_none() && is_declared_money(column);
        return (is_number || is_money).then_some(Ok(plain));
    }
    let is_number = |least: f64| share(&filled, |cell| cell.number().is_some()) >= least;
    let is_plain = match declared {
        Some(ColumnType::Number | ColumnType::Money | ColumnType::Cents) | None => is_number(0.8),
        // Texts are amounts if all of them are numbers.
        Some(ColumnType::Text) => is_number(1.0),
        Some(_) => return None,
    };
    let is_text = share(&filled, |cell| cell.text().is_some()) >= 0.8;
    let plausible = Plausible::at(now);
    let of = Samples {
        column: &column.name,
        plausible: &plausible,
    };
    let looks = is_text.then(|| Looks::of(ColumnType::Money, of, &filled, true));
    let telling = seen.telling(&column.name);
    let example = telling.iter().find_map(|cell| cell.text());
    let looks = looks.flatten().map(|looks| Looks {
        shown: format!("{}, such as `{}`", looks.words, example.unwrap_or_default()),
        ..looks
    });
    let either = looks
        .as_ref()
        .and_then(|looks| Undecided::of(seen, &column.name, looks));
    match (either, looks) {
        (Some(either), _) => Some(Err(either)),
        _ if is_plain => Some(Ok(match plain {
            ColumnType::Money => form_of(&filled).unwrap_or(plain),
            _ => plain,
        })),
        (None, looks) => match looks.and_then(|looks| looks.types.first().cloned()) {
            Some((_, ty)) => Some(Ok(ty)),
            None if is_text => Undecided::of_notations(seen, &column.name).map(Err),
            None => None,
        },
    }
}

/// The type that reads amounts of which some are not written as plain numbers, most often the negative ones:
/// `20.34-`, `(20.34)`. None where all are plain, where no notation reads all of them, or where two notations read
/// them differently.
fn form_of(filled: &[&OwnedCell]) -> Option<ColumnType> {
    let has_digit = |text: &&str| text.contains(|c: char| c.is_ascii_digit());
    let texts = filled.iter().filter_map(|cell| cell.text());
    let texts: Vec<&str> = texts.map(str::trim).filter(has_digit).collect();
    let plain = |text: &str| Money::parse(text).map(|read| read.amount);
    if texts.iter().all(|text| plain(text).is_some()) {
        return None;
    }
    let amounts = |notation: Notation| -> Option<(Notation, Vec<Money>)> {
        let read = texts.iter().map(|text| {
            let amount = plain(&notation.amount(text)?)?;
            (plain(text).is_none_or(|plain| plain == amount)).then_some(amount)
        });
        Some((notation, read.collect::<Option<_>>()?))
    };
    let mut read = Notation::ALL.into_iter().filter_map(amounts);
    let (notation, first) = read.next()?;
    let is_one = read.all(|(_, other)| other == first);
    is_one.then_some(ColumnType::MoneyAs(notation))
}
