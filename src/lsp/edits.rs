//! Edits of several files in LSP form.

use std::collections::{BTreeMap, HashMap};

use gen_lsp_types::{
    DocumentChange, Edit, OptionalVersionedTextDocumentIdentifier, TextDocumentEdit,
    TextDocumentIdentifier, TextEdit, Uri, WorkspaceEdit,
};

use super::view::View;
use super::world::World;
use crate::source::Location;

/// Replaces the text at some locations of a world. If the editor supports it, the versions of the texts are included,
/// so that it does not apply the edits to newer ones.
pub fn workspace<'e>(
    edits: impl IntoIterator<Item = (Location, &'e str)>,
    world: &World,
    view: &View<'_>,
) -> WorkspaceEdit {
    let mut files: BTreeMap<String, Vec<TextEdit>> = BTreeMap::new();
    for (place, text) in edits {
        if let Some(place) = world.place(place, view.client.encoding) {
            files.entry(place.uri.0).or_default().push(TextEdit {
                range: place.range,
                new_text: text.to_owned(),
            });
        }
    }
    let files = files.into_iter().map(|(uri, edits)| (Uri(uri), edits));
    if !view.client.takes_versions {
        return WorkspaceEdit {
            changes: Some(files.collect::<HashMap<_, _>>()),
            ..WorkspaceEdit::default()
        };
    }
    let changes = files.map(|(uri, edits)| {
        DocumentChange::from(TextDocumentEdit {
            text_document: OptionalVersionedTextDocumentIdentifier {
                version: world.texts.get(&uri).map(|text| text.version),
                text_document_identifier: TextDocumentIdentifier { uri },
            },
            edits: edits.into_iter().map(Edit::from).collect(),
        })
    });
    WorkspaceEdit {
        document_changes: Some(changes.collect()),
        ..WorkspaceEdit::default()
    }
}
