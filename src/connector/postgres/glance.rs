//! Quick looks at a table, apart from gathering.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};

use super::begin::first;
use super::catalog::{Catalog, Column, Relation};
use super::cells::{Stored, Texts};
use super::failure::Failure;
use super::kind::Sent;
use super::tables::{Asking, PostgresTables};
use crate::connector::{TableProfile, is_one_of};
use crate::engine::{OwnedCell, whole_number};
use crate::sql::literal;

type Result<T> = std::result::Result<T, Failure>;

impl PostgresTables {
    /// See [`crate::connector::Snapshot::has_key`].
    pub(super) fn has_key(&self, table: &str, column: &str, key: &str) -> Result<bool> {
        let (relation, column) = self.named(table, column)?;
        let Some(is_key) = is_among(column, &[key]) else {
            return Ok(false);
        };
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM {} AS t WHERE {is_key})",
            relation.quoted
        );
        Ok(first(self.session.ask(sql)?).as_deref() == Some("t"))
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
        // The server finds numbers. For texts, it need not know what counts as surrounding whitespace.
        let keys_in_order: Vec<&str> = keys.iter().copied().collect();
        let narrowed = match key.kind.sent {
            Sent::Integer => is_among(key, &keys_in_order),
            _ => Some("true".to_owned()),
        };
        let Some(narrowed) = narrowed else {
            return Ok(Vec::new());
        };
        let asking = Asking::new(relation, &asked);
        let mut found = Vec::new();
        self.each(&asking, &format!(" WHERE {narrowed}"), |cells, texts| {
            if let Some((key, cells)) = cells.split_first()
                && is_one_of(key.lent(texts), keys)
            {
                found.push(owned(cells, texts));
            }
        })?;
        Ok(found)
    }

    /// See [`crate::connector::Snapshot::row_count`].
    pub(super) fn row_count(&self, relation: &Relation, most: u32) -> Result<u64> {
        let table = &relation.quoted;
        let sql = format!("SELECT count(*) FROM (SELECT 1 FROM {table} LIMIT {most}) AS t");
        let count = first(self.session.ask(sql)?);
        Ok(count.and_then(|count| count.parse().ok()).unwrap_or(0))
    }

    /// See [`crate::connector::Snapshot::distinct_texts`].
    pub(super) fn distinct_texts(
        &self,
        table: &str,
        column: &str,
        most: usize,
        rows: usize,
    ) -> Result<Option<BTreeSet<String>>> {
        let (relation, column) = self.named(table, column)?;
        let limit = u32::try_from(rows).unwrap_or(u32::MAX).saturating_add(1);
        if relation.is_view() || self.row_count(relation, limit)? > rows as u64 {
            return Ok(None);
        }
        // Compared as rules compare them, whatever the column's own collation is.
        let group = match column.kind.sent {
            Sent::Text => format!("({}) COLLATE \"C\"", column.asked()),
            _ => column.asked(),
        };
        let asking = Asking::distinct(relation, column, &group);
        let cells = self.all(
            &asking,
            &format!(" WHERE {group} IS NOT NULL LIMIT {}", most + 2),
        )?;
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
        let mut asked = Vec::new();
        for column in columns {
            asked.push(self.named(table, column)?.1);
        }
        let Some(relation) = self.relation(table) else {
            return Err(no_table(table));
        };
        if step <= 1 {
            return self.cells(relation, &asked, &format!(" LIMIT {rows}"));
        }
        let asking = Asking::every(relation, &asked, rows);
        self.all(&asking, &format!(" WHERE t.muster_place % {step} = 1"))
    }

    /// See [`crate::connector::Snapshot::profile`].
    pub(super) fn profile(&self, table: &str, most: u32) -> Result<Option<TableProfile>> {
        let relation = self.relation(table).filter(|relation| relation.is_readable);
        let Some(relation) = relation else {
            return Ok(None);
        };
        Ok(Some(TableProfile {
            rows: self.row_count(relation, most)?,
            view: match relation.is_view() {
                true => Some(Catalog::definition(&self.session, relation)?),
                false => None,
            },
            unique: Catalog::unique(&self.session, relation)?,
            parted_by: Catalog::parted_by(&self.session, relation)?,
            references: Catalog::references(&self.session, relation)?,
            files: 0,
        }))
    }

    /// Looks up a relation and one of its columns.
    fn named(&self, table: &str, column: &str) -> Result<(&Relation, &Column)> {
        let relation = self.relation(table).ok_or_else(|| no_table(table))?;
        let column = relation
            .column(column)
            .ok_or_else(|| refused(format!("there is no column `{column}` in `{table}`")))?;
        Ok((relation, column))
    }

    fn cells(
        &self,
        relation: &Relation,
        columns: &[&Column],
        behind: &str,
    ) -> Result<Vec<Vec<OwnedCell>>> {
        self.all(&Asking::new(relation, columns), behind)
    }

    /// All rows of a statement. A refusal does no harm to the transaction.
    fn all(&self, asking: &Asking, behind: &str) -> Result<Vec<Vec<OwnedCell>>> {
        let mut all = Vec::new();
        self.each(asking, behind, |cells, texts| all.push(owned(cells, texts)))?;
        Ok(all)
    }

    /// The rows of a statement one by one, so that none need be kept.
    fn each(
        &self,
        asking: &Asking,
        behind: &str,
        mut take: impl FnMut(&[Stored], Texts<'_>),
    ) -> Result<()> {
        self.prove(asking)?;
        let mut rows = asking.rows(&self.session, behind)?;
        loop {
            match rows.next() {
                Ok(None) => return Ok(()),
                Ok(Some((cells, texts))) => take(cells, texts),
                Err(failure) => {
                    self.session.take_back_after(&failure)?;
                    return Err(failure);
                }
            }
        }
    }
}

/// The condition that a column holds one of some keys: a text, or the whole number that the text spells. None where
/// the column's type rules out all of them.
fn is_among(column: &Column, keys: &[&str]) -> Option<String> {
    let asked = column.asked();
    let listed: Vec<String> = match column.kind.sent {
        Sent::Integer | Sent::Real | Sent::Numeric => {
            let numbers = keys.iter().filter_map(|key| whole_number(key));
            numbers.map(|number| number.to_string()).collect()
        }
        Sent::Text => keys
            .iter()
            .map(|key| format!("{} COLLATE \"C\"", literal(key)))
            .collect(),
        _ => return None,
    };
    (!listed.is_empty()).then(|| format!("{asked} IN ({})", listed.join(", ")))
}

fn owned(cells: &[Stored], texts: Texts<'_>) -> Vec<OwnedCell> {
    cells.iter().map(|cell| cell.owned(texts)).collect()
}

fn no_table(table: &str) -> Failure {
    refused(format!("there is no table `{table}`"))
}

fn refused(reason: String) -> Failure {
    Failure::Refused {
        code: "42P01".to_owned(),
        reason,
    }
}
