//! An Apache Spark server, where rows are.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{encoded_host, is_loopback};

/// The port of Spark Connect.
pub(super) const PORT: u16 = 15_002;

/// A server that speaks Spark Connect, and which of its tables are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SparkServer {
    /// A host name or an address.
    pub host: String,
    pub port: u16,
    /// A file that holds the token that a proxy before the server asks for; read at each connection.
    pub token_file: Option<PathBuf>,
    /// How the connection is protected; none where config does not say.
    pub tls: Option<SparkTls>,
    /// A file with the certificate of an authority of one's own, PEM; none: the system's.
    pub ca_file: Option<PathBuf>,
    /// The schema of the server's catalog whose tables are seen; none for the one that a session begins in, or for no
    /// table of the catalog where there are `tables`.
    pub schema: Option<String>,
    /// Tables that are Parquet files: by name the path of a file or a folder, as the server finds it.
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
    /// Whether the connection is encrypted: unless config says otherwise, to every machine but this one.
    pub fn is_encrypted(&self) -> bool {
        match self.tls {
            Some(tls) => tls == SparkTls::VerifyFull,
            None => !self.is_here(),
        }
    }

    /// Whether tables of the server's catalog are read, beside those that are files.
    pub fn reads_catalog(&self) -> bool {
        self.schema.is_some() || self.tables.is_empty()
    }

    /// True where the server is this very machine, so that nobody reads what goes to it.
    pub fn is_here(&self) -> bool {
        is_loopback(&self.host)
    }

    /// The host and the port, as URLs write them.
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
