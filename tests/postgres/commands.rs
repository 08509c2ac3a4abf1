//! Every command says of a server's rows what it says of the same rows in a SQLite file.

use crate::support::database::rows_so_far;
use crate::support::postgres::Postgres;
use crate::support::scratch::Scratch;
use crate::support::twins::Twins;
use crate::support::waiting::holds_in_time;

#[test]
fn commands_say_the_same() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    let twins = Twins::new(|made| {
        postgres.take_over(&made.database());
        postgres.config()
    });
    let commands: [&[&str]; 18] = [
        &["check"],
        &["run"],
        &["segments"],
        &["clients"],
        &["export", "at_risk"],
        &["explain", "130"],
        &["explain", "130", "lead"],
        &["explain", "lead"],
        &["backtest", "at_risk"],
        &["health"],
        &["health", "--backtest"],
        &["lint"],
        &["test"],
        &["test", "--from", "130"],
        &["log"],
        &["plan"],
        &["forget", "130"],
        &["status"],
    ];
    for command in commands {
        twins.expect_same(command);
    }
    twins.edit("rules/engagement.yaml", "importance: 13", "importance: 12");
    twins.expect_same(&["plan"]);
}

#[test]
fn a_start_is_guessed_as_for_a_file() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    let file = Scratch::around("shop.db");
    file.sql(
        "create table customers (id integer primary key, first_name text, last_name text, email text, created_at timestamp);
         create table orders (id integer primary key, customer_id integer, ordered_at timestamp, total decimal(10,2), status text);
         with recursive n(i) as (select 1 union all select i + 1 from n where i < 60)
         insert into customers select i, 'First' || i, 'Last' || i, 'c' || i || '@example.com', '2025-01-' || printf('%02d', i % 28 + 1) || ' 10:00:00' from n;
         with recursive n(i) as (select 1 union all select i + 1 from n where i < 400)
         insert into orders select i, i % 60 + 1, '2025-0' || (i % 9 + 1) || '-11 12:00:00', i % 90 + 0.5, case i % 7 when 0 then 'cancelled' else 'paid' end from n;",
    );
    postgres.take_over(&file.database());
    let server = Scratch::new();
    for folder in [&file, &server] {
        folder.put_clock("2025-10-01T10:00:00Z");
    }
    let of_file = file.expect(0, &["init", "sqlite:shop.db"]);
    let password = postgres.file("password");
    let password = password.to_str().unwrap();
    let url = postgres.url("reader");
    let of_server = server.expect(0, &["init", &url, "--password-file", password]);
    assert_eq!(of_file.out, of_server.out);
    for name in ["rules/segments.yaml", "rules/rfm.yaml"] {
        assert_eq!(file.read(name), server.read(name));
    }
    let named = format!("database:\n  postgres: \"{url}\"\n  password_file: \"{password}\"\n");
    let config = file
        .read("config.yaml")
        .replace("database: sqlite:shop.db\n", &named);
    assert_eq!(config, server.read("config.yaml"));
    let [of_file, of_server] = [&file, &server].map(|folder| {
        folder.expect(0, &["run"]);
        folder.expect(0, &["segments"]).out
    });
    assert_eq!(of_file, of_server);
}

#[test]
fn a_view_and_a_key_that_points_at_it_are_guessed() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    postgres.sql(
        "CREATE TABLE people (person_no uuid PRIMARY KEY, full_name text NOT NULL);
         CREATE TABLE stays (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, guest uuid REFERENCES people, arrived timestamptz, nights int);
         INSERT INTO people SELECT gen_random_uuid(), 'Person ' || i FROM generate_series(1, 40) i;
         INSERT INTO stays (guest, arrived, nights) SELECT person_no, now() - interval '9 days', 2 FROM people;
         CREATE TABLE secret (id int PRIMARY KEY); REVOKE ALL ON secret FROM reader",
    );
    let scratch = Scratch::new();
    let password = postgres.file("password");
    let url = postgres.url("reader");
    scratch.expect(
        0,
        &[
            "init",
            &url,
            "--password-file",
            password.to_str().unwrap(),
            "--schema",
            "public",
        ],
    );
    let config = scratch.read("config.yaml");
    for line in [
        "schema: public",
        "table: people",
        "key: person_no",
        "subject: guest",
        "at: arrived",
    ] {
        assert!(config.contains(line), "{line}\n{config}");
    }
    scratch.expect(0, &["run"]);
}

#[test]
fn a_schedule_runs_over_a_server_and_again_after_a_refusal() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    postgres.sql("CREATE TABLE clients (id int PRIMARY KEY); INSERT INTO clients SELECT generate_series(1, 9)");
    let scratch = Scratch::new();
    scratch.write(
        "config.yaml",
        format!(
            "database: {{ postgres: \"{}\", password_file: password }}\ntimezone: UTC\n\
             subject: {{ name: client, table: clients, key: id }}\n\
             schedules: [{{ id: daily, cron: \"0 6 * * *\" }}]\n",
            postgres.url("reader")
        ),
    );
    scratch.rules("segments:\n  - { id: a, when: id > 3 }\n");
    scratch.write("password", "secret\n");
    scratch.put_clock("2026-03-15T05:59:50Z");
    let results = scratch.path("results.db");
    let known = |sql: &str| rows_so_far(&results, sql);
    let runs = "select message from muster_runs where status = ";
    let mut serve = scratch.command(&["serve"]).spawn().unwrap();
    assert!(
        holds_in_time(|| !known("select * from muster_schedules").is_empty()),
        "it watches"
    );
    scratch.replace("password", "wrong\n");
    scratch.put_clock("2026-03-15T06:00:05Z");
    assert!(
        holds_in_time(|| !known(&format!("{runs}'failed'")).is_empty()),
        "it has failed"
    );
    let message = known(&format!("{runs}'failed'"));
    assert!(message[0][0].contains("refuses the login"), "{message:?}");
    scratch.replace("password", "secret\n");
    scratch.put_clock("2026-03-15T06:01:00Z");
    assert!(
        holds_in_time(|| !known(&format!("{runs}'published'")).is_empty()),
        "it has run"
    );
    serve.kill().unwrap();
    serve.wait().unwrap();
}
