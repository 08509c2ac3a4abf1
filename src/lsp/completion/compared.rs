//! The quoted text at the cursor, and the column that it is compared with.

use super::words::Words;
use super::written::Written;
use crate::catalog::Collection;
use crate::language::Token;
use crate::lsp::people::Column;
use crate::project::Project;

/// The unfinished quoted text right before the cursor: its quote and its unescaped content.
pub fn typed_text(before: &str) -> Option<(char, String)> {
    let meant = Written::meant(before);
    let words = Words::of(&meant);
    let mut typed = words.in_quotes().then(|| words.typed().chars())?;
    Some((typed.next()?, typed.collect()))
}

/// The column that the quoted text at the cursor is compared with, and whether the comparison covers all of a person's
/// rows rather than one or some of them.
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
        // `visits.class.category`, `last(visits).class.category`
        let outer = words.rows(behind + 5, project);
        let outer = outer.filter(|_| words.back(behind + 4) == ".");
        let looked_up = |rows: &&Collection| rows.entity.lookups.contains_key(&owner);
        let holder = outer.map(|(rows, _)| rows).or(row).filter(looked_up);
        let is_one = outer.is_some_and(|(_, all)| !all);
        let of = |rows: &Collection| Some(rows.name.clone());
        let (of, lookup, is_one) = match (words.rows(behind + 3, project), holder) {
            // `first(visits).`, and a metric that is such a row.
            (Some((rows, false)), None) => (of(rows), None, true),
            (_, Some(rows)) => (of(rows), Some(owner), is_one),
            _ if catalog.subject.lookups.contains_key(&owner) => (None, Some(owner), false),
            _ => (
                (owner != catalog.subject_name).then_some(owner),
                None,
                false,
            ),
        };
        let column = Column { of, lookup, name };
        return Some((column, !is_one && words.are_all_rows()));
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
