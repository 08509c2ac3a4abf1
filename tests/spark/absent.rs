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
