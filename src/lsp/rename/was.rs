//! `was:` in a segment that is renamed.

use std::collections::HashMap;

use crate::lsp::people::Counts;
use crate::lsp::world::World;
use crate::source::{FileId, Location, Node, NodeKind, Scalar, column, line_end, line_stop};

/// Says in a segment what its id was. What it says already stays, where that id has been run and the one between has not.
pub(super) fn edit(
    world: &World,
    old: &str,
    counts: &Counts,
    trees: &HashMap<FileId, Node>,
) -> Option<(Location, String)> {
    let project = world.project()?;
    let segment = project.rules.segments.iter().find(|s| s.id.value == old)?;
    let id = segment.id.location;
    if let Some(was) = &segment.was {
        let ran = |id: &str| project.remembered.segments.contains(id);
        // What was counted is newer than what was remembered when the texts were compiled.
        let has_run = match counts.segments.get(old) {
            Some(size) => size.published.is_some(),
            None => ran(old) || !ran(&was.value),
        };
        return has_run.then(|| (was.location, old.to_owned()));
    }
    let text = &world.sources().get(id.file)?.text;
    let (segment, key) = around(trees.get(&id.file)?, id)?;
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

/// The mapping in which a value stands, and the value's key.
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
