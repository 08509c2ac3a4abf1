//! What the server may do before the editor says that the folder is trusted: read its texts.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

/// What the editor was told by whoever set it up: `initializationOptions`, and later its configuration under `muster`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Options {
    /// Whether environment, database and files outside the folder may be read.
    pub trusted: bool,
    /// The config's file, seen from the folder that is open; by default the one of the command line.
    pub config: Option<PathBuf>,
    /// Whether the editor shows what a command answers, so that it need not be told in a message too.
    pub shows_answers: bool,
}

impl Options {
    /// The options in a value of the editor's; the default ones where it is none of ours.
    pub fn read(value: Option<&Value>) -> Self {
        let options = value.cloned().map(serde_json::from_value);
        options.and_then(Result::ok).unwrap_or_default()
    }

    /// The folder outside of which nothing is read; none where everything may be.
    pub fn within(&self, root: &Path) -> Option<PathBuf> {
        (!self.trusted).then(|| root.to_path_buf())
    }
}
