//! `muster lsp` as a process: bytes in, bytes out.

use std::process::Command;

use serde_json::{Value, json};

use crate::findings::studio;
use crate::people::{RULES, people};
use crate::server::Server;
use crate::support::scratch::Scratch;
use crate::support::waiting::PATIENCE;

/// The protocol's word for an editor that ends without having said so.
#[test]
fn exit_without_shutdown_is_exit_code_1() {
    for is_greeted in [true, false] {
        let scratch = studio();
        let mut server = Server::start(&scratch, ("NOTHING", ""));
        if is_greeted {
            server.greet();
        }
        server.send(&json!({ "method": "exit" }));
        assert_eq!(server.child.wait().unwrap().code(), Some(1));
        assert_eq!(server.errors(), "");
    }
}

#[test]
fn findings_are_told_over_the_standard_streams() {
    let scratch = studio();
    let mut server = Server::start(&scratch, ("LANG", "C"));
    server.greet();
    server.open(
        "rules/all.yaml",
        "segments: [{ id: a, when: nobody_there > 1 }]\n",
    );
    server.hear(|said| {
        said["params"]["diagnostics"]
            .to_string()
            .contains("unknown-name")
    });
    assert_eq!(server.end(), "");
}

/// Each is answered with an error, and what comes behind it as if nothing had been.
#[test]
fn nonsense_is_answered_and_the_session_goes_on() {
    let scratch = studio();
    let mut server = Server::start(&scratch, ("LANG", "C"));
    let (parse, invalid) = (-32_700, -32_600);
    let bodies: [(&[u8], i32, Value); 11] = [
        (b"this is no JSON", parse, Value::Null),
        (b"{\"jsonrpc\": \"2.0\", \"id\": 1, ", parse, Value::Null),
        (b"\xff\xfe\x00", parse, Value::Null),
        (b"", parse, Value::Null),
        (b"[]", invalid, Value::Null),
        (b"{}", invalid, Value::Null),
        (b"7", invalid, Value::Null),
        (b"{\"id\": 71}", invalid, json!(71)),
        (
            b"{\"id\": 7.5, \"method\": \"shutdown\"}",
            invalid,
            json!(7.5),
        ),
        (
            b"{\"id\": 99999999999, \"method\": \"shutdown\"}",
            invalid,
            json!(99_999_999_999_u64),
        ),
        (b"{\"id\": \"a\", \"method\": 7}", invalid, json!("a")),
    ];
    for greeted in [false, true] {
        if greeted {
            server.greet();
        }
        for (body, code, id) in &bodies {
            server.framed(body);
            let answer = server.hear(|said| said["error"]["code"] == *code);
            assert_eq!(answer["id"], *id, "{}", String::from_utf8_lossy(body));
        }
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        server.framed(deep.as_bytes());
        server.hear(|said| said["error"]["code"] == parse);
    }
    // Headers that are none, one without a length, and a message that is longer than its header says.
    server.raw(b"hello there\n\n");
    server.hear(|said| said["error"]["code"] == parse);
    server.raw(b"Content-Type: application/json\r\n\r\n");
    server.hear(|said| said["error"]["code"] == parse);
    server.raw(b"Content-Length: -7\r\n\r\n");
    server.hear(|said| said["error"]["code"] == parse);
    server.raw(&[b'x'; 20_000]);
    server.raw(b"\n\n");
    server.hear(|said| said["error"]["code"] == parse);
    server.raw(b"Content-Length: 9\r\n\r\n{\"id\": 1, \"method\": \"shutdown\"}");
    server.hear(|said| said["error"]["code"] == parse);
    // Answers to nothing that was asked are nobody's business.
    server.send(&json!({ "id": "refresh-9", "result": null }));
    server.send(&json!({ "id": null, "error": { "code": 1, "message": "no" } }));
    server.open(
        "rules/all.yaml",
        "segments: [{ id: a, when: nobody_there > 1 }]\n",
    );
    server.hear(|said| {
        said["params"]["diagnostics"]
            .to_string()
            .contains("unknown-name")
    });
    assert_eq!(server.end(), "");
}

/// Refused at once: what would be behind it nobody knows.
#[test]
fn a_message_that_says_it_is_huge_ends_the_session_with_a_word() {
    for length in ["4294967296", "18446744073709551615"] {
        let scratch = studio();
        let mut server = Server::start(&scratch, ("LANG", "C"));
        server.greet();
        server.raw(format!("Content-Length: {length}\r\n\r\n").as_bytes());
        let said = server.hear(|said| said["error"]["code"] == -32_700);
        assert!(said.to_string().contains("the limit is"), "{said}");
        assert!(!server.child.wait().unwrap().success());
    }
}

/// Half a character, as JavaScript has them, counts as one unit of UTF-16 on both sides.
#[test]
fn half_a_character_is_taken_for_an_unknown_one() {
    let scratch = studio();
    let mut server = Server::start(&scratch, ("LANG", "C"));
    server.greet();
    server.open("rules/all.yaml", "segments: [{ id: a, when: yes }]\n");
    let uri = format!("file://{}/rules/all.yaml", server.folder.display());
    let start = json!({ "line": 0, "character": 0 });
    let edit = |version: u32, range: Value, text: &str| {
        let params = json!({ "textDocument": { "uri": uri, "version": version },
            "contentChanges": [{ "range": range, "text": "TEXT" }] });
        let message =
            json!({ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": params });
        message.to_string().replace("TEXT", text)
    };
    let whole = json!({ "start": start, "end": start });
    server.framed(edit(2, whole, r"# \ud83c \\u \ud83d\ude00 \udf00\n").as_bytes());
    let behind = json!({ "line": 0, "character": 12 });
    let range = json!({ "start": behind, "end": behind });
    server.framed(edit(3, range, r"\nmetrics: { m: nobody_there }").as_bytes());
    let told = server.hear(|said| {
        said["params"]["diagnostics"]
            .to_string()
            .contains("nobody_there")
    });
    let told = &told["params"]["diagnostics"];
    let told = told.as_array().unwrap().iter();
    let mut told = told.filter(|d| d["code"] == "unknown-name");
    assert_eq!(
        told.next().unwrap()["range"]["start"],
        json!({ "line": 1, "character": 14 })
    );
    server.end();
}

/// A text that is opened without a folder: the nearest config above it counts, wherever the server was started.
#[test]
fn a_file_alone_has_the_nearest_config_above_it() {
    let (here, studio) = (Scratch::new(), studio());
    let mut server = Server::start(&here, ("LANG", "C"));
    server.ask(
        "initialize",
        json!({ "capabilities": {}, "initializationOptions": { "trusted": true } }),
    );
    server.send(&json!({ "method": "initialized", "params": {} }));
    server.folder = studio.folder().canonicalize().unwrap();
    server.open(
        "rules/new.yaml",
        "segments: [{ id: a, when: no_such_column > 1 }]\n",
    );
    let told = server.hear(|said| {
        said["params"]["diagnostics"]
            .to_string()
            .contains("no_such_column")
    });
    assert!(
        told["params"]["uri"]
            .as_str()
            .unwrap()
            .ends_with("/rules/new.yaml")
    );
    server.end();
}

#[test]
fn an_editor_that_is_gone_ends_the_process_with_words() {
    let scratch = studio();
    let mut server = Server::start(&scratch, ("LANG", "C"));
    server.greet();
    server.to = None;
    assert!(!server.child.wait().unwrap().success());
    let words = server.errors();
    assert!(
        words.contains("the editor left without saying so"),
        "{words}"
    );
}

#[test]
fn an_editor_that_has_said_shutdown_may_just_go() {
    let scratch = studio();
    let mut server = Server::start(&scratch, ("LANG", "C"));
    server.greet();
    server.ask("shutdown", Value::Null);
    server.to = None;
    assert!(server.child.wait().unwrap().success());
    assert_eq!(server.errors(), "");
}

/// Others may hold the pipe of an editor that has died.
#[cfg(target_os = "linux")]
#[test]
fn the_process_ends_with_the_editors() {
    let scratch = studio();
    let mut editor = Command::new("sleep").arg("600").spawn().unwrap();
    let mut server = Server::start(&scratch, ("LANG", "C"));
    let params = json!({ "capabilities": {}, "processId": editor.id() });
    server.ask("initialize", params);
    editor.kill().unwrap();
    editor.wait().unwrap();
    assert!(!server.child.wait().unwrap().success());
}

/// Beyond the bound nobody is counted, and everything else works.
#[test]
fn the_memory_for_counts_is_bounded() {
    let scratch = people();
    scratch.sql(
        "insert into clients (id, studio_id, name) with recursive n (i) as \
         (select 10 union all select i + 1 from n where i < 100000) select i, 2, 'Client ' || i from n",
    );
    for (allowed, words) in [
        ("1 MB", "and MUSTER_LSP_MEMORY allows 1 MB"),
        ("lots", "such as `512 MB`"),
    ] {
        let mut server = Server::start(&scratch, ("MUSTER_LSP_MEMORY", allowed));
        server.greet();
        server.open("rules/all.yaml", RULES);
        let logged = server.hear(|said| said["method"] == "window/logMessage");
        let said = logged["params"]["message"].as_str().unwrap();
        assert!(
            said.contains("people are not counted") && said.contains(words),
            "{said}"
        );
        assert_eq!(hints(&mut server), json!([]));
        server.open(
            "rules/new.yaml",
            "segments: [{ id: b, when: nobody_there > 1 }]\n",
        );
        server.hear(|said| {
            said["params"]["diagnostics"]
                .to_string()
                .contains("unknown-name")
        });
        server.end();
    }
    let mut server = Server::start(&scratch, ("MUSTER_LSP_MEMORY", "64 MB"));
    server.greet();
    server.open("rules/all.yaml", RULES);
    let began = std::time::Instant::now();
    while hints(&mut server)[0]["label"] != "2" {
        assert!(began.elapsed() < PATIENCE, "nobody is counted");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    server.end();
}

fn hints(server: &mut Server) -> Value {
    let uri = format!("file://{}/rules/all.yaml", server.folder.display());
    let whole = json!({ "textDocument": { "uri": uri },
        "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } } });
    server.ask("textDocument/inlayHint", whole)["result"].clone()
}
