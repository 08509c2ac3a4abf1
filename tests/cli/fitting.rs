//! Tables on terminals of every width: no number, time or word is cut in two.

use chrono_tz::Tz;
use muster::view::{Cell, Fitted, Heading, Marks, Table, fitted, marks};
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;

fn english() -> Marks {
    marks(muster::config::Locale::EnUs)
}

fn table() -> Table {
    let mut table = Table::new([
        Heading::left("bucket", "Bucket").spare(40),
        Heading::left("segment", "Segment"),
        Heading::right("size", "Size"),
        Heading::right("value", "Total value (USD)").spare(55),
        Heading::left("since", "Since the run of").spare(20),
        Heading::left("state", "State").spare(90),
    ]);
    let names = [
        "Those who seldom come",
        "Donaudampfschifffahrtsgesellschaft",
        "客户 甲 who_came_2026",
    ];
    for (place, name) in names.into_iter().enumerate() {
        let place = place as i64;
        table.rows.push(vec![
            Cell::Text("Up for conversion".into()),
            Cell::Text(name.into()),
            Cell::Integer(1_320_288 * place),
            Cell::Number(1_320_288.25 * place as f64, 2),
            Cell::Moment(1_773_532_800_000_000 + place, Tz::Europe__Berlin),
            Cell::List(vec!["ok".into(), "last visit 312 days ago".into()]),
        ]);
    }
    table
}

/// The lines of a table as they stand on the terminal, and the parts that may not be cut.
fn lines(shown: &Fitted) -> Vec<String> {
    match shown {
        Fitted::Columns { headings, rows, .. } => {
            let cells = rows.iter().flatten().chain(headings);
            cells
                .flat_map(|cell| cell.lines())
                .map(str::to_owned)
                .collect()
        }
        Fitted::Blocks(blocks) => blocks.iter().flatten().cloned().collect(),
    }
}

/// Everything of a table that is a word of its own, without room for doubt.
fn words(table: &Table) -> Vec<String> {
    let marks = english();
    let cells = table.rows.iter().flatten().map(|cell| cell.shown(&marks));
    let labels = table.headings.iter().map(|heading| heading.label.clone());
    let all = cells.chain(labels).collect::<Vec<_>>().join(" ");
    all.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn on_every_width_only_whole_words_are_shown() {
    let (table, marks) = (table(), english());
    let words = words(&table);
    for room in 10..260 {
        let shown = fitted(&table, &marks, Some(room));
        for line in lines(&shown) {
            for word in line.split_whitespace() {
                let cut = word.strip_suffix('…');
                let letters = |word: &str| !word.contains(|c: char| c.is_numeric());
                let known = words.iter().any(|w| w == word)
                    || cut.is_some_and(|cut| {
                        letters(cut) && words.iter().any(|w| w.starts_with(cut))
                    });
                assert!(known, "`{word}` on {room} columns");
            }
        }
        // Numbers and times stand on one line each.
        let numbers: Vec<String> = table.rows.iter().map(|row| row[3].shown(&marks)).collect();
        if let Fitted::Columns { kept, rows, .. } = &shown
            && let Some(at) = kept.iter().position(|place| *place == 3)
        {
            let found: Vec<String> = rows.iter().map(|row| row[at].clone()).collect();
            assert_eq!(found, numbers);
        }
    }
}

#[test]
fn one_very_long_name_pushes_no_column_out() {
    let marks = english();
    let long = [
        "Kundinnen-und-Kunden/Mitglieder-die-lange-nicht-mehr-da-waren/und-andere".repeat(3),
        "很久没有来过的客户和其他人以及他们的朋友们".repeat(4),
    ];
    for name in long {
        let table = |name: &str| {
            let mut table = Table::new([
                Heading::left("segment", "Segment").names(),
                Heading::right("size", "Size").spare(10),
                Heading::left("since", "Since").spare(20),
                Heading::left("state", "State").spare(30),
            ]);
            let row = |name: &str| {
                vec![
                    name.into(),
                    1_236_i64.into(),
                    "2026-03-15".into(),
                    "ok".into(),
                ]
            };
            table.rows = vec![row("Those who seldom come back"), row(name)];
            table
        };
        let fitted_at = |name: &str| match fitted(&table(name), &marks, Some(60)) {
            Fitted::Columns { rows, left_out, .. } => (rows, left_out),
            Fitted::Blocks(_) => panic!("blocks"),
        };
        let (rows, left_out) = fitted_at(&name);
        assert_eq!(left_out, fitted_at("Regulars").1);
        // All of it is there, in whole parts.
        let shown: String = rows[1][0].lines().collect();
        assert_eq!(shown, name);
        for line in rows[1][0].lines().filter(|_| name.is_ascii()) {
            assert!(line.ends_with(['-', '/']) || name.ends_with(line), "{line}");
        }
    }
}

#[test]
fn what_would_be_another_one_in_half_is_never_broken() {
    for word in [
        "2026-03-15",
        "12/2026",
        "a-2026-b",
        "first_second-third",
        "ann-marie@example.com",
        "https://a.b/c-d",
    ] {
        let lines = muster::diagnostic::wrapped(word, 6);
        let cut = lines
            .iter()
            .any(|line| line.ends_with(|c: char| c.is_numeric()) && lines.len() > 1);
        assert!(lines.len() == 1 || word == "a-2026-b" && !cut, "{lines:?}");
    }
}

#[test]
fn a_column_of_one_kind_of_number_has_as_many_decimals_throughout() {
    let mut table = Table::new([Heading::right("ahs", "AHS").even()]);
    let few = Cell::OfFew(Box::new(Cell::Integer(100)), 2, 236);
    table.rows = [Cell::Number(83.11, 2), Cell::Integer(94), few, Cell::Empty]
        .map(|cell| vec![cell])
        .into();
    let shown: Vec<String> = table.shown(&marks(muster::config::Locale::DeDe)).concat();
    assert_eq!(shown, ["83,11", "94,00", "100,00 (2 of 236)", ""]);
    assert_eq!(table.to_json()[1]["ahs"], 94);
}

#[test]
fn what_is_left_out_is_told_and_the_least_important_goes_first() {
    let (table, marks) = (table(), english());
    let mut before = 0;
    for room in (30..260).rev() {
        let Fitted::Columns { kept, left_out, .. } = fitted(&table, &marks, Some(room)) else {
            continue;
        };
        assert_eq!(kept.len() + left_out.len(), table.headings.len());
        assert!(left_out.len() >= before, "on {room} columns");
        before = left_out.len();
        let spare = |place: &usize| table.headings[*place].spare;
        let least = kept.iter().map(spare).max();
        let gone = (0..table.headings.len()).filter(|place| !kept.contains(place));
        assert!(gone.map(|place| spare(&place)).min() >= least.filter(|_| !left_out.is_empty()));
    }
    assert!(before > 0);
}

#[test]
fn on_the_narrowest_terminal_each_row_is_a_block_of_all_that_it_has() {
    let (table, marks) = (table(), english());
    let Fitted::Blocks(blocks) = fitted(&table, &marks, Some(14)) else {
        panic!("columns on 14 columns");
    };
    assert_eq!(blocks.len(), table.rows.len());
    let text = blocks[2].join("\n");
    for heading in &table.headings {
        let first = heading.label.split(' ').next().unwrap();
        assert!(text.contains(first), "{text}");
    }
}

#[test]
fn a_file_gets_every_row_on_one_line() {
    let (table, marks) = (table(), english());
    let Fitted::Columns { rows, left_out, .. } = fitted(&table, &marks, None) else {
        panic!("blocks in a file");
    };
    assert!(left_out.is_empty());
    assert!(
        rows.iter()
            .flatten()
            .all(|cell| !cell.contains(['\n', '…']))
    );
}

proptest! {
    #[test]
    fn any_table_fits_or_becomes_blocks(
        cells in prop::collection::vec(prop::collection::vec("[a-zA-Z0-9 ,._äß客]{0,40}", 4), 1..5),
        room in 1usize..200,
    ) {
        let headings: Vec<Heading> = (0..4)
            .map(|n| Heading::left(format!("k{n}"), format!("Heading {n}")).spare(n * 10))
            .collect();
        let mut table = Table::new(headings);
        let text = |text: String| Cell::Text(text);
        table.rows = cells.into_iter().map(|row| row.into_iter().map(text).collect()).collect();
        if let Fitted::Columns { rows, headings, .. } = fitted(&table, &english(), Some(room)) {
            let width = |text: &str| text.lines().map(unicode_width::UnicodeWidthStr::width).max();
            let widths = (0..headings.len()).map(|at| {
                let cells = rows.iter().map(|row| row[at].as_str()).chain([headings[at].as_str()]);
                cells.filter_map(width).max().unwrap_or(0)
            });
            // Two edges, and two between two columns.
            let all: usize = widths.sum::<usize>() + 2 + 2 * (headings.len() - 1);
            prop_assert!(all <= room, "{all} on {room}");
        }
    }
}

/// What no line of the terminal holds is cut, and nothing else is.
#[test]
fn a_word_that_is_wider_than_the_terminal_is_cut_there() {
    let marks = english();
    let word = format!("segment_{}", "x".repeat(114));
    let mut table = Table::new([
        Heading::left("segment", "Segment"),
        Heading::right("size", "Size"),
    ]);
    table
        .rows
        .push(vec![word.as_str().into(), 1_236_i64.into()]);
    table.rows.push(vec!["short_2026".into(), 7_i64.into()]);
    for room in [40, 80, 120] {
        let lines = lines(&fitted(&table, &marks, Some(room)));
        assert!(lines.iter().all(|line| line.width() <= room), "{lines:?}");
        let cut: Vec<&String> = lines.iter().filter(|line| line.contains('…')).collect();
        let begin = |line: &&String| word.starts_with(line.trim().trim_end_matches('…'));
        assert!(cut.len() == 1 && cut.iter().all(begin), "{lines:?}");
        let all = lines.join("\n");
        assert!(all.contains("short_2026") && all.contains("1,236"), "{all}");
    }
    let whole = lines(&fitted(&table, &marks, Some(140))).join("\n");
    assert!(whole.contains(&word), "{whole}");
}
