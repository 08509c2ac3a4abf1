//! How soon the language server answers: `cargo bench --bench editor`.
//!
//! Makes the studio chain of the bench `engine` (100,000 clients, 5,000,000 visits), takes 150 segments in 12 files, and types
//! into one of them as an editor does. Printed: milliseconds of the wall, p50 and p95, from a keystroke to its diagnostics, with an
//! error in the text and without one, of
//! a completion, and of a hover with a count, once with the data being read and then with it kept; and the peak of memory.
//!
//! After `--`: `--small` is a fiftieth of the data. The data is made in the folder that `MUSTER_BENCH_FOLDER` names, and used
//! again if it is there.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs,
    dead_code
)]

#[path = "engine/data.rs"]
mod data;
#[path = "engine/rules.rs"]
mod rules;

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Beside the shipped rules, which are one more file of fourteen segments.
const FILES: usize = 11;
const SEGMENTS: usize = 136;
/// So often each thing is asked.
const ROUNDS: usize = 40;
const TYPED: &str = "editor/typed.yaml";

fn main() {
    let is_small = std::env::args().any(|argument| argument == "--small");
    let temporary = tempfile::tempdir().unwrap();
    let named = std::env::var_os("MUSTER_BENCH_FOLDER").map(PathBuf::from);
    let root = named.as_deref().unwrap_or(temporary.path());
    let size = data::Size::full().divided_by(if is_small { 50 } else { 1 });
    let folder = root.join(format!("editor-{}", size.visits));
    prepare(&folder, &size);
    println!(
        "{} clients, {} visits, {SEGMENTS} segments",
        size.clients, size.visits
    );
    let mut editor = Editor::open(&folder);
    let of_wrong = editor.keystrokes(typed, |round| format!("no_such_{round}`"));
    tell(
        "diagnostics after a keystroke, of a text with an error",
        &of_wrong,
    );
    // Only of a valid text lints, data and tests are looked at.
    let of_right = editor.keystrokes(valid, |round| format!(">= {round}` never decides"));
    tell("diagnostics after a keystroke, of a valid text", &of_right);
    tell("completion", &editor.completions());
    let read = editor.until_counted();
    println!("the data is read after {:.0} ms", read.as_secs_f64() * 1e3);
    tell("hover with a count", &editor.hovers());
    println!("peak memory of the server: {:.0} MB", editor.peak_memory());
    editor.close();
}

fn tell(what: &str, times: &[Duration]) {
    let mut times: Vec<f64> = times.iter().map(|time| time.as_secs_f64() * 1e3).collect();
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times[(times.len() - 1) * share / 100];
    println!("{what}: p50 {:.0} ms, p95 {:.0} ms", at(50), at(95));
}

fn prepare(folder: &Path, size: &data::Size) {
    std::fs::create_dir_all(folder.join("editor")).unwrap();
    let database = folder.join("studio.db");
    if !database.exists() {
        data::write(&database, size);
    }
    rules::write_for(folder, "editor", "sqlite:studio.db");
    for file in 0..FILES {
        let mut text = "segments:\n".to_owned();
        for segment in (file..SEGMENTS).step_by(FILES) {
            let days = 30 + segment;
            text.push_str(&format!(
                "  - id: often_{segment}\n    when: |\n      count(visits in last {days} days) >= {}\n      \
                 and sum(payments.amount in last {days} days) > {segment}\n",
                segment % 9 + 1
            ));
        }
        std::fs::write(folder.join(format!("editor/{file:02}.yaml")), text).unwrap();
    }
}

/// The same without an error: a warning tells the number.
fn valid(number: usize) -> String {
    let more = number + 1;
    format!(
        "segments:\n  - id: typed\n    when: count(visits in last 30 days) >= {more} and count(visits in last 30 days) >= {number}\n"
    )
}

/// What is typed into: one segment more with some number.
fn typed(number: usize) -> String {
    format!(
        "segments:\n  - id: typed\n    when: count(visits in last 30 days) >= {number} and no_such_{number} > 1\n"
    )
}

/// The same without a mistake: it can be counted.
fn countable(number: usize) -> String {
    format!("segments:\n  - id: typed\n    when: count(visits in last 30 days) >= {number}\n")
}

struct Editor {
    folder: PathBuf,
    server: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    id: u64,
    version: u64,
}

impl Editor {
    fn open(folder: &Path) -> Self {
        let folder = folder.canonicalize().unwrap();
        let mut server = Command::new(env!("CARGO_BIN_EXE_muster"))
            .args(["lsp", "--config", "editor.yaml"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let to = server.stdin.take().unwrap();
        let from = BufReader::new(server.stdout.take().unwrap());
        let uri = format!("file://{}", folder.display());
        let (id, version) = (0, 0);
        let mut editor = Self {
            folder,
            server,
            to,
            from,
            id,
            version,
        };
        editor.ask(
            "initialize",
            json!({ "capabilities": {}, "initializationOptions": { "trusted": true },
            "workspaceFolders": [{ "uri": uri, "name": "bench" }] }),
        );
        editor.send(json!({ "method": "initialized", "params": {} }));
        let item =
            json!({ "uri": editor.uri(), "languageId": "yaml", "version": 0, "text": typed(0) });
        editor
            .send(json!({ "method": "textDocument/didOpen", "params": { "textDocument": item } }));
        editor
    }

    fn uri(&self) -> String {
        format!("file://{}/{TYPED}", self.folder.display())
    }

    fn send(&mut self, mut message: Value) {
        message["jsonrpc"] = json!("2.0");
        let text = message.to_string();
        write!(self.to, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.to.flush().unwrap();
    }

    fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.from.read_line(&mut line).unwrap();
            match line.trim().split_once(": ") {
                Some(("Content-Length", bytes)) => length = bytes.parse().unwrap(),
                Some(_) => {}
                None => break,
            }
        }
        let mut text = vec![0; length];
        self.from.read_exact(&mut text).unwrap();
        serde_json::from_slice(&text).unwrap()
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.id += 1;
        let id = self.id;
        self.send(json!({ "id": id, "method": method, "params": params }));
        loop {
            let message = self.receive();
            if message["id"] == id {
                return message["result"].clone();
            }
        }
    }

    /// Types, and waits for what is found in it, by some words of that.
    fn keystrokes(
        &mut self,
        typed: impl Fn(usize) -> String,
        told: impl Fn(usize) -> String,
    ) -> Vec<Duration> {
        let rounds = 1..=ROUNDS;
        rounds
            .map(|round| {
                let began = Instant::now();
                self.change(&typed(round));
                let words = told(round);
                while !self.receive()["params"]["diagnostics"]
                    .to_string()
                    .contains(&words)
                {}
                began.elapsed()
            })
            .collect()
    }

    fn change(&mut self, text: &str) {
        self.version += 1;
        let document = json!({ "uri": self.uri(), "version": self.version });
        let params = json!({ "textDocument": document, "contentChanges": [{ "text": text }] });
        self.send(json!({ "method": "textDocument/didChange", "params": params }));
    }

    /// Asks right behind a keystroke, while that is compiled.
    fn completions(&mut self) -> Vec<Duration> {
        let rounds = 1..=ROUNDS;
        rounds
            .map(|round| {
                self.change(&typed(round));
                let place = json!({ "line": 2, "character": 10 });
                let params = json!({ "textDocument": { "uri": self.uri() }, "position": place });
                let began = Instant::now();
                let items = self.ask("textDocument/completion", params);
                assert!(
                    items.as_array().is_some_and(|items| items.len() > 50),
                    "{items}"
                );
                began.elapsed()
            })
            .collect()
    }

    fn hover(&mut self) -> String {
        let place = json!({ "line": 2, "character": 45 });
        let params = json!({ "textDocument": { "uri": self.uri() }, "position": place });
        self.ask("textDocument/hover", params)["contents"]["value"].to_string()
    }

    /// Waits until a hover has a count.
    fn until_counted(&mut self) -> Duration {
        self.change(&countable(1));
        let began = Instant::now();
        while !self.hover().contains(" yes") {
            assert!(
                began.elapsed() < Duration::from_secs(600),
                "nobody is counted"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        began.elapsed()
    }

    fn hovers(&mut self) -> Vec<Duration> {
        let rounds = 0..ROUNDS;
        rounds
            .map(|round| {
                // Another clause each time, as answers are kept.
                self.change(&countable(round));
                let began = Instant::now();
                while !self.hover().contains(" yes") {}
                began.elapsed()
            })
            .collect()
    }

    /// In MB, by the system.
    fn peak_memory(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.server.id())).unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = peak.and_then(|peak| peak.trim().split(' ').next()?.parse::<f64>().ok());
        kilobytes.unwrap() / 1e3
    }

    fn close(mut self) {
        self.ask("shutdown", Value::Null);
        self.send(json!({ "method": "exit" }));
        assert!(self.server.wait().unwrap().success());
    }
}
