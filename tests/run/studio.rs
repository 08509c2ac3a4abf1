//! A small studio on disk: a database, a config and rules, and runs of it.

use std::path::{Path, PathBuf};

use muster::engine::Unwatched;
use muster::project::{LoadError, Project, load};
use muster::run::{Options, Outcome, RunError, run};
use rusqlite::Connection;

use crate::tables::query;

/// 1 June 2025, noon UTC, in microseconds.
pub const NOON: i64 = 1_748_779_200_000_000;
pub const DAY: i64 = 86_400_000_000;

const TABLES: &str = "
    create table clients (id integer primary key, name text, closed integer);
    create table visits (id integer primary key, client_id integer, attended_at datetime);
    create table payments (id integer primary key, client_id integer, paid_at datetime, amount numeric(10, 2));
    insert into clients values (1, 'Ann', 0), (2, 'Bo', 0), (3, 'Cy', 0), (4, 'Di', 0);
    insert into visits values
        (1, 1, '2025-05-30 10:00:00'), (2, 1, '2025-05-29 10:00:00'), (3, 2, '2025-05-28 10:00:00'),
        (4, 3, '2025-03-01 10:00:00');
    insert into payments values (1, 1, '2025-05-30 10:00:00', 80), (2, 3, '2025-05-30 10:00:00', 20);";

pub const RULES: &str = "
segments:
  - { id: active, importance: 3, when: 'exists(visits in last 30 days)' }
  - { id: twice, importance: 2, when: 'count(visits in last 30 days) >= 2' }
  - { id: spender, importance: 5, when: 'sum(payments.amount) >= 50' }
";

/// A folder with everything that a run needs.
pub struct Studio {
    pub folder: tempfile::TempDir,
}

impl Studio {
    pub fn new() -> Self {
        let studio = Self::empty();
        studio.sql(TABLES);
        studio.rules(RULES);
        studio.config("");
        studio
    }

    /// A folder with a folder for rules, and nothing else.
    pub fn empty() -> Self {
        let studio = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        std::fs::create_dir(studio.path("rules")).unwrap();
        studio
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn database(&self) -> PathBuf {
        self.path("studio.db")
    }

    pub fn sql(&self, sql: &str) {
        Connection::open(self.database())
            .unwrap()
            .execute_batch(sql)
            .unwrap();
    }

    pub fn rules(&self, yaml: &str) {
        std::fs::write(self.path("rules/all.yaml"), yaml).unwrap();
    }

    /// Writes the config, with more lines at its head.
    pub fn config(&self, more: &str) {
        let config = format!(
            "{more}
database: sqlite:studio.db
timezone: UTC
subject: {{ name: client, table: clients, key: id, label: name }}
collections:
  visits: {{ table: visits, subject: client_id, at: attended_at }}
  payments: {{ table: payments, subject: client_id, at: paid_at, types: {{ amount: money }} }}
"
        );
        std::fs::write(self.path("config.yaml"), config).unwrap();
    }

    pub async fn load(&self) -> Result<Project, LoadError> {
        load(&self.path("config.yaml")).await
    }

    pub async fn try_run(&self, options: &Options) -> Result<Outcome, RunError> {
        let project = match self.load().await {
            Ok(project) => project,
            Err(LoadError::World(reason)) => panic!("{reason}"),
            Err(LoadError::Refused(_, findings)) => panic!("{findings:#?}"),
        };
        run(&project, options, &Unwatched).await
    }

    pub async fn run(&self, options: &Options) -> Outcome {
        self.try_run(options).await.unwrap()
    }

    /// One published run so many days after [`NOON`].
    pub async fn day(&self, days: i64) -> Outcome {
        self.run(&at(NOON + days * DAY)).await
    }

    /// `segment/subject` of every membership.
    pub fn memberships(&self) -> Vec<String> {
        memberships(&self.database())
    }

    /// `segment/subject direction cause` of a run's movements.
    pub fn movements(&self, run: i64) -> Vec<String> {
        let sql = format!(
            "select segment_id || '/' || subject_key || ' ' || direction || ' ' || cause
             from muster_movements where run_id = {run} order by 1"
        );
        query(&self.database(), &sql)
    }
}

/// Many clients, each with a visit: results that do not fit into a few pages.
pub fn crowd(studio: &Studio, from: u32, to: u32) {
    studio.sql(&format!(
        "with recursive n(i) as (select {from} union all select i + 1 from n where i < {to})
         insert into clients select i, 'Client ' || i, 0 from n;
         insert into visits select id, id, '2025-05-30 10:00:00' from clients where id >= {from};"
    ));
}

pub fn memberships(database: &Path) -> Vec<String> {
    let sql = "select segment_id || '/' || subject_key from muster_memberships order by 1";
    query(database, sql)
}

pub fn at(as_of: i64) -> Options {
    Options {
        as_of: Some(as_of),
        trigger: "manual".into(),
        ..Options::default()
    }
}

/// Size in the last run's numbers, count of memberships, and length of the list agree everywhere.
pub async fn assert_whole(database: &Path) {
    let mut store = muster::store::Store::open_reader(database)
        .await
        .unwrap()
        .unwrap();
    let run = store.last_published().await.unwrap().unwrap();
    let subjects = query(database, "select count(*) from muster_scores");
    assert_eq!(subjects, [run.subjects.to_string()]);
    for (segment, size) in store.sizes().await.unwrap() {
        let metric = query(
            database,
            &format!(
                "select cast(value as integer) from muster_metrics
                 where run_id = {} and segment_id = '{segment}' and metric = 'size'",
                run.id
            ),
        );
        assert_eq!(metric, [size.to_string()], "{segment}");
        let mut members = 0;
        let visit = |_| -> Result<(), muster::store::StoreError> {
            members += 1;
            Ok(())
        };
        store.each_entry(Some(&segment), visit).await.unwrap();
        assert_eq!(members, size, "{segment}");
    }
    store.close().await.unwrap();
    let strays = "select count(*) from muster_memberships
                  where segment_id not in (select id from muster_segments)
                     or subject_key not in (select subject_key from muster_scores)";
    assert_eq!(query(database, strays), ["0"]);
    let ranks = "select count(*) from muster_scores where rank not between 1 and (select count(*) from muster_scores)";
    assert_eq!(query(database, ranks), ["0"]);
}
