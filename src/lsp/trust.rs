//! What the server may do before the editor says that the folder is trusted: read its texts.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// What the editor was told by whoever set it up: `initializationOptions`, and later its configuration under `muster`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether environment, database and files outside the folder may be read.
    pub trusted: bool,
    /// The config's file, seen from the folder that is open; by default the one of the command line.
    pub config: Option<PathBuf>,
    /// Whether the editor shows what a command answers, so that it need not be told in a message too.
    pub shows_answers: bool,
    /// Whether nobody is called by name.
    pub hides_names: bool,
    /// Whether each clause has a hint of how many answer it with yes.
    pub counts_clauses: bool,
}

impl Options {
    /// The options in a value of the editor's, and what of them is not understood, in words. Options of others are none of ours.
    pub fn read(value: Option<&Value>) -> (Self, Vec<String>) {
        let mut wrong = Vec::new();
        let given = |key: &str| {
            value
                .and_then(|value| value.get(key))
                .filter(|v| !v.is_null())
        };
        let mut is_set = |key: &str| match given(key) {
            None => false,
            Some(Value::Bool(is_set)) => *is_set,
            Some(other) => {
                wrong.push(format!(
                    "the option `{key}` is `true` or `false`, not `{other}`"
                ));
                false
            }
        };
        let mut options = Self {
            trusted: is_set("trusted"),
            config: None,
            shows_answers: is_set("showsAnswers"),
            hides_names: is_set("hidesNames"),
            counts_clauses: is_set("countsClauses"),
        };
        match given("config") {
            None => {}
            Some(Value::String(file)) => options.config = Some(file.into()),
            Some(other) => wrong.push(format!(
                "the option `config` is the name of a file, not `{other}`"
            )),
        }
        (options, wrong)
    }

    /// The folder outside of which nothing is read; none where everything may be.
    pub fn within(&self, root: &Path) -> Option<PathBuf> {
        (!self.trusted).then(|| root.to_path_buf())
    }
}
