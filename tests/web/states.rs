//! What a page shows when something is wrong right now.

use crate::browser::{Browser, ten_clients, text};

const RULES: &str = "segments:\n  - { id: gold, name: Gold, when: tier = \"gold\" }\n";
const APART: &str = "results: sqlite:results.db";

/// What config's checks believe for a second is over.
fn a_moment() {
    std::thread::sleep(std::time::Duration::from_millis(1_200));
}

#[test]
fn the_last_good_results_stay_while_a_rule_is_wrong() {
    let browser = Browser::ten_clients("", RULES);
    assert!(browser.page("/").contains("Gold"));
    browser.rules("segments:\n  - { id: gold, name: Gold, when: teir = \"gold\" }\n");
    a_moment();
    let page = text(&browser.page("/"));
    assert!(page.contains("Gold") && page.contains("teir"), "{page}");
    assert!(text(&browser.page("/clients")).contains("Client 9"));
    browser.write("config.yaml", "database: [");
    a_moment();
    assert!(text(&browser.page("/clients")).contains("Client 9"));
}

#[test]
fn the_last_good_results_stay_while_the_data_is_gone() {
    let browser = Browser::ten_clients(APART, RULES);
    std::fs::rename(browser.path("studio.db"), browser.path("elsewhere.db")).unwrap();
    a_moment();
    for path in ["/", "/clients", "/segments/gold"] {
        assert!(text(&browser.page(path)).contains("Gold"), "{path}");
    }
}

/// A server that takes connections and never answers keeps nobody from what was published.
#[test]
fn the_results_are_shown_while_a_server_of_data_does_not_answer() {
    let scratch = ten_clients(APART, RULES);
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let server = format!("database: postgres://studio@127.0.0.1:{port}/studio");
    scratch.edit("config.yaml", "database: sqlite:studio.db", &server);
    let browser = Browser::open(scratch);
    let began = std::time::Instant::now();
    for path in ["/", "/clients", "/segments/gold"] {
        assert!(text(&browser.page(path)).contains("Gold"), "{path}");
    }
    assert!(began.elapsed().as_secs() < 6, "{:?}", began.elapsed());
}

#[test]
fn results_that_cannot_be_read_are_told_in_words() {
    let browser = Browser::ten_clients(APART, RULES);
    let refused = |words: &str| {
        for path in ["/", "/clients", "/segments/gold"] {
            let answer = browser.get(path);
            let said = text(&answer.body);
            assert_eq!(answer.status, 503, "{path}: {said}");
            assert!(said.contains(words), "{path}: {said}");
        }
    };
    let results = browser.path("results.db");
    let kept = std::fs::read(&results).unwrap();
    std::fs::remove_file(&results).unwrap();
    refused("Nothing has been published yet");
    std::fs::write(&results, "").unwrap();
    refused("is empty");
    std::fs::write(&results, "no database at all".repeat(100)).unwrap();
    refused("results.db");
    std::fs::write(&results, kept).unwrap();
    assert!(browser.page("/").contains("Gold"));
    let results = rusqlite::Connection::open(&results).unwrap();
    let newer = "insert into muster_migrations \
        select 99, description, installed_on, 1, checksum, 0 from muster_migrations limit 1";
    results.execute(newer, []).unwrap();
    refused("newer");
}

#[test]
fn what_was_read_holds_for_as_long_as_the_results_are_as_they_were() {
    let browser = Browser::ten_clients(APART, RULES);
    let size = || {
        let page = browser.page("/?c=size");
        let (_, rest) = page.split_once("data-label=\"Size\">").unwrap();
        rest.split('<').next().unwrap().to_owned()
    };
    assert_eq!((size(), size()), ("2".to_owned(), "2".to_owned()));
    let first = std::fs::read(browser.path("results.db")).unwrap();
    browser.sql("update clients set tier = 'gold' where id = 1");
    browser.put_clock("2026-03-15T11:00:00Z");
    browser.expect(0, &["run"]);
    assert_eq!(size(), "3");
    // A file in their place, too.
    browser.write("older.db", first);
    std::fs::rename(browser.path("older.db"), browser.path("results.db")).unwrap();
    for beside in ["results.db-wal", "results.db-shm"] {
        let _ = std::fs::remove_file(browser.path(beside));
    }
    assert_eq!(size(), "2");
}

#[test]
fn a_page_learns_of_a_newer_run() {
    let browser = Browser::ten_clients("", RULES);
    assert!(browser.page("/").contains("data-run=\"1\""));
    assert_eq!(browser.page("/newer?run=1"), "");
    browser.put_clock("2026-03-15T11:00:00Z");
    browser.expect(0, &["run"]);
    assert_eq!(browser.page("/newer?run=1"), "2");
    assert_eq!(browser.page("/newer?run=2"), "");
}

#[test]
fn before_the_first_run_there_is_nothing_to_show() {
    let scratch = ten_clients("", RULES);
    scratch.edit(
        "config.yaml",
        "database:",
        "results: sqlite:later.db\ndatabase:",
    );
    let browser = Browser::open(scratch);
    let answer = browser.get("/");
    assert_eq!(answer.status, 503);
    assert!(text(&answer.body).contains("muster run"), "{}", answer.body);
    assert!(browser.page("/runs").contains("No run yet"));
    assert!(browser.page("/mail").contains("No mail yet"));
}
