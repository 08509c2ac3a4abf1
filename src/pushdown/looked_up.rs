//! Queries about a looked-up table alone.

use super::Unsupported;
use super::asking::troubles;
use super::nodes::Nodes;
use super::query::{Holds, Kind, Query, Selecting};
use super::source::{alternatives, key};
use crate::ir::LookupId;
use crate::time::Plausible;

/// Checks a looked-up table: whether its keys are distinct, and whether what is read from it is exact.
pub(super) fn of_lookup(
    nodes: &mut Nodes<'_>,
    id: LookupId,
    plausible: Plausible,
) -> Result<Option<Query>, Unsupported> {
    let Some(lookup) = nodes.scan.lookups.get(id) else {
        return Ok(None);
    };
    let mut select = Selecting::default();
    let (there, _) = key(nodes, Some(id), &lookup.key)?;
    let doubled = Unsupported {
        what: format!("`{}`", lookup.table),
        why: format!("more than one row has the same `{}`", lookup.key),
    };
    let sql = format!("count({there}) - count(DISTINCT {there})");
    select.column(&sql, Kind::Whole, Holds::Inexact(doubled));
    let own = nodes
        .unless
        .iter()
        .filter(|((lookup, _), _)| *lookup == Some(id));
    for ((_, column), unless) in own {
        let inexact = nodes.inexact(Some(id), column);
        select.unless(&alternatives(unless), inexact);
    }
    let times = nodes.scan.collections.iter().filter_map(|c| c.at.as_ref());
    for at in times.filter(|at| at.lookup == Some(id)) {
        for (kind, condition) in troubles(&nodes.time(at)?, plausible, nodes.dialect) {
            let trouble = Holds::Trouble(kind, lookup.table.clone(), at.column.clone());
            select.count(&format!("{there} IS NOT NULL AND {condition}"), trouble);
        }
    }
    let table = nodes.dialect.quoted(&lookup.table);
    let alias = Nodes::alias(Some(id));
    Ok(Some(select.query(&format!("FROM {table} AS {alias}"))))
}
