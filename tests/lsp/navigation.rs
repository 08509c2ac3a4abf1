//! From a name to its definition and back, and other names for it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::editor::Editor;
use crate::findings::studio;
use crate::support::scratch::Scratch;

const RULES: &str = "\
buckets: [Loyal]
metrics:
  visits_30d: count(visits in last 30 days)
  often: visits_30d >= 3
segments:
  - id: regulars           # who comes often
    bucket: Loyal
    when: often and visits_30d < 100
  - { id: others, bucket: Loyal, when: not in segment regulars }
  - id: broken
    when: often and nobody_there > (
";
const TEST: &str = "\
now: 2026-03-15 06:00
given:
  anna: {}
tests:
  - name: a regular
    person: anna
    in: regulars
";

fn opened(scratch: &Scratch) -> Editor {
    scratch.rules(RULES);
    scratch.write("rules/tests/a.yaml", TEST);
    let mut editor = Editor::new(scratch);
    editor.open("rules/all.yaml", RULES);
    editor
}

/// The lines (from 1) and words that places name, by file.
fn places(answer: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for place in answer.as_array().unwrap() {
        let uri = place["uri"].as_str().unwrap();
        let name = uri.rsplit('/').next().unwrap();
        let text = [("all.yaml", RULES), ("a.yaml", TEST)];
        let text = text.iter().find(|(file, _)| *file == name).map_or_else(
            || std::fs::read_to_string(uri.strip_prefix("file://").unwrap()).unwrap(),
            |(_, text)| (*text).to_owned(),
        );
        let line = place["range"]["start"]["line"].as_u64().unwrap() as usize;
        let at = |end: &str| place["range"][end]["character"].as_u64().unwrap() as usize;
        let word = &text.lines().nth(line).unwrap()[at("start")..at("end")];
        found.push(format!("{name}:{} {word}", line + 1));
    }
    found
}

#[test]
fn a_name_leads_to_its_definition() {
    let scratch = studio();
    let mut editor = opened(&scratch);
    for (needle, place) in [
        ("often and visits", "all.yaml:4 often"),
        // Where the condition is broken, too, as far as it can be parsed.
        ("visits_30d >= 3", "all.yaml:3 visits_30d"),
        ("regulars }", "all.yaml:6 regulars"),
        ("Loyal\n", "all.yaml:1 Loyal"),
        ("visits in last", "config.yaml"),
    ] {
        let params = editor.position("rules/all.yaml", RULES, needle);
        let answer = editor.ask("textDocument/definition", params).unwrap();
        let found = places(&answer);
        assert_eq!(found.len(), 1, "{needle}: {found:?}");
        assert!(found[0].starts_with(place), "{needle}: {found:?}");
    }
    let nothing = editor.position("rules/all.yaml", RULES, "100");
    assert_eq!(
        editor.ask("textDocument/definition", nothing),
        Ok(Value::Null)
    );
    editor.end();
}

/// What was known before is looked up while config is wrong; the places are those of the texts as they are.
#[test]
fn while_config_is_wrong_names_lead_to_places_in_what_is_typed() {
    let scratch = studio();
    let mut editor = opened(&scratch);
    let config = scratch.read("config.yaml");
    editor.open("config.yaml", &config);
    // Known before.
    let params = editor.position("rules/all.yaml", RULES, "visits in last");
    editor.ask("textDocument/definition", params).unwrap();
    let wrong = config.replacen("subject:", "# One.\n# Two.\nbogus: 1\nsubject:", 1);
    let wrong = wrong.replace("table: clients", "tabl: clients");
    let line = wrong.lines().position(|line| line == "  visits:").unwrap();
    for (config, lines) in [
        (wrong.clone(), vec![json!(line)]),
        (wrong.replace("  visits:", "  other:"), Vec::new()),
    ] {
        editor.write("config.yaml", &config);
        let mut params = editor.position("rules/all.yaml", RULES, "visits in last");
        let answer = editor.ask("textDocument/definition", params.clone());
        let answer = answer.unwrap().as_array().cloned().unwrap_or_default();
        let found: Vec<Value> = answer
            .iter()
            .map(|place| place["range"]["start"]["line"].clone())
            .collect();
        assert_eq!(found, lines);
        params["context"] = json!({ "includeDeclaration": true });
        let answer = editor.ask("textDocument/references", params).unwrap();
        let mut found = answer.as_array().unwrap().clone();
        found.retain(|place| place["uri"].as_str().unwrap().ends_with("config.yaml"));
        assert_eq!(found.len(), lines.len(), "{answer}");
    }
    editor.end();
}

#[test]
fn references_are_found_in_all_files() {
    let scratch = studio();
    let mut editor = opened(&scratch);
    let mut params = editor.position("rules/all.yaml", RULES, "regulars  ");
    params["context"] = json!({ "includeDeclaration": true });
    let answer = editor.ask("textDocument/references", params).unwrap();
    assert_eq!(
        places(&answer),
        [
            "all.yaml:6 regulars",
            "all.yaml:9 regulars",
            "a.yaml:7 regulars"
        ]
    );
    editor.end();
}

fn renamed(editor: &mut Editor, needle: &str, new: &str) -> Result<BTreeMap<String, String>, i32> {
    let mut params = editor.position("rules/all.yaml", RULES, needle);
    params["newName"] = json!(new);
    let answer = editor.ask("textDocument/rename", params)?;
    let changes = answer["changes"].as_object().unwrap();
    let changed = changes.iter().map(|(uri, edits)| {
        let path = uri.strip_prefix("file://").unwrap();
        let text = std::fs::read_to_string(path).unwrap();
        let name = path.rsplit('/').next().unwrap();
        (name.to_owned(), Editor::edited(&text, edits))
    });
    Ok(changed.collect())
}

#[test]
fn a_segment_that_is_renamed_keeps_its_history() {
    let scratch = studio();
    let mut editor = opened(&scratch);
    let changed = renamed(&mut editor, "regulars  ", "faithful").unwrap();
    let rules = &changed["all.yaml"];
    assert!(
        rules.contains(
            "  - id: faithful           # who comes often\n    was: regulars\n    bucket"
        ),
        "{rules}"
    );
    assert!(rules.contains("in segment faithful"), "{rules}");
    assert!(changed["a.yaml"].contains("in: faithful"), "{changed:?}");
    let flow = renamed(&mut editor, "others,", "rest").unwrap();
    let rules = &flow["all.yaml"];
    assert!(rules.contains("{ id: rest, was: others, bucket"), "{rules}");
    editor.end();
}

#[test]
fn a_metric_is_renamed_wherever_it_is_named() {
    let scratch = studio();
    let mut editor = opened(&scratch);
    let changed = renamed(&mut editor, "visits_30d:", "visits_lately").unwrap();
    let rules = &changed["all.yaml"];
    assert!(!rules.contains("visits_30d"), "{rules}");
    assert_eq!(rules.matches("visits_lately").count(), 3, "{rules}");
    editor.end();
}

/// Everything where names of rules may stand, written into the files: `check` finds nothing, and the tests hold.
#[test]
fn all_is_right_after_a_rename() {
    let scratch = studio();
    let config = scratch.read("config.yaml");
    let more = "export: { columns: [id, name, often_30d], labels: { often_30d: Often } }\n\
                guard: { except: [regulars] }\n";
    scratch.write("config.yaml", format!("{config}\n{more}"));
    let rules = "\
metrics:
  often_30d: count(visits in last 30 days) >= 3
segments:
  - {
      id: regulars, # who comes often
      when: often_30d
    }
  - id: others
    when: not in segment regulars
";
    scratch.rules(rules);
    let test = TEST.replace(
        "anna: {}",
        "anna:\n    visits: { every: 1 day, from: 20 days ago }",
    );
    scratch.write("rules/tests/a.yaml", &test);
    scratch.expect(0, &["test"]);
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", rules);
    editor.open("config.yaml", &scratch.read("config.yaml"));
    for (file, needle, new) in [
        ("rules/all.yaml", "regulars,", "faithful"),
        ("rules/all.yaml", "often_30d:", "frequent"),
        ("config.yaml", "visits:", "lessons"),
    ] {
        let text = scratch.read(file);
        let mut params = editor.position(file, &text, needle);
        params["newName"] = json!(new);
        let answer = editor.ask("textDocument/rename", params).unwrap();
        for (uri, edits) in answer["changes"].as_object().unwrap() {
            let name = uri.strip_prefix(&editor.uri("")).unwrap().to_owned();
            let changed = Editor::edited(&scratch.read(&name), edits);
            scratch.write(&name, &changed);
            if name != "rules/tests/a.yaml" {
                editor.write(&name, &changed);
            }
        }
        editor.tell("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
        scratch.expect(0, &["check"]);
        scratch.expect(0, &["test"]);
    }
    let rules = scratch.read("rules/all.yaml");
    assert!(
        rules.contains("id: faithful, was: regulars, # who"),
        "{rules}"
    );
    let config = scratch.read("config.yaml");
    assert!(config.contains("labels: { frequent: Often }"), "{config}");
    assert!(config.contains("except: [faithful]"), "{config}");
    assert!(
        scratch
            .read("rules/tests/a.yaml")
            .contains("lessons: { every")
    );
    editor.end();
}

/// Nobody has been published under the id that is given up, so that the history is that of the one before.
#[test]
fn a_segment_that_is_renamed_twice_between_two_runs_keeps_its_history() {
    let scratch = studio();
    let mut rules = "segments:\n  - id: first\n    when: yes\n".to_owned();
    scratch.rules(&rules);
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", &rules);
    crate::people::expect_hints(&mut editor, &["0"]);
    let rename = |editor: &mut Editor, rules: &mut String, old: &str, new: &str| {
        let mut params = editor.position("rules/all.yaml", rules, old);
        params["newName"] = json!(new);
        let answer = editor.ask("textDocument/rename", params).unwrap();
        let edits = &answer["changes"][editor.uri("rules/all.yaml")];
        *rules = Editor::edited(rules, edits);
        scratch.rules(rules.as_str());
        editor.write("rules/all.yaml", rules);
    };
    scratch.expect(0, &["run"]);
    rename(&mut editor, &mut rules, "first", "second");
    assert!(rules.contains("id: second\n    was: first\n"), "{rules}");
    // Counted as it is now, which nobody has published.
    crate::people::expect_hints(&mut editor, &["0"]);
    // Back again, and there is nothing to say of it.
    rename(&mut editor, &mut rules, "second", "first");
    assert_eq!(rules, "segments:\n  - id: first\n    when: yes\n");
    crate::people::expect_hints(&mut editor, &["0"]);
    rename(&mut editor, &mut rules, "first", "second");
    crate::people::expect_hints(&mut editor, &["0"]);
    rename(&mut editor, &mut rules, "second", "third");
    assert!(rules.contains("id: third\n    was: first\n"), "{rules}");
    scratch.expect(0, &["run"]);
    editor.tell(
        "textDocument/didSave",
        json!({ "textDocument": { "uri": editor.uri("rules/all.yaml") } }),
    );
    crate::people::expect_published(&mut editor, &rules, "third");
    rename(&mut editor, &mut rules, "third", "fourth");
    assert!(rules.contains("id: fourth\n    was: third\n"), "{rules}");
    editor.end();
}

/// Where nobody asks the results, what a segment was stays: it may be the id that has run.
#[test]
fn a_rename_in_an_untrusted_folder_leaves_what_a_segment_was() {
    let scratch = studio();
    let rules = "segments:\n  - id: second\n    was: first\n    when: yes\n";
    scratch.rules(rules);
    let mut editor = Editor::with(&scratch, json!({ "trusted": false }), json!({}));
    editor.open("rules/all.yaml", rules);
    let mut params = editor.position("rules/all.yaml", rules, "second");
    params["newName"] = json!("third");
    let answer = editor.ask("textDocument/rename", params).unwrap();
    let edits = &answer["changes"][editor.uri("rules/all.yaml")];
    let renamed = Editor::edited(rules, edits);
    assert_eq!(renamed, rules.replace("second", "third"));
    editor.end();
}

#[test]
fn a_name_that_has_a_meaning_is_refused() {
    let scratch = studio();
    let mut editor = opened(&scratch);
    for (needle, new) in [
        ("often:", "visits"),
        ("often:", "visits_30d"),
        ("often:", "two words"),
        ("often:", "and"),
        ("often:", "null"),
        ("regulars  ", "others"),
        ("regulars  ", "null"),
    ] {
        let refused = renamed(&mut editor, needle, new);
        assert_eq!(
            refused,
            Err(lsp_server::ErrorCode::RequestFailed as i32),
            "{new}"
        );
    }
    editor.end();
}

#[test]
fn an_outline_has_the_segments_by_bucket() {
    let scratch = studio();
    let mut editor = opened(&scratch);
    let document = json!({ "textDocument": { "uri": editor.uri("rules/all.yaml") } });
    let answer = editor
        .ask("textDocument/documentSymbol", document.clone())
        .unwrap();
    let names = |list: &Value| -> Vec<String> {
        let list = list.as_array().unwrap().iter();
        list.map(|one| one["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(&answer), ["buckets", "metrics", "segments"]);
    assert_eq!(names(&answer[1]["children"]), ["visits_30d", "often"]);
    assert_eq!(names(&answer[2]["children"]), ["Loyal", "broken"]);
    assert_eq!(
        names(&answer[2]["children"][0]["children"]),
        ["regulars", "others"]
    );
    let folds = editor
        .ask("textDocument/foldingRange", document.clone())
        .unwrap();
    let lines = |fold: &Value| (fold["startLine"].as_u64(), fold["endLine"].as_u64());
    let folds: Vec<_> = folds.as_array().unwrap().iter().map(lines).collect();
    assert!(folds.contains(&(Some(5), Some(7))), "{folds:?}");
    let mut params = document;
    params["positions"] = json!([{ "line": 7, "character": 12 }]);
    let answer = editor.ask("textDocument/selectionRange", params).unwrap();
    let range = &answer[0]["range"];
    assert_eq!(range["start"], json!({ "line": 7, "character": 10 }));
    assert_eq!(answer[0]["parent"]["range"]["start"]["character"], 4);
    editor.end();
}

/// A text below `|` ends with its last line, before the next key and the next item.
#[test]
fn a_fold_ends_where_its_text_ends() {
    let scratch = studio();
    let text = "\
segments:
  - id: a
    when: |
      yes
      and yes
    importance: 3
  - id: b
    when: >-
      yes
      and yes

  - id: c
    when: yes
";
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", text);
    let document = json!({ "textDocument": { "uri": editor.uri("rules/all.yaml") } });
    let folds = editor
        .ask("textDocument/foldingRange", document.clone())
        .unwrap();
    let lines = |fold: &Value| {
        (
            fold["startLine"].as_u64().unwrap(),
            fold["endLine"].as_u64().unwrap(),
        )
    };
    let folds: Vec<_> = folds.as_array().unwrap().iter().map(lines).collect();
    assert_eq!(
        folds,
        [
            (0, 12),
            (1, 5),
            (2, 4),
            (3, 4),
            (6, 9),
            (7, 9),
            (8, 9),
            (11, 12)
        ]
    );
    let symbols = editor
        .ask("textDocument/documentSymbol", document.clone())
        .unwrap();
    let items = symbols[0]["children"].as_array().unwrap().iter();
    let ends: Vec<_> = items.map(|item| item["range"]["end"].clone()).collect();
    assert_eq!(ends[1], json!({ "line": 9, "character": 13 }));
    let mut params = document;
    params["positions"] = json!([{ "line": 4, "character": 8 }]);
    let chosen = editor.ask("textDocument/selectionRange", params).unwrap();
    assert_eq!(
        chosen[0]["range"]["end"],
        json!({ "line": 4, "character": 13 })
    );
    editor.end();
}

#[test]
fn words_of_conditions_have_colours() {
    let scratch = studio();
    let mut editor = opened(&scratch);
    let document = json!({ "textDocument": { "uri": editor.uri("rules/all.yaml") } });
    let answer = editor
        .ask("textDocument/semanticTokens/full", document)
        .unwrap();
    let data: Vec<usize> = serde_json::from_value(answer["data"].clone()).unwrap();
    let lines: Vec<&str> = RULES.lines().collect();
    let legend = [
        "keyword", "function", "variable", "property", "string", "number", "operator",
    ];
    let (mut line, mut from) = (0, 0);
    let mut words = Vec::new();
    for token in data.chunks(5) {
        line += token[0];
        from = token[1] + if token[0] == 0 { from } else { 0 };
        let word = &lines[line][from..from + token[2]];
        words.push(format!("{word}:{}", legend[token[3]]));
    }
    assert_eq!(
        words[..6],
        [
            "count:function",
            "visits:variable",
            "in:keyword",
            "last:keyword",
            "30:number",
            "days:keyword"
        ]
    );
    assert_eq!(words.last().unwrap(), ">:operator", "{words:?}");
    editor.end();
}

/// Somebody is known in their file alone.
#[test]
fn a_person_of_a_test_file_leads_to_what_is_given_of_them() {
    let scratch = studio();
    let mut editor = Editor::new(&scratch);
    let text = "now: 2026-03-15 06:00\ngiven:\n  anna: {}\ncrowd: { copies_of: anna, count: 2 }\ntests:\n  - { name: a, person: anna, not_in: others }\n";
    editor.open("rules/tests/a.yaml", text);
    editor.open("rules/tests/b.yaml", text);
    let mut params = editor.position("rules/tests/a.yaml", text, "anna, not_in");
    let found = editor
        .ask("textDocument/definition", params.clone())
        .unwrap();
    assert_eq!(found.as_array().unwrap().len(), 1, "{found}");
    assert_eq!(found[0]["uri"], editor.uri("rules/tests/a.yaml"));
    assert_eq!(
        found[0]["range"]["start"],
        json!({ "line": 2, "character": 2 })
    );
    params["context"] = json!({ "includeDeclaration": true });
    let found = editor
        .ask("textDocument/references", params.clone())
        .unwrap();
    assert_eq!(found.as_array().unwrap().len(), 3, "{found}");
    params["newName"] = json!("annabel");
    let why = editor.refusal("textDocument/rename", params);
    assert!(why.contains("rename them by hand"), "{why}");
    editor.end();
}
