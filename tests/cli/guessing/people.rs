//! Who the people are, what they are called and known by, and which tables are left out.

use std::fmt::Write;

use muster::init::{Refused, Starter, Wishes};

use super::{PEOPLE, of, orders, start, started};
use crate::desk::Desk;

/// Doubled rows of the table of people are told, and no other table takes its place.
#[test]
fn people_who_are_there_twice_are_named() {
    let sql = "create table kunden (kundennr integer, name text, filiale text);
        insert into kunden values (1, 'Ann', 'Nord'), (2, 'Bo', 'Nord'), (3, 'Cy', 'West'), (2, 'Bo', 'Nord');
        create table filialen (filiale text, ort text);
        insert into filialen values ('Nord', 'Kiel'), ('West', 'Köln');
        create table bestellungen (kundennr integer, bestellt_am text);
        insert into bestellungen values (1, '2026-05-01'), (2, '2026-05-02');";
    let Err(Refused::NoPeople(refused)) = started(sql, &Wishes::default()) else {
        panic!("somebody was found");
    };
    let (_, reason) = refused.iter().find(|(table, _)| table == "kunden").unwrap();
    assert_eq!(
        reason,
        "`kundennr` has the same value in several rows (2): keep one of them"
    );
}

#[test]
fn tables_that_are_left_out_are_told() {
    let sql = orders("product_id int, ordered_at datetime", "1, '2026-05-01'");
    let sql = format!(
        "{sql} create table products (id integer primary key, title text);
        insert into products values (1, 'Mat');
        create table opening_hours (weekday text, opens text);"
    );
    let told = start(&sql).told;
    let left_out: Vec<&String> = told.iter().filter(|l| l.contains("left out")).collect();
    assert_eq!(
        left_out,
        ["left out, as no column says whom their rows belong to: opening_hours"],
        "{told:#?}"
    );
}

/// What one of the people has in each column.
type Values<'v> = &'v dyn Fn(usize) -> String;

/// Twelve people with columns, and the values of each.
fn crowd(columns: &str, values: Values<'_>) -> Starter {
    crowd_of(12, columns, values)
}

fn crowd_of(rows: usize, columns: &str, values: Values<'_>) -> Starter {
    let mut sql = format!("create table members (id integer primary key, {columns});");
    for row in 0..rows {
        let _ = write!(sql, "insert into members values ({row}, {});", values(row));
    }
    start(&sql)
}

#[test]
fn the_label_is_a_name() {
    let few = |row: usize| ["Mr", "Mrs.", "Dr", "Ms"][row % 4];
    let cases: [(&str, Values<'_>, Option<&str>); 19] = [
        (
            "Title text, Forename text, Surname text",
            &|r| format!("'{}', 'F{r}', 'S{r}'", few(r)),
            Some("[Forename, Surname]"),
        ),
        (
            "Title text, email text",
            &|r| format!("'{}', 'a{r}@example.com'", few(r)),
            Some("email"),
        ),
        ("Title text", &|r| format!("'{}'", few(r)), None),
        ("Title text", &|r| format!("'Society {r}'"), Some("Title")),
        (
            "name text, company text",
            &|r| format!("'{}', 'Firm {r}'", few(r)),
            Some("company"),
        ),
        (
            "Anrede text, Nachname text, Vorname text",
            &|r| format!("'Frau', 'N{r}', 'V{r}'"),
            Some("[Vorname, Nachname]"),
        ),
        (
            "Nome text, Cognome text",
            &|r| format!("'N{r}', 'C{r}'"),
            Some("[Nome, Cognome]"),
        ),
        (
            "Nom text, Prénom text",
            &|r| format!("'N{r}', 'P{r}'"),
            Some("[Prénom, Nom]"),
        ),
        (
            "civility_name text, nom text",
            &|r| format!("'Mme', 'N{r}'"),
            Some("nom"),
        ),
        (
            "name_prefix text, name_suffix text, last_name text",
            &|r| format!("'Prof', 'Jr', 'L{r}'"),
            Some("last_name"),
        ),
        (
            "initials text, gender text",
            &|r| format!("'A{r}', 'f'"),
            None,
        ),
        (
            "name text",
            &|r| ["'gold'", "'silver'"][r % 2].to_owned(),
            None,
        ),
        (
            "name text, email text",
            &|r| format!("null, 'a{r}@example.com'"),
            Some("email"),
        ),
        (
            "member_name text, first_name text",
            &|r| format!("'N{r}', 'F{r}'"),
            Some("member_name"),
        ),
        (
            "FirstName text, LastName text, \"Full Name\" text",
            &|r| format!("'F{r}', 'L{r}', 'F{r} L{r}'"),
            Some("\"Full Name\""),
        ),
        (
            "first_name text, city text",
            &|r| format!("'F{r}', 'Rome'"),
            Some("first_name"),
        ),
        (
            "last_name text, first_name text",
            &|r| format!("'L{r}', '{}'", if r < 8 { "" } else { "Ann" }),
            Some("last_name"),
        ),
        (
            "username text, file_name text",
            &|r| format!("'u{r}', 'f{r}'"),
            Some("username"),
        ),
        (
            "status text, language text",
            &|_| "'active', 'en'".to_owned(),
            None,
        ),
    ];
    for (columns, values, label) in cases {
        let found = crowd(columns, values);
        let expected = label.map(|label| label.replace("\"Full Name\"", "Full Name"));
        assert_eq!(of(&found, "label"), expected, "{columns}\n{}", found.config);
    }
}

/// Many people are called Kim, and some have not said what they are called.
#[test]
fn names_may_be_shared_and_lacking() {
    let hardly = |name: String, row: usize, of: usize| match row % of {
        0 => format!("'{name}'"),
        _ => "null".to_owned(),
    };
    let cases: [(&str, Values<'_>, Option<&str>); 6] = [
        ("name text", &|r| format!("'Kim {}'", r % 15), Some("name")),
        (
            "last_name text, first_name text, email text",
            &|r| format!("'L{}', 'F{}', 'a{r}@example.com'", r % 12, r % 20),
            Some("[first_name, last_name]"),
        ),
        (
            "name text",
            &|r| hardly(format!("N{r}"), r, 4),
            Some("name"),
        ),
        ("name text", &|r| hardly(format!("N{r}"), r, 20), None),
        // Who has no name has an address.
        (
            "name text, email text",
            &|r| format!("{}, 'a{r}@example.com'", hardly(format!("N{r}"), r, 4)),
            Some("email"),
        ),
        // A few words over and over are no names of people, and those of firms are not of one each.
        (
            "name text, company text",
            &|r| format!("'Plan {}', 'Firm {}'", r % 5, r % 15),
            None,
        ),
    ];
    for (columns, values, label) in cases {
        let found = crowd_of(100, columns, values);
        assert_eq!(of(&found, "label").as_deref(), label, "{columns}");
    }
}

#[test]
fn the_key_is_what_is_unique_and_pointed_at() {
    let visits = "create table visits (\"Member ID\" int, at text);
        insert into visits values (1001, '2026-05-01'), (1002, '2026-05-01'), (1002, '2026-05-02');";
    let cases = [
        // Imported from CSV: nothing is declared.
        ("create table Members (\"Last Name\" text, \"Member ID\" int); insert into Members values ('A', 1001), ('B', 1002);", visits, "Member ID"),
        ("create table Members (MemberNo int, Plan text, Sort int);
          insert into Members values (1001, 'a', 3), (1002, 'a', 1), (1003, 'b', 2);", visits, "MemberNo"),
        // A row's number that an import made is no key to which anything points.
        ("create table members (\"index\" int, card text); insert into members values (0, 'C-1'), (1, 'C-2'), (2, 'C-3');",
         "create table visits (badge text, at text);
          insert into visits values ('C-1', '2026-05-01'), ('C-2', '2026-05-01'), ('C-3', '2026-05-02');", "card"),
        ("create table members (id integer primary key, member_no text); insert into members values (1, 'M-1'), (2, 'M-2');",
         "create table visits (member_no text, at text); insert into visits values ('M-2', '2026-05-01'), ('M-1', '2026-05-01');", "member_no"),
        ("create table members (id integer primary key, email text unique); insert into members values (1, 'a@x'), (2, 'b@x');",
         "create table visits (member_id int, email text, at text); insert into visits values (1, 'a@x', '2026-05-01');", "id"),
        // A declared key that is empty in some row is none.
        ("create table members (code text primary key, number int); insert into members values (null, 1), ('x', 2);",
         "create table visits (number int, member_number int, at text); insert into visits values (1, 1, '2026-05-01');", "number"),
        ("create table members (region text, seq int, uuid text unique, primary key (region, seq));
          insert into members values ('a', 1, 'u-1'), ('a', 2, 'u-2');",
         "create table visits (member_uuid text, at text); insert into visits values ('u-1', '2026-05-01');", "uuid"),
        // Somebody says so.
        ("create table members (pin text primary key); insert into members values ('p'), ('q');",
         "create table visits (whose text references members, at text); insert into visits values ('p', '2026-05-01');", "pin"),
    ];
    for (people, events, key) in cases {
        let found = start(&format!("{people}{events}"));
        assert_eq!(
            of(&found, "key").as_deref(),
            Some(key),
            "{people}\n{}",
            found.config
        );
        assert!(
            found.config.contains("  visits:\n"),
            "{people}\n{}",
            found.config
        );
    }
}

#[test]
fn init_says_of_each_table_why_it_is_none() {
    let sql = "create table members (name text, plan text);
        insert into members values ('A', 'x'), ('A', 'x'); create table order_items (id integer primary key);
        create table slots (day text, hour int, primary key (day, hour));";
    let Err(Refused::NoPeople(refused)) = started(sql, &Wishes::default()) else {
        panic!("none of them holds people");
    };
    let reason = |table: &str| {
        refused
            .iter()
            .find(|(name, _)| name == table)
            .unwrap()
            .1
            .clone()
    };
    assert!(reason("members").contains("no column is unique and never empty"));
    assert!(reason("order_items").contains("something else"));
    assert!(reason("slots").contains("several columns (day, hour)"));
    let wishes = Wishes {
        table: Some("order_items".into()),
        ..Wishes::default()
    };
    assert_eq!(
        of(&started(sql, &wishes).unwrap(), "table").as_deref(),
        Some("order_items")
    );
}

#[test]
fn the_people_are_those_who_are_segmented() {
    let cases = [
        ("create table users (id integer primary key, name text); create table customers (id integer primary key, name text);
          create table notes (user_id int, created_at text); create table logins (user_id int, created_at text);
          create table orders (customer_id int, created_at text);", "customers"),
        ("create table kontakte (id integer primary key, email text, phone text);
          create table orders (id integer primary key, kontakte_id int, created_at text);
          create table order_lines (order_id int, created_at text); create table payments (order_id int, created_at text);", "kontakte"),
        ("create table staff (id integer primary key, name text); create table shifts (staff_id int, at text);
          create table leases (staff_id int, at text); create table shop_customers (id integer primary key, name text);", "shop_customers"),
        ("create table tblDonors (DonorID integer primary key); create table tblGift (DonorID int, GiftDate text);", "tblDonors"),
        ("create table \"Guest List\" (id integer primary key, name text);", "Guest List"),
        // A table before the view of it, and people before an empty table of that name.
        ("create table clients (id integer primary key, name text); insert into clients values (1, 'A');
          create view active_clients as select * from clients; create table visits (client_id int, at text);", "clients"),
    ];
    for (sql, table) in cases {
        let found = start(sql);
        assert_eq!(
            of(&found, "table").as_deref(),
            Some(table),
            "{sql}\n{}",
            found.config
        );
    }
}

#[test]
fn a_view_is_not_listed_beside_its_table() {
    let found = start(&format!(
        "{} create view recent_orders as select * from orders where ordered_at > '2026';
         create virtual table notes using fts5(customer_id, at, body);",
        orders("ordered_at text", "'2026-05-01'")
    ));
    assert!(!found.config.contains("recent_orders"), "{}", found.config);
    assert!(!found.config.contains("notes"), "{}", found.config);
    // Where only the view knows whose the rows are, it is.
    let found = start(
        "create table customers (id integer primary key, name text); create table sales (receipt int, at text);
         create table receipts (id integer primary key, card int);
         create view customer_sales as select r.card as customer_id, s.at from sales s join receipts r on r.id = s.receipt;
         insert into customers values (1, 'A'); insert into receipts values (7, 1); insert into sales values (7, '2026-05-01');",
    );
    assert!(
        found.config.contains("table: customer_sales"),
        "{}",
        found.config
    );
}

/// What `init` is told counts as it is told, or is refused before anything is written.
#[test]
fn what_somebody_says_and_cannot_be_so_is_refused() {
    let desk = Desk::empty();
    let sql = orders(
        "created_at text, total real, status text, either text",
        "'2026-05-01', 12.5, 'paid', '03/04/2026'",
    );
    desk.sql_in("shop.db", &sql);
    desk.sql_in(
        "shop.db",
        "create table shelves (id integer primary key, built date);",
    );
    for (wishes, words) in [
        (
            &["--at", "orders.status"][..],
            "`--at orders.status`: it holds text that is not a time, such as `paid`; the table has times in created_at",
        ),
        (
            &["--at", "Orders.Total"],
            "`--at orders.total`: it holds numbers that are neither seconds nor milliseconds, such as `12.5`; \
             the table has times in created_at",
        ),
        (
            &["--at", "shelves.built"],
            "`--at shelves.built`: no column of it leads to `customers`; what they did is in: orders",
        ),
        (
            &["--at", "customers.name"],
            "`--at customers.name`: it holds the people themselves, not what they did",
        ),
        (
            &["--at", "orders.created_at", "--at", "orders.either"],
            "`--at orders.either`: `created_at` is named for the same table; leave one of them out",
        ),
        (
            &["--at", "orders.when"],
            "`--at orders.when`: `orders` has no column `when`; its columns are: id, customer_id, created_at",
        ),
        (
            &["--at", "orders.created_at Europe/Berlin"],
            "`--at orders.created_at Europe/Berlin`: `orders` has no column `created_at Europe/Berlin`",
        ),
        (
            &["--at", "orders.customer.created_at"],
            "`--at orders.customer.created_at` does not name a table; write `TABLE.COLUMN`; \
             the tables are: customers, orders, shelves",
        ),
        (&["--at", "created_at"], "does not name a table"),
        (
            &["--label", "name,total"],
            "customers: it has no column `total`",
        ),
        (
            &["--key", "total"],
            "customers: it has no column `total` that is unique",
        ),
    ] {
        let said = desk.expect(2, &[&["init", "sqlite:shop.db"][..], wishes].concat());
        assert!(said.err.contains(words), "{wishes:?}\n{}", said.err);
        assert!(!desk.path("config.yaml").exists(), "{wishes:?}");
    }
    // Which of two readings is meant can be said later.
    desk.expect(0, &["init", "sqlite:shop.db", "--at", "orders.either"]);
    assert!(desk.read("config.yaml").contains("at: either "));
}

#[test]
fn results_have_a_file_of_their_own_unless_they_are_in_the_database() {
    let found = start(PEOPLE);
    assert_eq!(of(&found, "results").as_deref(), Some("sqlite:results.db"));
    let found = start(&format!(
        "{PEOPLE} create table muster_runs (id integer primary key);"
    ));
    assert_eq!(of(&found, "results"), None);
}

/// A table at which many point holds people only where no other has what people have.
#[test]
fn a_table_without_names_is_not_that_of_the_people() {
    let kinds = "create table kinds (id integer primary key, sort int); insert into kinds values (1, 1), (2, 2);
         create table things (kind_id int references kinds, at text); create table bits (kind_id int references kinds, at text);";
    let people =
        "create table folks (id integer primary key, full_name text, email text, phone text);
         insert into folks values (1, 'Ann', 'a@x', '1'), (2, 'Bob', 'b@x', '2');";
    let found = start(&format!("{kinds} {people}"));
    assert_eq!(of(&found, "table").as_deref(), Some("folks"));
}

#[test]
fn who_takes_part_and_which_rows_count_is_by_what_columns_hold() {
    let part = |columns: &str, values: &[&str]| {
        let rows = values.iter().enumerate();
        let rows = rows
            .map(|(id, values)| format!("insert into customers values ({id}, 'N{id}', {values});"));
        let sql = format!(
            "create table customers (id integer primary key, name text, {columns}); {}",
            rows.collect::<String>()
        );
        of(&start(&sql), "active")
    };
    let cases: [(&str, &[&str], Option<&str>); 13] = [
        (
            "deleted_at text",
            &["null", "null", "'2026-01-01'"],
            Some("deleted_at is missing"),
        ),
        (
            "geloescht_am text",
            &["null", "null", "'2026-01-01'"],
            Some("geloescht_am is missing"),
        ),
        (
            "supprimé_le date",
            &["null", "null", "'2026-01-01'"],
            Some("supprimé_le is missing"),
        ),
        (
            "verwijderd_op datetime",
            &["null", "null", "'2026-01-01 10:00:00'"],
            Some("verwijderd_op is missing"),
        ),
        (
            "is_deleted int",
            &["0", "null", "1"],
            Some("'default(is_deleted, 0) = 0'"),
        ),
        ("deceased boolean", &["0", "0", "1"], Some("not deceased")),
        (
            "active text",
            &["'yes'", "'yes'", "'no'"],
            Some("'active != \"no\"'"),
        ),
        (
            "status text",
            &["'live'", "'Archived'", "'live'"],
            Some("'status != \"Archived\"'"),
        ),
        // Where times are read, an empty text is missing.
        (
            "deleted_at text",
            &["''", "'2026-01-01'", "''"],
            Some("deleted_at is missing"),
        ),
        // Most of them are never gone; nothing is left out by what is no flag.
        (
            "deleted_at text",
            &["'2026-01-01'", "'2026-01-01'", "null"],
            None,
        ),
        ("deleted int", &["0", "7", "0"], None),
        ("status text", &["'vip'", "'new'", "'new'"], None),
        ("unsubscribed int", &["0", "1", "0"], None),
    ];
    for (columns, values, active) in cases {
        assert_eq!(
            part(columns, values).as_deref(),
            active,
            "{columns} {values:?}"
        );
    }
    let counted = |columns: &str, values: &str| {
        let usual = orders(
            &format!("created_at text, {columns}"),
            &format!("'2026-05-01', {values}"),
        );
        let odd = values.replace("paid", "partially refunded");
        let more = format!(
            "insert into orders values (null, 1, '2026-05-01', {}); insert into orders values (null, 1, '2026-05-01', {odd});",
            values
                .replace("paid", "Refunded")
                .replace("null", "'2026-05-02'")
        );
        of(&start(&format!("{usual} {more}")), "where")
    };
    assert_eq!(
        counted("state text", "'paid'").as_deref(),
        Some("'state != \"Refunded\"'")
    );
    assert_eq!(
        counted("voided_at text", "null").as_deref(),
        Some("voided_at is missing")
    );
}

#[test]
fn nobody_is_shown_when_others_were_born_whatever_the_language() {
    for column in [
        "Geburtsdatum",
        "Date de naissance",
        "Data di nascita",
        "Fecha de nacimiento",
        "fecha_nacimiento",
        "Data de nascimento",
        "Geboortedatum",
        "Codice fiscale",
        "Correo electrónico",
        "Téléphone",
        "Telemóvel",
        "Indirizzo",
        "Observações",
        "DNI",
        "Data urodzenia",
        "Telefon komórkowy",
        "Adres",
        "PESEL",
        "Uwagi",
        "Födelsedatum",
        "E-postadress",
        "Mobilnummer",
        "Personnummer",
        "Anteckningar",
    ] {
        let sql = PEOPLE.replace("name text", &format!("name text, \"{column}\" text"));
        let sql = sql.replace("')", "', 'x')");
        let found = start(&sql);
        assert!(
            found.config.contains(&format!("private: [{column}]")),
            "{column}\n{}",
            found.config
        );
    }
}
