//! The `muster` commands that an editor can run. They work on the saved files, each in its own process, so that a slow
//! one can be stopped.

use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Stdio};

use super::Surroundings;

/// A command that an editor can request, through a lens or directly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Who would move in a segment.
    Plan,
    /// The definition of a segment; with a person, why they are or are not in it.
    Explain,
    /// The past sizes of a segment.
    Backtest,
    /// The tests of a name.
    Test,
}

impl Command {
    pub const ALL: [Self; 4] = [Self::Plan, Self::Explain, Self::Backtest, Self::Test];

    /// The command's name in the protocol.
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

    /// The command line arguments. A value with a leading dash is never taken for an option.
    fn line(self, arguments: &[String], hide_names: bool) -> Result<Vec<String>, NotRun> {
        let words = |words: &[&str]| Ok(words.iter().map(|word| (*word).to_owned()).collect());
        match (self, arguments) {
            // Movers are listed by name; their number is printed in any case.
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

/// A running process; it is stopped on drop.
#[derive(Debug)]
pub struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have exited already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Why a command was not started.
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

/// Starts a command in the editor's folder; another thread reports its output at the end.
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
    // Stdout and stderr share a pipe, to keep their order. Our copies of its write end are closed at the end of this
    // statement.
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
        // The output before a failure is reported, too.
        let _ = said.read_to_end(&mut text);
        tell(String::from_utf8_lossy(&text).trim_end().to_owned());
    });
    Ok(Running(child))
}
