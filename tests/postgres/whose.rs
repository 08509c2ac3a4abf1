//! Whose results a schema has: of which file, as of which run, and what becomes of it when somebody changes it there.

use super::publish::{may_write, project};
use crate::support::database::rows;
use crate::support::postgres::Postgres;
use crate::support::promises::{
    an_older_state_writes_over_nothing, another_copy_writes_over_nothing,
    another_file_writes_over_nothing,
};
use crate::support::publishing::{assert_equal, move_on};
use crate::support::scratch::Scratch;

/// A server with a project that has published three runs.
pub fn published() -> Option<(Postgres, Scratch)> {
    let postgres = Postgres::open()?;
    may_write(&postgres);
    let scratch = project(&postgres);
    for day in 15..18 {
        move_on(&scratch, day);
        scratch.expect(0, &["run"]);
    }
    Some((postgres, scratch))
}

fn marked(postgres: &Postgres) -> String {
    postgres.sql("select run_id from muster.publication")
}

#[test]
fn another_file_writes_over_nothing_until_it_is_told_to() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    may_write(&postgres);
    another_file_writes_over_nothing(&postgres);
}

#[test]
fn an_older_state_of_the_file_writes_over_nothing() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    may_write(&postgres);
    an_older_state_writes_over_nothing(&postgres);
}

#[test]
fn another_copy_of_the_file_writes_over_nothing() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    may_write(&postgres);
    another_copy_writes_over_nothing(&postgres);
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
    let status = scratch.expect(1, &["status"]).out;
    assert!(
        status.contains("whether it still has somebody who was forgotten"),
        "{status}"
    );
    scratch.edit("config.yaml", "nowhere", &postgres.database);
    let status = scratch.expect(1, &["status"]).out;
    assert!(
        status.contains("may still have somebody who was forgotten"),
        "{status}"
    );
    // Nor does it go with another run, or with a table that is gone.
    scratch.edit("config.yaml", &postgres.database, "nowhere");
    scratch.sql("delete from clients where id = 130");
    move_on(&scratch, 19);
    scratch.expect(1, &["run"]);
    scratch.edit("config.yaml", "nowhere", &postgres.database);
    let told = |words: &str| {
        let status = scratch.expect(1, &["status"]).out;
        assert!(
            status.contains(words) && status.contains("may still have somebody who was forgotten"),
            "{status}"
        );
    };
    told("and the last one is run 4");
    postgres.sql("drop table muster.health");
    told("but tables there are gone");
    let there = "select count(*) from muster.scores where subject_key = 130";
    assert_eq!(postgres.sql(there), "1");
    scratch.expect(0, &["publish"]);
    assert_eq!(postgres.sql(there), "0");
    scratch.expect(0, &["status"]);
}

#[test]
fn tables_of_somebody_else_are_told_before_a_publication_and_by_it() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    may_write(&postgres);
    postgres.sql(
        "create schema muster; create table muster.scores (n int); grant all on schema muster to quick",
    );
    let scratch = project(&postgres);
    for told in [
        scratch.expect(1, &["run"]).err,
        scratch.expect(1, &["status"]).out,
    ] {
        assert!(
            told.contains("the schema has tables already (scores)"),
            "{told}"
        );
    }
}

#[test]
fn a_role_that_only_reads_unless_it_says_otherwise_publishes() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    may_write(&postgres);
    let scratch = project(&postgres);
    postgres.sql(&format!(
        "alter role quick in database {} set default_transaction_read_only = on",
        postgres.database
    ));
    scratch.expect(0, &["run"]);
    scratch.expect(0, &["status"]);
    assert_equal(&scratch, &postgres);
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
        "alter table muster.publication drop results_id, drop erasures, drop token; drop table muster.parts",
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
    assert!(told.contains("a trigger, a rule, a policy"), "{told}");
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
        "stopped writing, since a statement exceeded `statement_timeout`",
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
