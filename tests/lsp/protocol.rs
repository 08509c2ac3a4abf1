//! The protocol's corners.

use lsp_server::ErrorCode;
use muster::lsp::Ended;
use serde_json::{Value, json};

use crate::editor::Editor;
use crate::findings::studio;

#[test]
fn nothing_is_answered_before_initialize_and_after_shutdown() {
    let scratch = studio();
    let mut editor = Editor::silent(&scratch);
    let early = editor.ask("textDocument/hover", json!({}));
    assert_eq!(early, Err(ErrorCode::ServerNotInitialized as i32));
    assert_eq!(
        editor.ask("initialize", json!({ "capabilities": 7 })),
        Err(ErrorCode::InvalidParams as i32)
    );
    let answer = editor
        .ask("initialize", json!({ "capabilities": {} }))
        .unwrap();
    assert_eq!(answer["serverInfo"]["name"], "muster");
    let again = editor.ask("initialize", json!({ "capabilities": {} }));
    assert_eq!(again, Err(ErrorCode::InvalidRequest as i32));
    assert_eq!(editor.ask("shutdown", Value::Null), Ok(Value::Null));
    let late = editor.ask(
        "workspace/textDocumentContent",
        json!({ "uri": "muster:/" }),
    );
    assert_eq!(late, Err(ErrorCode::InvalidRequest as i32));
    editor.tell("exit", Value::Null);
    assert_eq!(editor.ended(), Ended::Asked);
}

#[test]
fn an_editor_that_leaves_without_shutdown_is_told_apart() {
    let scratch = studio();
    let mut editor = Editor::new(&scratch);
    editor.tell("exit", Value::Null);
    assert_eq!(editor.ended(), Ended::Unasked);
}

#[test]
fn unknown_methods_and_wrong_parameters_are_errors() {
    let scratch = studio();
    let mut editor = Editor::new(&scratch);
    let unknown = editor.ask("muster/nothing", json!({}));
    assert_eq!(unknown, Err(ErrorCode::MethodNotFound as i32));
    let wrong = editor.ask("workspace/textDocumentContent", json!([1, 2]));
    assert_eq!(wrong, Err(ErrorCode::InvalidParams as i32));
    // Notifications have no answers: what cannot be read is written into the log.
    editor.tell("textDocument/didOpen", json!({ "nonsense": true }));
    editor.tell("$/unheardOf", json!(null));
    editor.until(|e| e.said.iter().any(|said| said.method == "window/logMessage"));
    editor.end();
}

#[test]
fn the_first_known_encoding_is_taken() {
    for (offered, taken) in [
        (json!({}), "utf-16"),
        (
            json!({ "general": { "positionEncodings": ["utf-16"] } }),
            "utf-16",
        ),
        (
            json!({ "general": { "positionEncodings": ["utf-32", "utf-8", "utf-16"] } }),
            "utf-8",
        ),
    ] {
        let scratch = studio();
        let mut editor = Editor::silent(&scratch);
        let answer = editor
            .ask("initialize", json!({ "capabilities": offered }))
            .unwrap();
        assert_eq!(answer["capabilities"]["positionEncoding"], taken);
        editor.end();
    }
}

/// A line with letters of one, two and three bytes and one of two UTF-16 units before what is wrong.
const LETTERS: &str = "segments:\n  - { id: a, name: \"aé€😀\", when: nobody_there > 1 }\n";

#[test]
fn places_count_in_the_units_that_were_agreed() {
    for (encodings, before) in [
        (
            json!(["utf-8"]),
            "  - { id: a, name: \"aé€😀\", when: ".len(),
        ),
        (
            json!(["utf-16"]),
            "  - { id: a, name: \"aé€😀\", when: "
                .encode_utf16()
                .count(),
        ),
    ] {
        let offered = json!({ "general": { "positionEncodings": encodings } });
        let scratch = studio();
        let mut editor = Editor::with(&scratch, json!({ "trusted": true }), offered);
        editor.open("rules/all.yaml", LETTERS);
        editor.until(|e| {
            e.codes("rules/all.yaml")
                .contains(&"unknown-name".to_owned())
        });
        let shown = &editor.shown[&editor.uri("rules/all.yaml")];
        let start = &shown[0]["range"]["start"];
        assert_eq!(*start, json!({ "line": 1, "character": before }));
        // And an edit in front of it, behind the letters, counts in the same units.
        let at = json!({ "line": 1, "character": before });
        editor.edit(
            "rules/all.yaml",
            json!([{ "range": { "start": at, "end": at }, "text": "1 > 0 or not " }]),
        );
        editor.until(|e| {
            let shown = &e.shown[&e.uri("rules/all.yaml")];
            shown
                .iter()
                .any(|d| d["range"]["start"]["character"] == before + 13)
        });
        editor.end();
    }
}

#[test]
fn edits_that_come_too_late_or_backwards_are_left_out() {
    let scratch = studio();
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", "segments: []\n");
    editor.write(
        "rules/all.yaml",
        "segments: [{ id: a, when: nobody_there > 1 }]\n",
    );
    editor.until(|e| !e.codes("rules/all.yaml").is_empty());
    let late = json!({ "textDocument": { "uri": editor.uri("rules/all.yaml"), "version": 1 },
        "contentChanges": [{ "text": "segments: []\n" }] });
    editor.tell("textDocument/didChange", late);
    editor.until(|e| {
        e.said
            .iter()
            .any(|s| s.params["message"].as_str().unwrap().contains("too late"))
    });
    let place = |line: u32| json!({ "line": line, "character": 0 });
    let backwards = json!([{ "range": { "start": place(1), "end": place(0) }, "text": "x" }]);
    editor.edit("rules/all.yaml", backwards);
    editor.until(|e| e.said.len() == 2);
    assert!(
        editor
            .codes("rules/all.yaml")
            .contains(&"unknown-name".to_owned())
    );
    editor.end();
}

#[test]
fn texts_that_no_rule_file_can_be_are_told() {
    let scratch = studio();
    let mut editor = Editor::new(&scratch);
    for (text, code) in [
        ("segments:\n\t- id: a\n", "yaml-syntax"),
        ("segments: []\n---\nsegments: []\n", "yaml-syntax"),
        ("segments: [{ id: a, when: ", "yaml-syntax"),
        (&"# a comment\n".repeat(1_000_000), "too-large"),
    ] {
        editor.open("rules/other.yaml", text);
        editor.until(|e| {
            let everywhere = e
                .codes("rules/other.yaml")
                .into_iter()
                .chain(e.codes("config.yaml"));
            everywhere.into_iter().any(|found| found == code)
        });
        let closed = json!({ "textDocument": { "uri": editor.uri("rules/other.yaml") } });
        editor.tell("textDocument/didClose", closed);
    }
    editor.end();
}

/// What is so large that nothing reads it is not looked through for each feature either.
#[test]
fn a_text_that_is_too_large_has_errors_for_answers() {
    let scratch = studio();
    let mut editor = Editor::new(&scratch);
    editor.open("rules/other.yaml", &"# a comment\n".repeat(1_000_000));
    let place = json!({ "textDocument": { "uri": editor.uri("rules/other.yaml") },
        "position": { "line": 1, "character": 0 }, "options": { "tabSize": 2, "insertSpaces": true } });
    for feature in [
        "completion",
        "documentSymbol",
        "foldingRange",
        "semanticTokens/full",
        "codeLens",
        "formatting",
    ] {
        let answer = editor.ask(&format!("textDocument/{feature}"), place.clone());
        assert_eq!(answer, Err(ErrorCode::RequestFailed as i32), "{feature}");
    }
    // And what it defines is not missed elsewhere.
    editor.open(
        "rules/all.yaml",
        "segments: [{ id: a, when: defined_there > 1 }]\n",
    );
    editor.until(|e| e.codes("config.yaml").contains(&"too-large".to_owned()));
    assert_eq!(editor.codes("rules/all.yaml"), Vec::<String>::new());
    editor.end();
}

#[test]
fn options_that_are_not_understood_are_told_and_the_others_count() {
    let scratch = studio();
    let options = json!({ "trusted": true, "config": 7, "hideNames": "yes" });
    let mut editor = Editor::with(&scratch, options, json!({}));
    editor.open(
        "rules/all.yaml",
        "segments: [{ id: a, when: no_such_column > 1 }]\n",
    );
    editor.until(|e| e.codes("rules/all.yaml") == ["unknown-name"]);
    let said = editor
        .said
        .iter()
        .filter(|said| said.method == "window/showMessage");
    let said: Vec<_> = said
        .map(|said| said.params["message"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(
        said[0].contains("`hideNames`") && said[1].contains("`config`"),
        "{said:?}"
    );
    editor.end();
}

#[test]
fn a_file_outside_the_folder_is_no_rule_file() {
    let scratch = studio();
    let mut editor = Editor::new(&scratch);
    for uri in ["file:///elsewhere/rules.yaml", "untitled:Untitled-1", "%%%"] {
        let text = "segments: [{ id: a, when: nobody_there > 1 }]\n";
        let item = json!({ "uri": uri, "languageId": "yaml", "version": 1, "text": text });
        editor.tell("textDocument/didOpen", json!({ "textDocument": item }));
    }
    editor.open(
        "rules/all.yaml",
        "segments: [{ id: a, when: nobody_there > 1 }]\n",
    );
    editor.until(|e| e.codes("rules/all.yaml") == ["unknown-name"]);
    assert!(!editor.shown.keys().any(|uri| uri.contains("elsewhere")));
    editor.end();
}
