//! What server sessions have in common: a thread of their own that waits for the server, so that callers need no
//! async runtime, and failures that affect either one table or all of them.
//!
//! Between requests, the thread keeps answering the server's keep-alives and sending its own.

use std::cell::Cell;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};

use tokio::runtime::Builder;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::interrupt::Stop;
use crate::engine::EngineError;

/// Why a server did not do what it was asked.
pub(super) trait ServerFailure: Send + Sized + 'static {
    type Server;

    /// We asked it to stop.
    fn stopped() -> Self;

    /// The connection cannot be made or is gone.
    fn lost(reason: String) -> Self;

    /// Why the connection can no longer be used; none where it can.
    fn end(&self) -> Option<&str>;

    /// Whether only this request failed and the server carries on.
    fn is_refusal(&self) -> bool;

    /// An error of the server, as a message.
    fn of_server(self, server: &Self::Server) -> EngineError;
}

/// The message for a connection that cannot be made or is gone.
pub(super) fn words_of_loss(reason: &str) -> String {
    format!(
        "cannot be reached, or the connection was lost ({reason}): see whether the server is up, and try again"
    )
}

/// The answer, or an empty one if only that cannot be read.
pub(super) fn or_nothing<T: Default, F: ServerFailure>(
    found: Result<T, F>,
    server: &F::Server,
) -> Result<T, EngineError> {
    match found {
        Err(failure) if failure.is_refusal() => Ok(T::default()),
        found => found.map_err(|failure| failure.of_server(server)),
    }
}

/// A piece of an answer; none at its end.
pub(super) type Piece<A, F> = Result<Option<A>, F>;

/// The requests to a session's thread, answered in order.
pub(super) type Requests<R> = UnboundedReceiver<R>;

/// The work of a session's thread.
pub(super) trait Serve: Send + 'static {
    type Request: Send + 'static;
    type Failure: ServerFailure;
    type Connection;

    async fn connect(&mut self) -> Result<Self::Connection, Self::Failure>;

    /// Answers requests until there are no more senders or the session has failed, and returns why.
    async fn serve(
        &self,
        connection: Self::Connection,
        requests: &mut Requests<Self::Request>,
    ) -> Option<Self::Failure>;
}

/// A session that takes requests. Dropping it ends the session and tells the server.
#[derive(Debug)]
pub(super) struct Thread<R> {
    /// None while the session is ending.
    requests: Option<UnboundedSender<R>>,
    stop: Stop,
    thread: Option<JoinHandle<()>>,
    /// Whether an answer was begun whose end has not been read.
    is_reading: Cell<bool>,
    /// Why nothing can be answered any more: the last caller may have missed the reason.
    end: Arc<OnceLock<String>>,
}

impl<R: Send + 'static> Thread<R> {
    /// Connects, in a thread with the given name. `stop` ends the session from outside.
    pub(super) fn begin<S: Serve<Request = R>>(
        name: &str,
        stop: Stop,
        work: S,
    ) -> Result<Self, S::Failure> {
        let (requests, to_serve) = unbounded_channel();
        let (opened, answer) = sync_channel(1);
        let thread = thread::Builder::new().name(name.to_owned());
        let end = Arc::new(OnceLock::new());
        let told = Arc::clone(&end);
        let thread = thread.spawn(move || run(work, to_serve, &opened, &told));
        let thread = thread.map_err(|error| S::Failure::lost(error.to_string()))?;
        let session = Self {
            requests: Some(requests),
            stop,
            thread: Some(thread),
            is_reading: Cell::new(false),
            end,
        };
        answer.recv().map_err(|_| session.ended::<S::Failure>())??;
        Ok(session)
    }

    /// The handle that ends the session from outside.
    pub(super) fn stop(&self) -> Stop {
        self.stop.clone()
    }

    /// Sends a request and waits for its single answer. Discards the rest of any earlier answer.
    pub(super) fn ask<A, F: ServerFailure>(
        &self,
        request: impl FnOnce(SyncSender<Result<A, F>>) -> R,
    ) -> Result<A, F> {
        let (answer, answered) = sync_channel(1);
        self.send(request(answer))?;
        let answer = answered.recv().map_err(|_| self.ended::<F>())?;
        self.is_reading.set(false);
        answer
    }

    /// Sends a request whose answer comes in pieces, with a limit on how many may wait to be read.
    pub(super) fn read<A, F: ServerFailure>(
        &self,
        ahead: usize,
        request: impl FnOnce(SyncSender<Piece<A, F>>) -> R,
    ) -> Result<Receiver<Piece<A, F>>, F> {
        let (answer, answers) = sync_channel(ahead);
        self.send(request(answer))?;
        self.is_reading.set(true);
        Ok(answers)
    }

    /// The next piece; none at the end.
    pub(super) fn next<A, F: ServerFailure>(&self, answers: &Receiver<Piece<A, F>>) -> Piece<A, F> {
        let next = answers.recv().map_err(|_| self.ended::<F>())?;
        self.is_reading.set(matches!(next, Ok(Some(_))));
        next
    }

    fn send<F: ServerFailure>(&self, request: R) -> Result<(), F> {
        let requests = self.requests.as_ref();
        let sent = requests.and_then(|requests| requests.send(request).ok());
        sent.ok_or_else(|| self.ended())
    }

    fn ended<F: ServerFailure>(&self) -> F {
        match (self.stop.is_asked(), self.end.get()) {
            (true, _) => F::stopped(),
            (false, Some(end)) => F::lost(end.clone()),
            (false, None) => F::lost("the session has ended".to_owned()),
        }
    }
}

impl<R> Drop for Thread<R> {
    fn drop(&mut self) {
        drop(self.requests.take());
        // An answer that nobody reads any more is not worth waiting for.
        if self.is_reading.get() {
            self.stop.stop();
        }
        // Tell the server about the end before the program ends.
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

fn run<S: Serve>(
    mut work: S,
    mut requests: Requests<S::Request>,
    opened: &SyncSender<Result<(), S::Failure>>,
    end: &OnceLock<String>,
) {
    let runtime = match Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            opened.send(Err(S::Failure::lost(error.to_string()))).ok();
            return;
        }
    };
    runtime.block_on(async {
        match work.connect().await {
            Ok(connection) => {
                opened.send(Ok(())).ok();
                let failure = work.serve(connection, &mut requests).await;
                // Set this before dropping the requests, since that is how callers notice the end.
                if let Some(why) = failure.as_ref().and_then(ServerFailure::end) {
                    end.set(why.to_owned()).ok();
                }
            }
            Err(failure) => {
                opened.send(Err(failure)).ok();
            }
        }
    });
}
