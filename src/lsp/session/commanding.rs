//! Commands requested by the editor, answered once their processes have ended.

use gen_lsp_types::{
    ExecuteCommandParams, MessageType, ShowMessageNotification, ShowMessageParams,
};
use lsp_server::{ErrorCode, Request, RequestId, Response};

use super::{Event, Session, wrong};
use crate::language::Symbol;
use crate::lsp::commands::{self, Command, Running};
use crate::lsp::occurrences;
use crate::source::read;

/// The note if an open text has not been saved.
const UNSAVED: &str = "This is about the files as they are saved; there are unsaved edits.";

/// A running command.
pub(super) struct AtWork {
    /// The process is stopped on drop.
    _running: Running,
    /// Whether there were unsaved edits when it started.
    had_unsaved: bool,
}

impl Session<'_> {
    pub(super) fn command(&mut self, request: Request) {
        let id = request.id.clone();
        if let Err((code, words)) = self.begin(request) {
            self.send(wrong(id, code, words));
        }
    }

    fn begin(&mut self, request: Request) -> Result<(), (ErrorCode, String)> {
        let Request { id, params, .. } = request;
        let refused = |words: String| (ErrorCode::InvalidParams, words);
        let params: ExecuteCommandParams =
            serde_json::from_value(params).map_err(|error| refused(error.to_string()))?;
        let name = &params.command;
        let command = Command::parse(name);
        let command = command.ok_or_else(|| refused(format!("there is no command `{name}`")))?;
        if !self.options.trusted {
            let words = "the folder is not trusted yet: nothing is run in it".to_owned();
            return Err((ErrorCode::RequestFailed, words));
        }
        let arguments = params.arguments.unwrap_or_default().into_iter();
        let arguments: Result<Vec<String>, _> = arguments.map(serde_json::from_value).collect();
        let arguments = arguments.map_err(|error| refused(error.to_string()))?;
        if self.options.hide_names
            && command == Command::Explain
            && !arguments.iter().all(|argument| self.is_segment(argument))
        {
            // `explain` also accepts a person, so the argument might be one.
            let words = commands::NotRun::Names.to_string();
            return Err((ErrorCode::RequestFailed, words));
        }
        let had_unsaved = self.has_unsaved();
        let (events, of) = (self.events.clone(), id.clone());
        let running = commands::run(
            (command, &arguments),
            self.options.hide_names,
            (&self.base, self.folder.config()),
            &self.around,
            // Fails only if the session has ended.
            move |text| drop(events.send(Event::Ran(of, text))),
        );
        let running = running.map_err(|error| match error {
            commands::NotRun::Arguments(_) => refused(error.to_string()),
            commands::NotRun::Names | commands::NotRun::Program(_) => {
                (ErrorCode::RequestFailed, error.to_string())
            }
        })?;
        self.running.insert(
            id,
            AtWork {
                _running: running,
                had_unsaved,
            },
        );
        Ok(())
    }

    /// Whether the files define a segment with this id, even one with an error.
    fn is_segment(&self, id: &str) -> bool {
        let world = self.names.as_deref();
        let mut known = world.map_or_else(Vec::new, occurrences::all).into_iter();
        known.any(|one| one.defines && matches!(&one.symbol, Symbol::Segment(known) if known == id))
    }

    /// A command has ended. If it is no longer registered, it was cancelled.
    pub(super) fn ran(&mut self, id: RequestId, mut text: String) {
        let Some(command) = self.running.remove(&id) else {
            return;
        };
        // Edits saved meanwhile may have come too late for the command.
        if command.had_unsaved || self.has_unsaved() {
            text = format!("{UNSAVED}\n\n{text}");
        }
        if !self.options.show_answers {
            self.notify::<ShowMessageNotification>(ShowMessageParams {
                kind: MessageType::Info,
                message: text.clone(),
            });
        }
        self.send(Response::new_ok(id, text));
    }

    /// Whether an open text of the folder differs from the file on disk.
    fn has_unsaved(&self) -> bool {
        let texts = self.texts.of(&self.folder);
        texts.iter().any(|open| {
            let saved = self.base.join(&open.path);
            read(&saved).ok().as_ref() != Some(&open.text)
        })
    }
}
