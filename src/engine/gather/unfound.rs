//! Rows whose lookup has no match: what is looked up is missing in them.

use std::collections::BTreeSet;

use super::intake::Intake;
use super::keys::ABSENT;
use super::met::Met;
use super::problems::Sighting;
use crate::engine::{ProblemKind, Reach};
use crate::index::IndexVec;
use crate::ir::{InputColumn, InputId};
use crate::value::Truth;

/// Among the rows that name their subjects by one column, those for which one lookup finds nothing.
#[derive(Debug, Clone, Default)]
pub(super) struct Unfound {
    /// Among the columns that name subjects; and among the joins.
    pub(super) of: (usize, usize),
    met: Met,
    /// How many of them would find something in another form.
    near: u64,
    /// The position of the first of those.
    first_near: Option<i64>,
    /// How many rows name something.
    named: u64,
    /// Of the batch in hand, which rows belong to a collection that reads through the lookup.
    belong: Vec<bool>,
}

/// A lookup that a collection reads through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Looked {
    /// Where its rows without a match are counted.
    pub(super) place: usize,
    /// Whether `where:` asks it which rows belong: then a row counts unless it certainly does not.
    pub(super) decides: bool,
}

impl Unfound {
    /// Begins a batch in which no row belongs to any collection yet.
    pub(super) fn begin(&mut self, rows: usize) {
        self.belong.clear();
        self.belong.resize(rows, false);
    }

    /// Adds the rows that belong to a collection: all of them where it has no `where:`. One answer may stand for all.
    pub(super) fn admit(&mut self, answers: Option<&[Truth]>, decides: bool) {
        let belongs = |answer: Truth| answer == Truth::Yes || decides && answer == Truth::Unknown;
        match answers {
            None => self.belong.fill(true),
            Some([answer]) => {
                let belongs_all = belongs(*answer);
                self.belong
                    .iter_mut()
                    .for_each(|known| *known |= belongs_all);
            }
            Some(answers) => {
                for (known, answer) in self.belong.iter_mut().zip(answers) {
                    *known |= belongs(*answer);
                }
            }
        }
    }

    /// Counts the rows of the batch; `first` is the position of the first of them.
    pub(super) fn take(&mut self, intake: &Intake, first: i64) {
        let (_, join) = self.of;
        let (found, nothing) = (intake.found(join), intake.nothing(join));
        let all = self.belong.iter().filter(|belongs| **belongs).count();
        let belongs = |row: &&u32| self.belong.get(**row as usize) == Some(&true);
        let nameless = nothing.iter().filter(belongs).count();
        self.named += (all - nameless) as u64;
        // Without leaving off at the first: a processor asks many at a time.
        if !found
            .iter()
            .fold(false, |any, place| any | (*place == ABSENT))
        {
            return;
        }
        let rows = (0u32..).zip(found.iter().zip(&self.belong));
        for (row, _) in rows.filter(|(_, (place, belongs))| **place == ABSENT && **belongs) {
            if nothing.binary_search(&row).is_err() {
                let place = first.saturating_add_unsigned(u64::from(row));
                if intake.near(join).binary_search(&row).is_ok() {
                    self.near += 1;
                    self.first_near.get_or_insert(place);
                }
                self.met.add(place);
            }
        }
    }

    /// Adds what another thread met.
    pub(super) fn absorb(&mut self, other: Self) {
        self.met.absorb(other.met);
        self.near += other.near;
        let first_near = [self.first_near, other.first_near];
        self.first_near = first_near.into_iter().flatten().min();
        self.named += other.named;
    }

    /// Those of a table that was read whole, for each of its lookups; `decides` tells which of its inputs say whether a row belongs.
    pub(super) fn of_whole(
        intake: &Intake,
        inputs: &IndexVec<InputId, InputColumn>,
        answers: Option<&[Truth]>,
        decides: &BTreeSet<usize>,
    ) -> Vec<Self> {
        let mut all = Vec::new();
        let read = (0..inputs.len()).collect();
        let looked = looked(inputs, (&read, decides), intake, |_| false, (0, &mut all));
        for Looked { place, decides } in looked {
            if let Some(unfound) = all.get_mut(place) {
                unfound.begin(intake.rows);
                unfound.admit(answers, decides);
                unfound.take(intake, 1);
            }
        }
        all
    }

    /// What is reported: nothing if they are few and another form would not help.
    pub(super) fn sighting<'n>(&self, intake: &'n Intake) -> Option<Sighting<'n>> {
        let (_, join) = self.of;
        let reach = Reach {
            of: self.named,
            near: self.near,
        };
        let count = self.met.count;
        // An example that the advice to match loosely helps, if there is one.
        let row = self.first_near.or_else(|| self.met.rows.first().copied());
        Some(Sighting {
            kind: ProblemKind::Unfound,
            column: intake.by(join),
            leads_to: Some(intake.leads_to(join)),
            reach: Some(reach),
            count,
            row: row.filter(|_| reach.is_told(count))?,
        })
    }
}

/// The lookups that a collection reads through, except those `on_the_way` to its subject or time, which are reported
/// separately. They are counted among `all` of the column that names the subjects.
pub(super) fn looked(
    inputs: &IndexVec<InputId, InputColumn>,
    (read, deciding): (&BTreeSet<usize>, &BTreeSet<usize>),
    intake: &Intake,
    on_the_way: impl Fn(usize) -> bool,
    (subject, all): (usize, &mut Vec<Unfound>),
) -> Vec<Looked> {
    let mut found: Vec<Looked> = Vec::new();
    for (place, input) in inputs.iter().enumerate() {
        let join = input.lookup.and_then(|lookup| intake.join(lookup).ok());
        let Some(join) = join.filter(|join| read.contains(&place) && !on_the_way(*join)) else {
            continue;
        };
        let of = (subject, join);
        let known = all.iter().position(|known| known.of == of);
        let counted = known.unwrap_or_else(|| {
            all.push(Unfound {
                of,
                ..Unfound::default()
            });
            all.len() - 1
        });
        let decides = deciding.contains(&place);
        match found.iter_mut().find(|looked| looked.place == counted) {
            Some(looked) => looked.decides |= decides,
            None => found.push(Looked {
                place: counted,
                decides,
            }),
        }
    }
    found
}
