//! Whoever is told to stop while results go to a server stops, whatever that server does.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use super::publish::{may_write, project};
use crate::support::database::query;
use crate::support::postgres::Postgres;
use crate::support::publishing::{assert_equal, config};
use crate::support::scratch::Scratch;
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

/// A server that answers the login, and nothing that is asked, as a pool does that has no server for it. Its port.
fn silent_after_login() -> u16 {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        for stream in silent.incoming() {
            let mut stream = stream.unwrap();
            let mut size = [0; 4];
            stream.read_exact(&mut size).unwrap();
            let mut rest = vec![0; u32::from_be_bytes(size) as usize - 4];
            stream.read_exact(&mut rest).unwrap();
            // The login is accepted, and the server is ready.
            stream
                .write_all(b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I")
                .unwrap();
            kept.push(stream);
        }
    });
    port
}

/// Lets a project read its rows from a server.
fn read_from(scratch: &Scratch, address: &str) {
    let config = scratch.read("config.yaml");
    let database = format!("database: {{ postgres: \"{address}\", tls: off }}");
    scratch.write(
        "config.yaml",
        config.replace("database: sqlite:shop.db", &database),
    );
}

#[test]
fn a_server_that_answers_the_login_and_nothing_else_is_not_waited_for() {
    let address = format!("postgres://quick@127.0.0.1:{}/shop", silent_after_login());
    let scratch =
        crate::support::publishing::project(&format!("{{ to: \"{address}\", tls: off }}"));
    let begun = Instant::now();
    let said = scratch.expect(1, &["run"]).err;
    assert!(said.contains("did not answer within 10 seconds"), "{said}");
    assert!(
        begun.elapsed() < Duration::from_secs(60),
        "{:?}",
        begun.elapsed()
    );
    read_from(&scratch, &address);
    let said = scratch.expect(3, &["run"]).err;
    assert!(said.contains("did not answer within 10 seconds"), "{said}");
}

#[test]
fn serve_hears_a_signal_while_it_waits_for_a_server_to_begin() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let address = format!("postgres://quick@127.0.0.1:{port}/shop");
    let scratch =
        crate::support::publishing::project(&format!("{{ to: \"{address}\", tls: off }}"));
    read_from(&scratch, &address);
    let serve = began(&scratch, &["serve"]);
    let asked = silent.accept().unwrap();
    let begun = Instant::now();
    let (code, said) = told_to_stop(serve, "-TERM");
    assert_eq!(code, 0, "{said}");
    // A server that says nothing is given up after ten seconds, at the earliest.
    assert!(begun.elapsed() < Duration::from_secs(8), "{said}");
    drop(asked);
}
