//! Lists kept by hand: people put on them and taken off.

use super::browser::{Browser, ten_clients, text};

const RULES: &str = "segments:\n  - { id: guests, name: Guests, when: in list vip }\n";
const CONFIG: &str =
    "lists: { vip: { file: lists/vip.csv }, names: { file: lists/names.csv, column: name } }";

fn browser() -> Browser {
    let scratch = ten_clients(
        "",
        "segments:\n  - { id: all, name: All, when: visits >= 0 }\n",
    );
    let config = scratch.read("config.yaml") + CONFIG + "\n";
    scratch.write("config.yaml", config);
    scratch.write("lists/vip.csv", "id\n2\n99\n");
    scratch.write("lists/names.csv", "name\n");
    scratch.write("rules/all.yaml", RULES);
    scratch.put_clock("2026-03-15T11:00:00Z");
    scratch.expect(0, &["run"]);
    Browser::open(scratch)
}

#[test]
fn a_list_is_shown_and_changed_like_the_command_does() {
    let browser = browser();
    let segment = browser.page("/segments/guests");
    assert!(text(&segment).contains("Uses list vip"), "{segment}");
    let told = text(&browser.page("/lists/vip"));
    assert!(
        told.contains("2 entries")
            && told.contains("2 Client 2")
            && told.contains("Used by Guests"),
        "{told}"
    );
    for (what, entry, said) in [
        ("add", "3", "3 is on the list now."),
        ("add", "3", "3 is on the list already."),
        ("remove", "2", "2 is off the list now."),
        ("remove", "2", "2 is not on the list."),
    ] {
        let answer = browser.post("/lists/vip", &[("do", what), ("entry", entry)]);
        assert!(
            text(&answer.body).contains(said),
            "{what} {entry}: {}",
            answer.body
        );
    }
    assert_eq!(browser.read("lists/vip.csv"), "id\n99\n3\n");
    browser.put_clock("2026-03-15T12:00:00Z");
    browser.expect(0, &["run"]);
    assert!(browser.page("/segments/guests").contains(">Client 3<"));
    // Every change is in the audit once, and nobody is named.
    let runs = text(&browser.page("/runs"));
    assert_eq!(runs.matches("put on a list").count(), 1, "{runs}");
    assert_eq!(runs.matches("taken off a list").count(), 1, "{runs}");
}

#[test]
fn somebody_is_put_on_a_list_from_their_own_page() {
    let browser = browser();
    let page = browser.client("Client 5");
    let person = page.rsplit('/').next().unwrap().to_owned();
    let path = format!("/clients/{person}");
    assert!(
        text(&browser.page(&path)).contains("vip : not on it"),
        "{}",
        browser.page(&path)
    );
    let answer = browser.post("/lists/vip", &[("do", "add"), ("person", &person)]);
    assert_eq!(
        answer.header("location"),
        Some(format!("/clients/{person}#lists").as_str())
    );
    assert!(text(&browser.page(&path)).contains("vip : on it"));
    assert_eq!(browser.read("lists/vip.csv"), "id\n2\n99\n5\n");
    // Only a list of keys knows whom an address means.
    let answer = browser.post("/lists/names", &[("do", "add"), ("person", &person)]);
    assert_eq!(answer.status, 400, "{}", answer.body);
    assert_eq!(browser.get("/lists/none").status, 404);
    for fields in [
        &[("do", "add"), ("entry", " ")][..],
        &[("entry", "4")][..],
        &[("do", "add"), ("entry", "4%0A5")][..],
    ] {
        let answer = browser.post("/lists/vip", fields);
        assert_eq!(answer.status, 400, "{fields:?} {}", answer.body);
    }
    assert_eq!(browser.read("lists/names.csv"), "name\n");
}
