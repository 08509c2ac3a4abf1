//! Columns whose values are nobody's business: no command shows one unless it is asked for one client or one file.

use super::desk::Desk;

/// What stands in every planted value.
const PLANTED: &str = "planted";

/// Clients with what nobody needs to see, and a config that makes each finding that could show it.
fn desk(private: &str, of_visits: &str) -> Desk {
    let desk = Desk::empty();
    desk.sql_in(
        "d.db",
        "create table clients (id integer primary key, name text, email text, phone text, birthday text, notes text);
         create table visits (id integer primary key, client_id integer references clients, attended_at text, remark text);
         with recursive n(i) as (select 1 union all select i + 1 from n where i < 40)
         insert into clients select i, 'Client ' || i, 'planted' || (i % 4) || '@example.com',
             '+49 planted ' || (i % 3), 'planted.' || i || '.1990', 'planted note ' || (i % 2) from n;
         insert into visits select id, id, '2026-03-01 10:00:00', 'planted remark ' || (id % 5) from clients;",
    );
    desk.write(
        "config.yaml",
        format!(
            "database: sqlite:d.db\ntimezone: UTC\nguard: off\n{private}\n\
             subject: {{ name: client, table: clients, key: id, label: name, types: {{ phone: number, birthday: date }} }}\n\
             collections:\n  visits: {{ table: visits, subject: client_id, at: attended_at, types: {{ remark: number }}{of_visits} }}\n\
             fields:\n  mail: {{ label: Mail, one: email }}\n\
             lists:\n  letter: {{ file: letter.csv, column: email }}\n"
        ),
    );
    desk.write(
        "rules/r.yaml",
        "segments:\n  \
         - { id: one, when: email = \"plante1@example.com\" }\n  \
         - { id: two, filter: { mail: plante2@example.com } }\n  \
         - { id: called, when: phone > 3 or birthday is missing }\n  \
         - { id: noted, when: notes = \"plante note 1\" }\n  \
         - { id: remarked, when: sum(visits.remark) > 3 }\n  \
         - { id: lettered, when: in list letter }\n",
    );
    desk.write(
        "letter.csv",
        "planted1@example.com\nplanted-nobody@example.com\n",
    );
    desk.put_clock("2026-03-15T10:00:00Z");
    desk
}

/// Every line of a command's output in which a planted value stands.
fn shown(desk: &Desk, arguments: &[&str]) -> Vec<String> {
    let said = desk.muster(arguments);
    let both = format!("{}{}", said.out, said.err);
    let lines = both.lines().filter(|line| line.contains(PLANTED));
    lines.map(str::to_owned).collect()
}

/// What looks at the data and names nobody that it was asked for.
const COMMANDS: [&[&str]; 9] = [
    &["check"],
    &["check", "--format", "json"],
    &["run", "--dry-run"],
    &["run"],
    &["status"],
    &["segments"],
    &["segments", "--format", "json"],
    &["list"],
    &["log"],
];

#[test]
fn private_values_are_no_examples() {
    let desk = desk(
        "private: [email, phone, birthday, notes]",
        ", private: [remark]",
    );
    for command in COMMANDS {
        assert_eq!(shown(&desk, command), [""; 0], "{command:?}");
    }
    // What is wrong is told all the same.
    let said = desk.muster(&["check"]).err;
    for words in [
        "`clients.phone`",
        "`clients.birthday`",
        "`visits.remark`",
        "as its `email`",
        "of the list `letter` match nobody",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[test]
fn the_same_values_are_examples_where_they_are_not_private() {
    let desk = desk("", "");
    let shown = shown(&desk, &["check"]);
    for column in ["phone", "birthday", "email", "note"] {
        assert!(
            shown.iter().any(|line| line.contains("planted")),
            "{column}: {shown:?}"
        );
    }
    assert!(shown.len() >= 4, "{shown:?}");
}

/// A plan of an edit by which clients move into a segment, and the run after it.
fn planned(private: &str) -> Vec<String> {
    let desk = desk(private, "");
    let noted = "segments:\n  - { id: noted, when: notes ends with \"note 7\" }\n";
    desk.write("rules/r.yaml", noted);
    desk.write("letter.csv", "planted1@example.com\n");
    desk.expect(0, &["run"]);
    desk.edit("rules/r.yaml", "note 7", "note 1");
    let plan = ["plan", "--limit", "3"];
    let formats = [
        &[][..],
        &["--format", "json"],
        &["--format", "markdown", "--names"],
    ];
    let plans = formats.map(|format| shown(&desk, &[&plan[..], format].concat()));
    plans
        .into_iter()
        .flatten()
        .chain(shown(&desk, &["run"]))
        .collect()
}

#[test]
fn a_plan_is_made_without_private_values() {
    assert_eq!(planned("private: [notes]"), [""; 0]);
    assert!(planned("").len() >= 3);
}

#[test]
fn who_asks_for_one_client_or_one_file_sees_them() {
    let desk = desk("private: [email]", "");
    desk.edit("rules/r.yaml", "plante1@", "planted1@");
    desk.muster(&["run"]);
    let file = desk.muster(&["export", "one", "--columns", "id,email"]).out;
    assert!(file.contains("planted1@example.com"), "{file}");
    let why = desk.muster(&["explain", "1"]).out;
    assert!(why.contains("planted1@example.com"), "{why}");
}

#[test]
fn a_private_column_that_is_not_there_is_told_with_its_place() {
    let desk = desk("private: [email, fone]", ", private: [remarks]");
    let said = desk.muster(&["check"]).err;
    assert!(said.contains("config.yaml:4"), "{said}");
    assert!(said.contains("`fone`"), "{said}");
    assert!(said.contains("there is a column `remark`"), "{said}");
}

#[test]
fn init_proposes_columns_by_their_names() {
    let desk = desk("", "");
    desk.sql_in(
        "d.db",
        "alter table clients add column email_opt_in integer;
         alter table clients add column home_address text;
         alter table clients add column phone_verified_at text;
         update clients set email_opt_in = id % 2, home_address = id || ' planted street'",
    );
    for name in ["config.yaml", "rules/r.yaml"] {
        std::fs::remove_file(desk.path(name)).unwrap();
    }
    let said = desk.expect(0, &["init", "sqlite:d.db"]);
    let config = desk.read("config.yaml");
    assert!(
        config.contains("\nprivate: [email, phone, birthday, notes, home_address]"),
        "{config}"
    );
    assert!(config.contains("    private: [remark]\n"), "{config}");
    for text in [said.out, said.err, config, desk.read("rules/segments.yaml")] {
        assert!(!text.contains(PLANTED), "{text}");
    }
    for command in COMMANDS {
        assert_eq!(shown(&desk, command), [""; 0], "{command:?}");
    }
}
