//! Every table on lines of every width: none is longer, and no word or number of them is cut in two.

use std::collections::HashSet;

use unicode_width::UnicodeWidthStr;

use super::desk::Desk;
use crate::support::program::Said;

const WIDTHS: [usize; 5] = [60, 80, 100, 120, 200];

/// What says that columns are missing.
const LEFT_OUT: &str =
    "left out for want of room: (`--columns` chooses, (`--format `--format csv` json` has all)";

/// Holds what a command prints on each width against what it prints without one.
fn hold(desk: &Desk, arguments: &[&str]) {
    let whole = desk.muster(arguments);
    assert!(whole.code < 2, "{arguments:?}: {}", whole.err);
    assert!(!whole.out.is_empty(), "{arguments:?}");
    let words = |text: &str| -> HashSet<String> {
        let words = text.split(|c: char| c.is_whitespace());
        words.map(str::to_owned).collect()
    };
    let mut known = words(&whole.out);
    known.extend(words(LEFT_OUT));
    for width in WIDTHS {
        let mut command = desk.command(arguments);
        command.env("COLUMNS", width.to_string());
        let said = Said::by(&mut command);
        assert_eq!(said.code, whole.code);
        for line in said.out.lines().chain(said.err.lines()) {
            assert!(line.width() <= width, "{arguments:?} on {width}:\n{line}");
        }
        for word in said.out.split_whitespace() {
            // A line between rows, and a comma behind a heading that is left out.
            let bare = word.trim_end_matches(',');
            let is_line = word.chars().all(|c| ['─', '┈'].contains(&c));
            let shortened = |known: &String| {
                let start = word.strip_suffix('…');
                start.is_some_and(|start| {
                    known.starts_with(start) && !start.contains(|c: char| c.is_numeric())
                })
            };
            // A part of a word that is wider than its column may be, without figures.
            let part = |known: &String| {
                let is_part = known.contains(word) && known.width() > 16;
                is_part && !word.contains(char::is_numeric)
            };
            assert!(
                is_line
                    || known.iter().any(part)
                    || known.contains(word)
                    || known.contains(bare)
                    || known.iter().any(shortened),
                "{arguments:?} on {width}: `{word}` is none of\n{}",
                whole.out
            );
        }
    }
}

#[test]
fn every_table_of_the_demo_fits() {
    let desk = Desk::demo();
    desk.write("lists/vip.csv", "id\n1837\n1401\n");
    let config = desk.read("config.yaml") + "\nlists:\n  vip: { file: lists/vip.csv }\n";
    desk.write("config.yaml", config);
    let commands: [&[&str]; 15] = [
        &["segments"],
        &["segments", "--legend"],
        &["segments", "--history", "birthday"],
        &["segments", "--columns", "segment,total_value,arr,visits"],
        &["clients"],
        &["clients", "--no-names", "--sort", "score"],
        &["health"],
        &["status"],
        &["schedule"],
        &["outbox"],
        &["list"],
        &["list", "vip"],
        &["check", "--catalog"],
        &["run", "--dry-run", "--as-of", "2026-03-15"],
        &["health", "--backtest"],
    ];
    for arguments in commands {
        hold(&desk, arguments);
    }
}

#[test]
fn tables_of_long_names_and_of_other_scripts_fit() {
    let desk = Desk::empty();
    desk.write(
        "config.yaml",
        "database: sqlite:d.db\ntimezone: UTC\nsubject: { name: client, table: clients, key: id, label: name }\n\
         collections: { visits: { table: visits, subject: client_id, at: at } }\n\
         health:\n  factors:\n    - { id: seen, value: amount, zero: 0, full: 100, reason: \"the amount of {value} is low, as it has been\" }\n",
    );
    desk.write(
        "rules/r.yaml",
        "segments:\n  - { id: an_extraordinarily_long_id_of_a_segment, name: \"Those who came in the spring of the year before last\", when: yes }\n  \
         - { id: loyal, name: \"לקוחות נאמנים ותיקים מאוד\", when: amount > 5 }\n  \
         - { id: far, name: \"東京のお客様で今年まだ一度もお越しになっていない方\", when: amount < 50 }\n",
    );
    desk.sql_in(
        "d.db",
        "create table clients (id text primary key, name text, amount integer);
         create table visits (id integer primary key, client_id text, at text);
         insert into clients values
             ('a.very.long.address@of-a-domain.example', 'Donaudampfschifffahrtsgesellschaftskapitän von und zu Hohenlohe', 1),
             ('b-2', 'محمد عبد الله الطويل جدا بن عبد الرحمن', 1234567),
             ('c-3', '山田太郎山田太郎山田太郎山田太郎山田太郎山田太郎', 7),
             ('d-4', '👩‍👩‍👧‍👦 Family Ó Súilleabháin-Mac Giolla Phádraig', 40),
             ('e-5', null, null);",
    );
    desk.expect(0, &["run"]);
    let commands: [&[&str]; 5] = [
        &["segments"],
        &["clients"],
        &["health", "--all"],
        &["segments", "--history", "far"],
        &["run", "--dry-run"],
    ];
    for arguments in commands {
        hold(&desk, arguments);
    }
}

#[test]
fn a_width_that_is_none_is_not_taken_for_one() {
    let desk = Desk::demo();
    let whole = desk.muster(&["segments"]).out;
    for width in ["", "0", "wide", "-80"] {
        let mut command = desk.command(&["segments"]);
        command.env("COLUMNS", width);
        let said = Said::by(&mut command);
        assert_eq!(said.out, whole, "{width}");
    }
}
