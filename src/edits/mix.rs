//! Every state between old and new rules: for each definition, the old or the new one.

use std::cell::Cell;
use std::collections::{BTreeSet, HashMap, HashSet};

use super::part::{Part, Setting};
use super::{config, yaml};
use crate::lists::List;
use crate::project::{Project, Refused, Written};
use crate::rules::{Ladder, Metric, RuleSet, Segment};
use crate::source::{Node, Scalar};

/// Two projects to choose from.
pub(super) struct Mix<'p> {
    pub(super) old: &'p Project,
    pub(super) new: &'p Project,
    /// The YAML of config on both sides.
    pub(super) yaml: (Node, Node),
    /// Every part whose text differs; the new state has all of them.
    pub(super) whole: BTreeSet<Part>,
    /// The segments of both sides by their present ids, before and after.
    pub(super) segments: Vec<(&'p str, Option<&'p Segment>, Option<&'p Segment>)>,
    /// The present ids of the segments that both sides have.
    common: BTreeSet<&'p str>,
    /// The present ids of segments, by their old ids.
    pub(super) renamed: HashMap<String, String>,
    /// How many states may still be compiled to find the edits; `None` for no limit.
    pub(super) left: Cell<Option<usize>>,
}

impl<'p> Mix<'p> {
    pub(super) fn new(old: &'p Project, new: &'p Project) -> Self {
        let before = old.rules.segments.iter();
        let before: HashSet<&str> = before.map(|segment| segment.id.value.as_str()).collect();
        let renamed = new.rules.renamed(&before).into_iter();
        let renamed = renamed.map(|(was, id)| (was.to_owned(), id.to_owned()));
        let mut mix = Self {
            old,
            new,
            yaml: (yaml::config(old), yaml::config(new)),
            whole: BTreeSet::new(),
            segments: Vec::new(),
            common: BTreeSet::new(),
            renamed: renamed.collect(),
            left: Cell::new(None),
        };
        mix.segments = mix.paired();
        let both = mix
            .segments
            .iter()
            .filter(|(_, old, new)| old.is_some() && new.is_some());
        mix.common = both.map(|(key, ..)| *key).collect();
        mix
    }

    /// The present id of a segment of either side.
    pub(super) fn present_id(&self, id: &str) -> String {
        self.renamed.get(id).map_or(id, String::as_str).to_owned()
    }

    /// The segments of both sides: the new ones in their order, then the removed ones.
    fn paired(&self) -> Vec<(&'p str, Option<&'p Segment>, Option<&'p Segment>)> {
        let old = self.old.rules.segments.iter();
        let before: HashMap<String, &Segment> = old
            .map(|segment| (self.present_id(&segment.id.value), segment))
            .collect();
        let new = self.new.rules.segments.iter().map(|segment| {
            let id = segment.id.value.as_str();
            (id, before.get(id).copied(), Some(segment))
        });
        let mut all: Vec<_> = new.collect();
        let known: BTreeSet<&str> = all.iter().map(|(id, ..)| *id).collect();
        let gone = self.old.rules.segments.iter().filter_map(|segment| {
            let is_gone = !known.contains(self.present_id(&segment.id.value).as_str());
            is_gone.then_some((segment.id.value.as_str(), Some(segment), None))
        });
        all.extend(gone);
        all
    }

    pub(super) fn is_common(&self, key: &str) -> bool {
        self.common.contains(key)
    }

    pub(super) fn old_metric(&self, name: &str) -> Option<&'p Metric> {
        let mut metrics = self.old.rules.metrics.iter();
        metrics.find(|metric| metric.name.value == name)
    }

    /// The ids of the ladders of both sides.
    pub(super) fn ladders(&self) -> BTreeSet<String> {
        let old = self.old.rules.ladders.iter();
        let both = old.chain(&self.new.rules.ladders);
        both.map(|ladder| ladder.id.value.clone()).collect()
    }

    /// The present ids of a ladder's old rungs, top first.
    pub(super) fn old_rungs(&self, ladder: &str) -> Vec<String> {
        self.rungs_of(&self.old.rules, ladder)
    }

    pub(super) fn new_rungs(&self, ladder: &str) -> Vec<String> {
        self.rungs_of(&self.new.rules, ladder)
    }

    fn rungs_of(&self, rules: &RuleSet, ladder: &str) -> Vec<String> {
        let rungs = find(rules, ladder).map_or(&[][..], |ladder| &ladder.rungs);
        let segments = rungs.iter().filter_map(|rung| rules.segments.get(*rung));
        segments
            .map(|segment| self.present_id(&segment.id.value))
            .collect()
    }

    pub(super) fn old_among(&self, ladder: &str) -> Option<&'p Scalar> {
        find(&self.old.rules, ladder)?.among.as_ref()
    }

    pub(super) fn new_among(&self, ladder: &str) -> Option<&'p Scalar> {
        find(&self.new.rules, ladder)?.among.as_ref()
    }

    /// The entries of a list on both sides.
    pub(super) fn entries(&self, list: &str) -> (Vec<String>, Vec<String>) {
        let entries = |project: &Project| {
            let found = project.lists.iter().find(|found| found.name == list);
            found.map_or_else(Vec::new, List::identities)
        };
        (entries(self.old), entries(self.new))
    }

    pub(super) fn entries_differ(&self, setting: &Setting) -> bool {
        let Setting::List(name) = setting else {
            return false;
        };
        let (old, new) = self.entries(name);
        old != new
    }

    /// The old state with the chosen parts as they are in the new one. Metrics, collections, scopes, lists and fields
    /// that only one side has are always present: they change no memberships by themselves.
    pub(super) fn written(&self, chosen: &BTreeSet<Part>) -> Written {
        let (old, new) = (self.old, self.new);
        if *chosen == self.whole {
            let mut config = new.config.clone();
            config.ask_nothing();
            let (rules, lists) = (new.rules.clone(), new.lists.clone());
            return Written::of(old.sources.clone(), config, rules, lists);
        }
        let config = config::mixed(&old.config, &new.config, chosen);
        let (rules, lists) = (self.rules(chosen), self.lists(chosen));
        Written::of(old.sources.clone(), config, rules, lists)
    }

    /// The same, compiled.
    ///
    /// # Errors
    /// A part of it does not compile.
    pub(super) fn compiled(&self, chosen: &BTreeSet<Part>) -> Result<Project, Box<Refused>> {
        let written = self.written(chosen);
        let expected = written.rules.segments.len();
        let project = self.new.compile_beside(written).map_err(Box::new)?;
        match project.rules.segments.len() == expected {
            true => Ok(project),
            false => Err(Box::new((project.sources, project.findings))),
        }
    }

    /// Whether one more state may be compiled; counts it.
    pub(super) fn affords(&self) -> bool {
        match self.left.get() {
            Some(0) => false,
            Some(left) => {
                self.left.set(Some(left - 1));
                true
            }
            None => true,
        }
    }

    fn rules(&self, chosen: &BTreeSet<Part>) -> RuleSet {
        let (old, new) = (&self.old.rules, &self.new.rules);
        let mut mixed = RuleSet {
            files: new.files.iter().chain(&old.files).copied().collect(),
            buckets: new.buckets.clone(),
            ..RuleSet::default()
        };
        for metric in &new.metrics {
            let name = &metric.name.value;
            let before = self.old_metric(name);
            let before = before.filter(|_| !chosen.contains(&Part::Metric(name.clone())));
            mixed.metrics.push(before.unwrap_or(metric).clone());
        }
        let is_gone = |metric: &&Metric| {
            let mut metrics = new.metrics.iter();
            !metrics.any(|other| other.name.value == metric.name.value)
        };
        mixed
            .metrics
            .extend(old.metrics.iter().filter(is_gone).cloned());
        let mut ids = HashMap::new();
        for (key, old, new) in &self.segments {
            if let Some(segment) = segment(key, *old, *new, chosen) {
                ids.insert((*key).to_owned(), mixed.segments.push(segment));
            }
        }
        // If a segment moved from one ladder to another, it belongs to the chosen one.
        let (after, before): (Vec<_>, Vec<_>) = self
            .ladders()
            .into_iter()
            .partition(|ladder| chosen.contains(&Part::Rungs(ladder.clone())));
        for name in before.into_iter().chain(after) {
            let among = match chosen.contains(&Part::Among(name.clone())) {
                true => self.new_among(&name),
                false => self.old_among(&name),
            };
            let either = find(new, &name).or_else(|| find(old, &name));
            let Some(either) = either else { continue };
            let id = mixed.ladders.next_id();
            let rungs = self.rungs(&name, chosen);
            let rungs: Vec<_> = rungs
                .iter()
                .filter_map(|key| ids.get(key).copied())
                .collect();
            for rung in &rungs {
                if let Some(segment) = mixed.segments.get_mut(*rung) {
                    segment.ladder = Some(id);
                }
            }
            mixed.ladders.push(Ladder {
                id: either.id.clone(),
                among: among.cloned(),
                rungs,
            });
        }
        let segments = &mixed.segments;
        for (id, ladder) in mixed.ladders.ids().zip(mixed.ladders.iter_mut()) {
            let stays = |rung: &_| segments.get(*rung).is_some_and(|s| s.ladder == Some(id));
            ladder.rungs.retain(stays);
        }
        mixed
    }

    /// The rungs of one side; rungs that only the other side has come after the ones they follow there.
    fn rungs(&self, ladder: &str, chosen: &BTreeSet<Part>) -> Vec<String> {
        let (mut rungs, other) = match chosen.contains(&Part::Rungs(ladder.to_owned())) {
            true => (self.new_rungs(ladder), self.old_rungs(ladder)),
            false => (self.old_rungs(ladder), self.new_rungs(ladder)),
        };
        let mut before: Vec<&String> = Vec::new();
        for key in &other {
            if !self.is_common(key) {
                let behind = before.iter().rev();
                let mut behind = behind.filter_map(|above| rungs.iter().position(|r| r == *above));
                let place = behind.next().map_or(0, |place| place + 1);
                rungs.insert(place, key.clone());
            }
            before.push(key);
        }
        rungs
    }

    fn lists(&self, chosen: &BTreeSet<Part>) -> Vec<List> {
        let new = self.new.lists.iter().map(|list| {
            let before = self.old.lists.iter().find(|old| old.name == list.name);
            let part = Part::Setting(Setting::List(list.name.clone()));
            before.filter(|_| !chosen.contains(&part)).unwrap_or(list)
        });
        let is_gone = |old: &&List| !self.new.lists.iter().any(|list| list.name == old.name);
        let gone = self.old.lists.iter().filter(is_gone);
        new.chain(gone).cloned().collect()
    }
}

/// A segment of an intermediate state; `None` if the state does not have it. Its ladder is set later.
fn segment(
    key: &str,
    old: Option<&Segment>,
    new: Option<&Segment>,
    chosen: &BTreeSet<Part>,
) -> Option<Segment> {
    let is_chosen = |part: fn(String) -> Part| chosen.contains(&part(key.to_owned()));
    let mut segment = match (old, new) {
        (Some(old), Some(new)) => {
            let mut segment = new.clone();
            if !is_chosen(Part::Id) {
                segment.id.clone_from(&old.id);
                segment.was.clone_from(&old.was);
            }
            if !is_chosen(Part::When) {
                segment.when.clone_from(&old.when);
            }
            if !is_chosen(Part::Filter) {
                segment.filter.clone_from(&old.filter);
            }
            if !is_chosen(Part::Weight) {
                (segment.weight, segment.importance) = (old.weight, old.importance);
            }
            segment
        }
        (None, Some(new)) => is_chosen(Part::Segment).then(|| new.clone())?,
        (Some(old), None) => (!is_chosen(Part::Segment)).then(|| old.clone())?,
        (None, None) => return None,
    };
    segment.ladder = None;
    Some(segment)
}

fn find<'r>(rules: &'r RuleSet, ladder: &str) -> Option<&'r Ladder> {
    let mut ladders = rules.ladders.iter();
    ladders.find(|one| one.id.value == ladder)
}
