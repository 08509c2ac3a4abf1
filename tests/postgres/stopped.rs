//! Whoever is told to stop while results go to a server stops, whatever that server does.

use std::net::TcpListener;

use super::publish::{may_write, project};
use crate::support::database::query;
use crate::support::postgres::Postgres;
use crate::support::publishing::{assert_equal, config};
use crate::support::signals::{began, told_to_stop};
use crate::support::waiting::holds_in_time;

#[test]
fn a_signal_is_heard_while_the_server_keeps_one_waiting() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    may_write(&postgres);
    let scratch = project(&postgres);
    scratch.expect(0, &["run"]);
    let waits = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
    std::thread::scope(|scope| {
        scope.spawn(|| {
            postgres.sql_whatever(
                "begin; lock table muster.scores in access exclusive mode; select pg_sleep(90)",
            );
        });
        let asleep = "select count(*) from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()";
        assert!(holds_in_time(|| postgres.sql(asleep) == "1"));
        for (number, signal) in [(7, "-TERM"), (8, "-INT")] {
            scratch.sql(&format!(
                "update clients set name = name || 'x', spent = 100 - spent where id = {number}"
            ));
            let run = began(&scratch, &["run"]);
            assert!(holds_in_time(|| postgres.sql(waits) == "1"));
            let (code, said) = told_to_stop(run, signal);
            assert_eq!(code, 1, "{said}");
            assert!(
                said.contains("could not be published: Muster was stopped"),
                "{said}"
            );

            // The server notices within some seconds that nobody waits any more.
            assert!(holds_in_time(|| postgres.sql(waits) == "0"));
            let forget = began(&scratch, &["forget", &(number + 120).to_string()]);
            assert!(holds_in_time(|| postgres.sql(waits) == "1"));
            let (code, said) = told_to_stop(forget, signal);
            assert_eq!(code, 1, "{said}");
            assert!(
                said.contains("may still have them: Muster was stopped"),
                "{said}"
            );
            assert!(holds_in_time(|| postgres.sql(waits) == "0"));
        }
        // Who serves hears it at once as well.
        let serve = began(&scratch, &["serve"]);
        assert!(holds_in_time(|| postgres.sql(waits) == "1"));
        let (code, said) = told_to_stop(serve, "-TERM");
        assert_eq!(code, 0, "{said}");
        assert!(
            holds_in_time(|| postgres.sql(waits) == "0"),
            "no connection is left behind"
        );
        postgres.sql("select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()");
    });
    let runs = "select count(*) from muster_runs where status = 'published'";
    assert_eq!(query(&scratch.path("results.db"), runs), ["3"]);
    scratch.expect(0, &["publish"]);
    assert_equal(&scratch, &postgres);
}

#[test]
fn a_signal_is_heard_while_a_server_does_not_answer() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let scratch = crate::support::publishing::project(
        "{ to: \"postgres://quick@127.0.0.1:1/shop\", tls: off }",
    );
    config(
        &scratch,
        &format!("{{ to: \"postgres://quick@127.0.0.1:{port}/shop\", tls: off }}"),
    );
    let run = began(&scratch, &["run"]);
    // It has published here, and asks the server.
    let asked = silent.accept().unwrap();
    let (code, said) = told_to_stop(run, "-TERM");
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("Muster was stopped"), "{said}");
    drop(asked);
}
