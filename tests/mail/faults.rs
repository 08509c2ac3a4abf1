//! A mail server that misbehaves: mail arrives once, or it is known that it did not, or that nobody knows.

use muster::store::{Choice, DeliveryKind, DeliveryStatus, NewDelivery};
use serde_json::json;

use crate::office::{MANAGER, OTHER, OWNER, Office, login};
use crate::outbox::{MORNING, mail};
use crate::support::clock::HOUR;
use crate::support::mail_server::Server;

use DeliveryStatus::{Accepted, Expired, Pending, Refused, Unknown};

const PLAIN: &str = "tls: none";

/// A server and an office that sends to it; the test is over where there is none.
macro_rules! server {
    ($options:tt) => {
        match Server::start(&json!($options)) {
            Some(server) => server,
            None => return,
        }
    };
}

#[tokio::test]
async fn mails_go_over_one_connection_byte_for_byte() {
    let server = server!({});
    let office = Office::with(&server, PLAIN).await;
    let mut mails = vec![
        mail("managers", MORNING, MANAGER),
        mail("managers", MORNING, OTHER),
    ];
    // A line of a dot alone would end the text, and a leading dot would be lost.
    mails[0].message = b"Subject: dots\r\n\r\n.\r\n..\r\n.a\r\nlast\r\n\r\n".to_vec();
    office.put(&mails).await;
    let delivered = office.deliver().await;
    assert_eq!((delivered.accepted, delivered.trouble), (2, None));
    let arrived = server.arrived();
    for (sent, (envelope, text)) in mails.iter().zip(&arrived) {
        assert_eq!(
            String::from_utf8_lossy(text),
            String::from_utf8_lossy(&sent.message)
        );
        assert_eq!(envelope["to"], json!([sent.recipient]));
        assert_eq!(envelope["sender"], "studio@example.com");
    }
    assert_eq!(arrived.len(), 2);
    assert_eq!(
        server
            .steps()
            .iter()
            .filter(|step| *step == "CONNECT")
            .count(),
        1
    );
    server.wait_for_last_step("QUIT");
    assert_eq!(office.deliver().await.accepted, 0);
}

#[tokio::test]
async fn bounces_go_where_config_says() {
    let server = server!({});
    let mut office = Office::with(&server, PLAIN).await;
    let port = server.port;
    office.reconfigure(&format!(
        "bounces_to: back@example.com, smtp: {{ host: 127.0.0.1, port: {port}, tls: none }}"
    ));
    office.put(&[mail("managers", MORNING, MANAGER)]).await;
    office.deliver().await;
    assert_eq!(server.arrived()[0].0["sender"], "back@example.com");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_tried_again_and_at_last_given_up() {
    // The port of a service that nobody has had for decades, and that no system gives to anybody who asks for one.
    let office = Office::new("smtp: { host: localhost, port: 1, tls: none }").await;
    office
        .put(&[
            mail("managers", MORNING, MANAGER),
            mail("second", MORNING, MANAGER),
        ])
        .await;
    let delivered = office.deliver().await;
    assert_eq!(delivered.put_off, 2);
    let trouble = delivered.trouble.unwrap();
    assert!(trouble.contains("cannot be reached"), "{trouble}");
    // Not before its time; then the waits grow.
    assert_eq!(office.deliver().await.put_off, 0);
    let mut waits = Vec::new();
    for _ in 0..7 {
        let next = office.mails().await[0].next_attempt_at.unwrap();
        waits.push((next - office.now()) / 60_000_000);
        office.later((next - office.now()) / 60_000_000);
        office.deliver().await;
    }
    assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30]);
    // Nobody is bothered about that: `status` shows it.
    assert_eq!(office.mails().await.len(), 2);
    assert_eq!(office.store().await.undelivered().await.unwrap().tried, 2);
    office.later(24 * 60);
    assert_eq!(office.deliver().await.expired, 2);
    let mails = office.mails().await;
    assert_eq!(mails[0].status, Expired);
    assert!(
        mails[0]
            .reason
            .as_deref()
            .unwrap()
            .contains("cannot be reached")
    );
    // What expired the owner is told, as soon as mail goes out again.
    let notices: Vec<_> = mails
        .iter()
        .filter(|m| m.kind == DeliveryKind::Notice)
        .collect();
    assert_eq!(notices.len(), 2);
    assert_eq!(
        (notices[0].recipient.as_str(), notices[0].status),
        (OWNER, Pending)
    );
}

#[tokio::test]
async fn a_name_that_nobody_has_is_told() {
    let office = Office::new("smtp: { host: mail.invalid, tls: none }").await;
    office.put(&[mail("managers", MORNING, MANAGER)]).await;
    let trouble = office.deliver().await.trouble.unwrap();
    assert!(
        trouble.starts_with("`mail.invalid:25` (`host:`) is not found"),
        "{trouble}"
    );
}

#[tokio::test]
async fn not_now_is_tried_again_and_is_the_same_mail() {
    for step in ["MAIL", "RCPT", "DATA", "TEXT"] {
        let server = server!({ "answers": { step: ["451 4.3.0 try later"] } });
        let office = Office::with(&server, PLAIN).await;
        let sent = [
            mail("managers", MORNING, MANAGER),
            mail("second", MORNING, MANAGER),
        ];
        office.put(&sent).await;
        let delivered = office.deliver().await;
        // The other mail does not suffer from it.
        assert_eq!((delivered.put_off, delivered.accepted), (1, 1), "{step}");
        assert_eq!(office.statuses().await, [Pending, Accepted], "{step}");
        assert_eq!(
            server.steps().iter().filter(|s| *s == "CONNECT").count(),
            1,
            "{step}"
        );
        office.later(1);
        assert_eq!(office.deliver().await.accepted, 1, "{step}");
        let first = &office.mails().await[0];
        assert_eq!((first.status, first.attempts), (Accepted, 2), "{step}");
        let arrived = server.arrived();
        assert_eq!(arrived.len(), 2, "{step}");
        assert_eq!(arrived[1].1, sent[0].message, "{step}");
    }
}

#[tokio::test]
async fn never_is_not_tried_again_and_the_owner_is_told_once() {
    for step in ["MAIL", "RCPT", "DATA", "TEXT"] {
        let server = server!({ "answers": { step: ["550 5.7.1 <manager@example.com> not here"] } });
        let office = Office::with(&server, PLAIN).await;
        office.put(&[mail("managers", MORNING, MANAGER)]).await;
        let delivered = office.deliver().await;
        assert_eq!((delivered.refused, delivered.accepted), (1, 1), "{step}");
        office.later(60);
        assert_eq!(office.deliver().await.accepted, 0, "{step}");
        let mails = office.mails().await;
        assert_eq!(mails.len(), 2, "{step}");
        assert_eq!(mails[0].status, Refused, "{step}");
        assert_eq!(
            mails[0].response.as_deref(),
            Some("550 5.7.1 <m…@example.com> not here")
        );
        let arrived = server.arrived();
        assert_eq!(arrived.len(), 1, "{step}");
        assert_eq!(arrived[0].0["to"], json!([OWNER]), "{step}");
        let notice = String::from_utf8(arrived[0].1.clone()).unwrap();
        assert!(
            notice.contains("Subject: [Muster] The report managers was refused"),
            "{notice}"
        );
        assert!(
            notice.contains("Auto-Submitted: auto-generated"),
            "{notice}"
        );
        assert!(!notice.contains(MANAGER), "{notice}");
    }
}

#[tokio::test]
async fn the_owner_hears_that_a_newer_one_arrives() {
    let server = server!({ "answers": { "RCPT": ["550 full"] } });
    let office = Office::with(&server, PLAIN).await;
    office.put(&[mail("managers", MORNING, MANAGER)]).await;
    office.deliver().await;
    office.later(60);
    office
        .put(&[mail("managers", MORNING + HOUR, MANAGER)])
        .await;
    assert_eq!(office.deliver().await.accepted, 2);
    let told: Vec<String> = office
        .mails()
        .await
        .into_iter()
        .map(|mail| mail.report)
        .collect();
    assert_eq!(
        told,
        [
            "managers",
            "refused:managers",
            "managers",
            "arrives:managers"
        ]
    );
    assert!(
        !office
            .store()
            .await
            .undelivered()
            .await
            .unwrap()
            .needs_attention()
    );
}

#[tokio::test]
async fn one_refused_recipient_costs_the_others_nothing() {
    let server = server!({ "refuse": { OTHER: "550 unknown" } });
    let office = Office::with(&server, PLAIN).await;
    office
        .put(&[
            mail("managers", MORNING, OTHER),
            mail("managers", MORNING, MANAGER),
        ])
        .await;
    office.deliver().await;
    assert_eq!(office.statuses().await, [Refused, Accepted, Accepted]);
    assert_eq!(server.arrived().len(), 2);
}

#[tokio::test]
async fn a_connection_that_breaks_before_the_text_costs_nothing() {
    let server = server!({ "drop": "RCPT" });
    let office = Office::with(&server, PLAIN).await;
    office.put(&[mail("managers", MORNING, MANAGER)]).await;
    let trouble = office.deliver().await.trouble.unwrap();
    assert_eq!(trouble, "the server closed the connection after RCPT");
    assert_eq!(office.statuses().await, [Pending]);
}

#[tokio::test]
async fn a_connection_that_breaks_in_the_text_leaves_a_mail_of_which_nobody_knows() {
    for (step, arrives) in [("DATA", 0), ("TEXT", 1)] {
        let server = server!({ "drop": step });
        let office = Office::with(&server, PLAIN).await;
        office.put(&[mail("managers", MORNING, MANAGER)]).await;
        let delivered = office.deliver().await;
        assert!(delivered.unknown >= 1, "{step} {delivered:?}");
        let mails = office.mails().await;
        assert_eq!(mails[0].status, Unknown, "{step}");
        assert_eq!(mails[1].report, "unknown:managers", "{step}");
        let of_the_report = server
            .arrived()
            .iter()
            .filter(|(envelope, _)| envelope["to"] == json!([MANAGER]))
            .count();
        assert_eq!(of_the_report, arrives, "{step}");
        // It is left alone.
        office.later(60);
        office.deliver().await;
        assert_eq!(office.mails().await[0].attempts, 1, "{step}");
    }
}

#[tokio::test]
async fn a_mail_of_which_nobody_knows_goes_out_once_more_where_config_says_so() {
    let server = server!({ "drop": "TEXT" });
    let mut office = Office::with(&server, PLAIN).await;
    let port = server.port;
    office.reconfigure(&format!(
        "unknown: send_again, smtp: {{ host: localhost, port: {port}, tls: none }}"
    ));
    office.put(&[mail("managers", MORNING, MANAGER)]).await;
    office.deliver().await;
    assert_eq!(office.statuses().await[0], Pending);
    office.later(1);
    office.deliver().await;
    assert_eq!(office.statuses().await[0], Unknown);
    let texts: Vec<_> = server.arrived();
    let of_the_report: Vec<_> = texts
        .iter()
        .filter(|(e, _)| e["to"] == json!([MANAGER]))
        .collect();
    assert_eq!(of_the_report.len(), 2);
    assert_eq!(
        of_the_report[0].1, of_the_report[1].1,
        "the same Message-ID and date"
    );
}

#[tokio::test]
async fn a_silent_server_holds_nobody_up() {
    let starttls = json!("starttls");
    for (step, tls) in [
        ("CONNECT", "none"),
        ("CONNECT", "implicit"),
        ("EHLO", "none"),
        ("STARTTLS", "starttls"),
        ("AUTH", "starttls"),
        ("MAIL", "none"),
        ("RCPT", "none"),
        ("DATA", "none"),
    ] {
        let mut options = json!({ "silent": step });
        if tls != "none" {
            options["tls"] = json!(tls);
        }
        if options["tls"] == starttls {
            options["login"] = json!(["amy", "open sesame"]);
        }
        let Some(server) = Server::start(&options) else {
            return;
        };
        let mut keys = format!("tls: {tls}");
        let ca = server.folder.path().join("ca.pem");
        if tls != "none" {
            keys += &format!(", ca_file: {}", ca.display());
        }
        if step == "AUTH" {
            let file = server.folder.path().join("password");
            std::fs::write(&file, "open sesame\n").unwrap();
            keys += &format!(", username: amy, password_file: {}", file.display());
        }
        let office = Office::impatient(&server, &keys).await;
        office.put(&[mail("managers", MORNING, MANAGER)]).await;
        let delivered = office.deliver().await;
        assert_eq!(
            office.statuses().await,
            [Pending],
            "{step} {tls}: {delivered:?}"
        );
        let trouble = delivered.trouble.unwrap();
        assert!(
            trouble.contains("said nothing for 1 s"),
            "{step} {tls}: {trouble}"
        );
    }
}

#[tokio::test]
async fn a_server_that_is_silent_after_the_text_may_have_the_mail() {
    let server = server!({ "silent": "TEXT" });
    let office = Office::impatient(&server, PLAIN).await;
    let test = NewDelivery {
        kind: DeliveryKind::Test,
        ..mail("managers", MORNING, MANAGER)
    };
    office.put(&[test]).await;
    // On a slow machine the server may be silent for a second before.
    while office.deliver().await.put_off > 0 {
        office.later(30);
    }
    let mails = office.mails().await;
    assert_eq!(
        mails.len(),
        1,
        "whoever asked for a test sees it; no notice"
    );
    assert_eq!(mails[0].status, Unknown);
    let reason = mails[0].reason.as_deref().unwrap();
    assert!(reason.contains("said nothing for 10 s"), "{reason}");
}

#[tokio::test]
async fn protection_is_never_given_up() {
    let server = server!({});
    for (keys, expected) in [
        ("tls: starttls", "does not offer STARTTLS"),
        ("tls: implicit", "does not speak TLS there"),
    ] {
        let office = Office::with(&server, keys).await;
        office.put(&[mail("managers", MORNING, MANAGER)]).await;
        let trouble = office.deliver().await.trouble.unwrap();
        assert!(trouble.contains(expected), "{keys}: {trouble}");
        assert_eq!(office.statuses().await, [Pending]);
    }
    assert!(server.arrived().is_empty());
    assert!(!server.steps().contains(&"MAIL".to_owned()));
}

#[tokio::test]
async fn a_certificate_must_be_of_a_known_authority_and_of_this_name() {
    for tls in ["starttls", "implicit"] {
        for (certificate, with_ca, good) in [
            ("good", true, true),
            ("good", false, false),
            ("self", true, false),
            ("other", true, false),
        ] {
            let server = server!({ "tls": tls, "certificate": certificate });
            let mut keys = format!("tls: {tls}");
            if with_ca {
                let ca = server.folder.path().join("ca.pem");
                keys += &format!(", ca_file: {}", ca.display());
            }
            let office = Office::with(&server, &keys).await;
            office.put(&[mail("managers", MORNING, MANAGER)]).await;
            let delivered = office.deliver().await;
            if good {
                assert_eq!(delivered.accepted, 1, "{delivered:?}");
                assert_eq!(server.arrived().len(), 1);
            } else {
                let trouble = delivered.trouble.unwrap();
                assert!(trouble.contains("certificate is not trusted"), "{trouble}");
                assert!(server.arrived().is_empty());
                assert!(!server.steps().contains(&"MAIL".to_owned()));
            }
        }
    }
}

#[tokio::test]
async fn a_ca_file_that_is_none_is_told() {
    let server = server!({ "tls": "starttls" });
    let wrong = server.folder.path().join("wrong.pem");
    for (text, expected) in [
        (None, "cannot be read"),
        (Some("hello"), "holds no certificate"),
    ] {
        if let Some(text) = text {
            std::fs::write(&wrong, text).unwrap();
        }
        let office = Office::with(&server, &format!("ca_file: {}", wrong.display())).await;
        office.put(&[mail("managers", MORNING, MANAGER)]).await;
        let trouble = office.deliver().await.trouble.unwrap();
        assert!(trouble.contains(expected), "{trouble}");
    }
}

#[tokio::test]
async fn a_wrong_password_is_tried_every_fifteen_minutes_and_a_right_one_at_once() {
    let server = server!({ "tls": "starttls", "login": ["amy", "open sesame"] });
    let (keys, file) = login(&server);

    let office = Office::with(&server, &keys).await;
    office.put(&[mail("managers", MORNING, MANAGER)]).await;
    let trouble = office.deliver().await.trouble.unwrap();
    assert!(
        trouble.contains("`password_file`") && trouble.contains("cannot be read"),
        "{trouble}"
    );
    std::fs::write(&file, "open barley\n").unwrap();
    let tries = || server.steps().iter().filter(|step| *step == "AUTH").count();
    for minute in 1..=30 {
        office.later(1);
        // New mail does not bring a new try.
        office
            .put(&[mail("second", MORNING + minute * 60_000_000, MANAGER)])
            .await;
        let trouble = office.deliver().await.trouble.unwrap();
        assert!(trouble.contains("login"), "{trouble}");
        assert!(!trouble.contains("barley"), "{trouble}");
    }
    assert_eq!(tries(), 2);
    let undelivered = office.store().await.undelivered().await.unwrap();
    assert!(undelivered.login.unwrap().starts_with("535"));
    assert_eq!(undelivered.refused, 0);
    // The file is read anew; whoever has changed it says so, or waits.
    std::fs::write(&file, "open sesame\r\n").unwrap();
    assert_eq!(office.deliver().await.accepted, 0);
    office.store().await.retry().await.unwrap();
    assert_eq!(office.deliver().await.accepted, 2);
    assert_eq!(tries(), 3);
    assert_eq!(server.arrived().len(), 2);
    assert_eq!(
        office.store().await.undelivered().await.unwrap().login,
        None
    );
}

#[tokio::test]
async fn a_server_that_wants_a_login_that_config_has_not_is_not_a_refusal() {
    let server = server!({ "login": ["amy", "open sesame"] });
    let office = Office::with(&server, PLAIN).await;
    office.put(&[mail("managers", MORNING, MANAGER)]).await;
    let trouble = office.deliver().await.trouble.unwrap();
    assert!(trouble.contains("530"), "{trouble}");
    assert_eq!(office.statuses().await, [Pending]);
}

#[tokio::test]
async fn the_owner_decides_about_a_mail_of_which_nobody_knows() {
    let server = server!({ "drop": "TEXT" });
    let office = Office::with(&server, PLAIN).await;
    office
        .put(&[
            mail("managers", MORNING, MANAGER),
            mail("second", MORNING, MANAGER),
        ])
        .await;
    office.deliver().await;
    assert_eq!(office.statuses().await[..2], [Unknown, Unknown]);
    let mut store = office.store().await;
    store
        .decide(Choice::Arrived, "managers", MORNING)
        .await
        .unwrap();
    store
        .decide(Choice::Cancel, "second", MORNING)
        .await
        .unwrap();
    assert!(
        store.undelivered().await.unwrap().unknown <= 2,
        "only notices are left"
    );
}
