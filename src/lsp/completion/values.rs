//! Values that the data has.

use gen_lsp_types::{CompletionItem, CompletionItemKind};

use super::item;
use crate::lsp::outline::Purpose;
use crate::lsp::view::View;
use crate::lsp::world::World;
use crate::source::yaml_quoted;

/// The values of the field that a filter is written for; none where the place is no filter.
pub fn of_field(view: &View<'_>, purpose: Purpose, keys: &[&str]) -> Option<Vec<CompletionItem>> {
    let (Purpose::Rules, ["segments", "filter", id]) = (purpose, keys) else {
        return None;
    };
    let project = view.names.and_then(World::project)?;
    let field = project.config.fields.iter().find(|f| f.id.value == *id)?;
    let values = field.values.iter().flatten();
    let values = values.map(|value| {
        let is_plain = |c: char| c.is_alphanumeric() || " _-".contains(c);
        let text = match value.value.chars().all(is_plain) {
            true => value.value.clone(),
            false => yaml_quoted(&value.value),
        };
        CompletionItem {
            insert_text: Some(text),
            ..item(&value.value, CompletionItemKind::Value, &*field.label)
        }
    });
    Some(values.collect())
}
