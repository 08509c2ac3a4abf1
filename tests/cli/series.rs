//! Exports of one form, a month each: one table, whatever files come later.

use std::fmt::Write;

use super::desk::Desk;

/// A folder of members, and what they did from March to May: each export has other letters, another order of columns or a title, and lists
/// the last visit of the one before once more.
fn months() -> Desk {
    let desk = Desk::empty();
    let members: String = (1..=12)
        .map(|member| format!("{member},Zoë {member},z{member}@example.com\n"))
        .collect();
    desk.write("in/members.csv", format!("id,name,email\n{members}"));
    desk.write(
        "in/visits_2026-03.csv",
        "id,member_id,visited_at,fee\n".to_owned() + &visits(1..=40, ""),
    );
    let april: String = visits(40..=80, "Müller");
    let april = "Studio Süd;;;;\nfee;room;visited_at;member_id;id\n".to_owned()
        + &april
            .lines()
            .map(|line| {
                let mut cells: Vec<&str> = line.split(',').collect();
                cells.reverse();
                cells.swap(0, 1);
                cells.join(";") + "\n"
            })
            .collect::<String>();
    desk.write("in/visits_2026-04.csv", super::importing::western(&april));
    desk.write(
        "in/visits_2026-05.csv",
        "id,member_id,visited_at,fee\n".to_owned() + &visits(80..=120, ""),
    );
    desk
}

/// Rows of visits by their numbers, forty a month: `id,member_id,visited_at,fee`, and the room where there is one.
fn visits(numbers: std::ops::RangeInclusive<usize>, room: &str) -> String {
    let room = match room {
        "" => String::new(),
        room => format!(",{room}"),
    };
    let row = |number: usize| {
        let (member, day) = (number % 10 + 1, number % 28 + 1);
        let month = 3 + (number - 1) / 40;
        format!("{number},{member},2026-{month:02}-{day:02},{number}.50{room}\n")
    };
    numbers.map(row).collect()
}

fn count(desk: &Desk, sql: &str) -> i64 {
    let connection = rusqlite::Connection::open(desk.path("in.db")).unwrap();
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn exports_of_one_form_are_one_table_and_so_are_later_ones() {
    let desk = months();
    let said = desk.expect(0, &["init", "in"]).out;
    for line in [
        "visits_2026-03.csv and 2 more files: 120 rows, as table `visits`",
        "  visits_2026-03.csv: 40 rows; without `room`, empty there",
        "  visits_2026-04.csv: 41 rows; its line 1 is row 42",
        "  visits_2026-05.csv: 41 rows; its line 1 is row 85",
        "  visits_2026-05.csv: has no column `room`, which visits_2026-04.csv has: its rows keep the values of earlier rows with the same key, and \
         are empty where there are none; was it exported differently?",
        "  2 rows have the key of a later row with other values and were left out (rows 41, 84)",
    ] {
        assert!(said.contains(&format!("{line}\n")), "{line}\n{said}");
    }
    let config = desk.read("config.yaml");
    assert!(
        config.contains("    \"visits_*.csv\": { table: visits, key: id }\n"),
        "{config}"
    );
    let all = (
        count(&desk, "select count(*) from visits"),
        count(&desk, "select cast(sum(fee * 2) as integer) from visits"),
        count(&desk, "select count(distinct member_id) from visits"),
    );
    // Rounds of 1 to 120, each once, with a half.
    assert_eq!(all, (120, 120 * 121 + 120, 10));
    assert_eq!(
        count(&desk, "select count(*) from visits where room = 'Müller'"),
        41
    );
    desk.expect(0, &["check"]);
    desk.expect(0, &["run", "--as-of", "2026-06-01"]);

    // A later month is read by the same rules.
    desk.write(
        "in/VISITS_2026-06.csv",
        "id,member_id,visited_at,fee\n".to_owned() + &visits(121..=130, ""),
    );
    let said = desk.expect(0, &["run", "--as-of", "2026-07-01"]);
    assert!(
        said.err.contains("and 3 more files: 130 rows"),
        "{}",
        said.err
    );
    assert!(
        (said.out.clone() + &said.err).contains("130 rows evaluated"),
        "{said:?}"
    );

    // And one that is gone is missed.
    let march = desk.read("in/visits_2026-03.csv");
    std::fs::remove_file(desk.path("in/visits_2026-03.csv")).unwrap();
    let said = desk.expect(2, &["run", "--as-of", "2026-07-02"]).err;
    assert!(
        said.contains(
            "has rows of `visits_2026-03.csv` in the table `visits` from an earlier import"
        ),
        "{said}"
    );
    assert_eq!(count(&desk, "select count(*) from visits"), 130);
    desk.write("in/visits_2026-03.csv", march);
    desk.expect(0, &["run", "--as-of", "2026-07-02"]);
}

#[test]
fn a_further_export_under_another_name_is_told_until_config_says_where_it_belongs() {
    let desk = months();
    desk.expect(0, &["init", "in"]);
    desk.expect(0, &["run", "--as-of", "2026-06-01"]);
    desk.write(
        "in/june.csv",
        "id,member_id,visited_at,fee\n".to_owned() + &visits(119..=130, ""),
    );
    let said = desk.expect(0, &["run", "--as-of", "2026-07-01"]).err;
    let told = "warning[split-table]: the table `june` has the columns of `visits`, and nothing reads its rows";
    assert!(said.contains(told), "{said}");
    let said = desk.expect(0, &["check"]);
    let said = said.out + &said.err;
    assert!(
        said.contains(told) && said.contains("`files: { \"june.csv\": { table: visits } }`"),
        "{said}"
    );
    let config = desk.read("config.yaml");
    // As advised: what is said of the other files holds for this one.
    let said = "  files:\n    june.csv: { table: visits }\n";
    desk.write("config.yaml", config.replace("  files:\n", said));
    let said = desk.expect(0, &["run", "--as-of", "2026-07-01"]);
    assert!(
        (said.out.clone() + &said.err).contains("130 rows evaluated"),
        "{said:?}"
    );
    assert!(!said.err.contains("split-table"), "{}", said.err);
}

#[test]
fn names_tell_months_from_other_things() {
    let desk = Desk::empty();
    let rows = "id,name\n1,Ann\n2,Ben\n3,Cy\n4,Di\n5,Ed\n6,Flo\n7,Gus\n8,Hal\n9,Ida\n10,Jo\n";
    desk.write("in/members.csv", rows);
    let of = |first: usize| {
        let rows: String = (first..first + 10)
            .map(|n| format!("{n},{},2026-03-{n:02}\n", n % 10 + 1))
            .collect();
        format!("no,member_id,visited_at\n{rows}")
    };
    for (name, first) in [
        ("visitas-marzo.csv", 1),
        ("visitas-mayo.csv", 11),
        ("sales q1.csv", 1),
        ("sales q2.csv", 11),
        ("Sales Q3.csv", 15),
        ("calls.csv", 1),
        ("calls (1).csv", 1),
        ("2025.csv", 1),
        ("2026.csv", 11),
        ("east.csv", 1),
        ("west.csv", 11),
    ] {
        desk.write(&format!("in/{name}"), of(first));
    }
    // Other columns make another table.
    desk.write(
        "in/visitas-junio.csv",
        "no,room,seats,opened_on\n1,East,20,2026-03-01\n",
    );
    desk.expect(0, &["init", "in"]);
    let config = desk.read("config.yaml");
    for line in [
        "    visitas-marzo.csv: { table: visitas }\n",
        "    visitas-mayo.csv: { table: visitas }\n",
        "    \"sales *.csv\": { table: sales, key: \"no\" }\n",
        "    \"20*.csv\": { table: in }\n",
    ] {
        assert!(config.contains(line), "{line}\n{config}");
    }
    let tables = muster::connector::tables_in(&desk.path("in.db")).unwrap();
    assert_eq!(
        tables.join("; "),
        "calls; calls (1); east; in; members; sales; visitas; visitas-junio; west"
    );
}

#[test]
fn what_is_said_to_be_one_table_and_cannot_be_is_refused() {
    let desk = Desk::empty();
    desk.write("in/a.csv", "id,name\n1,Ann\n");
    desk.write("in/b.csv", "no,total,paid_at\n1,2.50,2026-03-01\n");
    desk.write(
        "config.yaml",
        "database: sqlite:d.db\nresults: sqlite:r.db\ntimezone: UTC\n\
         subject: { name: client, table: a, key: id }\n\
         import: { folder: in, files: { b.csv: { table: a } } }\n",
    );
    let said = desk.expect(2, &["import"]).err;
    assert!(
        said.contains(
            "b.csv: it would be rows of the same table as a.csv, but its first line has none of the headings there (`id`, `name`): export it \
             with its headings if they are lost, write `columns:` for it if they are renamed, or give it another name with `table:`; \
             nothing was imported"
        ),
        "{said}"
    );
    desk.write("in/b.csv", "");
    let said = desk.expect(0, &["import"]).out;
    assert!(said.contains("\nb.csv: left out: it is empty\n"), "{said}");
    desk.write("in/b.csv", "name,id,town\nBen,2,Ulm\n,,\n\"Cy\",3\n");
    let said = desk.expect(0, &["import"]).out;
    for line in [
        "a.csv and 1 more file: 3 rows, commas",
        "  a.csv: 1 row; without `town`, empty there",
        "  b.csv: 2 rows; its line 1 is row 3",
        "  1 row without any value was left out (row 5)",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
}

#[test]
fn shops_that_number_from_one_keep_their_rows_and_months_in_words_are_put_in_order() {
    let desk = Desk::empty();
    let members: String = (1..=12).map(|n| format!("{n},Ann {n}\n")).collect();
    desk.write("in/members.csv", format!("id,name\n{members}"));
    let rows = |numbers: std::ops::RangeInclusive<usize>, month: usize| -> String {
        let row = |n: usize| format!("{n},{},2026-{month:02}-{:02}\n", n % 10 + 1, n % 28 + 1);
        "id,member_id,visited_at\n".to_owned() + &numbers.map(row).collect::<String>()
    };
    desk.write("in/visits_1.csv", rows(1..=20, 1));
    desk.write("in/visits_2.csv", rows(1..=20, 2));
    desk.write("in/calls-march.csv", rows(1..=20, 3));
    let april = rows(20..=20, 3) + rows(21..=40, 4).split_once('\n').unwrap().1;
    desk.write("in/calls-april.csv", april);
    desk.expect(0, &["init", "in"]);
    let config = desk.read("config.yaml");
    for line in [
        "    \"visits_*.csv\": { table: visits }\n",
        "    \"calls-*.csv\": { table: calls, key: id }\n",
    ] {
        assert!(config.contains(line), "{line}\n{config}");
    }
    assert_eq!(count(&desk, "select count(*) from visits"), 40);
    assert_eq!(count(&desk, "select count(*) from calls"), 40);
}

/// Orders of months that are called so, of which some are in the next one once more, with another state; gives which state the last of
/// them has, and what config says of the files.
fn of_months(names: [&str; 3]) -> (String, String) {
    let desk = Desk::empty();
    let members: String = (1..=12).map(|n| format!("{n},Ann {n}\n")).collect();
    desk.write("in/members.csv", format!("id,name\n{members}"));
    for (name, first, state) in [
        (names[0], 1, "new"),
        (names[1], 11, "sent"),
        (names[2], 21, "paid"),
    ] {
        let row = |n: usize| {
            format!(
                "{n},{},2026-{:02}-{:02},{state}\n",
                n % 12 + 1,
                n % 3 + 1,
                n % 28 + 1
            )
        };
        let rows: String = (first..first + 20).map(row).collect();
        desk.write(
            &format!("in/{name}.csv"),
            format!("order_no,member_id,ordered_at,state\n{rows}"),
        );
    }
    desk.expect(0, &["init", "in"]);
    let config = desk.read("config.yaml");
    let mut table = config
        .lines()
        .filter(|line| line.contains(".csv") && line.contains("{ table:"));
    let said = table
        .next_back()
        .unwrap()
        .split_once("table:")
        .unwrap()
        .1
        .to_owned();
    let name = said.trim().split([',', ' ']).next().unwrap();
    let connection = rusqlite::Connection::open(desk.path("in.db")).unwrap();
    let sql = format!(
        "select group_concat(state, '+') from (select state from \"{name}\" where order_no = 25 order by rowid)"
    );
    (
        connection.query_row(&sql, [], |row| row.get(0)).unwrap(),
        said,
    )
}

#[test]
fn months_by_name_are_in_the_order_of_the_year() {
    for names in [
        ["orders-jan", "orders-feb", "orders-mar"],
        ["orders-april", "orders-may", "orders-june"],
        ["orders-dec-25", "orders-jan-26", "orders-feb-26"],
        ["2025-dec", "2026-jan", "2026-feb"],
        [
            "Bestellungen_Dez2025",
            "Bestellungen_Jän2026",
            "Bestellungen_März2026",
        ],
        [
            "commandes 2025 août",
            "commandes 2025 déc",
            "commandes 2026 févr",
        ],
        ["pedidos_nov_2025", "pedidos_dic_2025", "pedidos_ene_2026"],
    ] {
        let (state, said) = of_months(names);
        assert!(said.contains("key: order_no"), "{names:?} {said}");
        assert_eq!(state, "paid", "{names:?}");
    }
    // Nothing tells which of these is the last one.
    for names in [
        ["orders-nov", "orders-dec", "orders-jan"],
        ["orders-dec-05", "orders-dec-12", "orders-jan-02"],
        ["orders-jan", "orders-feb", "orders-mar-26"],
    ] {
        let (state, said) = of_months(names);
        assert!(said.contains("copies: once"), "{names:?} {said}");
        assert_eq!(state.matches('+').count(), 1, "{names:?} {state}");
    }
}

#[test]
fn a_month_without_its_year_that_is_later_than_the_next_one_is_told() {
    let desk = Desk::empty();
    desk.write("in/clients.csv", "id,name\n1,Ann\n");
    for (name, day, state) in [
        ("nov", "2026-11-20", "new"),
        ("dec", "2026-12-20", "new"),
        ("jan", "2027-01-05", "paid"),
    ] {
        desk.write(
            &format!("in/orders-{name}.csv"),
            format!("no,client,at,state\n7,1,{day},{state}\n"),
        );
    }
    desk.write(
        "config.yaml",
        "database: sqlite:in.db\nresults: sqlite:r.db\ntimezone: UTC\n\
         subject: { name: client, table: clients, key: id }\n\
         import: { folder: in, files: { \"orders-*.csv\": { table: orders, key: no } } }\n",
    );
    let told = "orders-jan.csv: its name sorts before orders-nov.csv, but its dates are later, so rows of orders-nov.csv \
                replace its rows; write the years into all names";
    for command in ["import", "check"] {
        let said = desk.expect(1, &[command]);
        let said = said.out + &said.err;
        assert!(said.contains(told), "{said}");
        assert_eq!(said.matches("its name sorts before").count(), 1, "{said}");
    }
    for (name, year) in [("nov", 2026), ("dec", 2026), ("jan", 2027)] {
        let renamed = format!("in/orders-{name}-{year}.csv");
        std::fs::rename(
            desk.path(&format!("in/orders-{name}.csv")),
            desk.path(&renamed),
        )
        .unwrap();
    }
    std::fs::remove_file(desk.path("in.db")).unwrap();
    let said = desk.expect(0, &["import"]).out;
    assert!(!said.contains("by its name"), "{said}");
    assert_eq!(
        count(&desk, "select count(*) from orders where state = 'paid'"),
        1
    );
}

/// Lessons that a month lists ahead are in the next month's file once more: whether the order of the names is right, their dates tell.
#[test]
fn dates_prove_or_contradict_the_order_of_names_that_tell_none() {
    for (names, is_told) in [
        // Each name with the month whose lessons its file has.
        ([("ekaina", 6), ("uztaila", 7)], false),
        ([("1", 6), ("2", 7)], false),
        ([("2026-06", 7), ("2026-07", 6)], false),
        ([("ekaina", 7), ("uztaila", 6)], true),
        ([("1", 7), ("2", 6)], false),
    ] {
        let desk = Desk::empty();
        desk.write("in/clients.csv", "id,name\n1,Ann\n");
        for (name, month) in names {
            let row = |no: u32, state: &str| {
                format!("{no},1,2026-{:02}-{:02},{state}\n", no / 100, no % 100)
            };
            let held: String = (1..=9).map(|day| row(month * 100 + day, "held")).collect();
            let ahead = row(month * 100 + 101, "ahead");
            desk.write(
                &format!("in/lessons {name}.csv"),
                format!("no,client,at,state\n{held}{ahead}"),
            );
        }
        desk.write(
            "config.yaml",
            "database: sqlite:in.db\nresults: sqlite:r.db\ntimezone: UTC\n\
             subject: { name: client, table: clients, key: id }\n\
             import: { folder: in, files: { \"lessons *.csv\": { table: lessons, key: no } } }\n",
        );
        for command in ["import", "check"] {
            let said = desk.expect(i32::from(is_told), &[command]);
            let said = said.out + &said.err;
            let words = format!(
                "lessons {}.csv: its name sorts before lessons {}.csv, but its dates are later",
                names[0].0, names[1].0
            );
            assert_eq!(said.contains(&words), is_told, "{names:?} {said}");
        }
    }
}

#[test]
fn a_pattern_takes_neither_downloads_nor_files_of_another_form() {
    let desk = months();
    desk.expect(0, &["init", "in"]);
    let march = desk.read("in/visits_2026-03.csv");
    desk.write("in/visits_2026-03 (1).csv", march);
    desk.write("in/visits_rooms.csv", "room,seats,floor\nEast,20,1\n");
    let said = desk.expect(0, &["run", "--as-of", "2026-06-01"]);
    let told = "visits_rooms.csv: has different columns from visits_2026-03.csv, and is the table `visits_rooms`";
    assert!(said.err.contains(told), "{}", said.err);
    let download =
        "nothing reads the table `visits_2026-03 (1)`, and all of its rows are in `visits` already";
    assert!(said.err.contains(download), "{}", said.err);
    assert_eq!(count(&desk, "select count(*) from visits"), 120);
}

#[test]
fn names_are_in_the_order_of_their_numbers_and_one_table_has_one_key() {
    let desk = Desk::empty();
    desk.write("in/clients.csv", "id,name\n1,Ann\n");
    for (part, state) in [("9", "old"), ("10", "new")] {
        desk.write(
            &format!("in/orders_{part}.csv"),
            format!("no,client,state\n7,1,{state}\n"),
        );
    }
    let config = |more: &str| {
        format!(
            "database: sqlite:in.db\nresults: sqlite:r.db\ntimezone: UTC\n\
             subject: {{ name: client, table: clients, key: id }}\n\
             import: {{ folder: in, files: {{ \"orders_*.csv\": {{ table: orders, key: no }}{more} }} }}\n"
        )
    };
    desk.write("config.yaml", config(""));
    desk.expect(0, &["import"]);
    assert_eq!(
        count(&desk, "select count(*) from orders where state = 'new'"),
        1
    );
    desk.write(
        "config.yaml",
        config(", orders_9.csv: { table: orders, key: client }"),
    );
    let said = desk.expect(2, &["import"]).err;
    assert!(
        said.contains("`key: client` is set for `orders_9.csv`, and `key: no` for `orders_*.csv`"),
        "{said}"
    );
}

#[test]
fn each_file_has_its_own_mark_before_decimals() {
    let desk = Desk::empty();
    desk.write("in/clients.csv", "id,name\n1,Ann\n2,Ben\n3,Cy\n");
    for (month, amount) in [
        ("01", "1234.50"),
        ("02", "\"1.234,50\""),
        ("03", "\"1.000,25\""),
    ] {
        let rows: String = (1..=9)
            .map(|n| format!("{n}{month},{},2026-{month}-0{n},{amount}\n", n % 3 + 1))
            .collect();
        desk.write(
            &format!("in/orders_{month}.csv"),
            "no,client_id,ordered_at,total\n".to_owned() + &rows,
        );
    }
    desk.expect(0, &["init", "in"]);
    assert_eq!(
        count(
            &desk,
            "select cast(sum(total) * 100 as integer) from orders"
        ),
        9 * (123_450 * 2 + 100_025)
    );
}

#[test]
fn orders_that_are_listed_again_with_another_state_are_the_same_orders() {
    let desk = Desk::empty();
    let clients: String = (1..=12).map(|n| format!("{n},Ana {n}\n")).collect();
    desk.write("in/clientes.csv", format!("id,nome\n{clients}"));
    let rows = |numbers: std::ops::RangeInclusive<usize>, state: &str, total: &str| -> String {
        let row = |n: usize| {
            let (client, day) = (n % 12 + 1, n % 28 + 1);
            format!(
                "E{n},{client},2026-{:02}-{day:02},{n}.00,{state}\n",
                1 + n / 40
            )
        };
        "Encomenda,cliente_id,Data,Total,Estado\n".to_owned()
            + &numbers.map(row).collect::<String>()
            + total
    };
    desk.write(
        "in/encomendas_01.csv",
        rows(1..=39, "aberta", ",,,780.00,\n"),
    );
    desk.write(
        "in/encomendas_02.csv",
        rows(1..=79, "paga", ",,,3160.00,\n"),
    );
    let said = desk.expect(0, &["init", "in"]).out;
    let told = "  39 rows have the key of a later row with other values and were left out";
    assert!(said.contains(told), "{said}");
    assert_eq!(
        count(
            &desk,
            "select count(*) from encomendas where Encomenda <> ''"
        ),
        79
    );
    assert_eq!(
        count(
            &desk,
            "select count(*) from encomendas where Estado = 'aberta'"
        ),
        0
    );
}

#[test]
fn a_file_in_which_nothing_tells_its_mark_is_named_and_one_that_is_named_stays_in_its_table() {
    let desk = Desk::empty();
    desk.write("in/clients.csv", "id,name\n1,Ann\n");
    desk.write("in/orders_1.csv", "no,client,total\n1,1,12.34\n2,1,7.50\n");
    desk.write("in/orders_2.csv", "no;client;total\n3;1;5.242\n4;1;8.668\n");
    desk.write(
        "config.yaml",
        "database: sqlite:in.db\nresults: sqlite:r.db\ntimezone: UTC\n\
         subject: { name: client, table: clients, key: id }\n\
         import: { folder: in, files: { \"orders_*.csv\": { table: orders }, orders_2.csv: { separator: semicolon } } }\n",
    );
    let said = desk.expect(1, &["import"]).out;
    let unsure = "  orders_2.csv: `total` has amounts like `1.180` and none with one or two decimals: read with a decimal point as in the other files";
    assert!(said.contains(unsure), "{said}");
    assert_eq!(
        count(
            &desk,
            "select cast(round(sum(total) * 1000) as integer) from orders"
        ),
        12_340 + 7_500 + 5_242 + 8_668
    );
}

/// Lists of people that each number their own are not one, and that is told.
#[test]
fn lists_of_other_people_are_told() {
    let desk = Desk::empty();
    for school in ["Dijon", "Lyon"] {
        let mut people = "N° adhérent;Nom;Courriel\n".to_owned();
        let mut bills = "N° facture;Date;N° adhérent;Montant\n".to_owned();
        for n in 1..=20 {
            let _ = writeln!(people, "{n:05};{school} {n};{school}{n}@ex.fr");
            let _ = writeln!(bills, "{n};{n:02}/05/2026;{n:05};10,00");
        }
        desk.write(&format!("x/Eleves {school}.csv"), people);
        desk.write(&format!("x/Factures {school}.csv"), bills);
    }
    let said = desk.expect(0, &["init", "x"]).out;
    assert!(
        said.contains(
            "Eleves Lyon looks like more people, and is not read: a row of any other table"
        ),
        "{said}"
    );
}
