//! What a reading of collections finds wrong in their data.

use super::{Compiled, Look};
use crate::catalog::CollectionId;
use crate::connector::Snapshot;
use crate::engine::{EngineError, Gathered};
use crate::ir::{self, Request};
use crate::language::typed::{Aggregate, Kind, Measure, Typed};
use crate::time::Window;
use crate::value::Type;

/// What a run would gather of the subjects and of all rows of some collections.
pub(super) fn gathered(
    compiled: &Compiled<'_>,
    (snapshot, look): (&dyn Snapshot, &Look<'_>),
    collections: impl Iterator<Item = CollectionId>,
) -> Result<Gathered, EngineError> {
    let mut request = Request::outputs().of_everyone();
    for collection in collections {
        let rows = Aggregate {
            collection,
            window: Window::Past,
            filter: None,
            measure: Measure::Count,
        };
        request.ask(&Typed::made(Kind::Aggregate(Box::new(rows)), Type::Number));
    }
    let ir = ir::lower(compiled.rules, compiled.checked, compiled.catalog, &request);
    snapshot.gather(None, &ir, look.clock, look.watch)
}
