//! The tables of a server, read row by row.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::catalog::{Catalog, Column, Relation};
use super::failure::Failure;
use super::pushed::Pushed;
use super::rows::SparkRow;
use super::session::Session;
use crate::config::SparkServer;
use crate::engine::{Answered, Asked, Part, ReadError, Select, Tables};
use crate::sql::spark::quoted;

/// One session.
#[derive(Debug)]
pub(super) struct SparkTables {
    pub(super) session: Session,
    pub(super) server: Arc<SparkServer>,
    pub(super) catalog: Catalog,
    /// The reasons why the server could not answer a pushed scan, so that rows were read.
    pub(super) refused: RefCell<BTreeSet<String>>,
}

impl Tables for SparkTables {
    type Row<'r> = SparkRow<'r>;

    fn columns(&self, table: &str) -> Result<Option<Vec<String>>, ReadError> {
        let Some(relation) = self.catalog.relation(table) else {
            return Ok(None);
        };
        if let Some(reason) = &relation.refused {
            return Err(ReadError::Table(reason.clone()));
        }
        let columns = relation.columns.iter();
        let columns = columns.filter(|column| column.unreadable().is_none());
        Ok(Some(columns.map(|column| column.name.clone()).collect()))
    }

    fn declared_type(&self, table: &str, column: &str) -> Result<Option<String>, ReadError> {
        let relation = self.catalog.relation(table);
        let column = relation.and_then(|relation| relation.column(column));
        Ok(column.map(Column::declared))
    }

    fn estimate(&self, _: &str) -> Option<u64> {
        None
    }

    fn ids(&self, _: &str) -> Result<Part, ReadError> {
        Ok(Part::Whole)
    }

    /// Files are read in parallel, and their rows come in order of completion.
    fn keeps_order(&self) -> bool {
        false
    }

    fn aggregate(&self, asked: &Asked<'_>) -> Result<Option<Answered>, ReadError> {
        let pushed = Pushed::new(&self.session, &self.server, &self.catalog);
        Ok(match pushed.answered(asked)? {
            Ok(answered) => Some(answered),
            Err(refused) => {
                self.refused.borrow_mut().insert(refused.to_string());
                None
            }
        })
    }

    fn refused(&self) -> Vec<String> {
        self.refused.take().into_iter().collect()
    }

    fn read<F>(&self, select: &Select, _: Part, mut each: F) -> Result<(), ReadError>
    where
        F: FnMut(&SparkRow<'_>) -> Result<ControlFlow<()>, ReadError>,
    {
        let Some(relation) = self.catalog.relation(select.table()) else {
            return Ok(());
        };
        let columns = select.columns().iter();
        let columns: Vec<&Column> = columns.filter_map(|name| relation.column(name)).collect();
        let mut failed = |failure: Failure| failure.of_read(&self.server);
        let sql = selected(relation, &columns);
        self.session.each_row(&sql, &mut failed, |row| each(row))
    }
}

/// The statement that selects columns of a table. Without columns, it still returns a row for each of the table's
/// rows.
pub(super) fn selected(relation: &Relation, columns: &[&Column]) -> String {
    let asked: Vec<String> = columns.iter().map(|column| quoted(&column.name)).collect();
    let asked = match asked.is_empty() {
        true => "1".to_owned(),
        false => asked.join(", "),
    };
    format!("SELECT {asked} FROM {}", relation.quoted)
}
