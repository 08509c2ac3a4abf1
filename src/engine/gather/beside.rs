//! Currencies beside the amounts of a column. Counts the rows with another currency that are included in any sum, each
//! row once, whichever collections and conditions let it in.

use std::collections::HashMap;

use super::account::Account;
use super::decode::Fit;
use super::intake::Intake;
use super::met::Met;
use crate::ir::NodeId;
use crate::value::{Currency, Truth};

/// A column of amounts that may have currencies beside them.
#[derive(Clone)]
pub(super) struct Beside {
    /// The account that the column is reported with, still without rows.
    account: Account,
    /// The number of ways in which a row can be included: each is a collection and a condition.
    ways: usize,
    /// For each row of the batch, the ways that include it, one bit each; empty if no row has a currency.
    rows: Vec<u64>,
    /// The rows, grouped by the ways that include them.
    sets: Vec<Set>,
    places: HashMap<Box<[u64]>, usize>,
}

/// Rows that are included in the same ways.
#[derive(Clone)]
struct Set {
    ways: Box<[u64]>,
    /// For each fit: how many rows have it, and the position of the first one.
    met: Vec<(Fit, u64, i64)>,
}

/// The ways in which a collection includes rows of such a column.
#[derive(Clone)]
pub(super) struct LetIn {
    /// The column's place among all such columns.
    pub(super) place: usize,
    /// Whether the collection's `where:` reads the column. If so, a row belongs unless it certainly does not.
    pub(super) decides: bool,
    /// The first way.
    first: usize,
    /// The condition of each way; `None` includes all rows of the collection.
    pub(super) conditions: Vec<Option<NodeId>>,
}

/// The number of ways that fit in one word.
const BITS: usize = u64::BITS as usize;

impl Set {
    fn lets_in(&self, way: usize) -> bool {
        let word = self.ways.get(way / BITS);
        word.is_some_and(|word| word >> (way % BITS) & 1 == 1)
    }

    fn add(&mut self, fit: Fit, count: u64, first: i64) {
        match self.met.iter_mut().find(|(known, ..)| *known == fit) {
            Some((_, all, known)) => {
                *all += count;
                *known = first.min(*known);
            }
            None => self.met.push((fit, count, first)),
        }
    }
}

impl Beside {
    pub(super) fn new(account: Account) -> Self {
        Self {
            account,
            ways: 0,
            rows: Vec::new(),
            sets: Vec::new(),
            places: HashMap::new(),
        }
    }

    /// Whether this is the column of an account.
    pub(super) fn is_of(&self, account: &Account) -> bool {
        self.account.reader == account.reader
    }

    /// Adds the ways of a collection; `place` is this column's own place among all.
    pub(super) fn ways(
        &mut self,
        place: usize,
        decides: bool,
        conditions: Vec<Option<NodeId>>,
    ) -> LetIn {
        let first = self.ways;
        self.ways += conditions.len();
        LetIn {
            place,
            decides,
            first,
            conditions,
        }
    }

    /// The number of words that a row's ways take.
    fn words(&self) -> usize {
        self.ways.div_ceil(BITS)
    }

    /// Starts a batch.
    pub(super) fn begin(&mut self, intake: &Intake) {
        self.rows.clear();
        let fits = intake.fits.get(self.account.reader).into_iter().flatten();
        if fits.fold(false, |any, fit| any | fit.has_currency()) {
            self.rows.resize(intake.rows * self.words(), 0);
        }
    }

    /// Whether the batch needs to know which rows are included.
    pub(super) fn is_asked(&self) -> bool {
        !self.rows.is_empty()
    }

    /// Includes the rows that a collection admits; each way includes those that pass its condition.
    pub(super) fn let_in(
        &mut self,
        by: &LetIn,
        admitted: Option<&[Truth]>,
        passed: &[Option<&[Truth]>],
    ) {
        let answer = |answers: Option<&[Truth]>, row: usize| match answers {
            None => Truth::Yes,
            Some(answers) => {
                let answer = answers.get(row).or(answers.first());
                answer.copied().unwrap_or(Truth::No)
            }
        };
        let words = self.words();
        for (row, ways) in self.rows.chunks_mut(words.max(1)).enumerate() {
            let is_admitted = match answer(admitted, row) {
                Truth::Unknown => by.decides,
                answer => answer == Truth::Yes,
            };
            let passed = (by.first..).zip(passed);
            for (way, passed) in passed.filter(|_| is_admitted) {
                if answer(*passed, row) == Truth::Yes
                    && let Some(word) = ways.get_mut(way / BITS)
                {
                    *word |= 1 << (way % BITS);
                }
            }
        }
    }

    /// Counts the rows that were included; `first` is the position of the batch's first row.
    pub(super) fn end(&mut self, intake: &Intake, first: i64) {
        let words = self.words().max(1);
        let rows = std::mem::take(&mut self.rows);
        let fits = intake.fits.get(self.account.reader).into_iter().flatten();
        let mut before = 0;
        for ((row, fit), ways) in (first..).zip(fits).zip(rows.chunks(words)) {
            if !fit.has_currency() || ways.iter().all(|word| *word == 0) {
                continue;
            }
            // Mostly, a row is included in the same ways as the row before.
            let is_same = self.sets.get(before).is_some_and(|set| *set.ways == *ways);
            if !is_same {
                before = self.place(ways);
            }
            if let Some(set) = self.sets.get_mut(before) {
                set.add(*fit, 1, row);
            }
        }
        self.rows = rows;
    }

    /// The place of the set of rows that are included in these ways.
    fn place(&mut self, ways: &[u64]) -> usize {
        if let Some(known) = self.places.get(ways) {
            return *known;
        }
        let place = self.sets.len();
        self.places.insert(ways.into(), place);
        self.sets.push(Set {
            ways: ways.into(),
            met: Vec::new(),
        });
        place
    }

    /// Adds what another thread counted.
    pub(super) fn absorb(&mut self, other: Self) {
        for more in other.sets {
            let place = self.place(&more.ways);
            if let Some(set) = self.sets.get_mut(place) {
                for (fit, count, first) in more.met {
                    set.add(fit, count, first);
                }
            }
        }
    }

    /// The account of the rows that are included in a way that lets several currencies in.
    pub(super) fn account(&self, usual: Option<Currency>) -> Account {
        let over = |is_let_in: &dyn Fn(&Set) -> bool| {
            let mut account = self.account.clone();
            let sets = self.sets.iter().filter(|set| is_let_in(set));
            for (fit, count, first) in sets.flat_map(|set| &set.met) {
                let met = Met {
                    count: *count,
                    rows: vec![*first],
                    is_least: false,
                };
                account.meet(*fit, met);
            }
            account
        };
        let is_mixed = |way: &usize| {
            let account = over(&|set| set.lets_in(*way));
            !account.currencies(usual).is_empty()
        };
        let mixed: Vec<usize> = (0..self.ways).filter(is_mixed).collect();
        over(&|set| mixed.iter().any(|way| set.lets_in(*way)))
    }
}
