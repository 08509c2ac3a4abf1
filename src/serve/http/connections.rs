//! Connections to `/healthz` and `/metrics`: few at a time and each for a short while, so that clients
//! cannot slow the work down.

use std::collections::VecDeque;
use std::future::Future;
use std::io::{Error, ErrorKind, IoSlice, Result};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tokio_util::sync::{CancellationToken, DropGuard};

/// So many connections are open at a time: where there is one more, the oldest is closed. Few, because a process
/// may have few files open, and the work needs some.
const MOST: usize = 16;

/// So long a connection is open, whatever it does: who asks again connects again.
const LONGEST: Duration = Duration::from_secs(10);

/// So long a connection is given to be closed, before the next one is closed, too.
const TO_CLOSE: Duration = Duration::from_millis(2);

/// Takes connections, and closes those that are too many or stay too long.
pub(super) struct Connections {
    listener: TcpListener,
    /// Those that are open, the oldest first: what closes each, and is set once it is closed.
    open: VecDeque<CancellationToken>,
    permits: Arc<Semaphore>,
}

impl Connections {
    /// Takes connections at an address.
    pub(super) fn at(listener: TcpListener) -> Self {
        Self {
            listener,
            open: VecDeque::new(),
            permits: Arc::new(Semaphore::new(MOST)),
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
        (Connection::new(stream, end, place), address)
    }

    fn local_addr(&self) -> Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// One connection, which fails when its time is over.
pub(super) struct Connection {
    stream: TcpStream,
    /// Ends with its time; none once it has.
    over: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    /// Tells that it is closed.
    _open: DropGuard,
    _place: Option<OwnedSemaphorePermit>,
}

impl Connection {
    fn new(stream: TcpStream, end: CancellationToken, place: Option<OwnedSemaphorePermit>) -> Self {
        let closed = end.clone().cancelled_owned();
        Self {
            stream,
            over: Some(Box::pin(async move {
                // Whichever comes first.
                let _ = timeout(LONGEST, closed).await;
            })),
            _open: end.drop_guard(),
            _place: place,
        }
    }

    /// Fails once the time is over; it wakes the task that waits, too.
    fn in_time(&mut self, context: &mut Context<'_>) -> Result<()> {
        if let Some(over) = &mut self.over
            && over.as_mut().poll(context).is_pending()
        {
            return Ok(());
        }
        self.over = None;
        Err(Error::new(ErrorKind::TimedOut, "its time is over"))
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        self.in_time(context)?;
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Result<usize>> {
        self.in_time(context)?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
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
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
