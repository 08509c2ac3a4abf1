//! A folder with a small business, and a clock that is put by hand.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

pub struct Desk {
    folder: tempfile::TempDir,
}

/// What a command said.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Desk {
    /// Two clients, one segment, and these schedules.
    pub fn new(schedules: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let desk = Self { folder };
        desk.config(schedules);
        std::fs::create_dir(desk.path("rules")).unwrap();
        std::fs::write(
            desk.path("rules/all.yaml"),
            "segments: [{ id: everyone_here, when: yes }]\n",
        )
        .unwrap();
        let database = rusqlite::Connection::open(desk.path("shop.db")).unwrap();
        database
            .execute_batch(
                "create table clients (id integer primary key, name text);
                 insert into clients values (1, 'Ada'), (2, 'Ben');",
            )
            .unwrap();
        desk
    }

    pub fn config(&self, schedules: &str) {
        let text = format!(
            "database: sqlite:shop.db\nresults: sqlite:results.db\ntimezone: Europe/Berlin\n\
             subject: {{ name: client, table: clients, key: id, label: name }}\n\
             schedules:\n{schedules}\n"
        );
        std::fs::write(self.path("config.yaml"), text).unwrap();
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A command at an instant such as `2026-03-15T10:00:00Z`.
    pub fn at(&self, instant: &str, arguments: &[&str]) -> Said {
        let clock = self.path("clock");
        std::fs::write(&clock, instant).unwrap();
        said(self.folder.path(), &clock, arguments)
    }

    /// As [`Desk::at`]; the exit code must be this one.
    pub fn expect(&self, code: i32, instant: &str, arguments: &[&str]) -> Said {
        let said = self.at(instant, arguments);
        assert_eq!(said.code, code, "{arguments:?} at {instant}: {said:#?}");
        said
    }

    /// `muster status --format json`.
    pub fn status(&self, code: i32, instant: &str) -> Value {
        let said = self.expect(code, instant, &["status", "--format", "json"]);
        serde_json::from_str(&said.out).unwrap()
    }

    /// What became of each due time: schedule, instant, state.
    pub fn dues(&self) -> Vec<(String, String, String)> {
        let database = rusqlite::Connection::open(self.path("results.db")).unwrap();
        let mut query = database
            .prepare("select schedule, due, state from muster_due order by 1, 2")
            .unwrap();
        let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
        rows.unwrap().map(Result::unwrap).collect()
    }

    pub fn runs(&self) -> i64 {
        let database = rusqlite::Connection::open(self.path("results.db")).unwrap();
        database
            .query_row("select count(*) from muster_runs", [], |row| row.get(0))
            .unwrap()
    }
}

fn said(folder: &Path, clock: &Path, arguments: &[&str]) -> Said {
    let output = Command::new(env!("CARGO_BIN_EXE_muster"))
        .args(arguments)
        .current_dir(folder)
        .env("MUSTER_CLOCK", clock)
        .output()
        .unwrap();
    Said {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}
