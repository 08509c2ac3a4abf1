//! The definitions whose text differs between two states, whether the meaning differs or not.

use std::collections::BTreeSet;

use super::mix::Mix;
use super::part::{Part, Setting};
use super::yaml;
use crate::rules::{Filter, Segment};
use crate::source::Scalar;

/// All definitions whose text differs.
pub(super) fn candidates(mix: &Mix<'_>) -> BTreeSet<Part> {
    let mut parts = BTreeSet::new();
    for metric in &mix.new.rules.metrics {
        let before = mix.old_metric(&metric.name.value);
        if before.is_some_and(|before| before.text.value != metric.text.value) {
            parts.insert(Part::Metric(metric.name.value.clone()));
        }
    }
    for (key, old, new) in &mix.segments {
        match (old, new) {
            (Some(old), Some(new)) => of_segment(key, old, new, &mut parts),
            _ => {
                parts.insert(Part::Segment((*key).to_owned()));
            }
        }
    }
    ladders(mix, &mut parts);
    let settings = settings(mix).into_iter().filter(|setting| {
        let path = setting.path();
        let (old, new) = (yaml::at(&mix.yaml.0, &path), yaml::at(&mix.yaml.1, &path));
        !yaml::same(old, new) || mix.entries_differ(setting)
    });
    parts.extend(settings.map(Part::Setting));
    parts
}

fn of_segment(key: &str, old: &Segment, new: &Segment, parts: &mut BTreeSet<Part>) {
    let mut differs = |is_other: bool, part: fn(String) -> Part| {
        if is_other {
            parts.insert(part(key.to_owned()));
        }
    };
    differs(old.id.value != new.id.value, Part::Id);
    differs(!same(old.when.as_ref(), new.when.as_ref()), Part::When);
    differs(filter(&old.filter) != filter(&new.filter), Part::Filter);
    differs(
        (old.weight, old.importance) != (new.weight, new.importance),
        Part::Weight,
    );
}

fn ladders(mix: &Mix<'_>, parts: &mut BTreeSet<Part>) {
    for ladder in mix.ladders() {
        let common = |rungs: Vec<String>| -> Vec<String> {
            let common = rungs.into_iter().filter(|key| mix.is_common(key));
            common.collect()
        };
        if common(mix.old_rungs(&ladder)) != common(mix.new_rungs(&ladder)) {
            parts.insert(Part::Rungs(ladder.clone()));
        }
        if !same(mix.old_among(&ladder), mix.new_among(&ladder)) {
            parts.insert(Part::Among(ladder));
        }
    }
}

/// The settings that can differ: those of both sides, and those of one side whose existence alone changes memberships.
fn settings(mix: &Mix<'_>) -> Vec<Setting> {
    let (old, new) = (&mix.old.config, &mix.new.config);
    let mut settings = vec![
        Setting::Subject,
        Setting::Active,
        Setting::Timezone,
        Setting::YearBegins,
        Setting::Currency,
        Setting::Locale,
        Setting::Values,
    ];
    settings.extend(shared(
        old.scopes.iter().map(|(name, _)| name),
        new.scopes.iter().map(|(name, _)| name),
        Setting::Scope,
    ));
    settings.extend(shared(
        old.collections.iter().map(|collection| &collection.name),
        new.collections.iter().map(|collection| &collection.name),
        Setting::Collection,
    ));
    settings.extend(shared(
        old.lists.iter().map(|list| &list.name),
        new.lists.iter().map(|list| &list.name),
        Setting::List,
    ));
    settings.extend(shared(
        old.fields.iter().map(|field| &field.id),
        new.fields.iter().map(|field| &field.id),
        Setting::Field,
    ));
    match (&old.health, &new.health) {
        (Some(old), Some(new)) => {
            let factors = old.factors.iter().chain(&new.factors);
            let ids: BTreeSet<&str> = factors.map(|factor| factor.id.value.as_str()).collect();
            settings.extend(ids.into_iter().map(|id| Setting::Factor(id.to_owned())));
        }
        _ => settings.push(Setting::Health),
    }
    settings
}

/// The settings of a kind that both sides have, by name.
fn shared<'c>(
    old: impl Iterator<Item = &'c Scalar>,
    new: impl Iterator<Item = &'c Scalar>,
    setting: fn(String) -> Setting,
) -> impl Iterator<Item = Setting> {
    let old: BTreeSet<&str> = old.map(|name| name.value.as_str()).collect();
    let both = new.filter(move |name| old.contains(name.value.as_str()));
    both.map(move |name| setting(name.value.clone()))
}

fn same(one: Option<&Scalar>, other: Option<&Scalar>) -> bool {
    one.map(|text| &text.value) == other.map(|text| &text.value)
}

/// The text of a filter, without places.
pub(super) fn filter(filter: &[Filter]) -> String {
    let lines = filter.iter().map(|line| {
        let values: Vec<&str> = line.values.iter().map(|v| v.value.as_str()).collect();
        format!("{}: {}", line.field.value, values.join(", "))
    });
    lines.collect::<Vec<_>>().join("; ")
}
