//! What an import must not pass over in silence: files in the order of their dates, tables that another file would take, cells that a spreadsheet has
//! emptied or turned.

use super::desk::Desk;
use super::importing::{row, workbook};

const CONFIG: &str = "database: sqlite:in.db\nresults: sqlite:r.db\ntimezone: UTC\n\
                      subject: { name: client, table: clients, key: id }\n";

fn count(desk: &Desk, sql: &str) -> i64 {
    let connection = rusqlite::Connection::open(desk.path("in.db")).unwrap();
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn dates_without_separators_put_files_in_order_whatever_stands_first() {
    for [december, january, february] in [
        ["31122025", "31012026", "28022026"],
        ["12312025", "01312026", "02282026"],
        ["12-31-2025", "01-31-2026", "02-28-2026"],
    ] {
        let desk = Desk::empty();
        let state = |of: &str| format!("id,name,status\n1,Ann,{of}\n2,Bob,active\n");
        desk.write(&format!("in/clients_{december}.csv"), state("new"));
        desk.write(&format!("in/clients_{january}.csv"), state("active"));
        desk.write(&format!("in/clients_{february}.csv"), state("left"));
        for files in ["key: id", "rows: last_file"] {
            let files = format!("\"clients_*.csv\": {{ table: clients, {files} }}");
            let import = format!("import: {{ folder: in, files: {{ {files} }} }}\n");
            desk.write("config.yaml", CONFIG.to_owned() + &import);
            desk.expect(0, &["import"]);
            let left = "select count(*) from clients where status = 'left'";
            assert_eq!(count(&desk, left), 1, "{february} {files}");
        }
    }
}

#[test]
fn dates_of_which_the_day_could_be_the_month_are_told() {
    for names in [["05012026", "03022026"], ["311225", "280226"]] {
        let desk = Desk::empty();
        for (name, of) in names.iter().zip(["active", "left"]) {
            let text = format!("id,name,status\n1,Ann,{of}\n2,Bob,active\n");
            desk.write(&format!("in/clients_{name}.csv"), text);
        }
        for (files, words) in [
            ("key: id", "is read as the latest file, after"),
            ("rows: last_file", "is taken as the last file"),
        ] {
            let files = format!("\"clients_*.csv\": {{ table: clients, {files} }}");
            let import = format!("import: {{ folder: in, files: {{ {files} }} }}\n");
            desk.write("config.yaml", CONFIG.to_owned() + &import);
            let said = desk.expect(1, &["import"]).out;
            let why = "dates whose day could also be the month";
            assert!(said.contains(words) && said.contains(why), "{said}");
        }
    }
}

#[test]
fn rows_that_a_corrected_file_lacks_are_told() {
    let desk = Desk::empty();
    let rows = |numbers: &[u32], fee: u32| {
        let rows = numbers
            .iter()
            .map(|n| format!("{n},1,2026-08-0{n},{fee}\n"));
        "no,client,at,fee\n".to_owned() + &rows.collect::<String>()
    };
    desk.write("in/clients.csv", "id,name\n1,Ann\n");
    desk.write("in/visits_2026-08.csv", rows(&[1, 2, 3, 4, 5], 10));
    desk.write("in/visits_2026-08 corrected.csv", rows(&[1, 2, 4, 5], 20));
    let import =
        "import: { folder: in, files: { \"visits_*.csv\": { table: visits, key: no } } }\n";
    desk.write("config.yaml", CONFIG.to_owned() + import);
    let said = desk.expect(0, &["import"]).out;
    let told = "visits_2026-08 corrected.csv: 1 of the 5 rows of visits_2026-08.csv is not in it and stays";
    assert!(said.contains(told), "{said}");
    assert_eq!(count(&desk, "select sum(fee) from visits"), 90);
}

#[test]
fn a_sheet_keeps_its_table_when_a_second_workbook_comes() {
    let people = |count: usize| {
        let rows = (1..=count).map(|n| row(n + 1, &[&format!("number:{n}"), &format!("Zoë {n}")]));
        row(1, &["id", "name"]) + &rows.collect::<String>()
    };
    let month = |month: usize| {
        let rows = (1..=20).map(|n| {
            let (no, at) = (month * 100 + n, 46_020 + month * 30 + n);
            row(
                n + 1,
                &[&format!("number:{no}"), "number:1", &format!("day:{at}")],
            )
        });
        row(1, &["no", "client_id", "at"]) + &rows.collect::<String>()
    };
    let book = |count| {
        let (people, one, two) = (people(count), month(1), month(2));
        workbook(&[("Clients", &people), ("January", &one), ("February", &two)])
    };
    let desk = Desk::empty();
    desk.write("in/clinic.xlsx", book(12));
    desk.expect(0, &["init", "in"]);
    assert!(desk.read("config.yaml").contains("sheets: together"));
    desk.expect(0, &["run", "--as-of", "2026-06-01"]);
    desk.write("in/clinic (1).xlsx", book(8));
    for command in [
        &["run", "--as-of", "2026-06-02"][..],
        &["import"],
        &["check"],
    ] {
        let said = desk.expect(2, command).err;
        let told = "the table `Clients` is made of `clinic.xlsx` (sheet `Clients`), and `clinic (1).xlsx` would take its place; nothing was imported";
        assert!(said.contains(told), "{said}");
    }
    assert_eq!(count(&desk, "select count(*) from Clients"), 12);
    std::fs::remove_file(desk.path("in/clinic (1).xlsx")).unwrap();
    desk.expect(0, &["run", "--as-of", "2026-06-02"]);
}

#[test]
fn a_hidden_month_is_told() {
    let month = |month: usize| {
        let rows = (1..=3).map(|n| row(n + 1, &[&format!("number:{}", month * 10 + n), "Zoë"]));
        row(1, &["id", "name"]) + &rows.collect::<String>()
    };
    let (one, two, three) = (month(1), month(2), month(3));
    let desk = Desk::empty();
    let sheets = [
        ("2026-08", one.as_str()),
        ("2026-09\" state=\"hidden", &two),
        ("2026-10", &three),
        ("Notes\" state=\"hidden", ""),
    ];
    desk.write("in/clients.xlsx", workbook(&sheets));
    let import = "import: { folder: in, files: { clients.xlsx: { sheets: together } } }\n";
    desk.write("config.yaml", CONFIG.to_owned() + import);
    let said = desk.expect(0, &["import"]).out;
    let told = "clients.xlsx: its sheet `2026-09` is hidden and not read\n";
    assert!(said.contains(told) && !said.contains("Notes"), "{said}");
}

#[test]
fn formulas_whose_results_are_not_stored_are_told() {
    let desk = Desk::empty();
    let formula = "<row r=\"3\"><c r=\"A3\"><v>2</v></c><c r=\"B3\"><f>A3*2</f></c><c r=\"C3\"><v>7</v></c></row>\
                   <row r=\"4\"><c r=\"A4\"><v>3</v></c><c r=\"B4\"><f>A4*2</f><v></v></c><c r=\"C4\"><v>7</v></c></row>\
                   <row r=\"5\"><c r=\"A5\"><v>4</v></c><c r=\"B5\"><f>A5*2</f><v>8</v></c><c r=\"C5\" s=\"0\"/></row>\
                   <row r=\"6\"><c r=\"A6\"><v>5</v></c><c r=\"B6\" t=\"str\"><f>A6&amp;A6</f><v></v></c><c r=\"C6\"><v>7</v></c></row>";
    let sheet = row(1, &["id", "paid", "rooms"]) + &row(2, &["number:1", "number:2", "number:7"]);
    desk.write(
        "in/clients.xlsx",
        workbook(&[("Clients", &(sheet + formula))]),
    );
    let import = "import: { folder: in, files: { clients.xlsx: { table: clients } } }\n";
    desk.write("config.yaml", CONFIG.to_owned() + import);
    let told = "2 rows have cells with formulas whose results are not stored, so they are empty: open the workbook in Excel and save it \
                (rows 3, 4)";
    let said = desk.expect(0, &["import"]).out;
    assert!(said.contains(told), "{said}");
    let said = desk.expect(0, &["check"]);
    assert!((said.out + &said.err).contains(told));
}

#[test]
fn dates_that_a_spreadsheet_has_half_turned_are_told_by_every_run() {
    let desk = Desk::empty();
    let days = [3, 8, 11, 16, 22, 27];
    let rows = (1..=4).flat_map(|month| days.map(|day| (month, day)));
    // Read as months first: what has no such date stays a text.
    let rows = rows.zip(1..).map(|((month, day), no)| match day {
        1..=12 => format!("{no},1,2026-{day:02}-{month:02}\n"),
        _ => format!("{no},1,{day:02}/{month:02}/2026\n"),
    });
    let rows: Vec<String> = rows.collect();
    desk.write("in/clients.csv", "id,name\n1,Ann\n");
    let import = "import: { folder: in }\n";
    desk.write("config.yaml", CONFIG.to_owned() + import);
    desk.rules("segments: [{ id: all, when: id > 0 }]\n");
    let visits = |rows: &[String]| "no,client,at\n".to_owned() + &rows.concat();
    desk.write("in/visits.csv", visits(&rows));
    let told = "visits.csv: `at` has dates for all days up to 12 and text for all others";
    for command in [&["import"][..], &["check"], &["run"], &["run"]] {
        let said = desk.expect(1, command);
        let said = (said.out + &said.err).replace("  ", "");
        assert!(said.contains(told.split(": ").nth(1).unwrap()), "{said}");
    }
    // Both forms by themselves say nothing of the kind.
    let mixed = visits(&rows) + "25,1,2026-03-30\n";
    desk.write("in/visits.csv", mixed);
    let said = desk.muster(&["import"]).out;
    assert!(!said.contains("up to 12"), "{said}");
}
