//! A program that was built without Spark.

use crate::support::scratch::Scratch;

#[test]
fn it_says_how_to_get_it() {
    let scratch = Scratch::new();
    scratch.write(
        "config.yaml",
        "database: sc://spark.example.com\ntimezone: UTC\nsubject: { name: client, table: clients, key: id }\n",
    );
    scratch.rules("segments:\n  - { id: a, when: id > 3 }\n");
    for command in ["check", "run"] {
        let told = scratch.expect(3, &[command]);
        for words in [
            "sc://spark.example.com:15002",
            "--features spark",
            "protobuf-compiler",
        ] {
            assert!(told.err.contains(words), "{command}: {told:?}");
        }
    }
}

#[test]
fn a_run_is_stored_and_told_to_be_unpublished() {
    let scratch = Scratch::around("clients.db");
    scratch
        .sql("create table clients (id integer primary key); insert into clients values (1), (5)");
    scratch.write(
        "config.yaml",
        "database: sqlite:clients.db\nresults: sqlite:results.db\ntimezone: UTC\n\
         subject: { name: client, table: clients, key: id }\npublish: { to: \"sc://spark.example.com\" }\n",
    );
    scratch.rules("segments:\n  - { id: a, when: id > 3 }\n");
    scratch.expect(0, &["check"]);
    let told = scratch.expect(1, &["run"]);
    for words in [
        "the results are stored, but could not be published",
        "`sc://spark.example.com:15002` cannot be written",
        "--features spark",
    ] {
        assert!(told.err.contains(words), "{told:?}");
    }
}
