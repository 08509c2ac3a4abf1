//! A small studio with a report, runs of it that write mail, and the mail as its readers parse it.

use std::path::{Path, PathBuf};
use std::process::Command;

use muster::connector::connect;
use muster::engine::Unwatched;
use muster::mail::{self, ReportWriter};
use muster::project::{LoadError, Project};
use muster::run::notify::{Notification, notify_published, preview_published};
use muster::run::{Options, Outcome, run_and_notify};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::support::clock::{DAY, NOON};
use crate::support::library::{findings, whole};
use crate::support::scratch::{Scratch, on_scratch};

const TABLES: &str = "
    create table clients (id integer primary key, name text, studio text, a integer, b integer, closed integer);
    create table visits (id integer primary key, client_id integer, attended_at datetime);
    insert into clients values
        (1, 'Ann', 'Soho', 1, 1, 0), (2, 'Bo', 'Soho', 1, 0, 0), (3, 'Cy', 'Harlem', 0, 0, 0),
        (4, 'Di', 'Harlem', 0, 1, 0), (5, 'Ed', 'Soho', 0, 0, 0);
    insert into visits values (1, 1, '2025-05-30 10:00:00');";

pub const RULES: &str = "
segments:
  - { id: red, name: Red ones, importance: 3, when: 'a = 1' }
  - { id: blue, name: Blue ones, importance: 1, when: 'b = 1' }
";

/// A folder with everything that a run needs.
pub struct Studio {
    scratch: Scratch,
}

/// A mail as Python's parser reads it.
pub struct Mail(pub Value);

impl Mail {
    pub fn text(&self) -> &str {
        self.0["text"].as_str().unwrap()
    }

    pub fn html(&self) -> &str {
        self.0["html"].as_str().unwrap()
    }

    pub fn header(&self, name: &str) -> Option<String> {
        let headers = self.0["headers"].as_array().unwrap();
        let mut found = headers.iter().filter(|h| h[0] == name);
        let value = found.next()?[1].as_str().unwrap().to_string();
        assert!(found.next().is_none(), "{name} stands twice");
        Some(value)
    }

    /// Name, type and content of each file.
    pub fn files(&self) -> Vec<(String, String, String)> {
        let part = |file: &Value, at: usize| file[at].as_str().unwrap().to_string();
        let files = self.0["files"].as_array().unwrap();
        files
            .iter()
            .map(|f| (part(f, 0), part(f, 1), part(f, 2)))
            .collect()
    }
}

on_scratch!(Studio);

impl Studio {
    /// A report `daily` with further keys, and further lines at config's end.
    pub fn new(report: &str) -> Self {
        let studio = Self {
            scratch: Scratch::new(),
        };
        studio.sql(TABLES);
        studio.rules(RULES);
        studio.report(report, "");
        studio
    }

    pub fn report(&self, report: &str, more: &str) {
        let config = format!(
            "
database: sqlite:studio.db
guard: off
timezone: America/New_York
subject: {{ name: client, table: clients, key: id, label: name }}
collections:
  visits: {{ table: visits, subject: client_id, at: attended_at }}
values:
  add:
    - {{ id: share, label: Share of blue, of: avg(b), format: percent, description: how many are blue }}
reports:
  - id: daily
    to: [ann@example.com]
    {report}
mail: {{ from: Segments <segments@example.com>, file: out }}
{more}
"
        );
        self.write("config.yaml", &config);
    }

    pub async fn load(&self) -> Result<Project, LoadError> {
        mail::load(&self.path("config.yaml"), connect).await
    }

    pub async fn project(&self) -> Project {
        whole(self.load().await)
    }

    /// What is wrong, in words.
    pub async fn refused(&self) -> Vec<String> {
        let Err(refused) = self.load().await else {
            return Vec::new();
        };
        let found = findings(Err(refused)).into_iter();
        found
            .map(|f| format!("{}: {}", f.code.name(), f.message))
            .collect()
    }

    /// Runs on a day from [`NOON`], with the report's mail for that day.
    pub async fn day(&self, day: i64) -> Outcome {
        let project = self.project().await;
        let as_of = NOON + day * DAY;
        let writer = ReportWriter::new(&project, &["daily"], as_of);
        let options = Options {
            as_of: Some(as_of),
            trigger: "nightly".to_string(),
            ..Options::default()
        };
        let outcome = run_and_notify(
            &project,
            &*connect(&project.config),
            &options,
            Some(&writer),
            &Unwatched,
        )
        .await;
        outcome.unwrap()
    }

    /// A day's run whose mail is accepted at once; gives its text.
    pub async fn told(&self, day: i64) -> String {
        let outcome = self.day(day).await;
        self.deliver().await;
        let notification = outcome.notification.unwrap();
        assert_eq!(notification.failures, []);
        notification.texts.concat()
    }

    /// What is told of a change on the day after; the day before, all was told.
    pub async fn told_of(&self, sql: &str) -> String {
        self.told(0).await;
        self.sql(sql);
        self.told(1).await
    }

    /// What `muster report daily` would write now.
    pub async fn shown(&self) -> Notification {
        let project = self.project().await;
        let writer = ReportWriter::new(&project, &["daily"], NOON).for_show();
        let told =
            preview_published(&project, &*connect(&project.config), &writer, &Unwatched).await;
        told.unwrap().unwrap().notification
    }

    /// `muster report daily --to ADDRESS`; gives how many mails are new.
    pub async fn test_to(&self, address: &str, period: i64) -> usize {
        let project = self.project().await;
        let writer = ReportWriter::new(&project, &["daily"], period).as_test_to(address);
        let told = notify_published(
            &project,
            &*connect(&project.config),
            &writer,
            None,
            &Unwatched,
        )
        .await;
        told.unwrap().unwrap().new
    }

    /// Delivers into the folder `out`.
    pub async fn deliver(&self) {
        self.deliver_in(0).await;
    }

    /// Delivers so many days from now.
    pub async fn deliver_in(&self, days: i64) {
        let project = self.project().await;
        let now = || chrono::Utc::now().timestamp_micros() + days * DAY;
        let stop = CancellationToken::new();
        let delivered = mail::deliver(&project.config, &now, &stop).await.unwrap();
        assert_eq!(delivered.trouble, None);
    }

    /// The mails in the folder `out`, in the order of what they are for.
    pub fn mails(&self) -> Vec<Mail> {
        let Ok(folder) = std::fs::read_dir(self.path("out")) else {
            return Vec::new();
        };
        let mut paths: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mail/letters/parse.py");
        let python = Command::new("python3")
            .arg(script)
            .args(&paths)
            .output()
            .unwrap();
        assert!(
            python.status.success(),
            "{}",
            String::from_utf8_lossy(&python.stderr)
        );
        let lines = String::from_utf8(python.stdout).unwrap();
        let mails: Vec<Mail> = lines
            .lines()
            .map(|l| Mail(serde_json::from_str(l).unwrap()))
            .collect();
        for mail in &mails {
            assert_eq!(mail.0["defects"], serde_json::json!([]));
            assert_eq!(mail.0["bare"], 0, "a line end without its carriage return");
            assert!(mail.0["longest_line"].as_u64().unwrap() <= 998);
        }
        mails
    }
}
