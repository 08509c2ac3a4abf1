//! Detects further lists of people besides the one that is read. Each list numbers its own, so that a number may
//! refer to several people.

use std::collections::BTreeSet;

use super::people::class;
use super::tables::Seen;
use super::text::in_line;

/// The tables that look like the people's table: lists with most of its columns.
pub(super) fn alike<'d>(of: &Seen<'_>, tables: &[Seen<'d>]) -> Vec<&'d str> {
    let own = columns(of);
    let is_like = |seen: &&Seen<'_>| {
        let both = columns(seen).intersection(&own).count();
        let is_list =
            seen.name != of.name && seen.profile.view.is_none() && class(seen) >= class(of);
        is_list && own.len() > 1 && both * 10 >= own.len() * 8
    };
    tables
        .iter()
        .filter(is_like)
        .map(|seen| seen.name)
        .collect()
}

fn columns(seen: &Seen<'_>) -> BTreeSet<String> {
    let columns = seen.table.columns.iter();
    columns.map(|column| column.name.to_lowercase()).collect()
}

/// A message that there are such tables, and what that means.
pub(super) fn told(of: &Seen<'_>, alike: &[&str]) -> Option<String> {
    let names: Vec<String> = alike.iter().map(|name| in_line(name)).collect();
    let people = in_line(of.name);
    let look = match names.len() {
        0 => return None,
        1 => "looks like more people, and is",
        _ => "look like more people, and are",
    };
    Some(format!(
        "{} {look} not read: a row of any other table is taken to belong to `{people}` if it has one of its keys. If \
         the files are one table, give them the same `table:` under `import: files:`; if each numbers its own people, use a view \
         that gives them keys of their own",
        names.join(" and ")
    ))
}
