//! Decides how much of a server error is shown. Reasons are stored, mailed and published, and the server's messages
//! may quote anybody's data. Its own words are therefore shown only where they can name nothing but objects of its
//! catalog. All other errors are shown by the name of their condition.

use sqlx::error::DatabaseError;
use sqlx::postgres::{PgDatabaseError, PgErrorPosition, PgSeverity};

use super::sqlstate::code_of;

/// Every PostgreSQL SQLSTATE and the name of its condition, as in "PostgreSQL Error Codes" in the manual.
const CONDITIONS: &str = include_str!("conditions.txt");

/// The SQLSTATE of an error that a function raises, unless it chooses another.
const RAISED: &str = "P0001";

/// The message for errors whose text comes from user-defined functions.
const OF_FUNCTION: &str =
    "a function of the database raised an error, whose words are in the server's log";

/// The server's own routines whose errors name tables, columns, privileges, constraints and commands, and no values.
const OF_CATALOGUE: [&str; 22] = [
    // Privileges and owners.
    "aclcheck_error",
    "aclcheck_error_col",
    "check_enable_rls",
    "ExecWithCheckOptions",
    "InitTempTableNamespace",
    // Objects that already exist, and reserved names.
    "heap_create_with_catalog",
    "CreateSchemaCommand",
    "NamespaceCreate",
    // Write attempts.
    "PreventCommandIfReadOnly",
    // Materialized views that were never populated.
    "ExecOpenScanRelation",
    // Constraints.
    "_bt_check_unique",
    "check_exclusion_or_unique_constraint",
    "ri_ReportViolation",
    "ExecConstraints",
    "ReportNotNullViolationError",
    "ExecPartitionCheckEmitError",
    "ExecFindPartition",
    // Waiting and cancellation.
    "ProcessInterrupts",
    "DeadLockReport",
    "XactLockTableWait",
    "heap_lock_tuple",
    "LockAcquireExtended",
];

/// The SQLSTATE of a syntax error. Our own statements never cause it, and a parser of texts in the data sets a
/// position as if they did.
const SYNTAX: &str = "42601";

/// The part of an error that is shown.
pub(super) struct Shown {
    /// The SQLSTATE, or [our own code](super::sqlstate) for one of its causes.
    pub code: String,
    pub reason: String,
    /// Whether the server ended the connection with this error.
    pub is_end: bool,
}

/// The part of a server error that may be shown.
pub(super) fn shown(error: &(dyn DatabaseError + 'static)) -> Shown {
    let code = error.code().unwrap_or_default().into_owned();
    let Some(error) = error.try_downcast_ref::<PgDatabaseError>() else {
        let reason = by_condition(&code);
        return Shown {
            code,
            reason,
            is_end: false,
        };
    };
    let is_end = matches!(error.severity(), PgSeverity::Fatal | PgSeverity::Panic);
    let of = |code: String, reason: String| Shown {
        code,
        reason,
        is_end,
    };
    match is_raised(error, &code) {
        // The function may use any code, even that of a timeout.
        true => of(RAISED.to_owned(), OF_FUNCTION.to_owned()),
        false => {
            let reason = match is_end || names_objects(error, &code) {
                true => error.message().to_owned(),
                false => by_condition(&code),
            };
            of(code_of(code, error.routine().unwrap_or("")), reason)
        }
    }
}

/// Whether a function raised the error, judging by the server routine that passed it on.
fn is_raised(error: &PgDatabaseError, code: &str) -> bool {
    let routine = error.routine().unwrap_or("");
    // Routines of procedural languages begin with these letters. Functions in other languages, and foreign servers,
    // have error codes of their own.
    routine == "exec_stmt_raise"
        || ["PL", "pl"].iter().any(|of| routine.starts_with(of))
        || ["P0", "38", "39", "HV"]
            .iter()
            .any(|class| code.starts_with(class))
}

/// Whether the message can name nothing but catalog objects: where the routine mentions nothing else, or where the
/// server points to a name in our own statement. A computation error has no position, or one in the text of a
/// function.
fn names_objects(error: &PgDatabaseError, code: &str) -> bool {
    let points_at_name = matches!(error.position(), Some(PgErrorPosition::Original(_)))
        && code.starts_with("42")
        && code != SYNTAX;
    let routine = error.routine().unwrap_or("");
    points_at_name || OF_CATALOGUE.contains(&routine)
}

/// An error, named by its condition.
fn by_condition(code: &str) -> String {
    let mut lines = CONDITIONS.lines().filter_map(|line| line.split_once(' '));
    let name = lines.find(|(known, _)| *known == code);
    let name = name.map_or("error".to_owned(), |(_, name)| name.replace('_', " "));
    format!("{name} (SQLSTATE {code}; the server's log has its words)")
}
