//! What the files would come to with some edits: nothing is offered that was not compiled first.

use std::collections::BTreeMap;

use super::world::World;
use crate::project::{Asked, Project, Refused, Written, compile};
use crate::source::{Location, SourceFile, replaced};

/// What stands in the place of what.
pub type Edits = BTreeMap<Location, String>;

/// Compiles the files with edits, against the same columns and memory; without any, what they come to in the same way. Where
/// config could not be read, nothing is known of the data.
///
/// # Errors
/// What was found, where there is no project.
pub fn compiled(world: &World, edits: &Edits) -> Result<Project, Refused> {
    let files = world.sources().iter().map(|(id, file)| {
        let own = edits.iter().filter(|(place, _)| place.file == id);
        let own = own.map(|(place, text)| (place.start..place.end, text.clone()));
        SourceFile {
            path: file.path.clone(),
            text: replaced(&file.text, own.collect()),
        }
    });
    let sources = world.sources().with(files.collect());
    let variable = |name: &str| world.variables.get(name);
    let written = Written::read(sources, world.folder.config(), &variable, None)?;
    let known = world.project();
    let known = known.map(|project| (project.schema.clone(), project.remembered.clone()));
    let (schema, remembered) = known.unwrap_or_default();
    compile(written, &schema, &remembered, Asked::default())
}
