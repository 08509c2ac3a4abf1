//! Notifications from the editor.

use gen_lsp_types::{
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams, Uri,
};
use lsp_server::{ErrorCode, Notification, RequestId};
use serde_json::{Value, json};

use super::{Session, threads, wrong};
use crate::lsp::folder::Folder;
use crate::lsp::people::Counts;
use crate::lsp::trust::Options;

/// The files that findings depend on: config, rules, tests and lists.
const WATCHED: [&str; 2] = ["**/*.{yaml,yml}", "**/*.{csv,txt}"];

impl Session<'_> {
    pub(super) fn notification(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        let made = match method.as_str() {
            "textDocument/didOpen" => read(params).map(|params: DidOpenTextDocumentParams| {
                self.drops(&params.text_document.uri);
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
                    let made = texts.change(&uri, document.version, edits, self.client.encoding);
                    made.map_err(|refused| refused.to_string())?;
                    self.edited();
                    Ok(())
                })
            }
            "textDocument/didClose" => read(params).map(|params: DidCloseTextDocumentParams| {
                self.drops(&params.text_document.uri);
                self.texts.close(&params.text_document.uri);
                self.edited();
            }),
            "initialized" => {
                self.watch_files();
                Ok(())
            }
            "textDocument/didSave" | "workspace/didChangeWatchedFiles" => {
                self.edited();
                Ok(())
            }
            "workspace/didChangeConfiguration" => {
                let settings = params.get("settings");
                if let Some(ours) = settings.and_then(|settings| settings.get("muster")) {
                    let (options, wrong) = self.options.clone().with(Some(ours));
                    self.wrong = wrong;
                    self.configure(options);
                    self.tell_wrong_options();
                }
                Ok(())
            }
            "$/cancelRequest" => {
                self.cancel(params.get("id"));
                Ok(())
            }
            // Other notifications are broadcast by editors, and need no answer.
            _ => Ok(()),
        };
        if let Err(words) = made {
            self.log(&format!("`{method}` was left out: {words}"));
        }
    }

    /// Records that the editor may have dropped the diagnostics of a file.
    fn drops(&mut self, uri: &Uri) {
        if let Some(shown) = self.shown.get_mut(&uri.0) {
            *shown = None;
        }
    }

    fn configure(&mut self, options: Options) {
        if options == self.options {
            return;
        }
        if self.options.trusted && !options.trusted {
            self.forget();
        }
        let is_elsewhere = options.config != self.options.config
            || options.config.is_some() && options.trusted != self.options.trusted;
        if is_elsewhere {
            let (folder, outside) = Folder::of(&self.base, &options, &self.around.config);
            self.folder = folder;
            self.wrong.extend(outside);
        }
        self.options = options;
        self.edited();
    }

    /// Drops what may be known only in a trusted folder.
    fn forget(&mut self) {
        self.term += 1;
        (self.compiler, self.people) = threads(&self.around, &self.events, self.term);
        self.counts = Counts::default();
        self.late = None;
        self.refresh();
        (self.world, self.names) = (None, None);
        let ended = self.pending.drain().map(|(id, _)| id);
        let ended: Vec<RequestId> = ended
            .chain(self.running.drain().map(|(id, _)| id))
            .collect();
        for id in ended {
            let words = "the folder is not trusted any more".to_owned();
            self.send(wrong(id, ErrorCode::RequestFailed, words));
        }
    }

    /// Asks the editor, if it supports it, to report changes on disk: other programs write rules, lists and results.
    fn watch_files(&mut self) {
        if !self.client.watches_files {
            return;
        }
        let watchers = WATCHED.map(|pattern| json!({ "globPattern": pattern }));
        let files = json!({
            "id": "muster-files",
            "method": "workspace/didChangeWatchedFiles",
            "registerOptions": { "watchers": watchers },
        });
        self.ask(
            "client/registerCapability",
            json!({ "registrations": [files] }),
        );
    }

    /// Cancels a waiting request; one that is answered cannot be cancelled.
    fn cancel(&mut self, id: Option<&Value>) {
        let id = id.cloned().map(serde_json::from_value::<RequestId>);
        let Some(Ok(id)) = id else { return };
        let place = self
            .waiting
            .iter()
            .position(|(waiting, _)| waiting.request.id == id);
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

/// Parses the parameters of a message.
fn read<P: serde::de::DeserializeOwned>(params: Value) -> Result<P, String> {
    serde_json::from_value(params).map_err(|error| error.to_string())
}
