//! The definitions of an edit for display: name, place, the smallest part that differs.

use std::collections::HashSet;

use super::candidates::filter;
use super::mix::Mix;
use super::part::{Part, Setting};
use super::{difference, yaml};
use crate::project::Project;
use crate::rules::{Segment, Weight};
use crate::source::{Location, NodeKind, Scalar};

/// How a definition changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    Changed,
    New,
    Removed,
}

/// A changed definition.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Change {
    /// `high_attend.when`, `metric visits_30d`, `collections.visits.where`.
    pub name: String,
    pub kind: ChangeKind,
    /// The place of the difference in the new files, `rules/a.yaml:12`, or in the old ones if the definition is gone.
    pub place: String,
    /// The part that differs, before and after, each on one line; empty if there was or is none.
    pub before: String,
    pub after: String,
}

/// A text with its place in its project's files.
type Text = Option<(String, Option<Location>)>;

impl Mix<'_> {
    /// Describes the change of a part.
    pub(super) fn change(&self, part: &Part) -> Change {
        match part {
            Part::Metric(name) => {
                let mut metrics = self.new.rules.metrics.iter();
                let new = metrics.find(|metric| metric.name.value == *name);
                let old = self.old_metric(name).map(|metric| &metric.text);
                self.of_scalars(
                    format!("metric {name}"),
                    old,
                    new.map(|metric| &metric.text),
                )
            }
            Part::Among(ladder) => {
                let name = format!("ladder {ladder}.among");
                self.of_scalars(name, self.old_among(ladder), self.new_among(ladder))
            }
            Part::Rungs(ladder) => {
                let ladders = self.new.rules.ladders.iter();
                let ladders = ladders.chain(&self.old.rules.ladders);
                let mut places = ladders.filter(|one| one.id.value == *ladder);
                let place = places.next().map(|ladder| ladder.id.location);
                let text =
                    |rungs: Vec<String>| (!rungs.is_empty()).then(|| (rungs.join(", "), place));
                let (old, new) = (self.old_rungs(ladder), self.new_rungs(ladder));
                self.whole(format!("ladder {ladder}"), text(old), text(new))
            }
            Part::Setting(setting) => self.of_setting(setting),
            Part::Segment(id)
            | Part::Id(id)
            | Part::When(id)
            | Part::Filter(id)
            | Part::Weight(id) => {
                let found = self.segments.iter().find(|(key, ..)| key == id);
                let (old, new) = found.map_or((None, None), |(_, old, new)| (*old, *new));
                self.of_segment(part, id, old, new)
            }
        }
    }

    fn of_segment(
        &self,
        part: &Part,
        id: &str,
        old: Option<&Segment>,
        new: Option<&Segment>,
    ) -> Change {
        let text = |segment: Option<&Segment>, text: fn(&Segment) -> Option<String>| {
            let segment = segment?;
            Some((text(segment)?, Some(segment.id.location)))
        };
        let whole = |name: String, words: fn(&Segment) -> Option<String>| {
            self.whole(name, text(old, words), text(new, words))
        };
        match part {
            Part::Segment(_) => whole(format!("segment {id}"), |segment| Some(words(segment))),
            Part::Id(_) => whole(format!("segment {id}"), |segment| {
                Some(segment.id.value.clone())
            }),
            Part::Filter(_) => whole(format!("{id}.filter"), |segment| {
                (!segment.filter.is_empty()).then(|| filter(&segment.filter))
            }),
            Part::Weight(_) => {
                let by_hand = [old, new].into_iter().flatten().any(|s| s.weight.is_some());
                let key = if by_hand { "weight" } else { "importance" };
                whole(format!("{id}.{key}"), |segment| {
                    let weight = segment.weight.map(|w| Weight::Set(w).to_f64().to_string());
                    weight.or(segment.importance.map(|i| i.to_string()))
                })
            }
            _ => {
                let when = |segment: Option<&'_ Segment>| segment.and_then(|s| s.when.clone());
                self.of_scalars(format!("{id}.when"), when(old).as_ref(), when(new).as_ref())
            }
        }
    }

    fn of_setting(&self, setting: &Setting) -> Change {
        let path = setting.path();
        if let Setting::List(name) = setting
            && self.entries_differ(setting)
        {
            let place = yaml::place(&self.yaml.1, &path);
            let (old, new) = self.entries(name);
            let others = |all: &[String], others: &[String]| {
                let others: HashSet<&String> = others.iter().collect();
                all.iter().filter(|entry| !others.contains(entry)).count()
            };
            let told = |all: usize, count: usize, word: &str| {
                let entries = if all == 1 { "entry" } else { "entries" };
                Some((format!("{all} {entries}, {count} {word}"), place))
            };
            let before = told(old.len(), others(&old, &new), "gone");
            let after = told(new.len(), others(&new, &old), "new");
            return self.whole(path.join("."), before, after);
        }
        let mut keys: Vec<String> = path.iter().map(|key| (*key).to_owned()).collect();
        let (old, new) = (yaml::at(&self.yaml.0, &path), yaml::at(&self.yaml.1, &path));
        let (old, new) = yaml::smallest(old, new, &mut keys);
        let name = keys.join(".");
        if let (Some(NodeKind::Scalar(old)), Some(NodeKind::Scalar(new))) =
            (old.map(|node| &node.kind), new.map(|node| &node.kind))
        {
            return self.of_scalars(name, Some(old), Some(new));
        }
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let place = |config| yaml::place(config, &keys).or_else(|| yaml::place(config, &path));
        let before = old.map(|node| (yaml::text(node), place(&self.yaml.0)));
        let after = new.map(|node| (yaml::text(node), place(&self.yaml.1)));
        self.whole(name, before, after)
    }

    /// The change between two texts that differ in a part.
    fn of_scalars(&self, name: String, old: Option<&Scalar>, new: Option<&Scalar>) -> Change {
        if let (Some(old), Some(new)) = (old, new) {
            let (before, after) = difference::ranges(&old.value, &new.value);
            let part = |text: &Scalar, range: std::ops::Range<usize>, project: &Project| {
                let words = text.value.get(range.clone()).unwrap_or(&text.value);
                (words.to_owned(), Some(text.locate(range, &project.sources)))
            };
            let before = part(old, before, self.old);
            let after = part(new, after, self.new);
            return self.whole(name, Some(before), Some(after));
        }
        let text = |text: Option<&Scalar>| Some((text?.value.clone(), Some(text?.location)));
        self.whole(name, text(old), text(new))
    }

    fn whole(&self, name: String, before: Text, after: Text) -> Change {
        let kind = match (&before, &after) {
            (None, Some(_)) => ChangeKind::New,
            (Some(_), None) => ChangeKind::Removed,
            _ => ChangeKind::Changed,
        };
        let place = |text: &Text, project: &Project| {
            let location = text.as_ref().and_then(|(_, location)| *location);
            location.map(|location| project.sources.place(location))
        };
        let place = place(&after, self.new).or_else(|| place(&before, self.old));
        let shown =
            |text: Text| text.map_or_else(String::new, |(text, _)| difference::shown(&text));
        Change {
            name,
            kind,
            place: place.unwrap_or_default(),
            before: shown(before),
            after: shown(after),
        }
    }
}

/// The text of a segment's rule: its condition, its filter, both, or "the rest" for the last rung of a ladder.
fn words(segment: &Segment) -> String {
    let when = segment.when.iter().map(|when| when.value.clone());
    let filter = (!segment.filter.is_empty()).then(|| filter(&segment.filter));
    let words = when.chain(filter).collect::<Vec<_>>().join("; ");
    match words.is_empty() {
        true => "the rest".to_owned(),
        false => words,
    }
}
