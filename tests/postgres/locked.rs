//! Locks that others hold for longer than they are waited for.

use std::thread;

use super::publish::{may_write, project};
use crate::support::postgres::Postgres;
use crate::support::publishing::assert_equal;
use crate::support::waiting::holds_in_time;

/// Holds a lock for longer than it is waited for, while something else is done.
fn while_locked(postgres: &Postgres, lock: &str, work: impl FnOnce()) {
    thread::scope(|scope| {
        scope.spawn(|| postgres.sql_whatever(&format!("begin; {lock}; select pg_sleep(90)")));
        let asleep = "select count(*) from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()";
        assert!(holds_in_time(|| postgres.sql(asleep) == "1"));
        work();
        postgres.sql("select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()");
    });
}

#[test]
fn a_table_that_is_locked_for_too_long_is_told() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    may_write(&postgres);
    let scratch = project(&postgres);
    scratch.expect(0, &["run"]);
    postgres.take_over(&scratch.database());
    let reading = project(&postgres);
    let config = reading.read("config.yaml");
    let server = format!(
        "{{ postgres: \"{}\", tls: off }}",
        postgres.url("quick").replace("localhost", "127.0.0.1")
    );
    let config = config.replace("sqlite:shop.db", &server);
    let (config, _) = config.split_once("publish:").unwrap();
    reading.write("config.yaml", config);
    reading.expect(0, &["run"]);

    scratch.sql("update clients set spent = 100 - spent");
    scratch.put_clock("2026-03-16T10:00:00Z");
    let lock = "lock table clients in access exclusive mode; lock table muster.scores in access exclusive mode";
    while_locked(&postgres, lock, || {
        thread::scope(|scope| {
            let read = scope.spawn(|| reading.expect(3, &["run"]));
            let written = scope.spawn(|| scratch.expect(1, &["run"]));
            let told = read.join().unwrap().err;
            assert!(
                told.contains("has a table locked by another program"),
                "{told}"
            );
            let told = written.join().unwrap().err;
            assert!(
                told.contains("cannot be written: somebody else publishes to this schema"),
                "{told}"
            );
        });
    });
    // Nothing is left behind: both go on as soon as the lock is gone.
    reading.expect(0, &["run"]);
    scratch.expect(0, &["publish"]);
    assert_equal(&scratch, &postgres);
}
