//! An editor: it opens texts, types into them and shows what the server says.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use lsp_server::{Connection, Message, Notification, Request, RequestId, Response};
use muster::lsp::{self, Ended, Surroundings};
use muster::serve::WallClock;
use muster::source::replaced;
use serde_json::{Value, json};

use crate::support::scratch::Scratch;
use crate::support::waiting::PATIENCE;

/// An editor and the server that it talks to.
pub struct Editor {
    connection: Connection,
    server: Option<JoinHandle<Ended>>,
    _runtime: tokio::runtime::Runtime,
    folder: PathBuf,
    /// Whether the server fails where it asks for the time, as it does where it looks at data.
    pub is_timeless: Arc<AtomicBool>,
    next: i32,
    versions: BTreeMap<String, i32>,
    /// What it shows, by URI.
    pub shown: BTreeMap<String, Vec<Value>>,
    /// What the server has asked, which is answered with nothing.
    pub asked: Vec<String>,
    /// Everything that the server has said that is neither an answer nor a finding.
    pub said: Vec<Notification>,
    answers: BTreeMap<String, Response>,
}

/// A variable that the server fails at when it asks for it.
pub const UNBEARABLE: &str = "UNBEARABLE";

fn environment(name: &str) -> Option<String> {
    assert!(name != UNBEARABLE, "a test asks for this");
    std::env::var(name).ok()
}

/// A clock that fails where its flag is set.
#[derive(Debug)]
struct Clock(Arc<AtomicBool>);

impl WallClock for Clock {
    fn now(&self) -> i64 {
        assert!(!self.0.load(Ordering::Relaxed), "a test asks for this");
        chrono::Utc::now().timestamp_micros()
    }

    fn moved(&self, _: i64) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(std::future::pending())
    }
}

impl Editor {
    /// An editor that has a folder open and trusts it.
    pub fn new(scratch: &Scratch) -> Self {
        Self::with(scratch, json!({ "trusted": true }), json!({}))
    }

    /// An editor with options of its own, and what it says that it can do.
    pub fn with(scratch: &Scratch, options: Value, capabilities: Value) -> Self {
        let mut editor = Self::silent(scratch);
        let folder = scratch.folder().canonicalize().unwrap();
        let params = json!({
            "processId": null,
            "capabilities": capabilities,
            "initializationOptions": options,
            "workspaceFolders": [{ "uri": uri(&folder), "name": "studio" }],
        });
        editor.ask("initialize", params).unwrap();
        editor.tell("initialized", json!({}));
        editor
    }

    /// An editor that has said nothing yet.
    pub fn silent(scratch: &Scratch) -> Self {
        let (connection, theirs) = Connection::memory();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let folder = scratch.folder().canonicalize().unwrap();
        let is_timeless = Arc::<AtomicBool>::default();
        let around = Surroundings {
            // Seen from anywhere, as other tests may have this process's folder.
            config: folder.join("config.yaml"),
            connect: muster::connector::connect,
            program: env!("CARGO_BIN_EXE_muster").into(),
            environment,
            clock: Arc::new(Clock(Arc::clone(&is_timeless))),
            runtime: runtime.handle().clone(),
            enter: |_| {},
        };
        let server = std::thread::spawn(move || lsp::serve(&theirs, &around));
        Self {
            connection,
            server: Some(server),
            _runtime: runtime,
            folder,
            is_timeless,
            next: 0,
            versions: BTreeMap::new(),
            shown: BTreeMap::new(),
            asked: Vec::new(),
            said: Vec::new(),
            answers: BTreeMap::new(),
        }
    }

    pub fn uri(&self, name: &str) -> String {
        uri(&self.folder.join(name))
    }

    /// Sends a request and leaves the answer for later.
    pub fn send(&mut self, method: &str, params: Value) -> RequestId {
        self.next += 1;
        let id = RequestId::from(self.next);
        let request = Request::new(id.clone(), method.to_owned(), params);
        self.connection.sender.send(request.into()).unwrap();
        id
    }

    /// The answer to a request: a result, or the code of an error.
    pub fn answer(&mut self, id: &RequestId) -> Result<Value, i32> {
        let key = id.to_string();
        self.until(|editor| editor.answers.contains_key(&key));
        let answer = self.answers.remove(&key).expect("an answer");
        answer.response_result.map_err(|error| error.code)
    }

    /// The words of an error that answers a request.
    pub fn refusal(&mut self, method: &str, params: Value) -> String {
        let id = self.send(method, params).to_string();
        self.until(|editor| editor.answers.contains_key(&id));
        let answer = self.answers.remove(&id).expect("an answer");
        answer.response_result.expect_err("a refusal").message
    }

    pub fn ask(&mut self, method: &str, params: Value) -> Result<Value, i32> {
        let id = self.send(method, params);
        self.answer(&id)
    }

    pub fn tell(&self, method: &str, params: Value) {
        let notification = Notification::new(method.to_owned(), params);
        self.connection.sender.send(notification.into()).unwrap();
    }

    pub fn open(&mut self, name: &str, text: &str) {
        self.versions.insert(name.to_owned(), 1);
        self.tell(
            "textDocument/didOpen",
            json!({ "textDocument":
                { "uri": self.uri(name), "languageId": "yaml", "version": 1, "text": text } }),
        );
    }

    /// Replaces the whole text of an open file.
    pub fn write(&mut self, name: &str, text: &str) {
        self.edit(name, json!([{ "text": text }]));
    }

    /// Makes edits as the protocol writes them.
    pub fn edit(&mut self, name: &str, edits: Value) {
        let version = self.versions.get_mut(name).unwrap();
        *version += 1;
        let version = *version;
        self.tell(
            "textDocument/didChange",
            json!({ "textDocument": { "uri": self.uri(name), "version": version },
                "contentChanges": edits }),
        );
    }

    /// Where a text begins in another, as the parameters of a request.
    pub fn position(&self, name: &str, text: &str, needle: &str) -> Value {
        let byte = text
            .find(needle)
            .unwrap_or_else(|| panic!("no {needle} in {text}"));
        let before = &text[..byte];
        let line = before.matches('\n').count();
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let character = before[start..].encode_utf16().count();
        json!({
            "textDocument": { "uri": self.uri(name) },
            "position": { "line": line, "character": character },
        })
    }

    /// What is shown in a file, as `check --format json` prints it.
    pub fn findings(&self, name: &str) -> Vec<Value> {
        let shown = self.shown.get(&self.uri(name));
        let entries = shown.into_iter().flatten();
        entries.filter_map(|d| d.get("data").cloned()).collect()
    }

    /// The codes of what is shown in a file.
    pub fn codes(&self, name: &str) -> Vec<String> {
        let findings = self.findings(name).into_iter();
        findings
            .map(|f| f["code"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Takes in what the server says until something holds.
    #[track_caller]
    pub fn until(&mut self, holds: impl Fn(&Self) -> bool) {
        let began = Instant::now();
        while !holds(self) {
            assert!(
                began.elapsed() < PATIENCE,
                "this never came; shown: {:#?}, said: {:#?}",
                self.shown,
                self.said
            );
            if let Ok(message) = self
                .connection
                .receiver
                .recv_timeout(Duration::from_millis(50))
            {
                self.take(message);
            }
        }
    }

    /// Takes in what the server says until it has said nothing for so long.
    pub fn listen(&mut self, pause: Duration) {
        while let Ok(message) = self.connection.receiver.recv_timeout(pause) {
            self.take(message);
        }
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Response(response) => {
                self.answers.insert(response.id.to_string(), response);
            }
            Message::Notification(said) if said.method == "textDocument/publishDiagnostics" => {
                let uri = said.params["uri"].as_str().unwrap().to_owned();
                let shown = said.params["diagnostics"].as_array().unwrap().clone();
                self.shown.insert(uri, shown);
            }
            Message::Notification(said) => self.said.push(said),
            Message::Request(request) => {
                self.asked.push(request.method);
                let answer = Response::new_ok(request.id, Value::Null);
                self.connection.sender.send(answer.into()).unwrap();
            }
        }
    }

    /// A text with the edits of the server made, which come in any order and do not overlap.
    pub fn edited(text: &str, edits: &Value) -> String {
        let starts: Vec<usize> = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        let offset = |position: &Value| {
            let line = position["line"].as_u64().unwrap() as usize;
            let mut left = position["character"].as_u64().unwrap();
            let mut at = starts[line];
            for letter in text[at..].chars() {
                if left == 0 {
                    break;
                }
                left -= letter.len_utf16() as u64;
                at += letter.len_utf8();
            }
            at
        };
        let edits = edits.as_array().unwrap().iter().map(|edit| {
            let range = &edit["range"];
            let place = offset(&range["start"])..offset(&range["end"]);
            (place, edit["newText"].as_str().unwrap().to_owned())
        });
        let mut edits: Vec<_> = edits.collect();
        edits.sort_by_key(|(place, _)| (place.start, place.end));
        for pair in edits.windows(2) {
            assert!(pair[0].0.end <= pair[1].0.start, "{pair:?} overlap");
        }
        replaced(text, edits)
    }

    /// Ends the session as the protocol asks for.
    pub fn end(mut self) {
        assert_eq!(self.ask("shutdown", Value::Null), Ok(Value::Null));
        self.tell("exit", Value::Null);
        assert_eq!(self.ended(), Ended::Asked);
    }

    /// How the server ended, which it must do.
    pub fn ended(&mut self) -> Ended {
        self.server.take().unwrap().join().expect("no panic")
    }
}

fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}
