//! Finds rows that should not count: deleted, cancelled, refused. Names show which columns might decide that, and
//! values show whether they do.

mod gone;
mod judged;
mod told;
mod words;

pub(super) use self::told::{told, told_undecided};

use std::collections::BTreeSet;

use self::judged::{Held, are_states, judge, may_be_states, paid_back};
use self::words::{is_all, is_state};
use super::counted::{Counted, Value};
use super::lexicon::Terms;
use super::lexicon::states::{
    CAME, CONFIRMED, GONE, GONE_STATES, PAID, SILENT, THERE, UNDONE, UNDONE_STATES, UNPAID_STATES,
    WILLING,
};
use super::tables::Seen;
use super::text::{can_be_written, written};
use super::words::words;
use crate::value::ColumnType;

/// A condition for the rows that count, and the share that do not.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Exclusion {
    pub(super) column: String,
    pub(super) condition: String,
    /// The share of excluded rows, from 0 to 1.
    pub(super) share: f64,
    /// The values of the rows that count, and of those that do not; empty where the condition is not based on values.
    counted: Counted,
    left_out: Counted,
}

/// What the columns of a table say about which of its rows count.
#[derive(Debug, Default)]
pub(super) struct Judged {
    pub(super) excluded: Vec<Exclusion>,
    /// Conditions that would exclude so many rows that they are probably not intended.
    pub(super) doubted: Vec<Exclusion>,
    /// Columns that exclude no rows, although their names suggest it: the values of each.
    pub(super) undecided: Vec<(String, Counted)>,
}

/// The types under which config reads columns, by column, where the declaration does not determine them.
pub(super) type Known<'t> = &'t [(String, ColumnType)];

/// Which rows of the people's table are included.
pub(super) fn of_people(seen: &Seen<'_>, types: Known<'_>) -> Judged {
    let asked = Asked {
        types,
        ..Asked::default()
    };
    judged(seen, &asked, |name| {
        if is_all(name, &GONE) {
            Some(Sign::Against)
        } else if is_all(name, &THERE) {
            Some(Sign::For)
        } else {
            is_state(name).then_some(Sign::States(&[&GONE_STATES]))
        }
    })
}

/// Who may be mailed. This does not decide who is included.
pub(super) fn of_mail(seen: &Seen<'_>, types: Known<'_>) -> Option<Exclusion> {
    let asked = Asked {
        types,
        ..Asked::default()
    };
    let judged = judged(seen, &asked, |name| {
        let all = name.concat();
        let is = |terms: &Terms| terms.has(all.strip_prefix("is").unwrap_or(&all));
        match (is(&SILENT), is(&WILLING)) {
            (true, _) => Some(Sign::Against),
            (_, true) => Some(Sign::For),
            _ => None,
        }
    });
    judged.excluded.into_iter().next()
}

/// Which rows of a table of events count; those with an `amount` must have been paid. `lookup` leads to the rows,
/// where they are not the collection's own.
pub(super) fn of_events(
    seen: &Seen<'_>,
    amount: Option<&str>,
    lookup: Option<&str>,
    types: Known<'_>,
) -> Judged {
    let has_amounts = amount.is_some();
    let states: &[&Terms] = match has_amounts {
        true => &[&UNDONE_STATES, &UNPAID_STATES],
        false => &[&UNDONE_STATES],
    };
    let asked = Asked {
        types,
        lookup,
        amount,
        by_values: Some(Sign::States(states)),
    };
    judged(seen, &asked, |name| {
        if is_all(name, &UNDONE) {
            Some(Sign::Against)
        } else if has_amounts && is_all(name, &PAID) || is_all(name, &CONFIRMED) {
            Some(Sign::For)
        } else if is_all(name, &CAME) {
            Some(Sign::Came)
        } else {
            is_state(name).then_some(Sign::States(states))
        }
    })
}

/// What a column's name says about its values.
#[derive(Clone, Copy)]
enum Sign<'l> {
    /// Rows that have it do not count.
    Against,
    /// Rows that lack it do not count.
    For,
    /// Rows of people who did not come do not count, according to a no or a status.
    Came,
    /// Rows with a status in these lists do not count.
    States(&'l [&'l Terms]),
}

/// It is hardly ever intended to exclude more than half of the rows.
const MOST: f64 = 0.5;
/// The numbers of distinct values with which an undecided column is reported. Columns with more decide something
/// else.
const FEW: std::ops::RangeInclusive<usize> = 2..=8;

/// What the columns of a table are judged by.
#[derive(Default)]
struct Asked<'l> {
    types: Known<'l>,
    /// The lookup that leads to the rows, where they are not the collection's own.
    lookup: Option<&'l str>,
    /// The paid amount, if any.
    amount: Option<&'l str>,
    /// The sign of a column whose values are statuses, whatever it is called.
    by_values: Option<Sign<'l>>,
}

impl Asked<'_> {
    fn type_of(&self, column: &str) -> Option<ColumnType> {
        let mut types = self.types.iter();
        types.find_map(|(name, ty)| (name == column).then_some(*ty))
    }
}

fn judged<'l>(
    seen: &Seen<'_>,
    asked: &Asked<'l>,
    sign: impl Fn(&[String]) -> Option<Sign<'l>>,
) -> Judged {
    let lookup = asked.lookup;
    let mut judged = Judged::default();
    let columns = seen.table.columns.iter();
    for column in columns.filter(|column| can_be_written(&column.name)) {
        let named = sign(&words(&column.name));
        let may_be_states = || {
            let sample = seen.counted_in_sample(&column.name);
            sample.is_some_and(|sample| may_be_states(&sample, seen.nobody.len()))
        };
        if named.is_none() && (asked.by_values.is_none() || !may_be_states()) {
            continue;
        }
        let counted = seen.counted(&column.name);
        let by_values = || {
            let are_states = counted
                .as_ref()
                .is_some_and(|of| are_states(&column.name, of));
            asked.by_values.filter(|_| are_states)
        };
        let Some(sign) = named.or_else(by_values) else {
            continue;
        };
        let name = written(&column.name);
        let name = lookup.map_or_else(|| name.clone(), |lookup| format!("{lookup}.{name}"));
        let paid_back = match (sign, asked.amount, &counted) {
            (Sign::States(lists), Some(amount), Some(counted)) => {
                paid_back(seen, (&column.name, amount), counted, lists)
            }
            _ => BTreeSet::new(),
        };
        let held = Held {
            name: &name,
            counted: counted.as_ref(),
            paid_back: &paid_back,
            ty: asked.type_of(&column.name),
        };
        match judge(seen, column, &held, sign) {
            // The values of a looked-up table are reported with that table.
            Some(excluded) if lookup.is_some() => {
                judged
                    .excluded
                    .extend((excluded.share < MOST).then(|| Exclusion {
                        counted: Counted::new(),
                        left_out: Counted::new(),
                        ..excluded
                    }))
            }
            Some(excluded) if excluded.share >= MOST => judged.doubted.push(excluded),
            Some(excluded) => judged.excluded.push(excluded),
            None => {
                let few = counted.filter(|counted| {
                    let filled = counted.keys().filter(|value| !value.is_empty());
                    let is_shown = |value: &Value| match value {
                        Value::Missing | Value::Text(_) => true,
                        // Larger numbers are quantities.
                        Value::Whole(whole) => (0..10).contains(whole),
                        Value::Other => false,
                    };
                    FEW.contains(&filled.count()) && counted.keys().all(is_shown)
                });
                let undecided = few.map(|counted| (column.name.clone(), counted));
                judged.undecided.extend(undecided);
            }
        }
    }
    judged
}

/// Joins all conditions into one.
pub(super) fn together(excluded: &[Exclusion]) -> Option<String> {
    let conditions: Vec<&str> = excluded
        .iter()
        .map(|excluded| excluded.condition.as_str())
        .collect();
    (!conditions.is_empty()).then(|| conditions.join(" and "))
}
