//! `explain`: the reason with real values.

use unicode_width::UnicodeWidthStr;

use super::desk::Desk;
use crate::support::program::Said;

#[test]
fn the_tree_shows_the_value_of_each_part() {
    let desk = Desk::demo();
    let list = desk.json(&["clients", "--segment", "expiring_packages", "--limit", "1"]);
    let key = list[0]["key"].to_string();
    let said = desk.expect(0, &["explain", &key, "expiring_packages"]);
    assert!(
        said.out
            .contains("Expiring Packages Segment (expiring_packages): yes"),
        "{}",
        said.out
    );
    assert!(said.out.contains("✓"), "{}", said.out);
    assert!(said.out.contains("≥ 75%"), "{}", said.out);
}

#[test]
fn explain_agrees_with_the_stored_memberships_for_everyone_on_top() {
    let desk = Desk::demo();
    for client in desk.json(&["clients", "--limit", "15"]).as_array().unwrap() {
        let why = desk.json(&["explain", &client["key"].to_string(), "--ahead", "0"]);
        let told: Vec<&str> = why["segments"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|s| s["member"] == true)
            .map(|s| s["name"].as_str().unwrap())
            .collect();
        let mut stored: Vec<&str> = client["segments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|s| s.as_str().unwrap())
            .collect();
        assert_eq!(told.len(), stored.len(), "{client}");
        stored.retain(|name| !told.contains(name));
        assert!(stored.is_empty(), "{client}: {stored:?}");
        for segment in why["segments"].as_array().unwrap() {
            let holds = &segment["condition"]["holds"];
            // A rung above may have taken those for whom a rung's own condition holds, and the last
            // rung takes the rest.
            if segment["condition"].is_object() && segment["taken_by"].is_null() {
                assert_eq!(segment["member"] == true, holds == true, "{segment}");
            }
        }
    }
}

#[test]
fn an_unknown_answer_names_what_is_missing() {
    let desk = Desk::demo();
    let lead = desk.client("id not in (select client_id from packages)");
    let said = desk.expect(0, &["explain", &lead.to_string(), "expiring_packages"]);
    assert!(said.out.contains("unknown, because"), "{}", said.out);
    assert!(said.out.contains("missing"), "{}", said.out);
}

#[test]
fn nobody_and_no_segment_are_told() {
    let desk = Desk::demo();
    let said = desk.expect(2, &["explain", "no such person"]);
    assert!(
        said.err.contains("nobody has the key or name"),
        "{}",
        said.err
    );
    let said = desk.expect(2, &["explain", "1", "expiring_package"]);
    assert!(
        said.err.contains("did you mean `expiring_packages`?"),
        "{}",
        said.err
    );
}

/// What a client's rows are compared with is told with its value.
#[test]
fn what_rows_are_compared_with_is_told() {
    let desk = Desk::demo();
    let rules = "metrics:\n  bought: last(packages).purchased_at\nsegments:\n  - id: since\n    name: Since\n    when: |\n      \
                 count(visits where at > max(packages.purchased_at)) >= 0 and count(visits where at > bought) >= 0\n";
    desk.write("rules/since.yaml", rules);
    let key = desk.client("id in (select client_id from packages)");
    let said = desk.expect(0, &["explain", &key.to_string(), "since"]);
    assert!(
        said.out.contains("(with max(packages.purchased_at) 03/"),
        "{}",
        said.out
    );
    assert!(said.out.contains("bought"), "{}", said.out);
}

/// A studio of a few people, some of whom share a name.
fn studio() -> Desk {
    let desk = Desk::empty();
    desk.write(
        "config.yaml",
        "database: sqlite:studio.db
timezone: Europe/Berlin
currency: EUR
subject: { name: client, table: clients, key: id, label: name }
collections:
  visits: { table: visits, subject: client_id, at: at }
  payments: { table: payments, subject: client_id, at: at, types: { amount: money } }
active: not closed
",
    );
    desk.write(
        "rules/all.yaml",
        "metrics:
  came: count(visits in last 30 days)
  paid: sum(payments.amount)
segments:
  - { id: regular, name: Regulars, importance: 5, when: came >= 3 and signed < 10 days ago }
  - { id: big, name: Big, importance: 3, when: 'paid >= 100 or paid > quantile(0.9, paid)' }
  - { id: recent, name: Recent, importance: 2, when: last(visits).at in last 10 days and not in segment big }
  - { id: often, name: Often, importance: 1, when: came / 30 > 50% }
",
    );
    desk.sql(
            "create table clients (id integer primary key, name text, signed date, town text, closed boolean);
             create table visits (id integer primary key, client_id integer, at datetime);
             create table payments (id integer primary key, client_id integer, at datetime, amount decimal);
             insert into clients values
                (1, 'Zoë Müller', '2025-01-01', 'Ulm', 0), (2, 'Anna Muller', '2025-02-01', 'Bonn', 0),
                (3, 'Łukasz Big', '2025-03-01', 'Ulm', 0), (4, 'Gone Girl', '2025-03-01', 'Ulm', 1),
                (5, 'regular', '2025-03-01', 'Ulm', 0);
             insert into visits values (1, 1, '2025-05-20 10:00:00'), (2, 1, '2025-05-25 10:00:00'), (3, 3, '2025-05-20 10:00:00');
             insert into payments values (1, 1, '2025-05-20 10:00:00', 90.5), (2, 3, '2025-05-20 10:00:00', 130);",
    );
    desk.expect(0, &["run", "--as-of", "2025-05-27T06:00:00"]);
    desk
}

#[test]
fn people_are_found_by_a_part_of_their_name() {
    let desk = studio();
    let found = |name: &str| desk.expect(0, &["explain", name, "big"]).out;
    assert!(found("zoe").starts_with("Zoë Müller (client 1)"));
    assert!(found("ZOE MULLER").starts_with("Zoë Müller (client 1)"));
    assert!(found("lukasz").starts_with("Łukasz Big (client 3)"));
    assert!(found("3").starts_with("Łukasz Big (client 3)"));
    let said = desk.expect(2, &["explain", "mull"]).err;
    assert!(
        said.contains("2 clients may be meant by `mull`; say which by its key"),
        "{said}"
    );
    assert!(
        said.contains("  1  Zoë Müller (signed 2025-01-01"),
        "{said}"
    );
    assert!(
        said.contains("  2  Anna Muller (signed 2025-02-01"),
        "{said}"
    );
    let said = desk.expect(2, &["explain", "gone girl"]).err;
    assert!(said.contains("4 is not active"), "{said}");
    let said = desk.expect(2, &["explain", "nobody"]).err;
    assert!(said.contains("nobody has the key or name"), "{said}");
}

/// Whoever asks for a key that is the same one for rows means it.
#[test]
fn keys_are_found_as_those_of_rows_are() {
    let desk = Desk::empty();
    let config = |matching: &str| {
        let config = format!(
            "database: sqlite:studio.db\ntimezone: UTC\n\
             subject: {{ name: client, table: clients, key: code, label: name{matching} }}\nactive: not closed\n"
        );
        desk.write("config.yaml", config);
    };
    config(", match: loose");
    desk.write(
        "rules/a.yaml",
        "segments:\n  - { id: all, name: All, when: name is present }\n",
    );
    desk.sql(
        "create table clients (code text, name text, closed boolean);
         insert into clients values ('0017', 'Ann', 0), ('C005', 'Ben', 0), ('8', 'Cy', 0), ('08', 'Dan', 0), ('0099', 'Eve', 1);",
    );
    desk.expect(0, &["run", "--as-of", "2025-05-27"]);
    for (key, found) in [
        ("17", "Ann"),
        ("00017", "Ann"),
        ("c005 ", "Ben"),
        ("8", "Cy"),
    ] {
        let said = desk.expect(0, &["explain", key, "all"]).out;
        assert!(said.starts_with(found), "{key} {said}");
    }
    let said = desk.expect(2, &["explain", "008", "all"]).err;
    assert!(said.contains("2 clients may be meant by `008`"), "{said}");
    let said = desk.expect(2, &["explain", "99", "all"]).err;
    assert!(said.contains("0099 is not active"), "{said}");
    let said = desk.expect(0, &["test", "--from", "17"]).out;
    assert!(said.contains("someone:"), "{said}");

    let said = desk.expect(2, &["forget", "008"]).err;
    let told = "`008` could be any of the keys `08`, `8`; say which, so that nobody else is erased";
    assert!(said.contains(told), "{said}");
    let said = desk.expect(0, &["forget", "17"]).err;
    assert!(said.contains("`17` is the key `0017`"), "{said}");
    assert!(said.contains("`0017` is still in `clients`"), "{said}");
    let left = desk.json(&["clients"]);
    assert_eq!(left.as_array().unwrap().len(), 3, "{left}");

    config("");
    let said = desk.expect(2, &["explain", "17", "all"]).err;
    assert!(said.contains("nobody has the key or name `17`"), "{said}");
    let said = desk.expect(2, &["forget", "c005"]).err;
    assert!(said.contains("nothing was erased"), "{said}");
}

#[test]
fn margins_have_their_units() {
    let desk = studio();
    let tree = |key: &str, segment: &str| desk.expect(0, &["explain", key, segment]).out;
    let regular = tree("1", "regular");
    assert!(regular.contains("✗ came 2 ≥ 3, 1 visit short"), "{regular}");
    assert!(regular.contains("by 136 days"), "{regular}");
    // A count is never below 0, so nothing leads to the other answer.
    let rules = desk.read("rules/all.yaml");
    desk.replace(
        "rules/all.yaml",
        &format!("{rules}  - {{ id: any, when: came >= 0 and came between 0 and 9 }}\n  - {{ id: none, when: came < 0 }}\n  - {{ id: fewer, when: came < count(payments in last 2 days) }}\n"),
    );
    let any = tree("1", "any");
    assert!(
        any.contains("✓ came 2 ≥ 0") && !any.contains("≥ 0, by"),
        "{any}"
    );
    assert!(any.contains("by 7 visits"), "{any}");
    let none = tree("1", "none");
    assert!(
        none.contains("✗ came 2 < 0") && !none.contains("too many"),
        "{none}"
    );
    let fewer = tree("1", "fewer");
    assert!(
        fewer.contains("✗ came 2 <") && !fewer.contains("too many"),
        "{fewer}"
    );
    desk.replace("rules/all.yaml", &rules);
    let big = tree("1", "big");
    assert!(big.contains("✗ paid 90.50 ≥ 100, 9.50 EUR short"), "{big}");
    // The value of what is compared with stands in the line.
    assert!(big.contains("> quantile(0.9, paid) 11"), "{big}");
    assert!(tree("3", "big").contains("✓ paid 130.00 ≥ 100, by 30.00 EUR"));
    assert!(
        tree("1", "recent").contains("in last 10 days, by 8 days"),
        "{}",
        tree("1", "recent")
    );
    assert!(
        tree("1", "often").contains("43.3 percentage points short"),
        "{}",
        tree("1", "often")
    );
    let json = desk.json(&["explain", "1", "regular"]);
    let margin = &json["segments"][0]["condition"]["parts"][0]["margin"];
    assert_eq!(
        *margin,
        serde_json::json!({ "by": 1.0, "unit": "visits", "words": "1 visit short" })
    );
}

#[test]
fn what_comes_and_what_was_is_told() {
    let desk = studio();
    let said = desk.expect(0, &["explain", "1", "recent"]).out;
    assert!(
        said.contains("leaves on 06/05/2025 if nothing happens to anybody before"),
        "{said}"
    );
    assert!(said.contains("a member since 05/27/2025 06:00"), "{said}");
    desk.expect(0, &["run", "--as-of", "2025-06-04T06:00:00"]);
    let ahead = desk.json(&["explain", "1", "recent"]);
    assert_eq!(
        ahead["segments"][0]["ahead"]["change"]["at"],
        "2025-06-05T06:00:00+02:00"
    );
    desk.expect(0, &["run", "--as-of", "2025-06-05T06:00:00"]);
    let then = desk.json(&["explain", "1", "recent"]);
    assert_eq!(then["segments"][0]["member"], false);
    let history = &then["segments"][0]["history"];
    assert!(history["since"].is_null(), "{history}");
    assert_eq!(history["movements"][0]["direction"], "left");
    assert_eq!(history["movements"][0]["cause"], "data");
    assert_eq!(history["movements"][1]["direction"], "entered");
    assert_eq!(history["movements"][1]["cause"], "first_run");
}

#[test]
fn a_page_has_a_line_for_each_segment() {
    let desk = studio();
    let said = desk.expect(0, &["explain", "zoe"]).out;
    let at = |words: &str| {
        said.find(words)
            .unwrap_or_else(|| panic!("{words}: {said}"))
    };
    // Members first.
    assert!(at("✓  Recent") < at("✗  Regulars"), "{said}");
    assert!(at("✗  Regulars") < at("✗  Big"), "{said}");
    at("✗ came 2 ≥ 3, 1 visit short");
    at("if nothing happens\n  06/05/2025  leaves Recent");
    at("place ");
    at("Score 0");
}

#[test]
fn a_segment_is_told_by_its_definition() {
    let desk = studio();
    // A key or a segment, then a name: nobody has the key `regular`.
    let said = desk.expect(0, &["explain", "regular"]).out;
    assert!(
        said.starts_with("Regulars (regular): 0 of 4 clients"),
        "{said}"
    );
    assert!(
        said.contains("    came >= 3\n      came = count(visits in last 30 days)"),
        "{said}"
    );
    let said = desk.expect(0, &["explain", "big"]).out;
    assert!(said.contains("quantile(0.9, paid)  (now 11"), "{said}");
    assert!(said.contains("used by segment recent"), "{said}");
    let json = desk.json(&["explain", "big"]);
    assert_eq!(json["size"], 1);
    assert_eq!(json["used_by"][0], "segment recent");
}

#[test]
fn a_ladder_is_explained_by_its_name() {
    let desk = Desk::demo();
    let said = desk
        .expect(0, &["explain", "1837", "rfm", "--ahead", "0"])
        .out;
    assert!(said.contains("Champion (champion): no"), "{said}");
    assert_eq!(said.matches("days_since_purchase = ").count(), 1, "{said}");
    let said = desk.expect(0, &["explain", "at_risk"]).out;
    assert!(said.contains("rung 6 of 8 of the ladder rfm"), "{said}");
    assert!(said.contains("among those with purchases > 0"), "{said}");
}

#[test]
fn namesakes_differ_by_what_no_rule_reads_and_is_not_private() {
    let desk = studio();
    desk.sql(
        "alter table clients add column branch text;
         alter table clients add column diagnosis text;
         update clients set branch = 'Mitte', diagnosis = 'flu' where id = 1;
         update clients set branch = 'Nord', diagnosis = 'cold' where id = 2;
         update clients set signed = '2025-01-01', town = 'Ulm' where id in (1, 2);",
    );
    let config = desk.read("config.yaml");
    desk.replace("config.yaml", &format!("{config}\nprivate: [diagnosis]\n"));
    let said = desk.expect(2, &["explain", "mull"]).err;
    assert!(said.contains("Zoë Müller (branch Mitte)"), "{said}");
    assert!(said.contains("Anna Muller (branch Nord)"), "{said}");
    let said = desk.expect(0, &["explain", "müller zoë", "big"]).out;
    assert!(said.starts_with("Zoë Müller (client 1)"), "{said}");
}

#[test]
fn the_page_of_a_client_fits_and_has_reasons_below_names_where_it_is_narrow() {
    let desk = Desk::demo();
    for width in [40, 72, 80] {
        let mut command = desk.command(&["explain", "1401"]);
        command.env("COLUMNS", width.to_string());
        let said = Said::by(&mut command);
        for line in said.out.lines() {
            assert!(line.width() <= width, "on {width}:\n{line}");
        }
        let is_below = said.out.contains("\n   ✓ ") && said.out.contains("\n   ✗ ");
        assert_eq!(is_below, width < 72, "on {width}:\n{}", said.out);
    }
}

#[test]
fn numbers_follow_the_locale() {
    let desk = Desk::demo();
    desk.edit("config.yaml", "locale: en-US", "locale: de-DE");
    let said = desk
        .expect(0, &["explain", "1837", "rfm", "--ahead", "0"])
        .out;
    let spent = said.lines().find(|line| line.starts_with("  spent "));
    let (value, text) = spent.unwrap().split_once("  (").unwrap();
    assert!(value.contains(',') && !value.contains('.'), "{said}");
    // What is quoted of the rules stays as it is written.
    assert_eq!(text, "sum(payments.amount))");
    let said = desk
        .expect(0, &["run", "--dry-run", "--as-of", "2026-03-15"])
        .err;
    let seconds = said
        .lines()
        .find_map(|line| line.split_once(" in "))
        .unwrap()
        .1;
    assert!(seconds.contains(','), "{said}");
}
