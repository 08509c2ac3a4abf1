//! Rename of a metric, segment, collection, scope, list, field or bucket, wherever it is used. A segment that has been
//! run keeps its history: `was:` records the old id.
//!
//! A rename that would cause an error, or change a meaning, is refused.

mod free;
mod meaning;
mod was;

use std::collections::HashMap;

use gen_lsp_types::{
    PrepareRenameParams, PrepareRenamePlaceholder, PrepareRenameResult, RenameParams, WorkspaceEdit,
};

use super::after::Edits;
use super::edits::workspace;
use super::navigation::same;
use super::occurrences::{self, Occurrence};
use super::roles::{Role, parts, purpose as purpose_of};
use super::view::{Refusal, Spot, View};
use super::world::World;
use crate::catalog::Entity;
use crate::diagnostic::{Code, Finding};
use crate::language::{Symbol, is_bare, parse as parse_expression};
use crate::source::{FileId, Location, Node, NodeKind, parse, replacement};

/// The symbol that would be renamed.
pub fn prepare(
    view: &View<'_>,
    params: PrepareRenameParams,
) -> Result<Option<PrepareRenameResult>, Refusal> {
    let Some(spot) = view.spot(&params.text_document_position_params) else {
        return Ok(None);
    };
    let found = occurrences::all(spot.world);
    let Some(one) = renamed(&found, &spot)? else {
        return unread(&spot).map_or(Ok(None), Err);
    };
    let place = spot.world.place(one.place, view.client.encoding);
    Ok(place.map(|place| {
        PrepareRenamePlaceholder {
            range: place.range,
            placeholder: one.symbol.name().to_owned(),
        }
        .into()
    }))
}

/// The edits of a rename, in all files.
pub fn rename(view: &View<'_>, params: RenameParams) -> Result<Option<WorkspaceEdit>, Refusal> {
    let Some(spot) = view.spot(&params.text_document_position_params) else {
        return Ok(None);
    };
    let world = spot.world;
    let found = occurrences::all(world);
    let Some(one) = renamed(&found, &spot)? else {
        return unread(&spot).map_or(Ok(None), Err);
    };
    let new = params.new_name.trim();
    free::check(new, &one.symbol, &found, world)?;
    let old = one.symbol.name();
    all_are_read(world, old)?;
    let mut trees: HashMap<FileId, Node> = HashMap::new();
    for (id, file) in world.sources().iter() {
        trees.extend(parse(id, &file.text).ok().map(|tree| (id, tree)));
    }
    let mut edits = Edits::new();
    for other in same(&found, Some(one)) {
        let edit = rewritten(other, new, world, &trees);
        let place = || world.sources().place(other.place);
        let (place, text) = edit
            .ok_or_else(|| Refusal::because(format!("`{new}` cannot be written in {}", place())))?;
        edits.insert(place, text);
    }
    if let Symbol::Segment(old) = &one.symbol
        && old != new
    {
        edits.extend(was::edit(view, world, (old, new), &trees));
    }
    meaning::check(world, &one.symbol, new, &edits)?;
    let edits = edits
        .iter()
        .map(|(place, new_text)| (*place, new_text.as_str()));
    Ok(Some(workspace(edits, world, view)))
}

/// The reason if the symbol under the cursor cannot be determined.
fn unread(spot: &Spot<'_>) -> Option<Refusal> {
    let file = spot.world.sources().get(spot.file)?;
    if parse(spot.file, &file.text).is_err() {
        let words = format!("`{}` cannot be read: fix that first", file.path.display());
        return Some(Refusal::because(words));
    }
    spot.world
        .project()
        .is_none()
        .then(|| wrong_config(spot.world))
}

fn wrong_config(world: &World) -> Refusal {
    let config = world.config();
    Refusal::because(format!(
        "`{}` has an error, so the meaning of its rules is unknown: fix that first",
        config.display()
    ))
}

/// One occurrence with the new name, in its existing quoting style.
fn rewritten(
    one: &Occurrence,
    new: &str,
    world: &World,
    trees: &HashMap<FileId, Node>,
) -> Option<(Location, String)> {
    let file = world.sources().get(one.place.file)?;
    let tree = trees.get(&one.place.file)?;
    let had_backticks = world.sources().slice(one.place).starts_with('`');
    let name = match one.in_expression && (had_backticks || !is_bare(new)) {
        true => format!("`{new}`"),
        false => new.to_owned(),
    };
    let place = one.place.start..one.place.end;
    let (place, text) = replacement(&file.text, tree, place, &name)?;
    let place = Location {
        start: place.start,
        end: place.end,
        ..one.place
    };
    Some((place, text))
}

/// Checks that no unparsed text contains the name, since its meaning there is unknown.
fn all_are_read(world: &World, old: &str) -> Result<(), Refusal> {
    let refusal = |place: String| {
        let words = format!("`{old}` may be used in {place}, which cannot be read: fix that first");
        Err(Refusal::because(words))
    };
    let Some(project) = world.project() else {
        return Err(wrong_config(world));
    };
    for finding in project
        .findings
        .iter()
        .filter(|finding| finding.code.leaves_unread())
    {
        if let Some(place) = unread_with(world, finding, old) {
            return refusal(place);
        }
    }
    for (id, file) in world.sources().iter() {
        let purpose = purpose_of(&file.path, world.folder.config(), Some(&project.config));
        let Some(purpose) = purpose.filter(|_| has_word(&file.text, old)) else {
            continue;
        };
        if parse(id, &file.text).is_err() {
            return refusal(file.path.display().to_string());
        }
        for part in parts(purpose, id, &file.text) {
            let text = &part.scalar.value;
            let is_expression = matches!(part.role, Role::Condition | Role::Column);
            let is_text = is_expression && has_word(text, old);
            // `any:` of a field names rows; the content of a variable is unknown here.
            let rows = || format!("exists({text}\n)");
            let is_read = !text.contains("${")
                && (parse_expression(text).is_ok() || parse_expression(&rows()).is_ok());
            if is_text && !is_read {
                return refusal(world.sources().place(part.scalar.location));
            }
        }
    }
    Ok(())
}

/// The location of unread text, if it contains a word: the value of an unknown or duplicate key. A file that is too
/// large counts as containing every word.
fn unread_with(world: &World, finding: &Finding, word: &str) -> Option<String> {
    if matches!(finding.code, Code::TooLarge | Code::FileUnreadable) {
        let place = finding.location.map(|place| world.sources().place(place));
        return Some(place.unwrap_or_else(|| finding.message.clone()));
    }
    let place = finding.location?;
    let file = world.sources().get(place.file)?;
    let tree = parse(place.file, &file.text).ok()?;
    let value = value_of(&tree, place)?;
    let text = file.text.get(value.start..value.end)?;
    has_word(text, word).then(|| world.sources().place(place))
}

/// The location of the value of the key at a place.
fn value_of(node: &Node, key: Location) -> Option<Location> {
    match &node.kind {
        NodeKind::Empty | NodeKind::Scalar(_) => None,
        NodeKind::List(items) => items.iter().find_map(|item| value_of(item, key)),
        NodeKind::Mapping(entries) => {
            entries
                .iter()
                .find_map(|(known, value)| match known.location == key {
                    true => Some(value.extent()),
                    false => value_of(value, key),
                })
        }
    }
}

/// Whether a word occurs in a text.
fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let behind = text
            .get(at + word.len()..)
            .and_then(|rest| rest.chars().next());
        !before.is_some_and(is_part) && !behind.is_some_and(is_part)
    })
}

/// The name under the cursor, if it is defined in the files.
fn renamed<'f>(
    found: &'f [Occurrence],
    spot: &Spot<'_>,
) -> Result<Option<&'f Occurrence>, Refusal> {
    let Some(one) = occurrences::at(found, spot.file, spot.byte) else {
        return Ok(None);
    };
    if let Symbol::Column { of, lookup, name } = &one.symbol {
        let project = spot.world.project();
        let catalog = project.map(|project| &project.catalog);
        let entity = catalog.and_then(|catalog| match of {
            None => Some(&catalog.subject),
            Some(of) => {
                let mut collections = catalog.collections.iter();
                collections.find(|c| c.name == *of).map(|c| &c.entity)
            }
        });
        let is_lookup = |entity: &Entity| lookup.is_none() && entity.lookups.contains_key(name);
        if entity.is_some_and(is_lookup) {
            return Err(Refusal::because(format!(
                "`{name}` is a lookup, which is not renamed from here: change it under `lookups:` in config and wherever it stands"
            )));
        }
        return Err(Refusal::because(format!(
            "`{name}` is a column of the database, which alone can rename it"
        )));
    }
    if let Symbol::Person { name, .. } = &one.symbol {
        return Err(Refusal::because(format!(
            "`{name}` is somebody in tests, whose name decides how copies of them are moved: rename them by hand"
        )));
    }
    if matches!(one.symbol, Symbol::Bucket(_)) {
        return Ok(Some(one));
    }
    let definitions = found
        .iter()
        .filter(|other| other.defines && other.symbol == one.symbol);
    let name = one.symbol.name();
    match definitions.count() {
        1 => Ok(Some(one)),
        0 => Err(Refusal::because(format!(
            "`{name}` is not defined in these files"
        ))),
        _ => Err(Refusal::because(format!(
            "`{name}` is defined more than once, so it is unclear which one is meant elsewhere: rename one of them by hand"
        ))),
    }
}
