//! The other keys of the mapping around a line.

use super::{Entry, Line};

/// The entries of a mapping beside the cursor's line.
pub(super) struct Beside {
    pub entries: Vec<Entry>,
    /// Whether the mapping is a list item.
    pub in_item: bool,
}

/// The entries beside a line, from the lines above and below it.
pub(super) fn beside<'t>(
    line: &Line<'_>,
    above: impl Iterator<Item = &'t str>,
    below: impl Iterator<Item = &'t str>,
) -> Beside {
    let mut found = Beside {
        entries: Vec::new(),
        in_item: line.dash.is_some(),
    };
    let entry = |line: &Line<'_>| {
        let (key, value) = line.entry()?;
        Some(Entry::of(key, value))
    };
    if !found.in_item {
        for other in above.map(Line::of).filter(|other| !other.is_blank()) {
            if other.indent == line.indent {
                found.entries.extend(entry(&other));
                found.in_item = other.dash.is_some();
            }
            if found.in_item || other.dash.unwrap_or(other.indent) < line.indent {
                break;
            }
        }
    }
    for other in below.map(Line::of).filter(|other| !other.is_blank()) {
        if other.dash.unwrap_or(other.indent) < line.indent {
            break;
        }
        if other.indent == line.indent {
            found.entries.extend(entry(&other));
        }
    }
    found
}
