//! Which rows the server lacks: tables are divided into parts, and parts that are the same on the server are not sent
//! again.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::TryStreamExt;

use super::PublishError;
use super::tables::{NOW, RUNS, TABLES, Table};
use crate::store::Store;

/// The rows that one run added to a table, or all rows of a table that has one state only. There are no parts without
/// rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub rows: u64,
    /// Empty if the server has other rows than were recorded.
    pub digest: String,
}

/// The name of a table, and a run.
type Name = (&'static str, i64);

/// The parts of all tables.
pub(super) type Parts = BTreeMap<Name, Part>;

/// Reads what a server has recorded about a part: the name of its table, the run, its number of rows, and its digest.
/// `None` if it belongs to a table that is no longer published.
pub(super) fn read_noted(
    cells: &mut impl Iterator<Item = String>,
) -> Option<(&'static Table, i64, Part)> {
    let name = cells.next()?;
    let table = TABLES.iter().find(|table| table.name == name)?;
    let run = cells.next()?.parse().ok()?;
    let rows = cells.next()?.parse().ok()?;
    let digest = cells.next()?;
    Some((table, run, Part { rows, digest }))
}

/// What is missing or wrong in a table on the server.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Lacking {
    /// The runs whose rows are sent.
    pub sent: Vec<i64>,
    /// The runs of which no rows are left.
    pub gone: Vec<i64>,
}

impl Lacking {
    pub(super) fn of(table: &Table, here: &Parts, there: &Parts) -> Self {
        let all = (table.name, i64::MIN)..=(table.name, i64::MAX);
        let sent = here.range(all.clone());
        let sent = sent.filter(|(name, part)| there.get(*name) != Some(*part));
        let gone = there.range(all);
        let gone = gone.filter(|(name, _)| !here.contains_key(*name));
        Self {
            sent: sent.map(|((_, run), _)| *run).collect(),
            gone: gone.map(|((_, run), _)| *run).collect(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.sent.is_empty() && self.gone.is_empty()
    }

    /// Every run whose rows on the server differ from those in the file.
    pub(super) fn runs(&self) -> impl Iterator<Item = i64> {
        self.sent.iter().chain(&self.gone).copied()
    }
}

/// The parts of the results file. The rows that a run added are read only if they are not known: `known` has the parts
/// of a copy whose history has not been rewritten since.
///
/// # Errors
/// The file cannot be read.
pub(super) async fn parts_of(
    store: &mut Store,
    known: Option<&Parts>,
) -> Result<Parts, PublishError> {
    let mut parts = Parts::new();
    let (runs, others): (Vec<_>, Vec<_>) = TABLES.iter().partition(|table| table.name == RUNS);
    for table in runs {
        read(store, table, None, &mut parts).await?;
    }
    // A file that was restored to an earlier state may have other runs under the same numbers.
    let is_same =
        |(name, part): &(&Name, &Part)| known.is_some_and(|known| known.get(*name) == Some(*part));
    let same: BTreeSet<i64> = parts
        .iter()
        .filter(is_same)
        .map(|((_, run), _)| *run)
        .collect();
    for table in others {
        let mut unknown = None;
        if let (true, Some(known), Some(run)) = (table.is_history, known, table.names().first()) {
            let all = store.numbers(table.source, run).await?;
            let (found, rest): (Vec<_>, Vec<_>) = all
                .into_iter()
                .partition(|run| same.contains(run) && is_whole(known, (table.name, *run)));
            let found = found.into_iter().map(|run| (table.name, run));
            parts.extend(found.filter_map(|name| Some((name, known.get(&name)?.clone()))));
            unknown = Some(rest);
        }
        read(store, table, unknown.as_deref(), &mut parts).await?;
    }
    Ok(parts)
}

/// Whether a copy has a part as it was recorded.
fn is_whole(known: &Parts, name: Name) -> bool {
    known.get(&name).is_some_and(|part| !part.digest.is_empty())
}

/// Adds the parts of a table: for a history, those of some runs or of all.
async fn read(
    store: &mut Store,
    table: &Table,
    among: Option<&[i64]>,
    parts: &mut Parts,
) -> Result<(), PublishError> {
    let mut rows = store.cells(table.source, &table.names(), table.keys, among);
    let (mut run, mut digest) = (NOW, Digest::default());
    while let Some(row) = rows.try_next().await? {
        let next = table.run_of(&row);
        if next != run {
            parts.extend(std::mem::take(&mut digest).part(table, run));
            run = next;
        }
        digest.add(&row);
    }
    parts.extend(digest.part(table, run));
    Ok(())
}

/// A running digest of rows.
#[derive(Debug, Default)]
struct Digest {
    rows: u64,
    hasher: blake3::Hasher,
    row: Vec<u8>,
}

impl Digest {
    /// How many hexadecimal digits of the hash are kept: 128 bits.
    const DIGITS: usize = 32;

    fn add(&mut self, row: &[Option<String>]) {
        self.row.clear();
        for cell in row {
            // Each cell is preceded by its length, so that no two different rows look alike; NULL has a length that no
            // text has.
            let length = cell.as_ref().map_or(u64::MAX, |text| text.len() as u64);
            self.row.extend_from_slice(&length.to_le_bytes());
            self.row
                .extend_from_slice(cell.as_deref().unwrap_or_default().as_bytes());
        }
        self.hasher.update(&self.row);
        self.rows += 1;
    }

    /// `None` if there were no rows.
    fn part(self, table: &Table, run: i64) -> Option<((&'static str, i64), Part)> {
        let digest = self.hasher.finalize().to_hex();
        let digest = digest.chars().take(Self::DIGITS).collect();
        let rows = self.rows;
        (rows > 0).then_some(((table.name, run), Part { rows, digest }))
    }
}
