//! Headings of several files.

use crate::import::ImportError;

/// Where a column stands among headings, in capitals or not.
pub(super) fn place_in(headings: &[String], name: &str) -> Option<usize> {
    let wanted = name.to_lowercase();
    headings
        .iter()
        .position(|known| known.to_lowercase() == wanted)
}

/// Whether two lists of headings are of one table: they share more than half.
pub(in crate::import) fn are_alike(one: &[String], other: &[String]) -> bool {
    let is_shared = |name: &&String| place_in(other, name).is_some();
    let shared = one.iter().filter(is_shared).count();
    shared * 2 > one.len().max(other.len())
}

/// That a file is one of the table.
///
/// # Errors
/// It has hardly any column of the others.
pub(super) fn admit(
    own: &[String],
    headings: &[String],
    (name, first): (&str, &str),
) -> Result<(), ImportError> {
    if are_alike(own, headings) {
        return Ok(());
    }
    let words = format_args!(
        "it would be rows of the same table as {first}, and has other columns ({own}; there {theirs}): give one of them another name with `table:`",
        own = listed(own),
        theirs = listed(headings),
    );
    Err(ImportError::of(name, words))
}

fn listed(headings: &[String]) -> String {
    let named: Vec<String> = headings
        .iter()
        .take(6)
        .map(|name| format!("`{name}`"))
        .collect();
    let more = if headings.len() > named.len() {
        ", …"
    } else {
        ""
    };
    named.join(", ") + more
}
