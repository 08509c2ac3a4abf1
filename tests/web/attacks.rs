//! What a hostile page, a hostile name and a hostile stranger try.

use super::browser::{Browser, ten_clients, text};

const RULES: &str = "segments:\n  - { id: gold, name: Gold, when: tier = \"gold\" }\n";

fn browser() -> Browser {
    Browser::ten_clients("", RULES)
}

/// The headers of our browser, with others in the place of `Host` and `Origin`.
fn headers(browser: &Browser, host: &str, more: &str) -> String {
    format!("Host: {host}\r\nCookie: {}{more}", browser.cookie())
}

#[test]
fn a_form_of_another_page_does_nothing() {
    let browser = browser();
    let (host, csrf) = (browser.host(), browser.csrf());
    let forged = [
        ("Origin: http://evil.example", format!("csrf={csrf}")),
        ("Origin: null", format!("csrf={csrf}")),
        ("Accept: */*", String::new()),
        ("Accept: */*", "csrf=".to_owned()),
        ("Accept: */*", format!("csrf={csrf}x")),
    ];
    for (header, form) in forged {
        let headers = headers(&browser, host, &format!("\r\n{header}"));
        for path in ["/runs/now", "/leave", "/create", "/clients"] {
            let answer = browser.raw("POST", path, &headers, &form);
            assert_eq!(answer.status, 403, "{path} {header} {form}");
        }
    }
    let runs = text(&browser.page("/runs"));
    assert!(!runs.contains("run 2"), "{runs}");
    // With its token the session's own form goes through, also without an origin, which programs do not send.
    let answer = browser.raw(
        "POST",
        "/runs/now",
        &headers(&browser, host, ""),
        &format!("csrf={csrf}"),
    );
    assert_eq!(answer.status, 303);
}

#[test]
fn another_name_that_leads_here_is_refused() {
    let browser = browser();
    let port = browser.host().rsplit_once(':').unwrap().1;
    for host in [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "",
    ] {
        let answer = browser.raw("GET", "/", &headers(&browser, host, ""), "");
        assert!(
            matches!(answer.status, 400 | 403),
            "{host}: {}",
            answer.status
        );
        assert!(!answer.body.contains("Gold"));
    }
    let twice = headers(&browser, browser.host(), "\r\nHost: evil.example");
    assert!(matches!(
        browser.raw("GET", "/", &twice, "").status,
        400 | 403
    ));
    for host in [
        format!("localhost:{port}"),
        format!("127.0.0.1:{port}"),
        format!("[::1]:{port}"),
    ] {
        assert_eq!(
            browser
                .raw("GET", "/", &headers(&browser, &host, ""), "")
                .status,
            200,
            "{host}"
        );
    }
}

#[test]
fn a_proxy_in_front_of_a_page_that_knows_nobody_is_refused() {
    let browser = browser();
    for header in [
        "X-Forwarded-For: 192.0.2.1",
        "Forwarded: for=192.0.2.1",
        "X-Real-IP: 192.0.2.1",
        "Via: 1.1 proxy",
    ] {
        let headers = headers(&browser, browser.host(), &format!("\r\n{header}"));
        let answer = browser.raw("GET", "/", &headers, "");
        assert_eq!(answer.status, 403, "{header}");
        assert!(
            text(&answer.body).contains("page: auth:"),
            "{}",
            answer.body
        );
    }
}

#[test]
fn the_printed_address_is_good_for_one_browser() {
    let browser = browser();
    let host = format!("Host: {}", browser.host());
    let again = browser.raw("GET", &browser.entrance, &host, "");
    assert_eq!(again.header("set-cookie"), None);
    assert!(
        text(&again.body).contains("was used already"),
        "{}",
        again.body
    );
    for path in [
        "/",
        "/clients",
        "/segments/gold",
        "/clients/export",
        "/runs",
    ] {
        let answer = browser.raw("GET", path, &host, "");
        assert_eq!(answer.status, 303, "{path}");
        assert!(
            answer.header("location").unwrap().starts_with("/enter"),
            "{path}"
        );
        let guessed =
            format!("{host}\r\nCookie: muster=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        assert_eq!(browser.raw("GET", path, &guessed, "").status, 303, "{path}");
    }
}

#[test]
fn a_session_that_somebody_else_made_up_is_not_taken_over() {
    let browser = Browser::outside(ten_clients("", RULES));
    let fixed = "Cookie: muster=chosen-by-somebody-else";
    let headers = format!("Host: {}\r\n{fixed}", browser.host());
    let entered = browser.raw("GET", &browser.entrance, &headers, "");
    let cookie = entered.header("set-cookie").unwrap();
    assert!(!cookie.contains("chosen-by-somebody-else"), "{cookie}");
    for flag in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(flag), "{cookie}");
    }
    assert_eq!(browser.raw("GET", "/", &headers, "").status, 303);
}

#[test]
fn who_left_is_out() {
    let browser = browser();
    assert_eq!(browser.post("/leave", &[]).status, 303);
    assert_eq!(browser.get("/").status, 303);
}

#[test]
fn paths_lead_to_pages_and_to_nothing_else() {
    let browser = browser();
    for path in [
        "/config.yaml",
        "/../config.yaml",
        "/segments/../config.yaml",
        "/segments/..%2f..%2fconfig.yaml",
        "/segments/%2e%2e",
        "/segments/gold%00",
        "/segments/gold/../../config.yaml",
        "/clients/..%2f1",
        "/clients/1",
        "/mail/sent/..%2f..%2fstudio.db",
        "/saved/..%2f..%2fconfig.yaml",
        "/style.css/../../config.yaml",
        "//evil.example/",
    ] {
        let answer = browser.get(path);
        assert!(
            matches!(answer.status, 400 | 404 | 405),
            "{path}: {}",
            answer.status
        );
        assert!(!answer.body.contains("sqlite:"), "{path}");
    }
    for path in [
        "/segments/%ff",
        "/clients/%F0",
        "/mail/sent/99999999999999999999",
    ] {
        let answer = browser.get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.body.contains("<h1>"), "{path}: {}", answer.body);
    }
    for answer in [browser.get("/mail/decide"), browser.post("/mail", &[])] {
        assert_eq!(answer.status, 405);
        assert!(
            text(&answer.body).contains("what a form"),
            "{}",
            answer.body
        );
    }
    // A file that is no rule file is not written to, whatever the form says.
    let form = [
        ("name", "X"),
        ("when", "yes"),
        ("do", "save"),
        ("file", "../out.yaml"),
    ];
    let answer = browser.post("/create", &form);
    assert!(
        text(&answer.body).contains("is not a rule file: config's"),
        "{}",
        answer.body
    );
    assert!(!browser.path("../out.yaml").exists());
}

#[test]
fn every_answer_says_what_it_may_load() {
    let browser = browser();
    for path in [
        "/",
        "/clients",
        "/segments/gold",
        "/enter",
        "/nothing",
        "/style.css",
        "/clients/export",
    ] {
        let answer = browser.get(path);
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        for (name, value) in [
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{path}");
        }
        // Nothing in a page needs more than that: no script or style stands in it.
        for inline in ["<script>", "style=\"", "onclick", "<style"] {
            assert!(!answer.body.contains(inline), "{path} {inline}");
        }
    }
}

#[test]
fn names_are_text_wherever_they_stand() {
    let hostile = "<img src=x onerror=alert(1)>\u{202e}\"'&";
    let rules = format!(
        "segments:\n  - id: gold\n    name: {hostile:?}\n    description: {hostile:?}\n    bucket: {hostile:?}\n    when: tier = \"gold\"\n"
    );
    let rules = rules.replace("\\u{202e}", "\\u202e").replace("\\'", "'");
    let scratch = ten_clients("", &rules);
    scratch.sql(&format!(
        "update clients set name = '{}' where id = 9",
        hostile.replace('\'', "''")
    ));
    scratch.expect(0, &["run"]);
    let browser = Browser::open(scratch);
    let list = browser.page("/clients");
    let at = list.split("<th scope=\"row\"><a href=\"").skip(1);
    let clients = at.map(|rest| rest.split('"').next().unwrap().to_owned());
    let mut paths = vec![
        "/",
        "/segments/gold",
        "/segments/gold/edit",
        "/clients",
        "/runs",
        "/create",
        "/?q=gold",
    ]
    .into_iter()
    .map(str::to_owned)
    .collect::<Vec<_>>();
    paths.extend(clients.take(2));
    for path in &paths {
        let page = browser.page(path);
        assert!(!page.contains("<img"), "{path}");
        assert!(!page.contains("\"'&\""), "{path}");
    }
    assert!(
        paths
            .iter()
            .any(|path| browser.page(path).contains("&lt;img"))
    );
    let typed = "%3Cscript%3Ealert(1)%3C/script%3E";
    let form = [
        ("name", typed),
        ("description", typed),
        ("when", typed),
        ("bucket", typed),
        ("do", "count"),
    ];
    let answer = browser.post("/create", &form);
    assert!(!answer.body.contains("<script>alert"), "{}", answer.body);
    assert!(
        answer.body.contains("&lt;script&gt;"),
        "what was typed comes back"
    );
    let long = "x".repeat(10_000);
    let form = [("name", long.as_str()), ("when", "yes"), ("do", "count")];
    let answer = browser.post("/create", &form);
    assert_eq!(answer.status, 200);
    assert!(answer.body.contains(&long));
}

#[test]
fn a_thousand_idle_connections_keep_nobody_out() {
    let browser = browser();
    let idle: Vec<_> = (0..1_000)
        .map_while(|_| std::net::TcpStream::connect(browser.host()).ok())
        .collect();
    assert!(idle.len() > 500, "{}", idle.len());
    assert!(browser.page("/").contains("Gold"));
    drop(idle);
    assert!(browser.page("/").contains("Gold"));
}

#[test]
fn what_is_too_large_is_refused() {
    let browser = browser();
    let form = format!("csrf={}&name={}", browser.csrf(), "x".repeat(2 << 20));
    let headers = headers(&browser, browser.host(), "");
    let mut stream = browser.connect();
    use std::io::{Read, Write};
    let head = format!(
        "POST /create HTTP/1.1\r\n{headers}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        form.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    // The answer may come before everything is sent.
    let _ = stream.write_all(form.as_bytes());
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer);
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 400"),
        "{answer}"
    );
    assert!(browser.page("/").contains("Gold"));
}
