//! `publish:`: the server has the tables of the results file, whole, whatever happens to whoever writes them.

use std::thread;
use std::time::{Duration, Instant};

use crate::support::database::{rows, rows_so_far};
use crate::support::postgres::Postgres;
use crate::support::scratch::Scratch;
use crate::support::waiting::holds_in_time;

pub const RULES: &str = "segments:\n\
    - { id: rich, when: spent > 50, weight: 1.5 }\n\
    - { id: \"odd\", name: 'A \\ and | one', when: spent is present }\n";

/// Clients of a SQLite file whose results go to a schema of the server, written by a role.
pub fn project(postgres: &Postgres, role: &str) -> Scratch {
    let scratch = Scratch::around("shop.db");
    scratch.sql(
        "create table clients (id integer primary key, name text, spent integer);
         with recursive n(i) as (select 1 union all select i + 1 from n where i < 300)
         insert into clients select i, 'Client ' || i || char(9) || '\\N', i * 37 % 101 from n;",
    );
    let url = postgres.url(role).replace("localhost", "127.0.0.1");
    config(&scratch, &format!("{{ to: \"{url}\", tls: off }}"));
    scratch.rules(RULES);
    scratch.put_clock("2026-03-15T10:00:00Z");
    scratch
}

pub fn config(scratch: &Scratch, publish: &str) {
    scratch.write(
        "config.yaml",
        format!(
            "database: sqlite:shop.db\nresults: sqlite:results.db\ntimezone: UTC\nguard: off\n\
             subject: {{ name: client, table: clients, key: id, label: name }}\n\
             schedules: [{{ id: daily, cron: \"0 6 * * *\" }}]\n\
             publish: {publish}\n"
        ),
    );
}

pub fn may_write(postgres: &Postgres) {
    let database = &postgres.database;
    postgres.sql(&format!("GRANT CREATE ON DATABASE {database} TO quick"));
}

/// What both sides say of the same tables.
pub fn assert_equal(scratch: &Scratch, postgres: &Postgres) {
    let queries = [
        "select 'm', segment_id, subject_key, AT(entered_at), run_id from TABLE(memberships) order by 2, 3",
        "select 'v', run_id, segment_id, subject_key, AT(at), direction, cause from TABLE(movements) order by 2, 3, 4",
        "select 's', subject_key, label, cast(score * 1000 as integer), rank from TABLE(scores) order by 2",
        "select 'h', subject_key, coalesce(reasons, '') from TABLE(health) order by 2",
        "select 'g', id, name, size, status, position from TABLE(segments) order by 2",
        "select 'n', run_id, segment_id, metric, cast(value as integer), coalesce(cast(counted as text), '') from TABLE(metrics) order by 2, 3, 4",
        "select 'r', id, AT(as_of), status, subjects, coalesce(message, '') from TABLE(runs) order by 2",
    ];
    for query in queries {
        let sql = query.replace("AT(at)", "at").replace("AT(", "(");
        let here = table_names(&sql, "muster_");
        let stamp = "to_char((#) at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')";
        let stamped = ["entered_at", "as_of", "at"]
            .iter()
            .fold(query.to_owned(), |sql, column| {
                sql.replace(&format!("AT({column})"), &stamp.replace('#', column))
            });
        let there = postgres.sql(&table_names(&stamped, "muster."));
        let here: Vec<String> = rows(&scratch.path("results.db"), &here)
            .iter()
            .map(|row| row.join("|"))
            .collect();
        assert_eq!(here.join("\n"), there, "{query}");
    }
}

fn table_names(sql: &str, prefix: &str) -> String {
    sql.replace("TABLE(", prefix).replace(") order", " order")
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
    let scratch = project(&postgres, "quick");
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

    // Runs while the server is away are made up for.
    let config = scratch.read("config.yaml");
    scratch.write("config.yaml", config.replace("publish:", "# publish:"));
    for day in 17..19 {
        scratch.sql(&format!(
            "update clients set spent = 100 - spent where id % {day} = 0"
        ));
        scratch.put_clock(&format!("2026-03-{day}T10:00:00Z"));
        scratch.expect(0, &["run"]);
    }
    scratch.write("config.yaml", config);
    let behind = scratch.expect(1, &["status"]);
    assert!(
        behind.out.contains("has run 2, and the last one is run 4"),
        "{behind:?}"
    );
    let behind = scratch.expect(1, &["status", "--format", "json"]).out;
    assert!(
        behind.contains("has run 2, and the last one is run 4"),
        "{behind}"
    );
    scratch.expect(0, &["publish"]);
    scratch.expect(0, &["status"]);
    assert_equal(&scratch, &postgres);

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
    let scratch = project(&postgres, "quick");
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

/// True where the tables are those of one run: as its movements made them, with the sizes that it stored.
const WHOLE: &str = "
    with now as (select segment_id, subject_key from muster.memberships),
    made as (select segment_id, subject_key from muster.movements group by 1, 2
             having count(*) filter (where direction = 'entered') > count(*) filter (where direction = 'left'))
    select (select max(id) from muster.runs where status = 'published') = (select run_id from muster.publication)
       and (select sum(size) from muster.segments) = (select count(*) from now)
       and not exists (table made except table now) and not exists (table now except table made)";

#[test]
fn killed_at_any_moment_the_tables_are_those_of_one_run() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    may_write(&postgres);
    let scratch = project(&postgres, "quick");
    let begun = Instant::now();
    scratch.expect(0, &["run"]);
    let usual = u64::try_from(begun.elapsed().as_millis()).unwrap();
    let rounds =
        std::env::var("MUSTER_PUBLISH_ROUNDS").map_or(24, |rounds| rounds.parse().unwrap());
    let mut seen = std::collections::BTreeSet::new();
    for round in 0..rounds {
        scratch.sql(&format!(
            "update clients set spent = (spent + {round}) % 101"
        ));
        let mut run = scratch.command(&["run"]).spawn().unwrap();
        thread::sleep(Duration::from_millis(usual * (round * 7_919 % 120) / 100));
        run.kill().ok();
        run.wait().unwrap();
        assert_eq!(postgres.sql(WHOLE), "t", "round {round}");
        seen.insert(postgres.sql("select run_id from muster.publication"));
    }
    assert!(seen.len() > 1, "some of them were published: {seen:?}");
    scratch.expect(0, &["publish"]);
    assert_equal(&scratch, &postgres);
}

#[test]
fn a_server_that_refuses_undoes_no_run_and_says_why() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    let scratch = project(&postgres, "quick");
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
    let scratch = project(&postgres, "quick");
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
    let scratch = project(&postgres, "quick");
    scratch.expect(0, &["run"]);
    scratch.sql(
        "create table renamed (id text primary key, name text, spent integer);
         insert into renamed select 'c' || id, name, spent from clients;
         drop table clients; alter table renamed rename to clients;",
    );
    scratch.expect(1, &["run"]);
    let told = scratch.expect(1, &["run", "--accept"]).err;
    let statement = told.split('`').find(|part| part.starts_with("DROP TABLE"));
    let statement = statement.unwrap_or_else(|| panic!("{told}"));
    postgres.sql(&format!("SET ROLE quick; {statement}"));
    scratch.expect(0, &["publish"]);
    assert_equal(&scratch, &postgres);
}

#[test]
fn serve_tries_again() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    let scratch = project(&postgres, "quick");
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
