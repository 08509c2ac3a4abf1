//! A session that writes.

use super::begin::{OWN_FIRST, SAVED, first, idle};
use super::failure::Failure;
use super::session::Session;
use super::sqlstate::LOCK_SECONDS;
use crate::config::Server;
use crate::connector::interrupt::Stop;
use crate::connector::server::ServerFailure;
use crate::engine::EngineError;

/// How long a program that stalls in the middle of writing may block others.
const IDLE_MINUTES: u32 = 5;

/// One writing transaction. If it is dropped before [`Writing::commit`], nothing has been written.
#[derive(Debug)]
pub struct Writing {
    session: Session,
    server: Server,
}

impl Writing {
    /// Connects and begins a transaction; `stop` ends it from outside, whatever it is waiting for.
    ///
    /// # Errors
    /// The server cannot be reached or refuses the login.
    pub fn begin(server: &Server, stop: &Stop) -> Result<Self, EngineError> {
        let new = Self {
            session: idle(server, stop.clone())?,
            server: server.clone(),
        };
        // What another program publishes while this one waits for it must then be visible and writable, whatever the
        // role's own settings are. A standby refuses to begin such a transaction, but it can still be read.
        let begin = "BEGIN ISOLATION LEVEL READ COMMITTED";
        match new.session.query(format!("{begin} READ WRITE")) {
            Err(failure) if failure.is_of_standby() => {
                new.execute("ROLLBACK".to_owned())?;
                new.execute(begin.to_owned())?;
            }
            begun => drop(begun.map_err(|failure| new.error(failure))?),
        }
        new.execute(format!(
            "SET LOCAL lock_timeout = '{LOCK_SECONDS}s';
             SET LOCAL standard_conforming_strings = on; SET LOCAL client_min_messages = warning;
             SET LOCAL idle_in_transaction_session_timeout = '{IDLE_MINUTES}min';
             SELECT {OWN_FIRST}"
        ))?;
        Ok(new)
    }

    /// Executes statements, and returns the first cell of the last one's result.
    ///
    /// # Errors
    /// The server refuses one of them, or is gone.
    pub fn execute(&self, sql: String) -> Result<Option<String>, EngineError> {
        let rows = self.session.query(sql);
        rows.map(first).map_err(|failure| self.error(failure))
    }

    /// Executes a statement, and gives all that it finds: texts, NULL as none.
    ///
    /// # Errors
    /// As for [`Writing::execute`].
    pub fn rows(&self, sql: String) -> Result<Vec<Vec<Option<String>>>, EngineError> {
        let rows = self.session.query(sql);
        rows.map_err(|failure| self.error(failure))
    }

    /// Whether the server accepts a statement; it is rolled back.
    ///
    /// # Errors
    /// The server is gone.
    pub fn takes(&self, sql: String) -> Result<bool, EngineError> {
        self.execute(format!("SAVEPOINT {SAVED}"))?;
        let is_taken = match self.session.query(sql) {
            Ok(_) => true,
            Err(failure) if failure.is_refusal() => false,
            Err(failure) => return Err(self.error(failure)),
        };
        self.execute(format!("ROLLBACK TO {SAVED}; RELEASE {SAVED}"))?;
        Ok(is_taken)
    }

    /// Adds rows to a table, whose name is quoted: lines in the text form of `COPY`.
    ///
    /// # Errors
    /// As for [`Writing::execute`].
    pub fn fill(&self, table: &str, lines: Vec<u8>) -> Result<(), EngineError> {
        let filled = self.session.fill(format!("COPY {table} FROM STDIN"), lines);
        filled.map_err(|failure| self.error(failure))
    }

    /// Makes all of it seen at once.
    ///
    /// # Errors
    /// As for [`Writing::execute`].
    pub fn commit(self) -> Result<(), EngineError> {
        self.execute("COMMIT".to_owned()).map(drop)
    }

    fn error(&self, failure: Failure) -> EngineError {
        failure.of_writing(&self.server)
    }
}
