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
    for (only, is_fix) in [
        ("quickfix", true),
        ("", true),
        ("refactor", false),
        ("source.fixAll", false),
    ] {
        let params = json!({ "textDocument": { "uri": uri }, "range": everywhere(),
            "context": { "diagnostics": [], "only": [only] } });
        let answer = editor.ask("textDocument/codeAction", params).unwrap();
        let is_there = answer.as_array().is_some_and(|actions| !actions.is_empty());
        assert_eq!(is_there, is_fix, "{only}");
    }
    editor.write("rules/rules.yaml", &now);
    let fixes = actions(&mut editor, everywhere());
    assert!(
        !fixes.iter().any(|fix| fix["title"] == "write `visits`"),
        "{fixes:#?}"
    );
    let elsewhere =
        json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 3 } });
    assert_eq!(actions(&mut editor, elsewhere), Vec::<Value>::new());
    // What the editor shows in the line is asked for with it.
    editor.write("rules/rules.yaml", RULES);
    editor.until(|e| {
        let mut found = e.findings("rules/rules.yaml").into_iter();
        found.any(|f| f["message"].as_str().unwrap().contains("vists"))
    });
    let end = json!({ "line": 3, "character": 54 });
    let params = json!({
        "textDocument": { "uri": uri },
        "range": { "start": end, "end": end },
        "context": { "diagnostics": editor.shown[&uri] },
    });
    let fixes = editor.ask("textDocument/codeAction", params).unwrap();
    assert_eq!(fixes[0]["title"], "write `visits`", "{fixes:#}");
}

#[test]
fn formatting_is_that_of_fmt_and_leaves_what_is_no_yaml() {
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
    // A finding tells of it already.
    assert_eq!(
        editor.ask("textDocument/formatting", params),
        Ok(Value::Null)
    );
}

/// Other programs' files are theirs, wherever they lie.
#[test]
fn only_files_of_muster_are_formatted() {
    let studio = studio();
    let mut editor = Editor::new(&studio);
    let uri = editor.uri(".github/w.yaml");
    for uri in [uri.as_str(), "file:///etc/other.yaml"] {
        let item = json!({ "uri": uri, "languageId": "yaml", "version": 1, "text": RULES });
        editor.tell("textDocument/didOpen", json!({ "textDocument": item }));
        let params = json!({
            "textDocument": { "uri": uri },
            "options": { "tabSize": 2, "insertSpaces": true },
        });
        assert_eq!(
            editor.ask("textDocument/formatting", params),
            Ok(Value::Null)
        );
    }
    editor.end();
}

/// What a help names is offered only where the files can be read with it.
#[test]
fn what_would_be_wrong_is_not_offered() {
    let studio = studio();
    studio.sql("insert into payments (client_id, status, paid_at) values (1, 'Paid', '2026-01-02 03:04:05')");
    let mut editor = Editor::new(&studio);
    for (when, fixed) in [
        (
            r#"exists(payments where status = "paid")"#,
            vec![r#"exists(payments where status = "Paid")"#],
        ),
        (
            r#"'exists(payments where status = "paid")'"#,
            vec![r#"'exists(payments where status = "Paid")'"#],
        ),
        (
            r#""exists(payments where status = \"paid\")""#,
            vec![r#""exists(payments where status = \"Paid\")""#],
        ),
        ("visits-30d > 8", vec![]),
    ] {
        let text = format!("segments:\n  - id: a\n    when: {when}\n");
        editor.open("rules/rules.yaml", &text);
        editor.until(|e| !e.findings("rules/rules.yaml").is_empty());
        let uri = editor.uri("rules/rules.yaml");
        let actions = actions(&mut editor, everywhere()).into_iter();
        let written = actions.filter(|one| one["title"].as_str().unwrap().starts_with("write"));
        let now: Vec<String> = written
            .map(|one| Editor::edited(&text, &one["edit"]["changes"][&uri]))
            .collect();
        let expected: Vec<String> = fixed
            .iter()
            .map(|fixed| text.replace(when, fixed))
            .collect();
        assert_eq!(now, expected);
        let closed = json!({ "textDocument": { "uri": uri } });
        editor.tell("textDocument/didClose", closed);
        editor.until(|e| e.findings("rules/rules.yaml").is_empty());
    }
    editor.end();
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

/// One answer has the fixes of all findings in its range, each by itself. What only differs in digits may be meant.
#[test]
fn many_findings_have_their_fixes_at_once() {
    let studio = studio();
    let mut editor = Editor::new(&studio);
    let segments = (0..40).map(|at| format!("  - {{ id: s{at}, when: count(vists) > {at} }}\n"));
    let rules = format!(
        "metrics:\n  spent_60d: sum(payments.amount in last 60 days)\nsegments:\n  - {{ id: other, when: spent_90d > 3 }}\n{}",
        segments.collect::<String>()
    );
    editor.open("rules/rules.yaml", &rules);
    let fixes = actions(&mut editor, everywhere());
    let preferred = |title: &str| -> Vec<bool> {
        let titled = fixes.iter().filter(|fix| fix["title"] == title);
        titled.map(|fix| fix["isPreferred"] == true).collect()
    };
    assert_eq!(preferred("write `visits`"), [true; 40]);
    assert_eq!(preferred("write `spent_60d`"), [false]);
    editor.end();
}
