//! Files of one table, and cells, that are read as they are meant: nothing is lost, and nothing is refused that is right.

use super::desk::Desk;
use super::shop::{all, rows};

/// Clients and these files, of which those that are called orders are one table; what is said of it, and further collections.
fn shop(files: &[(&str, &str)], said: &str, others: &str) -> Desk {
    let of_orders = format!("    \"orders*.csv\": {{ table: orders{said} }}\n");
    super::shop::shop(files, &of_orders, others)
}

/// Orders of this month, numbered by these.
fn orders(month: u32, numbers: std::ops::RangeInclusive<u32>) -> String {
    let rows = numbers.map(|n| format!("{n},{},2026-{month:02}-{:02}\n", n % 20 + 1, n % 28 + 1));
    "no,client,at\n".to_owned() + &rows.collect::<String>()
}

#[test]
fn a_file_that_was_left_apart_and_is_named_is_imported_again_and_again() {
    let visits = "visit,client,at,room,seat\n1,1,2026-01-01,East,4\n2,2,2026-01-02,West,5\n";
    let files = [
        ("orders_1.csv", &*orders(1, 1..=9)),
        ("orders_2.csv", &*orders(2, 10..=19)),
        ("orders_rooms.csv", visits),
    ];
    let named = "  rooms: { table: orders_rooms, subject: client, at: at }\n";
    let desk = shop(&files, "", named);
    for n in 0..3 {
        desk.write("in/clients.csv", format!("id,name\n1,Ann\n2,Bob {n}\n"));
        let said = all(&desk, 0, &["import"]);
        assert!(said.contains("is the table `orders_rooms`"), "{said}");
        assert_eq!(rows(&desk, "orders_rooms"), 2);
    }
    // What it loses is told as ever.
    desk.write("in/orders_rooms.csv", "a,b,c\n1,2,3\n");
    let said = all(&desk, 2, &["import"]);
    let told = "`orders_rooms.csv` held 2 rows of the table `orders_rooms` at the last import and has none of its headings";
    assert!(said.contains(told), "{said}");
}

#[test]
fn a_file_of_another_kind_is_left_apart_although_it_is_the_first() {
    let files = [
        ("orders_1.csv", &*orders(1, 1..=9)),
        ("orders_2.csv", &*orders(2, 10..=19)),
        ("orders_3.csv", &*orders(3, 20..=29)),
    ];
    for said in ["", ", key: no"] {
        let desk = shop(&files, said, "");
        all(&desk, 0, &["import"]);
        desk.write("in/orders_0.csv", "code,meaning\na,b\nc,d\n");
        let told =
            "orders_0.csv: has different columns from orders_1.csv, and is the table `orders_0`";
        let said = all(&desk, 0, &["import"]);
        assert!(said.contains(told), "{said}");
        assert_eq!((rows(&desk, "orders"), rows(&desk, "orders_0")), (29, 2));
    }
}

#[test]
fn separators_behind_the_last_heading_are_no_columns_of_several_files() {
    let behind = orders(1, 1..=9).replace('\n', ",,,,\n");
    let files = [
        ("orders_1.csv", &*orders(2, 10..=19)),
        ("orders_2.csv", &*behind),
    ];
    let desk = shop(&files, "", "");
    let said = all(&desk, 0, &["import"]);
    assert!(!said.contains("column"), "{said}");
    assert_eq!(rows(&desk, "orders"), 19);
    assert_eq!(rows(&desk, "pragma_table_info('orders')"), 3);
    // What stands there is kept.
    desk.write("in/orders_2.csv", behind.replacen("-02,,", "-02,,gift", 1));
    all(&desk, 0, &["import"]);
    assert_eq!(rows(&desk, "pragma_table_info('orders')"), 5);
}

#[test]
fn codes_that_count_on_from_file_to_file_keep_their_zeros() {
    let codes = |numbers: std::ops::RangeInclusive<u32>| {
        let rows = numbers.map(|n| format!("3.{n},{},2026-01-01\n", n % 20 + 1));
        "version,client,at\n".to_owned() + &rows.collect::<String>()
    };
    for (second, mark) in [(codes(10..=21), ""), (codes(10..=21), "\u{e9}")] {
        let second = second.replace("client,at", &format!("client,at{mark}"));
        let first = codes(1..=9).replace("client,at", &format!("client,at{mark}"));
        let files = [("orders_1.csv", &*first), ("orders_2.csv", &*second)];
        let desk = shop(&files, ", key: version", "");
        all(&desk, 0, &["import"]);
        assert_eq!(rows(&desk, "orders"), 21);
        let desk = shop(&files, "", "");
        all(&desk, 0, &["import"]);
        assert_eq!(rows(&desk, "(select distinct version from orders)"), 21);
    }
}

#[test]
fn a_key_with_decimals_is_as_many_keys_as_are_written() {
    for (heading, said) in [("case_no", ""), ("CaseId", ""), ("folder", ", key: folder")] {
        let text = format!(
            "{heading},client,at,total\n7.1,1,2026-01-01,1.5\n7.10,2,2026-01-02,1.50\n7.50,3,2026-01-03,2.25\n7.75,4,2026-01-04,3.75\n"
        );
        let desk = shop(&[("orders.csv", &text)], said, "");
        let told = all(&desk, 0, &["import"]);
        assert_eq!(
            rows(&desk, &format!("(select distinct {heading} from orders)")),
            4
        );
        assert_eq!(rows(&desk, "orders where typeof(total) = 'real'"), 4);
        assert!(told.contains("with and without trailing zeros"), "{told}");
    }
    // Whole numbers that a program wrote with decimals are whole.
    let text = "order_no,client,at\n1.0,1,2026-01-01\n2.0,2,2026-01-02\n";
    let desk = shop(&[("orders.csv", text)], "", "");
    all(&desk, 0, &["import"]);
    assert_eq!(rows(&desk, "orders where typeof(order_no) <> 'text'"), 2);
}

#[test]
fn decimals_of_more_digits_than_a_number_keeps_stay_text() {
    for (amount, is_number) in [
        ("1.2345678901234567891", false),
        ("123456789012345.671", false),
        ("0.30000000000000004", true),
        ("12.50000000000000000000", true),
    ] {
        let text = format!("no,client,at,total\n1,1,2026-01-01,{amount}\n");
        let desk = shop(&[("orders.csv", &text)], "", "");
        all(&desk, 0, &["import"]);
        let numbers = rows(&desk, "orders where typeof(total) <> 'text'");
        assert_eq!(numbers, i64::from(is_number), "{amount}");
    }
}

#[test]
fn addresses_of_several_lines_are_no_rows() {
    let row = |n: u32| {
        format!(
            "{n},{},2026-01-01,\"Flat {n}\n{n} High Street, 4th Floor, 2 Mews, Leeds, UK\",c{n}@example.com\n",
            n % 20 + 1
        )
    };
    let text = "no,client,at,address,mail\n".to_owned() + &(1..=20).map(row).collect::<String>();
    for text in [text.clone(), text.replace(", ", ",")] {
        let desk = shop(&[("orders.csv", &text)], "", "");
        let said = all(&desk, 0, &["import"]);
        assert!(!said.contains("look like rows"), "{said}");
        assert_eq!(rows(&desk, "orders"), 20);
    }
}

#[test]
fn the_same_people_by_their_names_are_the_same_at_each_init() {
    let first = "client_id,first_name,points,level\n1,Anna,10,1\n2,Anna,20,2\n3,Anna,30,3\n4,Bob,40,4\n5,Eve,45,9\n";
    let second = "client_id,first_name,points,level\n1,Anna,11,5\n2,Anna,22,6\n3,Anna,33,7\n4,Bob,44,8\n6,Zoe,55,11\n";
    for _ in 0..12 {
        let desk = Desk::empty();
        desk.write("in/clients_2025-01.csv", first);
        desk.write("in/clients_2025-02.csv", second);
        all(&desk, 0, &["init", "in"]);
        let config = desk.read("config.yaml");
        assert!(config.contains("key: client_id }"), "{config}");
        assert_eq!(rows(&desk, "clients"), 6);
    }
}

#[test]
fn a_year_in_parentheses_is_no_second_download() {
    let files = [
        ("orders (2025).csv", &*orders(1, 1..=9)),
        ("orders (2026).csv", &*orders(2, 10..=19)),
        ("orders (1).csv", "a,b\n1,2\n"),
    ];
    let desk = shop(&files[..2], "", "");
    all(&desk, 0, &["import"]);
    assert_eq!(rows(&desk, "orders"), 19);
    let desk = shop(&files, "", "");
    std::fs::remove_file(desk.path("config.yaml")).unwrap();
    all(&desk, 0, &["init", "in"]);
    assert_eq!(rows(&desk, "orders"), 19);
}

#[test]
fn what_a_pattern_says_holds_for_a_file_with_a_line_of_its_own() {
    let files = [
        ("orders_1.csv", "nr;kunde;at\n1;1;2026-01-01\n"),
        ("orders_2.csv", "nr;kunde;at\n2;2;2026-01-02\n"),
    ];
    let said = ", separator: semicolon, columns: { nr: no, kunde: client }";
    let desk = shop(&files, said, "");
    let config = desk.read("config.yaml") + "    orders_2.csv: { encoding: windows-1252 }\n";
    desk.write("config.yaml", config);
    all(&desk, 0, &["import"]);
    assert_eq!(rows(&desk, "orders where client > 0"), 2);
}

/// A column that points at a key is read as the key is, whatever it is called: there `7.10` is not `7.1`.
#[test]
fn what_points_at_a_key_is_read_as_keys_are() {
    let ids = ["7.1", "7.10", "7.2", "7.50"];
    let clients: String = ids.iter().map(|id| format!("{id},Ann {id}\n")).collect();
    let orders: String = (1..)
        .zip(ids.iter().cycle().take(40))
        .map(|(n, id)| format!("{n},{id},2026-03-{:02}\n", n % 28 + 1))
        .collect();
    let orders = format!("no,buyer,at\n{orders}");
    let desk = shop(&[("orders_1.csv", &orders)], "", "");
    let config = desk.read("config.yaml");
    desk.write(
        "config.yaml",
        config.replace("subject: client,", "subject: buyer,"),
    );
    desk.write("in/clients.csv", format!("id,name\n{clients}"));
    desk.write(
        "rules/all.yaml",
        "segments: [{ id: ten, when: count(orders) = 10 }]\n",
    );
    desk.expect(0, &["run", "--as-of", "2026-06-01"]);
    assert_eq!(desk.size("ten"), 4);
    // What config joins by is a part of how files are read.
    desk.write(
        "config.yaml",
        config.replace("subject: client,", "subject: no,"),
    );
    let said = all(&desk, 0, &["check"]);
    assert!(said.contains("or config reads them differently"), "{said}");
    // Nobody has the number of an order.
    let said = all(&desk, 1, &["run", "--as-of", "2026-06-01"]);
    let told = "imported, because the files, or what config says of them, have changed:";
    assert!(said.contains(told), "{said}");
}

/// A column is read as a key, or as a time, in the table in which config says so, and not in others that have one of the same name.
#[test]
fn what_config_says_of_a_column_is_of_its_table() {
    let rated: String = (1..=20)
        .map(|n| format!("{n},{n},2026-01-{n:02},7.1\n"))
        .collect();
    let orders = format!(
        "no,client,at,vat\n{}",
        rated.replace("20,7.1\n", "20,7.10\n")
    );
    let prices: String = (1..=20)
        .map(|n| {
            format!(
                "{n},{n},2026-01-{n:02},{n}.5{}\n",
                if n % 2 == 0 { "0" } else { "" }
            )
        })
        .collect();
    let jobs = format!("job,client,at,rate\n{prices}");
    let notes = |month: &str| {
        let rows = (1..=20).map(|n| format!("{n},{}\n", month.replace("DD", &format!("{n:02}"))));
        "note,at\n".to_owned() + &rows.collect::<String>()
    };
    let files = [
        ("orders.csv", &*orders),
        ("rates.csv", "rate,label\n7.1,low\n7.10,none\n19.5,high\n"),
        ("jobs.csv", &*jobs),
        ("notes_1.csv", &*notes("2026-01-DD")),
        ("notes_2.csv", &*notes("2026-02-DD")),
        ("notes_3.csv", &*notes("03/DD/2026")),
    ];
    let said = "    \"notes_*.csv\": { table: notes }\n";
    let desk = super::shop::shop(
        &files,
        said,
        "  jobs: { table: jobs, subject: client, at: at }\n",
    );
    let config = desk.read("config.yaml").replace(
        "table: orders, subject: client, at: at",
        "table: orders, subject: client, at: at, lookups: { of_vat: { table: Rates, key: Rate, by: vat } }",
    );
    desk.write("config.yaml", &config);
    desk.write(
        "rules/all.yaml",
        "segments: [{ id: low, when: exists(orders where of_vat.label = \"low\") }, { id: dear, when: sum(jobs.rate) > 10 }]\n",
    );
    // Nothing reads the notes, one month of which has other days.
    for command in [
        &["import"][..],
        &["check"],
        &["run", "--as-of", "2026-06-01"],
    ] {
        let said = all(&desk, 0, command);
        assert!(!said.contains("`at` has times"), "{said}");
    }
    assert_eq!((desk.size("low"), desk.size("dear")), (19, 11));
    // Once something does, they have to be as config says.
    let read = config.replace(
        "  jobs:",
        "  notes: { table: Notes, subject: note, at: at }\n  jobs:",
    );
    desk.write("config.yaml", read);
    let said = all(&desk, 1, &["import"]);
    assert!(said.contains("notes_3.csv: `at` has times"), "{said}");
}

/// A column behind a lookup is one of the table in which it finds rows.
#[test]
fn what_a_lookup_finds_is_read_as_keys_are() {
    let ids = ["7.1", "7.10", "7.2", "7.50"];
    let rows = |row: &dyn Fn(usize, &str) -> String| -> String {
        (1..=40)
            .zip(ids.iter().cycle())
            .map(|(n, id)| row(n, id))
            .collect()
    };
    let lines = rows(&|n, _| format!("{n},{n},1.5\n"));
    let bills = rows(&|n, id| format!("{n},{id},2026-03-{:02}\n", n % 28 + 1));
    let files = [
        ("orders.csv", &*format!("line,bill,amount\n{lines}")),
        ("bills.csv", &*format!("no,buyer,at\n{bills}")),
    ];
    let desk = super::shop::shop(&files, "    orders.csv: {}\n", "");
    let clients: String = ids.iter().map(|id| format!("{id},Ann {id}\n")).collect();
    desk.write("in/clients.csv", format!("id,name\n{clients}"));
    let config = desk.read("config.yaml").replace(
        "subject: client, at: at",
        "subject: of.buyer, at: of.at, lookups: { of: { table: bills, key: no, by: bill } }",
    );
    desk.write("config.yaml", config);
    desk.write(
        "rules/all.yaml",
        "segments: [{ id: ten, when: count(orders) = 10 }]\n",
    );
    desk.expect(0, &["run", "--as-of", "2026-06-01"]);
    assert_eq!(desk.size("ten"), 4);
}
