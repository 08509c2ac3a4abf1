//! One editor's session: its messages in order, and what the other threads tell.

mod commanding;
mod counting;
mod greet;
mod notices;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use gen_lsp_types::{
    Diagnostic, InitializeParams, LogMessageNotification, LogMessageParams, MessageType,
    PublishDiagnosticsNotification, PublishDiagnosticsParams, ShowMessageNotification,
    ShowMessageParams, Uri,
};
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};

use super::Surroundings;
use super::commands::Running;
use super::compiler::{Compiler, Job, Told};
use super::completion::Target;
use super::diagnostics;
use super::features::{self, Answer, capabilities};
use super::folder::{Folder, path_of};
use super::hover::Pointed;
use super::people::{Counted, Counts, People};
use super::position::Encoding;
use super::texts::Texts;
use super::trust::Options;
use super::view::View;
use super::world::{Found, World};
use crate::diagnostic::{Code, Finding};
use greet::greet;

/// Edits that follow each other within so long are compiled together,
const PAUSE: Duration = Duration::from_millis(30);
/// but nothing waits longer than this.
const LONGEST: Duration = Duration::from_millis(80);

/// So often it is looked whether the editor is still there.
const ALIVE: Duration = Duration::from_secs(3);

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
    /// What a command said, by the request that began it.
    Ran(RequestId, String),
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

/// A request that is answered once people are counted.
enum Pending {
    Hover(Arc<World>, Box<Pointed>),
    Texts(Arc<World>, Target),
}

struct Session<'c> {
    connection: &'c Connection,
    compiler: Compiler,
    people: People,
    /// How many people were counted last.
    counts: Counts,
    /// The requests that are answered once people are counted.
    pending: HashMap<RequestId, Pending>,
    /// The commands that are at work, by their requests.
    running: HashMap<RequestId, Running>,
    around: Surroundings,
    events: Sender<Event>,
    /// What the editor asks for again when it is told to.
    refreshed: Vec<&'static str>,
    /// How often it was told to.
    refreshes: i32,
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
    /// What of its options is not understood, until that is told.
    wrong: Vec<String>,
}

impl<'c> Session<'c> {
    fn new(
        connection: &'c Connection,
        around: &Surroundings,
        params: &InitializeParams,
        events: &Sender<Event>,
    ) -> Self {
        let (options, wrong) = Options::read(params.initialization_options.as_ref());
        watch(params, events);
        let base = features::opened(params);
        if let Some(base) = &base {
            (around.enter)(base);
        }
        let base = base.or_else(|| std::env::current_dir().ok());
        let base = base.unwrap_or_default();
        let config = options.config.as_ref().unwrap_or(&around.config);
        let general = params.capabilities.general.as_ref();
        let offered = general.and_then(|general| general.position_encodings.as_deref());
        let (of_compiler, of_people) = (events.clone(), events.clone());
        // The session has ended where one of these fails.
        let told = move |told| drop(of_compiler.send(Event::Told(told)));
        let counted = move |counted| drop(of_people.send(Event::Counted(counted)));
        Self {
            connection,
            compiler: Compiler::start(around.clone(), told),
            people: People::start(around.clone(), counted),
            counts: Counts::default(),
            pending: HashMap::new(),
            running: HashMap::new(),
            around: around.clone(),
            events: events.clone(),
            refreshed: features::refreshed(params),
            refreshes: 0,
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
            wrong,
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
        self.tell_wrong_options();
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
                // Whatever it says to being told to ask again.
                Ok(Event::Message(Message::Response(_))) => {}
                Ok(Event::Told(told)) => self.told(told),
                Ok(Event::Counted(counted)) => self.counted(counted),
                Ok(Event::Ran(id, text)) => self.ran(id, text),
                // Whoever has said `shutdown` may just go.
                Ok(Event::Gone) if self.is_ending => return Ended::Asked,
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
            "workspace/executeCommand" => self.command(request),
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
            is_counted: self.counts.state == self.state,
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
                    let with_clauses = self.options.counts_clauses;
                    self.people.count(Arc::clone(&world), with_clauses);
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
        self.notify::<LogMessageNotification>(LogMessageParams {
            kind: MessageType::Warning,
            message: words.to_owned(),
        });
    }

    /// Tells, once, what of the editor's options is not understood.
    fn tell_wrong_options(&mut self) {
        for words in std::mem::take(&mut self.wrong) {
            self.notify::<ShowMessageNotification>(ShowMessageParams {
                kind: MessageType::Warning,
                message: words,
            });
        }
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

/// Ends the session when the editor's process is no longer there, as the pipe from it may be held open by others. Only where
/// the system tells which processes there are, in `/proc`.
fn watch(params: &InitializeParams, events: &Sender<Event>) {
    let process = params
        .process_id
        .map(|id| Path::new("/proc").join(id.to_string()));
    let Some(process) = process.filter(|process| process.exists()) else {
        return;
    };
    let events = events.clone();
    std::thread::spawn(move || {
        while process.exists() {
            std::thread::sleep(ALIVE);
        }
        // The session has ended where that fails.
        let _ = events.send(Event::Gone);
    });
}

fn wrong(id: RequestId, code: ErrorCode, words: String) -> Response {
    Response::new_err(id, code as i32, words)
}
