//! The headings of several files.

use crate::import::ImportError;
use crate::import::source::Unit;
use crate::value::is_same_name;

/// The index of a column among headings, ignoring case.
pub(in crate::import) fn place_in(headings: &[String], name: &str) -> Option<usize> {
    headings.iter().position(|known| is_same_name(known, name))
}

/// Whether two lists of headings belong to one table: they share more than half.
pub(in crate::import) fn are_alike(one: &[String], other: &[String]) -> bool {
    let is_shared = |name: &&String| place_in(other, name).is_some();
    let shared = one.iter().filter(is_shared).count();
    shared * 2 > one.len().max(other.len())
}

/// Which of several lists of headings decides what the others of a table have to be like: the first one, unless most are like another. Each list
/// comes with whether config names its file itself, which makes it certain that the file belongs to the table.
pub(in crate::import) fn decisive(lists: &[(Vec<String>, bool)]) -> Option<usize> {
    let is_any_sure = lists.iter().any(|(_, is_sure)| *is_sure);
    let alike = |one: &[String]| {
        let others = lists.iter();
        others.filter(|(other, _)| are_alike(one, other)).count()
    };
    let may_be = |(own, is_sure): &(Vec<String>, bool)| !own.is_empty() && *is_sure == is_any_sure;
    let counts = lists.iter().enumerate().filter(|(_, list)| may_be(list));
    let mut counts = counts.map(|(at, (own, _))| (at, alike(own)));
    let first = counts.next()?;
    if first.1 * 2 >= lists.len() {
        return Some(first.0);
    }
    // If several are equal, the first.
    let most = counts.fold(first, |most, one| if one.1 > most.1 { one } else { most });
    Some(most.0)
}

/// Checks that a file belongs to the table. The error does not quote its first line: if the headings are lost, that line is about a person.
///
/// # Errors
/// It has hardly any column in common with the others.
pub(super) fn admit(
    own: &[String],
    headings: &[String],
    (name, first): (&str, &str),
    unit: Unit,
) -> Result<(), ImportError> {
    if are_alike(own, headings) {
        return Ok(());
    }
    let theirs = listed(headings);
    if own.is_empty() {
        return Err(lost(headings, (name, first), unit));
    }
    let shared = own.iter().filter(|name| place_in(headings, name).is_some());
    let has = match shared.count() {
        0 => "none of the headings".to_owned(),
        shared => format!("only {shared} of the headings"),
    };
    let words = format_args!(
        "it would be rows of the same table as {first}, but its first line has {has} there ({theirs}): export it with its headings if they are \
         lost, write `columns:` for it if they are renamed, or give it another name with `table:`"
    );
    Err(ImportError::of(name, words))
}

/// The error that a file has lost its headings, which another file of its table has.
pub(in crate::import) fn lost(
    headings: &[String],
    (name, first): (&str, &str),
    unit: Unit,
) -> ImportError {
    let words = format_args!(
        "its first line looks like data, and {first}, of the same table, has headings ({}): {}",
        listed(headings),
        unit.with_headings()
    );
    ImportError::of(name, words)
}

/// The first headings, for messages.
pub(in crate::import) fn listed(headings: &[String]) -> String {
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
