//! Who may connect and how: refusals in words, and no password in any of them.

use crate::support::postgres::Postgres;
use crate::support::program::Said;
use crate::support::scratch::Scratch;

/// What `check` says of a database that holds the clients of nobody.
fn checked(database: &str) -> Said {
    let scratch = Scratch::new();
    scratch.write(
        "config.yaml",
        format!("database: {database}\ntimezone: UTC\nsubject: {{ name: client, table: clients, key: id }}\n"),
    );
    scratch.write("wrong", "hunter2\n");
    scratch.rules("segments:\n  - { id: a, when: id > 3 }\n");
    let said = scratch.muster(&["check"]);
    assert!(
        !(said.out.clone() + &said.err).contains("hunter2"),
        "{said:?}"
    );
    said
}

#[track_caller]
fn refused(code: i32, database: &str, words: &[&str]) {
    let said = checked(database);
    let told = said.out + &said.err;
    assert_eq!(said.code, code, "{told}");
    for word in words {
        assert!(told.contains(word), "{word}\n{told}");
    }
}

#[test]
fn refusals_are_told() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    postgres.sql("CREATE TABLE clients (id int PRIMARY KEY)");
    let url = postgres.url("reader");
    let password = format!("password_file: {}", postgres.file("password").display());
    let ca = format!("ca_file: {}", postgres.file("ca.pem").display());

    assert_eq!(
        checked(&format!("{{ postgres: \"{url}\", {password} }}")).code,
        0
    );
    assert_eq!(
        checked(&format!(
            "{{ postgres: \"{url}\", {password}, {ca}, tls: verify-full }}"
        ))
        .code,
        0
    );
    assert_eq!(
        checked(&format!(
            "{{ postgres: \"{url}\", {password}, tls: require }}"
        ))
        .code,
        0
    );
    assert_eq!(
        checked(&format!("{{ postgres: \"{url}\", {password}, tls: off }}")).code,
        0
    );
    assert_eq!(checked(&url.replace("reader@", "reader:secret@")).code, 0);

    refused(
        3,
        &format!("{{ postgres: \"{url}\", password_file: wrong }}"),
        &["refuses the login of `reader`"],
    );
    refused(
        3,
        &url.replace("reader@", "reader:hunter2@"),
        &["refuses the login of `reader`", "the password in it"],
    );
    refused(
        3,
        &format!("{{ postgres: \"{url}\", {password}, tls: verify-full }}"),
        &["could not prove that it is the right server", "ca_file:"],
    );
    let by_number = url.replace("localhost", "127.0.0.1");
    refused(
        3,
        &format!("{{ postgres: \"{by_number}\", {password}, {ca}, tls: verify-full }}"),
        &[
            "could not prove that it is the right server",
            "as its certificate does",
        ],
    );
    // An authority that is named counts on this machine, too.
    assert_eq!(
        checked(&format!("{{ postgres: \"{url}\", {password}, {ca} }}")).code,
        0
    );
    refused(
        3,
        &format!("{{ postgres: \"{by_number}\", {password}, {ca} }}"),
        &["could not prove that it is the right server"],
    );
    refused(
        3,
        &format!("{{ postgres: \"{url}\", {password}, ca_file: wrong }}"),
        &["`ca_file`", "holds no certificate"],
    );
    refused(
        3,
        &format!("{{ postgres: \"{url}\", password_file: nowhere }}"),
        &["`password_file`", "nowhere"],
    );
    refused(
        3,
        &format!("{{ postgres: \"{url}_not\", {password} }}"),
        &["has no such database"],
    );
    refused(
        3,
        &format!("{{ postgres: \"{url}\", {password}, schema: sales }}"),
        &["there is no schema `sales`", "public"],
    );
    refused(
        3,
        "postgres://reader:hunter2@localhost:1/shop",
        &["cannot be reached"],
    );
}

#[test]
fn the_socket_of_this_machine_needs_no_host() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    postgres.sql("CREATE TABLE clients (id int PRIMARY KEY)");
    let folder = postgres.file("").display().to_string();
    let folder = folder.trim_end_matches('/').replace('/', "%2F");
    let url = postgres.url("quick").replace("localhost", &folder);
    assert_eq!(checked(&url).code, 0);
}

#[test]
fn the_role_is_that_of_whoever_runs_it() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    let folder = postgres.file("").display().to_string();
    let folder = folder.trim_end_matches('/').replace('/', "%2F");
    let url = postgres.url("").replace("@localhost", &folder);
    let user = std::process::Command::new("id")
        .arg("-un")
        .output()
        .unwrap();
    let user = String::from_utf8(user.stdout).unwrap();
    let words = format!("refuses the login of `{}`", user.trim());
    refused(3, &url, &[&words, "before the host"]);
}

#[test]
fn files_are_imported_into_no_server() {
    refused(
        2,
        "postgres://localhost/shop\nimport: { folder: exports }",
        &["makes a SQLite file", "sqlite:data.db"],
    );
}

#[test]
fn a_start_with_a_password_on_the_command_line_is_refused() {
    let scratch = Scratch::new();
    let told = scratch
        .expect(2, &["init", "postgres://reader:hunter2@localhost:1/shop"])
        .err;
    assert!(
        told.contains("--password-file") && !told.contains("hunter2"),
        "{told}"
    );
    let told = scratch
        .expect(2, &["init", "sqlite:shop.db", "--schema", "sales"])
        .err;
    assert!(told.contains("goes with a server"), "{told}");
}

#[test]
fn a_start_names_options_and_not_the_keys_of_a_config_that_is_still_to_be_made() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    postgres.sql("CREATE TABLE clients (id int PRIMARY KEY, name text); INSERT INTO clients VALUES (1, 'Ann'), (2, 'Ben')");
    let (password, authority) = (postgres.file("password"), postgres.file("ca.pem"));
    let [password, authority] = [&password, &authority].map(|path| path.to_str().unwrap());
    let url = postgres.url("reader");
    let scratch = Scratch::new();
    let init = |code, options: &[&str]| {
        let command = ["init", &url, "--tls", "verify-full"];
        scratch.expect(code, &[&command, options].concat()).err
    };
    let told = init(3, &["--password-file", password]);
    assert!(
        told.contains("let `--ca-file` name the certificate of the authority"),
        "{told}"
    );
    let told = init(3, &["--password-file", "nowhere"]);
    assert!(told.contains("`--password-file` `nowhere`"), "{told}");
    let told = init(3, &["--ca-file", authority]);
    assert!(
        told.contains("`--password-file`") && !told.contains("password_file"),
        "{told}"
    );
    init(0, &["--password-file", password, "--ca-file", authority]);
    let config = scratch.read("config.yaml");
    assert!(config.contains("\n  tls: verify-full\n"), "{config}");
    scratch.expect(0, &["check"]);

    let refused = |options: &[&str], words: &str| {
        let command = ["init", "postgres:///shop"];
        let told = Scratch::new().expect(2, &[&command, options].concat()).err;
        assert!(told.contains(words), "{told}");
    };
    let socket = "nothing is encrypted on a Unix socket";
    refused(&["--ca-file", authority], socket);
    refused(&["--tls", "require"], socket);
    refused(&["--tls", "on"], "it is `verify-full`, `require` or `off`");
}

#[test]
fn urls_that_cannot_be_meant_are_told() {
    let cases = [
        ("postgres://reader@host/shop?sslmode=disable", "`tls:`"),
        ("postgres://reader@host", "the name of the database"),
        ("postgres://reader@host:port/shop", "a port from 1 to 65535"),
        ("postgres://reader:5432:5433/shop", "brackets"),
        ("postgres://reader%4@host/shop", "two hexadecimal digits"),
        (
            "{ postgres: \"postgres://reader:hunter2@host/shop\", password_file: wrong }",
            "the URL must have no password, since there is `password_file:`",
        ),
        (
            "{ postgres: \"sqlite:shop.db\" }",
            "begins with `postgres://`",
        ),
        (
            "{ postgres: \"postgres://host/shop\", tls: on }",
            "`verify-full`",
        ),
        ("mysql://host/shop", "`postgres://` and a server"),
        (
            "reader:hunter2@localhost:5801/shop",
            "`postgres://` and a server",
        ),
        (
            "\"postgres//reader:hunter2@localhost/shop\"",
            "`postgres://` and a server",
        ),
        (
            "postgres:reader:hunter2@localhost/shop",
            "`postgres://` and a server",
        ),
        ("\"postgres://reader hunter2@localhost/shop\"", "no blanks"),
        (
            "{ postgres: \"postgres://reader hunter2@localhost/shop\" }",
            "no blanks",
        ),
        (
            "{ postgres: \"postgres://host/shop\", schema: '' }",
            "`database:` must not have an empty `schema:`",
        ),
        (
            "{ postgres: \"postgres://host/shop\", tls: require, ca_file: ca.pem }",
            "`database:` must not have `ca_file:` here, since `tls: require` takes any certificate",
        ),
        (
            "{ postgres: \"postgres://host/shop\", tls: off, ca_file: ca.pem }",
            "`database:` must not have `ca_file:` here",
        ),
        (
            "{ postgres: \"postgres:///shop\", ca_file: ca.pem }",
            "since a Unix socket has no certificates",
        ),
        (
            "{ postgres: \"postgres:///shop\", tls: verify-full }",
            "must not have `tls: verify-full` here, since nothing is encrypted on a Unix socket",
        ),
        (
            "{ spark: \"sc://localhost\", ca_file: ca.pem }",
            "`database:` must not have `ca_file:` here",
        ),
    ];
    for (database, words) in cases {
        refused(2, database, &[words]);
    }
}
