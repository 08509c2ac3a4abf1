//! Mail: as its readers see it, and what is decided about it.

use super::browser::{Browser, text};

const RULES: &str = "segments:\n  - { id: gold, name: Gold <b>, when: tier = \"gold\" }\n";
const CONFIG: &str = "\
mail: { from: a@example.com, file: out }
reports:
  - { id: desk, name: Desk, to: [boss@example.com], when_empty: send, hold: { size_change: 1%, at_least: 1 } }";

/// A first report was sent, and a second one is held.
fn browser() -> Browser {
    let browser = Browser::ten_clients(CONFIG, RULES);
    browser.expect(0, &["report", "desk"]);
    browser.sql("update clients set tier = 'gold' where id = 1");
    browser.put_clock("2026-03-15T11:00:00Z");
    browser.expect(0, &["run"]);
    browser.expect(1, &["report", "desk"]);
    browser
}

#[test]
fn a_held_mail_is_released_once() {
    let browser = browser();
    let page = text(&browser.page("/mail"));
    assert!(page.contains("boss@example.com"), "{page}");
    assert!(page.contains("held back"), "{page}");
    let form = [("mail", "2"), ("choice", "release")];
    let answer = browser.post("/mail/decide", &form);
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, Some("/mail"))
    );
    let page = text(&browser.page("/mail"));
    assert!(!page.contains("held back"), "{page}");
    assert_eq!(browser.json(&["outbox"])[0]["status"], "accepted");
    assert_eq!(browser.post("/mail/decide", &form).status, 409);
    for wrong in [
        [("mail", "desk"), ("choice", "release")],
        [("mail", "2"), ("choice", "burn")],
    ] {
        assert_eq!(browser.post("/mail/decide", &wrong).status, 400);
    }
    let runs = text(&browser.page("/runs"));
    assert!(runs.contains("local release mail 2"), "{runs}");
}

#[test]
fn mails_are_framed_so_that_nothing_in_them_runs() {
    let browser = browser();
    let page = browser.page("/mail/desk");
    assert!(
        page.contains(
            "sandbox=\"allow-popups allow-popups-to-escape-sandbox\" src=\"/mail/desk/next\""
        ),
        "{page}"
    );
    for path in ["/mail/desk/next", "/mail/sent/2"] {
        let mail = browser.get(path);
        assert_eq!(mail.status, 200, "{path}: {}", mail.body);
        let policy = mail.header("content-security-policy").unwrap();
        for part in [
            "default-src 'none'",
            "sandbox allow-popups allow-popups-to-escape-sandbox;",
            "frame-ancestors 'self'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("script-src"), "{policy}");
        assert!(
            mail.body.contains("<base target=\"_blank\">"),
            "{}",
            mail.body
        );
        let told = text(&mail.body);
        assert!(told.contains("Gold <b>"), "{path}: {told}");
        assert!(told.contains("1 in"), "{path}: {told}");
    }
    assert_eq!(browser.get("/mail/nobody/next").status, 404);
    assert_eq!(browser.get("/mail/sent/99").status, 404);
}
