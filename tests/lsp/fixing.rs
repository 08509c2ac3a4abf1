//! Fixes and formatting in the editor are those of `check --fix` and `fmt`.

use serde_json::{Value, json};

use crate::editor::Editor;
use crate::findings::studio;

const RULES: &str = "\
segments:
  - id: größe
    name: \"𝕏 and ö\"
    when: count(vists in last 30 days)>3 and budget > 1
";

fn actions(editor: &mut Editor, range: Value) -> Vec<Value> {
    let params = json!({
        "textDocument": { "uri": editor.uri("rules/rules.yaml") },
        "range": range.clone(),
        "context": { "diagnostics": [] },
    });
    let actions = editor.ask("textDocument/codeAction", params).unwrap();
    let shown = &editor.shown;
    actions
        .as_array()
        .unwrap_or_else(|| panic!("{range}: {shown:#?}"))
        .clone()
}

fn everywhere() -> Value {
    json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } })
}

#[test]
fn a_quick_fix_writes_what_the_help_says() {
    let studio = studio();
    let mut editor = Editor::new(&studio);
    editor.open("rules/rules.yaml", RULES);
    let fixes = actions(&mut editor, everywhere());
    let fix = fixes.iter().find(|fix| fix["title"] == "write `visits`");
    let fix = fix.unwrap_or_else(|| panic!("{fixes:#?}"));
    assert_eq!(fix["isPreferred"], true);
    let uri = editor.uri("rules/rules.yaml");
    let now = Editor::edited(RULES, &fix["edit"]["changes"][&uri]);
    assert_eq!(now, RULES.replace("vists", "visits"));
    editor.write("rules/rules.yaml", &now);
    let fixes = actions(&mut editor, everywhere());
    assert!(
        !fixes.iter().any(|fix| fix["title"] == "write `visits`"),
        "{fixes:#?}"
    );
    let elsewhere =
        json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 3 } });
    assert_eq!(actions(&mut editor, elsewhere), Vec::<Value>::new());
}

#[test]
fn formatting_is_that_of_fmt_and_refuses_what_is_no_yaml() {
    let studio = studio();
    let mut editor = Editor::new(&studio);
    editor.open("rules/rules.yaml", RULES);
    let params = json!({
        "textDocument": { "uri": editor.uri("rules/rules.yaml") },
        "options": { "tabSize": 2, "insertSpaces": true },
    });
    let edits = editor
        .ask("textDocument/formatting", params.clone())
        .unwrap();
    let now = Editor::edited(RULES, &edits);
    assert_eq!(now, RULES.replace(")>3", ") > 3"));
    editor.write("rules/rules.yaml", "segments:\n  - id: a\n when: b\n");
    assert!(editor.ask("textDocument/formatting", params).is_err());
}

/// Where a text has `${`, nobody can tell where its other parts stand, and a fix of one would take the place of all.
#[test]
fn a_text_with_a_variable_is_left_to_people() {
    let studio = studio();
    let config = studio.read("config.yaml");
    let health = "health:\n  factors:\n    - { id: often, value: count(visits), zero: 0, full: 9, \
                  reason: \"$${of} {valu} times\" }\n";
    let config = format!("{config}\n{health}");
    studio.write("config.yaml", &config);
    let found = studio.muster(&["check", "--format", "json"]).json();
    let found = found.as_array().unwrap().iter();
    let found = found.filter(|f| f["file"] == "config.yaml" && f["severity"] == "error");
    let found: Vec<_> = found.collect();
    assert!(!found.is_empty());
    assert!(found.iter().all(|f| f["fixes"] == json!([])), "{found:#?}");
    studio.muster(&["check", "--fix"]);
    assert_eq!(studio.read("config.yaml"), config);
}
