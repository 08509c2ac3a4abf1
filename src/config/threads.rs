//! How many threads read the data.

use schemars::json_schema;

use super::Config;
use super::value::text_value;
use crate::decode::{Environment, Read, Reader, Text, inline_schema};
use crate::diagnostic::{Code, Finding};
use crate::source::{Location, Node};

text_value! {
    /// A number of threads.
    Threads(usize) = threads, { "type": ["integer", "string"], "minimum": 1, "maximum": 64 };
}

/// What a number of threads may be.
const EXPECTED: &str = "a whole number from 1 to 64";

/// The environment variable that says it for a machine.
const INSTEAD: &str = "MUSTER_THREADS";

fn threads(text: Text, reader: &mut Reader<'_>) -> Option<usize> {
    let count = number(&text.scalar.value);
    reader.expect(count, text.scalar.location, EXPECTED)
}

fn number(text: &str) -> Option<usize> {
    let count = text.parse().ok();
    count.filter(|count| (1..=64).contains(count))
}

/// `MUSTER_THREADS` counts before config.
pub(super) fn instead(config: &mut Config, env: Environment<'_>, reader: &mut Reader<'_>) {
    let said = env(INSTEAD);
    let Some(said) = said
        .as_deref()
        .map(str::trim)
        .filter(|said| !said.is_empty())
    else {
        return;
    };
    match number(said) {
        Some(count) => config.threads = Some(count),
        None => {
            let message =
                format!("the environment variable `{INSTEAD}` is `{said}`, which it cannot be");
            let help =
                format!("give {EXPECTED}, or unset it to let `threads:` of this file decide");
            let head = Location {
                file: config.file,
                start: 0,
                end: 0,
            };
            reader.report(
                Finding::new(Code::InvalidValue, message)
                    .at(head)
                    .help(help),
            );
        }
    }
}
