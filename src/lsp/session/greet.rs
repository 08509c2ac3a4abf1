//! The start of a session.

use std::sync::mpsc::{Receiver, Sender};

use gen_lsp_types::InitializeParams;
use lsp_server::{Connection, ErrorCode, Message, Request, Response};

use super::{Ended, Event, Session, wrong};
use crate::lsp::Surroundings;

/// Waits for `initialize`, and answers it.
///
/// # Errors
/// The editor disconnects first.
pub(super) fn greet<'c>(
    connection: &'c Connection,
    around: &Surroundings,
    coming: &Receiver<Event>,
    events: &Sender<Event>,
) -> Result<Session<'c>, Ended> {
    let send = |response: Response| {
        // If the receiver is gone, the next event reports it.
        let _ = connection.sender.send(response.into());
    };
    while let Ok(event) = coming.recv() {
        match event {
            Event::Message(Message::Request(request)) if request.method == "initialize" => {
                let Request { id, params, .. } = request;
                match serde_json::from_value::<InitializeParams>(params) {
                    Ok(params) => {
                        let session = Session::new(connection, around, &params, events);
                        send(Response::new_ok(id, session.greeting()));
                        return Ok(session);
                    }
                    Err(error) => send(wrong(id, ErrorCode::InvalidParams, error.to_string())),
                }
            }
            Event::Message(Message::Request(request)) => {
                let words = format!("`{}` comes before `initialize`", request.method);
                send(wrong(request.id, ErrorCode::ServerNotInitialized, words));
            }
            Event::Message(Message::Notification(n)) if n.method == "exit" => {
                return Err(Ended::Unasked);
            }
            Event::Message(_) | Event::Told(..) | Event::Counted(..) | Event::Ran(..) => {}
            Event::Gone => return Err(Ended::Left),
        }
    }
    Err(Ended::Left)
}
