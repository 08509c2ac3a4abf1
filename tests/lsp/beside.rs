//! Filters with their counts, and what one wrong file leaves of the others.

use serde_json::{Value, json};

use crate::editor::Editor;
use crate::people::{expect_hints, hover, people};

/// What is offered where the cursor stands, as it would be written.
fn offered(editor: &mut Editor, line: &str) -> Vec<Value> {
    let text = format!("segments:\n  - id: soho\n{line}\n");
    editor.write("rules/all.yaml", &text);
    let params = json!({
        "textDocument": { "uri": editor.uri("rules/all.yaml") },
        "position": { "line": 2, "character": line.len() },
    });
    let answer = editor.ask("textDocument/completion", params).unwrap();
    answer.as_array().unwrap().clone()
}

#[test]
fn each_line_of_a_filter_has_answers_of_its_own_and_so_has_the_condition_beside_it() {
    let scratch = people();
    let config = scratch.read("config.yaml");
    let fields =
        "fields:\n  place: { label: Place, one: studio_id }\n  who: { label: Who, one: name }\n";
    scratch.write("config.yaml", format!("{config}\n{fields}"));
    let rules = "segments:
  - id: soho
    filter: { place: 1, who: [Anna, Bo] }
    when: name starts with \"A\" or id = 5
";
    scratch.rules(rules);
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", rules);
    expect_hints(&mut editor, &["1"]);
    for (needle, answers) in [
        ("place", "**3** yes · 1 no · 1 unknown"),
        ("who", "**2** yes · 3 no · 0 unknown"),
        ("starts", "**3** yes · 2 no · 0 unknown"),
        ("or id", "**4** yes · 1 no · 0 unknown"),
        ("= 5", "**1** yes · 4 no · 0 unknown"),
    ] {
        let words = hover(&mut editor, rules, needle);
        assert!(words.contains(answers), "{needle}: {words}");
    }
    editor.end();
}

#[test]
fn a_file_that_cannot_be_read_hides_no_other_and_nothing_is_blamed_on_it() {
    let scratch = people();
    scratch.write(
        "rules/broken.yaml",
        "metrics:\n  often: count(visits)\n segments: [\n",
    );
    let rules = "segments:
  - { id: a, when: often > 3 }
  - { id: b, when: naem = \"Bo\" }
  - { id: c, when: id == 1 }
";
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", rules);
    editor.until(|e| e.findings("rules/all.yaml").len() == 2);
    let found = editor.findings("rules/all.yaml");
    let words: Vec<&str> = found
        .iter()
        .map(|f| f["message"].as_str().unwrap())
        .collect();
    assert!(
        words.iter().any(|words| words.contains("naem")),
        "{words:?}"
    );
    assert!(words.iter().any(|words| words.contains("==")), "{words:?}");
    let params = json!({
        "textDocument": { "uri": editor.uri("rules/all.yaml") },
        "range": { "start": { "line": 3, "character": 0 }, "end": { "line": 3, "character": 40 } },
        "context": { "diagnostics": [] },
    });
    let fixes = editor.ask("textDocument/codeAction", params).unwrap();
    assert_eq!(fixes[0]["title"], "write `=`", "{fixes:#}");
    editor.end();
}

#[test]
fn a_name_in_backticks_begins_a_text_of_yaml_in_quotes() {
    let scratch = people();
    scratch.sql("alter table clients add column \"E-Mail\" text");
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", crate::people::RULES);
    expect_hints(&mut editor, &["2"]);
    for (line, written) in [
        ("    when: E", "\"`E-Mail`\""),
        ("    when: `E-", "\"`E-Mail`\""),
        ("    when: id > 3 and E", "`E-Mail`"),
        ("    when: 'E", "`E-Mail`"),
    ] {
        let items = offered(&mut editor, line);
        let edits = items.iter().map(|item| &item["textEdit"]["newText"]);
        assert!(
            edits.into_iter().any(|edit| edit == written),
            "{line}: {items:#?}"
        );
    }
    editor.end();
}
