//! Connections: few at a time and each for a short while, so that clients cannot slow the work down.

use std::collections::VecDeque;
use std::future::Future;
use std::io::{Error, ErrorKind, IoSlice, Result};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep, timeout};
use tokio_util::sync::{CancellationToken, DropGuard};

/// How many connections there may be, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// So many are open at a time: where there is one more, the oldest is closed.
    pub most: usize,
    /// So long a connection is open.
    pub longest: Duration,
    /// Whether only the time counts in which nothing is sent or received.
    pub only_idle: bool,
}

impl Bounds {
    /// For `/healthz` and `/metrics`. Few, because a process may have few files open, and the work needs some; who asks
    /// again connects again.
    pub const MACHINES: Self = Self {
        most: 16,
        longest: Duration::from_secs(10),
        only_idle: false,
    };
    /// For people, whose browsers open several and keep them, and who wait for a plan over much data.
    pub const PEOPLE: Self = Self {
        most: 256,
        longest: Duration::from_secs(120),
        only_idle: true,
    };
}

/// Where a connection comes from.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

impl Connected<IncomingStream<'_, Connections>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Connections>) -> Self {
        Self(*stream.remote_addr())
    }
}

/// So long a connection is given to be closed, before the next one is closed, too.
const TO_CLOSE: Duration = Duration::from_millis(2);

/// Takes connections, and closes those that are too many or stay too long.
#[derive(Debug)]
pub struct Connections {
    listener: TcpListener,
    bounds: Bounds,
    /// Those that are open, the oldest first: what closes each, and is set once it is closed.
    open: VecDeque<CancellationToken>,
    permits: Arc<Semaphore>,
}

impl Connections {
    /// Takes connections at an address.
    pub fn at(listener: TcpListener, bounds: Bounds) -> Self {
        Self {
            listener,
            bounds,
            open: VecDeque::new(),
            permits: Arc::new(Semaphore::new(bounds.most)),
        }
    }

    /// A free place; where there is none, that of the oldest, once it is closed.
    async fn place(&mut self) -> Option<OwnedSemaphorePermit> {
        self.open.retain(|end| !end.is_cancelled());
        loop {
            if let Ok(place) = Arc::clone(&self.permits).try_acquire_owned() {
                return Some(place);
            }
            if let Some(oldest) = self.open.pop_front() {
                oldest.cancel();
            }
            let free = Arc::clone(&self.permits).acquire_owned();
            if let Ok(place) = timeout(TO_CLOSE, free).await {
                // Nobody closes the semaphore.
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
        self.open.push_back(end.clone());
        (Connection::new(stream, end, place, self.bounds), address)
    }

    fn local_addr(&self) -> Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// One connection, which fails when its time is over.
pub struct Connection {
    stream: TcpStream,
    /// When its time is over.
    over: Pin<Box<Sleep>>,
    /// Ends when its place is given to another one.
    closed: Pin<Box<dyn Future<Output = ()> + Send>>,
    bounds: Bounds,
    /// Tells that it is closed.
    _open: DropGuard,
    _place: Option<OwnedSemaphorePermit>,
}

impl Connection {
    fn new(
        stream: TcpStream,
        end: CancellationToken,
        place: Option<OwnedSemaphorePermit>,
        bounds: Bounds,
    ) -> Self {
        Self {
            stream,
            over: Box::pin(sleep(bounds.longest)),
            closed: Box::pin(end.clone().cancelled_owned()),
            bounds,
            _open: end.drop_guard(),
            _place: place,
        }
    }

    /// Fails once the time is over; it wakes the task that waits, too.
    fn in_time(&mut self, context: &mut Context<'_>) -> Result<()> {
        let is_over = self.over.as_mut().poll(context).is_ready();
        match is_over || self.closed.as_mut().poll(context).is_ready() {
            true => Err(Error::new(ErrorKind::TimedOut, "its time is over")),
            false => Ok(()),
        }
    }

    /// Something was sent or received.
    fn moved<T>(&mut self, done: Poll<Result<T>>) -> Poll<Result<T>> {
        if self.bounds.only_idle && matches!(done, Poll::Ready(Ok(_))) {
            let until = Instant::now() + self.bounds.longest;
            self.over.as_mut().reset(until);
        }
        done
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
        self.moved(done)
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
        self.moved(done)
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
        self.moved(done)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
