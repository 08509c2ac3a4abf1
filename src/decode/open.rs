//! From a path to a tree.

use std::path::Path;

use super::{cut, slip};
use crate::diagnostic::{Code, Finding};
use crate::source::{FileId, Location, MAX_FILE_BYTES, Node, ReadError, Sources, YamlFault, parse};

/// A parsed file.
#[derive(Debug)]
pub struct Opened {
    pub file: FileId,
    /// Its root node.
    pub node: Node,
    /// Findings that do not prevent reading it.
    pub findings: Vec<Finding>,
}

/// Reads a YAML file and adds its text to `sources`.
///
/// # Errors
/// One finding: the file cannot be read, is too large or is not YAML.
pub fn open(path: &Path, sources: &mut Sources) -> Result<Opened, Finding> {
    let text = sources.read(path).map_err(|e| unreadable(path, &e))?;
    take(path, text, sources)
}

/// Adds a text as the file at `path`, whether it exists on disk or not.
///
/// # Errors
/// One finding: the text is too large or is not YAML.
pub fn take(path: &Path, text: String, sources: &mut Sources) -> Result<Opened, Finding> {
    let file = sources.add(path, text);
    let text = sources.get(file).map_or("", |f| f.text.as_str());
    let error = match parse(file, text) {
        Ok(mut node) => {
            let mut findings = Vec::new();
            cut::mend(text, &mut node, &mut findings);
            return Ok(Opened {
                file,
                node,
                findings,
            });
        }
        Err(error) => error,
    };
    let (code, start) = match error.fault {
        YamlFault::TooLarge => (Code::TooLarge, "this file is too large"),
        YamlFault::Syntax | YamlFault::Unused => (Code::YamlSyntax, "this YAML cannot be read"),
    };
    let slip = match error.fault {
        YamlFault::Syntax => slip::find(text, error.location.start),
        // `{{ name }}` is valid YAML, but of a kind that nobody means.
        YamlFault::Unused => slip::find(text, error.location.start)
            .filter(|slip| slip.place.contains(&error.location.start)),
        YamlFault::TooLarge => None,
    };
    let finding = |message: &str| Finding::new(code, format!("{start}: {message}"));
    Err(match slip {
        Some(slip) => match slip.message {
            Some(message) => finding(&message).at(Location {
                start: slip.place.start,
                end: slip.place.end,
                ..error.location
            }),
            None => finding(&error.message).at(error.location),
        }
        .help(slip.help),
        None if error.fault == YamlFault::Syntax => {
            finding(&error.message).at(error.location).help(
                "look at this line and the one before it: entries of one list begin with the \
                 same number of blanks, never with a tab, and every key ends with `:`; a text \
                 that contains `: ` or ` #`, or begins with a quote or another sign, goes on its \
                 own lines under `|`",
            )
        }
        None => finding(&error.message).at(error.location),
    })
}

fn unreadable(path: &Path, error: &ReadError) -> Finding {
    let path = path.display();
    match error {
        ReadError::Unreadable(reason) => Finding::new(
            Code::FileUnreadable,
            format!("`{path}` cannot be read: {reason}"),
        ),
        ReadError::TooLarge(_) => Finding::new(
            Code::TooLarge,
            format!("`{path}` is larger than {} KiB", MAX_FILE_BYTES / 1024),
        )
        .help("split it into several files"),
        ReadError::NotText(line) => Finding::new(
            Code::FileUnreadable,
            format!("`{path}` is not UTF-8 text: line {line} has invalid bytes"),
        )
        .help("save it as UTF-8"),
    }
}
