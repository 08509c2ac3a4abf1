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
