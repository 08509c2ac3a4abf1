//! How a session begins: its settings, the file-based tables, and a check that the server computes as other databases
//! do.

use std::collections::BTreeMap;

use super::catalog::Catalog;
use super::failure::Failure;
use super::session::Session;
use crate::config::SparkServer;
use crate::connector::interrupt::Stop;
use crate::engine::OwnedCell;
use crate::sql::spark::{literal, quoted};

/// The settings of every session: errors instead of wrong values and dropped rows, instants in UTC, timestamps
/// without a zone, and texts as they are written.
const SETTINGS: [(&str, &str); 7] = [
    ("spark.sql.ansi.enabled", "true"),
    ("spark.sql.session.timeZone", "UTC"),
    ("spark.sql.timestampType", "TIMESTAMP_NTZ"),
    ("spark.sql.parquet.inferTimestampNTZ.enabled", "true"),
    ("spark.sql.variable.substitute", "false"),
    ("spark.sql.files.ignoreCorruptFiles", "false"),
    ("spark.sql.files.ignoreMissingFiles", "false"),
];

/// Whether names that differ only in case are different names.
#[derive(Debug, Clone, Copy)]
pub(super) enum Capitals {
    /// They are the same name, as the files of one table may spell a column in several ways.
    Alike,
    Apart,
}

/// Expressions, and the text that each returns on a server that agrees with all other databases.
const PROBE: [(&str, &str); 19] = [
    ("lower('ÄÖÜ É ΑΣ')", "äöü é ας"),
    ("'a' < 'B'", "false"),
    ("'a' = 'A'", "false"),
    ("'a' = 'a '", "false"),
    ("length('a\\\\b')", "3"),
    ("'${spark.app.name}'", "${spark.app.name}"),
    ("contains('50% off', '0%')", "true"),
    (
        "cast(0.1 AS decimal(20,9)) + cast(0.2 AS decimal(20,9))",
        "0.300000000",
    ),
    ("round(cast('2.00005' AS decimal(20,5)), 4)", "2.0001"),
    (
        "cast(cast('9007199254740993' AS bigint) AS double) = 9007199254740992D",
        "true",
    ),
    ("cast(0.1D AS string)", "0.1"),
    ("timestamp_ntz '2026-03-29 02:30:00'", "2026-03-29 02:30:00"),
    (
        "unix_micros(timestamp_ltz '2026-01-01 00:00:00+00:00')",
        "1767225600000000",
    ),
    ("cast(date '0001-01-01' AS string)", "0001-01-01"),
    ("datediff(date '2026-03-01', date '2024-02-29')", "731"),
    ("bit_count(shiftleft(1L, 63))", "1"),
    ("shiftright(-1L, 6)", "-1"),
    ("current_timezone()", "UTC"),
    ("cast(double('NaN') > double('Infinity') AS string)", "true"),
];

/// Begins a session on a server that computes as other databases do; `stop` ends it from outside.
pub(super) fn proven(
    server: &SparkServer,
    capitals: Capitals,
    stop: Stop,
) -> Result<Session, Failure> {
    let are_apart = matches!(capitals, Capitals::Apart);
    let settings = SETTINGS.map(|(key, value)| (key, value.to_owned()));
    let settings = settings.into_iter();
    let settings = settings.chain([("spark.sql.caseSensitive", are_apart.to_string())]);
    let session = Session::open(server, settings.collect(), stop)?;
    prove(&session)?;
    Ok(session)
}

/// Begins a session that reads the tables of a server, and returns both.
pub(super) fn begin(server: &SparkServer) -> Result<(Session, Catalog), Failure> {
    match begun(server, Capitals::Alike) {
        Err(failure) if failure.is_of_capitals() => begun(server, Capitals::Apart),
        Ok((_, catalog)) if catalog.differs_in_capitals() => begun(server, Capitals::Apart),
        begun => begun,
    }
}

fn begun(server: &SparkServer, capitals: Capitals) -> Result<(Session, Catalog), Failure> {
    let session = proven(server, capitals, Stop::default())?;
    if let Some(schema) = &server.schema {
        let used = session.state(format!("USE {}", quoted(schema)));
        used.map_err(|failure| failure.of_schema(schema))?;
    }
    let mut refused = BTreeMap::new();
    for (name, path) in &server.tables {
        let made = session.state(format!(
            "CREATE OR REPLACE TEMPORARY VIEW {} AS SELECT * FROM parquet.{}",
            quoted(name),
            quoted(path)
        ));
        match made {
            Err(failure) if matches!(capitals, Capitals::Alike) && failure.is_of_capitals() => {
                return Err(failure);
            }
            // Only reads of this table fail, unless it has no files: then the next try may find some.
            Err(Failure::Table(reason)) => {
                let why = format!("{reason}; see the files of `{path}`, which `tables:` names");
                refused.insert(name.clone(), why);
            }
            Err(Failure::Refused(reason)) => return Err(without_files(name, path, &reason)),
            made => made?,
        }
    }
    let catalog = Catalog::read(&session, server, refused)?;
    Ok((session, catalog))
}

/// The failure for a table without files, where the config names the table by its files.
pub(super) fn without_files(name: &str, path: &str, reason: &str) -> Failure {
    Failure::Refused(format!(
        "the files of `{name}` ({reason}): see `{path}` under `tables:`, which the server has to find"
    ))
}

/// Refuses a server whose results differ from other databases'.
fn prove(session: &Session) -> Result<(), Failure> {
    let asked = PROBE.map(|(expression, _)| format!("cast({expression} AS string)"));
    let row = session.rows(format!("SELECT {}", asked.join(", ")))?;
    let mut given = row.into_iter().flatten();
    for (expression, expected) in PROBE {
        let given = given.next();
        let given = given.as_ref().and_then(OwnedCell::as_str);
        if given != Some(expected) {
            let given = given.unwrap_or("nothing");
            return Err(Failure::Otherwise(format!(
                "`{expression}` should be {}, and is {}",
                literal(expected),
                literal(given)
            )));
        }
    }
    Ok(())
}
