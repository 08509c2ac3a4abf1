//! `muster outbox`, as a person uses it; and what it, or a log, never says.

use std::os::unix::fs::PermissionsExt;

use muster::store::{DeliveryStatus, NewDelivery};
use serde_json::{Value, json};

use crate::office::{MANAGER, OTHER, Office, login};
use crate::outbox::{MORNING, mail};
use crate::support::clock::HOUR;
use crate::support::mail_server::Server;

use DeliveryStatus::{Accepted, Cancelled, Held};

#[tokio::test]
async fn what_is_held_is_listed_released_and_sent() {
    let office = Office::new("file: outbox").await;
    let nothing = office.outbox(&[]);
    assert_eq!((nothing.code, nothing.err), (0, "no mail yet\n".into()));
    let held = |to| NewDelivery {
        held: Some("`regulars` moved from 300 to 20".into()),
        ..mail("managers", MORNING, to)
    };
    office.put(&[held(MANAGER), held(OTHER)]).await;
    let listed = office.outbox(&["--format", "json"]);
    assert_eq!(listed.code, 1, "somebody should look");
    let rows: Value = listed.json();
    assert_eq!(rows[0]["recipient"], OTHER);
    assert_eq!(rows[0]["status"], "held");
    assert_eq!(rows[0]["reason"], "`regulars` moved from 300 to 20");
    // By its number one, by the report's id all.
    let cancelled = office.outbox(&["--cancel", "2"]);
    assert_eq!(cancelled.code, 1);
    assert_eq!(office.statuses().await, [Held, Cancelled]);
    let released = office.outbox(&["--release", "managers"]);
    assert_eq!(released.code, 0, "{released:?}");
    assert_eq!(released.err, "mail: 1 accepted\n");
    assert_eq!(office.statuses().await, [Accepted, Cancelled]);
    let again = office.outbox(&["--release", "managers"]);
    assert_eq!(again.code, 2);
    assert!(
        again
            .err
            .contains("nor a mail of a report `managers` is held back")
    );
    let both = office.outbox(&["--release", "1", "--cancel", "1"]);
    assert_eq!(both.code, 2);
}

#[tokio::test]
async fn an_old_report_is_not_sent_again_after_a_newer_one() {
    let Some(server) = Server::start(&json!({ "answers": { "RCPT": ["550 full"] } })) else {
        return;
    };
    let office = Office::with(&server, "tls: none").await;
    office.put(&[mail("managers", MORNING, MANAGER)]).await;
    office.deliver().await;
    office
        .put(&[mail("managers", MORNING + HOUR, MANAGER)])
        .await;
    assert_eq!(office.deliver().await.accepted, 2);
    assert_eq!(office.outbox(&["--send-again", "1"]).code, 2);
}

#[tokio::test]
async fn a_refused_mail_is_sent_again_by_hand() {
    let Some(server) = Server::start(&json!({ "answers": { "RCPT": ["550 full"] } })) else {
        return;
    };
    let office = Office::with(&server, "tls: none").await;
    office.put(&[mail("managers", MORNING, MANAGER)]).await;
    assert_eq!(office.deliver().await.refused, 1);
    assert_eq!(office.outbox(&[]).code, 1);
    let sent = office.outbox(&["--send-again", "managers"]);
    assert_eq!(sent.code, 0, "{sent:?}");
    assert_eq!(server.arrived().len(), 2);
}

#[tokio::test]
async fn no_password_and_no_address_is_said() {
    let options = json!({ "tls": "starttls", "login": ["amy", "open sesame"],
        "answers": { "AUTH": ["535 5.7.8 AGFteQBvcGVuIGJhcmxleQ== (open barley) is not amy@example.com"] } });
    let Some(server) = Server::start(&options) else {
        return;
    };
    let (keys, file) = login(&server);
    std::fs::write(&file, "open barley\n").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let office = Office::with(&server, &keys).await;
    office.put(&[mail("managers", MORNING, MANAGER)]).await;
    let tried = office.outbox(&["--send", "--format", "json"]);
    let said = &tried.err;
    assert_eq!(tried.code, 1);
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
