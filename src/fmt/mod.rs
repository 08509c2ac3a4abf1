//! Config and rule files with their conditions in one form; whatever else stands in them stays as it is.
//!
//! A condition that fits goes on one line; otherwise it is broken before `and`, `or` and the like, outermost first. It
//! means what it meant: a condition that would be read as anything else, or cannot be read at all, is left alone, and so
//! is one with a `# muster: allow`, which counts for the line that it stands on.

mod comments;
mod lines;
mod place;

use crate::config;
use crate::language::{layout, same};
use crate::rules;
use crate::source::{Replacement, Scalar, Sources, YamlError, parse};

use lines::broken;
use place::{Place, places};

/// The longest line that is not broken, in cells.
const WIDTH: usize = 88;

/// What a comment has that allows a finding on its line.
const ALLOW: &str = "muster: allow";

/// What of a config, rule or test file is replaced so that its conditions have their form; nothing where they have it.
///
/// # Errors
/// The text is no YAML.
pub fn edits(text: &str) -> Result<Vec<Replacement>, YamlError> {
    let mut sources = Sources::default();
    let file = sources.add("".as_ref(), text.to_owned());
    let tree = parse(file, text)?;
    let conditions = match config::is_config(&tree) {
        true => config::conditions(&tree, &sources),
        false => rules::conditions(&tree, &sources),
    };
    let mut places = places(text, &tree);
    let edits = conditions.iter().filter_map(|condition| {
        // What anchors repeat is changed once.
        let place = places.remove(&condition.location)?;
        edit(condition, &place)
    });
    Ok(edits.collect())
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
