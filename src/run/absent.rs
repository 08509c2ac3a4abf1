//! Filters by values that are not in the data: a warning, never an error overnight.

mod texts;

use crate::diagnostic::Finding;
use crate::engine::local::Local;
use crate::engine::{Engine, Watch};
use crate::language::check;
use crate::plan::build_fields;
use crate::time::Clock;

use super::{Project, RunError};

pub use texts::absent_texts;

/// A warning for each filter by a value that nobody has now. Reads the data only where a filter
/// names a field without a closed list.
///
/// # Errors
/// The database cannot be read, or `watch` asked to stop.
pub fn absent_values(
    project: &Project,
    clock: &Clock,
    watch: &dyn Watch,
) -> Result<Vec<Finding>, RunError> {
    let fields = &project.config.fields;
    let segments = project.rules.segments.iter();
    let names = segments
        .flat_map(|s| &s.filter)
        .map(|filter| &filter.field.value);
    let open = |name: &String| {
        fields
            .iter()
            .any(|f| f.id.value == *name && f.values.is_none())
    };
    if !names.into_iter().any(open) {
        return Ok(Vec::new());
    }
    let plan = build_fields(&project.rules, &project.checked, &project.catalog);
    let mut engine = Local::open(&project.config.database)?;
    let found = engine.field_values(&plan, clock, watch)?;
    let present: Vec<_> = fields
        .iter()
        .zip(found)
        .map(|(field, found)| match found {
            // Where not all values are listed, none can be said to be absent.
            Ok(found) if field.values.is_none() && !found.more => Some(found.values),
            _ => None,
        })
        .collect();
    Ok(check::absent_values(
        &project.rules,
        &project.catalog,
        &present,
    ))
}
