//! A stand-in for Spark servers when the program is built without the feature `spark`. It refuses every request, and
//! explains how to get Spark.

use std::convert::Infallible;
use std::time::Duration;

use super::interrupt::Stop;
use super::{Connector, Sentinel, Snapshot};
use crate::config::SparkServer;
use crate::engine::EngineError;

/// A server that cannot be queried.
#[derive(Debug)]
pub struct SparkConnector {
    refused: String,
}

impl SparkConnector {
    /// Creates the stand-in for a server.
    pub fn new(server: &SparkServer) -> Self {
        Self {
            refused: refusal(server, "read"),
        }
    }

    fn refused<T>(&self) -> Result<T, EngineError> {
        Err(EngineError::Database(self.refused.clone()))
    }
}

fn refusal(server: &SparkServer, done: &str) -> String {
    format!(
        "`{server}` cannot be {done}: this muster was built without Spark. Build it with `cargo install --path . --features spark`, \
         which needs `protoc` (Debian: protobuf-compiler and libprotobuf-dev)"
    )
}

impl Connector for SparkConnector {
    fn snapshot(&self) -> Result<Box<dyn Snapshot>, EngineError> {
        self.refused()
    }

    fn sentinel(&self) -> Result<Box<dyn Sentinel>, EngineError> {
        self.refused()
    }
}

/// A writing session, which cannot exist here.
#[derive(Debug)]
pub struct Writing(Infallible);

impl Writing {
    /// Refuses.
    ///
    /// # Errors
    /// Always.
    pub fn begin(server: &SparkServer, _: &Stop) -> Result<Self, EngineError> {
        Err(EngineError::Database(refusal(server, "written")))
    }

    /// Would execute a statement.
    ///
    /// # Errors
    /// Never called.
    pub fn execute(&self, _: String) -> Result<(), EngineError> {
        match self.0 {}
    }

    /// Would find rows.
    ///
    /// # Errors
    /// Never called.
    pub fn rows(&self, _: String) -> Result<Option<Vec<Vec<Option<String>>>>, EngineError> {
        match self.0 {}
    }

    /// Would tell whether the server knows a kind of query.
    ///
    /// # Errors
    /// Never called.
    pub fn knows(&self, _: String) -> Result<bool, EngineError> {
        match self.0 {}
    }

    /// Would wait.
    ///
    /// # Errors
    /// Never called.
    pub fn wait(&self, _: Duration) -> Result<(), EngineError> {
        match self.0 {}
    }

    /// Would lend rows.
    ///
    /// # Errors
    /// Never called.
    pub fn lend(&self, _: &str, _: &[&str], _: &[Vec<Option<String>>]) -> Result<(), EngineError> {
        match self.0 {}
    }
}
