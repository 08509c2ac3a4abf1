//! What goes wrong on a server: told in words, and the last results stay.

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use muster::config::SparkServer;
use muster::connector::spark::{SparkConnector, Writing};
use muster::connector::{Connector, connect};
use muster::engine::{EngineError, Unwatched, Watch};
use muster::export::{evaluate_columns, load_for_export};
use muster::project::Project;

use crate::support::clock::clock_at;
use crate::support::database::query;
use crate::support::library::{block_on, whole};
use crate::support::scratch::Scratch;
use crate::support::spark::Spark;

struct World {
    spark: Spark,
    scratch: Scratch,
}

/// Nine clients, of whom each came ten times, and one published run.
fn world() -> Option<World> {
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
    fn configure(&self, database: &str) {
        self.scratch.write(
            "config.yaml",
            format!(
                "database: {database}\ntimezone: UTC\nsubject: {{ name: client, table: clients, key: id }}\n\
                 collections:\n  visits: {{ table: visits, subject: client_id, at: at, key: id }}\n"
            ),
        );
    }

    /// A run that must fail and say this.
    fn fails(&self, words: &[&str]) {
        let said = self.scratch.expect(3, &["run"]);
        for word in words {
            assert!(said.err.contains(word), "{word}\n{said:?}");
        }
        let sql = "select segment_id || ' ' || count(*) from muster_memberships group by segment_id order by 1";
        let members = query(&self.scratch.path("results.db"), sql);
        assert_eq!(members, ["here 9", "often 9"], "the last results stay");
    }

    fn project(&self) -> Project {
        whole(block_on(self.scratch.load()))
    }

    /// Gathers, and does something as soon as rows are read.
    fn gather(&self, then: impl Fn() -> bool + Sync) -> Result<(), EngineError> {
        let snapshot = SparkConnector::new(&self.spark.server()).snapshot()?;
        let clock = clock_at("2026-03-15T10:00:00", chrono_tz::UTC);
        let watch = Interfering(then);
        let gathered = snapshot.gather(None, &self.project().ir, &clock, &watch);
        gathered.map(|_| ())
    }
}

/// Does something when it is asked whether to stop.
struct Interfering<F>(F);

impl<F: Fn() -> bool + Sync> Watch for Interfering<F> {
    fn progress(&self, _: &str, _: u64, _: Option<u64>) {}

    fn cancelled(&self) -> bool {
        self.0()
    }
}

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
    world.fails(&[
        "does not show that it is the server that was meant",
        "`tls: off`",
    ]);
}

#[test]
fn a_table_without_files_is_told() {
    let Some(world) = world() else {
        return;
    };
    fs::remove_dir_all(world.spark.table("visits")).unwrap();
    world.fails(&["the files of `visits`", "tables/visits", "`tables:`"]);
}

/// A run that publishes what does not read the visits, and says this of them.
fn only_visits_fail(world: &World, words: &[&str]) {
    world.scratch.rules(
        "segments:\n  - { id: here, when: id > 3 }\n  - { id: often, when: count(visits) >= 2 }\n",
    );
    let said = world.scratch.expect(1, &["run"]);
    let told = said.out + &said.err;
    for word in words {
        assert!(told.contains(word), "{word}\n{told}");
    }
    let sql = "select segment_id || ' ' || count(*) from muster_memberships group by segment_id order by 1";
    let members = query(&world.scratch.path("results.db"), sql);
    assert_eq!(members, ["here 6", "often 9"]);
}

#[test]
fn a_file_that_cannot_be_read_concerns_what_reads_it() {
    let Some(world) = world() else {
        return;
    };
    let file = world.spark.table("visits").join("0001.parquet");
    let mut bytes = fs::read(&file).unwrap();
    // The pages, and not what tells of them, whose length stands before the last four bytes.
    let behind = bytes.len() - 8;
    let length = u32::from_le_bytes(bytes[behind..behind + 4].try_into().unwrap());
    bytes[4..behind - length as usize].fill(0xff);
    fs::write(&file, bytes).unwrap();
    only_visits_fail(&world, &["`visits` cannot be read"]);
}

/// As after somebody has exported a column as another type.
#[test]
fn files_that_are_no_one_table_concern_what_reads_it() {
    let Some(world) = world() else {
        return;
    };
    let texts = Scratch::around("texts.db");
    texts.sql(
        "create table visits (id text, client_id text, at timestamp);
         insert into visits values ('x', '7', '2026-03-01 10:00:00')",
    );
    let other = Spark::open().unwrap();
    other.take_over(&texts.database(), 30);
    let folder = world.spark.table("visits");
    let (from, to) = (
        other.table("visits").join("0000.parquet"),
        folder.join("0009.parquet"),
    );
    fs::copy(from, &to).unwrap();
    let words = ["the table `visits` cannot be read", "tables/visits"];
    only_visits_fail(&world, &words);
    // The next run reads them all again.
    fs::remove_file(to).unwrap();
    world.scratch.expect(0, &["run"]);
}

#[test]
fn values_in_errors_of_the_server_are_left_out() {
    let Some(world) = world() else {
        return;
    };
    let server = Writing::begin(&world.spark.server()).unwrap();
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

#[test]
fn a_file_that_is_deleted_during_a_run_fails_it() {
    let Some(world) = world() else {
        return;
    };
    let file = world.spark.table("visits").join("0001.parquet");
    let delete = || {
        fs::remove_file(&file).ok();
        false
    };
    let error = world.gather(delete).unwrap_err().to_string();
    assert!(
        error.contains("`visits`") || error.contains("0001.parquet"),
        "{error}"
    );
}

#[test]
fn a_file_that_is_added_during_a_run_fails_it() {
    let Some(world) = world() else {
        return;
    };
    let folder = world.spark.table("visits");
    let add = || {
        fs::copy(folder.join("0001.parquet"), folder.join("0009.parquet")).ok();
        false
    };
    let error = world.gather(add).unwrap_err().to_string();
    assert!(error.contains("other files of `visits`"), "{error}");
}

/// As a run does: nothing is written of rows that were added in the middle.
#[test]
fn an_export_says_that_a_file_was_added_meanwhile() {
    let Some(world) = world() else {
        return;
    };
    let folder = world.spark.table("visits");
    let add = Interfering(|| {
        fs::copy(folder.join("0001.parquet"), folder.join("0009.parquet")).ok();
        false
    });
    let config = world.scratch.path("config.yaml");
    let columns = ["id,count(visits)".to_owned()];
    let loaded = block_on(load_for_export(&config, &columns, false, connect));
    let (project, columns) = loaded.unwrap_or_else(|_| panic!("nothing refuses it"));
    let clock = clock_at("2026-03-15T10:00:00", chrono_tz::UTC);
    let evaluate = |watch: &dyn Watch| {
        evaluate_columns(
            &project,
            &*connect(&project.config),
            &columns,
            &clock,
            watch,
        )
    };
    let error = evaluate(&add).unwrap_err().to_string();
    let words = "has other files of `visits` than when the reading began: nothing is made of half-changed data; try again";
    assert!(error.contains(words), "{error}");
    // The files rest.
    assert!(evaluate(&Unwatched).unwrap().is_some());
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

#[test]
fn a_run_is_stopped_at_once() {
    let Some(world) = world() else {
        return;
    };
    let started = Instant::now();
    let error = world.gather(|| true).unwrap_err();
    assert!(matches!(error, EngineError::Cancelled), "{error:?}");
    assert!(started.elapsed() < Duration::from_secs(10));
}

/// Cuts connections after so many bytes of the server, and refuses further ones if it is not to mend them.
struct Cutting {
    port: u16,
    cuts: Arc<AtomicUsize>,
}

fn cutting(server: &str, after: usize, mends: bool) -> Cutting {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let cuts = Arc::new(AtomicUsize::new(0));
    let server = server
        .strip_prefix("sc://")
        .unwrap()
        .replace("localhost", "127.0.0.1");
    let count = Arc::clone(&cuts);
    thread::spawn(move || {
        for client in listener.incoming() {
            let client = client.unwrap();
            let is_cut = count.load(Ordering::SeqCst) == 0;
            if !is_cut && !mends {
                continue;
            }
            let upstream = TcpStream::connect(&server).unwrap();
            let most = if is_cut { after } else { usize::MAX };
            let of_client = (client.try_clone().unwrap(), upstream.try_clone().unwrap());
            let count = Arc::clone(&count);
            thread::spawn(move || passed(of_client.0, of_client.1, usize::MAX));
            thread::spawn(move || {
                if passed(upstream, client, most) {
                    count.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
    });
    Cutting { port, cuts }
}

/// Passes bytes on, so many at most: whether there would have been more.
fn passed(mut from: TcpStream, mut to: TcpStream, most: usize) -> bool {
    let mut bytes = [0; 4096];
    let mut left = most;
    let is_cut = loop {
        match from.read(&mut bytes) {
            Ok(read) if read > 0 && left > 0 => {
                let now = read.min(left);
                left -= now;
                if to.write_all(&bytes[..now]).is_err() {
                    break false;
                }
            }
            Ok(read) => break read > 0,
            Err(_) => break false,
        }
    };
    from.shutdown(Shutdown::Both).ok();
    to.shutdown(Shutdown::Both).ok();
    is_cut
}

#[test]
fn a_connection_that_is_cut_anywhere_fails_the_run_or_leaves_it_right() {
    let Some(world) = world() else {
        return;
    };
    let config = world.spark.config();
    let mut failed = 0;
    for after in (500..40_000).step_by(7_401) {
        let proxy = cutting(&world.spark.url(), after, after % 2 == 0);
        let through = format!("sc://127.0.0.1:{}", proxy.port);
        world.configure(&config.replace(&world.spark.url(), &through));
        let started = Instant::now();
        let said = world.scratch.muster(&["run"]);
        assert!(
            started.elapsed() < Duration::from_secs(60),
            "{after}: {said:?}"
        );
        match said.code {
            0 => {}
            3 => {
                failed += 1;
                assert!(
                    said.err.contains("connection was lost"),
                    "{after}: {said:?}"
                );
            }
            _ => panic!("{after}: {said:?}"),
        }
        let sql = "select segment_id || ' ' || count(*) from muster_memberships group by segment_id order by 1";
        let members = query(&world.scratch.path("results.db"), sql);
        assert_eq!(members, ["here 9", "often 9"], "{after}: {said:?}");
        assert!(said.code == 0 || proxy.cuts.load(Ordering::SeqCst) > 0);
    }
    assert!(failed > 0, "some of them were cut in the middle");
}

#[test]
fn a_run_of_the_program_is_stopped_by_a_signal() {
    let Some(world) = world() else {
        return;
    };
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    // Takes connections and never answers.
    let config = world.spark.config();
    world.configure(&config.replace(&world.spark.url(), &format!("sc://127.0.0.1:{port}")));
    let started = Instant::now();
    let mut running = world.scratch.command(&["run"]).spawn().unwrap();
    let _held = silent.accept().unwrap();
    thread::sleep(Duration::from_millis(300));
    let id = running.id().to_string();
    std::process::Command::new("kill")
        .args(["-INT", &id])
        .status()
        .unwrap();
    running.wait().unwrap();
    assert!(started.elapsed() < Duration::from_secs(30));
}
