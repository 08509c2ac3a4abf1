//! A Spark server where this program was built without the feature `spark`: whatever is asked of it is refused, with how to get it.

use super::{Connector, Sentinel, Snapshot};
use crate::config::SparkServer;
use crate::engine::EngineError;

/// A server that cannot be asked.
#[derive(Debug)]
pub struct SparkConnector {
    refused: String,
}

impl SparkConnector {
    /// Of a server that will not be asked.
    pub fn new(server: &SparkServer) -> Self {
        Self {
            refused: format!(
                "`{server}` cannot be read: this muster was built without Spark. Build it with \
                 `cargo install --path . --features spark`, which needs `protoc` (Debian: protobuf-compiler and \
                 libprotobuf-dev)"
            ),
        }
    }

    fn refused<T>(&self) -> Result<T, EngineError> {
        Err(EngineError::Database(self.refused.clone()))
    }
}

impl Connector for SparkConnector {
    fn snapshot(&self) -> Result<Box<dyn Snapshot>, EngineError> {
        self.refused()
    }

    fn sentinel(&self) -> Result<Box<dyn Sentinel>, EngineError> {
        self.refused()
    }
}
