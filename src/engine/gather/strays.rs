//! Rows that belong to no subject: those without a key, and those whose key belongs to nobody.

use super::batch::Whose;
use super::keys::ABSENT;
use super::met::Met;
use super::problems::Sighting;
use super::row_set::RowSet;
use crate::config::{Locale, marks};
use crate::engine::places::index;
use crate::engine::{ProblemKind, Reach, Stale};
use crate::value::{Share, Truth};

/// The strays of one column that names subjects.
#[derive(Debug, Clone, Default)]
pub(super) struct Strays {
    nothing: Met,
    orphans: Met,
    /// How many orphans hold something that cannot be a key at all: a text where keys are whole numbers.
    misfits: u64,
    /// How many orphans would belong to a subject in another form.
    near: u64,
    /// How many rows belong to a collection.
    rows: u64,
    /// The rows of a looked-up table that rows lead to and that belong to nobody.
    pub(super) led_to: RowSet,
    /// For the current batch, which rows belong to one of the column's collections.
    belong: Vec<bool>,
}

impl Strays {
    /// Begins a batch in which no row belongs to any collection yet.
    pub(super) fn begin(&mut self, rows: usize) {
        self.belong.clear();
        self.belong.resize(rows, false);
    }

    /// Adds the rows that belong to a collection: all of them if it has no `where:`. A single answer may stand for all
    /// rows.
    pub(super) fn admit(&mut self, answers: Option<&[Truth]>) {
        match answers {
            None | Some([Truth::Yes]) => self.belong.fill(true),
            Some([_]) if self.belong.len() != 1 => {}
            Some(answers) => {
                for (belongs, answer) in self.belong.iter_mut().zip(answers) {
                    *belongs |= *answer == Truth::Yes;
                }
            }
        }
    }

    /// Counts the rows of the batch that belong to a collection and to nobody. Rows that `where:` excludes are not
    /// counted. `first` is the position of the first row. `found` says where each row leads, if that is to a row of a
    /// looked-up table. `near`, ascending, holds the rows that would lead somewhere if the key had another form.
    pub(super) fn take(
        &mut self,
        whose: &Whose,
        (found, near): (Option<&[u32]>, &[u32]),
        first: i64,
    ) {
        self.rows += self.belong.iter().filter(|belongs| **belongs).count() as u64;
        // Without leaving off at the first: a processor asks many at a time.
        let places = whose.places.iter();
        if !places.fold(false, |any, place| any | (*place == ABSENT)) {
            return;
        }
        let rows = (0u32..).zip(whose.places.iter().zip(&self.belong));
        for (row, _) in rows.filter(|(_, (place, belongs))| **place == ABSENT && **belongs) {
            let led_to = found.and_then(|found| found.get(index(row)));
            if let Some(led_to) = led_to.filter(|led_to| **led_to != ABSENT) {
                self.led_to.insert(*led_to);
                continue;
            }
            let met = match whose.nothing.binary_search(&row) {
                Ok(_) => &mut self.nothing,
                Err(_) => {
                    self.misfits += u64::from(whose.keys.get(index(row)) == Some(&None));
                    self.near += u64::from(near.binary_search(&row).is_ok());
                    &mut self.orphans
                }
            };
            met.add(first.saturating_add_unsigned(u64::from(row)));
        }
    }

    /// Adds what another thread met.
    pub(super) fn absorb(&mut self, other: Self) {
        self.nothing.absorb(other.nothing);
        self.orphans.absorb(other.orphans);
        self.misfits += other.misfits;
        self.near += other.near;
        self.rows += other.rows;
        self.led_to.absorb(&other.led_to);
    }

    /// Why the column, named as `table.column`, cannot be relied on: more than a share of its values cannot be keys of
    /// the subject's table.
    pub(super) fn doubt(&self, unreadable: Share, column: &str, subjects: &str) -> Option<Stale> {
        let named = self.rows.saturating_sub(self.nothing.count);
        if !unreadable.is_exceeded_by(self.misfits, named) {
            return None;
        }
        let [misfits, named] =
            [self.misfits, named].map(|number| marks(Locale::EnUs).whole(number));
        let reason = format!(
            "{misfits} of {named} keys in `{column}` are not whole numbers, as those of `{subjects}` are; \
             read a view in which they are the same"
        );
        Some(Stale { reason })
    }

    /// What is reported of the strays. `leads_to` is the table in which the column looks up rows, if those rows name
    /// the subject.
    pub(super) fn sightings<'n>(
        &self,
        column: (usize, &'n str),
        leads_to: Option<(&'n str, &'n str)>,
    ) -> impl Iterator<Item = Sighting<'n>> {
        let orphan = match leads_to {
            Some(_) => ProblemKind::BrokenLink,
            None => ProblemKind::Orphan,
        };
        let kinds = [
            (orphan, &self.orphans),
            (ProblemKind::NullKey, &self.nothing),
        ];
        let reach = Reach {
            of: self.rows,
            near: self.near,
        };
        // Few that lead nowhere need not be told of how many.
        let is_told = leads_to.is_none() || reach.is_told(self.orphans.count);
        kinds.into_iter().filter_map(move |(kind, met)| {
            Some(Sighting {
                kind,
                column,
                leads_to,
                reach: Some(reach).filter(|_| kind == orphan && is_told),
                count: met.count,
                row: *met.rows.first()?,
            })
        })
    }
}

/// Rows whose time is in another table that lacks the row. A row that leads to its subject in the same way is a stray.
#[derive(Debug, Clone, Default)]
pub(super) struct Timeless {
    met: Met,
    /// How many of them would find one in another form.
    near: u64,
    /// How many rows belong to the collection.
    rows: u64,
}

impl Timeless {
    /// Counts those of a batch that belong to the collection; one answer may stand for all. `near`, ascending, are those that
    /// find nothing for want of a form alone.
    pub(super) fn take(
        &mut self,
        (found, near): (&[u32], &[u32]),
        belong: Option<&[Truth]>,
        first: i64,
    ) {
        let belongs = |row: u32| match belong {
            None => true,
            Some([answer]) => *answer == Truth::Yes,
            Some(answers) => answers.get(index(row)) == Some(&Truth::Yes),
        };
        let rows = (0u32..).zip(found).filter(|(row, _)| belongs(*row));
        for (row, found) in rows {
            self.rows += 1;
            if *found == ABSENT {
                self.near += u64::from(near.binary_search(&row).is_ok());
                self.met.add(first.saturating_add_unsigned(u64::from(row)));
            }
        }
    }

    /// Adds what another thread met.
    pub(super) fn absorb(&mut self, other: Self) {
        self.met.absorb(other.met);
        self.near += other.near;
        self.rows += other.rows;
    }

    /// What is told of them.
    pub(super) fn sighting<'n>(
        &self,
        column: (usize, &'n str),
        leads_to: (&'n str, &'n str),
    ) -> Option<Sighting<'n>> {
        let reach = Reach {
            of: self.rows,
            near: self.near,
        };
        Some(Sighting {
            kind: ProblemKind::BrokenLink,
            column,
            leads_to: Some(leads_to),
            reach: Some(reach).filter(|reach| reach.is_told(self.met.count)),
            count: self.met.count,
            row: *self.met.rows.first()?,
        })
    }
}
