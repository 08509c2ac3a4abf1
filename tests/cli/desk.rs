//! A desk: a fresh folder with a config and rules, and the program at hand.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// A folder of its own for one test.
pub struct Desk {
    folder: tempfile::TempDir,
}

/// What a command said.
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Desk {
    /// An empty folder.
    pub fn empty() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// The shipped config and rules.
    pub fn shipped() -> Self {
        let desk = Self::empty();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        desk.write(
            "config.yaml",
            &std::fs::read_to_string(root.join("config.yaml")).unwrap(),
        );
        for entry in std::fs::read_dir(root.join("rules")).unwrap() {
            let entry = entry.unwrap();
            let name = format!("rules/{}", entry.file_name().to_string_lossy());
            desk.write(&name, &std::fs::read_to_string(entry.path()).unwrap());
        }
        desk
    }

    /// The shipped files and the demo studio of a day, evaluated.
    pub fn demo() -> Self {
        let desk = Self::shipped();
        std::fs::create_dir_all(desk.path("demo")).unwrap();
        std::fs::copy(evaluated_demo(), desk.path("demo/studio.db")).unwrap();
        desk
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Replaces a text that must be there.
    pub fn edit(&self, name: &str, old: &str, new: &str) {
        let text = self.read(name);
        assert!(text.contains(old), "{name} does not contain {old}");
        self.write(name, &text.replacen(old, new, 1));
    }

    pub fn database(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.path("demo/studio.db")).unwrap()
    }

    /// From now on it is this instant, such as `2026-03-15T10:00:00Z`.
    pub fn put_clock(&self, instant: &str) {
        self.write(".clock", instant);
    }

    pub fn muster(&self, arguments: &[&str]) -> Said {
        let output: Output = self.command(arguments).output().unwrap();
        Said {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The program with arguments, in this folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("NO_COLOR", "1");
        if self.path(".clock").exists() {
            command.env("MUSTER_CLOCK", self.path(".clock"));
        }
        command
    }

    /// A command that must end with a code.
    pub fn expect(&self, code: i32, arguments: &[&str]) -> Said {
        let said = self.muster(arguments);
        assert_eq!(
            said.code, code,
            "muster {arguments:?}\n{}\n{}",
            said.out, said.err
        );
        said
    }

    /// A segment's size on the page.
    pub fn size(&self, id: &str) -> i64 {
        let page = self.json(&["segments"]);
        let rows = page.as_array().unwrap();
        let row = rows.iter().find(|row| row["id"] == id);
        row.and_then(|row| row["size"].as_i64()).unwrap()
    }

    /// A command's JSON.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let arguments: Vec<&str> = arguments
            .iter()
            .copied()
            .chain(["--format", "json"])
            .collect();
        serde_json::from_str(&self.expect(0, &arguments).out).unwrap()
    }
}

/// The demo of 2026-03-15, made once by each build of the program and shared by all tests: it is the same
/// for the same date, and making it takes seconds.
fn evaluated_demo() -> PathBuf {
    let program = std::fs::metadata(env!("CARGO_BIN_EXE_muster")).unwrap();
    let built = program.modified().unwrap();
    let built = built.duration_since(std::time::UNIX_EPOCH).unwrap();
    let name = format!("demo-{}-{}.db", built.as_nanos(), program.len());
    let shared = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if !shared.exists() {
        let desk = Desk::shipped();
        desk.expect(0, &["demo", "--date", "2026-03-15"]);
        // Others may be at it, too: each writes a file of its own, and whoever is last puts it there.
        let beside = tempfile::NamedTempFile::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        std::fs::copy(desk.path("demo/studio.db"), beside.path()).unwrap();
        beside.persist(&shared).unwrap();
    }
    shared
}
