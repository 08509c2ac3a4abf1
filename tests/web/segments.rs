//! A segment's page: how it went from run to run, and who came or left.

use super::browser::{Browser, ten_clients, text};

const GOLD: &str = "segments:\n  - { id: gold, name: Gold, when: tier = \"gold\" }\n";

/// The rows of a table, of the newest run first.
fn history(page: &str) -> Vec<String> {
    let table = page.split("Size over time</h2>").nth(1).unwrap();
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
    let moves = page.split("Newest moves").nth(1).unwrap();
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

#[test]
fn a_rule_that_was_edited_since_the_run_says_so_until_the_next_one() {
    let browser = Browser::ten_clients("", GOLD);
    let note = || text(&browser.page("/segments/gold")).contains("Edited since run 1");
    assert!(!note());
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    browser.edit("rules/all.yaml", "name: Gold", "name: Golden");
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    assert!(!note(), "a name is no rule");
    browser.edit("rules/all.yaml", "\"gold\"", "\"blue\"");
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    assert!(note());
    browser.expect(0, &["run"]);
    assert!(!note());
}

#[test]
fn who_left_the_list_is_told_by_what_is_said_to_be_a_key() {
    let browser = Browser::ten_clients("", GOLD);
    browser.sql("delete from clients where id = 9");
    browser.put_clock("2026-03-16T10:00:00Z");
    browser.expect(0, &["run"]);
    let page = text(&browser.page("/segments/gold"));
    let told = "Client 9 (no longer in the list) left: the row was gone from the database";
    assert!(page.contains(told), "{page}");
}

#[test]
fn segments_of_no_group_have_a_heading_and_groups_are_explained() {
    let rules = "segments:
  - { id: gold, name: Gold, bucket: Metals, when: tier = \"gold\" }
  - { id: often, name: Often, when: visits >= 5 }
  - { id: blue, name: Blue, bucket: Metals, when: tier = \"blue\" }
";
    let ladder = "ladder: steps
among: tier = \"blue\"
segments:
  - { id: many, name: Many, when: visits >= 3 }
  - { id: few, name: Few }
";
    let scratch = ten_clients("", rules);
    scratch.write("rules/steps.yaml", ladder);
    scratch.expect(0, &["run"]);
    let browser = Browser::open(scratch);
    let page = text(&browser.page("/?c=id"));
    for told in [
        "Metals Gold gold Blue blue Other segments Often",
        "Metals Buckets: segments that are shown together. One client can be in several of them.",
        "steps A ladder. Every client for whom tier = \"blue\" holds is on the first of its rungs that fits: Many, Few.",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
}
