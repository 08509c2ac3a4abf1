//! The files behind tables: the data is unchanged as long as they are.

use super::begin::{Capitals, proven, without_files};
use super::failure::Failure;
use super::session::Session;
use crate::config::SparkServer;
use crate::connector::{Sentinel, Stop};
use crate::engine::OwnedCell;
use crate::sql::spark::quoted;

/// The files of all tables that the config names by files, with their sizes and modification times.
#[derive(Debug, PartialEq)]
pub(super) struct Files(Vec<(String, Vec<Vec<OwnedCell>>)>);

impl Files {
    /// Lists the current files, without opening any.
    ///
    /// # Errors
    /// A table has none, or the server cannot be asked.
    pub(super) fn of(session: &Session, server: &SparkServer) -> Result<Self, Failure> {
        let tables = server.tables.iter().map(|(name, path)| {
            let files = session.rows(format!(
                "SELECT path, length, cast(modificationTime AS string) FROM binaryFile.{} ORDER BY path",
                quoted(path)
            ));
            match files {
                Ok(files) if !files.is_empty() => Ok((name.clone(), files)),
                Ok(_) => Err(without_files(name, path, "there are none")),
                Err(Failure::Table(reason)) => Err(without_files(name, path, &reason)),
                Err(failure) => Err(failure),
            }
        });
        Ok(Self(tables.collect::<Result<_, Failure>>()?))
    }

    /// Rejects what was read if the files have changed.
    pub(super) fn expect_unchanged(
        &self,
        session: &Session,
        server: &SparkServer,
    ) -> Result<(), Failure> {
        let now = Self::of(session, server)?;
        let mut pairs = self.0.iter().zip(&now.0);
        match pairs.find(|(then, now)| then != now) {
            Some(((table, _), _)) => Err(Failure::Changed(table.clone())),
            None => Ok(()),
        }
    }
}

/// A session that only looks at files. Changes to catalog tables cannot be detected.
pub(super) struct FilesSentinel {
    session: Session,
    server: SparkServer,
    seen: Option<Files>,
    state: u64,
}

impl std::fmt::Debug for FilesSentinel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FilesSentinel").finish_non_exhaustive()
    }
}

impl FilesSentinel {
    pub(super) fn new(server: &SparkServer) -> Result<Self, Failure> {
        Ok(Self {
            session: proven(server, Capitals::Alike, Stop::default())?,
            server: server.clone(),
            seen: None,
            state: 0,
        })
    }
}

impl Sentinel for FilesSentinel {
    fn state(&mut self) -> Option<u64> {
        if self.server.reads_catalog() {
            return None;
        }
        let files = Files::of(&self.session, &self.server).ok()?;
        if self.seen.as_ref() != Some(&files) {
            self.seen = Some(files);
            self.state += 1;
        }
        Some(self.state)
    }
}
