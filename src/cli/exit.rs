//! The exit codes, and how a command reports an error.

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

/// The result of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// Success.
    Done = 0,
    /// Success, but something needs attention: a stale segment, or a warning of `status`.
    Attention = 1,
    /// Invalid input: rules, config or arguments.
    Input = 2,
    /// An external failure: database or disk.
    World = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// Why a command failed.
pub(super) struct Failure {
    exit: Exit,
    /// The message for stderr.
    words: TerminalText,
}

impl Failure {
    /// Invalid arguments, with a message.
    pub(super) fn input(words: impl Display) -> Self {
        Self::of(Exit::Input, words)
    }

    /// Invalid arguments, with a message of several lines; line breaks inside an item are escaped.
    pub(super) fn input_lines(lines: &[String]) -> Self {
        let (first, rest) = lines.split_at(lines.len().min(1));
        let mut failure = Self::input(first.concat());
        failure.words.extend(rest.iter().map(TerminalText::line));
        failure
    }

    /// An external failure, with a message.
    pub(super) fn world(words: impl Display) -> Self {
        Self::of(Exit::World, words)
    }

    fn of(exit: Exit, words: impl Display) -> Self {
        let words = err_line(format_args!("error: {words}"));
        Self { exit, words }
    }

    /// Whether it is an external failure.
    pub(super) fn is_of_the_world(&self) -> bool {
        self.exit == Exit::World
    }

    /// The reader of stdout has closed it (`| head`): no message, and no error.
    fn quiet() -> Self {
        Self {
            exit: Exit::Done,
            words: TerminalText::default(),
        }
    }

    /// Prints the message to stderr and returns the exit code.
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
