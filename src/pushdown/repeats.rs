//! Finds rows of a collection whose key occurs in another row.

use super::asking::Asking;
use super::dialect::Stored;
use super::query::{Holds, Kind, Query, Selecting};
use super::source::Source;
use crate::engine::ProblemKind;
use crate::ir::CollectionScan;

impl Asking<'_, '_> {
    /// How many rows of a collection have a key that occurs in another of its rows, not counting one row per key;
    /// `None` if no column tells its rows apart.
    pub(super) fn repeats(&self, (place, collection): (usize, &CollectionScan)) -> Option<Query> {
        let stored = *self.source.told_apart.get(&place)?;
        let column = collection.identity.clone()?;
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
        select.column(
            "CAST(sum(d.n - d.different) AS BIGINT)",
            Kind::Whole,
            trouble,
        );
        // Most keys are consecutive numbers, so packets need far fewer groups than one per key.
        let packets = match stored {
            Stored::Integer => self.dialect().packets(&key),
            _ => None,
        };
        let (group, different) = match packets {
            Some(packets) => (packets.of, packets.different),
            None => (key.clone(), "1".to_owned()),
        };
        Some(select.query(&format!(
            "FROM (SELECT count(*) AS n, {different} AS different FROM {source} WHERE {key} IS NOT NULL{belongs} GROUP BY {group} \
             HAVING count(*) > {different}) AS d"
        )))
    }
}
