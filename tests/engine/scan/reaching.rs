//! What rules reach: a row's arithmetic, rows compared with what other rows come to, subjects and times behind a lookup.

use super::harness::{Folder, STUDIO};

const SHOP: &str = "
    subject: { name: client, table: clients, key: id, label: name }
    collections:
      orders: { table: orders, subject: client_id, at: at }
      items:
        table: items
        subject: order.client_id
        at: order.at
        lookups:
          order: { table: orders, key: id, by: order_id }
          product: { table: products, key: id, by: product_id }
      mails: { table: mails, subject: client_id, at: at }
";

const TABLES: &str = "
    CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT, factor INTEGER);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, client_id INTEGER, at DATETIME, amount DECIMAL(9,2), state TEXT);
    CREATE TABLE products (id INTEGER PRIMARY KEY, price DECIMAL(9,2));
    CREATE TABLE items (id INTEGER PRIMARY KEY, order_id INTEGER, product_id INTEGER, n INTEGER);
    CREATE TABLE mails (id INTEGER PRIMARY KEY, client_id INTEGER, at DATETIME);
    INSERT INTO clients VALUES (1, 'Ann', 2), (2, 'Bob', NULL), (3, 'Cy', 3);
    INSERT INTO products VALUES (1, 2.50), (2, 10.01), (3, NULL);
    INSERT INTO orders VALUES
      (1, 1, '2025-06-01 10:00', 100, 'paid'),
      (2, 1, '2025-06-10 10:00', 20, 'paid'),
      (3, 1, '2025-06-10 18:00', 30, 'open'),
      (4, 2, '2025-05-01 10:00', 50, 'paid'),
      (5, 2, '2025-07-01 10:00', 70, 'paid');
    INSERT INTO items VALUES (1, 1, 1, 4), (2, 2, 2, 1), (3, 3, 2, 2), (4, 3, 3, 9), (5, 4, 1, 10), (6, 5, 1, 1);
    INSERT INTO mails VALUES (1, 1, '2025-06-05 08:00'), (2, 1, '2025-06-10 10:00'), (3, 2, '2025-04-01 08:00');
";

#[test]
fn what_is_worked_out_for_each_row() {
    let found = Folder::new(
        TABLES,
        SHOP,
        &[
            ("sold", "sum(items.n * items.product.price)"),
            ("usual", "avg(items.n * items.product.price)"),
            ("least", "min(abs(orders.amount - 40))"),
            ("days", "count(distinct date(orders.at))"),
            ("above", "sum(if(orders.amount > 25, 1, 0))"),
            ("own", "sum(orders.amount * client.factor)"),
            (
                "recent",
                "sum(items.n * 2 in last 10 days where order.state = \"paid\")",
            ),
            ("tested", "sum(if((orders.at in last 10 days), 1, 10))"),
            ("of_metric", "sum(orders.amount / per)"),
            ("per", "10"),
            (
                "named",
                "count(distinct if(orders.state = \"paid\", \"yes\", orders.state))",
            ),
        ],
    )
    .evaluate();
    for (metric, expected) in [
        ("sold", "40.03 | 25.00 | 0.00"),
        ("usual", "13.3433 | 25.00 | missing"),
        ("least", "10.00 | 10.00 | missing"),
        ("days", "2 | 1 | 0"),
        ("above", "2 | 1 | 0"),
        ("own", "300.00 | 0.00 | 0.00"),
        ("recent", "2 | 0 | 0"),
        ("tested", "12 | 10 | 0"),
        ("of_metric", "15.00 | 5.00 | 0.00"),
        ("named", "2 | 1 | 0"),
    ] {
        assert_eq!(found.metric(metric), expected, "{metric}");
    }
}

#[test]
fn rows_are_compared_with_what_other_rows_come_to() {
    let found = Folder::new(
        TABLES,
        SHOP,
        &[
            ("since_mail", "count(orders where at > last(mails).at)"),
            ("at_mail", "count(orders where at >= last_mail.at)"),
            ("last_mail", "last(mails)"),
            ("usual", "avg(orders.amount)"),
            ("large", "sum(orders.amount where amount > usual * 1.5)"),
            ("around", "avg(orders.amount - avg(orders.amount))"),
            // Two levels deep, and back to a table of the first.
            (
                "mails_since",
                "count(mails where at > first(orders where amount < usual).at)",
            ),
            (
                "unlike",
                "count(orders where amount * 2 > large and client.factor = 2)",
            ),
            ("at_all", "count(orders where usual is missing)"),
            (
                "any",
                "exists(orders where exists(mails where at < client_since))",
            ),
            ("client_since", "2025-05-01"),
        ],
    )
    .evaluate();
    for (metric, expected) in [
        ("since_mail", "1 | 1 | 0"),
        ("at_mail", "2 | 1 | 0"),
        ("large", "100.00 | 0.00 | 0.00"),
        ("around", "0.00 | 0.00 | missing"),
        ("mails_since", "0 | 0 | 0"),
        ("unlike", "1 | 0 | 0"),
        ("at_all", "0 | 0 | 0"),
        ("any", "no | yes | no"),
    ] {
        assert_eq!(found.metric(metric), expected, "{metric}");
    }
    let levels = found.project.ir.levels();
    let tables = |level: &Vec<&muster::ir::TableScan>| {
        let tables: Vec<String> = level.iter().map(|scan| scan.table.clone()).collect();
        tables.join(" ")
    };
    let levels: Vec<String> = levels.iter().map(tables).collect();
    assert_eq!(levels, ["mails orders", "orders", "mails orders"]);
}

#[test]
fn subjects_and_times_behind_a_lookup() {
    let found = Folder::new(
        TABLES,
        SHOP,
        &[
            ("pieces", "sum(items.n)"),
            ("recent", "sum(items.n in last 10 days)"),
            ("coming", "sum(items.n in next 30 days)"),
            ("newest", "last(items).n"),
            ("newest_at", "max(items.at)"),
            ("late", "count(items where at > 2025-06-05)"),
        ],
    )
    .evaluate();
    for (metric, expected) in [
        ("pieces", "16 | 10 | 0"),
        ("recent", "12 | 0 | 0"),
        ("coming", "0 | 1 | 0"),
        ("newest", "9 | 10 | missing"),
        (
            "newest_at",
            "2025-06-10T18:00:00Z | 2025-05-01T10:00:00Z | missing",
        ),
        ("late", "3 | 0 | 0"),
    ] {
        assert_eq!(found.metric(metric), expected, "{metric}");
    }
    assert_eq!(found.problems(), [""; 0]);
}

#[test]
fn a_date_behind_a_lookup_is_the_midnight_with_which_it_begins() {
    let tables = TABLES.replace(
        "client_id INTEGER, at DATETIME, amount",
        "client_id INTEGER, at DATE, amount",
    );
    let tables = tables
        .replace(":00', 100", "', 100")
        .replace("2025-06-01 10'", "2025-06-01'");
    let found = Folder::new(
        &tables,
        SHOP,
        &[
            ("at", "min(items.at)"),
            ("since", "sum(items.n since 2025-06-01)"),
            ("day", "count(items where order.at = 2025-06-01)"),
        ],
    )
    .evaluate();
    assert!(
        found.metric("at").starts_with("2025-06-01T00:00:00Z | "),
        "{}",
        found.metric("at")
    );
    assert_eq!(found.metric("day"), "1 | 0 | 0");
}

/// Trouble is told of the table and column that has it, and only of rows that some row leads to.
#[test]
fn trouble_behind_a_lookup_is_told_where_it_is() {
    let folder = Folder::new(
        &format!(
            "{TABLES}
            INSERT INTO orders VALUES
              (6, NULL, '2025-06-01', 1, 'paid'), (7, 9, '2025-06-01', 1, 'paid'), (8, 8, '2025-06-01', 1, 'paid'),
              (9, 1, 'soon', 1, 'paid'), (10, NULL, '2025-06-01', 1, 'open');
            INSERT INTO orders VALUES (11, '', '2025-06-01', 1, 'paid');
            INSERT INTO items VALUES (11, 6, 1, 1), (12, 7, 1, 1), (13, 7, 1, 1), (14, 9, 1, 1), (15, 99, 1, 1),
              (16, NULL, 1, 1), (17, '', 1, 1), (18, 11, 1, 1);"
        ),
        // Without the orders themselves, whose own trouble is told as well.
        &SHOP.replace("      orders: { table: orders, subject: client_id, at: at }\n", ""),
        &[("pieces", "sum(items.n)")],
    );
    let found = folder.evaluate();
    assert_eq!(found.metric("pieces"), "16 | 10 | 0");
    assert_eq!(
        found.problems(),
        [
            "BrokenLink items.order_id x1: items row 15: 99",
            "NullKey items.order_id x2: items row 16: nothing",
            "UnreadableTime orders.at x1: orders row 9: \"soon\"",
            "Orphan orders.client_id x1: orders row 7: 9",
            "NullKey orders.client_id x2: orders row 6: nothing",
        ]
    );
}

#[test]
fn a_time_that_no_lookup_finds_is_missing() {
    let config = SHOP
        .replace("subject: order.client_id", "subject: client_id")
        .replace("- ", "");
    let tables = TABLES.replace(
        "order_id INTEGER, product_id",
        "client_id INTEGER DEFAULT 3, order_id INTEGER, product_id",
    );
    let tables = tables.replace(
        "INSERT INTO items VALUES",
        "INSERT INTO items (id, order_id, product_id, n) VALUES",
    );
    let folder = Folder::new(
        &format!("{tables} INSERT INTO items VALUES (11, 3, 99, 1, 1), (12, 3, NULL, 1, 1);"),
        &config,
        &[("pieces", "sum(items.n)")],
    );
    let found = folder.evaluate();
    assert_eq!(found.metric("pieces"), "0 | 0 | 26");
    assert_eq!(
        found.problems(),
        ["BrokenLink items.order_id x2: items row 11: 99"]
    );
}

/// Doubtful times behind a lookup make stale what stands on them, and nothing else of the table.
#[test]
fn times_that_are_not_to_be_built_on() {
    let spoilt = "UPDATE orders SET at = 'soon' WHERE id < 4;";
    let found = Folder::new(
        &format!("{TABLES}{spoilt}"),
        &format!("{SHOP}    unreadable: 20%\n"),
        &[("pieces", "sum(items.n)"), ("mailed", "count(mails)")],
    )
    .evaluate();
    let pieces = found.metric("pieces");
    assert!(
        pieces.starts_with("stale: ") && pieces.contains("orders"),
        "{pieces}"
    );
    assert_eq!(found.metric("mailed"), "2 | 1 | 0");
}

/// What rows are compared with may be stale: then so is what they come to.
#[test]
fn a_comparison_with_what_cannot_be_read_is_stale() {
    let folder = Folder::new(
        TABLES,
        SHOP,
        &[
            ("since_mail", "count(orders where at > last(mails).at)"),
            ("all_orders", "count(orders)"),
        ],
    );
    let project = folder.project();
    folder.sql("DROP TABLE mails;");
    let found = folder.evaluate_as(project).unwrap();
    let since = found.metric("since_mail");
    assert!(
        since.starts_with("stale: ") && since.contains("mails"),
        "{since}"
    );
    assert_eq!(found.metric("all_orders"), "3 | 1 | 0");
}

/// Who is active changes nobody's rows.
#[test]
fn an_aggregate_is_of_everyone_before_anyone_is_active() {
    let active = format!(
        "{SHOP}    active: count(orders where at > last(mails).at) > 0 and factor is present\n"
    );
    let found = Folder::new(
        TABLES,
        &active,
        &[
            ("since_mail", "count(orders where at > last(mails).at)"),
            ("least", "min(since_mail)"),
        ],
    )
    .evaluate();
    assert_eq!(found.metric("since_mail"), "1");
    assert_eq!(found.metric("least"), "1");
}

/// Rows of each level are compared with what those of the one before came to, which stays known beside it.
#[test]
fn sixteen_levels_are_read() {
    let mut metrics = vec![("m0".to_owned(), "max(orders.amount)".to_owned())];
    for level in 1..16 {
        let below = format!("max(orders.amount where amount < m{} or id = 4)", level - 1);
        metrics.push((format!("m{level}"), below));
    }
    metrics.push(("all".to_owned(), "m0 + m1 + m2 + m15".to_owned()));
    let metrics: Vec<_> = metrics
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let found = Folder::new(TABLES, SHOP, &metrics).evaluate();
    assert_eq!(found.project.ir.levels().len(), 16);
    assert_eq!(found.metric("m1"), "30.00 | 50.00 | missing");
    assert_eq!(found.metric("m2"), "20.00 | 50.00 | missing");
    assert_eq!(found.metric("m15"), "missing | 50.00 | missing");
    assert_eq!(found.metric("m0"), "100.00 | 50.00 | missing");
}

#[test]
fn a_table_without_comparisons_is_read_once() {
    let visits = "
        CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT);
        CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id INTEGER, at DATETIME);";
    let metrics = [
        ("limit", "3"),
        ("many", "count(visits where id > limit)"),
        ("odd", "sum(visits.id * 2 in last 3 days)"),
    ];
    let found = Folder::new(visits, STUDIO, &metrics).evaluate();
    assert_eq!(found.project.ir.levels().len(), 1);
}
