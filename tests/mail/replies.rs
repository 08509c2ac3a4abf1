//! Whatever a server answers: it is read by its code, bounded, and believed only where it can be.

use muster::store::DeliveryStatus;

use crate::crude::{Crude, Then, to};
use crate::office::{MANAGER, Office};
use crate::support::mail_server::Server;

use DeliveryStatus::{Accepted, Pending, Refused, Unknown};

/// The steps of a mail without a login, and the code that each waits for.
const STEPS: [(&str, &str); 6] = [
    ("GREETING", "220"),
    ("EHLO", "250"),
    ("MAIL", "250"),
    ("RCPT", "250"),
    ("DATA", "354"),
    ("TEXT", "250"),
];

async fn office(server: &Crude, keys: &str) -> Office {
    let port = server.port;
    let smtp = format!("smtp: {{ host: localhost, port: {port}, timeout: 20 seconds, {keys} }}");
    let office = Office::new(&smtp).await;
    office.put(&[to(MANAGER)]).await;
    office
}

/// A server that says something else at one step.
fn saying(step: &'static str, words: Vec<u8>) -> Crude {
    Crude::start(move |now| (now.verb == step).then(|| Then::Say(words.clone())))
}

/// Answers that mean their code.
fn forms(code: &str) -> Vec<Vec<u8>> {
    let c = code;
    vec![
        format!("{c}\r\n").into(),
        format!("{c} \r\n").into(),
        format!("{c}-\r\n{c}\r\n").into(),
        format!("{c}-one\r\n{c}-\r\n{c} three\r\n").into(),
        format!("{c} ok\n").into(),
        format!("{c} größer\r\n").into(),
        [
            c.as_bytes(),
            b"-gr\xf6\xdfer\r\n",
            c.as_bytes(),
            b" \xff\xfe\0\x1b[31m\r\n",
        ]
        .concat(),
        format!("{c} {}\r\n", "long ".repeat(500)).into(),
        (format!("{c}-line\r\n").repeat(400) + c + " last\r\n").into(),
    ]
}

#[tokio::test]
async fn a_yes_is_a_yes_in_whatever_words() {
    for (step, code) in STEPS {
        for form in forms(code) {
            let shown = String::from_utf8_lossy(&form[..form.len().min(60)]).into_owned();
            let server = saying(step, form);
            let office = office(&server, "tls: none").await;
            let delivered = office.deliver().await;
            assert_eq!(delivered.accepted, 1, "{step} {shown:?} {delivered:?}");
            assert_eq!(server.texts().len(), 1);
        }
    }
}

#[tokio::test]
async fn a_no_is_a_no_in_whatever_words() {
    for step in ["MAIL", "RCPT", "DATA", "TEXT"] {
        for (code, status) in [("550", Refused), ("452", Pending), ("521", Refused)] {
            for form in forms(code) {
                let shown = String::from_utf8_lossy(&form[..form.len().min(60)]).into_owned();
                let server = saying(step, form);
                let office = office(&server, "tls: none").await;
                office.deliver().await;
                let mails = office.mails().await;
                assert_eq!(mails[0].status, status, "{step} {shown:?}");
                let response = mails[0].response.as_deref().unwrap();
                assert!(response.starts_with(code), "{response}");
                assert!(!response.contains(char::is_control), "{response:?}");
            }
        }
    }
}

#[tokio::test]
async fn nonsense_is_no_answer() {
    for (step, _) in STEPS {
        for words in [
            "hello\r\n",
            "2500 ok\r\n",
            "25\r\n",
            "2x0 ok\r\n",
            "250ok\r\n",
            "\r\n",
            "199 x\r\n",
            "600 x\r\n",
            "250-one\r\n251 two\r\n",
            "550-one\r\n250 two\r\n",
            "250-one\r\ntwo\r\n",
        ] {
            let server = saying(step, words.into());
            let office = office(&server, "tls: none").await;
            office.deliver().await;
            let mails = office.mails().await;
            let text_was_sent = step == "TEXT";
            let status = if text_was_sent { Unknown } else { Pending };
            assert_eq!(mails[0].status, status, "{step} {words:?}");
            let reason = mails[0].reason.as_deref().unwrap();
            assert!(
                reason.contains("makes no sense"),
                "{step} {words:?} {reason}"
            );
        }
    }
}

#[tokio::test]
async fn an_answer_that_comes_before_its_question_counts_for_nothing() {
    let server = saying("RCPT", b"250 ok\r\n354 go\r\n250 taken\r\n".to_vec());
    let office = office(&server, "tls: none").await;
    let trouble = office.deliver().await.trouble.unwrap();
    assert!(trouble.contains("DATA makes no sense: 354 go"), "{trouble}");
    assert_eq!(office.statuses().await, [Pending]);
    assert_eq!(server.texts().len(), 0);
}

#[tokio::test]
async fn a_login_is_refused_in_whatever_words() {
    let mut words = forms("535");
    words.extend(forms("534"));
    words.push(b"500 Anmeldung ung\xfcltig\r\n".to_vec());
    for words in words {
        let shown = String::from_utf8_lossy(&words[..words.len().min(60)]).into_owned();
        let server = saying("AUTH", words);
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "geheim\n").unwrap();
        let keys = format!(
            "tls: none, username: amy, password_file: {}",
            file.path().display()
        );
        let office = office(&server, &keys).await;
        let trouble = office.deliver().await.trouble.unwrap();
        assert!(
            trouble.contains("does not accept the login: 5"),
            "{shown:?} {trouble}"
        );
        for _ in 0..14 {
            office.later(1);
            office.deliver().await;
        }
        assert_eq!(server.count("AUTH"), 1, "{shown:?}");
        office.later(1);
        office.deliver().await;
        assert_eq!(server.count("AUTH"), 2, "{shown:?}");
        assert_eq!(server.count("MAIL"), 0);
    }
}

#[tokio::test]
async fn a_login_part_by_part_asks_in_whatever_words() {
    for asked in [
        "334\r\n",
        "334 VXNlcm5hbWU6\r\n",
        "334-x\r\n334 Benutzer\r\n",
    ] {
        let server = Crude::start(move |step| {
            let words = match step.verb {
                "EHLO" => "250-x\r\n250 auth=LOGIN\r\n",
                // The name, and then the password.
                "AUTH" | "YW15" => asked,
                "Z2VoZWlt" => "235\r\n",
                _ => return None,
            };
            Some(Then::Say(words.into()))
        });
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "geheim\n").unwrap();
        let keys = format!(
            "tls: none, username: amy, password_file: {}",
            file.path().display()
        );
        let office = office(&server, &keys).await;
        assert_eq!(office.deliver().await.accepted, 1, "{asked:?}");
        assert_eq!(server.lines()[1..4], ["AUTH LOGIN", "YW15", "Z2VoZWlt"]);
    }
}

#[tokio::test]
async fn an_answer_without_an_end_is_given_up() {
    for (step, code) in STEPS.into_iter().chain([("QUIT", "221"), ("RSET", "250")]) {
        for words in [
            "x".repeat(62_500),
            format!("{code} {}", "x".repeat(62_500)),
            format!("{code}-x\r\n").repeat(10_000),
        ] {
            let server = Crude::start(move |now| match now.verb {
                "RCPT" if step == "RSET" => Some(Then::Say(b"450 later\r\n".to_vec())),
                verb if verb == step => Some(Then::Flood(words.clone().into())),
                _ => None,
            });
            let office = office(&server, "tls: none").await;
            office.deliver().await;
            let mail = office.mails().await.remove(0);
            let (status, reason) = match step {
                "QUIT" => (Accepted, ""),
                "RSET" => (Pending, "450 later"),
                "TEXT" => (Unknown, "longer than"),
                _ => (Pending, "makes no sense"),
            };
            assert_eq!(mail.status, status, "{step}");
            let told = mail.reason.unwrap_or_default();
            assert!(told.contains(reason), "{step} {told}");
            // What the system holds back for us is all that came.
            assert!(server.flooded() < 16_000_000, "{step} {}", server.flooded());
        }
    }
}

#[tokio::test]
async fn what_came_before_protection_is_not_believed() {
    let script =
        "250-x\r\n250 AUTH PLAIN LOGIN\r\n235 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n250 queued\r\n";
    let half = |words: &str| words.as_bytes().to_vec();
    for injected in [
        vec![half(&format!("220 go\r\n{script}"))],
        vec![half("220 go\r\n250 x\r\n")],
        vec![half("220 go\r\n2")],
        vec![half("220-go\r\n220 on\r\n\r\n")],
        vec![half("220 go\r\n"), half(script)],
        vec![half("220 go\r\n"), half("2")],
        vec![
            half("220 go\r\n250-x\r\n250 "),
            half("AUTH PLAIN\r\n235 ok\r\n"),
        ],
    ] {
        for login in [false, true] {
            let injected = injected.clone();
            let server = Crude::start(move |step| {
                let parts = (step.verb == "STARTTLS").then(|| injected.clone());
                parts.map(Then::Pauses)
            });
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), "geheim\n").unwrap();
            let keys = match login {
                true => format!(
                    "tls: starttls, username: amy, password_file: {}",
                    file.path().display()
                ),
                false => "tls: starttls".to_owned(),
            };
            let office = office(&server, &keys).await;
            let delivered = office.deliver().await;
            assert_eq!(office.statuses().await, [Pending], "{delivered:?}");
            assert!(!server.lines().iter().any(|line| line.starts_with("AUTH")));
            assert_eq!(server.texts().len(), 0);
        }
    }
    // Words before the question are no answer to it either.
    let server = saying("EHLO", b"250 STARTTLS\r\n220 go\r\n".to_vec());
    let office = office(&server, "tls: starttls").await;
    let trouble = office.deliver().await.trouble.unwrap();
    assert!(trouble.contains("STARTTLS makes no sense"), "{trouble}");
    assert_eq!(server.count("STARTTLS"), 0);
}

#[tokio::test]
async fn an_address_goes_out_in_the_form_that_a_server_takes() {
    for (offers, sent) in [("", None), ("250-SMTPUTF8\r\n", Some(" SMTPUTF8"))] {
        let server = Crude::start(move |step| {
            let words = format!("250-crude\r\n{offers}250 8BITMIME\r\n");
            (step.verb == "EHLO").then(|| Then::Say(words.into()))
        });
        let office = office(&server, "tls: none").await;
        office
            .put(&[to("ann@Müller.example"), to("jürgen@müller.example")])
            .await;
        office.deliver().await;
        let lines = server.lines();
        let rcpt = "RCPT TO:<ann@xn--mller-kva.example>".to_owned();
        assert!(lines.contains(&rcpt), "{lines:?}");
        let parameter = "MAIL FROM:<studio@example.com>";
        let with = lines.iter().filter_map(|line| line.strip_prefix(parameter));
        let with: Vec<&str> = with.filter(|rest| !rest.is_empty()).collect();
        assert_eq!(with, Vec::from_iter(sent));
        let mails = office.mails().await;
        let last = if sent.is_some() { Accepted } else { Refused };
        assert_eq!(office.statuses().await, [Accepted, Accepted, last]);
        if sent.is_none() {
            let reason = mails[2].reason.as_deref().unwrap();
            assert!(
                reason.contains("recipient's address has letters beyond ASCII"),
                "{reason}"
            );
        } else {
            let rcpt = "RCPT TO:<jürgen@xn--mller-kva.example>".to_owned();
            assert!(lines.contains(&rcpt), "{lines:?}");
        }
    }
}

#[tokio::test]
async fn a_mail_of_an_older_version_cannot_end_before_its_end() {
    let Some(aiosmtpd) = Server::start(&serde_json::json!({})) else {
        return;
    };
    let evil = b"Subject: x\r\n\r\nA\n.\nMAIL FROM:<x@example.com>\r.\r\n.\n\r.\r\r\n..\n".to_vec();
    let clean =
        b"Subject: x\r\n\r\nA\r\n.\r\nMAIL FROM:<x@example.com>\r\n.\r\n.\r\n\r\n.\r\n\r\n..\r\n";
    let mut sent = to(MANAGER);
    sent.message = evil;
    let crude = Crude::start(|_| None);
    for port in [aiosmtpd.port, crude.port] {
        let smtp = format!("smtp: {{ host: localhost, port: {port}, tls: none }}");
        let office = Office::new(&smtp).await;
        office.put(std::slice::from_ref(&sent)).await;
        assert_eq!(office.deliver().await.accepted, 1);
    }
    assert_eq!(aiosmtpd.arrived()[0].1, clean);
    let text = crude.texts().remove(0).1;
    let text = String::from_utf8(text).unwrap();
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "{text:?}");
    // A server that takes any LF for a line's end finds one line of a dot alone, the last.
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines.iter().position(|line| *line == "."),
        Some(lines.len() - 1)
    );
    let office = Office::new("file: out").await;
    office.put(&[sent]).await;
    assert_eq!(office.deliver().await.accepted, 1);
    let mut files = std::fs::read_dir(office.path("out")).unwrap();
    let file = files.next().unwrap().unwrap().path();
    assert_eq!(std::fs::read(file).unwrap(), clean);
}
