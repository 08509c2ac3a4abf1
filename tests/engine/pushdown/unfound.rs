//! Rows that name a row of a looked-up table which is not there: told alike by SQL and row by row, with how many would find theirs in
//! another form.

use super::harness::{by_postgres, by_sqlite};
use crate::scan::harness::Folder;
use crate::support::postgres::Postgres;

const CONFIG: &str = "
subject: { name: client, table: clients, key: id, label: name, lookups: { doc: { table: doctors, key: code, by: doctor } } }
collections:
  visits: { table: visits, subject: client_id, at: at, lookups: { doc: { table: doctors, key: code, by: doctor }, room: { table: rooms, key: no, by: room_no } } }
  in_nice: { table: visits, subject: client_id, at: at, where: 'doc.city = \"Nice\"', lookups: { doc: { table: doctors, key: code, by: doctor } } }
  bills: { table: bills, subject: visit.client_id, at: visit.at, lookups: { visit: { table: visits, key: no, by: visit_no } } }
";

const TABLES: &str = "
create table doctors (code text primary key, city text);
insert into doctors values ('D01', 'Lyon'), ('D02', 'Nice'), ('D3', 'Lyon'), ('d3', 'Nice'), ('0007', 'Nice');
create table rooms (no integer primary key, floor integer);
insert into rooms values (1, 1), (2, 2);
create table clients (id integer primary key, name text, doctor text);
insert into clients values (1, 'Ann', 'd01 '), (2, 'Bo', 'D01'), (3, 'Cy', 'D09'), (4, 'Di', null), (5, 'Ed', '');
create table visits (no text primary key, client_id integer, at datetime, doctor text, room_no integer);
insert into visits values
    ('V1', 1, '2025-06-01 10:00:00', 'D01', 1), ('V2', 1, '2025-06-02 10:00:00', 'd02', 2), ('V3', 2, '2025-06-03 10:00:00', ' D02', 9),
    ('V4', 2, '2025-06-04 10:00:00', '7', 9), ('V5', 3, '2025-06-05 10:00:00', ' D3', 9), ('V6', 3, '2025-06-06 10:00:00', 'D99', 9),
    ('V7', 3, '2025-06-07 10:00:00', '', 9), ('V8', 3, '2025-06-08 10:00:00', null, 9), ('V9', 1, '2025-06-09 10:00:00', 'D01', null),
    ('V10', 9, '2025-06-09 10:00:00', 'd01', 9), ('V11', 1, '2025-06-09 10:00:00', 'D01', 9), ('V12', 1, '2025-06-09 10:00:00', 'D01', 9),
    ('V13', 1, '2025-06-09 10:00:00', 'D01', 9);
create table bills (id integer primary key, visit_no text, amount real);
insert into bills values (1, 'V1', 5), (2, 'v1', 6), (3, 'V99', 7), (4, null, 8);
";

const METRICS: [(&str, &str); 5] = [
    ("own", "if(doc.city = \"Lyon\", 1, 0)"),
    ("in_lyon", "count(visits where doc.city = \"Lyon\")"),
    ("upstairs", "count(visits where room.floor > 1)"),
    ("kept", "count(in_nice)"),
    ("billed", "sum(bills.amount)"),
];

fn folder() -> Folder {
    let folder = Folder::new(TABLES, CONFIG, &METRICS);
    let found = folder.evaluate();
    assert_eq!(found.metric("in_lyon"), "5 | 0 | 0 | 0 | 0");
    let told: Vec<String> = found
        .evaluation
        .problems
        .iter()
        .map(|p| p.summary())
        .collect();
    let cure = "with `match: loose` in the lookup into";
    let rule = "which ignores case, blanks around keys and leading zeros";
    let expected = [
        format!(
            "2 of 4 rows of `bills` have no matching row in `visits`, and are left out (column `visit_no`): 1 of them would {cure} `visits`, {rule}"
        ),
        format!(
            "2 of 3 rows of `clients` that refer to `doctors` have no match there (column `doctor`): \
             1 of them would find one {cure} `doctors`, {rule}"
        ),
        format!(
            "6 of 11 rows of `visits` that refer to `doctors` have no match there (column `doctor`): \
             4 of them would find one {cure} `doctors`, {rule}"
        ),
        "10 of 12 rows of `visits` that refer to `rooms` have no match there (column `room_no`)"
            .to_owned(),
    ];
    for words in expected {
        assert!(
            told.iter().any(|line| line.starts_with(&words)),
            "{words}\n{told:#?}"
        );
    }
    folder
}

#[test]
fn sqlite_tells_of_them_as_its_rows_are_read() {
    assert_eq!(by_sqlite(&folder()), Vec::<String>::new());
}

#[test]
fn postgres_tells_of_them_as_its_rows_are_read() {
    if let Some(postgres) = Postgres::open() {
        let folder = folder();
        postgres.take_over(&folder.database());
        assert_eq!(by_postgres(&folder, &postgres), Vec::<String>::new());
    }
}

/// A few that name what is gone are usual, and no form would help.
#[test]
fn a_few_that_no_form_would_find_are_not_told() {
    let few = format!("{TABLES} update visits set room_no = 1 where no not in ('V3', 'V4');");
    let folder = Folder::new(&few, CONFIG, &METRICS);
    let found = folder.evaluate().problems();
    assert!(
        found.iter().all(|line| !line.contains("room_no")),
        "{found:?}"
    );
    assert_eq!(by_sqlite(&folder), Vec::<String>::new());
}
