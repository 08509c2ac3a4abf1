//! What takes time holds nothing else up, and what has waited is never answered for another text.

use std::cell::{Cell, RefCell};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use lsp_server::ErrorCode;
use serde_json::{Value, json};

use crate::editor::Editor;
use crate::findings::studio;
use crate::people::{RULES, expect_hints, people};

/// A server that takes every connection and says nothing.
fn mute() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let database = format!("database: postgres://someone@127.0.0.1:{port}/there");
    (listener, database)
}

#[test]
fn a_database_that_does_not_answer_holds_no_finding_up() {
    let scratch = studio();
    let (_listener, database) = mute();
    let config = scratch.read("config.yaml");
    let line = config.lines().find(|l| l.starts_with("database:")).unwrap();
    scratch.write("config.yaml", config.replace(line, &database));
    let mut editor = Editor::new(&scratch);
    let rules = "segments:\n  - { id: a, when: yes }\n";
    editor.open("rules/all.yaml", rules);
    // The server gives up on the database after ten seconds and more.
    for (wrong, code) in [
        ("yes and (", "unclosed-parenthesis"),
        ("frobnicate(1) > 2", "unknown-function"),
    ] {
        let began = Instant::now();
        editor.write("rules/all.yaml", &rules.replace("yes", wrong));
        editor.until(|e| e.codes("rules/all.yaml") == [code]);
        let params = editor.position("rules/all.yaml", rules, "a,");
        let found = editor.ask("textDocument/definition", params).unwrap();
        assert!(!found.is_null());
        assert!(
            began.elapsed() < Duration::from_secs(5),
            "{:?}",
            began.elapsed()
        );
    }
    let is_told = |e: &Editor| {
        let mut shown = e.shown.values().flatten();
        shown.any(|d| {
            d["message"]
                .as_str()
                .unwrap()
                .contains("has not answered yet")
        })
    };
    editor.until(is_told);
    // And in the end it is said why.
    editor.until(|e| !is_told(e));
    assert_eq!(editor.codes("rules/all.yaml"), ["unknown-function"]);
    editor.end();
}

/// Asked of one text, and before there is an answer another one is typed.
#[test]
fn what_waits_is_not_answered_for_another_text() {
    let scratch = studio();
    let mut editor = Editor::new(&scratch);
    let text = "metrics:\n  aaa: count(visits)\n  bbb: count(payments)\n";
    editor.open("rules/new.yaml", text);
    let mut params = editor.position("rules/new.yaml", text, "bbb");
    params["newName"] = json!("ccc");
    let id = editor.send("textDocument/rename", params.clone());
    let start = json!({ "line": 1, "character": 0 });
    editor.edit(
        "rules/new.yaml",
        json!([{ "range": { "start": start, "end": start }, "text": "  zzz: 1\n" }]),
    );
    assert_eq!(editor.answer(&id), Err(ErrorCode::ContentModified as i32));
    // Another file may change meanwhile: the places stay what they are.
    editor.open("rules/other.yaml", "");
    params["position"]["line"] = json!(3);
    let id = editor.send("textDocument/rename", params);
    editor.write("rules/other.yaml", "metrics:\n  ddd: bbb\n");
    let edit = editor.answer(&id).unwrap();
    assert!(edit.to_string().contains("ccc"), "{edit}");
    editor.end();
}

/// An editor that can is told which version of each text the edits are for.
#[test]
fn edits_say_for_which_version_they_are() {
    let scratch = studio();
    let can = json!({ "workspace": { "workspaceEdit": { "documentChanges": true } } });
    let mut editor = Editor::with(&scratch, json!({ "trusted": true }), can);
    let text = "segments:\n  - { id: mine, when: count(vists) > 3 and in segment regulars }\n";
    editor.open("rules/new.yaml", "");
    editor.write("rules/new.yaml", text);
    let mut params = editor.position("rules/new.yaml", text, "regulars");
    params["newName"] = json!("often_there");
    // What is wrong already stays wrong, and nothing else.
    let edit = editor.ask("textDocument/rename", params).unwrap();
    let mut versions: Vec<(String, Value)> = Vec::new();
    for change in edit["documentChanges"].as_array().unwrap() {
        let document = &change["textDocument"];
        let name = document["uri"].as_str().unwrap().rsplit('/').next();
        versions.push((name.unwrap().to_owned(), document["version"].clone()));
    }
    let expected = [("all.yaml", Value::Null), ("new.yaml", json!(2))];
    assert_eq!(
        versions,
        expected.map(|(name, version)| (name.to_owned(), version))
    );
    assert!(edit["changes"].is_null());
    let range =
        json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } });
    let params = json!({ "textDocument": { "uri": editor.uri("rules/new.yaml") },
        "range": range, "context": { "diagnostics": [] } });
    let fixes = editor.ask("textDocument/codeAction", params).unwrap();
    let change = &fixes[0]["edit"]["documentChanges"][0];
    assert_eq!(change["textDocument"]["version"], 2, "{fixes:#}");
    assert_eq!(change["edits"][0]["newText"], "visits");
    editor.end();
}

/// Findings come while somebody else has the database for themselves.
#[test]
fn a_locked_database_holds_no_finding_up() {
    let scratch = people();
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", RULES);
    expect_hints(&mut editor, &["2"]);
    let lock = rusqlite::Connection::open(scratch.database()).unwrap();
    lock.execute_batch("begin exclusive").unwrap();
    for round in 0..3 {
        // What is known of the database is asked anew after five seconds.
        editor.listen(Duration::from_secs(2 * round));
        let began = Instant::now();
        editor.write(
            "rules/all.yaml",
            &RULES.replace("name starts", &format!("nme_{round} starts")),
        );
        editor.until(|e| {
            e.findings("rules/all.yaml").iter().any(|f| {
                f["message"]
                    .as_str()
                    .unwrap()
                    .contains(&format!("nme_{round}"))
            })
        });
        let params = editor.position("rules/all.yaml", RULES, "= 1");
        editor.ask("textDocument/hover", params).unwrap();
        assert!(
            began.elapsed() < Duration::from_secs(4),
            "{:?}",
            began.elapsed()
        );
    }
    lock.execute_batch("rollback").unwrap();
    editor.write("rules/all.yaml", RULES);
    expect_hints(&mut editor, &["2"]);
    editor.end();
}

/// Another database is not asked behind one that says nothing.
#[test]
fn a_database_is_read_while_another_one_still_owes_an_answer() {
    let scratch = studio();
    let (_listener, database) = mute();
    let config = scratch.read("config.yaml");
    let line = config.lines().find(|l| l.starts_with("database:")).unwrap();
    let silent = config.replace(line, &database);
    let mut editor = Editor::new(&scratch);
    editor.open("config.yaml", &silent);
    editor.open(
        "rules/all.yaml",
        "segments: [{ id: a, when: nobody_there > 1 }]\n",
    );
    editor.until(|e| json!(e.shown).to_string().contains("has not answered yet"));
    let began = Instant::now();
    editor.write("config.yaml", &config);
    editor.until(|e| e.codes("rules/all.yaml") == ["unknown-name"]);
    assert!(
        began.elapsed() < Duration::from_secs(4),
        "{:?}",
        began.elapsed()
    );
    editor.end();
}

/// Typed right after the database had been asked, and right before it changes: no further edit is needed.
#[test]
fn what_the_database_changes_is_told_of_the_last_edit() {
    let scratch = people();
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", RULES);
    expect_hints(&mut editor, &["2"]);
    editor.write("rules/all.yaml", &format!("{RULES}# more\n"));
    expect_hints(&mut editor, &["2"]);
    scratch.sql("alter table clients rename column studio_id to place_id");
    editor.until(|e| e.codes("config.yaml").contains(&"unknown-name".to_owned()));
    editor.end();
}

/// However long a condition is: its text is looked through once.
#[test]
fn a_hover_in_a_long_condition_comes_at_once() {
    let scratch = studio();
    let mut editor = Editor::new(&scratch);
    let names: Vec<String> = (0..4_000).map(|n| format!("\"v{n}\"")).collect();
    let any: Vec<String> = (0..800).map(|n| format!("studio_id = {n}")).collect();
    for when in [format!("name in ({})", names.join(", ")), any.join(" or ")] {
        let text = format!("segments:\n  - id: a\n    when: {when}\n");
        editor.open("rules/all.yaml", &text);
        let params = editor.position("rules/all.yaml", &text, "when");
        // Compiled first.
        editor
            .ask("textDocument/definition", params.clone())
            .unwrap();
        let needle = if when.starts_with("name") {
            "v3000"
        } else {
            "= 700"
        };
        let params = editor.position("rules/all.yaml", &text, needle);
        let began = Instant::now();
        for feature in ["hover", "documentHighlight"] {
            let answer = editor.ask(&format!("textDocument/{feature}"), params.clone());
            assert!(answer.is_ok(), "{feature}");
        }
        assert!(
            began.elapsed() < Duration::from_secs(5),
            "{:?}",
            began.elapsed()
        );
    }
    editor.end();
}

/// What the data showed stands where it was until the data is looked at again: it does not go out and come back with each key.
#[test]
fn findings_of_the_data_stay_on_lines_that_are_the_same() {
    let scratch = people();
    // Looking at it takes a while, and few names are listed whole.
    scratch.sql(
        "insert into clients (id, name) with recursive n (i) as \
         (select 10 union all select i + 1 from n where i < 100000) select i, 'Client ' || i % 100 from n",
    );
    let mut editor = Editor::new(&scratch);
    let text = RULES.replace("name starts with \"A\"", "name = \"Nobody\"");
    let text = format!("{text}  - id: others\n    when: studio_id = 2\n");
    editor.open("rules/all.yaml", &text);
    editor.until(|e| e.codes("rules/all.yaml") == ["absent-value"]);
    let uri = editor.uri("rules/all.yaml");
    for lines in 1..6 {
        let edited = format!("{}{text}", "# More.\n".repeat(lines));
        editor.write("rules/all.yaml", &edited);
        let least = Cell::new(1);
        editor.until(|e| {
            let shown = &e.shown[&uri];
            least.set(least.get().min(shown.len()));
            let is_moved = |one: &Value| one["range"]["start"]["line"] == 2 + lines;
            shown.len() == 1 && shown.iter().all(is_moved)
        });
        assert_eq!(least.get(), 1);
    }
    // Of a line that is another one nobody knows before.
    editor.write("rules/all.yaml", &text.replace("Nobody", "Nobodi"));
    let said = RefCell::new(Vec::new());
    editor.until(|e| {
        let words = json!(e.shown[&uri]).to_string();
        let is_there = words.contains("Nobodi");
        said.borrow_mut().push(words);
        is_there
    });
    let said = said.into_inner();
    let known = said.iter().skip_while(|words| words.contains("Nobody"));
    assert!(
        known.clone().all(|words| !words.contains("Nobody")),
        "{said:?}"
    );
    assert!(known.count() > 0);
    editor.end();
}

/// The same line means something else where what is around it or what it names is another one; and what was found in older
/// texts is no reason to write anything.
#[test]
fn a_finding_of_the_data_goes_with_what_it_is_about() {
    let scratch = people();
    // Looking at it takes a while.
    scratch.sql(
        "insert into reservations (client_id, reserved_at, source) \
         with recursive n (i) as (select 1 union all select i + 1 from n where i < 1000000) \
         select 1 + i % 3, '2026-01-02 10:00:00', 'web' from n; \
         insert into payments (client_id, paid_at, amount, status) \
         select id, '2026-01-02 10:00:00', 5, 'paid' from clients; \
         insert into packages (client_id, purchased_at, product) \
         select id, '2026-01-02 10:00:00', 'mats' from clients",
    );
    let mut editor = Editor::new(&scratch);
    let rules = "segments:\n  - id: soho\n    when: |\n      studio_id = 1 and\n      exists(packages where product = \"mat\")\n  \
                 - id: payers\n    when: exists(payments where status = \"pad\")\n";
    let config = scratch.read("config.yaml");
    editor.open("rules/all.yaml", rules);
    editor.open("config.yaml", &config);
    let range =
        json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
    let params = json!({ "textDocument": { "uri": editor.uri("rules/all.yaml") },
        "range": range, "context": { "diagnostics": [] } });
    let fixed = |editor: &mut Editor| {
        let actions = editor.ask("textDocument/codeAction", params.clone());
        let actions = actions.unwrap().as_array().cloned().unwrap_or_default();
        let titles = actions.iter().map(|action| action["title"].as_str());
        titles
            .filter(|title| *title == Some("allow `absent-value` here"))
            .count()
    };
    let in_rules = |from: &str, to: &str| ("rules/all.yaml", rules.replacen(from, to, 1));
    let in_config = |from: &str, to: &str| ("config.yaml", config.replacen(from, to, 1));
    for ((name, edited), lines) in [
        (in_rules("segments:", "# More.\nsegments:"), &[5, 7][..]),
        (in_rules("id: payers", "id: others"), &[4, 6]),
        (in_rules("1 and", "1 or"), &[6]),
        // More of the same condition.
        (in_rules("mat\")", "mat\")\n      or studio_id = 2"), &[7]),
        (
            in_config("table: interests", "where: id > 0, table: interests"),
            &[4, 6],
        ),
        (
            in_config("at: paid_at", "at: paid_at, where: amount > 1"),
            &[4],
        ),
        (in_config("label: name", "label: birthday"), &[]),
    ] {
        editor.write("rules/all.yaml", rules);
        editor.write("config.yaml", &config);
        let began = Instant::now();
        while fixed(&mut editor) != 2 {
            assert!(began.elapsed() < Duration::from_secs(60), "{edited}");
            editor.listen(Duration::from_millis(20));
        }
        editor.write(name, &edited);
        // What is told at first.
        let fixed = fixed(&mut editor);
        let shown = editor.findings("rules/all.yaml").into_iter();
        let shown = shown.filter(|finding| finding["code"] == "absent-value");
        let shown: Vec<u64> = shown.map(|f| f["line"].as_u64().unwrap() - 1).collect();
        assert_eq!((shown.as_slice(), fixed), (lines, 0), "{edited}");
    }
    editor.end();
}
