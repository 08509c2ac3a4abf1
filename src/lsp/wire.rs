//! Messages over two streams of bytes, each behind a header that says how long it is.
//!
//! What is no message is answered with an error, and reading goes on behind it: whatever a client sends, the session lives
//! until the stream ends. `lsp_server` would end it without a word, so that only its messages are used.

use std::io::{self, BufRead, Read, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use lsp_server::{Connection, ErrorCode, Message};
use serde_json::{Value, json};

/// What stands before the length of a message.
const LENGTH: &str = "content-length:";
/// A line of a header is no longer than this; what is, is no header.
const LONGEST_LINE: u64 = 4_096;
/// A larger message is left out: no text that Muster reads comes near it.
const LARGEST: u64 = 256_000_000;

/// The thread that writes.
#[derive(Debug)]
pub struct Writer(JoinHandle<()>);

impl Writer {
    /// Waits until everything is written, or nobody reads any more; the connection must be gone.
    pub fn finish(self) {
        // Where it panicked there is nothing left to write.
        let _ = self.0.join();
    }
}

/// A connection over two streams. The thread that reads ends with the process, since it waits for the client's next word.
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
        // Where the stream fails there is no more to read.
        while let Ok(Some(said)) = read(&mut from) {
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

/// What a client said.
enum Said {
    Message(Message),
    /// What it is told about what is no message.
    Nonsense(Value),
}

/// The next thing that the client says; none where the stream ends.
fn read(from: &mut impl BufRead) -> io::Result<Option<Said>> {
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
            io::copy(&mut from.by_ref().take(length), &mut io::sink())?;
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

/// What stands before a message.
enum Header {
    Length(u64),
    /// It says no length.
    Without,
    /// The stream ends.
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
            // Blank lines between messages are nobody's mistake.
            if is_empty {
                continue;
            }
            return Ok(length.map_or(Header::Without, Header::Length));
        }
        is_empty = false;
        // The end of a message that was longer than its header said may stand before it.
        let told = line
            .rfind(LENGTH)
            .and_then(|at| line.get(at + LENGTH.len()..));
        length = told.and_then(|told| told.trim().parse().ok()).or(length);
    }
}

/// A message, or what is wrong with it; none for an answer that cannot be read, as nobody answers an answer.
fn understood(text: &[u8]) -> Option<Said> {
    let value: Value = match serde_json::from_slice(text) {
        Ok(value) => value,
        Err(error) => {
            let words = format!("this is no JSON: {error}");
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

/// An id as it may stand in an answer.
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
