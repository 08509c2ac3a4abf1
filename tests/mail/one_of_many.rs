//! What a server does at one recipient is that recipient's trouble alone.

use muster::store::DeliveryStatus;

use crate::crude::{Crude, Step, Then, to};
use crate::office::Office;

use DeliveryStatus::{Accepted, Pending, Refused, Unknown};

const BAD: &str = "bad@example.com";

async fn office(server: &Crude, recipients: &[&str]) -> Office {
    office_of(server, recipients, 2).await
}

/// The same with another timeout, in seconds.
async fn office_of(server: &Crude, recipients: &[&str], timeout: u32) -> Office {
    let port = server.port;
    let smtp =
        format!("smtp: {{ host: localhost, port: {port}, tls: none, timeout: {timeout} seconds }}");
    let office = Office::new(&smtp).await;
    let mails: Vec<_> = recipients.iter().map(|recipient| to(recipient)).collect();
    office.put(&mails).await;
    office
}

/// Three recipients, one of whom is the bad one.
fn lists() -> [[&'static str; 3]; 3] {
    let (a, b) = ("a@example.com", "b@example.com");
    [[BAD, a, b], [a, BAD, b], [a, b, BAD]]
}

/// Delivers to three, of whom one has trouble; gives that one's status and reason.
async fn trouble(
    recipients: &[&str],
    rule: impl Fn(&Step) -> Option<Then> + Send + Sync + 'static,
) -> (DeliveryStatus, String) {
    let server = Crude::start(rule);
    let office = office(&server, recipients).await;
    let delivered = office.deliver().await;
    let mut found = None;
    for mail in office.mails().await {
        if mail.recipient == BAD {
            found = Some((mail.status, mail.reason.unwrap_or_default()));
        } else {
            assert_eq!(mail.status, Accepted, "{delivered:?} {:?}", server.lines());
        }
    }
    let good = |to: &&(String, Vec<u8>)| to.0 != BAD;
    assert_eq!(server.texts().iter().filter(good).count(), 2, "each once");
    found.unwrap()
}

#[tokio::test]
async fn an_answer_to_one_with_or_without_hanging_up() {
    for recipients in lists() {
        for step in ["RCPT", "DATA", "TEXT"] {
            for (words, status) in [
                ("421 4.7.0 closing\r\n", Pending),
                ("450 4.2.1 busy\r\n", Pending),
                ("452-full\r\n452\r\n", Pending),
                ("530 log in first\r\n", Pending),
                ("550 no such user\r\n", Refused),
                ("550\r\n", Refused),
                ("554 no", Refused),
            ] {
                for hangs_up in [true, false] {
                    if !hangs_up && !words.ends_with('\n') {
                        continue;
                    }
                    let (was, reason) = trouble(&recipients, move |now| {
                        let then = if hangs_up { Then::HangUp } else { Then::Say };
                        (now.verb == step && now.to == BAD).then(|| then(words.into()))
                    })
                    .await;
                    assert_eq!(was, status, "{step} {words:?} {reason}");
                    assert!(reason.contains(&words[..3]), "{step} {words:?} {reason}");
                    assert!(!reason.contains("RSET"), "{reason}");
                }
            }
        }
    }
}

#[tokio::test]
async fn no_answer_to_one() {
    for recipients in lists() {
        for (step, status) in [("RCPT", Pending), ("DATA", Pending), ("TEXT", Unknown)] {
            for words in ["", "55", "550-no\r\n", "what?\r\n"] {
                let (was, reason) = trouble(&recipients, move |now| {
                    let here = now.verb == step && now.to == BAD;
                    here.then(|| Then::HangUp(words.into()))
                })
                .await;
                assert_eq!(was, status, "{step} {words:?} {reason}");
                let told = match words {
                    "what?\r\n" => "makes no sense",
                    _ => "closed the connection after",
                };
                assert!(reason.contains(told), "{step} {words:?} {reason}");
            }
        }
        // Silence costs a connection, too.
        let (was, reason) = trouble(&recipients, |now| {
            (now.verb == "RCPT" && now.to == BAD).then_some(Then::Silence)
        })
        .await;
        assert_eq!(was, Pending);
        assert!(
            reason.contains("said nothing for 2 s after RCPT"),
            "{reason}"
        );
    }
}

/// A text is answered within ten steps' time, which is longer than mail after mail may be lost.
#[tokio::test]
async fn no_answer_to_the_text_of_one() {
    let server = Crude::start(|now| {
        (now.verb == "TEXT" && now.to == BAD).then_some(Then::Say(b"250-\r\n".to_vec()))
    });
    let [recipients, ..] = lists();
    let office = office_of(&server, &recipients, 1).await;
    let delivered = office.deliver().await;
    assert_eq!((delivered.accepted, delivered.unknown), (2, 1));
}

#[tokio::test]
async fn what_fails_behind_an_answer_is_not_told_in_its_place() {
    for recipients in lists() {
        for rset in [
            Then::HangUp(Vec::new()),
            Then::HangUp(b"421 bye\r\n".to_vec()),
            Then::Say(b"502 what?\r\n".to_vec()),
            Then::Say(b"nonsense\r\n".to_vec()),
        ] {
            let (was, reason) = trouble(&recipients, move |now| match now.verb {
                "RCPT" if now.to == BAD => Some(Then::Say(b"550 unknown\r\n".to_vec())),
                "RSET" => Some(rset.clone()),
                _ => None,
            })
            .await;
            assert_eq!(
                (was, reason.as_str()),
                (Refused, "the server refused it: 550 unknown")
            );
        }
    }
}

#[tokio::test]
async fn a_server_that_has_had_enough_of_a_connection_gets_another_one() {
    let recipients = ["a@example.com", "b@example.com", "c@example.com"];
    for bye in [
        Then::HangUp(Vec::new()),
        Then::HangUp(b"421 enough\r\n".to_vec()),
        Then::Say(b"421 enough\r\n".to_vec()),
    ] {
        // The second mail that is announced, whosever it is.
        let server =
            Crude::start(move |now| (now.verb == "MAIL" && now.mail == 2).then(|| bye.clone()));
        let office = office(&server, &recipients).await;
        assert_eq!(office.deliver().await.accepted, 3);
        assert_eq!(server.connections(), 2);
    }
    // Leave is taken in the same breath as the mail.
    let server = Crude::start(|now| {
        (now.verb == "TEXT").then(|| Then::HangUp(b"250 taken\r\n421 enough\r\n".to_vec()))
    });
    let office = office(&server, &recipients).await;
    assert_eq!(office.deliver().await.accepted, 3);
}

#[tokio::test]
async fn a_server_that_hangs_up_at_everybody_is_not_stormed() {
    let many: Vec<String> = (0..40).map(|n| format!("r{n}@example.com")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for step in ["MAIL", "RCPT", "DATA"] {
        let server =
            Crude::start(move |now| (now.verb == step).then(|| Then::HangUp(b"421\r\n".to_vec())));
        let office = office(&server, &many).await;
        let delivered = office.deliver().await;
        assert_eq!(delivered.put_off, 40, "{step}");
        assert_eq!(server.connections(), 10, "{step}");
        // Those who have not been tried come first now.
        office.later(1);
        office.deliver().await;
        let tries = office.mails().await;
        let tries: Vec<u32> = tries.iter().map(|mail| mail.attempts).collect();
        assert_eq!(
            tries.iter().filter(|tries| **tries == 1).count(),
            20,
            "{step} {tries:?}"
        );
    }
}

#[tokio::test]
async fn whoever_gets_the_server_closed_comes_last_the_next_time() {
    // After the bad one nobody is let in for a while, as by a server that shuts out whom it distrusts.
    let shut = std::sync::atomic::AtomicBool::new(false);
    let server = Crude::start(move |now| {
        use std::sync::atomic::Ordering::Relaxed;
        match now.verb {
            "RCPT" if now.to == BAD => {
                shut.store(true, Relaxed);
                Some(Then::HangUp(b"421 go away\r\n".to_vec()))
            }
            "GREETING" if shut.swap(false, Relaxed) => {
                Some(Then::HangUp(b"554 not you\r\n".to_vec()))
            }
            _ => None,
        }
    });
    let office = office(&server, &[BAD, "a@example.com", "b@example.com"]).await;
    assert_eq!(office.deliver().await.accepted, 0);
    office.later(1);
    assert_eq!(office.deliver().await.accepted, 2);
    assert_eq!(office.statuses().await, [Pending, Accepted, Accepted]);
}

#[tokio::test]
async fn a_no_that_comes_in_the_middle_of_the_text_is_a_no() {
    let server = Crude::start(|now| {
        (now.verb == "DATA" && now.to == BAD)
            .then(|| Then::HangUp(b"354 go\r\n552 too large\r\n".to_vec()))
    });
    let office = office(&server, &[]).await;
    let mut large = to(BAD);
    large.message = b"Subject: large\r\n\r\n".to_vec();
    large.message.extend(b"line\r\n".repeat(3_000_000));
    office.put(&[large, to("a@example.com")]).await;
    office.deliver().await;
    assert_eq!(office.statuses().await, [Refused, Accepted]);
}
