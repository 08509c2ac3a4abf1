//! The SQLSTATEs of errors that are handled in a way of their own.
//!
//! One SQLSTATE can have several causes. A server's messages do not tell them apart: they may be in any language. The
//! server's routine does, and such causes get codes of our own: the SQLSTATE with a word added, so that the class stays
//! the same.

/// Insufficient privilege.
pub(super) const NO_RIGHT: &str = "42501";
/// The privilege to connect to the database is missing.
pub(super) const NO_ENTRY: &str = "42501 connect";
/// `row_security` is off, and the table has policies.
pub(super) const HAS_POLICIES: &str = "42501 row_security";
/// A policy forbids a row that is to be written.
pub(super) const AGAINST_POLICY: &str = "42501 policy";
/// A transaction in which a statement has already failed.
pub(super) const HAS_FAILED: &str = "25P02";
/// A write in a read-only transaction.
pub(super) const READ_ONLY: &str = "25006";
/// A transaction that was idle for too long.
pub(super) const IDLE: &str = "25P03";
/// A transaction that took too long in all.
pub(super) const LONG: &str = "25P04";
/// The class of constraints that rows violate.
pub(super) const CONSTRAINT: &str = "23";
/// A character that the database's encoding lacks.
pub(super) const UNENCODED: &str = "22P05";
/// A feature that the server does not support.
pub(super) const UNSUPPORTED: &str = "0A000";
/// A lock that was not released in time.
pub(super) const LOCKED: &str = "55P03";
/// How long to wait for a lock.
pub(super) const LOCK_SECONDS: u32 = 60;
/// A standby ended the connection.
pub(super) const ON_STANDBY: &str = "57P01 standby";
/// A server that is up ended the connection.
pub(super) const ENDED: &str = "57P01";
/// A statement that somebody cancelled.
pub(super) const CANCELLED: &str = "57014";
/// A statement that exceeded `statement_timeout`.
pub(super) const TIMEOUT: &str = "57014 timeout";
/// A role that does not exist or may not log in.
pub(super) const NO_LOGIN: &str = "28000 role";
/// No connection is left.
pub(super) const FULL: &str = "53300";
/// No connection is left for this role.
pub(super) const ROLE_FULL: &str = "53300 role";
/// No connection is left for this database.
pub(super) const DATABASE_FULL: &str = "53300 database";

/// SQLSTATEs with several causes: the routine of the server that reports one of them, and our code for it.
const BY_ROUTINE: [(&str, &str, &str); 5] = [
    (NO_RIGHT, "check_enable_rls", HAS_POLICIES),
    (NO_RIGHT, "ExecWithCheckOptions", AGAINST_POLICY),
    ("28000", "InitializeSessionUserId", NO_LOGIN),
    (FULL, "InitializeSessionUserId", ROLE_FULL),
    (FULL, "CheckMyDatabase", DATABASE_FULL),
];

/// Temporary conditions: the server is stopping or has no connection left, a table is locked, or a snapshot is lost.
const PASSING: [&str; 7] = ["57P", FULL, CANCELLED, LOCKED, "40001", "40P01", "72000"];

/// The code of an error that a routine of the server reports.
pub(super) fn code_of(sqlstate: String, routine: &str) -> String {
    let mut causes = BY_ROUTINE.iter();
    let cause = causes.find(|(state, by, _)| *state == sqlstate && *by == routine);
    cause.map_or(sqlstate, |(.., code)| (*code).to_owned())
}

/// Whether another attempt may succeed with the same rules. A statement timeout may recur every time.
pub(super) fn is_passing(code: &str) -> bool {
    code != TIMEOUT && PASSING.iter().any(|passing| code.starts_with(passing))
}

/// True where the data to be written is refused or there is no room for it; false for connection errors.
pub(super) fn is_of_writing(code: &str) -> bool {
    let classes = [
        "0A", "21", "22", "23", "2F", "38", "39", "3F", "42", "531", "532", "534", "54", "55",
        "58", "P0", "XX",
    ];
    classes.iter().any(|class| code.starts_with(class))
}

/// True where an error concerns one table rather than the server: anything that a view computes, anything that is
/// gone, and anything that this role may not read. Server errors are transactions that cannot continue, a lack of
/// disk space or memory, locks, timeouts, and disk failures.
pub(super) fn concerns_table(code: &str) -> bool {
    let classes = ["25", "40", "53", LOCKED, "57", "58030", "72"];
    code == READ_ONLY || !classes.iter().any(|class| code.starts_with(class))
}
