//! What somebody meets in the first hour with a database of their own.

use muster::config::Locale;
use muster::store::Step;
use muster::time::{Guess, Plausible, Remedy, Samples};
use muster::view::{Fitted, fitted, marks, moves_table};

use super::desk::Desk;

const RULES: &str = "segments:\n  - { id: everyone, name: Everyone, when: yes }\n";

/// Three clients, of whom one has no email and one an empty one.
fn clients() -> Desk {
    let desk = Desk::empty();
    desk.sql_in("d.db", "create table clients (id integer primary key, email text, \"Full Name\" text);
         insert into clients values (1, 'a@example.com', 'Ann A'), (2, null, 'Bob B'), (3, 'c@example.com', null);",
    );
    desk.write(
        "config.yaml",
        "database: sqlite:d.db\ntimezone: UTC\nsubject: { name: client, table: clients, key: id, label: email }\n",
    );
    desk.write("rules/r.yaml", RULES);
    desk
}

#[test]
fn a_key_is_never_exported_as_a_label() {
    let desk = clients();
    desk.expect(0, &["run"]);
    let exported = |columns: &str| {
        let said = desk.expect(0, &["export", "everyone", "--columns", columns]);
        let mut lines: Vec<String> = said.out.lines().skip(1).map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(
        exported("id,email"),
        ["1,a@example.com", "2,", "3,c@example.com"]
    );
    assert_eq!(exported("ID,Email"), exported("id,email"));
    let json = desk.json(&["export", "everyone", "--columns", "id,email"]);
    let of_two = json.as_array().unwrap().iter().find(|row| row["id"] == 2);
    assert!(of_two.unwrap()["email"].is_null(), "{json}");
    // In lists for people somebody without an email has to be called something.
    let said = desk.expect(0, &["clients"]);
    assert!(said.out.contains('2'), "{}", said.out);
}

#[test]
fn a_column_is_named_in_any_case() {
    let desk = clients();
    desk.expect(0, &["run"]);
    let forms = ["Full Name", "full name", "Full name", "FULL NAME"];
    for form in forms {
        let said = desk.expect(0, &["export", "everyone", "--columns", form]);
        assert!(said.out.contains("Ann A"), "{form}: {}", said.out);
    }
}

#[test]
fn a_top_with_ties_is_told_what_would_narrow_it() {
    let desk = Desk::empty();
    desk.sql_in("d.db", "create table clients (id integer primary key, n integer, same integer);
         with recursive i(i) as (select 1 union all select i + 1 from i where i < 100)
         insert into clients select i, case when i <= 5 then 3 when i <= 60 then 1 else 0 end, 7 from i;",
    );
    desk.write(
        "config.yaml",
        "database: sqlite:d.db\ntimezone: UTC\nsubject: { name: client, table: clients, key: id }\n",
    );
    let told = |when: &str| {
        desk.write(
            "rules/r.yaml",
            format!("segments:\n  - {{ id: s, name: S, when: {when} }}\n"),
        );
        let said = desk.expect(0, &["run", "--dry-run"]);
        let mut lines = said.err.lines();
        lines
            .find(|line| line.contains("at its edge"))
            .map(str::to_owned)
    };
    let top = told("n > 0 and top 20% by n").unwrap();
    assert!(top.contains("such as `> 1`, would narrow it"), "{top}");
    let bottom = told("bottom 50% by n").unwrap();
    assert!(
        bottom.contains("such as `< 1`, would narrow it"),
        "{bottom}"
    );
    // Nobody is beyond the edge: a condition would leave nobody.
    let same = told("top 20% by same").unwrap();
    assert!(same.ends_with("the same value 7 at its edge"), "{same}");
    assert_eq!(told("n > 1 and top 20% by n"), None);
}

#[test]
fn several_lines_are_several_lines() {
    let desk = Desk::empty();
    desk.sql_in(
        "d.db",
        "create table Besuche (wann text); create table \"two\nlines\" (x text);",
    );
    let said = desk.expect(2, &["init", "sqlite:d.db"]);
    assert_eq!(said.err.matches('\u{fffd}').count(), 1, "{}", said.err);
    assert!(said.err.contains("two\u{fffd}lines"), "{}", said.err);
    assert!(said.err.lines().any(|l| l.starts_with("  Besuche: ")));
    assert!(said.err.lines().any(|l| l == "  timezone: UTC"));
}

#[test]
fn only_the_demos_database_is_made_by_the_demo() {
    let desk = clients();
    for (database, is_the_demos) in [("shp.db", false), ("demo/studio.db", true)] {
        let config = format!(
            "database: sqlite:{database}\ntimezone: UTC\nsubject: {{ name: client, table: clients, key: id }}\n"
        );
        desk.write("config.yaml", &config);
        for command in [&["check"][..], &["run"], &["segments"], &["status"]] {
            let said = desk.muster(command);
            let advised = said.err.contains("muster demo");
            assert!(said.code != 0, "{command:?}");
            assert_eq!(advised, is_the_demos, "{command:?}: {}", said.err);
        }
    }
}

#[test]
fn a_new_segment_has_a_name_of_its_own() {
    let desk = clients();
    for name in ["", "  ", "\u{1}\u{2}", "\t\n", "\u{200b}", "\u{a0}"] {
        let said = desk.expect(2, &["new", "segment", name]);
        assert!(said.err.contains("needs a name"), "{name:?}: {}", said.err);
    }
    let said = desk.expect(2, &["new", "segment", "Everyone"]);
    for words in [
        "there is a segment `everyone` already",
        "rules/r.yaml:2:",
        "choose another name",
    ] {
        assert!(said.err.contains(words), "{words}: {}", said.err);
    }
    assert!(!desk.path("rules/custom.yaml").exists());
}

#[test]
fn every_advised_view_leaves_what_is_empty_empty() {
    let plausible = Plausible::at(1_773_532_800_000_000);
    let of = Samples {
        column: "seen",
        plausible: &plausible,
    };
    let memory = rusqlite::Connection::open_in_memory().unwrap();
    for text in [
        "202506",
        "2025176",
        "20264",
        "772000000",
        "739777",
        "485994",
    ] {
        let guess = Guess::of_texts(of, &[text]).unwrap();
        let Remedy::Other(remedy) = &guess.remedy else {
            panic!("{text}: {guess:?}");
        };
        let sql = remedy.split('`').nth(1).unwrap();
        let read = |value: &str| -> Option<String> {
            let query = format!("select cast({sql} as text) from (select ?1 as seen)");
            memory.query_row(&query, [value], |row| row.get(0)).unwrap()
        };
        assert!(read(text).is_some(), "{text}: {sql}");
        assert_eq!(read(""), None, "{text}: {sql}");
        assert_eq!(read("  "), None, "{text}: {sql}");
    }
}

#[test]
fn a_day_before_its_month_is_called_that() {
    let plausible = Plausible::at(1_773_532_800_000_000);
    let of = Samples {
        column: "born",
        plausible: &plausible,
    };
    let words = |texts: &[&str]| Guess::of_texts(of, texts).unwrap().words;
    assert_eq!(words(&["1990-13-01", "1980-29-02"]), "year-day-month");
    assert_eq!(words(&["1990-13-45"]), "dates that are in no calendar");
    assert_eq!(words(&["1990-02-30"]), "dates that are in no calendar");
}

/// What stands for no value and what cannot be read are told apart, so that each number is found again.
#[test]
fn the_numbers_of_one_column_agree() {
    let desk = Desk::empty();
    desk.sql_in("d.db", "create table clients (id integer primary key, born date);
         with recursive i(i) as (select 1 union all select i + 1 from i where i < 98)
         insert into clients select i, case when i <= 55 then '25/06/1985' when i <= 77 then '1985-06-25'
             else '0000-00-00' end from i;",
    );
    desk.write(
        "config.yaml",
        "database: sqlite:d.db\ntimezone: UTC\nsubject: { name: client, table: clients, key: id }\n",
    );
    desk.write(
        "rules/r.yaml",
        "segments:\n  - { id: s, name: S, when: born < 1990-01-01 }\n",
    );
    let said = desk.expect(1, &["run"]);
    for words in [
        "55 of 77 dates",
        "55 rows of `clients` have a value of another type",
        "21 rows of `clients` have a placeholder instead of a value",
    ] {
        let all = format!("{}{}", said.out, said.err);
        assert!(all.contains(words), "{words}: {all}");
    }
}

#[test]
fn check_tells_of_a_declared_type_that_no_value_has() {
    let desk = Desk::empty();
    desk.sql_in("d.db", "create table clients (id integer primary key, wrong text, right text, some text, none text, n text);
         insert into clients values (1, '25/06/1985', '1985-06-25', '25/06/1985', null, 'EUR 5'),
             (2, '', null, '1985-06-25', '', 'EUR 7');
         create view seen as select id, wrong from clients;",
    );
    let told = |types: &str, further: &str| {
        desk.write(
            "config.yaml",
            format!(
                "database: sqlite:d.db\ntimezone: UTC\n\
                 subject: {{ name: client, table: clients, key: id{further}, types: {{ {types} }} }}\n"
            ),
        );
        desk.write("rules/r.yaml", RULES);
        desk.expect(0, &["check"]).err
    };
    let wrong = told("wrong: date", "");
    assert!(wrong.contains("warning[misread-column]"), "{wrong}");
    assert!(wrong.contains("config.yaml:3:"), "{wrong}");
    assert!(wrong.contains("looks like day/month/year"), "{wrong}");
    let line = "types: { wrong: { date: \"%d/%m/%Y\" } }";
    assert!(wrong.contains(line), "{wrong}");
    let some = told("some: date", "");
    assert!(some.contains("1 of 2 dates"), "{some}");
    let line = "types: { some: { date: [iso, \"%d/%m/%Y\"] } }";
    assert!(some.contains(line), "{some}");
    assert!(told("wrong: instant", "").contains("warning"));
    assert!(told("n: money", "").contains("warning"));
    for fine in [
        "right: date",
        "wrong: { date: \"%d/%m/%Y\" }",
        "some: { date: [iso, \"%d/%m/%Y\"] }",
        "none: date",
        "wrong: text",
        "right: instant",
    ] {
        let said = told(fine, "");
        assert!(!said.contains("warning"), "{fine}: {said}");
    }
    let said = told("wrong: date", ", where: id > 5");
    assert!(!said.contains("warning"), "{said}");
}

#[test]
fn moves_in_blocks_say_from_where_to_where() {
    let rungs = [
        ("lost", "Lost"),
        ("potential_loyalist", "Potential Loyalist"),
    ];
    let rungs = rungs.map(|(id, name)| (id.to_owned(), name.to_owned()));
    let step = Step {
        from: Some("lost".into()),
        to: Some("potential_loyalist".into()),
        count: 11,
    };
    let table = moves_table(&rungs, &[step]);
    let Fitted::Blocks(blocks) = fitted(&table, &marks(Locale::EnUs), Some(30)) else {
        panic!("wide enough");
    };
    let lines = blocks.concat();
    let words: Vec<String> = lines
        .iter()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    let words = words.join(" ");
    assert!(
        words.contains("From Lost to Potential Loyalist 11"),
        "{words}"
    );
}

#[test]
fn several_of_a_table_in_the_singular_are_in_the_plural() {
    for (table, many) in [
        ("gift", "gifts"),
        ("delivery", "deliveries"),
        ("pass", "passes"),
        ("orders", "orders"),
        ("class_visit", "class visits"),
    ] {
        let desk = Desk::empty();
        desk.sql_in("d.db", &format!(
            "create table customers (id integer primary key, name text);
             create table {table} (id integer primary key, customer_id integer references customers, created_at text);
             insert into customers values (1, 'Ann'), (2, 'Bob');
             insert into {table} values (1, 1, '2026-01-05 10:00'), (2, 2, '2026-03-05 10:00');"
        ));
        desk.expect(0, &["init", "sqlite:d.db"]);
        let written = desk.read("config.yaml") + &desk.read("rules/segments.yaml");
        for words in [
            format!("no {many} |"),
            format!("Nothing in {many} yet"),
            format!("the most {many} in"),
        ] {
            assert!(written.contains(&words), "{words}: {written}");
        }
        desk.expect(0, &["check"]);
    }
}
