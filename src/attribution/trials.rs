//! Attribution to edits: the smallest set of edits that alone moves a subject, found by evaluating the rules with only
//! these.

use std::collections::BTreeSet;

use super::{By, Pair, new_rules, old_rules};
use crate::edits::Edits;
use crate::engine::Key;
use crate::index::Id;
use crate::project::Project;
use crate::rules::SegmentId;
use crate::store::Direction;
use crate::variants::{Change, Found, VariantId, Variants};

/// The most rule sets that are evaluated, including old and new ones.
const MOST: usize = 64;

/// Sets of edits, each with the old rules to which only these edits are applied.
pub struct Mixed {
    own: Vec<(BTreeSet<usize>, Project)>,
    /// The set of all edits, which is the new rules.
    whole: Option<BTreeSet<usize>>,
    /// How many edits are not tried alone, because there are too many.
    pub untried: usize,
}

impl Mixed {
    /// Compiles sets of edits; a set that does not compile by itself is left out.
    fn new(edits: &Edits<'_>, sets: impl Iterator<Item = BTreeSet<usize>>) -> Self {
        let own = sets.filter_map(|set| {
            let project = edits.compiled(&set).ok()?;
            Some((set, project))
        });
        Self {
            own: own.collect(),
            whole: None,
            untried: 0,
        }
    }

    /// The rule sets to evaluate: the new and the old ones, then these.
    pub fn variants(&self, old: &Project, new: &Project) -> Variants {
        let mixed = self.own.iter().map(|(_, project)| project);
        Variants::new([new, old].into_iter().chain(mixed))
    }
}

/// Each edit alone; if there are two edits, also both together, because these are the new rules.
pub fn singles(edits: &Edits<'_>) -> Mixed {
    let all = edits.all.len();
    let alone = (0..all).map(|edit| BTreeSet::from([edit]));
    let most = edits
        .affordable()
        .map_or(MOST - 2, |left| left.min(MOST - 2));
    let alone = alone.take(if all == 1 { 0 } else { most });
    let mixed = Mixed::new(edits, alone);
    Mixed {
        whole: (1..=2).contains(&all).then(|| (0..all).collect()),
        untried: if all == 1 {
            0
        } else {
            all.saturating_sub(most)
        },
        ..mixed
    }
}

/// Pairs of edits, as many of them as may still be evaluated.
pub fn combined(edits: &Edits<'_>, singles: &Mixed) -> Mixed {
    let all = edits.all.len();
    let pairs = (0..all).flat_map(|one| (one + 1..all).map(move |other| [one, other].into()));
    let left = MOST.saturating_sub(2 + singles.own.len());
    Mixed::new(edits, pairs.take(left))
}

/// The compiled trials of each set of edits.
pub struct Trials {
    trials: Vec<Trial>,
}

struct Trial {
    edits: BTreeSet<usize>,
    variant: VariantId,
    /// By the indices of pairs: the segment's id in these rules, and how it differs from that of the old rules.
    segments: Vec<(Option<SegmentId>, Change)>,
}

impl Trials {
    /// Must be created before [`Mixed::variants`] are evaluated.
    pub fn new(mixed: &Mixed, variants: &Variants, pairs: &[Pair]) -> Self {
        let own = mixed.own.iter().zip(old_rules().index() + 1..);
        let own = own.map(|((edits, project), place)| {
            let variant = VariantId::new(place);
            let segment = |pair: &Pair| pair.within(project);
            Trial::new(edits, variant, variants, pairs, segment)
        });
        let whole = mixed.whole.iter();
        let whole =
            whole.map(|edits| Trial::new(edits, new_rules(), variants, pairs, |pair| pair.new));
        Self {
            trials: own.chain(whole).collect(),
        }
    }

    /// Which of these sets of edits alone move a subject: all that are single edits, or otherwise the first of several.
    pub fn by(&self, found: &Found, pair: &Pair, key: &Key, direction: Direction) -> Option<By> {
        let of_one = self.trials.iter().filter(|trial| trial.edits.len() == 1);
        let alone: Vec<(&Trial, &Change)> = of_one
            .filter_map(|trial| Some((trial, trial.moves(found, pair, key, direction)?)))
            .collect();
        if !alone.is_empty() {
            let all_through = alone.iter().all(|(_, change)| **change != Change::Own);
            let through = alone.iter().filter(|_| all_through);
            return Some(By::Either {
                edits: alone
                    .iter()
                    .flat_map(|(trial, _)| &trial.edits)
                    .copied()
                    .collect(),
                through: through.flat_map(|(_, change)| change.through()).collect(),
            });
        }
        let mut several = self.trials.iter().filter(|trial| trial.edits.len() > 1);
        several.find_map(|trial| {
            let change = trial.moves(found, pair, key, direction)?;
            Some(By::Together {
                edits: trial.edits.clone(),
                through: change.through().collect(),
            })
        })
    }

    /// The edit that alone removes a segment.
    pub fn removed_by(&self, pair: &Pair) -> Option<usize> {
        let goes = |trial: &&Trial| {
            let segment = trial.segments.get(pair.place);
            trial.edits.len() == 1 && matches!(segment, Some((None, _)))
        };
        let trial = self.trials.iter().find(goes)?;
        trial.edits.first().copied()
    }
}

impl Trial {
    fn new(
        edits: &BTreeSet<usize>,
        variant: VariantId,
        variants: &Variants,
        pairs: &[Pair],
        segment: impl Fn(&Pair) -> Option<SegmentId>,
    ) -> Self {
        let segments = pairs.iter().map(|pair| {
            let own = segment(pair);
            let change = match (pair.old, own) {
                (Some(old), Some(own)) => variants.change((old_rules(), old), (variant, own)),
                _ => Change::Own,
            };
            (own, change)
        });
        Self {
            edits: edits.clone(),
            variant,
            segments: segments.collect(),
        }
    }

    /// How these edits change a segment, if they alone move the subject in it.
    fn moves(
        &self,
        found: &Found,
        pair: &Pair,
        key: &Key,
        direction: Direction,
    ) -> Option<&Change> {
        let (segment, change) = self.segments.get(pair.place)?;
        let has = match (segment, change) {
            (_, Change::None) => return None,
            (Some(segment), _) => found.has(self.variant, *segment, key)?,
            (None, _) => false,
        };
        (has == (direction == Direction::Entered)).then_some(change)
    }
}
