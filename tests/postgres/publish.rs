//! `publish:`: the server has the tables of the results file, whole, whatever happens to whoever writes them.

use std::thread;
use std::time::Duration;

use crate::support::database::{rows, rows_so_far};
use crate::support::postgres::Postgres;
use crate::support::promises::{
    keys_that_became_texts_are_told, kills_leave_one_run, missed_runs_are_made_up_for,
};
use crate::support::publishing::{self, Publishing, assert_equal, config};
use crate::support::scratch::Scratch;
use crate::support::waiting::holds_in_time;

/// The same project, published by the role `quick`.
pub fn project(postgres: &Postgres) -> Scratch {
    publishing::project(&postgres.publish())
}

pub fn may_write(postgres: &Postgres) {
    let database = &postgres.database;
    postgres.sql(&format!("GRANT CREATE ON DATABASE {database} TO quick"));
}

pub fn versions(postgres: &Postgres) -> String {
    [
        "memberships",
        "movements",
        "scores",
        "segments",
        "metrics",
        "runs",
        "publication",
    ]
    .map(|table| {
        postgres.sql(&format!(
            "select xmin, t.* from muster.{table} t order by 2, 3"
        ))
    })
    .join("\n")
}

#[test]
fn the_server_has_what_the_results_file_has() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    may_write(&postgres);
    let scratch = project(&postgres);
    scratch.expect(0, &["run"]);
    assert_equal(&scratch, &postgres);
    postgres.sql("GRANT USAGE ON SCHEMA muster TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA muster TO reader");

    // A repeat changes nothing.
    let before = versions(&postgres);
    scratch.expect(0, &["publish"]);
    assert_eq!(before, versions(&postgres));

    // What changes is written, and what does not is left alone.
    scratch.sql("update clients set spent = 99 where id = 7; delete from clients where id = 9");
    scratch.put_clock("2026-03-16T10:00:00Z");
    scratch.expect(0, &["run"]);
    assert_equal(&scratch, &postgres);
    let same = "select count(distinct xmin::text) > 1 from muster.scores";
    assert_eq!(postgres.sql(same), "t");

    missed_runs_are_made_up_for(&scratch, &postgres, 2);

    // Whoever is forgotten is so there as well, and grants are as they were.
    scratch.expect(0, &["forget", "130"]);
    assert_eq!(
        postgres.sql("select count(*) from muster.movements where subject_key = 130"),
        "0"
    );
    assert_equal(&scratch, &postgres);
    assert_eq!(
        postgres.sql("select has_table_privilege('reader', 'muster.scores', 'select')"),
        "t"
    );
}

#[test]
fn a_long_reader_neither_waits_nor_is_waited_for() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    may_write(&postgres);
    let scratch = project(&postgres);
    scratch.expect(0, &["run"]);
    scratch.sql("update clients set spent = null where id % 2 = 0");
    scratch.put_clock("2026-03-16T10:00:00Z");
    let count = "select count(*) from muster.memberships";
    let seen = thread::scope(|scope| {
        let reader = scope.spawn(|| {
            postgres.sql(&format!(
                "begin isolation level repeatable read; {count}; select pg_sleep(20); {count}"
            ))
        });
        let reads = "select count(*) from pg_stat_activity where query like '%pg_sleep(20)%' and pid <> pg_backend_pid()
                     and datname = current_database()";
        assert!(holds_in_time(|| postgres.sql(reads) == "1"));
        thread::sleep(Duration::from_millis(500));
        scratch.expect(0, &["run"]);
        assert!(!reader.is_finished(), "the run did not wait");
        assert_equal(&scratch, &postgres);
        reader.join().unwrap()
    });
    let counts: Vec<&str> = seen.split_whitespace().collect();
    assert_eq!(counts.first(), counts.last(), "{seen}");
}

#[test]
fn killed_at_any_moment_the_tables_are_those_of_one_run() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    may_write(&postgres);
    kills_leave_one_run(&postgres, 24);
}

#[test]
fn a_server_that_refuses_undoes_no_run_and_says_why() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    let scratch = project(&postgres);
    let password = |word: &str| {
        let url = postgres
            .url("reader")
            .replace("reader@", &format!("reader:{word}@"));
        format!("{{ to: \"{url}\" }}")
    };
    let gone = "{ to: \"postgres://quick:secret@127.0.0.1:1/shop\" }".to_owned();
    let refusals = [
        (password("secret"), "permission denied"),
        (password("wrongword"), "refuses the login of `reader`"),
        (gone, "cannot be reached"),
    ];
    for (run, (publish, words)) in (1..).zip(refusals) {
        config(&scratch, &publish);
        for command in ["run", "status"] {
            let told = scratch.expect(1, &[command]);
            let said = format!("{}{}", told.out, told.err);
            assert!(
                said.contains(words) || run == 1 && command == "status",
                "{said}"
            );
            assert!(
                !said.contains("secret") && !said.contains("wrongword"),
                "{said}"
            );
        }
        let stored = "select count(*) from muster_runs where status = 'published'";
        assert_eq!(
            rows(&scratch.path("results.db"), stored)[0][0],
            run.to_string()
        );
    }
}

#[test]
fn serve_takes_out_who_was_forgotten_while_the_server_was_away() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    may_write(&postgres);
    let scratch = project(&postgres);
    scratch.expect(0, &["run"]);
    let mut serve = scratch.command(&["serve"]).spawn().unwrap();
    let here = scratch.path("results.db");
    let watched = || !rows_so_far(&here, "select * from muster_schedules").is_empty();
    assert!(holds_in_time(watched));
    thread::sleep(Duration::from_secs(1));
    let whole = scratch.read("config.yaml");
    let away = whole.replace(&postgres.database, "nowhere");
    scratch.write("config.yaml", away);
    scratch.expect(1, &["forget", "130"]);
    scratch.write("config.yaml", whole);
    let there = "select count(*) from muster.movements where subject_key = 130";
    assert_eq!(postgres.sql(there), "2");
    scratch.put_clock("2026-03-15T10:02:00Z");
    assert!(holds_in_time(|| postgres.sql(there) == "0"));
    serve.kill().unwrap();
    serve.wait().unwrap();
}

#[test]
fn keys_that_became_texts_are_told_with_what_to_do() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    may_write(&postgres);
    keys_that_became_texts_are_told(&postgres);
}

#[test]
fn serve_tries_again() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    let scratch = project(&postgres);
    scratch.expect(1, &["run"]);
    let mut serve = scratch.command(&["serve"]).spawn().unwrap();
    thread::sleep(Duration::from_secs(2));
    may_write(&postgres);
    scratch.put_clock("2026-03-15T10:02:00Z");
    let made =
        "select count(*) from pg_tables where schemaname = 'muster' and tablename = 'publication'";
    assert!(
        holds_in_time(|| postgres.sql(made) == "1"),
        "it has published"
    );
    serve.kill().unwrap();
    serve.wait().unwrap();
    assert_equal(&scratch, &postgres);
}
