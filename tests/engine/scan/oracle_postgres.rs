//! The rows of a SQLite file, taken over by a PostgreSQL server: random rules find the same people with the same values there,
//! however the tables are shared out. `MUSTER_POSTGRES_ROUNDS=1000 cargo nextest run --test engine postgres` is the long form.

use chrono_tz::UTC;
use muster::connector::postgres::PostgresConnector;
use muster::connector::{Connector, KeptSnapshot};
use muster::engine::{Keep, Tuning, Unwatched};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::both::told;
use super::harness::{Folder, clock};
use super::oracle::{COLLECTIONS, Truth, tables, truth, visit};
use crate::support::postgres::Postgres;

/// How many random sets of rules and rows, unless the environment says otherwise.
const ROUNDS: u32 = 16;

#[test]
fn a_server_and_a_file_give_the_same() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    let rounds = std::env::var("MUSTER_POSTGRES_ROUNDS");
    let rounds = rounds.map_or(ROUNDS, |rounds| rounds.parse().unwrap());
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(rounds)
    };
    let world = (
        prop::collection::vec(prop::option::weighted(0.8, 0..6_i8), 6),
        prop::collection::vec(visit(), 0..60),
        prop::collection::vec(truth(), 12),
    );
    let same = TestRunner::new(config).run(&world, |(ages, visits, conditions)| {
        let placed = conditions.into_iter().enumerate();
        let conditions: Vec<Truth> = placed.map(|(here, truth)| truth.placed(here)).collect();
        let folder = Folder::new(&tables(&ages, &visits), COLLECTIONS, &[]);
        let rules = conditions.iter().enumerate();
        let rules = rules.map(|(n, truth)| format!("  - id: s{n}\n    when: '{}'\n", truth.rule()));
        folder.rules(&format!("segments:\n{}", rules.collect::<String>()));
        let found = folder.evaluate();
        let of_file = told(&found.evaluation);

        postgres.take_over(&folder.database());
        let (server, ir) = (postgres.server(), &found.project.ir);
        for (threads, least) in [(1, 1 << 20), (1, 1), (3, 1)] {
            let tuning = Tuning {
                threads,
                batch: 3,
                least,
            };
            let connector = PostgresConnector::new(&server, UTC).tuned(tuning);
            let snapshot = connector.snapshot().unwrap();
            let of_server = snapshot.evaluate(ir, &clock(), Keep::Everything, &Unwatched);
            prop_assert_eq!(
                &of_file,
                &told(&of_server.unwrap()),
                "by {} threads",
                threads
            );
            let mut kept = KeptSnapshot::new(&connector as &dyn Connector, u64::MAX);
            let mut pinned = kept.pin().unwrap();
            for how in ["read", "from memory", "as grouped"] {
                let again = pinned.evaluate(ir, &clock(), Keep::Everything, &Unwatched);
                prop_assert_eq!(&of_file, &told(&again.unwrap()), "kept, {}", how);
            }
        }
        Ok(())
    });
    same.unwrap();
}

#[test]
fn what_is_kept_is_read_again_once_somebody_has_written() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    let folder = Folder::new(&tables(&[Some(1), None], &[]), COLLECTIONS, &[]);
    postgres.take_over(&folder.database());
    let project = folder.project();
    let connector = PostgresConnector::new(&postgres.server(), UTC);
    let mut kept = KeptSnapshot::new(&connector as &dyn Connector, u64::MAX);
    let mut people = || {
        let found = kept.evaluate(&project.ir, &clock(), Keep::Outputs, &Unwatched);
        found.unwrap().subjects.len()
    };
    assert_eq!(people(), 2);
    postgres.sql("INSERT INTO clients VALUES (7, 'Somebody', 3)");
    assert_eq!(people(), 3);
}
