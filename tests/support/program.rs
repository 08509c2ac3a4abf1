//! The binary, run as a person does.

use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::process::Command;

use serde_json::Value;

use super::scratch::Scratch;

/// Where the binary is.
pub const MUSTER: &str = env!("CARGO_BIN_EXE_muster");

/// What a command said.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Said {
    /// Runs a command to its end. One that a signal ended has the code -1.
    pub fn by(command: &mut Command) -> Self {
        let output = command.output().unwrap();
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// What it wrote as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap()
    }
}

impl Scratch {
    /// From now on it is this instant for every command, such as `2026-03-15T10:00:00Z`.
    pub fn put_clock(&self, instant: &str) {
        self.replace("clock", instant);
    }

    /// The program with arguments, in this folder, at the instant that the clock was put to.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(MUSTER);
        command.args(arguments);
        self.place(&mut command);
        command
    }

    /// Lets another command, which runs the program in the end, find what [`Scratch::command`] finds.
    pub fn place(&self, command: &mut Command) {
        command
            .current_dir(self.folder())
            .env("NO_COLOR", "1")
            .env_remove("COLUMNS");
        if self.path("clock").exists() {
            command.env("MUSTER_CLOCK", self.path("clock"));
        }
    }

    pub fn muster(&self, arguments: &[&str]) -> Said {
        Said::by(&mut self.command(arguments))
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

    /// A command's JSON.
    pub fn json(&self, arguments: &[&str]) -> Value {
        self.expect(0, &[arguments, &["--format", "json"]].concat())
            .json()
    }

    /// Takes the superuser's right to read and write everywhere from a command.
    pub fn as_anybody(&self, command: &mut Command) {
        if std::fs::metadata(self.folder()).unwrap().uid() == 0 {
            command.uid(65_534).gid(65_534);
        }
    }
}
