//! Exports: exactly what is shown, as the command has it; and one number everywhere.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::browser::{Browser, ten_clients, text};

const RULES: &str = "segments:
  - { id: gold, name: Gold, importance: 3, when: tier = \"gold\" }
  - { id: often, name: Often, importance: 1, when: visits >= 5 }
";

#[test]
fn the_file_is_that_of_the_command() {
    let config = "export: { columns: [id, name, tier, score, entered_at], bom: yes }";
    let browser = Browser::ten_clients(config, RULES);
    let answer = browser.get("/segments/often/export");
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("content-type"),
        Some("text/csv; charset=utf-8")
    );
    let named = answer.header("content-disposition").unwrap();
    assert_eq!(named, "attachment; filename=\"often-2026-03-15.csv\"");
    browser.expect(0, &["export", "often", "--out", "often.csv"]);
    assert_eq!(unchunked(&answer.body), browser.read("often.csv"));
    browser.expect(0, &["export", "--all", "--out", "all.csv"]);
    assert_eq!(
        unchunked(&browser.get("/clients/export").body),
        browser.read("all.csv")
    );
    // Nobody enters a list of everybody.
    let heads = |path: &str| {
        let file = unchunked(&browser.get(path).body);
        file.lines().next().unwrap().to_owned()
    };
    let all = "id,name,tier,score";
    assert_eq!(heads("/clients/export").trim_start_matches('\u{feff}'), all);
    let one = format!("{all},entered_at");
    let gold = heads("/clients/export?segment=gold");
    assert_eq!(gold.trim_start_matches('\u{feff}'), one);
    for (path, columns) in [
        ("/clients", "id, name, tier, score."),
        ("/segments/gold", "id, name, tier, score, entered_at."),
    ] {
        let page = text(&browser.page(path)).replace(" .", ".");
        let told = format!("The CSV has these columns: {columns}");
        assert!(page.contains(&told), "{told}: {page}");
    }
    // Who took what is written down, and nobody's name is.
    let runs = text(&browser.page("/runs"));
    assert!(runs.contains("export") && runs.contains("Often"), "{runs}");
}

#[test]
fn the_filter_of_the_address_decides() {
    let browser = Browser::ten_clients("", RULES);
    let rows = |query: &str| {
        unchunked(&browser.get(&format!("/clients/export{query}")).body)
            .lines()
            .count()
            - 1
    };
    assert_eq!(rows(""), 10);
    assert_eq!(rows("?segment=gold&segment=often"), 2);
    assert_eq!(rows("?segment=gold&segment=often&match=any"), 6);
    assert_eq!(rows("?segment=gold&match=none"), 8);
    assert_eq!(browser.get("/clients/export?segment=nobody").status, 404);
    assert_eq!(browser.get("/segments/nobody/export").status, 404);
}

/// Who is found, as it is exported; in list order, and of the run that the page showed.
#[test]
fn a_search_goes_on_within_a_filter_and_is_exported() {
    let browser = Browser::ten_clients("", RULES);
    let found = browser.post(
        "/clients",
        &[("text", "client"), ("segment", "often"), ("match", "all")],
    );
    let told = text(&found.body);
    assert!(
        told.contains("6 clients found") && told.contains("within Often"),
        "{told}"
    );
    let fields = [("text", "CLIENT 1"), ("run", "1")];
    let file = unchunked(&browser.post("/clients/export", &fields).body);
    assert_eq!(file.lines().count(), 1 + 2, "{file}");
    let within = [("text", "client 1"), ("segment", "often")];
    let file = unchunked(&browser.post("/clients/export", &within).body);
    assert!(
        file.lines().count() == 2 && file.contains("Client 10"),
        "{file}"
    );
    // A newer run, and what was shown is no longer what would be exported.
    browser.put_clock("2026-03-15T11:00:00Z");
    browser.expect(0, &["run"]);
    for answer in [
        browser.post("/clients/export", &fields),
        browser.get("/segments/often/export?run=1"),
        browser.get("/clients/export?run=1"),
    ] {
        assert_eq!(answer.status, 409, "{}", answer.body);
        assert!(answer.body.contains("newer run"), "{}", answer.body);
    }
    let link = browser.page("/segments/often");
    assert!(link.contains("/segments/often/export?run=2"), "{link}");
    assert_eq!(browser.get("/segments/often/export?run=2").status, 200);
}

/// What cannot be read to its end is no whole file: the last chunk, which is empty, does not come.
#[test]
fn an_export_that_fails_in_the_middle_is_broken_off() {
    let scratch = ten_clients("", RULES);
    scratch.sql(
        "with recursive n(i) as (select 11 union all select i + 1 from n where i < 9000)
         insert into clients select i, 'Client ' || i, 1, 'blue' from n",
    );
    scratch.put_clock("2026-03-15T11:00:00Z");
    scratch.expect(0, &["run"]);
    scratch.sql("update muster_scores set label = x'ff' where rank = 8500");
    let browser = Browser::open(scratch);
    let answer = browser.get("/clients/export");
    assert_eq!(answer.status, 200);
    assert!(answer.body.lines().count() > 5_000, "{}", answer.body.len());
    assert!(!answer.body.ends_with("0\r\n\r\n"));
    // One that ends in order does.
    assert!(
        browser
            .get("/segments/often/export")
            .body
            .ends_with("0\r\n\r\n")
    );
}

/// For random rules and data: the size on the page, the length of its list, the lines of its file, the command and the mail.
#[test]
fn one_number_everywhere() {
    let mut runner = TestRunner::new(Config {
        cases: 8,
        ..Config::default()
    });
    let rules = (
        0..12_u32,
        0..12_u32,
        prop::sample::select(vec!["gold", "blue", "none"]),
    );
    runner
        .run(&rules, |(visits, other, tier)| {
            let rules = format!(
                "segments:\n  - {{ id: a, name: A, when: visits >= {visits} and tier = \"{tier}\" }}\n  - {{ id: b, name: B, when: visits < {other} or in segment a }}\n"
            );
            let config = "mail: { from: a@example.com, file: outbox }\nreports: [{ id: all, to: b@example.com, when_empty: send }]";
            let scratch = ten_clients(config, &rules);
            let browser = Browser::open(scratch);
            let mail = browser.expect(0, &["report", "all", "--dry-run"]).out;
            for (place, id) in ["a", "b"].into_iter().enumerate() {
                let size = browser.json(&["segments"])[place]["size"].as_u64().unwrap();
                let page = browser.page(&format!("/?c=size&q={id}"));
                let shown = format!("data-label=\"Size\">{size}<");
                prop_assert!(page.contains(&shown), "{id} {size} {page}");
                let segment = browser.page(&format!("/segments/{id}"));
                let members = segment.split("aria-labelledby=\"members\" tabindex").nth(1).unwrap_or("");
                let members = members.split("</table>").next().unwrap_or("");
                prop_assert_eq!(members.matches("<th scope=\"row\">").count() as u64, size);
                let list = browser.page(&format!("/clients?segment={id}"));
                let found = format!("<p id=\"found\">{size} client");
                prop_assert!(list.contains(&found), "{}", list);
                let file = unchunked(&browser.get(&format!("/segments/{id}/export")).body);
                prop_assert_eq!(file.lines().count() as u64 - 1, size);
                let noun = if size == 1 { "client" } else { "clients" };
                let told = format!("{}: {size} {noun}", id.to_uppercase());
                prop_assert!(mail.lines().any(|line| line == told), "{told}: {mail}");
            }
            Ok(())
        })
        .unwrap();
}

/// A body that came in chunks.
fn unchunked(body: &str) -> String {
    let mut rest = body;
    let mut whole = String::new();
    while let Some((size, more)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap();
        if size == 0 {
            return whole;
        }
        whole += &more[..size];
        rest = &more[size + 2..];
    }
    panic!("it ended before its end: {body}");
}
