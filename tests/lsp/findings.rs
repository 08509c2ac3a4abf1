//! What is shown is what `check` and `test` say of the same texts.

use std::path::Path;

use serde_json::{Value, json};

use crate::editor::Editor;
use crate::support::cases;
use crate::support::compiled::{CONFIG, TABLES};
use crate::support::scratch::Scratch;

const RULES: &str = "\
metrics:
  visits_30d: count(visits in last 30 days)
segments:
  - id: regulars
    bucket: Loyal
    when: visits_30d >= 3
";

/// A folder with a config, a rule file and an empty database.
pub fn studio() -> Scratch {
    let scratch = Scratch::around("studio.db");
    scratch.write("config.yaml", CONFIG);
    scratch.rules(RULES);
    scratch.sql(TABLES);
    scratch
}

/// What `check` says, seen from the folder itself; none where it cannot read the database.
fn check(scratch: &Scratch) -> Option<Vec<Value>> {
    let config = scratch.folder().canonicalize().unwrap().join("config.yaml");
    let said = scratch.muster(&[
        "check",
        "--format",
        "json",
        "--config",
        config.to_str().unwrap(),
    ]);
    (said.code != 3).then(|| said.json().as_array().unwrap().clone())
}

/// All that an editor shows, by file as `check` sorts it; what stands in no file is shown in config.
fn shown(editor: &Editor) -> Vec<Value> {
    let entries = editor.shown.values().flatten();
    let mut entries: Vec<Value> = entries.filter_map(|d| d.get("data").cloned()).collect();
    entries.sort_by_key(Value::to_string);
    entries
}

#[test]
fn findings_are_those_of_check_over_all_cases() {
    let mut wrong = Vec::new();
    for case in cases::all() {
        let scratch = Scratch::around("studio.db");
        copy(&case.folder, &case.folder, &scratch);
        scratch.write("config.yaml", case.read_or("config.yaml", CONFIG));
        scratch.sql(&case.read_or("schema.sql", TABLES));
        let Some(mut expected) = check(&scratch) else {
            continue;
        };
        expected.sort_by_key(Value::to_string);
        let mut editor = Editor::new(&scratch);
        let began = std::time::Instant::now();
        while shown(&editor) != expected && began.elapsed().as_secs() < 5 {
            editor.listen(std::time::Duration::from_millis(20));
        }
        if shown(&editor) != expected {
            let (shown, folder) = (json!(shown(&editor)), case.folder.display());
            wrong.push(format!("{folder}\n{:#}\n{shown:#}", json!(expected)));
        }
        editor.end();
    }
    assert!(wrong.is_empty(), "{} {}", wrong.len(), wrong.join("\n"));
}

/// Writes all that lies in a folder.
pub fn copy(folder: &Path, root: &Path, to: &Scratch) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => copy(&path, root, to),
            false => to.write(
                path.strip_prefix(root).unwrap().to_str().unwrap(),
                std::fs::read(&path).unwrap(),
            ),
        }
    }
}

#[test]
fn what_is_typed_counts_before_it_is_saved() {
    let scratch = studio();
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", RULES);
    let wrong = RULES.replace(">= 3", ">= three");
    editor.write("rules/all.yaml", &wrong);
    editor.until(|e| !e.findings("rules/all.yaml").is_empty());
    scratch.rules(&wrong);
    assert_eq!(Some(editor.findings("rules/all.yaml")), check(&scratch));
    scratch.rules(RULES);
    editor.write("rules/all.yaml", RULES);
    editor.until(|e| e.findings("rules/all.yaml").is_empty());
    editor.end();
}

#[test]
fn a_new_file_counts_before_it_is_on_the_disk() {
    let scratch = studio();
    let mut editor = Editor::new(&scratch);
    editor.open("rules/new.yaml", RULES);
    editor.until(|e| {
        e.codes("rules/new.yaml")
            .contains(&"duplicate-id".to_owned())
    });
    let closed = json!({ "textDocument": { "uri": editor.uri("rules/new.yaml") } });
    editor.tell("textDocument/didClose", closed);
    editor.until(|e| e.codes("rules/new.yaml").is_empty());
    editor.end();
}

#[test]
fn the_other_end_of_a_duplicate_and_of_a_circle_are_related_places() {
    let scratch = studio();
    let mut editor = Editor::new(&scratch);
    editor.open(
        "rules/new.yaml",
        "segments:\n  - { id: regulars, when: yes }\n",
    );
    editor.until(|e| {
        e.codes("rules/new.yaml")
            .contains(&"duplicate-id".to_owned())
    });
    let shown = editor.shown[&editor.uri("rules/new.yaml")][0].clone();
    let first = json!({ "uri": editor.uri("rules/all.yaml"),
        "range": { "start": { "line": 3, "character": 8 }, "end": { "line": 3, "character": 16 } } });
    let related = json!([{ "location": first, "message": "the first one" }]);
    assert_eq!(shown["relatedInformation"], related);
    let circle = "metrics: { a: b + 1, b: a + 1 }\n";
    editor.write("rules/new.yaml", circle);
    editor.until(|e| e.codes("rules/new.yaml") == ["circle"]);
    let shown = editor.shown[&editor.uri("rules/new.yaml")][0].clone();
    let related = &shown["relatedInformation"][0];
    assert_eq!(related["message"], "needs metric `a`");
    assert_eq!(related["location"]["range"]["start"]["character"], 24);
    // `check` tells the same places, in the terminal and for programs.
    scratch.write("rules/new.yaml", circle);
    let told = check(&scratch).unwrap();
    assert_eq!(told[0]["related"][0]["column"], 25);
    let words = scratch.muster(&["check"]).err;
    assert!(words.contains("- needs metric `a`"), "{words}");
    editor.end();
}

/// Whichever of the two files is open: the order of their names decides which has the second one, and no person.
#[test]
fn a_name_that_two_files_give_is_shown_in_both() {
    let scratch = studio();
    let mut editor = Editor::new(&scratch);
    editor.open(
        "rules/zoo.yaml",
        "segments:\n  - { id: regulars, when: yes }\n",
    );
    for (name, other) in [
        ("rules/zoo.yaml", "all.yaml"),
        ("rules/all.yaml", "zoo.yaml"),
    ] {
        let uri = editor.uri(name);
        editor.until(|e| e.shown.get(&uri).is_some_and(|shown| shown.len() == 1));
        let shown = &editor.shown[&uri][0];
        assert_eq!(shown["code"], "duplicate-id");
        let related = shown["relatedInformation"][0]["location"]["uri"].as_str();
        assert!(related.unwrap().ends_with(other), "{shown}");
    }
    // Within one file the other one is in sight.
    editor.open(
        "rules/zoo.yaml",
        "segments:\n  - { id: two, when: yes }\n  - { id: two, when: yes }\n",
    );
    let (first, second) = (editor.uri("rules/all.yaml"), editor.uri("rules/zoo.yaml"));
    editor.until(|e| e.shown[&first].is_empty() && e.shown[&second].len() == 1);
    editor.end();
}

/// Whoever writes rules where no run reads them is told so where they write.
#[test]
fn a_rule_file_in_the_wrong_place_says_so_itself() {
    let scratch = studio();
    let mut editor = Editor::new(&scratch);
    for name in ["other.yaml", "rules/sub/x.yaml"] {
        editor.open(name, "segments: [{ id: new, when: yes }]\n");
        let uri = editor.uri(name);
        editor.until(|e| {
            let said = json!(e.shown.get(&uri)).to_string();
            said.contains("no run reads this file: `rules:` of config is `rules/*.yaml`")
        });
        // Another program's.
        editor.write(name, "services: []\n");
        editor.until(|e| e.shown[&uri].is_empty());
    }
    // Another project has runs of its own.
    let wrong = "segments: [{ id: new, when: yes }]\n";
    scratch.write("other/config.yaml", CONFIG);
    editor.open("other/rules/x.yaml", wrong);
    editor.write("other.yaml", wrong);
    let uri = editor.uri("other.yaml");
    editor.until(|e| !e.shown[&uri].is_empty());
    let of_other = editor.shown.get(&editor.uri("other/rules/x.yaml"));
    assert!(of_other.is_none_or(Vec::is_empty), "{of_other:?}");
    editor.end();
}

#[test]
fn test_files_are_held_against_the_rules() {
    let scratch = studio();
    let mut editor = Editor::new(&scratch);
    let test = "\
now: 2026-03-15 06:00
given:
  anna: {}
tests:
  - name: a regular
    person: anna
    in: nobody
";
    editor.open("rules/tests/a.yaml", test);
    editor.until(|e| e.codes("rules/tests/a.yaml") == ["unknown-segment"]);
    editor.write("rules/tests/a.yaml", &test.replace("nobody", "regulars"));
    editor.until(|e| e.codes("rules/tests/a.yaml").is_empty());
    editor.end();
}

#[test]
fn a_finding_leads_to_the_page_of_its_code() {
    let scratch = studio();
    let mut editor = Editor::new(&scratch);
    editor.open(
        "rules/all.yaml",
        &RULES.replace("visits_30d >=", "visit_30d >="),
    );
    editor.until(|e| e.codes("rules/all.yaml") == ["unknown-name"]);
    let shown = &editor.shown[&editor.uri("rules/all.yaml")][0];
    assert_eq!(shown["code"], "unknown-name");
    let message = shown["message"].as_str().unwrap();
    assert!(message.contains("help: "), "{message}");
    let page = shown["codeDescription"]["href"].clone();
    let text = editor
        .ask("workspace/textDocumentContent", json!({ "uri": page }))
        .unwrap();
    let page = std::fs::read_to_string("docs/codes/unknown-name.md").unwrap();
    assert_eq!(text["text"], page);
    editor.end();
}

#[test]
fn an_untrusted_folder_is_read_as_texts_alone() {
    let scratch = studio();
    let outside = Scratch::new();
    outside.write("names.csv", "17\n");
    let list = format!(
        "{CONFIG}\nlists:\n  vips: {{ file: {} }}\nmail:\n  from: ${{NOBODY_SET_THIS}}\n  file: out\n",
        outside.path("names.csv").display()
    );
    let mut editor = Editor::with(&scratch, json!({}), json!({}));
    editor.open("config.yaml", &list);
    editor.open(
        "rules/all.yaml",
        &RULES.replace("visits_30d >= 3", "no_such_column >= (3"),
    );
    editor.until(|e| e.codes("rules/all.yaml") == ["unclosed-parenthesis"]);
    let codes = editor.codes("config.yaml");
    assert!(!codes.contains(&"unset-variable".to_owned()), "{codes:?}");
    let shown = &editor.shown[&editor.uri("config.yaml")];
    let says = |word: &str| {
        shown
            .iter()
            .any(|d| d["message"].as_str().unwrap().contains(word))
    };
    assert!(says("not trusted yet"), "{shown:?}");
    // The same, trusted: now the columns count.
    editor.write("config.yaml", CONFIG);
    editor.write(
        "rules/all.yaml",
        &RULES.replace("visits_30d >= 3", "no_such_column >= 3"),
    );
    editor.until(|e| e.codes("rules/all.yaml").is_empty());
    let settings = json!({ "settings": { "muster": { "trusted": true } } });
    editor.tell("workspace/didChangeConfiguration", settings);
    editor.until(|e| e.codes("rules/all.yaml") == ["unknown-name"]);
    editor.end();
}

#[test]
fn where_the_database_is_not_there_the_texts_are_checked() {
    let scratch = studio();
    std::fs::remove_file(scratch.database()).unwrap();
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", &RULES.replace(">= 3", ">="));
    editor.until(|e| !e.codes("rules/all.yaml").is_empty());
    let shown = &editor.shown[&editor.uri("config.yaml")];
    assert!(
        shown[0]["message"].as_str().unwrap().contains("studio.db"),
        "{shown:?}"
    );
    editor.end();
}

#[test]
fn without_a_config_the_editor_is_told_how_to_make_one() {
    let scratch = Scratch::new();
    scratch.rules(RULES);
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", RULES);
    editor.until(|e| e.codes("config.yaml") == ["file-unreadable"]);
    let help = editor.findings("config.yaml")[0]["help"].clone();
    assert!(help.as_str().unwrap().contains("muster init"), "{help}");
    editor.end();
}
