//! Whose results a schema has: of which file, as of which run, and what becomes of it when somebody changes it there.

use std::fs;

use super::publish::{assert_equal, may_write, project};
use crate::support::database::rows;
use crate::support::postgres::Postgres;
use crate::support::scratch::Scratch;

/// A server with a project that has published three runs.
fn published() -> Option<(Postgres, Scratch)> {
    let postgres = Postgres::open()?;
    may_write(&postgres);
    let scratch = project(&postgres, "quick");
    for day in 15..18 {
        move_on(&scratch, day);
        scratch.expect(0, &["run"]);
    }
    Some((postgres, scratch))
}

fn move_on(scratch: &Scratch, day: u32) {
    scratch.sql(&format!(
        "update clients set spent = (id * 37 + {day} * 31) % 101"
    ));
    scratch.put_clock(&format!("2026-03-{day}T10:00:00Z"));
}

fn marked(postgres: &Postgres) -> String {
    postgres.sql("select run_id from muster.publication")
}

#[test]
fn another_file_writes_over_nothing_until_it_is_told_to() {
    let Some((postgres, scratch)) = published() else {
        return;
    };
    let all = "select count(*) from muster.movements";
    let movements = postgres.sql(all);
    // A copy of the folder whose results were begun anew.
    let other = project(&postgres, "quick");
    for command in ["run", "publish"] {
        let told = other.muster(&[command]);
        assert_eq!(told.code, if command == "run" { 1 } else { 3 }, "{told:?}");
        assert!(
            told.err
                .contains("has the results of another file in this schema (run 3)"),
            "{told:?}"
        );
        assert!(
            told.err.contains("`muster publish --take-over`"),
            "{told:?}"
        );
    }
    let status = other.expect(1, &["status"]).out;
    assert!(
        status.contains("has the results of another file"),
        "{status}"
    );
    assert_eq!(postgres.sql(all), movements);
    assert_equal(&scratch, &postgres);

    other.expect(0, &["publish", "--take-over"]);
    assert_equal(&other, &postgres);
    other.expect(0, &["status"]);
    let told = scratch.expect(3, &["publish"]).err;
    assert!(told.contains("another file"), "{told}");
}

#[test]
fn an_older_state_of_the_file_writes_over_nothing() {
    let Some((postgres, scratch)) = published() else {
        return;
    };
    let results = scratch.path("results.db");
    let kept = scratch.path("kept.db");
    let connection = crate::support::database::open(&results);
    connection
        .execute("vacuum into ?", [kept.to_str().unwrap()])
        .unwrap();
    drop(connection);
    move_on(&scratch, 18);
    scratch.expect(0, &["run"]);
    assert_eq!(marked(&postgres), "4");
    for end in ["", "-wal", "-shm"] {
        fs::remove_file(scratch.path(&format!("results.db{end}"))).ok();
    }
    fs::rename(&kept, &results).unwrap();
    let told = scratch.expect(3, &["publish"]).err;
    assert!(
        told.contains("has run 4, and this results file ends with run 3"),
        "{told}"
    );
    assert_eq!(marked(&postgres), "4");
    scratch.expect(0, &["publish", "--take-over"]);
    assert_equal(&scratch, &postgres);
}

#[test]
fn a_run_that_published_nothing_is_not_what_the_tables_are_of() {
    let Some((postgres, scratch)) = published() else {
        return;
    };
    // Held: everybody leaves.
    scratch.edit(
        "config.yaml",
        "guard: off",
        "guard: { moves: 10%, at_least: 1 }",
    );
    scratch.sql("update clients set spent = 0");
    scratch.put_clock("2026-03-19T10:00:00Z");
    scratch.expect(1, &["run"]);
    // Failed: the table is away.
    scratch.sql("alter table clients rename to others");
    scratch.muster(&["run"]);
    scratch.expect(0, &["publish"]);
    let newest = rows(
        &scratch.path("results.db"),
        "select max(id) from muster_runs",
    );
    assert_ne!(newest[0][0], "3");
    assert_eq!(marked(&postgres), "3");
    assert_eq!(postgres.sql("select max(run_id) from muster.metrics"), "3");
    assert_equal(&scratch, &postgres);
}

#[test]
fn a_forgetting_that_did_not_reach_the_server_stays_told() {
    let Some((postgres, scratch)) = published() else {
        return;
    };
    scratch.edit("config.yaml", &postgres.database, "nowhere");
    scratch.expect(1, &["forget", "130"]);
    scratch.edit("config.yaml", "nowhere", &postgres.database);
    let status = scratch.expect(1, &["status"]).out;
    assert!(
        status.contains("may still have somebody who was forgotten"),
        "{status}"
    );
    let there = "select count(*) from muster.scores where subject_key = 130";
    assert_eq!(postgres.sql(there), "1");
    scratch.expect(0, &["publish"]);
    assert_eq!(postgres.sql(there), "0");
    scratch.expect(0, &["status"]);
}

#[test]
fn tables_that_somebody_has_removed_are_made_anew() {
    let Some((postgres, scratch)) = published() else {
        return;
    };
    for table in ["scores", "memberships", "movements", "runs", "parts"] {
        postgres.sql(&format!("drop table muster.{table}"));
        scratch.expect(0, &["publish"]);
        assert_equal(&scratch, &postgres);
    }
    let key = "select data_type from information_schema.columns where table_name = 'memberships' and column_name = 'subject_key'";
    assert_eq!(postgres.sql(key), "bigint");

    // What is not theirs to remove is told with the statement.
    postgres.sql("alter table muster.scores rename rank to place");
    let told = scratch.expect(3, &["publish"]).err;
    assert!(told.contains("has no column `rank` any more"), "{told}");
    let statement = told.split('`').find(|part| part.starts_with("DROP TABLE"));
    postgres.sql(&format!("SET ROLE quick; {}", statement.unwrap()));
    scratch.expect(0, &["publish"]);
    assert_equal(&scratch, &postgres);
    postgres.sql("insert into muster.publication select * from muster.publication");
    scratch.expect(0, &["publish"]);
    assert_eq!(postgres.sql("select count(*) from muster.publication"), "1");
}

#[test]
fn what_an_earlier_version_has_published_goes_on() {
    let Some((postgres, scratch)) = published() else {
        return;
    };
    postgres.sql(
        "alter table muster.publication drop results_id, drop erasures; drop table muster.parts",
    );
    scratch.expect(1, &["status"]);
    scratch.expect(0, &["publish"]);
    scratch.expect(0, &["status"]);
    assert_equal(&scratch, &postgres);
}

#[test]
fn what_the_server_does_not_take_is_told() {
    let Some((postgres, scratch)) = published() else {
        return;
    };
    // A trigger that swallows somebody.
    postgres.sql(
        "create function swallow() returns trigger language plpgsql as
         $$ begin if new.subject_key = 7 then return null; end if; return new; end $$;
         create trigger swallow before insert or update on muster.scores for each row execute function swallow();
         delete from muster.scores where subject_key = 7",
    );
    let told = scratch.expect(3, &["publish"]).err;
    assert!(
        told.contains("has 299 rows after 300 were written"),
        "{told}"
    );
    assert!(told.contains("a trigger, a rule or a policy"), "{told}");
    postgres.sql("drop trigger swallow on muster.scores");
    scratch.expect(0, &["publish"]);

    // A statement that takes too long, and a disk that is full.
    let slow = |body: &str| {
        postgres.sql(&format!(
            "create or replace function slow() returns trigger language plpgsql as $$ begin {body}; return new; end $$;
             create or replace trigger slow before insert or update on muster.runs for each row execute function slow()"
        ));
    };
    let told = |words: &[&str]| {
        let told = scratch.expect(3, &["publish"]).err;
        for word in words {
            assert!(told.contains(word), "{word}\n{told}");
        }
        assert!(
            !told.contains("cannot be read") && !told.contains("view"),
            "{told}"
        );
    };
    postgres.sql("delete from muster.runs where id = 2");
    let database = &postgres.database;
    slow("perform pg_sleep(2)");
    postgres.sql(&format!(
        "alter role quick in database {database} set statement_timeout = '500ms'"
    ));
    told(&[
        "took longer to write than it allows itself",
        "ALTER ROLE quick SET statement_timeout",
    ]);
    postgres.sql(&format!(
        "alter role quick in database {database} reset statement_timeout"
    ));
    slow("raise exception 'no room' using errcode = '53100'");
    told(&["cannot be written: a function of the database raised an error"]);
    postgres.sql("drop trigger slow on muster.runs");
    scratch.expect(0, &["publish"]);
    assert_equal(&scratch, &postgres);
}
