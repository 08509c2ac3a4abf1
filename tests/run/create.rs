//! A new database from plain tables.

use muster::engine::OwnedCell;
use muster::store::{TableData, create_database, mark_of};

use crate::support::scratch::Scratch;

fn people(names: &[&str]) -> TableData {
    TableData {
        name: "people".into(),
        sql: "create table people (id integer primary key, name text, share real, note text)"
            .into(),
        columns: vec!["id".into(), "name".into(), "share".into(), "note".into()],
        rows: names
            .iter()
            .zip(1..)
            .map(|(name, id)| {
                vec![
                    OwnedCell::Integer(id),
                    OwnedCell::Text(name.as_bytes().into()),
                    OwnedCell::Real(0.1),
                    OwnedCell::Null,
                ]
            })
            .collect(),
    }
}

#[tokio::test]
async fn a_new_file_holds_the_rows_and_the_mark_and_replaces_the_old_one() {
    let folder = Scratch::around("deep/er/people.db");
    let path = folder.database();
    let many: Vec<String> = (0..5_000).map(|n| format!("Person {n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    create_database(&path, &[people(&many)], "first")
        .await
        .unwrap();
    assert_eq!(mark_of(&path).await.as_deref(), Some("first"));
    create_database(&path, &[people(&["Ana", "Bo"])], "second")
        .await
        .unwrap();
    assert_eq!(mark_of(&path).await.as_deref(), Some("second"));
    let rows: (i64, String, f64, Option<String>) = folder
        .connection()
        .query_row(
            "select count(*), max(name), max(share), max(note) from people",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )
        .unwrap();
    assert_eq!(rows, (2, "Bo".into(), 0.1, None));
    let left: Vec<_> = std::fs::read_dir(path.parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["people.db"]);
}

#[tokio::test]
async fn a_file_of_somebody_else_has_no_mark() {
    let folder = Scratch::around("theirs.db");
    let path = folder.database();
    assert_eq!(mark_of(&path).await, None);
    folder.sql("create table muster_file (mark text); insert into muster_file values ('x')");
    assert_eq!(mark_of(&path).await, None);
    std::fs::write(&path, "not a database at all, but long enough to look at").unwrap();
    assert_eq!(mark_of(&path).await, None);
}
