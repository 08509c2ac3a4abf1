//! The result of compiling the files with some edits: nothing is offered to the user without being compiled first.

use std::collections::BTreeMap;

use super::world::World;
use crate::project::{Asked, Project, Refused, Written, compile};
use crate::source::{Location, SourceFile, replaced};

/// Replacement texts, by the location that they replace.
pub type Edits = BTreeMap<Location, String>;

/// Compiles the files with edits, against the same columns and remembered state; without edits, compiles the current
/// state in the same way. If config could not be read, nothing is known about the data.
///
/// # Errors
/// The findings, if there is no project.
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
