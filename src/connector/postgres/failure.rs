//! Server errors, as messages.

use std::io::ErrorKind;

use sqlx::Error;

use super::advice::{named, of_right, of_right_to_write, refused, untrusted};
use super::login::role;
use super::sqlstate::{
    AGAINST_POLICY, CANCELLED, CONSTRAINT, FULL, HAS_POLICIES, LOCK_SECONDS, LOCKED, NO_ENTRY,
    NO_RIGHT, READ_ONLY, TIMEOUT, UNENCODED, UNSUPPORTED, concerns_table, is_of_writing,
    is_passing,
};
use super::words::{Shown, shown};
use crate::config::Server;
use crate::connector::server::{ServerFailure, words_of_loss};
use crate::engine::{EngineError, ReadError};

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
                Self::Lost(WITHOUT_REASON.to_owned())
            }
            Error::Io(error) => Self::Lost(error.to_string()),
            error => Self::Lost(error.to_string()),
        }
    }
}

/// What is known if a connection ends without a word.
const WITHOUT_REASON: &str = "the server ended the connection";

impl Failure {
    /// Whether the server ended the connection and nothing is known about the reason.
    pub(super) fn is_end_without_reason(&self) -> bool {
        matches!(self, Self::Lost(reason) if reason == WITHOUT_REASON)
    }

    /// Whether there was no connection left.
    pub(super) fn is_of_limit(&self) -> bool {
        matches!(self, Self::Refused { code, .. } | Self::Ended { code, .. } if code.starts_with(FULL))
    }

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

    /// The failure of a statement that took as long as `statement_timeout` allows: it was not cancelled by somebody.
    pub(super) fn of_timeout(mut self) -> Self {
        match &mut self {
            Self::Refused { code, .. } | Self::Ended { code, .. } if code == CANCELLED => {
                *code = TIMEOUT.to_owned();
            }
            _ => {}
        }
        self
    }

    fn is_passing(&self) -> bool {
        match self {
            Self::Lost(_) | Self::Moved(_) => true,
            Self::Refused { code, .. } | Self::Ended { code, .. } => is_passing(code),
            Self::Stopped | Self::Untrusted(_) => false,
        }
    }

    /// Whether it is an error of what was read, rather than of the whole server.
    pub(super) fn concerns_table(&self) -> bool {
        matches!(self, Self::Refused { code, .. } if concerns_table(code))
    }

    /// The error for the scan: of the relation that was read, or of the whole server.
    pub(super) fn of_read(self, relation: &str, server: &Server) -> ReadError {
        match self {
            Self::Refused { code, reason } if concerns_table(&code) => {
                ReadError::Table(match code.as_str() {
                    NO_RIGHT | HAS_POLICIES => {
                        let advice = of_right(&code, &reason, Some(relation), server);
                        format!("{reason}: {advice}")
                    }
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
        let role = named(user);
        let (code, reason) = match self {
            Self::Refused { code, reason } | Self::Ended { code, reason } => (code, reason),
            failure => return failure.of_server(server),
        };
        let words = match code.as_str() {
            LOCKED => format!(
                "cannot be written: somebody else publishes to this schema, or keeps a table of it locked, for longer than \
                 {LOCK_SECONDS} seconds ({reason}): try again"
            ),
            TIMEOUT => format!(
                "stopped writing, since a statement exceeded `statement_timeout` ({reason}): allow more, by \
                 `ALTER ROLE {role} SET statement_timeout = '10min'`"
            ),
            AGAINST_POLICY => format!(
                "cannot be written: {reason}: row-level security must not apply to `{user}` on the tables that it owns \
                 (`ALTER TABLE … NO FORCE ROW LEVEL SECURITY`)"
            ),
            NO_RIGHT => format!(
                "cannot be written: {reason}: {}",
                of_right_to_write(&reason, server)
            ),
            READ_ONLY => format!(
                "cannot be written: {reason}: it is a standby, or takes no changes at the moment; let `publish:` name the server that does"
            ),
            UNENCODED => format!(
                "cannot be written: {reason}: publish to a database whose encoding is UTF-8 (`CREATE DATABASE … TEMPLATE template0 \
                 ENCODING 'UTF8'`), or use only characters that this one can store in names, labels and reasons"
            ),
            other if other.starts_with(CONSTRAINT) => format!(
                "cannot be written: {reason}: Muster's tables take no further constraints: drop the one that somebody has added, and publish \
                 again"
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
