//! A run tells what `check` warns of.

use super::desk::Desk;

fn desk(rules: &str) -> Desk {
    let desk = Desk::empty();
    desk.sql_in(
        "d.db",
        "create table clients (id integer primary key, name text, kind text);
         insert into clients values (1, 'A', 'member'), (2, 'B', 'guest');",
    );
    desk.write(
        "config.yaml",
        "database: sqlite:d.db\ntimezone: UTC\n\
         subject: { name: client, table: clients, key: id, label: name }\n\
         fields: { kind: { one: kind } }\n\
         schedules:\n  - { id: nightly, cron: \"0 3 * * *\" }\n",
    );
    desk.write("rules/r.yaml", rules);
    desk
}

/// The findings of a text, each as its first two lines.
fn heads(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let pairs = lines
        .windows(2)
        .filter(|pair| pair[0].starts_with("warning["));
    pairs.map(|pair| pair.join("\n")).collect()
}

#[test]
fn every_warning_of_check_is_one_of_the_run() {
    let each = [
        "  - { id: a, when: kind = \"Member\" }\n",
        "  - { id: a, filter: { kind: Member } }\n",
        "  - { id: a, when: 1 = 1 and kind != \"gast\" }\n",
    ];
    for rule in each {
        let desk = desk(&format!("segments:\n{rule}"));
        let checked = desk.expect(0, &["check"]).err;
        assert!(!heads(&checked).is_empty(), "{rule}{checked}");
        for command in [
            &["run", "--dry-run"][..],
            &["run"],
            &["run", "--format", "json"],
        ] {
            let run = desk.expect(0, command).err;
            assert_eq!(heads(&run), heads(&checked), "{rule}{command:?}");
        }
    }
}

#[test]
fn of_many_warnings_the_rest_is_counted() {
    let rule = |n: u32| format!("  - {{ id: s{n}, when: kind = \"none{n}\" }}\n");
    let rules: String = (0..8).map(rule).collect();
    let desk = desk(&format!("segments:\n{rules}"));
    let run = desk.expect(0, &["run"]).err;
    assert_eq!(heads(&run).len(), 5, "{run}");
    let rest = "and 3 more warnings (absent-value 3): `muster check` shows them";
    assert!(run.contains(rest), "{run}");
}

#[test]
fn a_run_of_the_timetable_logs_how_many_there_are() {
    let desk = desk("segments:\n  - { id: a, when: kind = \"Member\" }\n");
    desk.put_clock("2026-03-15T02:00:00Z");
    desk.expect(0, &["run", "--due"]);
    desk.put_clock("2026-03-15T03:00:10Z");
    let log = desk.expect(0, &["run", "--due"]).err;
    let line = log
        .lines()
        .find(|line| line.contains("`muster check` warns"));
    let line = line.unwrap_or_else(|| panic!("{log}"));
    assert!(
        line.contains("absent-value 1") && line.contains("rules/r.yaml:2"),
        "{line}"
    );
    let log = desk
        .expect(0, &["run", "--due", "--log-format", "json"])
        .err;
    assert!(!log.contains("warns"), "nothing was due: {log}");
}

#[test]
fn a_run_of_the_timetable_logs_what_is_wrong_with_the_data() {
    let desk = desk("segments:\n  - { id: a, when: kind = \"member\" }\n");
    desk.sql_in("d.db", "insert into clients values (3, x'ff41', 'guest')");
    desk.put_clock("2026-03-15T02:00:00Z");
    desk.expect(0, &["run", "--due"]);
    desk.put_clock("2026-03-15T03:00:10Z");
    let log = desk.expect(0, &["run", "--due"]).err;
    let told = "1 row of `clients` has a value of another type than declared";
    assert!(log.contains(told), "{log}");
    assert!(!log.contains("for example"), "{log}");
    let told = desk.expect(0, &["run"]).err;
    assert!(
        told.contains("data: 1 row of `clients` has a value"),
        "{told}"
    );
    assert!(told.contains("for example"), "{told}");
}

#[test]
fn a_run_without_anything_to_warn_of_says_nothing() {
    let desk = desk("segments:\n  - { id: a, when: kind = \"member\" }\n");
    assert!(!desk.expect(0, &["run"]).err.contains("warn"));
}

/// What the `where:` of config asks for is looked up as well, and no filter is blamed for whom it leaves out.
#[test]
fn a_where_of_config_is_looked_up() {
    let forms: [(&str, &str, &[&str]); 8] = [
        ("kind = \"Member\"", "yes", &["`Member`"]),
        ("kind = \"nobody\"", "status = \"paid\"", &["`nobody`"]),
        ("kind in (\"member\", \"Guest\")", "yes", &["`Guest`"]),
        ("yes", "status = \"Paid\"", &["`Paid`"]),
        ("yes", "not (status in (\"Open\"))", &["`Open`"]),
        ("yes", "client.kind = \"guests\"", &["`guests`"]),
        // What is left out may be there one day, unless it is near to what is.
        (
            "kind != \"banned\"",
            "status not in (\"void\", \"chargeback\")",
            &[],
        ),
        ("kind != \"Guest\"", "yes", &["`Guest`"]),
    ];
    for (of_subject, of_rows, told) in forms {
        let desk = desk("segments:\n  - { id: a, filter: { kind: [member, guest] } }\n");
        desk.sql_in(
            "d.db",
            "create table orders (id integer primary key, client_id int, at datetime, status text);
             insert into orders values (1, 1, '2026-01-01 10:00:00', 'paid'),
               (2, 2, '2026-01-01 10:00:00', 'open');",
        );
        desk.write(
            "config.yaml",
            format!(
                "database: sqlite:d.db\ntimezone: UTC\n\
                 subject:\n  name: client\n  table: clients\n  key: id\n  where: '{of_subject}'\n\
                 collections:\n  orders:\n    table: orders\n    subject: client_id\n    at: at\n    \
                 where: '{of_rows}'\nfields: {{ kind: {{ one: kind }} }}\n"
            ),
        );
        let told_of = heads(&desk.expect(0, &["check"]).err);
        // Of whom the subject's `where:` leaves out, a filter is not told by itself.
        let places: Vec<&String> = told_of
            .iter()
            .filter(|h| h.contains("config.yaml"))
            .collect();
        assert_eq!(
            places.len(),
            told.len(),
            "{of_subject} {of_rows} {told_of:?}"
        );
        for (head, text) in places.iter().zip(told) {
            assert!(head.contains(text), "{head}");
        }
        if of_subject.starts_with("kind = ") {
            assert_eq!(told_of.len(), 1, "{told_of:?}");
        }
    }
}
