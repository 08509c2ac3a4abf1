//! Files that come again in another form than before: what they no longer say is told, and takes nothing away.

use super::desk::Desk;

const HEADINGS: &str = "order_no,client_id,ordered_at,amount,state";

/// Clients with their orders of two months, ten of which are in both, and a first config and run.
fn shop() -> Desk {
    let desk = Desk::empty();
    desk.write("in/clients.csv", clients());
    desk.write("in/orders_01.csv", orders(1..=30, "new"));
    desk.write("in/orders_02.csv", orders(21..=50, "paid"));
    desk.expect(0, &["init", "in"]);
    let config = desk.read("config.yaml");
    let said = "\"orders_*.csv\": { table: orders, key: order_no }";
    assert!(config.contains(said), "{config}");
    desk.write("config.yaml", config + "guard: off\n");
    run(&desk, 0);
    desk
}

fn clients() -> String {
    let rows = (1..=30).map(|n| format!("{n},{},c{n}@example.com\n", name(n)));
    "id,name,email\n".to_owned() + &rows.collect::<String>()
}

fn name(n: usize) -> String {
    const FIRST: [&str; 6] = ["Ann", "Ben", "Cyd", "Dora", "Eve", "Flo"];
    const LAST: [&str; 5] = ["Adams", "Brown", "Clark", "Davis", "Evans"];
    format!("{} {}", FIRST[n % 6], LAST[n % 5])
}

fn orders(numbers: std::ops::RangeInclusive<usize>, state: &str) -> String {
    let row = |n: usize| {
        let (client, day) = (n % 30 + 1, n % 28 + 1);
        format!(
            "{n},{client},2026-{:02}-{day:02},{n}.50,{state}\n",
            n / 25 + 1
        )
    };
    format!("{HEADINGS}\n{}", numbers.map(row).collect::<String>())
}

/// Lines without the cells of a column.
fn without(text: &str, column: usize) -> String {
    let line = |line: &str| {
        let mut cells: Vec<&str> = line.split(',').collect();
        cells.remove(column);
        cells.join(",") + "\n"
    };
    text.lines().map(line).collect()
}

fn run(desk: &Desk, code: i32) -> String {
    all(desk, code, &["run", "--as-of", "2026-06-01"])
}

fn all(desk: &Desk, code: i32, arguments: &[&str]) -> String {
    let said = desk.expect(code, arguments);
    said.out + &said.err
}

fn value<T: rusqlite::types::FromSql>(desk: &Desk, sql: &str) -> T {
    let connection = rusqlite::Connection::open(desk.path("in.db")).unwrap();
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn a_file_without_a_column_takes_no_value_away_and_is_told() {
    let desk = shop();
    let total = || value::<f64>(&desk, "select sum(amount) from orders where order_no <= 50");
    let before = total();
    desk.write("in/orders_03.csv", without(&orders(41..=60, "sent"), 3));
    let told = "orders_03.csv: has no column `amount`, which orders_02.csv has: its rows keep the values of earlier rows with the same key";
    let rules = "segments:\n  - { id: large, when: sum(orders.amount) > 50 }\n";
    desk.write("rules/own.yaml", rules);
    for (exit, command) in [
        (1, &["run", "--as-of", "2026-06-01"][..]),
        (1, &["check"]),
        (0, &["import"]),
    ] {
        let said = all(&desk, exit, command);
        assert!(said.contains(told), "{said}");
        let read = "attention: orders_03.csv is the last file of its table and has no `amount`, which rules read";
        assert_eq!(said.contains(read), exit == 1, "{said}");
    }
    // As long as it is so.
    let said = run(&desk, 1);
    assert!(said.contains("attention: orders_03.csv"), "{said}");
    assert!((total() - before).abs() < 1e-9);
    let sent = "select count(*) from orders where state = 'sent'";
    assert_eq!(value::<i64>(&desk, sent), 20);
    let missing = "select count(*) from orders where amount is null";
    assert_eq!(value::<i64>(&desk, missing), 10);
    // One more file without it changes nothing, and one that says that there is none does.
    desk.write("in/orders_04.csv", without(&orders(41..=45, "late"), 3));
    desk.write(
        "in/orders_05.csv",
        orders(41..=42, "void")
            .replace(".50", "")
            .replace(",41,", ",,")
            .replace(",42,", ",,"),
    );
    run(&desk, 0);
    let late = "select group_concat(order_no || ':' || amount) from orders where state = 'late'";
    assert_eq!(value::<String>(&desk, late), "43:43.5,44:44.5,45:45.5");
    let void = "select count(*) from orders where state = 'void' and amount is null";
    assert_eq!(value::<i64>(&desk, void), 2);
}

#[test]
fn without_a_key_the_rows_of_such_a_file_are_empty_there_and_that_is_told() {
    let desk = shop();
    let config = desk.read("config.yaml");
    desk.write(
        "config.yaml",
        config.replace(
            "{ table: orders, key: order_no }",
            "{ table: orders, copies: all }",
        ),
    );
    desk.write("in/orders_03.csv", without(&orders(51..=60, "sent"), 3));
    all(&desk, 0, &["import"]);
    let said = all(&desk, 1, &["check"]);
    let told = "orders_03.csv: has no column `amount`, which orders_02.csv has: its rows are empty there; was it exported differently?";
    assert!(said.contains(told), "{said}");
}

#[test]
fn a_file_that_lost_its_headings_is_refused_and_nobody_in_it_is_named() {
    let desk = shop();
    let headless = |text: &str| text.split_once('\n').unwrap().1.to_owned();
    let people = "Ann Adams,Ulm,open\nBen Brown,Bonn,open\n";
    for (file, text, told) in [
        (
            "clients.csv",
            headless(&clients()),
            "`clients.csv` held 30 rows of the table `clients` at the last import and has none of its headings in its first line now (`id`, \
             `name`, `email`), which looks like data",
        ),
        (
            "clients.csv",
            people.to_owned(),
            "has none of its headings in its first line now (`id`, `name`, `email`)",
        ),
        (
            "orders_02.csv",
            headless(&orders(21..=50, "paid")),
            "has none of its headings in its first line now (`order_no`, `client_id`",
        ),
        (
            "orders_03.csv",
            headless(&orders(51..=60, "new")),
            "orders_03.csv: its first line looks like data, and orders_01.csv, of the same table, has headings (`order_no`, `client_id`",
        ),
    ] {
        let before = std::fs::read_to_string(desk.path(&format!("in/{file}"))).ok();
        desk.write(&format!("in/{file}"), text);
        for command in ["check", "import", "run"] {
            let said = all(&desk, 2, &[command]);
            assert!(said.contains(told), "{told}\n{said}");
            for private in ["Ann", "Adams", "@example", "Ulm", "2026-0"] {
                assert!(!said.contains(private), "{private}\n{said}");
            }
        }
        match before {
            Some(before) => desk.write(&format!("in/{file}"), before),
            None => std::fs::remove_file(desk.path(&format!("in/{file}"))).unwrap(),
        }
    }
    run(&desk, 0);
    // What has quite other columns stays apart, and that is told as long as nothing reads it.
    desk.write("in/orders_rooms.csv", "room,seats,floor\nEast,20,1\n");
    run(&desk, 0);
    let said = all(&desk, 0, &["check"]);
    let told = "orders_rooms.csv: has different columns from orders_01.csv, and is the table `orders_rooms`";
    assert!(said.contains(told), "{said}");
}

#[test]
fn headings_that_are_called_otherwise_from_now_on_are_the_same_columns_if_config_says_so() {
    let desk = shop();
    let german = "Nr,Kunde,Datum,Betrag,Straße";
    let text = orders(51..=60, "sent").replace(HEADINGS, german);
    desk.write("in/orders_03.csv", super::importing::western(&text));
    let said = run(&desk, 0);
    assert!(
        said.contains("orders_03.csv: has different columns from orders_01.csv"),
        "{said}"
    );
    let config = desk.read("config.yaml");
    let says = |columns: &str| {
        let said = format!("  files:\n    orders_03.csv: {{ columns: {{ {columns} }} }}\n");
        desk.write("config.yaml", config.replace("  files:\n", &said));
    };
    says("Nr: order_no, Kunde: client_id, Datum: ordered_at, Summe: amount, Straße: state");
    let said = all(&desk, 2, &["import"]);
    let told = "orders_03.csv: it has no heading `Summe`, which `columns:` in config renames to `amount`; nothing was imported";
    assert!(said.contains(told), "{said}");
    says("Nr: order_no, Kunde: client_id, Datum: ordered_at, Betrag: amount, Straße: state");
    let said = all(&desk, 0, &["import"]);
    assert!(
        said.contains("orders_01.csv and 2 more files: 60 rows"),
        "{said}"
    );
    assert_eq!(
        value::<i64>(
            &desk,
            "select count(*) from orders where state = 'sent' and amount > 50"
        ),
        10
    );
    let tables = muster::connector::tables_in(&desk.path("in.db")).unwrap();
    assert_eq!(tables.join(" "), "clients orders");
}

/// A column that is called otherwise from now on takes no value away where config says so, in the words of the import.
#[test]
fn a_column_that_is_called_otherwise_is_told_in_the_form_of_config() {
    let desk = shop();
    let text = orders(41..=60, "sent").replace("state", "State of order");
    desk.write("in/orders_03.csv", text);
    let columns = "columns: { \"State of order\": \"state\" }";
    let told = format!(
        "orders_03.csv: has no column `state`, which orders_02.csv has: its rows keep the values of earlier rows with the same key, and are empty \
         where there are none; was it exported differently? It has `State of order`, which no file before it has: if that is the same column, write \
         `{columns}` for it"
    );
    let rules = "segments:\n  - { id: sent, when: 'exists(orders where state = \"sent\")' }\n";
    desk.write("rules/own.yaml", rules);
    for (exit, command) in [(0, "import"), (1, "check")] {
        let said = all(&desk, exit, &[command]);
        assert!(said.contains(&told), "{said}");
    }
    let config = desk.read("config.yaml");
    let files = format!("  files:\n    orders_03.csv: {{ {columns} }}\n");
    desk.write("config.yaml", config.replace("  files:\n", &files));
    let said = all(&desk, 0, &["import"]);
    assert!(!said.contains("has no column"), "{said}");
    all(&desk, 0, &["check"]);
    let sent = "select count(*) from orders where state = 'sent'";
    assert_eq!(value::<i64>(&desk, sent), 20);

    // With several new ones nothing tells which it is.
    let text = orders(61..=70, "sent").replace("state", "status");
    desk.write("in/orders_04.csv", text.replace("amount", "total"));
    let said = all(&desk, 0, &["import"]);
    let told = "It has `total`, `status`, which no file before it has: if one of its columns has another name there, write `columns:` for it";
    assert!(said.contains(told), "{said}");
}

#[test]
fn a_file_that_was_renamed_is_asked_for_by_its_new_name() {
    let desk = Desk::empty();
    desk.write("in/clients.csv", clients());
    desk.write("in/march.csv", orders(1..=60, "paid"));
    desk.expect(0, &["init", "in"]);
    run(&desk, 0);
    std::fs::rename(desk.path("in/march.csv"), desk.path("in/march-final.csv")).unwrap();
    let told = "`march-final.csv` is new and has the same headings: was `march.csv` renamed? Then rename it back, or write `march-final.csv: { \
                table: march }` under `import: files:`. If not: Put the file back";
    for command in ["check", "run"] {
        let said = all(&desk, 2, &[command]);
        assert!(said.contains(told), "{said}");
    }
    // As it says.
    let config = desk.read("config.yaml");
    let files = "  folder: in\n  files: { march-final.csv: { table: march } }\n";
    desk.write("config.yaml", config.replace("  folder: in\n", files));
    run(&desk, 0);
    // And where config names it.
    std::fs::rename(
        desk.path("in/march-final.csv"),
        desk.path("in/march_v3.csv"),
    )
    .unwrap();
    for command in ["check", "run"] {
        let said = all(&desk, 2, &[command]);
        assert!(
            said.contains("config names `march-final.csv` (config.yaml:5), but `in` has no readable file of that name: was it renamed to `march_v3.csv`? Then write that there"),
            "{said}"
        );
    }
    let config = desk.read("config.yaml");
    desk.write("config.yaml", config.replace("march-final", "march_v3"));
    run(&desk, 0);

    // Of several files the table has rows that could be gone with it.
    let desk = shop();
    std::fs::rename(desk.path("in/orders_02.csv"), desk.path("in/february.csv")).unwrap();
    let said = all(&desk, 2, &["run"]);
    assert!(
        said.contains("was `orders_02.csv` renamed? Then rename it back, or write `february.csv: { table: orders }` under `import: files:` and \
                       delete `in.db`"),
        "{said}"
    );
}

#[test]
fn a_file_with_nothing_but_a_total_or_headings_is_told() {
    let desk = shop();
    for (rows, told) in [
        (
            "",
            "orders_03.csv: has headings but no rows: was all of it exported?",
        ),
        (
            ",,,780.50,\n",
            "orders_03.csv: has only one row, which looks like a total: was all of it exported?",
        ),
    ] {
        desk.write("in/orders_03.csv", format!("{HEADINGS}\n{rows}"));
        for command in [&["import"][..], &["check"]] {
            let said = all(&desk, 0, command);
            assert!(said.contains(told), "{told}\n{said}");
        }
    }
    desk.write("in/orders_02.csv", format!("{HEADINGS}\nTotal,,,780.50,\n"));
    for command in ["check", "import", "run"] {
        let said = all(&desk, 2, &[command]);
        let told = "`orders_02.csv` held 30 rows of the table `orders` at the last import and has only one row now, which looks like a total";
        assert!(said.contains(told), "{said}");
    }
}

#[test]
fn lists_of_people_by_month_are_one_list_with_the_last_state_of_each() {
    let desk = Desk::empty();
    for month in 1..=3 {
        let row = |n: usize| {
            let plan = if n.is_multiple_of(month) {
                "gold"
            } else {
                "blue"
            };
            format!(
                "{n},{},c{n}@example.com,{plan},2024-{month:02}-{:02},{}\n",
                name(n),
                n % 28 + 1,
                n * month
            )
        };
        // Somebody leaves each month.
        let rows: String = (month..=30).map(row).collect();
        desk.write(
            &format!("in/clients_2024-{month:02}.csv"),
            format!("id,name,email,plan,last_visit,visits\n{rows}"),
        );
    }
    desk.write("in/orders.csv", orders(1..=60, "paid"));
    let said = desk.expect(0, &["init", "in"]).out;
    assert!(
        said.contains("clients_2024-01.csv and 2 more files: 30 rows"),
        "{said}"
    );
    assert!(!said.contains("another date"), "{said}");
    let config = desk.read("config.yaml");
    assert!(
        config.contains("\"clients_*.csv\": { table: clients, key: id }"),
        "{config}"
    );
    let said = all(&desk, 0, &["check"]);
    assert!(!said.contains("another date"), "{said}");
    assert_eq!(
        value::<i64>(&desk, "select visits from clients where id = 30"),
        90
    );
    assert_eq!(
        value::<i64>(&desk, "select visits from clients where id = 1"),
        1
    );
    // A fee that is billed each month to the same people is another one each time.
    let desk = Desk::empty();
    desk.write("in/clients.csv", clients());
    for month in 1..=3 {
        let row = |n: usize| format!("{n},{},2026-{month:02}-{:02},20.00\n", name(n), n % 28 + 1);
        let rows: String = (1..=30).map(row).collect();
        desk.write(
            &format!("in/fees_2026-{month:02}.csv"),
            format!("no,client,billed_at,amount\n{rows}"),
        );
    }
    desk.expect(0, &["init", "in"]);
    assert_eq!(value::<i64>(&desk, "select count(*) from fees"), 90);
}

#[test]
fn rows_are_the_same_once_that_are_stored_alike() {
    let desk = Desk::empty();
    desk.write("in/clients.csv", clients());
    let rows = "1001,1,2026-03-01,12.50,A1\n1002,2,2026-03-02,7.25,A1.0\n";
    desk.write("in/orders_a.csv", format!("{HEADINGS}\n{rows}"));
    let rows = "\"1,001\",1,2026-03-01,12.5,A1\n1002.0,2.0,2026-03-02, 7.25,A1\n\"1,003\",3,2026-03-03,5.75,B\n";
    desk.write("in/orders_b.csv", format!("{HEADINGS}\n{rows}"));
    desk.write(
        "config.yaml",
        "database: sqlite:in.db\nresults: sqlite:r.db\ntimezone: UTC\n\
         subject: { name: client, table: clients, key: id }\n\
         import: { folder: in, files: { \"orders_*.csv\": { table: orders, copies: once } } }\n",
    );
    let said = all(&desk, 0, &["import"]);
    let told = "  1 row is the same as a later row in every column and was left out (row 2)";
    assert!(said.contains(told), "{said}");
    assert_eq!(
        value::<String>(&desk, "select group_concat(order_no) from orders"),
        "1002,1001,1002,1003"
    );
}
