//! The text in quotes that the cursor stands in, and the column that it is compared with.

use super::condition::row_of_metric;
use super::words::Words;
use super::written::Written;
use crate::language::Token;
use crate::lsp::people::Column;
use crate::project::Project;

/// The text in quotes of which a part stands right before the cursor, as it is meant, behind its quote.
pub fn typed_text(before: &str) -> Option<(char, String)> {
    let meant = Written::meant(before);
    let words = Words::of(&meant);
    let mut typed = words.in_quotes().then(|| words.typed().chars())?;
    Some((typed.next()?, typed.collect()))
}

/// The column that a text is compared with whose beginning stands before the cursor, and whether it is compared with all that
/// people have of it: not with one of their rows, or some.
pub fn column(project: &Project, before: &str) -> Option<(Column, bool)> {
    let meant = Written::meant(before);
    let words = Words::of(&meant);
    if !words.in_quotes() {
        return None;
    }
    let mut behind = 0;
    if words.is(0, &["with"]) && words.is(1, &["starts", "ends"]) {
        behind = 1;
    } else if !words.is(0, &["=", "!=", "contains"]) {
        // `name in ("a", "`
        let mut open = 0;
        while matches!(words.back(open), ",") || words.kind(open) == Some(Token::Quoted) {
            open += 1;
        }
        if words.back(open) != "(" || !words.is(open + 1, &["in"]) {
            return None;
        }
        behind = open + 1 + usize::from(words.is(open + 2, &["not"]));
    }
    let name = words.back(behind + 1).trim_matches('`').to_owned();
    let row = words.row_of(project);
    if words.back(behind + 2) == "." {
        let owner = words.back(behind + 3).trim_matches('`').to_owned();
        let catalog = &project.catalog;
        // `first(visits).`, and a metric that is such a row.
        let one_row = match owner.as_str() {
            ")" => words.call_before(behind + 3, project),
            owner => row_of_metric(owner, project),
        };
        if let Some(collection) = one_row {
            let of = Some(collection.name.clone());
            let column = Column {
                of,
                lookup: None,
                name,
            };
            return Some((column, false));
        }
        // `visits.class.category`
        let before = words.back(behind + 5).trim_matches('`');
        let mut collections = catalog.collections.iter();
        let outer = collections.find(|c| words.back(behind + 4) == "." && c.name == before);
        let holder = outer.or(row);
        let holder = holder.filter(|c| c.entity.lookups.contains_key(&owner));
        let (of, lookup) = match holder {
            Some(collection) => (Some(collection.name.clone()), Some(owner)),
            None if catalog.subject.lookups.contains_key(&owner) => (None, Some(owner)),
            None => ((owner != catalog.subject_name).then_some(owner), None),
        };
        return Some((Column { of, lookup, name }, words.are_all_rows()));
    }
    let row = row.filter(|row| {
        row.entity
            .columns
            .keys()
            .any(|c| c.eq_ignore_ascii_case(&name))
    });
    let column = Column {
        of: row.map(|row| row.name.clone()),
        lookup: None,
        name,
    };
    Some((column, words.are_all_rows()))
}
