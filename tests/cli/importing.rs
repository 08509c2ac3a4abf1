//! Folders of CSV and Excel files: what becomes of them, what is told of them, and what an import never does.

use std::io::{Cursor, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use muster::config::{Decimal, Encoding, FileForm, FileSet, Locale, Separator, marks};
use muster::engine::{Unwatched, Watch};
use muster::import::{ImportError, build, refresh};
use proptest::prelude::*;
use rusqlite::Connection;

use super::desk::Desk;
use super::schemas::{works, written};
use crate::support::scratch::{Scratch, names};

/// Letters of Windows-1252, which are all below 256 but the euro.
pub fn western(text: &str) -> Vec<u8> {
    let byte = |c: char| match c {
        '€' => 0x80,
        c => u8::try_from(u32::from(c)).unwrap(),
    };
    text.chars().map(byte).collect()
}

fn utf16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

/// A workbook of sheets, each with its rows as XML.
pub fn workbook(sheets: &[(&str, &str)]) -> Vec<u8> {
    sharing(sheets, None)
}

/// The same with a part that holds the texts that its cells share.
fn sharing(sheets: &[(&str, &str)], texts: Option<&str>) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut part = |name: &str, text: &str| {
        zip.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    };
    let numbered = || sheets.iter().enumerate().map(|(at, sheet)| (at + 1, sheet));
    let list: String = numbered()
        .map(|(id, (name, _))| {
            format!("<sheet name=\"{name}\" sheetId=\"{id}\" r:id=\"rId{id}\"/>")
        })
        .collect();
    let links: String = numbered()
        .map(|(id, _)| format!("<Relationship Id=\"rId{id}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet{id}.xml\"/>"))
        .collect();
    part(
        "_rels/.rels",
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
    );
    part(
        "xl/workbook.xml",
        &format!(
            "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>{list}</sheets></workbook>"
        ),
    );
    part(
        "xl/_rels/workbook.xml.rels",
        &format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{links}</Relationships>"
        ),
    );
    part(
        "xl/styles.xml",
        "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>",
    );
    if let Some(texts) = texts {
        part("xl/sharedStrings.xml", texts);
    }
    for (id, (_, rows)) in numbered() {
        part(
            &format!("xl/worksheets/sheet{id}.xml"),
            &format!(
                "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{rows}</sheetData></worksheet>"
            ),
        );
    }
    zip.finish().unwrap().into_inner()
}

/// A cell with a text, a number, or the number of a day.
fn cell(place: &str, value: &str) -> String {
    match value.split_once(':') {
        Some(("day", day)) => format!("<c r=\"{place}\" s=\"1\"><v>{day}</v></c>"),
        Some(("number", number)) => format!("<c r=\"{place}\"><v>{number}</v></c>"),
        _ => format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{value}</t></is></c>"),
    }
}

pub fn row(number: usize, cells: &[&str]) -> String {
    let columns = "ABCDEFGH".chars().zip(cells);
    let cells: String = columns
        .filter(|(_, value)| !value.is_empty())
        .map(|(column, value)| cell(&format!("{column}{number}"), value))
        .collect();
    format!("<row r=\"{number}\">{cells}</row>")
}

/// What a folder with one file becomes: what is told, and a query's cells.
fn imported(
    name: &str,
    bytes: &[u8],
    form: FileForm,
    sql: &str,
) -> Result<(String, Vec<String>), String> {
    let folder = Scratch::around("data.db");
    folder.write(&format!("in/{name}"), bytes);
    let set = FileSet {
        folder: folder.path("in"),
        only: Vec::new(),
        forms: vec![(name.to_owned(), form)],
        ..FileSet::default()
    };
    let built = build(&set, &folder.database(), &Unwatched).map_err(|error| error.to_string())?;
    let told = built.imported.told(&marks(Locale::EnUs)).join("\n");
    built.keep().map_err(|error| error.to_string())?;
    Ok((told, cells(&folder.database(), sql)))
}

/// The rows of a query, their cells with a type in front where they are no texts.
fn cells(database: &Path, sql: &str) -> Vec<String> {
    use rusqlite::types::ValueRef;
    let connection = Connection::open(database).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let width = statement.column_count();
    let rows = statement.query_map([], |row| {
        let shown = (0..width).map(|at| match row.get_ref(at).unwrap() {
            ValueRef::Null => "-".to_owned(),
            ValueRef::Integer(whole) => format!("i{whole}"),
            ValueRef::Real(real) => format!("r{real}"),
            ValueRef::Text(text) => String::from_utf8(text.to_vec()).unwrap(),
            ValueRef::Blob(_) => "blob".to_owned(),
        });
        Ok(shown.collect::<Vec<_>>().join(" | "))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

fn read(name: &str, bytes: &[u8]) -> (String, Vec<String>) {
    imported(name, bytes, FileForm::default(), "select * from t").unwrap()
}

#[test]
fn a_file_is_read_as_it_is_written_and_that_is_told() {
    let cases: [(&str, Vec<u8>, &str, &[&str]); 14] = [
        (
            "t.csv",
            b"id,name\n1,Ann\n2,Bob\n".into(),
            "2 rows, commas, UTF-8",
            &["i1 | Ann", "i2 | Bob"],
        ),
        (
            "t.csv",
            "\u{feff}id;name\r\n1;Zo\u{eb}\r\n".into(),
            "1 row, semicolons, UTF-8",
            &["i1 | Zoë"],
        ),
        (
            "t.csv",
            western("id;name;paid\n1;Zoë;1,5 €\n2;Jürgen;2 €\n"),
            "2 rows, semicolons, Windows-1252",
            &["i1 | Zoë | 1,5 €", "i2 | Jürgen | 2 €"],
        ),
        (
            "t.txt",
            utf16("id\tname\r\n1\tŁukasz 𝄞\r\n"),
            "1 row, tabs, UTF-16",
            &["i1 | Łukasz 𝄞"],
        ),
        (
            "t.csv",
            b"sep=|\nid|name\n1|a,b\n".into(),
            "1 row, bars, UTF-8",
            &["i1 | a,b"],
        ),
        // Commas between cells, or decimal commas: what divides all rows alike.
        (
            "t.csv",
            b"id;when;paid\n1;01.02.2026;12,50\n2;13.02.2026;3,00\n".into(),
            "2 rows, semicolons, UTF-8, decimal commas, dates as day.month.year",
            &["i1 | 01.02.2026 | r12.5", "i2 | 13.02.2026 | i3"],
        ),
        (
            "t.csv",
            b"id;paid;share\n1;1.234,50;0,5\n2;12,00;0,25\n".into(),
            "2 rows, semicolons, UTF-8, decimal commas, thousands set apart",
            &["i1 | r1234.5 | r0.5", "i2 | i12 | r0.25"],
        ),
        (
            "t.csv",
            b"id,paid\n1,\"1,234.50\"\n2,12.00\n".into(),
            "2 rows, commas, UTF-8, thousands set apart",
            &["i1 | r1234.5", "i2 | i12"],
        ),
        (
            "t.csv",
            b"id,when\n1,02/13/26 10:00\n2,1/2/26 9:00\n".into(),
            "2 rows, commas, UTF-8, dates as month/day/year",
            &["i1 | 02/13/26 10:00", "i2 | 1/2/26 9:00"],
        ),
        (
            "t.csv",
            b"id,when\n1,02/03/2026\n".into(),
            "1 row, commas, UTF-8, dates as day/month/year or month/day/year",
            &["i1 | 02/03/2026"],
        ),
        (
            "t.csv",
            b"1,ann@example.com\n2,bob@example.com\n".into(),
            "2 rows, commas, UTF-8, no headings",
            &["i1 | ann@example.com", "i2 | bob@example.com"],
        ),
        (
            "t.csv",
            b"Export of today;;\n\nid;name;town\n1;Ann;Ulm\n".into(),
            "1 row, semicolons, UTF-8, headings in line 3",
            &["i1 | Ann | Ulm"],
        ),
        // What is dialled, written on letters, or begins with a zero is no number.
        (
            "t.csv",
            b"no,phone,postcode,code,big\n1,5551234,10115,007,12345678901234567890\n".into(),
            "1 row",
            &["i1 | 5551234 | 10115 | 007 | 12345678901234567890"],
        ),
        (
            "t.csv",
            b"id,a,b,c\n1,1e5,+1,-0\n2,NaN,0x1,.5\n".into(),
            "2 rows",
            &["i1 | 1e5 | +1 | -0", "i2 | NaN | 0x1 | .5"],
        ),
    ];
    for (name, bytes, told, rows) in cases {
        let found = read(name, &bytes);
        let line = format!("{name}: {told}");
        assert!(found.0.starts_with(&line), "{line}\n{}", found.0);
        assert_eq!(found.0.lines().count(), 1, "{}", found.0);
        assert_eq!(found.1, rows, "{line}");
    }
}

#[test]
fn a_few_odd_cells_leave_a_column_its_type() {
    let column = |cells: &[&str]| {
        let rows = cells.iter().enumerate();
        let rows: String = rows.map(|(at, cell)| format!("{at};{cell}\n")).collect();
        let sql = "select distinct type from pragma_table_info('t') where name = 'x'";
        let bytes = format!("id;x\n{rows}");
        let (told, found) = imported("t.csv", bytes.as_bytes(), FileForm::default(), sql).unwrap();
        (found.concat(), told)
    };
    let many = |cell: &'static str, odd: &'static str| {
        let mut cells = vec![cell; 99];
        cells.push(odd);
        cells
    };
    for (cells, declared) in [
        (vec!["1", "2", "n/a", "4", "5"], "INTEGER"),
        (vec!["1,5", "2", "-", "4", "5"], "NUMERIC"),
        (vec!["1", "n/a", "n/a", "4", "5"], "TEXT"),
        (many("1", "12?"), "INTEGER"),
        (many("1,5", "ca. 2"), "NUMERIC"),
        (vec!["1", "2", "A3", "4", "5"], "TEXT"),
        // SQLite would lose what is written.
        (many("1", "007"), "TEXT"),
        (many("1", "1234567890123456789"), "TEXT"),
        (many("1", "1e5"), "TEXT"),
        // Nearly all decide, and SQLite makes of the other one what it says.
        (many("1,5", "1.5"), "NUMERIC"),
        (vec!["0.3333333333333333", "23.788099999999996"], "NUMERIC"),
        (vec!["1234567890123456.5"], "TEXT"),
    ] {
        assert_eq!(column(&cells).0, declared, "{cells:?}");
    }
    let (_, told) = column(&["1", "2", "3", "4", "Total"]);
    let line = "`x` holds numbers except for 1 cell, which stays text (line 6)";
    assert!(told.contains(line), "{told}");
    let (told, rows) = read(
        "t.csv",
        b"id;x\n1;1.000,5\n2;3,5\n3;4,5\n4;5,5\nTotal;n/a\n",
    );
    assert_eq!(
        rows,
        [
            "i1 | r1000.5",
            "i2 | r3.5",
            "i3 | r4.5",
            "i4 | r5.5",
            "Total | n/a"
        ],
        "{told}"
    );
}

#[test]
fn a_stray_decimal_mark_does_not_turn_its_column() {
    // 99 numbers that can be read in two ways, and one on line 101 that can not.
    let found = |mark: &str, stray: &str, decimal: Option<Decimal>| {
        let rows: String = (1..100).map(|id| format!("{id};2{mark}101\n")).collect();
        let text = format!("id;paid\n{rows}100;{stray}\n");
        let form = FileForm {
            decimal,
            ..FileForm::default()
        };
        let sql = "select paid from t where id in (1, 100)";
        imported("t.csv", text.as_bytes(), form, sql).unwrap()
    };
    for (mark, stray) in [(".", "12.50"), (",", "12,50")] {
        let (told, rows) = found(mark, stray, None);
        assert!(
            told.contains("only a few cells tell which (line 101)"),
            "{told}"
        );
        assert_eq!(rows, [format!("2{mark}101"), stray.to_owned()]);
    }
    let (told, rows) = found(".", "12.50", Some(Decimal::Comma));
    let odd = "`paid` holds numbers except for 1 cell with another decimal mark: values written like `12.50` become numbers, all others stay text \
               (line 101)";
    assert!(told.contains(odd), "{told}");
    assert_eq!(rows, ["i2101", "r12.5"]);
    let (told, rows) = found(",", "12,50", Some(Decimal::Point));
    assert!(told.contains(odd), "{told}");
    assert_eq!(rows, ["i2101", "12,50"]);
}

#[test]
fn what_does_not_fit_is_told_with_its_lines_and_nothing_is_lost() {
    let cases: [(&[u8], &str, &[&str]); 16] = [
        (
            b"id,name,name,\n1,a,b,c\n",
            "column 3 repeats the heading `name`: it is called `name_2`",
            &["i1 | a | b | c"],
        ),
        (
            b"id,,town\n1,a,b\n",
            "column 2 has no heading: it is called `column_2`",
            &["i1 | a | b"],
        ),
        (
            b"id,name\n1\n2,b\n",
            "1 row has fewer cells than there are headings: the others are empty (line 2)",
            &["i1 | -", "i2 | b"],
        ),
        (
            b"id,name\r\n1,a\r\n2,b,more\r\n",
            "1 row has more cells than there are headings: they are in columns named by number (line 3)",
            &["i1 | a | -", "i2 | b | more"],
        ),
        (
            b"id,name\n1,a\n,\n\n2,b",
            "1 row without any value was left out (line 3)",
            &["i1 | a", "i2 | b"],
        ),
        (
            b"id,name\n1,a\nid, name\nid,b\n2,c",
            "1 row repeats the headings and was left out (line 3)",
            &["1 | a", "id | b", "2 | c"],
        ),
        // Files put together each bring their mark, and programs other letters and separators.
        (
            b"id,name\n1,a\n\xEF\xBB\xBFid,name\n2,b\nID,Name,,\n3,c\n",
            "2 rows repeat the headings and were left out (lines 3, 5)",
            &["i1 | a", "i2 | b", "i3 | c"],
        ),
        (
            "K\u{fc}rzel;Name\nAB;Ann\nK\u{dc}RZEL;NAME\nCD;Bob\n".as_bytes(),
            "1 row repeats the headings and was left out (line 3)",
            &["AB | Ann", "CD | Bob"],
        ),
        (
            b"K\xfcrzel;Name\nAB;Ann\nK\xdcRZEL;NAME\nCD;Bob\n",
            "1 row repeats the headings and was left out (line 3)",
            &["AB | Ann", "CD | Bob"],
        ),
        // Numbers that headings could have, above such numbers.
        (
            b"Ann,2025\nBob,2024\n",
            "line 1 holds numbers (`2025`), so it was read as data; write `headings: 1` if it holds the headings",
            &["Ann | i2025", "Bob | i2024"],
        ),
        (
            b"Ann,1,2\nBob,4,3\n",
            "line 1 holds numbers (`1`), so it was read as data",
            &["Ann | i1 | i2", "Bob | i4 | i3"],
        ),
        (
            b"id,name\n1,5\" pipe\n",
            "1 row has a quote inside a cell that does not begin with one: kept as it is (line 2)",
            &["i1 | 5\" pipe"],
        ),
        (
            b"id,name\n1,\"Ann\" Lee\n",
            "1 row has text behind the closing quote of a cell: kept, without that quote (line 2)",
            &["i1 | Ann Lee"],
        ),
        (
            b"id,name\n1,a\0b\n",
            "1 row has zero bytes: each is kept as `\u{fffd}` (line 2)",
            &["i1 | a\u{fffd}b"],
        ),
        (
            b"id,paid\n1,\"1,234\"\n",
            "`paid` has decimals or thousands, but nothing tells which",
            &["i1 | 1,234"],
        ),
        // The line of a row whose cell goes over several, and of the last one.
        (
            b"id,name\n1,\"a\nb\"\n2\n\n3",
            "2 rows have fewer cells than there are headings: the others are empty (lines 4, 6)",
            &["i1 | a\nb", "i2 | -", "i3 | -"],
        ),
    ];
    for (bytes, told, rows) in cases {
        let found = read("t.csv", bytes);
        assert!(found.0.contains(told), "{told}\n{}", found.0);
        assert_eq!(found.1, rows, "{told}");
    }
}

#[test]
fn what_cannot_be_meant_is_refused_with_what_to_do() {
    let cases: [(&str, Vec<u8>, &str); 8] = [
        (
            "t.csv",
            b"id,name\n1,\"a\n2,b\n".into(),
            "the quote opened in line 2 is not closed",
        ),
        (
            "t.csv",
            format!("id,name\n1,\"{}\"\n", "x".repeat(17 << 20)).into(),
            "the cell whose quote is opened in line 2 is longer than 16 MiB, or the quote is not closed",
        ),
        (
            "t.csv",
            [b"id,name\n1,\xc3\xab\n2,".as_slice(), b"\xeb\n"].concat(),
            "line 2 is UTF-8, but line 3 is not: say which it is",
        ),
        (
            "t.csv",
            utf16("id,name\n1,a\n").split_off(2),
            "write `encoding: utf-16` for it in `import:` of a config",
        ),
        ("t.csv", b"".into(), "t.csv is empty; nothing was imported"),
        ("t.csv", "a,".repeat(1_500).into(), "more than 1000 cells"),
        (
            "t.xlsx",
            b"id,name".into(),
            "it is not an Excel file of type .xlsx",
        ),
        ("t.pdf", b"x".into(), "config names `t.pdf`, but `"),
    ];
    for (name, bytes, told) in cases {
        let error = imported(name, &bytes, FileForm::default(), "select 1").unwrap_err();
        assert!(error.contains(told), "{told}\n{error}");
    }
}

#[test]
fn config_says_what_a_file_does_not() {
    let form = |change: fn(&mut FileForm)| {
        let mut form = FileForm::default();
        change(&mut form);
        form
    };
    let cases: [(FileForm, &[u8], &[&str]); 6] = [
        (
            form(|f| f.decimal = Some(Decimal::Comma)),
            b"id;paid\n1;1,234\n",
            &["i1 | r1.234"],
        ),
        (
            form(|f| f.decimal = Some(Decimal::Point)),
            b"id;paid\n1;1,234\n",
            &["i1 | i1234"],
        ),
        (
            form(|f| f.headings = Some(0)),
            b"id;name\n1;a\n",
            &["id | name", "1 | a"],
        ),
        (
            form(|f| f.headings = Some(2)),
            b"x;y\nid;name\n1;a\n",
            &["i1 | a"],
        ),
        (
            form(|f| f.separator = Some(Separator::Comma)),
            b"a;b,c\n1;2,3\n",
            &["1;2 | i3"],
        ),
        (
            form(|f| f.encoding = Some(Encoding::Windows1252)),
            "id\nZo\u{eb}\n".as_bytes(),
            // It is what it is, not what config takes it for.
            &["Zo\u{eb}"],
        ),
    ];
    for (form, bytes, rows) in cases {
        let found = imported("t.csv", bytes, form.clone(), "select * from t").unwrap();
        assert_eq!(found.1, rows, "{form:?}");
    }
}

/// UTF-16 without a mark is read in whichever order its bytes are, and what is none is refused.
#[test]
fn utf16_without_a_mark_is_read() {
    let form = || FileForm {
        encoding: Some(Encoding::Utf16),
        ..FileForm::default()
    };
    let little = utf16("id,name\n1,Zo\u{eb}\n2,\u{141}ukasz\n").split_off(2);
    let big: Vec<u8> = little
        .chunks(2)
        .flat_map(|pair| [pair[1], pair[0]])
        .collect();
    for bytes in [little, big] {
        let (told, rows) = imported("t.csv", &bytes, form(), "select * from t").unwrap();
        assert_eq!(told, "t.csv: 2 rows, commas, UTF-16");
        assert_eq!(rows, ["i1 | Zo\u{eb}", "i2 | \u{141}ukasz"]);
    }
    let error = imported("t.csv", b"id,name\n1,Ann\n", form(), "select 1").unwrap_err();
    assert!(
        error.contains("config says it is UTF-16, but it has one byte per character"),
        "{error}"
    );
}

/// Years, months and numbers that are counted are headings where their columns hold other things.
#[test]
fn numbers_may_be_headings() {
    let cases: [(&str, &[&str]); 8] = [
        (
            "id,name,2025,2026\n1,Ann,5,6\n",
            &["id", "name", "2025", "2026"],
        ),
        ("name;2025;2026\nAnn;5;6\n", &["name", "2025", "2026"]),
        ("id,2025-01,2025-02\n7,5,6\n", &["id", "2025-01", "2025-02"]),
        ("id,01/2026,02/2026\n7,5,6\n", &["id", "01/2026", "02/2026"]),
        ("no,1,2,3\n17,5,4,3\n", &["no", "1", "2", "3"]),
        ("name,1,2,3\nAnn,yes,no,yes\n", &["name", "1", "2", "3"]),
        ("Ann,1950\nBob,12\n", &["column_1", "column_2"]),
        (
            "Ann,2026-01-01,3\nBob,2026-01-05,4\n",
            &["column_1", "column_2", "column_3"],
        ),
    ];
    for (text, wanted) in cases {
        let sql = "select name from pragma_table_info('t')";
        let found = imported("t.csv", text.as_bytes(), FileForm::default(), sql).unwrap();
        assert_eq!(found.1, wanted, "{text}");
    }
}

#[test]
fn a_sheet_is_a_table() {
    let orders = [
        row(1, &["Order", "Day", "Paid", "Code"]),
        row(2, &["number:1", "day:46082", "number:12.5", "007"]),
        row(4, &["number:2", "day:46083.5", "", "8"]),
    ]
    .concat();
    let clients = [row(1, &["id", "name"]), row(2, &["number:7", "Ann"])].concat();
    let book = workbook(&[("Orders", &orders), ("Clients", &clients), ("Empty", "")]);
    let (told, rows) = imported(
        "book.xlsx",
        &book,
        FileForm::default(),
        "select * from Orders",
    )
    .unwrap();
    assert_eq!(
        rows,
        [
            "i1 | 2026-03-01 | r12.5 | 007",
            "i2 | 2026-03-02 12:00:00 | - | 8"
        ]
    );
    assert_eq!(
        told,
        "book.xlsx: 2 rows, sheet `Orders`, as table `Orders`\nbook.xlsx: 1 row, sheet `Clients`, as table `Clients`"
    );
    let form = FileForm {
        sheet: Some("Clients".into()),
        ..FileForm::default()
    };
    let (_, rows) = imported("book.xlsx", &book, form, "select * from book").unwrap();
    assert_eq!(rows, ["i7 | Ann"]);
    // Three decimals are no thousands where the file has a number.
    let rows = [
        row(1, &["a", "b"]),
        row(2, &["number:1.234", "number:1e21"]),
        row(3, &["number:-0", "1"]),
    ];
    let numbers = workbook(&[("Sheet1", &rows.concat())]);
    let (_, rows) = imported("t.xlsx", &numbers, FileForm::default(), "select * from t").unwrap();
    assert_eq!(rows, ["r1.234 | r1000000000000000000000", "i0 | i1"]);
    let form = FileForm {
        sheet: Some("Kunden".into()),
        ..FileForm::default()
    };
    let error = imported("book.xlsx", &book, form, "select 1").unwrap_err();
    assert!(
        error.contains("its sheets are `Orders`, `Clients`, `Empty`"),
        "{error}"
    );
    let form = FileForm {
        table: Some("clients".into()),
        ..FileForm::default()
    };
    let error = imported("book.xlsx", &book, form, "select 1").unwrap_err();
    assert!(
        error.contains("write `sheet:` too, one of `Orders`, `Clients`, `Empty`"),
        "{error}"
    );
    let far = workbook(&[("Far", "<row r=\"1\"><c r=\"XFD1\"><v>1</v></c></row>")]);
    let error = imported("far.xlsx", &far, FileForm::default(), "select 1").unwrap_err();
    assert!(error.contains("more than 1000 columns"), "{error}");
}

#[test]
fn a_workbook_asks_for_no_more_than_it_holds() {
    let read = |texts: &str, rows: usize| {
        let cell = "<c t=\"s\"><v>0</v></c>";
        let rows: String = (1..=rows)
            .map(|row| format!("<row r=\"{row}\">{cell}</row>"))
            .collect();
        let book = sharing(&[("Sheet1", &rows)], Some(texts));
        imported("t.xlsx", &book, FileForm::default(), "select * from t")
    };
    let text = "<si><t>a</t></si></sst>";
    for start in [
        "<sst count=\"1\" uniqueCount=\"1\">",
        "\u{feff}<?xml version=\"1.0\"?>\n<!-- > --><sst a='>' uniqueCount = '1'>",
        "<sst>",
    ] {
        let (_, rows) = read(&format!("{start}{text}"), 2).unwrap();
        assert_eq!(rows, ["a"], "{start}");
    }
    for start in [
        "<sst uniqueCount=\"9000000000000000000\">",
        "<x:sst xmlns:x=\"x\" a='>' uniqueCount='1000'>",
        "<!-- <sst> --><sst uniqueCount=\"1\" uniqueCount=\"1000\">",
        "<a/><sst uniqueCount=\"9000000000000000000\">",
        "<sst uniqueCount=\"1e9\">",
    ] {
        let error = read(&format!("{start}{text}"), 2).unwrap_err();
        assert!(
            error.contains("its shared strings are not what it says they are"),
            "{start}\n{error}"
        );
    }
    let long = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(15 << 20));
    let error = read(&long, 20).unwrap_err();
    assert!(
        error.contains("its cells come to more than 256 MiB"),
        "{error}"
    );
}

#[test]
fn a_workbook_names_no_cell_that_a_sheet_cannot_have() {
    let read = |begin: &str| {
        let book = workbook(&[("Sheet1", begin)]);
        imported("t.xlsx", &book, FileForm::default(), "select * from t")
    };
    for reference in [
        "ZZZZZZZZZZ9999",
        "XFE1",
        "A1048577",
        "A99999999999999999999",
    ] {
        for begin in ["<row><c", "<row><x:c r='A1' s='0'", "<row r=\"1\"/><row"] {
            let error = read(&format!("{begin} r=\"{reference}\"/></row>")).unwrap_err();
            let names = error.contains("it names the cell") && error.contains("XFD1048576");
            assert!(names, "{begin} {reference}\n{error}");
        }
    }
    let behind = "</sheetData><dimension ref=\"B7:A1\"/><sheetData>";
    let error = read(behind).unwrap_err();
    assert!(error.contains("ends before it begins"), "{error}");
    // What only looks like one.
    let comment = "<!-- don't: <c r=\"ZZZZZZZZZZ9999\"> -->";
    let text = cell("A1", "&lt;c r=\"ZZZZZZZZZZ9999\"&gt;");
    let (_, rows) = read(&format!("{comment}<row r=\"1\">{text}</row>")).unwrap();
    assert_eq!(rows, Vec::<String>::new());
}

#[test]
fn a_text_without_end_is_refused_and_not_kept() {
    let text = "x".repeat(17 << 20);
    for rows in [
        format!("<row r=\"1\"><c r=\"A1\" t=\"str\"><v>{text}</v></c></row>"),
        format!("<!-- {} -->", "<>".repeat(9 << 20)),
    ] {
        let book = workbook(&[("Sheet1", &rows)]);
        let error = imported("t.xlsx", &book, FileForm::default(), "select 1").unwrap_err();
        assert!(error.contains("longer than 16 MiB"), "{error}");
    }
}

#[test]
fn lines_that_end_in_different_ways_are_counted() {
    for (heading, row) in [("\n", "\r\n"), ("\r\n", "\n"), ("\n\r\n", "\r\n")] {
        let text = format!("id,name{heading}1,Ann{row}2,Bob,odd{row}");
        let folder = Scratch::around("data.db");
        folder.write("in/t.csv", text.as_bytes());
        let set = FileSet {
            folder: folder.path("in"),
            ..FileSet::default()
        };
        let built = build(&set, &folder.database(), &Unwatched).unwrap();
        assert!(
            built
                .imported
                .forms()
                .iter()
                .all(|(_, form)| form.headings.is_none()),
            "{text:?}"
        );
        let told = built.imported.told(&marks(Locale::EnUs)).join("\n");
        let line = text.lines().count();
        assert!(told.contains(&format!("line {line}")), "{told}");
    }
}

/// Lines that end in a carriage return alone, as those of an old Mac do, are lines.
#[test]
fn lines_of_an_old_mac_are_counted_and_none_is_too_long() {
    let note = "y".repeat(6_000);
    let rows: String = (1..=3_000).map(|n| format!("{n},\"{note}\"\r")).collect();
    let text = format!("id,note\r{rows}3001,a\"b\r,\r");
    assert!(text.len() > 16 << 20);
    for text in [text.clone().into_bytes(), utf16(&text)] {
        let sql = "select count(*), max(id), max(rowid) from t";
        let (told, cells) = imported("t.csv", &text, FileForm::default(), sql).unwrap();
        assert_eq!(cells, ["i3001 | i3001 | i3002"]);
        assert!(told.contains("kept as it is (line 3002)"), "{told}");
        assert!(told.contains("left out (line 3003)"), "{told}");
    }
}

#[test]
fn many_sheets_are_read_in_time_that_grows_with_their_number() {
    let rows = [row(1, &["id", "name"]), row(2, &["number:7", "Ann"])].concat();
    let named: Vec<String> = (0..1_001).map(|number| format!("Sheet {number}")).collect();
    let sheets: Vec<(&str, &str)> = named
        .iter()
        .map(|name| (name.as_str(), rows.as_str()))
        .collect();
    let read = |count: usize| {
        let book = workbook(sheets.get(..count).unwrap());
        imported(
            "t.xlsx",
            &book,
            FileForm::default(),
            "select count(*) from sqlite_schema where name like 'Sheet %'",
        )
    };
    let (_, tables) = read(1_000).unwrap();
    assert_eq!(tables, ["i1000"]);
    let error = read(1_001).unwrap_err();
    assert!(
        error.contains("it has 1001 sheets, more than 1000: divide it"),
        "{error}"
    );
}

/// What a workbook is too large for is told before any of its parts is unpacked, which may be the work of minutes.
#[test]
fn sheets_are_counted_before_they_are_unpacked() {
    let names: Vec<String> = (0..1_001).map(|number| format!("S{number}")).collect();
    let beyond = "<row><c r=\"XFE1\"/></row>";
    let sheets: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), beyond)).collect();
    let read = |count: usize| {
        let book = workbook(sheets.get(..count).unwrap());
        imported("t.xlsx", &book, FileForm::default(), "select 1").unwrap_err()
    };
    let unpacked = read(1_000);
    assert!(unpacked.contains("it names the cell `XFE1`"), "{unpacked}");
    let counted = read(1_001);
    assert!(counted.contains("it has 1001 sheets"), "{counted}");
}

/// Ends an import.
struct Ended;

impl Watch for Ended {
    fn progress(&self, _: &str, _: u64, _: Option<u64>) {}
    fn cancelled(&self) -> bool {
        true
    }
}

/// Counts how often it is asked.
struct Asked(std::sync::atomic::AtomicUsize);

impl Watch for Asked {
    fn progress(&self, _: &str, _: u64, _: Option<u64>) {}
    fn cancelled(&self) -> bool {
        self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        false
    }
}

#[test]
fn an_import_can_be_stopped_among_rows_that_are_left_out() {
    const BLANK: usize = 1_000;
    let folder = Scratch::around("data.db");
    folder.write("in/t.csv", format!("id,name\n1,a\n{}", ",\n".repeat(BLANK)));
    let set = FileSet {
        folder: folder.path("in"),
        ..FileSet::default()
    };
    let asked = Asked(Default::default());
    build(&set, &folder.database(), &asked).unwrap();
    // The file is read twice.
    assert!(asked.0.into_inner() >= 2 * BLANK);
}

#[test]
fn nothing_is_kept_of_what_was_stopped_or_changed_meanwhile() {
    let folder = Scratch::around("data.db");
    folder.write("in/t.csv", "id\n1\n");
    let set = FileSet {
        folder: folder.path("in"),
        ..FileSet::default()
    };
    let database = folder.database();
    let stopped = refresh(&set, &database, &Ended).unwrap_err();
    assert!(matches!(stopped, ImportError::Cancelled), "{stopped}");
    let built = build(&set, &database, &Unwatched).unwrap();
    folder.replace("in/t.csv", "id\n1\n2\n");
    let changed = built.keep().unwrap_err();
    assert!(changed.to_string().contains("try again"), "{changed}");
    assert_eq!(names(folder.folder()), ["in"]);
    // What a process left behind that was killed goes, once nobody can be at it.
    folder.write(".muster-old.part", "");
    let old = std::fs::File::options()
        .write(true)
        .open(folder.path(".muster-old.part"));
    let hours = std::time::Duration::from_secs(2 * 3_600);
    old.unwrap()
        .set_modified(std::time::SystemTime::now() - hours)
        .unwrap();
    refresh(&set, &database, &Unwatched).unwrap().unwrap();
    assert_eq!(names(folder.folder()), ["data.db", "in"]);
}

/// A shop's exports: clients of Windows, orders day first with German amounts and their items, products from a
/// spreadsheet.
fn exports() -> Desk {
    let desk = Desk::empty();
    let mut clients = "Kundennr;Vorname;Nachname;E-Mail;PLZ;Ort\r\n".to_owned();
    let mut orders = "id;Kundennr;created_at;total;status\n".to_owned();
    let mut items = "order_id,sku,quantity\n".to_owned();
    for client in 1..=24 {
        let town = ["Köln", "Ulm", "Bonn"][client % 3];
        clients += &format!(
            "{};Zoë{client};Müller{client};k{client}@example.com;0{};{town}\r\n",
            1_000 + client,
            1_000 + client
        );
        for order in 1..=4 {
            let status = if order == 3 && client < 9 {
                "cancelled"
            } else {
                "paid"
            };
            orders += &format!(
                "{};{};1{order}.0{}.2026 10:00;1.0{},50 €;{status}\n",
                client * 10 + order,
                1_000 + client,
                1 + client % 3,
                10 + client
            );
            items += &format!("{},0012,{order}\n", client * 10 + order);
        }
    }
    desk.write("exports/kunden.csv", western(&clients));
    desk.write("exports/orders.csv", orders);
    desk.write("exports/order_items.csv", items);
    let products = [row(1, &["sku", "title"]), row(2, &["0012", "Mug"])].concat();
    desk.write("exports/products.xlsx", workbook(&[("Sheet1", &products)]));
    desk.write("exports/readme.md", "hello");
    desk
}

#[test]
fn a_folder_of_exports_is_segmented_without_an_edit() {
    let desk = exports();
    let said = desk.expect(0, &["init", "exports"]);
    insta::assert_snapshot!("exports", written(&desk, &said.out));
    works(&desk);
    // Those whose first order is of this month, and the best tenth.
    assert_eq!(desk.size("newcomers"), 8);
    assert_eq!(desk.size("best_customers"), 3);
    let said = desk.expect(0, &["import"]).out;
    assert!(
        said.starts_with("kunden.csv: 24 rows, semicolons, Windows-1252\n"),
        "{said}"
    );
    let mode = std::fs::metadata(desk.path("exports.db"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn some_files_of_a_folder_are_enough() {
    let desk = exports();
    desk.expect(0, &["init", "exports/kunden.csv", "exports/orders.csv"]);
    assert!(
        desk.read("config.yaml")
            .contains("only: [kunden.csv, orders.csv]")
    );
    works(&desk);
    desk.expect(2, &["init", "exports/readme.md"]);
}

#[test]
fn a_run_imports_what_has_changed_and_nothing_else() {
    let desk = exports();
    desk.expect(0, &["init", "exports"]);
    let run = |arguments: &[&str]| {
        let said = desk.expect(0, &[&["run", "--as-of", "2026-03-15"], arguments].concat());
        said.err
            .contains("imported, because the files, or what config says of them, have changed:")
    };
    assert!(!run(&[]));
    let more = desk.read("exports/orders.csv") + "999;1001;14.03.2026 10:00;5,50 €;paid\n";
    let outdated = |arguments: &[&str]| {
        let said = desk.expect(0, &[arguments, &["--format", "json"]].concat());
        said.err
            .contains("files in `exports` have changed since they were imported")
    };
    let looks = [
        &["check"][..],
        &["run", "--dry-run", "--as-of", "2026-03-15"],
    ];
    assert!(!looks.iter().any(|look| outdated(look)));
    desk.write("exports/orders.csv", more);
    assert!(!run(&["--dry-run"]));
    assert!(looks.iter().all(|look| outdated(look)));
    assert!(run(&[]));
    assert!(!run(&[]));
    assert!(!looks.iter().any(|look| outdated(look)));
    assert_eq!(
        cells(&desk.path("exports.db"), "select count(*) from orders"),
        ["i97"]
    );
    std::fs::remove_file(desk.path("exports.db")).unwrap();
    let said = desk.expect(3, &["check"]).err;
    assert!(said.contains("`muster import` makes it"), "{said}");
    std::fs::rename(desk.path("results.db"), desk.path("kept.db")).unwrap();
    let said = desk.expect(3, &["segments"]).err;
    assert!(said.contains("`muster import` makes it"), "{said}");
    let said = desk.expect(3, &["status"]).err;
    assert!(said.contains("`muster import` makes it"), "{said}");
    std::fs::rename(desk.path("kept.db"), desk.path("results.db")).unwrap();
    desk.put_clock("2026-03-15T12:00:00Z");
    desk.expect(0, &["run", "--due"]);
    desk.put_clock("2026-03-16T06:01:00Z");
    desk.write(
        "exports/orders.csv",
        desk.read("exports/orders.csv") + "1000;1001;15.03.2026 10:00;5,50 €;paid\n",
    );
    desk.expect(0, &["run", "--due"]);
    assert_eq!(
        cells(&desk.path("exports.db"), "select count(*) from orders"),
        ["i98"]
    );
}

#[test]
fn an_import_that_fails_leaves_the_database_as_it_was() {
    let desk = exports();
    desk.expect(0, &["init", "exports"]);
    let before = std::fs::read(desk.path("exports.db")).unwrap();
    desk.write("exports/orders.csv", "id;Kundennr\n1;\"2\n");
    for command in [&["import"][..], &["run"]] {
        let said = desk.expect(2, command).err;
        assert!(
            said.contains("orders.csv: the quote opened in line 2 is not closed"),
            "{said}"
        );
    }
    assert_eq!(std::fs::read(desk.path("exports.db")).unwrap(), before);
    let parts = crate::support::scratch::names(desk.folder());
    assert!(
        !parts.iter().any(|name| name.starts_with(".muster-")),
        "{parts:?}"
    );
}

#[test]
fn a_file_that_is_gone_takes_no_table_with_it() {
    let folder = Scratch::around("data.db");
    folder.write("in/a.csv", "id\n1\n");
    folder.write("in/b.csv", "id\n1\n");
    let set = FileSet {
        folder: folder.path("in"),
        ..FileSet::default()
    };
    let database = folder.database();
    refresh(&set, &database, &Unwatched).unwrap().unwrap();
    std::fs::remove_file(folder.path("in/b.csv")).unwrap();
    let gone = refresh(&set, &database, &Unwatched).unwrap_err();
    let (gone, folder) = (gone.to_string(), set.folder.display());
    assert!(
        gone.contains("has the table `b` from an earlier import")
            && gone.contains(&format!(
                "the folder `{folder}` no longer has a file for it"
            ))
            && gone.ends_with("the next import rebuilds it without that table"),
        "{gone}"
    );
    let tables = muster::connector::tables_in(&database).unwrap();
    assert_eq!(tables, ["a", "b"]);
    std::fs::remove_file(&database).unwrap();
    refresh(&set, &database, &Unwatched).unwrap().unwrap();
    assert_eq!(muster::connector::tables_in(&database).unwrap(), ["a"]);
}

#[test]
fn an_import_replaces_nothing_but_an_import() {
    let desk = exports();
    desk.expect(0, &["init", "exports"]);
    let refused = |why: &str| {
        let said = desk.expect(2, &["import"]).err;
        assert!(said.contains(why), "{why}\n{said}");
    };
    desk.sql_in("exports.db", "create table muster_runs (id integer)");
    refused("holds results of Muster");
    std::fs::remove_file(desk.path("exports.db")).unwrap();
    desk.sql_in("exports.db", "create table t (id integer)");
    refused("was made by another program");
    std::fs::rename(desk.path("exports.db"), desk.path("elsewhere.db")).unwrap();
    symlink(desk.path("elsewhere.db"), desk.path("exports.db")).unwrap();
    refused("is a link");
    std::fs::remove_file(desk.path("exports.db")).unwrap();
    desk.write("exports.db", "no database");
    refused("cannot be read");
    std::fs::remove_file(desk.path("exports.db")).unwrap();
    // Nor does it read through a link.
    symlink("/etc/passwd", desk.path("exports/passwd.csv")).unwrap();
    let said = desk.expect(0, &["import"]).out;
    assert!(
        said.contains("passwd.csv: left out: it is a link"),
        "{said}"
    );
    let results = desk
        .read("config.yaml")
        .replace("results: sqlite:results.db", "#");
    desk.write("config.yaml", results);
    let said = desk.expect(2, &["check"]).err;
    assert!(
        said.contains("write a file of their own: `results: sqlite:results.db`"),
        "{said}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    /// Whatever stands in cells and divides them is read back as it was written.
    #[test]
    fn cells_are_read_back_as_they_were_written(
        rows in prop::collection::vec(prop::collection::vec("x[a-zé€\",;|\t\n\r 0-9.]{0,12}", 3), 1..8),
        separator in prop::sample::select(vec![(b',', Separator::Comma), (b';', Separator::Semicolon), (b'\t', Separator::Tab), (b'|', Separator::Bar)]),
        encoding in prop::sample::select(vec![Encoding::Utf8, Encoding::Utf16, Encoding::Windows1252]),
    ) {
        let mut writer = csv::WriterBuilder::new().delimiter(separator.0).from_writer(Vec::new());
        writer.write_record(["a", "b", "c"]).unwrap();
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let bytes = match encoding {
            Encoding::Utf8 => text.into_bytes(),
            Encoding::Utf16 => utf16(&text),
            Encoding::Windows1252 => western(&text),
        };
        let form = FileForm { separator: Some(separator.1), encoding: Some(encoding), ..FileForm::default() };
        let (_, found) = imported("t.csv", &bytes, form, "select * from t").unwrap();
        let expected: Vec<String> = rows.iter().map(|row| row.join(" | ")).collect();
        prop_assert_eq!(found, expected);
    }
}

/// What holds nothing is told, and stops nothing else; a table that had rows before is not taken away by it.
#[test]
fn an_empty_file_is_passed_over_and_headings_alone_are_a_table() {
    let folder = Scratch::around("data.db");
    folder.write("in/a.csv", "id,name\n1,Ada\n");
    folder.write("in/b.csv", "id,client_id,at\n");
    folder.write("in/c.csv", "");
    folder.write("in/d.csv", "\n\n  \n");
    let set = FileSet {
        folder: folder.path("in"),
        ..FileSet::default()
    };
    let database = folder.database();
    let imported = refresh(&set, &database, &Unwatched).unwrap().unwrap();
    let told = imported.told(&marks(Locale::EnUs));
    let wanted = [
        "a.csv: 1 row, commas, UTF-8",
        "b.csv: 0 rows, commas, UTF-8",
        "c.csv: left out: it is empty",
        "d.csv: left out: it is empty",
    ];
    assert_eq!(told, wanted);
    assert_eq!(muster::connector::tables_in(&database).unwrap(), ["a", "b"]);
    folder.write("in/a.csv", "");
    let gone = refresh(&set, &database, &Unwatched)
        .unwrap_err()
        .to_string();
    assert!(
        gone.contains("`a.csv` held 1 row of the table `a` at the last import and is empty now"),
        "{gone}"
    );
}

#[test]
fn a_folder_with_an_empty_file_is_segmented_all_the_same() {
    let desk = exports();
    desk.write("exports/refunds.csv", "");
    desk.write("exports/visits.csv", "id;Kundennr;visited_at\n");
    desk.expect(0, &["init", "exports"]);
    works(&desk);
}

/// A row is called by its line wherever it is spoken of, whatever stands above it.
#[test]
fn rows_are_counted_as_the_file_counts_its_lines() {
    let folder = Scratch::around("data.db");
    folder.write(
        "in/a.csv",
        "Our clients\n\nid,note,at\n1,\"one\ntwo\",x\n\nid,note,at\n2,b,y\n",
    );
    let set = FileSet {
        folder: folder.path("in"),
        ..FileSet::default()
    };
    refresh(&set, &folder.database(), &Unwatched)
        .unwrap()
        .unwrap();
    let rows = cells(&folder.database(), "select rowid, id from a");
    assert_eq!(rows, ["i4 | i1", "i8 | i2"]);
    // Where columns have taken all names of a row's id, rows are counted.
    folder.write("in/a.csv", "rowid,oid,_rowid_\n7,8,9\n");
    refresh(&set, &folder.database(), &Unwatched)
        .unwrap()
        .unwrap();
    let rows = cells(&folder.database(), "select rowid, oid, _rowid_ from a");
    assert_eq!(rows, ["i7 | i8 | i9"]);
}

#[test]
fn amounts_in_several_currencies_are_told_with_their_lines() {
    let told = |text: &str| read("t.csv", text.as_bytes()).0;
    let lines = told("id;paid\n1;10,00 €\n2;$12.50\n3;5,00 €\n");
    let wanted = "  `paid` holds amounts in several currencies, which cannot be added up: 1 with `$` (first in line 3), 2 with `€` (first in line 2)";
    assert!(lines.contains(wanted), "{lines}");
    // Prose that speaks of money is none.
    for text in [
        "id;paid\n1;10,00 €\n2;5,00 €\n",
        "id;note\n1;10 € off\n2;paid $5\n",
    ] {
        let lines = told(text);
        assert!(!lines.contains("currencies"), "{lines}");
    }
}

/// A file that nothing reads may come and go; one that config names may not, and `check` says so as a run does.
#[test]
fn a_file_that_nothing_reads_may_go() {
    let desk = exports();
    desk.expect(0, &["init", "exports"]);
    desk.write("exports/remarks.csv", "remark,by_whom\nnone,nobody\n");
    desk.expect(0, &["run"]);
    std::fs::remove_file(desk.path("exports/remarks.csv")).unwrap();
    let said = desk.expect(0, &["check"]).err;
    assert!(
        said.contains("have changed since they were imported"),
        "{said}"
    );
    let run = desk.expect(0, &["run"]).err;
    let told = "the table `remarks` of an earlier import is dropped: its file is gone, and config does not name it";
    assert!(run.contains(told), "{run}");
    let tables = muster::connector::tables_in(&desk.path("exports.db")).unwrap();
    assert!(!tables.contains(&"remarks".to_owned()), "{tables:?}");

    std::fs::remove_file(desk.path("exports/order_items.csv")).unwrap();
    let run = desk.expect(2, &["run"]).err;
    let why = run
        .split_once("has the table `order_items`")
        .unwrap()
        .1
        .trim_end();
    for look in [&["check"][..], &["run", "--dry-run"]] {
        let said = desk.expect(2, look).err;
        assert!(
            said.contains("as things stand, the next import fails, and every run begins with one"),
            "{said}"
        );
        assert!(said.contains(why), "{said}");
    }
}
