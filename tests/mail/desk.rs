//! `muster outbox`, as a person uses it; and what it, or a log, never says.

use std::os::unix::fs::PermissionsExt;
use std::process::Output;

use muster::store::{DeliveryStatus, NewDelivery};
use serde_json::{Value, json};

use crate::office::{MANAGER, OTHER, Office};
use crate::outbox::{HOUR, NOON, mail};
use crate::server::Server;

use DeliveryStatus::{Accepted, Cancelled, Held};

fn outbox(office: &Office, arguments: &[&str]) -> Output {
    office.outbox(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn what_is_held_is_listed_released_and_sent() {
    let office = Office::new("file: outbox").await;
    let nothing = outbox(&office, &[]);
    assert_eq!(
        (nothing.status.code(), text(&nothing.stderr)),
        (Some(0), "no mail yet\n".into())
    );
    let held = |to| NewDelivery {
        held: Some("`regulars` moved from 300 to 20".into()),
        ..mail("managers", NOON, to)
    };
    office.put(&[held(MANAGER), held(OTHER)]).await;
    let listed = outbox(&office, &["--format", "json"]);
    assert_eq!(listed.status.code(), Some(1), "somebody should look");
    let rows: Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(rows[0]["recipient"], OTHER);
    assert_eq!(rows[0]["status"], "held");
    assert_eq!(rows[0]["reason"], "`regulars` moved from 300 to 20");
    // By its number one, by the report's id all.
    let cancelled = outbox(&office, &["--cancel", "2"]);
    assert_eq!(cancelled.status.code(), Some(1));
    assert_eq!(office.statuses().await, [Held, Cancelled]);
    let released = outbox(&office, &["--release", "managers"]);
    assert_eq!(released.status.code(), Some(0), "{released:?}");
    assert_eq!(text(&released.stderr), "mail: 1 accepted\n");
    assert_eq!(office.statuses().await, [Accepted, Cancelled]);
    let again = outbox(&office, &["--release", "managers"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(text(&again.stderr).contains("no mail of a report `managers`, is held back"));
    let both = outbox(&office, &["--release", "1", "--cancel", "1"]);
    assert_eq!(both.status.code(), Some(2));
}

#[tokio::test]
async fn an_old_report_is_not_sent_again_after_a_newer_one() {
    let Some(server) = Server::start(&json!({ "answers": { "RCPT": ["550 full"] } })) else {
        return;
    };
    let office = Office::with(&server, "tls: none").await;
    office.put(&[mail("managers", NOON, MANAGER)]).await;
    office.deliver().await;
    office.put(&[mail("managers", NOON + HOUR, MANAGER)]).await;
    assert_eq!(office.deliver().await.accepted, 2);
    assert_eq!(
        outbox(&office, &["--send-again", "1"]).status.code(),
        Some(2)
    );
}

#[tokio::test]
async fn a_refused_mail_is_sent_again_by_hand() {
    let Some(server) = Server::start(&json!({ "answers": { "RCPT": ["550 full"] } })) else {
        return;
    };
    let office = Office::with(&server, "tls: none").await;
    office.put(&[mail("managers", NOON, MANAGER)]).await;
    assert_eq!(office.deliver().await.refused, 1);
    assert_eq!(outbox(&office, &[]).status.code(), Some(1));
    let sent = outbox(&office, &["--send-again", "managers"]);
    assert_eq!(sent.status.code(), Some(0), "{sent:?}");
    assert_eq!(server.arrived().len(), 2);
}

#[tokio::test]
async fn no_password_and_no_address_is_said() {
    let options = json!({ "tls": "starttls", "login": ["amy", "open sesame"],
        "answers": { "AUTH": ["535 5.7.8 AGFteQBvcGVuIGJhcmxleQ== (open barley) is not amy@example.com"] } });
    let Some(server) = Server::start(&options) else {
        return;
    };
    let (ca, file) = (
        server.folder.path().join("ca.pem"),
        server.folder.path().join("password"),
    );
    std::fs::write(&file, "open barley\n").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let keys = format!(
        "ca_file: {}, username: amy, password_file: {}",
        ca.display(),
        file.display()
    );
    let office = Office::with(&server, &keys).await;
    office.put(&[mail("managers", NOON, MANAGER)]).await;
    let tried = outbox(&office, &["--send", "--format", "json"]);
    let said = text(&tried.stderr);
    assert_eq!(tried.status.code(), Some(1));
    assert!(
        said.contains("warning: everybody on this machine can read"),
        "{said}"
    );
    assert!(
        said.contains("does not accept the login: 535 5.7.8"),
        "{said}"
    );
    for secret in ["barley", "AGFteQ", "amy@", MANAGER] {
        assert!(!said.contains(secret), "{said}");
    }
    let results = std::fs::read(office.results()).unwrap();
    for secret in ["barley", "AGFteQ"] {
        let found = results
            .windows(secret.len())
            .any(|part| part == secret.as_bytes());
        assert!(!found, "{secret} is in the results");
    }
}
