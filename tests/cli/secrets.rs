//! No password, and no part of one, is printed, whatever line it stands on.

use super::desk::Desk;
use crate::support::scratch::Scratch;

/// The secret of every case, and its parts where its signs divide it.
const PARTS: [&str; 2] = ["hunTer2x", "Ter2x"];

const CONFIG: &str = "timezone: Europe/Berlin\n\
    subject: { name: client, table: clients, key: id, label: name }\n";

/// Ends of a config that are wrong on the line of a secret, or because of it.
const WRONG: &[&str] = &[
    // Beside another mistake, in braces.
    "mail: { from: a@example.com, smtp: { host: h, username: a, password: hunTer2x, prot: 587 } }",
    "mail: { smtp: { host: h, password: hun,Ter2x, prot: 587 } }",
    "mail: { smtp: { host: h, password: hun}Ter2x, prot: 587 } }",
    "mail: { smtp: { host: h, \"password\": \"hun, Ter2x: y\", prot: 587 } }",
    "mail: { smtp: { host: h, 'api_key' : 'it''s, hunTer2x', prot: 587 } }",
    "mail: { smtp: { host: h, password: hunTer2x, prot: 587 }",
    "mail: { smtp: { host: h, password: [hunTer2x, prot: 587 } }",
    "mail: {\n  smtp: {\n    password: hun\n    Ter2x,\n    prot: 1 } }",
    "mail:\n  smtp: [password: hunTer2x, x]",
    // Under other names.
    "smtpPassword: hunTer2x",
    "api-key: hunTer2x",
    "auth_token: hunTer2x",
    "pasword: hunTer2x",
    "SMTP_PASSWD: hunTer2x",
    "Kennwort: hunTer2x",
    "wachtwoord: hunTer2x",
    "mot_de_passe: hunTer2x",
    "contraseña: hunTer2x",
    "client_secret_2: hunTer2x",
    // Of signs that YAML takes for its own.
    "mail:\n  smtp:\n    password: @hunTer2x",
    "mail:\n  smtp:\n    password: %hunTer2x",
    "mail:\n  smtp:\n    password: `hunTer2x",
    "mail:\n  smtp:\n    password: *hunTer2x",
    "mail:\n  smtp:\n    password: !hunTer2x",
    "mail:\n  smtp:\n    password: hun: Ter2x",
    "mail:\n  smtp:\n    password: \"hunTer2x\n    port: 1",
    "mail:\n  smtp:\n    token: hun #Ter2x",
    "mail:\n  smtp:\n    password: hun\u{a0}Ter2x",
    // Over several lines.
    "mail:\n  smtp:\n    secret: >-\n      hun\n      Ter2x\n    port: x",
    "mail:\n  smtp:\n    secret: |\n      hun\n\t  Ter2x\n    port: x",
    "mail:\n  smtp:\n    password:\n      hun\n      Ter2x: a",
    "mail:\n  password: { a: hunTer2x, b: [1] }",
    "mail:\n  smtp:\n    password:\n    - hunTer2x\n    - hun Ter2x\n    port: x",
    "mail:\n  smtp:\n    password: # here\n    hunTer2x\n    port: x",
    "mail:\n  smtp:\n    password:\n\n    'hunTer2x'\n    port: x",
    "mail:\n  smtp:\n    ? password\n    : hunTer2x",
    // Where the colon is missing or another one.
    "mail:\n  smtp:\n    password \"hunTer2x\"",
    "mail:\n  smtp:\n    password:hunTer2x",
    "mail:\n  smtp:\n    password = hunTer2x\n    port: 1",
    "mail:\n  smtp:\n    password： hunTer2x",
    "mail:\n  smtp:\n    password\u{a0}: hunTer2x",
    "mail:\n  smtp:\n\tpassword: hunTer2x",
    // In addresses.
    "mail:\n  from: a@example.com\n  smtp: smtp://user:hunTer2x@host:25",
    "mail:\n  from: a@example.com\n  smtp: { host: \"smtp://user:hunTer2x@host\" }",
    "results: postgres://user:hun@Ter2x@host/db",
    "results: user:hunTer2x@host/db",
    "results: postgres//user:hunTer2x@host/db",
    "results: postgres:user:hun:Ter2x@host/db",
    "results: postgres://user hunTer2x@host/db",
    "results: POSTGRES:/user:hun@Ter2x@host/db",
    "results: postgres://user:hunTer2x/db",
    "publish: { to: \"postgres://user:hun/Ter2x\" }",
    "webhook: https://h.example.com/x?token=hunTer2x&y=1",
    // From the environment.
    "currency: ${SECRET}",
    "locale: ${SECRET}",
    "mail: { from: \"${SECRET}\", smtp: { host: \"${SECRET}\", port: \"${SECRET}\" } }",
    "schedules:\n  - { id: a, cron: \"${SECRET}\", timezone: \"${SECRET}\" }",
    "reports:\n  - { id: a, to: [\"${SECRET}\"], segments: [\"${SECRET}\"] }",
    "rules: \"${SECRET}\"",
];

fn desk() -> Desk {
    let desk = Desk::empty();
    desk.sql_in(
        "d.db",
        "create table clients (id integer primary key, name text)",
    );
    desk.write(
        "rules/r.yaml",
        "segments:\n  - { id: a, when: name = \"A\" }\n",
    );
    desk
}

fn told(desk: &Desk, arguments: &[&str]) -> String {
    let output = desk.command(arguments).env("SECRET", PARTS[0]).output();
    let output = output.unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    format!("{out}{err}")
}

#[test]
fn no_command_tells_a_secret_that_stands_in_config() {
    let desk = desk();
    for wrong in WRONG {
        desk.write(
            "config.yaml",
            format!("database: sqlite:d.db\n{CONFIG}{wrong}\n"),
        );
        let commands: [&[&str]; 5] = [
            &["check"],
            &["check", "--format", "json"],
            &["status"],
            &["status", "--format", "json"],
            &["run", "--due"],
        ];
        for command in commands {
            let told = told(&desk, command);
            for part in PARTS {
                assert!(!told.contains(part), "{wrong}\nmuster {command:?}\n{told}");
            }
        }
    }
}

#[test]
fn addresses_with_a_login_are_told_without_it() {
    let desk = desk();
    desk.write(
        "config.yaml",
        format!("database: postgres://amy:hunTer2x@host/db\n{CONFIG}"),
    );
    let address = "https://amy:hunTer2x@host/x";
    let commands: [&[&str]; 6] = [
        &["check"],
        &["run"],
        &["--config", address, "check"],
        &["status", address],
        &["clients", "--limit", address],
        &["check", "--password=hunTer2x"],
    ];
    for command in commands {
        let told = told(&desk, command);
        assert!(!told.contains("Ter2x"), "muster {command:?}\n{told}");
    }
}

#[test]
fn what_only_sounds_like_a_secret_is_shown() {
    let desk = desk();
    let shown = [
        ("passport: hunTer2x", "hunTer2x"),
        ("row_key: hunTer2x", "hunTer2x"),
        ("passed: hunTer2x", "hunTer2x"),
        ("tokens_left: hunTer2x", "hunTer2x"),
        ("pasword_file: secrets/smtp", "secrets/smtp"),
        (
            "webhook: https://example.com/a?page=hunTer2x",
            "page=hunTer2x",
        ),
    ];
    for (line, kept) in shown {
        desk.write(
            "config.yaml",
            format!("database: sqlite:d.db\n{CONFIG}{line}\n"),
        );
        let told = told(&desk, &["check"]);
        assert!(told.contains(kept), "{line}\n{told}");
    }
}

#[test]
fn a_covered_secret_leaves_the_underline_where_it_was() {
    let desk = desk();
    desk.write(
        "config.yaml",
        format!(
            "database: sqlite:d.db\n{CONFIG}mail: {{ smtp: {{ password: hünTer2x, prot: 1 }} }}\n"
        ),
    );
    let told = told(&desk, &["check"]);
    let shown = "4 | mail: { smtp: { password:*********, prot: 1 } }\n  \
                   |                                     ^^^^";
    assert!(told.contains(shown), "{told}");
}

/// They have patterns as `[^:-@]`, in which nobody logs in anywhere.
#[test]
fn schemas_are_printed_as_they_are() {
    for kind in ["config", "rules", "tests"] {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/schema");
        let kept = std::fs::read_to_string(format!("{folder}/{kind}.schema.json")).unwrap();
        assert_eq!(desk().expect(0, &["schema", kind]).out, kept, "{kind}");
    }
}

#[test]
fn what_is_to_be_filled_in_is_no_secret() {
    let help = Scratch::new().expect(0, &["init", "--help"]).out;
    assert!(help.contains("postgres://ROLE@SERVER/DATABASE"), "{help}");
}
