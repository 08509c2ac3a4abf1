//! Long lists in conditions and filters: one finding each, in a time that goes with their length.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::desk::Desk;

const CONFIG: &str = "database: sqlite:studio.db
timezone: UTC
subject: { name: client, table: clients, key: id, label: name }
collections:
  visits: { table: visits, subject: client_id, at: at }
fields:
  city: { label: City, one: city }
  kind: { label: Kind, any: visits, of: kind }
  size: { label: Size, one: city, values: [Oslo, Rome] }
";

const TABLES: &str = "
create table clients (id integer primary key, name text, city text, code integer, born date);
create table visits (id integer primary key, client_id integer, at datetime, kind text);
insert into clients values (1, 'Ada', 'Oslo', 1, '1990-01-01'), (2, 'Ben', 'Rome', 2, '1991-01-01');
insert into visits values (1, 1, '2026-01-01 10:00:00', 'yoga'), (2, 2, '2026-01-02 10:00:00', 'pilates');
";

/// What `check` finds in these rules, and how long it takes.
fn found(rules: &str) -> (Vec<Value>, Duration) {
    let desk = Desk::empty();
    desk.write("config.yaml", CONFIG);
    desk.write("rules/a.yaml", rules);
    desk.sql_in("studio.db", TABLES);
    let began = Instant::now();
    let said = desk.muster(&["check", "--format", "json"]);
    let took = began.elapsed();
    let json: Value =
        serde_json::from_str(&said.out).unwrap_or_else(|e| panic!("{e}: {}", said.err));
    (json.as_array().unwrap().clone(), took)
}

fn when(condition: &str) -> String {
    format!("segments:\n  - id: a\n    when: |-\n      {condition}\n")
}

fn listed(count: usize, entry: impl Fn(usize) -> String) -> String {
    (0..count).map(entry).collect::<Vec<_>>().join(", ")
}

/// A form of list, what each entry is, and the code of the one finding.
#[test]
fn each_list_has_one_finding() {
    let text = |i: usize| format!("\"n{i}\"");
    let number = |i: usize| i.to_string();
    type Entry<'a> = &'a dyn Fn(usize) -> String;
    let name = |i: usize| format!("n{i}");
    let curly = |i: usize| format!("“n{i}”");
    let date = |i: usize| format!("\"20{:02}-01-01\"", i % 100);
    let foreign = |i: usize| format!("01.02.20{:02}", i % 100);
    let forms: [(&str, Entry<'_>, &str); 12] = [
        ("name in (@)", &text, "absent-value"),
        ("name not in (@)", &text, "absent-value"),
        ("not (name in (@))", &text, "absent-value"),
        ("name = \"Ada\" and name in (@)", &text, "absent-value"),
        ("exists(visits where kind in (@))", &text, "absent-value"),
        (
            "count(visits in last 30 days where kind not in (@)) > 0",
            &text,
            "absent-value",
        ),
        ("code in (@)", &text, "wrong-type"),
        ("name in (@)", &number, "wrong-type"),
        ("name in (@)", &name, "unknown-name"),
        ("name in (@)", &curly, "curly-quotes"),
        ("born in (@)", &date, "wrong-type"),
        ("born in (@)", &foreign, "invalid-date"),
    ];
    for (form, entry, code) in forms {
        let rules = when(&form.replace('@', &listed(1_500, entry)));
        let (findings, took) = found(&rules);
        let codes: Vec<&str> = findings
            .iter()
            .map(|f| f["code"].as_str().unwrap())
            .collect();
        assert_eq!(codes, [code], "{form}");
        assert!(took < Duration::from_secs(20), "{form}: {took:?}");
    }
}

#[test]
fn a_finding_counts_and_shows_examples() {
    let condition = format!(
        "name in (\"Ada\", \"Bne\", {})",
        listed(98, |i| format!("\"n{i}\""))
    );
    let (findings, _) = found(&when(&condition));
    let [finding] = findings.as_slice() else {
        panic!("{findings:#?}");
    };
    let message = finding["message"].as_str().unwrap();
    assert_eq!(
        message,
        "no row of `clients` has 99 of these 100 texts as its `name`: `Bne`, `n0`, `n1`, `n2`, `n3`, …"
    );
    assert_eq!(finding["help"], "did you mean `Ben` for `Bne`?");
    // One is told as one, and a list that the data has is not told.
    let (findings, _) = found(&when("name in (\"Ada\", \"Bne\")"));
    assert_eq!(
        findings[0]["message"],
        "no row of `clients` has `Bne` as its `name`"
    );
    assert_eq!(
        found(&when("name in (\"Ada\", \"Ben\")")).0,
        Vec::<Value>::new()
    );
}

#[test]
fn a_row_of_or_is_a_list() {
    let chain = (0..100)
        .map(|i| format!("name = \"n{i}\""))
        .collect::<Vec<_>>();
    let (findings, _) = found(&when(&chain.join(" or ")));
    assert_eq!(findings.len(), 1);
    assert!(
        findings[0]["message"]
            .as_str()
            .unwrap()
            .contains("100 of these 100 texts")
    );
    // Two columns are two lists.
    let mixed = format!("{} or city = \"x\" or city = \"y\"", chain.join(" or "));
    assert_eq!(found(&when(&mixed)).0.len(), 2);
    // Pasted as thousands, it is refused in words, and nothing overflows.
    for count in [300, 5_000] {
        let chain = vec!["code = 1"; count].join(" or ");
        let (findings, took) = found(&when(&chain));
        assert_eq!(findings.len(), 1);
        assert!(["too-deep", "too-large"].contains(&findings[0]["code"].as_str().unwrap()));
        assert!(findings[0]["help"].is_string());
        assert!(took < Duration::from_secs(20), "{took:?}");
    }
}

#[test]
fn filters_are_lists() {
    for (filter, code) in [
        ("city: [@]", "absent-value"),
        ("kind: [@]", "absent-value"),
        ("size: [@]", "unknown-field-value"),
        ("segments: [@]", "unknown-segment"),
    ] {
        let entries = listed(1_900, |i| format!("n{i}"));
        let rules = format!(
            "segments:\n  - id: a\n    filter: {{ {} }}\n",
            filter.replace('@', &entries)
        );
        let (findings, took) = found(&rules);
        let codes: Vec<&str> = findings
            .iter()
            .map(|f| f["code"].as_str().unwrap())
            .collect();
        assert_eq!(codes, [code], "{filter}");
        assert!(took < Duration::from_secs(20), "{filter}: {took:?}");
    }
}

/// Twice the list takes about twice the time, and not four times: held loosely, since others work here too.
#[test]
fn ten_thousand_entries_take_seconds() {
    for (column, entry) in [("name", "\"n@\""), ("code", "@")] {
        let list = listed(7_000, |i| entry.replace('@', &i.to_string()));
        let (findings, took) = found(&when(&format!("{column} in ({list})")));
        assert!(findings.len() <= 1, "{findings:#?}");
        assert!(took < Duration::from_secs(20), "{took:?}");
    }
}

/// Nesting beyond any bound is told, whatever it is made of; never an abort.
#[test]
fn no_depth_is_too_much() {
    let deep = |open: &str, close: &str| {
        format!("{}code = 1{}", open.repeat(10_000), close.repeat(10_000))
    };
    for text in [
        deep("(", ")"),
        deep("not ", ""),
        deep("not (", ")"),
        deep("-", ""),
        deep("if(yes, ", ")"),
        deep("code = 1 or (", ")"),
        "(".repeat(10_000),
        "code + ".repeat(8_000) + "1 > 1",
        "code = 1 and ".repeat(4_000) + "yes",
        "x.".repeat(20_000) + "y = 1",
    ] {
        let (findings, took) = found(&when(&text));
        assert_eq!(findings.len(), 1, "{:#?}", findings);
        assert!(took < Duration::from_secs(20), "{took:?}");
    }
    // A file beyond all sense.
    let desk = Desk::empty();
    desk.write("config.yaml", CONFIG);
    desk.write("rules/a.yaml", format!("# {}\n", "x".repeat(10_000_000)));
    desk.sql_in("studio.db", TABLES);
    let said = desk.expect(2, &["check"]);
    assert!(
        said.err.contains("too-large") || said.out.contains("too-large"),
        "{}",
        said.out
    );
}

/// A sentence of many places is refused at once: reading them takes more time the more of them there are.
#[test]
fn a_reason_without_end_is_refused() {
    let desk = Desk::empty();
    let reason = "{value} ".repeat(10_000);
    desk.write(
        "config.yaml",
        format!("{CONFIG}health:\n  factors:\n    - {{ id: a, value: code, zero: 0, full: 1, reason: \"{reason}\" }}\n"),
    );
    desk.write("rules/a.yaml", "segments:\n  - { id: a, when: code > 1 }\n");
    desk.sql_in("studio.db", TABLES);
    let began = Instant::now();
    let said = desk.muster(&["check"]);
    assert_eq!(said.code, 2, "{}", said.err);
    assert!(said.err.contains("2000 bytes at most"), "{}", said.err);
    assert!(began.elapsed() < Duration::from_secs(10));
}

/// What looks for secrets and for cut values goes over a file once, whatever signs it is full of.
#[test]
fn a_line_of_signs_takes_no_longer_than_its_length() {
    let of = |sign: &str| format!("# {}\n", sign.repeat(100_000 / sign.len()));
    let texts = [
        ("addresses", of("://")),
        ("assignments", of("a=")),
        ("keys", of("password: ")),
        ("deep", of("password: ") + &"    # x\n".repeat(12_000)),
        (
            "parentheses",
            format!("other: [{}b]\n", "(a, ".repeat(10_000)),
        ),
    ];
    for (name, text) in texts {
        let (found, took) = found(&format!("{}{text}", when("nothing = 1")));
        assert!(!found.is_empty(), "{name}");
        assert!(took < Duration::from_secs(20), "{name}: {took:?}");
    }
}
