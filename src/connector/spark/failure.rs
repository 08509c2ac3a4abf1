//! Server errors, as messages.

use std::error::Error;
use std::path::Path;

use tonic::{Code, Status, transport};

use super::refusal::{Concern, short, told};
use crate::config::SparkServer;
use crate::connector::server::{ServerFailure, words_of_loss};
use crate::engine::{EngineError, ReadError};

/// Spark's conditions for queries that somebody else cancelled.
const CANCELLED: [&str; 2] = ["SPARK_JOB_CANCELLED", "OPERATION_CANCELED"];

/// Why a server did not do what it was asked.
#[derive(Debug)]
pub(super) enum Failure {
    /// We asked it to stop.
    Stopped,
    /// It refused a query and carries on: the reason.
    Refused(String),
    /// It refused to read a table, or a column or value of one: the reason.
    Table(String),
    /// It does not support the request, although it is healthy: the reason.
    Unknown(String),
    /// It refuses the login: the reason.
    Login(String),
    /// The connection cannot be made or is gone, or the answer is incomplete.
    Lost(String),
    /// The server could not prove its identity.
    Untrusted(String),
    /// Its result differs from what is expected: the expression, the expected value, and the actual one.
    Otherwise(String),
    /// The data changed while it was read: the table.
    Changed(String),
    /// A file named in the config cannot be read: which and why.
    Unreadable(String),
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        if let Some(failure) = Self::of_proxy(status.message()) {
            return failure;
        }
        let reason = || short(status.message());
        match status.code() {
            Code::Unauthenticated | Code::PermissionDenied => Self::Login(reason()),
            Code::Unavailable | Code::Cancelled | Code::DeadlineExceeded | Code::Aborted => {
                Self::Lost(reason())
            }
            // The connection was cut in the middle of an answer.
            Code::Unknown | Code::Internal if status.source().is_some() => Self::Lost(reason()),
            Code::Unimplemented => Self::Unknown(reason()),
            _ => match told(status.message()) {
                (Concern::Sql, reason) => Self::Unknown(reason),
                (Concern::Table, reason) => Self::Table(reason),
                (Concern::Server, reason) => Self::Refused(reason),
            },
        }
    }
}

impl Failure {
    /// The failure if a proxy in front of the server answered in its place, in something other than Spark Connect;
    /// none for other answers.
    fn of_proxy(message: &str) -> Option<Self> {
        let (_, status) = message.split_once("receiving response with status: ")?;
        let reason = format!("it answers {}", short(status));
        match status.get(..3)? {
            "401" | "403" | "407" => Some(Self::Login(reason)),
            "200" => None,
            _ => Some(Self::Lost(reason)),
        }
    }

    pub(super) fn of_transport(error: &transport::Error) -> Self {
        let mut reason = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            reason = error.to_string();
            cause = error.source();
        }
        let is_of_trust = ["certificate", "UnknownIssuer", "InvalidContentType"];
        match is_of_trust.iter().any(|word| reason.contains(word)) {
            true => Self::Untrusted(reason),
            false => Self::Lost(reason),
        }
    }

    /// The failure if a file named by a config key cannot be read.
    pub(super) fn unreadable(key: &str, file: &Path, why: &str) -> Self {
        let file = file.display();
        Self::Unreadable(format!("`{key}` `{file}` {why}"))
    }

    /// Whether another attempt may succeed.
    pub(super) fn is_lost(&self) -> bool {
        matches!(self, Self::Lost(_))
    }

    /// The error if the server refuses to use a schema.
    pub(super) fn of_schema(self, schema: &str) -> Self {
        match self {
            Self::Refused(reason) | Self::Table(reason) | Self::Unknown(reason) => {
                Self::Refused(format!(
                    "there is no schema `{schema}`, or the server does not know `USE`, as PySail does not ({reason}): see `schema:`"
                ))
            }
            failure => failure,
        }
    }

    /// Whether somebody else cancelled the query.
    fn is_cancelled(&self) -> bool {
        matches!(self, Self::Refused(reason) if CANCELLED.iter().any(|word| reason.contains(word)))
    }

    /// The error for the scan: of the table that was read, or of the whole server.
    pub(super) fn of_read(self, server: &SparkServer) -> ReadError {
        match self {
            Self::Table(reason) => ReadError::Table(reason),
            failure => ReadError::Whole(failure.of_server(server)),
        }
    }

    /// Whether it is caused by names that differ only in case being treated as one.
    pub(super) fn is_of_capitals(&self) -> bool {
        self.is_refusal_with(&["COLUMN_ALREADY_EXISTS", "AMBIGUOUS_REFERENCE"])
    }

    /// Whether the table does not exist.
    pub(super) fn is_of_absence(&self) -> bool {
        self.is_refusal_with(&["TABLE_OR_VIEW_NOT_FOUND", "SCHEMA_NOT_FOUND"])
    }

    fn is_refusal_with(&self, conditions: &[&str]) -> bool {
        let (Self::Refused(reason) | Self::Table(reason) | Self::Unknown(reason)) = self else {
            return false;
        };
        conditions
            .iter()
            .any(|condition| reason.contains(condition))
    }

    /// A write error, as a message.
    pub(super) fn of_writing(self, server: &SparkServer) -> EngineError {
        match self {
            Self::Refused(reason) | Self::Table(reason) | Self::Unknown(reason) => {
                // The tables of an in-memory catalog disappear with the server, but their files remain.
                let advice = match reason.contains("LOCATION_ALREADY_EXISTS") {
                    true => {
                        ": the server has lost its tables; give it a persistent catalog (`spark.sql.catalogImplementation=hive`), \
                         and remove the folder"
                    }
                    false => "",
                };
                let words = format!("`{server}` cannot be written: {reason}{advice}");
                EngineError::Database(words)
            }
            failure => failure.of_server(server),
        }
    }
}

impl ServerFailure for Failure {
    type Server = SparkServer;

    fn stopped() -> Self {
        Self::Stopped
    }

    fn lost(reason: String) -> Self {
        Self::Lost(reason)
    }

    fn end(&self) -> Option<&str> {
        match self {
            Self::Lost(reason) => Some(reason),
            _ => None,
        }
    }

    fn is_refusal(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::Table(_) | Self::Unknown(_))
    }

    fn of_server(self, server: &SparkServer) -> EngineError {
        let is_passing = self.is_lost() || self.is_cancelled();
        let words = match self {
            Self::Stopped => return EngineError::Cancelled,
            Self::Refused(reason) if is_passing => {
                format!("was asked to cancel the query ({reason}): try again")
            }
            Self::Refused(reason) | Self::Table(reason) | Self::Unknown(reason) => {
                format!("cannot be read: {reason}")
            }
            Self::Login(reason) => {
                format!("refuses access ({reason}): see the file that `token_file:` names")
            }
            Self::Lost(reason) => words_of_loss(&reason),
            Self::Untrusted(reason) => format!(
                "could not prove that it is the right server ({reason}): name it in the URL as its certificate does, \
                 let `ca_file:` name the certificate of your own authority, or, on a network that nobody else can read, \
                 write `tls: off`"
            ),
            Self::Otherwise(what) => format!(
                "does not compute as other databases do: {what}. Nothing was read; see docs/scale.md"
            ),
            Self::Changed(table) => {
                return EngineError::Changed(format!(
                    "`{server}` has other files of `{table}` than when reading began, and nothing is computed from half-changed data: try again"
                ));
            }
            Self::Unreadable(words) => format!("cannot be asked: {words}"),
        };
        let words = format!("`{server}` {words}");
        match is_passing {
            true => EngineError::Interrupted(words),
            false => EngineError::Database(words),
        }
    }
}
