//! What is shown of an error of the server. Reasons are stored, mailed and published, and what the server says may quote anybody's
//! data: its own words are shown only where they can name nothing but objects of its catalogue. Everything else is told by the
//! name of its condition.

use sqlx::error::DatabaseError;
use sqlx::postgres::{PgDatabaseError, PgErrorPosition, PgSeverity};

/// Every SQLSTATE of PostgreSQL and the name of its condition, as "PostgreSQL Error Codes" in its manual has them.
const CONDITIONS: &str = include_str!("conditions.txt");

/// The SQLSTATE of what a function raises, unless it says otherwise.
const RAISED: &str = "P0001";

/// What is shown of errors that are said in anybody's words.
const OF_FUNCTION: &str =
    "a function of the database raised an error, whose words are in the server's log";

/// The server's own routines whose errors name tables, columns, rights, constraints and commands, and no value.
const OF_CATALOGUE: [&str; 22] = [
    // Rights and owners.
    "aclcheck_error",
    "aclcheck_error_col",
    "check_enable_rls",
    "ExecWithCheckOptions",
    "InitTempTableNamespace",
    // What is there already, and names that nobody may take.
    "heap_create_with_catalog",
    "CreateSchemaCommand",
    "NamespaceCreate",
    // What would write.
    "PreventCommandIfReadOnly",
    // Materialized views that were never filled.
    "ExecOpenScanRelation",
    // Constraints.
    "_bt_check_unique",
    "check_exclusion_or_unique_constraint",
    "ri_ReportViolation",
    "ExecConstraints",
    "ReportNotNullViolationError",
    "ExecPartitionCheckEmitError",
    "ExecFindPartition",
    // Waiting, and being told to stop.
    "ProcessInterrupts",
    "DeadLockReport",
    "XactLockTableWait",
    "heap_lock_tuple",
    "LockAcquireExtended",
];

/// The SQLSTATE of a wrong syntax. It is never that of our own statements, and what parses a text of the data points as if it were.
const SYNTAX: &str = "42601";

/// An error, as far as it is shown.
pub(super) struct Shown {
    pub code: String,
    pub reason: String,
    /// Whether the server has ended the connection with it.
    pub is_end: bool,
}

/// What is shown of an error that the server sent.
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
        // It may give any code, as that of a timeout.
        true => of(RAISED.to_owned(), OF_FUNCTION.to_owned()),
        false if is_end || names_objects(error, &code) => of(code, error.message().to_owned()),
        false => {
            let reason = by_condition(&code);
            of(code, reason)
        }
    }
}

/// Whether a function has raised an error: the routine of the server that passes it on tells.
fn is_raised(error: &PgDatabaseError, code: &str) -> bool {
    let routine = error.routine().unwrap_or("");
    // Those of languages begin with these letters. Functions of other languages, and foreign servers, speak for themselves.
    routine == "exec_stmt_raise"
        || ["PL", "pl"].iter().any(|of| routine.starts_with(of))
        || ["P0", "38", "39", "HV"]
            .iter()
            .any(|class| code.starts_with(class))
}

/// Whether its words can name nothing but objects of the catalogue: where a routine speaks of nothing else, and where the
/// server points to a name in our own statement. What it computes points nowhere, or into the text of a function.
fn names_objects(error: &PgDatabaseError, code: &str) -> bool {
    let points_at_name = matches!(error.position(), Some(PgErrorPosition::Original(_)))
        && code.starts_with("42")
        && code != SYNTAX;
    let routine = error.routine().unwrap_or("");
    points_at_name || OF_CATALOGUE.contains(&routine)
}

/// An error by the name of its condition.
fn by_condition(code: &str) -> String {
    let mut lines = CONDITIONS.lines().filter_map(|line| line.split_once(' '));
    let name = lines.find(|(known, _)| *known == code);
    let name = name.map_or("error".to_owned(), |(_, name)| name.replace('_', " "));
    format!("{name} (SQLSTATE {code}; the server's log has its words)")
}
