//! Config and rule files with their conditions in one form; whatever else stands in them stays as it is.
//!
//! A condition that fits goes on one line; otherwise it is broken before `and`, `or` and the like, outermost first. It
//! means what it meant: a condition that would be read as anything else, or cannot be read at all, is left alone, and so
//! is one on a line that a `# muster: allow` is written for: in lines of its own it would not be on that any more.

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

/// The longest line that is not broken, in cells.
const WIDTH: usize = 88;

/// What gives a file its form.
#[derive(Debug, Default)]
pub struct Form {
    /// What is replaced; nothing where the file has its form.
    pub edits: Vec<Replacement>,
    /// What is left as it is without having its form, in the order of the text.
    pub left: Vec<Left>,
}

/// A condition that is left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Left {
    pub location: Location,
    pub why: Why,
}

/// Why a condition is left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    Unread,
    /// It stands in YAML that is kept: behind an anchor, a comment or a header that says how deep its lines stand.
    Placed,
    /// A line of it, or the one above, has a `# muster: allow`.
    Allowed,
    /// A comment would be lost, or takes what follows for its own.
    Commented,
    /// In its form it could not be read as the same: it would be too long.
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

/// What of a config, rule or test file is replaced so that its conditions have their form.
///
/// # Errors
/// The text is no YAML.
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
        // What anchors repeat is changed once.
        if !seen.insert(location) {
            continue;
        }
        let edit = match places.remove(&location) {
            Some(place) => {
                let whole = place.whole();
                let mut lines = allows.iter().map(|allow| &allow.line);
                let is_allowed =
                    lines.any(|line| line.start <= whole.end && whole.start <= line.end);
                // Where YAML makes one line of several, a comment has no line of its own.
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

/// What is written in a text.
struct Written {
    sources: Sources,
    tree: Node,
    conditions: Vec<Scalar>,
}

/// A text as YAML, and the conditions in it.
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

/// The change of a condition, by where that stands.
type Edit = (Location, Replacement);

/// The edits after which every condition means what it meant and has the comments that it had, and the others: how YAML
/// folds and unfolds lines is asked, not known here.
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

/// The edits that can be made, and the others: together where that can be, or else by halves, since most can.
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

/// Whether a condition says what another did, comments included.
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

/// Nothing to change of a condition whose place is kept, where it has its form but for breaks of lines.
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

/// The change of one condition; none where it has its form.
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
