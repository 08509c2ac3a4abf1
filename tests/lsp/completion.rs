//! What is offered while somebody types.

use serde_json::{Value, json};

use crate::editor::Editor;
use crate::findings::studio;

const RULES: &str = "\
buckets: [Loyal]
metrics:
  visits_30d: count(visits in last 30 days)
  last_package: last(packages)
segments:
  - id: regulars
    bucket: Loyal
    when: visits_30d >= 3
";

/// What is offered at the `¦` of a text.
fn offered(editor: &mut Editor, text: &str) -> Vec<String> {
    let byte = text.find('¦').expect("a cursor");
    let text = text.replace('¦', "");
    editor.write("rules/new.yaml", &text);
    let before = &text[..byte];
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let params = json!({
        "textDocument": { "uri": editor.uri("rules/new.yaml") },
        "position": { "line": before.matches('\n').count(), "character": before.len() - start },
    });
    let answer = editor.ask("textDocument/completion", params).unwrap();
    let items = answer.as_array().unwrap().iter();
    items
        .map(|item| item["label"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn keys_and_words_fit_their_place() {
    let scratch = studio();
    scratch.rules(RULES);
    let mut editor = Editor::new(&scratch);
    editor.open("rules/new.yaml", "");
    // Once something waits for it, the first state is compiled.
    let start = editor.position("rules/new.yaml", "", "");
    editor.ask("textDocument/definition", start).unwrap();
    for (typed, there, absent) in [
        ("¦", &["metrics", "segments", "ladder"][..], &["when"][..]),
        (
            "segments:\n  - id: new\n    ¦",
            &["when", "bucket", "description"],
            &["metrics"],
        ),
        (
            "segments:\n  - { id: new, ¦",
            &["when", "bucket"],
            &["metrics"],
        ),
        (
            "segments:\n  - id: new\n    bucket: ¦",
            &["Loyal"],
            &["visits"],
        ),
        (
            "segments:\n  - id: new\n    when: ¦",
            &["visits_30d", "visits", "count", "name", "not"],
            &["and", "days"],
        ),
        (
            "segments:\n  - id: new\n    when: visits_30d ¦",
            &["and", "between", ">="],
            &["count"],
        ),
        (
            "segments:\n  - id: new\n    when: to¦",
            &["top", "bottom"],
            &["and"],
        ),
        (
            "segments:\n  - id: new\n    when: top 20% ¦",
            &["by"],
            &["and", "visits"],
        ),
        (
            "segments:\n  - id: new\n    when: top 20% by visits_30d ¦",
            &["within", "and"],
            &["visits"],
        ),
        (
            "segments:\n  - id: new\n    when: name contains ¦",
            &["any of", "name"],
            &["and"],
        ),
        (
            "segments:\n  - id: new\n    when: in segment ¦",
            &["regulars"],
            &["visits_30d"],
        ),
        (
            "segments:\n  - id: new\n    when: count(visits in ¦",
            &["last 30 days", "this month"],
            &["count"],
        ),
        (
            "segments:\n  - id: new\n    when: count(visits in last 30 ¦",
            &["days", "months"],
            &["count"],
        ),
        (
            "segments:\n  - id: new\n    when: exists(visits.¦",
            &["at", "class", "client_id"],
            &["count", "visits_30d"],
        ),
        (
            "segments:\n  - id: new\n    when: count(visits where ¦",
            &["client_id", "at", "visits_30d"],
            &["and"],
        ),
        (
            "segments:\n  - id: new\n    when: last(packages).¦",
            &["purchased_at", "at"],
            &["count"],
        ),
        (
            "segments:\n  - id: new\n    when: last_package.¦",
            &["purchased_at"],
            &["count"],
        ),
        (
            "segments:\n  - id: new\n    when: client.¦",
            &["name"],
            &["count"],
        ),
        (
            "segments:\n  - id: new\n    when: avg(visits_30d) within ¦",
            &["studio", "network", "everyone"],
            &["count"],
        ),
        (
            "segments:\n  - id: new\n    when: |\n      visits_30d > 3\n      and ¦",
            &["visits_30d", "count"],
            &["and"],
        ),
        (
            "segments:\n  - id: new\n    when: 'visits_30d > 3 and ¦",
            &["visits_30d", "count"],
            &["and"],
        ),
    ] {
        let found = offered(&mut editor, typed);
        for name in there {
            assert!(
                found.iter().any(|one| one == name),
                "{typed}: no {name} in {found:?}"
            );
        }
        for name in absent {
            assert!(
                !found.iter().any(|one| one == name),
                "{typed}: {name} in {found:?}"
            );
        }
    }
    editor.end();
}

/// A name with blanks takes the place of all that is typed of it.
#[test]
fn a_name_in_backticks_takes_the_place_of_its_beginning() {
    let scratch = studio();
    scratch.rules(RULES);
    scratch.sql("alter table clients add column \"shoe size\" integer");
    let mut editor = Editor::new(&scratch);
    editor.open("rules/new.yaml", "");
    let start = editor.position("rules/new.yaml", "", "");
    editor.ask("textDocument/definition", start).unwrap();
    for (typed, label) in [("`shoe si", "`shoe size`"), ("sho", "shoe size")] {
        let when = "    when: id > 3 and ";
        let text = format!("segments:\n  - id: new\n{when}{typed}");
        editor.write("rules/new.yaml", &text);
        let end = when.len() + typed.len();
        let params = json!({ "textDocument": { "uri": editor.uri("rules/new.yaml") },
            "position": { "line": 2, "character": end } });
        let items = editor.ask("textDocument/completion", params).unwrap();
        let items = items.as_array().unwrap();
        let item = items.iter().find(|item| item["label"] == label).unwrap();
        // Editors hold the label, or what is written, against what is typed.
        assert_eq!(item["filterText"], Value::Null);
        let edit = &item["textEdit"];
        assert_eq!(edit["newText"], "`shoe size`");
        assert_eq!(edit["range"]["start"]["character"], when.len());
        assert_eq!(edit["range"]["end"]["character"], end);
    }
    editor.end();
}

/// Whatever is cut off and wherever the cursor stands: an answer.
#[test]
fn every_place_of_every_beginning_has_an_answer() {
    let scratch = studio();
    let mut editor = Editor::new(&scratch);
    let text = RULES.replace("visits_30d >= 3", "'é€😀' = name and {\"a: [`");
    editor.open("rules/all.yaml", &text);
    for (cut, _) in text.char_indices().step_by(9) {
        editor.write("rules/all.yaml", &text[..cut]);
        for (line, character) in [(0, 0), (5, 7), (7, 30), (99, 99)] {
            let params = json!({ "textDocument": { "uri": editor.uri("rules/all.yaml") },
                "position": { "line": line, "character": character } });
            for feature in [
                "completion",
                "documentSymbol",
                "semanticTokens/full",
                "foldingRange",
            ] {
                editor
                    .ask(&format!("textDocument/{feature}"), params.clone())
                    .unwrap();
            }
        }
    }
    editor.end();
}
