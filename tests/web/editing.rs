//! Segments written in the browser.

use std::time::Duration;

use super::browser::{Answer, Browser, carried, ten_clients, text};

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
fn send(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    resend(browser, path, &browser.page(path), fields)
}

/// Sends a form that was opened before.
fn resend(browser: &Browser, path: &str, form: &str, fields: &[(&str, &str)]) -> Answer {
    let carried = carried(form);
    let typed = |name: &str| fields.iter().any(|(typed, _)| *typed == name);
    let carried = carried.iter().filter(|(name, _)| !typed(name));
    let mut all: Vec<(&str, &str)> = carried.map(|(n, v)| (n.as_str(), v.as_str())).collect();
    all.extend_from_slice(fields);
    browser.post(path, &all)
}

/// What the page believes of files for a second is over.
fn a_moment() {
    std::thread::sleep(Duration::from_millis(1_200));
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
    let theirs = RULES.replace("Written by Ana", "Written by Ben");
    browser.write("rules/all.yaml", &theirs);
    let fields = [
        ("name", "Mine"),
        ("when", "tier+%3D+%22blue%22"),
        ("do", "save"),
    ];
    let answer = resend(&browser, "/segments/gold/edit", &form, &fields);
    let shown = text(&answer.body);
    assert!(shown.contains("somebody changed"), "{shown}");
    assert!(
        answer.body.contains("value=\"Mine\""),
        "what was typed comes back"
    );
    assert_eq!(browser.read("rules/all.yaml"), theirs);
    let runs = text(&browser.page("/runs"));
    assert!(!runs.contains("local save"), "nothing was saved: {runs}");
}

#[test]
fn a_new_segment_goes_into_the_file_that_is_chosen() {
    let browser = browser();
    let save = |name, file| {
        [
            ("name", name),
            ("when", "visits+%3E+3"),
            ("file", file),
            ("do", "save"),
        ]
    };
    let form = browser.page("/create");
    // A file that came after the form was opened is compared with nothing.
    browser.write(
        "rules/later.yaml",
        "segments:\n  - { id: late, name: Late, when: yes }\n",
    );
    a_moment();
    for (name, file) in [("Zed", "rules%2Fall.yaml"), ("Why", "rules%2Flater.yaml")] {
        let saved = resend(&browser, "/create", &form, &save(name, file));
        assert_eq!(saved.status, 303, "{file}: {}", text(&saved.body));
    }
    assert!(browser.read("rules/all.yaml").contains("name: Zed"));
    assert!(browser.read("rules/later.yaml").contains("name: Why"));
    // What changed since is told of the file that is chosen, whatever became of the others.
    let later = save("Again", "rules%2Fall.yaml");
    let answer = resend(&browser, "/create", &form, &later);
    assert!(
        text(&answer.body).contains("somebody changed"),
        "{}",
        text(&answer.body)
    );
    // The form that comes back knows of each file what it was when it was opened.
    let answer = resend(&browser, "/create", &answer.body, &later);
    assert!(
        text(&answer.body).contains("somebody changed"),
        "{}",
        text(&answer.body)
    );
    let custom = save("Again", "rules%2Fcustom.yaml");
    let saved = resend(&browser, "/create", &answer.body, &custom);
    assert_eq!(saved.status, 303, "{}", text(&saved.body));
}

#[test]
fn new_segments_go_where_config_looks_for_rules() {
    let scratch = ten_clients("", RULES);
    let config = scratch.read("config.yaml") + "rules: segs/*.yaml\n";
    scratch.write("config.yaml", config);
    scratch.write("segs/all.yaml", RULES);
    let browser = Browser::open(scratch);
    let form = browser.page("/create");
    assert!(
        form.contains("<option selected>segs&#x2f;custom.yaml"),
        "{form}"
    );
    let typed = [("name", "Zed"), ("when", "visits+%3E+3"), ("do", "save")];
    let outside = [&typed[..], &[("file", "rules%2Fcustom.yaml")]].concat();
    let refused = text(&send(&browser, "/create", &outside).body);
    assert!(
        refused.contains("`rules/custom.yaml` is not a rule file"),
        "{refused}"
    );
    assert!(!browser.path("rules/custom.yaml").exists());
    let saved = send(&browser, "/create", &typed);
    assert_eq!(saved.status, 303, "{}", text(&saved.body));
    browser.expect(0, &["run"]);
    let segments = browser.json(&["segments"]).to_string();
    assert!(segments.contains("\"zed\""), "{segments}");
}

/// A filter of a field that config has no longer is told, and stays in the form until somebody takes it out.
#[test]
fn no_filter_is_dropped_without_a_word() {
    let browser = browser();
    let form = browser.page("/create");
    browser.edit("config.yaml", "  tier: { label: Tier, one: tier }\n", "");
    a_moment();
    let fields = [("name", "Blues"), ("f.tier", "blue"), ("do", "save")];
    let answer = resend(&browser, "/create", &form, &fields);
    assert_eq!(answer.status, 200, "{}", answer.body);
    let told = text(&answer.body);
    assert!(told.contains("`tier`"), "{told}");
    assert!(
        answer.body.contains("name=\"t.tier\" value=\"blue\""),
        "{}",
        answer.body
    );
    assert!(!browser.path("rules/custom.yaml").exists());
}

#[test]
fn a_name_has_no_characters_that_nobody_sees() {
    let browser = browser();
    for (hidden, told) in [
        ("%00", "U+0000"),
        ("%1B", "U+001B"),
        ("%E2%80%AE", "U+202E"),
    ] {
        let name = format!("Go{hidden}ld");
        let fields = [("name", name.as_str()), ("when", "yes"), ("do", "save")];
        let answer = send(&browser, "/create", &fields);
        assert!(text(&answer.body).contains(told), "{told}: {}", answer.body);
    }
    assert!(!browser.path("rules/custom.yaml").exists());
}

/// Whatever is asked, the form comes back with what was typed and the reason.
#[test]
fn data_that_is_gone_loses_nothing_that_was_typed() {
    let scratch = ten_clients("results: sqlite:results.db", RULES);
    let browser = Browser::open(scratch);
    let form = browser.page("/create");
    std::fs::rename(browser.path("studio.db"), browser.path("away.db")).unwrap();
    a_moment();
    for wanted in ["count", "plan", "past"] {
        let fields = [("name", "Typed"), ("when", "visits+%3E+3"), ("do", wanted)];
        let answer = resend(&browser, "/create", &form, &fields);
        let shown = text(&answer.body);
        assert_eq!(answer.status, 200, "{wanted}: {shown}");
        for typed in ["value=\"Typed\"", "visits &gt; 3</textarea>"] {
            assert!(answer.body.contains(typed), "{wanted}: {shown}");
        }
        let (_, reason) = answer.body.split_once("role=\"alert\"").unwrap();
        assert!(reason.contains("is not there"), "{wanted}: {shown}");
    }
}

/// Several forms of one person, or several people behind one name, do not end each other's questions.
#[test]
fn who_asks_at_once_is_answered_each() {
    let scratch = ten_clients("results: sqlite:results.db", RULES);
    let browser = Browser::open(scratch);
    let form = browser.page("/create");
    // Nothing is answered before all of them have asked.
    let other = rusqlite::Connection::open(browser.path("studio.db")).unwrap();
    other.execute_batch("begin exclusive").unwrap();
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let ask = |wanted: &'static str| {
            let (browser, form) = (&browser, &form);
            let fields = [("name", "Zed"), ("when", "visits+%3E+3"), ("do", wanted)];
            scope.spawn(move || resend(browser, "/create", form, &fields))
        };
        let asked: Vec<_> = ["plan", "count", "plan", "past", "plan"]
            .map(ask)
            .into_iter()
            .collect();
        std::thread::sleep(Duration::from_millis(700));
        other.execute_batch("rollback").unwrap();
        asked
            .into_iter()
            .map(|asked| asked.join().unwrap())
            .collect()
    });
    for answer in answers {
        let shown = text(&answer.body);
        assert_eq!(answer.status, 200, "{shown}");
        assert!(
            !shown.contains("newer question") && !shown.contains("stopped"),
            "{shown}"
        );
        let found = shown.contains("7 of 10 clients") || shown.contains("Size on past dates Month");
        assert!(found, "{shown}");
    }
}

/// What is read anew for each question is not read at each key.
#[test]
fn data_beyond_memory_is_counted_with_the_button_only() {
    let browser = Browser::ten_clients("memory: 1 MB", RULES);
    browser.sql(
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 400000)
         insert into visits select i % 10 + 1, datetime('2026-03-14', '-' || (i * 7919 % 9000000) || ' seconds') from n;",
    );
    let ask = |more: &[(&'static str, &'static str)]| {
        let mut fields = vec![
            ("name", "Seldom"),
            ("when", "count(stays+in+last+30+days)+%3E%3D+1"),
        ];
        fields.extend_from_slice(more);
        text(&send(&browser, "/create", &fields).body)
    };
    let by_button = ask(&[("do", "count")]);
    assert!(by_button.contains("10 of 10 clients"), "{by_button}");
    let typing = ask(&[("do", "count"), ("part", "1")]);
    assert!(typing.contains("does not fit into memory:"), "{typing}");
    assert!(!typing.contains("of 10 clients"), "{typing}");
    assert!(typing.contains("What would be written"), "{typing}");
}

#[test]
fn a_new_column_is_known_as_soon_as_the_database_has_it() {
    let browser = browser();
    let typed = [
        ("name", "Hats"),
        ("when", "hat_size+%3E%3D+4"),
        ("do", "count"),
    ];
    let unknown = text(&send(&browser, "/create", &typed).body);
    assert!(unknown.contains("nothing is called"), "{unknown}");
    browser.sql("alter table clients add hat_size integer; update clients set hat_size = id");
    a_moment();
    let counted = text(&send(&browser, "/create", &typed).body);
    assert!(counted.contains("7 of 10 clients"), "{counted}");
}

#[test]
fn rules_that_are_wrong_right_now_lose_nothing_that_was_typed() {
    let browser = browser();
    browser.page("/");
    browser.write(
        "rules/all.yaml",
        RULES.replace("visits >= 5", "visitz >= 5"),
    );
    a_moment();
    // The last good results stay.
    let page = text(&browser.page("/"));
    assert!(
        page.contains("Gold") && page.contains("rules are wrong"),
        "{page}"
    );
    let fields = [("name", "Typed"), ("when", "visits+%3E+3"), ("do", "save")];
    let answer = send(&browser, "/create", &fields);
    assert_eq!(answer.status, 200);
    // Where it is wrong is told, as it is not in what was typed.
    let told = text(&answer.body);
    assert!(told.contains("in rules/all.yaml, line 7"), "{told}");
    assert!(
        answer.body.contains("value=\"Typed\"") && answer.body.contains("visits &gt; 3"),
        "{}",
        answer.body
    );
    assert!(!browser.path("rules/custom.yaml").exists());
}
