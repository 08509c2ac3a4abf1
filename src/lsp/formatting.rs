//! `muster fmt` in the editor.

use gen_lsp_types::{DocumentFormattingParams, TextEdit};

use super::position::Lines;
use super::view::{Refusal, View};

/// The edits that format the conditions of an open text.
pub fn of(
    view: &View<'_>,
    params: DocumentFormattingParams,
) -> Result<Option<Vec<TextEdit>>, Refusal> {
    let uri = &params.text_document.uri;
    // Other programs format their own files.
    let Some(text) = view.own_text(uri)? else {
        return Ok(None);
    };
    // A syntax error is already reported as a finding; an error here would add a second message on each save.
    let Ok(form) = crate::fmt::form(&text) else {
        return Ok(None);
    };
    let lines = Lines::new(&text, view.client.encoding);
    let edits = form.edits.into_iter().map(|(range, new_text)| TextEdit {
        range: lines.range(range),
        new_text,
    });
    Ok(Some(edits.collect()))
}
