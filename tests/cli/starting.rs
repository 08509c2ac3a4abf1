//! `init` on a database of one's own.

use super::desk::Desk;

#[test]
fn init_writes_files_that_pass_and_run() {
    let desk = Desk::empty();
    let shop = rusqlite::Connection::open(desk.path("shop.db")).unwrap();
    shop.execute_batch(
        "create table customers (id integer primary key, name text, birthday text);
         create table orders (id integer primary key, customer_id integer, ordered_at text, amount real);
         create table \"order lines\" (id integer primary key, order_id integer, sku text);
         insert into customers values (1, 'Ann', '1990-01-01'), (2, 'Bob', null);
         insert into orders values (1, 1, '2026-01-05 10:00', 12.5);",
    )
    .unwrap();
    drop(shop);
    desk.expect(0, &["init", "sqlite:shop.db"]);
    let checked = desk.expect(0, &["check"]);
    assert!(!checked.err.contains("warning"), "{}", checked.err);
    let said = desk.expect(0, &["run", "--format", "json"]);
    let rows: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let size = |id: &str| {
        let rows = rows.as_array().unwrap();
        rows.iter().find(|r| r["id"] == id).unwrap()["size"].clone()
    };
    assert_eq!(size("never"), 1);
    assert_eq!(size("best_customers"), 1);
}

#[test]
fn init_overwrites_nothing() {
    let desk = Desk::shipped();
    let config = desk.read("config.yaml");
    let said = desk.expect(2, &["init", "sqlite:shop.db"]);
    assert!(
        said.err.contains("config.yaml is there already"),
        "{}",
        said.err
    );
    assert_eq!(desk.read("config.yaml"), config);
}

#[test]
fn init_says_what_it_could_not_find() {
    let desk = Desk::empty();
    let said = desk.expect(3, &["init", "sqlite:nowhere.db"]);
    assert!(said.err.contains("nowhere.db"), "{}", said.err);
    rusqlite::Connection::open(desk.path("odd.db"))
        .unwrap()
        .execute_batch("create table widgets (sku text, size integer)")
        .unwrap();
    let said = desk.expect(2, &["init", "sqlite:odd.db"]);
    assert!(said.err.contains("widgets"), "{}", said.err);
    assert!(!desk.path("config.yaml").exists());
}
