//! One session, on [a thread of its own](Thread).
//!
//! A session reads ahead by at most [`AHEAD`] batches. It ends with its thread, and tells the server so.

use std::future::Future;
use std::pin::pin;
use std::sync::mpsc::{Receiver, SyncSender};
use std::time::{Duration, Instant};

use arrow_array::RecordBatch;
use spark_connect_proto::execute_plan_response::ResponseType;
use tokio::time::{sleep, timeout};

use super::batches::batches_of;
use super::client::{Answers, Asked, Client};
use super::failure::Failure;
use super::handing::handed_on;
use crate::config::SparkServer;
use crate::connector::interrupt::Stop;
use crate::connector::server::{Piece, Requests, Serve, ServerFailure as _, Thread};

/// How long to wait for a query or a session to end.
const FAREWELL: Duration = Duration::from_secs(2);
/// The number of batches that may wait to be read.
const AHEAD: usize = 2;
/// How often the server is asked to resume after the connection was cut, until it answers.
const TRIES: u32 = 4;
/// A stream that lasted at least this long ended regularly.
const LASTING: Duration = Duration::from_secs(10);
/// The pause before the first of those tries; it doubles before each further one.
const PAUSE: Duration = Duration::from_millis(250);

type Result<T> = std::result::Result<T, Failure>;

/// A session on a server.
#[derive(Debug)]
pub(super) struct Session(Thread<Request>);

#[derive(Debug)]
enum Request {
    Set(Vec<(&'static str, String)>, SyncSender<Result<()>>),
    Execute(Asked, SyncSender<Piece<RecordBatch, Failure>>),
}

/// The rows of a query, in batches.
pub(super) struct Batches<'s> {
    session: &'s Session,
    answers: Receiver<Piece<RecordBatch, Failure>>,
}

impl Session {
    /// Connects, and applies settings; `stop` ends the session from outside.
    pub(super) fn open(
        server: &SparkServer,
        settings: Vec<(&'static str, String)>,
        stop: Stop,
    ) -> Result<Self> {
        let at_work = AtWork {
            server: server.clone(),
            stop: stop.clone(),
        };
        let thread = Thread::begin("spark", stop, at_work)?;
        thread.ask(|answer| Request::Set(settings, answer))?;
        Ok(Self(thread))
    }

    /// The handle that ends the session from outside.
    pub(super) fn stop(&self) -> Stop {
        self.0.stop()
    }

    /// Begins a query. If the answer is dropped early, the query is interrupted before the next request.
    pub(super) fn query(&self, sql: impl Into<String>) -> Result<Batches<'_>> {
        self.execute(Asked::Rows(sql.into()))
    }

    /// Executes a statement, which returns no rows.
    pub(super) fn state(&self, sql: impl Into<String>) -> Result<()> {
        self.done(Asked::Statement(sql.into()))
    }

    /// Makes rows readable under a name, replacing earlier ones: a stream in Arrow's format.
    pub(super) fn lend(&self, name: &str, rows: Vec<u8>) -> Result<()> {
        self.done(Asked::View(name.to_owned(), rows))
    }

    fn done(&self, asked: Asked) -> Result<()> {
        let mut answers = self.execute(asked)?;
        while answers.next()?.is_some() {}
        Ok(())
    }

    fn execute(&self, asked: Asked) -> Result<Batches<'_>> {
        let answers = self
            .0
            .read(AHEAD, |answer| Request::Execute(asked, answer))?;
        let session = self;
        Ok(Batches { session, answers })
    }
}

impl Batches<'_> {
    /// The next batch; none after the last one of a query that the server reports as complete.
    pub(super) fn next(&mut self) -> Result<Option<RecordBatch>> {
        self.session.0.next(&self.answers)
    }
}

/// The state of a session's thread.
struct AtWork {
    server: SparkServer,
    stop: Stop,
}

impl Serve for AtWork {
    type Request = Request;
    type Failure = Failure;
    type Connection = Client;

    async fn connect(&mut self) -> Result<Client> {
        let opened = Client::open(&self.server);
        self.watched(opened).await
    }

    async fn serve(&self, client: Client, requests: &mut Requests<Request>) -> Option<Failure> {
        self.answer(&client, requests).await;
        timeout(FAREWELL, client.release()).await.ok();
        // A lost connection may be back for the next request.
        None
    }
}

fn lent<'s>(settings: &'s [(&'static str, String)]) -> Vec<(&'static str, &'s str)> {
    settings.iter().map(|(key, to)| (*key, &**to)).collect()
}

impl AtWork {
    /// Answers requests until there are no more senders or a stop is requested.
    async fn answer(&self, client: &Client, requests: &mut Requests<Request>) {
        let mut settings = Vec::new();
        while let Some(request) = requests.recv().await {
            match request {
                Request::Set(set, answer) => {
                    let made = self.watched(client.set(&lent(&set))).await;
                    settings.extend(set);
                    // The receiver may be gone.
                    answer.send(made).ok();
                }
                Request::Execute(asked, answer) => {
                    let mut done = self.execute(client, &asked, &answer).await;
                    if let Err(failure) = &done
                        && failure.is_refusal()
                        && let Ok(false) = self.watched(client.has(&lent(&settings))).await
                    {
                        done = Err(Failure::Lost("the server has been started anew".to_owned()));
                    }
                    let is_stopped = matches!(done, Err(Failure::Stopped));
                    if is_stopped {
                        timeout(FAREWELL, client.interrupt()).await.ok();
                    }
                    handed_on(&answer, done.map(|()| None)).await;
                    if is_stopped {
                        return;
                    }
                }
            }
        }
    }

    /// Passes on the batches of a query, until the server reports it as complete.
    async fn execute(
        &self,
        client: &Client,
        asked: &Asked,
        answer: &SyncSender<Piece<RecordBatch, Failure>>,
    ) -> Result<()> {
        let mut answers = self.watched(client.execute(asked)).await?;
        loop {
            let response = self.next(client, &mut answers).await?;
            match response {
                Some(ResponseType::ResultComplete(_)) => return Ok(()),
                Some(ResponseType::ArrowBatch(sent)) => {
                    for batch in batches_of(&sent)? {
                        if !handed_on(answer, Ok(Some(batch))).await {
                            // Nobody wants the rest of it.
                            timeout(FAREWELL, client.interrupt()).await.ok();
                            return Ok(());
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// The server's next answer. If the connection is cut, or a stream ends before its query, the server is asked to
    /// resume from there.
    async fn next(&self, client: &Client, answers: &mut Answers) -> Result<Option<ResponseType>> {
        let mut pauses = (0..TRIES).map(|nth| PAUSE * 2_u32.pow(nth));
        let mut since = Instant::now();
        let mut next = self.watched(client.next(answers)).await;
        let mut is_again = false;
        loop {
            let failure = match next {
                Ok(Some(answer)) => return Ok(answer.response_type),
                // Servers end long-lasting streams and resume the query in another one, any number of times.
                Ok(None) if since.elapsed() >= LASTING => None,
                Ok(None) => Some(Failure::lost(
                    "the answer ended before it was complete".to_owned(),
                )),
                // The server has forgotten the query, or cannot resume.
                Err(
                    Failure::Refused(reason) | Failure::Table(reason) | Failure::Unknown(reason),
                ) if is_again => {
                    return Err(Failure::Lost(reason));
                }
                Err(failure) if failure.is_lost() => Some(failure),
                Err(failure) => return Err(failure),
            };
            if let Some(failure) = failure {
                let Some(pause) = pauses.next() else {
                    return Err(failure);
                };
                self.watched(async {
                    sleep(pause).await;
                    Ok(())
                })
                .await?;
            }
            since = Instant::now();
            let again = async {
                client.reattach(answers).await?;
                client.next(answers).await
            };
            next = self.watched(again).await;
            is_again = true;
        }
    }

    /// Waits for the server until a stop is requested.
    async fn watched<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let work = pin!(work);
        tokio::select! {
            biased;
            () = self.stop.woken() => Err(Failure::Stopped),
            done = work => done,
        }
    }
}
