//! The exit codes, and how a command says why it failed.

use std::fmt::Display;
use std::process::ExitCode;

use super::findings::rendered;
use super::say::{err, err_line};
use crate::demo::DemoError;
use crate::diagnostic::TerminalText;
use crate::engine::EngineError;
use crate::import::ImportError;
use crate::mail::MailError;
use crate::project::LoadError;
use crate::run::RunError;
use crate::schedule::Refused;
use crate::serve::ServeError;
use crate::store::StoreError;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// All is well.
    Done = 0,
    /// Done, but something needs attention: a stale segment, a warning of `status`.
    Attention = 1,
    /// The input is wrong: rules, config, arguments.
    Input = 2,
    /// The world is wrong: database, disk.
    World = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// Why a command did not do what it was asked.
pub(super) struct Failure {
    exit: Exit,
    /// What is said on stderr.
    words: TerminalText,
}

impl Failure {
    /// Wrong arguments, in words.
    pub(super) fn input(words: impl Display) -> Self {
        Self::of(Exit::Input, words)
    }

    /// Wrong arguments, in several lines; only a line's end is ours, whatever else stands in it.
    pub(super) fn input_lines(lines: &[String]) -> Self {
        let (first, rest) = lines.split_at(lines.len().min(1));
        let mut failure = Self::input(first.concat());
        failure.words.extend(rest.iter().map(TerminalText::line));
        failure
    }

    /// A wrong world, in words.
    pub(super) fn world(words: impl Display) -> Self {
        Self::of(Exit::World, words)
    }

    fn of(exit: Exit, words: impl Display) -> Self {
        let words = err_line(format_args!("error: {words}"));
        Self { exit, words }
    }

    /// Whether it is the world that is wrong.
    pub(super) fn is_of_the_world(&self) -> bool {
        self.exit == Exit::World
    }

    /// The reader of stdout has gone (`| head`): nothing to say, nothing wrong.
    fn quiet() -> Self {
        Self {
            exit: Exit::Done,
            words: TerminalText::default(),
        }
    }

    /// Says why on stderr and gives the code.
    pub(super) fn tell(self) -> Exit {
        err(&self.words);
        self.exit
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Refused(sources, findings) => Self {
                exit: Exit::Input,
                words: rendered(&sources, &findings),
            },
            LoadError::World(words) => Self::world(words),
        }
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self::input(refused)
    }
}

impl From<ServeError> for Failure {
    fn from(error: ServeError) -> Self {
        match error {
            ServeError::Load(error) => error.into(),
            ServeError::World(words) => Self::world(words),
        }
    }
}

impl From<ImportError> for Failure {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Files(words) => Self::input(words),
            ImportError::World(_) | ImportError::Cancelled => Self::world(error),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::world(error)
    }
}

impl From<DemoError> for Failure {
    fn from(error: DemoError) -> Self {
        Self::world(error)
    }
}

impl From<MailError> for Failure {
    fn from(error: MailError) -> Self {
        Self::world(error)
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        RunError::from(error).into()
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        Self::world(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::BrokenPipe => Self::quiet(),
            _ => Self::world(format!("cannot write: {error}")),
        }
    }
}
