//! Files of one name that are several tables: exported otherwise from some month on, or by several shops.

use super::desk::Desk;

/// A folder of twenty clients.
fn clients() -> Desk {
    let desk = Desk::empty();
    let clients = (1..=20).map(|n| format!("{n},Ann {n}\n"));
    desk.write(
        "in/clients.csv",
        "id,name\n".to_owned() + &clients.collect::<String>(),
    );
    desk
}

const BEFORE: &str = "id,client_id,ordered_at,amount";
const SINCE: &str = "order_no,client_id,placed,total,channel";

/// Twenty orders of a month below these headings, numbered on from month to month.
fn orders(headings: &str, month: u32) -> String {
    let more = if headings == SINCE { ",web" } else { "" };
    let rows = (1..=20).map(|n| {
        let number = month * 20 + n;
        format!("{number},{n},2026-{month:02}-{n:02},{n}.50{more}\n")
    });
    format!("{headings}\n{}", rows.collect::<String>())
}

fn count(desk: &Desk, sql: &str) -> i64 {
    let connection = rusqlite::Connection::open(desk.path("in.db")).unwrap();
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

fn tables(desk: &Desk) -> String {
    let tables = muster::connector::tables_in(&desk.path("in.db")).unwrap();
    tables.join("; ")
}

/// From April on the shop's new system exports other columns: a table of its own, to which May belongs as well, and so will June.
#[test]
fn months_with_other_columns_are_another_table() {
    for (names, old, pattern, new) in [
        (
            [
                "orders-2026-01",
                "orders-2026-02",
                "orders-2026-04",
                "orders-2026-05",
                "orders-2026-06",
            ],
            "orders_2026-01_to_2026-02",
            "orders-*.csv",
            "orders",
        ),
        (
            [
                "Jan 2026 orders",
                "Feb 2026 orders",
                "Apr 2026 orders",
                "May 2026 orders",
                "Jun 2026 orders",
            ],
            "orders_Jan_2026_to_Feb_2026",
            "",
            "orders",
        ),
        (
            ["2026-01", "2026-02", "2026-04", "2026-05", "2026-06"],
            "in_2026-01_to_2026-02",
            "20*.csv",
            "orders",
        ),
    ] {
        let desk = clients();
        let forms = [(BEFORE, 1), (BEFORE, 2), (SINCE, 4), (SINCE, 5), (SINCE, 6)];
        let mut files = names.iter().zip(forms);
        for (name, (headings, month)) in files.by_ref().take(4) {
            desk.write(&format!("in/{name}.csv"), orders(headings, month));
        }
        let said = desk.expect(0, &["init", "in"]).out;
        let told = format!(
            "{}.csv and 1 more file: have different columns from {}.csv, and are the table `{old}`\n",
            names[0], names[2]
        );
        assert!(said.contains(&told), "{said}");
        let config = desk.read("config.yaml");
        assert!(config.contains(&format!("    table: {old}\n")), "{config}");
        assert!(config.contains(&format!("    table: {new}\n")), "{config}");
        assert!(config.contains("\n  orders:\n"), "{config}");
        assert_eq!(tables(&desk), format!("clients; {}", sorted([old, new])));
        // It is read so from now on.
        desk.expect(0, &["check"]);
        let (name, (headings, month)) = files.next().unwrap();
        if !pattern.is_empty() {
            let line = format!("    \"{pattern}\": {{ table: {new} }}\n");
            assert!(config.contains(&line), "{config}");
            desk.write(&format!("in/{name}.csv"), orders(headings, month));
        }
        desk.expect(0, &["run", "--as-of", "2026-07-01"]);
        let later = if pattern.is_empty() { 0 } else { 20 };
        for (table, rows) in [(old, 40), (new, 40 + later)] {
            assert_eq!(
                count(&desk, &format!("select count(*) from \"{table}\"")),
                rows
            );
        }
    }
}

fn sorted(mut names: [&str; 2]) -> String {
    names.sort_unstable();
    names.join("; ")
}

/// One file of another form keeps its name, and the months beside it are one table all the same.
#[test]
fn months_beside_a_file_that_is_called_as_they_are_stay_one_table() {
    let desk = clients();
    desk.write("in/orders.csv", orders(SINCE, 1));
    for month in [2, 3] {
        desk.write(
            &format!("in/orders-2026-0{month}.csv"),
            orders(BEFORE, month),
        );
    }
    let said = desk.expect(0, &["init", "in"]).out;
    let told =
        "orders.csv: has different columns from orders-2026-02.csv, and is the table `orders`\n";
    assert!(said.contains(told), "{said}");
    assert_eq!(tables(&desk), "clients; orders; orders_from_2026-02");
    let config = desk.read("config.yaml");
    let line = "    \"orders-*.csv\": { table: orders_from_2026-02 }\n";
    assert!(config.contains(line), "{config}");
    desk.expect(0, &["check"]);
}

/// Shops that each number their orders from 1 share no table, though their names begin alike, and their tables keep what they are called.
#[test]
fn files_that_begin_alike_and_end_otherwise_are_no_one_table() {
    let desk = clients();
    for shop in ["web", "app", "till"] {
        for month in [1, 2] {
            // The last order of January stands in February's file too.
            let rows = orders(BEFORE, month).replace(".50", &format!(".5{}", shop.len()));
            let again = orders(BEFORE, 1).replace(".50", &format!(".5{}", shop.len()));
            let again = again.lines().last().unwrap_or_default().to_owned() + "\n";
            let rows = if month == 2 { rows + &again } else { rows };
            desk.write(&format!("in/orders-2026-0{month}-{shop}.csv"), rows);
        }
    }
    desk.expect(0, &["init", "in"]);
    assert_eq!(
        tables(&desk),
        "clients; orders_app; orders_till; orders_web"
    );
    let config = desk.read("config.yaml");
    for shop in ["web", "app", "till"] {
        let table = format!("orders_{shop}");
        assert!(config.contains(&format!("\n  {table}:\n")), "{config}");
        assert_eq!(count(&desk, &format!("select count(*) from {table}")), 40);
    }
    desk.expect(0, &["check"]);
}
