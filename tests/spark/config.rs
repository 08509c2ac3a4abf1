//! `database: { spark: … }` of config, whether or not the program is built with Spark.

use crate::support::scratch::Scratch;

/// What `check` says of a database.
fn told(database: &str) -> String {
    let scratch = Scratch::new();
    let subject = "subject: { name: client, table: clients, key: id }";
    scratch.write(
        "config.yaml",
        format!("database: {database}\ntimezone: UTC\n{subject}\n"),
    );
    scratch.rules("segments:\n  - { id: a, when: id > 3 }\n");
    scratch.expect(2, &["check"]).err
}

#[test]
fn what_cannot_be_meant_is_told_with_what_can() {
    for (database, words) in [
        ("sc://", "the server's name comes after `sc://`"),
        ("sc://:15002", "the server's name comes after `sc://`"),
        ("sc://host:0", "a port from 1 to 65535"),
        ("\"sc://host/;use_ssl=true;token=hush\"", "`token_file:`"),
        ("\"sc://me:hush@host\"", "its own keys"),
        ("{ spark: host }", "it begins with `sc://`"),
        ("{ spark: sc://host, tls: require }", "`verify-full`"),
        (
            "{ spark: sc://host, tls: off, token_file: hush }",
            "leave out `tls: off`",
        ),
        (
            "{ spark: sc://host, password_file: hush }",
            "`password_file`",
        ),
        (
            "{ spark: sc://host, tables: [clients] }",
            "`database.tables`",
        ),
    ] {
        let told = told(database);
        assert!(told.contains(words), "{database}: {told}");
        assert!(told.contains("config.yaml:1:"), "{database}: {told}");
    }
}

#[test]
fn what_cannot_be_meant_of_publishing_is_told_with_what_can() {
    for (publish, words) in [
        ("{ to: \"sc://\" }", "the server's name comes after `sc://`"),
        (
            "{ to: \"sc://host\", password_file: hush }",
            "write `token_file:`",
        ),
        ("{ to: \"sc://host\", tls: require }", "`verify-full`"),
        (
            "{ to: \"sc://host\", tls: off, token_file: hush }",
            "leave out `tls: off`",
        ),
        (
            "{ to: \"postgres://host/shop\", token_file: hush }",
            "write `password_file:`",
        ),
        ("{ to: host }", "it begins with `postgres://`"),
    ] {
        let told = told(&format!("sqlite:shop.db\npublish: {publish}"));
        assert!(told.contains(words), "{publish}: {told}");
        assert!(told.contains("config.yaml:2:"), "{publish}: {told}");
    }
}

#[test]
fn init_says_how_to_begin() {
    let scratch = Scratch::new();
    let told = scratch.expect(2, &["init", "sc://host"]).err;
    assert!(told.contains("tables: { … }"), "{told}");
}
