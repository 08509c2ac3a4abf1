//! Names that differ in capitals alone, which PostgreSQL keeps apart.

use crate::support::database::query;
use crate::support::postgres::Postgres;
use crate::support::scratch::Scratch;

fn world() -> Option<(Postgres, Scratch)> {
    let postgres = Postgres::open()?;
    postgres.sql(
        "CREATE TABLE people (id int PRIMARY KEY, \"Status\" text, status text, \"MiXed\" int, mixed int, \"One\" int);
         INSERT INTO people SELECT i, 'legacy', CASE WHEN i <= 10 THEN 'active' ELSE 'gone' END, 5, 6, 1 FROM generate_series(1, 30) i;
         CREATE TABLE \"People\" (id int PRIMARY KEY, v int); INSERT INTO \"People\" SELECT i, 2 FROM generate_series(1, 20) i;
         CREATE TABLE \"PEOPLE\" (id int PRIMARY KEY, v int); INSERT INTO \"PEOPLE\" SELECT i, 3 FROM generate_series(1, 40) i;
         CREATE TABLE \"Visits\" (id int PRIMARY KEY, person int, \"Kind\" text, kind text);
         INSERT INTO \"Visits\" SELECT i, i % 30 + 1, 'A', 'b' FROM generate_series(1, 60) i",
    );
    Some((postgres, Scratch::new()))
}

fn config(postgres: &Postgres, scratch: &Scratch, table: &str) {
    scratch.replace(
        "config.yaml",
        &format!(
            "database: {}\ntimezone: UTC\nguard: off\nsubject: {{ name: person, table: {table}, key: id }}\n\
             collections:\n  visits: {{ table: visits, subject: person }}\n",
            postgres.config()
        ),
    );
}

fn members(scratch: &Scratch) -> Vec<String> {
    let sql = "select segment_id || ' ' || count(*) from muster_memberships group by segment_id order by 1";
    query(&scratch.path("results.db"), sql)
}

#[test]
fn the_exact_spelling_wins() {
    let Some((postgres, scratch)) = world() else {
        return;
    };
    scratch.write("config.yaml", "");
    config(&postgres, &scratch, "people");
    scratch.rules(
        "segments:
  - { id: active, when: status = \"active\" }
  - { id: counted, when: \"count(visits where kind = 'b') = 2 and count(visits where Kind = 'A') = 2\" }
  - { id: legacy, when: Status = \"legacy\" }
  - { id: mixed, when: mixed = 6 and MiXed = 5 }
  - { id: one, when: one = 1 }
",
    );
    scratch.expect(0, &["run"]);
    assert_eq!(
        members(&scratch),
        ["active 10", "counted 30", "legacy 30", "mixed 30", "one 30"]
    );
    for (table, members_of) in [("People", 20), ("PEOPLE", 40), ("people", 30)] {
        config(&postgres, &scratch, table);
        scratch.rules("segments:\n  - { id: all, when: id > 0 }\n");
        scratch.expect(0, &["run"]);
        assert_eq!(members(&scratch), [format!("all {members_of}")], "{table}");
    }
}

#[test]
fn several_others_are_told() {
    let Some((postgres, scratch)) = world() else {
        return;
    };
    scratch.write("config.yaml", "");
    config(&postgres, &scratch, "people");
    scratch.rules("segments:\n  - { id: active, when: STATUS = \"active\" }\n");
    let told = scratch.expect(2, &["check"]).err;
    assert!(
        told.contains("`STATUS` can be any of the columns `Status`, `status`"),
        "{told}"
    );
    scratch.rules("segments:\n  - { id: all, when: id > 0 }\n");
    config(&postgres, &scratch, "pEOPLE");
    let told = scratch.expect(2, &["check"]).err;
    assert!(
        told.contains("`pEOPLE` can be any of the tables `PEOPLE`, `People`, `people`"),
        "{told}"
    );
}
