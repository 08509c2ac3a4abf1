//! The features of the server: the method of each, and the function that answers it.

use std::path::PathBuf;

use gen_lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionRequest, CodeLensOptions, CodeLensRequest,
    CompletionOptions, CompletionRequest, DefinitionRequest, DocumentFormattingRequest,
    DocumentHighlightRequest, DocumentSymbolRequest, ExecuteCommandOptions, FoldingRangeRequest,
    HoverRequest, InitializeParams, InlayHintRequest, PrepareRenameRequest, ReferencesRequest,
    RenameOptions, RenameRequest, SaveOptions, SelectionRangeRequest, SemanticTokensLegend,
    SemanticTokensOptions, SemanticTokensRequest, ServerCapabilities, TextDocumentContentOptions,
    TextDocumentContentRequest, TextDocumentSyncKind, TextDocumentSyncOptions, WorkspaceFolders,
    WorkspaceOptions,
};
use lsp_server::ErrorCode;
use serde_json::Value;

use super::commands::Command;
use super::folder::path_of;
use super::position::Encoding;
use super::view::{Refusal, View};
use super::{
    completion, fixes, formatting, hints, hover, lenses, navigation, pages, rename, symbols, tokens,
};

type Give = fn(&View<'_>, Value) -> Result<Value, Refusal>;

/// The handler of a request.
#[derive(Debug, Clone, Copy)]
pub struct Answer {
    give: Give,
    goes_by: GoesBy,
}

/// What a handler depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum GoesBy {
    /// The open texts, and the last compiled state.
    Texts,
    /// The compiled state of the newest texts.
    World,
    /// The same, including the current files on disk, because the result edits them.
    Disk,
}

impl Answer {
    /// Handles a request.
    ///
    /// # Errors
    /// The parameters are invalid, or the request cannot be carried out.
    pub fn give(self, view: &View<'_>, params: Value) -> Result<Value, Refusal> {
        (self.give)(view, params)
    }

    /// Whether it needs the compiled state of the newest texts, and waits for it.
    pub fn waits(self) -> bool {
        self.goes_by != GoesBy::Texts
    }

    /// Whether the files on disk must be checked for changes: not every editor reports them.
    pub fn goes_by_disk(self) -> bool {
        self.goes_by == GoesBy::Disk
    }
}

/// The handler of a method; `None` if there is no such feature.
pub fn answer(method: &str) -> Option<Answer> {
    /// Maps a request to a function from a view and parameters to a result, and to what it depends on.
    macro_rules! answers {
        ($($request:ty, $feature:path, $goes_by:ident;)*) => {
            $(if method == <$request as gen_lsp_types::Request>::METHOD.to_string() {
                let give: Give = |view, params| typed::<$request>(view, params, $feature);
                let goes_by = GoesBy::$goes_by;
                return Some(Answer { give, goes_by });
            })*
        };
    }
    answers! {
        CodeActionRequest, fixes::of, World;
        DocumentFormattingRequest, formatting::of, World;
        TextDocumentContentRequest, pages::content, Texts;
        CompletionRequest, completion::completion, Texts;
        HoverRequest, hover::at_once, World;
        InlayHintRequest, hints::hints, Texts;
        CodeLensRequest, lenses::of, Texts;
        DefinitionRequest, navigation::definition, World;
        ReferencesRequest, navigation::references, World;
        DocumentHighlightRequest, navigation::highlights, World;
        PrepareRenameRequest, rename::prepare, World;
        RenameRequest, rename::rename, Disk;
        DocumentSymbolRequest, symbols::symbols, Texts;
        FoldingRangeRequest, symbols::folds, Texts;
        SelectionRangeRequest, symbols::selections, Texts;
        SemanticTokensRequest, tokens::full, Texts;
    }
    None
}

/// The server capabilities sent to the editor.
pub fn capabilities(encoding: Encoding) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(encoding.kind()),
        code_action_provider: Some(
            CodeActionOptions {
                code_action_kinds: Some(vec![CodeActionKind::QuickFix]),
                ..CodeActionOptions::default()
            }
            .into(),
        ),
        document_formatting_provider: Some(true.into()),
        text_document_sync: Some(
            TextDocumentSyncOptions {
                open_close: Some(true),
                change: Some(TextDocumentSyncKind::Incremental),
                save: Some(SaveOptions::default().into()),
                ..TextDocumentSyncOptions::default()
            }
            .into(),
        ),
        workspace: Some(WorkspaceOptions {
            text_document_content: Some(
                TextDocumentContentOptions::new(vec![pages::SCHEME.to_owned()]).into(),
            ),
            ..WorkspaceOptions::default()
        }),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(completion::TRIGGERS.map(str::to_owned).to_vec()),
            ..CompletionOptions::default()
        }),
        hover_provider: Some(true.into()),
        inlay_hint_provider: Some(true.into()),
        code_lens_provider: Some(CodeLensOptions::default()),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: Command::ALL
                .map(|command| command.name().to_owned())
                .to_vec(),
            ..ExecuteCommandOptions::default()
        }),
        definition_provider: Some(true.into()),
        references_provider: Some(true.into()),
        document_highlight_provider: Some(true.into()),
        document_symbol_provider: Some(true.into()),
        folding_range_provider: Some(true.into()),
        selection_range_provider: Some(true.into()),
        rename_provider: Some(
            RenameOptions {
                prepare_provider: Some(true),
                ..RenameOptions::default()
            }
            .into(),
        ),
        semantic_tokens_provider: Some(
            SemanticTokensOptions {
                legend: SemanticTokensLegend {
                    token_types: tokens::KINDS.map(str::to_owned).to_vec(),
                    token_modifiers: Vec::new(),
                },
                full: Some(true.into()),
                ..SemanticTokensOptions::default()
            }
            .into(),
        ),
        ..ServerCapabilities::default()
    }
}

/// The folder open in the editor; the first if there are several.
pub fn opened(params: &InitializeParams) -> Option<PathBuf> {
    let folders = params
        .workspace_folders_initialize_params
        .workspace_folders
        .as_ref();
    let first = match folders {
        Some(WorkspaceFolders::WorkspaceFolderList(folders)) => folders.first(),
        _ => None,
    };
    // Older editors send only the root.
    #[allow(deprecated)]
    let root = || params.root_uri.as_ref();
    let uri = first.map(|folder| &folder.uri).or_else(root);
    uri.and_then(path_of)
}

fn typed<R: gen_lsp_types::Request>(
    view: &View<'_>,
    params: Value,
    feature: fn(&View<'_>, R::Params) -> Result<R::Result, Refusal>,
) -> Result<Value, Refusal> {
    let params = serde_json::from_value(params).map_err(|error| Refusal {
        code: ErrorCode::InvalidParams,
        words: error.to_string(),
    })?;
    let result = feature(view, params)?;
    Ok(serde_json::to_value(result).unwrap_or_default())
}
