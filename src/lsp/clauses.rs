//! Splits a condition into its clauses, as written by the user.

use crate::language::SourceMap;
use crate::language::typed::{Kind, Typed};
use crate::source::{Location, Sources};
use crate::value::Type;

/// The filter lines that became part of a condition, with their locations.
pub fn of_filter(condition: &Typed, map: &SourceMap) -> Vec<(Location, Typed)> {
    let mut lines: Vec<(Location, Vec<Typed>)> = Vec::new();
    let mut rest = vec![condition];
    while let Some(part) = rest.pop() {
        match (map.line(part.span), &part.kind) {
            (Some(place), _) => match lines.iter_mut().find(|(known, _)| *known == place) {
                Some((_, parts)) => parts.push(part.clone()),
                None => lines.push((place, vec![part.clone()])),
            },
            (None, Kind::And(parts)) => rest.extend(parts.iter().rev()),
            (None, _) => {}
        }
    }
    let lines = lines.into_iter();
    lines.map(|(place, parts)| (place, all_of(parts))).collect()
}

fn all_of(mut parts: Vec<Typed>) -> Typed {
    match (parts.pop(), parts.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            parts.extend(last);
            Typed::made(Kind::And(parts), Type::Truth)
        }
    }
}

/// The operands that a condition joins with `and` and `or`, and the lines of its filter. Empty if it joins nothing: the
/// segment's size already says it all.
pub fn joined(condition: &Typed, map: &SourceMap, sources: &Sources) -> Vec<(Location, Typed)> {
    let mut found = of_filter(condition, map);
    let mut rest = vec![condition];
    while let Some(part) = rest.pop() {
        if map.line(part.span).is_some() {
            continue;
        }
        match &part.kind {
            Kind::And(parts) | Kind::Or(parts) => rest.extend(parts.iter().rev()),
            _ if std::ptr::eq(part, condition) => {}
            _ => found.extend(
                map.locate(part.span, sources)
                    .map(|place| (place, part.clone())),
            ),
        }
    }
    match found.as_slice() {
        [_] => Vec::new(),
        _ => found,
    }
}
