//! Which column is the time of a row, and how its times are read.

use std::fmt::Write;

use muster::init::{Refused, Wishes};

use super::{PEOPLE, of, orders, start, started};
use crate::desk::Desk;

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
            .contains("# at: no usable time: `orders.paid_at`"),
        "{}",
        found.config
    );
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

#[test]
fn a_number_of_seconds_is_a_time_where_rows_are_placed_by_it_though_it_is_called_an_amount() {
    let start = start(&orders("paid text", "'1748772000'"));
    assert_eq!(of(&start, "at").as_deref(), Some("paid"));
    assert!(start.config.contains("paid: unix"), "{}", start.config);
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
