//! What programs write for no value: `NULL`, `0000-00-00`, `9999-12-31`. Who is deleted, cancelled or dated is decided by the other values.

use super::desk::Desk;
use crate::support::database::query;

/// Twenty clients of whom three are deleted, with an order each of which two are cancelled.
fn shop(nothing: &str, when: &str) -> Desk {
    let desk = Desk::empty();
    let clients = (1..=20).map(|id| {
        let deleted = if id <= 3 { when } else { nothing };
        format!("{id},Ada {id},{deleted}\n")
    });
    desk.write(
        "in/clients.csv",
        "id,name,deleted_at\n".to_owned() + &clients.collect::<String>(),
    );
    let orders = (1..=20).map(|id| {
        let cancelled = if id > 18 { when } else { nothing };
        format!("{id},{id},2026-05-{id:02},10.50,{cancelled}\n")
    });
    desk.write(
        "in/orders.csv",
        "order_no,client_id,placed_at,amount,cancelled_at\n".to_owned()
            + &orders.collect::<String>(),
    );
    desk
}

const RULES: &str =
    "segments:\n  - { id: everyone, when: yes }\n  - { id: bought, when: count(orders) > 0 }\n";

#[test]
fn who_has_a_word_for_nothing_as_the_time_of_deletion_is_not_deleted() {
    for (nothing, when, condition) in [
        ("NULL", "2026-05-20", "deleted_at is missing"),
        ("\\N", "2026-05-20 10:00:00", "deleted_at is missing"),
        ("N/A", "20.05.2026", "deleted_at is missing"),
        ("-", "2026-05-20", "deleted_at is missing"),
        ("0000-00-00", "2026-05-20", "deleted_at is missing"),
        (
            "0000-00-00 00:00:00",
            "2026-05-20 10:00:00",
            "deleted_at is missing",
        ),
        ("9999-12-31", "2026-05-20", "deleted_at = 9999-12-31"),
        ("1900-01-01", "2026-05-20", "deleted_at = 1900-01-01"),
        (
            "0001-01-01 00:00:00",
            "2026-05-20 10:00:00",
            "deleted_at = 0001-01-01",
        ),
    ] {
        let desk = shop(nothing, when);
        let said = desk.expect(0, &["init", "in"]).out;
        assert!(!said.contains("no calendar"), "{nothing}: {said}");
        for told in [
            format!("taking part where {condition} (leaves out about 15%)"),
            format!(
                "counted where {} (leaves out about 10%)",
                condition.replace("deleted", "cancelled")
            ),
        ] {
            assert!(said.contains(&told), "{nothing}: {told}\n{said}");
        }
        desk.write("rules/zz.yaml", RULES);
        let check = desk.expect(0, &["check"]).err;
        assert!(!check.contains("misread-column"), "{nothing}: {check}");
        desk.expect(0, &["run", "--as-of", "2026-06-01"]);
        assert_eq!(desk.size("everyone"), 17, "{nothing}");
        assert_eq!(desk.size("bought"), 15, "{nothing}");
    }
}

#[test]
fn two_days_that_stand_for_none_and_nothing_at_all_are_asked_for_together() {
    let desk = shop("9999-12-31", "2026-05-20");
    let clients = desk.read("in/clients.csv");
    let clients = clients.replace("Ada 9,9999-12-31", "Ada 9,1900-01-01");
    desk.write(
        "in/clients.csv",
        clients.replace("Ada 8,9999-12-31", "Ada 8,NULL"),
    );
    desk.expect(0, &["init", "in"]);
    let config = desk.read("config.yaml");
    let active = "(deleted_at is missing or deleted_at in (1900-01-01, 9999-12-31))";
    assert!(config.contains(active), "{config}");
    desk.write("rules/zz.yaml", RULES);
    desk.expect(0, &["run", "--as-of", "2026-06-01"]);
    assert_eq!(desk.size("everyone"), 17);
}

/// As much is told of people as of orders.
#[test]
fn that_most_people_would_be_left_out_is_told() {
    let desk = shop("2026-05-20", "");
    let said = desk.expect(0, &["init", "in"]).out;
    let told = "; all take part, not only where deleted_at is missing (leaves out about 85%)";
    assert!(said.contains(told), "{said}");
    let config = desk.read("config.yaml");
    let told = "# active: deleted_at is missing    # would leave out at least half of them; as it stands, all take part";
    assert!(config.contains(told), "{config}");
}

#[test]
fn check_tells_of_words_for_nothing_where_a_text_is_asked_whether_it_is_missing() {
    let desk = Desk::empty();
    desk.sql_in(
        "d.db",
        "create table clients (id integer primary key, gone text, mail text, land text, kind text);
         insert into clients values (1, 'NULL', 'n/a', 'NA', 'x'), (2, '2026-05-01', 'a@example.com', 'CH', 'x'),
             (3, 'NULL', 'N/A', null, '-'), (4, null, null, 'DE', '-');",
    );
    desk.write(
        "config.yaml",
        "database: sqlite:d.db\ntimezone: UTC\nsubject: { name: client, table: clients, key: id }\n\
         active: gone is missing\n",
    );
    desk.write(
        "rules/r.yaml",
        "segments:\n  - { id: a, when: mail is present }\n  - { id: b, when: land is missing }\n  - { id: c, when: kind = \"x\" }\n",
    );
    let check = desk.expect(0, &["check"]).err;
    for told in [
        "warning[misread-column]: `clients.gone` is read as text, so words for no value are texts, not missing values, in 2 rows, such as `NULL`",
        "help: the others are times; `types: { gone: instant }` in config reads them all, and these as missing",
        "`clients.mail` is read as text, so words for no value are texts, not missing values, in 2 rows, such as `",
        "or ask for `mail in (\"N/A\", \"n/a\")` as well",
    ] {
        assert!(check.contains(told), "{told}\n{check}");
    }
    assert_eq!(check.matches("misread-column").count(), 2, "{check}");
}

#[test]
fn placeholders_decide_no_form_and_are_no_example_of_one() {
    let init = |orders: &dyn Fn(u32) -> String| {
        let desk = Desk::empty();
        desk.write("in/Kunden.csv", "Kundennr,Name\n1,Ann\n2,Bob\n3,Cyd\n");
        let rows = (1..=28).map(|no| format!("B{no:05},{},{}\n", no % 3 + 1, orders(no)));
        desk.write(
            "in/orders.csv",
            "Bestellnr,Kundennr,Datum,Betrag\n".to_owned() + &rows.collect::<String>(),
        );
        let said = desk.expect(0, &["init", "in"]).out;
        (said, desk.read("config.yaml"))
    };
    let (_, config) = init(&|no| match no {
        9 => "0000-00-00,5.50".to_owned(),
        _ => format!("{}.5,5.50", 46_083 + no),
    });
    assert!(
        config.contains("at: Datum\n    types: { Datum: excel"),
        "{config}"
    );
    // What is at fault is named, and not what could be anything else.
    let (said, _) = init(&|no| match no {
        1..=7 => format!("2026-05-{no:02} 10:00:00,5.50"),
        _ => "1900-01-01 00:00:00,5.50".to_owned(),
    });
    let told = "no usable time: `orders.Datum` has times before 1990 or more than two years ahead, such as `1900-01-01 00:00:00`";
    assert!(said.contains(told), "{said}");
    let (said, _) = init(&|no| match no {
        1..=7 => "2026-05-01,5.50".to_owned(),
        _ => "bald,5.50".to_owned(),
    });
    let told = "no usable time: `orders.Datum` holds text that is not a time, such as `bald`";
    assert!(said.contains(told), "{said}");
}

#[test]
fn times_of_day_are_no_dates() {
    let desk = Desk::empty();
    desk.write("in/clients.csv", "id,name\n1,Ann\n2,Bob\n3,Cyd\n");
    let rows = (1..=40).map(|no| {
        format!(
            "{no},{},2026-05-{:02},{:02}:{:02}:{:02},10.00\n",
            no % 3 + 1,
            no % 14 + 1,
            8 + no % 4,
            no % 12,
            no * 7 % 60
        )
    });
    let head = "order_no,client_id,date,time,amount\n";
    desk.write("in/orders.csv", head.to_owned() + &rows.collect::<String>());
    let said = desk.expect(0, &["init", "in"]).out;
    let config = desk.read("config.yaml");
    assert!(
        config.contains("at: date\n    types: { amount: money }"),
        "{config}"
    );
    assert!(
        !config.contains("%d:%m") && !said.contains("month:day"),
        "{config}{said}"
    );
    let check = desk.expect(0, &["check"]).err;
    assert!(!check.contains("misread-column"), "{check}");
}

#[test]
fn times_with_their_offset_beside_times_without_one_are_told() {
    let desk = Desk::empty();
    desk.sql_in(
        "d.db",
        "create table clients (id integer primary key);
         insert into clients values (1);
         create table orders (client int, at text, paid text);
         insert into orders values (1, '2026-05-02 23:30:00Z', '2026-05-02'), (1, '2026-05-02 23:30:00', '2026-05-02'),
             (1, '2026-05-02T23:30:00+02:00', '2026-05-02'), (1, null, 'soon');",
    );
    let check = |zone: &str, types: &str| {
        desk.write(
            "config.yaml",
            format!(
                "database: sqlite:d.db\ntimezone: {zone}\nsubject: {{ name: client, table: clients, key: id }}\n\
                 collections: {{ orders: {{ table: orders, subject: client, at: at{types} }} }}\n"
            ),
        );
        desk.write(
            "rules/r.yaml",
            "segments: [{ id: a, when: count(orders) > 0 }]\n",
        );
        desk.expect(0, &["check"]).err
    };
    let said = check("Europe/Berlin", "");
    for told in [
        "warning[misread-column]: `orders.at` has times with their offset from UTC in 2 rows and without one, which are read in Europe/Berlin, \
         in 1 row, for example `2026-05-02 23:30:00Z` beside `2026-05-02 23:30:00`",
        "say so by `types: { at: utc }`",
    ] {
        assert!(said.contains(told), "{told}\n{said}");
    }
    for said in [
        check("UTC", ""),
        check("Europe/Berlin", ", types: { at: utc }"),
    ] {
        assert!(!said.contains("offset"), "{said}");
    }
}

/// A spreadsheet takes `00020` for a number, and another program writes small letters.
#[test]
fn a_key_that_comes_again_in_another_form_is_told_by_the_import_and_by_check() {
    for (first, later, example) in [
        ("000", "", "`00020` and `20`"),
        ("AB", "ab", "`AB20` and `ab20`"),
    ] {
        for key in ["", ", key: order_no"] {
            let desk = Desk::empty();
            desk.write("in/clients.csv", "id,name\n1,Ann\n2,Bob\n3,Cyd\n");
            let month = |month: u32, begin: &str, numbers: std::ops::Range<u32>| {
                let rows = numbers.map(|no| {
                    format!("{begin}{no},{},2026-{month:02}-{no:02},10.00\n", no % 3 + 1)
                });
                desk.write(
                    &format!("in/orders_2026-{month:02}.csv"),
                    "order_no,client_id,placed_at,amount\n".to_owned() + &rows.collect::<String>(),
                );
            };
            month(1, first, 10..24);
            month(2, later, 20..28);
            desk.write(
                "config.yaml",
                format!(
                    "database: sqlite:in.db\nresults: sqlite:results.db\ntimezone: UTC\n\
                     import: {{ folder: in, files: {{ \"orders_*.csv\": {{ table: orders{key} }} }} }}\n\
                     subject: {{ name: client, table: clients, key: id }}\n\
                     collections: {{ orders: {{ table: orders, subject: client_id, key: order_no, at: placed_at }} }}\n"
                ),
            );
            desk.write(
                "rules/r.yaml",
                "segments: [{ id: a, when: count(orders) > 0 }]\n",
            );
            let said = desk.expect(0, &["import"]).out;
            let told = "  4 rows have the keys of other rows except for capitals or leading zeros: all are imported";
            assert!(said.contains(told), "{said}");
            assert_eq!(
                query(&desk.path("in.db"), "select count(*) from orders"),
                ["22"]
            );
            let check = desk.expect(0, &["check"]).err;
            let told = format!(
                "warning[repeated-key]: `orders` has 4 keys in several spellings, which differ only in capitals, blanks or leading zeros, for \
                 example {example}: each is a row of its own, and counts (column `order_no`)"
            );
            assert!(check.contains(&told), "{told}\n{check}");
        }
    }
    // Keys that are made of both by chance are others.
    let desk = Desk::empty();
    desk.sql_in(
        "d.db",
        "create table clients (id integer primary key);
         insert into clients values (1);
         create table orders (no text primary key, client int);
         insert into orders values ('aB3x', 1), ('Ab3x', 1);",
    );
    desk.write(
        "config.yaml",
        "database: sqlite:d.db\ntimezone: UTC\nsubject: { name: client, table: clients, key: id }\n\
         collections: { orders: { table: orders, subject: client, key: no } }\n",
    );
    desk.write(
        "rules/r.yaml",
        "segments: [{ id: a, when: count(orders) > 0 }]\n",
    );
    let check = desk.expect(0, &["check"]).err;
    assert!(!check.contains("repeated-key"), "{check}");
}
