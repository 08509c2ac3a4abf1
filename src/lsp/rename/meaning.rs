//! Checks that a rename preserves all meanings.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Finding, Teller};
use crate::language::Symbol;
use crate::lsp::after::{Edits, compiled};
use crate::lsp::view::Refusal;
use crate::lsp::world::World;
use crate::project::{Project, Refused};

/// Compiles the texts before and after.
///
/// # Errors
/// The rename would cause a new error, or change the meaning of a rule.
pub(super) fn check(
    world: &World,
    symbol: &Symbol,
    new: &str,
    edits: &Edits,
) -> Result<(), Refusal> {
    let before = compiled(world, &Edits::new());
    let after = compiled(world, edits);
    let known = counted(&before);
    let more = counted(&after).into_iter();
    let mut more = more.filter(|(code, count)| known.get(code) < Some(count));
    if let Some((code, _)) = more.next() {
        let mut errors = errors(&after).iter();
        let told = errors.find(|finding| finding.code == code);
        let teller = Teller::new(world.sources());
        let why = told.map(|finding| teller.tell(finding).message);
        let words = format!("`{new}` cannot be the name: {}", why.unwrap_or_default());
        return Err(Refusal::because(words));
    }
    // A list is identified by its name alone, so rules that use it count as changed although they match the same
    // people.
    let is_same = match (&before, &after) {
        (Ok(before), Ok(after)) if !matches!(symbol, Symbol::List(_)) => {
            before.ir.meanings() == after.ir.meanings()
        }
        _ => true,
    };
    match is_same {
        true => Ok(()),
        false => Err(Refusal::because(format!(
            "`{new}` cannot be the name: some rule would mean something else"
        ))),
    }
}

fn errors(compiled: &Result<Project, Refused>) -> &[Finding] {
    match compiled {
        Ok(project) => &project.findings,
        Err((_, findings)) => findings,
    }
}

/// The number of errors by code.
fn counted(compiled: &Result<Project, Refused>) -> BTreeMap<Code, usize> {
    let mut counted = BTreeMap::new();
    for finding in errors(compiled).iter().filter(|finding| finding.is_error()) {
        *counted.entry(finding.code).or_default() += 1;
    }
    counted
}
