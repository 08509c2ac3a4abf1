//! How fast the page answers, and how heavy it is: `cargo bench --bench page`.
//!
//! Makes the studio chain of the bench `engine` (100,000 clients, 5,000,000 visits), runs once, serves the page, and lets 16
//! readers at once ask for each page while runs are published beside it. Printed: p50 and p95 of each page in milliseconds, its
//! weight, how many runs were published meanwhile; then, without runs, how long the exact count of a condition takes while
//! somebody types (the first one reads the data, the others ask what is kept of it), and the peak of the server's memory.
//!
//! After `--`: `--small` is a fiftieth of the data, `--seconds 20` how long each page is asked for, `--readers 16`. The data is
//! made in the folder that `MUSTER_BENCH_FOLDER` names, and used again if it is there.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs,
    dead_code
)]

#[path = "engine/data.rs"]
mod data;
#[path = "engine/rules.rs"]
mod rules;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The variant of the bench's rules with values, a health score and a report.
const CONFIG: &str = "told.yaml";

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let value = |name: &str| {
        let place = arguments.iter().position(|argument| argument == name)?;
        arguments.get(place + 1)?.parse::<u64>().ok()
    };
    let small = arguments.iter().any(|argument| argument == "--small");
    let temporary = tempfile::tempdir().unwrap();
    let named = std::env::var_os("MUSTER_BENCH_FOLDER").map(PathBuf::from);
    let root = named.as_deref().unwrap_or(temporary.path());
    let size = data::Size::full().divided_by(if small { 50 } else { 1 });
    let folder = root.join(format!("page-{}", size.visits));
    prepare(&folder, &size);
    let seconds = value("--seconds").unwrap_or(if small { 1 } else { 10 });
    let readers = value("--readers").unwrap_or(16);
    println!(
        "{} clients, {} visits, {readers} readers, {seconds} s a page",
        size.clients, size.visits
    );
    let page = Page::serve(&folder);
    let published = AtomicU64::new(0);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut second = 1;
            while !done.load(Ordering::Relaxed) {
                run(&folder, second);
                second += 1;
                published.fetch_add(1, Ordering::Relaxed);
            }
        });
        println!(
            "{:32} {:>8} {:>8} {:>8} {:>8}",
            "page", "p50 ms", "p95 ms", "kB", "asked"
        );
        for path in page.paths() {
            measure(&page, &path, readers, Duration::from_secs(seconds));
        }
        done.store(true, Ordering::Relaxed);
    });
    println!("runs published meanwhile: {}", published.into_inner());
    count_while_typing(&page);
    println!("peak memory of the server: {:.0} MB", page.peak_memory());
}

/// The data, the rules, and a first run.
fn prepare(folder: &Path, size: &data::Size) {
    std::fs::create_dir_all(folder).unwrap();
    let database = folder.join("studio.db");
    if !database.exists() {
        data::write(&database, size);
    }
    rules::write(folder);
    let results = folder.join("told.db");
    if results.exists() {
        std::fs::remove_file(results).unwrap();
    }
    run(folder, 0);
}

/// One run, so many seconds after the data's end.
fn run(folder: &Path, second: u64) {
    let clock = folder.join("clock");
    std::fs::write(
        &clock,
        format!("2025-06-15T16:{:02}:{:02}Z", second / 60, second % 60),
    )
    .unwrap();
    let ran = muster(folder).arg("run").output().unwrap();
    let words = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.code().is_some_and(|code| code < 2), "{words}");
}

fn muster(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
    command.current_dir(folder);
    command.args(["--config", CONFIG]);
    command.env("MUSTER_CLOCK", folder.join("clock"));
    command
}

/// A page that is served, and a session of it.
struct Page {
    server: Child,
    host: String,
    cookie: String,
}

/// One answer: its status, and how many bytes it has without its head.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Page {
    fn serve(folder: &Path) -> Self {
        let mut command = muster(folder);
        command
            .arg("page")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut server = command.spawn().unwrap();
        let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
        let address = lines
            .find_map(|line| {
                let line = line.unwrap();
                let at = line.find("http://")?;
                line[at..].split_whitespace().next().map(str::to_owned)
            })
            .expect("the address of the page");
        let rest = address.strip_prefix("http://").unwrap();
        let (host, path) = rest.split_at(rest.find('/').unwrap());
        let mut page = Self {
            server,
            host: host.to_owned(),
            cookie: String::new(),
        };
        let entered = page.ask(path);
        let cookies = entered.head.lines().filter_map(|line| {
            let (name, value) = line.split_once(": ")?;
            let is_cookie = name.eq_ignore_ascii_case("set-cookie");
            is_cookie.then(|| value.split(';').next().unwrap().to_owned())
        });
        page.cookie = cookies.collect::<Vec<_>>().join("; ");
        page
    }

    fn ask(&self, path: &str) -> Answer {
        self.send("GET", path, "")
    }

    fn send(&self, method: &str, path: &str, form: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        let (host, cookie, length) = (&self.host, &self.cookie, form.len());
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nOrigin: http://{host}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{form}"
        )
        .unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
        Answer {
            status: status.unwrap_or(0),
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }

    /// The pages, with somebody who is on the first one of the list.
    fn paths(&self) -> Vec<String> {
        let clients = self.ask("/clients").body;
        let somebody = clients
            .split('"')
            .find(|part| part.starts_with("/clients/"));
        let paths = [
            "/",
            "/segments/high_attend",
            "/clients",
            "/clients?page=30",
            "/clients?segment=high_attend&segment=high_spend&match=all",
            "/clients?segment=lead&match=none",
            somebody.expect("somebody in the list"),
            "/runs",
            "/mail",
            "/health",
            "/create",
        ];
        paths.map(str::to_owned).to_vec()
    }

    /// In megabytes; 0 where the system does not tell.
    fn peak_memory(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.server.id()));
        let status = status.unwrap_or_default();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = peak.and_then(|peak| peak.trim().split(' ').next()?.parse::<f64>().ok());
        kilobytes.unwrap_or(0.0) / 1024.0
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Types a condition again and again, each time with another number in it, and waits for its count.
fn count_while_typing(page: &Page) {
    let form = page.ask("/create").body;
    let (_, rest) = form.split_once("name=\"csrf\" value=\"").unwrap();
    let csrf = rest.split('"').next().unwrap();
    let mut taken = Vec::new();
    for number in 0..21 {
        let typed = format!(
            "csrf={csrf}&part=1&do=count&name=Bench&when=count(visits+in+last+{}+days)+>=+3+and+count(visits)+>=+{number}",
            60 + number
        );
        let began = Instant::now();
        let answer = page.send("POST", "/create", &typed.replace(">", "%3E"));
        taken.push(began.elapsed().as_secs_f64() * 1000.0);
        assert!(
            answer.status == 200 && answer.body.contains("<h2>"),
            "{}",
            answer.body
        );
    }
    let first = taken.remove(0);
    taken.sort_by(f64::total_cmp);
    println!(
        "count while typing, ms: the first {first:.0}, then p50 {:.0}, p95 {:.0}",
        taken[taken.len() / 2],
        taken[taken.len() * 19 / 20]
    );
}

/// Asks for one page, each reader as soon as the last answer is there.
fn measure(page: &Page, path: &str, readers: u64, time: Duration) {
    let until = Instant::now() + time;
    let (mut taken, mut weight) = (Vec::new(), 0);
    std::thread::scope(|scope| {
        let threads = (0..readers).map(|_| {
            scope.spawn(|| {
                let mut taken = Vec::new();
                let mut weight = 0;
                while Instant::now() < until {
                    let began = Instant::now();
                    let answer = page.ask(path);
                    taken.push(began.elapsed().as_secs_f64() * 1000.0);
                    if answer.status != 200 {
                        eprintln!("{path}: {}", answer.head);
                        std::process::exit(1);
                    }
                    weight = weight.max(answer.body.len());
                }
                (taken, weight)
            })
        });
        let threads: Vec<_> = threads.collect();
        for thread in threads {
            let (own, heaviest) = thread.join().unwrap();
            taken.extend(own);
            weight = weight.max(heaviest);
        }
    });
    taken.sort_by(f64::total_cmp);
    let at = |share: f64| taken[((taken.len() - 1) as f64 * share) as usize];
    let name: String = path.chars().take(32).collect();
    println!(
        "{name:32} {:8.1} {:8.1} {:8.1} {:8}",
        at(0.5),
        at(0.95),
        weight as f64 / 1000.0,
        taken.len()
    );
}
