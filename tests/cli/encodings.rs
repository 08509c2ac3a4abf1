//! Files in other encodings than the one that they are read as: told, alone and as one of several.

use super::desk::Desk;
use super::shop::all;

/// Clients, and twenty orders with these notes.
fn orders(notes: [&[u8]; 2]) -> Vec<u8> {
    let mut text = b"no,client,at,total,note\n".to_vec();
    for n in 1..=20 {
        text.extend(format!("{n},{},2026-03-01,1.00,", n % 5 + 1).bytes());
        text.extend([notes[n % 2], b"\n"].concat());
    }
    text
}

fn desk() -> Desk {
    let desk = Desk::empty();
    desk.write("in/clients.csv", "id,name\n1,A\n2,B\n3,C\n4,D\n5,E\n");
    desk
}

/// Signs inside of words are letters of another encoding; signs beside words and numbers are what they are.
#[test]
fn letters_that_are_read_as_others_are_told_with_where_they_may_come_from() {
    let told = "have signs inside words";
    let cases: [([&[u8]; 2], &str); 4] = [
        (
            [b"Odwo\xb3ana", b"Zap\xb3acona"],
            "such as `p³a`: the file is in an encoding other than Windows-1252, most likely Windows-1250, which Central European programs use",
        ),
        (
            [b"Annul\x82", b"Honor\x82"],
            "such as `r‚`: the file is in an encoding other than Windows-1252, most likely that of DOS: save it as `CSV UTF-8` (lines 2, 3, 4, …)",
        ),
        (
            [b"Annul\x8e", b"B\x8erang\x8fre"],
            "most likely that of an old Mac: save it",
        ),
        (
            [b"h\x93tel", b"K\x94ln"],
            "(Windows-1250, Mac or DOS): save it",
        ),
    ];
    for (notes, words) in cases {
        let desk = desk();
        desk.write("in/orders.csv", orders(notes));
        let said = all(&desk, 0, &["init", "in"]);
        assert!(said.contains(&format!("20 rows {told}, ")), "{said}");
        assert!(said.contains(words), "{said}");
        let said = all(&desk, 0, &["check"]);
        assert!(said.contains(words), "{said}");
        // Config says now that it is Windows-1252, as `init` took it for.
        assert!(desk.read("config.yaml").contains("encoding: windows-1252"));
        let said = all(&desk, 0, &["import"]);
        assert!(said.contains(words), "{said}");
        let said = all(&desk, 0, &["check"]);
        assert!(said.contains(words), "{said}");
        desk.write(
            "in/orders.csv",
            [&orders(notes), b"21,1,2026-03-02,1.00,x\n".as_slice()].concat(),
        );
        let said = all(&desk, 0, &["run", "--as-of", "2026-06-01"]);
        assert!(said.contains(words), "{said}");
    }
    // `12 m³`, `¿Qué?`, `£12`, `1¼`, `Nº`, `l’Œuvre`, and the letters of western Europe.
    let western: [&[u8]; 2] = [
        b"12 m\xb3 \xbfQu\xe9? \xa312 l\x92\x8cuvre",
        b"1\xbc N\xba \xd1and\xfa \xabEst\xe1\xbb \x8akoda",
    ];
    let desk = desk();
    desk.write("in/orders.csv", orders(western));
    let said = all(&desk, 0, &["init", "in"]);
    assert!(!said.contains(told), "{said}");
}

/// What is told of a file alone is told of it among others, with its name, and once where it is the same of many.
#[test]
fn notes_of_a_file_are_told_where_it_is_one_of_several() {
    let desk = desk();
    let of = |said: &str| {
        desk.write(
            "config.yaml",
            format!(
                "database: sqlite:in.db\nresults: sqlite:results.db\ntimezone: UTC\nimport:\n  folder: in\n  files:\n    \
                 \"orders_*.csv\": {{ table: orders{said} }}\nsubject: {{ name: client, table: clients, key: id, label: name }}\n"
            ),
        );
    };
    let row = |client: usize, item: &[u8]| [format!("{client},").as_bytes(), item, b"\n"].concat();
    let file = |items: &[&[u8]]| {
        let rows = items.iter().enumerate();
        let rows = rows.map(|(client, item)| row(client + 1, item));
        [b"client,item\n".to_vec(), rows.collect::<Vec<_>>().concat()].concat()
    };
    of(", encoding: utf-8");
    desk.write(
        "in/orders_1.csv",
        file(&[b"Caf\xe9", b"Th\xe9", b"Bi\xe8re", b"Eau"]),
    );
    desk.write("in/orders_2.csv", file(&[b"Vin", b"Caf\xe9"]));
    let said = all(&desk, 0, &["import"]);
    for told in [
        "  orders_1.csv: 3 rows have bytes that are not UTF-8: each is kept as `\u{fffd}` (lines 2, 3, 4)",
        "  orders_2.csv: 1 row has bytes that are not UTF-8: each is kept as `\u{fffd}` (line 3)",
    ] {
        assert!(said.contains(told), "{said}");
    }

    of(", encoding: windows-1252");
    let utf8 = file(&["Café".as_bytes(), "Thé".as_bytes()]);
    desk.write("in/orders_1.csv", &utf8);
    desk.write("in/orders_2.csv", file(&[b"Vin", b"Annul\x82"]));
    let said = all(&desk, 0, &["import"]);
    let told = "  orders_1.csv: it is UTF-8, not Windows-1252 as config says, and is read as UTF-8: take `encoding:` out of config";
    assert!(said.contains(told), "{said}");
    let told = "orders_2.csv: 1 row has signs inside words, such as `l‚`";
    assert!(said.contains(told), "{said}");
    let said = all(&desk, 0, &["check"]);
    assert!(said.contains(told), "{said}");
    desk.write("in/orders_2.csv", utf8);
    let said = all(&desk, 0, &["import"]);
    assert!(
        said.contains("  orders_1.csv and 1 more file: it is UTF-8, not"),
        "{said}"
    );

    of("");
    for n in 1..=3 {
        desk.write(
            &format!("in/orders_{n}.csv"),
            format!("client,,item,item\n{n},a,b,c\n"),
        );
    }
    let said = all(&desk, 0, &["import"]);
    for told in [
        "  orders_1.csv and 2 more files: column 2 has no heading: it is called `column_2`\n",
        "  orders_1.csv and 2 more files: column 4 repeats the heading `item`: it is called `item_2`\n",
    ] {
        assert!(said.contains(told), "{said}");
    }
}
