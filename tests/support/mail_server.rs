//! A real mail server, driven by `mail_server.py`.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::skipping::skipped;
use super::waiting::holds_in_time;

/// A running server; it ends with this.
pub struct Server {
    pub folder: TempDir,
    pub port: u16,
    child: Child,
}

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The Python that has aiosmtpd: that of `tests/all.sh`, or the one on the path.
fn python() -> Option<PathBuf> {
    let own = file("target/mail-server/bin/python");
    let candidates = [own, PathBuf::from("python3")];
    candidates.into_iter().find(|python| {
        let tried = Command::new(python)
            .args(["-c", "import aiosmtpd, trustme"])
            .stderr(Stdio::null())
            .status();
        tried.is_ok_and(|status| status.success())
    })
}

impl Server {
    /// Starts a server that behaves as told; none, visibly, where there is no aiosmtpd.
    pub fn start(options: &Value) -> Option<Self> {
        let Some(python) = python() else {
            assert!(
                std::env::var_os("MUSTER_NEEDS_MAIL_SERVER").is_none(),
                "no Python here has aiosmtpd and trustme: `tests/all.sh` installs them"
            );
            skipped("no Python here has aiosmtpd and trustme; `tests/all.sh` installs them");
            return None;
        };
        let folder = TempDir::new().unwrap();
        let mut child = Command::new(python)
            .arg(file("tests/support/mail_server.py"))
            .arg(folder.path())
            .arg(options.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut port = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut port).unwrap();
        Some(Self {
            folder,
            port: port.trim().parse().expect("the server told its port"),
            child,
        })
    }

    fn lines(&self, name: &str) -> Vec<Value> {
        let text = std::fs::read_to_string(self.folder.path().join(name)).unwrap_or_default();
        // The last one may be half written.
        let whole = text
            .split_inclusive('\n')
            .filter(|line| line.ends_with('\n'));
        whole
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// What arrived: envelope and text, in order.
    pub fn arrived(&self) -> Vec<(Value, Vec<u8>)> {
        let mails = self.lines("arrived.jsonl").into_iter();
        mails
            .map(|mail| {
                let path = self.folder.path().join(mail["file"].as_str().unwrap());
                let text = std::fs::read(path).unwrap();
                (mail, text)
            })
            .collect()
    }

    /// Waits until the client has said so at last.
    pub fn wait_for_last_step(&self, step: &str) {
        let said = || self.steps().last().is_some_and(|last| last == step);
        assert!(holds_in_time(said), "{:?}", self.steps());
    }

    /// What the client said.
    pub fn steps(&self) -> Vec<String> {
        let steps = self.lines("steps.jsonl").into_iter();
        steps
            .map(|step| step["step"].as_str().unwrap().to_owned())
            .collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
