//! Files of other programs, and of other projects.

use std::time::Duration;

use serde_json::{Value, json};

use crate::editor::Editor;
use crate::findings::studio;
use crate::server::Server;

/// In a folder that has no config of Muster's nothing is said of any file, until there is one.
#[test]
fn nothing_is_said_of_files_of_other_programs() {
    for (foreign, text) in [
        ("compose.yaml", "services: { web: { image: nginx } }\n"),
        (
            "config.yaml",
            "baseURL: https://example.org\ntitle: A blog\n",
        ),
        ("config.yaml", "title: [\n"),
    ] {
        let scratch = studio();
        let ours = scratch.read("config.yaml");
        std::fs::remove_file(scratch.path("config.yaml")).unwrap();
        scratch.write(foreign, text);
        let mut editor = Editor::new(&scratch);
        editor.open(foreign, text);
        // What waits until everything is compiled is answered.
        let params = json!({ "textDocument": { "uri": editor.uri(foreign) },
            "options": { "tabSize": 2, "insertSpaces": true } });
        editor.ask("textDocument/formatting", params).unwrap();
        editor.listen(Duration::from_millis(300));
        assert!(
            editor.shown.values().all(Vec::is_empty),
            "{:#?}",
            editor.shown
        );
        assert!(editor.said.is_empty(), "{:#?}", editor.said);
        scratch.write("config.yaml", &ours);
        editor.open("config.yaml", &ours);
        editor.open(
            "rules/all.yaml",
            "segments: [{ id: a, when: nobody_there > 1 }]\n",
        );
        editor.until(|e| e.codes("rules/all.yaml") == ["unknown-name"]);
        editor.end();
    }
}

/// One server is one project's: whoever opens a file of another one is told so.
#[test]
fn a_second_project_in_the_open_folder_is_told() {
    let scratch = studio();
    let config = scratch.read("config.yaml");
    for folder in ["one", "two"] {
        scratch.write(&format!("{folder}/config.yaml"), &config);
    }
    std::fs::copy(scratch.database(), scratch.path("two/studio.db")).unwrap();
    std::fs::remove_file(scratch.path("config.yaml")).unwrap();
    let mut server = Server::start(&scratch, ("LANG", "C"));
    server.greet();
    let wrong = "segments: [{ id: a, when: frobnicate(1) > 1 }]\n";
    server.open("two/rules/all.yaml", wrong);
    server.hear(|said| {
        said["params"]["diagnostics"]
            .to_string()
            .contains("frobnicate")
    });
    for text in ["one/rules/all.yaml", "one/rules/more.yaml"] {
        server.open(text, wrong);
    }
    let told = server.hear(|said| said["method"] == "window/showMessage");
    let words = told["params"]["message"].as_str().unwrap();
    assert!(
        words.contains("one/config.yaml` is the config of another project"),
        "{words}"
    );
    // Once, and nothing is said of its files.
    let uri = format!("file://{}/two/rules/all.yaml", server.folder.display());
    let params = json!({ "textDocument": { "uri": uri },
        "options": { "tabSize": 2, "insertSpaces": true } });
    server.ask("textDocument/formatting", params);
    let more: Vec<Value> = server.said.try_iter().collect();
    assert!(
        more.iter()
            .all(|said| said["method"] != "window/showMessage"),
        "{more:#?}"
    );
    server.end();
}

/// A folder below that is a link leads nowhere before the open one is trusted.
#[cfg(unix)]
#[test]
fn a_config_behind_a_link_is_not_read_until_the_folder_is_trusted() {
    let elsewhere = studio();
    elsewhere.rules("segments:\n  - { id: a, when: frobnicate(1) > 2 }\n");
    for with_option in [true, false] {
        let scratch = studio();
        std::os::unix::fs::symlink(elsewhere.folder(), scratch.path("sub")).unwrap();
        let options = match with_option {
            true => json!({ "config": "sub/config.yaml" }),
            false => {
                std::fs::remove_file(scratch.path("config.yaml")).unwrap();
                json!({})
            }
        };
        let mut server = Server::start(&scratch, ("LANG", "C"));
        server.greet_with(&options);
        server.open("sub/rules/new.yaml", "segments: []\n");
        let uri = format!("file://{}/sub/rules/new.yaml", server.folder.display());
        let params = json!({ "textDocument": { "uri": uri },
            "options": { "tabSize": 2, "insertSpaces": true } });
        server.ask("textDocument/formatting", params);
        std::thread::sleep(Duration::from_millis(300));
        let said: Vec<Value> = server.said.try_iter().collect();
        assert!(!json!(said).to_string().contains("frobnicate"), "{said:#?}");
        let settings = json!({ "settings": { "muster": { "trusted": true } } });
        server.send(&json!({ "method": "workspace/didChangeConfiguration", "params": settings }));
        server.hear(|said| {
            said["params"]["diagnostics"]
                .to_string()
                .contains("frobnicate")
        });
        server.end();
    }
}
