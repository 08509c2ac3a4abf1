//! Files that are damaged, and what is no file: told in words and at once, by every command.

use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::desk::Desk;
use crate::support::database::open;
use crate::support::program::{MUSTER, Said};

/// How long a command may take, on a machine that has other things to do.
const PATIENCE: Duration = Duration::from_secs(60);

/// A business with results in a file of their own, mail and a schedule.
fn business() -> Desk {
    let desk = Desk::empty();
    desk.write(
        "config.yaml",
        "database: sqlite:d.db\nresults: sqlite:r.db\ntimezone: UTC\n\
         subject: { name: client, table: clients, key: id, label: name }\n\
         collections: { visits: { table: visits, subject: client_id, at: at } }\n\
         health:\n  factors:\n    - { id: seen, value: id, zero: 100, full: 0, reason: \"number {value}\" }\n\
         schedules: [{ id: hourly, cron: \"0 * * * *\" }]\n\
         mail: { from: a@example.com, file: outbox }\nreports: [{ id: m, to: [b@example.com] }]\n",
    );
    desk.write(
        "rules/r.yaml",
        "segments:\n  - { id: everyone, name: Everyone, when: yes }\n",
    );
    desk.sql_in(
        "d.db",
        "create table clients (id integer primary key, name text);
             create table visits (id integer primary key, client_id integer, at datetime);
             with recursive n(i) as (select 1 union all select i + 1 from n where i < 200)
             insert into clients select i, 'Client ' || i from n;
             insert into visits (client_id, at) select id, '2026-03-01' from clients;",
    );
    desk.put_clock("2026-03-20T10:30:00Z");
    desk.expect(0, &["run", "--as-of", "2026-03-15"]);
    desk.expect(0, &["run", "--as-of", "2026-03-16"]);
    desk.expect(0, &["report", "m"]);
    desk.sql_in(
        "r.db",
        "pragma wal_checkpoint(truncate); pragma journal_mode = delete;",
    );
    desk
}

/// What reads results, and what does not only read.
const COMMANDS: [&[&str]; 14] = [
    &["clients"],
    &["clients", "--format", "json"],
    &["segments"],
    &["segments", "--history", "everyone"],
    &["status"],
    &["outbox"],
    &["health"],
    &["explain", "7"],
    &["export", "everyone"],
    &["check"],
    &["schedule", "--skip-missed"],
    &["report", "m", "--dry-run"],
    &["run"],
    &["run", "--due"],
];

/// Runs a command to its end, which comes in time.
fn said(desk: &Desk, arguments: &[&str]) -> Said {
    let mut command: Command = desk.command(arguments);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let begun = Instant::now();
    // What is printed here fits into the pipe.
    while child.try_wait().unwrap().is_none() {
        if begun.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("muster {arguments:?} does not end");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let output = child.wait_with_output().unwrap();
    Said {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn replaced(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    assert_eq!(old.len(), new.len());
    let mut bytes = bytes.to_vec();
    let mut found = false;
    for at in 0..=bytes.len() - old.len() {
        if &bytes[at..at + old.len()] == old {
            bytes[at..at + new.len()].copy_from_slice(new);
            found = true;
        }
    }
    assert!(found);
    bytes
}

#[test]
fn results_that_are_no_results_are_told_by_every_command() {
    let desk = business();
    let good = std::fs::read(desk.path("r.db")).unwrap();
    let damaged = [
        replaced(&good, b"health_hash text", b"health_hash te\xff\xfe"),
        replaced(
            &good,
            b"CREATE TABLE muster_runs",
            b"CREATE TABLE muster_run\xff",
        ),
        replaced(&good, b"muster_migrations", b"mXster_migrations"),
        good[..good.len() / 2].to_vec(),
        good[..100].to_vec(),
        b"id,name\n1,Ann\n".repeat(100),
        vec![0; 8192],
    ];
    for (place, bytes) in damaged.iter().enumerate() {
        for command in COMMANDS {
            desk.write("r.db", bytes);
            let said = said(&desk, command);
            assert_eq!(
                said.code, 3,
                "{place} {command:?}: {}{}",
                said.out, said.err
            );
            assert!(
                said.err.contains("r.db") && !said.err.contains("panicked"),
                "{command:?}: {}",
                said.err
            );
        }
    }
    // Readers do not take a file that was emptied for one that was never written.
    desk.write("r.db", "");
    for command in COMMANDS
        .iter()
        .filter(|command| !["check", "run", "schedule", "report"].contains(&command[0]))
    {
        assert_eq!(said(&desk, command).code, 3, "{command:?}");
    }
}

#[test]
fn a_run_whose_row_is_damaged_is_not_taken_for_none() {
    let desk = business();
    let results = open(&desk.path("r.db"));
    for damage in [
        "pragma ignore_check_constraints = on; update muster_runs set status = 'puXlished'",
        "delete from muster_runs",
        "drop table muster_runs",
        "alter table muster_runs rename column status to statXs",
    ] {
        results.execute_batch("savepoint whole").unwrap();
        results.execute_batch("release whole").unwrap();
        let whole = std::fs::read(desk.path("r.db")).unwrap();
        results.execute_batch(damage).unwrap();
        for command in [
            &["clients"][..],
            &["segments"],
            &["status"],
            &["export", "everyone"],
            &["health"],
        ] {
            let said = said(&desk, command);
            if command != ["status"] || !damage.starts_with("delete") {
                assert_eq!(
                    said.code, 3,
                    "{damage} {command:?}: {}{}",
                    said.out, said.err
                );
            }
            assert!(
                !said.err.contains("nothing has been published"),
                "{}",
                said.err
            );
        }
        desk.write("r.db", whole);
    }
}

#[test]
fn whatever_bits_flip_nothing_panics_hangs_or_lies() {
    let desk = business();
    let good: Vec<Vec<u8>> = ["r.db", "d.db"]
        .map(|name| std::fs::read(desk.path(name)).unwrap())
        .into();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut draw = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    for round in 0..200 {
        for (name, bytes) in ["r.db", "d.db"].iter().zip(&good) {
            desk.write(name, bytes);
        }
        let which = usize::from(round % 4 == 3);
        let mut bytes = good[which].clone();
        match draw(6) {
            0 => bytes.truncate(draw(bytes.len())),
            1 => {
                let at = draw(bytes.len());
                let end = (at + draw(2000)).min(bytes.len());
                bytes[at..end]
                    .iter_mut()
                    .for_each(|byte| *byte = draw(256) as u8);
            }
            kind => {
                // Half of them in the schema, where few bytes mean much.
                let within = if kind < 4 { 4096 } else { bytes.len() };
                for _ in 0..=draw(8) {
                    bytes[draw(within)] ^= 1 << draw(8);
                }
            }
        }
        let command = COMMANDS[draw(COMMANDS.len())];
        std::fs::write(desk.path(["r.db", "d.db"][which]), &bytes).unwrap();
        let said = said(&desk, command);
        let told = format!("round {round} {command:?}: {} {}", said.code, said.err);
        assert!((0..=3).contains(&said.code), "{told}");
        assert!(!said.err.contains("panicked"), "{told}");
        assert!(!said.err.contains("nothing has been published"), "{told}");
    }
}

/// Puts something that is no file under a name.
fn put(kind: &str, path: &Path) -> Option<UnixListener> {
    match kind {
        "pipe" => {
            let made = Command::new("mkfifo").arg(path).status().unwrap();
            assert!(made.success());
        }
        "socket" => return Some(UnixListener::bind(path).unwrap()),
        "folder" => std::fs::create_dir(path).unwrap(),
        device => std::os::unix::fs::symlink(device, path).unwrap(),
    }
    None
}

#[test]
fn what_is_no_file_is_told_at_once() {
    let desk = business();
    let config = desk.read("config.yaml");
    for (kind, word) in [
        ("pipe", "a pipe"),
        ("socket", "a socket"),
        ("folder", "a folder"),
        ("/dev/zero", "a device"),
        ("/dev/null", "a device"),
    ] {
        let path = desk.path("odd");
        let _held = put(kind, &path);
        desk.write("odd.yaml", config.replace("d.db", "odd"));
        desk.write("odd-results.yaml", config.replace("r.db", "odd"));
        for (config, code) in [("odd.yaml", 3), ("odd-results.yaml", 3), ("odd", 2)] {
            for command in COMMANDS {
                // What is stored is shown, whatever has become of the database it is of.
                let stored =
                    ["clients", "segments", "status", "outbox", "schedule"].contains(&command[0]);
                let stored = stored || command == ["health"] || command == ["export", "everyone"];
                if config == "odd.yaml" && stored {
                    said(&desk, &[command, &["--config", config]].concat());
                    continue;
                }
                let said = said(&desk, &[command, &["--config", config]].concat());
                assert_eq!(said.code, code, "{kind} {config} {command:?}: {}", said.err);
                assert!(
                    said.err.contains(word),
                    "{kind} {config} {command:?}: {}",
                    said.err
                );
            }
        }
        let said_of_init = said(&desk, &["init", "sqlite:odd", "--config", "new.yaml"]);
        assert_eq!(said_of_init.code, 3, "{}", said_of_init.err);
        match std::fs::symlink_metadata(&path).unwrap().is_dir() {
            true => std::fs::remove_dir(&path).unwrap(),
            false => std::fs::remove_file(&path).unwrap(),
        }
        // Beside the database, and among the rules.
        for (name, code) in [
            ("r.db-journal", 3),
            ("d.db-wal", 3),
            ("rules/odd.yaml", 2),
            ("rules/custom.yaml", 2),
        ] {
            if kind == "folder" && name.starts_with("rules") {
                continue;
            }
            let path = desk.path(name);
            let _held = put(kind, &path);
            let command = if name.ends_with("custom.yaml") {
                vec!["new", "segment", "T", "--print"]
            } else {
                vec!["check"]
            };
            let said = said(&desk, &command);
            assert!(
                said.code == code || said.code == 3,
                "{kind} {name}: {} {}",
                said.code,
                said.err
            );
            match std::fs::symlink_metadata(&path).unwrap().is_dir() {
                true => std::fs::remove_dir(&path).unwrap(),
                false => std::fs::remove_file(&path).unwrap(),
            }
        }
        // An aid for tests is no reason to wait, either.
        let _held = put(kind, &path);
        let mut command = desk.command(&["status"]);
        command.env("MUSTER_CLOCK", &path).stdin(Stdio::null());
        assert!(command.output().unwrap().status.code().unwrap() < 2);
        match std::fs::symlink_metadata(&path).unwrap().is_dir() {
            true => std::fs::remove_dir(&path).unwrap(),
            false => std::fs::remove_file(&path).unwrap(),
        }
    }
}

#[test]
fn what_is_scarce_is_told() {
    let desk = business();
    // A list of ten thousand numbers is read, checked and evaluated; one that is too long is told.
    let list = |item: &dyn Fn(u32) -> String| (1..=10_000).map(item).collect::<Vec<_>>().join(", ");
    let rules =
        |condition: &str| format!("segments:\n  - id: many\n    when: |\n      {condition}\n");
    desk.write(
        "rules/many.yaml",
        rules(&format!("id in ({})", list(&|n| n.to_string()))),
    );
    let run = said(&desk, &["run", "--dry-run"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        run.out
            .lines()
            .any(|line| line.contains("many") && line.contains("200")),
        "{}",
        run.out
    );
    desk.write(
        "rules/many.yaml",
        rules(&format!(
            "name in ({})",
            list(&|n| format!("\"Client {n}\""))
        )),
    );
    let run = said(&desk, &["run", "--dry-run"]);
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(run.err.contains("too-large"), "{}", run.err);
    std::fs::remove_file(desk.path("rules/many.yaml")).unwrap();
    for limit in ["ulimit -n 12", "ulimit -n 9", "ulimit -v 300000"] {
        for command in ["clients", "check", "status", "export everyone"] {
            let script = format!("{limit}; exec \"$0\" {command}");
            let mut shell = Command::new("sh");
            shell.args(["-c", &script, MUSTER]);
            desk.place(&mut shell);
            let output = shell.stdin(Stdio::null()).output().unwrap();
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            let code = output.status.code();
            let scarce = told.contains("too many files open") || code == Some(3);
            assert!(
                code == Some(0) || scarce,
                "{limit} {command}: {code:?} {told}"
            );
            assert!(!told.contains("panicked"), "{limit} {command}: {told}");
        }
    }
}
