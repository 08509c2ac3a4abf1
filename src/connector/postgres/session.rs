//! One connection, on [a thread of its own](Thread).
//!
//! A session reads ahead by at most [`AHEAD`] buffers of about [`BUFFER`] bytes. It ends with its transaction, and
//! tells the server so.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::pin;
use std::sync::mpsc::{Receiver, SyncSender};
use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};
use tokio::time::{sleep, timeout};

use super::failure::Failure;
use super::sqlstate::{ENDED, HAS_FAILED, ON_STANDBY};
use crate::connector::interrupt::Stop;
use crate::connector::server::{Piece, Requests, Serve, Thread};

/// How long a server may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// How long the server may be silent before it is asked whether it is still at work.
const SILENCE: Duration = Duration::from_secs(60);
/// How long to wait for a connection to end.
const FAREWELL: Duration = Duration::from_secs(1);
/// The approximate number of bytes of rows that are passed on together.
const BUFFER: usize = 256 * 1024;
/// The number of buffers that may wait to be read.
const AHEAD: usize = 2;

/// The answer to a query: rows of texts, with NULL as `None`.
pub(super) type Rows = Vec<Vec<Option<String>>>;

type Result<T> = std::result::Result<T, Failure>;

/// A connection.
#[derive(Debug)]
pub(super) struct Session(Thread<Request>);

#[derive(Debug)]
enum Request {
    Query(String, SyncSender<Result<Rows>>),
    Copy(String, SyncSender<Piece<Vec<u8>, Failure>>),
    Fill(String, Vec<u8>, SyncSender<Result<Rows>>),
}

/// The bytes that a `COPY … TO STDOUT` sends.
pub(super) struct Copied(Receiver<Piece<Vec<u8>, Failure>>);

impl Session {
    /// Connects. `stop` ends the session from outside, even while it is connecting.
    pub(super) fn open(options: &PgConnectOptions, stop: Stop) -> Result<Self> {
        let at_work = AtWork {
            options: options.clone().disable_statement_logging(),
            stop: stop.clone(),
            process: None,
            limit: None,
            began: Cell::new(Instant::now()),
            first: RefCell::default(),
        };
        let begun = Thread::begin("postgres", stop, at_work).map(Self);
        begun.map_err(Failure::of_login)
    }

    /// The handle that ends the session from outside.
    pub(super) fn stop(&self) -> Stop {
        self.0.stop()
    }

    /// Runs statements, and returns the rows of the last one.
    pub(super) fn query(&self, sql: impl Into<String>) -> Result<Rows> {
        self.0.ask(|answer| Request::Query(sql.into(), answer))
    }

    /// Begins a `COPY … TO STDOUT`. If the answer is dropped early, the rest is discarded before the next request.
    pub(super) fn copy(&self, sql: String) -> Result<Copied> {
        let copied = self.0.read(AHEAD, |answer| Request::Copy(sql, answer));
        copied.map(Copied)
    }

    /// Sends the bytes of a `COPY … FROM STDIN`.
    pub(super) fn fill(&self, sql: String, bytes: Vec<u8>) -> Result<()> {
        let filled = self.0.ask(|answer| Request::Fill(sql, bytes, answer));
        filled.map(drop)
    }

    /// The next bytes; none at the end.
    pub(super) fn next(&self, copied: &Copied) -> Result<Option<Vec<u8>>> {
        self.0.next(&copied.0)
    }
}

/// The state of a session's thread.
struct AtWork {
    options: PgConnectOptions,
    stop: Stop,
    /// The server's process id for the session.
    process: Option<String>,
    /// `statement_timeout`, if it is set. The server reports it under the SQLSTATE of a cancelled statement, in any
    /// language.
    limit: Option<Duration>,
    /// When the current request began.
    began: Cell<Instant>,
    /// The first failure of the transaction, until it is rolled back: from then on, the server only says that it has
    /// failed.
    first: RefCell<Option<Failure>>,
}

impl Serve for AtWork {
    type Request = Request;
    type Failure = Failure;
    type Connection = PgConnection;

    async fn connect(&mut self) -> Result<PgConnection> {
        let stop = self.stop.clone();
        tokio::select! {
            biased;
            () = stop.woken() => Err(Failure::Stopped),
            connected = self.connected() => connected,
        }
    }

    async fn serve(
        &self,
        mut connection: PgConnection,
        requests: &mut Requests<Request>,
    ) -> Option<Failure> {
        while let Some(request) = requests.recv().await {
            self.began.set(Instant::now());
            let end = match request {
                Request::Query(sql, answer) => {
                    let rows = self.watched(rows(&mut connection, &sql)).await;
                    let end = end(&rows);
                    // The receiver may be gone.
                    answer.send(rows).ok();
                    end
                }
                Request::Fill(sql, bytes, answer) => {
                    let filled = self.watched(filled(&mut connection, &sql, bytes)).await;
                    let end = end(&filled);
                    answer.send(filled).ok();
                    end
                }
                Request::Copy(sql, answer) => {
                    let copied = self.copied(&mut connection, &sql, &answer).await;
                    let copied = match copied {
                        Err(failure) => Err(self.explained(failure).await),
                        copied => copied,
                    };
                    let end = end(&copied);
                    answer.send(copied.map(|()| None)).ok();
                    end
                }
            };
            if end.is_some() || self.stop.is_asked() {
                return end;
            }
        }
        timeout(FAREWELL, connection.close()).await.ok();
        None
    }
}

impl AtWork {
    /// Connects and sets up the session. A server, or a connection pooler in front of it, may answer the login and
    /// nothing else.
    async fn connected(&mut self) -> Result<PgConnection> {
        let mut connection = connect(&self.options).await?;
        (self.process, self.limit) = in_time(prepared(&mut connection)).await?;
        Ok(connection)
    }

    async fn copied(
        &self,
        connection: &mut PgConnection,
        sql: &str,
        answer: &SyncSender<Piece<Vec<u8>, Failure>>,
    ) -> Result<()> {
        let begun = self.watched(async { Ok(connection.copy_out_raw(sql).await?) });
        // If a copy is refused at once, the driver leaves the answer half read.
        let mut stream = begun.await.map_err(Failure::of_whole)?;
        let mut buffer = Vec::with_capacity(BUFFER);
        let mut is_wanted = true;
        loop {
            let filled = self.watched(async {
                while buffer.len() < BUFFER {
                    match stream.try_next().await? {
                        Some(bytes) => buffer.extend_from_slice(&bytes),
                        None => return Ok(false),
                    }
                }
                Ok(true)
            });
            let goes_on = filled.await?;
            let full = std::mem::replace(&mut buffer, Vec::with_capacity(BUFFER));
            is_wanted = is_wanted && answer.send(Ok(Some(full))).is_ok();
            if !goes_on {
                return Ok(());
            }
        }
    }

    /// Waits for the server until a stop is requested or the server is gone.
    async fn watched<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let mut work = pin!(work);
        loop {
            tokio::select! {
                biased;
                () = self.stop.woken() => return Err(Failure::Stopped),
                done = &mut work => return self.told(done),
                () = sleep(SILENCE) => tokio::select! {
                    biased;
                    () = self.stop.woken() => return Err(Failure::Stopped),
                    asked = self.ask_elsewhere() => asked?,
                },
            }
        }
    }

    /// The result of a request. If the transaction has already failed, the error is the original cause, which the
    /// caller may have missed: the end of an abandoned copy is discarded.
    fn told<T>(&self, done: Result<T>) -> Result<T> {
        let mut first = self.first.borrow_mut();
        match done {
            Err(Failure::Refused { code, reason }) if code == HAS_FAILED => {
                let then = Failure::Refused { code, reason };
                Err(first.clone().unwrap_or(then))
            }
            Err(failure) => {
                let is_late = self
                    .limit
                    .is_some_and(|limit| self.began.get().elapsed() >= limit);
                let failure = match is_late {
                    true => failure.of_timeout(),
                    false => failure,
                };
                *first = Some(failure.clone());
                Err(failure)
            }
            Ok(done) => {
                *first = None;
                Ok(done)
            }
        }
    }

    /// The failure of a copy. If the server ends the connection in the middle of one, the driver loses the reason; another
    /// session may tell more.
    async fn explained(&self, failure: Failure) -> Failure {
        if !failure.is_end_without_reason() {
            return failure;
        }
        let asked = tokio::select! {
            biased;
            () = self.stop.woken() => return failure,
            asked = self.asked_elsewhere("SELECT pg_catalog.pg_is_in_recovery()") => asked,
        };
        let Ok(found) = asked else {
            return failure;
        };
        let is_standby = found.into_iter().flatten().flatten().next();
        Failure::Ended {
            code: match is_standby.as_deref() {
                Some("t") => ON_STANDBY.to_owned(),
                _ => ENDED.to_owned(),
            },
            reason: "its log says why".to_owned(),
        }
    }

    /// Asks from another session whether the server is still working for this one.
    async fn ask_elsewhere(&self) -> Result<()> {
        let Some(process) = &self.process else {
            return Ok(());
        };
        let sql = format!(
            "SELECT 1 FROM pg_catalog.pg_stat_activity WHERE pid OPERATOR(pg_catalog.=) {process}"
        );
        match self.asked_elsewhere(&sql).await {
            Ok(found) if found.is_empty() => {
                Err(Failure::Lost("the connection was cut".to_owned()))
            }
            // Even a healthy server may not allow one more connection.
            Ok(_) | Err(Failure::Refused { .. }) => Ok(()),
            Err(failure) => Err(failure),
        }
    }

    /// The answer that another session gets.
    async fn asked_elsewhere(&self, sql: &str) -> Result<Rows> {
        let mut other = connect(&self.options).await?;
        let found = in_time(rows(&mut other, sql)).await?;
        timeout(FAREWELL, other.close()).await.ok();
        Ok(found)
    }
}

/// Sets up a session, and returns the server's process id for it, and its `statement_timeout`.
async fn prepared(connection: &mut PgConnection) -> Result<(Option<String>, Option<Duration>)> {
    // Only some systems can detect that the client is gone; elsewhere, a query ends when it next sends a row.
    let check = "SELECT pg_catalog.set_config('client_connection_check_interval', '2s', false)";
    rows(connection, check).await.ok();
    // A database without an encoding may hold bytes that are not text. They are reported where they are read, without
    // asking the server to validate them.
    let bytes = "SELECT pg_catalog.set_config('client_encoding', 'SQL_ASCII', false)
                 WHERE pg_catalog.current_setting('server_encoding') OPERATOR(pg_catalog.=) 'SQL_ASCII'";
    rows(connection, bytes).await.ok();
    let told = "SELECT pg_catalog.pg_backend_pid(), (SELECT setting FROM pg_catalog.pg_settings
                WHERE name OPERATOR(pg_catalog.=) 'statement_timeout')";
    let mut told = rows(connection, told).await?.into_iter().flatten();
    let process = told.next().flatten();
    let limit = told.next().flatten().and_then(|limit| limit.parse().ok());
    let limit = limit.filter(|millis| *millis > 0);
    Ok((process, limit.map(Duration::from_millis)))
}

async fn connect(options: &PgConnectOptions) -> Result<PgConnection> {
    in_time(async { Ok(options.connect().await?) }).await
}

/// Work that the server must finish within the connection timeout.
async fn in_time<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    match timeout(CONNECT, work).await {
        Ok(done) => done,
        Err(_) => Err(Failure::Lost(format!(
            "it did not answer within {} seconds",
            CONNECT.as_secs()
        ))),
    }
}

async fn filled(connection: &mut PgConnection, sql: &str, bytes: Vec<u8>) -> Result<Rows> {
    let sent = async {
        let mut copy = connection.copy_in_raw(sql).await?;
        copy.send(bytes).await?;
        copy.finish().await
    };
    // The rest of a refused copy is of no use.
    match sent.await {
        Ok(_) => Ok(Rows::new()),
        Err(error) => Err(Failure::from(error).of_whole()),
    }
}

async fn rows(connection: &mut PgConnection, sql: &str) -> Result<Rows> {
    let found = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(connection);
    found.await?.iter().map(texts).collect()
}

fn texts(row: &PgRow) -> Result<Vec<Option<String>>> {
    let cells = (0..row.len()).map(|place| {
        let cell = row.try_get_raw(place)?;
        let text = cell.as_bytes().ok().map(String::from_utf8_lossy);
        Ok(text.map(Cow::into_owned))
    });
    cells.collect()
}

/// The reason why a connection can no longer be used; none where it can.
fn end<T>(answer: &Result<T>) -> Option<Failure> {
    match answer {
        Ok(_) | Err(Failure::Refused { .. }) => None,
        Err(failure) => Some(failure.clone()),
    }
}
