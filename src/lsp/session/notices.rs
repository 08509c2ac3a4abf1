//! What the editor tells without asking.

use gen_lsp_types::{
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
};
use lsp_server::{ErrorCode, Notification, RequestId};
use serde_json::Value;

use super::{Session, wrong};
use crate::lsp::folder::Folder;
use crate::lsp::trust::Options;

impl Session<'_> {
    pub(super) fn notification(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        let made = match method.as_str() {
            "textDocument/didOpen" => read(params).map(|params: DidOpenTextDocumentParams| {
                self.texts.open(params.text_document);
                self.edited();
            }),
            "textDocument/didChange" => {
                let params = read::<DidChangeTextDocumentParams>(params);
                params.and_then(|params| {
                    let document = params.text_document;
                    let uri = document.text_document_identifier.uri;
                    let edits = params.content_changes;
                    let texts = &mut self.texts;
                    let made = texts.change(&uri, document.version, edits, self.encoding);
                    made.map_err(|refused| refused.to_string())?;
                    self.edited();
                    Ok(())
                })
            }
            "textDocument/didClose" => read(params).map(|params: DidCloseTextDocumentParams| {
                self.texts.close(&params.text_document.uri);
                self.edited();
            }),
            "textDocument/didSave" | "workspace/didChangeWatchedFiles" => {
                self.edited();
                Ok(())
            }
            "workspace/didChangeConfiguration" => {
                let settings = params.get("settings");
                if let Some(ours) = settings.and_then(|settings| settings.get("muster")) {
                    let (options, wrong) = Options::read(Some(ours));
                    self.wrong = wrong;
                    self.tell_wrong_options();
                    self.configure(options);
                }
                Ok(())
            }
            "$/cancelRequest" => {
                self.cancel(params.get("id"));
                Ok(())
            }
            // Others are told to everyone, and need no answer.
            _ => Ok(()),
        };
        if let Err(words) = made {
            self.log(&format!("`{method}` was left out: {words}"));
        }
    }

    fn configure(&mut self, options: Options) {
        if let Some(config) = &options.config {
            self.folder = Folder::new(&self.base, config);
        }
        self.options = options;
        self.edited();
    }

    /// Ends a request that waits; one that is answered cannot be ended any more.
    fn cancel(&mut self, id: Option<&Value>) {
        let id = id.cloned().map(serde_json::from_value::<RequestId>);
        let Some(Ok(id)) = id else { return };
        let place = self
            .waiting
            .iter()
            .position(|(request, _)| request.id == id);
        let is_pending = self.pending.remove(&id).is_some() | self.running.remove(&id).is_some();
        if let Some(place) = place {
            self.waiting.remove(place);
        }
        if place.is_some() || is_pending {
            let words = "the request was cancelled".to_owned();
            self.send(wrong(id, ErrorCode::RequestCanceled, words));
        }
    }
}

/// The parameters of a message.
fn read<P: serde::de::DeserializeOwned>(params: Value) -> Result<P, String> {
    serde_json::from_value(params).map_err(|error| error.to_string())
}
