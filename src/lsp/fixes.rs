//! Quick fixes: what the help of a finding says to write, and the comment that allows a warning.

use std::collections::HashMap;

use gen_lsp_types::{
    CodeAction, CodeActionKind, CodeActionParams, CodeActionResponse, Diagnostic, TextEdit, Uri,
    WorkspaceEdit,
};

use super::position::Lines;
use super::view::{Refusal, View};
use super::world::World;
use crate::diagnostic::{Finding, Fix, Fixer};
use crate::lint::allow_fix;

/// The fixes of the findings in a range.
pub fn of(
    view: &View<'_>,
    params: CodeActionParams,
) -> Result<Option<Vec<CodeActionResponse>>, Refusal> {
    let Some(world) = view.world else {
        return Ok(None);
    };
    let Some((id, file)) = world.file(&params.text_document.uri) else {
        return Ok(None);
    };
    let lines = Lines::new(&file.text, view.encoding);
    let Some(asked) = lines.bytes(params.range) else {
        return Ok(None);
    };
    let mut fixer = Fixer::new(world.sources());
    let mut actions = Vec::new();
    for finding in view.findings {
        let place = finding.location.filter(|place| {
            place.file == id && place.start <= asked.end && asked.start <= place.end
        });
        let Some(place) = place else { continue };
        let shown = lines.range(place.start..place.end);
        let mut about = params.context.diagnostics.clone();
        about.retain(|diagnostic| diagnostic.range == shown && is_of(diagnostic, finding));
        let fixes = fixer.fixes(finding);
        // Which of several is meant only a person knows.
        let is_preferred = fixes.len() == 1;
        let mut add = |fix: &Fix, is_preferred: bool| {
            let action = CodeAction {
                title: fix.title.clone(),
                kind: Some(CodeActionKind::QuickFix),
                diagnostics: Some(about.clone()).filter(|about| !about.is_empty()),
                is_preferred: Some(is_preferred),
                edit: Some(edit(fix, world, view)),
                ..CodeAction::default()
            };
            actions.push(action.into());
        };
        fixes.iter().for_each(|fix| add(fix, is_preferred));
        if let Some(fix) = allow_fix(finding, world.sources()) {
            add(&fix, false);
        }
    }
    Ok(Some(actions))
}

fn is_of(diagnostic: &Diagnostic, finding: &Finding) -> bool {
    let code = finding.code.name().to_owned();
    diagnostic.code == Some(code.into())
}

fn edit(fix: &Fix, world: &World, view: &View<'_>) -> WorkspaceEdit {
    let mut changes: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
    for edit in &fix.edits {
        if let Some(place) = world.place(edit.location, view.encoding) {
            changes.entry(place.uri).or_default().push(TextEdit {
                range: place.range,
                new_text: edit.text.clone(),
            });
        }
    }
    WorkspaceEdit {
        changes: Some(changes),
        ..WorkspaceEdit::default()
    }
}
