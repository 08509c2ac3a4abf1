//! Whether all means after a rename what it meant.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Finding, Teller};
use crate::language::Symbol;
use crate::lsp::after::{Edits, compiled};
use crate::lsp::view::Refusal;
use crate::lsp::world::World;
use crate::project::{Project, Refused};

/// Compiles the texts as they are and as they would be.
///
/// # Errors
/// Something would be wrong that is not, or a rule would mean something else.
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
    // A list is known by its name alone: what asks for it is another rule then, with the same people.
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

/// How often each error is told.
fn counted(compiled: &Result<Project, Refused>) -> BTreeMap<Code, usize> {
    let mut counted = BTreeMap::new();
    for finding in errors(compiled).iter().filter(|finding| finding.is_error()) {
        *counted.entry(finding.code).or_default() += 1;
    }
    counted
}
