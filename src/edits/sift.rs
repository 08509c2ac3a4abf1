//! Which differences count, found by compiling states in between: those that change no digest are background, those
//! that do not compile alone are put together with what they need.

use std::collections::BTreeSet;

use super::meaning::Meaning;
use super::mix::Mix;
use super::part::Part;

/// What became of all differences.
pub(super) struct Sifted {
    /// The parts of each edit.
    pub(super) edits: Vec<BTreeSet<Part>>,
    /// What changes nobody.
    pub(super) background: BTreeSet<Part>,
}

impl Sifted {
    /// Of two states that mean the same.
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
        // What changed nobody may be what others need.
        if open.is_empty() || open.len() == before {
            break;
        }
    }
    sieve.group(open)
}

struct Sieve<'m, 'p> {
    mix: &'m Mix<'p>,
    /// Of the old state.
    meaning: Meaning,
    background: BTreeSet<Part>,
    /// Parts that compile alone and change somebody.
    single: Vec<Part>,
    /// Parts that do not compile alone.
    dependent: Vec<Part>,
}

impl Sieve<'_, '_> {
    /// What parts mean beside the background; none where they do not compile.
    fn meaning(&self, parts: &[Part]) -> Option<Meaning> {
        let mut chosen = self.background.clone();
        chosen.extend(parts.iter().cloned());
        let project = self.mix.compiled(&chosen).ok()?;
        Some(Meaning::of(&project, self.mix))
    }

    /// Sorts parts; many that change nobody are found at once.
    fn look(&mut self, parts: &[Part]) {
        if parts.is_empty() {
            return;
        }
        let meaning = self.meaning(parts);
        if meaning.as_ref() == Some(&self.meaning) {
            self.background.extend(parts.iter().cloned());
            return;
        }
        match parts {
            [part] if meaning.is_some() => self.single.push(part.clone()),
            [part] => self.dependent.push(part.clone()),
            _ => {
                let (one, other) = parts.split_at(parts.len() / 2);
                self.look(one);
                self.look(other);
            }
        }
    }

    /// Puts each dependent part together with as few others as it compiles with.
    fn group(mut self, mut open: Vec<Part>) -> Sifted {
        let single = std::mem::take(&mut self.single).into_iter();
        let mut groups: Vec<BTreeSet<Part>> = single.map(|part| BTreeSet::from([part])).collect();
        while let Some(part) = open.pop() {
            let mut own = BTreeSet::from([part]);
            let mut others: Vec<BTreeSet<Part>> = groups.clone();
            others.extend(open.iter().map(|part| BTreeSet::from([part.clone()])));
            let mut place = 0;
            while place < others.len() {
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
