//! LSP messages over two byte streams, each after a header with its length.
//!
//! Anything that is not a message is answered with an error, and reading continues after it: whatever a client sends,
//! the session lasts until the stream ends. `lsp_server`'s reader would end it silently, so only its message types are
//! used.

use std::io::{self, BufRead, Read, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use lsp_server::{Connection, ErrorCode, Message};
use serde_json::{Value, json};

/// The header before the length of a message.
const LENGTH: &str = "content-length:";
/// The maximum length of a header line; longer ones are no header.
const LONGEST_LINE: u64 = 4_096;
/// Larger messages are skipped: no text that Muster reads comes near this size.
const LARGEST: u64 = 256_000_000;
/// A length that cannot be meant: the start of the next message is unknown.
const NONSENSE: u64 = 4_000_000_000;

/// The writer thread.
#[derive(Debug)]
pub struct Writer(JoinHandle<()>);

impl Writer {
    /// Waits until everything is written, or the reader is gone; the connection must have been dropped.
    pub fn finish(self) {
        // If it panicked, there is nothing left to write.
        let _ = self.0.join();
    }
}

/// A connection over two streams. The reader thread ends with the process, since it blocks on the client's next
/// message.
pub fn connect(
    from: impl BufRead + Send + 'static,
    to: impl Write + Send + 'static,
) -> (Connection, Writer) {
    let (ours, theirs) = Connection::memory();
    let Connection { sender, receiver } = theirs;
    let to = Arc::new(Mutex::new(to));
    let of_reader = Arc::clone(&to);
    std::thread::spawn(move || {
        let mut from = from;
        let mut left_out = 0;
        // A broken stream has nothing more to read.
        while let Ok(Some(said)) = read(&mut from, &mut left_out) {
            match said {
                Said::Message(message) => {
                    if sender.send(message).is_err() {
                        return;
                    }
                }
                Said::Nonsense(refusal) => {
                    let mut to = of_reader.lock().unwrap_or_else(PoisonError::into_inner);
                    if write(&mut *to, &refusal.to_string()).is_err() {
                        return;
                    }
                }
            }
        }
    });
    let writer = std::thread::spawn(move || {
        for message in receiver {
            let mut to = to.lock().unwrap_or_else(PoisonError::into_inner);
            if message.write(&mut *to).is_err() {
                return;
            }
        }
    });
    (ours, Writer(writer))
}

/// What a client sent.
enum Said {
    Message(Message),
    /// The error to return for something that is not a message.
    Nonsense(Value),
}

/// The next item from the client; `None` at the end of the stream. First skips `left_out` bytes; if more bytes must be
/// skipped later, it stores the number there, so that the client is told before they arrive.
fn read(from: &mut impl BufRead, left_out: &mut u64) -> io::Result<Option<Said>> {
    let before = std::mem::take(left_out);
    if before > NONSENSE {
        return Ok(None);
    }
    io::copy(&mut from.by_ref().take(before), &mut io::sink())?;
    loop {
        let refused = |words: &str| Ok(Some(nonsense(Value::Null, ErrorCode::ParseError, words)));
        let length = match header(from)? {
            Header::End => return Ok(None),
            Header::Without => {
                return refused("a header must say how long the message is: `Content-Length: 123`");
            }
            Header::Length(length) => length,
        };
        if length > LARGEST {
            *left_out = length;
            return refused(&format!(
                "the message has {length} bytes, and the limit is {LARGEST}"
            ));
        }
        let mut text = Vec::new();
        let taken = from.by_ref().take(length).read_to_end(&mut text)?;
        if (taken as u64) < length {
            return Ok(None);
        }
        let said = understood(&text);
        if said.is_some() {
            return Ok(said);
        }
    }
}

/// The header of a message.
enum Header {
    Length(u64),
    /// It has no length.
    Without,
    /// The stream has ended.
    End,
}

fn header(from: &mut impl BufRead) -> io::Result<Header> {
    let mut length = None;
    let mut is_empty = true;
    loop {
        let mut line = Vec::new();
        let mut limited = from.by_ref().take(LONGEST_LINE);
        if limited.read_until(b'\n', &mut line)? == 0 {
            return Ok(Header::End);
        }
        let line = String::from_utf8_lossy(&line).to_ascii_lowercase();
        if line.trim().is_empty() {
            // Blank lines between messages are harmless.
            if is_empty {
                continue;
            }
            return Ok(length.map_or(Header::Without, Header::Length));
        }
        is_empty = false;
        // The tail of a message that was longer than its header said may precede the header.
        let told = line
            .rfind(LENGTH)
            .and_then(|at| line.get(at + LENGTH.len()..));
        length = told.and_then(|told| told.trim().parse().ok()).or(length);
    }
}

/// A message, or the error in it; `None` for a malformed response, since responses are not answered.
fn understood(text: &[u8]) -> Option<Said> {
    let whole = serde_json::from_slice(text).or_else(|error| {
        let text = std::str::from_utf8(text).map_err(|_| error)?;
        serde_json::from_str(&without_halves(text))
    });
    let value: Value = match whole {
        Ok(value) => value,
        Err(error) => {
            let words = format!("this is not valid JSON: {error}");
            return Some(nonsense(Value::Null, ErrorCode::ParseError, &words));
        }
    };
    let id = value.get("id").cloned();
    let is_called = value.get("method").is_some();
    let is_answer = value.get("result").or(value.get("error")).is_some() && !is_called;
    let refused = |words| Some(nonsense(known(&id), ErrorCode::InvalidRequest, words));
    match serde_json::from_value(value) {
        Ok(Message::Notification(_)) if id.is_some() => {
            refused("the `id` of a request is a text or a whole number of 32 bits")
        }
        Ok(message) => Some(Said::Message(message)),
        Err(_) if is_answer => None,
        Err(_) => refused("this is neither a request nor a notification: it needs a `method`"),
    }
}

/// A JSON text in which `\ufffd` replaces each escape of a lone surrogate, as sent by editors written in JavaScript: it
/// has the same length in UTF-16, so that later positions stay correct.
fn without_halves(text: &str) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        whole.push_str(before);
        let (first, second) = (unit(escape), escape.get(6..).and_then(unit));
        let (written, length) = match (first, second) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => (escape.get(..12), 12),
            (Some(0xD800..=0xDFFF), _) => (Some("\\ufffd"), 6),
            // The escaped character may be a backslash itself.
            _ => {
                let length = escape.chars().take(2).map(char::len_utf8).sum();
                (escape.get(..length), length)
            }
        };
        whole.push_str(written.unwrap_or_default());
        rest = escape.get(length..).unwrap_or_default();
    }
    whole + rest
}

/// The code unit of an escape like `\u00e9`.
fn unit(escape: &str) -> Option<u16> {
    let digits = escape.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
}

/// A valid id for a response.
fn known(id: &Option<Value>) -> Value {
    let id = id.clone().filter(|id| id.is_string() || id.is_number());
    id.unwrap_or_default()
}

fn nonsense(id: Value, code: ErrorCode, words: &str) -> Said {
    let error = json!({ "code": code as i32, "message": words });
    Said::Nonsense(json!({ "jsonrpc": "2.0", "id": id, "error": error }))
}

fn write(to: &mut impl Write, text: &str) -> io::Result<()> {
    write!(to, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    to.flush()
}
