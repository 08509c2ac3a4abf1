//! Every command says of Parquet files what it says of the same rows in a SQLite file.

use crate::support::database::rows_so_far;
use crate::support::scratch::Scratch;
use crate::support::spark::Spark;
use crate::support::twins::Twins;
use crate::support::waiting::holds_in_time;

#[test]
fn commands_say_the_same() {
    let Some(spark) = Spark::open() else {
        return;
    };
    let twins = Twins::new(|made| {
        spark.take_over_typed(&made.database(), 50_000);
        spark.config()
    });
    // Files know no keys of rows.
    for table in [
        "visits",
        "packages",
        "payments",
        "reservations",
        "complaints",
    ] {
        let of = format!("table: {table},");
        twins.edit("config.yaml", &of, &format!("{of} key: id,"));
    }
    let commands: [&[&str]; 10] = [
        &["check"],
        &["run"],
        &["segments"],
        &["clients"],
        &["export", "at_risk"],
        &["explain", "130"],
        &["explain", "130", "lead"],
        &["health"],
        &["test", "--from", "130"],
        &["plan"],
    ];
    for command in commands {
        let said = twins.expect_same(command);
        if *command == ["check"] {
            let told = "rows are read one by one: `packages`";
            assert!(said.err.contains(told), "{said:?}");
        }
    }
}

#[test]
fn a_schedule_runs_and_again_after_the_files_were_away() {
    let Some(spark) = Spark::open() else {
        return;
    };
    let scratch = Scratch::around("clients.db");
    scratch.sql(
        "create table clients (id integer primary key); insert into clients values (1), (5), (9)",
    );
    spark.take_over(&scratch.database(), 10);
    scratch.write(
        "config.yaml",
        format!(
            "database: {}\ntimezone: UTC\nsubject: {{ name: client, table: clients, key: id }}\n\
             schedules: [{{ id: daily, cron: \"0 6 * * *\" }}]\n",
            spark.config()
        ),
    );
    scratch.rules("segments:\n  - { id: a, when: id > 3 }\n");
    scratch.put_clock("2026-03-15T05:59:50Z");
    let results = scratch.path("results.db");
    let known = |sql: &str| rows_so_far(&results, sql);
    let runs = "select message from muster_runs where status = ";
    let mut serve = scratch.command(&["serve"]).spawn().unwrap();
    assert!(
        holds_in_time(|| !known("select * from muster_schedules").is_empty()),
        "it watches"
    );
    let (there, away) = (spark.table("clients"), spark.folder.path("away"));
    std::fs::rename(&there, &away).unwrap();
    scratch.put_clock("2026-03-15T06:00:05Z");
    assert!(
        holds_in_time(|| !known(&format!("{runs}'failed'")).is_empty()),
        "it has failed"
    );
    let message = known(&format!("{runs}'failed'"));
    assert!(
        message[0][0].contains("the files of `clients`"),
        "{message:?}"
    );
    std::fs::rename(&away, &there).unwrap();
    scratch.put_clock("2026-03-15T06:01:00Z");
    assert!(
        holds_in_time(|| !known(&format!("{runs}'published'")).is_empty()),
        "it has run"
    );
    serve.kill().unwrap();
    serve.wait().unwrap();
}
