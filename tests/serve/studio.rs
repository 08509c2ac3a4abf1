//! A small studio with a timetable, a clock in a file, and processes that go by it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::support::clock::utc;
use crate::support::database::{query_so_far, rows_so_far};
use crate::support::scratch::{Scratch, on_scratch};
use crate::support::waiting::{PATIENCE, holds_in_time, holds_within};

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

/// What somebody who waits in vain wants to know beside the logs.
const STATE: [(&str, &str); 5] = [
    (
        "due times",
        "select * from muster_due order by due desc limit 20",
    ),
    ("schedules", "select * from muster_schedules"),
    ("at work", "select * from muster_lease"),
    (
        "runs",
        "select id, as_of, status, \"trigger\", message from muster_runs order by id desc limit 20",
    ),
    (
        "mail",
        "select id, report, period, status, attempts, reason from muster_deliveries order by id desc limit 20",
    ),
];

/// The due time that [`Studio::at_work`] begins with, and a day: in seconds.
const FIRST: i64 = 1_748_836_800;
const DAY: i64 = 86_400;

/// A folder with everything.
pub struct Studio {
    scratch: Scratch,
    logs: Mutex<Vec<Log>>,
}

/// The lines that a process logged so far.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

/// A process that serves, and what it logged so far.
pub struct Served {
    child: Child,
    log: Log,
    reader: Option<JoinHandle<()>>,
}

on_scratch!(Studio);

impl Studio {
    /// Noon of 1 June 2025 in UTC; `more` ends the config.
    pub fn new(more: &str) -> Self {
        let studio = Self {
            scratch: Scratch::new(),
            logs: Mutex::default(),
        };
        studio.sql(TABLES);
        std::fs::create_dir(studio.path("rules")).unwrap();
        studio.rules(RULES);
        studio.config(more);
        studio.put_clock("2025-06-01T12:00:00Z");
        studio
    }

    /// The same, with the schedules known already.
    pub fn known(more: &str) -> Self {
        let studio = Self::new(more);
        assert_eq!(studio.due(), 0);
        studio
    }

    pub fn rules(&self, yaml: &str) {
        self.replace("rules/all.yaml", yaml);
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
        self.replace("config.yaml", &config);
    }

    /// The clock, put to an instant in seconds.
    pub fn seconds(&self, seconds: i64) {
        self.put_clock(&utc(seconds));
    }

    /// The program with arguments and this config.
    pub fn muster(&self, arguments: &[&str]) -> Command {
        self.command(&[arguments, &["--config", "config.yaml"]].concat())
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
        self.start(self.muster(&["serve", "--log-format", "json"]))
    }

    /// Starts `muster serve` as somebody who may not write everywhere.
    pub fn serve_as_anybody(&self) -> Served {
        let mut command = self.muster(&["serve", "--log-format", "json"]);
        self.as_anybody(&mut command);
        self.start(command)
    }

    /// Starts a process whose log is shown by whoever waits in vain.
    pub fn start(&self, command: Command) -> Served {
        let served = Served::start(command);
        self.logs.lock().unwrap().push(served.log.clone());
        served
    }

    /// Rules that read a view of so many steps, some millions a second; `more` ends the config.
    pub fn slow(&self, steps: u64, more: &str) {
        self.sql(&format!(
            "drop view if exists slowly;
             create view slowly as
                 with recursive n(i) as (select 1 union all select i + 1 from n where i < {steps})
                 select 1 as client_id, max(i) as steps from n"
        ));
        self.config(&format!(
            "  slowly: {{ table: slowly, subject: client_id, types: {{ client_id: number, steps: number }} }}\n{more}"
        ));
        self.rules("segments:\n  - { id: slow, when: 'exists(slowly)' }");
    }

    /// Starts `muster serve`, and gives it with the due time whose run, of so many steps at least, is in
    /// hand.
    pub fn at_work(&self, steps: u64, more: &str) -> (Served, String) {
        let (served, due, ()) = self.caught_at_work(steps, more, |_| Some(()));
        (served, due)
    }

    /// The same, and what is done while the run is in hand. A run that was over before that is followed by a
    /// longer one on the next day.
    pub fn caught_at_work<T>(
        &self,
        mut steps: u64,
        more: &str,
        catch: impl Fn(&str) -> Option<T>,
    ) -> (Served, String, T) {
        self.slow(steps, more);
        let served = self.serve();
        self.wait_until_known(1);
        for day in 0.. {
            let due = utc(FIRST + day * DAY);
            self.put_clock(&due);
            let of_it = |what: &str| format!("select {what} from muster_due where due = '{due}'");
            let begun = of_it("owner is not null or state <> 'claimed'");
            self.wait_for(&begun, &["1"]);
            if self.query(&of_it("state")) == ["claimed"]
                && let Some(caught) = catch(&due)
            {
                return (served, due, caught);
            }
            self.wait_until_done(&due);
            steps *= 2;
            self.slow(steps, more);
        }
        unreachable!("days do not end")
    }

    /// The first column of a query's rows as text; nothing where a file or a table is not there yet.
    pub fn query(&self, sql: &str) -> Vec<String> {
        query_so_far(&self.database(), sql)
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

    /// Waits until something holds; where it never does, tells all that is known.
    pub fn wait(&self, what: &str, holds: impl Fn() -> bool) {
        if !holds_in_time(holds) {
            panic!("waited in vain for {what}\n{}", self.told());
        }
    }

    /// Waits until a query gives these rows.
    pub fn wait_for(&self, sql: &str, rows: &[&str]) {
        if !holds_in_time(|| self.query(sql) == rows) {
            panic!(
                "waited in vain for {rows:?} of {sql}: it gives {:?}\n{}",
                self.query(sql),
                self.told()
            );
        }
    }

    /// The clock, the tables, and what each process logged: why something failed.
    fn told(&self) -> String {
        let clock = std::fs::read_to_string(self.path("clock")).unwrap_or_default();
        let mut told = format!("clock: {}\n", clock.trim());
        for (what, sql) in STATE {
            for file in ["studio.db", "results.db"] {
                for row in rows_so_far(&self.path(file), sql) {
                    told += &format!("{what} in {file}: {}\n", row.join(" | "));
                }
            }
        }
        for (number, log) in (1..).zip(&*self.logs.lock().unwrap()) {
            told += &format!("log of process {number}:\n{}\n", log.text());
        }
        told
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

impl Log {
    fn text(&self) -> String {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.join("\n")
    }
}

impl Served {
    fn start(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stderr = child.stderr.take().unwrap();
        let log = Log::default();
        let into = log.clone();
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines() {
                into.0.lock().unwrap().push(line.unwrap());
            }
        });
        Self {
            child,
            log,
            reader: Some(reader),
        }
    }

    /// What it logged so far.
    pub fn log(&self) -> String {
        self.log.text()
    }

    /// Waits for words in the log.
    pub fn wait_for_log(&self, words: &str) {
        self.wait_for_log_within(PATIENCE, words);
    }

    /// The same for what itself takes a minute.
    pub fn wait_for_log_longer(&self, words: &str) {
        self.wait_for_log_within(3 * PATIENCE, words);
    }

    fn wait_for_log_within(&self, patience: Duration, words: &str) {
        if !holds_within(patience, || self.log().contains(words)) {
            panic!("no `{words}` in\n{}", self.log());
        }
    }

    /// Waits until a request to end would be heard, which is before the process does anything else, or until it has
    /// ended by itself.
    pub fn wait_until_it_hears(&self) {
        const TERMINATE: u64 = 1 << 14;
        let status = format!("/proc/{}/status", self.child.id());
        let hears = || {
            let status = std::fs::read_to_string(&status).unwrap();
            let field = |name| status.lines().find_map(|line| line.strip_prefix(name));
            let caught = u64::from_str_radix(field("SigCgt:").unwrap().trim(), 16).unwrap();
            caught & TERMINATE > 0 || field("State:").unwrap().trim().starts_with('Z')
        };
        assert!(holds_in_time(hears), "it never hears:\n{}", self.log());
    }

    /// The port that it listens on, where config leaves that to the system.
    pub fn port(&self) -> u16 {
        self.wait_for_log("\"serving\"");
        let log = self.log();
        let lines = log
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok());
        let mut lines = lines.filter(|line: &serde_json::Value| line["message"] == "serving");
        let serving = lines.next().unwrap();
        let address = serving["listen"].as_str().unwrap();
        address.rsplit_once(':').unwrap().1.parse().unwrap()
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

/// What a page answers, its head included; what came of it, or nothing, where nobody answers.
pub fn page(port: u16, path: &str) -> String {
    let mut answer = Vec::new();
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port))
        && stream.write_all(request.as_bytes()).is_ok()
    {
        stream.read_to_end(&mut answer).ok();
    }
    String::from_utf8(answer).unwrap()
}
