//! What the values of a column came to, counted over the rows that belong to what is evaluated.

use std::borrow::Cow;

use super::batch_view::Span;
use super::decode::Fit;
use super::met::Met;
use crate::engine::Column;
use crate::engine::column::{MISSING_DATE, MISSING_I64};
use crate::ir::NodeId;
use crate::time::{DAY, Plausible};
use crate::value::{ColumnType, Currency, Share, Truth};

/// Whether rows of a kind that come in ascending order are close together somewhere.
#[derive(Debug, Clone)]
struct Closeness {
    /// The last two.
    last: [i64; 2],
    /// Whether three were.
    are_close: bool,
}

impl Closeness {
    /// Three rows within so many are close.
    const APART: i64 = 10;

    fn see(&mut self, row: i64) {
        let [before, last] = self.last;
        let apart = row.saturating_sub(before);
        self.are_close |= (0..Self::APART).contains(&apart);
        self.last = [last, row];
    }
}

/// What an account is kept for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counts {
    Everything,
    /// What is wrong with values; the currencies beside them have an account of their own.
    Values,
    Currencies,
}

/// A column's account.
#[derive(Debug, Clone)]
pub(super) struct Account {
    /// The column's place among the readers of the table.
    pub(super) reader: usize,
    /// Its place among the columns read.
    pub(super) column: usize,
    pub(super) ty: ColumnType,
    /// Whether rows are placed in time by it.
    pub(super) is_time: bool,
    /// Whether trouble in it is told.
    pub(super) is_told: bool,
    /// The node that says which rows belong to its collection; none where all do.
    pub(super) admitted: Option<NodeId>,
    pub(super) counts: Counts,
    /// Whether `where:` asks it which rows belong: then a row counts unless it certainly does not.
    pub(super) decides: bool,
    fits: [Met; Fit::COUNT],
    /// The times with day and month in the other order.
    swapped: Closeness,
    /// Times before those that businesses keep, or further ahead than they plan.
    pub(super) implausible: Met,
    /// Numbers that cannot be the times they are read as.
    pub(super) odd: Met,
    /// Numbers that are times, apart from those that stand for never.
    numbers: u64,
    /// Those that stand for never, and those of them that are zero.
    never: u64,
    zero: u64,
    /// The newest of the numbers.
    newest: i64,
}

/// Some rows of a table as they were read.
pub(super) struct Rows<'b> {
    /// For each reader, how each row's value fits.
    pub(super) fits: &'b [Vec<Fit>],
    pub(super) columns: &'b [Column],
    /// Whether each row belongs; none where all do.
    pub(super) belong: Option<&'b [Truth]>,
    /// The column that places them in time, and from when to when they are, where that is known already.
    pub(super) at: Option<(usize, Span)>,
    /// The position of the first of them; the others follow one by one.
    pub(super) first: i64,
}

/// Why a column is not to be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    /// Too many values cannot be read.
    Unreadable,
    /// Some rows have day and month in the other order, so that nothing tells how the rows beside them are meant.
    Swapped,
    /// Too many numbers are no times.
    Odd,
    /// The numbers are times of a generation ago, and of today if counted from 2001.
    Aged,
}

impl Account {
    pub(super) fn new(
        (reader, column): (usize, usize),
        ty: ColumnType,
        is_time: bool,
        decides: bool,
    ) -> Self {
        Self {
            reader,
            column,
            ty,
            is_time,
            is_told: true,
            admitted: None,
            counts: Counts::Everything,
            decides,
            fits: std::array::from_fn(|_| Met::default()),
            swapped: Closeness {
                last: [i64::MIN; 2],
                are_close: false,
            },
            implausible: Met::default(),
            odd: Met::default(),
            numbers: 0,
            never: 0,
            zero: 0,
            newest: i64::MIN,
        }
    }

    /// Leaves the currencies beside the amounts of a column to an account of their own, over whatever rows are let in.
    pub(super) fn part_with_currencies(&mut self) -> Self {
        self.counts = Counts::Values;
        Self {
            admitted: None,
            counts: Counts::Currencies,
            ..self.clone()
        }
    }

    /// Takes in how often a fit was met.
    pub(super) fn meet(&mut self, fit: Fit, met: Met) {
        if let Some(known) = self.fits.get_mut(fit.place()) {
            known.absorb(met);
        }
    }

    /// Whether all rows of another account are among its own.
    pub(super) fn has_all_of(&self, other: &Self) -> bool {
        self.admitted.is_none() || self.admitted == other.admitted
    }

    /// What was met of one fit.
    pub(super) fn of(&self, fit: Fit) -> &Met {
        // The array has a place for each.
        self.fits.get(fit.place()).unwrap_or(&self.odd)
    }

    /// How many values there are, readable or not.
    pub(super) fn present(&self) -> u64 {
        let rows: u64 = self.fits.iter().map(|met| met.count).sum();
        rows - self.of(Fit::MISSING).count - self.of(Fit::PLACEHOLDER).count
    }

    /// How many values cannot be read.
    pub(super) fn unread(&self) -> u64 {
        self.of(Fit::MISFIT).count + self.of(Fit::SWAPPED).count
    }

    /// The currencies beside the amounts, where they are several.
    pub(super) fn currencies(&self, usual: Option<Currency>) -> Vec<(Currency, Met)> {
        let met = Currency::ALL.iter().map(|currency| {
            let mut met = self.of(Fit::GOOD.beside(*currency)).clone();
            met.absorb(self.of(Fit::INEXACT.beside(*currency)).clone());
            (*currency, met)
        });
        let met = each_meant(met.filter(|(_, met)| met.count > 0).collect(), usual);
        match met.len() {
            0 | 1 => Vec::new(),
            _ => met,
        }
    }

    /// What was read with a loss, whatever stands beside it.
    pub(super) fn inexact(&self) -> Met {
        let mut all = self.of(Fit::INEXACT).clone();
        for currency in Currency::ALL {
            all.absorb(self.of(Fit::INEXACT.beside(*currency)).clone());
        }
        all
    }

    /// Whether some of the rows have day and month in the other order: more than slips of the pen would be, or close together, as
    /// where a later export is written otherwise. Where most have, all are.
    fn is_swapped(&self) -> bool {
        /// Fewer are slips, and so are those that are so rare and lie so far apart.
        const LEAST: u64 = 3;
        const ONE_IN: u64 = 100;
        let (count, present) = (self.of(Fit::SWAPPED).count, self.present());
        let is_some = count >= LEAST && count * 2 <= present;
        is_some && (count * ONE_IN > present || self.swapped.are_close)
    }

    /// Counts some rows.
    pub(super) fn take(&mut self, rows: &Rows<'_>, plausible: &Plausible) {
        let (Some(fits), Some(column)) =
            (rows.fits.get(self.reader), rows.columns.get(self.column))
        else {
            return;
        };
        let decides = self.decides;
        let belongs = |row: usize| match rows.belong {
            None => true,
            Some(answers) => match answers.get(row).or(answers.first()) {
                Some(Truth::Unknown) => decides,
                answer => answer == Some(&Truth::Yes),
            },
        };
        let alike = fits
            .first()
            .filter(|first| rows.belong.is_none() && are_all(fits, **first));
        match alike.and_then(|fit| self.fits.get_mut(fit.place())) {
            Some(met) => {
                met.add_all(rows.first, fits.len());
                self.swapped.are_close |= alike == Some(&Fit::SWAPPED) && fits.len() > 2;
            }
            None => {
                let counted = (rows.first..).zip(fits).enumerate();
                for (_, (row, fit)) in counted.filter(|(place, _)| belongs(*place)) {
                    if let Some(met) = self.fits.get_mut(fit.place()) {
                        met.add(row);
                    }
                    if *fit == Fit::SWAPPED {
                        self.swapped.see(row);
                    }
                }
            }
        }
        let Some(times) = instants(column, self.is_time) else {
            return;
        };
        let has_numbers = match alike {
            Some(fit) => is_number(*fit),
            None => fits.iter().any(|fit| is_number(*fit)),
        };
        if !has_numbers && !self.is_time {
            return;
        }
        let span = match rows.at {
            Some((column, span)) if column == self.column => span,
            _ => Span::of(&times),
        };
        let is_fine =
            span.is_empty() || plausible.contains(span.earliest) && plausible.contains(span.latest);
        if !has_numbers && is_fine {
            return;
        }
        if alike.is_some() && is_fine {
            self.numbers += times.len() as u64;
            self.newest = self.newest.max(span.latest);
            return;
        }
        let each = (rows.first..).zip(times.iter().zip(fits)).enumerate();
        for (_, (row, (at, fit))) in each.filter(|(place, _)| belongs(*place)) {
            if *at != MISSING_I64 {
                self.take_time(row, *at, is_number(*fit), plausible);
            }
        }
    }

    /// Adds what another thread counted of the same column.
    pub(super) fn absorb(&mut self, other: Self) {
        for (met, more) in self.fits.iter_mut().zip(other.fits) {
            met.absorb(more);
        }
        self.implausible.absorb(other.implausible);
        self.odd.absorb(other.odd);
        self.swapped.are_close |= other.swapped.are_close;
        self.numbers += other.numbers;
        self.never += other.never;
        self.zero += other.zero;
        self.newest = self.newest.max(other.newest);
    }

    fn take_time(&mut self, row: i64, at: i64, is_number: bool, plausible: &Plausible) {
        if self.is_time && !plausible.contains(at) {
            self.implausible.add(row);
        }
        if !is_number {
            return;
        }
        if Plausible::is_never(at) {
            self.never += 1;
            self.zero += u64::from(at == 0);
            return;
        }
        self.numbers += 1;
        self.newest = self.newest.max(at);
        let odd = match self.is_strict() {
            true => plausible.is_odd_time(at),
            false => Plausible::is_odd_number(at),
        };
        if odd {
            self.odd.add(row);
        }
    }

    /// Whether its numbers have to be times that a business keeps: not where config says itself what they
    /// are, nor where they may be birthdays and days on which something expires.
    fn is_strict(&self) -> bool {
        let says = matches!(
            self.ty,
            ColumnType::Unix | ColumnType::UnixMs | ColumnType::InstantAs(..)
        );
        self.is_time && !says
    }

    /// Whether more than the tolerated share of the values is nothing to build on.
    pub(super) fn doubt(&self, tolerated: Share, plausible: &Plausible) -> Option<Doubt> {
        if self.counts == Counts::Currencies {
            return None;
        }
        let prevails = |count: u64, of: u64| tolerated.is_exceeded_by(count, of);
        let present = self.present();
        if self.is_swapped() {
            return Some(Doubt::Swapped);
        }
        if prevails(self.unread(), present) {
            return Some(Doubt::Unreadable);
        }
        let odd = self.odd.count;
        let nearly_all = odd > 0 && odd * 10 >= self.numbers * 9;
        if prevails(odd, present - self.never) && (self.is_strict() || nearly_all) {
            return Some(Doubt::Odd);
        }
        if self.is_time && self.zero == present && prevails(self.zero, present) {
            return Some(Doubt::Odd);
        }
        let seconds = self.of(Fit::SECONDS).count;
        let aged = self.is_strict() && plausible.is_of_2001(self.newest);
        (aged && prevails(seconds, present)).then_some(Doubt::Aged)
    }

    /// The rows in which what is doubted was met first.
    pub(super) fn doubted(&self, doubt: Doubt) -> &Met {
        match doubt {
            Doubt::Unreadable if self.of(Fit::MISFIT).count == 0 => self.of(Fit::SWAPPED),
            Doubt::Unreadable => self.of(Fit::MISFIT),
            Doubt::Swapped => self.of(Fit::SWAPPED),
            Doubt::Odd if self.odd.count == 0 => &self.implausible,
            Doubt::Odd => &self.odd,
            Doubt::Aged => self.of(Fit::SECONDS),
        }
    }
}

/// The currencies met, those under a sign that several share with the one that it stands for.
pub(super) fn each_meant(
    met: Vec<(Currency, Met)>,
    usual: Option<Currency>,
) -> Vec<(Currency, Met)> {
    let known: Vec<Currency> = met.iter().map(|(currency, _)| *currency).collect();
    let mut each: Vec<(Currency, Met)> = Vec::with_capacity(met.len());
    for (currency, met) in met {
        let meant = currency.meant(|one| known.contains(&one), usual);
        match each.iter_mut().find(|(known, _)| *known == meant) {
            Some((_, known)) => known.absorb(met),
            None => each.push((meant, met)),
        }
    }
    each
}

/// Whether all fit so: without leaving off at the first that does not, which a processor does for many at a time.
fn are_all(fits: &[Fit], one: Fit) -> bool {
    fits.iter().fold(true, |all, fit| all & (*fit == one))
}

fn is_number(fit: Fit) -> bool {
    matches!(fit, Fit::SECONDS | Fit::MILLISECONDS | Fit::COUNTED)
}

/// A column's times in microseconds; dates only where they place rows in time.
fn instants(column: &Column, is_time: bool) -> Option<Cow<'_, [i64]>> {
    match column {
        Column::Instant(times) => Some(Cow::Borrowed(times)),
        Column::Date(days) if is_time => {
            let instant = |day: &i32| match *day {
                MISSING_DATE => MISSING_I64,
                day => i64::from(day) * DAY,
            };
            Some(Cow::Owned(days.iter().map(instant).collect()))
        }
        _ => None,
    }
}
