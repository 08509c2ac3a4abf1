//! How many people answer each clause of the segments with yes.

use super::counter::Counter;
use crate::engine::Watch;
use crate::language::typed::{Kind, Typed};
use crate::project::Project;
use crate::source::Location;
use crate::value::{Truth, Value};

impl Counter {
    /// Counts for the clauses of all segments that have several.
    pub(super) fn clauses(
        &mut self,
        project: &Project,
        watch: &dyn Watch,
    ) -> Result<Vec<(Location, u64)>, String> {
        let map = &project.checked.source_map;
        let conditions = project.checked.segments.iter().flatten();
        let clauses = conditions.flat_map(parts).filter_map(|part| {
            let place = map.locate(part.span, &project.sources)?;
            Some((place, part.clone()))
        });
        let (places, clauses): (Vec<_>, Vec<Typed>) = clauses.unzip();
        let mut yes = vec![0; clauses.len()];
        self.each(project, &clauses, watch, |place, value| {
            if let (Value::Truth(Truth::Yes), Some(count)) = (value, yes.get_mut(place)) {
                *count += 1;
            }
        })?;
        Ok(places.into_iter().zip(yes).collect())
    }
}

/// What a condition joins by `and` and `or`; nothing where it joins nothing, as its segment tells the size.
fn parts(condition: &Typed) -> Vec<&Typed> {
    let mut found = Vec::new();
    let mut rest = vec![condition];
    while let Some(part) = rest.pop() {
        match &part.kind {
            Kind::And(parts) | Kind::Or(parts) => rest.extend(parts.iter().rev()),
            _ if std::ptr::eq(part, condition) => {}
            _ => found.push(part),
        }
    }
    found
}
