//! Finding the differences that count, by compiling intermediate states: differences that change no digest are
//! background; those that do not compile alone are grouped with what they need.

use std::collections::BTreeSet;

use super::meaning::Meaning;
use super::mix::Mix;
use super::part::Part;

/// The result for all differences.
pub(super) struct Sifted {
    /// The parts of each edit.
    pub(super) edits: Vec<BTreeSet<Part>>,
    /// The differences that change no memberships.
    pub(super) background: BTreeSet<Part>,
}

impl Sifted {
    /// The result for two states with the same meaning.
    pub(super) fn none(mix: &Mix<'_>) -> Self {
        Self {
            edits: Vec::new(),
            background: mix.whole.clone(),
        }
    }
}

/// Sifts all differences between two states.
pub(super) fn sift(mix: &Mix<'_>) -> Sifted {
    let mut sieve = Sieve {
        mix,
        unlike: Meaning::of(mix.old, mix).segments_unlike(&Meaning::of(mix.new, mix)),
        meaning: Meaning::of(mix.old, mix),
        background: BTreeSet::new(),
        single: Vec::new(),
        dependent: Vec::new(),
    };
    let mut open: Vec<Part> = mix.whole.iter().cloned().collect();
    loop {
        let before = open.len();
        sieve.look(&open);
        open = std::mem::take(&mut sieve.dependent);
        // Parts that change nothing may be needed by others.
        if open.is_empty() || open.len() == before {
            break;
        }
    }
    sieve.group(open)
}

struct Sieve<'m, 'p> {
    mix: &'m Mix<'p>,
    /// The meaning of the old state.
    meaning: Meaning,
    /// The segments that differ in the new state.
    unlike: BTreeSet<String>,
    background: BTreeSet<Part>,
    /// Parts that compile alone and change the meaning.
    single: Vec<Part>,
    /// Parts that do not compile alone.
    dependent: Vec<Part>,
}

impl Sieve<'_, '_> {
    /// The meaning of parts together with the background; `None` if they do not compile.
    fn meaning(&self, parts: &[Part]) -> Option<Meaning> {
        let mut chosen = self.background.clone();
        chosen.extend(parts.iter().cloned());
        let project = self.mix.compiled(&chosen).ok()?;
        Some(Meaning::of(&project, self.mix))
    }

    /// Sorts parts; many that change nothing are found at once.
    fn look(&mut self, parts: &[Part]) {
        if parts.is_empty() {
            return;
        }
        // All parts together are the new state, whose meaning differs.
        if parts.len() > 1 && parts.len() == self.mix.whole.len() {
            return self.look_at_halves(parts);
        }
        if !self.mix.affords() {
            return self.judge_by_digest(parts);
        }
        let meaning = self.meaning(parts);
        if meaning.as_ref() == Some(&self.meaning) {
            self.background.extend(parts.iter().cloned());
            return;
        }
        match parts {
            [part] if meaning.is_some() => self.single.push(part.clone()),
            [part] => self.dependent.push(part.clone()),
            _ => self.look_at_halves(parts),
        }
    }

    fn look_at_halves(&mut self, parts: &[Part]) {
        let (one, other) = parts.split_at(parts.len() / 2);
        self.look(one);
        self.look(other);
    }

    /// Treats parts as edits without compiling them, except those of segments whose digests are equal on both sides.
    fn judge_by_digest(&mut self, parts: &[Part]) {
        for part in parts {
            match part {
                Part::When(id) | Part::Filter(id) if !self.unlike.contains(id) => {
                    self.background.insert(part.clone());
                }
                Part::Id(_) => {
                    self.background.insert(part.clone());
                }
                _ => self.single.push(part.clone()),
            }
        }
    }

    /// Groups each dependent part with as few others as it compiles with.
    fn group(mut self, mut open: Vec<Part>) -> Sifted {
        let single = std::mem::take(&mut self.single).into_iter();
        let mut groups: Vec<BTreeSet<Part>> = single.map(|part| BTreeSet::from([part])).collect();
        while let Some(part) = open.pop() {
            let mut own = BTreeSet::from([part]);
            if self.mix.left.get() == Some(0) {
                groups.push(own);
                continue;
            }
            let mut others: Vec<BTreeSet<Part>> = groups.clone();
            others.extend(open.iter().map(|part| BTreeSet::from([part.clone()])));
            let mut place = 0;
            while place < others.len() && self.mix.affords() {
                let left_out = others.remove(place);
                let together = others.iter().chain([&own]).flatten();
                let together: Vec<Part> = together.cloned().collect();
                if self.meaning(&together).is_none() {
                    others.insert(place, left_out);
                    place += 1;
                }
            }
            own.extend(others.into_iter().flatten());
            groups.retain(|group| group.is_disjoint(&own));
            open.retain(|part| !own.contains(part));
            let together: Vec<Part> = own.iter().cloned().collect();
            match self.meaning(&together).as_ref() == Some(&self.meaning) {
                true => self.background.extend(own),
                false => groups.push(own),
            }
        }
        groups.sort();
        Sifted {
            edits: groups,
            background: self.background,
        }
    }
}
