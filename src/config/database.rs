//! `database:`, where the rows are.

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

/// The file beside config that results of a server's rows go into, unless config says otherwise.
const RESULTS: &str = "results.db";

/// A file that holds what lets somebody log in to a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretFile {
    pub file: NamedFile,
    /// What it holds: `password` or `token`.
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

/// The database that is evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// A SQLite file.
    File(PathBuf),
    /// A database of a PostgreSQL server.
    Server(Box<Server>),
    /// Tables of an Apache Spark server.
    Spark(Box<SparkServer>),
}

/// A database of a PostgreSQL server, and who reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// The role; none for the name of whoever runs this program.
    pub user: Option<String>,
    /// The password that the URL holds.
    pub password: Option<Secret>,
    /// A file that holds the password; read at each connection.
    pub password_file: Option<PathBuf>,
    /// A host name, an address, or the folder of a Unix socket, which begins with `/`; empty for the usual socket of this
    /// machine.
    pub host: String,
    pub port: u16,
    /// The database's name.
    pub database: String,
    /// The only schema whose tables are seen; none for those of the role's search path.
    pub schema: Option<String>,
    /// How the connection is protected; none where config does not say.
    pub tls: Option<ServerTls>,
    /// A file with the certificate of an authority of one's own, PEM; none: the system's.
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

/// As a URL without a login.
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

/// A text that is printed nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl ServerTls {
    /// Every one, as config names it.
    pub const NAMES: [(&str, Self); 3] = [
        ("verify-full", Self::VerifyFull),
        ("require", Self::Require),
        ("off", Self::Off),
    ];

    /// As config names it.
    pub fn name(self) -> &'static str {
        let mut names = Self::NAMES.into_iter();
        let found = names.find(|(_, tls)| *tls == self);
        found.map_or("", |(name, _)| name)
    }
}

impl Database {
    /// The SQLite file; none for a server.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Server(_) | Self::Spark(_) => None,
        }
    }

    /// Where results go if config does not say: into the file itself, for which there is none here, or beside config.
    pub(super) fn usual_results(&self, folder: &Path) -> Option<PathBuf> {
        match self {
            Self::File(_) => None,
            Self::Server(_) | Self::Spark(_) => Some(folder.join(RESULTS)),
        }
    }

    /// Whether it is a file that is not there. Whether a server has the database shows when it is asked.
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

/// As a URL without a login.
impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "postgres://{}", self.place())
    }
}

impl Server {
    /// True where the server is this very machine, so that nobody reads what goes to it.
    pub fn is_here(&self) -> bool {
        self.is_socket() || is_loopback(&self.host)
    }

    /// As a URL without a password, as config takes it.
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

    /// True where it is reached by a Unix socket.
    pub fn is_socket(&self) -> bool {
        self.host.is_empty() || self.host.starts_with('/')
    }
}

/// True for a name or an address by which this machine reaches itself.
fn is_loopback(host: &str) -> bool {
    let address: Result<IpAddr, _> = host.parse();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

/// A host as it stands in a URL; an address of version 6 in brackets.
fn encoded_host(host: &str) -> String {
    match host.contains(':') {
        true => format!("[{host}]"),
        false => encoded(host),
    }
}

/// A part of a URL in which nothing means anything to URLs.
fn encoded(part: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let bytes = part.bytes().map(|byte| match is_plain(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    });
    bytes.collect()
}
