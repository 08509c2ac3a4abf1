//! A small studio with a timetable, a clock in a file, and processes that go by it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use rusqlite::types::Value;

/// Longer than anything takes on a slow machine; nothing waits for it that goes well.
const PATIENCE: Duration = Duration::from_secs(120);

const TABLES: &str = "
    create table clients (id integer primary key, name text);
    create table visits (id integer primary key, client_id integer, attended_at datetime);
    insert into clients values (1, 'Ann'), (2, 'Bo'), (3, 'Cy');
    insert into visits values
        (1, 1, '2025-05-30 10:00:00'), (2, 1, '2025-05-31 10:00:00'), (3, 2, '2025-06-02 12:00:00');";

pub const RULES: &str = "
segments:
  - { id: active, importance: 3, when: 'exists(visits in last 3 days)' }
  - { id: idle, when: 'not exists(visits)' }
";

pub const NIGHTLY: &str = "schedules:\n  - { id: nightly, cron: '0 6 * * *' }";

/// A folder with everything.
pub struct Studio {
    pub folder: tempfile::TempDir,
}

/// A process that serves, and what it logged so far.
pub struct Served {
    child: Child,
    lines: Arc<Mutex<Vec<String>>>,
    reader: Option<JoinHandle<()>>,
}

impl Studio {
    /// Noon of 1 June 2025 in UTC; `more` ends the config.
    pub fn new(more: &str) -> Self {
        let studio = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        std::fs::create_dir(studio.path("rules")).unwrap();
        studio.sql(TABLES);
        studio.rules(RULES);
        studio.config(more);
        studio.clock("2025-06-01T12:00:00Z");
        studio
    }

    /// The same, with the schedules known already.
    pub fn known(more: &str) -> Self {
        let studio = Self::new(more);
        assert_eq!(studio.due(), 0);
        studio
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn database(&self) -> PathBuf {
        self.path("studio.db")
    }

    pub fn sql(&self, sql: &str) {
        let connection = Connection::open(self.database()).unwrap();
        connection.busy_timeout(PATIENCE).unwrap();
        connection.execute_batch(sql).unwrap();
    }

    /// Writes a file whole, so that nobody reads half of it.
    pub fn write(&self, name: &str, text: &str) {
        let aside = self.path("aside");
        std::fs::write(&aside, text).unwrap();
        std::fs::rename(aside, self.path(name)).unwrap();
    }

    pub fn rules(&self, yaml: &str) {
        self.write("rules/all.yaml", yaml);
    }

    pub fn config(&self, more: &str) {
        let config = format!(
            "database: sqlite:studio.db
timezone: Europe/Berlin
subject: {{ name: client, table: clients, key: id, label: name }}
collections:
  visits: {{ table: visits, subject: client_id, at: attended_at }}
{more}
"
        );
        self.write("config.yaml", &config);
    }

    /// Puts the clock to an instant.
    pub fn clock(&self, instant: &str) {
        self.write("clock", instant);
    }

    /// The clock, put to an instant in seconds.
    pub fn seconds(&self, seconds: i64) {
        let instant = chrono::DateTime::from_timestamp(seconds, 0).unwrap();
        self.clock(&instant.to_rfc3339());
    }

    pub fn muster(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
        command
            .args(arguments)
            .args(["--config", "config.yaml"])
            .current_dir(self.folder.path())
            .env("MUSTER_CLOCK", self.path("clock"))
            .env("NO_COLOR", "1");
        command
    }

    pub fn said(&self, arguments: &[&str]) -> Output {
        self.muster(arguments).output().unwrap()
    }

    /// `muster run --due`, and its exit code.
    pub fn due(&self) -> i32 {
        self.due_said().0
    }

    /// `muster run --due`: its exit code and its log.
    pub fn due_said(&self) -> (i32, String) {
        let output = self.said(&["run", "--due"]);
        let log = String::from_utf8(output.stderr).unwrap();
        (output.status.code().unwrap(), log)
    }

    /// Starts `muster serve`.
    pub fn serve(&self) -> Served {
        Served::start(self.muster(&["serve", "--log-format", "json"]))
    }

    /// Starts `muster serve` as somebody who may not write everywhere.
    pub fn serve_as_anybody(&self) -> Served {
        let mut command = self.muster(&["serve", "--log-format", "json"]);
        command.uid(65_534).gid(65_534);
        Served::start(command)
    }

    /// The first column of a query's rows as text; nothing where a table is not there yet.
    pub fn query(&self, sql: &str) -> Vec<String> {
        query(&self.database(), sql)
    }

    /// `schedule due state`, in order.
    pub fn dues(&self) -> Vec<String> {
        self.query(
            "select schedule || ' ' || due || ' ' || state from muster_due order by due, schedule",
        )
    }

    /// The instants of the published runs of a schedule, in the order of publishing.
    pub fn runs(&self, schedule: &str) -> Vec<String> {
        self.query(&format!(
            "select as_of from muster_runs where \"trigger\" = '{schedule}'
             and status in ('published', 'partial') order by id"
        ))
    }

    pub fn memberships(&self) -> Vec<String> {
        self.query("select segment_id || '/' || subject_key from muster_memberships order by 1")
    }

    /// Waits until a query gives these rows.
    pub fn wait_for(&self, sql: &str, rows: &[&str]) {
        wait(&format!("{rows:?} of {sql}"), || self.query(sql) == rows);
    }

    /// Waits until the schedules are known.
    pub fn wait_until_known(&self, count: usize) {
        self.wait_for(
            "select count(*) from muster_schedules",
            &[&count.to_string()],
        );
    }

    /// Waits until a due time is done.
    pub fn wait_until_done(&self, due: &str) {
        self.wait_for(
            &format!("select state from muster_due where due = '{due}'"),
            &["done"],
        );
    }
}

impl Served {
    pub fn start(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stderr = child.stderr.take().unwrap();
        let lines = Arc::new(Mutex::new(Vec::new()));
        let into = Arc::clone(&lines);
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines() {
                into.lock().unwrap().push(line.unwrap());
            }
        });
        Self {
            child,
            lines,
            reader: Some(reader),
        }
    }

    /// What it logged so far.
    pub fn log(&self) -> String {
        self.lines.lock().unwrap().join("\n")
    }

    /// Waits for words in the log.
    pub fn wait_for_log(&self, words: &str) {
        let wanted = || self.log().contains(words);
        if !holds_in_time(wanted) {
            panic!("no `{words}` in\n{}", self.log());
        }
    }

    /// Waits until a request to end would be heard, which is before the process does anything else.
    pub fn wait_until_it_hears(&self) {
        const TERMINATE: u64 = 1 << 14;
        let status = format!("/proc/{}/status", self.child.id());
        wait("a process that hears", || {
            let status = std::fs::read_to_string(&status).unwrap();
            let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
            let caught = u64::from_str_radix(caught.unwrap().trim(), 16).unwrap();
            caught & TERMINATE > 0
        });
    }

    /// Asks it to end.
    pub fn terminate(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").arg(pid).status().unwrap().success());
    }

    /// Ends it at once, as a power cut does.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for its end: how it ended, and all that it logged.
    pub fn end(mut self) -> (ExitStatus, String) {
        let status = self.child.wait().unwrap();
        self.reader.take().unwrap().join().unwrap();
        (status, self.log())
    }

    /// Asks it to end, and holds it to ending well.
    pub fn stop(self) -> String {
        self.terminate();
        let (status, log) = self.end();
        assert_eq!(status.code(), Some(0), "{log}");
        log
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn query(path: &Path, sql: &str) -> Vec<String> {
    let connection = Connection::open(path).unwrap();
    connection.busy_timeout(PATIENCE).unwrap();
    let mut statement = match connection.prepare(sql) {
        Ok(statement) => statement,
        Err(error) if error.to_string().contains("no such table") => return Vec::new(),
        Err(error) => panic!("{error}"),
    };
    let rows = statement
        .query_map([], |row| row.get::<_, Value>(0))
        .unwrap();
    rows.map(|value| match value.unwrap() {
        Value::Null => "null".into(),
        Value::Integer(value) => value.to_string(),
        Value::Real(value) => value.to_string(),
        Value::Text(value) => value,
        Value::Blob(value) => format!("{value:?}"),
    })
    .collect()
}

pub fn wait(what: &str, holds: impl Fn() -> bool) {
    assert!(holds_in_time(holds), "waited in vain for {what}");
}

fn holds_in_time(holds: impl Fn() -> bool) -> bool {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if holds() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    false
}

/// A port that nobody has right now.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// What a page answers, its head included; nothing where nobody listens.
pub fn page(port: u16, path: &str) -> String {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else {
        return String::new();
    };
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}
