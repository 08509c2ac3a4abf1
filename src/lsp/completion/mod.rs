//! Completion at the cursor, in an unfinished text.

mod columns;
mod compared;
mod condition;
mod database;
mod given;
mod keys;
mod named;
mod names;
mod offered;
mod values;
mod words;
mod written;

use gen_lsp_types::{
    CompletionItem, CompletionItemKind, CompletionItemTextEdit, CompletionList, CompletionParams,
    CompletionResponse, InsertTextFormat, MarkupContent, MarkupKind, Range, TextEdit,
};

use super::cursor::{Cursor, Stands, cursor};
use super::people::{Column, Text};
use super::position::Lines;
use super::roles::{is_condition, meant};
use super::view::{Refusal, View};
use super::world::World;
use crate::config::marks;
use crate::project::Project;
use crate::reference::{Purpose, is_list};
use crate::source::yaml_quoted;
use named::Named;
use written::Written;

/// The characters that open the completion list, in addition to letters.
pub const TRIGGERS: [&str; 5] = [".", "\"", "(", ":", " "];

/// The completions at the cursor. The texts are current; the names come from the last compiled state.
pub fn completion(
    view: &View<'_>,
    params: CompletionParams,
) -> Result<Option<CompletionResponse>, Refusal> {
    let position = params.text_document_position_params;
    let uri = &position.text_document.uri;
    let text = view.text(uri)?;
    let Some(purpose) = view.purpose(uri) else {
        return Ok(None);
    };
    let lines = Lines::new(&text, view.client.encoding);
    let byte = lines.offset(position.position);
    let place = cursor(&text, byte);
    let keys: Vec<&str> = place.keys.iter().map(String::as_str).collect();
    let named = Named {
        view,
        uri,
        purpose,
        place: &place,
    };
    let items = match meant_as_value(&place, purpose, &keys) {
        Stands::Comment | Stands::Behind => Vec::new(),
        Stands::Value(before) if is_condition(purpose, &keys) => {
            let typed = condition::typed(before);
            let range = lines.range(byte - typed.len()..byte);
            let items = condition::items(view, before).into_iter();
            let items = items.map(|item| in_place(item, range, typed));
            // YAML reserves a backtick at the start of a plain scalar.
            let begins = before.trim_start() == typed;
            let is_plain = matches!(Written::of(&text, byte, before), Written::Plain { .. });
            match begins && is_plain {
                true => items.map(|item| in_yaml_quotes(item, view)).collect(),
                false => items.collect(),
            }
        }
        Stands::Value(before) => {
            let range = lines.range(byte - before.len()..byte);
            let items = names::values(&named, &keys).into_iter();
            items.map(|item| as_value(item, range)).collect()
        }
        Stands::Key(before) => {
            // What follows the cursor may be the rest of a key that already has its colon.
            let behind = text.get(byte..).unwrap_or_default();
            let after = behind.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
            let has_colon = after.starts_with(':');
            let rest = match has_colon && !before.is_empty() {
                true => behind.len() - after.len(),
                false => 0,
            };
            let range = lines.range(byte - before.len()..byte + rest);
            let items = names::keys(&named, &keys).into_iter();
            let mut items: Vec<_> = items.map(|item| as_key(item, range, has_colon)).collect();
            // An item of a list of names.
            if meant(purpose, &keys).is_some() || is_list(purpose, &keys) {
                let names = names::values(&named, &keys).into_iter();
                items.extend(names.map(|item| as_value(item, range)));
            }
            let begins_item = !place.in_item && is_list(purpose, &keys);
            if begins_item {
                behind_sign("- ", items)
            } else {
                items
            }
        }
    };
    let is_glued = |sign| {
        text.get(..byte)
            .is_some_and(|before| before.ends_with(sign))
    };
    let items = match place.stands {
        Stands::Value("") if is_glued(':') => behind_sign(" ", items),
        Stands::Key("") if is_glued('-') => behind_sign(" ", items),
        _ => items,
    };
    Ok(Some(items.into()))
}

/// Interprets text on a line below its key, or in a list item, as a value if only a value can stand there: a condition,
/// or a value of a filter.
fn meant_as_value<'t>(place: &Cursor<'t>, purpose: Purpose, keys: &[&str]) -> Stands<'t> {
    let is_filter = matches!((purpose, keys), (Purpose::Rules, ["segments", "filter", _]));
    match place.stands {
        Stands::Key(before) if is_condition(purpose, keys) => {
            Stands::Value(place.below.unwrap_or(before))
        }
        Stands::Key(before) if is_filter => Stands::Value(before),
        stands => stands,
    }
}

/// Inserts what YAML needs before an item: a `-`, or a blank after an indicator.
fn behind_sign(sign: &str, mut items: Vec<CompletionItem>) -> Vec<CompletionItem> {
    for item in &mut items {
        if let Some(CompletionItemTextEdit::TextEdit(edit)) = &mut item.text_edit {
            edit.new_text.insert_str(0, sign);
        }
    }
    items
}

/// A completion as a YAML value that replaces the typed part.
fn as_value(item: CompletionItem, range: Range) -> CompletionItem {
    CompletionItem {
        text_edit: Some(edit(range, values::in_yaml(&item.label))),
        insert_text: None,
        ..item
    }
}

/// A completion as a key that replaces the typed part.
fn as_key(item: CompletionItem, range: Range, has_colon: bool) -> CompletionItem {
    let colon = if has_colon { "" } else { ": " };
    let key = values::in_yaml(&item.label);
    CompletionItem {
        text_edit: Some(edit(range, key + colon)),
        insert_text: None,
        ..item
    }
}

/// Where a text is inserted.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// The YAML style of the surrounding condition; `None` for a plain YAML value.
    written: Option<Written>,
    /// The range of the part already written.
    range: Range,
    /// The quote used in the condition.
    quote: char,
    /// Whether counts of people are shown: not if one row or some rows are meant.
    is_counted: bool,
}

/// The column to complete texts from at the cursor (inside quotes after a comparison), where they are inserted, and the
/// typed part.
pub fn compared(view: &View<'_>, params: &CompletionParams) -> Option<(Column, Target, String)> {
    let position = &params.text_document_position_params;
    let text = view.text(&position.text_document.uri).ok()?;
    let purpose = view.purpose(&position.text_document.uri)?;
    let lines = Lines::new(&text, view.client.encoding);
    let byte = lines.offset(position.position);
    let place = cursor(&text, byte);
    let keys: Vec<&str> = place.keys.iter().map(String::as_str).collect();
    let Stands::Value(before) = meant_as_value(&place, purpose, &keys) else {
        return None;
    };
    let project = view.names.and_then(World::project)?;
    if let Some((column, is_whole)) = values::column_of_field(project, purpose, &keys) {
        let target = Target {
            written: None,
            range: lines.range(byte - before.len()..byte),
            quote: '"',
            is_counted: is_whole,
        };
        let typed = before.trim_start_matches(['"', '\'']).to_owned();
        return Some((column, target, typed));
    }
    let column = is_condition(purpose, &keys).then(|| compared::column(project, before));
    let (column, is_counted) = column.flatten()?;
    let written = Written::of(&text, byte, before);
    let (quote, typed) = compared::typed_text(before)?;
    let raw = written.text(&typed).unwrap_or_default();
    let raw = Some(raw).filter(|raw| before.ends_with(raw.as_str()));
    let start = byte - raw.map_or(0, |raw| raw.len());
    let target = Target {
        written: Some(written),
        range: lines.range(start..byte),
        quote,
        is_counted,
    };
    Some((column, target, typed))
}

/// Completions for texts of a column; the list may be incomplete.
pub fn of_texts(
    (texts, is_cut): (Vec<Text>, bool),
    target: Target,
    project: &Project,
) -> CompletionResponse {
    let marks = marks(project.config.locale);
    let subject = &project.config.subject;
    let items = texts
        .into_iter()
        .enumerate()
        .filter_map(|(place, (text, count))| {
            let new_text = match target.written {
                Some(written) => {
                    let doubled = format!("{0}{0}", target.quote);
                    written.text(&text.replace(target.quote, &doubled))?
                }
                None => values::in_yaml(&text),
            };
            let detail = count
                .filter(|_| target.is_counted)
                .map(|count| subject.counted(usize::try_from(count).unwrap_or(usize::MAX), &marks));
            Some(CompletionItem {
                text_edit: Some(edit(target.range, new_text)),
                sort_text: Some(format!("{place:04}")),
                ..item(&text, CompletionItemKind::Value, detail.unwrap_or_default())
            })
        });
    let items: Vec<CompletionItem> = items.collect();
    match is_cut {
        false => items.into(),
        true => CompletionList {
            is_incomplete: true,
            items,
            ..CompletionList::default()
        }
        .into(),
    }
}

/// A completion that replaces the typed part.
fn in_place(item: CompletionItem, range: Range, typed: &str) -> CompletionItem {
    let new_text = item.insert_text.clone();
    let new_text = new_text.unwrap_or_else(|| item.label.clone());
    let in_backticks = || match new_text.starts_with('`') {
        true => new_text.clone(),
        false => format!("`{new_text}`"),
    };
    // Editors match the label or the filter text with what is typed, so it must include a leading backtick.
    let (label, new_text) = match typed.starts_with('`') {
        true => (in_backticks(), in_backticks()),
        false => (item.label.clone(), new_text),
    };
    CompletionItem {
        label,
        text_edit: Some(edit(range, new_text)),
        insert_text: None,
        ..item
    }
}

/// A completion that starts a YAML scalar: if it begins with a backtick it is put in YAML quotes, with the cursor
/// before the closing one if the editor supports that.
fn in_yaml_quotes(mut item: CompletionItem, view: &View<'_>) -> CompletionItem {
    let Some(CompletionItemTextEdit::TextEdit(edit)) = &mut item.text_edit else {
        return item;
    };
    if !edit.new_text.starts_with('`') {
        return item;
    }
    let quoted = yaml_quoted(&edit.new_text);
    edit.new_text = match quoted.split_at_checked(quoted.len() - 1) {
        Some((before, quote)) if view.client.takes_snippets => {
            item.insert_text_format = Some(InsertTextFormat::Snippet);
            let escaped = before.replace('\\', "\\\\").replace('$', "\\$");
            format!("{}$0{quote}", escaped.replace('}', "\\}"))
        }
        _ => quoted,
    };
    item
}

fn edit(range: Range, new_text: String) -> CompletionItemTextEdit {
    TextEdit { range, new_text }.into()
}

/// A completion item.
fn item(label: &str, kind: CompletionItemKind, detail: impl Into<String>) -> CompletionItem {
    let detail = detail.into();
    CompletionItem {
        label: label.to_owned(),
        kind: Some(kind),
        detail: (!detail.is_empty()).then_some(detail),
        ..CompletionItem::default()
    }
}

/// The item with documentation in Markdown.
fn documented(item: CompletionItem, words: &str) -> CompletionItem {
    let documentation = (!words.is_empty()).then(|| {
        MarkupContent {
            kind: MarkupKind::Markdown,
            value: words.to_owned(),
        }
        .into()
    });
    CompletionItem {
        documentation,
        ..item
    }
}
