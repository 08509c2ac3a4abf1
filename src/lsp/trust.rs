//! What the server may do before the editor says that the folder is trusted: read its texts.

use std::path::PathBuf;

use serde_json::Value;

use crate::diagnostic::suggest;

/// The options that there are.
const KNOWN: [&str; 5] = [
    "trusted",
    "config",
    "showAnswers",
    "hideNames",
    "countClauses",
];

/// What the editor was told by whoever set it up: `initializationOptions`, and later its configuration under `muster`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether environment, database and files outside the folder may be read.
    pub trusted: bool,
    /// The config's file, seen from the folder that is open; by default the one of the command line.
    pub config: Option<PathBuf>,
    /// Whether the editor shows what a command answers, so that it need not be told in a message too.
    pub show_answers: bool,
    /// Whether nobody is called by name.
    pub hide_names: bool,
    /// Whether each clause has a hint of how many answer it with yes.
    pub count_clauses: bool,
}

impl Options {
    /// These options with those in a value of the editor's, and what of that is not understood, in words. An option that is
    /// not named stays as it is; keys that are unknown here are meant for others, unless they are like one that is known.
    pub fn with(self, value: Option<&Value>) -> (Self, Vec<String>) {
        let mut wrong = Vec::new();
        let given = |key: &str| {
            value
                .and_then(|value| value.get(key))
                .filter(|v| !v.is_null())
        };
        let mut is_set = |key: &str, otherwise: bool| match given(key) {
            None => otherwise,
            Some(Value::Bool(is_set)) => *is_set,
            Some(other) => {
                wrong.push(format!(
                    "the option `{key}` is `true` or `false`, not `{other}`"
                ));
                otherwise
            }
        };
        let mut options = Self {
            trusted: is_set("trusted", self.trusted),
            show_answers: is_set("showAnswers", self.show_answers),
            hide_names: is_set("hideNames", self.hide_names),
            count_clauses: is_set("countClauses", self.count_clauses),
            config: self.config,
        };
        match given("config") {
            None => {}
            Some(Value::String(file)) => {
                // An empty setting is one that was taken back.
                options.config = Some(file).filter(|file| !file.is_empty()).map(Into::into);
            }
            Some(other) => wrong.push(format!(
                "the option `config` is the name of a file, not `{other}`"
            )),
        }
        let keys = value.and_then(Value::as_object).into_iter().flatten();
        let unknown = keys.map(|(key, _)| key.as_str());
        for key in unknown.filter(|key| !KNOWN.contains(key)) {
            if let Some(near) = suggest(key, KNOWN) {
                wrong.push(format!(
                    "there is no option `{key}`; did you mean `{near}`?"
                ));
            }
        }
        (options, wrong)
    }
}
