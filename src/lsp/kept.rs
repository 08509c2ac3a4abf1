//! The findings of the last check of data and tests, as far as they still apply after edits: until the next check is
//! done, a finding stays as long as its text, and everything that it refers to, is unchanged.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use super::moved::Moved;
use super::occurrences::{self, Occurrence};
use super::roles::purpose;
use super::world::World;
use crate::diagnostic::{Finding, Related};
use crate::language::Symbol;
use crate::reference::Purpose;
use crate::source::{FileId, Location, Node, NodeKind, Scalar, parse};

/// The findings of a check that the texts alone do not show.
#[derive(Debug)]
pub struct Kept {
    world: Arc<World>,
    findings: Vec<Finding>,
    /// Whether names of people were hidden.
    hide_names: bool,
    /// The contents of its texts, computed on demand.
    said: OnceLock<Said>,
}

impl Kept {
    pub fn new(world: Arc<World>, findings: Vec<Finding>, hide_names: bool) -> Self {
        Self {
            world,
            findings,
            hide_names,
            said: OnceLock::new(),
        }
    }

    pub fn world(&self) -> &Arc<World> {
        &self.world
    }

    /// The findings that still apply in a newer world, at their new locations; empty if the database or the subject has
    /// changed, or if names are now to be hidden but were not.
    pub fn in_world(&self, world: &World, hide_names: bool) -> Vec<Finding> {
        let database = |world: &World| {
            world
                .project()
                .map(|project| project.config.database.clone())
        };
        let is_other = hide_names != self.hide_names || database(&self.world) != database(world);
        if self.findings.is_empty() || is_other {
            return Vec::new();
        }
        let said = self.said.get_or_init(|| Said::of(&self.world));
        let moved = Moved::between(&self.world, world);
        let files = self.world.sources().iter();
        let changed: HashSet<FileId> = files.filter_map(|(id, _)| moved.changed(id)).collect();
        let mut holding = Holding {
            said,
            worlds: (&self.world, world),
            moved,
            now: trees(world, |id| changed.contains(&id)),
            known: HashMap::new(),
        };
        if said.subject.is_some_and(|place| !holding.holds(place)) {
            return Vec::new();
        }
        let findings = self.findings.iter();
        findings
            .filter_map(|finding| at_places(finding, |place| holding.place(place)))
            .collect()
    }
}

/// A finding with its locations moved; `None` if one of them is gone.
fn at_places(
    finding: &Finding,
    mut place: impl FnMut(Location) -> Option<Location>,
) -> Option<Finding> {
    let location = match finding.location {
        Some(location) => Some(place(location)?),
        None => None,
    };
    let related = finding.related.iter().map(|related| {
        Some(Related {
            location: place(related.location)?,
            label: related.label.clone(),
        })
    });
    Some(Finding {
        location,
        related: related.collect::<Option<_>>()?,
        ..finding.clone()
    })
}

/// A parsed file with its purpose; `None` if it is not YAML or not Muster's.
type Tree = Option<(Node, Purpose)>;

fn trees(world: &World, is_wanted: impl Fn(FileId) -> bool) -> Vec<Tree> {
    let config = world.project().map(|project| &project.config);
    let files = world.sources().iter();
    let trees = files.map(|(id, file)| {
        let purpose = purpose(&file.path, world.folder.config(), config)?;
        let tree = is_wanted(id).then(|| parse(id, &file.text).ok());
        Some((tree??, purpose))
    });
    trees.collect()
}

/// The contents of a world's texts.
#[derive(Debug)]
struct Said {
    trees: Vec<Tree>,
    /// Sorted by location.
    names: Vec<Occurrence>,
    definitions: HashMap<Symbol, Vec<Location>>,
    /// The key in config that defines the subject.
    subject: Option<Location>,
}

impl Said {
    fn of(world: &World) -> Self {
        let names = occurrences::all(world);
        let mut definitions: HashMap<Symbol, Vec<Location>> = HashMap::new();
        for one in names.iter().filter(|one| one.defines) {
            let places = definitions.entry(one.symbol.clone()).or_default();
            places.push(one.place);
        }
        let trees = trees(world, |_| true);
        let config = trees.iter().flatten();
        let mut config = config.filter(|(_, purpose)| *purpose == Purpose::Config);
        let subject = config.find_map(|(tree, _)| match &tree.kind {
            NodeKind::Mapping(entries) => {
                let subject = entries.iter().find(|(key, _)| key.value == "subject");
                subject.map(|(key, _)| key.location)
            }
            _ => None,
        });
        Self {
            trees,
            names,
            definitions,
            subject,
        }
    }

    /// The names in a location.
    fn names_in(&self, place: Location) -> impl Iterator<Item = &Occurrence> {
        let begin = Location {
            end: place.start,
            ..place
        };
        let from = self.names.partition_point(|one| one.place < begin);
        let names = self.names.get(from..).unwrap_or_default().iter();
        names.take_while(move |one| one.place.file == place.file && one.place.start < place.end)
    }
}

/// Determines what still holds in a newer world.
struct Holding<'s> {
    said: &'s Said,
    /// The old world and the new one.
    worlds: (&'s World, &'s World),
    moved: Moved,
    /// The changed files in the new world.
    now: Vec<Tree>,
    /// Memoized results, by location.
    known: HashMap<Location, bool>,
}

impl Holding<'_> {
    /// The new location of a place; `None` if its surroundings, or something that they refer to, has changed.
    fn place(&mut self, place: Location) -> Option<Location> {
        let now = self.moved.place(place)?;
        self.holds(place).then_some(now)
    }

    fn holds(&mut self, place: Location) -> bool {
        let Some(whole) = around(self.worlds.0, &self.said.trees, place) else {
            // A list of texts, or similar.
            return self.moved.changed(place.file).is_none();
        };
        if let Some(known) = self.known.get(&whole) {
            return *known;
        }
        // Assume that it holds while checking, so that a cycle is decided by its other members.
        self.known.insert(whole, true);
        let said = self.said;
        let holds = self.is_same(place, whole)
            && said.names_in(whole).all(|one| {
                let defining = occurrences::defining(&one.symbol);
                let places = said.definitions.get(&defining).into_iter().flatten();
                one.defines || places.into_iter().all(|place| self.holds(*place))
            });
        self.known.insert(whole, holds);
        holds
    }

    /// Whether the surroundings of a place have the same text, and are not part of something larger now.
    fn is_same(&self, place: Location, whole: Location) -> bool {
        let is_same = || {
            let (place, whole) = (self.moved.place(place)?, self.moved.place(whole)?);
            let is_same = self.moved.changed(whole.file).is_none();
            Some(is_same || around(self.worlds.1, &self.now, place)? == whole)
        };
        is_same() == Some(true)
    }
}

/// The text that determines the meaning of a place, without trailing white space.
fn around(world: &World, trees: &[Tree], place: Location) -> Option<Location> {
    let whole = saying(trees, place)?;
    let text = world.sources().slice(whole);
    Some(Location {
        end: whole.start + text.trim_end().len(),
        ..whole
    })
}

/// The location of that text: a condition with its key, or a whole item of config or of a test file.
fn saying(trees: &[Tree], place: Location) -> Option<Location> {
    let (tree, purpose) = trees.get(place.file.0)?.as_ref()?;
    let (key, value, whole) = entry(tree, place)?;
    if covers(key.location, place) {
        return Some(whole);
    }
    match &value.kind {
        NodeKind::Empty | NodeKind::Scalar(_) => Some(whole),
        NodeKind::List(items) => {
            let item = items.iter().find(|item| covers(item.extent(), place))?;
            let part = entry(item, place).filter(|_| *purpose == Purpose::Rules);
            // A finding at a segment's id is about the whole segment.
            let part = part.filter(|(key, _, _)| key.value != "id");
            Some(part.map_or(item.extent(), |(_, _, whole)| whole))
        }
        NodeKind::Mapping(entries) => {
            let is_mapping = |value: &Node| matches!(value.kind, NodeKind::Mapping(_));
            let are_items =
                *purpose != Purpose::Config || entries.iter().all(|(_, value)| is_mapping(value));
            let item = entry(value, place).filter(|_| are_items);
            Some(item.map_or(whole, |(_, _, whole)| whole))
        }
    }
}

/// The entry of a mapping around a place: its key, its value and both together.
fn entry(node: &Node, place: Location) -> Option<(&Scalar, &Node, Location)> {
    let NodeKind::Mapping(entries) = &node.kind else {
        return None;
    };
    let mut entries = entries.iter().map(|(key, value)| {
        let whole = Location {
            end: value.extent().end.max(key.location.end),
            ..key.location
        };
        (key, value, whole)
    });
    entries.find(|(_, _, whole)| covers(*whole, place))
}

fn covers(whole: Location, part: Location) -> bool {
    whole.file == part.file && whole.start <= part.start && part.end <= whole.end
}
