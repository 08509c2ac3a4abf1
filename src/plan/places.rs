//! The effects on scores and list places.

use std::collections::HashMap;

use crate::attribution::{new_rules, old_rules};
use crate::engine::Key;
use crate::project::Project;
use crate::run::{Ranked, Weights, rank};
use crate::value::Value;
use crate::variants::{Found, VariantId, Variants};

/// Changes of more than this many list places are counted.
const FAR: u32 = 10;

/// The effects on the list and on health.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Listed {
    /// Scores and places; `None` if a segment has no answer, because all its members would seem to lose its weight.
    pub places: Option<Places>,
    pub health: Health,
}

/// How many people's scores and places change, among those whom both old and new rules have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Places {
    /// Moved by more than ten places in the list.
    pub far: usize,
    /// With a higher score.
    pub rise: usize,
    /// With a lower score.
    pub fall: usize,
}

/// How many people's health changes, among those whom both old and new rules have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Health {
    /// With higher health.
    pub rise: usize,
    /// With lower health.
    pub fall: usize,
}

/// The places in the old list, followed by those of people whom only the new rules have.
pub(super) struct Order(HashMap<Key, (bool, u32)>);

impl Order {
    pub(super) fn of(&self, key: &Key) -> (bool, u32) {
        self.0.get(key).copied().unwrap_or((true, u32::MAX))
    }
}

/// Keeps the values that are needed to compare health.
pub(super) fn keep(variants: &mut Variants, new: &Project) {
    let health = new.ir.health.as_ref();
    variants.keep(
        new_rules(),
        health.and_then(|health| new.ir.output(health.score)),
    );
}

/// Compares scores and places, and returns the order in which movers are listed.
pub(super) fn places(found: &Found, (old, new): (&Project, &Project)) -> (Places, Order) {
    let (before, after) = (list(found, old_rules(), old), list(found, new_rules(), new));
    let subjects = |variant| found.people(variant).map(|people| &people.subjects);
    let (Some(earlier), Some(later)) = (subjects(old_rules()), subjects(new_rules())) else {
        return (Places::default(), Order(HashMap::new()));
    };
    let same = found.have_the_same_people(old_rules(), new_rules());
    let mut by_place: Vec<Option<&Ranked>> = vec![None; earlier.len()];
    for ranked in &before {
        if let Some(slot) = by_place.get_mut(ranked.place as usize) {
            *slot = Some(ranked);
        }
    }
    let mut places = Places::default();
    let mut order = HashMap::with_capacity(before.len());
    for ranked in &before {
        let key = earlier.key(ranked.place as usize);
        order.extend(key.map(|key| (key, (false, ranked.rank))));
    }
    for ranked in &after {
        let place = ranked.place as usize;
        let key = || later.key(place);
        let was = match same {
            true => Some(place),
            false => key().and_then(|key| earlier.place(&key)),
        };
        match was.and_then(|was| by_place.get(was).copied().flatten()) {
            Some(was) => {
                places.rise += usize::from(ranked.score > was.score);
                places.fall += usize::from(ranked.score < was.score);
                places.far += usize::from(ranked.rank.abs_diff(was.rank) > FAR);
            }
            None => order.extend(key().map(|key| (key, (true, ranked.rank)))),
        }
    }
    (places, Order(order))
}

fn list(found: &Found, variant: VariantId, project: &Project) -> Vec<Ranked> {
    let segments = project.ir.segments.ids();
    let members = segments.filter_map(|id| Some((id, found.members(variant, id).ok()?)));
    match found.people(variant) {
        Some(people) => rank(&Weights::of(&project.rules), members, &people.subjects),
        None => Vec::new(),
    }
}

/// Compares health.
pub(super) fn health(found: &Found, (old, new): (&Project, &Project)) -> Health {
    let subjects = |variant| found.people(variant).map(|people| &people.subjects);
    let (Some(earlier), Some(later)) = (subjects(old_rules()), subjects(new_rules())) else {
        return Health::default();
    };
    let column = |variant, project: &Project| {
        let health = project.ir.health.as_ref()?;
        found.column(variant, project.ir.output(health.score)?)
    };
    let mut health = Health::default();
    let (Some(before), Some(after)) = (column(old_rules(), old), column(new_rules(), new)) else {
        return health;
    };
    for place in 0..later.len() {
        let was = later.key(place).and_then(|key| earlier.place(&key));
        let was = was.map(|was| before.value(was));
        if let (Some(Value::Number(was)), Value::Number(now)) = (was, after.value(place)) {
            health.rise += usize::from(now > was);
            health.fall += usize::from(now < was);
        }
    }
    health
}
