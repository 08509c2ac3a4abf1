//! Code lenses above a segment or a test: its size, who would move, and the `muster` commands that tell more.

use gen_lsp_types::{CodeLens, CodeLensParams};
use serde_json::Value;

use super::commands::Command;
use super::hints;
use super::position::Lines;
use super::roles::{Role, parts};
use super::view::{Refusal, View};
use super::world::World;
use crate::config::marks;
use crate::language::Symbol;
use crate::reference::Purpose;
use crate::source::{FileId, NodeKind, Scalar, parse};

/// The lenses of a file; `None` if the commands could not work.
pub fn of(view: &View<'_>, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>, Refusal> {
    let uri = &params.text_document.uri;
    let text = view.text(uri)?;
    let world = view.world.filter(|world| world.texts_alone.is_none());
    let (Some(purpose), Some(project)) = (view.purpose(uri), world.and_then(World::project)) else {
        return Ok(None);
    };
    let lines = Lines::new(&text, view.client.encoding);
    let lens = |place: &Scalar, title: String, command: Command| CodeLens {
        range: lines.range(place.location.start..place.location.end),
        command: Some(gen_lsp_types::Command {
            title,
            tooltip: None,
            command: command.name().to_owned(),
            arguments: Some(vec![Value::String(place.value.clone())]),
        }),
        data: None,
    };
    if purpose == Purpose::Tests {
        let names = tests(&text).into_iter();
        let lenses = names.map(|name| lens(&name, "run test".to_owned(), Command::Test));
        return Ok(Some(lenses.collect()));
    }
    let marks = marks(project.config.locale);
    let lenses = parts(purpose, FileId(0), &text).into_iter();
    let lenses = lenses.filter_map(|part| match &part.role {
        Role::Defines(Symbol::Segment(id)) => {
            let size = view.counts.segments.get(id);
            let size = size.and_then(|size| hints::words(*size, view, &marks));
            let moves = size.map_or_else(|| "plan".to_owned(), |size| format!("{size} (plan)"));
            Some([
                lens(&part.scalar, moves, Command::Plan),
                lens(&part.scalar, "explain".to_owned(), Command::Explain),
                lens(&part.scalar, "backtest".to_owned(), Command::Backtest),
            ])
        }
        _ => None,
    });
    Ok(Some(lenses.flatten().collect()))
}

/// The names of the tests in a test file.
fn tests(text: &str) -> Vec<Scalar> {
    let tree = parse(FileId(0), text).ok();
    let tests = tree.as_ref().and_then(|tree| tree.get("tests"));
    let Some(NodeKind::List(items)) = tests.map(|tests| &tests.kind) else {
        return Vec::new();
    };
    let names = items.iter().filter_map(|item| item.get("name")?.scalar());
    names.cloned().collect()
}
