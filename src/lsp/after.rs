//! What the files come to after edits: nothing may be wrong then that was right before, and every segment means what it
//! meant.

use super::world::World;
use crate::diagnostic::{Code, Finding, Teller};
use crate::project::{Asked, Known, Project, compile_now, read};
use crate::source::{FileId, Location, Sources};

/// Why edits are better not made; none where they change no more than they should.
pub fn refused(world: &World, edits: &[(Location, String)]) -> Option<String> {
    let before = world.project()?;
    let files = world.sources().iter();
    let files = files.map(|(id, file)| (file.path.clone(), edited(&file.text, id, edits)));
    let sources = Sources::in_memory(files);
    let known = Known {
        schema: before.schema.clone(),
        remembered: before.remembered.clone(),
    };
    let asked = Asked {
        with_reports: true,
        ..Asked::default()
    };
    let variable = |name: &str| world.variables.get(name);
    let after = read(sources, world.folder.config(), &variable, None)
        .and_then(|written| compile_now(written, &known, asked));
    let counts = |finding: &&Finding| {
        finding.is_error() && (world.texts_alone.is_none() || is_of_form(finding.code))
    };
    let errors = |findings: &[Finding]| findings.iter().filter(counts).count();
    let (sources, findings) = match &after {
        Ok(project) => (&project.sources, &project.findings),
        Err((sources, findings)) => (sources, findings),
    };
    if errors(findings) > errors(&before.findings) {
        let was_there = |new: &&Finding| {
            let mut known = before.findings.iter();
            known.any(|old| (old.code, &old.message) == (new.code, &new.message))
        };
        let mut new = findings.iter().filter(counts);
        let new = new.find(|finding| !was_there(finding))?;
        return Some(Teller::new(sources).tell(new).message);
    }
    let moved = moved(before, after.as_ref().ok()?)?;
    Some(format!("`{moved}` would mean something else"))
}

/// What is known to be wrong without the database.
fn is_of_form(code: Code) -> bool {
    code < Code::UnknownName && code != Code::UnsetVariable
}

/// A segment that does not mean what it meant.
fn moved(before: &Project, after: &Project) -> Option<String> {
    let (old, new) = (before.ir.meanings(), after.ir.meanings());
    let mut pairs = old.segments.iter().zip(&new.segments);
    let place = pairs.position(|(old, new)| old != new)?;
    let segment = before.ir.segments.iter().nth(place)?;
    Some(segment.id.clone())
}

/// A file's text after the edits that are of it.
fn edited(text: &str, file: FileId, edits: &[(Location, String)]) -> String {
    let of_file = edits.iter().filter(|(place, _)| place.file == file);
    let mut of_file: Vec<_> = of_file.collect();
    of_file.sort_by_key(|(place, _)| (place.start, place.end));
    let (mut new, mut from) = (String::with_capacity(text.len()), 0);
    for (place, written) in of_file {
        new.push_str(text.get(from..place.start).unwrap_or_default());
        new.push_str(written);
        from = place.end;
    }
    new.push_str(text.get(from..).unwrap_or_default());
    new
}
