//! Who is at risk, and the proof of the score.

use super::browser::{Browser, text};

const RULES: &str = "segments:\n  - { id: gold, name: Gold, when: tier = \"gold\" }\n";
const CONFIG: &str = "\
health:
  churn: { among: exists(stays in last 8 days), when: not exists(stays in next 90 days) }
  factors:
    - { id: recency, value: days_since(max(stays.at)), zero: 20, full: 1, weight: 3, reason: \"{value} days away\" }";

#[test]
fn those_who_can_still_be_lost_are_listed_lowest_health_first() {
    let browser = Browser::ten_clients(CONFIG, RULES);
    let page = browser.page("/health");
    let told = text(&page);
    assert!(
        told.contains("6 of 10 clients: those who can still be lost"),
        "{told}"
    );
    assert!(page.find(">Client 6<").unwrap() < page.find(">Client 2<").unwrap());
    assert!(!page.contains(">Client 9<"), "{page}");
    assert!(told.contains("7 days away"), "{told}");
    let everyone = browser.page("/health?everyone=1");
    assert!(everyone.find(">Client 10<").unwrap() < everyone.find(">Client 9<").unwrap());
    assert_eq!(browser.get("/health?page=2").status, 404);
    // A filter decides who is counted, too.
    for (path, found, shown) in [
        ("/health?segment=gold", "0 of 2 clients", 0),
        ("/health?segment=gold&match=none", "6 of 8 clients", 6),
        ("/health?segment=gold&everyone=1", "2 clients", 2),
    ] {
        let page = browser.page(path);
        assert!(text(&page).contains(found), "{path}: {page}");
        assert_eq!(page.matches("<th scope=\"row\">").count(), shown, "{path}");
    }
}

#[test]
fn who_can_be_lost_follows_config_without_a_run() {
    let browser = Browser::ten_clients(CONFIG, RULES);
    assert!(text(&browser.page("/health")).contains("6 of 10 clients"));
    browser.edit("config.yaml", "in last 8 days", "in last 3 days");
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    let told = text(&browser.page("/health"));
    assert!(!told.contains("6 of 10 clients"), "{told}");
    assert!(told.contains("of 10 clients: those who can"), "{told}");
}

#[test]
fn the_score_is_held_against_the_past_when_somebody_asks() {
    let browser = Browser::ten_clients(CONFIG, RULES);
    assert_eq!(browser.get("/health/proof.svg?run=1").status, 404);
    assert_eq!(browser.post("/health/proof", &[]).status, 303);
    let began = std::time::Instant::now();
    let told = loop {
        let page = browser.page("/health");
        if !page.contains("data-watch") {
            break text(&page);
        }
        assert!(began.elapsed().as_secs() < 60, "{page}");
        std::thread::sleep(std::time::Duration::from_millis(50));
    };
    // A studio this young has no past to tell from, and the page says why.
    assert!(told.contains("The history is too short"), "{told}");
}
