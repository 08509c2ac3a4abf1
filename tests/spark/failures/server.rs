//! A server that is not there, is not the one that was meant, refuses what it is asked, or forgets a session.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use muster::config::SparkServer;
use muster::connector::spark::{SparkConnector, Writing};
use muster::connector::{Connector, Stop};
use muster::engine::Unwatched;

use super::world;
use crate::support::clock::clock_at;

#[test]
fn a_server_that_is_away_is_told() {
    let Some(world) = world() else {
        return;
    };
    let config = world.spark.config();
    let nowhere = config.replace(&world.spark.url(), "sc://localhost:9");
    world.configure(&nowhere);
    world.fails(&[
        "`sc://localhost:9` cannot be reached",
        "see whether the server is up",
    ]);
}

#[test]
fn a_server_that_shows_no_certificate_is_not_trusted() {
    let Some(world) = world() else {
        return;
    };
    let config = world.spark.config();
    world.configure(&config.replace("tables:", "tls: verify-full, tables:"));
    world.fails(&["could not prove that it is the right server", "`tls: off`"]);
}

#[test]
fn values_in_errors_of_the_server_are_left_out() {
    let Some(world) = world() else {
        return;
    };
    let server = Writing::begin(&world.spark.server(), &Stop::default()).unwrap();
    for (asked, told) in [
        ("cast('eve@example.com' AS date)", "[CAST_INVALID_INPUT]"),
        (
            "cast('eve@example.com' AS int)",
            "cannot compute one of its values",
        ),
        (
            "cast('eve@example.com' AS boolean)",
            "cannot compute one of its values",
        ),
        (
            "raise_error('eve@example.com has a cold')",
            "the server's log",
        ),
        ("assert_true(false, 'eve@example.com')", "the server's log"),
        ("1 / (id - id)", "cannot compute one of its values"),
    ] {
        let error = server.rows(format!("SELECT {asked} FROM VALUES (1) AS t(id)"));
        let error = error.unwrap_err().to_string();
        assert!(error.contains(told), "{asked}: {error}");
        assert!(!error.contains("eve@"), "{asked}: {error}");
    }
    let error = server.rows("SELECT nothing FROM VALUES (1) AS t(id)".to_owned());
    let error = error.unwrap_err().to_string();
    assert!(error.contains("nothing"), "names are told: {error}");
}

/// A server of its own, which is killed with this.
struct Sail(Child);

impl Sail {
    fn start(port: u16) -> Self {
        let program = concat!(env!("CARGO_MANIFEST_DIR"), "/target/spark/venv/bin/sail");
        let mut command = Command::new(program);
        command.args(["spark", "server", "--port", &port.to_string()]);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let sail = Self(child.unwrap());
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "it does not start"
            );
            thread::sleep(Duration::from_millis(100));
        }
        sail
    }
}

impl Drop for Sail {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// It knows the session by its name, and none of its tables.
#[test]
fn a_server_that_is_started_anew_fails_the_run() {
    let Some(world) = world() else {
        return;
    };
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let sail = Sail::start(port);
    let server = SparkServer {
        port,
        ..world.spark.server()
    };
    let snapshot = SparkConnector::new(&server).snapshot().unwrap();
    drop(sail);
    let _sail = Sail::start(port);
    let clock = clock_at("2026-03-15T10:00:00", chrono_tz::UTC);
    let gathered = snapshot.gather(None, &world.project().ir, &clock, &Unwatched);
    let error = gathered.unwrap_err().to_string();
    assert!(error.contains("started anew"), "{error}");
    assert!(error.contains("try again"), "{error}");
}

#[test]
fn a_session_that_nobody_asks_for_a_while_is_there_all_the_same() {
    let Some(world) = world() else {
        return;
    };
    let snapshot = SparkConnector::new(&world.spark.server())
        .snapshot()
        .unwrap();
    let count = || snapshot.row_count("visits", 1_000);
    assert_eq!(count(), 90);
    // Longer than a server may take to give a sign of life.
    thread::sleep(Duration::from_secs(50));
    assert_eq!(count(), 90);
}
