//! Completion in a condition, by the words before the cursor.

use gen_lsp_types::{CompletionItem, CompletionItemKind};

use super::columns::{at, columns, of_lookup};
use super::offered::{BEGINNINGS, BEHIND_IN, OPERATORS, UNITS};
use super::words::Words;
use super::written::Written;
use super::{documented, item};
use crate::config::HEALTH;
use crate::language::functions::{Family, entries};
use crate::language::{Token, comments};
use crate::lsp::view::View;
use crate::lsp::world::World;
use crate::project::Project;

/// The completions after a text.
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

/// The unfinished name or word right before the cursor; empty if there is none, or if it contains escapes.
pub fn typed(before: &str) -> &str {
    let meant = Written::meant(before);
    let typed = Words::of(&meant).typed();
    let from = before.len().checked_sub(typed.len());
    let raw = from.and_then(|from| before.get(from..));
    raw.filter(|raw| *raw == typed).unwrap_or_default()
}

/// Whether a text ends inside a comment.
fn in_comment(text: &str) -> bool {
    let last = comments(text).pop();
    let behind = last.and_then(|last| text.get(last.end..));
    behind.is_some_and(|behind| !behind.contains('\n'))
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

/// Everything that can start a value.
fn beginnings(words: &Words<'_>, project: &Project) -> Vec<CompletionItem> {
    let catalog = &project.catalog;
    let mut items = Vec::new();
    if let Some(row) = words.row_of(project) {
        items.extend(columns(&row.entity));
        items.extend(at(row));
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

/// Completions after a dot: columns of a collection, of the subject, of a lookup, or of a row returned by a call.
fn fields(words: &Words<'_>, project: &Project) -> Vec<CompletionItem> {
    let catalog = &project.catalog;
    let owner = words.back(1).trim_matches('`');
    if owner == catalog.subject_name {
        return columns(&catalog.subject);
    }
    // A lookup may follow its rows: `visits.class.`, `last(visits).class.`
    let outer = words.rows(3, project).filter(|_| words.back(2) == ".");
    let outer = outer.map(|(rows, _)| &rows.entity);
    let row = words.row_of(project).map(|row| &row.entity);
    let entities = outer.into_iter().chain(row).chain([&catalog.subject]);
    let lookup = entities
        .into_iter()
        .find_map(|entity| entity.lookups.get(owner));
    let rows = words.rows(1, project);
    match (rows, lookup) {
        // A collection takes precedence over a lookup of the same name, and the lookup over a metric.
        (Some((rows, true)), _) | (Some((rows, false)), None) => {
            columns(&rows.entity).into_iter().chain(at(rows)).collect()
        }
        (_, Some(lookup)) => of_lookup(lookup),
        (None, None) => Vec::new(),
    }
}

/// Every function with its signatures, its meaning and an example.
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
