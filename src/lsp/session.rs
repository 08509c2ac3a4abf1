//! One editor's session: its messages in order, and what the compiler tells.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use gen_lsp_types::{
    Diagnostic, DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    InitializeParams, LogMessageParams, MessageType, PublishDiagnosticsNotification,
    PublishDiagnosticsParams, Uri,
};
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};

use super::Surroundings;
use super::compiler::{Compiler, Job, Told};
use super::diagnostics;
use super::features::{self, Answer, capabilities};
use super::folder::{Folder, path_of};
use super::hover::{self, Pointed};
use super::people::{Counted, Counts, People, Question};
use super::position::Encoding;
use super::texts::Texts;
use super::trust::Options;
use super::view::View;
use super::world::{Found, World};
use crate::diagnostic::{Code, Finding};

/// Edits that follow each other within so long are compiled together,
const PAUSE: Duration = Duration::from_millis(30);
/// but nothing waits longer than this.
const LONGEST: Duration = Duration::from_millis(80);

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The editor said so, in the order that the protocol asks for.
    Asked,
    /// The editor left without a word, or what it sent cannot be read.
    Left,
}

/// What comes next.
enum Event {
    Message(Message),
    Told(Told),
    Counted(Counted),
    /// The editor is gone.
    Gone,
}

/// Serves an editor until it ends.
pub(super) fn serve(connection: &Connection, around: &Surroundings) -> Ended {
    let (events, coming) = channel();
    let (messages, forward) = (connection.receiver.clone(), events.clone());
    std::thread::spawn(move || {
        for message in messages {
            if forward.send(Event::Message(message)).is_err() {
                return;
            }
        }
        // Nobody listens any more where that fails.
        let _ = forward.send(Event::Gone);
    });
    let Some(session) = greet(connection, around, &coming, &events) else {
        return Ended::Left;
    };
    session.run(&coming)
}

/// Waits for `initialize`, and answers it. None where the editor ends before.
fn greet<'c>(
    connection: &'c Connection,
    around: &Surroundings,
    coming: &Receiver<Event>,
    events: &Sender<Event>,
) -> Option<Session<'c>> {
    let send = |response: Response| {
        // Where nobody listens any more, the next event says so.
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
                        return Some(session);
                    }
                    Err(error) => send(wrong(id, ErrorCode::InvalidParams, error.to_string())),
                }
            }
            Event::Message(Message::Request(request)) => {
                let words = format!("`{}` comes before `initialize`", request.method);
                send(wrong(request.id, ErrorCode::ServerNotInitialized, words));
            }
            Event::Message(Message::Notification(n)) if n.method == "exit" => return None,
            Event::Message(_) | Event::Told(_) | Event::Counted(_) => {}
            Event::Gone => return None,
        }
    }
    None
}

struct Session<'c> {
    connection: &'c Connection,
    compiler: Compiler,
    people: People,
    /// How many people were counted last.
    counts: Counts,
    /// What somebody points at while its people are counted, by the request.
    pointed: HashMap<RequestId, (Arc<World>, Pointed)>,
    /// Whether the editor asks for hints again when it is told to.
    asks_again: bool,
    /// How often it was.
    refreshed: i32,
    /// The folder that the editor has open.
    base: PathBuf,
    folder: Folder,
    options: Options,
    encoding: Encoding,
    texts: Texts,
    /// The number of the texts' state.
    state: u64,
    /// When the first and the last edit were made that nobody compiles yet.
    edited: Option<(Instant, Instant)>,
    /// The last state that was compiled, and what was found in it.
    world: Option<(Arc<World>, Found)>,
    /// The last one in which every file could be read.
    names: Option<Arc<World>>,
    /// Requests that wait for the newest state to be compiled.
    waiting: Vec<(Request, Answer)>,
    /// What the editor shows, by URI.
    shown: BTreeMap<String, Vec<Diagnostic>>,
    /// Whether the editor asked for the end.
    is_ending: bool,
}

impl<'c> Session<'c> {
    fn new(
        connection: &'c Connection,
        around: &Surroundings,
        params: &InitializeParams,
        events: &Sender<Event>,
    ) -> Self {
        let options = Options::read(params.initialization_options.as_ref());
        let base = features::opened(params);
        if let Some(base) = &base {
            (around.enter)(base);
        }
        let base = base.or_else(|| std::env::current_dir().ok());
        let base = base.unwrap_or_default();
        let config = options.config.as_ref().unwrap_or(&around.config);
        let general = params.capabilities.general.as_ref();
        let offered = general.and_then(|general| general.position_encodings.as_deref());
        let workspace = params.capabilities.workspace.as_ref();
        let hints = workspace.and_then(|workspace| workspace.inlay_hint.as_ref());
        let (of_compiler, of_people) = (events.clone(), events.clone());
        // The session has ended where one of these fails.
        let told = move |told| drop(of_compiler.send(Event::Told(told)));
        let counted = move |counted| drop(of_people.send(Event::Counted(counted)));
        Self {
            connection,
            compiler: Compiler::start(around.clone(), told),
            people: People::start(around.clone(), counted),
            counts: Counts::default(),
            pointed: HashMap::new(),
            asks_again: hints.is_some_and(|hints| hints.refresh_support == Some(true)),
            refreshed: 0,
            folder: Folder::new(&base, config),
            base,
            options,
            encoding: Encoding::of(offered.unwrap_or_default()),
            texts: Texts::default(),
            state: 0,
            edited: None,
            world: None,
            names: None,
            waiting: Vec::new(),
            shown: BTreeMap::new(),
            is_ending: false,
        }
    }

    /// The answer to `initialize`.
    fn greeting(&self) -> Value {
        json!({
            "capabilities": capabilities(self.encoding),
            "serverInfo": { "name": "muster", "version": env!("CARGO_PKG_VERSION") },
        })
    }

    fn run(mut self, coming: &Receiver<Event>) -> Ended {
        self.edited();
        loop {
            let event = match self.edited {
                Some((first, last)) => {
                    let until = (last + PAUSE).min(first + LONGEST);
                    coming.recv_timeout(until.saturating_duration_since(Instant::now()))
                }
                None => coming.recv().map_err(Into::into),
            };
            match event {
                Ok(Event::Message(Message::Request(request))) => self.request(request),
                Ok(Event::Message(Message::Notification(notification))) => {
                    if notification.method == "exit" {
                        return match self.is_ending {
                            true => Ended::Asked,
                            false => Ended::Left,
                        };
                    }
                    self.notification(notification);
                }
                // Nothing was asked of the editor.
                Ok(Event::Message(Message::Response(_))) => {}
                Ok(Event::Told(told)) => self.told(told),
                Ok(Event::Counted(counted)) => self.counted(counted),
                Ok(Event::Gone) => return Ended::Left,
                Err(_) => self.compile(),
            }
        }
    }

    fn request(&mut self, request: Request) {
        let Request { id, method, .. } = &request;
        if self.is_ending {
            let words = format!("`{method}` comes after `shutdown`");
            return self.send(wrong(id.clone(), ErrorCode::InvalidRequest, words));
        }
        match method.as_str() {
            "shutdown" => {
                self.is_ending = true;
                self.send(Response::new_ok(id.clone(), Value::Null));
            }
            "initialize" => {
                let words = "the server has been initialized already".to_owned();
                self.send(wrong(id.clone(), ErrorCode::InvalidRequest, words));
            }
            method => match features::answer(method) {
                None => {
                    let words = format!("there is no `{method}` here");
                    self.send(wrong(id.clone(), ErrorCode::MethodNotFound, words));
                }
                Some(answer) if !self.is_compiled() && answer.waits() => {
                    // Whoever asks has stopped typing.
                    self.compile();
                    self.waiting.push((request, answer));
                }
                Some(answer) => self.answer(request, answer),
            },
        }
    }

    /// Whether the newest state is compiled.
    fn is_compiled(&self) -> bool {
        let world = self.world.as_ref();
        world.is_some_and(|(world, _)| world.state == self.state)
    }

    fn view(&self) -> View<'_> {
        let world = self.world.as_ref();
        View {
            world: world.map(|(world, _)| &**world),
            findings: world.map_or(&[], |(_, found)| &found.findings),
            names: self.names.as_deref(),
            counts: &self.counts,
            texts: &self.texts,
            folder: &self.folder,
            encoding: self.encoding,
        }
    }

    fn answer(&mut self, request: Request, answer: Answer) {
        if self.asks_people(&request) {
            return;
        }
        let Request { id, params, method } = request;
        let view = self.view();
        let made = std::panic::AssertUnwindSafe(|| answer.give(&view, params));
        self.send(match std::panic::catch_unwind(made) {
            Ok(Ok(value)) => Response::new_ok(id, value),
            Ok(Err(refusal)) => wrong(id, refusal.code, refusal.words),
            Err(_) => {
                let words = format!("`{method}` failed; this should not happen");
                wrong(id, ErrorCode::InternalError, words)
            }
        });
    }

    /// Whether a request is answered once people are counted.
    fn asks_people(&mut self, request: &Request) -> bool {
        let Some((world, _)) = self
            .world
            .as_ref()
            .filter(|_| request.method == "textDocument/hover")
        else {
            return false;
        };
        let Ok(params) = serde_json::from_value(request.params.clone()) else {
            return false;
        };
        let view = self.view();
        let point = std::panic::AssertUnwindSafe(|| hover::pointed(&view, &params));
        // Whoever answers at once says that it failed.
        let pointed = std::panic::catch_unwind(point).ok().flatten();
        let Some((pointed, clause)) = pointed.and_then(|p| p.clause.clone().map(|c| (p, c))) else {
            return false;
        };
        let question = Question {
            id: request.id.clone(),
            world: Arc::clone(world),
            clause,
        };
        let asked = world.texts_alone.is_none() && self.people.ask(question);
        if asked {
            let world = Arc::clone(world);
            self.pointed.insert(request.id.clone(), (world, pointed));
        }
        asked
    }

    fn counted(&mut self, counted: Counted) {
        match counted {
            Counted::Segments(counts) => {
                if let Some(reason) = counts
                    .off
                    .as_ref()
                    .filter(|_| counts.off != self.counts.off)
                {
                    self.log(&format!("people are not counted: {reason}"));
                }
                self.counts = counts;
                if self.asks_again {
                    self.refreshed += 1;
                    let id = RequestId::from(format!("refresh-{}", self.refreshed));
                    let method = "workspace/inlayHint/refresh".to_owned();
                    self.send(Request::new(id, method, Value::Null));
                }
            }
            Counted::Clause(id, split) => {
                // It may have been cancelled.
                if let Some((world, pointed)) = self.pointed.remove(&id) {
                    let hover = hover::hover(pointed, Some(split), world.project());
                    let hover = serde_json::to_value(hover).unwrap_or_default();
                    self.send(Response::new_ok(id, hover));
                }
            }
        }
    }

    fn notification(&mut self, notification: Notification) {
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
                    self.configure(Options::read(Some(ours)));
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
        let is_pointed = self.pointed.remove(&id).is_some();
        if let Some(place) = place {
            self.waiting.remove(place);
        }
        if place.is_some() || is_pointed {
            let words = "the request was cancelled".to_owned();
            self.send(wrong(id, ErrorCode::RequestCanceled, words));
        }
    }

    /// Notes that the texts are others now.
    fn edited(&mut self) {
        self.state += 1;
        let now = Instant::now();
        let first = self.edited.map_or(now, |(first, _)| first);
        self.edited = Some((first, now));
    }

    /// Has the newest state compiled, unless that is done already.
    fn compile(&mut self) {
        if self.edited.take().is_none() {
            return;
        }
        self.find_config();
        self.compiler.compile(Job {
            folder: self.folder.clone(),
            texts: self.texts.clone(),
            options: self.options.clone(),
            state: self.state,
        });
    }

    /// Where there is no config where it should be, takes the nearest one above an open text.
    fn find_config(&mut self) {
        let name = self.folder.config().file_name();
        let Some(name) = name.map(std::ffi::OsStr::to_owned) else {
            return;
        };
        if self.folder.root().join(&name).exists() || self.options.config.is_some() {
            return;
        }
        let paths = self.texts.uris().filter_map(|uri| path_of(&uri));
        let above = paths.filter_map(|path| {
            let within = path.ancestors().skip(1);
            let mut within = within.take_while(|folder| folder.starts_with(&self.base));
            let found = within.find(|folder| folder.join(&name).exists())?;
            Some(found.strip_prefix(&self.base).ok()?.join(&name))
        });
        let found = above.min();
        if let Some(config) = found {
            self.folder = Folder::new(&self.base, &config);
        }
    }

    fn told(&mut self, told: Told) {
        let state = match told {
            Told::Found(world, found) => {
                let state = world.state;
                if state == self.state && world.texts_alone.is_none() {
                    self.people.count(Arc::clone(&world));
                }
                let diagnostics = diagnostics::of(&world, &found.findings, self.encoding);
                self.show(&world, diagnostics);
                let is_unread = |f: &Finding| f.code == Code::YamlSyntax;
                if world.project().is_some() && !found.findings.iter().any(is_unread) {
                    self.names = Some(Arc::clone(&world));
                }
                self.world = Some((world, found));
                state
            }
            Told::Failed(state) => {
                self.log("compiling failed; this should not happen");
                state
            }
        };
        if state == self.state {
            for (request, answer) in std::mem::take(&mut self.waiting) {
                self.answer(request, answer);
            }
        }
    }

    /// Tells the editor what it does not show yet.
    fn show(&mut self, world: &World, mut diagnostics: BTreeMap<String, Vec<Diagnostic>>) {
        for uri in self.shown.keys() {
            diagnostics.entry(uri.clone()).or_default();
        }
        for (uri, diagnostics) in diagnostics {
            if self.shown.get(&uri).map_or(&[][..], Vec::as_slice) == diagnostics {
                continue;
            }
            let uri = Uri(uri);
            self.notify::<PublishDiagnosticsNotification>(PublishDiagnosticsParams {
                version: world.texts.get(&uri).map(|text| text.version),
                uri: uri.clone(),
                diagnostics: diagnostics.clone(),
            });
            self.shown.insert(uri.0, diagnostics);
        }
    }

    fn log(&self, words: &str) {
        self.notify::<gen_lsp_types::LogMessageNotification>(LogMessageParams {
            kind: MessageType::Warning,
            message: words.to_owned(),
        });
    }

    fn notify<N: gen_lsp_types::Notification>(&self, params: N::Params) {
        let params = serde_json::to_value(params).unwrap_or_default();
        self.send(Notification::new(N::METHOD.to_string(), params));
    }

    fn send(&self, message: impl Into<Message>) {
        // Where nobody listens any more, the next event says so.
        let _ = self.connection.sender.send(message.into());
    }
}

/// The parameters of a message.
fn read<P: serde::de::DeserializeOwned>(params: Value) -> Result<P, String> {
    serde_json::from_value(params).map_err(|error| error.to_string())
}

fn wrong(id: RequestId, code: ErrorCode, words: String) -> Response {
    Response::new_err(id, code as i32, words)
}
