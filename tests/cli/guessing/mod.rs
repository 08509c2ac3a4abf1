//! What `init` guesses, and from what: names, declared types, and what the columns hold.

mod amounts;
mod joins;
mod people;
mod states;
mod times;
mod types;

use std::fmt::Write;

use muster::init::{Data, Named, Origin, Refused, Starter, Wishes, starter};

use crate::support::library::snapshot;
use crate::support::scratch::Scratch;

/// 2026-06-01, noon.
const NOW: i64 = 1_780_315_200_000_000;
const PEOPLE: &str = "create table customers (id integer primary key, name text);
    insert into customers values (1, 'Ann'), (2, 'Bob'), (3, 'Cy');";

fn started(sql: &str, wishes: &Wishes) -> Result<Starter, Refused> {
    let folder = Scratch::around("shop.db");
    let made = folder.connection().execute_batch(sql);
    made.unwrap_or_else(|error| panic!("{error}: {sql}"));
    let data = Data::of(snapshot(&folder.database()).unwrap()).unwrap();
    let origin = Origin {
        database: Named::File("shop.db".into()),
        import: None,
    };
    starter(&origin, &data, wishes, NOW)
}

fn start(sql: &str) -> Starter {
    started(sql, &Wishes::default()).unwrap_or_else(|reason| panic!("{reason:?}\n{sql}"))
}

/// The value of a key of config, where it is first; without a remark behind it.
fn of(start: &Starter, key: &str) -> Option<String> {
    let lines = start.config.lines();
    let mut values = lines.filter_map(|line| line.trim().strip_prefix(key)?.strip_prefix(": "));
    let value = values.next()?.split(" #").next()?;
    Some(value.trim().to_owned())
}

/// Orders of the people, with columns and one row's values.
fn orders(columns: &str, values: &str) -> String {
    let mut sql = format!(
        "{PEOPLE} create table orders (id integer primary key, customer_id int, {columns});"
    );
    for customer in 1..=3 {
        let _ = write!(
            sql,
            "insert into orders values (null, {customer}, {values});"
        );
    }
    sql
}

/// A shop in German: who, what they ordered, and the lines of it.
fn bestellungen(key: &str, by: &str) -> String {
    let mut sql = format!(
        "create table kunden (Kundennr integer primary key, Name text);
        create table bestellungen ({key} text, Kundennr integer, Datum text, Betrag text, Status text);
        create table positionen ({by} text, Artikel text, Menge integer, Preis text);"
    );
    for who in 1..=6 {
        let _ = write!(sql, "insert into kunden values ({who}, 'Kunde {who}');");
        for order in 1..=3 {
            let nr = 50_000 + who * 10 + order;
            let status = match (who, order) {
                (1, 1) => "erstattet",
                (2, 1) => "storniert",
                (3, 1) => "Gutschrift",
                (4, 1) => "teilweise erstattet",
                _ => "bezahlt",
            };
            let _ = write!(
                sql,
                "insert into bestellungen values ('{nr}', {who}, '1{order}.0{who}.2026', '1.0{who}{order},50 €', '{status}');
                insert into positionen values ('{nr}', 'Tasse', 2, '4,50'), ('{nr}', 'Teller', 1, '9,00');"
            );
        }
    }
    sql
}
