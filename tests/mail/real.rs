//! The demo's own report through a real server, read by Python's `email`.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::mail_server::Server;
use crate::support::scratch::Scratch;

/// A mail as Python reads it: headers and parts.
fn read(path: &Path) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mail/read.py");
    let done = Command::new("python3")
        .arg(script)
        .arg(path)
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
    serde_json::from_slice(&done.stdout).unwrap()
}

#[test]
fn the_demos_report_arrives_part_by_part_as_it_was_composed() {
    let options = json!({ "tls": "starttls", "login": ["segments", "open sesame"] });
    let Some(server) = Server::start(&options) else {
        return;
    };
    let folder = Scratch::shipped();
    folder.expect(0, &["demo", "--date", "2026-03-15"]);
    folder.write("password", "open sesame\n");
    let config = folder.read("config.yaml");
    let (rest, _) = config.split_once("\nmail:").unwrap();
    let smtp = format!(
        "{rest}\nmail:\n  from: Segments <segments@example.com>\n  bounces_to: back@example.com\n  \
         smtp: {{ host: localhost, port: {}, username: segments, password_file: password, ca_file: {} }}\n",
        server.port,
        server.folder.path().join("ca.pem").display()
    );
    folder.write("config.yaml", &smtp);
    folder.expect(0, &["report", "managers", "--to", "me@example.com"]);
    let sql = "select message_id, message from muster_deliveries
               where recipient = 'me@example.com' and status = 'accepted'";
    let composed: (String, Vec<u8>) = folder
        .connection()
        .query_row(sql, (), |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    let arrived = server.arrived();
    assert_eq!(arrived.len(), 1);
    let (envelope, text) = &arrived[0];
    assert_eq!(envelope["sender"], "back@example.com");
    assert_eq!(envelope["to"], json!(["me@example.com"]));
    assert!(*text == composed.1, "byte for byte");
    assert!(
        text.split(|b| *b == b'\n').all(|line| line.len() < 1000),
        "no over-long line"
    );

    let mail = read(&server.folder.path().join("1.eml"));
    assert_eq!(mail["defects"], json!([]));
    let headers = &mail["headers"];
    assert_eq!(headers["from"], "Segments <segments@example.com>");
    assert_eq!(headers["to"], "me@example.com");
    assert_eq!(headers["message-id"], composed.0.as_str());
    assert_eq!(headers["auto-submitted"], "auto-generated");
    assert!(headers["subject"].as_str().unwrap().starts_with("[Test] "));
    let types: Vec<&str> = mail["parts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| part["type"].as_str().unwrap())
        .collect();
    assert_eq!(types, ["text/plain", "text/html", "text/csv"]);
    for part in mail["parts"].as_array().unwrap() {
        assert!(
            !part["content"].as_str().unwrap().contains('\u{fffd}'),
            "no broken letter"
        );
    }
    // The file has a row for each member of each segment.
    let sizes = folder.query("select count(*) from muster_memberships");
    let sizes: usize = sizes[0].parse().unwrap();
    let table = mail["parts"][2]["content"].as_str().unwrap();
    assert_eq!(table.lines().count(), sizes + 1);
    let names = folder.query("select name from muster_segments");
    let plain = mail["parts"][0]["content"].as_str().unwrap();
    let missing: Vec<&String> = names.iter().filter(|name| !plain.contains(*name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
