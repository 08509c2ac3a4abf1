//! Rows of a collection that have the key of another one.

use super::asking::Asking;
use super::query::{Holds, Kind, Query, Selecting};
use super::source::Source;
use crate::engine::ProblemKind;
use crate::ir::CollectionScan;

impl Asking<'_, '_> {
    /// How many rows of a collection have the key of another one of its rows, beside one for each key; none where nothing tells
    /// its rows apart.
    pub(super) fn repeats(&self, (place, collection): (usize, &CollectionScan)) -> Option<Query> {
        let is_told_apart = self.source.told_apart.contains(&place);
        let column = collection.identity.clone().filter(|_| is_told_apart)?;
        let key = format!("r.id{place}");
        let mut asked = vec![format!("id{place}")];
        let belongs = collection.admitted.map(|admitted| {
            asked.push(Source::named(admitted));
            format!(" AND r.{}", Source::named(admitted))
        });
        let belongs = belongs.unwrap_or_default();
        let source = self.source.narrow(self.nodes, &asked);
        let trouble = Holds::Trouble(
            ProblemKind::RepeatedKey,
            self.nodes.scan.table.clone(),
            column,
        );
        let mut select = Selecting::default();
        select.column("CAST(sum(d.n - 1) AS BIGINT)", Kind::Whole, trouble);
        Some(select.query(&format!(
            "FROM (SELECT count(*) AS n FROM {source} WHERE {key} IS NOT NULL{belongs} GROUP BY {key} HAVING count(*) > 1) AS d"
        )))
    }
}
