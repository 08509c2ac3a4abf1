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
    // Of what cannot be read a finding tells already; an error would be one more at each saving.
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
