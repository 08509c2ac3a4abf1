//! A small studio on disk: a database, a config and rules, and runs of it.

use std::path::Path;

use muster::run::{Options, Outcome, RunError};

use crate::support::clock::{DAY, NOON};
use crate::support::database::{Tables, query};
use crate::support::library::{at, run};
use crate::support::scratch::{Scratch, on_scratch};

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
    scratch: Scratch,
}

on_scratch!(Studio);

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
            scratch: Scratch::new(),
        };
        std::fs::create_dir(studio.path("rules")).unwrap();
        studio
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
        self.write("config.yaml", &config);
    }

    pub async fn try_run(&self, options: &Options) -> Result<Outcome, RunError> {
        run(&self.project().await, options).await
    }

    pub async fn run(&self, options: &Options) -> Outcome {
        self.try_run(options).await.unwrap()
    }

    /// Runs at the same time, each on a thread of its own as in a process of its own: a wait for
    /// a lock blocks its thread, and would keep another run on it from giving the lock back.
    pub fn at_once(&self, all: &[&Options]) -> Vec<Outcome> {
        let alone = |options: &Options| {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.unwrap().block_on(self.run(options))
        };
        std::thread::scope(|scope| {
            let running = all.iter().map(|options| scope.spawn(|| alone(options)));
            let running: Vec<_> = running.collect();
            let ended = running.into_iter().map(|run| run.join().unwrap());
            ended.collect()
        })
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
        self.query(&format!(
            "select segment_id || '/' || subject_key || ' ' || direction || ' ' || cause
             from muster_movements where run_id = {run} order by 1"
        ))
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

/// Between two dumps lies a run that changed nothing: its row, its numbers.
pub fn assert_unchanged_but_for_a_run(before: &Tables, after: &Tables) {
    for (table, rows) in before {
        match table.as_str() {
            "muster_runs" => assert_eq!(after[table].len(), 2),
            "muster_metrics" => assert_eq!(after[table].len(), 2 * rows.len()),
            _ => assert_eq!(after[table], *rows, "{table}"),
        }
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
    for segment in store.segments().await.unwrap() {
        let segment = segment.id;
        let metric = query(
            database,
            &format!(
                "select cast(value as integer) from muster_metrics
                 where run_id = {} and segment_id = '{segment}' and metric = 'size'",
                run.id
            ),
        );
        let count =
            format!("select count(*) from muster_memberships where segment_id = '{segment}'");
        assert_eq!(metric, query(database, &count), "{segment}");
        let mut members = 0_u64;
        let visit = |_| -> Result<(), muster::store::StoreError> {
            members += 1;
            Ok(())
        };
        store.each_client(Some(&segment), visit).await.unwrap();
        assert_eq!(metric, [members.to_string()], "{segment}");
    }
    store.close().await.unwrap();
    let strays = "select count(*) from muster_memberships
                  where segment_id not in (select id from muster_segments)
                     or subject_key not in (select subject_key from muster_scores)";
    assert_eq!(query(database, strays), ["0"]);
    let ranks = "select count(*) from muster_scores where rank not between 1 and (select count(*) from muster_scores)";
    assert_eq!(query(database, ranks), ["0"]);
}
