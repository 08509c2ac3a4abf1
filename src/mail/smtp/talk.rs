//! Commands and replies over a connection. However much a server sends, little of it is kept.

use std::io;

use futures_util::FutureExt;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::reply::{Reply, decoded, read};

/// The longest line of a reply: RFC 5321, 4.5.3.1.5, allows 512 bytes, and some servers use more.
const LINE: usize = 4 * 1024;
/// The longest reply.
const REPLY: usize = 64 * 1024;
/// How many bytes are read at a time.
const PORTION: usize = 1024;

/// A connection, encrypted or not.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// Why there was no answer.
#[derive(Debug)]
pub(super) enum Broken {
    /// The server closed the connection.
    Closed,
    /// The connection failed.
    Failed(io::Error),
    /// The server sent an invalid reply: its words, or what was wrong.
    Nonsense(String),
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            // The side that closes an encrypted connection should announce it, and many do not.
            io::ErrorKind::UnexpectedEof => Self::Closed,
            _ => Self::Failed(error),
        }
    }
}

/// A dialogue with a server, in turns.
pub(super) struct Talk {
    stream: Box<dyn Stream>,
    /// Bytes received and not yet read: less than a line and a portion.
    heard: Vec<u8>,
}

impl Talk {
    /// A dialogue over a connection; it knows nothing that was said before.
    pub fn over(stream: Box<dyn Stream>) -> Self {
        Self {
            stream,
            heard: Vec::new(),
        }
    }

    /// Sends one line and waits for the reply.
    pub async fn ask(&mut self, line: &str) -> Result<Reply, Broken> {
        if !self.heard.is_empty() {
            // Before its turn, a server may only announce that it closes the connection.
            let early = self.listen().await?;
            return match early.is_closing() {
                true => Ok(early),
                false => Err(Broken::Nonsense(early.words())),
            };
        }
        self.say(format!("{line}\r\n").as_bytes()).await?;
        self.listen().await
    }

    /// Sends bytes.
    pub async fn say(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        self.stream.write_all(bytes).await?;
        Ok(self.stream.flush().await?)
    }

    /// Waits for a reply.
    pub async fn listen(&mut self) -> Result<Reply, Broken> {
        let mut reply: Option<Reply> = None;
        let mut length = 0;
        loop {
            let line = self.line().await?;
            length += line.len();
            if length > REPLY {
                let words = format!("it is longer than {REPLY} bytes");
                return Err(Broken::Nonsense(words));
            }
            let nonsense = || Broken::Nonsense(decoded(&line));
            let read = read(&line).ok_or_else(nonsense)?;
            let reply = reply.get_or_insert_with(|| Reply {
                code: read.code,
                lines: Vec::new(),
            });
            if reply.code != read.code {
                return Err(nonsense());
            }
            reply.lines.push(read.words);
            if read.last {
                return Ok(reply.clone());
            }
        }
    }

    /// The connection, to be encrypted. Bytes that arrived before encryption do not come from the encrypted server: if
    /// there are any, anybody may have injected them (RFC 3207, section 6).
    pub fn into_stream(mut self) -> Result<Box<dyn Stream>, Broken> {
        let mut byte = [0];
        let more = self.stream.read(&mut byte).now_or_never();
        if !self.heard.is_empty() || matches!(more, Some(Ok(1..))) {
            let words = "more data followed it before the connection was protected, and anybody may have injected that; nothing was sent";
            return Err(Broken::Nonsense(words.to_owned()));
        }
        match more {
            Some(Ok(_)) => Err(Broken::Closed),
            Some(Err(error)) => Err(error.into()),
            None => Ok(self.stream),
        }
    }

    async fn line(&mut self) -> Result<Vec<u8>, Broken> {
        loop {
            let end = self.heard.iter().position(|byte| *byte == b'\n');
            if end.unwrap_or(self.heard.len()) > LINE {
                let words = format!("a line of it is longer than {LINE} bytes");
                return Err(Broken::Nonsense(words));
            }
            if let Some(end) = end {
                return Ok(self.heard.drain(..=end).collect());
            }
            let mut portion = [0; PORTION];
            let number = self.stream.read(&mut portion).await?;
            self.heard.extend(portion.iter().take(number));
            if number == 0 {
                let last = std::mem::take(&mut self.heard);
                // When a server hangs up, what it has said so far counts.
                let whole = read(&last).is_some_and(|read| read.last);
                return whole.then_some(last).ok_or(Broken::Closed);
            }
        }
    }
}
