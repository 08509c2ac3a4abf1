//! `init` on a database of one's own.

use super::desk::Desk;
use crate::support::database::open;

/// A desk with a database made by SQL, and the files that `init` made of it.
fn begun(sql: &str) -> Desk {
    let desk = Desk::empty();
    let shop = open(&desk.path("shop.db"));
    shop.execute_batch(sql).unwrap();
    drop(shop);
    desk.expect(0, &["init", "sqlite:shop.db"]);
    desk
}

/// Customers with orders; the table that stands first in the alphabet is empty.
const SHOP: &str = "
    create table app_opens (customer_id integer, opened_at text);
    create table customers (id integer primary key, name text, birthday text, deleted_at text);
    create table orders (id integer primary key, customer_id integer, ordered_at text, amount real,
        status text default 'paid');
    create table \"order lines\" (id integer primary key, order_id integer, sku text);
    insert into customers (id, name, birthday) values (1, 'Ann', '1990-01-01'), (2, 'Bob', null), (3, 'Cy', null);
    insert into orders (id, customer_id, ordered_at, amount) values (1, 1, '2026-01-05 10:00', 12.5), (2, 1, '2026-03-05 10:00', 9),
        (3, 3, '2025-10-05 10:00', 9), (4, 3, '2025-12-01 10:00', 9), (5, 3, '2025-11-01 10:00', 9);";

#[test]
fn init_writes_files_that_pass_and_run() {
    let desk = begun(SHOP);
    let checked = desk.expect(0, &["check"]);
    assert!(!checked.err.contains("warning"), "{}", checked.err);
    desk.expect(0, &["run", "--as-of", "2026-03-15"]);
    assert_eq!(desk.size("never"), 1);
    assert_eq!(desk.size("slowing_down"), 1);
    assert_eq!(desk.size("best_customers"), 1);
    let rungs = ["champion", "loyalist", "potential_loyalist", "new"];
    let lower = ["need_attention", "at_risk", "hibernating", "lost"];
    let on_the_ladder = rungs.iter().chain(&lower).map(|id| desk.size(id));
    assert_eq!(on_the_ladder.sum::<i64>(), 2);
    let health = desk.json(&["health", "--everyone"]);
    assert_eq!(
        health[0]["reasons"],
        "last order 103 days ago; no orders in the last 90 days, 3 in the 90 before"
    );
}

/// What only a person can know is there as a remark, and right once it is filled in.
#[test]
fn init_says_what_only_a_person_can_know() {
    let desk = begun(SHOP);
    desk.edit(
        "config.yaml",
        "# where: status in (\"…\", \"…\")",
        "where: status in (\"paid\")",
    );
    desk.expect(0, &["check"]);
    desk.expect(0, &["run", "--as-of", "2026-03-15"]);
    assert_eq!(desk.size("never"), 1);
    desk.sql_in(
        "shop.db",
        "update customers set deleted_at = '2026-03-01' where id = 2;
         update orders set status = 'refunded' where customer_id = 1",
    );
    desk.expect(0, &["run", "--as-of", "2026-03-16"]);
    assert_eq!(desk.size("never"), 1);
    assert_eq!(desk.size("best_customers"), 1);
}

/// What `init` writes can be served as it is: the report of the first morning lies in the folder.
#[test]
fn init_writes_a_timetable_and_a_report() {
    let desk = begun(SHOP);
    desk.put_clock("2026-03-14T12:00:00Z");
    desk.expect(0, &["run", "--due"]);
    desk.put_clock("2026-03-15T06:01:00Z");
    desk.expect(0, &["run", "--due"]);
    let mails = std::fs::read_dir(desk.path("outbox")).unwrap();
    assert_eq!(mails.count(), 1);
}

#[test]
fn init_writes_what_passes_for_tables_of_many_shapes() {
    let shapes = [
        "create table Customer (CustomerId integer primary key, FirstName nvarchar(40), Email nvarchar(60));
         create table Invoice (InvoiceId integer primary key, CustomerId integer not null,
             InvoiceDate datetime not null, Total numeric(10,2) not null);
         insert into Customer values (1, 'A', 'a@x'); insert into Invoice values (1, 1, '2026-01-01', 1.99);",
        "create table Customers (CustomerID text primary key, CompanyName text);
         create table Orders (OrderID integer primary key, CustomerID text, OrderDate datetime, Freight numeric);",
        "create table members (id integer primary key, full_name text);
         create table purchases (id integer primary key, member_id int, purchased_at text, amount_cents int);
         insert into purchases values (1, 1, '2026-01-01T10:00:00Z', 1200);",
        "create table donors (donor_id integer primary key, name text);
         create table gifts (gift_id integer primary key, donor_id int, gift_date date, amount real);
         create table pledges (id integer primary key, donor_id int, amount real);",
        "create table patients (id integer primary key, name text, birthday text);
         create table appointments (id integer primary key, patient_id int, starts_at int, status text);
         create table \"lab results\" (id integer primary key, patient_id int, taken_on text, \"value\" real);",
        "create table users (id integer primary key, name text, total real);
         create table history (id integer primary key, user_id int, created_at text, price text);",
        "create table clients (id integer primary key, name text, new text);
         create table orders (client_id int, \"order date\" text, \"total price\" real, \"group\" text);",
        "create table clients (id integer primary key); create table visits (client_id int, at text);",
        "create table clients (id integer primary key, name text);",
    ];
    for shape in shapes {
        let desk = begun(shape);
        let checked = desk.expect(0, &["check"]);
        assert!(!checked.err.contains("warning"), "{shape}\n{}", checked.err);
        desk.expect(0, &["run"]);
        desk.expect(0, &["report", "changes", "--dry-run"]);
    }
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
    desk.sql_in("odd.db", "create table widgets (sku text, size integer)");
    let said = desk.expect(2, &["init", "sqlite:odd.db"]);
    assert!(said.err.contains("widgets"), "{}", said.err);
    assert!(!desk.path("config.yaml").exists());
}

/// What a person says counts, and what cannot be is told.
#[test]
fn init_takes_a_persons_word() {
    let desk = Desk::empty();
    desk.sql_in("shop.db", "create table customers (id integer primary key, name text, nick text, code text, plan text, fax text);
             create table widgets (sku text, colour text);
             insert into customers values (1, 'Ann', 'a', 'x-1', 'p', ' '), (2, 'Bob', 'b', 'x-2', 'p', null);
             insert into widgets values ('w-1', 'red'), ('w-2', 'red');",
        );
    for wrong in [
        ["--table", "customer", "customer"],
        ["--key", "number", "no column `number`"],
        ["--label", "title", "no column `title`"],
        ["--label", "nick,NICK", "NICK"],
        ["--label", "id", "`id`"],
        ["--label", "fax", "`fax`"],
        ["--label", "nick,", "a column name is missing"],
        ["--key", "plan", "`plan`"],
    ] {
        let [option, value, words] = wrong;
        let said = desk.expect(2, &["init", "sqlite:shop.db", option, value]);
        assert!(said.err.contains(words), "{wrong:?}: {}", said.err);
        assert!(!desk.path("config.yaml").exists());
    }
    let said = desk.expect(
        0,
        &["init", "sqlite:shop.db", "--key", "CODE", "--label", "nick"],
    );
    assert_eq!(
        said.out,
        "customers: the people, by `code`, called by `nick`\n\
         left out, as no column says whom their rows belong to: widgets\n"
    );
    desk.expect(0, &["check"]);
    desk.expect(0, &["run"]);
    let begin_anew = || {
        std::fs::remove_dir_all(desk.path("rules")).unwrap();
        std::fs::remove_file(desk.path("config.yaml")).unwrap();
    };
    begin_anew();
    let said = desk.expect(2, &["init", "sqlite:shop.db", "--label", "name,title"]);
    assert!(
        said.err.contains(
            "no column `title`; the columns are: customers (id, name, nick, code, plan, fax)"
        ),
        "{}",
        said.err
    );
    let said = desk.expect(0, &["init", "sqlite:shop.db", "--label", "nick, Name"]);
    assert!(
        said.out.contains("called by `nick` and `name`"),
        "{}",
        said.out
    );
    assert!(desk.read("config.yaml").contains("  label: [nick, name]\n"));
    begin_anew();
    let said = desk.expect(0, &["init", "sqlite:shop.db", "--table", "widgets"]);
    assert!(
        said.out.starts_with("widgets: the people, by `sku`"),
        "{}",
        said.out
    );
    // Nobody of the last run is left: that is asked about.
    desk.expect(1, &["run"]);
    desk.expect(0, &["run", "--accept"]);
}
