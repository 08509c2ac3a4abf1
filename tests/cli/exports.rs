//! Exports that are not what they were, or not what they seem: told, and refused where rows would be lost.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::Mutex;

use muster::config::{FileForm, FileSet, Locale, marks};
use muster::engine::{Unwatched, Watch};
use muster::import::{build, import};
use proptest::prelude::*;

use super::desk::Desk;
use super::shop::{all, rows};
use crate::support::database::query;
use crate::support::scratch::Scratch;

/// Clients and their orders, which are in the files of these texts; what is said of `orders_*.csv` beside its table, and of other files.
fn shop(files: &[(&str, &str)], said: &str, others: &str) -> Desk {
    let of_orders = format!("    \"orders_*.csv\": {{ table: orders{said} }}\n{others}");
    let desk = super::shop::shop(files, &of_orders, "");
    desk.write(
        "rules/all.yaml",
        "segments:\n  - { id: has, when: count(orders) > 0 }\n  - { id: pays, when: sum(orders.total) > 1 }\n",
    );
    desk
}

/// Orders with these numbers as they are written, one a client.
fn orders(numbers: impl IntoIterator<Item = String>) -> String {
    let rows = (1..).zip(numbers);
    let rows =
        rows.map(|(n, no)| format!("{no},{},2026-03-{:02},{n}.25\n", n % 20 + 1, n % 28 + 1));
    "no,client,at,total\n".to_owned() + &rows.collect::<String>()
}

fn numbered(numbers: std::ops::RangeInclusive<u32>) -> String {
    orders(numbers.map(|n| n.to_string()))
}

#[test]
fn a_key_is_the_number_that_is_stored_however_it_is_written() {
    let spellings: [&dyn Fn(u32) -> String; 3] =
        [&|n| format!("{n}.0"), &|n| format!("\"{n}.00\""), &|n| {
            format!(" {n}.000 ")
        }];
    for spelled in spellings {
        let again = orders((1..=20).map(spelled));
        let files = [("orders_1.csv", numbered(1..=20)), ("orders_2.csv", again)];
        let files = files.each_ref().map(|(name, text)| (*name, text.as_str()));
        let desk = shop(&files, ", key: no", "");
        let said = all(&desk, 0, &["import"]);
        let left_out = "20 rows are the same as a later row with their key and were left out (rows 2, 3, 4, …)";
        assert!(said.contains(left_out), "{said}");
        assert_eq!(rows(&desk, "orders"), 20);
    }
    // Thousands set apart, where the amounts tell what the comma means.
    let again = orders((1_001..=1_020).map(|n| format!("\"1,{:03}\"", n - 1_000)));
    let files = [
        ("orders_1.csv", &*numbered(1_001..=1_020)),
        ("orders_2.csv", &again),
    ];
    let desk = shop(&files, ", key: no", "");
    desk.expect(0, &["import"]);
    assert_eq!(rows(&desk, "orders where no between 1001 and 1020"), 20);
    assert_eq!(rows(&desk, "orders"), 20);
    // A code is another one: nothing makes a number of it.
    let codes = orders((1..=20).map(|n| format!("A{n}.0")));
    let files = [
        ("orders_1.csv", &*orders((1..=20).map(|n| format!("A{n}")))),
        ("orders_2.csv", &codes),
    ];
    let desk = shop(&files, ", key: no", "");
    desk.expect(0, &["import"]);
    assert_eq!(rows(&desk, "orders"), 40);
}

#[test]
fn init_knows_orders_again_whose_numbers_are_written_otherwise() {
    let desk = Desk::empty();
    let clients: String = (1..=20).map(|n| format!("{n},Ann {n}\n")).collect();
    desk.write("in/clients.csv", format!("id,name\n{clients}"));
    let order =
        |no: &str, n: u32| format!("{no},{},2026-03-{:02},{n}.25\n", n % 20 + 1, n % 28 + 1);
    let head = "order_no,client_id,ordered_at,total\n";
    let first: String = (1_001..=1_040).map(|n| order(&n.to_string(), n)).collect();
    let again = (1_021..=1_060).map(|n| order(&format!("\"1,{:03}\"", n - 1_000), n));
    desk.write("in/orders_1.csv", format!("{head}{first}"));
    desk.write(
        "in/orders_2.csv",
        format!("{head}{}", again.collect::<String>()),
    );
    desk.expect(0, &["init", "in"]);
    let config = desk.read("config.yaml");
    let line = "    \"orders_*.csv\": { table: orders, key: order_no }\n";
    assert!(config.contains(line), "{config}");
    assert_eq!(rows(&desk, "orders"), 60);
}

/// An export that fails leaves headings, half a line or nothing: its rows are not dropped for that, whoever imports.
#[test]
fn a_file_that_lost_its_rows_is_a_failed_export() {
    let (first, second) = (numbered(1..=20), numbered(21..=40));
    let cut = &second[..second.len() / 2 + 3];
    assert!(!cut.ends_with('\n'));
    for (text, told) in [
        ("no,client,at,total\n", "now has headings but no rows"),
        ("", "is empty now"),
        ("\n\n", "is empty now"),
        (cut, "ends in the middle of a line now, with row 11"),
    ] {
        let files = [("orders_1.csv", first.as_str()), ("orders_2.csv", &second)];
        let desk = shop(&files, "", "");
        desk.expect(0, &["run", "--as-of", "2026-04-01"]);
        desk.write("in/orders_2.csv", text);
        for command in [&["import"][..], &["run"], &["run", "--dry-run"], &["check"]] {
            let said = all(&desk, 2, command);
            let wanted = format!(
                "`orders_2.csv` held 20 rows of the table `orders` at the last import and {told}; nothing was imported"
            );
            assert!(said.contains(&wanted), "{wanted}\n{said}");
        }
        assert_eq!(rows(&desk, "orders"), 40);
        // As it says: whoever means it takes the database away.
        std::fs::remove_file(desk.path("in.db")).unwrap();
        desk.expect(0, &["import"]);
        let left = if text == cut { 31 } else { 20 };
        assert_eq!(rows(&desk, "orders"), left);
        desk.expect(0, &["check"]);
    }
}

#[test]
fn fewer_rows_are_an_export_like_any_other_as_long_as_their_lines_end() {
    let files = [
        ("orders_1.csv", &*numbered(1..=20)),
        ("orders_2.csv", &*numbered(21..=40)),
    ];
    let desk = shop(&files, "", "");
    desk.expect(0, &["import"]);
    desk.write("in/orders_2.csv", numbered(21..=25));
    desk.expect(0, &["import"]);
    assert_eq!(rows(&desk, "orders"), 25);
    // Some programs never end the last line, and that of a growing file says nothing.
    desk.write("in/orders_2.csv", numbered(21..=30).trim_end());
    desk.expect(0, &["import"]);
    desk.write("in/orders_2.csv", numbered(21..=26).trim_end());
    desk.expect(0, &["import"]);
    assert_eq!(rows(&desk, "orders"), 26);
    let cut = numbered(21..=30);
    desk.write("in/orders_2.csv", &cut[..cut.len() - 8]);
    let said = all(&desk, 0, &["import"]);
    let told = "orders_2.csv: 1 row is the last one, has fewer cells than the others, and its line does not end: the file may be cut off (line 11)";
    assert!(said.contains(told), "{said}");
    let said = all(&desk, 0, &["check"]);
    assert!(
        said.contains(&format!("note: from the last import: {told}")),
        "{said}"
    );
}

#[test]
fn a_file_that_became_something_else_is_not_said_to_be_gone() {
    let files = [
        ("orders_1.csv", &*numbered(1..=20)),
        ("orders_2.csv", &*numbered(21..=40)),
    ];
    let desk = shop(&files, "", "");
    desk.expect(0, &["run", "--as-of", "2026-04-01"]);
    std::fs::rename(desk.path("in/orders_2.csv"), desk.path("moved.csv")).unwrap();
    let gone = all(&desk, 2, &["run"]);
    assert!(gone.contains("`in` no longer has such a file"), "{gone}");
    let place = desk.path("in/orders_2.csv");
    symlink("../moved.csv", &place).unwrap();
    let said = all(&desk, 2, &["import"]);
    assert!(
        said.contains("`orders_2.csv` is a link now, and links are not followed"),
        "{said}"
    );
    std::fs::remove_file(&place).unwrap();
    std::fs::create_dir(&place).unwrap();
    let said = all(&desk, 2, &["check"]);
    assert!(
        said.contains("`orders_2.csv` is no longer a file"),
        "{said}"
    );
    assert_eq!(rows(&desk, "orders"), 40);
}

#[test]
fn what_is_called_as_a_file_and_is_none_is_told_by_check_and_run() {
    let desk = shop(&[("orders_1.csv", &numbered(1..=20))], "", "");
    desk.expect(0, &["run", "--as-of", "2026-04-01"]);
    desk.write("elsewhere.csv", numbered(21..=40));
    symlink("../elsewhere.csv", desk.path("in/orders_2.csv")).unwrap();
    let told = "orders_2.csv: left out: it is a link";
    let said = all(&desk, 0, &["check"]);
    assert!(
        said.contains("have changed since they were imported") && said.contains(told),
        "{said}"
    );
    assert!(all(&desk, 0, &["run", "--as-of", "2026-04-02"]).contains(told));
    let said = all(&desk, 0, &["check"]);
    assert!(
        said.contains(&format!("note: from the last import: {told}")),
        "{said}"
    );
}

/// Notes with a quote too many in the third and the last but two of so many rows.
fn quoted(rows: u32) -> String {
    let row = |n: u32| {
        let note = if n == 3 || n == 8 {
            "\"12 inch"
        } else {
            "fine, really"
        };
        let note = if note.contains(',') {
            format!("\"{note}\"")
        } else {
            note.to_owned()
        };
        format!("{n},{},2026-03-01,1.00,{note}\n", n % 20 + 1)
    };
    "no,client,at,total,note\n".to_owned() + &(1..=rows).map(row).collect::<String>()
}

#[test]
fn rows_inside_a_cell_that_a_stray_quote_opened_are_told_or_refused() {
    let plain = |rows: u32| quoted(rows).replace("\"fine, really\"", "fine");
    let desk = shop(&[("orders_1.csv", &plain(400))], "", "");
    let told = "1 row has a quoted cell that runs over lines which look like rows but are not read as rows: a quote is missing or misplaced, unless \
                the cell is meant to hold them (`quotes: trusted`) (line 4)";
    let said = all(&desk, 0, &["import"]);
    assert!(said.contains(told), "{said}");
    let said = all(&desk, 0, &["check"]);
    assert!(
        said.contains(&format!("note: from the last import: orders_1.csv: {told}")),
        "{said}"
    );
    // Of one table with others, with the line of its own file.
    desk.write("in/orders_0.csv", numbered(401..=420));
    let said = all(&desk, 0, &["import"]);
    assert!(said.contains(&format!("orders_1.csv: {told}")), "{said}");

    desk.write("in/orders_1.csv", plain(10));
    let said = all(&desk, 2, &["import"]);
    assert!(
        said.contains(
            "orders_1.csv: 5 lines look like rows but are inside quoted cells, the first in the cell that begins in line 4: close its quote there, \
             or double it if it is part of the text; if the cell is meant to hold these lines, write `quotes: trusted` for the file in `import:` of \
             config; if quotes are ordinary characters in it, write `quotes: none`; nothing was imported"
        ),
        "{said}"
    );
    // Texts of several lines are texts, whatever commas are in them.
    let note = "\"Called, twice.\nCame, saw, left.\n3, 4, or 5 people, or none, at all\"";
    desk.write("in/orders_1.csv", plain(10).replace("\"12 inch", note));
    let said = all(&desk, 0, &["import"]);
    assert!(!said.contains("look like rows"), "{said}");
    assert_eq!(rows(&desk, "orders"), 30);
}

/// Config has the last word on quotes that stand around what looks like rows.
#[test]
fn config_says_what_quotes_are() {
    let plain = quoted(10).replace("\"fine, really\"", "fine");
    let desk = shop(&[("orders_1.csv", &plain)], "", "");
    desk.expect(2, &["import"]);
    let config = desk.read("config.yaml");
    let say = |quotes: &str| {
        let said = format!("{{ table: orders, quotes: {quotes} }}");
        desk.write("config.yaml", config.replace("{ table: orders }", &said));
    };
    say("none");
    let said = all(&desk, 0, &["import"]);
    assert!(!said.contains("quote"), "{said}");
    assert_eq!(rows(&desk, "orders"), 10);
    let notes = "select count(*) from orders where note = '\"12 inch'";
    assert_eq!(query(&desk.path("in.db"), notes), ["2"]);
    // A quote that nobody closes is a letter, too.
    desk.write("in/orders_1.csv", plain.replacen("\"12 inch", "12\"", 1));
    desk.expect(0, &["import"]);
    assert_eq!(rows(&desk, "orders"), 10);

    desk.write("in/orders_1.csv", &plain);
    say("trusted");
    let said = all(&desk, 0, &["import"]);
    assert!(!said.contains("look like rows"), "{said}");
    assert_eq!(rows(&desk, "orders"), 5);
    say("checked");
    desk.expect(2, &["import"]);
    say("single");
    let said = all(&desk, 2, &["check"]);
    assert!(
        said.contains("it can be `checked`, `trusted`, `none`"),
        "{said}"
    );
}

#[test]
fn a_config_that_says_two_things_of_one_file_is_refused() {
    let files = [
        ("orders_1.csv", &*numbered(1..=20)),
        ("orders_x2.csv", &*numbered(21..=40)),
    ];
    for (said, others, told) in [
        (
            "",
            "    \"*_x2.csv\": { table: other }\n",
            "the patterns `orders_*.csv` and `*_x2.csv` both match the file `orders_x2.csv` but say different things about it",
        ),
        (
            ", key: no",
            "    orders_1.csv: { table: orders, key: client }\n",
            "`key: client` is set for `orders_1.csv`, and `key: no` for `orders_*.csv`: both are the table `orders`, which has one key",
        ),
        (
            ", key: no, copies: once",
            "",
            "`copies: once` and `key: no` are both set for `orders_*.csv`: only the last of the rows with the same key is imported",
        ),
        (
            ", key: no",
            "    orders_1.csv: { table: orders, copies: once }\n",
            "`key: no` and `copies: once` are set for files of one table",
        ),
        (
            "",
            "    clients.csv: { table: \" \" }\n",
            "`table` of `clients.csv` is empty: a table needs a name",
        ),
    ] {
        let desk = shop(&files, said, others);
        let said = all(&desk, 2, &["import"]);
        assert!(said.contains(told), "{told}\n{said}");
        assert!(!Path::new(&desk.path("in.db")).exists());
    }
    // The full name decides.
    let others = "    \"*_x2.csv\": { table: other }\n    orders_x2.csv: { table: orders }\n";
    let desk = shop(&files, "", &others.replace("*_x2", "other_*"));
    desk.write("in/other_1.csv", "a,b\n1,2\n");
    desk.expect(0, &["import"]);
    assert_eq!(rows(&desk, "orders"), 40);
}

/// What the next import refuses, those refuse that only look at the files.
#[test]
fn what_an_import_would_refuse_check_refuses() {
    let stray = numbered(1..=2).replace(",1.25", ",\"1.25");
    let cases = [
        (
            numbered(21..=40).replacen("no,", "number,", 1),
            "orders_2.csv: it has no column `no`, which orders_1.csv has",
        ),
        (
            stray,
            "orders_2.csv: the quote opened in line 2 is not closed",
        ),
    ];
    for (text, told) in cases {
        let desk = shop(&[("orders_1.csv", &numbered(1..=20))], ", key: no", "");
        desk.expect(0, &["import"]);
        desk.expect(0, &["check"]);
        desk.write("in/orders_2.csv", text);
        for command in [&["check"][..], &["run", "--dry-run"], &["run"]] {
            let said = all(&desk, 2, command);
            assert!(said.contains(told), "{command:?} {said}");
        }
    }
}

/// A file that is one column by the separator that config says is told with the one that divides its cells.
#[test]
fn a_file_with_another_separator_than_config_says_is_told() {
    let text = |separator: &str, numbers| numbered(numbers).replace(',', separator);
    let (first, second) = (text(";", 1..=20), text("\t", 21..=40));
    let told = "orders_2.csv: it was read as one column: tabs separate its cells, but config expects semicolons";
    let desk = shop(
        &[("orders_1.csv", &first), ("orders_2.csv", &second)],
        ", separator: semicolon",
        "",
    );
    for command in ["import", "check"] {
        let said = all(&desk, 1, &[command]);
        assert!(said.contains(told), "{said}");
    }
    desk.write("in/orders_2.csv", text(";", 21..=40));
    let said = all(&desk, 0, &["import"]);
    assert!(!said.contains("one column"), "{said}");
}

#[test]
fn what_is_no_text_or_has_no_name_is_said_to_be_so() {
    let desk = shop(&[("orders_1.csv", &numbered(1..=20))], "", "");
    desk.write("in/.csv", numbered(21..=40));
    desk.write("in/._orders_1.csv", "of a Mac");
    let said = all(&desk, 0, &["import"]);
    assert!(
        said.contains(".csv: left out: it has no name before its extension"),
        "{said}"
    );
    assert!(!said.contains("._orders"), "{said}");
    for is_little in [true, false] {
        let letters = format!("\u{feff}{}", numbered(1..=20));
        let bytes = letters.chars().map(u32::from).map(|c| match is_little {
            true => c.to_le_bytes(),
            false => c.to_be_bytes(),
        });
        desk.write("in/orders_1.csv", bytes.flatten().collect::<Vec<u8>>());
        let said = all(&desk, 2, &["import"]);
        assert!(said.contains("orders_1.csv: it is UTF-32"), "{said}");
    }
}

#[test]
fn a_table_without_rows_takes_whatever_type_rules_need() {
    let head = "no,client,at,total,state,paid_at,price,count\n";
    let desk = shop(&[("orders_1.csv", head), ("orders_2.csv", head)], "", "");
    let config = desk.read("config.yaml");
    desk.write(
        "config.yaml",
        config.replace("at: at }", "at: at, key: no }"),
    );
    desk.write(
        "rules/all.yaml",
        "segments:\n\
         \x20 - { id: none, when: count(orders) = 0 }\n\
         \x20 - { id: pays, when: sum(orders.total) > 100 }\n\
         \x20 - { id: worth, when: sum(orders.price * orders.count) > 100 }\n\
         \x20 - { id: open, when: count(orders where state = \"open\") > 0 }\n\
         \x20 - { id: lately, when: count(orders where paid_at in last 30 days) > 0 }\n\
         \x20 - { id: last, when: 'last(orders).state = \"open\"' }\n",
    );
    desk.expect(0, &["import"]);
    desk.expect(0, &["check"]);
    desk.expect(0, &["run", "--as-of", "2026-04-01"]);
    let sizes: Vec<i64> = ["none", "pays", "worth", "open", "lately", "last"]
        .iter()
        .map(|id| desk.size(id))
        .collect();
    assert_eq!(sizes, [20, 0, 0, 0, 0, 0]);
    // Rows come, of the types that were needed; days as texts need `types:` as ever, and a real mistake is told.
    let rules = desk.read("rules/all.yaml");
    let lately = rules.lines().filter(|line| !line.contains("lately"));
    desk.write("rules/all.yaml", lately.collect::<Vec<_>>().join("\n"));
    desk.write(
        "in/orders_2.csv",
        format!("{head}1,1,2026-03-01,200.5,open,2026-03-20,60.5,2\n"),
    );
    desk.expect(0, &["run", "--as-of", "2026-04-01"]);
    assert_eq!(desk.size("pays"), 1);
    assert_eq!(desk.size("worth"), 1);
    desk.write(
        "rules/all.yaml",
        "segments:\n  - { id: wrong, when: sum(orders.state) > 1 }\n",
    );
    let said = all(&desk, 2, &["check"]);
    assert!(
        said.contains("`sum` cannot be taken of `orders.state`, which is a text"),
        "{said}"
    );
}

#[test]
fn a_table_that_config_names_and_whose_files_are_all_empty_is_refused() {
    let desk = shop(&[("orders_1.csv", ""), ("orders_2.csv", "")], "", "");
    let said = all(&desk, 2, &["import"]);
    assert!(
        said.contains(
            "orders_1.csv, orders_2.csv are empty, and the table `orders`, which config names, is made of nothing else; nothing was imported"
        ),
        "{said}"
    );
}

#[test]
fn codes_with_a_point_keep_their_zeros_and_amounts_are_amounts() {
    let codes =
        |numbers: std::ops::RangeInclusive<u32>| orders(numbers.map(|n| format!("2026.{n}")));
    let files = [
        ("orders_1.csv", &*codes(1..=150)),
        ("orders_2.csv", &codes(151..=300)),
    ];
    let desk = shop(&files, ", key: no", "");
    let said = all(&desk, 0, &["import"]);
    assert!(
        said.contains("`no` has decimals with and without trailing zeros, as codes do"),
        "{said}"
    );
    assert_eq!(rows(&desk, "orders where typeof(no) = 'text'"), 300);
    assert_eq!(rows(&desk, "orders where typeof(total) = 'real'"), 300);
    // Each file writes zeros at the end of all decimals or of none.
    let files = [
        (
            "orders_1.csv",
            "no,client,at,total\n1,1,2026-03-01,12.5\n2,2,2026-03-01,3\n",
        ),
        (
            "orders_2.csv",
            "no,client,at,total\n3,1,2026-03-01,12.50\n4,2,2026-03-01,3.00\n",
        ),
    ];
    let desk = shop(&files, "", "");
    desk.expect(0, &["import"]);
    assert_eq!(rows(&desk, "orders where typeof(total) <> 'text'"), 4);
    // A person writes them as they come.
    for (amounts, is_number) in [
        (["12.5", "12.50", "7", "8.25"], true),
        (["3.5", "3.50", "4.05", "4.1"], true),
        (["1.1", "1.2", "1.9", "1.10"], false),
        (["4000.1", "4000.10", "4000.20", "4000.30"], false),
        (["7.5", "7.2500", "7.1250", "7.50"], false),
    ] {
        let row = |(n, amount): (usize, &&str)| format!("{n},{},2026-03-01,{amount}\n", n % 4 + 1);
        let text = amounts.iter().enumerate().map(row).collect::<String>();
        let text = format!("no,client,at,total\n{text}");
        let desk = shop(&[("orders_1.csv", &text)], "", "");
        let said = all(&desk, 0, &["import"]);
        let numbers = rows(&desk, "orders where typeof(total) <> 'text'");
        assert_eq!(numbers, if is_number { 4 } else { 0 }, "{amounts:?}");
        assert_eq!(said.contains("as codes do"), !is_number, "{said}");
    }
}

#[test]
fn a_file_that_comes_back_with_other_columns_is_not_left_apart() {
    let files = [
        ("orders_1.csv", &*numbered(1..=20)),
        ("orders_2.csv", &*numbered(21..=40)),
    ];
    let desk = shop(&files, "", "");
    desk.expect(0, &["run", "--as-of", "2026-04-01"]);
    let other = numbered(21..=40).replace("no,client,at,total", "nr,kunde,datum,betrag");
    desk.write("in/orders_2.csv", &other);
    for command in ["import", "run", "check"] {
        let said = all(&desk, 2, &[command]);
        assert!(
            said.contains(
                "`orders_2.csv` held 20 rows of the table `orders` at the last import and now has different columns from orders_1.csv"
            ),
            "{said}"
        );
    }
    assert_eq!(rows(&desk, "orders"), 40);
    // A new one is left apart, as ever.
    desk.write("in/orders_2.csv", numbered(21..=40));
    desk.write("in/orders_3.csv", other);
    let said = all(&desk, 0, &["import"]);
    assert!(
        said.contains("orders_3.csv: has different columns from orders_1.csv"),
        "{said}"
    );
}

#[test]
fn a_file_with_less_than_half_of_its_rows_is_told() {
    let files = [
        ("orders_1.csv", &*numbered(1..=20)),
        ("orders_2.csv", &*numbered(21..=40)),
    ];
    let desk = shop(&files, "", "");
    desk.expect(0, &["import"]);
    desk.write("in/orders_2.csv", numbered(21..=24));
    let said = all(&desk, 0, &["import"]);
    assert!(
        said.contains("orders_2.csv: held 20 rows at the last import and holds 4 now"),
        "{said}"
    );
}

/// What an older Muster recorded of its files: no rows.
#[test]
fn a_database_of_an_older_muster_is_compared_as_far_as_it_goes() {
    let files = [
        ("orders_1.csv", &*numbered(1..=20)),
        ("orders_2.csv", &*numbered(21..=40)),
    ];
    let desk = shop(&files, "", "");
    desk.expect(0, &["import"]);
    let connection = rusqlite::Connection::open(desk.path("in.db")).unwrap();
    let older = "create table f (file, of_table); insert into f select file, of_table from _muster_files;
                 drop table _muster_files; drop table _muster_told; alter table f rename to _muster_files";
    connection.execute_batch(older).unwrap();
    drop(connection);
    desk.write("in/orders_2.csv", "no,client,at,total\n");
    let said = all(&desk, 2, &["run"]);
    assert!(
        said.contains("`orders_2.csv` held rows of the table `orders` at the last import and now has headings but no rows"),
        "{said}"
    );
}

/// Invoices of a month, numbered from this one on.
fn invoices(year: u32, month: u32, numbers: std::ops::RangeInclusive<u32>) -> String {
    let rows = numbers.map(|n| {
        format!(
            "{n},{},{year}-{month:02}-{:02},{n}.00\n",
            n % 20 + 1,
            n % 28 + 1
        )
    });
    "no,client,at,total\n".to_owned() + &rows.collect::<String>()
}

#[test]
fn numbers_that_begin_anew_are_no_key_and_what_they_replace_is_told_apart() {
    // Each year the same numbers, of which the second half of a month is listed again.
    let desk = Desk::empty();
    let clients: String = (1..=20).map(|n| format!("{n},Ann {n}\n")).collect();
    desk.write("in/clients.csv", format!("id,name\n{clients}"));
    for year in [2025, 2026] {
        let one = invoices(year, 1, 1..=40);
        let two =
            invoices(year, 1, 21..=40) + invoices(year, 2, 41..=80).split_once('\n').unwrap().1;
        let heads = |text: String| text.replace("no,client,at", "invoice_no,client_id,invoiced_at");
        desk.write(&format!("in/invoices_{year}-01.csv"), heads(one));
        desk.write(&format!("in/invoices_{year}-02.csv"), heads(two));
    }
    desk.expect(0, &["init", "in"]);
    let config = desk.read("config.yaml");
    assert!(!config.contains("key: invoice_no"), "{config}");
    assert_eq!(rows(&desk, "invoices"), 200);

    // Where config says so all the same, rows of another date are told apart from those that only changed.
    let (before, now) = (invoices(2025, 1, 1..=20), invoices(2026, 1, 1..=20));
    let changed = before.replace("1,2,2025-01-02,1.00", "1,2,2025-01-02,9.00");
    let files = [
        ("orders_1.csv", before.as_str()),
        ("orders_2.csv", &changed),
        ("orders_3.csv", &now),
    ];
    let desk = shop(&files, ", key: no", "");
    let said = all(&desk, 0, &["import"]);
    let other = "20 rows have the key of a later row with another date and were left out";
    assert!(said.contains(other), "{said}");
    assert!(
        said.contains(
            "1 row has the key of a later row with other values and was left out (row 2)"
        ),
        "{said}"
    );
    let said = all(&desk, 0, &["check"]);
    assert!(
        said.contains(
            "note: from the last import: orders_1.csv and 2 more files: 20 rows have the key"
        ),
        "{said}"
    );
}

#[test]
fn lines_that_are_alike_inside_one_file_are_no_overlap() {
    let desk = Desk::empty();
    let clients: String = (1..=20).map(|n| format!("{n},Ann {n}\n")).collect();
    desk.write("in/clients.csv", format!("id,name\n{clients}"));
    let month = |month: u32| {
        let line = |n: u32| {
            format!(
                "{},{},2026-{month:02}-{:02},20.00\n",
                n / 2 + month * 100,
                n / 2 % 20 + 1,
                n / 2 % 28 + 1
            )
        };
        "order_no,client_id,ordered_at,total\n".to_owned() + &(0..40).map(line).collect::<String>()
    };
    desk.write("in/lines_1.csv", month(1));
    desk.write("in/lines_2.csv", month(2));
    desk.expect(0, &["init", "in"]);
    let config = desk.read("config.yaml");
    assert!(!config.contains("key: order_no"), "{config}");
    assert_eq!(rows(&desk, "lines"), 80);
}

/// Keeps what progress is shown.
#[derive(Default)]
struct Shown(Mutex<Vec<(String, u64, bool)>>);

impl Watch for Shown {
    fn progress(&self, file: &str, rows: u64, of: Option<u64>) {
        let is_near = of.is_some_and(|of| (10_000..=40_000).contains(&(of * 2)));
        self.0
            .lock()
            .unwrap()
            .push((file.to_owned(), rows, is_near));
    }

    fn cancelled(&self) -> bool {
        false
    }
}

/// Of each file once while it is looked at, and of the table while it is written: files of one table are read as often as any.
#[test]
fn a_long_import_shows_how_far_it_is() {
    let folder = Scratch::around("data.db");
    folder.write("in/orders_1.csv", numbered(1..=10_000));
    folder.write("in/orders_2.csv", numbered(10_001..=20_000));
    let form = FileForm {
        table: Some("orders".to_owned()),
        ..FileForm::default()
    };
    let set = FileSet {
        folder: folder.path("in"),
        forms: vec![("orders_*.csv".to_owned(), form)],
        ..FileSet::default()
    };
    let shown = Shown::default();
    import(&set, &folder.database(), &shown).unwrap();
    let of = |file: &str, rows: &[u64]| -> Vec<(String, u64, bool)> {
        let rows = rows.iter();
        rows.map(|rows| (file.to_owned(), *rows, true)).collect()
    };
    let wanted = [
        of("orders_1.csv", &[4_096, 8_192]),
        of("orders_2.csv", &[4_096, 8_192]),
        of(
            "orders_1.csv and 1 more file",
            &[4_096, 8_192, 12_288, 16_384],
        ),
    ];
    assert_eq!(shown.0.into_inner().unwrap(), wanted.concat());
}

/// What was imported of files: what was told but for places, how columns are declared, and all cells.
fn imported(files: &[String], form: FileForm) -> (Vec<String>, Vec<String>) {
    let folder = Scratch::around("data.db");
    for (at, text) in files.iter().enumerate() {
        folder.write(&format!("in/t_{at}.csv"), text);
    }
    let set = FileSet {
        folder: folder.path("in"),
        forms: vec![("t_*.csv".to_owned(), form)],
        ..FileSet::default()
    };
    let built = build(&set, &folder.database(), &Unwatched).unwrap();
    let told = built.imported.told(&marks(Locale::EnUs));
    let notes = told
        .iter()
        .filter(|line| line.starts_with(' ') && !line.contains(".csv"));
    let notes = notes.map(|line| line.split(" (").next().unwrap().to_owned());
    let notes = in_whatever_file(notes.collect());
    let connection = rusqlite::Connection::open(built.file()).unwrap();
    let mut cells = Vec::new();
    let declared = "select sql from sqlite_schema where name = 't'";
    cells.push(
        connection
            .query_row(declared, [], |row| row.get(0))
            .unwrap(),
    );
    let mut all = connection
        .prepare("select quote(no), quote(a), quote(b) from t order by rowid")
        .unwrap();
    let mut rows = all.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let cell = |at| row.get::<_, String>(at).unwrap();
        cells.push(format!("{} {} {}", cell(0), cell(1), cell(2)));
    }
    (notes, cells)
}

/// Notes, with rows that a later one replaces counted together, as those of one file are told apart from those of several.
fn in_whatever_file(notes: Vec<String>) -> Vec<String> {
    let is_replaced = |note: &String| note.contains("the key of a later row");
    let (replaced, mut notes): (Vec<String>, Vec<String>) =
        notes.into_iter().partition(is_replaced);
    let counts = replaced.iter().map(|note| {
        let count = note.trim_start().split(' ').next().unwrap();
        count.parse::<usize>().unwrap()
    });
    notes.push(format!("{} replaced", counts.sum::<usize>()));
    notes
}

fn a_cell() -> impl Strategy<Value = &'static str> {
    let cells = [
        "1",
        "2",
        "12",
        "1.0",
        "12.50",
        "-3",
        "\"1,001\"",
        "1001",
        "n/a",
        "",
        " ",
        "007",
        "2026-03-01",
        "17/10/2026",
        "Zoë",
        "A1",
    ];
    prop::sample::select(cells.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(150) })]

    /// Whatever stands in files, three of them are read as one file with all rows is.
    #[test]
    fn rows_of_several_files_are_those_of_one(
        rows in prop::collection::vec((a_cell(), a_cell(), a_cell()), 3..40),
        more in prop::collection::vec((1..9_u32, a_cell()), 0..40),
        keyed in any::<Option<bool>>(),
    ) {
        let more = more.iter().map(|(no, a)| format!("{no},{a},x\n"));
        let lines: Vec<String> = rows.iter().map(|(no, a, b)| format!("{no},{a},{b}\n")).chain(more).collect();
        let form = FileForm {
            table: Some("t".to_owned()),
            key: (keyed == Some(true)).then(|| "no".to_owned()),
            copies: (keyed == Some(false)).then_some(muster::config::Copies::Once),
            ..FileForm::default()
        };
        let file = |lines: &[String]| "no,a,b\n".to_owned() + &lines.concat();
        let (one, two) = (lines.len() / 3, lines.len() / 2);
        let parts = [&lines[..one], &lines[one..two], &lines[two..]];
        let several = imported(&parts.map(file), form.clone());
        prop_assert_eq!(several, imported(&[file(&lines)], form));
    }
}
