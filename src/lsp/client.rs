//! What the editor supports, as declared in `initialize`.

use gen_lsp_types::InitializeParams;

use super::position::Encoding;

/// The editor's capabilities.
#[derive(Debug, Clone, Default)]
pub struct Client {
    /// The encoding of character positions.
    pub encoding: Encoding,
    /// The features that it can be told to request again.
    pub refreshed: Vec<&'static str>,
    /// Whether it accepts edits that state the version of the text they apply to.
    pub takes_versions: bool,
    /// Whether it accepts completions that state where the cursor goes.
    pub takes_snippets: bool,
    /// Whether it can report file changes on disk.
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
