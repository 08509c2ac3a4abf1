//! Which tables and views exist, and what readers find in them.

use std::collections::BTreeSet;

use super::SparkWriter;
use super::sql::{PUBLICATIONS, Target};
use super::sweep::is_rewritten;
use crate::config::SparkServer;
use crate::connector::Stop;
use crate::engine::EngineError;
use crate::publish::tables::{Keys, TABLES};
use crate::publish::{Glance, PublishError, Writer, allows_keys};

/// What readers find, or will within seconds, and whether a file with such keys can be published.
pub(in crate::publish) fn glance(server: &SparkServer, keys: Keys) -> Result<Glance, PublishError> {
    let writer = SparkWriter::begin(server, &Stop::default())?;
    let names = writer.names()?;
    if !Target::is_ours(&names) {
        return Ok(Glance {
            refused: writer.is_free(&names).err(),
            ..Glance::default()
        });
    }
    let mut publications = writer.publications()?;
    let refused = allows_keys(keys, writer.key_type()?, || writer.removal());
    Ok(Glance {
        is_unmarked: writer.is_unmarked(&names)?,
        gone: gone(&names),
        is_unswept: is_rewritten(&publications),
        published: publications.pop().map(|newest| newest.of),
        refused: refused.err(),
    })
}

impl SparkWriter {
    /// The names of the tables and views of the schema.
    pub(super) fn names(&self) -> Result<BTreeSet<String>, EngineError> {
        let rows = self.writing.rows(self.target.tables())?;
        let rows = rows.into_iter().flatten();
        Ok(rows.filter_map(|row| row.into_iter().nth(1)?).collect())
    }

    /// Fails if the schema has other tables of the same names.
    pub(super) fn is_free(&self, names: &BTreeSet<String>) -> Result<(), PublishError> {
        let taken = Target::names().filter(|name| names.contains(name));
        let taken: Vec<String> = taken.collect();
        match taken.is_empty() {
            true => Ok(()),
            false => Err(PublishError::Taken {
                tables: taken.join(", "),
                removal: self.target.drop_some(&taken),
            }),
        }
    }

    /// Whether results were written, and the table is gone that tells whose they are. Whoever was killed within the first publication has
    /// made it before.
    pub(super) fn is_unmarked(&self, names: &BTreeSet<String>) -> Result<bool, EngineError> {
        if names.contains(PUBLICATIONS) {
            return Ok(false);
        }
        let partitions = self.partitions()?;
        Ok(partitions.iter().any(|(_, numbers)| !numbers.is_empty()))
    }

    /// The type of the subjects' keys; `None` if no table with keys is left.
    pub(super) fn key_type(&self) -> Result<Option<Keys>, EngineError> {
        for table in TABLES.iter().filter(|table| table.has_keys()) {
            let columns = self.writing.rows(self.target.columns(table))?;
            let mut words = columns.into_iter().flatten().flatten().flatten();
            let key = words.by_ref().find(|word| word == "subject_key");
            if let Some(ty) = key.and_then(|_| words.next()) {
                return Ok(Some(match ty.as_str() {
                    "bigint" => Keys::Numbers,
                    _ => Keys::Texts,
                }));
            }
        }
        Ok(None)
    }
}

/// The tables and views that are missing.
pub(super) fn gone(names: &BTreeSet<String>) -> Vec<String> {
    Target::names()
        .filter(|name| !names.contains(name))
        .collect()
}
