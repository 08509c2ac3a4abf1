//! What people did: the tables that refer to them.

use std::collections::BTreeSet;

use super::Wishes;
use super::amount::amounts;
use super::counted::Counted;
use super::currency::{Currency, InOne, currency, of_amount as currency_of};
use super::data::{Data, Guessed};
use super::exclude::{Exclusion, Judged, of_events, told, told_undecided};
use super::key::nearly;
use super::lexicon::Terms;
use super::lexicon::states::STATES;
use super::lexicon::tables::{DETAIL, DETAILS, GIFTS, UNPAID, VISITS};
use super::lookup::{LookupGuess, lookups};
use super::names::{Names, plain};
use super::private::private;
use super::tables::Seen;
use super::text::in_line;
use super::time::{Times, times};
use super::types::{Types, types};
use super::undecided::Undecided;
use super::words::{flat, words};
use crate::catalog::column_type;
use crate::config::HEALTH;
use crate::value::{ColumnType, Type};

/// A table that refers to the people.
pub(super) struct Collection {
    /// Its name in rules.
    pub(super) name: String,
    pub(super) table: String,
    /// Its column that refers to a person, or to the row that a lookup finds.
    pub(super) subject: String,
    /// Whether it refers to people through a lookup.
    pub(super) is_part: bool,
    /// The column that identifies its rows, where the table does not declare one.
    pub(super) key: Option<String>,
    /// A value of the key that several rows share nevertheless.
    repeated: Option<String>,
    pub(super) times: Times,
    pub(super) types: Vec<(String, ColumnType)>,
    /// Columns whose type cannot be determined.
    pub(super) undecided: Vec<Undecided>,
    /// Columns whose reading other columns decide, as lines for people.
    pub(super) decided: Vec<String>,
    pub(super) amount: Option<String>,
    /// Which rows count; empty for all of them.
    pub(super) excluded: Vec<Exclusion>,
    /// Conditions that would exclude at least half of the rows, which are only reported.
    pub(super) doubted: Vec<Exclusion>,
    /// Status columns that exclude no rows, with their values.
    states: Vec<(String, Counted)>,
    /// Private columns.
    pub(super) private: Vec<String>,
    pub(super) lookups: Vec<LookupGuess>,
    /// The currency of its amounts.
    pub(super) currency: Currency,
    /// The rows that can be added up, where the amounts are in several currencies.
    pub(super) in_one: Option<InOne>,
    /// The column that holds a row's status: paid, refunded, cancelled.
    pub(super) status: Option<String>,
    pub(super) rows: u64,
    /// Whether it has a column `at` that is not its time, and that rules would read instead.
    is_hidden: bool,
}

impl Collection {
    /// True where the amounts are given rather than paid.
    pub(super) fn is_giving(&self) -> bool {
        is_called(&self.table, &GIFTS)
    }

    /// True where people come to something, whatever a row costs.
    pub(super) fn is_visiting(&self) -> bool {
        is_called(&self.table, &VISITS)
    }

    pub(super) fn told(&self) -> String {
        let times = &self.times;
        let when = match (&times.at, &times.unread) {
            (Some(at), _) => format!("happened at `{}`", in_line(at)),
            (None, Some(reason)) => format!("no usable time: {}", in_line(reason)),
            (None, None) => "no time, so no windows".to_owned(),
        };
        let also: Vec<String> = times
            .also
            .iter()
            .map(|name| format!("`{}`", in_line(name)))
            .collect();
        let also = match also.is_empty() {
            true => String::new(),
            false => format!(" (other times: {})", also.join(", ")),
        };
        let amount = self
            .amount
            .as_ref()
            .map(|amount| format!("; amounts in `{}`", in_line(amount)));
        let through = match self.is_part {
            true => format!("belongs to them by {}, ", self.told_way()),
            false => String::new(),
        };
        format!(
            "{}: {through}{when}{also}{}{}{}{}{}",
            in_line(&self.table),
            amount.unwrap_or_default(),
            self.told_currencies(),
            told("; counted where", &self.excluded, ["count", "do not"]),
            told(
                "; all are counted, not only where",
                &self.doubted,
                ["would count", "would not"]
            ),
            told_undecided("counted", &self.states) + &self.told_repeated(),
        )
    }

    /// How rows refer to people through a lookup, where they do.
    fn told_way(&self) -> String {
        let subject = format!("`{}`", in_line(&self.subject));
        let lookup = self.lookups.iter().find(|lookup| {
            let rest = self.subject.strip_prefix(&lookup.name);
            rest.is_some_and(|rest| rest.starts_with('.')) && lookup.by != lookup.name
        });
        match lookup {
            Some(lookup) => format!("{subject}, found by `{}`", in_line(&lookup.by)),
            None => subject,
        }
    }

    /// Which amounts are added up, where they are in several currencies.
    fn told_currencies(&self) -> String {
        let Currency::Several(several) = &self.currency else {
            return String::new();
        };
        if !self.has_amounts() {
            return String::new();
        }
        let column = in_line(&several.named());
        let amounts = match self.amount {
            Some(_) => ",",
            None => "; amounts",
        };
        match &self.in_one {
            Some(one) => format!(
                "{amounts} in several currencies by `{column}`: sums and values cover those in {} (`{}`) and leave out about {:.0}% of the rows",
                in_line(&several.commonest),
                one.name,
                (several.share * 100.0).max(1.0)
            ),
            None => format!("{amounts} in several currencies by `{column}`, and not added up"),
        }
    }

    /// A remark that several rows share a key.
    fn told_repeated(&self) -> String {
        let Some((key, value)) = self.key.as_ref().zip(self.repeated.as_ref()) else {
            return String::new();
        };
        let example = match self.private.contains(key) {
            true => String::new(),
            false => format!(", such as {}", in_line(value)),
        };
        format!(
            "; some values of `{}` appear in several rows{example}, and each row counts: `muster check` says what to do",
            in_line(key)
        )
    }

    /// Whether it has any amounts, paid or not.
    pub(super) fn has_amounts(&self) -> bool {
        let is_mixed = |column: &String| self.undecided.iter().any(|of| of.column == *column);
        let mut types = self.types.iter();
        let is_amount = |(column, ty): &(String, ColumnType)| {
            ty.value_type() == Type::Money && !is_mixed(column)
        };
        self.amount.is_some() || types.any(is_amount)
    }

    pub(super) fn tells_when(&self) -> bool {
        self.times.at.is_some() && !self.is_hidden
    }

    /// Carts and quotes have amounts that nobody has paid; refunds have amounts that were paid back.
    pub(super) fn is_unpaid(&self) -> bool {
        words(&self.table).iter().any(|word| UNPAID.name(word))
    }
}

/// Whether a table adds details to the rows of others, in rows without a usable amount or time.
pub(super) fn is_detail(seen: &Seen<'_>) -> bool {
    is_called(&seen.called, &DETAILS)
}

/// The same for a table that refers to the people: the details of a customer are details, those of an order are its
/// lines.
pub(super) fn is_detail_of_people(seen: &Seen<'_>) -> bool {
    is_detail(seen) || is_called(&seen.called, &DETAIL)
}

/// Whether the last word of a table's name, or all of its words together, are among these terms.
fn is_called(table: &str, terms: &Terms) -> bool {
    let name = words(table);
    name.last().is_some_and(|last| terms.name(last)) || terms.name(&name.concat())
}

/// What is known about the people besides a table that refers to them.
pub(super) struct Beside<'b> {
    pub(super) data: &'b Data,
    pub(super) tables: &'b [Seen<'b>],
    /// Their own table.
    pub(super) people: &'b str,
    /// The name for one person.
    pub(super) who: &'b str,
    /// The user's wishes about the database.
    pub(super) wishes: &'b Wishes,
    /// Whether the database is on a server, which can aggregate by itself.
    pub(super) is_of_server: bool,
    pub(super) now: i64,
}

impl Beside<'_> {
    /// The times of a table's rows, according to its own columns.
    pub(super) fn times(&self, seen: &Seen<'_>) -> Times {
        let times = times(seen, self.wishes, self.now);
        match self.wishes.at(seen.name) {
            Some(at) => times.with(at),
            None => times,
        }
    }
}

/// The collection of a table whose column `subject` refers to the people.
pub(super) fn collection(
    seen: &Seen<'_>,
    subject: String,
    times: Times,
    names: &mut Names,
    beside: &Beside<'_>,
) -> Collection {
    let who = beside.who;
    let (wishes, now) = (beside.wishes, beside.now);
    let name = plain(&seen.called);
    let amounts = amounts(seen, wishes, now).known;
    let paid = amounts.into_iter().filter(|amount| amount.is_paid);
    let amounts = paid.map(|amount| amount.column);
    // Inside `where`, a column hides anything else with its name.
    let hides = |amount: &String| {
        [who, HEALTH]
            .iter()
            .any(|name| name.eq_ignore_ascii_case(amount))
    };
    let mut amounts = amounts.filter(|amount| !hides(amount));
    let mut mixed = Vec::new();
    let amount = amounts.find(|amount| {
        let currencies = Undecided::of_currencies(seen, amount);
        let is_one = currencies.is_none();
        mixed.extend(currencies);
        is_one && times.at.as_ref() != Some(amount)
    });
    let Types {
        known: mut types,
        mut undecided,
        decided,
    } = types(seen, &[], times.at.as_deref(), wishes, now);
    undecided.extend(mixed);
    // The time column of the rows is read as a time anyway, unless it is declared as a date: that would stay a date.
    types.retain(|(column, ty)| {
        let declared = seen
            .column(column)
            .and_then(|column| column_type(&column.declared));
        let is_told = match ty {
            ColumnType::Instant => declared == Some(ColumnType::Date),
            ColumnType::Date => false,
            ty => matches!(ty.value_type(), Type::Instant | Type::Date),
        };
        times.at.as_ref() != Some(column) || is_told
    });
    let is_other =
        |column: &str| column.eq_ignore_ascii_case("at") && times.at.as_deref() != Some(column);
    let Judged {
        mut excluded,
        doubted,
        undecided: mut states,
    } = of_events(seen, amount.as_deref(), None, &types);
    excluded.retain(|excluded| excluded.column != subject);
    states.retain(|(column, _)| *column != subject);
    let mut decided = decided;
    decided.extend(other_currencies(seen, amount.as_deref(), &types));
    let (key, repeated) = match (seen.table.primary_key.as_slice(), &seen.key) {
        ([_], _) => (None, None),
        (_, Some(key)) => (Some(key.clone()), None),
        (_, None) => nearly(beside.data, seen).unzip(),
    };
    Collection {
        excluded,
        doubted,
        states,
        in_one: None,
        lookups: lookups(beside.data, seen, beside.tables, beside.people, who),
        currency: currency(seen, amount.as_deref()),
        private: private(seen, &[&subject]),
        name: names.take(&name, &format!("{name}_rows")),
        table: seen.name.to_owned(),
        subject,
        is_part: false,
        key,
        repeated,
        is_hidden: seen
            .table
            .columns
            .iter()
            .any(|column| is_other(&column.name)),
        times,
        types,
        undecided,
        decided,
        amount,
        status: status(seen),
        rows: seen.profile.rows,
    }
}

/// The amounts, besides the one that was paid, whose heading or values are in another currency, as lines for people.
fn other_currencies(
    seen: &Seen<'_>,
    amount: Option<&str>,
    types: &[(String, ColumnType)],
) -> Vec<String> {
    let code = |column: &str| match currency_of(seen, column) {
        Currency::One(code) => Some(code),
        Currency::Unknown | Currency::Several(_) => None,
    };
    let Some((amount, paid)) = amount.and_then(|amount| Some((amount, code(amount)?))) else {
        return Vec::new();
    };
    let money = types
        .iter()
        .filter(|(column, ty)| ty.value_type() == Type::Money && column != amount);
    let others = money.filter_map(|(column, _)| Some((column, code(column)?)));
    let others = others.filter(|(_, other)| *other != paid);
    let told = others.map(|(column, other)| {
        format!(
            "{}.{column} is in {other}, and `{amount}` in {paid}: config shows all amounts in one currency, so add up the first by \
             itself, and read it as {other}, or convert it in a view",
            seen.name
        )
    });
    told.collect()
}

/// The column with a row's status, if it holds a few distinct texts.
fn status(seen: &Seen<'_>) -> Option<String> {
    let columns = seen.table.columns.iter();
    let called = columns.filter_map(|column| Some((STATES.rank(&flat(&column.name))?, column)));
    let few = called.filter(|(_, column)| {
        let filled = seen.filled(&column.name);
        let texts: BTreeSet<&str> = filled.iter().filter_map(|cell| cell.text()).collect();
        seen.profile.rows == 0 || (1..=12).contains(&texts.len())
    });
    let first = few.min_by_key(|(rank, _)| *rank);
    first.map(|(_, column)| column.name.clone())
}
