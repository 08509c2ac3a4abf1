//! The exit codes, and how a command says why it failed.

use std::process::ExitCode;

use crate::demo::DemoError;
use crate::diagnostic::Finding;
use crate::engine::EngineError;
use crate::mail::MailError;
use crate::project::LoadError;
use crate::run::RunError;
use crate::serve::ServeError;
use crate::source::Sources;
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
    reason: Reason,
}

enum Reason {
    Told,
    Words(String),
    Lines(Vec<String>),
    Findings(Box<Sources>, Vec<Finding>),
}

impl Failure {
    /// Wrong arguments, in words.
    pub(super) fn input(words: impl Into<String>) -> Self {
        Self {
            exit: Exit::Input,
            reason: Reason::Words(words.into()),
        }
    }

    /// Wrong arguments, in several lines; only a line's end is ours, whatever else stands in it.
    pub(super) fn input_lines(lines: Vec<String>) -> Self {
        Self {
            exit: Exit::Input,
            reason: Reason::Lines(lines),
        }
    }

    /// A wrong world, in words.
    pub(super) fn world(words: impl Into<String>) -> Self {
        Self {
            exit: Exit::World,
            reason: Reason::Words(words.into()),
        }
    }

    /// Whether it is the world that is wrong.
    pub(super) fn is_of_the_world(&self) -> bool {
        self.exit == Exit::World
    }

    /// The reader of stdout has gone (`| head`): nothing to say, nothing wrong.
    fn quiet() -> Self {
        Self {
            exit: Exit::Done,
            reason: Reason::Told,
        }
    }

    /// Says why on stderr and gives the code.
    pub(super) fn tell(self) -> Exit {
        match self.reason {
            Reason::Told => {}
            Reason::Words(words) => note!("error: {words}"),
            Reason::Lines(lines) => {
                for (place, line) in lines.iter().enumerate() {
                    note!("{}{line}", if place == 0 { "error: " } else { "" });
                }
            }
            Reason::Findings(sources, findings) => super::findings::tell(&sources, &findings),
        }
        self.exit
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Refused(sources, findings) => Self {
                exit: Exit::Input,
                reason: Reason::Findings(Box::new(sources), findings),
            },
            LoadError::World(words) => Self::world(words),
        }
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

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::world(error.to_string())
    }
}

impl From<DemoError> for Failure {
    fn from(error: DemoError) -> Self {
        Self::world(error.to_string())
    }
}

impl From<MailError> for Failure {
    fn from(error: MailError) -> Self {
        Self::world(error.to_string())
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        RunError::from(error).into()
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        Self::world(error.to_string())
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
