//! What is shown stays right whatever the editor, the texts and the server itself come to.

use std::sync::atomic::Ordering;
use std::time::Duration;

use lsp_server::ErrorCode;
use serde_json::json;

use crate::editor::{Editor, UNBEARABLE};
use crate::findings::studio;
use crate::people::{RULES, expect_hints, hints, people};

/// An editor drops what it shows of a text that it reads anew.
#[test]
fn a_file_that_is_opened_again_has_its_findings_again() {
    let scratch = studio();
    let mut editor = Editor::new(&scratch);
    let wrong = "segments: [{ id: a, when: nobody_there > 1 }]\n";
    scratch.rules(wrong);
    editor.open("rules/all.yaml", wrong);
    editor.until(|e| e.codes("rules/all.yaml") == ["unknown-name"]);
    for _ in 0..2 {
        editor.shown.clear();
        let closed = json!({ "textDocument": { "uri": editor.uri("rules/all.yaml") } });
        editor.tell("textDocument/didClose", closed);
        editor.open("rules/all.yaml", wrong);
        editor.until(|e| e.codes("rules/all.yaml") == ["unknown-name"]);
    }
    // And none where there are none any more.
    editor.open("rules/all.yaml", "segments: [{ id: a, when: yes }]\n");
    editor.until(|e| e.codes("rules/all.yaml").is_empty());
    editor.end();
}

/// It never should; but whoever asks is told.
#[test]
fn what_cannot_be_compiled_is_answered_with_an_error() {
    let scratch = studio();
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", RULES);
    let params = editor.position("rules/all.yaml", RULES, "soho");
    editor
        .ask("textDocument/definition", params.clone())
        .unwrap();
    let config = scratch.read("config.yaml");
    editor.open(
        "config.yaml",
        &format!("{config}\nlocale: ${{{UNBEARABLE}}}\n"),
    );
    let failed = Err(ErrorCode::InternalError as i32);
    // Whoever waits, and whoever asks afterwards.
    for _ in 0..2 {
        assert_eq!(
            editor.ask("textDocument/definition", params.clone()),
            failed
        );
    }
    editor.write("config.yaml", &config);
    assert!(editor.ask("textDocument/definition", params).is_ok());
    editor.end();
}

/// It never should, either; but what nobody looks at again is not shown for good.
#[test]
fn findings_of_the_data_go_where_the_data_cannot_be_looked_at() {
    let scratch = people();
    let mut editor = Editor::new(&scratch);
    let rules = RULES.replace("name starts with \"A\"", "name = \"Ana\"");
    let is_found = |e: &Editor| {
        let codes = e.codes("rules/all.yaml");
        codes.contains(&"absent-value".to_owned())
    };
    editor.open("rules/all.yaml", &rules);
    editor.until(is_found);
    editor.is_timeless.store(true, Ordering::Relaxed);
    editor.write("rules/all.yaml", &format!("{rules}# More.\n"));
    editor.until(|e| !is_found(e));
    editor.listen(Duration::from_millis(300));
    assert!(!is_found(&editor));
    editor.is_timeless.store(false, Ordering::Relaxed);
    editor.write("rules/all.yaml", &rules);
    editor.until(is_found);
    editor.end();
}

#[test]
fn a_finding_names_nobody_where_names_are_hidden() {
    let scratch = people();
    let rules = RULES.replace("name starts with \"A\"", "name = \"Ana\"");
    for (hides, is_named) in [(false, true), (true, false)] {
        let options = json!({ "trusted": true, "hideNames": hides });
        let mut editor = Editor::with(&scratch, options, json!({}));
        editor.open("rules/all.yaml", &rules);
        editor.until(|e| {
            e.codes("rules/all.yaml")
                .contains(&"absent-value".to_owned())
        });
        let shown = json!(editor.shown).to_string();
        assert_eq!(shown.contains("Anna"), is_named, "{shown}");
        let range =
            json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } });
        let params = json!({ "textDocument": { "uri": editor.uri("rules/all.yaml") },
            "range": range, "context": { "diagnostics": [] } });
        let fixes = editor.ask("textDocument/codeAction", params).unwrap();
        assert_eq!(fixes.to_string().contains("Anna"), is_named, "{fixes}");
        editor.end();
    }
}

/// What is wrong in a segment would leave somebody out of it.
#[test]
fn a_segment_with_an_error_has_no_number() {
    let scratch = people();
    let config = scratch.read("config.yaml");
    let fields = "fields:\n  who: { label: Who, one: name, values: [Anna, Abe, Bo, Al, Cy] }\n";
    scratch.write("config.yaml", format!("{config}\n{fields}"));
    let mut editor = Editor::new(&scratch);
    let rules =
        "segments:\n  - { id: one, filter: { who: Anna } }\n  - { id: two, filter: { who: Bo } }\n";
    editor.open("rules/all.yaml", rules);
    expect_hints(&mut editor, &["1", "1"]);
    editor.write("rules/all.yaml", &rules.replace("Anna", "Anne"));
    expect_hints(&mut editor, &["1"]);
    editor.end();
}

#[test]
fn an_option_that_is_nearly_known_is_told() {
    let scratch = studio();
    let options = json!({ "trusted": true, "hidesNames": true, "theirOwn": 7 });
    let mut editor = Editor::with(&scratch, options, json!({}));
    editor.until(|e| !e.said.is_empty());
    let said: Vec<_> = editor
        .said
        .iter()
        .map(|said| &said.params["message"])
        .collect();
    assert_eq!(
        said,
        ["there is no option `hidesNames`; did you mean `hideNames`?"]
    );
    editor.end();
}

/// Folds and outlines of other programs' files are theirs; while config is half typed, ours stay ours.
#[test]
fn whose_a_file_is_goes_by_the_last_config_that_could_be_read() {
    let scratch = studio();
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", RULES);
    editor.open(".github/w.yaml", RULES);
    let config = scratch.read("config.yaml");
    editor.open("config.yaml", &config);
    for text in [config.clone(), config.replace("subject:", "subject: [")] {
        editor.write("config.yaml", &text);
        for (name, is_ours) in [("rules/all.yaml", true), (".github/w.yaml", false)] {
            for feature in ["documentSymbol", "foldingRange", "semanticTokens/full"] {
                let params = json!({ "textDocument": { "uri": editor.uri(name) } });
                let answer = editor
                    .ask(&format!("textDocument/{feature}"), params)
                    .unwrap();
                assert_eq!(!answer.is_null(), is_ours, "{feature} of {name}: {answer}");
            }
        }
    }
    editor.end();
}

/// What was under way when a folder ceased to be trusted never comes.
#[test]
fn nothing_is_told_of_a_folder_that_is_not_trusted_any_more() {
    let scratch = people();
    let mut editor = Editor::new(&scratch);
    let rules = RULES.replace("studio_id", "no_such_column");
    for _ in 0..5 {
        editor.open("rules/all.yaml", &rules);
        let ours = |trusted: bool| json!({ "settings": { "muster": { "trusted": trusted } } });
        editor.tell("workspace/didChangeConfiguration", ours(false));
        editor.open("rules/all.yaml", RULES);
        let params = editor.position("rules/all.yaml", RULES, "soho");
        editor.ask("textDocument/definition", params).unwrap();
        editor.listen(std::time::Duration::from_millis(400));
        assert_eq!(editor.codes("rules/all.yaml"), Vec::<String>::new());
        assert_eq!(hints(&mut editor), Vec::<String>::new());
        editor.tell("workspace/didChangeConfiguration", ours(true));
        expect_hints(&mut editor, &["2"]);
    }
    editor.end();
}

#[test]
fn a_dead_clause_is_underlined_and_nothing_else() {
    let scratch = studio();
    let mut editor = Editor::new(&scratch);
    let text =
        "segments:\n  - { id: é, name: E, when: count(visits) >= 8 and count(visits) > 3 }\n";
    editor.open("rules/all.yaml", text);
    editor.until(|e| {
        e.codes("rules/all.yaml")
            .contains(&"dead-clause".to_owned())
    });
    let shown = &editor.shown[&editor.uri("rules/all.yaml")];
    let dead = shown.iter().find(|d| d["code"] == "dead-clause").unwrap();
    let start = editor.position("rules/all.yaml", text, "count(visits) > 3");
    let end = editor.position("rules/all.yaml", text, " }\n");
    assert_eq!(dead["range"]["start"], start["position"]);
    assert_eq!(dead["range"]["end"], end["position"]);
    editor.end();
}
