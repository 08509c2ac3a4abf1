//! What is offered is written as YAML and conditions want it, in the place of what is typed, and nowhere else.

use serde_json::{Value, json};

use crate::completion::items;
use crate::editor::Editor;
use crate::findings::studio;
use crate::people::{RULES, expect_hints, people};
use crate::support::scratch::Scratch;

/// The text after an entry was taken at its `¦`.
fn taken(editor: &mut Editor, text: &str, label: &str) -> String {
    let items = items(editor, "rules/all.yaml", text);
    let item = items.iter().find(|item| item["label"] == label);
    let item = item.unwrap_or_else(|| panic!("no {label} in {items:#?}"));
    Editor::edited(&text.replace('¦', ""), &json!([item["textEdit"]]))
}

fn with_bucket(name: &str) -> (Scratch, Editor) {
    let scratch = studio();
    scratch.write("rules/other.yaml", format!("buckets: [{name}]\n"));
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", "");
    // Once something waits for it, the first state is compiled.
    let start = editor.position("rules/all.yaml", "", "");
    editor.ask("textDocument/definition", start).unwrap();
    (scratch, editor)
}

#[test]
fn a_key_or_name_takes_the_place_of_what_is_typed_of_it() {
    let (_scratch, mut editor) = with_bucket("Up for Conversion");
    for (text, label, now) in [
        (
            "segments:\n  - id: a\n    whe¦",
            "when",
            "segments:\n  - id: a\n    when: ",
        ),
        (
            "segments:\n  - id: a\n    whe¦: x",
            "when",
            "segments:\n  - id: a\n    when: x",
        ),
        (
            "segments:\n  - id: a\n    w¦en: x",
            "when",
            "segments:\n  - id: a\n    when: x",
        ),
        // A colon or a dash is one of YAML's only with a blank behind it.
        (
            "segments:\n  - id: a\n    bucket:¦",
            "Up for Conversion",
            "segments:\n  - id: a\n    bucket: Up for Conversion",
        ),
        (
            "segments:\n  - id: a\n    when:¦",
            "visits",
            "segments:\n  - id: a\n    when: visits",
        ),
        ("segments:\n  -¦", "id", "segments:\n  - id: "),
        // A condition may begin on the line below its key.
        (
            "segments:\n  - id: a\n    when:\n      vis¦",
            "visits",
            "segments:\n  - id: a\n    when:\n      visits",
        ),
        (
            "segments:\n  - id: a\n    bucket: Up for C¦",
            "Up for Conversion",
            "segments:\n  - id: a\n    bucket: Up for Conversion",
        ),
    ] {
        assert_eq!(taken(&mut editor, text, label), now);
    }
    editor.end();
    let (_scratch, mut editor) = with_bucket("'a: b'");
    let text = "segments:\n  - id: a\n    bucket: ¦\n";
    assert_eq!(
        taken(&mut editor, text, "a: b"),
        text.replace('¦', "\"a: b\"")
    );
    editor.end();
}

#[test]
fn nothing_is_offered_in_a_comment() {
    let scratch = studio();
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", "");
    for text in [
        "# this is ¦",
        "segments:\n  - id: a\n    # this is ¦",
        "segments:\n  - id: a # this is ¦",
        "segments:\n  - id: a\n    when: visits_30d > 3 # often ¦",
        "segments:\n  - id: a\n    when: |\n      visits_30d > 3  # often ¦",
        "segments:\n  - id: a\n    when: |\n      # often ¦",
    ] {
        assert_eq!(
            items(&mut editor, "rules/all.yaml", text),
            Vec::<Value>::new(),
            "{text}"
        );
    }
    let text = "segments:\n  - id: a\n    when: name = \"#1\" ¦";
    assert!(!items(&mut editor, "rules/all.yaml", text).is_empty());
    editor.end();
}

/// A text of the data has its condition's quotes doubled, whichever these are.
#[test]
fn the_quote_of_a_text_is_doubled_in_it() {
    let scratch = people();
    scratch.sql("update clients set name = 'O''Neil \"Ace\" Prime' where id = 1");
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", RULES);
    expect_hints(&mut editor, &["1"]);
    for (when, now) in [
        ("name = 'prim¦", "name = 'O''Neil \"Ace\" Prime"),
        ("name = \"prim¦", "name = \"O'Neil \"\"Ace\"\" Prime"),
    ] {
        let file = |when: &str| format!("segments:\n  - id: soho\n    when: |\n      {when}");
        let label = "O'Neil \"Ace\" Prime";
        assert_eq!(taken(&mut editor, &file(when), label), file(now));
    }
    editor.end();
}

/// Of more texts than can be listed those are offered that have what is typed, and the editor is told to ask again. Nobody is
/// counted for rows of some time alone.
#[test]
fn texts_of_many_rows_are_offered_as_far_as_they_are_known() {
    let scratch = people();
    scratch.sql(
        "insert into payments (client_id, status, paid_at) with recursive n (i) as \
         (select 1 union all select i + 1 from n where i < 400) \
         select 1, 'note ' || i, '2026-01-02 03:04:05' from n",
    );
    scratch.sql("insert into classes values (1, 'Yoga')");
    scratch.sql("insert into visits (client_id, class_id, attended_at) values (1, 1, '2026-01-02 03:04:05')");
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", RULES);
    expect_hints(&mut editor, &["2"]);
    let file = |when: &str| format!("segments:\n  - id: soho\n    when: {when}¦\n");
    let found = items(
        &mut editor,
        "rules/all.yaml",
        &file("exists(payments where status = \"note 12"),
    );
    // 12 and 120 to 129.
    assert_eq!(found.len(), 11, "{found:#?}");
    for (when, detail) in [
        ("exists(visits where class.category = \"", json!("1 client")),
        (
            "exists(visits where class.category in (\"",
            json!("1 client"),
        ),
        (
            "exists(visits in next 30 days where class.category = \"",
            Value::Null,
        ),
    ] {
        let found = items(&mut editor, "rules/all.yaml", &file(when));
        assert_eq!(found.len(), 1, "{when}: {found:#?}");
        assert_eq!(found[0]["detail"], detail, "{when}");
    }
    editor.end();
}
