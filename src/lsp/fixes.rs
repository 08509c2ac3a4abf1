//! Quick fixes: what the help of a finding says to write, and the comment that allows a warning.

use gen_lsp_types::{CodeAction, CodeActionKind, CodeActionParams, CodeActionResponse, Diagnostic};

use super::after::{Edits, compiled};
use super::compiler::is_of_texts;
use super::edits;
use super::position::Lines;
use super::view::{Refusal, View};
use super::world::World;
use crate::diagnostic::{Finding, Fix, Fixer, Trial};
use crate::lint::allow_fix;
use crate::source::Sources;

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
    let lines = Lines::new(&file.text, view.client.encoding);
    let Some(asked) = lines.bytes(params.range) else {
        return Ok(None);
    };
    let mut fixer = Fixer::new(world.sources());
    let mut proof = Proof::of(world);
    let mut actions = Vec::new();
    for finding in view.findings {
        let place = finding.location.filter(|place| place.file == id);
        let Some(place) = place else { continue };
        let shown = lines.range(place.start..place.end);
        let mut about = params.context.diagnostics.clone();
        about.retain(|diagnostic| diagnostic.range == shown && is_of(diagnostic, finding));
        // An editor asks for what is wrong in a line, wherever the cursor stands in it.
        let touches = place.start <= asked.end && asked.start <= place.end;
        if !touches && about.is_empty() {
            continue;
        }
        let mut fixes = fixer.fixes(finding);
        fixes.retain(|fix| proof.holds(finding, fix));
        // Which of several is meant only a person knows.
        let is_preferred = fixes.len() == 1;
        let mut add = |fix: &Fix, is_preferred: bool| {
            let action = CodeAction {
                title: fix.title.clone(),
                kind: Some(CodeActionKind::QuickFix),
                diagnostics: Some(about.clone()).filter(|about| !about.is_empty()),
                is_preferred: Some(is_preferred),
                edit: Some(edits::workspace(fix.places(), world, view)),
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

/// Holds fixes against what the files come to with them: what a help names is not always what can stand there.
struct Proof<'w> {
    world: &'w World,
    /// What is wrong without any; none before it is asked for.
    before: Option<Vec<Finding>>,
}

impl<'w> Proof<'w> {
    fn of(world: &'w World) -> Self {
        let before = None;
        Self { world, before }
    }

    /// Whether a fix takes its finding away and brings no error.
    fn holds(&mut self, finding: &Finding, fix: &Fix) -> bool {
        let world = self.world;
        let before = self
            .before
            .get_or_insert_with(|| errors(world, &Edits::new()).1);
        let edits = fix.places().map(|(place, text)| (place, text.to_owned()));
        let (sources, after) = errors(world, &edits.collect());
        let trial = Trial::new(
            (world.sources(), before.as_slice()),
            (&sources, after.as_slice()),
            [fix],
        );
        !trial.is_vain(&finding.kind(), fix)
    }
}

/// What would be wrong with some edits, as far as that is known.
fn errors(world: &World, edits: &Edits) -> (Sources, Vec<Finding>) {
    let (sources, mut findings) = match compiled(world, edits) {
        Ok(project) => (project.sources, project.findings),
        Err(refused) => refused,
    };
    let is_whole = world.project().is_some() && world.texts_alone.is_none();
    findings.retain(|finding| finding.is_error() && (is_whole || is_of_texts(finding, &sources)));
    (sources, findings)
}

fn is_of(diagnostic: &Diagnostic, finding: &Finding) -> bool {
    let code = finding.code.name().to_owned();
    diagnostic.code == Some(code.into())
}
