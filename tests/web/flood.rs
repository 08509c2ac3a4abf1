//! Too much of everything.

use std::io::Write;
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::browser::{Browser, ten_clients};
use crate::site::{Answer, Site, user};

const RULES: &str = "segments:\n  - { id: gold, name: Gold, when: tier = \"gold\" }\n";

#[test]
fn a_thousand_idle_connections_do_not_stop_the_page() {
    let browser = Browser::ten_clients("", RULES);
    let endless = format!("GET / HTTP/1.1\r\nX: {}", "x".repeat(50_000));
    let kinds = [
        "",
        "GET /cli",
        "GET / HTTP/1.1\r\nHost: x\r\n",
        "\u{16}\u{3}\u{1}",
        &endless,
    ];
    let mut held = Vec::new();
    for kind in kinds.iter().cycle().take(1_000) {
        let mut stream = TcpStream::connect(&browser.site.host).unwrap();
        let _ = stream.write_all(kind.as_bytes());
        held.push(stream);
        if held.len() % 200 == 0 {
            browser.page("/clients");
        }
    }
    let asked = Instant::now();
    browser.page("/clients");
    assert!(asked.elapsed() < Duration::from_secs(10));
    assert!(browser.site.peak() < 300, "{} MB", browser.site.peak());
}

#[test]
fn heads_and_forms_are_bounded() {
    let browser = Browser::ten_clients("", RULES);
    let site = &browser.site;
    let large = "x".repeat(1_000_000);
    let answered = |head: &str, body: &str| {
        let mut stream = TcpStream::connect(&site.host).unwrap();
        let _ = stream.write_all(format!("{head}\r\n\r\n{body}").as_bytes());
        Answer::try_read(&mut stream).map(|answer| answer.status)
    };
    let head = format!("GET / HTTP/1.1\r\nHost: localhost\r\nX: {large}");
    assert!(matches!(answered(&head, ""), None | Some(400..=499)));
    let many = "X: y\r\n".repeat(1_000);
    let head = format!("GET / HTTP/1.1\r\nHost: localhost\r\n{}", many.trim_end());
    assert!(matches!(answered(&head, ""), None | Some(400..=499)));
    let form = format!("text={large}{large}");
    let refused = browser.post("/clients", &[("text", &form)]);
    assert_eq!(refused.status, 400, "{}", refused.body);
    assert!(site.peak() < 300, "{} MB", site.peak());
}

/// Whoever guesses is slowed down, and nobody else is.
#[test]
fn ten_thousand_guesses_are_refused_and_keep_nobody_out() {
    const PASSWORD: &str = "correct horse battery";
    let scratch = ten_clients("page: { auth: { users: page-users } }", RULES);
    for name in ["ana", "ben"] {
        user(&scratch, &["add", name, "--role", "view"], PASSWORD);
    }
    let site = Site::open(&scratch);
    let (_, ben) = site.sign_in("ben", PASSWORD);
    let (checked, told_to_wait) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let began = Instant::now();
    std::thread::scope(|scope| {
        for guesser in 0..8 {
            let (site, checked, told_to_wait) = (&site, &checked, &told_to_wait);
            scope.spawn(move || {
                for guess in 0..1_250 {
                    let (answer, cookie) = site.sign_in("ana", &format!("guess {guesser} {guess}"));
                    assert_eq!(cookie, "");
                    match answer.status {
                        403 => checked.fetch_add(1, Ordering::Relaxed),
                        429 => told_to_wait.fetch_add(1, Ordering::Relaxed),
                        other => panic!("{other}: {}", answer.body),
                    };
                }
            });
        }
        let asked = Instant::now();
        assert_eq!(site.get("/clients", &ben).status, 200);
        assert!(asked.elapsed() < Duration::from_secs(10));
    });
    // Five are free, then each doubles the wait; some were on their way already.
    let (checked, waited) = (checked.into_inner(), told_to_wait.into_inner());
    assert_eq!(checked + waited, 10_000);
    let most = 5 + 8 + began.elapsed().as_secs() as usize;
    assert!(checked <= most, "{checked} of 10,000 were checked");
    // Not even the right one is taken before the wait is over.
    assert_eq!(site.sign_in("ana", PASSWORD).0.status, 429);
    assert_eq!(site.sign_in("ben", PASSWORD).0.status, 303);
    assert!(site.peak() < 400, "{} MB", site.peak());
}
