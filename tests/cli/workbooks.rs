//! Folders of workbooks whose sheets have the same names.

use super::desk::Desk;
use super::importing::{row, workbook};

/// A workbook of clients and their orders, by their numbers.
fn book(
    clients: std::ops::RangeInclusive<usize>,
    orders: std::ops::RangeInclusive<usize>,
    state: &str,
) -> Vec<u8> {
    const LETTERS: [&str; 10] = ["a", "e", "i", "o", "u", "y", "ae", "ou", "ei", "oa"];
    let number = |n: usize| format!("number:{n}");
    let people = clients.map(|n| {
        let name = format!("B{}rt H{}lm", LETTERS[n % 10], LETTERS[n / 10]);
        [number(n), name, format!("c{n}@example.com")].to_vec()
    });
    let sales = orders.map(|n| {
        let day = format!("day:{}", 46_050 + n);
        [
            format!("N{n}"),
            number(n % 30 + 1),
            day,
            number(n),
            state.to_owned(),
        ]
        .to_vec()
    });
    let sheet = |headings: &[&str], rows: &mut dyn Iterator<Item = Vec<String>>| -> String {
        let rows = (2..).zip(rows).map(|(at, cells)| {
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            row(at, &cells)
        });
        row(1, headings) + &rows.collect::<String>()
    };
    workbook(&[
        (
            "Clients",
            &sheet(&["id", "name", "email"], &mut people.into_iter()),
        ),
        (
            "Orders",
            &sheet(
                &["order_no", "client_id", "ordered_at", "amount", "state"],
                &mut sales.into_iter(),
            ),
        ),
    ])
}

fn count(desk: &Desk, sql: &str) -> i64 {
    let connection = rusqlite::Connection::open(desk.path("in.db")).unwrap();
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn sheets_of_one_name_in_workbooks_of_schools_are_one_table() {
    let desk = Desk::empty();
    desk.write("in/North.xlsx", book(1..=15, 1..=30, "paid"));
    desk.write("in/South.xlsx", book(16..=30, 31..=60, "paid"));
    desk.expect(0, &["init", "in"]);
    let config = desk.read("config.yaml");
    for line in [
        "    North.xlsx: { sheets: by_name }\n",
        "    South.xlsx: { sheets: by_name }\n",
    ] {
        assert!(config.contains(line), "{line}\n{config}");
    }
    assert_eq!(count(&desk, "select count(*) from Clients"), 30);
    assert_eq!(count(&desk, "select sum(amount) from Orders"), 1_830);
    desk.expect(0, &["check"]);
    desk.expect(0, &["run", "--as-of", "2026-06-01"]);
}

#[test]
fn orders_of_two_schools_that_look_alike_are_two() {
    let desk = Desk::empty();
    desk.write("in/North.xlsx", book(1..=15, 1..=30, "paid"));
    desk.write("in/South.xlsx", book(16..=30, 1..=30, "paid"));
    desk.expect(0, &["init", "in"]);
    let config = desk.read("config.yaml");
    assert!(
        config.contains("    North.xlsx: { sheets: by_name }\n"),
        "{config}"
    );
    assert_eq!(count(&desk, "select count(*) from Orders"), 60);
}

#[test]
fn workbooks_of_months_list_again_what_the_last_one_had() {
    let desk = Desk::empty();
    desk.write("in/studio-jan-26.xlsx", book(1..=30, 1..=30, "new"));
    desk.write("in/studio-feb-26.xlsx", book(1..=30, 21..=60, "paid"));
    desk.expect(0, &["init", "in"]);
    let config = desk.read("config.yaml");
    assert!(
        config.contains("    \"studio-*.xlsx\": { sheets: by_name"),
        "{config}"
    );
    assert_eq!(count(&desk, "select count(*) from Clients"), 30, "{config}");
    desk.expect(0, &["check"]);
    desk.expect(0, &["run", "--as-of", "2026-06-01"]);
}

#[test]
fn sheets_of_one_name_that_nobody_joins_are_refused_with_what_to_write() {
    let desk = Desk::empty();
    desk.write("in/a.xlsx", book(1..=15, 1..=30, "paid"));
    desk.write("in/b.xlsx", book(16..=30, 31..=60, "paid"));
    let config = |files: &str| {
        let text = "database: sqlite:in.db\nresults: sqlite:r.db\ntimezone: UTC\n\
                    subject: { name: client, table: Clients, key: id }\n";
        desk.write(
            "config.yaml",
            format!("{text}import: {{ folder: in{files} }}\n"),
        );
    };
    config("");
    let said = desk.expect(2, &["import"]).err;
    assert!(
        said.contains("b.xlsx: it would be the table `Clients`, which a.xlsx is: write `sheets: by_name` for both, if sheets of one name are one table"),
        "{said}"
    );
    config(", files: { \"*.xlsx\": { sheets: by_name, key: id } }");
    desk.expect(0, &["import"]);
    assert_eq!(count(&desk, "select count(*) from Orders"), 60);
}

#[test]
fn workbooks_of_one_sheet_are_one_table_as_text_files_are() {
    let desk = Desk::empty();
    let people: String = (1..=12).map(|n| format!("{n},Ann {n}\n")).collect();
    desk.write("in/clients.csv", format!("id,name\n{people}"));
    for month in 1..=3 {
        let rows = (1..=10).map(|n| {
            let no = month * 10 + n;
            row(
                n + 1,
                &[
                    &format!("N{no}"),
                    &format!("number:{n}"),
                    &format!("day:{}", 46_000 + no),
                ],
            )
        });
        let sheet = row(1, &["order_no", "client_id", "ordered_at"]) + &rows.collect::<String>();
        desk.write(
            &format!("in/orders_{month}.xlsx"),
            workbook(&[("Sheet1", &sheet)]),
        );
    }
    desk.expect(0, &["init", "in"]);
    let config = desk.read("config.yaml");
    assert!(
        config.contains("    \"orders_*.xlsx\": { table: orders }\n"),
        "{config}"
    );
    assert_eq!(count(&desk, "select count(*) from orders"), 30);
}
