//! What a folder that is not trusted, or not any more, can reach; and what nobody is to see.

use std::time::Duration;

use lsp_server::ErrorCode;
use muster::source::Sources;
use serde_json::{Value, json};

use crate::editor::Editor;
use crate::findings::studio;
use crate::people::{RULES, expect_hints, hints, people};

fn settings(editor: &Editor, ours: Value) {
    let params = json!({ "settings": { "muster": ours } });
    editor.tell("workspace/didChangeConfiguration", params);
}

fn said(editor: &Editor, words: &str) -> bool {
    let mut said = editor.said.iter();
    said.any(|said| {
        said.params["message"]
            .as_str()
            .is_some_and(|m| m.contains(words))
    })
}

/// A folder may bring the settings of an editor with it.
#[test]
fn a_config_outside_the_open_folder_is_left_out_until_the_folder_is_trusted() {
    let elsewhere = studio();
    elsewhere.rules("segments:\n  - { id: a, when: frobnicate(1) > 2 }\n");
    let config = elsewhere.folder().canonicalize().unwrap();
    let config = config.join("config.yaml");
    let up = format!("x/{}{}", "../".repeat(20), config.display());
    for config in [config.display().to_string(), up] {
        let scratch = studio();
        let mut editor = Editor::with(&scratch, json!({ "config": config }), json!({}));
        editor.until(|e| said(e, "outside of the open folder"));
        editor.open(
            "rules/new.yaml",
            "segments:\n  - { id: b, when: wrong(2) }\n",
        );
        editor.until(|e| e.codes("rules/new.yaml") == ["unknown-function"]);
        assert!(!json!(editor.shown).to_string().contains("frobnicate"));
        if !config.starts_with('x') {
            settings(&editor, json!({ "trusted": true }));
            editor.until(|e| json!(e.shown).to_string().contains("frobnicate"));
        }
        editor.end();
    }
}

/// An option that is not named stays as it is; one that is taken back counts.
#[test]
fn options_change_one_by_one() {
    let scratch = people();
    let mut editor = Editor::new(&scratch);
    editor.open("rules/all.yaml", RULES);
    expect_hints(&mut editor, &["2"]);
    settings(&editor, json!({ "countClauses": true }));
    expect_hints(&mut editor, &["2", "3", "3"]);
    settings(&editor, json!({ "trusted": false }));
    expect_hints(&mut editor, &[]);
    editor.listen(Duration::from_millis(700));
    assert_eq!(hints(&mut editor), Vec::<String>::new());
    let plan = json!({ "command": "muster.plan", "arguments": ["soho"] });
    let refused = Err(ErrorCode::RequestFailed as i32);
    assert_eq!(editor.ask("workspace/executeCommand", plan), refused);
    settings(&editor, json!({ "trusted": true }));
    expect_hints(&mut editor, &["2", "3", "3"]);
    editor.end();
}

#[test]
fn links_of_an_untrusted_folder_are_not_followed_out_of_it() {
    let scratch = studio();
    let outside = tempfile::tempdir().unwrap();
    let secret = outside.path().join("secret.yaml");
    std::fs::write(
        &secret,
        "segments:\n  - { id: a, when: frobnicate(1) > 2 }\n",
    )
    .unwrap();
    std::os::unix::fs::symlink(&secret, scratch.path("rules/linked.yaml")).unwrap();
    let mut editor = Editor::with(&scratch, json!({}), json!({}));
    editor.until(|e| {
        e.codes("config.yaml").contains(&"path-outside".to_owned())
            || e.shown
                .values()
                .flatten()
                .any(|d| d["code"] == "path-outside")
    });
    let shown = json!(editor.shown).to_string();
    assert!(
        !shown.contains("secret") && !shown.contains("frobnicate"),
        "{shown}"
    );
    editor.end();
}

#[test]
fn commands_call_nobody_by_name_where_names_are_hidden() {
    let scratch = people();
    let options = json!({ "trusted": true, "hideNames": true });
    let mut editor = Editor::with(&scratch, options, json!({}));
    editor.open("rules/all.yaml", RULES);
    expect_hints(&mut editor, &["2"]);
    scratch.expect(0, &["run"]);
    scratch.rules(&RULES.replace(" and name", " or name"));
    let mut run = |command: &str, arguments: Value| {
        let params = json!({ "command": command, "arguments": arguments });
        editor.ask("workspace/executeCommand", params)
    };
    let plan = run("muster.plan", json!(["soho"])).unwrap();
    let plan = plan.as_str().unwrap();
    // Al and Cy come in.
    assert!(
        plan.contains("soho") && plan.contains("2 of 5 clients move"),
        "{plan}"
    );
    assert!(!plan.contains("Al ") && !plan.contains("Cy"), "{plan}");
    let explain = run("muster.explain", json!(["soho"])).unwrap();
    assert!(!explain.to_string().contains("Anna"), "{explain}");
    let refused = Err(ErrorCode::RequestFailed as i32);
    assert_eq!(run("muster.explain", json!(["soho", "Anna"])), refused);
    assert_eq!(run("muster.explain", json!(["Anna"])), refused);
    editor.end();
}

/// Without a label people are called by their keys.
#[test]
fn keys_are_names_where_there_are_no_others() {
    let scratch = studio();
    scratch.sql("create table members (mail TEXT PRIMARY KEY, plan TEXT); insert into members values ('a@b.org', 'gold')");
    let config = "database: sqlite:studio.db\ntimezone: UTC\nsubject: { name: member, table: members, key: mail }\n";
    scratch.write("config.yaml", config);
    let rules = "segments:\n  - id: gold\n    when: plan = \"gold\" and mail != \"x\"\n";
    scratch.rules(rules);
    for (hides, words) in [(false, "a@b.org"), (true, "")] {
        let options = json!({ "trusted": true, "hideNames": hides });
        let mut editor = Editor::with(&scratch, options, json!({}));
        editor.open("rules/all.yaml", rules);
        expect_hints(&mut editor, &["1"]);
        let mut params = editor.position("rules/all.yaml", rules, "mail !=");
        let hover = editor
            .ask("textDocument/hover", params.clone())
            .unwrap()
            .to_string();
        assert_eq!(
            hover.replace("\\", "").contains("a@b.org"),
            !hides,
            "{hover}"
        );
        let column = params["position"]["character"].as_u64().unwrap() + "mail != \"".len() as u64;
        params["position"]["character"] = json!(column);
        let offered = editor.ask("textDocument/completion", params).unwrap();
        assert_eq!(
            offered[0]["label"].as_str().unwrap_or_default(),
            words,
            "{offered}"
        );
        editor.end();
    }
}

/// The wall itself: step by step as the system takes a path.
#[test]
fn a_path_is_followed_inside_a_folder_and_nowhere_else() {
    use std::os::unix::fs::symlink;
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("open");
    std::fs::create_dir_all(folder.join("rules/deep")).unwrap();
    std::fs::write(folder.join("rules/a.yaml"), "").unwrap();
    for (target, link) in [
        ("../rules/a.yaml", "rules/b.yaml"),
        ("rules", "also"),
        ("..", "out"),
        ("../../../etc", "rules/deep/etc"),
        ("loop", "loop"),
    ] {
        symlink(target, folder.join(link)).unwrap();
    }
    symlink(&folder, root.path().join("named")).unwrap();
    symlink(folder.join("rules"), folder.join("absolute")).unwrap();
    let named = root.path().join("named");
    for (path, is_in) in [
        ("rules/a.yaml", true),
        ("rules/b.yaml", true),
        ("also/deep/../a.yaml", true),
        ("also/b.yaml", true),
        ("absolute/a.yaml", true),
        ("rules/not_there.yaml", true),
        ("rules/../../x.csv", false),
        ("../x.csv", false),
        ("out/x.csv", false),
        ("out/../open/rules/a.yaml", false),
        ("rules/deep/etc/passwd", false),
        ("loop", false),
        ("/etc/passwd", false),
    ] {
        for home in [&folder, &named] {
            let sources = Sources::in_editor(Vec::new(), Some(home.clone()));
            assert_eq!(sources.may_follow(&home.join(path)), is_in, "{path}");
        }
    }
}

/// Whom to trust people say, not we.
#[test]
fn shipped_settings_trust_nobody() {
    for (name, text) in [
        ("neovim", include_str!("../../editors/neovim/muster.lua")),
        ("emacs", include_str!("../../editors/emacs/muster.el")),
        ("helix", include_str!("../../editors/helix/languages.toml")),
    ] {
        let lines = text.lines().map(str::trim_start);
        let mut set = lines.filter(|line| !line.starts_with(['#', '-', ';']));
        let trusts = |line: &str| line.contains("trusted = true") || line.contains(":trusted t)");
        assert!(!set.any(trusts), "{name}");
    }
    let vscode: Value =
        serde_json::from_str(include_str!("../../editors/vscode/package.json")).unwrap();
    let untrusted = &vscode["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"];
    // What a folder's own settings could lead the server to.
    assert_eq!(untrusted, &json!(["muster.path", "muster.config"]));
}

/// Other programs write rules, lists and results.
#[test]
fn the_editor_is_asked_to_tell_what_changes_on_the_disk() {
    let scratch = studio();
    let register = "client/registerCapability".to_owned();
    let can = json!({ "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } } });
    let mut editor = Editor::with(&scratch, json!({}), can);
    editor.until(|e| e.asked.contains(&register));
    scratch.rules("segments:\n  - { id: a, when: frobnicate(1) > 2 }\n");
    editor.tell("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    editor.until(|e| e.codes("rules/all.yaml") == ["unknown-function"]);
    editor.end();
    let mut editor = Editor::with(&scratch, json!({}), json!({}));
    editor.until(|e| e.codes("rules/all.yaml") == ["unknown-function"]);
    assert!(!editor.asked.contains(&register));
    editor.end();
}
