//! Forms of sessions that ended, and requests that make no sense.

use super::browser::{Browser, hidden, ten_clients};
use super::doors::{Guest, USERS, add};

const RULES: &str = "segments:\n  - { id: gold, name: Gold, when: tier = \"gold\" }\n";

/// Nobody loses what they typed by a session that ended.
#[test]
fn a_form_of_a_session_that_ended_can_be_sent_once_more() {
    let scratch = ten_clients(USERS, RULES);
    add(&scratch, "ana", "operate");
    let browser = Browser::outside(scratch);
    let old = hidden(&Guest::new(&browser, "ana").get("/runs").body, "csrf");
    let guest = Guest::new(&browser, "ana");
    let send = |origin: &str, form: &str| {
        let headers = format!("{}\r\nOrigin: http://{origin}", guest.headers);
        browser.raw("POST", "/runs/accept", &headers, form)
    };
    let form = format!("csrf={old}&run=7&typed=%3Cb%3E+x");
    let answer = send(browser.host(), &form);
    assert_eq!(answer.status, 403);
    let page = answer.body.replace("&#x2f;", "/");
    let typed = "name=\"typed\" value=\"&lt;b&gt; x\"";
    assert!(page.contains(typed), "{page}");
    let (_, form) = page.split_once("action=\"/runs/accept\"").unwrap();
    let token = hidden(form, "csrf");
    assert_ne!(token, old);
    // It is let through: there is no such held run.
    let again = send(browser.host(), &format!("csrf={token}&run=7"));
    assert_eq!(again.status, 409, "{}", again.body);
    // Another page gets nothing that could be sent.
    let foreign = send("evil.example", &format!("csrf={old}&run=7"));
    assert!(!foreign.body.contains("once more"), "{}", foreign.body);
}

#[test]
fn nothing_that_a_page_is_asked_for_breaks_it() {
    let browser = Browser::ten_clients("", RULES);
    let many = "segment=gold&".repeat(1_000);
    let queries = [
        "page=-1",
        "page=99999999999999999999",
        "page=%ff",
        "sort=nothing",
        "sort=%27%3B%20drop%20table%20x",
        "segment=nothing",
        "segment=gold&segment=gold&match=nonsense",
        "run=x",
        &many,
    ];
    for path in [
        "/",
        "/clients",
        "/segments/gold",
        "/health",
        "/runs",
        "/mail",
        "/newer",
    ] {
        for query in queries {
            let answer = browser.get(&format!("{path}?{query}"));
            assert!(answer.status < 500, "{path}?{query}: {}", answer.body);
        }
    }
}
