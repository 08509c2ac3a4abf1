//! A small gym with a past: clients, their visits, and whatever a test adds to it.

use muster::backtest::{Asked, Backtest, BacktestError, backtest};
use muster::connector::connect;
use muster::engine::Unwatched;
use muster::project::Project;
use muster::time::parse_instant;
use serde_json::Value;

use crate::support::library::block_on;
use crate::support::program::Said;
use crate::support::scratch::{Scratch, on_scratch};

const TABLES: &str = "
    create table studios (id integer primary key, size integer);
    create table classes (id integer primary key, level integer);
    create table clients (id integer primary key, name text, studio_id integer, joined_at datetime, closed_on date, tokens integer);
    create table visits (id integer primary key, client_id integer, attended_at datetime, minutes integer, class_id integer, status text);
    create table notes (id integer primary key, client_id integer);
    insert into studios values (1, 10);
    insert into classes values (1, 3);";

/// The 1st of April 2025: half of the gym's year is before it.
pub const APRIL: &str = "2025-04-01";

/// A folder with the gym.
pub struct Gym {
    scratch: Scratch,
}

on_scratch!(Gym);

impl Gym {
    /// A gym without anybody, and a score of recency and frequency.
    pub fn empty() -> Self {
        let gym = Self {
            scratch: Scratch::around("gym.db"),
        };
        gym.sql(TABLES);
        gym.config(
            "  churn: { among: exists(visits in last 60 days), when: not exists(visits in next 60 days) }
  factors:
    - { id: recency, value: days_since(last(visits).at), zero: 60, full: 0, weight: 3, reason: 'r {value}' }
    - { id: often, value: count(visits in last 60 days), zero: 0, full: 8, weight: 1, reason: 'o {value}' }",
        );
        gym
    }

    /// Forty clients who come from January to December 2025, each less often than the one before; every
    /// fourth of them has a last visit in some month and does not come again.
    pub fn busy() -> Self {
        let gym = Self::empty();
        gym.sql(
            "with recursive c(i) as (select 1 union all select i + 1 from c where i < 40)
             insert into clients select i, 'Client ' || i, 1, '2024-12-01 00:00:00', null, i from c;
             with recursive
                c(i) as (select 1 union all select i + 1 from c where i < 40),
                v(i, n, day) as (
                    select i, 0, i % 7 from c
                    union all
                    select i, n + 1, day + 2 + i / 4 + (n * i) % 5 from v
                    where day < case when i % 4 = 0 then 30 + i * 7 else 363 end
                )
             insert into visits
             select null, i, datetime('2025-01-01 10:00:00', '+' || day || ' days'), 30 + i, 1, 'came'
             from v where day < 363;
             insert into visits values (null, 1, '2025-12-30 10:00:00', 31, 1, 'came');",
        );
        gym
    }

    /// Writes the config with this under `health:`.
    pub fn config(&self, health: &str) {
        self.whole_config(&format!("health:\n{health}\n"), "");
    }

    /// Writes the config with these lines at its end, and these under the subject.
    pub fn whole_config(&self, more: &str, subject: &str) {
        let config = format!(
            "database: sqlite:gym.db
timezone: Europe/Berlin
subject:
  name: client
  table: clients
  key: id
  label: name
  lookups: {{ studio: {{ table: studios, key: id, by: studio_id }} }}
{subject}
scopes: {{ studio: studio_id }}
collections:
  visits: {{ table: visits, subject: client_id, at: attended_at, changes: [status], lookups: {{ class: {{ table: classes, key: id, by: class_id }} }} }}
  notes: {{ table: notes, subject: client_id }}
lists: {{ vip: {{ file: vip.csv }} }}
{more}"
        );
        self.write("config.yaml", &config);
        self.write("vip.csv", "1\n2\n");
        let rules = "metrics:\n  gone: not exists(visits in next 60 days)\nsegments: [{ id: regular, importance: 1, when: 'count(visits in last 30 days) > 2' }]\n";
        self.rules(rules);
    }

    pub fn load(&self) -> Project {
        block_on(self.project())
    }

    /// A backtest on these dates, asked in January 2026.
    pub fn try_backtest(&self, as_of: &[&str], suggest: bool) -> Result<Backtest, BacktestError> {
        let project = self.load();
        let zone = project.config.timezone;
        let instant = |text: &&str| parse_instant(text, zone).unwrap();
        let asked = Asked {
            as_of: as_of.iter().map(instant).collect(),
            suggest,
        };
        block_on(async {
            backtest(
                &project,
                &*connect(&project.config),
                &asked,
                instant(&"2026-01-15"),
                &Unwatched,
            )
        })
    }

    pub fn backtest(&self, as_of: &[&str]) -> Backtest {
        self.try_backtest(as_of, false).unwrap()
    }

    /// Why there is no backtest.
    pub fn refused(&self, as_of: &[&str], suggest: bool) -> String {
        match self.try_backtest(as_of, suggest) {
            Err(BacktestError::Asked(words)) => words,
            other => panic!("{other:?}"),
        }
    }

    /// `muster health --backtest`.
    pub fn muster(&self, arguments: &[&str]) -> Said {
        self.scratch
            .muster(&[&["health", "--backtest"], arguments].concat())
    }

    pub fn json(&self, arguments: &[&str]) -> Value {
        self.scratch
            .json(&[&["health", "--backtest"], arguments].concat())
    }
}
