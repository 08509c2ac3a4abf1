//! The number of people that each clause of the segments matches.

use super::counter::Counter;
use crate::engine::Watch;
use crate::language::typed::Typed;
use crate::lsp::clauses::joined;
use crate::project::Project;
use crate::source::Location;
use crate::value::{Truth, Value};

impl Counter {
    /// Counts the clauses of all segments that have several.
    pub(super) fn clauses(
        &mut self,
        project: &Project,
        watch: &dyn Watch,
    ) -> Result<Vec<(Location, u64)>, String> {
        let map = &project.checked.source_map;
        let conditions = project.checked.segments.iter().flatten();
        let clauses = conditions.flat_map(|condition| joined(condition, map, &project.sources));
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
