//! Connections: few at a time and each for a short while, so that clients cannot slow the work down.

use std::future::Future;
use std::io::{Error, ErrorKind, IoSlice, Result};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep, timeout};
use tokio_util::sync::{CancellationToken, DropGuard};

/// Limits on the number and the duration of connections.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// The most connections open at a time. When another one arrives, the connection that has been idle longest is
    /// closed.
    pub most: usize,
    /// How long a connection may stay open.
    pub longest: Duration,
    /// Whether that time restarts with each request and each part of an answer. A client that trickles a request gets
    /// no more time than others.
    pub only_idle: bool,
}

impl Bounds {
    /// For `/healthz` and `/metrics`. Few, because a process may have few open files, and the work needs some; a client
    /// that asks again connects again.
    pub const MACHINES: Self = Self {
        most: 16,
        longest: Duration::from_secs(10),
        only_idle: false,
    };
    /// For people: browsers open several connections and keep them, and a plan over much data takes a while.
    pub const PEOPLE: Self = Self {
        most: 256,
        longest: Duration::from_secs(120),
        only_idle: true,
    };
}

/// The address of the peer.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

impl Connected<IncomingStream<'_, Connections>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Connections>) -> Self {
        Self(*stream.remote_addr())
    }
}

/// How long a connection may take to close before the next one is closed, too.
const TO_CLOSE: Duration = Duration::from_millis(2);

/// An open connection, as seen by those that may replace it.
#[derive(Debug)]
struct Open {
    /// Closes the connection, and is set once it is closed.
    end: CancellationToken,
    used: Arc<Used>,
}

/// When the time of a connection was last restarted.
#[derive(Debug)]
struct Used {
    began: Instant,
    milliseconds: AtomicU64,
}

impl Used {
    fn since(began: Instant) -> Self {
        let used = Self {
            began,
            milliseconds: AtomicU64::new(0),
        };
        used.now();
        used
    }

    fn now(&self) {
        let elapsed = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.milliseconds.store(elapsed, Ordering::Relaxed);
    }
}

/// Accepts connections, and closes those that are too many or stay too long.
#[derive(Debug)]
pub struct Connections {
    listener: TcpListener,
    bounds: Bounds,
    began: Instant,
    /// The open connections, oldest first.
    open: Vec<Open>,
    permits: Arc<Semaphore>,
}

impl Connections {
    /// Accepts connections on a listener.
    pub fn at(listener: TcpListener, bounds: Bounds) -> Self {
        Self {
            listener,
            bounds,
            began: Instant::now(),
            open: Vec::new(),
            permits: Arc::new(Semaphore::new(bounds.most)),
        }
    }

    /// Returns a free slot. If there is none, closes the least recently used connection and returns its slot.
    async fn place(&mut self) -> Option<OwnedSemaphorePermit> {
        self.open.retain(|open| !open.end.is_cancelled());
        loop {
            if let Ok(place) = Arc::clone(&self.permits).try_acquire_owned() {
                return Some(place);
            }
            let used = |open: &Open| open.used.milliseconds.load(Ordering::Relaxed);
            let open = self.open.iter().enumerate();
            if let Some((place, _)) = open.min_by_key(|(_, open)| used(open)) {
                self.open.remove(place).end.cancel();
            }
            let free = Arc::clone(&self.permits).acquire_owned();
            if let Ok(place) = timeout(TO_CLOSE, free).await {
                // The semaphore is never closed.
                return place.ok();
            }
        }
    }
}

impl Listener for Connections {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.listener).await;
        let place = self.place().await;
        let end = CancellationToken::new();
        let used = Arc::new(Used::since(self.began));
        self.open.push(Open {
            end: end.clone(),
            used: Arc::clone(&used),
        });
        let connection = Connection::new(stream, end, place, used, self.bounds);
        (connection, address)
    }

    fn local_addr(&self) -> Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// One connection, which fails when its time is over.
pub struct Connection {
    stream: TcpStream,
    /// Fires when the time is over.
    over: Pin<Box<Sleep>>,
    /// Completes when the slot is given to another connection.
    closed: Pin<Box<dyn Future<Output = ()> + Send>>,
    bounds: Bounds,
    used: Arc<Used>,
    /// Whether a part of a request has arrived since the last send.
    receives: bool,
    /// Signals on drop that the connection is closed.
    _open: DropGuard,
    _place: Option<OwnedSemaphorePermit>,
}

impl Connection {
    fn new(
        stream: TcpStream,
        end: CancellationToken,
        place: Option<OwnedSemaphorePermit>,
        used: Arc<Used>,
        bounds: Bounds,
    ) -> Self {
        Self {
            stream,
            over: Box::pin(sleep(bounds.longest)),
            closed: Box::pin(end.clone().cancelled_owned()),
            bounds,
            used,
            receives: false,
            _open: end.drop_guard(),
            _place: place,
        }
    }

    /// Fails once the time is over; the timer also wakes the waiting task.
    fn in_time(&mut self, context: &mut Context<'_>) -> Result<()> {
        let is_over = self.over.as_mut().poll(context).is_ready();
        match is_over || self.closed.as_mut().poll(context).is_ready() {
            true => Err(Error::new(ErrorKind::TimedOut, "its time is over")),
            false => Ok(()),
        }
    }

    /// Records that data was received.
    fn received(&mut self) {
        if !self.receives {
            self.receives = true;
            self.begin_anew();
        }
    }

    /// Records that data may have been sent.
    fn sent<T>(&mut self, done: Poll<Result<T>>) -> Poll<Result<T>> {
        if matches!(done, Poll::Ready(Ok(_))) {
            self.receives = false;
            self.begin_anew();
        }
        done
    }

    fn begin_anew(&mut self) {
        if self.bounds.only_idle {
            self.used.now();
            let until = Instant::now() + self.bounds.longest;
            self.over.as_mut().reset(until);
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        self.in_time(context)?;
        let done = Pin::new(&mut self.stream).poll_read(context, buffer);
        if matches!(done, Poll::Ready(Ok(()))) {
            self.received();
        }
        done
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Result<usize>> {
        self.in_time(context)?;
        let done = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.sent(done)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        self.in_time(context)?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        self.in_time(context)?;
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        self.in_time(context)?;
        let done = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.sent(done)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use axum::Router;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::super::answer;
    use super::*;

    const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    /// Starts a server that answers `yes`, and returns its address.
    async fn answering(bounds: Bounds) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/", get(async || "yes"));
        tokio::spawn(answer(listener, bounds, router, CancellationToken::new()));
        address
    }

    /// Whether a request over a connection is answered.
    async fn is_answered(stream: &mut TcpStream) -> bool {
        let mut read = [0; 1_000];
        if stream.write_all(REQUEST).await.is_err() {
            return false;
        }
        matches!(stream.read(&mut read).await, Ok(1..))
    }

    #[tokio::test]
    async fn the_one_that_nobody_used_for_the_longest_time_makes_room() {
        let address = answering(Bounds {
            most: 2,
            ..Bounds::PEOPLE
        })
        .await;
        let mut used = TcpStream::connect(address).await.unwrap();
        assert!(is_answered(&mut used).await);
        for _ in 0..10 {
            sleep(Duration::from_millis(20)).await;
            let _idle = TcpStream::connect(address).await.unwrap();
            sleep(Duration::from_millis(20)).await;
            assert!(is_answered(&mut used).await);
        }
    }

    #[tokio::test]
    async fn a_request_in_drops_has_no_more_time_than_others() {
        let longest = Duration::from_millis(400);
        let address = answering(Bounds {
            longest,
            ..Bounds::PEOPLE
        })
        .await;
        let mut busy = TcpStream::connect(address).await.unwrap();
        let mut slow = TcpStream::connect(address).await.unwrap();
        slow.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
        let begun = Instant::now();
        while slow.write_all(b"X: y\r\n").await.is_ok() {
            assert!(begun.elapsed() < longest * 10);
            sleep(Duration::from_millis(50)).await;
            assert!(is_answered(&mut busy).await);
        }
        assert!(begun.elapsed() >= longest);
    }
}
