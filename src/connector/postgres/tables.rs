//! The tables of a server, read row by row.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;
use std::sync::Arc;

use super::catalog::{Catalog, Column, Relation};
use super::cells::{Stored, Texts};
use super::copied::CopiedRows;
use super::failure::Failure;
use super::kind::Sent;
use super::login::Login;
use super::session::Session;
use crate::config::Server;
use crate::engine::{self, Cell, Part, ReadError, Select, Tables};
use crate::sql::quoted;

/// A row's id is its page times this, plus its position there. A page of the largest size has fewer positions.
pub(super) const PLACES: i64 = 2_048;
/// How many pages are requested at once: 32 MB at the usual page size. What is left of them when a reader has enough
/// is discarded.
const PAGES: i64 = 4_096;

/// One session in one state of the data.
#[derive(Debug)]
pub(super) struct PostgresTables {
    pub(super) session: Session,
    pub(super) server: Arc<Server>,
    pub(super) login: Login,
    pub(super) catalog: Arc<Catalog>,
    /// Tables with fewer ids are read whole.
    pub(super) least: u64,
    /// The number of pages of the tables, by table, as far as it was queried.
    pub(super) pages: RefCell<HashMap<String, u64>>,
    /// The tables that [are held](Self::hold): their OIDs, and their names for SQL.
    pub(super) held: RefCell<BTreeMap<String, String>>,
    /// The OIDs of all locked tables, and whether row-level security restricts what this role sees of them.
    pub(super) filtered: RefCell<BTreeMap<String, String>>,
}

/// A row, and the position of its name.
pub(super) struct PostgresRow<'r> {
    cells: &'r [Stored],
    texts: Texts<'r>,
    name: Option<usize>,
}

impl engine::Row for PostgresRow<'_> {
    #[inline]
    fn cell(&self, place: usize) -> Cell<'_> {
        let cell = self.cells.get(place);
        cell.map_or(Cell::Null, |cell| cell.lent(self.texts))
    }

    fn name(&self) -> Option<Cell<'_>> {
        self.name.map(|place| self.cell(place))
    }

    fn id(&self) -> Option<i64> {
        None
    }
}

impl Tables for PostgresTables {
    type Row<'r> = PostgresRow<'r>;

    fn columns(&self, table: &str) -> Result<Option<Vec<String>>, ReadError> {
        Ok(self.catalog.relation(table).map(|relation| {
            let columns = relation.columns.iter();
            let columns = columns.filter(|column| column.unreadable.is_none());
            columns.map(|column| column.name.clone()).collect()
        }))
    }

    fn declared_type(&self, table: &str, column: &str) -> Result<Option<String>, ReadError> {
        let relation = self.catalog.relation(table);
        let column = relation.and_then(|relation| relation.column(column));
        Ok(column.map(|column| column.declared().to_owned()))
    }

    fn estimate(&self, table: &str) -> Option<u64> {
        self.catalog.relation(table)?.rows
    }

    fn ids(&self, table: &str) -> Result<Part, ReadError> {
        let Some(relation) = self.relation(table).filter(|relation| relation.has_pages()) else {
            return Ok(Part::Whole);
        };
        let pages = self
            .pages_of(relation)
            .map_err(|failure| self.read_error(table, failure))?;
        let last = i64::try_from(pages).unwrap_or(0).saturating_mul(PLACES) - 1;
        Ok(match last >= 0 && last.unsigned_abs() >= self.least {
            true => Part::Ids { first: 0, last },
            false => Part::Whole,
        })
    }

    /// A parent's indexes do not cover the rows of child tables.
    fn is_unique(&self, table: &str, column: &str) -> Result<bool, ReadError> {
        let Some(relation) = self.relation(table).filter(|relation| relation.has_pages()) else {
            return Ok(false);
        };
        if matches!(relation.primary_key.as_slice(), [key] if key == column) {
            return Ok(true);
        }
        let unique = Catalog::unique(&self.session, relation);
        let unique = unique.map_err(|failure| self.read_error(table, failure))?;
        Ok(unique.iter().any(|name| name == column))
    }

    /// Anything else that identifies a row would have to be sent with each one.
    fn tells_ids(&self) -> bool {
        false
    }

    fn read<F>(&self, select: &Select, part: Part, mut each: F) -> Result<(), ReadError>
    where
        F: FnMut(&PostgresRow<'_>) -> Result<ControlFlow<()>, ReadError>,
    {
        let failed = |failure| self.read_error(select.table(), failure);
        let Some(relation) = self.relation(select.table()) else {
            return Ok(());
        };
        let columns = select.columns().iter();
        let mut columns: Vec<&Column> = columns.filter_map(|name| relation.column(name)).collect();
        let key = relation.primary_key.first();
        let name = key
            .filter(|_| select.names_rows())
            .and_then(|key| relation.column(key))
            .filter(|key| key.unreadable.is_none());
        let name = name.map(|key| {
            let there = columns.iter().position(|column| column.name == key.name);
            there.unwrap_or_else(|| {
                columns.push(key);
                columns.len() - 1
            })
        });
        let asking = Asking::new(relation, &columns);
        self.prove(&asking).map_err(failed)?;
        let stretches = self.stretches(relation, part).map_err(failed)?;
        for stretch in stretches {
            let mut rows = asking.rows(&self.session, &stretch).map_err(failed)?;
            while let Some((cells, texts)) = rows
                .next()
                .map_err(|failure| self.go_on(select.table(), failure))?
            {
                let row = PostgresRow { cells, texts, name };
                if each(&row)?.is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

impl PostgresTables {
    pub(super) fn relation(&self, table: &str) -> Option<&Relation> {
        self.catalog.relation(table)
    }

    /// An error while reading a table, as a message.
    fn read_error(&self, table: &str, failure: Failure) -> ReadError {
        failure.of_read(table, &self.server)
    }

    /// The same in the middle of a copy. Afterwards, the next statement works.
    fn go_on(&self, table: &str, failure: Failure) -> ReadError {
        let taken_back = self.session.take_back_after(&failure);
        self.read_error(table, taken_back.err().unwrap_or(failure))
    }

    /// Requests no rows, so that errors that concern a table or column appear here.
    pub(super) fn prove(&self, asking: &Asking) -> Result<(), Failure> {
        self.session
            .ask(format!("{} LIMIT 0", asking.select("")))
            .map(|_| ())
    }

    /// The number of pages of a table, counted once.
    pub(super) fn pages_of(&self, relation: &Relation) -> Result<u64, Failure> {
        if let Some(pages) = self.pages.borrow().get(&relation.id) {
            return Ok(*pages);
        }
        let pages = Catalog::pages(&self.session, relation)?;
        self.pages.borrow_mut().insert(relation.id.clone(), pages);
        Ok(pages)
    }

    /// The conditions that select a part, in order.
    fn stretches(&self, relation: &Relation, part: Part) -> Result<Vec<String>, Failure> {
        if !relation.has_pages() {
            return Ok(vec![String::new()]);
        }
        let pages = i64::try_from(self.pages_of(relation)?).unwrap_or(i64::MAX / PLACES);
        let (first, last) = match part {
            Part::Whole => (0, pages.saturating_mul(PLACES) - 1),
            Part::Ids { first, last } => (first, last),
        };
        let mut stretches = Vec::new();
        let mut from = first;
        while from <= last {
            let next = (from / PLACES + PAGES) * PLACES;
            let to = last.min(next - 1);
            stretches.push(format!(
                " WHERE t.ctid >= '{}' AND t.ctid <= '{}'",
                place(from),
                place(to)
            ));
            from = next;
        }
        Ok(stretches)
    }
}

/// Where a row is stored, as the server writes it.
fn place(id: i64) -> String {
    format!("({},{})", id / PLACES, id % PLACES)
}

/// A statement that selects columns of a relation.
pub(super) struct Asking {
    columns: String,
    sent: Vec<Sent>,
    from: String,
}

impl Asking {
    pub(super) fn new(relation: &Relation, columns: &[&Column]) -> Self {
        let asked = columns.iter().map(|column| column.asked());
        Self {
            columns: asked.collect::<Vec<_>>().join(", "),
            sent: columns.iter().map(|column| column.kind.sent).collect(),
            from: format!("{} AS t", relation.quoted),
        }
    }

    /// Selects the distinct values of a column.
    pub(super) fn distinct(relation: &Relation, column: &Column, group: &str) -> Self {
        Self {
            columns: format!("DISTINCT {group}"),
            sent: vec![column.kind.sent],
            from: format!("{} AS t", relation.quoted),
        }
    }

    /// Selects columns of the first rows, and `muster_place`, which numbers those from 1.
    pub(super) fn every(relation: &Relation, columns: &[&Column], rows: u32) -> Self {
        let table = &relation.quoted;
        let names = columns.iter().map(|column| quoted(&column.name) + ", ");
        let names: String = names.collect();
        Self {
            from: format!(
                "(SELECT {names}row_number() OVER () AS muster_place FROM {table} LIMIT {rows}) AS t"
            ),
            ..Self::new(relation, columns)
        }
    }

    /// The SQL of the statement, with `behind` after the table.
    pub(super) fn select(&self, behind: &str) -> String {
        format!("SELECT {} FROM {}{behind}", self.columns, self.from)
    }

    /// The rows of the statement, with `behind` after the table.
    pub(super) fn rows<'s>(
        &'s self,
        session: &'s Session,
        behind: &str,
    ) -> Result<CopiedRows<'s>, Failure> {
        CopiedRows::begin(session, &self.select(behind), &self.sent)
    }
}
