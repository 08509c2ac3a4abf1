//! Who logs in, and how the connection is protected.

use std::borrow::Cow;
use std::fmt::{self, Debug, Formatter};
use std::path::Path;

use sqlx::postgres::{PgConnectOptions, PgSslMode};

use crate::config::{Server, ServerTls};
use crate::disk::line;
use crate::engine::EngineError;

/// The first line of each certificate in a PEM file.
const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----";

/// How to connect to a server, the password included.
#[derive(Clone)]
pub(super) struct Login(PgConnectOptions);

impl Login {
    pub(super) fn options(&self) -> &PgConnectOptions {
        &self.0
    }
}

impl Debug for Login {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("Login")
    }
}

/// Prepares the login, and reads the password.
///
/// # Errors
/// A file named in the config cannot be read; the message says which and why.
pub(super) fn login(server: &Server) -> Result<Login, EngineError> {
    let wrong = |key: &str, file: &Path, why: String| {
        let path = file.display();
        EngineError::Database(format!(
            "`{server}` cannot be asked: `{key}` `{path}` {why}"
        ))
    };
    let mode = match server.tls {
        Some(ServerTls::VerifyFull) => PgSslMode::VerifyFull,
        Some(ServerTls::Require) => PgSslMode::Require,
        Some(ServerTls::Off) => PgSslMode::Disable,
        // Nobody is in between on the same machine.
        None if server.is_here() && server.ca_file.is_none() => PgSslMode::Prefer,
        None => PgSslMode::VerifyFull,
    };
    let mut options = PgConnectOptions::new_without_pgpass()
        .port(server.port)
        .database(&server.database)
        .application_name("muster")
        .extra_float_digits(None)
        .ssl_mode(mode);
    if !server.host.is_empty() {
        options = options.host(&server.host);
    }
    if let Some(user) = role(server) {
        options = options.username(&user);
    }
    if let Some(password) = &server.password {
        options = options.password(&password.0);
    }
    if let Some(file) = &server.password_file {
        let password = line(file);
        let password = password.map_err(|why| wrong("password_file", file, why.to_string()))?;
        options = options.password(&password);
    }
    if let Some(file) = &server.ca_file {
        certificates(file).map_err(|why| wrong("ca_file", file, why))?;
        options = options.ssl_root_cert(file);
    }
    Ok(Login(options))
}

/// Checks that a file holds certificates, since the driver ignores anything else.
fn certificates(path: &Path) -> Result<(), String> {
    let read = std::fs::read(path).map_err(|error| format!("cannot be read: {error}"))?;
    match String::from_utf8_lossy(&read).contains(CERTIFICATE) {
        true => Ok(()),
        false => Err(format!(
            "holds no certificate: in PEM it begins with `{CERTIFICATE}`"
        )),
    }
}

/// The role that logs in: that of the URL, or the one that PostgreSQL's own programs take. None where the user
/// running this program is unknown.
pub(super) fn role(server: &Server) -> Option<Cow<'_, str>> {
    if let Some(user) = &server.user {
        return Some(Cow::Borrowed(user));
    }
    let told = std::env::var("PGUSER").ok().filter(|user| !user.is_empty());
    told.or_else(|| whoami::username().ok()).map(Cow::Owned)
}
