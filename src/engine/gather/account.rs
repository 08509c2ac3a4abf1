//! Counts how well the values of a column can be read, over the rows that belong to what is evaluated.

use std::borrow::Cow;

use super::batch_view::Span;
use super::decode::Fit;
use super::met::Met;
use crate::engine::Column;
use crate::engine::column::{MISSING_DATE, MISSING_I64};
use crate::ir::NodeId;
use crate::time::{DAY, Plausible};
use crate::value::{ColumnType, Currency, Share, Truth};

/// Whether rows of one kind, which arrive in ascending order, lie close together somewhere.
#[derive(Debug, Clone)]
struct Closeness {
    /// The last two rows.
    last: [i64; 2],
    /// Whether any three rows were close.
    are_close: bool,
}

impl Closeness {
    /// Three rows are close if they span fewer positions than this.
    const APART: i64 = 10;

    fn see(&mut self, row: i64) {
        let [before, last] = self.last;
        let apart = row.saturating_sub(before);
        self.are_close |= (0..Self::APART).contains(&apart);
        self.last = [last, row];
    }
}

/// What an account counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counts {
    Everything,
    /// Problems with values only. The currencies beside them are counted by an account of their own.
    Values,
    Currencies,
}

/// The account of one column.
#[derive(Debug, Clone)]
pub(super) struct Account {
    /// The column's place among the readers of the table.
    pub(super) reader: usize,
    /// Its place among the columns that are read.
    pub(super) column: usize,
    pub(super) ty: ColumnType,
    /// Whether this column places rows in time.
    pub(super) is_time: bool,
    /// Whether problems in this column are reported.
    pub(super) is_told: bool,
    /// The node that decides which rows belong to its collection; `None` if all rows do.
    pub(super) admitted: Option<NodeId>,
    pub(super) counts: Counts,
    /// Whether `where:` reads this column to decide which rows belong. If so, a row counts unless it certainly does not
    /// belong.
    pub(super) decides: bool,
    fits: [Met; Fit::COUNT],
    /// The times with day and month swapped.
    swapped: Closeness,
    /// Times earlier than a business would record, or further ahead than it would plan.
    pub(super) implausible: Met,
    /// Numbers that cannot be the times that they are read as.
    pub(super) odd: Met,
    /// Numbers that are times, without those that stand for "never".
    numbers: u64,
    /// Numbers that stand for "never", and how many of them are zero.
    never: u64,
    zero: u64,
    /// The newest of the numbers.
    newest: i64,
}

/// Some rows of a table, as they were read.
pub(super) struct Rows<'b> {
    /// For each reader, how each row's value fits.
    pub(super) fits: &'b [Vec<Fit>],
    pub(super) columns: &'b [Column],
    /// Whether each row belongs; `None` if all rows do.
    pub(super) belong: Option<&'b [Truth]>,
    /// The column that places the rows in time, and the time span that they cover if it is already known.
    pub(super) at: Option<(usize, Span)>,
    /// The position of the first row; the others follow one by one.
    pub(super) first: i64,
}

/// Why a column cannot be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    /// Too many values cannot be read.
    Unreadable,
    /// Some rows have day and month swapped, so the meaning of the other rows is uncertain too.
    Swapped,
    /// Too many numbers are not times.
    Odd,
    /// The numbers are times of a generation ago, but times of today if counted from 2001.
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

    /// Moves the currencies beside this column's amounts into an account of their own, for whichever rows are let in.
    pub(super) fn part_with_currencies(&mut self) -> Self {
        self.counts = Counts::Values;
        Self {
            admitted: None,
            counts: Counts::Currencies,
            ..self.clone()
        }
    }

    /// Adds the rows in which a fit was met.
    pub(super) fn meet(&mut self, fit: Fit, met: Met) {
        if let Some(known) = self.fits.get_mut(fit.place()) {
            known.absorb(met);
        }
    }

    /// Whether all rows of the other account are also rows of this one.
    pub(super) fn has_all_of(&self, other: &Self) -> bool {
        self.admitted.is_none() || self.admitted == other.admitted
    }

    /// The rows in which one fit was met.
    pub(super) fn of(&self, fit: Fit) -> &Met {
        // The array has a place for each fit.
        self.fits.get(fit.place()).unwrap_or(&self.odd)
    }

    /// The number of values, readable or not.
    pub(super) fn present(&self) -> u64 {
        let rows: u64 = self.fits.iter().map(|met| met.count).sum();
        rows - self.of(Fit::MISSING).count - self.of(Fit::PLACEHOLDER).count
    }

    /// The number of values that cannot be read.
    pub(super) fn unread(&self) -> u64 {
        self.of(Fit::MISFIT).count + self.of(Fit::SWAPPED).count
    }

    /// The currencies beside the amounts, if there are several.
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

    /// The values that were read with a loss, in any currency.
    pub(super) fn inexact(&self) -> Met {
        let mut all = self.of(Fit::INEXACT).clone();
        for currency in Currency::ALL {
            all.absorb(self.of(Fit::INEXACT.beside(*currency)).clone());
        }
        all
    }

    /// Whether some of the rows have day and month swapped: more than a few typing mistakes, or close together as when
    /// a later export uses another form. If most rows have them swapped, all have.
    fn is_swapped(&self) -> bool {
        /// Fewer are treated as typing mistakes, and so are swaps that are rare and far apart.
        const LEAST: u64 = 3;
        const ONE_IN: u64 = 100;
        let (count, present) = (self.of(Fit::SWAPPED).count, self.present());
        let is_some = count >= LEAST && count * 2 <= present;
        is_some && (count * ONE_IN > present || self.swapped.are_close)
    }

    /// Counts the given rows.
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

    /// Adds what another thread counted for the same column.
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

    /// Whether the column's numbers must be plausible times of a business. They need not be if config itself states the
    /// form of the numbers, or if they may be birthdays or expiry dates.
    fn is_strict(&self) -> bool {
        let says = matches!(
            self.ty,
            ColumnType::Unix | ColumnType::UnixMs | ColumnType::InstantAs(..)
        );
        self.is_time && !says
    }

    /// Why the column cannot be relied on, if more than the tolerated share of its values is unusable.
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

    /// The first rows that show the doubt.
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

/// The currencies that were met. A sign that several currencies share counts as the currency that it stands for here.
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

/// Whether all fits are the given one. The fold does not stop early, so the compiler can vectorize it.
fn are_all(fits: &[Fit], one: Fit) -> bool {
    fits.iter().fold(true, |all, fit| all & (*fit == one))
}

fn is_number(fit: Fit) -> bool {
    matches!(fit, Fit::SECONDS | Fit::MILLISECONDS | Fit::COUNTED)
}

/// A column's times in microseconds; dates count only if they place rows in time.
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
