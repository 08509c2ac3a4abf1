//! Rules are tested over people made up for them: what passes, what fails and how that is told, and what is wrong in a test.

use std::path::Path;

use super::desk::Desk;
use crate::support::waiting::holds_in_time;

/// A studio whose columns are stored in forms of all kinds, without a database.
const CONFIG: &str = "\
database: sqlite:d.db
timezone: America/New_York
subject:
  name: client
  table: clients
  key: id
  label: name
  at: joined
  where: kind != \"staff\"
  types: { birthday: { date: \"%d/%m/%Y\" }, joined: unix }
  lookups: { studio: { table: studios, key: id, by: studio_id } }
scopes: { studio: studio_id }
collections:
  visits: { table: visits, subject: client_id, at: at, types: { at: unix_ms } }
  payments: { table: payments, subject: client_id, at: paid, types: { amount: cents, paid: { date: \"%d.%m.%Y\" } } }
active: left_on is missing
";

const RULES: &str = "\
metrics:
  visits_30d: count(visits in last 30 days)
  paid: sum(payments.amount)
segments:
  - { id: fading, when: \"exists(visits) and visits_30d = 0\", importance: 3 }
  - { id: payer, when: paid >= 12.50, importance: 1 }
  - { id: birthday, when: anniversary(birthday) = today }
  - { id: soho, when: 'studio.name = \"Soho\"' }
  - { id: most, when: top 1 by visits_30d within studio }
";

const TABLES: &str = "\
tables:
  clients:
    key: id
    columns: { id: INTEGER, name: TEXT, kind: TEXT, birthday: TEXT, joined: INTEGER, left_on: DATE, studio_id: INTEGER }
  studios: { key: id, columns: { id: INTEGER, name: TEXT } }
  visits: { key: id, columns: { id: INTEGER, client_id: INTEGER, at: INTEGER } }
  payments: { key: id, columns: { id: INTEGER, client_id: INTEGER, amount: INTEGER, paid: TEXT } }
";

const TESTS: &str = "\
now: 2026-03-15 06:00
given:
  ada:
    name: Ada
    kind: guest
    birthday: 1990-03-15
    joined: 300 days ago
    studio: { name: Soho }
    visits: { every: 7 days, from: 190 days ago, until: 40 days ago }
    payments: [ { at: 2026-02-01, amount: 12.50 } ]
  ben: { kind: guest, joined: 10 days ago, studio: { name: Soho }, visits: [ { at: 2 days ago } ] }
tests:
  - name: all at once
    person: ada
    in: [fading, payer, birthday, soho]
    not_in: others
    values: { visits_30d: 0, paid: 12.50, score: 1 }
";

/// A folder with these tests and no database.
fn desk(tests: &str) -> Desk {
    let desk = Desk::empty();
    desk.write("config.yaml", CONFIG);
    desk.rules(RULES);
    desk.write("rules/tests/tables.yaml", TABLES);
    desk.write("rules/tests/t.yaml", tests);
    desk
}

#[test]
fn values_are_given_as_rules_see_them_whatever_their_columns_look_like() {
    let said = desk(TESTS).expect(0, &["test"]);
    assert!(said.out.contains("✓ all at once"), "{}", said.out);
}

#[test]
fn the_shipped_rules_are_covered_whole_without_a_database() {
    let desk = Desk::shipped();
    desk.expect(0, &["test", "--min-coverage", "100%"]);
    assert!(!desk.database().exists());
}

/// The columns of the database and those that are written down are the same.
#[test]
fn the_shipped_tables_are_those_of_the_demo() {
    let desk = Desk::demo();
    let tables = desk.expect(0, &["schema", "tables"]).out;
    assert!(desk.read("rules/tests/tables.yaml").ends_with(&tables));
    let before = std::fs::read(desk.database()).unwrap();
    desk.expect(0, &["test"]);
    assert!(std::fs::read(desk.database()).unwrap() == before);
}

fn page() -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/tests.md");
    std::fs::read_to_string(page).unwrap()
}

#[test]
fn the_page_is_true() {
    let page = page();
    let block = |info: &str| {
        let (_, rest) = page.split_once(&format!("```yaml,{info}\n")).unwrap();
        rest.split_once("\n```").unwrap().0.to_owned() + "\n"
    };
    let desk = Desk::empty();
    desk.write("config.yaml", block("config"));
    desk.rules(&block("rules"));
    desk.write("rules/tests/page.yaml", block("tests"));
    desk.sql(
        "create table clients (id integer primary key, name text, birthday date, signed_up_at datetime,
           studio_id integer, closed_on date);
         create table studios (id integer primary key, name text);
         create table visits (id integer primary key, client_id integer, attended_at datetime);
         create table payments (id integer primary key, client_id integer, paid_at datetime, amount decimal(10, 2));",
    );
    let there = desk.expect(0, &["test"]).out;
    let tables = desk.expect(0, &["schema", "tables"]).out;
    desk.write("rules/tests/tables.yaml", tables);
    std::fs::remove_file(desk.database()).unwrap();
    assert_eq!(desk.expect(0, &["test"]).out, there);
}

#[test]
fn without_columns_it_is_said_how_to_come_by_them() {
    let desk = desk(TESTS);
    std::fs::remove_file(desk.path("rules/tests/tables.yaml")).unwrap();
    let said = desk.expect(3, &["test"]);
    let way = "`muster schema tables > rules/tests/tables.yaml`";
    assert!(said.err.contains(way), "{}", said.err);
}

#[test]
fn a_test_that_fails_shows_the_values() {
    let desk = desk(TESTS);
    desk.edit(
        "rules/tests/t.yaml",
        "in: [fading, payer,",
        "in: [most, payer,",
    );
    desk.edit("rules/tests/t.yaml", "paid: 12.50", "paid: 13");
    let said = desk.expect(1, &["test", "--junit", "junit.xml"]);
    insta::assert_snapshot!("failing", said.out);
    insta::assert_snapshot!("failing_junit", desk.read("junit.xml"));
    let said = desk.expect(1, &["test", "--format", "json"]).json();
    let failures = &said["tests"][0]["failures"];
    assert_eq!(failures.as_array().unwrap().len(), 3);
    assert_eq!(failures[0]["explained"]["id"], "most");
}

#[test]
fn what_is_hidden_in_a_name_is_seen_in_junit() {
    let name = "name: \"all\\u202E at\\nonce\"";
    let desk = desk(&TESTS.replace("name: all at once", name));
    desk.expect(0, &["test", "--junit", "junit.xml"]);
    let junit = desk.read("junit.xml");
    let shown = "testcase name=\"all\u{fffd} at\u{fffd}once\"";
    assert!(junit.contains(shown), "{junit}");
}

#[test]
fn a_clock_of_its_own_moves_the_clock_alone() {
    let desk = desk(TESTS);
    desk.edit(
        "rules/tests/t.yaml",
        "tests:",
        "tests:\n  - { name: earlier, person: ada, now: 2026-02-10 06:00, not_in: [fading, birthday], values: { visits_30d: 3 } }",
    );
    desk.expect(0, &["test"]);
}

#[test]
fn a_step_across_a_change_of_the_clocks_moves_none_of_the_others() {
    let tests = "now: 2026-03-15 06:00
given:
  a: { kind: guest, joined: 300 days ago, visits: { every: 1 day, from: 2026-03-07 02:30, until: 2026-03-10 02:30 } }
tests:
  - name: four mornings
    person: a
    values: { visits_30d: 4 }
";
    let desk = desk(tests);
    desk.expect(0, &["test"]);
}

#[test]
fn nobody_is_left_out_by_a_key_unseen() {
    for active in [", not_in: others", ", active: no"] {
        let tests = format!(
            "now: 2026-03-15 06:00\ngiven:\n  a: {{ id: missing }}\ntests:\n  - {{ name: one, person: a{active} }}\n"
        );
        let desk = desk(&tests);
        let useless = || {
            let said = desk.expect(1, &["test"]).out;
            assert!(said.contains("a has no key that counts"), "{said}");
        };
        // Whether config has conditions of its own or not.
        useless();
        let filters = "  at: joined\n  where: kind != \"staff\"\n";
        desk.edit("config.yaml", filters, "");
        useless();
    }
}

#[test]
fn crowds_count_unless_somebody_is_alone() {
    let desk = desk(TESTS);
    desk.edit(
        "rules/tests/t.yaml",
        "tests:",
        "  keen: { kind: guest, joined: 9 days ago, studio: { name: Soho }, visits: { every: 1 day, from: 9 days ago } }
crowd: [ { copies_of: keen, count: 3, jitter: { visits: 1 } } ]
tests:
  - { name: among others, person: ben, not_in: [most] }
  - { name: alone, person: ben, alone: yes, in: most }",
    );
    let first = desk.expect(0, &["test"]).out;
    assert_eq!(desk.expect(0, &["test"]).out, first);
}

#[test]
fn whom_config_leaves_out_is_told_unless_it_is_expected() {
    let desk = desk(
        "now: 2026-03-15
given:
  left: { kind: guest, joined: 10 days ago, left_on: 1 day ago }
  staff: { kind: staff, joined: 10 days ago }
  later: { kind: guest, joined: 10 days from now }
tests:
  - { name: a, person: left, in: soho }
  - { name: b, person: staff, in: soho }
  - { name: c, person: later, in: soho }
",
    );
    let said = desk.expect(1, &["test"]).out;
    for words in [
        "left is left out by `active: left_on is missing`",
        "staff is left out by `where: kind != \"staff\"` or `at: joined`",
        "later is left out by",
    ] {
        assert!(said.contains(words), "{said}");
    }
    let text = desk.read("rules/tests/t.yaml");
    desk.write("rules/tests/t.yaml", text.replace("in: soho", "active: no"));
    desk.expect(0, &["test"]);
    desk.edit(
        "rules/tests/t.yaml",
        "left_on: 1 day ago",
        "left_on: missing",
    );
    let said = desk.expect(1, &["test", "a"]).out;
    assert!(said.contains("left takes part"), "{said}");
}

#[test]
fn what_no_test_asks_is_listed_with_who_would() {
    let desk = desk(TESTS);
    insta::assert_snapshot!("gaps", desk.expect(0, &["test", "--coverage"]).out);
    desk.expect(0, &["test", "--min-coverage", "30%"]);
    let short = ["test", "--min-coverage", "99%", "--junit", "junit.xml"];
    desk.expect(1, &short);
    let junit = desk.read("junit.xml");
    assert!(junit.contains("tests=\"1\" failures=\"1\""), "{junit}");
    assert!(junit.contains("99% are asked for"), "{junit}");
    let json = desk.expect(0, &["test", "--format", "json"]).json();
    let gaps = json["coverage"]["gaps"].as_array().unwrap().len();
    let coverage = |key: &str| json["coverage"][key].as_u64().unwrap();
    assert_eq!(coverage("possible") - coverage("covered"), gaps as u64);
}

#[test]
fn tests_are_no_rules_wherever_they_lie() {
    let desk = desk(TESTS);
    desk.edit(
        "config.yaml",
        "timezone:",
        "rules: rules/**/*.yaml\ntimezone:",
    );
    desk.expect(0, &["test"]);
    desk.edit("config.yaml", "timezone:", "tests: spec/*.yml\ntimezone:");
    let text = desk.read("rules/tests/t.yaml");
    std::fs::remove_dir_all(desk.path("rules/tests")).unwrap();
    desk.write("spec/t.yml", text);
    desk.write("spec/tables.yml", TABLES);
    desk.expect(0, &["test"]);
    desk.edit("config.yaml", "spec/*.yml", "../*.yml");
    let said = desk.expect(2, &["test"]).err;
    assert!(said.contains("path-outside"), "{said}");
}

/// What is wrong is told with its place: what stands in the file, the code, what is said of it, and what to do.
#[test]
fn mistakes_are_told_where_they_stand() {
    let wrong = [
        (
            "person: ada",
            "person: adda",
            "unknown-name",
            "did you mean `ada`?",
        ),
        ("soho]", "sohoo]", "unknown-segment", "did you mean `soho`?"),
        (
            "    kind: guest\n    birth",
            "    kindd: guest\n    birth",
            "unknown-name",
            "did you mean `kind`?",
        ),
        (
            "studio: { name: Soho }\n",
            "studio: { nam: Soho }\n",
            "unknown-name",
            "did you mean `name`?",
        ),
        (
            "studio: { name: Soho }\n",
            "studio: Soho\n",
            "invalid-value",
            "write its columns",
        ),
        (
            "studio: { name: Soho }\n",
            "studio: { name: Soho }\n    studio_id: 2\n",
            "invalid-value",
            "leave `studio_id:` out",
        ),
        (
            "birthday: 1990-03-15",
            "birthday: 15/03/1990",
            "invalid-value",
            "it must be a time such as",
        ),
        (
            "birthday: 1990-03-15",
            "birthday: [1]",
            "invalid-value",
            "write the value behind it",
        ),
        (
            "name: Ada",
            "left_on: soon",
            "invalid-value",
            "it must be a time such as",
        ),
        (
            "amount: 12.50",
            "amount: much",
            "invalid-value",
            "an amount such as `12.50`",
        ),
        ("at: 2026-02-01, ", "", "missing-key", "add `paid:`"),
        (
            "every: 7 days",
            "every: week",
            "invalid-value",
            "`every: 7 days`",
        ),
        (
            "from: 190 days ago",
            "from: 30 days ago",
            "invalid-value",
            "the earlier time goes after `from:`",
        ),
        (
            "every: 7 days",
            "every: 1 hour",
            "too-large",
            "a longer step",
        ),
        (
            "visits: { every",
            "visits: 3\n    x: { every",
            "invalid-value",
            "write a list of rows",
        ),
        ("paid: 12.50", "paiid: 12.50", "unknown-name", "paid"),
        (
            "visits_30d: 0",
            "visits_30d: few",
            "invalid-value",
            "it must be a number",
        ),
        ("visits_30d: 0", "rank: 1", "invalid-value", "`score`"),
        (
            "not_in: others",
            "not_in: soho",
            "invalid-value",
            "take it out of one of them",
        ),
        (
            "now: 2026-03-15 06:00\n",
            "",
            "missing-key",
            "at the head of the file",
        ),
        (
            "now: 2026-03-15 06:00",
            "now: soon",
            "invalid-value",
            "`2026-03-15 06:00`",
        ),
        (
            "person: ada",
            "now: 2016-03-15\n    person: ada",
            "invalid-value",
            "counts from the file's `now`",
        ),
        (
            "    in: [fading",
            "    within: [fading",
            "unknown-key",
            "known here",
        ),
        (
            "tests:",
            "crowd: { copies_of: ada, count: 1000000 }\ntests:",
            "invalid-value",
            "from 1 to 10000",
        ),
        (
            "tests:",
            "crowd: { copies_of: eve, count: 10 }\ntests:",
            "unknown-name",
            "give them there",
        ),
        (
            "tests:",
            "crowd: { copies_of: ada, count: 10, jitter: { visit: 1 } }\ntests:",
            "unknown-name",
            "did you mean `visits`?",
        ),
        (
            "tests:",
            "  cy: { id: 1 }\n  dora: { id: 1 }\ntests:",
            "duplicate-id",
            "each person gets one",
        ),
        (
            "tests:",
            "tests:\n  - { name: nothing, person: ada }",
            "missing-key",
            "add `in:`, `not_in:` or `values:`",
        ),
        (
            "tests:",
            "tests:\n  - { name: same, person: ada, in: soho }\n  - { name: same, person: ben, in: soho }",
            "duplicate-id",
            "say in the name what this one shows",
        ),
        (
            "{ every: 7 days,",
            "{ evry: 7 days,",
            "unknown-name",
            "did you mean `every`?",
        ),
        (
            "{ every: 7 days, from",
            "{ from",
            "unknown-name",
            "has `every: 7 days` beside `from:`",
        ),
        (
            "{ every: 7 days, from",
            "{ every: 7 days, id: 5, from",
            "invalid-value",
            "write the rows one by one",
        ),
        (
            "{ every: 7 days, from",
            "{ every: 7 days, at: 3 days ago, from",
            "invalid-value",
            "write the rows one by one",
        ),
        (
            "birthday: 1990-03-15",
            "birthday: 20000 years ago",
            "invalid-value",
            "in the years 1 to 9999",
        ),
        (
            "    in: [fading",
            "    in: [soho, fading",
            "duplicate-id",
            "take one of them out",
        ),
        (
            "tests:",
            "tests:\n  - { name: both, person: ada, active: no, in: soho }",
            "invalid-value",
            "write either",
        ),
        (
            "tests:",
            "tables: { visits: { columns: { id: TEXT } } }\ntests:",
            "duplicate-id",
            "keep one of them",
        ),
    ];
    for (from, to, code, help) in wrong {
        let desk = desk(TESTS);
        desk.edit("rules/tests/t.yaml", from, to);
        let said = desk.expect(2, &["test"]).err;
        assert!(said.contains(&format!("[{code}]")), "{to}: {said}");
        assert!(said.contains(help), "{to}: {said}");
        let place = said.contains("t.yaml:") || said.contains("tables.yaml:");
        assert!(place, "{to}: {said}");
    }
}

#[test]
fn names_choose_and_a_name_of_none_is_told() {
    let desk = desk(TESTS);
    desk.expect(0, &["test", "AT ONCE"]);
    desk.expect(0, &["test", "t.yaml"]);
    let said = desk.expect(2, &["test", "nowhere"]).err;
    assert!(said.contains("no test has `nowhere`"), "{said}");
    desk.write("rules/tests/t.yaml", "now: 2026-03-15\n");
    let said = desk.expect(2, &["test"]).err;
    assert!(said.contains("there are no tests"), "{said}");
}

/// Ada has paid exactly what the rule asks for: that the boundary is in it is held, where it lies is not.
#[test]
fn a_mistake_that_no_test_notices_is_told() {
    let desk = desk(TESTS);
    let said = desk.expect(0, &["test", "--mutate"]).out;
    let below = "rules/all.yaml:6 no test fails if `12.50` becomes `11.50`";
    assert!(said.contains(below), "{said}");
    assert!(!said.contains("`13.50`"), "{said}");
    assert!(!said.contains("becomes more than `12.50`"), "{said}");
    let all = desk.json(&["test", "--mutate"])["mutation"]["mutants"].clone();
    desk.edit(
        "rules/tests/t.yaml",
        "tests:",
        "  cy: { kind: guest, joined: 9 days ago, payments: [ { at: 1 day ago, amount: 12.49 } ] }
tests:
  - { name: a cent less, person: cy, not_in: payer }",
    );
    let said = desk.expect(0, &["test", "--mutate"]).out;
    assert!(!said.contains(below), "{said}");
    let mutation = desk.json(&["test", "--mutate"])["mutation"].clone();
    assert_eq!(mutation["mutants"], all);
    // Nothing is changed where a test fails already.
    desk.edit("rules/tests/t.yaml", "paid: 12.50", "paid: 1");
    let said = desk.expect(1, &["test", "--mutate"]).out;
    assert!(!said.contains("mutation"), "{said}");
}

/// What is left is no gap: the first of one visit is the last, and every buyer has a score of recency.
#[test]
fn the_shipped_tests_notice_nearly_every_change() {
    let mutation = Desk::shipped().json(&["test", "--mutate"])["mutation"].clone();
    let survivors = mutation["survivors"].as_array().unwrap();
    for survivor in survivors {
        let change = survivor["change"].as_str().unwrap();
        let is_none =
            change.contains("last(visits)") || change.contains("`recency_score <= 2` is left out");
        assert!(is_none, "{change}");
    }
    let share = 1.0 - survivors.len() as f64 / mutation["mutants"].as_f64().unwrap();
    assert!(share >= 0.95, "{share}");
    let noticed = mutation["mutants"].as_u64().unwrap() - survivors.len() as u64;
    let line = format!(
        "{noticed} of {} changes of the rules are noticed",
        mutation["mutants"]
    );
    assert!(page().contains(&line), "docs/tests.md lacks {line}");
}

/// The rung above takes everybody from 10 on, so that nobody comes or goes by the upper bound below it; by the lower they do.
#[test]
fn a_change_of_which_it_is_proved_that_nobody_moves_is_none() {
    let desk = desk(
        "now: 2026-03-15
given:
  none: { kind: guest, joined: 9 days ago }
tests:
  - { name: nobody yet, person: none, not_in: others }
",
    );
    desk.rules(
        "ladder: often
metrics:
  visits_30d: count(visits in last 30 days)
segments:
  - { id: daily, when: visits_30d >= 10 }
  - { id: weekly, when: visits_30d between 4 and 9 }
",
    );
    let said = desk.expect(0, &["test", "--mutate"]).out;
    assert!(!said.contains("`9` becomes `10`"), "{said}");
    assert!(!said.contains("loses its upper bound"), "{said}");
    assert!(said.contains("`9` becomes `8`"), "{said}");
    assert!(said.contains("`4` becomes `3`"), "{said}");
}

/// A change, a failure and a mistake are told as they come, and the last change is whole again.
#[test]
fn watching_runs_again_whenever_something_has_changed() {
    let desk = desk(TESTS);
    let said = std::fs::File::create(desk.path("said")).unwrap();
    let mut command = desk.command(&["test", "--watch"]);
    command.stdout(said.try_clone().unwrap()).stderr(said);
    let mut child = command.spawn().unwrap();
    let tells = |words: &str, times: usize| {
        holds_in_time(|| desk.read("said").matches(words).count() == times)
    };
    let mut steps = vec![tells("waiting for changes", 1)];
    desk.edit("rules/all.yaml", "paid >= 12.50", "paid > 12.50");
    steps.push(tells("1 test, 1 failed", 1));
    steps.push(tells("waiting for changes", 2));
    desk.edit("rules/all.yaml", "paid > 12.50", "paidd > 12.50");
    steps.push(tells("did you mean `paid`?", 1));
    desk.edit("rules/all.yaml", "paidd > 12.50", "paid >= 12.50");
    steps.push(tells("1 test, all passed", 2));
    let stop = format!("-INT {}", child.id());
    let told = std::process::Command::new("kill")
        .args(stop.split(' '))
        .status();
    let ended = child.wait().unwrap().code();
    assert!(told.unwrap().success());
    let said = desk.read("said");
    assert!(steps.iter().all(|step| *step), "{steps:?}\n{said}");
    assert_eq!(ended, Some(0), "{said}");
}
