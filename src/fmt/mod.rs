//! Formats the conditions in config and rule files; everything else in them stays as it is.
//!
//! A condition that fits is written on one line; otherwise it is broken before `and`, `or` and the like, outermost
//! first. Its meaning is preserved: a condition that would be parsed differently, or cannot be parsed, is left alone.
//! So is a condition on a line covered by a `# muster: allow`, because breaking it would move it off that line.

mod comments;
mod lines;
mod place;

use std::collections::HashSet;

use crate::config;
use crate::language::{comments, layout, same, swallowed, without_comments};
use crate::rules::{self, allows};
use crate::source::{Location, Node, Replacement, Scalar, Sources, YamlError, parse, replaced};

use lines::broken;
use place::{Place, places};

/// The maximum line width, in cells.
const WIDTH: usize = 88;

/// The result of formatting a file.
#[derive(Debug, Default)]
pub struct Form {
    /// The replacements; empty if the file is formatted already.
    pub edits: Vec<Replacement>,
    /// Conditions that stay unformatted, in the order of the text.
    pub left: Vec<Left>,
}

/// A condition that stays unformatted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Left {
    pub location: Location,
    pub why: Why,
}

/// Why a condition stays unformatted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    Unread,
    /// Its YAML cannot be changed: it has an anchor, a preceding comment, or a header with an explicit indentation.
    Placed,
    /// One of its lines, or the one above, has a `# muster: allow`.
    Allowed,
    /// A comment would be lost, or would swallow what follows.
    Commented,
    /// The formatted condition would be too long to be parsed with the same meaning.
    Changed,
}

impl Why {
    /// The reason in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Unread => "it cannot be read",
            Self::Placed => {
                "what stands between its key and it, such as an anchor or a comment, or begins its block is kept"
            }
            Self::Allowed => "a `# muster: allow` counts for one line",
            Self::Commented => {
                "it has a comment, which ends with its line only in a block below `|`"
            }
            Self::Changed => "in its form it would be too long to be read",
        }
    }
}

/// Formats the conditions of a config, rule or test file.
///
/// # Errors
/// The text is not YAML.
pub fn form(text: &str) -> Result<Form, YamlError> {
    let Written {
        sources,
        tree,
        conditions,
    } = read(text)?;
    let mut places = places(text, &tree);
    let allows: Vec<_> = allows(text).collect();
    let mut seen = HashSet::new();
    let (mut edits, mut left) = (Vec::new(), Vec::new());
    for condition in &conditions {
        let location = condition.location;
        // A value repeated through an anchor is changed once.
        if !seen.insert(location) {
            continue;
        }
        let edit = match places.remove(&location) {
            Some(place) => {
                let whole = place.whole();
                let mut lines = allows.iter().map(|allow| &allow.line);
                let is_allowed =
                    lines.any(|line| line.start <= whole.end && whole.start <= line.end);
                // If YAML folds lines into one, a comment cannot have a line of its own.
                let is_joined = place.is_folded && !comments(&condition.value).is_empty();
                let is_joined = is_joined || swallowed(condition, &sources).is_some();
                match edit(condition, &place) {
                    Ok(Some(_)) if is_allowed => Err(Why::Allowed),
                    Ok(Some(_)) if is_joined => Err(Why::Commented),
                    edit => edit,
                }
            }
            None => without_place(condition),
        };
        match edit {
            Ok(edit) => edits.extend(edit.map(|edit| (location, edit))),
            Err(why) => left.push(Left { location, why }),
        }
    }
    let (kept, others) = proved(text, &conditions, edits);
    left.extend(others.into_iter().map(|(location, _)| Left {
        location,
        why: Why::Commented,
    }));
    left.sort();
    Ok(Form {
        edits: kept.into_iter().map(|(_, edit)| edit).collect(),
        left,
    })
}

/// A parsed text.
struct Written {
    sources: Sources,
    tree: Node,
    conditions: Vec<Scalar>,
}

/// Parses a text as YAML, with the conditions in it.
fn read(text: &str) -> Result<Written, YamlError> {
    let mut sources = Sources::default();
    let file = sources.add("".as_ref(), text.to_owned());
    let tree = parse(file, text)?;
    let conditions = match config::is_config(&tree) {
        true => config::conditions(&tree, &sources),
        false => rules::conditions(&tree, &sources),
    };
    Ok(Written {
        sources,
        tree,
        conditions,
    })
}

/// The change of a condition, with the condition's location.
type Edit = (Location, Replacement);

/// Splits edits into those after which every condition keeps its meaning and comments, and the others. YAML's folding
/// is checked by parsing the result rather than modelled here.
fn proved(text: &str, conditions: &[Scalar], edits: Vec<Edit>) -> (Vec<Edit>, Vec<Edit>) {
    let keeps = |edits: &[Edit]| {
        let edits = edits.iter().map(|(_, edit)| edit.clone());
        let now = read(&replaced(text, edits.collect()));
        now.is_ok_and(
            |Written {
                 conditions: now, ..
             }| {
                let pairs = conditions.iter().zip(&now);
                now.len() == conditions.len() && pairs.into_iter().all(|(old, new)| means(old, new))
            },
        )
    };
    parted(edits, &keeps)
}

/// Splits edits into those that can be made and the others: tries all together, then bisects, since most can be made.
fn parted(mut edits: Vec<Edit>, keeps: &impl Fn(&[Edit]) -> bool) -> (Vec<Edit>, Vec<Edit>) {
    if keeps(&edits) {
        return (edits, Vec::new());
    }
    if edits.len() < 2 {
        return (Vec::new(), edits);
    }
    let second = edits.split_off(edits.len() / 2);
    let (mut kept, mut left) = parted(edits, keeps);
    let (also_kept, also_left) = parted(second, keeps);
    kept.extend(also_kept);
    left.extend(also_left);
    (kept, left)
}

/// Whether two conditions have the same meaning and comments.
fn means(old: &Scalar, new: &Scalar) -> bool {
    let remarks = |text: &str| -> Vec<String> {
        let ranges = comments(text).into_iter();
        ranges
            .filter_map(|range| Some(text.get(range)?.to_owned()))
            .collect()
    };
    let (old, new) = (&old.value, &new.value);
    old == new || (same(old, new) && remarks(old) == remarks(new))
}

/// For a condition whose YAML cannot be changed: `None` if only line breaks differ from the canonical form.
fn without_place(condition: &Scalar) -> Result<Option<Replacement>, Why> {
    let written = condition.value.as_str();
    let on_one_line = |text: &str| {
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        words.replace("( ", "(").replace(" )", ")")
    };
    let layout = layout(written).map_err(|_| Why::Unread)?;
    match on_one_line(&without_comments(written)) == on_one_line(&layout.text) {
        true => Ok(None),
        false => Err(Why::Placed),
    }
}

/// The change of one condition; `None` if it is formatted already.
fn edit(condition: &Scalar, place: &Place<'_>) -> Result<Option<Replacement>, Why> {
    let written = condition.value.as_str();
    let layout = layout(written).map_err(|_| Why::Unread)?;
    let lines = |column: usize| broken(&layout, written, WIDTH.saturating_sub(column));
    let in_lines = lines(place.indent());
    let (new, (range, text)) = match lines(place.column()).as_slice() {
        _ if place.is_block() => (in_lines.join("\n"), place.in_lines(&in_lines)),
        [line] => (line.clone(), place.on_one_line(line).ok_or(Why::Placed)?),
        _ if place.is_flow => {
            let line = place.on_one_line(&layout.text).ok_or(Why::Placed)?;
            (layout.text.clone(), line)
        }
        _ => (in_lines.join("\n"), place.in_lines(&in_lines)),
    };
    let has_form = place.slice(range.clone()) == text || (new == written && place.is_quoted_line());
    match has_form || same(written, &new) {
        true => Ok((!has_form).then_some((range, text))),
        false => Err(Why::Changed),
    }
}
