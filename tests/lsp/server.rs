//! The program, spoken to over its standard streams.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use serde_json::{Value, json};

use crate::support::scratch::Scratch;
use crate::support::waiting::PATIENCE;

/// A process and the messages with it.
pub struct Server {
    pub child: Child,
    pub to: Option<ChildStdin>,
    pub said: Receiver<Value>,
    next: i32,
    pub folder: std::path::PathBuf,
}

impl Server {
    /// Starts the program in a folder, with a variable of the environment.
    pub fn start(scratch: &Scratch, variable: (&str, &str)) -> Self {
        let folder = scratch.folder().canonicalize().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_muster"))
            .arg("lsp")
            .env(variable.0, variable.1)
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut from = BufReader::new(child.stdout.take().unwrap());
        let (tell, said) = channel();
        std::thread::spawn(move || {
            while let Some(message) = receive(&mut from) {
                if tell.send(message).is_err() {
                    return;
                }
            }
        });
        let to = child.stdin.take();
        let next = 0;
        Self {
            child,
            to,
            said,
            next,
            folder,
        }
    }

    /// As an editor that trusts the folder.
    pub fn greet(&mut self) {
        self.greet_with(&json!({ "trusted": true }));
    }

    pub fn greet_with(&mut self, options: &Value) {
        let uri = format!("file://{}", self.folder.display());
        let params = json!({ "capabilities": {}, "initializationOptions": options,
            "workspaceFolders": [{ "uri": uri, "name": "studio" }] });
        let answer = self.ask("initialize", params);
        assert_eq!(answer["result"]["serverInfo"]["name"], "muster");
        self.send(&json!({ "method": "initialized", "params": {} }));
    }

    pub fn open(&mut self, name: &str, text: &str) {
        let uri = format!("file://{}/{name}", self.folder.display());
        let item = json!({ "uri": uri, "languageId": "yaml", "version": 1, "text": text });
        let params = json!({ "textDocument": item });
        self.send(&json!({ "method": "textDocument/didOpen", "params": params }));
    }

    pub fn raw(&mut self, bytes: &[u8]) {
        let to = self.to.as_mut().unwrap();
        to.write_all(bytes).unwrap();
        to.flush().unwrap();
    }

    pub fn send(&mut self, message: &Value) {
        let mut message = message.clone();
        message["jsonrpc"] = json!("2.0");
        self.framed(message.to_string().as_bytes());
    }

    pub fn framed(&mut self, body: &[u8]) {
        self.raw(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
        self.raw(body);
    }

    /// The first thing that it says from now on for which something holds.
    #[track_caller]
    pub fn hear(&self, holds: impl Fn(&Value) -> bool) -> Value {
        loop {
            let said = self.said.recv_timeout(PATIENCE).expect("it says more");
            if holds(&said) {
                return said;
            }
        }
    }

    pub fn ask(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let id = self.next;
        self.send(&json!({ "id": id, "method": method, "params": params }));
        self.hear(|said| said["id"] == id)
    }

    /// Ends it as the protocol asks for; what it wrote beside messages.
    pub fn end(mut self) -> String {
        assert_eq!(self.ask("shutdown", Value::Null)["result"], Value::Null);
        self.send(&json!({ "method": "exit" }));
        assert!(self.child.wait().unwrap().success());
        self.errors()
    }

    pub fn errors(&mut self) -> String {
        let mut words = String::new();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut words)
            .unwrap();
        words
    }
}

/// A message; none at the end. Whatever else comes on standard output is a fault.
fn receive(from: &mut impl BufRead) -> Option<Value> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if from.read_line(&mut line).unwrap() == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            Some(("Content-Length", bytes)) => length = bytes.parse().ok(),
            _ => {
                assert_eq!(line, "\r\n");
                break;
            }
        }
    }
    let mut text = vec![0; length.expect("a length")];
    from.read_exact(&mut text).unwrap();
    Some(serde_json::from_slice(&text).unwrap())
}
