//! Reference documentation for the word or key under the cursor: the pages of `muster docs`.

use super::roles::{Role, parts};
use super::tokens::{Kind, words};
use super::view::Spot;
use crate::project::columns::meaning;
use crate::reference::{self, Page, Purpose};
use crate::source::{Location, Node, NodeKind, parse};

/// The pages in Markdown, and the location that they describe.
pub fn at(spot: &Spot<'_>, purpose: Purpose) -> Option<(String, Location)> {
    if let Some(stored) = stored(spot, purpose) {
        return Some(stored);
    }
    let (pages, place) = word(spot, purpose).or_else(|| key(spot, purpose))?;
    let pages = pages.iter();
    let pages: Vec<String> = pages
        .map(|page| format!("**{}**\n\n{}", page.title, page.text.trim()))
        .collect();
    (!pages.is_empty()).then(|| (pages.join("\n\n"), place))
}

/// The column of a file stored by a run that is under the cursor.
fn stored(spot: &Spot<'_>, purpose: Purpose) -> Option<(String, Location)> {
    let text = &spot.world.sources().get(spot.file)?.text;
    let holds = |place: Location| place.holds(spot.file, spot.byte);
    let columns = parts(purpose, spot.file, text).into_iter();
    let mut columns = columns.filter(|part| part.role == Role::Column);
    let column = columns.find(|part| holds(part.scalar.location))?.scalar;
    let words = meaning(&column.value)?;
    Some((
        format!("column `{}`: {words}", column.value),
        column.location,
    ))
}

/// The word of a condition under the cursor, or directly before it.
fn word(spot: &Spot<'_>, purpose: Purpose) -> Option<(Vec<Page>, Location)> {
    let sources = spot.world.sources();
    let text = &sources.get(spot.file)?.text;
    let mut before = None;
    for part in parts(purpose, spot.file, text) {
        let (condition, whole) = (&part.scalar.value, part.scalar.location);
        if part.role != Role::Condition || !whole.holds(spot.file, spot.byte) {
            continue;
        }
        let placed = part.scalar.placed(sources);
        for (range, kind) in words(&part.scalar) {
            let place = placed.locate(range.clone());
            if !place.holds(spot.file, spot.byte) {
                continue;
            }
            let word = condition.get(range)?;
            let pages = match kind {
                Kind::Function => reference::of_function(word),
                Kind::Keyword | Kind::Operator => reference::of_word(word),
                _ => Vec::new(),
            };
            if spot.byte < place.end {
                return Some((pages, place));
            }
            before = Some((pages, place));
        }
    }
    before
}

/// The key under the cursor.
fn key(spot: &Spot<'_>, purpose: Purpose) -> Option<(Vec<Page>, Location)> {
    let text = &spot.world.sources().get(spot.file)?.text;
    let tree = parse(spot.file, text).ok()?;
    let mut path = Vec::new();
    let place = key_at(&tree, spot.byte, &mut path)?;
    Some((reference::of_key(purpose, &path), place))
}

/// The location of the key; `path` receives the keys that lead to it, including itself.
fn key_at<'n>(node: &'n Node, byte: usize, path: &mut Vec<&'n str>) -> Option<Location> {
    match &node.kind {
        NodeKind::Empty | NodeKind::Scalar(_) => None,
        NodeKind::List(items) => items.iter().find_map(|item| key_at(item, byte, path)),
        NodeKind::Mapping(entries) => entries.iter().find_map(|(key, value)| {
            path.push(&key.value);
            let place = key.location;
            let found = match place.holds(place.file, byte) {
                true => Some(place),
                false => key_at(value, byte, path),
            };
            if found.is_none() {
                path.pop();
            }
            found
        }),
    }
}
