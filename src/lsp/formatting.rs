//! `muster fmt` in the editor.

use gen_lsp_types::{DocumentFormattingParams, TextEdit};

use super::position::Lines;
use super::view::{Refusal, View};

/// What gives the conditions of an open text their form.
pub fn of(
    view: &View<'_>,
    params: DocumentFormattingParams,
) -> Result<Option<Vec<TextEdit>>, Refusal> {
    let uri = &params.text_document.uri;
    // What other programs read is formatted by them.
    let Some(text) = view.own_text(uri)? else {
        return Ok(None);
    };
    let form = crate::fmt::form(&text)
        .map_err(|error| Refusal::because(format!("this is no YAML: {}", error.message)))?;
    let lines = Lines::new(&text, view.client.encoding);
    let edits = form.edits.into_iter().map(|(range, new_text)| TextEdit {
        range: lines.range(range),
        new_text,
    });
    Ok(Some(edits.collect()))
}
