//! A session that writes.

use std::thread::sleep;
use std::time::{Duration, Instant};

use super::begin::{Capitals, proven};
use super::failure::Failure;
use super::lent::stream_of_texts;
use super::session::Session;
use crate::config::SparkServer;
use crate::connector::interrupt::{PULSE, Stop};
use crate::engine::{Cell, EngineError, OwnedCell};

/// A session that writes catalog tables. Each statement takes effect on its own.
#[derive(Debug)]
pub struct Writing {
    session: Session,
    server: SparkServer,
}

impl Writing {
    /// Connects; `stop` ends the session from outside, whatever it is waiting for.
    ///
    /// # Errors
    /// The server cannot be reached, refuses the login, or computes differently from other databases.
    pub fn begin(server: &SparkServer, stop: &Stop) -> Result<Self, EngineError> {
        let session = proven(server, Capitals::Alike, stop.clone());
        let session = session.map_err(|failure| failure.of_writing(server))?;
        Ok(Self {
            session,
            server: server.clone(),
        })
    }

    /// Executes a statement.
    ///
    /// # Errors
    /// The server refuses it, or is gone. In the latter case, it is unknown whether the statement was executed.
    pub fn execute(&self, sql: String) -> Result<(), EngineError> {
        let done = self.session.state(sql);
        done.map_err(|failure| self.error(failure))
    }

    /// The whole result of a short query, as texts; none where there is no such table.
    ///
    /// # Errors
    /// As for [`Writing::execute`].
    pub fn rows(&self, sql: String) -> Result<Option<Vec<Vec<Option<String>>>>, EngineError> {
        match self.session.rows(sql) {
            Ok(rows) => Ok(Some(rows.iter().map(|row| texts(row)).collect())),
            Err(failure) if failure.is_of_absence() => Ok(None),
            Err(failure) => Err(self.error(failure)),
        }
    }

    /// Whether the server supports this kind of query, whatever its result.
    ///
    /// # Errors
    /// As for [`Writing::execute`].
    pub fn knows(&self, sql: String) -> Result<bool, EngineError> {
        match self.session.rows(sql) {
            Ok(_) => Ok(true),
            Err(failure) if failure.is_of_absence() => Ok(true),
            Err(Failure::Unknown(_)) => Ok(false),
            Err(failure) => Err(self.error(failure)),
        }
    }

    /// Makes texts readable under a name in this session, replacing earlier ones.
    ///
    /// # Errors
    /// As for [`Writing::execute`].
    pub fn lend(
        &self,
        name: &str,
        columns: &[&str],
        rows: &[Vec<Option<String>>],
    ) -> Result<(), EngineError> {
        let stream = stream_of_texts(columns, rows);
        let stream = stream.map_err(|error| Failure::Refused(error.to_string()));
        let lent = stream.and_then(|stream| self.session.lend(name, stream));
        lent.map_err(|failure| self.error(failure))
    }

    /// Waits.
    ///
    /// # Errors
    /// A stop was requested.
    pub fn wait(&self, long: Duration) -> Result<(), EngineError> {
        let (begun, stop) = (Instant::now(), self.session.stop());
        while !stop.is_asked() {
            let left = long.saturating_sub(begun.elapsed());
            if left.is_zero() {
                return Ok(());
            }
            sleep(left.min(PULSE));
        }
        Err(EngineError::Cancelled)
    }

    fn error(&self, failure: Failure) -> EngineError {
        failure.of_writing(&self.server)
    }
}

fn texts(row: &[OwnedCell]) -> Vec<Option<String>> {
    let cells = row.iter().map(OwnedCell::lent);
    cells
        .map(|cell| Cell::text(cell).map(|text| text.into_owned()))
        .collect()
}
