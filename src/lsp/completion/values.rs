//! Completion of values from the data.

use gen_lsp_types::{CompletionItem, CompletionItemKind};

use super::words::Words;
use super::{compared, item};
use crate::config::FieldSource;
use crate::language::{Token, tokens};
use crate::reference::Purpose;

use crate::lsp::people::Column;
use crate::lsp::view::View;
use crate::lsp::world::World;
use crate::project::Project;
use crate::source::yaml_quoted;

/// The values of the field that a filter restricts; `None` if the cursor is not in a filter.
pub fn of_field(view: &View<'_>, purpose: Purpose, keys: &[&str]) -> Option<Vec<CompletionItem>> {
    let (Purpose::Rules, ["segments", "filter", id]) = (purpose, keys) else {
        return None;
    };
    let project = view.names.and_then(World::project)?;
    let field = project.config.fields.iter().find(|f| f.id.value == *id)?;
    let values = field.values.iter().flatten();
    let values = values.map(|value| item(&value.value, CompletionItemKind::Value, &*field.label));
    Some(values.collect())
}

/// The column whose texts are the values of the filter's field, and whether it covers all of a person's rows. `None` if
/// the field lists its values, or computes them from more than a column.
pub fn column_of_field(
    project: &Project,
    purpose: Purpose,
    keys: &[&str],
) -> Option<(Column, bool)> {
    let (Purpose::Rules, ["segments", "filter", id]) = (purpose, keys) else {
        return None;
    };
    let field = project.config.fields.iter().find(|f| f.id.value == *id)?;
    if field.values.is_some() {
        return None;
    }
    let mut is_whole = true;
    let begun = match &field.source {
        FieldSource::One(one) if is_column(&one.value) => format!("{} = \"", one.value),
        FieldSource::Any { rows, of, .. } if is_column(&of.value) => {
            let words = Words::of(&rows.value);
            is_whole = words.all.len() == 1;
            let collection = words.collection_in(0..words.all.len(), project)?;
            format!("exists({} where {} = \"", collection.name, of.value)
        }
        FieldSource::One(_) | FieldSource::Any { .. } => return None,
    };
    let (column, is_all) = compared::column(project, &begun)?;
    Some((column, is_whole && is_all))
}

/// Whether an expression is a bare column: `plan`, `class.category`.
fn is_column(expression: &str) -> bool {
    let mut tokens = tokens(expression);
    tokens.all(|(token, range)| match token {
        Token::Word => true,
        Token::Quoted => expression
            .get(range)
            .is_some_and(|word| word.starts_with('`')),
        _ => expression.get(range) == Some("."),
    })
}

/// A text as a YAML value.
pub fn in_yaml(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || " _-.".contains(c);
    let is_word = |c: char| c.is_alphabetic();
    match text != "null"
        && text.starts_with(is_word)
        && text.chars().all(is_plain)
        && !text.ends_with([' ', '.'])
    {
        true => text.to_owned(),
        false => yaml_quoted(text),
    }
}
