//! Renames that are refused, each with a reason that a person can do something about.

use serde_json::{Value, json};

use crate::editor::Editor;
use crate::findings::studio;

const RULES: &str = "\
metrics:
  visits_60d: count(visits in last 60 days)
segments:
  - id: regulars
    when: visits_60d >= 3 and studio.name = \"Soho\"
";

/// What is answered where a name of the rules is to be another one.
fn renamed(editor: &mut Editor, old: &str) -> Result<Value, i32> {
    let mut params = editor.position("rules/all.yaml", RULES, old);
    params["newName"] = json!("another");
    editor.ask("textDocument/rename", params)
}

/// Where an expression cannot be read nobody knows what a name in it means: in columns as in conditions.
#[test]
fn a_name_in_what_cannot_be_read_is_not_renamed() {
    let refused = Err(lsp_server::ErrorCode::RequestFailed as i32);
    let scratch = studio();
    scratch.rules(RULES);
    let config = scratch.read("config.yaml");
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", RULES);
    editor.open("config.yaml", &config);
    assert!(renamed(&mut editor, "visits_60d").is_ok());
    for broken in [
        "export: { columns: [id, \"round(visits_60d\"] }\n",
        "reports: [{ id: r, to: a@b.org, segments: [regulars], columns: [id, \"visits_60d +\"] }]\n",
        "active: visits_60d >\n",
    ] {
        editor.write("config.yaml", &format!("{config}\n{broken}"));
        assert_eq!(renamed(&mut editor, "visits_60d"), refused, "{broken}");
    }
    editor.write("config.yaml", &config);
    let tests = "now: 2026-03-15 06:00\ngiven:\n  a: {}\ntests:\n  - { name: t, person: a, values: { \"visits_60d +\": 1 } }\n";
    editor.open("rules/tests/t.yaml", tests);
    assert_eq!(renamed(&mut editor, "visits_60d"), refused);
    editor.end();
}

/// A lookup's name stands in config and in columns of the database's tables alike: that is said.
#[test]
fn a_lookup_is_not_renamed_from_a_condition() {
    let scratch = studio();
    scratch.rules(RULES);
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", RULES);
    let refused = Err(lsp_server::ErrorCode::RequestFailed as i32);
    assert_eq!(renamed(&mut editor, "studio.name"), refused);
    let params = editor.position("rules/all.yaml", RULES, "studio.name");
    assert_eq!(editor.ask("textDocument/prepareRename", params), refused);
    editor.end();
}

/// What stands below a key that nobody reads, or in a file that is too large, may mean the name as well.
#[test]
fn a_name_in_what_is_not_read_is_not_renamed() {
    let refused = Err(lsp_server::ErrorCode::RequestFailed as i32);
    let scratch = studio();
    scratch.rules(RULES);
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", RULES);
    let large = format!(
        "{}metrics: {{ a: visits_60d }}\n",
        "# a remark\n".repeat(30_000)
    );
    for other in [
        "segments:\n  - { id: b, when: yes, wen: visits_60d > 3 }\n",
        "metrics: { a: 1 }\nmetrics: { b: visits_60d }\n",
        &large,
    ] {
        editor.open("rules/other.yaml", other);
        assert_eq!(renamed(&mut editor, "visits_60d"), refused, "{:.80}", other);
    }
    // Another name in it is nobody's business.
    editor.open(
        "rules/other.yaml",
        "segments:\n  - { id: b, when: yes, wen: others_60d }\n",
    );
    assert!(renamed(&mut editor, "visits_60d").is_ok());
    editor.end();
}

/// Not every editor tells what changes on the disk: whatever is written there goes by what is there.
#[test]
fn a_rename_writes_into_the_files_as_they_are_now() {
    let scratch = studio();
    scratch.rules(RULES);
    let other = "segments:\n  - { id: b, when: visits_60d > 3 }\n";
    scratch.write("rules/other.yaml", other);
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", RULES);
    renamed(&mut editor, "visits_60d").unwrap();
    let now = format!("# one line\n\n{other}");
    scratch.write("rules/other.yaml", &now);
    scratch.write("rules/new.yaml", other.replace("id: b", "id: c"));
    let edit = renamed(&mut editor, "visits_60d").unwrap();
    for (name, text) in [
        ("rules/other.yaml", now.clone()),
        ("rules/new.yaml", other.replace("id: b", "id: c")),
    ] {
        let edits = &edit["changes"][&editor.uri(name)];
        let expected = text.replace("visits_60d", "another");
        assert_eq!(Editor::edited(&text, edits), expected);
    }
    editor.end();
}

/// Why a rename is refused, in words.
fn refusal(editor: &mut Editor, method: &str, params: Value) -> String {
    editor.refusal(&format!("textDocument/{method}"), params)
}

/// Of two of a name nobody knows which is meant elsewhere; of two buckets of one name nobody could tell them apart again.
#[test]
fn a_name_of_two_is_not_renamed() {
    let scratch = studio();
    let rules = "buckets: [Loyal, Lost]\nsegments:\n  - { id: a, bucket: Loyal, when: yes }\n  - { id: b, bucket: Lost, when: in segment a }\n";
    scratch.rules(rules);
    let mut editor = Editor::new(&scratch);
    let twice = format!("{rules}  - {{ id: a, when: no }}\n");
    editor.open("rules/all.yaml", &twice);
    for needle in ["a, bucket", "a }", "a, when"] {
        let mut params = editor.position("rules/all.yaml", &twice, needle);
        params["newName"] = json!("another");
        let words = refusal(&mut editor, "rename", params);
        assert!(words.contains("defined more than once"), "{words}");
    }
    editor.write("rules/all.yaml", rules);
    let mut params = editor.position("rules/all.yaml", rules, "Lost, when");
    params["newName"] = json!("Loyal");
    let words = refusal(&mut editor, "rename", params);
    assert!(
        words.contains("there is a bucket `Loyal` already"),
        "{words}"
    );
    editor.end();
}

/// A file that is half typed, and rules whose config is wrong.
#[test]
fn whoever_renames_in_what_cannot_be_read_is_told_why_not() {
    let scratch = studio();
    scratch.rules(RULES);
    let config = scratch.read("config.yaml");
    let mut editor = Editor::new(&scratch);
    editor.open("config.yaml", &config);
    editor.open("rules/all.yaml", RULES);
    let broken = format!("{RULES}broken: [\n");
    editor.write("rules/all.yaml", &broken);
    for method in ["rename", "prepareRename"] {
        let mut params = editor.position("rules/all.yaml", &broken, "visits_60d:");
        params["newName"] = json!("another");
        let words = refusal(&mut editor, method, params);
        assert!(words.contains("all.yaml` cannot be read"), "{words}");
    }
    editor.write("rules/all.yaml", RULES);
    editor.write("config.yaml", &config.replace("subject:", "subjekt:"));
    let mut params = editor.position("rules/all.yaml", RULES, "visits_60d:");
    params["newName"] = json!("another");
    let words = refusal(&mut editor, "rename", params);
    assert!(words.contains("config.yaml` has an error"), "{words}");
    editor.end();
}
