//! A segment's page: how it went from run to run, and who came and went.

use super::browser::{Browser, text};

const GOLD: &str = "segments:\n  - { id: gold, name: Gold, when: tier = \"gold\" }\n";

/// The rows of a table, of the newest run first.
fn history(page: &str) -> Vec<String> {
    let table = page.split("The same as a table").nth(1).unwrap();
    let table = table.split("</table>").next().unwrap();
    let rows = table.split("<tr>").skip(2);
    rows.map(|row| {
        text(row)
            .split_whitespace()
            .skip(3)
            .collect::<Vec<_>>()
            .join(" ")
    })
    .collect()
}

#[test]
fn the_newest_moves_are_listed_first_and_count_as_on_the_segments_page() {
    let browser = Browser::ten_clients("", GOLD);
    for (day, change) in [
        (16, "update clients set tier = 'gold' where id in (1, 2)"),
        (17, "update clients set tier = 'none' where id = 1"),
    ] {
        browser.sql(change);
        browser.put_clock(&format!("2026-03-{day}T10:00:00Z"));
        browser.expect(0, &["run"]);
    }
    let page = browser.page("/segments/gold");
    let moves = page.split("Who came and went last").nth(1).unwrap();
    let moves = text(moves);
    let place = |words: &str| {
        moves
            .find(words)
            .unwrap_or_else(|| panic!("{words}: {moves}"))
    };
    assert!(place("Client 1 left") < place("Client 2 came"), "{moves}");
    assert_eq!(history(&page), ["3 3 0 1", "2 4 2 0", "1 2 2 0"]);
    // An edit moves people, and is no news.
    browser.edit("rules/all.yaml", "= \"gold\"", "!= \"gold\"");
    browser.put_clock("2026-03-18T10:00:00Z");
    browser.expect(0, &["run"]);
    let page = browser.page("/segments/gold");
    assert_eq!(history(&page)[..2], ["4 7 0 0 +7 −3", "3 3 0 1"]);
    let segments = browser.page("/?c=entered&c=left");
    assert!(segments.contains("data-label=\"In\">0<"), "{segments}");
}
