//! Somebody asks to be forgotten.

use super::desk::Desk;

#[test]
fn a_forgotten_client_is_gone_until_the_next_run_finds_them_again() {
    let desk = Desk::demo();
    let listed = |desk: &Desk| {
        let clients = desk.json(&["clients", "--limit", "100000"]);
        clients.as_array().unwrap().clone()
    };
    let before = listed(&desk);
    let key = before[0]["key"].to_string();
    let said = desk.expect(0, &["forget", &key, "--format", "json"]);
    let erased: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let tables: Vec<&str> = erased
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["table"].as_str().unwrap())
        .collect();
    assert_eq!(
        tables,
        [
            "muster_health",
            "muster_memberships",
            "muster_movements",
            "muster_scores",
            // The demo's report, whose file names them.
            "muster_deliveries"
        ]
    );
    assert!(
        said.err.contains("the next run brings them back"),
        "{}",
        said.err
    );
    assert_eq!(listed(&desk), before[1..]);
    // Sizes are those of the lists.
    let segments = desk.json(&["segments"]);
    for segment in segments.as_array().unwrap() {
        let id = segment["id"].as_str().unwrap();
        let members = desk.json(&["clients", "--segment", id, "--limit", "100000"]);
        let members = members.as_array().unwrap().len() as u64;
        assert_eq!(segment["size"].as_u64(), Some(members), "{id}");
    }
    let said = desk.expect(2, &["forget", &key]);
    assert!(said.err.contains("nothing was erased"), "{}", said.err);
    // A number with zeros before it is nobody's key.
    let said = desk.expect(2, &["forget", &format!("00{key}")]);
    assert!(!said.err.contains("still in"), "{}", said.err);

    desk.expect(0, &["run", "--as-of", "2026-03-15T21:00:00"]);
    assert_eq!(listed(&desk).len(), before.len());
    desk.sql(&format!(
        "pragma foreign_keys = off; delete from clients where id = {key}"
    ));
    let said = desk.expect(0, &["forget", &key]);
    assert!(!said.err.contains("next run"), "{}", said.err);
    desk.expect(0, &["run", "--as-of", "2026-03-15T22:00:00"]);
    assert_eq!(listed(&desk).len(), before.len() - 1);
}

#[test]
fn a_forgotten_client_is_in_no_mail_that_lies_in_the_folder() {
    let desk = Desk::shipped();
    desk.expect(0, &["demo", "--date", "2026-03-15"]);
    let folder = desk.path("demo/outbox");
    std::fs::write(folder.join("mine.eml"), "a letter of my own").unwrap();
    let key = desk.json(&["clients", "--limit", "1"])[0]["key"].to_string();
    let said = desk.expect(0, &["forget", &key]);
    assert!(
        said.err.contains("mails in a folder deleted: 1\n"),
        "{}",
        said.err
    );
    let left: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["mine.eml"]);
}

#[test]
fn a_name_is_no_key_and_nothing_is_erased_by_it() {
    let desk = Desk::demo();
    let client = desk.json(&["clients", "--limit", "1"])[0].clone();
    let name = client["label"].as_str().unwrap();
    let said = desk.expect(2, &["forget", name]);
    assert!(
        said.err.contains(&format!("`{}`", client["key"])),
        "{}",
        said.err
    );
    assert_eq!(desk.json(&["clients", "--limit", "1"])[0], client);
}

#[test]
fn results_elsewhere_are_erased_there() {
    let desk = Desk::shipped();
    let config = desk.read("config.yaml");
    desk.write(
        "config.yaml",
        format!("results: sqlite:results.db\n{config}"),
    );
    let said = desk.expect(2, &["forget", "1"]);
    assert!(
        said.err.contains("nothing has been published"),
        "{}",
        said.err
    );
    desk.expect(0, &["demo", "--date", "2026-03-15"]);
    let before = std::fs::read(desk.path("demo/studio.db")).unwrap();
    let key = desk.json(&["clients", "--limit", "1"])[0]["key"].to_string();
    let said = desk.expect(0, &["forget", &key]);
    assert!(said.err.contains("`clients`"), "{}", said.err);
    assert_eq!(std::fs::read(desk.path("demo/studio.db")).unwrap(), before);
    desk.expect(2, &["forget", &key]);
}

#[test]
fn a_changed_rule_is_told_in_one_line_and_not_as_news() {
    let desk = Desk::demo();
    let rows = desk.json(&["segments"]);
    let size = |rows: &serde_json::Value| {
        let rows = rows.as_array().unwrap();
        let row = rows.iter().find(|row| row["id"] == "birthday").unwrap();
        (
            row["size"].as_i64().unwrap(),
            row["entered"].as_i64().unwrap(),
        )
    };
    let before = size(&rows).0;
    let file = desk.read("rules/engagement.yaml");
    let at = file.find("id: birthday").unwrap();
    let line = file[at..].find("when:").unwrap() + at;
    let end = file[line..].find('\n').unwrap() + line;
    let edited = format!("{}when: no{}", &file[..line], &file[end..]);
    desk.write("rules/engagement.yaml", &edited);
    let said = desk.expect(
        0,
        &["run", "--as-of", "2026-03-15T21:00:00", "--format", "json"],
    );
    let told = format!("rule changed: `birthday`: 0 in, {before} out");
    assert_eq!(said.err.matches(&told).count(), 1, "{}", said.err);
    assert_eq!(said.err.matches("rule changed").count(), 1, "{}", said.err);
    let rows: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(size(&rows), (0, 0));
    let said = desk.expect(0, &["segments", "--format", "json"]);
    assert!(said.err.contains(&told), "{}", said.err);
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&said.out).unwrap(),
        rows
    );
    let row = &rows
        .as_array()
        .unwrap()
        .iter()
        .find(|r| r["id"] == "birthday")
        .unwrap();
    assert_eq!(row["left"], 0);
}

#[test]
fn test_files_that_name_them_are_told_and_numbers_that_are_no_keys_are_not() {
    let desk = Desk::demo();
    let key = desk.json(&["clients", "--limit", "1"])[0]["key"].to_string();
    desk.write(
        "rules/tests/mine.yaml",
        format!(
            "now: 2026-03-15
given:
  one: {{ signed_up_at: {key} days ago }}
  two: {{ id: {key}, signed_up_at: {key} days ago }}
tests:
  - {{ name: {key} days, person: one, in: lead }}
  # As client {key} was in May; not {key}1, not {key} days.
  - {{ name: the other, person: two, in: lead }}
"
        ),
    );
    let said = desk.expect(0, &["forget", &key]).err;
    for line in [4, 7] {
        let told =
            format!("`{key}` is in the test file rules/tests/mine.yaml:{line}; remove it there");
        assert!(said.contains(&told), "{said}");
    }
    assert_eq!(said.matches("is in the test file").count(), 2, "{said}");
}
