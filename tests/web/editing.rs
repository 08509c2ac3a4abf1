//! Segments written in the browser.

use super::browser::{Browser, hidden, text};

const RULES: &str = "# Written by Ana.
segments:
  - id: gold
    name: Gold
    # Who paid for it.
    when: tier = \"gold\"   # as the desk has it
  - { id: often, name: Often, when: visits >= 5 }
";

fn browser() -> Browser {
    let fields = "fields:\n  tier: { label: Tier, one: tier }\n  often:\n    one: if(visits > 5, \"yes!\", \"no\")\n    values: [\"yes!\", \"no\"]";
    Browser::ten_clients(fields, RULES)
}

/// Sends the form of a page as it is, with some of its fields typed anew.
fn send(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> super::browser::Answer {
    let form = browser.page(path);
    let digest = hidden(&form, "digest");
    let mut all = vec![("digest", digest.as_str())];
    all.extend_from_slice(fields);
    browser.post(path, &all)
}

#[test]
fn a_segment_is_counted_exactly_shown_and_saved() {
    let browser = browser();
    let form = browser.page("/create");
    // The values that the data has, with how many people each.
    assert!(text(&form).contains("blue 8 gold 2"), "{}", text(&form));
    assert!(text(&form).contains("yes! 5 no 5"), "{}", text(&form));
    let fields = [
        ("name", "Busy+blues"),
        ("f.tier", "blue"),
        ("when", "visits+%3E+3"),
        ("do", "count"),
    ];
    let counted = send(&browser, "/create", &fields);
    let shown = text(&counted.body);
    assert!(shown.contains("5 of 10 clients"), "{shown}");
    assert!(shown.contains("Client 4 Client 5"), "{shown}");
    let plan = send(
        &browser,
        "/create",
        &[&fields[..3], &[("do", "plan")]].concat(),
    );
    let shown = text(&plan.body);
    assert!(
        shown.contains("What saving would change") && shown.contains("5 of 10 clients move"),
        "{shown}"
    );
    assert!(!browser.path("rules/custom.yaml").exists());
    let saved = send(
        &browser,
        "/create",
        &[&fields[..3], &[("do", "save")]].concat(),
    );
    assert_eq!(saved.status, 303, "{}", text(&saved.body));
    let written = browser.read("rules/custom.yaml");
    let expected = "segments:\n  - id: busy_blues\n    name: Busy blues\n    filter:\n      tier: blue\n    when: visits > 3\n";
    assert!(written.ends_with(expected), "{written}");
    browser.expect(0, &["run"]);
    let segments = browser.json(&["segments"]);
    let sizes: Vec<_> = segments
        .as_array()
        .unwrap()
        .iter()
        .map(|segment| segment["size"].as_u64())
        .collect();
    assert!(sizes.contains(&Some(5)), "{segments}");
    assert_eq!(browser.get("/segments/busy_blues").status, 200);
}

#[test]
fn an_edit_keeps_every_other_byte_and_can_be_taken_back() {
    let browser = browser();
    let fields = [
        ("name", "Gold"),
        ("when", "tier+%3D+%22blue%22"),
        ("file", "rules%2Fall.yaml"),
        ("do", "save"),
    ];
    let saved = send(&browser, "/segments/gold/edit", &fields);
    let address = saved.header("location").unwrap().to_owned();
    let written = browser.read("rules/all.yaml");
    assert_eq!(written, RULES.replace("tier = \"gold\"", "tier = \"blue\""));
    assert!(text(&browser.page(&address)).contains("is written into rules/all.yaml"));
    let back = browser.post(&format!("{address}/back"), &[]);
    assert_eq!(back.status, 200);
    assert_eq!(browser.read("rules/all.yaml"), RULES);
    // Once somebody else has changed it, it is theirs.
    let saved = send(&browser, "/segments/gold/edit", &fields);
    let address = saved.header("location").unwrap().to_owned();
    let theirs = browser.read("rules/all.yaml") + "# mine\n";
    browser.write("rules/all.yaml", &theirs);
    assert_eq!(browser.post(&format!("{address}/back"), &[]).status, 409);
    assert_eq!(browser.read("rules/all.yaml"), theirs);
}

#[test]
fn what_is_wrong_is_underlined_in_the_words_of_check() {
    let browser = browser();
    let answer = send(
        &browser,
        "/create",
        &[("name", "A"), ("when", "visitz+%3E+3"), ("do", "save")],
    );
    assert_eq!(answer.status, 200);
    assert!(
        answer.body.contains("<mark>visitz</mark>"),
        "{}",
        answer.body
    );
    let shown = text(&answer.body);
    assert!(shown.contains("did you mean"), "{shown}");
    assert!(
        answer.body.contains("visitz &gt; 3</textarea>"),
        "{}",
        answer.body
    );
    let taken = send(
        &browser,
        "/create",
        &[("name", "gold"), ("when", "yes"), ("do", "save")],
    );
    assert!(
        text(&taken.body).contains("already"),
        "{}",
        text(&taken.body)
    );
    let nameless = send(
        &browser,
        "/create",
        &[("name", "+"), ("when", "yes"), ("do", "save")],
    );
    assert!(
        text(&nameless.body).contains("needs a name"),
        "{}",
        text(&nameless.body)
    );
    assert!(!browser.path("rules/custom.yaml").exists());
}

#[test]
fn a_file_that_changed_meanwhile_is_not_written_over() {
    let browser = browser();
    let form = browser.page("/segments/gold/edit");
    let digest = hidden(&form, "digest");
    let theirs = RULES.replace("Written by Ana", "Written by Ben");
    browser.write("rules/all.yaml", &theirs);
    let fields = [
        ("digest", digest.as_str()),
        ("name", "Mine"),
        ("when", "tier+%3D+%22blue%22"),
        ("file", "rules%2Fall.yaml"),
        ("do", "save"),
    ];
    let answer = browser.post("/segments/gold/edit", &fields);
    let shown = text(&answer.body);
    assert!(shown.contains("somebody changed"), "{shown}");
    assert!(
        answer.body.contains("value=\"Mine\""),
        "what was typed comes back"
    );
    assert_eq!(browser.read("rules/all.yaml"), theirs);
}

#[test]
fn rules_that_are_wrong_right_now_lose_nothing_that_was_typed() {
    let browser = browser();
    browser.page("/");
    browser.write(
        "rules/all.yaml",
        RULES.replace("visits >= 5", "visitz >= 5"),
    );
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    // The last good results stay.
    let page = text(&browser.page("/"));
    assert!(
        page.contains("Gold") && page.contains("rules are wrong"),
        "{page}"
    );
    let fields = [
        ("name", "Typed"),
        ("when", "visits+%3E+3"),
        ("digest", "none"),
        ("do", "save"),
    ];
    let answer = browser.post("/create", &fields);
    assert_eq!(answer.status, 200);
    assert!(
        answer.body.contains("value=\"Typed\"") && answer.body.contains("visits &gt; 3"),
        "{}",
        answer.body
    );
    assert!(!browser.path("rules/custom.yaml").exists());
}
