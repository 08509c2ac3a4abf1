//! How tables lead to one another.

use std::fmt::Write;

use super::{PEOPLE, bestellungen, of, orders, start};
use crate::desk::Desk;

/// The items of an order are whose the order is, and of its time, where they do not say themselves.
#[test]
fn rows_that_are_part_of_others_are_whose_those_are() {
    let items = |columns: &str, values: &str| {
        let mut sql = orders(
            "ordered_at text, total decimal(10,2), status text",
            "'17/10/2025', 12, case customer_id when 1 then 'cancelled' else 'paid' end",
        )
        .replace("customer_id when", "1 when");
        sql += &format!(
            "create table products (id integer primary key, title text); insert into products values (7, 'Mug');
             create table order_items (id integer primary key, order_id int, product_id int, price decimal(10,2), quantity int{columns});"
        );
        for order in 1..=3 {
            let _ = write!(
                sql,
                "insert into order_items values (null, {order}, 7, 4, 3{values});"
            );
        }
        sql += "update orders set status = 'paid' where id > 1;";
        let desk = Desk::empty();
        desk.sql_in("shop.db", &sql);
        desk.expect(0, &["init", "sqlite:shop.db"]);
        let checked = desk.expect(0, &["check"]).err;
        assert!(checked.starts_with("checked "), "{checked}");
        desk.expect(0, &["run"]);
        let config = desk.read("config.yaml");
        let (_, items) = config.split_once("  order_items:\n").unwrap();
        items.split("\n\n").next().unwrap().to_owned()
    };
    assert_eq!(
        items("", ""),
        "    table: order_items
    subject: order.customer_id
    at: order.ordered_at
    where: 'order.status != \"cancelled\"'
    lookups:
      order: { table: orders, key: id, by: order_id, types: { ordered_at: { date: \"%d/%m/%Y\" } } }
      product: { table: products, key: id, by: product_id }"
    );
    let own = items(
        ", shipped_on text, sold_on text",
        ", '2026-05-02', '2026-05-01'",
    );
    assert!(
        own.contains("    at: sold_on     # also: shipped_on\n"),
        "{own}"
    );
    assert!(own.contains("subject: order.customer_id"), "{own}");
}

/// Without one, `last(orders)` could not break ties between rows of one time.
#[test]
fn rows_without_a_declared_key_get_the_one_that_they_have() {
    let key = |declared: &str, second: i64| {
        let sql = format!(
            "{PEOPLE} create table orders (id {declared}, customer_id int, placed_at text);
             insert into orders values (1, 1, '2026-05-01'), ({second}, 2, '2026-05-02');"
        );
        let config = start(&sql).config;
        let (_, orders) = config.split_once("\n  orders:\n").unwrap();
        orders.contains("\n    key: id\n")
    };
    assert!(key("integer", 2));
    assert!(!key("integer", 1));
    assert!(!key("integer primary key", 2));
}

#[test]
fn lines_are_joined_to_what_they_are_lines_of_by_what_both_tables_hold() {
    for (key, by) in [
        ("Bestellnr", "Bestellnr"),
        ("Nr", "Bestellung_Nr"),
        // Nothing in the name says that it is a key, the values do.
        ("Vorgang", "Vorgang"),
    ] {
        let start = start(&bestellungen(key, by));
        let lookup = format!("bestellungen: {{ table: bestellungen, key: {key}, by: {by}");
        assert!(start.config.contains(&lookup), "{}", start.config);
        assert!(
            start.config.contains("subject: bestellungen.Kundennr"),
            "{}",
            start.config
        );
        assert!(
            !start.told.iter().any(|line| line.starts_with("left out")),
            "{:?}",
            start.told
        );
    }
}

#[test]
fn prices_and_towns_that_two_tables_share_are_no_keys() {
    let sql = "create table customers (id integer primary key, name text, city text);
        insert into customers values (1, 'Ann', 'Bonn'), (2, 'Bo', 'Ulm'), (3, 'Cy', 'Kiel');
        create table studios (id integer primary key, title text, city text);
        insert into studios values (1, 'A', 'Bonn'), (2, 'B', 'Ulm'), (3, 'C', 'Kiel');
        create table products (id integer primary key, title text, price text);
        insert into products values (1, 'Cup', '10.50'), (2, 'Pan', '20.50'), (3, 'Pot', '30.50');
        create table orders (id integer primary key, customer_id int, price text, at text);
        insert into orders values (1, 1, '10.50', '2026-05-01'), (2, 2, '20.50', '2026-05-01'), (3, 3, '30.50', '2026-05-01');";
    let start = start(sql);
    assert!(!start.config.contains("lookups"), "{}", start.config);
}

/// A word for a key, and what it is a key of, stand in the order of the language.
#[test]
fn keys_that_are_called_so_at_their_beginning_join() {
    for (people, key, pointer) in [
        ("clienti", "id_cliente", "id_cliente"),
        ("soci", "N. tessera", "N. tessera"),
        ("clientes", "Cód. cliente", "Nº cliente"),
        ("adhérents", "N° d'adhérent", "N° d'adhérent"),
        ("utentes", "N.º utente", "n_utente"),
    ] {
        let mut sql = format!(
            "create table \"{people}\" (\"{key}\" integer, nome text);
             create table pagamenti (id integer primary key, \"{pointer}\" integer, data text);"
        );
        for number in 1..=6 {
            let _ = write!(
                sql,
                "insert into \"{people}\" values (10{number}, 'N{number}');
                 insert into pagamenti values ({number}, 10{number}, '2026-05-0{number}');"
            );
        }
        let found = start(&sql);
        let own = of(&found, "key").map(|text| text.trim_matches('"').to_owned());
        assert_eq!(own.as_deref(), Some(key), "{}", found.config);
        let subject = of(&found, "subject").map(|text| text.trim_matches('"').to_owned());
        assert_eq!(subject.as_deref(), Some(pointer), "{}", found.config);
    }
}

#[test]
fn numbers_that_tables_have_in_common_by_accident_lead_nowhere() {
    let mut sql = format!(
        "{PEOPLE} create table orders (order_no integer, customer_id integer, placed_at text);
         create table bookings (order_no integer, customer_id integer, placed_at text);
         create table refunds (order_no integer, customer_id integer, refunded_at text);"
    );
    for n in 0..30 {
        let (who, other) = (1 + n % 3, n + 20);
        let _ = write!(
            sql,
            "insert into orders values ({n}, {who}, '2026-05-01');
             insert into bookings values ({other}, {who}, '2026-05-01');"
        );
        if n < 9 {
            let _ = write!(
                sql,
                "insert into refunds values ({n}, {who}, '2026-05-02');"
            );
        }
    }
    let config = start(&sql).config;
    let of_table = |name: &str| {
        let rest = config.split(&format!("\n  {name}:\n")).nth(1).unwrap();
        rest.split("\n  ")
            .take_while(|line| line.starts_with("  "))
            .collect::<String>()
    };
    assert!(!of_table("bookings").contains("lookups"), "{config}");
    assert!(
        of_table("refunds").contains("table: orders, key: order_no"),
        "{config}"
    );
}
