//! One session, on a thread of its own that waits for the server, so that whoever reads need know no runtime.
//!
//! What a session reads ahead is bounded: [`AHEAD`] batches. It ends with its thread, and tells the server so.

use std::cell::Cell;
use std::future::Future;
use std::pin::pin;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use arrow_array::RecordBatch;
use spark_connect_proto::execute_plan_response::ResponseType;
use tokio::runtime::Builder;
use tokio::time::{sleep, timeout};

use super::batches::batches_of;
use super::client::{Answers, Asked, Client};
use super::failure::Failure;
use crate::config::SparkServer;
use crate::connector::interrupt::Stop;

/// So long the end of a query, and of a session, is waited for.
const FAREWELL: Duration = Duration::from_secs(2);
/// So many batches wait to be taken.
const AHEAD: usize = 2;
/// So often in a row it is tried to go on where the connection was cut.
const TRIES: u32 = 4;
/// So long is waited before the first of those tries; twice as long before each further one.
const PAUSE: Duration = Duration::from_millis(250);

type Result<T> = std::result::Result<T, Failure>;

/// A session of a server.
#[derive(Debug)]
pub(super) struct Session {
    /// None once it ends.
    requests: Option<Sender<Request>>,
    stop: Stop,
    thread: Option<JoinHandle<()>>,
    /// Whether a query was begun whose end nobody has seen.
    is_reading: Cell<bool>,
}

#[derive(Debug)]
enum Request {
    Set(Vec<(&'static str, String)>, SyncSender<Result<()>>),
    Execute(Asked, SyncSender<Result<Option<RecordBatch>>>),
}

/// The rows of a query, in batches.
pub(super) struct Batches<'s> {
    session: &'s Session,
    answers: Receiver<Result<Option<RecordBatch>>>,
}

impl Session {
    /// Connects, and makes settings.
    pub(super) fn open(
        server: &SparkServer,
        settings: Vec<(&'static str, String)>,
    ) -> Result<Self> {
        let stop = Stop::default();
        let (requests, to_serve) = channel();
        let (opened, answer) = sync_channel(1);
        let at_work = AtWork {
            server: server.clone(),
            stop: stop.clone(),
        };
        let thread = thread::Builder::new().name("spark".to_owned());
        let thread = thread.spawn(move || at_work.run(&to_serve, &opened));
        let thread = thread.map_err(|error| Failure::Lost(error.to_string()))?;
        let session = Self {
            requests: Some(requests),
            stop,
            thread: Some(thread),
            is_reading: Cell::new(false),
        };
        answer.recv().map_err(|_| session.ended())??;
        let (answer, answered) = sync_channel(1);
        session.request(Request::Set(settings, answer))?;
        answered.recv().map_err(|_| session.ended())??;
        Ok(session)
    }

    /// What ends it from outside.
    pub(super) fn stop(&self) -> Stop {
        self.stop.clone()
    }

    /// Begins a query. What is left of it when the answer is dropped is passed over before the next request.
    pub(super) fn query(&self, sql: impl Into<String>) -> Result<Batches<'_>> {
        self.execute(Asked::Rows(sql.into()))
    }

    /// A statement that changes nothing but the session.
    pub(super) fn state(&self, sql: impl Into<String>) -> Result<()> {
        self.done(Asked::Statement(sql.into()))
    }

    /// Makes rows readable under a name, in the place of those before: a stream of Arrow.
    pub(super) fn lend(&self, name: &str, rows: Vec<u8>) -> Result<()> {
        self.done(Asked::View(name.to_owned(), rows))
    }

    fn done(&self, asked: Asked) -> Result<()> {
        let mut answers = self.execute(asked)?;
        while answers.next()?.is_some() {}
        Ok(())
    }

    fn execute(&self, asked: Asked) -> Result<Batches<'_>> {
        let (answer, answers) = sync_channel(AHEAD);
        self.request(Request::Execute(asked, answer))?;
        self.is_reading.set(true);
        let session = self;
        Ok(Batches { session, answers })
    }

    fn request(&self, request: Request) -> Result<()> {
        let requests = self.requests.as_ref();
        let sent = requests.and_then(|requests| requests.send(request).ok());
        sent.ok_or_else(|| self.ended())
    }

    fn ended(&self) -> Failure {
        match self.stop.is_asked() {
            true => Failure::Stopped,
            false => Failure::Lost("the connection was lost before".to_owned()),
        }
    }
}

impl Batches<'_> {
    /// The next batch; none behind the last one of a query that the server says is complete.
    pub(super) fn next(&mut self) -> Result<Option<RecordBatch>> {
        let next = self.answers.recv().map_err(|_| self.session.ended())?;
        self.session.is_reading.set(matches!(next, Ok(Some(_))));
        next
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        drop(self.requests.take());
        // What nobody reads any more is not waited for.
        if self.is_reading.get() {
            self.stop.stop();
        }
        // The server hears of the end before the program ends.
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

/// What the thread of a session has.
struct AtWork {
    server: SparkServer,
    stop: Stop,
}

impl AtWork {
    fn run(self, requests: &Receiver<Request>, opened: &SyncSender<Result<()>>) {
        let runtime = match Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => {
                opened.send(Err(Failure::Lost(error.to_string()))).ok();
                return;
            }
        };
        runtime.block_on(async {
            match Client::open(&self.server).await {
                Ok(client) => {
                    opened.send(Ok(())).ok();
                    self.serve(&client, requests).await;
                    timeout(FAREWELL, client.release()).await.ok();
                }
                Err(failure) => {
                    opened.send(Err(failure)).ok();
                }
            }
        });
    }

    /// Answers until nobody asks any more, or somebody asks to stop.
    async fn serve(&self, client: &Client, requests: &Receiver<Request>) {
        while let Ok(request) = requests.recv() {
            match request {
                Request::Set(settings, answer) => {
                    let pairs: Vec<_> = settings.iter().map(|(key, to)| (*key, &**to)).collect();
                    let made = self.watched(client.set(&pairs)).await;
                    // Nobody need be there to hear it.
                    answer.send(made).ok();
                }
                Request::Execute(asked, answer) => {
                    let done = self.execute(client, &asked, &answer).await;
                    let is_stopped = matches!(done, Err(Failure::Stopped));
                    if is_stopped {
                        timeout(FAREWELL, client.interrupt()).await.ok();
                    }
                    answer.send(done.map(|()| None)).ok();
                    if is_stopped {
                        return;
                    }
                }
            }
        }
    }

    /// Sends the batches of a query on, until the server says that it is complete.
    async fn execute(
        &self,
        client: &Client,
        asked: &Asked,
        answer: &SyncSender<Result<Option<RecordBatch>>>,
    ) -> Result<()> {
        let mut answers = self.watched(client.execute(asked)).await?;
        loop {
            let response = self.next(client, &mut answers).await?;
            match response {
                Some(ResponseType::ResultComplete(_)) => return Ok(()),
                Some(ResponseType::ArrowBatch(sent)) => {
                    for batch in batches_of(&sent)? {
                        if answer.send(Ok(Some(batch))).is_err() {
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

    /// What the server answers next; where the connection is cut, or a stream ends before its query, it is asked again from there on.
    async fn next(&self, client: &Client, answers: &mut Answers) -> Result<Option<ResponseType>> {
        let mut pause = PAUSE;
        let mut failure = match self.watched(client.next(answers)).await {
            Ok(Some(answer)) => return Ok(answer.response_type),
            Ok(None) => Failure::Lost("the answer ended before it was complete".to_owned()),
            Err(failure) => failure,
        };
        for _ in 0..TRIES {
            if !failure.is_lost() {
                return Err(failure);
            }
            let again = async {
                client.reattach(answers).await?;
                client.next(answers).await
            };
            failure = match self.watched(again).await {
                Ok(Some(answer)) => return Ok(answer.response_type),
                Ok(None) => Failure::Lost("the answer ended before it was complete".to_owned()),
                // The server has forgotten the query, or knows no way to go on.
                Err(Failure::Refused(reason)) => return Err(Failure::Lost(reason)),
                Err(failure) => failure,
            };
            self.watched(async {
                sleep(pause).await;
                Ok(())
            })
            .await?;
            pause *= 2;
        }
        Err(failure)
    }

    /// Waits for the server, until somebody asks to stop.
    async fn watched<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let work = pin!(work);
        tokio::select! {
            biased;
            () = self.stop.woken() => Err(Failure::Stopped),
            done = work => done,
        }
    }
}
