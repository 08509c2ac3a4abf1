//! Stored values as each column type reads them.

use super::harness::Folder;

/// What a column of a type makes of a list of SQL values, as text; one client each.
pub fn read(ty: &str, values: &[&str]) -> (String, Vec<String>) {
    let rows: Vec<String> = values
        .iter()
        .enumerate()
        .map(|(id, value)| format!("({}, {value})", id + 1))
        .collect();
    let folder = Folder::new(
        &format!(
            "CREATE TABLE clients (id INTEGER PRIMARY KEY, x);
             INSERT INTO clients VALUES {};",
            rows.join(", ")
        ),
        &format!("subject: {{ name: client, table: clients, key: id, types: {{ x: {ty} }} }}\n"),
        &[("value", "default(x, x)")],
    );
    let found = folder.evaluate();
    (found.metric("value"), found.problems())
}

fn reads(ty: &str, values: &[&str], expected: &str) {
    assert_eq!(read(ty, values), (expected.to_owned(), vec![]), "{ty}");
}

fn misfits(ty: &str, values: &[&str]) {
    for value in values {
        let (value_read, problems) = read(ty, &[value]);
        let unknown = if ty == "boolean" {
            "unknown"
        } else {
            "missing"
        };
        assert_eq!(value_read, unknown, "{ty} {value}");
        assert_eq!(problems.len(), 1, "{ty} {value}: {problems:?}");
        // What programs write for no value is told apart.
        let kind = match *value {
            "'NaN'" => "Placeholder",
            _ => "Misfit",
        };
        let head = format!("{kind} clients.x x1");
        assert!(problems[0].starts_with(&head), "{problems:?}");
    }
}

#[test]
fn numbers() {
    reads(
        "number",
        &[
            "1",
            "-2.5",
            "'3'",
            "' 4.25 '",
            "NULL",
            "''",
            "9007199254740992",
            "'1e3'",
            "'-.5'",
        ],
        "1 | -2.5 | 3 | 4.25 | missing | missing | 9007199254740992 | 1000 | -0.5",
    );
    misfits(
        "number",
        &[
            "'x'", "x'00'", "9e999", "'inf'", "'NaN'", "'1,000'", "'1e999'",
        ],
    );
}

#[test]
fn huge_integers_are_inexact() {
    let (value, problems) = read("number", &["9223372036854775807", "-9007199254740993"]);
    assert_eq!(value, "9223372036854776000 | -9007199254740992");
    assert_eq!(
        problems,
        ["Inexact clients.x x2: clients row 1: 9223372036854775807"]
    );
}

#[test]
fn money() {
    reads(
        "money",
        &[
            "12",
            "12.5",
            "0.1",
            "'7.0625'",
            "-3",
            "NULL",
            "''",
            "'19.90'",
            "1234567.89",
        ],
        "12.00 | 12.50 | 0.10 | 7.0625 | -3.00 | missing | missing | 19.90 | 1234567.89",
    );
    misfits(
        "money",
        &["'x'", "x'00'", "9e99", "9223372036854775807", "'1,50'"],
    );
    let (value, problems) = read("money", &["0.33333", "'0.00005'"]);
    assert_eq!(value, "0.3333 | 0.0001");
    assert_eq!(problems, ["Inexact clients.x x2: clients row 1: 0.33333"]);
}

#[test]
fn cents() {
    reads(
        "cents",
        &["1250", "'99'", "100.0", "-1", "12.5", "NULL"],
        "12.50 | 0.99 | 1.00 | -0.01 | 0.125 | missing",
    );
    misfits("cents", &["'x'", "9223372036854775807"]);
}

#[test]
fn texts() {
    reads(
        "text",
        &["'a'", "''", "NULL", "7", "2.5", "'  '"],
        "a |  | missing | 7 | 2.5 |   ",
    );
    misfits("text", &["x'6162'"]);
}

#[test]
fn booleans_in_all_spellings() {
    reads(
        "boolean",
        &[
            "1", "0", "1.0", "0.0", "'true'", "'FALSE'", "'t'", "'F'", "'Yes'", "'no'", "'1'",
            "'0'", "''", "NULL",
        ],
        "yes | no | yes | no | yes | no | yes | no | yes | no | yes | no | unknown | unknown",
    );
    misfits("boolean", &["2", "'maybe'", "0.5", "x'01'"]);
}

#[test]
fn dates() {
    reads(
        "date",
        &[
            "'2025-06-01'",
            "'2025-06-01T23:59:59Z'",
            "'2024-02-29 x'",
            "''",
            "NULL",
        ],
        "2025-06-01 | 2025-06-01 | 2024-02-29 | missing | missing",
    );
    misfits(
        "date",
        &["'01.06.2025'", "'2025-02-29'", "20250601", "1748736000"],
    );
}

#[test]
fn instants_by_themselves() {
    reads(
        "instant",
        &["'2025-06-01T10:00'", "''", "NULL"],
        "2025-06-01T10:00:00Z | missing | missing",
    );
    reads(
        "instant",
        &["1748736000", "0", "-1.5"],
        "2025-06-01T00:00:00Z | 1970-01-01T00:00:00Z | 1969-12-31T23:59:58.500Z",
    );
    reads("instant", &["1748736000000"], "2025-06-01T00:00:00Z");
    misfits("instant", &["'soon'", "x'00'", "1e300"]);
}

#[test]
fn seconds_and_milliseconds() {
    reads(
        "unix",
        &["1748736000", "'1748736000'", "0.5", "NULL", "''"],
        "2025-06-01T00:00:00Z | 2025-06-01T00:00:00Z | 1970-01-01T00:00:00.500Z | missing | missing",
    );
    reads(
        "unix_ms",
        &["1748736000000", "'1748736000000'", "5"],
        "2025-06-01T00:00:00Z | 2025-06-01T00:00:00Z | 1970-01-01T00:00:00.005Z",
    );
    misfits("unix", &["'2025-06-01'", "1e300", "x'00'"]);
}

#[test]
fn a_date_as_time_is_its_midnight() {
    let folder = Folder::new(
        "CREATE TABLE clients (id INTEGER PRIMARY KEY);
         INSERT INTO clients VALUES (1);
         CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id INT, day DATE);
         INSERT INTO visits VALUES (1, 1, '2025-06-15'), (2, 1, '2025-06-15T18:00:00'), (3, 1, '2025-06-16'), (4, 1, '16.6.');",
        "subject: { name: client, table: clients, key: id }\ncollections:\n  visits: { table: visits, subject: client_id, at: day }\n",
        &[("today_visits", "count(visits in today)"), ("latest", "last(visits).at"), ("day", "max(visits.day)")],
    );
    let found = folder.evaluate();
    assert_eq!(found.metric("today_visits"), "2");
    assert_eq!(found.metric("latest"), "2025-06-15T00:00:00Z");
    assert_eq!(found.metric("day"), "2025-06-15");
    assert!(
        found.problems()[0].contains("visits row 4"),
        "{:?}",
        found.problems()
    );
}

#[test]
fn a_zone_of_a_table_is_that_of_its_columns_without_one() {
    let values = |at: &str, kept: &str| {
        let folder = Folder::in_zone(
            "America/New_York",
            "CREATE TABLE clients (id INTEGER PRIMARY KEY, came DATETIME, said TEXT, born DATE, studio INT);
             INSERT INTO clients VALUES (1, '2025-06-01 12:00', '1/6/2025 12:00', '2025-06-01', 1);
             CREATE TABLE studios (id INTEGER PRIMARY KEY, opened DATETIME);
             INSERT INTO studios VALUES (1, '2025-06-01 12:00');
             CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id INT, at, logged DATETIME);
             INSERT INTO visits VALUES (1, 1, '2025-06-01 12:00', '2025-06-01 12:00');",
            &format!(
                "subject:
  name: client
  table: clients
  key: id
  zone: UTC
  types: {{ said: {{ instant: \"%d/%m/%Y %H:%M\", zone: Europe/Berlin }} }}
  lookups: {{ studio: {{ table: studios, key: id, by: studio{kept} }} }}
collections:
  visits: {{ table: visits, subject: client_id, at: at{at} }}\n"
            ),
            &[
                ("v_came", "came"),
                ("v_said", "said"),
                ("v_born", "born"),
                ("v_opened", "studio.opened"),
                ("v_visited", "last(visits).at"),
                ("v_logged", "last(visits).logged"),
            ],
        );
        let found = folder.evaluate();
        let names = ["came", "said", "born", "opened", "visited", "logged"];
        names.map(|name| found.metric(&format!("v_{name}")))
    };
    let noon = |hour: &str| format!("2025-06-01T{hour}:00:00Z");
    let born = || "2025-06-01".to_owned();
    let (utc, berlin, home) = (|| noon("12"), || noon("10"), || noon("16"));
    let found = values("", "");
    assert_eq!(found, [utc(), berlin(), born(), home(), home(), home()]);
    let found = values(", zone: UTC", ", zone: Europe/Berlin");
    assert_eq!(found, [utc(), berlin(), born(), berlin(), utc(), utc()]);
    let found = values(
        ", zone: UTC, types: { logged: { instant: iso, zone: Europe/Berlin } }",
        "",
    );
    assert_eq!(found, [utc(), berlin(), born(), home(), utc(), berlin()]);
}

#[test]
fn a_date_in_a_form_places_rows_in_time() {
    let folder = Folder::new(
        "CREATE TABLE clients (id INTEGER PRIMARY KEY);
         INSERT INTO clients VALUES (1);
         CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id INT, day TEXT);
         INSERT INTO visits VALUES (1, 1, '15/06/2025'), (2, 1, '14/6/2025'), (3, 1, '06/16/2025');",
        "subject: { name: client, table: clients, key: id }
collections:
  visits: { table: visits, subject: client_id, at: day, types: { day: { date: \"%d/%m/%Y\" } } }\n",
        &[("today_visits", "count(visits in today)"), ("latest", "last(visits).at"), ("day", "max(visits.day)")],
    );
    let found = folder.evaluate();
    assert_eq!(found.metric("today_visits"), "1");
    assert_eq!(found.metric("latest"), "2025-06-15T00:00:00Z");
    assert_eq!(found.metric("day"), "2025-06-15");
    let problem = "UnreadableTime visits.day x1: visits row 3: \"06/16/2025\"";
    assert_eq!(found.problems(), [problem]);
}

/// What a mixture of declared forms holds is no mixture to tell of.
#[test]
fn declared_forms_are_not_told_to_be_mixed() {
    let folder = Folder::new(
        "CREATE TABLE clients (id INTEGER PRIMARY KEY);
         INSERT INTO clients VALUES (1);
         CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id INT, at);
         INSERT INTO visits VALUES (1, 1, '2025-06-14 10:00'), (2, 1, 45820.5), (3, 1, '13/6/2025 09:00');",
        "subject: { name: client, table: clients, key: id }
collections:
  visits: { table: visits, subject: client_id, at: at, types: { at: { instant: [iso, excel, \"%d/%m/%Y %H:%M\"] } } }\n",
        &[("latest", "last(visits).at"), ("first", "first(visits).at")],
    );
    let found = folder.evaluate();
    assert_eq!(found.metric("latest"), "2025-06-14T10:00:00Z");
    assert_eq!(found.metric("first"), "2025-06-12T12:00:00Z");
    assert_eq!(found.problems(), [""; 0]);
}
