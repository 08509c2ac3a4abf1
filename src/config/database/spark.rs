//! An Apache Spark server as the database.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{encoded_host, is_loopback};

/// The default port of Spark Connect.
pub(super) const PORT: u16 = 15_002;

/// A Spark Connect server, and which of its tables are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SparkServer {
    /// A host name or an address.
    pub host: String,
    pub port: u16,
    /// A file with the token that a proxy in front of the server requires; read at each connection.
    pub token_file: Option<PathBuf>,
    /// How the connection is protected; `None` if config does not say.
    pub tls: Option<SparkTls>,
    /// A PEM file with the certificate of a private authority; `None` for the system's authorities.
    pub ca_file: Option<PathBuf>,
    /// The schema of the server's catalog whose tables are visible. `None` for the default schema of a session or, if
    /// there are `tables`, for no table of the catalog.
    pub schema: Option<String>,
    /// Tables that are Parquet files: by name, the path of a file or a folder as the server sees it.
    pub tables: BTreeMap<String, String>,
}

/// How a connection to a Spark server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SparkTls {
    /// Encrypted, and the server shows a certificate for its own name.
    VerifyFull,
    /// Not at all.
    Off,
}

impl SparkServer {
    /// Whether the connection is encrypted. By default it is, except to this machine.
    pub fn is_encrypted(&self) -> bool {
        match self.tls {
            Some(tls) => tls == SparkTls::VerifyFull,
            None => !self.is_here(),
        }
    }

    /// Whether tables of the server's catalog are read, besides those that are files.
    pub fn reads_catalog(&self) -> bool {
        self.schema.is_some() || self.tables.is_empty()
    }

    /// True if the server is this machine, so that nobody can read what is sent to it.
    pub fn is_here(&self) -> bool {
        is_loopback(&self.host)
    }

    /// Host and port in URL form.
    pub fn authority(&self) -> String {
        format!("{}:{}", encoded_host(&self.host), self.port)
    }
}

/// As a URL.
impl fmt::Display for SparkServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sc://{}", self.authority())
    }
}
