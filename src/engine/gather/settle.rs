//! Evaluates the accounts of a table's columns: which problems to report, and which columns cannot be relied on.

use std::collections::BTreeSet;

use super::account::{Account, Counts, Rows, each_meant};
use super::again::look_again;
use super::decode::Fit;
use super::intake::Intake;
use super::met::Met;
use super::part::Part;
use super::reading::Reading;
use super::seen::Seen;
use super::tables::{ReadError, Tables};
use super::words;
use crate::engine::{OwnedCell, Problem, ProblemKind, Stale};
use crate::value::{Currency, Truth};

/// A problem that was met in a column.
struct Trouble {
    kind: ProblemKind,
    count: u64,
    /// Whether the count may be too low.
    is_least: bool,
    /// How often each currency was met, most frequent first, if that is the problem.
    currencies: Vec<(Currency, u64)>,
    /// Rows to choose examples from.
    rows: Vec<i64>,
}

/// What is counted separately: a kind of problem, or one of several currencies.
type Counted = (ProblemKind, Option<Currency>);

/// At most this many different examples are given.
const EXAMPLES: usize = 3;
/// How many rows are searched for examples, and how far behind the first. A large table is not read twice for them.
const LOOKED_AT: usize = 30;
const NEAR: i64 = 100_000;

/// Reports the problems in the columns of a table that was read in parts. Returns, for each account, why its column
/// cannot be relied on.
pub(super) fn settle<T: Tables>(
    reading: &mut Reading<'_, T>,
    intake: &Intake,
    parts: &[Part],
    accounts: &[Account],
) -> Result<Vec<Option<Stale>>, ReadError> {
    let plausible = reading.plausible;
    let doubts: Vec<_> = accounts
        .iter()
        .map(|account| account.doubt(reading.trust.unreadable, &plausible))
        .collect();
    let troubles = troubles(intake, accounts, reading.trust.currency);
    let mut wanted = BTreeSet::new();
    for ((account, doubt), troubles) in accounts.iter().zip(&doubts).zip(&troubles) {
        let Some(reader) = intake.readers.get(account.reader) else {
            continue;
        };
        let doubted = doubt.map(|doubt| account.doubted(doubt).rows.as_slice());
        let examples = troubles.iter().flat_map(|trouble| &trouble.rows);
        let rows = examples.chain(doubted.unwrap_or_default());
        wanted.extend(rows.map(|row| (intake.position(*row), reader.from)));
    }
    let seen = look_again(reading, &intake.select, parts, &wanted)?;
    let table = intake.select.table();
    let is_of_files = reading.tables.is_of_files(table)?;
    let mut reasons = Vec::new();
    for ((account, doubt), troubles) in accounts.iter().zip(doubts).zip(troubles) {
        let Some(reader) = intake.readers.get(account.reader) else {
            reasons.push(None);
            continue;
        };
        let look = |row: &i64| seen.get(&(intake.position(*row), reader.from));
        let name = &reader.name;
        let is_private = reading.private.has(table, name);
        let problem = |trouble: Trouble| Problem {
            kind: trouble.kind,
            table: table.to_owned(),
            column: name.clone(),
            leads_to: None,
            read_as: Some(account.ty),
            reach: None,
            count: trouble.count,
            is_least: trouble.is_least,
            currencies: match is_private {
                true => Vec::new(),
                false => written(&trouble.currencies),
            },
            example: match is_private {
                true => String::new(),
                false => examples(trouble.rows.iter().filter_map(look)),
            },
        };
        // A date that places rows in time is read twice.
        let is_twice = |kind| {
            let of_time = |other: &Account| {
                let other_name = intake.readers.get(other.reader).map(|other| &other.name);
                other.is_time && other_name == Some(name)
            };
            matches!(kind, ProblemKind::Misfit | ProblemKind::Placeholder)
                && accounts.iter().any(of_time)
        };
        let told = troubles
            .into_iter()
            .filter(|trouble| !is_twice(trouble.kind));
        reading.problems.extend(told.map(problem));
        let reason = doubt.map(|doubt| {
            let rows = account.doubted(doubt).rows.iter();
            let samples: Vec<&OwnedCell> = rows.filter_map(look).map(|seen| &seen.value).collect();
            let place = (table, name.as_str());
            words::reason(
                account,
                doubt,
                place,
                (&samples, &[]),
                &plausible,
                is_private,
            )
        });
        let reason = reason.map(|reason| match is_of_files {
            true => reason.of_files(),
            false => reason,
        });
        reasons.push(reason.map(|reason| Stale {
            reason: reason.to_string(),
        }));
    }
    Ok(reasons)
}

impl Intake {
    /// Settles the accounts of a table that is read before the others. Columns that cannot be relied on are marked as
    /// broken.
    pub(super) fn settle<T: Tables>(
        &mut self,
        reading: &mut Reading<'_, T>,
        mut accounts: Vec<Account>,
        belong: Option<&[Truth]>,
    ) -> Result<(), ReadError> {
        let rows = Rows {
            fits: &self.fits,
            columns: &self.columns,
            belong,
            at: None,
            first: 1,
        };
        for account in &mut accounts {
            account.take(&rows, &reading.plausible);
        }
        let reasons = settle(reading, self, &[self.part], &accounts)?;
        for (account, reason) in accounts.iter().zip(reasons) {
            if let (Some(stale), Some(slot)) = (reason, self.broken.get_mut(account.column)) {
                *slot = Some(stale);
            }
        }
        Ok(())
    }
}

/// What is reported for each account. If several collections read a column in the same way, the first one reports for
/// all.
fn troubles(intake: &Intake, accounts: &[Account], usual: Option<Currency>) -> Vec<Vec<Trouble>> {
    let read = |account: &Account| {
        let reader = intake.readers.get(account.reader);
        (
            reader.map(|reader| reader.from),
            account.ty,
            account.is_time,
            account.counts,
        )
    };
    let mut all: Vec<Vec<(Counted, Met)>> = Vec::with_capacity(accounts.len());
    for account in accounts {
        let alike = |known: &Account| known.is_told && read(known) == read(account);
        let before = accounts.iter().take(all.len());
        let before: Vec<(usize, &Account)> = before
            .enumerate()
            .filter(|(_, known)| alike(known))
            .collect();
        let met = match account.is_told {
            true => met(account, usual),
            false => Vec::new(),
        };
        let Some(known) = before.first().and_then(|(first, _)| all.get_mut(*first)) else {
            all.push(met);
            continue;
        };
        let mut others = before.iter().map(|(_, known)| known);
        let has_all = others.clone().all(|other| account.has_all_of(other));
        // An account without `where:` already has all rows.
        let met = match others.any(|other| other.has_all_of(account)) {
            true => Vec::new(),
            false => met,
        };
        for (what, met) in met {
            match known.iter_mut().find(|(other, _)| *other == what) {
                Some((_, all)) if has_all => *all = met,
                Some((_, together)) => together.unite(met),
                None => known.push((what, met)),
            }
        }
        all.push(Vec::new());
    }
    all.into_iter().map(|met| told_of(met, usual)).collect()
}

/// What was met in a column.
fn met(account: &Account, usual: Option<Currency>) -> Vec<(Counted, Met)> {
    let [misfit, none] = match account.is_time {
        true => [ProblemKind::UnreadableTime, ProblemKind::MissingTime],
        false => [ProblemKind::Misfit, ProblemKind::Placeholder],
    };
    let missing = account.of(Fit::MISSING).clone();
    let mut found = vec![
        (misfit, account.of(Fit::MISFIT).clone()),
        (misfit, account.of(Fit::SWAPPED).clone()),
        (none, account.of(Fit::PLACEHOLDER).clone()),
        (ProblemKind::Inexact, account.inexact()),
        (ProblemKind::ImplausibleTime, account.implausible.clone()),
        (ProblemKind::MixedTimes, mixed(account)),
    ];
    if account.is_time {
        found.push((none, missing));
    }
    let mut all: Vec<(Counted, Met)> = Vec::new();
    for (kind, met) in found {
        if met.rows.is_empty() || account.counts == Counts::Currencies {
            continue;
        }
        let what = (kind, None);
        match all.iter_mut().find(|(known, _)| *known == what) {
            Some((_, known)) => known.absorb(met),
            None => all.push((what, met)),
        }
    }
    let currencies = match account.counts {
        Counts::Everything | Counts::Currencies => account.currencies(usual),
        Counts::Values => Vec::new(),
    };
    all.extend(currencies.into_iter().map(|(currency, met)| {
        let what = (ProblemKind::SeveralCurrencies, Some(currency));
        (what, met)
    }));
    all
}

/// What is reported of the things met in a column.
fn told_of(all: Vec<(Counted, Met)>, usual: Option<Currency>) -> Vec<Trouble> {
    let is_of_currency = |((_, currency), _): &(Counted, Met)| currency.is_some();
    let (in_currencies, others): (Vec<_>, Vec<_>) = all.into_iter().partition(is_of_currency);
    let in_currencies = in_currencies
        .into_iter()
        .filter_map(|((_, currency), met)| Some((currency?, met)))
        .collect();
    let mut in_currencies = each_meant(in_currencies, usual);
    in_currencies.sort_by_key(|(_, met)| std::cmp::Reverse(met.count));
    let others = others.into_iter().map(|((kind, _), met)| told(kind, met));
    // The example is a row of the rarest currency, because that is the one to look for.
    let rarest = in_currencies.last().map(|(_, met)| &met.rows);
    let several = rarest.map(|rows| Trouble {
        kind: ProblemKind::SeveralCurrencies,
        count: in_currencies.iter().map(|(_, met)| met.count).sum(),
        is_least: false,
        currencies: in_currencies
            .iter()
            .map(|(currency, met)| (*currency, met.count))
            .collect(),
        rows: rows.iter().take(1).copied().collect(),
    });
    others.chain(several).collect()
}

fn written(currencies: &[(Currency, u64)]) -> Vec<(String, u64)> {
    let each = currencies.iter();
    each.map(|(currency, rows)| (currency.to_string(), *rows))
        .collect()
}

/// The report of one kind of problem, with the rows that may be examples.
fn told(kind: ProblemKind, met: Met) -> Trouble {
    let Met {
        count,
        mut rows,
        is_least,
    } = met;
    let first = rows.first().copied().unwrap_or_default();
    rows.retain(|row| row.saturating_sub(first) <= NEAR);
    // Values that cannot be read are written in several ways; for anything else, one example is enough.
    rows.truncate(match kind {
        ProblemKind::Misfit | ProblemKind::UnreadableTime => LOOKED_AT,
        _ => 1,
    });
    Trouble {
        kind,
        count,
        is_least,
        currencies: Vec::new(),
        rows,
    }
}

/// The first rows with different values.
fn examples<'s>(rows: impl Iterator<Item = &'s Seen>) -> String {
    let mut told: Vec<&Seen> = Vec::new();
    for row in rows.filter(|row| !row.example.is_empty()) {
        if told.iter().all(|known| known.value != row.value) {
            told.push(row);
        }
        if told.len() == EXAMPLES {
            break;
        }
    }
    let told: Vec<&str> = told.iter().map(|seen| seen.example.as_str()).collect();
    told.join(", ")
}

/// Times in more than one form: those that are not in the most frequent form.
fn mixed(account: &Account) -> Met {
    let forms = [Fit::TEXT, Fit::SECONDS, Fit::MILLISECONDS].map(|form| account.of(form));
    let all: u64 = forms.iter().map(|met| met.count).sum();
    let most = forms.iter().map(|met| met.count).max().unwrap_or(0);
    let met = forms.into_iter().filter(|met| met.count > 0);
    let rarest = met.min_by_key(|met| met.count);
    rarest
        .filter(|_| all > most)
        .map_or_else(Met::default, |rarest| Met {
            count: all - most,
            rows: rarest.rows.clone(),
            is_least: false,
        })
}
