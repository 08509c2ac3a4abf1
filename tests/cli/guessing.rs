//! What `init` guesses, and from what: names, declared types, and what the columns hold.

use std::fmt::Write;

use muster::init::{Data, Named, Origin, Refused, Starter, Wishes, starter};

use super::desk::Desk;
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

#[test]
fn the_time_is_when_it_happened() {
    let cases = [
        (
            "prep_time integer, created timestamp",
            "25, '2026-05-01'",
            Some("created"),
        ),
        (
            "expires_at datetime, started_at datetime",
            "'2027-01-01', '2026-05-01'",
            Some("started_at"),
        ),
        (
            "updated_at datetime, placed text",
            "'2026-05-02', '2026-05-01 10:00'",
            Some("placed"),
        ),
        (
            "due_date date, order_date date, shipped_date date",
            "'2026-06-10', '2026-05-01', '2026-05-03'",
            Some("order_date"),
        ),
        (
            "DueDate date, OrderDate date, RequiredDate date",
            "'2026-06-10', '2026-05-01', '2026-05-03'",
            Some("OrderDate"),
        ),
        (
            "birthday date, at text",
            "'1980-05-01', '2026-05-01'",
            Some("at"),
        ),
        (
            "\"Opening Time\" text, \"Check In Time\" text",
            "'09:00', '2026-05-01 09:10'",
            Some("Check In Time"),
        ),
        (
            "created_at datetime, paid_at datetime",
            "'2026-05-01', '2026-05-02'",
            Some("paid_at"),
        ),
        // Most of them were never paid.
        (
            "created_at datetime, cancelled_at datetime, paid_at datetime",
            "'2026-05-01', '2026-05-02', null",
            Some("created_at"),
        ),
        // Numbers: seconds and milliseconds, not minutes, years, days of a spreadsheet or telephones.
        (
            "minutes_time int, year int, stamp_date real, created int",
            "25, 2026, 46143.0, 1777600000",
            Some("created"),
        ),
        ("ts bigint", "1777600000000", Some("ts")),
        // In forms of other programs and people.
        ("placed_on int", "20260501", Some("placed_on")),
        ("placed_on real", "46143.5", Some("placed_on")),
        ("created_at text", "'17/10/2025'", Some("created_at")),
        ("created_at text", "'03/04/2025'", None),
        (
            "phone int, created text",
            "1777600000, '2026-05-01'",
            Some("created"),
        ),
        ("number_of_times int", "4", None),
        // A date by its declaration that holds seconds.
        ("created date", "1777600000", Some("created")),
        (
            "remark text, happened text",
            "'2026-05-01', '2026-05-01'",
            Some("happened"),
        ),
        // What ends or is due is never when it happened.
        ("expires_at datetime", "'2026-05-01'", None),
        (
            "valid_until date, birthdate date",
            "'2026-05-01', '1990-05-01'",
            None,
        ),
        ("\"when\" text", "'yesterday'", None),
        ("updated_at text", "'2026-05-01'", Some("updated_at")),
    ];
    for (columns, values, at) in cases {
        let found = start(&orders(columns, values));
        assert_eq!(
            of(&found, "at").as_deref(),
            at,
            "{columns}\n{}",
            found.config
        );
    }
}

/// Where nothing is stored yet, names and declarations tell.
#[test]
fn an_empty_table_has_its_time_by_name() {
    for (columns, at) in [
        (
            "expires_at datetime, started_at datetime",
            Some("started_at"),
        ),
        ("prep_time integer, created timestamp", Some("created")),
        ("created_on text, ends text", Some("created_on")),
        ("deadline date", None),
        ("size text", None),
    ] {
        let sql = format!(
            "{PEOPLE} create table orders (id integer primary key, customer_id int, {columns});"
        );
        assert_eq!(of(&start(&sql), "at").as_deref(), at, "{columns}");
    }
}

#[test]
fn init_says_which_time_it_took_and_what_else_there_is() {
    let found = start(&orders(
        "shipped_at text, paid_at text, ends_at text",
        "'2026-05-02', '2026-05-01', '2027-05-01'",
    ));
    assert!(
        found
            .config
            .contains("at: paid_at     # also: shipped_at, ends_at"),
        "{}",
        found.config
    );
    let told = found.told.join("\n");
    assert!(
        told.contains("orders: happened at `paid_at` (other times: `shipped_at`, `ends_at`)"),
        "{told}"
    );

    let found = start(&orders("paid_at text", "'10:00'"));
    let told = found.told.join("\n");
    assert!(
        told.contains("`orders.paid_at` looks like times of day without a day, such as `10:00`"),
        "{told}"
    );
    assert!(
        found
            .config
            .contains("# at: none to go by: `orders.paid_at`"),
        "{}",
        found.config
    );
}

/// A column has the type that reads it, where its declaration does not tell; what is written passes and can be run.
#[test]
fn columns_have_the_types_that_read_them() {
    let cases = [
        ("placed text", "'17/10/2025'", "{ date: \"%d/%m/%Y\" }"),
        (
            "placed text",
            "'5/28/25 10:00'",
            "{ instant: \"%m/%d/%y %H:%M\" }",
        ),
        ("placed datetime", "'28.05.25'", "{ date: \"%d.%m.%y\" }"),
        ("placed_on int", "20260501", "yyyymmdd"),
        ("placed_on text", "'20260501'", "yyyymmdd"),
        ("placed_on real", "46143.25", "excel"),
        ("placed_on real", "2461161.75", "julian"),
        ("placed_on int", "1777600000000000", "unix_us"),
        ("placed_utc text", "'2026-05-01 10:00:00'", "utc"),
        ("placed_utc date", "1777600000", "instant"),
        ("birthday text", "'31.12.1967'", "{ date: \"%d.%m.%Y\" }"),
        ("noted text", "'2026-05-01'", "date"),
        ("noted text", "'2026-05-01T10:00'", "instant"),
        ("amount text", "'1.234,50 €'", "{ money: \"1.234,5\" }"),
        ("amount text", "'$1,080.00'", "{ money: \"1,234.5\" }"),
        ("amount text", "'12,50'", "{ money: \"1.234,5\" }"),
        ("amount text", "'12.50'", "money"),
    ];
    for (column, value, ty) in cases {
        let name = column.split(' ').next().unwrap();
        let desk = Desk::empty();
        let columns = format!("ordered_at text, {column}");
        desk.sql_in(
            "shop.db",
            &orders(&columns, &format!("'2026-05-01 10:00', {value}")),
        );
        desk.expect(0, &["init", "sqlite:shop.db"]);
        let config = desk.read("config.yaml");
        assert!(
            config.contains(&format!(" {name}: {ty}")),
            "{column}: {ty}\n{config}"
        );
        let checked = desk.expect(0, &["check"]).err;
        assert!(checked.starts_with("checked "), "{checked}");
        desk.expect(0, &["run", "--dry-run"]);
    }
}

/// What is no time and no amount stays what it is declared as.
#[test]
fn columns_that_hold_something_else_have_no_types() {
    for (column, value) in [
        ("code text", "'A-17/10'"),
        ("version text", "'1.2.3'"),
        ("phone text", "'1777600000'"),
        ("minutes int", "46143"),
        ("remark text", "'on 17/10/2025'"),
        ("share text", "'12.5%'"),
        ("size int", "20260501"),
    ] {
        let found = start(&orders(
            &format!("ordered_at text, {column}"),
            &format!("'2026-05-01 10:00', {value}"),
        ));
        assert!(!found.config.contains("types:"), "{}", found.config);
    }
}

/// Where nothing decides, nothing is decided: both lines are told, and a person's word counts.
#[test]
fn what_nothing_decides_is_told_with_both_lines() {
    for (column, value, at, types) in [
        (
            "paid_at",
            "03/04/2025",
            Some("paid_at"),
            ["{ date: \"%d/%m/%Y\" }", "{ date: \"%m/%d/%Y\" }"],
        ),
        (
            "amount",
            "1.080",
            None,
            ["{ money: \"1,234.5\" }", "{ money: \"1.234,5\" }"],
        ),
    ] {
        let sql = orders(&format!("{column} text"), &format!("'{value}'"));
        let found = start(&sql);
        assert_eq!((of(&found, "at"), of(&found, "money")), (None, None));
        let remark = found
            .config
            .lines()
            .find(|line| line.contains("# ") && line.contains(types[0]));
        let told = found.told.iter().find(|line| line.contains(types[0]));
        for line in [remark, told.map(String::as_str)] {
            assert!(line.unwrap().contains(types[1]), "{line:?}");
        }
        let undecided = &found.undecided[0];
        for ((_, ty), line) in undecided.readings.iter().zip(types) {
            let wishes = Wishes {
                types: vec![("orders".into(), column.into(), *ty)],
                ..Wishes::default()
            };
            let found = started(&sql, &wishes).unwrap();
            let typed = format!("types: {{ {column}: {line} }}");
            assert!(found.config.contains(&typed), "{}", found.config);
            assert_eq!(of(&found, "at").as_deref(), at);
            assert!(found.undecided.is_empty());
        }
    }
}

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
        ["left out, as no column says to whom their rows belong: opening_hours"],
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

#[test]
fn what_sqlite_stamps_itself_is_in_utc_whatever_zone_is_set() {
    let desk = Desk::empty();
    desk.sql_in(
        "shop.db",
        "create table clients (id integer primary key, name text);
             create table visits (id integer primary key, client_id integer references clients,
                                  created text default current_timestamp);
             create table orders (id integer primary key, client_id integer references clients,
                                  placed text default (datetime('now', 'localtime')));
             insert into clients values (1, 'Ann'), (2, 'Bob');
             insert into visits (client_id) values (1), (2);
             insert into orders (client_id) values (1), (2);",
    );
    desk.expect(0, &["init", "sqlite:shop.db"]);
    let config = desk.read("config.yaml");
    assert!(config.contains("created: utc"), "{config}");
    assert!(!config.contains("placed: utc"), "{config}");
    desk.write(
        "config.yaml",
        config.replace("timezone: UTC", "timezone: America/New_York"),
    );
    let said = desk.expect(0, &["check"]);
    assert!(!said.err.contains("utc-default"), "{}", said.err);
}

/// What is said of a column that is not taken is true of it.
#[test]
fn times_of_other_years_are_not_called_texts() {
    for (declared, when) in [
        ("date", "1980-01-10"),
        ("datetime", "1985-02-03 10:00:00"),
        ("text", "2044-01-01"),
    ] {
        let start = start(&orders(
            &format!("played_on {declared}"),
            &format!("'{when}'"),
        ));
        assert!(
            start
                .config
                .contains("before 1990 or more than two years ahead"),
            "{}",
            start.config
        );
        assert!(!start.config.contains("no times"), "{}", start.config);
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

#[test]
fn somebody_says_which_time_is_meant() {
    let sql = orders(
        "created_at text, delivered_at text",
        "'2026-05-01', '2026-05-02'",
    );
    let wishes = Wishes {
        at: vec![("orders".into(), "delivered_at".into())],
        ..Wishes::default()
    };
    let found = started(&sql, &wishes).unwrap();
    assert!(
        found
            .config
            .contains("at: delivered_at     # also: created_at"),
        "{}",
        found.config
    );
    let desk = Desk::empty();
    desk.sql_in("shop.db", &sql);
    desk.expect(
        0,
        &["init", "sqlite:shop.db", "--at", "Orders.Delivered_At"],
    );
    assert!(desk.read("config.yaml").contains("at: delivered_at"));
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
            "`--at orders.status`: it holds texts that are no times, such as `paid`; the table has times in created_at",
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
            "`--at customers.name`: it holds the people themselves, and not what they did",
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

#[test]
fn german_states_say_what_does_not_count() {
    let start = start(&bestellungen("Bestellnr", "Bestellnr"));
    assert_eq!(
        of(&start, "where").as_deref(),
        Some(r#"'Status not in ("Gutschrift", "erstattet", "storniert")'"#)
    );
}

#[test]
fn currency_and_locale_are_those_that_the_data_shows() {
    let german = start(&bestellungen("Bestellnr", "Bestellnr"));
    assert_eq!(of(&german, "currency").as_deref(), Some("EUR"));
    assert_eq!(of(&german, "locale").as_deref(), Some("de-DE"));
    assert_eq!(german.to_set, ["time zone"]);
    // A number tells of no country.
    for (columns, values, currency, to_set) in [
        (
            "total int, at text",
            "12, '2026-05-01'",
            "USD",
            &["time zone", "currency", "locale"][..],
        ),
        (
            "total_gbp int, at text",
            "12, '2026-05-01'",
            "GBP",
            &["time zone"],
        ),
        (
            "total text, at text",
            "'£12.50', '31/05/2026'",
            "GBP",
            &["time zone"],
        ),
    ] {
        let start = start(&orders(columns, values));
        assert_eq!(
            of(&start, "currency").as_deref(),
            Some(currency),
            "{}",
            start.config
        );
        assert_eq!(start.to_set, to_set, "{}", start.config);
    }
}

#[test]
fn a_number_of_seconds_is_a_time_where_rows_are_placed_by_it_though_it_is_called_an_amount() {
    let start = start(&orders("paid text", "'1748772000'"));
    assert_eq!(of(&start, "at").as_deref(), Some("paid"));
    assert!(start.config.contains("paid: unix"), "{}", start.config);
}

#[test]
fn a_lookup_reads_columns_as_the_collection_of_its_table_does() {
    let sql = orders(
        "placed text, shipped text, total text",
        "'2026-05-01 10:00', '2026-05-02 10:00', '12.50'",
    ) + "create table order_items (order_id int references orders, sku text);
            insert into order_items select id, 'x' from orders;";
    let start = start(&sql);
    let lookup = start
        .config
        .lines()
        .find(|line| line.contains("by: order_id"));
    let lookup = lookup.unwrap_or_else(|| panic!("{}", start.config));
    for typed in ["placed: instant", "shipped: instant", "total: money"] {
        assert!(lookup.contains(typed), "{typed}: {lookup}");
    }
}

#[test]
fn the_key_of_a_table_without_rows_is_no_time() {
    let start = start(
        "create table customers (customer_id text, name text);
        create table orders (order_id text, customer_id text, total text);",
    );
    assert!(
        !start.told.iter().any(|line| line.contains("order_id`")),
        "{:?}",
        start.told
    );
}

#[test]
fn a_time_of_a_table_that_is_nobodys_is_refused_with_the_reason() {
    let stands = "create table stands (id integer primary key, town text, opened text);
        insert into stands values (1, 'Bonn', '2020-05-01');";
    let rows = orders(
        "placed text, stand_id int references stands",
        "'2026-05-01', 1",
    );
    let weather = "create table weather (day text, rain int);
        insert into weather values ('2026-05-01', 1);";
    let sql = [stands, &rows, weather].concat();
    for (table, column, reason) in [
        ("customers", "name", "it holds the people themselves"),
        ("stands", "opened", "its rows are looked up from others"),
        ("weather", "day", "no column of it leads to `customers`"),
    ] {
        let wishes = Wishes {
            at: vec![(table.to_owned(), column.to_owned())],
            ..Wishes::default()
        };
        match started(&sql, &wishes) {
            Err(Refused::Wish(why)) => assert!(why.contains(reason), "{why}"),
            other => panic!("{table}: {other:?}"),
        }
    }
}

#[test]
fn a_refund_happens_when_it_is_refunded() {
    for (table, time) in [
        ("refunds", "refunded_at"),
        ("Erstattungen", "Erstattet am"),
        ("Rimborsi", "Data rimborso"),
    ] {
        let desk = Desk::empty();
        desk.sql_in("d.db", &format!(
            "create table customers (id integer primary key, name text);
             create table orders (id integer primary key, customer_id integer references customers, placed_at text, status text);
             create table {table} (id integer primary key, order_id integer references orders, \"{time}\" text, amount real);
             insert into customers values (1, 'Ann'), (2, 'Bob');
             insert into orders values (1, 1, '2026-01-05 10:00', 'paid'), (2, 2, '2026-02-05 10:00', 'paid'),
                 (3, 2, '2026-02-07 10:00', 'refunded');
             insert into {table} values (1, 3, '2026-02-09 10:00', 5.0);"
        ));
        desk.expect(0, &["init", "sqlite:d.db"]);
        let written = desk.read("config.yaml");
        let name = table.to_lowercase();
        let (_, refunds) = written.split_once(&format!("\n  {name}:\n")).unwrap();
        let own = refunds.lines().take_while(|line| line.starts_with("    "));
        let own: Vec<&str> = own.map(str::trim).collect();
        assert!(own.contains(&format!("at: {time}").as_str()), "{written}");
        assert!(
            !own.iter().any(|line| line.starts_with("where:")),
            "{written}"
        );
        assert!(
            written.contains("among: exists(orders in last"),
            "{written}"
        );
        desk.expect(0, &["check"]);
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

/// Most orders being cancelled is more likely a misunderstanding of the column than meant.
#[test]
fn states_of_most_rows_are_told_and_not_left_out() {
    let starter = start(&format!(
        "{PEOPLE} create table orders (id integer primary key, customer_id integer, ordered_at text, status text);
         insert into orders values (1, 1, '2026-01-02', 'storniert'), (2, 2, '2026-01-03', 'storniert'),
             (3, 1, '2026-01-04', 'storniert'), (4, 1, '2026-01-05', 'bezahlt');"
    ));
    let config = starter.config;
    assert!(
        config.contains("    # where: status != \"storniert\"   # would leave out"),
        "{config}"
    );
    let told = starter.told.join("\n");
    assert!(
        told.contains(
            "all are counted, not only where status != \"storniert\" (leaves out about 75%)"
        ),
        "{told}"
    );
}

#[test]
fn a_key_of_bytes_is_called_that() {
    let sql = "create table customers (id blob primary key not null, name text);
         insert into customers values (x'ff00', 'Ann'), (x'ff01', 'Bob');";
    for key in [None, Some("id".to_owned())] {
        let wishes = Wishes {
            key,
            ..Wishes::default()
        };
        let refused = started(sql, &wishes)
            .map(|starter| starter.config)
            .unwrap_err();
        let refused = format!("{refused:?}");
        assert!(
            refused.contains("`id` holds bytes that are not text"),
            "{refused}"
        );
    }
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

#[test]
fn states_that_do_not_count_are_known_in_each_gender_and_number() {
    for (state, counts) in [
        ("annullato", false),
        ("ANNULLATA", false),
        ("Rimborsati", false),
        ("Stornato", false),
        ("Parzialmente rimborsato", true),
        ("consegnato", true),
        ("cancelada", false),
        ("reembolsados", false),
        ("anuladas", false),
        ("Devuelto", false),
        ("no reembolsado", true),
        ("remboursées", false),
        ("Annulé", false),
        ("devolvida", false),
        ("storniert", false),
        ("non annullato", true),
        ("No Show", false),
        ("Anulowane", false),
        ("Odwołana przez szkołę", false),
        ("Nie stawił się", false),
        ("Nieobecność usprawiedliwiona", false),
        ("nie anulowana", true),
        ("Częściowo zwrócona", true),
        ("Odbyta", true),
        ("Avbokad", false),
        ("Sent avbokad", false),
        ("Inställd", false),
        ("Uteblev", false),
        ("Ej avbokad", true),
        ("Delvis återbetald", true),
        ("Genomförd", true),
    ] {
        let sql = orders("ordered_at text, stato text", "'2026-05-01', 'ok'")
            + &format!("update orders set stato = '{state}' where id = 1;");
        let found = start(&sql);
        let excluded = found.config.contains(&format!("stato != \"{state}\""));
        assert_eq!(excluded, !counts, "{state}\n{}", found.config);
    }
}

#[test]
fn language_and_currency_tell_the_country() {
    for (columns, values, locale) in [
        (
            "ordered_at text, \"amount (£)\" real",
            "'2026-05-01', 12.5",
            Some("en-GB"),
        ),
        (
            "ordered_at text, amount_usd real",
            "'2026-05-01', 12.5",
            Some("en-US"),
        ),
        (
            "\"data ordine\" text, importo text, stato text",
            "'28/05/2026', '12,50', 'pagato'",
            Some("it-IT"),
        ),
        (
            "\"fecha pedido\" text, importe text, estado text",
            "'28/05/2026', '12,50', 'pagado'",
            Some("es-ES"),
        ),
        (
            "data text, \"valor\" text, \"preço\" text, situacao text",
            "'28/05/2026', 'R$ 12,50', 'R$ 1,00', 'pago'",
            Some("pt-BR"),
        ),
        (
            "bestelldatum text, betrag text",
            "'2026-05-28', '12,50'",
            Some("de-DE"),
        ),
        (
            "\"data zamówienia\" text, kwota text, stan text",
            "'28.05.2026', '12,50', 'opłacone'",
            Some("pl-PL"),
        ),
        (
            "beställningsdatum text, belopp text, betalstatus text",
            "'2026-05-28', '12,50', 'betald'",
            Some("sv-SE"),
        ),
        // The form of days alone is that of Germany.
        (
            "ordered_at text, amount text",
            "'28.05.2026', '12,50'",
            Some("de-DE"),
        ),
        (
            "datum text, telefon text, konto text, amount text",
            "'28.05.2026', '1', '2', '12,50'",
            Some("de-DE"),
        ),
        (
            "ordered_at text, amount text",
            "'28/05/2026', '12,50'",
            None,
        ),
    ] {
        let found = start(&orders(columns, values));
        let shown = of(&found, "locale").filter(|_| !found.to_set.contains(&"locale"));
        assert_eq!(shown.as_deref(), locale, "{columns}\n{}", found.config);
    }
}

/// An article would stand before a word of any language.
#[test]
fn comments_of_the_ladder_fit_whatever_a_column_is_called() {
    for column in ["Betrag", "Importo totale", "amount"] {
        let found = start(&orders(
            &format!("ordered_at text, \"{column}\" real"),
            "'2026-05-01', 12.5",
        ));
        let ladder = found.ladder.unwrap();
        let below = format!("by `{column}` below zero or");
        assert!(ladder.contains(&below), "{ladder}");
        assert!(
            !ladder.contains("``") && !ladder.contains(" an `"),
            "{ladder}"
        );
    }
}

#[test]
fn running_numbers_are_no_dates() {
    let found = start(
        &orders("bestellung text", "'2026-0000' || customer_id").replace("|| customer_id", "|| 7"),
    );
    let told = found.told.join("\n");
    assert!(
        !told.contains("month") && !told.contains("a year"),
        "{told}"
    );
}

/// What other columns of a database prove decides where a column can be read in two ways, and is told.
#[test]
fn other_columns_prove_whether_days_stand_first() {
    let shop = orders("placed_at text", "'03/04/2026'");
    let joined = |day: &str| {
        format!(
            "{shop} alter table customers add column joined text; update customers set joined = '{day}';"
        )
    };
    for (day, form, words) in [
        ("17/10/2025", "%d/%m/%Y", "day/month/year"),
        ("10/17/2025", "%m/%d/%Y", "month/day/year"),
    ] {
        let found = start(&joined(day));
        let typed = format!("placed_at: {{ date: \"{form}\" }}");
        assert!(found.config.contains(&typed), "{}", found.config);
        assert_eq!(of(&found, "at").as_deref(), Some("placed_at"));
        let told = format!(
            "orders.placed_at looks like day/month/year or month/day/year (`03/04/2026` could be both): read as {words}, as \
             `customers.joined` is written"
        );
        assert!(found.told.contains(&told), "{:?}", found.told);
    }
    // Columns that contradict each other prove nothing.
    let sql = format!(
        "{} alter table customers add column left_on text; update customers set left_on = '10/17/2025';",
        joined("17/10/2025")
    );
    assert_eq!(of(&start(&sql), "at"), None);
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

/// `Pedido` may be when something was ordered, and is a number where the word for one stands before it.
#[test]
fn the_number_of_an_order_is_no_time() {
    let mut sql = "create table clientes (\"Nº socio\" text, Nombre text);
        create table ventas (\"Nº pedido\" integer, Fecha text, \"Nº socio\" text);
        create table lineas_pedido (\"Línea\" integer, \"Nº pedido\" integer, Vino text);"
        .to_owned();
    for n in 1..=12 {
        let _ = write!(
            sql,
            "insert into clientes values ('{n:05}', 'Socio {n}');
             insert into ventas values ({}, '2026-05-{n:02}', '{n:05}');
             insert into lineas_pedido values ({n}, {}, 'Rioja'), ({n}0, {}, 'Cava');",
            1000 + n,
            1000 + n,
            1000 + n
        );
    }
    let config = start(&sql).config;
    let lookup = "venta: { table: ventas, key: Nº pedido, by: Nº pedido";
    assert!(config.contains(lookup), "{config}");
    assert!(config.contains("subject: venta.Nº socio"), "{config}");
}
