//! How a session begins, and the single state of the data that it sees.

use super::failure::Failure;
use super::login::{Login, login};
use super::session::{Rows, Session};
use super::sqlstate::LOCK_SECONDS;
use crate::config::Server;
use crate::connector::interrupt::Stop;
use crate::connector::server::ServerFailure;
use crate::engine::EngineError;
use crate::sql::{literal, quoted};

/// The oldest server that reads ranges of rows without an index, as a `server_version_num`.
const OLDEST: u32 = 140_000;

/// The savepoint to which the transaction returns after a refused statement.
pub(super) const SAVED: &str = "muster";

/// Puts the server's own functions ahead of those in schemas that come first in the role's search path. The rest of
/// the path stays as it is. In effect until the transaction ends.
pub(super) const OWN_FIRST: &str = "pg_catalog.set_config('search_path', pg_catalog.regexp_replace(
    pg_catalog.concat('pg_catalog, ', pg_catalog.current_setting('search_path')), ', *$', ''), true)";

/// A session in a read-only transaction.
#[derive(Debug)]
pub(super) struct Begun {
    pub(super) session: Session,
    /// The exported snapshot with which another session sees the same state.
    pub(super) state: Option<String>,
}

/// Connects without beginning a transaction; `stop` ends the session from outside.
///
/// # Errors
/// The server cannot be reached or refuses the login.
pub(super) fn idle(server: &Server, stop: Stop) -> Result<Session, EngineError> {
    let session = Session::open(login(server)?.options(), stop);
    session.map_err(|failure| failure.of_server(server))
}

/// Begins to read, either the current state or the one that another session sees.
///
/// # Errors
/// The server cannot be reached, refuses the login, or is too old.
pub(super) fn begin(
    server: &Server,
    login: &Login,
    zone: chrono_tz::Tz,
    state: Option<&str>,
) -> Result<Begun, EngineError> {
    let failed = |failure: Failure| failure.of_server(server);
    let session = Session::open(login.options(), Stop::default()).map_err(failed)?;
    let join = state.map(|state| format!("SET TRANSACTION SNAPSHOT {};", literal(state)));
    let path = server.schema.as_ref();
    let path = match path {
        Some(schema) => {
            let schema = quoted(&schema.replace('\0', "\u{fffd}"));
            format!(
                "pg_catalog.set_config('search_path', {}, true)",
                literal(&schema)
            )
        }
        None => OWN_FIRST.to_owned(),
    };
    // Rows come in the order in which they are stored: no query starts where another one is, or runs in parallel. None is
    // worth compiling, which takes long for a table with many partitions.
    let begin = format!(
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {}
         SET LOCAL lock_timeout = '{LOCK_SECONDS}s';
         SET LOCAL standard_conforming_strings = on; SET LOCAL synchronize_seqscans = off;
         SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL jit = off;
         SELECT pg_catalog.current_setting('server_version_num'), {path}",
        join.unwrap_or_default(),
    );
    let version = first(session.query(begin).map_err(failed)?);
    let version = version.and_then(|version| version.parse::<u32>().ok());
    if version.is_none_or(|version| version < OLDEST) {
        let version = version.map_or("of an unknown version".to_owned(), |version| {
            format!("PostgreSQL {}", version / 10_000)
        });
        let oldest = OLDEST / 10_000;
        let words = format!("`{server}` is {version}: PostgreSQL {oldest} or later is needed");
        return Err(EngineError::Database(words));
    }
    let in_zone = session.query(format!("SET LOCAL TimeZone = {}", literal(zone.name())));
    in_zone.map_err(|failure| match failure {
        Failure::Refused { .. } => EngineError::Database(format!(
            "`{server}` does not know the time zone `{zone}`: let `timezone:` give its earlier name (as `Europe/Kiev` for \
             `Europe/Kyiv`), or ask the server's administrator to update its time zones"
        )),
        failure => failed(failure),
    })?;
    order_of_days(&session).map_err(failed)?;
    let state = match state {
        Some(state) => Some(state.to_owned()),
        None => first(
            session
                .query("SELECT pg_export_snapshot()")
                .map_err(failed)?,
        ),
    };
    session
        .query(format!("SAVEPOINT {SAVED}"))
        .map_err(failed)?;
    Ok(Begun { session, state })
}

/// Makes views read `03/04/2025` as the server does for this role, because the driver sets month-first order whatever
/// the configuration says. Everybody can see the settings of a role or a database; the server's own file needs a
/// privilege. Each may set the order, the output style, or both.
fn order_of_days(session: &Session) -> Result<(), Failure> {
    let may_see = "SELECT has_function_privilege('pg_show_all_file_settings()', 'EXECUTE')";
    let of_file = match first(session.query(may_see)?).as_deref() {
        Some("t") => {
            "SELECT set_config('DateStyle', setting, true) FROM pg_show_all_file_settings() WHERE lower(name) = 'datestyle' AND applied;"
        }
        _ => "",
    };
    let set = format!(
        "{of_file}
         SELECT set_config('DateStyle', value, true) FROM (
             SELECT substr(setting, strpos(setting, '=') + 1) AS value
             FROM pg_db_role_setting s CROSS JOIN LATERAL unnest(s.setconfig) AS setting
             WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
               AND s.setrole IN (0, (SELECT oid FROM pg_roles WHERE rolname = session_user)) AND lower(setting) LIKE 'datestyle=%'
             ORDER BY s.setrole <> 0, s.setdatabase <> 0) AS told;
         SELECT set_config('DateStyle', 'ISO', true)"
    );
    session.query(set).map(drop)
}

impl Session {
    /// The rows of a statement. If it is refused, later statements still work.
    pub(super) fn ask(&self, sql: impl Into<String>) -> Result<Rows, Failure> {
        let answer = self.query(sql);
        if let Err(failure) = &answer {
            self.take_back_after(failure)?;
        }
        answer
    }

    /// Rolls a refused statement back, so that later statements work.
    pub(super) fn take_back_after(&self, failure: &Failure) -> Result<(), Failure> {
        match failure {
            Failure::Refused { .. } => self
                .query(format!("ROLLBACK TO SAVEPOINT {SAVED}"))
                .map(|_| ()),
            _ => Ok(()),
        }
    }
}

/// The first cell of the result.
pub(super) fn first(rows: Rows) -> Option<String> {
    rows.into_iter().flatten().next().flatten()
}

/// The cells of a row; missing ones are empty.
pub(super) fn cells<const N: usize>(row: Vec<Option<String>>) -> [String; N] {
    let mut cells = row.into_iter();
    std::array::from_fn(|_| cells.next().flatten().unwrap_or_default())
}
