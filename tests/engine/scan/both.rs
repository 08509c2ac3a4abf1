//! The same data twice: in a SQLite file, and in memory. What is found has to be the same.

use std::path::Path;

use muster::catalog::Table;
use muster::connector::memory::{MemoryConnector, MemoryTable};
use muster::connector::sqlite::SqliteConnector;
use muster::connector::{Connector, Snapshot};
use muster::engine::Evaluation;

/// A file's tables in memory, cell by cell as they are stored; none where a view fails half way.
pub fn in_memory(database: &Path) -> Option<MemoryConnector> {
    let snapshot = SqliteConnector::new(database).snapshot().unwrap();
    let schema = snapshot.schema().unwrap();
    let tables = schema.tables.into_iter();
    let tables = tables.filter(|(_, shape)| !shape.columns.is_empty());
    let tables = tables.map(|(name, shape)| Some((name.clone(), table(&*snapshot, &name, shape)?)));
    Some(MemoryConnector::new(tables.collect::<Option<_>>()?))
}

fn table(snapshot: &dyn Snapshot, name: &str, mut shape: Table) -> Option<MemoryTable> {
    let names = shape.columns.iter().map(|column| column.name.as_str());
    let names: Vec<&str> = names.collect();
    let rows = snapshot.sample(name, &names, u32::MAX, 1)?;
    // Rows are called by a key of one column, and counted by SQLite where there is none.
    if shape.primary_key.len() > 1 {
        shape.primary_key.clear();
    }
    // What a view's columns are declared with says nothing of what is in them.
    if snapshot.profile(name, 0)?.view.is_some() {
        for column in &mut shape.columns {
            column.declared.clear();
        }
    }
    Some(MemoryTable { shape, rows })
}

/// Everything that was found, in words: a missing number is not equal to itself.
pub fn told(evaluation: &Evaluation) -> String {
    let mut kept: Vec<_> = evaluation.kept.iter().collect();
    kept.sort_by_key(|(node, _)| *node);
    format!(
        "{:#?}\n{:#?}\n{:#?}\n{kept:#?}\n{:#?}\n{:#?}\n{:?}",
        evaluation.subjects,
        evaluation.inactive,
        evaluation.segments,
        evaluation.problems,
        evaluation.wide_tops,
        evaluation.rows
    )
}
