//! The commands of `muster` that an editor can run: on the files as they are saved, each in a process of its own, so that
//! one can take its time and be stopped.

use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Stdio};

use super::Surroundings;

/// What an editor can ask for, by a lens or by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Who would move in a segment.
    Plan,
    /// What a segment is; with a person, why they are in it or not.
    Explain,
    /// How large a segment would have been.
    Backtest,
    /// The tests of a name.
    Test,
}

impl Command {
    pub const ALL: [Self; 4] = [Self::Plan, Self::Explain, Self::Backtest, Self::Test];

    /// As editors call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plan => "muster.plan",
            Self::Explain => "muster.explain",
            Self::Backtest => "muster.backtest",
            Self::Test => "muster.test",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|command| command.name() == name)
    }

    /// What the program is told. What begins with a dash is never an option.
    fn line(self, arguments: &[String], hide_names: bool) -> Result<Vec<String>, NotRun> {
        let words = |words: &[&str]| Ok(words.iter().map(|word| (*word).to_owned()).collect());
        match (self, arguments) {
            // Movers are listed by name; how many they are is said in any case.
            (Self::Plan, [segment]) if hide_names => {
                words(&["plan", "--limit=0", &format!("--segment={segment}")])
            }
            (Self::Plan, [segment]) => words(&["plan", &format!("--segment={segment}")]),
            (Self::Explain, [segment]) => words(&["explain", "--", segment]),
            (Self::Explain, [_, _]) if hide_names => Err(NotRun::Names),
            (Self::Explain, [segment, person]) => words(&["explain", "--", person, segment]),
            (Self::Backtest, [segment]) => words(&["backtest", "--", segment]),
            (Self::Test, [name]) => words(&["test", "--", name]),
            _ => Err(NotRun::Arguments(self.name())),
        }
    }
}

/// A process at work; it is stopped when this is dropped.
#[derive(Debug)]
pub struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Why a command was not begun.
#[derive(Debug, thiserror::Error)]
pub enum NotRun {
    #[error("`{0}` needs the name of a segment or a test")]
    Arguments(&'static str),
    #[error(
        "nobody is explained while the option `hideNames` is set: the answer would call them by name"
    )]
    Names,
    #[error("`muster` cannot be started: {0}")]
    Program(#[from] io::Error),
}

/// Begins a command in the editor's folder, and tells from another thread what it says in the end.
pub fn run(
    (command, arguments): (Command, &[String]),
    hide_names: bool,
    (folder, config): (&Path, &Path),
    around: &Surroundings,
    tell: impl FnOnce(String) + Send + 'static,
) -> Result<Running, NotRun> {
    let line = command.line(arguments, hide_names)?;
    let (mut said, words) = io::pipe()?;
    let (first, rest) = line.split_at(1);
    // What it says and what it notes come in one order. Its ends of the pipe are closed here at the end of the statement.
    let child = std::process::Command::new(&around.program)
        .args(first)
        .arg("--config")
        .arg(config)
        .args(rest)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(words.try_clone()?)
        .stderr(words)
        .spawn()?;
    std::thread::spawn(move || {
        let mut text = Vec::new();
        // What came before a failure is told.
        let _ = said.read_to_end(&mut text);
        tell(String::from_utf8_lossy(&text).trim_end().to_owned());
    });
    Ok(Running(child))
}
