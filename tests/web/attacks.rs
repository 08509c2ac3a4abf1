//! What others send, or let a browser send.

use crate::browser::{Browser, ten_clients};
use crate::site::{Site, csrf};

const RULES: &str = "segments:\n  - { id: gold, name: Gold, when: tier = \"gold\" }\n";

#[test]
fn a_forged_form_does_nothing() {
    let browser = Browser::ten_clients("", RULES);
    let (site, cookie) = (&browser.site, browser.cookie.as_str());
    let ours = format!("http://{}", site.host);
    let token = csrf(&browser.page("/runs"));
    let right = format!("csrf={token}");
    for (origin, form) in [
        ("https://evil.example", right.as_str()),
        ("null", &right),
        ("http://localhost:1", &right),
        (&ours, ""),
        (&ours, "csrf="),
        (&ours, "csrf=aGVsbG8"),
    ] {
        let headers = [("Cookie", cookie), ("Origin", origin)];
        let answer = site.ask("POST", "/runs/now", &headers, form);
        assert_eq!(answer.status, 403, "{origin} {form}");
    }
    // An address that somebody else's page has the browser open changes nothing.
    let address = format!("/runs/now?{right}");
    assert_eq!(browser.get(&address).status, 405);
    // The token of another session.
    let other = Site::open(&browser);
    let entered = other.get(&other.entrance, "").cookie().unwrap();
    let foreign = csrf(&other.get("/runs", &entered).body);
    let headers = [("Cookie", cookie)];
    let answer = site.ask("POST", "/runs/now", &headers, &format!("csrf={foreign}"));
    assert_eq!(answer.status, 403);
    assert!(!browser.page("/runs").contains("data-watch"));
    assert_eq!(
        browser.json(&["status"])["runs"].as_array().unwrap().len(),
        1
    );
}

#[test]
fn the_page_goes_by_no_name_of_others() {
    let browser = Browser::ten_clients("", RULES);
    let (site, cookie) = (&browser.site, browser.cookie.as_str());
    let port = site.host.rsplit_once(':').unwrap().1;
    for (host, status) in [
        ("localhost", 200),
        (&format!("localhost:{port}"), 200),
        ("[::1]:80", 200),
        ("evil.example", 403),
        (&format!("evil.example:{port}"), 403),
        ("localhost.evil.example", 403),
        ("127.0.0.1.evil.example", 403),
        ("127.0.0.1@evil.example", 403),
        ("0.0.0.0", 403),
        ("", 403),
    ] {
        let answer = site.ask("GET", "/", &[("Cookie", cookie), ("Host", host)], "");
        let refused = matches!(answer.status, 400 | 403);
        assert!(
            answer.status == status || status == 403 && refused,
            "{host}: {}",
            answer.status
        );
    }
    let two = [
        ("Cookie", cookie),
        ("Host", "localhost"),
        ("Host", "evil.example"),
    ];
    assert!(matches!(site.ask("GET", "/", &two, "").status, 400 | 403));
    // The name in the first line counts for nothing.
    let answer = site.ask("GET", "http://localhost/", &[("Host", "evil.example")], "");
    assert_eq!(answer.status, 403);
}

#[test]
fn what_a_proxy_brings_is_refused_without_auth() {
    let browser = Browser::ten_clients("", RULES);
    for header in [
        "Forwarded",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Forwarded-User",
        "X-Real-IP",
        "Via",
    ] {
        let headers = [("Cookie", browser.cookie.as_str()), (header, "192.0.2.7")];
        let answer = browser.site.ask("GET", "/", &headers, "");
        assert_eq!(answer.status, 403, "{header}");
        assert!(answer.body.contains("page: auth:"), "{}", answer.body);
        let entered = browser
            .site
            .ask("GET", &browser.site.entrance, &[(header, "x")], "");
        assert_eq!(entered.status, 403, "{header}");
    }
}

#[test]
fn paths_lead_to_pages_only() {
    let browser = Browser::ten_clients("", RULES);
    for path in [
        "/config.yaml",
        "/../config.yaml",
        "/..%2fconfig.yaml",
        "/segments/..%2f..%2fconfig.yaml",
        "/segments/%2e%2e/%2e%2e/config.yaml",
        "/segments/gold%00",
        "/segments/gold'%20or%20'1'='1",
        "/clients/1",
        "/clients/%27",
        "/clients/..%2fexport",
        "/mail/sent/-1",
        "/mail/sent/999999999999999999999",
        "/mail/..%2f..%2fetc%2fpasswd",
        "//evil.example/",
        "/enter/../clients",
        "/%ff%fe",
    ] {
        let answer = browser.get(path);
        assert!(
            matches!(answer.status, 400 | 404),
            "{path}: {}",
            answer.status
        );
        assert!(!answer.body.contains("database:"), "{path}");
    }
    let long = format!("/segments/{}", "a".repeat(100_000));
    assert!((400..500).contains(&browser.get(&long).status));
}

#[test]
fn nothing_that_a_page_is_asked_for_breaks_it() {
    let browser = Browser::ten_clients("", RULES);
    for query in [
        "page=-1",
        "page=99999999999999999999",
        "page=%ff",
        "sort=nothing",
        "sort=%27%3B%20drop%20table%20x",
        "segment=nothing",
        "segment=gold&segment=gold&match=nonsense",
        "run=x",
        &"segment=gold&".repeat(1_000),
    ] {
        for path in [
            "/",
            "/clients",
            "/segments/gold",
            "/health",
            "/runs",
            "/mail",
            "/newer",
        ] {
            let answer = browser.get(&format!("{path}?{query}"));
            assert!(answer.status < 500, "{path}?{query}: {}", answer.body);
        }
    }
}

#[test]
fn names_are_text() {
    let scratch = ten_clients("", RULES);
    let (script, bidi) = ("<script>alert(1)</script>\"'", "Ann \u{202e}gnp.exe");
    scratch.sql(&format!(
        "update clients set name = '{}' where id = 9",
        script.replace('\'', "''")
    ));
    scratch.sql(&format!("update clients set name = '{bidi}' where id = 10"));
    scratch.sql(&format!(
        "update clients set name = '{}' where id = 8",
        "x".repeat(10_000)
    ));
    scratch.rules(
        "segments:\n  - { id: gold, name: \"<img src=x onerror=alert(2)>\", when: tier = \"gold\", \
         description: \"</title><script>alert(3)</script>\" }\n",
    );
    scratch.put_clock("2026-03-15T11:00:00Z");
    scratch.expect(0, &["run"]);
    let browser = Browser::open(scratch);
    for path in [
        "/",
        "/clients",
        "/segments/gold",
        "/segments/gold/overlap",
        "/runs",
        "/health",
    ] {
        let page = browser.page(path);
        for markup in ["<script>alert", "<img src=x"] {
            assert!(!page.contains(markup), "{path}: {page}");
        }
        assert_eq!(page.matches("<script").count(), 1, "{path}: {page}");
        // Whatever turns the direction of a text ends with the text.
        for (place, _) in page.match_indices('\u{202e}') {
            let before = &page[..place];
            let opened = before.rfind("<bdi>").unwrap();
            assert!(!before[opened..].contains("</bdi>"), "{path}: {before}");
        }
    }
    assert!(browser.page("/clients").contains("&lt;script&gt;alert(1)"));
    let found = browser.post(
        "/clients",
        &[("text", "%3Cscript%3Ealert(1)%22%3E%E2%80%AE")],
    );
    assert!(!found.body.contains("<script>alert"), "{}", found.body);
}

#[test]
fn every_answer_tells_the_browser_to_be_strict() {
    let browser = Browser::ten_clients("", RULES);
    for path in [
        "/",
        "/clients",
        "/nowhere",
        "/style.css",
        "/enter",
        "/clients/export",
    ] {
        let answer = browser.get(path);
        let header = |name: &str| answer.header(name).unwrap_or_default().to_owned();
        let policy = header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none';"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert_eq!(header("cache-control"), "no-store", "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(header("x-frame-options"), "DENY", "{path}");
        assert_eq!(header("x-robots-tag"), "noindex, nofollow", "{path}");
        assert!(
            !header("access-control-allow-origin").contains('*'),
            "{path}"
        );
        assert!(!answer.body.contains(" style=\""), "{path}");
        assert!(!answer.body.contains(" onclick"), "{path}");
    }
}
