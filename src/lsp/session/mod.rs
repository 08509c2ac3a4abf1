//! One editor's session: its messages in order, and the reports of the other threads.

mod commanding;
mod compiling;
mod counting;
mod greet;
mod notices;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use gen_lsp_types::{
    Diagnostic, InitializeParams, LogMessageNotification, LogMessageParams, MessageType,
    ShowMessageNotification, ShowMessageParams, Uri,
};
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};

use super::Surroundings;
use super::client::Client;
use super::compiler::{Compiler, Found, Told};
use super::features::{self, Answer, capabilities};
use super::folder::Folder;
use super::people::{Counted, Counts, People};
use super::texts::Texts;
use super::trust::Options;
use super::view::View;
use super::world::World;
use crate::diagnostic::covered_words;
use commanding::AtWork;
use counting::{Late, Pending};
use greet::greet;

/// Edits that follow each other within this time are compiled together,
const PAUSE: Duration = Duration::from_millis(30);
/// but no edit waits longer than this.
const LONGEST: Duration = Duration::from_millis(80);

/// How often the server checks whether the editor is still alive.
const ALIVE: Duration = Duration::from_secs(3);

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// By `shutdown` and `exit`, as the protocol requires.
    Asked,
    /// By `exit` without `shutdown`.
    Unasked,
    /// The editor disconnected, or its stream cannot be read.
    Left,
}

/// The next event.
enum Event {
    Message(Message),
    /// From threads started under this number of [`Session::term`].
    Told(u64, Told),
    Counted(u64, Counted),
    /// The output of a command, by the request that started it.
    Ran(RequestId, String),
    /// The editor is gone.
    Gone,
}

/// Serves an editor until the session ends.
pub(super) fn serve(connection: &Connection, around: &Surroundings) -> Ended {
    let (events, coming) = channel();
    let (messages, forward) = (connection.receiver.clone(), events.clone());
    std::thread::spawn(move || {
        for message in messages {
            if forward.send(Event::Message(message)).is_err() {
                return;
            }
        }
        // Fails only if the receiver is gone.
        let _ = forward.send(Event::Gone);
    });
    match greet(connection, around, &coming, &events) {
        Ok(session) => session.run(&coming),
        Err(ended) => ended,
    }
}

/// A request that is answered later.
struct Waiting {
    request: Request,
    /// The version of its text when it was received.
    version: Option<i32>,
}

struct Session<'c> {
    connection: &'c Connection,
    /// How often trust in the folder has been withdrawn: reports from threads of an earlier term are ignored.
    term: u64,
    compiler: Compiler,
    people: People,
    /// The last counts.
    counts: Counts,
    /// Requests that are answered once people are counted.
    pending: HashMap<RequestId, Pending>,
    /// A count that continues after its question was answered.
    late: Option<Late>,
    /// Running commands, by their requests.
    running: HashMap<RequestId, AtWork>,
    around: Surroundings,
    events: Sender<Event>,
    client: Client,
    /// The number of requests sent to the editor.
    asked: i32,
    /// The folder open in the editor; if there is none, that of the config found above a text.
    base: PathBuf,
    /// Whether the editor has a folder open.
    has_folder: bool,
    folder: Folder,
    options: Options,
    texts: Texts,
    /// The number of the current state of the texts.
    state: u64,
    /// When the first and the last uncompiled edit were made.
    edited: Option<(Instant, Instant)>,
    /// The last compiled state, with its findings.
    world: Option<(Arc<World>, Found)>,
    /// The last state in which every file could be parsed.
    names: Option<Arc<World>>,
    /// Requests that wait for the newest state to be compiled.
    waiting: Vec<(Waiting, Answer)>,
    /// The state that could not be compiled.
    failed: Option<u64>,
    /// The diagnostics shown in the editor, by URI; `None` if it may have dropped them, as it does when a text is
    /// reopened.
    shown: BTreeMap<String, Option<Vec<Diagnostic>>>,
    /// The texts whose project has been determined, and the other projects already reported.
    placed: BTreeSet<String>,
    /// Whether the editor has requested shutdown.
    is_ending: bool,
    /// Unreported errors in its options.
    wrong: Vec<String>,
}

impl<'c> Session<'c> {
    fn new(
        connection: &'c Connection,
        around: &Surroundings,
        params: &InitializeParams,
        events: &Sender<Event>,
    ) -> Self {
        let (options, mut wrong) = Options::default().with(params.initialization_options.as_ref());
        watch(params, events);
        let base = features::opened(params);
        if let Some(base) = &base {
            (around.enter)(base);
        }
        let has_folder = base.is_some();
        let base = base.or_else(|| std::env::current_dir().ok());
        let base = base.unwrap_or_default();
        let (folder, outside) = Folder::of(&base, &options, &around.config);
        wrong.extend(outside);
        let (compiler, people) = threads(around, events, 0);
        Self {
            connection,
            term: 0,
            compiler,
            people,
            counts: Counts::default(),
            pending: HashMap::new(),
            late: None,
            running: HashMap::new(),
            around: around.clone(),
            events: events.clone(),
            client: Client::of(params),
            asked: 0,
            folder,
            base,
            has_folder,
            options,
            texts: Texts::default(),
            state: 0,
            edited: None,
            world: None,
            names: None,
            waiting: Vec::new(),
            failed: None,
            shown: BTreeMap::new(),
            placed: BTreeSet::new(),
            is_ending: false,
            wrong,
        }
    }

    /// The answer to `initialize`.
    fn greeting(&self) -> Value {
        json!({
            "capabilities": capabilities(self.client.encoding),
            "serverInfo": { "name": "muster", "version": env!("CARGO_PKG_VERSION") },
        })
    }

    fn run(mut self, coming: &Receiver<Event>) -> Ended {
        self.edited();
        self.tell_wrong_options();
        loop {
            let event = match self.until() {
                Some(until) => coming.recv_timeout(until.saturating_duration_since(Instant::now())),
                None => coming.recv().map_err(Into::into),
            };
            match event {
                Ok(Event::Message(Message::Request(request))) => self.request(request),
                Ok(Event::Message(Message::Notification(notification))) => {
                    if notification.method == "exit" {
                        return match self.is_ending {
                            true => Ended::Asked,
                            false => Ended::Unasked,
                        };
                    }
                    self.notification(notification);
                }
                // The editor's responses are ignored.
                Ok(Event::Message(Message::Response(_))) => {}
                Ok(Event::Told(term, told)) if term == self.term => self.told(told),
                Ok(Event::Counted(term, counted)) if term == self.term => self.counted(counted),
                Ok(Event::Told(..) | Event::Counted(..)) => {}
                Ok(Event::Ran(id, text)) => self.ran(id, text),
                // After `shutdown`, the editor may simply disconnect.
                Ok(Event::Gone) if self.is_ending => return Ended::Asked,
                Ok(Event::Gone) => return Ended::Left,
                Err(_) => self.in_time(),
            }
        }
    }

    /// When to act even if no event arrives.
    fn until(&self) -> Option<Instant> {
        let edited = self.edited;
        let edited = edited.map(|(first, last)| (last + PAUSE).min(first + LONGEST));
        let pending = self.pending.values().map(|pending| pending.until);
        pending.chain(edited).min()
    }

    /// Does what is due.
    fn in_time(&mut self) {
        let now = Instant::now();
        if let Some((first, last)) = self.edited
            && (last + PAUSE).min(first + LONGEST) <= now
        {
            self.compile();
        }
        self.answer_without_counts(now);
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
                Some(answer) if self.failed == Some(self.state) && answer.waits() => {
                    self.send(not_compiled(id.clone()));
                }
                // Until something is compiled, it is unknown which files are Muster's.
                Some(answer)
                    if !self.is_compiled()
                        && (answer.waits() || (self.world.is_none() && self.failed.is_none())) =>
                {
                    // A request means that the user has paused typing.
                    self.compile();
                    let waiting = self.asks_about(request);
                    self.waiting.push((waiting, answer));
                }
                Some(answer) if answer.goes_by_disk() && self.is_behind() => {
                    self.edited();
                    self.compile();
                    let waiting = self.asks_about(request);
                    self.waiting.push((waiting, answer));
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
            findings: world.map_or(&[], |(_, found)| &found.all),
            kept: world.map_or(&[], |(_, found)| &found.kept),
            names: self.names.as_deref(),
            counts: &self.counts,
            is_counted: self.counts.state == self.state,
            texts: &self.texts,
            folder: &self.folder,
            client: &self.client,
            runtime: &self.around.runtime,
        }
    }

    /// A request with the version of its text.
    fn asks_about(&self, request: Request) -> Waiting {
        let version = self.version(&request);
        Waiting { request, version }
    }

    /// The version of the open text that a request is about; `None` if it is about none.
    fn version(&self, request: &Request) -> Option<i32> {
        let uri = request.params.get("textDocument")?.get("uri")?.as_str()?;
        let text = self.texts.get(&Uri(uri.to_owned()))?;
        Some(text.version)
    }

    /// Whether the text of a request has changed since, so that its positions mean something else. The editor is told
    /// so, and asks again if it still wants an answer.
    fn is_outdated(&self, waiting: &Waiting) -> bool {
        let is_outdated = self.version(&waiting.request) != waiting.version;
        if is_outdated {
            let words = "the text has been edited since this was asked".to_owned();
            let id = waiting.request.id.clone();
            self.send(wrong(id, ErrorCode::ContentModified, words));
        }
        is_outdated
    }

    /// Sends the editor a request; the response is ignored.
    fn ask(&mut self, method: &str, params: Value) {
        self.asked += 1;
        let id = RequestId::from(format!("muster-{}", self.asked));
        self.send(Request::new(id, method.to_owned(), params));
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

    fn log(&self, words: &str) {
        self.notify::<LogMessageNotification>(LogMessageParams {
            kind: MessageType::Warning,
            message: covered_words(words).into_owned(),
        });
    }

    /// Reports errors in the editor's options, once.
    fn tell_wrong_options(&mut self) {
        for words in std::mem::take(&mut self.wrong) {
            self.warn(words);
        }
    }

    fn warn(&self, words: String) {
        self.notify::<ShowMessageNotification>(ShowMessageParams {
            kind: MessageType::Warning,
            message: words,
        });
    }

    fn notify<N: gen_lsp_types::Notification>(&self, params: N::Params) {
        let params = serde_json::to_value(params).unwrap_or_default();
        self.send(Notification::new(N::METHOD.to_string(), params));
    }

    fn send(&self, message: impl Into<Message>) {
        // If the receiver is gone, the next event reports it.
        let _ = self.connection.sender.send(message.into());
    }
}

/// Ends the session when the editor's process is gone, since other processes may hold its pipe open. Works only on
/// systems that list processes in `/proc`.
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
        // Fails only if the session has ended.
        let _ = events.send(Event::Gone);
    });
}

/// Starts the threads of a session; the term distinguishes them from earlier ones.
fn threads(around: &Surroundings, events: &Sender<Event>, term: u64) -> (Compiler, People) {
    let (of_compiler, of_people) = (events.clone(), events.clone());
    // These fail only if the session has ended.
    let told = move |told| drop(of_compiler.send(Event::Told(term, told)));
    let counted = move |counted| drop(of_people.send(Event::Counted(term, counted)));
    (
        Compiler::start(around.clone(), told),
        People::start(around.clone(), counted),
    )
}

fn not_compiled(id: RequestId) -> Response {
    let words = "the texts could not be compiled; this should not happen".to_owned();
    wrong(id, ErrorCode::InternalError, words)
}

fn wrong(id: RequestId, code: ErrorCode, words: String) -> Response {
    Response::new_err(id, code as i32, words)
}
