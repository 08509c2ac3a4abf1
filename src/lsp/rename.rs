//! A metric, segment, collection, scope, list, field or bucket gets another name, wherever it stands. A segment that has
//! been run keeps its history: `was:` names the old id.

use std::collections::HashMap;

use gen_lsp_types::{
    PrepareRenameParams, PrepareRenamePlaceholder, PrepareRenameResult, RenameParams, TextEdit,
    Uri, WorkspaceEdit,
};

use super::after;
use super::navigation::same;
use super::occurrences::{self, Occurrence};
use super::people::Counts;
use super::view::{Refusal, Spot, View};
use super::world::World;
use crate::decode::check_name;
use crate::language::Symbol;
use crate::source::{FileId, Location, parse, yaml_quoted};

/// What would be renamed.
pub fn prepare(
    view: &View<'_>,
    params: PrepareRenameParams,
) -> Result<Option<PrepareRenameResult>, Refusal> {
    let Some(spot) = view.spot(&params.text_document_position_params) else {
        return Ok(None);
    };
    let found = occurrences::all(spot.world);
    let Some(one) = renamed(&found, &spot)? else {
        return Ok(None);
    };
    let place = spot.world.place(one.place, view.encoding);
    Ok(place.map(|place| {
        PrepareRenamePlaceholder {
            range: place.range,
            placeholder: name(&one.symbol).to_owned(),
        }
        .into()
    }))
}

/// The edits of a rename, in all files.
pub fn rename(view: &View<'_>, params: RenameParams) -> Result<Option<WorkspaceEdit>, Refusal> {
    let Some(spot) = view.spot(&params.text_document_position_params) else {
        return Ok(None);
    };
    let found = occurrences::all(spot.world);
    let Some(one) = renamed(&found, &spot)? else {
        return Ok(None);
    };
    let new = params.new_name.trim();
    may_be(new, &one.symbol, &found, spot.world)?;
    let mut edits: Vec<(Location, String)> = Vec::new();
    for other in same(&found, Some(one)) {
        let written = spot.world.sources().slice(other.place);
        edits.push((other.place, like(written, new)));
    }
    if let Symbol::Segment(old) = &one.symbol
        && old != new
    {
        edits.extend(was(spot.world, old, view.counts));
    }
    if let Some(reason) = after::refused(spot.world, &edits) {
        let words = format!("`{new}` cannot be its name: {reason}");
        return Err(Refusal::because(words));
    }
    let mut changes: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
    for (place, new_text) in edits {
        if let Some(place) = spot.world.place(place, view.encoding) {
            let range = place.range;
            let edit = TextEdit { range, new_text };
            changes.entry(place.uri).or_default().push(edit);
        }
    }
    Ok(Some(WorkspaceEdit {
        changes: Some(changes),
        ..WorkspaceEdit::default()
    }))
}

/// The name under the cursor, if it is the files' own.
fn renamed<'f>(
    found: &'f [Occurrence],
    spot: &Spot<'_>,
) -> Result<Option<&'f Occurrence>, Refusal> {
    let Some(one) = occurrences::at(found, spot.file, spot.byte) else {
        return Ok(None);
    };
    if let Symbol::Column { name, .. } = &one.symbol {
        return Err(Refusal::because(format!(
            "`{name}` is a column of the database, which alone can rename it"
        )));
    }
    let is_defined = found
        .iter()
        .any(|other| other.defines && other.symbol == one.symbol);
    match is_defined || matches!(one.symbol, Symbol::Bucket(_)) {
        true => Ok(Some(one)),
        false => Err(Refusal::because(format!(
            "`{}` is not defined in these files",
            name(&one.symbol)
        ))),
    }
}

/// Whether a name is free.
fn may_be(new: &str, symbol: &Symbol, found: &[Occurrence], world: &World) -> Result<(), Refusal> {
    if matches!(symbol, Symbol::Bucket(_)) {
        return match new.is_empty() {
            true => Err(Refusal::because("a bucket needs a name")),
            false => Ok(()),
        };
    }
    check_name(new)
        .map_err(|reason| Refusal::because(format!("`{new}` cannot be a name: {reason}")))?;
    // Such as `null`, which is nothing where it stands as a value.
    let is_text =
        parse(FileId(0), &format!("name: {new}")).is_ok_and(|tree| tree.scalars().len() == 2);
    if !is_text {
        let words = format!("`{new}` cannot be a name: YAML takes it for nothing");
        return Err(Refusal::because(words));
    }
    let names_values =
        |symbol: &Symbol| matches!(symbol, Symbol::Metric(_) | Symbol::Collection(_));
    let taken = found.iter().find(|other| {
        let alike = std::mem::discriminant(&other.symbol) == std::mem::discriminant(symbol)
            || (names_values(&other.symbol) && names_values(symbol));
        other.defines && alike && other.symbol != *symbol && name(&other.symbol) == new
    });
    let of_data = world
        .project()
        .filter(|_| names_values(symbol))
        .is_some_and(|project| {
            let catalog = &project.catalog;
            let collections = catalog.collections.iter().map(|c| &c.entity);
            let mut entities = std::iter::once(&catalog.subject).chain(collections);
            let has = |name: &String| name.eq_ignore_ascii_case(new);
            catalog.subject_name == new
                || entities.any(|e| e.columns.keys().any(has) || e.lookups.keys().any(has))
        });
    match taken.is_some() || of_data {
        true => Err(Refusal::because(format!("`{new}` has a meaning already"))),
        false => Ok(()),
    }
}

/// A new name in the quotes of the old one.
fn like(written: &str, new: &str) -> String {
    let is_plain = new.chars().all(|c| c.is_alphanumeric() || c == '_');
    match written.chars().next() {
        Some('`') => format!("`{new}`"),
        Some('"' | '\'') => yaml_quoted(new),
        _ if is_plain => new.to_owned(),
        // A bucket's name may be anything.
        _ => yaml_quoted(new),
    }
}

/// Says in a segment what its id was.
fn was(world: &World, old: &str, counts: &Counts) -> Option<(Location, String)> {
    let project = world.project()?;
    let segment = project.rules.segments.iter().find(|s| s.id.value == old)?;
    if let Some(was) = &segment.was {
        // Where no run was published under this id, the history is still that of the one before.
        let size = counts.segments.get(old);
        let is_published = size.is_none_or(|size| size.published.is_some());
        return is_published.then(|| (was.location, old.to_owned()));
    }
    let id = segment.id.location;
    let text = &world.sources().get(id.file)?.text;
    let before = text.get(..id.start)?;
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let key = line + text.get(line..id.start)?.rfind("id")?;
    let indent = text.get(line..key)?;
    let is_flow = text.get(segment.place.start..)?.starts_with('{');
    if is_flow {
        let end = Location {
            start: id.end,
            ..id
        };
        return Some((end, format!(", was: {old}")));
    }
    let rest = text.get(id.end..)?;
    let end = id.end + rest.find(['\r', '\n']).unwrap_or(rest.len());
    let indent = " ".repeat(indent.chars().count());
    let place = Location {
        start: end,
        end,
        ..id
    };
    Some((place, format!("\n{indent}was: {old}")))
}

/// A symbol's name.
pub fn name(symbol: &Symbol) -> &str {
    match symbol {
        Symbol::Metric(name)
        | Symbol::Segment(name)
        | Symbol::Collection(name)
        | Symbol::Scope(name)
        | Symbol::List(name)
        | Symbol::Field(name)
        | Symbol::Bucket(name)
        | Symbol::Column { name, .. } => name,
    }
}
