//! Changes that provably move nobody.

use super::Root;
use crate::ir::Request;
use crate::language::typed::Typed;
use crate::lint::takes_the_same;
use crate::project::Project;

/// Whether a segment provably has the same members with a changed condition. `false` means unknown.
pub(super) fn changes_nobody(project: &Project, root: Root, changed: &Typed) -> bool {
    let Root::Segment(id) = root else {
        return false;
    };
    let checked = &project.checked;
    let Some(Some(condition)) = checked.segments.get(id) else {
        return false;
    };
    let ladder = project
        .rules
        .segments
        .get(id)
        .and_then(|segment| segment.ladder);
    let among = ladder.and_then(|ladder| checked.among.get(ladder)?.as_ref());
    let mut request = Request::rules();
    let (one, other) = (request.ask(condition), request.ask(changed));
    let among = among.map(|among| request.ask(among));
    let ir = project.lower(&request);
    let (Some(one), Some(other)) = (ir.output(one), ir.output(other)) else {
        return false;
    };
    let given: Vec<_> = among
        .into_iter()
        .filter_map(|among| ir.output(among))
        .collect();
    takes_the_same((&ir, &project.rules), id, (one, other), &given)
}
