//! Decides which rows the values of a column exclude, given what its name says.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use super::gone::by_time;
use super::words::is_state_of;
use super::{Exclusion, Sign};
use crate::catalog::{TableColumn, column_type};
use crate::engine::Cell;
use crate::init::counted::{Counted, Value};
use crate::init::data::{Guessed, as_text};
use crate::init::lexicon::Terms;
use crate::init::lexicon::private::{NO, YES};
use crate::init::lexicon::states::{CAME, CONFIRMED, LATE, PAID, UNDONE_STATES};
use crate::init::tables::Seen;
use crate::init::text::quoted;
use crate::init::words::{is_among, words};
use crate::value::ColumnType;

/// The maximum number of texts in a condition.
const MOST: usize = 20;
/// The maximum number of statuses, whatever their column is called.
const STATES: usize = 12;

/// What is known about a column.
pub(super) struct Held<'h> {
    /// Its name in conditions.
    pub(super) name: &'h str,
    /// Its values, if there are few distinct ones.
    pub(super) counted: Option<&'h Counted>,
    /// The statuses of rows that reduce the amount paid.
    pub(super) paid_back: &'h BTreeSet<String>,
    /// The type under which config reads it, where that differs from the declaration.
    pub(super) ty: Option<ColumnType>,
}

/// Judges a column by what is known about it; none where that decides nothing.
pub(super) fn judge(
    seen: &Seen<'_>,
    column: &TableColumn,
    held: &Held<'_>,
    sign: Sign<'_>,
) -> Option<Exclusion> {
    let (name, counted) = (held.name, held.counted);
    let declared = column_type(&column.declared);
    let by_values = counted.and_then(|counted| {
        let of = Values {
            column: &column.name,
            name,
            counted,
            paid_back: held.paid_back,
        };
        match declared {
            Some(ColumnType::Text) => of.texts(sign),
            Some(ColumnType::Number) => of.numbers(sign),
            Some(ColumnType::Boolean) => of.truths(sign),
            _ => None,
        }
    });
    by_values.or_else(|| {
        let (condition, share) = by_time(seen, column, (name, held.ty), sign)?;
        Some(Exclusion {
            column: column.name.clone(),
            condition,
            share,
            counted: Counted::new(),
            left_out: Counted::new(),
        })
    })
}

/// The values of a column, and its name in conditions.
struct Values<'v> {
    column: &'v str,
    name: &'v str,
    counted: &'v Counted,
    paid_back: &'v BTreeSet<String>,
}

impl Values<'_> {
    fn has_missing(&self) -> bool {
        self.counted.contains_key(&Value::Missing)
    }

    /// Makes an exclusion from a condition that only these values meet.
    fn where_only(&self, condition: String, counts: impl Fn(&Value) -> bool) -> Exclusion {
        let all = self.counted.clone().into_iter();
        let (counted, left_out): (Counted, Counted) = all.partition(|(value, _)| counts(value));
        Exclusion {
            column: self.column.to_owned(),
            condition,
            share: part(left_out.values().sum(), self.counted.values().sum()),
            counted,
            left_out,
        }
    }

    fn texts(&self, sign: Sign<'_>) -> Option<Exclusion> {
        let is_text = |value: &Value| matches!(value, Value::Text(_) | Value::Missing);
        if !self.counted.keys().all(is_text) {
            return None;
        }
        match sign {
            Sign::States(lists) => {
                let is_bad = |text: &str| lists.iter().any(|list| is_state_of(text, list));
                self.without(|text| is_bad(text) && !self.paid_back.contains(text))
            }
            Sign::Came => self.came(),
            Sign::For | Sign::Against => self.answers(matches!(sign, Sign::Against)),
        }
    }

    /// Rows of people who came, where the column holds more than yes and no.
    fn came(&self) -> Option<Exclusion> {
        let is_there = |text: &str| is_yes(text) || CAME.has(text) || LATE.has(text);
        let is_no = |text: &str| NO.has(text) || is_state_of(text, &UNDONE_STATES);
        let says = |value: &Value, says: &dyn Fn(&str) -> bool| value.text().is_some_and(says);
        if !self.counted.keys().any(|value| says(value, &is_there)) {
            return None;
        }
        let is_clear = |value: &Value| says(value, &is_there) || says(value, &is_no);
        match self.counted.keys().all(is_clear) {
            true => self.without(is_no),
            false => self.only(is_there),
        }
    }

    /// Answers to the question that the column's name asks.
    fn answers(&self, is_against: bool) -> Option<Exclusion> {
        let texts = || self.counted.keys().filter_map(Value::text);
        let (has_yes, has_no) = (texts().any(is_yes), texts().any(|t| NO.has(t)));
        let is_clear = texts().all(|text| is_yes(text) || NO.has(text));
        // A cross means yes, and an empty cell means no.
        let is_marked = has_yes && !has_no && self.counted.keys().any(Value::is_empty);
        match (is_against, is_clear) {
            (true, true) => self.without(is_yes),
            (true, false) if has_yes && has_no => self.without(is_yes),
            (false, true) if is_marked => self.only(is_yes),
            (false, true) => self.without(|text| NO.has(text)),
            (false, false) if has_yes && has_no => self.only(is_yes),
            _ => None,
        }
    }

    /// A condition for all but some texts; none where there are none of those, or too many.
    fn without(&self, is_bad: impl Fn(&str) -> bool) -> Option<Exclusion> {
        let is_bad = |value: &Value| value.text().is_some_and(&is_bad);
        let texts = self.quoted(&is_bad)?;
        let value = match self.has_missing() {
            true => format!("default({}, \"\")", self.name),
            false => self.name.to_owned(),
        };
        let condition = match texts.as_slice() {
            [only] => format!("{value} != {only}"),
            several => format!("{value} not in ({})", several.join(", ")),
        };
        Some(self.where_only(condition, |value| !is_bad(value)))
    }

    /// A condition for some texts and nothing else.
    fn only(&self, is_good: impl Fn(&str) -> bool) -> Option<Exclusion> {
        let is_good = |value: &Value| value.text().is_some_and(&is_good);
        let texts = self.quoted(&is_good)?;
        let condition = match texts.as_slice() {
            [only] => format!("{} = {only}", self.name),
            several => format!("{} in ({})", self.name, several.join(", ")),
        };
        Some(self.where_only(condition, is_good))
    }

    /// The texts as stored, quoted for conditions; none where there are none, or not all can be quoted.
    fn quoted(&self, is_meant: &impl Fn(&Value) -> bool) -> Option<Vec<String>> {
        let meant = self.counted.keys().filter(|value| is_meant(value));
        let texts = meant.filter_map(|value| match value {
            Value::Text(text) => Some(text),
            Value::Missing | Value::Whole(_) | Value::Other => None,
        });
        let texts: Vec<&String> = texts.collect();
        let is_plain = |text: &&String| text.chars().all(|c| !c.is_control());
        let fits = (1..=MOST).contains(&texts.len()) && texts.iter().all(is_plain);
        fits.then(|| texts.into_iter().map(|text| quoted(text)).collect())
    }

    /// A condition for a flag of 0 and 1, or a code of 0, 1 and 2: rows with another value than the usual one do not
    /// count. None where the column has any other values.
    fn numbers(&self, sign: Sign<'_>) -> Option<Exclusion> {
        let has = |whole: i64| self.counted.contains_key(&Value::Whole(whole));
        let is_flag = |value: &Value| matches!(value, Value::Missing | Value::Whole(0 | 1));
        let is_code = |value: &Value| is_flag(value) || *value == Value::Whole(2);
        let is_some = has(0) || has(1);
        let keys = || self.counted.keys();
        if !is_some || !(keys().all(is_flag) || keys().all(is_code) && has(0) && has(1)) {
            return None;
        }
        let usual = match sign {
            Sign::Against => 0,
            Sign::For | Sign::Came => 1,
            Sign::States(_) => return None,
        };
        let value = match self.has_missing() {
            true => format!("default({}, {usual})", self.name),
            false => self.name.to_owned(),
        };
        Some(self.where_only(format!("{value} = {usual}"), |value| {
            matches!(value, Value::Missing) || *value == Value::Whole(usual)
        }))
    }

    fn truths(&self, sign: Sign<'_>) -> Option<Exclusion> {
        let is_flag = |value: &Value| matches!(value, Value::Missing | Value::Whole(0 | 1));
        let is_filled = self.counted.keys().any(|value| !value.is_empty());
        if !is_filled || !self.counted.keys().all(is_flag) {
            return None;
        }
        let (usual, whole, not) = match sign {
            Sign::Against => ("no", 0, "not "),
            Sign::For | Sign::Came => ("yes", 1, ""),
            Sign::States(_) => return None,
        };
        let value = match self.has_missing() {
            true => format!("default({}, {usual})", self.name),
            false => self.name.to_owned(),
        };
        Some(self.where_only(format!("{not}{value}"), |value| {
            matches!(value, Value::Missing) || *value == Value::Whole(whole)
        }))
    }
}

/// Whether a column with these values in a sample may hold statuses, so that all of its rows have to be counted;
/// `nobody` is the number of rows in the sample that are not people.
pub(super) fn may_be_states(sample: &Counted, nobody: usize) -> bool {
    let texts = sample.keys().filter(|value| value.text().is_some());
    let texts = texts.count();
    // Numbers alone are not statuses, and a column that is empty in the sample may have a few elsewhere.
    let is_of_numbers = texts == 0 && !sample.keys().all(Value::is_empty);
    !is_of_numbers && texts <= STATES + nobody
}

/// Whether a few texts are known statuses, both of rows with a result and of rows without one, whatever their column
/// is called.
pub(super) fn are_states(column: &str, counted: &Counted) -> bool {
    /// Reasons use the same words.
    const REASONS: &str = "reason grund motif motivo reden cause causa powod orsak type typ tipo";
    let texts: Vec<&str> = counted.keys().filter_map(Value::text).collect();
    let is_reason = words(column).iter().any(|word| is_among(REASONS, word));
    let bad = texts
        .iter()
        .filter(|text| is_state_of(text, &UNDONE_STATES));
    let good = texts.iter().filter(|text| is_done(text));
    let (bad, good) = (bad.count(), good.count());
    !is_reason && (2..=STATES).contains(&texts.len()) && (bad > 1 || bad == 1 && good > 0)
}

/// Whether a text is the status of a payment, of an attendance or of a confirmation.
fn is_done(text: &str) -> bool {
    [&PAID, &CAME, &CONFIRMED]
        .iter()
        .any(|terms| is_state_of(text, terms))
}

/// Those statuses that would be excluded although all of their amounts are negative: refunds count, because they
/// reduce what was paid.
pub(super) fn paid_back(
    seen: &Seen<'_>,
    (column, amount): (&str, &str),
    counted: &Counted,
    left_out: &[&Terms],
) -> BTreeSet<String> {
    let texts = counted.keys().filter_map(Value::text);
    let mut bad = texts.filter(|text| left_out.iter().any(|list| is_state_of(text, list)));
    let sample = seen.cells(column).into_iter().zip(seen.cells(amount));
    // A single row that is not negative rules a status out, and is usually in the sample.
    let takes: BTreeSet<&str> = sample
        .filter(|(_, amount)| !is_negative(amount.lent()))
        .filter_map(|(state, _)| state.text())
        .collect();
    if bad.all(|text| takes.contains(text)) {
        return BTreeSet::new();
    }
    let mut has_negative = false;
    // A column that cannot be read has no negative amounts.
    let _ = seen.each_value(amount, |cell| {
        has_negative = is_negative(cell);
        match has_negative {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    });
    if !has_negative {
        return BTreeSet::new();
    }
    let mut all: BTreeMap<String, bool> = BTreeMap::new();
    for (state, amount) in seen.values(column).iter().zip(&seen.values(amount)) {
        if let Some(text) = state.text() {
            let is_so = is_negative(amount.lent());
            match all.get_mut(text) {
                Some(negative) => *negative &= is_so,
                None => drop(all.insert(text.to_owned(), is_so)),
            }
        }
    }
    all.retain(|_, negative| *negative);
    all.into_keys().collect()
}

fn is_negative(amount: Cell<'_>) -> bool {
    match amount {
        Cell::Integer(whole) => whole < 0,
        Cell::Real(real) => real < 0.0,
        text => as_text(text).is_some_and(|text| {
            let text = text.trim();
            text.starts_with(['-', '−', '(']) || text.ends_with(['-', '−'])
        }),
    }
}

/// Whether a text means yes, or is a cross or a tick on a list.
fn is_yes(text: &str) -> bool {
    YES.has(text) || matches!(text, "x" | "X" | "✓" | "✔")
}

#[allow(clippy::cast_precision_loss)]
fn part(of: usize, all: usize) -> f64 {
    of as f64 / all.max(1) as f64
}
