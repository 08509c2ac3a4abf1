//! What can be asked of a segment above its line.

use serde_json::{Value, json};

use crate::editor::Editor;
use crate::people::{RULES, expect_hints, hints, people};

/// The lenses of a file: their lines, titles and commands.
fn lenses(editor: &mut Editor, name: &str) -> Vec<(u64, String, Value)> {
    let params = json!({ "textDocument": { "uri": editor.uri(name) } });
    let answer = editor.ask("textDocument/codeLens", params).unwrap();
    let lenses = answer.as_array().cloned().unwrap_or_default().into_iter();
    let lenses = lenses.map(|lens| {
        let command = &lens["command"];
        (
            lens["range"]["start"]["line"].as_u64().unwrap(),
            command["title"].as_str().unwrap().to_owned(),
            json!({ "command": command["command"], "arguments": command["arguments"] }),
        )
    });
    lenses.collect()
}

/// What is answered where a lens is pressed.
fn press(editor: &mut Editor, command: &Value) -> String {
    let answer = editor.ask("workspace/executeCommand", command.clone());
    answer.unwrap().as_str().unwrap().to_owned()
}

#[test]
fn a_segment_tells_its_size_and_what_would_change_it() {
    let scratch = people();
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", RULES);
    expect_hints(&mut editor, &["2"]);
    scratch.expect(0, &["run"]);
    let edited = RULES.replace(" and name", " or name");
    editor.write("rules/all.yaml", &edited);
    expect_hints(&mut editor, &["2 → 4"]);
    let found = lenses(&mut editor, "rules/all.yaml");
    let titles: Vec<_> = found
        .iter()
        .map(|(line, title, _)| (*line, title.as_str()))
        .collect();
    assert_eq!(
        titles,
        [(1, "2 → 4 (plan)"), (1, "explain"), (1, "backtest")]
    );
    let [(.., plan), (.., explain), (.., backtest)] = &found[..] else {
        panic!("three lenses");
    };
    // The files as they are saved: nothing is edited there.
    let words = press(&mut editor, plan);
    assert!(
        words.starts_with("This is about the files as they are saved"),
        "{words}"
    );
    // Saved while the command is at work, too: it began before.
    let id = editor.send("workspace/executeCommand", plan.clone());
    hints(&mut editor);
    scratch.rules(&edited);
    let words = editor.answer(&id).unwrap().to_string();
    assert!(words.contains("This is about the files"), "{words}");
    let words = press(&mut editor, plan);
    assert!(!words.starts_with("This is about"), "{words}");
    assert!(words.contains("soho") && words.contains('4'), "{words}");
    let words = press(&mut editor, explain);
    assert!(
        words.contains("studio_id = 1 or name starts with"),
        "{words}"
    );
    let of_one = json!({ "command": "muster.explain", "arguments": ["soho", "Anna"] });
    let words = press(&mut editor, &of_one);
    assert!(words.contains("Anna"), "{words}");
    let words = press(&mut editor, backtest);
    assert!(words.contains("soho"), "{words}");
    // An editor that shows no answers itself is told in a message.
    let said = editor
        .said
        .iter()
        .filter(|said| said.method == "window/showMessage");
    assert_eq!(said.count(), 6);
    editor.end();
}

#[test]
fn a_test_can_be_run() {
    let scratch = people();
    let test = "\
now: 2026-03-15 06:00
given:
  anna: { name: Anna, studio_id: 1 }
tests:
  - name: Anna is in
    person: anna
    in: soho
  - name: Anna is
    person: anna
    in: soho
  - name: Anna is out
    person: anna
    not_in: soho
";
    scratch.write("rules/tests/a.yaml", test);
    let mut editor = Editor::with(
        &scratch,
        json!({ "trusted": true, "showAnswers": true }),
        json!({}),
    );
    editor.open("rules/all.yaml", RULES);
    editor.open("rules/tests/a.yaml", test);
    expect_hints(&mut editor, &["2"]);
    let found = lenses(&mut editor, "rules/tests/a.yaml");
    let titles: Vec<_> = found
        .iter()
        .map(|(line, title, _)| (*line, title.as_str()))
        .collect();
    assert_eq!(titles, [4, 7, 10].map(|line| (line, "run test")));
    // Its own, and no other whose name begins with the same words.
    for own in &found[..2] {
        let words = press(&mut editor, &own.2);
        assert!(words.contains("1 test, all passed"), "{words}");
    }
    let words = press(&mut editor, &found[2].2);
    assert!(words.contains("failed"), "{words}");
    assert!(
        !editor
            .said
            .iter()
            .any(|said| said.method == "window/showMessage")
    );
    editor.end();
}

#[test]
fn commands_are_refused_with_a_reason() {
    let scratch = people();
    let mut editor = Editor::with(&scratch, json!({}), json!({}));
    editor.open("rules/all.yaml", RULES);
    assert_eq!(lenses(&mut editor, "rules/all.yaml"), []);
    let failed = lsp_server::ErrorCode::RequestFailed as i32;
    let invalid = lsp_server::ErrorCode::InvalidParams as i32;
    let plan = json!({ "command": "muster.plan", "arguments": ["soho"] });
    assert_eq!(
        editor.ask("workspace/executeCommand", plan.clone()),
        Err(failed)
    );
    let settings = json!({ "settings": { "muster": { "trusted": true } } });
    editor.tell("workspace/didChangeConfiguration", settings);
    for wrong in [
        json!({ "command": "muster.forget", "arguments": ["1"] }),
        json!({ "command": "muster.plan" }),
        json!({ "command": "muster.plan", "arguments": [7] }),
        json!({ "command": "muster.plan", "arguments": ["soho", "--out=x"] }),
        json!(7),
    ] {
        assert_eq!(editor.ask("workspace/executeCommand", wrong), Err(invalid));
    }
    // What begins with a dash is a segment that is not there, and no option.
    let dash = json!({ "command": "muster.backtest", "arguments": ["--svg=drawn.svg"] });
    let words = press(&mut editor, &dash);
    assert!(words.contains("--svg=drawn.svg"), "{words}");
    assert!(!scratch.path("drawn.svg").exists());
    // A command that is cancelled is answered at once.
    let id = editor.send("workspace/executeCommand", plan);
    let number = id.to_string().parse::<i32>().unwrap();
    editor.tell("$/cancelRequest", json!({ "id": number }));
    let answer = editor.answer(&id);
    assert_eq!(answer, Err(lsp_server::ErrorCode::RequestCanceled as i32));
    editor.end();
}

/// What a segment with an error is can be asked, too: nobody is called by name.
#[test]
fn a_segment_with_an_error_is_explained_where_names_are_hidden() {
    let scratch = people();
    let options = json!({ "trusted": true, "hideNames": true });
    let mut editor = Editor::with(&scratch, options, json!({}));
    let wrong = RULES.replace("studio_id", "no_such_column");
    scratch.rules(&wrong);
    editor.open("rules/all.yaml", &wrong);
    editor.until(|e| e.codes("rules/all.yaml") == ["unknown-name"]);
    let explain = json!({ "command": "muster.explain", "arguments": ["soho"] });
    let words = press(&mut editor, &explain);
    assert!(words.contains("no_such_column"), "{words}");
    let person = json!({ "command": "muster.explain", "arguments": ["Anna"] });
    let failed = lsp_server::ErrorCode::RequestFailed as i32;
    assert_eq!(editor.ask("workspace/executeCommand", person), Err(failed));
    editor.end();
}
