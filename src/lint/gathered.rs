//! Key problems that show when subjects and collections are read: one reading for all lints that need it.

use super::{Compiled, Look, repeated_key, stray_rows};
use crate::catalog::{Collection, CollectionId, ColumnRef, ColumnState, Entity};
use crate::connector::Snapshot;
use crate::diagnostic::Finding;
use crate::engine::{EngineError, Gathered};
use crate::ir::{self, Request};
use crate::language::typed::{Aggregate, Kind, Measure, Typed};
use crate::time::Window;
use crate::value::Type;

/// What a run would report of keys that several rows have, and of keys that belong to nobody.
pub(super) fn find(compiled: &Compiled<'_>, look: &Look<'_>) -> Result<Vec<Finding>, EngineError> {
    if look.beside_a_run {
        return Ok(Vec::new());
    }
    let snapshot = look.connector.snapshot()?;
    let mut found = repeated_key::of_lookups(compiled, &*snapshot);
    let subject = &compiled.catalog.subject;
    let of_strays = stray_rows::is_asked(&*snapshot, &subject.table);
    let collections = compiled.catalog.collections.iter_enumerated();
    let asked = collections.filter(|(_, collection)| {
        let table = &collection.entity.table;
        let is_asked = || {
            of_strays && stray_rows::is_asked(&*snapshot, table)
                || repeated_key::is_asked(&*snapshot, collection)
        };
        collection.entity.gone.is_none() && is_asked()
    });
    let asked: Vec<(CollectionId, &Collection)> = asked.collect();
    let is_settled = || snapshot.is_unique(&subject.table, &compiled.catalog.key);
    if asked.is_empty() && !of_strays && is_settled() {
        return Ok(found);
    }
    match gathered(
        compiled,
        (&*snapshot, look),
        asked.iter().map(|(id, _)| *id),
    ) {
        Ok(gathered) => {
            let asked = asked.iter().map(|(_, collection)| *collection);
            found.extend(repeated_key::of_collections(compiled, &gathered, asked));
            if of_strays {
                found.extend(stray_rows::of(compiled, &gathered));
            }
        }
        Err(EngineError::DoubledKeys { what, remedy }) => {
            found.push(repeated_key::of_subjects(compiled, what, remedy));
        }
        // The lints that need the subjects report that.
        Err(EngineError::Subjects(_)) => {}
        Err(error) => return Err(error),
    }
    Ok(found)
}

/// What a run would gather of the subjects and of all rows of some collections.
fn gathered(
    compiled: &Compiled<'_>,
    (snapshot, look): (&dyn Snapshot, &Look<'_>),
    collections: impl Iterator<Item = CollectionId>,
) -> Result<Gathered, EngineError> {
    let mut request = Request::outputs().of_everyone();
    for id in collections {
        let rows = |filter| {
            let rows = Aggregate {
                collection: id,
                window: Window::Past,
                filter,
                measure: Measure::Count,
            };
            Typed::made(Kind::Aggregate(Box::new(rows)), Type::Number)
        };
        request.ask(&rows(None));
        let of = compiled.catalog.collections.get(id);
        for key in of
            .into_iter()
            .flat_map(|of| looked_up(snapshot, &of.entity))
        {
            request.ask(&rows(Some(is_missing(Kind::Row, key))));
        }
    }
    for key in looked_up(snapshot, &compiled.catalog.subject) {
        request.ask(&is_missing(Kind::Subject, key));
    }
    let ir = ir::lower(compiled.rules, compiled.checked, compiled.catalog, &request);
    snapshot.gather(None, &ir, look.clock, look.watch)
}

/// The keys that an entity's rows look up, with their types: reading them reports which rows find nothing.
fn looked_up(snapshot: &dyn Snapshot, entity: &Entity) -> Vec<(ColumnRef, Type)> {
    let lookups = entity.lookups.iter();
    let there = lookups.filter_map(|(name, lookup)| match lookup.columns.get(&lookup.key) {
        Some(ColumnState::Present(ty)) if lookup.gone.is_none() => {
            let column = ColumnRef {
                lookup: Some(name.clone()),
                column: lookup.key.clone(),
            };
            stray_rows::is_asked(snapshot, &lookup.table).then_some((column, ty.value_type()))
        }
        _ => None,
    });
    there.collect()
}

fn is_missing(of: impl Fn(ColumnRef) -> Kind, (column, ty): (ColumnRef, Type)) -> Typed {
    let key = Typed::made(of(column), ty);
    Typed::made(Kind::IsMissing(Box::new(key)), Type::Truth)
}
