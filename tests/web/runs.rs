//! Runs: now, on trial, and one that is held.

use std::time::{Duration, Instant};

use super::browser::{Browser, text};

const RULES: &str = "segments:\n  - { id: gold, name: Gold, when: tier = \"gold\" }\n";

/// The page of runs once the work on it has ended.
fn ended(browser: &Browser) -> String {
    let began = Instant::now();
    loop {
        let page = browser.page("/runs");
        if !page.contains("data-watch") {
            return text(&page);
        }
        assert!(began.elapsed() < Duration::from_secs(60), "{page}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_run_is_made_now_and_shown_with_what_was_found() {
    let browser = Browser::ten_clients("", RULES);
    browser.sql("update clients set tier = 'gold' where id = 1");
    browser.put_clock("2026-03-15T11:00:00Z");
    let answer = browser.post("/runs/try", &[]);
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, Some("/runs"))
    );
    let tried = ended(&browser);
    assert!(tried.contains("Nothing was written"), "{tried}");
    assert_eq!(browser.json(&["segments"])[0]["size"], 2);
    assert_eq!(browser.post("/runs/now", &[]).status, 303);
    let made = ended(&browser);
    assert!(made.contains("Published as run 2"), "{made}");
    assert!(made.contains("local run"), "{made}");
    assert_eq!(browser.json(&["segments"])[0]["size"], 3);
}

#[test]
fn a_held_run_is_accepted_by_whoever_looked_at_it() {
    let browser = Browser::ten_clients("guard: { moves: 10%, at_least: 1 }", RULES);
    browser.sql("update clients set tier = 'gold' where id < 6");
    browser.put_clock("2026-03-15T11:00:00Z");
    browser.expect(1, &["run"]);
    let page = text(&browser.page("/runs"));
    assert!(page.contains("Run 2 is held"), "{page}");
    browser.post("/runs/try", &[]);
    let tried = ended(&browser);
    assert!(tried.contains("Client 1 , Client 2"), "{tried}");
    for run in ["1", "3", ""] {
        assert_eq!(
            browser.post("/runs/accept", &[("run", run)]).status,
            409,
            "{run}"
        );
    }
    assert_eq!(browser.post("/runs/accept", &[("run", "2")]).status, 303);
    let accepted = ended(&browser);
    assert!(accepted.contains("Published as run 3"), "{accepted}");
    assert!(accepted.contains("local accept run 2"), "{accepted}");
    assert!(!accepted.contains("is held"), "{accepted}");
}
