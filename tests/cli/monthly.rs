//! Lists that are exported anew each month: which of them is the latest, who is not on it any more, and a month that is written otherwise.

use super::desk::Desk;
use super::importing::{row, workbook};

/// Lists of clients by the names of their files, each with its clients' numbers and the level of all.
fn lists(lists: &[(&str, std::ops::RangeInclusive<usize>, &str)], said: &str) -> Desk {
    let desk = Desk::empty();
    for (name, clients, level) in lists {
        let rows: String = clients
            .clone()
            .map(|client| format!("C{client:04},Ann {client},{level}\n"))
            .collect();
        desk.write(&format!("in/{name}"), format!("code,name,level\n{rows}"));
    }
    desk.write(
        "config.yaml",
        format!(
            "database: sqlite:in.db\nresults: sqlite:r.db\ntimezone: UTC\n\
             subject: {{ name: client, table: clients, key: code }}\n\
             import: {{ folder: in, files: {{ \"clients-*.csv\": {{ table: clients, {said} }} }} }}\n"
        ),
    );
    desk.write(
        "rules/a.yaml",
        "segments:\n  - { id: low, name: Low, when: level = \"low\" }\n",
    );
    desk
}

fn told(desk: &Desk, exit: i32, command: &[&str]) -> String {
    let said = desk.expect(exit, command);
    said.out + &said.err
}

fn count(desk: &Desk, sql: &str) -> i64 {
    let connection = rusqlite::Connection::open(desk.path("in.db")).unwrap();
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn names_that_do_not_tell_which_list_is_the_latest_are_told() {
    for (names, is_told) in [
        (["jan", "sep", "oct", "nov", "dec"], true),
        (["2026-08", "2026-09", "2026-10", "11", "2026-12"], true),
        (["01", "09", "10", "11", "12"], true),
        (["sep", "oct", "nov", "dec", "aug"], false),
        (["T4-25", "T1-26", "T2-26", "T3-26", "T4-26"], false),
        (["08", "09", "10", "11", "12"], false),
    ] {
        let files = names.map(|name| format!("clients-{name}.csv"));
        let files: Vec<_> = files
            .iter()
            .map(|name| (name.as_str(), 1..=9, "low"))
            .collect();
        let desk = lists(&files, "key: code");
        for command in [
            &["import"][..],
            &["check"],
            &["run", "--as-of", "2026-11-01"],
        ] {
            if command.first() == Some(&"run") {
                std::fs::remove_file(desk.path("in.db")).unwrap();
            }
            let said = told(&desk, 0, command);
            let words = "is read as the latest file";
            assert_eq!(
                said.matches(words).count(),
                usize::from(is_told),
                "{names:?} {said}"
            );
        }
    }
}

/// Words that are no months are in the order of the alphabet, which says nothing of their times: where rows count for that alone, it needs attention.
#[test]
fn lists_whose_names_differ_in_words_are_told_where_a_row_counts_for_it() {
    let words = "and the names do not tell which file is later";
    for (names, levels, is_told) in [
        (["uztaila 2026", "ekaina 2026"], ["low", "new"], true),
        (["b", "a"], ["low", "new"], true),
        (["north 2026-10", "south 2026-10"], ["low", "new"], true),
        (["b", "a"], ["low", "low"], false),
        (["2026-10", "2026-10 corrected"], ["low", "new"], false),
        (["corrected 2026-10", "2026-11"], ["low", "new"], false),
        (["2", "10"], ["low", "new"], false),
    ] {
        let files = names.map(|name| format!("clients-{name}.csv"));
        let files = files.iter().zip(levels);
        let files: Vec<_> = files
            .map(|(name, level)| (name.as_str(), 1..=9, level))
            .collect();
        let desk = lists(&files, "key: code");
        for command in [
            &["import"][..],
            &["check"],
            &["run", "--as-of", "2026-11-01"],
            &["run", "--as-of", "2026-11-02"],
        ] {
            let said = told(&desk, i32::from(is_told), command);
            assert_eq!(
                said.matches(words).count(),
                usize::from(is_told),
                "{names:?} {command:?} {said}"
            );
        }
        let desk = lists(&files, "rows: last_file");
        let is_told = is_told || levels[0] == levels[1];
        let said = told(&desk, i32::from(is_told), &["import"]);
        let words = "though the names do not tell: they differ in words that are not months";
        assert_eq!(said.contains(words), is_told, "{names:?} {said}");
    }
}

/// A file that is called as another one of its table and something more comes behind that, and words elsewhere do not move it behind later times.
#[test]
fn a_corrected_list_counts_in_place_of_the_one_that_it_corrects_and_of_no_later_one() {
    for corrected in [
        "clients-2026-10 corrected.csv",
        "clients-2026-10-corrected.csv",
        "clients-2026-10_v2.csv",
        "clients-2026-10 ver2.csv",
        "clients-2026-10b.csv",
        "clients-corrected 2026-10.csv",
        "clients-2026-10.1.csv",
    ] {
        let desk = lists(
            &[
                ("clients-2026-10.csv", 1..=9, "low"),
                (corrected, 4..=9, "new"),
                ("clients-2026-11.csv", 7..=9, "old"),
            ],
            "key: code",
        );
        told(&desk, 0, &["import"]);
        for (level, clients) in [("low", 3), ("new", 3), ("old", 3)] {
            let sql = format!("select count(*) from clients where level = '{level}'");
            assert_eq!(count(&desk, &sql), clients, "{corrected} {level}");
        }
        told(&desk, 0, &["check"]);
    }
}

#[test]
fn quarters_are_in_the_order_of_their_years() {
    let desk = lists(
        &[
            ("clients-T4-25.csv", 1..=9, "old"),
            ("clients-T1-26.csv", 1..=9, "low"),
            ("clients-T2-26.csv", 1..=9, "new"),
        ],
        "key: code",
    );
    told(&desk, 0, &["import"]);
    assert_eq!(
        count(&desk, "select count(*) from clients where level = 'new'"),
        9
    );
}

#[test]
fn who_is_not_on_the_last_list_is_told_and_the_last_list_can_be_read_alone() {
    let months = [
        ("clients-2026-09.csv", 1..=30, "low"),
        ("clients-2026-10.csv", 1..=40, "low"),
        ("clients-2026-11.csv", 6..=45, "low"),
    ];
    let desk = lists(&months, "key: code");
    let said = told(&desk, 0, &["import"]);
    let line = "clients-2026-11.csv: 5 keys of earlier files are not in it: their rows stay; with `rows: last_file`, only this file is imported";
    assert!(said.contains(line), "{said}");
    assert_eq!(count(&desk, "select count(*) from clients"), 45);

    let desk = lists(&months, "rows: last_file");
    let said = told(&desk, 0, &["import"]);
    let line = "clients-2026-09.csv and 1 more: not read, as config takes only the last file, clients-2026-11.csv";
    assert!(said.contains(line), "{said}");
    assert_eq!(count(&desk, "select count(*) from clients"), 40);
    // A list that counts no more may go.
    desk.write(
        "in/clients-2026-12.csv",
        "code,name,level\nC0001,Ann 1,low\n",
    );
    std::fs::remove_file(desk.path("in/clients-2026-11.csv")).unwrap();
    told(&desk, 0, &["import"]);
    assert_eq!(count(&desk, "select count(*) from clients"), 1);

    let months = months.map(|(name, clients, level)| (name.replace("2026-", ""), clients, level));
    let months = months
        .each_ref()
        .map(|(name, clients, level)| (name.as_str(), clients.clone(), *level));
    let [first, second, _] = months.clone();
    let desk = lists(
        &[first, second, ("clients-12.csv", 1..=9, "low")],
        "rows: last_file",
    );
    let said = told(&desk, 1, &["import"]);
    assert!(
        said.contains("clients-12.csv: is taken as the last file, though the names do not tell"),
        "{said}"
    );
}

#[test]
fn a_month_whose_amounts_are_written_otherwise_needs_attention() {
    for (types, sign, cells, words) in [
        ("", "", ["1,180", "99", "450"], "that is 1.18, and not 1180"),
        (
            "types: { fee: { money: \"1.234,5\" } }, ",
            "R$ ",
            ["1,180.00", "99.00", "450.00"],
            "`fee` has a decimal point here and a decimal comma in the other files",
        ),
        (
            "types: { fee: { money: \"1.234,5\" } }, ",
            "R$ ",
            ["1,180", "99", "450"],
            "that is 1.18, and not 1180",
        ),
    ] {
        let desk = Desk::empty();
        desk.write("in/clients.csv", "id;name\n1;Ann\n2;Ben\n");
        let month = |month: usize, fees: &[&str; 3]| {
            let rows: String = (0..90)
                .map(|n| {
                    let (no, client, day) = (month * 100 + n, n % 2 + 1, n % 28 + 1);
                    format!(
                        "{no};{client};2026-{month:02}-{day:02};{sign}{}\n",
                        fees[n % 3]
                    )
                })
                .collect();
            desk.write(
                &format!("in/fees-2026-{month:02}.csv"),
                format!("no;client;at;fee\n{rows}"),
            );
        };
        for number in 1..=9 {
            month(number, &["1.180,00", "99,50", "450,00"]);
        }
        month(10, &cells);
        desk.write(
            "config.yaml",
            format!(
                "database: sqlite:in.db\nresults: sqlite:r.db\ntimezone: UTC\n\
                 subject: {{ name: client, table: clients, key: id }}\n\
                 collections: {{ fees: {{ table: fees, key: no, subject: client, at: at, {types} }} }}\n\
                 import: {{ folder: in, files: {{ \"fees-*.csv\": {{ table: fees, key: no, decimal: comma }} }} }}\n"
            ),
        );
        desk.write(
            "rules/a.yaml",
            "segments:\n  - { id: high, name: High, when: sum(fees.fee) > 5 }\n",
        );
        for command in [
            &["import"][..],
            &["check"],
            &["run", "--as-of", "2026-11-01"],
            &["run", "--as-of", "2026-11-01", "--dry-run"],
        ] {
            let said = told(&desk, 1, command);
            assert!(
                said.contains("fees-2026-10.csv: `fee` ") && said.contains(words),
                "{command:?} {said}"
            );
        }
        month(10, &["1.180,00", "99,50", "450,00"]);
        told(&desk, 0, &["import"]);
        told(&desk, 0, &["check"]);
        told(&desk, 0, &["run", "--as-of", "2026-11-01"]);
    }
}

/// What `init` makes of clients and of months of orders whose files have these names, in a folder.
fn begun(names: &[&str]) -> (Desk, String, String) {
    let desk = Desk::empty();
    let clients: String = (1..=20).map(|n| format!("{n},Ann {n}\n")).collect();
    desk.write("exports/clients.csv", format!("client_id,name\n{clients}"));
    for (month, name) in (1..).zip(names) {
        desk.write(&format!("exports/{name}.csv"), month_of(month));
    }
    let said = desk.expect(0, &["init", "exports"]).out;
    let config = desk.read("config.yaml");
    (desk, said, config)
}

fn month_of(month: u32) -> String {
    orders_of(month, |day| format!("2026-{month:02}-{day:02}"))
}

/// Orders of twenty clients in a month, whose days are written so.
fn orders_of(month: u32, written: impl Fn(u32) -> String) -> String {
    let rows = (1..=20).map(|n| format!("{},{n},{},{n}.50\n", month * 100 + n, written(n)));
    "order_no,client_id,at,amount\n".to_owned() + &rows.collect::<String>()
}

/// Files that are called by nothing but their time are one table, and so are those of the next months.
#[test]
fn files_that_are_called_by_their_month_alone_are_one_table() {
    for (names, pattern, next) in [
        (["2026-01", "2026-02", "2026-03"], "\"20*.csv\"", "2026-04"),
        (["202601", "202602", "202603"], "\"20*.csv\"", "202701"),
        (
            ["01-2026", "02-2026", "03-2026"],
            "\"*-20*.csv\"",
            "04-2026",
        ),
        (
            ["jan_2026", "feb_2026", "mar_2026"],
            "\"*_20*.csv\"",
            "jan_2027",
        ),
    ] {
        let (desk, _, config) = begun(&names);
        let line = format!("    {pattern}: {{ table: orders }}\n");
        assert!(config.contains(&line), "{names:?}\n{config}");
        assert!(config.contains("\n  orders:\n"), "{config}");
        desk.write(&format!("exports/{next}.csv"), month_of(4));
        let said = desk.expect(0, &["import"]);
        let said = said.out + &said.err;
        assert!(said.contains("80 rows"), "{said}");
        assert!(!said.contains("split-table"), "{said}");
    }
    // Without a year no pattern means them alone, and a table that is there keeps its name.
    let (_, _, config) = begun(&["januar", "februar", "orders"]);
    assert!(
        config.contains("januar.csv: { table: exports }"),
        "{config}"
    );
    assert!(
        config.contains("februar.csv: { table: exports }"),
        "{config}"
    );
}

/// Files that are called by their time alone are not those of a table that is called so: another series, or a sheet.
#[test]
fn files_that_are_called_by_their_month_alone_are_no_other_table() {
    let goods = "order_no,product,qty,shelf,colour\n100,p1,1,s0,red\n101,p2,2,s1,red\n";
    let with_shelf = |month| {
        month_of(month)
            .replace("\n", ",s\n")
            .replacen(",s", ",shelf", 1)
    };
    let begun_beside = |of_month: &dyn Fn(u32) -> String, others: &[(&str, Vec<u8>)]| {
        let desk = Desk::empty();
        let clients: String = (1..=20).map(|n| format!("{n},Ann {n}\n")).collect();
        desk.write("exports/clients.csv", format!("client_id,name\n{clients}"));
        for month in 1..=3 {
            desk.write(&format!("exports/2026-0{month}.csv"), of_month(month));
        }
        for (name, bytes) in others {
            desk.write(&format!("exports/{name}"), bytes);
        }
        desk.expect(0, &["init", "exports"]);
        desk
    };
    let series = (1..=3).map(|month| (format!("orders-2026-0{month}.csv"), month_of(month)));
    let series: Vec<(String, String)> = series.collect();
    let series: Vec<(&str, Vec<u8>)> = series
        .iter()
        .map(|(name, text)| (&**name, text.clone().into_bytes()))
        .collect();
    let orders = (1..=3).map(month_of).collect::<String>();
    let cells: Vec<Vec<&str>> = orders
        .lines()
        .map(|line| line.split(',').collect())
        .collect();
    let headings = cells.first().cloned().unwrap_or_default();
    let sheet = cells.iter().filter(|cells| **cells != headings);
    let sheet = [&headings].into_iter().chain(sheet).zip(1..);
    let sheet: String = sheet.map(|(cells, number)| row(number, cells)).collect();
    let book = workbook(&[("Orders", &sheet), ("Extra", &row(1, &["a", "b"]))]);
    let goods_of = |_: u32| goods.to_owned();
    for (of_month, others) in [
        (&with_shelf as &dyn Fn(u32) -> String, &series),
        (&goods_of, &series),
        (&goods_of, &vec![("shop.xlsx", book)]),
    ] {
        let desk = begun_beside(of_month, others);
        let config = desk.read("config.yaml");
        let line = "    \"20*.csv\": { table: exports";
        assert!(config.contains(line), "{config}");
        assert!(config.contains("\n  orders:\n"), "{config}");
        let connection = rusqlite::Connection::open(desk.path("exports.db")).unwrap();
        let count = "select count(*) from orders";
        let count: i64 = connection.query_row(count, [], |row| row.get(0)).unwrap();
        assert_eq!(count, 60);
    }
    // Where the folder is called as a table too, each stays what it is.
    let exports = ("exports.csv", b"name,town\nAnn,Rome\nBob,Bern\n".to_vec());
    let desk = begun_beside(&goods_of, &[series.clone(), vec![exports]].concat());
    let config = desk.read("config.yaml");
    assert!(!config.contains("20*"), "{config}");
    let tables = muster::connector::tables_in(&desk.path("exports.db")).unwrap();
    assert_eq!(
        tables.join("; "),
        "2026-01; 2026-02; 2026-03; clients; exports; orders"
    );
}

/// Months without their years are those of one year, which `init` says.
#[test]
fn months_without_years_are_told_to_count_as_one_year() {
    let told = "their names give months but no years, so all of them count as one year that begins in January";
    for (names, is_told) in [
        (["sales-jan", "sales-feb", "sales-mar"], true),
        (["sales-jan-26", "sales-feb-26", "sales-mar-26"], false),
        (["sales-2026-01", "sales-2026-02", "sales-2026-03"], false),
        (["sales-1", "sales-2", "sales-3"], false),
    ] {
        let (_, said, _) = begun(&names);
        assert_eq!(said.contains(told), is_told, "{names:?}\n{said}");
    }
}

/// A month whose times nothing reads is told of its file, and needs attention until config reads it or the file is as the others are.
#[test]
fn a_month_whose_times_cannot_be_read_is_told() {
    let (desk, _, config) = begun(&["sales-2026-01", "sales-2026-02", "sales-2026-03"]);
    desk.expect(0, &["check"]);
    desk.expect(0, &["run"]);
    let other = orders_of(4, |day| format!("04/{day:02}/2026"));
    desk.write("exports/sales-2026-04.csv", other);
    let told = "sales-2026-04.csv: `at` has times that are not written like those of the other files: 20 of the 20 examined cannot be read as \
                config says and look like month/day/year";
    for command in ["import", "check", "run"] {
        let said = desk.expect(1, &[command]);
        let said = said.out + &said.err;
        assert!(said.contains(told), "{command} {said}");
        let line = "or name their form in `types:` as well: `types: { at: { instant: [iso, \"%m/%d/%Y\"] } }`";
        assert!(said.contains(line), "{command} {said}");
    }
    desk.write(
        "config.yaml",
        config.replace(
            "{ amount: money }",
            "{ amount: money, at: { instant: [iso, \"%m/%d/%Y\"] } }",
        ),
    );
    // Rows that are read move people, which somebody has to accept.
    let said = desk.expect(0, &["run", "--accept"]);
    assert!(!said.err.contains("cannot be read"), "{}", said.err);
    desk.expect(0, &["check"]);
}

/// So is one whose times are those of what other rows are part of: the date of their booking.
#[test]
fn a_month_whose_times_are_read_through_a_lookup_is_told() {
    let desk = Desk::empty();
    let rows = |row: &dyn Fn(u32) -> String| (1..=20).map(row).collect::<String>();
    let clients = rows(&|n| format!("{n},Ann {n}\n"));
    desk.write("in/clients.csv", "id,name\n".to_owned() + &clients);
    let places = (1..=60).map(|n| format!("{n},{n}\n"));
    let places = "id,booking_id\n".to_owned() + &places.collect::<String>();
    desk.write("in/places.csv", places);
    let bookings = |month: u32, written: &dyn Fn(u32) -> String| {
        let row = |n| format!("{},{n},{}\n", (month - 1) * 20 + n, written(n));
        "id,client_id,at\n".to_owned() + &rows(&row)
    };
    for month in 1..=3 {
        let iso = bookings(month, &|n| format!("2026-{month:02}-{n:02}"));
        desk.write(&format!("in/bookings-2026-0{month}.csv"), iso);
    }
    let config = |types: &str| {
        format!(
            "database: sqlite:in.db\nresults: sqlite:results.db\ntimezone: UTC\nguard: off\n\
             import: {{ folder: in, files: {{ \"bookings-*.csv\": {{ table: bookings }} }} }}\n\
             subject: {{ name: client, table: clients, key: id }}\n\
             collections:\n  places:\n    table: places\n    subject: booking.client_id\n    at: booking.at\n    \
             lookups: {{ booking: {{ table: bookings, key: id, by: booking_id{types} }} }}\n"
        )
    };
    desk.write("config.yaml", config(""));
    desk.write(
        "rules/r.yaml",
        "segments: [{ id: came, when: exists(places) }]\n",
    );
    desk.expect(0, &["run", "--as-of", "2026-06-01"]);
    let other = bookings(4, &|n| format!("04/{n:02}/2026"));
    desk.write("in/bookings-2026-04.csv", other);
    let told = "bookings-2026-04.csv: `at` has times that are not written like those of the other files: 20 of the 20 examined cannot be read as \
                config says and look like month/day/year";
    let said = desk.expect(1, &["import"]);
    let said = said.out + &said.err;
    assert!(said.contains(told), "{said}");
    let types = ", types: { at: { date: [iso, \"%m/%d/%Y\"] } }";
    desk.write("config.yaml", config(types));
    let said = desk.expect(0, &["import"]);
    assert!(!(said.out + &said.err).contains("cannot be read"));
}

/// Files that are called by months are one table, and its rows in their order, in whatever language.
#[test]
fn months_of_many_languages_make_one_table() {
    for months in [
        ["maj", "czerwiec", "październik"],
        ["5 maja", "30 czerwca", "1 października"],
        ["maj", "juni", "augusti"],
        ["maj", "juni", "desember"],
        ["květen", "září", "říjen"],
        ["tammikuu", "kesäkuu", "joulukuu"],
        ["május", "június", "szeptember"],
        ["ianuarie", "iulie", "septembrie"],
    ] {
        let desk = Desk::empty();
        desk.write("in/people.csv", "client_no,name\n1,Ann\n2,Bea\n3,Cem\n");
        for (place, month) in months.iter().enumerate() {
            let state = ["planned", "held", "paid"][place];
            desk.write(
                &format!("in/Lessons {month} 2026.csv"),
                format!("lesson_no,client_no,day,state\n7,1,2026-0{}-01,{state}\n{}2,2,2026-05-01,{state}\n", 5 + place, place + 1),
            );
        }
        let said = desk.expect(0, &["init", "in"]).out;
        let config = desk.read("config.yaml");
        assert!(
            config.contains("\"Lessons *.csv\": "),
            "{months:?}: {said}\n{config}"
        );
        assert_eq!(config.matches(".csv\"").count(), 1, "{config}");
    }
}
