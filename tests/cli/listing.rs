//! Lists are searched, sorted, paged and cut to columns, with the same words in every command.

use serde_json::Value;

use super::desk::Desk;

/// The values of a column of a list.
fn column(desk: &Desk, list: &[&str], key: &str) -> Vec<Value> {
    let rows = desk.json(list);
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| row[key].clone()).collect()
}

#[test]
fn names_are_found_without_accents_case_or_order_and_keys_whole() {
    let desk = Desk::demo();
    let found = column(&desk, &["clients", "--where", "GARCIA"], "label");
    let all = column(&desk, &["clients"], "label");
    let really = all
        .iter()
        .filter(|name| name.as_str().unwrap().contains("García"));
    assert_eq!(found.len(), really.count());
    assert!(found.len() > 2);
    let maria = column(&desk, &["clients", "--where", "garcia maria"], "label");
    assert_eq!(maria, ["María José García"]);
    // A key is a whole key: 183 is none of 1837.
    assert_eq!(
        column(&desk, &["clients", "--where", "1837"], "key"),
        [1837]
    );
    let segments = column(&desk, &["segments", "--where", "offer"], "id");
    assert_eq!(
        segments,
        ["intro_offer_expiring", "intro_offer_new_visited_once"]
    );
    let health = column(&desk, &["health", "--where", "niamh o'neill"], "label");
    assert!(!health.is_empty() && health.iter().all(|name| name == "Niamh O'Neill"));
    // Nobody is said in words, and no heading stands above nothing.
    let said = desk.expect(0, &["clients", "--where", "xyzzy"]);
    assert_eq!(said.out, "");
    assert!(
        said.err
            .contains("no client has `xyzzy` in its name or key"),
        "{}",
        said.err
    );
}

#[test]
fn a_list_is_sorted_by_any_of_its_columns_and_nothing_comes_last() {
    let desk = Desk::demo();
    for (sort, descending) in [
        ("health", false),
        ("health:asc", false),
        ("health:desc", true),
    ] {
        let found = column(&desk, &["clients", "--sort", sort], "health");
        let known: Vec<f64> = found.iter().map_while(Value::as_f64).collect();
        assert!(
            known.len() < found.len(),
            "the demo has clients without a score"
        );
        assert!(found[known.len()..].iter().all(Value::is_null), "{sort}");
        assert!(known.is_sorted_by(|one, next| if descending { one >= next } else { one <= next }));
    }
    // Accents change no place.
    let names = column(&desk, &["clients", "--sort", "label"], "label");
    let names: Vec<&str> = names.iter().map(|name| name.as_str().unwrap()).collect();
    let at = |start: &str| {
        names
            .iter()
            .position(|name| name.starts_with(start))
            .unwrap()
    };
    assert!(at("Zofia Kovalenko") < at("Zofia Łukasik") && at("Zofia Łukasik") < at("Zofia Šimek"));
    let sizes = column(
        &desk,
        &["segments", "--sort", "size:desc", "--limit", "2"],
        "size",
    );
    let all = column(&desk, &["segments"], "size");
    assert_eq!(
        sizes[0].as_i64(),
        all.iter().map(|size| size.as_i64().unwrap()).max()
    );
    assert_eq!(sizes.len(), 2);
}

#[test]
fn the_pages_of_a_list_are_the_list() {
    let desk = Desk::demo();
    for list in [
        &["clients"][..],
        &["clients", "--sort", "label"],
        &["health", "--segment", "lead"],
    ] {
        let all = column(&desk, list, "key");
        let mut paged = Vec::new();
        for page in 1..=all.len().div_ceil(100) {
            let page = page.to_string();
            let page = [list, &["--limit", "100", "--page", &page]].concat();
            paged.extend(column(&desk, &page, "key"));
        }
        assert_eq!(paged, all, "{list:?}");
    }
    let said = desk.expect(0, &["clients", "--page", "2"]);
    assert!(
        said.err
            .contains("showing 26–50 of 856 clients; `--page 3` shows the next, `--all` shows all"),
        "{}",
        said.err
    );
    let said = desk.expect(0, &["clients", "--page", "35"]);
    assert!(
        said.err.contains("showing 851–856 of 856 clients; `--all`"),
        "{}",
        said.err
    );
    let said = desk.expect(2, &["clients", "--page", "36"]);
    assert!(
        said.err.contains("the last page of 856 clients is 35"),
        "{}",
        said.err
    );
    desk.expect(2, &["clients", "--page", "0"]);
}

#[test]
fn members_of_all_of_any_and_of_none_of_several_segments() {
    let desk = Desk::demo();
    let rows = desk.json(&["clients"]);
    let names = |row: &Value| row["segments"].as_array().unwrap().clone();
    let count = |wanted: fn(bool, bool) -> bool| {
        let rows = rows.as_array().unwrap().iter();
        let both = rows.map(|row| {
            let names = names(row);
            let has = |name: &str| names.iter().any(|found| found == name);
            wanted(has("High Spend Segment"), has("Champion"))
        });
        both.filter(|wanted| *wanted).count()
    };
    let two = ["--segment", "high_spend", "--segment", "champion"];
    let found = |how: &[&str]| {
        let list = [&["clients"], &two[..], how].concat();
        column(&desk, &list, "key").len()
    };
    assert_eq!(found(&[]), count(|spends, champion| spends && champion));
    assert_eq!(
        found(&["--match", "any"]),
        count(|spends, champion| spends || champion)
    );
    assert_eq!(
        found(&["--match", "none"]),
        count(|spends, champion| !spends && !champion)
    );
    assert!(found(&[]) > 0);
    desk.expect(2, &["clients", "--match", "any"]);
    desk.expect(
        2,
        &["clients", "--segment", "high_spend", "--segment", "nosuch"],
    );
}

#[test]
fn columns_are_chosen_by_their_names_in_any_format() {
    let desk = Desk::demo();
    let chosen = ["clients", "--limit", "2", "--columns", "health,key,Client"];
    let table = desk.expect(0, &chosen).out;
    let heads: Vec<&str> = table.lines().next().unwrap().split_whitespace().collect();
    assert_eq!(heads, ["Health", "Key", "Client"]);
    let csv = desk
        .expect(0, &[&chosen[..], &["--format", "csv"]].concat())
        .out;
    assert_eq!(csv.lines().next(), Some("Health,Key,Client"));
    let json = desk.json(&chosen);
    let keys: Vec<&String> = json[0].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["health", "key", "label"]);
    // What people do not see of themselves can be chosen, too.
    let ids = desk.expect(0, &["segments", "--columns", "id,size"]).out;
    assert!(ids.contains("expiring_packages"), "{ids}");
    for list in ["status", "outbox"] {
        let json = desk.muster(&[list, "--columns", "status,id", "--format", "jsonl"]);
        let row: Value = serde_json::from_str(json.out.lines().next().unwrap()).unwrap();
        let keys: Vec<&String> = row.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["status", "id"], "{list}");
    }
    desk.expect(2, &["status", "--columns", "id", "--format", "json"]);
    let said = desk.expect(2, &["clients", "--columns", "key,helth"]);
    assert_eq!(said.out, "");
    for part in [
        "no column `helth`",
        "did you mean `health`?",
        "rank, key, label, score",
    ] {
        assert!(said.err.contains(part), "{}", said.err);
    }
    let said = desk.expect(2, &["clients", "--sort", "nickname"]);
    assert!(
        said.err.contains("there are name, rank, key"),
        "{}",
        said.err
    );
}

#[test]
fn every_list_is_sorted_by_name() {
    let desk = Desk::demo();
    for (list, names) in [
        ("clients", "label"),
        ("health", "label"),
        ("segments", "segment"),
    ] {
        let by_name = column(&desk, &[list, "--sort", "name:desc"], names);
        let by_key = column(&desk, &[list, "--sort", &format!("{names}:desc")], names);
        assert_eq!(by_name, by_key, "{list}");
        assert_ne!(by_name, column(&desk, &[list], names), "{list}");
    }
}

#[test]
fn keys_alone_are_shown_where_others_look_on() {
    let desk = Desk::demo();
    for list in ["clients", "health"] {
        for format in ["table", "csv", "json", "jsonl"] {
            let named = desk.expect(0, &[list, "--all", "--format", format]).out;
            let nameless = desk
                .expect(0, &[list, "--all", "--no-names", "--format", format])
                .out;
            assert!(
                named.contains("García") && !nameless.contains("García"),
                "{list} {format}"
            );
            assert!(nameless.contains("1837"), "{list} {format}");
        }
    }
    let said = desk.expect(2, &["clients", "--no-names", "--columns", "label"]);
    assert!(said.err.contains("no column `label`"), "{}", said.err);
}

#[test]
fn options_that_choose_from_a_list_are_refused_where_there_is_none() {
    let desk = Desk::demo();
    for (arguments, words) in [
        (
            &["health", "--backtest", "--where", "x"][..],
            "about the score",
        ),
        (&["health", "--backtest", "--no-names"], "about the score"),
        (
            &["segments", "--moves", "--sort", "size"],
            "go with that list",
        ),
        (
            &["segments", "--legend", "--limit", "3"],
            "go with that list",
        ),
    ] {
        let said = desk.expect(2, arguments);
        assert!(said.err.contains(words), "{}", said.err);
    }
}

#[test]
fn that_nobody_moved_is_said_and_since_when() {
    let desk = Desk::demo();
    let said = desk.expect(0, &["segments", "--moves"]);
    assert!(said.out.contains("231"), "{}", said.out);
    desk.expect(0, &["run", "--as-of", "2026-03-15"]);
    let words = "nobody moved since run 1, as of 03/15/2026 00:00 EDT";
    assert!(desk.expect(0, &["segments"]).err.contains(words));
    assert_eq!(desk.expect(0, &["segments", "--moves"]).out.trim(), words);
}

#[test]
fn the_catalog_lists_names_as_rules_write_them() {
    let desk = Desk::empty();
    desk.sql_in(
        "d.db",
        "create table clienti (id integer primary key, nome text, \"Data di nascita\" date, \"and\" integer);
         create table ordini (id integer primary key, cliente integer, at text, \"Importo totale\" real, \"sum\" integer);",
    );
    desk.write(
        "config.yaml",
        "database: sqlite:d.db\ntimezone: UTC\nsubject: { name: cliente, table: clienti, key: id, label: nome }\n\
         collections: { ordini: { table: ordini, subject: cliente, at: at } }\n",
    );
    desk.write(
        "rules/r.yaml",
        "segments:\n  - { id: all, name: All, when: yes }\n",
    );
    let names = desk.json(&["check", "--catalog"]);
    let names = names
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["name"].as_str().unwrap());
    let names: Vec<&str> = names.collect();
    for name in ["`Data di nascita`", "`and`", "ordini.`Importo totale`"] {
        assert!(names.contains(&name), "{name}: {names:?}");
    }
    // Each of them can be pasted.
    let columns = names.iter().filter(|name| **name != "ordini");
    let rules = columns.enumerate().map(|(place, name)| {
        let condition = match name.strip_prefix("ordini.") {
            Some(column) => format!("exists(ordini where {column} is present)"),
            None => format!("{name} is present"),
        };
        format!("  - {{ id: s{place}, name: S{place}, when: '{condition}' }}\n")
    });
    desk.write(
        "rules/r.yaml",
        format!("segments:\n{}", rules.collect::<String>()),
    );
    let checked = desk.muster(&["check"]);
    assert!(checked.code < 2, "{}", checked.err);
}
