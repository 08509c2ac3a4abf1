//! Config and rule files with their conditions in one form; whatever else stands in them stays as it is.
//!
//! A condition that fits goes on one line; otherwise it is broken before `and`, `or` and the like, outermost first. It
//! means what it meant: a condition that would be read as anything else, or cannot be read at all, is left alone, and so
//! is one with a `# muster: allow`, which counts for the line that it stands on.

mod comments;
mod lines;
mod place;

use crate::config;
use crate::language::{comments, layout, same};
use crate::rules;
use crate::source::{Location, Node, Replacement, Scalar, Sources, YamlError, parse, replaced};

use lines::broken;
use place::{Place, places};

/// The longest line that is not broken, in cells.
const WIDTH: usize = 88;

/// What a comment has that allows a finding on its line.
const ALLOW: &str = "muster: allow";

/// What gives a file its form.
#[derive(Debug, Default)]
pub struct Form {
    /// What is replaced; nothing where the file has its form.
    pub edits: Vec<Replacement>,
    /// Where conditions stand that are left as they are, since a comment would be lost, or take what follows for its own.
    pub left: Vec<Location>,
}

/// What of a config, rule or test file is replaced so that its conditions have their form.
///
/// # Errors
/// The text is no YAML.
pub fn form(text: &str) -> Result<Form, YamlError> {
    let (tree, conditions) = read(text)?;
    let mut places = places(text, &tree);
    let edits = conditions.iter().filter_map(|condition| {
        // What anchors repeat is changed once.
        let place = places.remove(&condition.location)?;
        Some((condition.location, edit(condition, &place)?))
    });
    let (kept, left) = proved(text, &conditions, edits.collect());
    Ok(Form {
        edits: kept.into_iter().map(|(_, edit)| edit).collect(),
        left: left.into_iter().map(|(place, _)| place).collect(),
    })
}

/// A text as YAML, and the conditions in it.
fn read(text: &str) -> Result<(Node, Vec<Scalar>), YamlError> {
    let mut sources = Sources::default();
    let file = sources.add("".as_ref(), text.to_owned());
    let tree = parse(file, text)?;
    let conditions = match config::is_config(&tree) {
        true => config::conditions(&tree, &sources),
        false => rules::conditions(&tree, &sources),
    };
    Ok((tree, conditions))
}

/// The change of a condition, by where that stands.
type Edit = (Location, Replacement);

/// The edits after which every condition means what it meant and has the comments that it had, and the others: how YAML
/// folds and unfolds lines is asked, not known here.
fn proved(text: &str, conditions: &[Scalar], edits: Vec<Edit>) -> (Vec<Edit>, Vec<Edit>) {
    let keeps = |edits: &[Edit]| {
        let edits = edits.iter().map(|(_, edit)| edit.clone());
        let now = read(&replaced(text, edits.collect()));
        now.is_ok_and(|(_, now)| {
            let pairs = conditions.iter().zip(&now);
            now.len() == conditions.len() && pairs.into_iter().all(|(old, new)| means(old, new))
        })
    };
    if keeps(&edits) {
        return (edits, Vec::new());
    }
    let edits = edits.into_iter();
    edits.partition(|edit| keeps(std::slice::from_ref(edit)))
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

/// The change of one condition; none where it is left as it is.
fn edit(condition: &Scalar, place: &Place<'_>) -> Option<Replacement> {
    let written = condition.value.as_str();
    if written.contains(ALLOW) || place.around().contains(ALLOW) {
        return None;
    }
    let layout = layout(written).ok()?;
    let lines = |column: usize| broken(&layout, written, WIDTH.saturating_sub(column));
    let in_lines = lines(place.indent());
    let (new, (range, text)) = match lines(place.column()).as_slice() {
        _ if place.is_block() => (in_lines.join("\n"), place.in_lines(&in_lines)),
        [line] => (line.clone(), place.on_one_line(line)?),
        _ if place.is_flow => (layout.text.clone(), place.on_one_line(&layout.text)?),
        _ => (in_lines.join("\n"), place.in_lines(&in_lines)),
    };
    let has_form = place.slice(range.clone()) == text || (new == written && place.is_quoted_line());
    (!has_form && same(written, &new)).then_some((range, text))
}
