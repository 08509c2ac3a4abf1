//! Server errors, as messages.

use std::io::ErrorKind;

use sqlx::Error;

use super::login::role;
use super::words::{Shown, shown};
use crate::config::Server;
use crate::connector::server::{ServerFailure, words_of_loss};
use crate::engine::{EngineError, ReadError};
use crate::sql::quoted;

/// How long to wait for another program's lock on a table.
pub(super) const LOCK_SECONDS: u32 = 60;

/// Why a server did not do what it was asked.
#[derive(Debug, Clone)]
pub(super) enum Failure {
    /// We asked it to stop.
    Stopped,
    /// It refused a statement and carries on: the SQLSTATE, and the reason.
    Refused { code: String, reason: String },
    /// It refused a statement, and the connection can no longer be used: the SQLSTATE, and the reason.
    Ended { code: String, reason: String },
    /// The connection cannot be made or is gone.
    Lost(String),
    /// The server could not prove its identity.
    Untrusted(String),
    /// These tables, by name, no longer match the state that is being read.
    Moved(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Database(error) => {
                let Shown {
                    code,
                    reason,
                    is_end,
                } = shown(&*error);
                match is_end {
                    true => Self::Ended { code, reason },
                    false => Self::Refused { code, reason },
                }
            }
            Error::Tls(error) => Self::Untrusted(error.to_string()),
            // A certificate error of rustls arrives as an I/O error.
            Error::Io(error) if error.to_string().contains("certificate") => {
                Self::Untrusted(error.to_string())
            }
            Error::Io(error) if error.kind() == ErrorKind::UnexpectedEof => {
                Self::Lost("the server ended the connection".to_owned())
            }
            Error::Io(error) => Self::Lost(error.to_string()),
            error => Self::Lost(error.to_string()),
        }
    }
}

impl Failure {
    /// The same failure, with the connection no longer usable.
    pub(super) fn of_whole(self) -> Self {
        match self {
            Self::Refused { code, reason } => Self::Ended { code, reason },
            other => other,
        }
    }

    /// A refused connection, where a missing privilege concerns the database rather than a table.
    pub(super) fn of_login(self) -> Self {
        match self {
            Self::Refused { code, reason } | Self::Ended { code, reason } if code == NO_RIGHT => {
                Self::Ended {
                    code: NO_ENTRY.to_owned(),
                    reason,
                }
            }
            other => other.of_whole(),
        }
    }

    /// Whether a standby was asked to begin a transaction that writes.
    pub(super) fn is_of_standby(&self) -> bool {
        matches!(self, Self::Refused { code, .. } if code == UNSUPPORTED)
    }

    /// Whether another attempt may succeed with the same rules. A statement timeout may recur every time.
    fn is_passing(&self) -> bool {
        match self {
            Self::Lost(_) | Self::Moved(_) => true,
            Self::Refused { code, reason } | Self::Ended { code, reason } => match code.as_str() {
                TIMEOUT => !reason.contains("statement timeout"),
                code => PASSING.iter().any(|passing| code.starts_with(passing)),
            },
            Self::Stopped | Self::Untrusted(_) => false,
        }
    }

    /// Whether it is an error of what was read, rather than of the whole server.
    pub(super) fn concerns_table(&self) -> bool {
        matches!(self, Self::Refused { code, .. } if concerns_table(code))
    }

    /// The error for the scan: of the table that was read, or of the whole server.
    pub(super) fn of_read(self, server: &Server) -> ReadError {
        match self {
            Self::Refused { code, reason } if concerns_table(&code) => {
                ReadError::Table(match code.as_str() {
                    NO_RIGHT => format!("{reason}: {}", of_right(&reason, server)),
                    READ_ONLY => format!("{reason}: a view that is read here may not write"),
                    _ => reason,
                })
            }
            failure => ReadError::Whole(failure.of_server(server)),
        }
    }

    /// A write error, as a message.
    pub(super) fn of_writing(self, server: &Server) -> EngineError {
        let user = role(server);
        let user = user.as_deref().unwrap_or("this role");
        let (code, reason) = match self {
            Self::Refused { code, reason } | Self::Ended { code, reason } => (code, reason),
            failure => return failure.of_server(server),
        };
        let words = match code.as_str() {
            LOCKED => format!(
                "cannot be written: somebody else publishes to this schema, or keeps a table of it locked, for longer than \
                 {LOCK_SECONDS} seconds ({reason}): try again"
            ),
            TIMEOUT if reason.contains("statement timeout") => format!(
                "stopped writing, since a statement exceeded `statement_timeout` ({reason}): allow more, by \
                 `ALTER ROLE {user} SET statement_timeout = '10min'`"
            ),
            NO_RIGHT if reason.contains("row-level security") => format!(
                "cannot be written: {reason}: row-level security must not apply to `{user}` on the tables that it owns \
                 (`ALTER TABLE … NO FORCE ROW LEVEL SECURITY`)"
            ),
            NO_RIGHT => format!(
                "cannot be written: {reason}: let `{user}` own the schema and the tables in it (`CREATE SCHEMA … AUTHORIZATION {user}`), and make temporary \
                 tables"
            ),
            READ_ONLY => format!(
                "cannot be written: {reason}: it is a standby, or takes no changes at the moment; let `publish:` name the server that does"
            ),
            UNENCODED => format!(
                "cannot be written: {reason}: publish to a database whose encoding is UTF-8 (`CREATE DATABASE … TEMPLATE template0 \
                 ENCODING 'UTF8'`), or use only characters that this one can store in names, labels and reasons"
            ),
            other if is_of_writing(other) => format!("cannot be written: {reason}"),
            _ => return Self::Refused { code, reason }.of_server(server),
        };
        EngineError::Database(format!("`{server}` {words}"))
    }
}

impl ServerFailure for Failure {
    type Server = Server;

    fn stopped() -> Self {
        Self::Stopped
    }

    fn lost(reason: String) -> Self {
        Self::Lost(reason)
    }

    fn end(&self) -> Option<&str> {
        match self {
            Self::Ended { reason, .. } | Self::Lost(reason) => Some(reason),
            _ => None,
        }
    }

    /// A lock timeout does not count as a refusal: the next request would wait just as long.
    fn is_refusal(&self) -> bool {
        matches!(self, Self::Refused { code, .. } if code != LOCKED)
    }

    fn of_server(self, server: &Server) -> EngineError {
        let is_passing = self.is_passing();
        let words = match self {
            Self::Stopped => return EngineError::Cancelled,
            Self::Refused { code, reason } | Self::Ended { code, reason } => {
                refused(&code, &reason, server)
            }
            Self::Lost(reason) => words_of_loss(&reason),
            Self::Untrusted(reason) => untrusted(&reason),
            Self::Moved(tables) => format!(
                "could not keep a consistent snapshot of the data: after reading began, somebody emptied, rewrote, replaced or altered \
                 {tables}: try again when that is done"
            ),
        };
        let words = format!("`{server}` {words}");
        match is_passing {
            true => EngineError::Interrupted(words),
            false => EngineError::Database(words),
        }
    }
}

/// The SQLSTATE for insufficient privilege.
pub(super) const NO_RIGHT: &str = "42501";
/// The SQLSTATE of a transaction in which a statement has already failed.
pub(super) const HAS_FAILED: &str = "25P02";
/// Our own code for a missing privilege to connect.
const NO_ENTRY: &str = "muster-no-entry";
/// The SQLSTATE of a character that the database's encoding lacks.
const UNENCODED: &str = "22P05";
/// The SQLSTATE of a feature that the server does not support.
const UNSUPPORTED: &str = "0A000";
/// The SQLSTATE of a write in a read-only transaction.
const READ_ONLY: &str = "25006";
/// The SQLSTATE of a lock that was not released in time.
const LOCKED: &str = "55P03";

/// The SQLSTATE of a statement that was cancelled or timed out.
const TIMEOUT: &str = "57014";

/// Temporary conditions: the server is stopping or has no connection left, a table is locked, or a snapshot is lost.
const PASSING: [&str; 6] = ["57P", "53300", LOCKED, "40001", "40P01", "72000"];

/// True where the data to be written is refused or there is no room for it; false for connection errors.
fn is_of_writing(code: &str) -> bool {
    let classes = [
        "0A", "21", "22", "23", "2F", "38", "39", "3F", "42", "531", "532", "534", "54", "55",
        "58", "P0", "XX",
    ];
    classes.iter().any(|class| code.starts_with(class))
}

/// True where an error concerns one table rather than the server: anything that a view computes, anything that is
/// gone, and anything that this role may not read. Server errors are transactions that cannot continue, a lack of
/// disk space or memory, locks, timeouts, and disk failures.
fn concerns_table(code: &str) -> bool {
    let classes = ["25", "40", "53", LOCKED, "57", "58030", "72"];
    code == READ_ONLY || !classes.iter().any(|class| code.starts_with(class))
}

fn refused(code: &str, reason: &str, server: &Server) -> String {
    let user = role(server);
    let user = user.as_deref().unwrap_or("this user");
    match code {
        "28P01" | "28000" => refused_login(reason, user, server),
        NO_ENTRY => format!(
            "refuses the connection: `{user}` may not connect to this database ({reason}): ask its owner to run \
             `GRANT CONNECT ON DATABASE {} TO {}`",
            named(&server.database),
            named(user)
        ),
        "3D000" => format!(
            "has no such database ({reason}): check the database name at the end of the URL"
        ),
        "53300" => format!(
            "has no connection left ({reason}): try again later, or ask the server's administrator to allow more ({})",
            match () {
                () if reason.contains("for role") =>
                    format!("`ALTER ROLE {} CONNECTION LIMIT …`", named(user)),
                () if reason.contains("for database") => format!(
                    "`ALTER DATABASE {} CONNECTION LIMIT …`",
                    named(&server.database)
                ),
                () => "`max_connections`".to_owned(),
            }
        ),
        "57P03" => format!("takes no connections at the moment ({reason}): try again later"),
        "57P01" | "57P02" | "57P05" => {
            format!("was stopped, or ended the connection ({reason}): try again")
        }
        "25P03" => format!(
            "ended the connection ({reason}): let it wait longer, by \
             `ALTER ROLE {user} SET idle_in_transaction_session_timeout = 0`"
        ),
        TIMEOUT if reason.contains("statement timeout") => format!(
            "stopped reading, since a statement exceeded `statement_timeout` ({reason}): allow more, by \
             `ALTER ROLE {user} SET statement_timeout = '10min'`, or let the view that takes so long be materialized"
        ),
        TIMEOUT => format!("was asked to cancel the query ({reason}): try again"),
        LOCKED => format!(
            "has a table locked by another program for longer than {LOCK_SECONDS} seconds ({reason}): try again when that \
             program is done"
        ),
        "40001" | "40P01" | "72000" => {
            format!("could not keep a consistent snapshot of the data ({reason}): try again")
        }
        NO_RIGHT => format!("cannot be read: {reason}: {}", of_right(reason, server)),
        _ => format!("cannot be read: {reason}"),
    }
}

/// Advice about a refused login.
fn refused_login(reason: &str, user: &str, server: &Server) -> String {
    let advice = match () {
        () if reason.contains("not permitted to log in") => {
            format!(
                "ask the server's administrator to run `ALTER ROLE {} LOGIN`",
                named(user)
            )
        }
        () if reason.contains("pg_hba.conf") => {
            "ask the server's administrator to admit the role from this machine in pg_hba.conf"
                .to_owned()
        }
        () => {
            let role = match server.user {
                Some(_) => "check the name in the URL",
                None => {
                    "check whether that is the right role: the URL can name another one before the host, followed by `@`"
                }
            };
            format!("{role}; {}", password_of(server))
        }
    };
    format!("refuses the login of `{user}` ({reason}): {advice}")
}

/// Advice about a missing privilege.
fn of_right(reason: &str, server: &Server) -> String {
    let user = role(server);
    let user = user.as_deref().unwrap_or("this role");
    if reason.contains("row-level security") {
        return format!(
            "`row_security` is off for `{user}`, so the server refuses it tables with policies: \
             `ALTER ROLE {} RESET row_security` lets it read the rows that they show",
            named(user)
        );
    }
    const KINDS: [(&str, &str, &str); 5] = [
        ("for schema ", "schema", "USAGE ON SCHEMA"),
        ("for function ", "function", "EXECUTE ON FUNCTION"),
        ("for procedure ", "procedure", "EXECUTE ON PROCEDURE"),
        ("for sequence ", "sequence", "USAGE ON SEQUENCE"),
        ("for foreign server ", "server", "USAGE ON FOREIGN SERVER"),
    ];
    let kind = KINDS.iter().find(|(of, ..)| reason.contains(of));
    let (of, kind, right) = kind.copied().unwrap_or_else(|| {
        let relations = [
            "for materialized view ",
            "for foreign table ",
            "for view ",
            "for relation ",
        ];
        let of = relations.iter().find(|of| reason.contains(**of));
        (*of.unwrap_or(&"for table "), "table", "SELECT ON")
    });
    let objects = reason.split_once(of).map(|(_, names)| {
        let names = names.trim_matches('`').split(", ").map(named);
        names.collect::<Vec<_>>().join(", ")
    });
    let object = objects.unwrap_or("…".to_owned());
    format!(
        "ask the {kind}'s owner to run `GRANT {right} {object} TO {}`",
        named(user)
    )
}

/// A name as the server's SQL takes it: quoted where it is not all lowercase.
fn named(name: &str) -> String {
    match name.contains(|c: char| c.is_ascii_uppercase()) {
        true => quoted(name),
        false => crate::sql::name(name),
    }
}

/// Advice about the password, depending on its source.
fn password_of(server: &Server) -> &'static str {
    match (&server.password_file, &server.password) {
        (Some(_), _) => "check the password in the file that `password_file:` names",
        (None, Some(_)) => "check the password in it",
        (None, None) if std::env::var_os("PGPASSWORD").is_some() => {
            "check the password in the variable PGPASSWORD"
        }
        (None, None) => {
            "if the role needs a password, set `password_file:` to a file that contains it"
        }
    }
}

fn untrusted(reason: &str) -> String {
    let known = ["UnknownIssuer", "CaUsedAsEndEntity"];
    let advice = if reason.contains("not valid for name") {
        "name the server in the URL as its certificate does"
    } else if reason.contains("expired") {
        "ask the server's administrator to renew the certificate"
    } else if known.iter().any(|known| reason.contains(known)) {
        "let `ca_file:` name the certificate of the authority that signed it"
    } else if reason.contains("does not support TLS") {
        "ask the server's administrator to enable TLS; on a network that nobody else can read, `tls: off` connects without it"
    } else {
        "see `tls:` and `ca_file:` in docs/config.md"
    };
    format!("could not prove that it is the right server ({reason}): {advice}")
}
