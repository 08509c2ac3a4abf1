//! What goes wrong on a server: told in words, and the last results stay.

mod connection;
mod files;
mod server;
mod stopping;

use muster::connector::Connector;
use muster::connector::spark::SparkConnector;
use muster::engine::{EngineError, Watch};
use muster::project::Project;

use crate::support::clock::clock_at;
use crate::support::database::query;
use crate::support::library::{block_on, whole};
use crate::support::scratch::Scratch;
use crate::support::spark::Spark;

pub struct World {
    pub spark: Spark,
    pub scratch: Scratch,
}

/// Nine clients, of whom each came ten times, and one published run.
pub fn world() -> Option<World> {
    let spark = Spark::open()?;
    let scratch = Scratch::around("clients.db");
    scratch.sql(
        "create table clients (id integer primary key, city text);
         with recursive n(i) as (select 1 union all select i + 1 from n where i < 9) insert into clients select i, 'Ulm' from n;
         create table visits (id integer primary key, client_id integer, at timestamp);
         with recursive n(i) as (select 1 union all select i + 1 from n where i < 90)
         insert into visits select i, i % 9 + 1, datetime('2026-01-01', i || ' hours') from n;",
    );
    spark.take_over(&scratch.database(), 30);
    let world = World { spark, scratch };
    world.configure(&world.spark.config());
    world.scratch.rules(
        "segments:\n  - { id: here, when: id > 0 }\n  - { id: often, when: count(visits) >= 2 }\n",
    );
    world.scratch.put_clock("2026-03-15T10:00:00Z");
    world.scratch.expect(0, &["run"]);
    Some(world)
}

impl World {
    pub fn configure(&self, database: &str) {
        self.scratch.write(
            "config.yaml",
            format!(
                "database: {database}\ntimezone: UTC\nsubject: {{ name: client, table: clients, key: id }}\n\
                 collections:\n  visits: {{ table: visits, subject: client_id, at: at, key: id }}\n"
            ),
        );
    }

    /// A run that must fail and say this.
    pub fn fails(&self, words: &[&str]) {
        let said = self.scratch.expect(3, &["run"]);
        for word in words {
            assert!(said.err.contains(word), "{word}\n{said:?}");
        }
        let sql = "select segment_id || ' ' || count(*) from muster_memberships group by segment_id order by 1";
        let members = query(&self.scratch.path("results.db"), sql);
        assert_eq!(members, ["here 9", "often 9"], "the last results stay");
    }

    pub fn project(&self) -> Project {
        whole(block_on(self.scratch.load()))
    }

    /// Gathers, and does something as soon as rows are read.
    pub fn gather(&self, then: impl Fn() -> bool + Sync) -> Result<(), EngineError> {
        let snapshot = SparkConnector::new(&self.spark.server()).snapshot()?;
        let clock = clock_at("2026-03-15T10:00:00", chrono_tz::UTC);
        let watch = Interfering(then);
        let gathered = snapshot.gather(None, &self.project().ir, &clock, &watch);
        gathered.map(|_| ())
    }
}

/// Does something when it is asked whether to stop.
pub struct Interfering<F>(pub F);

impl<F: Fn() -> bool + Sync> Watch for Interfering<F> {
    fn progress(&self, _: &str, _: u64, _: Option<u64>) {}

    fn cancelled(&self) -> bool {
        self.0()
    }
}
