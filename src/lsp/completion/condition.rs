//! What fits in a condition, by the words before the cursor.

use gen_lsp_types::{CompletionItem, CompletionItemKind};

use super::words::Words;
use super::written::Written;
use super::{documented, item};
use crate::catalog::{Collection, ColumnState, Entity};
use crate::config::HEALTH;
use crate::language::check::MetricDefinition;
use crate::language::functions::{Family, entries};
use crate::language::{Token, comments, is_bare};
use crate::lsp::people::Column;
use crate::lsp::view::View;
use crate::lsp::world::World;
use crate::project::Project;

/// Units of time, as they stand behind a number.
const UNITS: [&str; 7] = [
    "minutes", "hours", "days", "weeks", "months", "quarters", "years",
];
/// Windows and what else stands behind `in`.
const BEHIND_IN: [&str; 14] = [
    "last 30 days",
    "previous 30 days",
    "next 14 days",
    "today",
    "this week",
    "this month",
    "this quarter",
    "this year",
    "last calendar month",
    "last calendar year",
    "this fiscal year",
    "last fiscal year",
    "segment",
    "list",
];
/// What stands behind a value.
const OPERATORS: [&str; 17] = [
    "and",
    "or",
    "is missing",
    "is present",
    "between",
    "in",
    "contains",
    "starts with",
    "ends with",
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "where",
    "within",
];
/// What begins a value or a condition.
const BEGINNINGS: [&str; 10] = [
    "not",
    "top",
    "bottom",
    "in segment",
    "in list",
    "yes",
    "no",
    "now",
    "today",
    "missing",
];

/// What fits behind a text.
pub fn items(view: &View<'_>, before: &str) -> Vec<CompletionItem> {
    let Some(project) = view.names.and_then(World::project) else {
        return Vec::new();
    };
    let meant = Written::meant(before);
    let words = Words::of(&meant);
    if words.in_quotes() || in_comment(&meant) {
        return Vec::new();
    }
    if words.back(0) == "." {
        return fields(&words, project);
    }
    if words.is(0, &["segment"]) && words.is(1, &["in"]) {
        let segments = project.rules.segments.iter();
        let reference = CompletionItemKind::Reference;
        return segments
            .map(|s| item(&s.id.value, reference, &*s.name))
            .collect();
    }
    if words.is(0, &["list"]) && words.is(1, &["in"]) {
        let lists = project.catalog.lists.iter();
        return lists
            .map(|l| item(&l.name, CompletionItemKind::Reference, "list"))
            .collect();
    }
    if words.is(0, &["within"]) {
        let scopes = project.catalog.scopes.iter();
        let scopes =
            scopes.map(|(name, path)| item(name, CompletionItemKind::Reference, path.join(".")));
        let everyone = item("everyone", CompletionItemKind::Keyword, "");
        return scopes.chain([everyone]).collect();
    }
    if words.is(0, &["in"]) {
        return keywords(&BEHIND_IN);
    }
    if words.is(0, &["last", "previous", "next"]) && words.is(1, &["in"]) {
        return keywords(&[
            "7 days",
            "30 days",
            "12 months",
            "calendar month",
            "fiscal year",
        ]);
    }
    if words.is(0, &["top", "bottom"]) {
        return keywords(&["10%", "20%", "100"]);
    }
    let is_percent = usize::from(words.back(0) == "%");
    if words.is(is_percent + 1, &["top", "bottom"]) {
        return keywords(&["by"]);
    }
    if words.is(0, &["contains", "with"]) {
        let mut items = keywords(&["any of"]);
        items.extend(beginnings(&words, project));
        return items;
    }
    let is_number = words.back(0).starts_with(|c: char| c.is_ascii_digit());
    if is_number && words.kind(0) == Some(Token::Word) {
        let mut items = keywords(&UNITS);
        items.extend(keywords(&OPERATORS));
        return items;
    }
    if words.is(0, &UNITS) || words.is(0, &["day", "month", "year", "week"]) {
        let mut items = keywords(&["ago", "from now"]);
        items.extend(keywords(&OPERATORS));
        return items;
    }
    if ends_value(&words) {
        return keywords(&OPERATORS);
    }
    beginnings(&words, project)
}

/// The name or word of which a part stands right before the cursor; empty where none does, or it is not written as it is meant.
pub fn typed(before: &str) -> &str {
    let meant = Written::meant(before);
    let typed = Words::of(&meant).typed();
    let from = before.len().checked_sub(typed.len());
    let raw = from.and_then(|from| before.get(from..));
    raw.filter(|raw| *raw == typed).unwrap_or_default()
}

/// The text in quotes of which a part stands right before the cursor, as it is meant, behind its quote.
pub fn typed_text(before: &str) -> Option<(char, String)> {
    let meant = Written::meant(before);
    let words = Words::of(&meant);
    let mut typed = words.in_quotes().then(|| words.typed().chars())?;
    Some((typed.next()?, typed.collect()))
}

/// Whether a text is compared with a column of all rows, so that whoever has one in any row counts.
pub fn means_all_rows(before: &str) -> bool {
    Words::of(&Written::meant(before)).are_all_rows()
}

/// Whether a text ends in a comment.
fn in_comment(text: &str) -> bool {
    let last = comments(text).pop();
    last.is_some_and(|last| last.end == text.len())
}

/// The column that a text is compared with whose beginning stands before the cursor.
pub fn compared(project: &Project, before: &str) -> Option<Column> {
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
            return Some(Column {
                of,
                lookup: None,
                name,
            });
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
        return Some(Column { of, lookup, name });
    }
    let row = row.filter(|row| {
        row.entity
            .columns
            .keys()
            .any(|c| c.eq_ignore_ascii_case(&name))
    });
    let of = row.map(|row| row.name.clone());
    Some(Column {
        of,
        lookup: None,
        name,
    })
}

/// Whether a value ends before the cursor, so that an operator follows.
fn ends_value(words: &Words<'_>) -> bool {
    let is_operator = || {
        let word = words.back(0);
        let known = [
            "and", "or", "not", "between", "contains", "with", "where", "by", "is", "distinct",
            "since", "from", "to",
        ];
        known.iter().any(|one| one.eq_ignore_ascii_case(word))
    };
    match words.kind(0) {
        Some(Token::Close | Token::Quoted) => true,
        Some(Token::Word) => !is_operator(),
        Some(Token::Sign) => words.back(0) == "%",
        _ => false,
    }
}

fn keywords(words: &[&str]) -> Vec<CompletionItem> {
    let words = words.iter();
    words
        .map(|word| item(word, CompletionItemKind::Keyword, ""))
        .collect()
}

/// Everything that can begin a value.
fn beginnings(words: &Words<'_>, project: &Project) -> Vec<CompletionItem> {
    let catalog = &project.catalog;
    let mut items = Vec::new();
    if let Some(row) = words.row_of(project) {
        items.extend(columns(&row.entity));
        items.extend(
            row.at
                .iter()
                .map(|_| item("at", CompletionItemKind::Field, "when the row was")),
        );
    }
    let metrics = project.rules.metrics.iter();
    items.extend(metrics.map(|metric| {
        let entry = item(&metric.name.value, CompletionItemKind::Variable, "metric");
        documented(entry, &format!("```\n{}\n```", metric.text.value.trim()))
    }));
    items.extend(catalog.collections.iter().map(|collection| {
        let detail = format!("rows of {}", collection.entity.table);
        item(&collection.name, CompletionItemKind::Class, detail)
    }));
    items.extend(columns(&catalog.subject));
    items.push(item(
        &catalog.subject_name,
        CompletionItemKind::Class,
        "the subject itself",
    ));
    if project.config.health.is_some() {
        items.push(item(
            HEALTH,
            CompletionItemKind::Variable,
            "the health score",
        ));
    }
    items.extend(functions());
    items.extend(keywords(&BEGINNINGS));
    let mut known = std::collections::HashSet::new();
    items.retain(|item| known.insert(item.label.clone()));
    items
}

/// What stands behind a point: columns of a collection, of the subject, of a lookup or of a row that a call gives.
fn fields(words: &Words<'_>, project: &Project) -> Vec<CompletionItem> {
    let catalog = &project.catalog;
    let owner = words.back(1).trim_matches('`');
    let with_time = |collection: &Collection| {
        let mut items = columns(&collection.entity);
        let at = collection.at.iter();
        items.extend(at.map(|_| item("at", CompletionItemKind::Field, "when the row was")));
        items
    };
    if owner == ")" {
        // `first(visits).`
        let collection = words.call_before(1, project);
        return collection.map_or_else(Vec::new, with_time);
    }
    if owner == catalog.subject_name {
        return columns(&catalog.subject);
    }
    if let Some(collection) = catalog.collections.iter().find(|c| c.name == owner) {
        return with_time(collection);
    }
    let row = words.row_of(project).map(|row| &row.entity);
    // A lookup may stand behind its collection: `visits.class.`
    let before = words.back(3).trim_matches('`');
    let of_collection = catalog
        .collections
        .iter()
        .find(|c| words.back(2) == "." && c.name == before);
    let entities = of_collection
        .map(|c| &c.entity)
        .into_iter()
        .chain(row)
        .chain([&catalog.subject]);
    let lookup = entities
        .into_iter()
        .find_map(|entity| entity.lookups.get(owner));
    if let Some(lookup) = lookup {
        return lookup
            .columns
            .iter()
            .map(|(name, state)| column(name, state))
            .collect();
    }
    // A metric that is a row: `last_package.`
    row_of_metric(owner, project).map_or_else(Vec::new, with_time)
}

/// The collection that a metric is a row of; none where it is none.
fn row_of_metric<'p>(name: &str, project: &'p Project) -> Option<&'p Collection> {
    let checked = project.checked.metrics.iter().find(|m| m.name == name)?;
    let MetricDefinition::Row(_) = &checked.definition else {
        return None;
    };
    let metric = project
        .rules
        .metrics
        .iter()
        .find(|m| m.name.value == name)?;
    let text = Words::of(&metric.text.value);
    text.collection_in(0..text.all.len(), project)
}

/// The columns of a table, and its lookups.
fn columns(entity: &Entity) -> Vec<CompletionItem> {
    let own = entity
        .columns
        .iter()
        .map(|(name, state)| column(name, state));
    let lookups = entity.lookups.iter().map(|(name, lookup)| {
        item(
            name,
            CompletionItemKind::Module,
            format!("a row of {}", lookup.table),
        )
    });
    own.chain(lookups).collect()
}

fn column(name: &str, state: &ColumnState) -> CompletionItem {
    let detail = match state {
        ColumnState::Present(ty) => ty.value_type().name().to_owned(),
        ColumnState::Untyped => "its type is not declared".to_owned(),
        ColumnState::Gone(reason) => reason.clone(),
    };
    let written = match is_bare(name) {
        true => name.to_owned(),
        false => format!("`{}`", name.replace('`', "``")),
    };
    CompletionItem {
        insert_text: Some(written),
        ..item(name, CompletionItemKind::Field, detail)
    }
}

/// Every function with its forms, what it answers and an example.
fn functions() -> impl Iterator<Item = CompletionItem> {
    let families = [Family::Values, Family::Rows, Family::Population];
    let entries = families.into_iter().flat_map(entries);
    entries.map(|entry| {
        let words = format!("{}\n\n```\n{}\n```", entry.meaning, entry.example);
        let forms = entry.signatures.join("   ");
        documented(
            item(entry.name, CompletionItemKind::Function, forms),
            &words,
        )
    })
}

#[cfg(test)]
mod tests {
    use super::{BEGINNINGS, BEHIND_IN, OPERATORS, UNITS};
    use crate::reference::{is_word, words};

    /// What is offered is in the reference, and what is in the reference is offered somewhere.
    #[test]
    fn the_words_are_those_of_the_reference() {
        let lists = [&UNITS[..], &BEHIND_IN, &OPERATORS, &BEGINNINGS].concat();
        let offered: Vec<&str> = lists.iter().flat_map(|words| words.split(' ')).collect();
        let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
        for word in &offered {
            assert!(is_word(word) || is_number(word), "{word}");
        }
        // Offered behind others, or known by their signs alone.
        let elsewhere = [
            "any", "of", "ago", "from", "by", "everyone", "distinct", "since", "to", "true",
            "false", "+", "-", "*", "/", "%",
        ];
        let known = words().flat_map(|words| words.split(' '));
        for word in known.filter(|word| !elsewhere.contains(word)) {
            let is_it = |one: &&str| *one == word || one.strip_suffix('s') == Some(word);
            assert!(offered.iter().any(|one| is_it(one)), "{word}");
        }
    }
}
