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
        said.contains("b.xlsx: it would be the table `Clients`, which a.xlsx already is: write `sheets: by_name` for both, if sheets of one name are one table"),
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

/// A sheet of lessons by their numbers, one day after the other.
fn lessons(numbers: std::ops::RangeInclusive<usize>) -> String {
    const HEADINGS: [&str; 5] = ["lesson_no", "client_id", "held_at", "fee", "state"];
    let rows = (2..).zip(numbers).map(|(at, n)| {
        let cells = [
            format!("L{n}"),
            format!("number:{}", n % 12 + 1),
            format!("day:{}", 46_020 + n),
            format!("number:{n}"),
            "held".to_owned(),
        ];
        row(at, &cells.each_ref().map(String::as_str))
    });
    row(1, &HEADINGS) + &rows.collect::<String>()
}

/// A sheet of twelve clients.
fn clients() -> String {
    let rows = (1..=12).map(|n| {
        let (name, mail) = (format!("Zoë {n}"), format!("z{n}@example.com"));
        row(n + 1, &[&format!("number:{n}"), &name, &mail])
    });
    row(1, &["id", "name", "email"]) + &rows.collect::<String>()
}

/// A sheet that adds up months.
fn summary() -> String {
    row(1, &["Month", "Total"]) + &row(2, &["January", "number:100"])
}

/// A folder with a workbook of these sheets.
fn bookings(sheets: &[(&str, &str)]) -> Desk {
    let desk = Desk::empty();
    desk.write("in/Bookings.xlsx", workbook(sheets));
    desk
}

/// Writes a config that says this of files.
fn say(desk: &Desk, files: &str) {
    let text = "database: sqlite:in.db\nresults: sqlite:r.db\ntimezone: UTC\n\
                subject: { name: client, table: Clients, key: id }\n\
                collections: { lessons: { table: Bookings, subject: client_id, at: held_at } }\n";
    let import = format!("import: {{ folder: in, files: {{ {files} }} }}\n");
    desk.write("config.yaml", text.to_owned() + &import);
}

#[test]
fn sheets_that_are_called_by_their_month_are_one_table_and_so_are_later_ones() {
    let (january, february, march) = (lessons(1..=30), lessons(31..=60), lessons(61..=90));
    let april = row(1, &["lesson_no", "client_id", "held_at", "fee", "state"]);
    let (clients, summary) = (clients(), summary());
    let mut sheets = vec![
        ("Clients", clients.as_str()),
        ("Summary", &summary),
        ("March", &march),
        ("April", &april),
        ("February", &february),
        ("January", &january),
        ("Notes", ""),
    ];
    let desk = bookings(&sheets);
    let said = desk.expect(0, &["init", "in"]).out;
    for line in [
        "Bookings.xlsx (4 sheets): 90 rows",
        "  Bookings.xlsx (sheet `January`): 30 rows",
        "  Bookings.xlsx (sheet `February`): 30 rows; its row 1 is row 32",
        "  Bookings.xlsx (sheet `March`): 30 rows; its row 1 is row 63",
        "  Bookings.xlsx (sheet `April`): 0 rows; its row 1 is row 94",
        "Bookings.xlsx (sheet `Clients`): 12 rows, as table `Clients`",
        "Bookings.xlsx (sheet `Summary`): has different columns from Bookings.xlsx (sheet `January`), and is the table `Summary`",
        "Bookings.xlsx (sheet `Notes`): left out: it is empty",
    ] {
        assert!(said.contains(&format!("{line}\n")), "{line}\n{said}");
    }
    assert!(
        said.contains("the names of the next year's sheets"),
        "{said}"
    );
    let config = desk.read("config.yaml");
    assert!(
        config.contains("    Bookings.xlsx: { sheets: together }\n"),
        "{config}"
    );
    assert_eq!(count(&desk, "select sum(fee) from Bookings"), 4_095);
    // Row 3 of the sheet `February`.
    let sql = "select rowid from Bookings where lesson_no = 'L32'";
    assert_eq!(count(&desk, sql), 34);
    let said = desk.expect(0, &["check"]);
    let said = said.out + &said.err;
    assert!(!said.contains("Bookings.xlsx"), "{said}");
    desk.expect(0, &["run", "--as-of", "2026-06-01"]);

    // A month that is filled in, and one that is new.
    let (april, may) = (lessons(91..=100), lessons(101..=110));
    sheets[3] = ("April", &april);
    sheets.push(("May", &may));
    desk.write("in/Bookings.xlsx", workbook(&sheets));
    let said = desk.expect(0, &["run", "--accept", "--as-of", "2026-07-01"]);
    assert!(
        said.err.contains("Bookings.xlsx (5 sheets): 110 rows"),
        "{said:?}"
    );
    assert_eq!(count(&desk, "select count(*) from Bookings"), 110);

    // One that is gone is missed, and one that is called otherwise.
    let all = sheets.clone();
    sheets.retain(|(name, _)| *name != "February");
    desk.write("in/Bookings.xlsx", workbook(&sheets));
    let gone = "`in.db` has rows of `Bookings.xlsx` (sheet `February`) in the table `Bookings` from an earlier import, and `Bookings.xlsx` no \
                longer has such a sheet, or it is hidden; nothing was imported. Put the sheet back";
    for command in [
        &["run", "--as-of", "2026-07-02"][..],
        &["import"],
        &["check"],
    ] {
        let said = desk.expect(2, command).err;
        assert!(said.contains(gone), "{said}");
    }
    sheets.push(("Feb", &february));
    desk.write("in/Bookings.xlsx", workbook(&sheets));
    let said = desk.expect(2, &["import"]).err;
    let renamed = "Its sheet `Feb` is new and has the same headings: was `February` renamed?";
    assert!(said.contains(renamed), "{said}");
    // So is one that has lost its rows, or its headings.
    for (sheet, told) in [
        (
            "",
            "(sheet `February`) held 30 rows of the table `Bookings` at the last import and is empty now",
        ),
        (
            &summary,
            "now has different columns from Bookings.xlsx (sheet `January`), so it would be a table of its own",
        ),
    ] {
        sheets = all.clone();
        sheets[4] = ("February", sheet);
        desk.write("in/Bookings.xlsx", workbook(&sheets));
        let said = desk.expect(2, &["import"]).err;
        assert!(said.contains(told), "{told}\n{said}");
    }
    assert_eq!(count(&desk, "select count(*) from Bookings"), 110);
    desk.write("in/Bookings.xlsx", workbook(&all));
    desk.expect(0, &["run", "--as-of", "2026-07-02"]);
    // And what is a table apart is missed where config reads it.
    let without: Vec<(&str, &str)> = all
        .iter()
        .copied()
        .filter(|(name, _)| *name != "Clients")
        .collect();
    desk.write("in/Bookings.xlsx", workbook(&without));
    let said = desk.expect(2, &["import"]).err;
    assert!(
        said.contains("`in.db` has the table `Clients` from an earlier import"),
        "{said}"
    );
}

#[test]
fn sheets_of_quarters_and_numbers_are_one_table_in_their_order() {
    for (two, one) in [
        ("Q2", "Q1"),
        ("2026-01", "2025-12"),
        ("10", "9"),
        ("2026", "2025"),
        ("Jan-26", "Dez-25"),
    ] {
        let (later, earlier) = (lessons(31..=60), lessons(1..=30));
        let desk = bookings(&[(two, &later), (one, &earlier), ("Clients", &clients())]);
        desk.expect(0, &["init", "in"]);
        let config = desk.read("config.yaml");
        assert!(
            config.contains("Bookings.xlsx: { sheets: together }"),
            "{config}"
        );
        let sql = "select min(fee) from Bookings where rowid < 10";
        assert_eq!(count(&desk, sql), 1, "{one}");
    }
}

#[test]
fn sheets_of_which_one_may_hold_all_rows_again_stay_tables() {
    let (one, two, all) = (lessons(1..=30), lessons(31..=60), lessons(1..=60));
    let desk = bookings(&[
        ("January", &one),
        ("February", &two),
        ("All", &all),
        ("Clients", &clients()),
    ]);
    let said = desk.expect(0, &["init", "in", "--table", "Clients"]).out;
    let config = desk.read("config.yaml");
    assert!(!config.contains("together"), "{config}");
    let told = "Bookings.xlsx: its sheets `January` and `February` are tables of their own, as `All` has the same columns, and its rows may repeat \
                theirs: hide it or move it to another workbook";
    assert!(said.contains(told), "{said}");
}

#[test]
fn workbooks_of_years_with_sheets_of_months_are_one_table() {
    let desk = Desk::empty();
    let book = |year: usize| {
        let (january, february) = (
            lessons(year * 40 + 1..=year * 40 + 20),
            lessons(year * 40 + 20..=year * 40 + 40),
        );
        workbook(&[
            ("February", &february),
            ("January", &january),
            ("Summary", &summary()),
        ])
    };
    desk.write("in/clients.xlsx", workbook(&[("Clients", &clients())]));
    desk.write("in/lessons 2024.xlsx", book(0));
    desk.write("in/lessons 2025.xlsx", book(1));
    let said = desk.expect(0, &["init", "in"]).out;
    let config = desk.read("config.yaml");
    assert!(
        config.contains(
            "    \"lessons *.xlsx\": { table: lessons, sheets: together, key: lesson_no }\n"
        ),
        "{config}"
    );
    for line in [
        "lessons 2024.xlsx and 1 more file (4 sheets): 80 rows, as table `lessons`",
        "lessons 2025.xlsx (sheet `Summary`): has different columns from lessons 2024.xlsx (sheet `January`), and is the table `lessons 2025 \
         Summary`",
    ] {
        assert!(said.contains(&format!("{line}\n")), "{line}\n{said}");
    }
    assert!(!said.contains("no years"), "{said}");
    let sql = "select group_concat(distinct cast(fee / 20 as integer)) = '0,1,2,3,4' from lessons";
    assert_eq!(count(&desk, sql), 1);
    desk.expect(0, &["check"]);
    desk.write("in/lessons 2026.xlsx", book(2));
    desk.expect(0, &["run", "--as-of", "2026-07-02"]);
    assert_eq!(count(&desk, "select count(*) from lessons"), 120);
}

#[test]
fn what_is_said_of_files_of_one_table_can_be_said_of_sheets() {
    let list = |from: usize, state: &str| {
        let rows = (from..from + 4)
            .zip(2..)
            .map(|(n, at)| row(at, &[&format!("number:{n}"), &format!("Ann {n}"), state]));
        row(1, &["id", "name", "state"]) + &rows.collect::<String>()
    };
    let (one, two, later) = (
        list(1, "new"),
        list(3, "old"),
        row(1, &["id", "name", "state"]),
    );
    let desk = Desk::empty();
    let book = workbook(&[("February", &two), ("January", &one), ("March", &later)]);
    desk.write("in/Clients.xlsx", book);
    let counted = |said: &str, sql: &str| {
        let text = "database: sqlite:in.db\nresults: sqlite:r.db\ntimezone: UTC\n\
                    subject: { name: client, table: Clients, key: id }\n";
        let import = format!(
            "import: {{ folder: in, files: {{ Clients.xlsx: {{ sheets: together{said} }} }} }}\n"
        );
        desk.write("config.yaml", text.to_owned() + &import);
        let out = desk.expect(0, &["import"]).out;
        (out, count(&desk, sql))
    };
    let (out, rows) = counted(
        ", key: id",
        "select count(*) from Clients where state = 'old'",
    );
    assert_eq!(rows, 4);
    assert_eq!(count(&desk, "select count(*) from Clients"), 6);
    for told in [
        "2 rows have the key of a later row with other values and were left out (rows 4, 5)",
        "Clients.xlsx (sheet `February`): 2 keys of earlier sheets are not in it: their rows stay; with `rows: last_file`, only this sheet is imported",
    ] {
        assert!(out.contains(told), "{told}\n{out}");
    }
    let (out, rows) = counted(", rows: last_file", "select count(*) from Clients");
    assert_eq!(rows, 4);
    for line in [
        "Clients.xlsx (sheet `March`): not read, as it has no rows yet",
        "Clients.xlsx (sheet `January`): not read, as config takes only the last sheet, Clients.xlsx (sheet `February`)",
    ] {
        assert!(out.contains(line), "{line}\n{out}");
    }
    let (_, rows) = counted(
        ", columns: { state: standing }",
        "select count(standing) from Clients",
    );
    assert_eq!(rows, 8);
    let said = "sheets: together, columns: { nix: standing }";
    say(&desk, &format!("Clients.xlsx: {{ {said} }}"));
    let said = desk.expect(2, &["import"]).err;
    assert!(
        said.contains("none of its sheets has a heading `nix`"),
        "{said}"
    );
}

#[test]
fn a_sheet_of_a_month_that_is_unlike_the_others_is_told_and_one_without_headings_refused() {
    let (january, february) = (lessons(1..=30), lessons(31..=60));
    let odd =
        row(1, &["no", "who", "when", "what"]) + &row(2, &["L61", "number:3", "day:46100", "x"]);
    let (clients, summary) = (clients(), summary());
    let desk = bookings(&[
        ("January", &january),
        ("February", &february),
        ("March", &odd),
        ("Clients", &clients),
        ("Summary", &summary),
    ]);
    say(&desk, "Bookings.xlsx: { sheets: together }");
    let told = "Bookings.xlsx (sheet `March`): has different columns from Bookings.xlsx (sheet `January`), and is the table `March`";
    let said = desk.expect(0, &["import"]);
    assert!(said.out.contains(told), "{said:?}");
    let said = desk.expect(0, &["check"]).err;
    assert!(said.contains(told), "{said}");
    assert!(!said.contains("Summary"), "{said}");

    // A note beside the months has no headings, and a month needs them.
    let note = row(1, &["number:1", "number:2"]);
    let lost = lessons(61..=70).replace(
        &row(1, &["lesson_no", "client_id", "held_at", "fee", "state"]),
        "",
    );
    for (name, sheet, code) in [("Notes", &note, 0), ("March", &lost, 2)] {
        let desk = bookings(&[
            ("January", &january),
            ("February", &february),
            (name, sheet),
            ("Clients", &clients),
        ]);
        say(&desk, "Bookings.xlsx: { sheets: together }");
        let said = desk.expect(code, &["import"]);
        let told = match code {
            0 => "(sheet `Notes`): has different columns",
            _ => {
                "(sheet `March`): its first line looks like data, and Bookings.xlsx (sheet `January`), of the same table, has headings"
            }
        };
        assert!((said.out.clone() + &said.err).contains(told), "{said:?}");
    }
}

#[test]
fn totals_below_the_months_are_no_rows_that_are_listed_again() {
    let month = |first: usize| {
        let rows = (first..first + 20).zip(2..).map(|(n, at)| {
            let (day, client) = (
                format!("day:{}", 46_023 + n),
                format!("number:{}", n % 12 + 1),
            );
            row(at, &[&day, &client, "Cut", &format!("number:{n}")])
        });
        let rows: String = rows.collect();
        row(1, &["Date", "Client", "Service", "Amount"])
            + &rows
            + &row(23, &["Total", "", "", "number:500"])
    };
    let (january, february) = (month(1), month(32));
    let desk = bookings(&[
        ("January", &january),
        ("February", &february),
        ("Clients", &clients()),
    ]);
    desk.expect(0, &["init", "in"]);
    let config = desk.read("config.yaml");
    assert!(
        config.contains("Bookings.xlsx: { sheets: together }"),
        "{config}"
    );
    assert_eq!(count(&desk, "select count(*) from Bookings"), 42);
}

#[test]
fn a_text_file_is_one_table_with_the_sheets_of_a_workbook() {
    let desk = Desk::empty();
    let (january, february) = (lessons(1..=30), lessons(31..=60));
    let book = workbook(&[("January", &january), ("February", &february)]);
    desk.write("in/lessons 2023.xlsx", book);
    let rows = (61..=90).map(|n| format!("L{n},{},2026-05-{:02},{n},held\n", n % 12 + 1, n - 60));
    let text = "lesson_no,client_id,held_at,fee,state\n".to_owned() + &rows.collect::<String>();
    desk.write("in/lessons 2024.csv", text);
    desk.write("in/clients.xlsx", workbook(&[("Clients", &clients())]));
    desk.expect(0, &["init", "in"]);
    let config = desk.read("config.yaml");
    for line in [
        "    lessons 2023.xlsx: { table: lessons, sheets: together }\n",
        "    lessons 2024.csv: { table: lessons }\n",
    ] {
        assert!(config.contains(line), "{line}\n{config}");
    }
    assert_eq!(count(&desk, "select sum(fee) from lessons"), 4_095);
    desk.expect(0, &["check"]);
}

/// Two sheets, and rows of each of three years beside them: of gifts, and of what else is named.
fn years(more: &[(&str, &str)]) -> Desk {
    let year = |year: usize| {
        let rows = (1..=20).map(|n| {
            let (no, day) = (format!("G{year}{n:02}"), 45_000 + 365 * (year - 2024) + n);
            let cells = [
                &no,
                &format!("number:{}", n % 12 + 1),
                &format!("day:{day}"),
                "number:50",
            ];
            row(n + 1, &cells)
        });
        row(1, &["gift_no", "client_id", "given_on", "amount"]) + &rows.collect::<String>()
    };
    let (one, two, three) = (year(2024), year(2025), year(2026));
    let clients = clients();
    let mut sheets = vec![
        ("Clients", clients.as_str()),
        ("Gifts 2026", &three),
        ("Gifts 2024", &one),
        ("Gifts 2025", &two),
    ];
    sheets.extend(more);
    bookings(&sheets)
}

/// Events, and who came.
fn events() -> [String; 2] {
    let held = (1..=6).map(|n| {
        let (no, day) = (format!("E{n:02}"), format!("day:{}", 45_900 + 20 * n));
        row(n + 1, &[&no, &format!("Gala {n}"), &day])
    });
    let came = (1..=30).map(|n| {
        let (event, client) = (
            format!("E{:02}", 1 + n % 6),
            format!("number:{}", 1 + n % 12),
        );
        row(n + 1, &[&format!("A{n:03}"), &event, &client, "Y"])
    });
    [
        row(1, &["Event ID", "Event", "Event Date"]) + &held.collect::<String>(),
        row(1, &["Attendee ID", "Event ID", "client_id", "Checked In"]) + &came.collect::<String>(),
    ]
}

#[test]
fn sheets_of_years_with_a_word_beside_them_are_one_table_beside_others() {
    let [events, attendees] = events();
    let desk = years(&[("Events", &events), ("Attendees", &attendees)]);
    let said = desk.expect(0, &["init", "in"]).out;
    let config = desk.read("config.yaml");
    for lines in [
        "    Bookings.xlsx: { table: Gifts, sheets: together }\n",
        "  gifts:\n    table: Gifts\n    subject: client_id\n    key: gift_no\n    at: given_on\n",
        // Who came has no time of its own.
        "    table: Attendees\n    subject: client_id\n    key: Attendee ID\n    at: event.Event Date\n",
        "      event: { table: Events, key: Event ID, by: Event ID, types: { Event Date: date } }\n",
    ] {
        assert!(config.contains(lines), "{lines}{config}");
    }
    assert!(
        said.contains("Bookings.xlsx (3 sheets): 60 rows, as table `Gifts`"),
        "{said}"
    );
    assert_eq!(count(&desk, "select count(*) from Gifts"), 60);
    assert_eq!(count(&desk, "select count(*) from Clients"), 12);
    desk.expect(0, &["check"]);
    let run = desk.expect(0, &["run", "--as-of", "2026-06-01"]).err;
    assert!(!run.contains("no time"), "{run}");

    // Next year's sheet belongs to them.
    let next = row(1, &["gift_no", "client_id", "given_on", "amount"])
        + &row(2, &["G202701", "number:1", "day:46400", "number:50"]);
    let desk = years(&[("Gifts 2027", &next)]);
    desk.expect(0, &["init", "in"]);
    assert_eq!(count(&desk, "select count(*) from Gifts"), 61);
}

#[test]
fn sheets_that_look_like_one_table_and_are_none_are_told() {
    let pledges = |n: usize| {
        row(1, &["pledge", "donor", "promised", "due"])
            + &row(2, &[&format!("P{n}"), "number:1", "day:46000", "number:5"])
    };
    let (one, two) = (pledges(1), pledges(2));
    let odd = row(1, &["no", "who", "when", "what"]) + &row(2, &["x", "y", "z", "w"]);
    let gifts = row(1, &["gift_no", "client_id", "given_on", "amount"])
        + &row(2, &["G202401", "number:2", "day:45001", "number:50"]);
    for (more, told) in [
        (
            vec![("Pledges 2025", one.as_str()), ("Pledges 2026", &two)],
            "its sheets `Pledges 2025` and `Pledges 2026` are tables of their own, as of one workbook the sheets can be one table: move them to a \
             workbook of their own, with `sheets: together`",
        ),
        (
            vec![("Gifts 2023", odd.as_str())],
            "its sheets `Gifts 2023` to `Gifts 2026` are tables of their own, as",
        ),
        (
            vec![("All gifts", gifts.as_str())],
            "its sheets `Gifts 2024` to `Gifts 2026` are tables of their own, as `All gifts` has the same columns",
        ),
    ] {
        let desk = years(&more);
        let said = desk.expect(0, &["init", "in", "--table", "Clients"]).out;
        assert!(said.contains(told), "{told}\n{said}");
        let is_one = desk
            .read("config.yaml")
            .contains("table: Gifts, sheets: together");
        assert_eq!(is_one, more.len() == 2, "{said}");
    }
}

#[test]
fn sheets_that_nobody_named_are_called_as_their_workbook() {
    let (one, two) = (lessons(1..=30), lessons(31..=60));
    let desk = Desk::empty();
    desk.write("in/clients.xlsx", workbook(&[("Clients", &clients())]));
    desk.write(
        "in/Lessons.xlsx",
        workbook(&[("Sheet1", &one), ("Sheet2", &two)]),
    );
    desk.expect(0, &["init", "in"]);
    let config = desk.read("config.yaml");
    assert!(
        config.contains("    Lessons.xlsx: { sheets: together }\n"),
        "{config}"
    );
    assert_eq!(count(&desk, "select count(*) from Lessons"), 60);
}
