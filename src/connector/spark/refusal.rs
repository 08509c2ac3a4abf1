//! Interprets a server's refusal: what it concerns, and which of its words may be stored, mailed and published.
//!
//! Spark names a condition in square brackets and an SQLSTATE at the end of the message; PySail mostly has only text.
//! Messages about values quote them, and functions can raise errors with any text: for those, only the condition is
//! shown.

/// How many characters of a server's reason are shown.
const SHOWN: usize = 300;

/// What a refusal concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Concern {
    /// The SQL: the server does not support the request, although it is healthy.
    Sql,
    /// A table or column: it does not exist, may not be read, or has an unreadable value or file.
    Table,
    /// The server, or the cause is unknown.
    Server,
}

/// Conditions and words for SQL that a server does not accept.
const OF_SQL: [&str; 6] = [
    "PARSE_SYNTAX_ERROR",
    "UNRESOLVED_ROUTINE",
    "DATATYPE_MISMATCH",
    "invalid argument",
    "not implemented",
    "unknown function",
];

/// Conditions and words of messages that name tables, columns and files, and no values.
const OF_NAMES: [&str; 14] = [
    "TABLE_OR_VIEW_NOT_FOUND",
    "UNRESOLVED_COLUMN",
    "INSUFFICIENT_TABLE",
    "INSUFFICIENT_PERMISSIONS",
    "PATH_NOT_FOUND",
    "UNABLE_TO_INFER_SCHEMA",
    "FAILED_READ_FILE",
    "COLUMN_ALREADY_EXISTS",
    "AMBIGUOUS_REFERENCE",
    "attribute ObjectName",
    "Object at location",
    "Parquet error",
    "Fail to merge schema",
    "No such file",
];

/// Conditions and words for values that cannot be used in a computation. PySail's may appear anywhere in a message.
const OF_VALUES: [&str; 22] = [
    "CAST_INVALID_INPUT",
    "CAST_OVERFLOW",
    "DIVIDE_BY_ZERO",
    "ARITHMETIC_OVERFLOW",
    "NUMERIC_VALUE_OUT_OF_RANGE",
    "CANNOT_PARSE_TIMESTAMP",
    "DATETIME_OVERFLOW",
    "INVALID_ARRAY_INDEX",
    "SCALAR_SUBQUERY_TOO_MANY_ROWS",
    "USER_RAISED_EXCEPTION",
    "FAILED_EXECUTE_UDF",
    "MALFORMED_RECORD_IN_PARSING",
    "Cannot cast",
    "Can't cast",
    "Cast error",
    "ivide by zero",
    "ivision by zero",
    "rithmetic overflow",
    "too large to store",
    "out of bounds",
    "out of range",
    "more than one row",
];

/// Further conditions and words, known only to quote no values.
const PLAIN: [&str; 8] = [
    "SCHEMA_NOT_FOUND",
    "LOCATION_ALREADY_EXISTS",
    "TABLE_OR_VIEW_ALREADY_EXISTS",
    "SPARK_JOB_CANCELLED",
    "OPERATION_CANCELED",
    "INVALID_HANDLE",
    "Resources exhausted",
    "Database not found",
];

/// What a message that may contain user data reveals, by the words in it.
const SIGNS: [(&str, &str); 5] = [
    ("ExecutorLostFailure", "an executor was lost"),
    ("OutOfMemoryError", "it has no memory left"),
    (
        "maxResultSize",
        "the answer is larger than `spark.driver.maxResultSize`",
    ),
    ("SparkContext", "its SparkContext was stopped"),
    ("Job aborted", "a job was aborted"),
];

/// What a refusal concerns, and the words that may be shown.
pub(super) fn told(message: &str) -> (Concern, String) {
    let has = |words: &[&str]| words.iter().any(|word| message.contains(word));
    let is_of_values = match sqlstate(message) {
        Some(state) => is_of(state, &["21", "22", "23", "38", "39", "P0"]),
        None => has(&OF_VALUES),
    };
    if is_of_values {
        let condition = condition(message).map_or(String::new(), |name| format!(" [{name}]"));
        let reason = format!(
            "the server cannot compute one of its values{condition}, and says in its log which"
        );
        return (Concern::Table, reason);
    }
    let is_of_names =
        has(&OF_NAMES) || sqlstate(message).is_some_and(|state| is_of(state, &["0A", "42", "KD"]));
    let is_of_sql = has(&OF_SQL);
    let concern = match (is_of_sql, is_of_names) {
        (true, _) => Concern::Sql,
        (_, true) => Concern::Table,
        _ => Concern::Server,
    };
    // Internal errors carry the text of whichever component failed.
    let is_plain = sqlstate(message).is_some_and(|state| !is_of(state, &["XX"]));
    if is_of_sql || is_of_names || has(&PLAIN) || is_plain {
        return (concern, short(&without_values(message)));
    }
    let sign = SIGNS.iter().find(|(sign, _)| message.contains(sign));
    let known = condition(message).map(|name| format!("[{name}]"));
    let known = known.or_else(|| sign.map(|(_, words)| (*words).to_owned()));
    let known = known.unwrap_or_else(|| "it gave a reason that may be of the data".to_owned());
    (concern, format!("{known}: the server's log has its words"))
}

/// The reason in a server's message, without the query and the stack trace that may follow.
pub(super) fn short(message: &str) -> String {
    let line = message.lines().find(|line| !line.trim().is_empty());
    let line = line.unwrap_or("it gave no reason").trim();
    let mut short: String = line.chars().take(SHOWN).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    short
}

fn is_of(state: &str, classes: &[&str]) -> bool {
    classes.iter().any(|class| state.starts_with(class))
}

/// The SQLSTATE that Spark puts after its message.
fn sqlstate(message: &str) -> Option<&str> {
    let (_, behind) = message.rsplit_once("SQLSTATE: ")?;
    behind.get(..5)
}

/// The condition in square brackets: capitals, with a subcondition after a dot.
fn condition(message: &str) -> Option<&str> {
    let is_part = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || "_.".contains(c);
    let inside = message.split('[').skip(1);
    let mut inside = inside.filter_map(|behind| behind.split_once(']'));
    let found = inside.find(|(name, _)| name.len() > 3 && name.chars().all(is_part));
    found.map(|(name, _)| name)
}

/// Removes values: they are in single quotes, and names in other quotes.
fn without_values(reason: &str) -> String {
    let Some((before, quoted)) = reason.split_once('\'') else {
        return reason.to_owned();
    };
    let behind = quoted.rsplit_once('\'').map_or("", |(_, behind)| behind);
    format!("{before}…{behind}")
}
