//! The list of clients, a client, and forgetting.

use super::browser::{Browser, ten_clients, text};
use super::support::database::rows;

const RULES: &str = "segments:
  - { id: gold, name: Gold, importance: 3, when: tier = \"gold\" }
  - { id: often, name: Often, importance: 1, when: visits >= 5 }
  - { id: recent, name: Recent, when: max(stays.at) >= 6 days ago }
";

fn browser() -> Browser {
    Browser::ten_clients("", RULES)
}

#[test]
fn the_list_is_filtered_by_segments_and_searched_by_name() {
    let browser = browser();
    let counted = |path: &str| {
        let page = browser.page(path);
        let (_, found) = page.split_once("<p id=\"found\">").unwrap();
        found.split('<').next().unwrap().to_owned()
    };
    for (path, found) in [
        ("/clients", "10 clients"),
        ("/clients?segment=gold&segment=often", "2 clients"),
        ("/clients?segment=gold&segment=often&match=any", "6 clients"),
        (
            "/clients?segment=gold&segment=often&match=none",
            "4 clients",
        ),
        ("/clients?segment=gold&segment=recent", "0 clients"),
    ] {
        assert_eq!(counted(path), found, "{path}");
    }
    assert_eq!(browser.get("/clients?segment=nobody").status, 404);
    assert_eq!(browser.get("/clients?match=some").status, 400);
    assert_eq!(browser.get("/clients?page=0").status, 400);
    assert_eq!(browser.get("/clients?page=2").status, 404);
    let found = browser.post("/clients", &[("text", "client+10")]);
    assert_eq!(found.status, 200);
    assert!(
        text(&found.body).contains("1 client found."),
        "{}",
        found.body
    );
    let found = browser.post("/clients", &[("text", "%3Cb%3E")]);
    assert!(!found.body.contains("<b>"), "{}", found.body);
    // First those whose segments weigh most, and no name or key is in any address.
    let list = browser.page("/clients");
    assert!(list.find("Client 10").unwrap() < list.find("Client 9").unwrap());
    assert!(!list.contains("href=\"/clients/10"), "{list}");
}

#[test]
fn namesakes_are_told_apart_and_an_apostrophe_is_found_however_it_is_typed() {
    let scratch = ten_clients("", RULES);
    scratch.sql("update clients set name = 'Eva O’Shea' where id in (2, 7)");
    scratch.expect(0, &["run"]);
    let browser = Browser::open(scratch);
    for typed in ["o'shea", "O%E2%80%99Shea", "o%C2%B4shea"] {
        let found = text(&browser.post("/clients", &[("text", typed)]).body);
        assert!(found.contains("2 clients found."), "{typed}: {found}");
        for key in ["Eva O’Shea 2", "Eva O’Shea 7"] {
            assert!(found.contains(key), "{key}: {found}");
        }
    }
    let page = text(&browser.page("/clients"));
    assert!(!page.contains("Client 10 10"), "{page}");
}

#[test]
fn a_client_is_told_by_weights_reasons_and_moves() {
    let browser = browser();
    let address = browser.client("Client 9");
    assert_eq!(address, browser.client("Client 9"));
    let page = text(&browser.page(&address));
    for told in [
        "Client 9 · place 2 of 10",
        "Score 1.0000",
        "Gold 0.7500",
        "Often 0.2500",
        "entered Gold : the first run run 1",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    let why = text(&browser.page(&format!("{address}/why")));
    for told in [
        "✓ in: Often",
        "visits 9 ≥ 5",
        "✗ not in: Recent",
        "stays : 1 in 26 weeks",
    ] {
        assert!(why.contains(told), "{told}: {why}");
    }
    let part = browser.page(&format!("{address}/why?part=1"));
    assert!(part.starts_with("<div"), "{part}");
    // What nobody was given is nobody's address.
    for made_up in [
        "/clients/9",
        "/clients/..%2f",
        &address[..address.len() - 1],
    ] {
        assert_eq!(browser.get(made_up).status, 404, "{made_up}");
    }
}

#[test]
fn a_client_is_forgotten_after_a_question_and_the_audit_does_not_name_them() {
    let browser = browser();
    let address = browser.client("Client 3");
    let question = text(&browser.page(&format!("{address}/forget")));
    assert!(
        question.contains("This cannot be taken back."),
        "{question}"
    );
    let done = browser.post(&format!("{address}/forget"), &[]);
    assert_eq!(done.status, 200, "{}", done.body);
    let told = text(&done.body);
    assert!(told.contains("the next run brings them back"), "{told}");
    assert!(told.contains("muster_scores 1"), "{told}");
    assert_eq!(browser.get(&address).status, 404);
    let audit = rows(
        &browser.database(),
        "select who, what, ifnull(of, '') from muster_audit",
    );
    assert_eq!(audit, [["local", "forget", ""]]);
    let runs = text(&browser.page("/runs"));
    assert!(runs.contains("local forget"), "{runs}");
    assert!(!runs.contains("Client 3"), "{runs}");
}

#[test]
fn who_goes_away_while_somebody_is_forgotten_leaves_nothing_half_done() {
    let browser = browser();
    let address = browser.client("Client 3");
    // The lease cannot be taken yet: the browser goes away in the middle.
    let other = rusqlite::Connection::open(browser.path("studio.db")).unwrap();
    other.execute_batch("begin immediate").unwrap();
    browser.post_and_leave(&format!("{address}/forget"));
    other.execute_batch("rollback").unwrap();
    let began = std::time::Instant::now();
    while browser.get(&address).status != 404 {
        assert!(began.elapsed().as_secs() < 20, "nobody was forgotten");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    // Others can work, and what was done is written down.
    browser.expect(0, &["run"]);
    let runs = text(&browser.page("/runs"));
    assert_eq!(runs.matches("local forget").count(), 1, "{runs}");
}

#[test]
fn what_is_exported_is_what_is_shown() {
    let browser = browser();
    let export = browser.get("/clients/export?segment=gold&segment=often&match=none");
    assert_eq!(export.status, 200, "{}", export.body);
    assert_eq!(export.body.matches("Client ").count(), 4, "{}", export.body);
    let file = browser.expect(0, &["export", "gold"]).out;
    let whole = browser.get("/clients/export?segment=gold").body;
    let lines = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| line.contains("Client "));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(lines(&whole).len(), 2, "{whole}");
    for line in lines(&whole) {
        assert!(file.contains(line.trim_end()), "{line}\n{file}");
    }
}
