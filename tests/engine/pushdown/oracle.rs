//! Random rules over random rows: what SQL aggregates is what is gathered row by row, and so is everything that is made of it.
//! `MUSTER_PUSHDOWN_ROUNDS=100000 cargo nextest run --test engine pushdown` is the long form.

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::harness::{by_postgres, by_sqlite};
use crate::scan::harness::Folder;
use crate::scan::oracle::{COLLECTIONS, Truth, tables, truth, visit};
use crate::support::postgres::Postgres;
use crate::support::rounds::Rounds;

/// Runs so many rounds, or as many as the environment says.
pub fn go_round<S: Strategy>(
    otherwise: u32,
    worlds: &S,
    test: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let rounds = Rounds::new("MUSTER_PUSHDOWN_ROUNDS", otherwise);
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(rounds.count)
    };
    let same = TestRunner::new(config).run(worlds, |world| {
        test(world)?;
        rounds.passed();
        Ok(())
    });
    same.unwrap();
}

/// Compares some worlds; SQL has to answer every scan.
pub fn compare(otherwise: u32, ask: impl Fn(&Folder) -> Vec<String>) {
    let world = (
        prop::collection::vec(prop::option::weighted(0.8, 0..6_i8), 6),
        prop::collection::vec(visit(), 0..60),
        prop::collection::vec(truth(), 12),
    );
    go_round(otherwise, &world, |(ages, visits, conditions)| {
        let placed = conditions.into_iter().enumerate();
        let conditions: Vec<Truth> = placed.map(|(here, truth)| truth.placed(here)).collect();
        let folder = Folder::new(&tables(&ages, &visits), COLLECTIONS, &[]);
        let rules = conditions.iter().enumerate();
        let rules = rules.map(|(n, truth)| format!("  - id: s{n}\n    when: '{}'\n", truth.rule()));
        folder.rules(&format!("segments:\n{}", rules.collect::<String>()));
        prop_assert_eq!(ask(&folder), Vec::<String>::new());
        Ok(())
    });
}

#[test]
fn sqlite_aggregates_what_its_rows_come_to() {
    compare(100, by_sqlite);
}

#[test]
fn postgres_aggregates_what_its_rows_come_to() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    compare(16, |folder| {
        postgres.take_over(&folder.database());
        by_postgres(folder, &postgres)
    });
}
