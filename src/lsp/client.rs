//! What the editor can do, as it says in `initialize`.

use gen_lsp_types::InitializeParams;

use super::position::Encoding;

/// An editor's abilities.
#[derive(Debug, Clone, Default)]
pub struct Client {
    /// How it counts characters.
    pub encoding: Encoding,
    /// What it asks for again when it is told to.
    pub refreshed: Vec<&'static str>,
    /// Whether it takes edits that say which version of a text they are for.
    pub takes_versions: bool,
    /// Whether it takes completions that say where the cursor stands in them.
    pub takes_snippets: bool,
    /// Whether it can be asked to tell when files change on the disk.
    pub watches_files: bool,
}

impl Client {
    pub fn of(params: &InitializeParams) -> Self {
        let capabilities = &params.capabilities;
        let general = capabilities.general.as_ref();
        let offered = general.and_then(|general| general.position_encodings.as_deref());
        let workspace = capabilities.workspace.as_ref();
        let hints = workspace.and_then(|of| of.inlay_hint.as_ref()?.refresh_support);
        let lenses = workspace.and_then(|of| of.code_lens.as_ref()?.refresh_support);
        let known = [
            (hints, "workspace/inlayHint/refresh"),
            (lenses, "workspace/codeLens/refresh"),
        ];
        let known = known.into_iter();
        let known = known.filter(|(is_known, _)| *is_known == Some(true));
        let versions = workspace.and_then(|of| of.workspace_edit.as_ref()?.document_changes);
        let watches =
            workspace.and_then(|of| of.did_change_watched_files.as_ref()?.dynamic_registration);
        let completion = capabilities.text_document.as_ref();
        let completion = completion.and_then(|of| of.completion.as_ref());
        let snippets = completion.and_then(|of| of.completion_item.as_ref()?.snippet_support);
        Self {
            encoding: Encoding::of(offered.unwrap_or_default()),
            refreshed: known.map(|(_, method)| method).collect(),
            takes_versions: versions == Some(true),
            takes_snippets: snippets == Some(true),
            watches_files: watches == Some(true),
        }
    }
}
