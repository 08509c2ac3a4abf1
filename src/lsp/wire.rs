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
/// Nobody means to send so much: where the next message would begin nobody knows.
const NONSENSE: u64 = 4_000_000_000;

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
        let mut left_out = 0;
        // Where the stream fails there is no more to read.
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

/// What a client said.
enum Said {
    Message(Message),
    /// What it is told about what is no message.
    Nonsense(Value),
}

/// The next thing that the client says; none where the stream ends. So much of it is passed over first; what is to be passed
/// over next is noted there, so that the client is told before that comes.
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
    let whole = serde_json::from_slice(text).or_else(|error| {
        let text = std::str::from_utf8(text).map_err(|_| error)?;
        serde_json::from_str(&without_halves(text))
    });
    let value: Value = match whole {
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

/// A text of JSON in which `\ufffd` stands for each escape of half a character, as editors written in JavaScript send them:
/// it counts as much in UTF-16, so that what is typed behind it stays in its place.
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
            // The character behind the backslash may be a backslash itself.
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

/// What an escape like `\u00e9` stands for.
fn unit(escape: &str) -> Option<u16> {
    let digits = escape.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
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
