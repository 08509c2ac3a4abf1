//! Lists kept by hand, from a file to a segment.

use super::desk::Desk;
use crate::support::database::query;

/// Three clients and a list of e-mail addresses, written by a program that likes marks and carriage returns.
fn desk() -> Desk {
    let desk = Desk::empty();
    desk.write(
        "config.yaml",
        "database: sqlite:d.db\ntimezone: UTC\n\
         subject: { name: client, table: clients, key: id, label: [first, last] }\n\
         lists:\n  vip: { file: lists/vip.csv, column: email }\n  keys: { file: lists/keys.csv }\n",
    );
    desk.write(
        "rules/r.yaml",
        "segments:\n  - { id: vip, when: in list vip }\n  - { id: keyed, when: in list keys }\n  \
         - { id: rest, when: not in list vip }\n",
    );
    desk.write("lists/vip.csv", FILE);
    desk.write("lists/keys.csv", "2\n\n 3 \n");
    desk.sql_in(
        "d.db",
        "create table clients (id integer primary key, first text, last text, email text);
         insert into clients values (1, 'Ada', 'Byron', 'ada@example.com'), (2, 'Ben', null, 'ben@example.com'),
           (3, 'Cy', 'Cole', null);",
    );
    desk
}

const FILE: &str = "\u{feff}Name,E-Mail,email\r\n\"Ada, née Byron\",x,ADA@example.com\r\n\r\nNobody,y,\"none@example.com\"\r\n";

fn sizes(desk: &Desk) -> [i64; 3] {
    ["vip", "keyed", "rest"].map(|id| desk.size(id))
}

#[test]
fn a_list_decides_who_is_in_a_segment() {
    let desk = desk();
    desk.expect(0, &["run"]);
    assert_eq!(sizes(&desk), [1, 2, 2]);
    let why = desk.expect(0, &["explain", "1"]);
    assert!(why.out.contains("in list vip"), "{}", why.out);
    assert!(why.out.contains("Ada Byron"), "{}", why.out);
    // A changed list is no changed rule.
    desk.expect(0, &["list", "vip", "add", "ben@example.com"]);
    desk.expect(0, &["run"]);
    assert_eq!(sizes(&desk), [2, 2, 1]);
    let rules = "select count(distinct rules_hash) from muster_runs";
    let moved = "select distinct cause from muster_movements where run_id > 1";
    assert_eq!(query(&desk.path("d.db"), rules), ["1"]);
    assert_eq!(query(&desk.path("d.db"), moved), ["data"]);
}

#[test]
fn check_tells_of_entries_that_match_nobody() {
    let desk = desk();
    let said = desk.expect(0, &["check"]);
    assert!(said.err.contains("unmatched-entry"), "{}", said.err);
    assert!(said.err.contains("none@example.com"), "{}", said.err);
    assert!(said.err.contains("lists/vip.csv:4"), "{}", said.err);
    assert!(!said.err.contains("ADA"), "{}", said.err);
}

#[test]
fn lists_are_shown_with_what_they_match() {
    let desk = desk();
    let lists = desk.json(&["list"]);
    assert_eq!(lists[0]["list"], "vip");
    assert_eq!(lists[0]["column"], "email");
    assert_eq!(lists[0]["entries"], 2);
    assert_eq!(lists[0]["unmatched"], 1);
    assert_eq!(lists[1]["unmatched"], 0);
    let one = desk.json(&["list", "vip"]);
    assert_eq!(one[1]["entry"], "none@example.com");
    assert_eq!(one[1]["matches"], "nobody");
    let said = desk.expect(2, &["list", "vips"]);
    assert!(said.err.contains("did you mean `vip`?"), "{}", said.err);
}

#[test]
fn entries_come_and_go_and_the_rest_stays_as_it_is() {
    let desk = desk();
    desk.expect(0, &["list", "vip", "add", "cy@example.com", "o,\"k\""]);
    let added = desk.read("lists/vip.csv");
    assert_eq!(
        added,
        format!("{FILE},,cy@example.com\r\n,,\"o,\"\"k\"\"\"\r\n")
    );
    let again = desk.expect(0, &["list", "vip", "add", "CY@example.com"]);
    assert!(again.err.contains("already in"), "{}", again.err);
    assert_eq!(desk.read("lists/vip.csv"), added);
    desk.expect(0, &["list", "vip", "remove", "cy@EXAMPLE.com", "o,\"k\""]);
    assert_eq!(desk.read("lists/vip.csv"), FILE);
    desk.expect(1, &["list", "vip", "remove", "cy@example.com"]);
    desk.expect(0, &["list", "keys", "remove", "3"]);
    assert_eq!(desk.read("lists/keys.csv"), "2\n\n");
    desk.expect(0, &["list", "keys", "add", "1"]);
    assert_eq!(desk.read("lists/keys.csv"), "2\n\n1\n");
}

#[test]
fn a_list_without_a_file_is_refused_until_somebody_is_added() {
    let desk = desk();
    std::fs::remove_file(desk.path("lists/keys.csv")).unwrap();
    let said = desk.expect(2, &["run"]);
    assert!(said.err.contains("config.yaml:6:17"), "{}", said.err);
    assert!(said.err.contains("muster list keys add"), "{}", said.err);
    desk.expect(0, &["list", "keys", "add", "1", "1"]);
    assert_eq!(desk.read("lists/keys.csv"), "id\n1\n");
    desk.expect(0, &["run"]);
    assert_eq!(sizes(&desk), [1, 1, 2]);
    desk.expect(2, &["list", "keys", "add", " "]);
    desk.expect(2, &["list", "keys", "add"]);
}

/// What is stored as 12.0 is the key 12 to rules, and so to what is said about the list.
#[test]
fn a_key_that_is_stored_as_a_real_number_matches_its_entry() {
    let desk = desk();
    desk.sql_in(
        "d.db",
        "drop table clients; create table clients (id real primary key, first text, last text, email text);
         insert into clients values (2, 'Ben', null, null), (3.0, 'Cy', null, null);",
    );
    desk.expect(0, &["run"]);
    assert_eq!(desk.size("keyed"), 2);
    assert_eq!(desk.json(&["list"])[1]["unmatched"], 0);
    let said = desk.expect(0, &["check"]);
    assert!(!said.err.contains("`keys`"), "{}", said.err);
}

/// A quote that is not closed would swallow those behind it, and `not in list` would admit them.
#[test]
fn a_quote_that_is_not_closed_is_refused() {
    let desk = desk();
    for (text, line) in [
        ("email\n\"ada@example.com\nben@example.com\n", 2),
        ("email\nada@example.com\n\"ben@example.com", 3),
        ("email\n\"ada@example.com\n\"ben@example.com\n", 2),
        (
            "name,email\n\"Ada,ada@example.com\nBen,\"ben@example.com\"\n",
            2,
        ),
        (
            "name,email\nx,y\nAda,\"ada@example.com\nben@example.com\"\n",
            3,
        ),
        ("\"email\nada@example.com\n", 1),
        ("email,\"name\nada@example.com,Ada\n", 1),
    ] {
        desk.write("lists/vip.csv", text);
        for command in [
            &["run"][..],
            &["check"],
            &["list", "vip", "add", "cy@example.com"],
        ] {
            let said = desk.expect(2, command);
            let told = format!("line {line} opens a quote that is not closed on it");
            assert!(
                said.err.contains(&told),
                "{text:?} {command:?}\n{}",
                said.err
            );
        }
        desk.expect(2, &["list", "vip", "remove", "ada@example.com"]);
        assert_eq!(desk.read("lists/vip.csv"), text);
    }
    // Another column may have several lines, and a quote within a cell opens nothing.
    let text = "name,email\n\"Ada\n1 High St\",ada@example.com\n5\" Ben,ben@example.com\n";
    desk.write("lists/vip.csv", text);
    desk.expect(0, &["run"]);
    assert_eq!(desk.size("vip"), 2);
}

#[test]
fn what_would_not_be_read_back_is_not_written() {
    let desk = desk();
    desk.expect(2, &["list", "keys", "add", "5\n6"]);
    // Without its first line, the second one would be taken for the heading.
    desk.write("lists/keys.csv", "1\nid\n2\n");
    let said = desk.expect(2, &["list", "keys", "remove", "1"]);
    assert!(said.err.contains("stays as it is"), "{}", said.err);
    assert_eq!(desk.read("lists/keys.csv"), "1\nid\n2\n");
}

#[test]
fn an_entry_can_be_a_number_below_zero() {
    let desk = desk();
    desk.expect(0, &["list", "keys", "add", "-5", "4"]);
    assert_eq!(desk.read("lists/keys.csv"), "2\n\n 3 \n-5\n4\n");
    desk.expect(0, &["list", "keys", "remove", "-5", "--format", "json"]);
    assert_eq!(desk.read("lists/keys.csv"), "2\n\n 3 \n4\n");
}

#[test]
fn of_many_changes_at_once_none_is_lost() {
    let desk = desk();
    std::thread::scope(|scope| {
        for key in 10..22 {
            let desk = &desk;
            scope.spawn(move || desk.expect(0, &["list", "keys", "add", &key.to_string()]));
        }
    });
    let mut keys: Vec<String> = desk
        .read("lists/keys.csv")
        .lines()
        .map(str::to_owned)
        .collect();
    keys.sort();
    keys.retain(|key| key.len() == 2);
    let all: Vec<String> = (10..22).map(|key| key.to_string()).collect();
    assert_eq!(keys, all);
}

#[test]
fn a_list_that_would_not_be_read_any_more_is_not_written() {
    let desk = desk();
    let most = 16 * 1024 * 1024;
    let of = |length: usize| format!("id,note\n1,{}\n", "x".repeat(length));
    desk.write("lists/keys.csv", of(most - 20));
    let said = desk.expect(2, &["list", "keys", "add", "12345678901234567890"]);
    assert!(said.err.contains("larger than 16 MiB"), "{}", said.err);
    assert!(said.err.contains("make a collection of it"), "{}", said.err);
    assert_eq!(desk.read("lists/keys.csv"), of(most - 20));
    // What is too large is told by whoever reads it, and never taken for an empty list.
    desk.write("lists/keys.csv", of(most));
    for command in [&["list"][..], &["list", "keys"]] {
        let said = desk.expect(2, command);
        assert!(said.err.contains("the list `keys`"), "{}", said.err);
    }
    assert_eq!(desk.expect(2, &["list"]).out.matches("vip").count(), 2);
}

#[test]
fn a_list_behind_a_link_is_changed_where_it_is() {
    let desk = desk();
    desk.write("shared/keys.csv", "2\n");
    std::fs::remove_file(desk.path("lists/keys.csv")).unwrap();
    std::os::unix::fs::symlink("../shared/keys.csv", desk.path("lists/keys.csv")).unwrap();
    let said = desk.expect(0, &["list", "keys", "add", "3"]);
    assert!(
        said.err.contains("`lists/keys.csv` is a link to"),
        "{}",
        said.err
    );
    assert_eq!(desk.read("shared/keys.csv"), "2\n3\n");
    assert!(desk.path("lists/keys.csv").is_symlink());
    std::fs::remove_file(desk.path("shared/keys.csv")).unwrap();
    let said = desk.expect(3, &["list", "keys", "add", "3"]);
    assert!(
        said.err.contains("a link that cannot be followed"),
        "{}",
        said.err
    );
}

/// Keys as a spreadsheet leaves them, and card numbers as people paste them.
fn pasted(subject: &str, cards: &str) -> Desk {
    let desk = Desk::empty();
    desk.write(
        "config.yaml",
        format!(
            "database: sqlite:d.db\nresults: sqlite:r.db\ntimezone: UTC\nsubject: {{ name: client, table: clients, key: id{subject} }}\n\
             lists:\n  keys: {{ file: keys.csv }}\n  cards: {{ file: cards.csv, column: card{cards} }}\n"
        ),
    );
    desk.write(
        "rules/r.yaml",
        "segments:\n  - { id: keyed, when: in list keys }\n  - { id: carded, when: in list cards }\n",
    );
    desk.write("keys.csv", "1\n00003\n");
    desk.write("cards.csv", " c-007\u{a0}\nC-008\nC-999\n");
    desk.sql_in(
        "d.db",
        "create table clients (id text primary key, card text);
         insert into clients values ('0001', 'C-007'), ('0002', 'C-008'), ('0003', null);",
    );
    desk
}

/// What a list names is compared as config says, by a run, by `check`, and by whatever changes the list.
#[test]
fn a_list_can_be_matched_loosely() {
    let desk = pasted("", "");
    desk.expect(0, &["run"]);
    assert_eq!([desk.size("keyed"), desk.size("carded")], [0, 1]);
    let said = desk.expect(0, &["check"]).err;
    assert!(
        said.contains(
            "correct it to `C-007`, as the table has it, or say `match: loose` of the list `cards`"
        ),
        "{said}"
    );

    let desk = pasted(", match: loose", ", match: loose");
    desk.expect(0, &["run"]);
    assert_eq!([desk.size("keyed"), desk.size("carded")], [2, 2]);
    let said = desk.expect(0, &["check"]).err;
    assert_eq!(said.matches("unmatched-entry").count(), 1, "{said}");
    assert!(said.contains("`C-999`"), "{said}");
    let lists = desk.json(&["list"]);
    assert_eq!(lists[0]["unmatched"], 0);
    assert_eq!(lists[1]["unmatched"], 1);
    let said = desk.expect(0, &["list", "keys", "add", "0001"]).err;
    assert!(said.contains("already in the list"), "{said}");
    desk.expect(0, &["list", "keys", "remove", "0001"]);
    assert_eq!(desk.read("keys.csv"), "00003\n");

    // The key is the key in whatever letters a list names it.
    let config = desk.read("config.yaml");
    let config = config.replace(
        "keys: { file: keys.csv }",
        "keys: { file: keys.csv, column: ID }",
    );
    desk.write("config.yaml", config);
    desk.write("keys.csv", "1\n00003\n");
    desk.expect(0, &["run"]);
    assert_eq!(desk.size("keyed"), 2);

    // Each list can differ from the subject.
    let desk = pasted(", match: loose", "");
    desk.expect(0, &["run"]);
    assert_eq!([desk.size("keyed"), desk.size("carded")], [2, 1]);
    let config = desk.read("config.yaml");
    let config = config.replace(
        "keys: { file: keys.csv }",
        "keys: { file: keys.csv, match: exact }",
    );
    desk.write("config.yaml", config);
    desk.expect(0, &["run"]);
    assert_eq!([desk.size("keyed"), desk.size("carded")], [0, 1]);
    let moved = "select distinct cause from muster_movements where run_id > 1";
    assert_eq!(query(&desk.path("r.db"), moved), ["rule"]);
}
