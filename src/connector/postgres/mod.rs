//! A PostgreSQL database. Its rows are read in stored order by `COPY` in binary format, and counted here. This is the
//! only folder that uses sqlx's PostgreSQL side.
//!
//! A snapshot is one `REPEATABLE READ READ ONLY` transaction, exported to further sessions where a table is large.
//! Nothing is written or created, and writers are not locked out. [`Writing`] is the only session that writes, on
//! request.

mod advice;
mod altered;
mod begin;
mod catalog;
mod cells;
mod copied;
mod failure;
mod glance;
mod held;
mod kind;
mod login;
mod sentinel;
mod session;
mod sqlstate;
mod tables;
mod types;
mod words;
mod writing;

pub use self::writing::Writing;

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, Mutex};

use self::begin::{Begun, begin, idle};
use self::catalog::Catalog;
use self::failure::Failure;
use self::login::login;
use self::sentinel::ServerSentinel;
use self::tables::{PLACES, PostgresTables};
use super::interrupt::{Stop, interruptible};
use super::server::{ServerFailure, or_nothing};
use super::{Connector, Sentinel, Snapshot, TableProfile};
use crate::catalog::Schema;
use crate::config::Server;
use crate::engine::{EngineError, Gathered, Kept, OwnedCell, Tables, Tuning, Watch, gather};
use crate::ir::Ir;
use crate::time::Clock;

/// The number of pages that justify a session of their own.
const PAGES: u64 = 256;

/// A database on a server. Queried anew for each snapshot.
#[derive(Debug)]
pub struct PostgresConnector {
    server: Arc<Server>,
    zone: chrono_tz::Tz,
    tuning: Tuning,
}

/// One state of the database.
#[derive(Debug)]
struct PostgresSnapshot {
    tables: PostgresTables,
    /// The exported snapshot with which other sessions see the same state.
    state: Option<String>,
    /// Further sessions in the same state, for other threads; begun when a large table is first read.
    others: OnceCell<Vec<Mutex<PostgresTables>>>,
    zone: chrono_tz::Tz,
    tuning: Tuning,
}

impl PostgresConnector {
    /// Creates a connector for a database, read by one session. Views that convert instants to days use `zone`.
    pub fn new(server: &Server, zone: chrono_tz::Tz) -> Self {
        let tuning = Tuning {
            least: PAGES * PLACES.unsigned_abs(),
            ..Tuning::default()
        };
        Self {
            server: Arc::new(server.clone()),
            zone,
            tuning,
        }
    }

    /// Sets the maximum number of sessions that read a large table.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.tuning.threads = threads;
        self
    }

    /// Sets how tables are divided among sessions. A row's id is 2,048 times its page number, plus its position in
    /// the page.
    #[must_use]
    pub fn tuned(self, tuning: Tuning) -> Self {
        Self { tuning, ..self }
    }
}

impl Connector for PostgresConnector {
    fn snapshot(&self) -> Result<Box<dyn Snapshot>, EngineError> {
        let login = login(&self.server)?;
        let Begun { session, state } = begin(&self.server, &login, self.zone, None)?;
        let catalog = Catalog::read(&session, self.server.schema.as_deref());
        let catalog = catalog.map_err(|failure| failure.of_server(&self.server))?;
        Ok(Box::new(PostgresSnapshot {
            tables: PostgresTables {
                session,
                server: Arc::clone(&self.server),
                login,
                catalog: Arc::new(catalog),
                least: self.tuning.least,
                pages: Default::default(),
                held: Default::default(),
                filtered: Default::default(),
            },
            state,
            others: OnceCell::new(),
            zone: self.zone,
            tuning: self.tuning,
        }))
    }

    fn sentinel(&self) -> Result<Box<dyn Sentinel>, EngineError> {
        Ok(Box::new(ServerSentinel::new(idle(
            &self.server,
            Stop::default(),
        )?)))
    }
}

impl PostgresSnapshot {
    /// Further sessions for an IR that reads a large table; as many as the server grants.
    fn others(&self, ir: &Ir) -> &[Mutex<PostgresTables>] {
        let is_large = |table: &str| {
            let relation = self
                .tables
                .relation(table)
                .filter(|relation| relation.has_pages());
            let pages = relation.and_then(|relation| self.tables.pages_of(relation).ok());
            let ids = pages.map(|pages| pages.saturating_mul(PLACES.unsigned_abs()));
            ids.is_some_and(|ids| ids >= 2 * self.tuning.least)
        };
        let mut tables = ir.levels().into_iter().flatten();
        let Some(state) = self
            .state
            .as_deref()
            .filter(|_| tables.any(|table| is_large(&table.table)))
        else {
            return self.others.get().map_or(&[], Vec::as_slice);
        };
        self.others.get_or_init(|| {
            let further = 1..self.tuning.threads;
            let login = &self.tables.login;
            let begun = further
                .map_while(|_| begin(&self.tables.server, login, self.zone, Some(state)).ok());
            let tables = begun.map(|begun| PostgresTables {
                session: begun.session,
                server: Arc::clone(&self.tables.server),
                login: login.clone(),
                catalog: Arc::clone(&self.tables.catalog),
                least: self.tables.least,
                pages: self.tables.pages.clone(),
                held: Default::default(),
                filtered: Default::default(),
            });
            tables.map(Mutex::new).collect()
        })
    }

    fn or_error<T>(&self, found: Result<T, Failure>) -> Result<T, EngineError> {
        found.map_err(|failure| failure.of_server(&self.tables.server))
    }
}

impl Snapshot for PostgresSnapshot {
    fn schema(&self) -> Result<Schema, EngineError> {
        Ok(self.tables.catalog.schema())
    }

    fn gather(
        &self,
        kept: Option<&mut Kept>,
        ir: &Ir,
        clock: &Clock,
        watch: &dyn Watch,
    ) -> Result<Gathered, EngineError> {
        let stop = self.tables.session.stop();
        let tables = ir.tables();
        let held = interruptible(&|| stop.stop(), watch, || self.tables.hold(&tables));
        self.or_error(held)?;
        let others = self.others(ir);
        let of_others = others.iter().filter_map(|other| {
            let other = other.lock().ok()?;
            Some(other.session.stop())
        });
        let stops: Vec<_> = of_others.chain([self.tables.session.stop()]).collect();
        let stop = || stops.iter().for_each(Stop::stop);
        interruptible(&stop, watch, || {
            let gathered = gather(&self.tables, others, self.tuning, kept, ir, clock, watch)?;
            // Functions in views may have read tables that were not known in advance.
            self.or_error(self.tables.unmoved())?;
            Ok(gathered)
        })
    }

    fn has_key(&self, table: &str, column: &str, key: &str) -> Result<bool, EngineError> {
        self.or_error(self.tables.hold(&BTreeSet::from([table])))?;
        self.or_error(self.tables.has_key(table, column, key))
    }

    fn rows_with(
        &self,
        table: &str,
        columns: &[&str],
        column: &str,
        keys: &HashSet<&str>,
    ) -> Result<Vec<Vec<OwnedCell>>, EngineError> {
        self.or_error(self.tables.hold(&BTreeSet::from([table])))?;
        self.or_error(self.tables.rows_with(table, columns, column, keys))
    }

    fn is_unique(&self, table: &str, column: &str) -> bool {
        Tables::is_unique(&self.tables, table, column).unwrap_or(false)
    }

    fn row_count(&self, table: &str, most: u32) -> u64 {
        let relation = self.tables.relation(table);
        let count = relation.map(|relation| self.tables.row_count(relation, most));
        count.and_then(Result::ok).unwrap_or(0)
    }

    fn distinct_texts(
        &self,
        table: &str,
        column: &str,
        most: usize,
        rows: usize,
    ) -> Result<Option<BTreeSet<String>>, EngineError> {
        or_nothing(
            self.tables.distinct_texts(table, column, most, rows),
            &self.tables.server,
        )
    }

    fn first_rows(
        &self,
        table: &str,
        columns: &[&str],
        rows: u32,
    ) -> Result<Vec<Vec<OwnedCell>>, EngineError> {
        let relation = self.tables.relation(table);
        match relation.is_some_and(|relation| !relation.is_view()) {
            true => or_nothing(
                self.tables.sample(table, columns, rows, 1),
                &self.tables.server,
            ),
            false => Ok(Vec::new()),
        }
    }

    fn sample(
        &self,
        table: &str,
        columns: &[&str],
        rows: u32,
        step: u64,
    ) -> Option<Vec<Vec<OwnedCell>>> {
        self.tables.sample(table, columns, rows, step).ok()
    }

    fn profile(&self, table: &str, most: u32) -> Option<TableProfile> {
        self.tables.profile(table, most).ok().flatten()
    }
}
