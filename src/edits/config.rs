//! Config between two states.

use std::collections::BTreeSet;

use super::part::{Part, Setting};
use crate::config::{Config, Factor, Health};
use crate::source::Scalar;

/// The new config, with every setting that is not chosen as it was before. It requests no outputs beyond the rules.
pub(super) fn mixed(old: &Config, new: &Config, chosen: &BTreeSet<Part>) -> Config {
    let is_chosen = |setting: Setting| chosen.contains(&Part::Setting(setting));
    let mut mixed = new.clone();
    mixed.ask_nothing();
    if !is_chosen(Setting::Subject) {
        mixed.subject.clone_from(&old.subject);
    }
    if !is_chosen(Setting::Active) {
        mixed.active.clone_from(&old.active);
    }
    if !is_chosen(Setting::Timezone) {
        mixed.timezone = old.timezone;
    }
    if !is_chosen(Setting::YearBegins) {
        mixed.year_begins = old.year_begins;
    }
    if !is_chosen(Setting::Currency) {
        mixed.currency.clone_from(&old.currency);
    }
    if !is_chosen(Setting::Locale) {
        mixed.locale = old.locale;
    }
    if !is_chosen(Setting::Values) {
        mixed.values.clone_from(&old.values);
    }
    let was = |setting: fn(String) -> Setting| {
        move |name: &Scalar| !chosen.contains(&Part::Setting(setting(name.value.clone())))
    };
    let (name, keep) = (
        |(name, _): &(Scalar, Scalar)| name.clone(),
        was(Setting::Scope),
    );
    merge(&mut mixed.scopes, &old.scopes, name, keep);
    let keep = was(Setting::Collection);
    merge(
        &mut mixed.collections,
        &old.collections,
        |c| c.name.clone(),
        keep,
    );
    let keep = was(Setting::List);
    merge(&mut mixed.lists, &old.lists, |list| list.name.clone(), keep);
    let keep = was(Setting::Field);
    merge(
        &mut mixed.fields,
        &old.fields,
        |field| field.id.clone(),
        keep,
    );
    mixed.health = match (&old.health, &new.health) {
        (Some(old), Some(new)) => Some(health(old, new, was(Setting::Factor))),
        _ if is_chosen(Setting::Health) => new.health.clone(),
        _ => old.health.clone(),
    };
    mixed
}

/// Replaces each definition that is to stay as it was by the old one, and adds those that are gone.
fn merge<T: Clone>(
    new: &mut Vec<T>,
    old: &[T],
    name: impl Fn(&T) -> Scalar,
    keeps: impl Fn(&Scalar) -> bool,
) {
    for before in old {
        let name_before = name(before);
        let place = new
            .iter_mut()
            .find(|one| name(one).value == name_before.value);
        match place {
            Some(one) if keeps(&name_before) => one.clone_from(before),
            Some(_) => {}
            None => new.push(before.clone()),
        }
    }
}

/// A factor that only one side has is present if that side is chosen.
fn health(old: &Health, new: &Health, was: impl Fn(&Scalar) -> bool) -> Health {
    let find = |factors: &[Factor], id: &Scalar| {
        let mut factors = factors.iter();
        factors.find(|factor| factor.id.value == id.value).cloned()
    };
    let mut factors: Vec<Factor> = Vec::new();
    for factor in new.factors.iter().chain(&old.factors) {
        if find(&factors, &factor.id).is_some() {
            continue;
        }
        let side = if was(&factor.id) { old } else { new };
        factors.extend(find(&side.factors, &factor.id));
    }
    Health {
        factors,
        churn: new.churn.clone(),
    }
}
