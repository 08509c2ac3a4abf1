//! What the server may do before the editor trusts the folder: read its texts.

use std::path::PathBuf;

use serde_json::Value;

use crate::diagnostic::suggest;

/// The known options.
const KNOWN: [&str; 5] = [
    "trusted",
    "config",
    "showAnswers",
    "hideNames",
    "countClauses",
];

/// The settings of the editor: `initializationOptions`, and later its configuration under `muster`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether environment, database and files outside the folder may be read.
    pub trusted: bool,
    /// The path of the config, relative to the open folder; by default that of the command line.
    pub config: Option<PathBuf>,
    /// Whether the editor displays command results itself, so that no message is needed.
    pub show_answers: bool,
    /// Whether names of people are hidden.
    pub hide_names: bool,
    /// Whether each clause gets a hint with the number of people that it matches.
    pub count_clauses: bool,
}

impl Options {
    /// Merges a settings value into these options; also returns messages about invalid parts. Options that are absent
    /// stay as they are. Unknown keys are meant for others and ignored, unless they resemble a known one.
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
                // An empty setting resets the option.
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
