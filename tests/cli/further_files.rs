//! Folders of files, looked at again and again: what comes later, comes twice, or comes otherwise.

use std::fmt::Write;

use super::desk::Desk;
use super::importing::{row, workbook};

fn texts(desk: &Desk, sql: &str) -> Vec<String> {
    let connection = rusqlite::Connection::open(desk.path("in.db")).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

/// A config of a list of pupils by month, and of what is written for its files.
fn config(desk: &Desk, of_files: &str, more: &str) {
    desk.write(
        "config.yaml",
        format!(
            "database: sqlite:in.db\nresults: sqlite:results.db\ntimezone: UTC\nguard: off\n{more}\
             import:\n  folder: in\n  files:\n    {of_files}\n\
             subject: {{ name: pupil, table: pupils, key: code }}\n"
        ),
    );
    desk.write(
        "rules/r.yaml",
        "segments: [{ id: all, when: name is present }]\n",
    );
    desk.put_clock("2026-03-01T10:00:00Z");
}

const PUPILS: &str = "\"pupils-*.csv\": { table: pupils, key: code }";

/// Pupils by number, each with a birthday and what is written for the second one's.
fn pupils(odd: &str, level: &str) -> String {
    let mut text = "code,name,born,level\n".to_owned();
    for pupil in 1..=12 {
        let born = match pupil {
            2 => odd.to_owned(),
            _ => format!("{}/04/1990", pupil + 12),
        };
        writeln!(text, "S{pupil:02},Ann {pupil},{born},{level}").unwrap();
    }
    text
}

#[test]
fn an_import_quotes_no_cell_which_may_be_private() {
    for odd in ["31/02/1987", "15.13.1987", "1987", "n/a 1987"] {
        let desk = Desk::empty();
        desk.write("in/pupils-2026-01.csv", pupils("20/04/1990", "A1"));
        desk.write("in/pupils-2026-02.csv", pupils(odd, "A2"));
        config(&desk, PUPILS, "private: [born]\n");
        for arguments in [
            &["import"][..],
            &["check"],
            &["run"],
            &["init", "in", "--dir", "new"],
        ] {
            let said = desk.muster(arguments);
            let said = said.out + &said.err;
            assert!(!said.contains("1987"), "{arguments:?}\n{said}");
        }
    }
    let desk = Desk::empty();
    desk.write("in/pupils-2026-01.csv", pupils("20/04/1990", "A1"));
    desk.write("in/pupils-2026-02.csv", pupils("31/02/1987", "A2"));
    config(&desk, PUPILS, "");
    let said = desk.expect(0, &["import"]).out;
    assert!(
        said.contains("dates as day/month/year, some of `born` in another form, as table"),
        "{said}"
    );
}

#[test]
fn a_file_without_the_key_of_its_table_is_refused() {
    let desk = Desk::empty();
    desk.write("in/pupils-2026-01.csv", pupils("20/04/1990", "A1"));
    config(&desk, PUPILS, "");
    desk.expect(0, &["run"]);
    let renamed = pupils("20/04/1990", "A2").replace("code,", "Code no,");
    desk.write("in/pupils-2026-02.csv", renamed);
    let said = desk.expect(2, &["run"]).err;
    let told = "pupils-2026-02.csv: it has no column `code`, which pupils-2026-01.csv has and which is the `key:` of their table, \
                but it has `Code no`, which that one does not: export it like the others, or write `columns: { \"Code no\": \"code\" }` for it if \
                the column has another name there; nothing was imported";
    assert!(said.contains(told), "{said}");
    // As advised.
    config(
        &desk,
        "\"pupils-*.csv\": { table: pupils, key: code }\n    pupils-2026-02.csv: { columns: { \"Code no\": \"code\" } }",
        "",
    );
    desk.expect(0, &["run"]);
    let levels = texts(&desk, "select distinct level from pupils");
    assert_eq!(levels, ["A2"]);
}

#[test]
fn one_person_twice_in_one_list_is_told_apart_from_lists_that_differ() {
    let desk = Desk::empty();
    desk.write("in/pupils-2026-01.csv", pupils("20/04/1990", "A1"));
    let twice = pupils("20/04/1990", "A2") + "S05,Ann 5,17/04/1990,B1\n";
    desk.write("in/pupils-2026-02.csv", twice);
    config(&desk, PUPILS, "");
    let said = desk.expect(0, &["import"]).out;
    for told in [
        "12 rows have the key of a later row with other values and were left out",
        "1 row has the key of a later row of the same file with other values and was left out (row 19)",
    ] {
        assert!(said.contains(told), "{told}\n{said}");
    }
}

#[test]
fn a_row_with_several_quotes_is_one_row() {
    let desk = Desk::empty();
    let rows: String = (1..=10).map(|n| format!("{n} \"x\" \"y\"\n")).collect();
    desk.write("in/pupils.csv", "code\n".to_owned() + &rows);
    config(&desk, "pupils.csv: {}", "");
    let said = desk.expect(0, &["import"]).out;
    assert!(
        said.contains("10 rows have a quote inside a cell"),
        "{said}"
    );
}

#[test]
fn what_nothing_reads_is_told_with_a_line_that_can_be_followed() {
    let desk = Desk::empty();
    desk.write("in/pupils-2026-01.csv", pupils("20/04/1990", "A1"));
    desk.write("in/pupils-2026-01 (1).csv", pupils("20/04/1990", "A1"));
    config(&desk, PUPILS, "");
    desk.expect(0, &["import"]);
    let said = desk.muster(&["check"]);
    let said = said.out + &said.err;
    for told in [
        "nothing reads the table `pupils-2026-01 (1)`, and all of its rows are in `pupils` already",
        "is `pupils-2026-01 (1).csv` a second download? Then move it out of the folder: as a part of `pupils` its rows would count twice",
    ] {
        assert!(said.contains(told), "{told}\n{said}");
    }

    let sheet = |from: usize| {
        let rows = (2..12).map(|at| row(at, &[&format!("S{}", from + at), "Ann", "A1"]));
        row(1, &["code", "name", "level"]) + &rows.collect::<String>()
    };
    let desk = Desk::empty();
    let (one, two) = (sheet(0), sheet(100));
    desk.write(
        "in/book.xlsx",
        workbook(&[("pupils", &one), ("March", &two)]),
    );
    config(&desk, "book.xlsx: {}", "");
    desk.expect(0, &["import"]);
    let said = desk.muster(&["check"]);
    let said = said.out + &said.err;
    assert!(
        said.contains(
            "it is a sheet of `book.xlsx`: if its rows belong to `pupils`, write `files: { \"book.xlsx\": { sheets: together, table: pupils } }`"
        ),
        "{said}"
    );
    assert!(!said.contains(".csv"), "{said}");
    config(&desk, "book.xlsx: { sheets: together, table: pupils }", "");
    desk.expect(0, &["import"]);
    let said = desk.muster(&["check"]);
    let said = said.out + &said.err;
    assert!(!said.contains("split-table"), "{said}");
    assert_eq!(texts(&desk, "select count(*) || '' from pupils"), ["20"]);
}

#[test]
fn a_file_that_is_a_table_apart_and_named_by_config_is_imported_again() {
    let desk = Desk::empty();
    desk.write("in/pupils-2026-01.csv", pupils("20/04/1990", "A1"));
    let fees = |paid: &str| format!("code,paid_at,fee\nS01,{paid},20\nS02,{paid},30\n");
    desk.write("in/pupils-fees.csv", fees("2026-01-04"));
    let of_fees = "collections:\n  fees: { table: pupils-fees, subject: code, at: paid_at }\n";
    config(&desk, "\"pupils-*.csv\": { table: pupils }", of_fees);
    desk.expect(0, &["import"]);
    desk.write(
        "in/pupils-fees.csv",
        fees("2026-02-04") + "S03,2026-02-05,20\n",
    );
    desk.expect(0, &["import"]);
    let paid = texts(&desk, "select distinct paid_at from \"pupils-fees\"");
    assert_eq!(paid, ["2026-02-04", "2026-02-05"]);
    // What failed there is told as ever.
    desk.write("in/pupils-fees.csv", "code,paid_at,fee\n");
    let said = desk.expect(2, &["import"]).err;
    assert!(said.contains("held 3 rows"), "{said}");
}

#[test]
fn keys_that_are_one_as_numbers_stay_two() {
    let people = "client_no,name\n7.1,Ann\n7.10,Bob\n7.50,Cid\n7.2,Dan\n7.75,Eve\n";
    for (heading, of_file) in [
        ("client_no", "{}"),
        ("case", "{ key: case }"),
        ("Kundennummer", "{}"),
        ("KdNr", "{}"),
        ("N. cliente", "{}"),
        ("Cod. cliente", "{}"),
        ("Réf. commande", "{}"),
    ] {
        let desk = Desk::empty();
        desk.write("in/people.csv", people.replace("client_no", heading));
        config(&desk, &format!("people.csv: {of_file}"), "");
        let said = desk.muster(&["import"]).out;
        let sql = format!("select \"{heading}\" from people");
        let keys = texts(&desk, &sql);
        assert_eq!(keys, ["7.1", "7.10", "7.50", "7.2", "7.75"], "{said}");
        assert!(said.contains("as codes do"), "{said}");
    }
    // In one file with a zero behind each, in the other without.
    let desk = Desk::empty();
    let file = |codes: &[&str]| {
        let rows = codes.iter().map(|code| format!("{code},Chair {code}\n"));
        "code,name\n".to_owned() + &rows.collect::<String>()
    };
    desk.write("in/goods-1.csv", file(&["3.1", "3.2", "3.3"]));
    desk.write("in/goods-2.csv", file(&["3.10", "3.20", "3.21"]));
    config(&desk, "\"goods-*.csv\": { table: goods, key: code }", "");
    desk.expect(0, &["import"]);
    assert_eq!(texts(&desk, "select distinct code from goods").len(), 6);
    // Amounts with many decimals are computed; with more there are only keys.
    let desk = Desk::empty();
    desk.write(
        "in/exact.csv",
        "a,b\n1.2345678901234567891,0.30000000000000004\n1.2345678901234567892,0.1\n",
    );
    config(&desk, "exact.csv: {}", "");
    desk.expect(0, &["import"]);
    let kinds = texts(
        &desk,
        "select typeof(a) || ' ' || typeof(b) from exact limit 1",
    );
    assert_eq!(kinds, ["text real"]);
}

#[test]
fn separators_behind_the_last_heading_are_no_columns() {
    let desk = Desk::empty();
    desk.write("in/pupils-1.csv", "code,name,level,,,,\nS01,Ann,A1,,,,\n");
    desk.write("in/pupils-2.csv", "code,name,level\nS02,Bob,A2\n");
    config(&desk, "\"pupils-*.csv\": { table: pupils }", "");
    desk.expect(0, &["import"]);
    let columns = texts(&desk, "select name from pragma_table_info('pupils')");
    assert_eq!(columns, ["code", "name", "level"]);
}

#[test]
fn addresses_of_several_lines_are_no_rows() {
    let desk = Desk::empty();
    let rows = (1..=20).map(|n| {
        format!("{n},Ann {n},\"Flat {n}\n{n} High Street, Leeds, LS1 4AB, UK\",a{n}@example.com\n")
    });
    desk.write(
        "in/people.csv",
        "id,name,address,email\n".to_owned() + &rows.collect::<String>(),
    );
    config(&desk, "people.csv: {}", "");
    let said = desk.expect(0, &["import"]).out;
    assert!(
        said.contains("people.csv: 20 rows") && !said.contains("look like rows"),
        "{said}"
    );
}

#[test]
fn currencies_in_letters_are_told_as_signs_are() {
    let desk = Desk::empty();
    desk.write(
        "in/sales.csv",
        "id,total\n1,1.50 EUR\n2,2.50 EUR\n3,100000.00 JPY\n",
    );
    config(&desk, "sales.csv: {}", "");
    let said = desk.expect(0, &["import"]).out;
    let told = "`total` holds amounts in several currencies, which cannot be added up: 2 with `EUR` (first in line 2), 1 with `JPY` (first in line 4)";
    assert!(said.contains(told), "{said}");
}

#[test]
fn a_list_with_somebody_twice_is_refused_with_the_line_that_reads_it() {
    let desk = Desk::empty();
    let twice = pupils("20/04/1990", "A2") + "S05,Ann 5,17/04/1990,B1\n";
    desk.write("in/pupils.csv", twice);
    let said = desk.expect(2, &["init", "in"]).err;
    let told = "  import: { folder: FOLDER, files: { FILE: { key: COLUMN } } }    # of rows with one key, the last one alone\n";
    assert!(said.contains("S05") && said.contains(told), "{said}");
}

#[test]
fn days_of_another_program_are_not_read_in_the_order_of_the_first() {
    let desk = Desk::empty();
    desk.write("in/people.csv", "id,name\n1,Ann\n2,Bob\n");
    let sales = |form: &dyn Fn(usize) -> String, last: usize| {
        let rows = (1..=last).map(|day| format!("{},{},{}\n", day % 2 + 1, form(day), day));
        "person_id,sold_at,total\n".to_owned() + &rows.collect::<String>()
    };
    desk.write(
        "in/sales-january.csv",
        sales(&|day| format!("01/{day:02}/2025"), 12),
    );
    desk.write(
        "in/sales-february.csv",
        sales(&|day| format!("{day:02}.02.2025"), 28),
    );
    let said = desk.muster(&["init", "in"]);
    let said = said.out + &said.err;
    assert!(
        said.contains("beside day/month/year or month/day/year"),
        "{said}"
    );
    let config = desk.read("config.yaml");
    let mut lines = config.lines().map(str::trim);
    assert!(
        !lines.any(|line| !line.starts_with('#') && line.contains("%d/%m/%Y")),
        "{config}"
    );
}
