//! A folder with a small business, and a clock that is put by hand.

use serde_json::Value;

use crate::support::database::{query, rows};
use crate::support::program::Said;
use crate::support::scratch::{Scratch, on_scratch};

pub struct Desk {
    scratch: Scratch,
}

on_scratch!(Desk);

impl Desk {
    /// Two clients, one segment, and these schedules.
    pub fn new(schedules: &str) -> Self {
        let scratch = Scratch::around("shop.db");
        let desk = Self { scratch };
        desk.config(schedules);
        desk.rules("segments: [{ id: everyone_here, when: yes }]\n");
        desk.sql(
            "create table clients (id integer primary key, name text);
             insert into clients values (1, 'Ada'), (2, 'Ben');",
        );
        desk
    }

    pub fn config(&self, schedules: &str) {
        let text = format!(
            "database: sqlite:shop.db\nresults: sqlite:results.db\ntimezone: Europe/Berlin\n\
             subject: {{ name: client, table: clients, key: id, label: name }}\n\
             schedules:\n{schedules}\n"
        );
        self.write("config.yaml", &text);
    }

    /// A command at an instant such as `2026-03-15T10:00:00Z`.
    pub fn at(&self, instant: &str, arguments: &[&str]) -> Said {
        self.put_clock(instant);
        self.muster(arguments)
    }

    /// As [`Desk::at`]; the exit code must be this one.
    pub fn expect(&self, code: i32, instant: &str, arguments: &[&str]) -> Said {
        let said = self.at(instant, arguments);
        assert_eq!(said.code, code, "{arguments:?} at {instant}: {said:#?}");
        said
    }

    /// `muster status --format json`.
    pub fn status(&self, code: i32, instant: &str) -> Value {
        self.expect(code, instant, &["status", "--format", "json"])
            .json()
    }

    /// What became of each due time: schedule, instant, state.
    pub fn dues(&self) -> Vec<[String; 3]> {
        let sql = "select schedule, due, state from muster_due order by 1, 2";
        let dues = rows(&self.path("results.db"), sql).into_iter();
        dues.map(|row| row.try_into().unwrap()).collect()
    }

    pub fn runs(&self) -> i64 {
        let sql = "select count(*) from muster_runs";
        query(&self.path("results.db"), sql)[0].parse().unwrap()
    }
}
