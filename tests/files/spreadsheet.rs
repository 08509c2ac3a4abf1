//! CSV as spreadsheets of several countries read it: nothing in it is computed.

use muster::config::Locale;
use muster::view::{Cell, CsvWriter, Heading, marks};
use proptest::prelude::*;

fn csv(label: &str, text: &str, locale: Locale) -> String {
    let headings = [Heading::left("a", label), Heading::left("b", "Key")];
    let mut file = Vec::new();
    let mut writer = CsvWriter::start(&mut file, &headings, marks(locale)).unwrap();
    let row = [Cell::Text(text.to_owned()), Cell::Key(7)];
    writer.row(&row).unwrap();
    writer.finish().unwrap();
    String::from_utf8(file).unwrap()
}

/// The text as a program with the right separator reads it.
fn read_back(text: &str) -> String {
    let file = csv("Name", text, Locale::EnUs);
    let mut reader = csv::Reader::from_reader(file.as_bytes());
    let row = reader.records().next().unwrap().unwrap();
    row[0].to_owned()
}

#[test]
fn formulas_have_an_apostrophe_wherever_they_begin() {
    for (text, guarded) in [
        ("=1+1", "'=1+1"),
        ("+1+cmd|'/c calc'!A0", "'+1+cmd|'/c calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        ("\n=1", "'\n'=1"),
        ("\ttext", "'\ttext"),
        // East Asian widths, other forms of compatibility, and the typographic minus.
        ("＝1+1", "'＝1+1"),
        ("＋1+1", "'＋1+1"),
        ("－1+1", "'－1+1"),
        ("＠SUM(1)", "'＠SUM(1)"),
        ("﹦1+1", "'﹦1+1"),
        ("﹢1+1", "'﹢1+1"),
        ("﹣1+1", "'﹣1+1"),
        ("﹫SUM(1)", "'﹫SUM(1)"),
        ("⁼1+1", "'⁼1+1"),
        ("−1+1", "'−1+1"),
        // What is not seen in front of it.
        (" =1+1", "' =1+1"),
        ("\u{a0}=1+1", "'\u{a0}=1+1"),
        ("\u{3000}=1+1", "'\u{3000}=1+1"),
        ("\u{feff}=1+1", "'\u{feff}=1+1"),
        ("\u{200b}\u{2060}=1+1", "'\u{200b}\u{2060}=1+1"),
        ("\u{ad}＝1+1", "'\u{ad}＝1+1"),
        ("\0=1+1", "'\0=1+1"),
        ("\u{b}\u{c}=1", "'\u{b}\u{c}=1"),
        ("\"=1+1\"", "'\"=1+1\""),
        ("\" =1+1\"", "'\" =1+1\""),
        // Where another separator begins a cell.
        ("a;=1+1", "a;'=1+1"),
        ("a,=1+1", "a,'=1+1"),
        ("a\t=1+1", "a\t'=1+1"),
        ("a\n=1+1", "a\n'=1+1"),
        ("a\r\n=1+1", "a\r\n'=1+1"),
        ("a; ＝1+1", "a;' ＝1+1"),
        ("a;\"=1+1\"", "a;'\"=1+1\""),
        ("a\";\"=1+1", "a\";'\"=1+1"),
        ("a;;=1;b;@x", "a;;'=1;b;'@x"),
        ("-5;=1", "'-5;'=1"),
        ("=1;=2", "'=1;'=2"),
        // Numbers that go on.
        ("-5*2", "'-5*2"),
        ("-5-3", "'-5-3"),
        ("--5", "'--5"),
        ("+49 30 1234 x", "'+49 30 1234 x"),
        ("-inf", "'-inf"),
        ("-5,1+cmd|'/c calc'!A0", "'-5,1+cmd|'/c calc'!A0"),
        ("a;-5,1+cmd|'/c calc'!A0", "a;'-5,1+cmd|'/c calc'!A0"),
        ("a\n-,2+3", "a\n'-,2+3"),
        ("-;2", "'-;2"),
        ("-5; -6", "'-5; -6"),
    ] {
        assert_eq!(read_back(text), guarded, "{text:?}");
    }
}

#[test]
fn numbers_and_plain_texts_stay_as_they_are() {
    for text in [
        "-5",
        "+3.2",
        "-1.234,50",
        "-1,234.50",
        "-1 234,50",
        "-1\u{202f}234,50",
        "-1'234.50",
        "-5 %",
        "-5%",
        "- 5",
        "-$5.00",
        "-5 €",
        "-€5",
        "-1.5e-3",
        "+49 30 1234",
        "+4930",
        "－５",
        "−5",
        "-.5",
        "3, -5, 7",
        "3; -5; 7",
        "1,-5",
        "a-b",
        "a - b",
        "x; y",
        "a=b",
        "a;b=c",
        "ann@example.com",
        "Ann <ann@example.com>; bob@example.com",
        "-",
        "--",
        "a; - ; b",
        "—",
        "– an aside",
        "•",
        "'=1",
        "'",
        "",
        " ",
        "\u{200b}",
        "O'Brien, Ann",
        "50% + x",
        "last visit 58 days ago, usually every 3 days; no visits in the last 30 days, 1 in the 30 before",
        "5'-UTR",
        "C++",
        "#1",
        "(a)",
        "1-2-3",
        "2026-03-15",
        "Größe",
        "東京",
        "😀",
    ] {
        assert_eq!(read_back(text), text);
    }
}

#[test]
fn no_first_heading_makes_a_program_take_the_file_for_another_format() {
    for label in [
        "ID",
        "ID;P",
        "PK",
        "MZ",
        "TABLE",
        "RIFF",
        "<html>",
        " <html>",
        "%PDF-1.4",
        "%!PS",
        "{\\rtf1",
        "{",
        "[",
        "#!/bin/sh",
        "sep=;",
        "SEP=,",
        "\u{feff}ID",
        "=1+1",
        "＝1+1",
        "a;=1",
    ] {
        for locale in [Locale::EnUs, Locale::DeDe] {
            let file = csv(label, "Ann", locale);
            assert!(!file.starts_with(label), "{file}");
            let begins = file.chars().next().unwrap();
            assert!("\"'a".contains(begins), "{file}");
        }
    }
    for label in [
        "id",
        "Id",
        "Client no.",
        "#",
        "Größe",
        "name",
        "7",
        "_x",
        "iD",
    ] {
        assert!(csv(label, "Ann", Locale::EnUs).starts_with(&format!("{label},Key\n")));
    }
    // Who reads the file has the heading as it is.
    let file = csv("ID", "Ann", Locale::EnUs);
    assert_eq!(file, "\"ID\",\"Key\"\nAnn,7\n");
}

/// Whether a spreadsheet would compute a cell, in the plainest reading: a sign first, and no number.
fn is_computed(cell: &str) -> bool {
    let unseen = |c: char| {
        c.is_whitespace() || c.is_control() || c == '"' || c == '\u{200b}' || c == '\u{feff}'
    };
    let cell = cell.trim_start_matches(unseen).trim_end_matches(unseen);
    let number = |c: char| c.is_ascii_digit() || ".,;+-＋－\"\t \u{200b}\u{feff}".contains(c);
    cell.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) && !cell.chars().all(number)
}

#[test]
fn a_sign_and_a_number_with_a_line_break_between_are_no_number() {
    for text in ["-\r1", "+\n1", "-\t1"] {
        let file = csv("Name", text, Locale::EnUs);
        assert!(file.contains(&format!("'{text}")), "{file:?}");
    }
}

proptest! {
    #[test]
    fn whatever_separates_cells_nothing_is_computed(
        text in "[=+@＝＋ab1;,\t\n\r\" \u{200b}\u{feff}|-]{0,14}",
        locale in prop_oneof![Just(Locale::EnUs), Just(Locale::DeDe)],
    ) {
        let file = csv("Name", &text, locale);
        for separator in [',', ';', '\t'] {
            for line in file.split(['\n', '\r']) {
                for cell in line.split(separator) {
                    prop_assert!(!is_computed(cell), "{cell:?} of {file:?}");
                }
            }
            let mut reader = csv::ReaderBuilder::new()
                .delimiter(separator as u8)
                .flexible(true)
                .from_reader(file.as_bytes());
            for row in reader.records() {
                for cell in &row.unwrap() {
                    prop_assert!(!is_computed(cell), "{cell:?} of {file:?}");
                }
            }
        }
    }
}
