//! The server that results are published to, as the page shows it.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use super::browser::{Browser, text};
use crate::support::postgres::Postgres;
use crate::support::waiting::holds_in_time;

const RULES: &str = "segments:\n  - { id: gold, name: Gold, when: tier = \"gold\" }\n";

fn publish(url: &str) -> String {
    format!("publish: {{ to: \"{url}\", tls: off }}")
}

#[test]
fn what_the_server_has_is_on_the_page_and_kept_up() {
    let Some(postgres) = Postgres::open() else {
        return;
    };
    let database = &postgres.database;
    postgres.sql(&format!("GRANT CREATE ON DATABASE {database} TO quick"));
    let url = postgres.url("quick").replace("localhost", "127.0.0.1");
    let browser = Browser::ten_clients(&publish(&url), RULES);
    let runs = || text(&browser.page("/runs"));
    // A server under load may take longer than a page waits.
    let shows = |words: &str| {
        assert!(
            holds_in_time(|| runs().contains(words)),
            "{words}\n{}",
            runs()
        );
    };
    shows("has run 1");

    // A run and a forgetting of the page are published as those of the command line are.
    browser.sql("update clients set tier = 'gold' where id = 1");
    browser.put_clock("2026-03-15T11:00:00Z");
    browser.post("/runs/now", &[]);
    shows("has run 2");
    let there = |sql: &str| postgres.sql(sql);
    assert_eq!(there("select run_id from muster.publication"), "2");
    let somebody = "select count(*) from muster.scores where label = 'Client 1'";
    assert_eq!(there(somebody), "1");
    let address = browser.client("Client 1");
    let done = browser.post(&format!("{address}/forget"), &[]);
    assert_eq!(done.status, 200);
    assert_eq!(there(somebody), "0");

    // A server that lacks the last run, and one that is away, need attention.
    there("update muster.publication set run_id = 1");
    shows("has run 1, and the last one is run 2");
    browser.edit("config.yaml", database, "nowhere");
    shows("cannot be asked which run it has");
    assert!(runs().contains("Needs attention"));
    browser.post("/runs/now", &[]);
    shows("results are stored, but could not be published");
}

#[test]
fn a_server_that_says_nothing_keeps_no_page_waiting() {
    let browser = Browser::ten_clients("", RULES);
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let url = format!("postgres://quick@127.0.0.1:{port}/shop");
    let config = browser.read("config.yaml") + &publish(&url) + "\n";
    browser.write("config.yaml", config);
    for _ in 0..3 {
        let began = Instant::now();
        let page = text(&browser.page("/runs"));
        assert!(
            began.elapsed() < Duration::from_secs(8),
            "{:?}",
            began.elapsed()
        );
        assert!(
            page.contains("is being asked which run it has") || page.contains("did not answer"),
            "{page}"
        );
    }
}
