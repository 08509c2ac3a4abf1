//! The `database:` key: where the data is.

pub(super) mod spark;
pub(super) mod wire;

use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Deserialize;

use self::spark::SparkServer;
use super::mail::NamedFile;
use super::value::OneFile;

/// The default file, next to config, for results about a server's data.
const RESULTS: &str = "results.db";

/// A file with a secret for logging in to a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretFile {
    pub file: NamedFile,
    /// The kind of secret: `password` or `token`.
    pub what: &'static str,
}

impl SecretFile {
    fn password(file: &OneFile, folder: &Path) -> Self {
        let file = file.named(folder);
        let what = "password";
        Self { file, what }
    }

    fn token(file: &OneFile, folder: &Path) -> Self {
        let file = file.named(folder);
        let what = "token";
        Self { file, what }
    }
}

/// The evaluated database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// A SQLite file.
    File(PathBuf),
    /// A database of a PostgreSQL server.
    Server(Box<Server>),
    /// Tables of an Apache Spark server.
    Spark(Box<SparkServer>),
}

/// A database of a PostgreSQL server, and the role that reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// The role; `None` for the name of the user who runs this program.
    pub user: Option<String>,
    /// The password in the URL.
    pub password: Option<Secret>,
    /// A file with the password; read at each connection.
    pub password_file: Option<PathBuf>,
    /// A host name, an address, or the folder of a Unix socket, which begins with `/`; empty for the default socket of
    /// this machine.
    pub host: String,
    pub port: u16,
    /// The name of the database.
    pub database: String,
    /// The only schema whose tables are visible; `None` for those of the role's search path.
    pub schema: Option<String>,
    /// How the connection is protected; `None` if config does not say.
    pub tls: Option<ServerTls>,
    /// A PEM file with the certificate of a private authority; `None` for the system's authorities.
    pub ca_file: Option<PathBuf>,
}

/// A server that results are copied to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// A schema of a PostgreSQL server.
    Postgres(Box<Server>),
    /// A schema of an Apache Spark server's catalog.
    Spark(Box<SparkServer>),
}

/// As a URL, without credentials.
impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Postgres(server) => write!(f, "{server}"),
            Self::Spark(server) => write!(f, "{server}"),
        }
    }
}

/// How a connection to a database server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ServerTls {
    /// Encrypted, and the server shows a certificate for its own name.
    VerifyFull,
    /// Encrypted, whoever the server is.
    Require,
    /// Not at all.
    Off,
}

/// A text that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl ServerTls {
    /// All of them, with their names in the config.
    pub const NAMES: [(&str, Self); 3] = [
        ("verify-full", Self::VerifyFull),
        ("require", Self::Require),
        ("off", Self::Off),
    ];

    /// The name in the config.
    pub fn name(self) -> &'static str {
        let mut names = Self::NAMES.into_iter();
        let found = names.find(|(_, tls)| *tls == self);
        found.map_or("", |(name, _)| name)
    }
}

impl Database {
    /// The SQLite file; `None` for a server.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Server(_) | Self::Spark(_) => None,
        }
    }

    /// Where results go if config does not say: into the SQLite file itself (`None` here), or next to config.
    pub(super) fn usual_results(&self, folder: &Path) -> Option<PathBuf> {
        match self {
            Self::File(_) => None,
            Self::Server(_) | Self::Spark(_) => Some(folder.join(RESULTS)),
        }
    }

    /// Whether it is a file that does not exist. For a server, this is known only after connecting.
    pub fn is_missing(&self) -> bool {
        self.file().is_some_and(|path| !path.exists())
    }
}

/// As config names it, without a password.
impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Server(server) => write!(f, "{server}"),
            Self::Spark(server) => write!(f, "{server}"),
        }
    }
}

/// As a URL, without credentials.
impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "postgres://{}", self.place())
    }
}

impl Server {
    /// True if the server is this machine, so that nobody can read what is sent to it.
    pub fn is_here(&self) -> bool {
        self.is_socket() || is_loopback(&self.host)
    }

    /// As a URL without a password, in the form that config accepts.
    pub fn url(&self) -> String {
        match &self.user {
            Some(user) => format!("postgres://{}@{}", encoded(user), self.place()),
            None => format!("postgres://{}", self.place()),
        }
    }

    /// The server and the database.
    fn place(&self) -> String {
        let host = encoded_host(&self.host);
        let port = match self.port {
            wire::PORT => String::new(),
            port => format!(":{port}"),
        };
        format!("{host}{port}/{}", encoded(&self.database))
    }

    /// True if it is reached through a Unix socket.
    pub fn is_socket(&self) -> bool {
        self.host.is_empty() || self.host.starts_with('/')
    }
}

/// True for a name or an address of this machine's loopback interface.
fn is_loopback(host: &str) -> bool {
    let address: Result<IpAddr, _> = host.parse();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

/// A host in URL form; an IPv6 address is in brackets.
fn encoded_host(host: &str) -> String {
    match host.contains(':') {
        true => format!("[{host}]"),
        false => encoded(host),
    }
}

/// A part of a URL, percent-encoded.
fn encoded(part: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let bytes = part.bytes().map(|byte| match is_plain(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    });
    bytes.collect()
}
