//! Which column is the amount of a row, and in which currency.

use std::fmt::Write;

use super::{of, orders, start};
use crate::desk::Desk;

#[test]
fn what_is_no_amount_is_not_taken_for_one() {
    let cases = [
        ("total decimal", "12.5", Some("total"), Some("total: money")),
        (
            "total decimal(10)",
            "12",
            Some("total"),
            Some("total: money"),
        ),
        (
            "total numeric(12,6)",
            "12.5",
            Some("total"),
            Some("total: money"),
        ),
        ("price money", "12.5", Some("price"), Some("price: money")),
        ("paid currency", "12.5", Some("paid"), Some("paid: money")),
        (
            "amount float",
            "12.5",
            Some("amount"),
            Some("amount: money"),
        ),
        ("amount decimal(10,2)", "12.5", Some("amount"), None),
        (
            "amount text",
            "'12.50'",
            Some("amount"),
            Some("amount: money"),
        ),
        ("amount", "12.5", Some("amount"), Some("amount: money")),
        (
            "amount_cents int",
            "1250",
            Some("amount_cents"),
            Some("amount_cents: cents"),
        ),
        (
            "\"Total Price\" real",
            "12.5",
            Some("Total Price"),
            Some("Total Price: money"),
        ),
        ("Betrag real", "12.5", Some("Betrag"), Some("Betrag: money")),
        (
            "\"Total (€)\" real",
            "12.5",
            Some("\"Total (€)\""),
            Some("\"Total (€)\": money"),
        ),
        (
            "Gesamtbetrag real",
            "12.5",
            Some("Gesamtbetrag"),
            Some("Gesamtbetrag: money"),
        ),
        ("amount text", "'twelve'", None, None),
        (
            "quantity int, tax_rate real, discount_percent real, phone int, year int",
            "1, 0.2, 10, 5551234, 2026",
            None,
            None,
        ),
        (
            "total_visits int, price_id int, fee_type text, value_count int",
            "1, 2, 'x', 3",
            None,
            None,
        ),
        ("tip real, total real", "1.5, 20", Some("total"), None),
        (
            "discount_amount real, amount real",
            "1.5, 20",
            Some("amount"),
            None,
        ),
    ];
    for (columns, values, amount, types) in cases {
        let found = start(&orders(
            &format!("{columns}, ordered_at datetime"),
            &format!("{values}, '2026-05-01'"),
        ));
        let money = of(&found, "money").and_then(|money| {
            Some(
                money
                    .split("amount: ")
                    .nth(1)?
                    .split(", period")
                    .next()?
                    .to_owned(),
            )
        });
        assert_eq!(money.as_deref(), amount, "{columns}\n{}", found.config);
        assert_eq!(found.ladder.is_some(), amount.is_some(), "{columns}");
        if let Some(types) = types {
            assert!(found.config.contains(types), "{columns}\n{}", found.config);
        }
    }
}

/// What is nought in every row, or was never paid, is nothing to add up.
#[test]
fn the_amount_is_what_was_paid() {
    for (columns, values) in [
        (
            "non_deductible_amount decimal(10,2), total_amount decimal(10,2)",
            "3, 50",
        ),
        (
            "extra_amount decimal(10,2), total_amount decimal(10,2)",
            "0, 50",
        ),
        (
            "refunded_amount decimal(10,2), total_amount decimal(10,2)",
            "3, 50",
        ),
    ] {
        let start = start(&orders(
            &format!("ordered_at datetime, {columns}"),
            &format!("'2026-05-01 10:00:00', {values}"),
        ));
        assert!(
            start.config.contains("amount: total_amount"),
            "{}",
            start.config
        );
    }
}

/// Euros and dollars have no sum: what one currency would be is not guessed.
#[test]
fn amounts_with_several_signs_are_not_added_up() {
    let desk = Desk::empty();
    desk.sql_in(
        "shop.db",
        "create table customers (id integer primary key, name text);
         create table orders (id integer primary key, customer_id integer, ordered_at text, amount text);
         insert into customers values (1, 'Ann'), (2, 'Bob');
         insert into orders values (1, 1, '2026-01-02', '€10.50'), (2, 2, '2026-01-03', '€8.25'), (3, 1, '2026-01-04', '$7.00');",
    );
    let said = desk.expect(0, &["init", "sqlite:shop.db"]).out;
    let signs = "amounts in different currencies ($ in 1 row, EUR in 2 rows) cannot be added up";
    assert!(said.contains(signs), "{said}");
    let config = desk.read("config.yaml");
    assert!(config.contains(&format!("# amount: {signs}")), "{config}");
    assert!(!config.contains("currency:"), "{config}");
    desk.expect(0, &["check"]);
    desk.expect(0, &["run"]);
}

#[test]
fn a_column_of_currencies_that_tells_nothing_leaves_it_to_the_amounts() {
    let desk = Desk::empty();
    desk.sql_in(
        "shop.db",
        "create table customers (id integer primary key, name text);
         create table orders (id integer primary key, customer_id integer, ordered_at text, amount text, currency text);
         insert into customers values (1, 'Ann'), (2, 'Bob');
         insert into orders values (1, 1, '2026-01-02', '£10.50', null), (2, 2, '2026-01-03', '£8.25', null);",
    );
    desk.expect(0, &["init", "sqlite:shop.db"]);
    let config = desk.read("config.yaml");
    assert!(config.contains("\ncurrency: GBP "), "{config}");
}

/// `N. ordini` of a client is how many there are, and leads to none of them.
#[test]
fn a_count_is_no_key() {
    let mut sql = "create table clienti (id integer primary key, nome text, \"N. ordini\" integer);
         create table ordini (id integer primary key, id_cliente integer, data text);"
        .to_owned();
    for number in 1..=6 {
        let _ = write!(
            sql,
            "insert into clienti values ({number}, 'N{number}', {number} / 2 + 1);
             insert into ordini values ({number}, {number}, '2026-05-0{number}');"
        );
    }
    let found = start(&sql);
    assert!(!found.config.contains("lookups"), "{}", found.config);
    assert_eq!(of(&found, "subject").as_deref(), Some("id_cliente"));
}
