//! The shape of `database:` as people write it. The doc comments are shown by editors.

mod publish;
mod spark;

use std::path::{Path, PathBuf};

use schemars::json_schema;

pub(in crate::config) use self::publish::PublishFile;
use self::spark::{Place, SCHEME, SparkFile};
use super::{Database, Secret, SecretFile, Server, ServerTls};
use crate::config::value::{OneFile, sqlite_file};
use crate::decode::{Read, Reader, Text, choice, inline_schema, record};
use crate::source::{Node, NodeKind};

/// PostgreSQL's default port.
pub(super) const PORT: u16 = 5432;

/// The schemes of a URL; PostgreSQL's own programs accept both.
const SCHEMES: [&str; 2] = ["postgres://", "postgresql://"];

/// What a URL of PostgreSQL looks like.
const URL: &str = "a URL such as `postgres://db.example.com/shop`";

const EXPECTED: &str = "`sqlite:` and the path of a file, such as `sqlite:demo/studio.db`, `postgres://` and a \
                        server, such as `postgres://db.example.com/shop`, or `sc://` and a Spark server";

record! {
    /// A database of a PostgreSQL server, which is only read.
    pub(in crate::config) struct ServerFile {
        /// The server and the database: `postgres://db.example.com/shop`. The role stands before the host, with `@` behind it.
        postgres: Text,
        /// A file that holds the password, relative to this file; it is read at each connection.
        password_file: Option<OneFile>,
        /// The schema whose tables and views are read. Default: those that the role finds without naming a schema.
        schema: Option<Text>,
        /// How the connection is protected: `verify-full`, `require` or `off`. Default: `verify-full`; on this
        /// machine encrypted where the server can.
        tls: Option<ServerTls>,
        /// A file with the certificate of your own authority (PEM), relative to this file. Default: the system's authorities.
        ca_file: Option<OneFile>,
    }
}

/// A file or a server.
#[derive(Debug)]
pub(in crate::config) enum DatabaseFile {
    Sqlite(PathBuf),
    Postgres {
        url: Url,
        file: Option<Box<ServerFile>>,
    },
    Spark(Box<SparkFile>, Place),
}

/// The parts of `postgres://user:password@host:port/database`.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::config) struct Url {
    user: Option<String>,
    password: Option<Secret>,
    host: String,
    port: u16,
    database: String,
}

choice!(ServerTls);

impl Read for DatabaseFile {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match &node.kind {
            NodeKind::Mapping(entries) if entries.iter().any(|(key, _)| key.value == "spark") => {
                let file = SparkFile::read(node, reader)?;
                let place = file.place("database", reader)?;
                Some(Self::Spark(Box::new(file), place))
            }
            NodeKind::Mapping(_) => {
                let file = ServerFile::read(node, reader)?;
                let url = url(&file.postgres, "database", reader)?;
                let file = Some(Box::new(file));
                Some(Self::Postgres { url, file })
            }
            NodeKind::Scalar(_) => {
                let text = Text::read(node, reader)?;
                if SCHEMES
                    .iter()
                    .any(|scheme| text.scalar.value.starts_with(scheme))
                {
                    let url = url(&text, "database", reader)?;
                    return Some(Self::Postgres { url, file: None });
                }
                if text.scalar.value.starts_with(SCHEME) {
                    let file = SparkFile::named(text);
                    let place = file.place("database", reader)?;
                    return Some(Self::Spark(Box::new(file), place));
                }
                let path = sqlite_file(&text.scalar.value);
                reader
                    .expect(path, text.scalar.location, EXPECTED)
                    .map(Self::Sqlite)
            }
            NodeKind::List(_) | NodeKind::Empty => {
                reader.invalid(node.location, EXPECTED);
                None
            }
        }
    }
}

inline_schema!(DatabaseFile, |generator| {
    let server = generator.subschema_for::<ServerFile>();
    let spark = generator.subschema_for::<SparkFile>();
    let text = json_schema!({
        "type": "string", "pattern": "^(sqlite:|postgres(ql)?://|sc://).|\\$\\{"
    });
    json_schema!({ "anyOf": [text, server, spark] })
});

impl DatabaseFile {
    /// The file with the password or token.
    pub(in crate::config) fn secret_file(&self, folder: &Path) -> Option<SecretFile> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres { file, .. } => {
                let file = file.as_ref()?.password_file.as_ref();
                file.map(|file| SecretFile::password(file, folder))
            }
            Self::Spark(file, _) => {
                let file = file.token_file.as_ref();
                file.map(|file| SecretFile::token(file, folder))
            }
        }
    }

    /// Resolves relative paths from `folder`.
    pub(in crate::config) fn into_database(
        self,
        folder: &Path,
        reader: &mut Reader<'_>,
    ) -> Database {
        let (url, file) = match self {
            Self::Sqlite(path) => return Database::File(folder.join(path)),
            Self::Spark(file, place) => {
                return Database::Spark(Box::new(
                    file.into_server("database", place, folder, reader),
                ));
            }
            Self::Postgres { url, file } => (url, file),
        };
        Database::Server(Box::new(match file {
            Some(file) => file.into_server("database", url, folder, reader),
            None => url.into_server(),
        }))
    }
}

impl ServerFile {
    /// Combines the URL with the other keys; `key` names the section of the config.
    fn into_server(self, key: &str, url: Url, folder: &Path, reader: &mut Reader<'_>) -> Server {
        let at = self.postgres.scalar.location;
        if self.password_file.is_some() && url.password.is_some() {
            let message = "the URL must have no password, since there is `password_file:`";
            reader.object(
                at,
                message,
                "leave out `:` and what stands between it and `@`",
            );
        }
        let mut schemas = self.schema.iter();
        if let Some(schema) = schemas.find(|schema| schema.scalar.value.is_empty()) {
            let message = format!("`{key}:` must not have an empty `schema:`");
            let help = match key {
                "database" => "leave `schema:` out for the tables that the role finds without it",
                _ => "leave `schema:` out for the schema `muster`",
            };
            reader.object(schema.scalar.location, message, help);
        }
        let is_socket = url.is_socket();
        if let (true, Some(tls)) = (is_socket, self.tls.filter(|tls| *tls != ServerTls::Off)) {
            let message = format!(
                "`{key}:` must not have `tls: {}` here, since nothing is encrypted on a Unix socket",
                tls.name()
            );
            let help = "leave `tls:` out: the connection never leaves this machine";
            reader.object(at, message, help);
        }
        let unasked = match self.tls {
            _ if is_socket => Some("a Unix socket has no certificates"),
            Some(ServerTls::Off) => Some("`tls: off` asks for no certificate"),
            Some(ServerTls::Require) => Some("`tls: require` takes any certificate"),
            None | Some(ServerTls::VerifyFull) => None,
        };
        if let (Some(file), Some(unasked)) = (&self.ca_file, unasked) {
            let message = format!("`{key}:` must not have `ca_file:` here, since {unasked}");
            let help = match is_socket {
                true => "leave `ca_file:` out",
                false => "leave `ca_file:` out, or write `tls: verify-full`",
            };
            reader.object(file.0.location, message, help);
        }
        let named = |file: OneFile| folder.join(file.0.value);
        Server {
            password_file: self.password_file.map(named),
            schema: self.schema.map(|schema| schema.scalar.value),
            tls: self.tls,
            ca_file: self.ca_file.map(named),
            ..url.into_server()
        }
    }
}

impl Url {
    fn is_socket(&self) -> bool {
        self.host.is_empty() || self.host.starts_with('/')
    }

    fn into_server(self) -> Server {
        Server {
            user: self.user,
            password: self.password,
            password_file: None,
            host: self.host,
            port: self.port,
            database: self.database,
            schema: None,
            tls: None,
            ca_file: None,
        }
    }
}

/// The database that a URL on the command line names.
///
/// # Errors
/// What is wrong with the URL, without quoting it, since it may contain a password.
pub fn server_of(url: &str) -> Result<Server, String> {
    parsed(url).map(Url::into_server)
}

/// The parts of a URL in config; `key` says where it is. `None`, with a finding, if it cannot be read.
fn url(text: &Text, key: &str, reader: &mut Reader<'_>) -> Option<Url> {
    match parsed(&text.scalar.value) {
        Ok(url) => Some(url),
        Err(why) => {
            let message = format!("`{key}` must be {URL}");
            reader.object(text.scalar.location, message, &why);
            None
        }
    }
}

/// The parts of a URL, or what is wrong with it, without quoting what may be a password.
fn parsed(text: &str) -> Result<Url, String> {
    let rest = SCHEMES.iter().find_map(|scheme| text.strip_prefix(scheme));
    let rest = rest.ok_or("it begins with `postgres://`")?;
    if rest.contains(char::is_whitespace) {
        let words = "a URL has no blanks: `:` and the password come after the role's name; in either, write `%20` for a blank";
        return Err(words.to_owned());
    }
    if rest.contains(['?', '#']) {
        let keys = "what other programs write after `?` has its own keys here: `tls:`, `ca_file:`, `schema:`, \
                    `password_file:`, beside `postgres:`; in a password write `%3F` for `?` and `%23` for `#`";
        return Err(keys.to_owned());
    }
    let (login, place) = match rest.rsplit_once('@') {
        Some((login, place)) => (Some(login), place),
        None => (None, rest),
    };
    let (user, password) = match login.map(|login| login.split_once(':').unwrap_or((login, ""))) {
        Some((user, password)) => (decoded(user)?, decoded(password)?),
        None => (String::new(), String::new()),
    };
    let (server, database) = place.split_once('/').unwrap_or((place, ""));
    if database.is_empty() || database.contains('/') {
        return Err("`/` and the name of the database come after the server".to_owned());
    }
    let (host, port) = host_and_port(server, PORT)?;
    Ok(Url {
        user: Some(user).filter(|user| !user.is_empty()),
        password: Some(password).filter(|word| !word.is_empty()).map(Secret),
        host,
        port,
        database: decoded(database)?,
    })
}

/// The host, decoded, and the port of `host:port`, `host` or `[::1]:port`; or what is wrong with them.
fn host_and_port(server: &str, usual: u16) -> Result<(String, u16), String> {
    let (host, port) = match server.strip_prefix('[').and_then(|six| six.split_once(']')) {
        Some((six, port)) => (six, port.strip_prefix(':')),
        None => match server.rsplit_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (server, None),
        },
    };
    if host.contains(':') && !server.starts_with('[') {
        let words =
            "a password goes between the role's name and `@`; an IPv6 address goes in brackets";
        return Err(words.to_owned());
    }
    let port = match port {
        None | Some("") => usual,
        Some(port) => {
            let port = port.parse().ok().filter(|port| *port > 0);
            port.ok_or("a port from 1 to 65535 comes after the colon; in a password write `%3A` for `:`, `%40` for `@`")?
        }
    };
    Ok((decoded(host)?, port))
}

/// A part of a URL, percent-decoded.
fn decoded(part: &str) -> Result<String, String> {
    let wrong =
        || "the two hexadecimal digits of a byte come after `%`, such as `%40` for `@`".to_owned();
    let mut bytes = Vec::new();
    let mut rest = part;
    while let Some((plain, coded)) = rest.split_once('%') {
        bytes.extend_from_slice(plain.as_bytes());
        let digits = coded.get(..2).ok_or_else(wrong)?;
        bytes.push(u8::from_str_radix(digits, 16).map_err(|_| wrong())?);
        rest = coded.get(2..).unwrap_or("");
    }
    bytes.extend_from_slice(rest.as_bytes());
    let text = String::from_utf8(bytes).map_err(|_| wrong())?;
    match text.contains('\0') {
        true => Err(wrong()),
        false => Ok(text),
    }
}
