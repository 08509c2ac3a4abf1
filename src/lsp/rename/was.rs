//! `was:` of a renamed segment.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use crate::lsp::view::View;
use crate::lsp::world::World;
use crate::project::{Project, remembered};
use crate::source::{
    FileId, Location, Node, NodeKind, Scalar, column, line_end, line_start, line_stop,
};

/// How long to wait for the results.
const PATIENCE: Duration = Duration::from_millis(500);

/// Records the old id in a segment. An existing `was:` stays if that id has been run and the id in between has not; it
/// is removed if the segment gets that id back.
pub(super) fn edit(
    view: &View<'_>,
    world: &World,
    (old, new): (&str, &str),
    trees: &HashMap<FileId, Node>,
) -> Option<(Location, String)> {
    let project = world.project()?;
    let segment = project.rules.segments.iter().find(|s| s.id.value == old)?;
    let id = segment.id.location;
    let text = &world.sources().get(id.file)?.text;
    let tree = trees.get(&id.file)?;
    if let Some(was) = &segment.was {
        // If unknown, `was` may be the id that has been run.
        let ran = ran(view, world, project).unwrap_or_else(|| BTreeSet::from([was.value.clone()]));
        return match ran.contains(old) || !ran.contains(&was.value) {
            true => Some((was.location, old.to_owned())),
            false if was.value == new => taken_out(text, tree, was),
            false => None,
        };
    }
    let (segment, key) = around(tree, id)?;
    let is_flow = text.get(segment.location.start..)?.starts_with('{');
    let (at, said) = match is_flow {
        true => (id.end, format!(", was: {old}")),
        false => {
            let indent = " ".repeat(column(text, key.location.start));
            let said = format!("{}{indent}was: {old}", line_end(text));
            (line_stop(text, id.end), said)
        }
    };
    let place = Location {
        start: at,
        end: at,
        ..id
    };
    Some((place, said))
}

/// The segment ids in the last published run, including one published since the texts were compiled; `None` if only the
/// texts are known.
fn ran(view: &View<'_>, world: &World, project: &Project) -> Option<BTreeSet<String>> {
    if world.texts_alone.is_some() {
        return None;
    }
    let results = remembered(project.config.results_path());
    let asked = async { tokio::time::timeout(PATIENCE, results).await };
    Some(match view.runtime.block_on(asked) {
        Ok(Ok(now)) => now.segments,
        _ => project.remembered.segments.clone(),
    })
}

/// Removes a value with its key from its mapping: the whole line, or inside braces the part between the commas.
fn taken_out(text: &str, tree: &Node, value: &Scalar) -> Option<(Location, String)> {
    let (mapping, key) = around(tree, value.location)?;
    let is_flow = text.get(mapping.location.start..)?.starts_with('{');
    let (start, end) = match is_flow {
        true => {
            let before = text.get(..key.location.start)?.trim_end();
            let behind = text.get(value.location.end..)?;
            let blanks = behind.len() - behind.trim_start_matches(' ').len();
            match before.strip_suffix(',') {
                Some(before) => (before.len(), value.location.end),
                None if behind.get(blanks..)?.starts_with(',') => {
                    let rest = behind.get(blanks + 1..)?;
                    let next = rest.len() - rest.trim_start_matches(' ').len();
                    (key.location.start, value.location.end + blanks + 1 + next)
                }
                None => return None,
            }
        }
        // What follows the dash of an item cannot be removed with its line.
        false => {
            let start = line_start(text, key.location.start);
            let is_alone = text.get(start..key.location.start)?.trim().is_empty();
            let end = line_stop(text, value.location.end) + line_end(text).len();
            is_alone.then(|| (start, end.min(text.len())))?
        }
    };
    let place = Location {
        start,
        end,
        ..value.location
    };
    Some((place, String::new()))
}

/// The mapping that contains a value, and the value's key.
fn around(node: &Node, value: Location) -> Option<(&Node, &Scalar)> {
    match &node.kind {
        NodeKind::Empty | NodeKind::Scalar(_) => None,
        NodeKind::List(items) => items.iter().find_map(|item| around(item, value)),
        NodeKind::Mapping(entries) => entries.iter().find_map(|(key, of)| match &of.kind {
            NodeKind::Scalar(scalar) => (scalar.location == value).then_some((node, key)),
            _ => around(of, value),
        }),
    }
}
