//! Quick fixes: the replacement suggested by a finding's help, and the comment that allows a warning.

use std::collections::VecDeque;

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

/// The fixes for the findings in a range.
pub fn of(
    view: &View<'_>,
    params: CodeActionParams,
) -> Result<Option<Vec<CodeActionResponse>>, Refusal> {
    let Some(world) = view.world.filter(|_| wants_fixes(&params)) else {
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
    let mut offered: Vec<Offered<'_>> = Vec::new();
    for finding in view.findings {
        let place = finding.location.filter(|place| place.file == id);
        let Some(place) = place else { continue };
        let shown = lines.range(place.start..place.end);
        let mut about = params.context.diagnostics.clone();
        about.retain(|diagnostic| diagnostic.range == shown && is_of(diagnostic, finding));
        // Editors ask for a line's problems wherever the cursor is in it.
        let touches = place.start <= asked.end && asked.start <= place.end;
        // A finding kept from older texts does not justify an edit.
        let is_kept = view.kept.contains(finding);
        if !is_kept && (touches || !about.is_empty()) {
            offered.push(Offered {
                finding,
                about,
                fixes: fixer.fixes(finding),
            });
        }
    }
    proved(world, &mut offered);
    let mut actions = Vec::new();
    for Offered {
        finding,
        about,
        fixes,
    } in &offered
    {
        // If there are several fixes, only the user can choose.
        let is_only = fixes.len() == 1;
        let mut add = |fix: &Fix| {
            let action = CodeAction {
                title: fix.title.clone(),
                kind: Some(CodeActionKind::QuickFix),
                diagnostics: Some(about.clone()).filter(|about| !about.is_empty()),
                is_preferred: Some(is_only && fix.is_sure),
                edit: Some(edits::workspace(fix.places(), world, view)),
                ..CodeAction::default()
            };
            actions.push(action.into());
        };
        fixes.iter().for_each(&mut add);
        if let Some(fix) = allow_fix(finding, world.sources()) {
            add(&fix);
        }
    }
    Ok(Some(actions))
}

/// Whether the editor asks for quick fixes, or for any actions.
fn wants_fixes(params: &CodeActionParams) -> bool {
    let only = params.context.only.as_ref();
    only.is_none_or(|kinds| {
        let mut kinds = kinds.iter();
        kinds.any(|kind| matches!(kind, CodeActionKind::QuickFix | CodeActionKind::Empty))
    })
}

/// The fixes offered for a finding.
struct Offered<'f> {
    finding: &'f Finding,
    /// The editor's diagnostics for it.
    about: Vec<Diagnostic>,
    fixes: Vec<Fix>,
}

/// The maximum number of compilations for one answer, since everything else waits for it.
const MOST_TRIALS: usize = 8;

/// Keeps the fixes that remove their finding and cause no error: what a help suggests is not always valid in its place.
/// Fixes that do not overlap are tried together; if one does not help in a group, it is tried again as far as time
/// permits.
fn proved(world: &World, offered: &mut [Offered<'_>]) {
    // Groups of fixes that do not overlap.
    let mut groups: VecDeque<Vec<(&Finding, Fix)>> = VecDeque::new();
    for one in offered.iter() {
        for fix in &one.fixes {
            if world.proofs.helps(one.finding, fix).is_some() {
                continue;
            }
            let tried = (one.finding, fix.clone());
            let fits = |group: &&mut Vec<(&Finding, Fix)>| {
                !group.iter().any(|(_, other)| other.meets(fix))
            };
            match groups.iter_mut().find(fits) {
                Some(group) => group.push(tried),
                None => groups.push_back(vec![tried]),
            }
        }
    }
    for _ in 0..MOST_TRIALS {
        let Some(group) = groups.pop_front() else {
            break;
        };
        let is_alone = group.len() == 1;
        let before = world.proofs.before(|| errors(world, &Edits::new()).1);
        let edits = group.iter().flat_map(|(_, fix)| fix.places());
        let edits = edits.map(|(place, text)| (place, text.to_owned()));
        let (sources, after) = errors(world, &edits.collect());
        let trial = Trial::new(
            (world.sources(), before),
            (&sources, after.as_slice()),
            group.iter().map(|(_, fix)| fix),
        );
        let is_vain: Vec<bool> = group
            .iter()
            .map(|(finding, fix)| trial.is_vain(&finding.kind(), fix))
            .collect();
        let mut doubtful = Vec::new();
        for (one, is_vain) in group.into_iter().zip(is_vain) {
            if is_alone || !is_vain {
                world.proofs.note(one.0, &one.1, !is_vain);
            } else {
                doubtful.push(one);
            }
        }
        // Another fix in the group may have been the cause.
        if !doubtful.is_empty() {
            let second = doubtful.split_off(doubtful.len() / 2);
            groups.extend(
                [doubtful, second]
                    .into_iter()
                    .filter(|half| !half.is_empty()),
            );
        }
    }
    for one in offered {
        let finding = one.finding;
        one.fixes
            .retain(|fix| world.proofs.helps(finding, fix) == Some(true));
    }
}

/// The errors after some edits, as far as they can be determined.
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
