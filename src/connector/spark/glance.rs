//! Quick looks at a table, apart from gathering.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};

use super::catalog::{Column, Relation};
use super::failure::Failure;
use super::tables::{SparkTables, selected};
use crate::connector::is_one_of;
use crate::engine::{OwnedCell, whole_number};
use crate::sql::spark::{literal, quoted, trimmed};

type Result<T> = std::result::Result<T, Failure>;

impl SparkTables {
    /// See [`crate::connector::Snapshot::has_key`].
    pub(super) fn has_key(&self, table: &str, column: &str, key: &str) -> Result<bool> {
        let (relation, column) = self.named(table, column)?;
        let Some(is_key) = is_among(column, &[key]) else {
            return Ok(false);
        };
        let asked = format!("{} WHERE {is_key} LIMIT 1", selected(relation, &[]));
        Ok(!self.session.rows(asked)?.is_empty())
    }

    /// See [`crate::connector::Snapshot::rows_with`].
    pub(super) fn rows_with(
        &self,
        table: &str,
        columns: &[&str],
        column: &str,
        keys: &HashSet<&str>,
    ) -> Result<Vec<Vec<OwnedCell>>> {
        let (relation, key) = self.named(table, column)?;
        let mut asked = vec![key];
        for column in columns {
            asked.push(self.named(table, column)?.1);
        }
        let listed: Vec<&str> = keys.iter().copied().collect();
        let Some(is_key) = is_among(key, &listed) else {
            return Ok(Vec::new());
        };
        let asked = format!("{} WHERE {is_key}", selected(relation, &asked));
        let mut rows = self.session.rows(asked)?;
        rows.retain_mut(|row| !row.is_empty() && is_one_of(row.remove(0).lent(), keys));
        Ok(rows)
    }

    /// See [`crate::connector::Snapshot::row_count`].
    pub(super) fn row_count(&self, table: &str, most: u32) -> Result<u64> {
        let relation = self.relation(table)?;
        let asked = format!(
            "SELECT count(*) FROM ({} LIMIT {most})",
            selected(relation, &[])
        );
        let counted = self.session.rows(asked)?.into_iter().flatten().next();
        Ok(match counted {
            Some(OwnedCell::Integer(count)) => count.unsigned_abs(),
            _ => 0,
        })
    }

    /// See [`crate::connector::Snapshot::distinct_texts`].
    pub(super) fn distinct_texts(
        &self,
        table: &str,
        column: &str,
        most: usize,
        rows: usize,
    ) -> Result<Option<BTreeSet<String>>> {
        let limit = u32::try_from(rows).unwrap_or(u32::MAX).saturating_add(1);
        if self.row_count(table, limit)? > rows as u64 {
            return Ok(None);
        }
        let (relation, column) = self.named(table, column)?;
        let column = quoted(&column.name);
        let asked = format!(
            "SELECT DISTINCT {column} FROM {} WHERE {column} IS NOT NULL LIMIT {}",
            relation.quoted,
            most + 2
        );
        let cells = self.session.rows(asked)?;
        let cells = cells.iter().flatten();
        let texts = cells.filter_map(|cell| cell.lent().text().map(Cow::into_owned));
        let mut texts: BTreeSet<String> = texts.collect();
        texts.remove("");
        Ok((texts.len() <= most).then_some(texts))
    }

    /// See [`crate::connector::Snapshot::sample`].
    pub(super) fn sample(
        &self,
        table: &str,
        columns: &[&str],
        rows: u32,
        step: u64,
    ) -> Result<Vec<Vec<OwnedCell>>> {
        let relation = self.relation(table)?;
        let mut asked = Vec::new();
        for column in columns {
            asked.push(self.named(table, column)?.1);
        }
        let asked = format!("{} LIMIT {rows}", selected(relation, &asked));
        let rows = self.session.rows(asked)?.into_iter();
        let step = usize::try_from(step).unwrap_or(usize::MAX).max(1);
        Ok(rows.step_by(step).collect())
    }

    fn relation(&self, table: &str) -> Result<&Relation> {
        let found = self.catalog.relation(table);
        found.ok_or_else(|| Failure::Refused(format!("there is no table `{table}`")))
    }

    /// Looks up a relation and one of its columns.
    fn named(&self, table: &str, column: &str) -> Result<(&Relation, &Column)> {
        let relation = self.relation(table)?;
        let column = relation.column(column).ok_or_else(|| {
            Failure::Refused(format!("there is no column `{column}` in `{table}`"))
        })?;
        Ok((relation, column))
    }
}

/// The condition that a column holds one of some keys: a text, or the whole number that the text spells. None where
/// the column's type rules out all of them.
fn is_among(column: &Column, keys: &[&str]) -> Option<String> {
    let name = quoted(&column.name);
    let declared = column.declared();
    let is_number = ["integer", "double", "numeric"]
        .iter()
        .any(|word| declared.starts_with(word));
    let listed: Vec<String> = match (is_number, declared.as_str()) {
        (true, _) => {
            let numbers = keys.iter().filter_map(|key| whole_number(key));
            numbers.map(|number| number.to_string()).collect()
        }
        (false, "text") => keys.iter().map(|key| literal(key)).collect(),
        _ => return None,
    };
    let listed = (!listed.is_empty()).then(|| listed.join(", "))?;
    Some(match is_number {
        true => format!("{name} IN ({listed})"),
        // Whitespace around a key is ignored.
        false => format!("({name} IN ({listed}) OR {} IN ({listed}))", trimmed(&name)),
    })
}
