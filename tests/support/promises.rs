//! What is promised of every server that results are published to.

use std::fs;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::publishing::{Publishing, assert_equal, move_on, project};
use super::rounds::Rounds;
use super::scratch::Scratch;

/// Says `whole` where the tables are those of one run: as its movements made them, with the sizes that it stored.
const WHOLE: &str = "
    with now as (select segment_id, subject_key from @memberships),
    made as (select segment_id, subject_key from @movements group by 1, 2
             having count(*) filter (where direction = 'entered') > count(*) filter (where direction = 'left')),
    missing as (select * from made except select * from now),
    unmade as (select * from now except select * from made)
    select case when (select max(id) from @runs where status = 'published') = (select run_id from @publication)
                 and (select sum(size) from @segments) = (select count(*) from now)
                 and (select count(*) from missing) = 0 and (select count(*) from unmade) = 0
           then 'whole' else 'mixed' end";

fn marked(server: &impl Publishing) -> String {
    server.find("select run_id from @publication")
}

/// Runs that were made while nothing was published are made up for, and told until then. The last run there is `last`.
pub fn missed_runs_are_made_up_for(scratch: &Scratch, server: &impl Publishing, last: u32) {
    let config = scratch.read("config.yaml");
    scratch.write("config.yaml", config.replace("publish:", "# publish:"));
    for day in 17..19 {
        move_on(scratch, day);
        scratch.expect(0, &["run"]);
    }
    scratch.write("config.yaml", config);
    let words = format!("has run {last}, and the last one is run {}", last + 2);
    for format in ["table", "json"] {
        let behind = scratch.expect(1, &["status", "--format", format]).out;
        assert!(behind.contains(&words), "{behind}");
    }
    scratch.expect(0, &["publish"]);
    scratch.expect(0, &["status"]);
    assert_equal(scratch, server);
}

/// Killed at any moment, whoever writes leaves the tables of one run, which somebody reads all the time.
pub fn kills_leave_one_run(server: &impl Publishing, rounds: u32) {
    let scratch = project(&server.publish());
    let timed = || {
        let begun = Instant::now();
        scratch.expect(0, &["run"]);
        begun.elapsed()
    };
    let mut usual = timed();
    let rounds = Rounds::new("MUSTER_PUBLISH_ROUNDS", rounds);
    let is_over = AtomicBool::new(false);
    let (read, whole) = (server.reader(), server.spelled(WHOLE));
    let looks = thread::scope(|scope| {
        let reader = scope.spawn(|| {
            // The reader may be sent to this thread, and be shared with no other.
            let read = read;
            let mut looks = 0;
            while !is_over.load(Ordering::SeqCst) {
                assert_eq!(read(&whole), "whole", "while it is written");
                looks += 1;
            }
            looks
        });
        let _end = OnDrop(&is_over);
        for round in 0..rounds.count {
            scratch.sql(&format!(
                "update clients set spent = (spent + {round}) % 101"
            ));
            // Some come to their end: how long that takes depends on what else the machine does, and on what the killed have left.
            match round % 4 {
                3 => usual = timed(),
                _ => {
                    let mut run = scratch.command(&["run"]);
                    let run = run.stdout(Stdio::null()).stderr(Stdio::null());
                    let mut run = run.spawn().unwrap();
                    thread::sleep(usual * (round * 7_919 % 120) / 100);
                    run.kill().ok();
                    run.wait().unwrap();
                }
            }
            assert_eq!(server.find(WHOLE), "whole", "round {round}");
            rounds.passed();
        }
        drop(_end);
        reader.join().unwrap()
    });
    assert!(looks > 2, "{looks}");
    move_on(&scratch, 20);
    scratch.expect(0, &["run"]);
    assert_equal(&scratch, server);
}

/// Ends what goes on until then, even where a test fails.
struct OnDrop<'f>(&'f AtomicBool);

impl Drop for OnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// What a file has published is not written over by another one, until it is told to.
pub fn another_file_writes_over_nothing(server: &impl Publishing) {
    let scratch = project(&server.publish());
    for day in 15..18 {
        move_on(&scratch, day);
        scratch.expect(0, &["run"]);
    }
    let all = "select count(*) from @movements";
    let movements = server.find(all);
    // A copy of the folder whose results were begun anew.
    let other = project(&server.publish());
    for (command, code) in [("run", 1), ("publish", 3)] {
        let told = other.expect(code, &[command]).err;
        assert!(
            told.contains("has the results of another file in this schema (run 3)"),
            "{told}"
        );
        assert!(told.contains("`muster publish --take-over`"), "{told}");
    }
    let status = other.expect(1, &["status"]).out;
    assert!(
        status.contains("has the results of another file"),
        "{status}"
    );
    assert_eq!(server.find(all), movements);
    assert_equal(&scratch, server);

    other.expect(0, &["publish", "--take-over"]);
    assert_equal(&other, server);
    other.expect(0, &["status"]);
    let told = scratch.expect(3, &["publish"]).err;
    assert!(told.contains("another file"), "{told}");

    // Lost, and begun anew.
    remove_results(&other);
    let told = other.expect(1, &["run"]).err;
    assert!(told.contains("another file"), "{told}");
    other.expect(0, &["publish", "--take-over"]);
    assert_equal(&other, server);
}

/// What a file has published is not written over by an older state of it, until it is told to.
pub fn an_older_state_writes_over_nothing(server: &impl Publishing) {
    let scratch = project(&server.publish());
    scratch.expect(0, &["run"]);
    back_up(&scratch);
    move_on(&scratch, 18);
    scratch.expect(0, &["run"]);
    assert_eq!(marked(server), "2");
    restore(&scratch);
    let told = scratch.expect(3, &["publish"]).err;
    assert!(
        told.contains("has run 2, and this results file ends with run 1"),
        "{told}"
    );
    assert_eq!(marked(server), "2");
    scratch.expect(0, &["publish", "--take-over"]);
    assert_equal(&scratch, server);
}

/// Nor by another copy of it, whose runs have reached the same number: whoever was forgotten does not come back.
pub fn another_copy_writes_over_nothing(server: &impl Publishing) {
    let scratch = project(&server.publish());
    scratch.expect(0, &["run"]);
    back_up(&scratch);
    scratch.sql("delete from clients where id = 130");
    scratch.expect(0, &["forget", "130"]);
    move_on(&scratch, 16);
    scratch.expect(0, &["run"]);
    let somebody = "select count(*) from @movements where subject_key = 130";
    assert_eq!(server.find(somebody), "0");
    restore(&scratch);
    for day in 17..19 {
        move_on(&scratch, day);
        let told = scratch.expect(1, &["run"]).err;
        assert!(
            told.contains("has run 2 of another copy of this results file"),
            "{told}"
        );
        assert!(told.contains("`muster publish --take-over`"), "{told}");
    }
    let status = scratch.expect(1, &["status"]).out;
    assert!(
        status.contains("of another copy of this results file"),
        "{status}"
    );
    assert_eq!(server.find(somebody), "0");
    scratch.expect(0, &["publish", "--take-over"]);
    scratch.expect(0, &["forget", "130"]);
    assert_eq!(server.find(somebody), "0");
    assert_equal(&scratch, server);
    scratch.expect(0, &["status"]);
}

fn back_up(scratch: &Scratch) {
    let connection = super::database::open(&scratch.path("results.db"));
    let kept = scratch.path("kept.db");
    connection
        .execute("vacuum into ?", [kept.to_str().unwrap()])
        .unwrap();
}

fn restore(scratch: &Scratch) {
    remove_results(scratch);
    fs::rename(scratch.path("kept.db"), scratch.path("results.db")).unwrap();
}

fn remove_results(scratch: &Scratch) {
    for end in ["", "-wal", "-shm"] {
        fs::remove_file(scratch.path(&format!("results.db{end}"))).ok();
    }
}

/// Keys that became texts are told with the statement that lets them be published.
pub fn keys_that_became_texts_are_told(server: &impl Publishing) {
    let scratch = project(&server.publish());
    scratch.expect(0, &["run"]);
    scratch.sql(
        "create table renamed (id text primary key, name text, spent integer);
         insert into renamed select 'c' || id, name, spent from clients;
         drop table clients; alter table renamed rename to clients;",
    );
    let told = scratch.expect(1, &["run", "--accept"]).err;
    let statement = told
        .split("execute `")
        .nth(1)
        .and_then(|rest| rest.split("` there").next());
    server.execute(statement.unwrap_or_else(|| panic!("{told}")));
    scratch.expect(0, &["publish"]);
    assert_equal(&scratch, server);
}
