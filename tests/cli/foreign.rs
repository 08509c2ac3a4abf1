//! Names of any language and length, and figures as another country writes them.

use unicode_width::UnicodeWidthStr;

use super::desk::Desk;
use crate::support::program::Said;

/// What a command prints on a terminal of some width.
fn on(desk: &Desk, width: usize, arguments: &[&str]) -> Said {
    let mut command = desk.command(arguments);
    command.env("COLUMNS", width.to_string());
    Said::by(&mut command)
}

/// A shop whose names are German.
fn laden() -> Desk {
    let desk = Desk::empty();
    desk.write(
        "config.yaml",
        "database: sqlite:laden.db
timezone: Europe/Berlin
locale: de-DE
currency: EUR
subject: { name: filialen, table: filialen, key: id, label: name, types: { umsatz: money } }
collections:
  bestellungen: { table: bestellungen, subject: filiale, at: am, types: { betrag: money } }
",
    );
    desk.write(
        "rules/r.yaml",
        "segments:
  - { id: viel, name: Viel, when: sum(bestellungen.betrag) > 1000 }
  - { id: oft, name: Oft, when: count(bestellungen) >= 3 }
  - { id: seit, name: Seit, when: seit > 2026-03-01 }
  - { id: umsatz, name: Umsatz, when: umsatz > 10000 }
  - { id: saldo, name: Saldo, when: saldo < -1234.5 }
  - { id: plz, name: Bezirk, when: plz = 12345 }
  - { id: sprung, name: Sprung, when: exists(bestellungen where betrag > 2 * avg(bestellungen.betrag)) }
",
    );
    desk.sql_in(
        "laden.db",
        "create table filialen (id integer primary key, name text, seit date, plz integer, umsatz decimal, saldo real);
         create table bestellungen (id integer primary key, filiale integer, am datetime, betrag decimal);
         insert into filialen values (1, 'Mitte', '2026-03-12', 12345, 12345.5, -2000.5), (2, 'Nord', '2020-01-01', 99999, 1, 1);
         insert into bestellungen (filiale, am, betrag) values
             (1, '2026-03-01 10:00', 1234.5), (1, '2026-03-02 10:00', 34567.25);",
    );
    desk.expect(0, &["run", "--as-of", "2026-03-20"]);
    desk
}

#[test]
fn explain_writes_figures_and_dates_as_its_locale() {
    let desk = laden();
    let said = desk.expect(0, &["explain", "Mitte", "--ahead", "0"]).out;
    for wanted in [
        "as of 20.03.2026 00:00 CET",
        "sum(bestellungen.betrag) 35.801,75 > 1.000; by 34.801,75 EUR",
        "seit 12.03.2026 > 01.03.2026; by 11 days",
        // It names a district.
        "plz 12345 = 12345",
        // Amounts, and what has decimals, name nothing.
        "umsatz 12.345,50 > 10.000; by 2.345,50 EUR",
        "saldo -2.000,5 < -1.234,5",
        "(with avg(bestellungen.betrag) 17.900,875)",
    ] {
        assert!(said.contains(wanted), "{wanted}:\n{said}");
    }
}

#[test]
fn a_month_is_no_length_of_time() {
    let desk = laden();
    desk.write(
        "rules/monat.yaml",
        "segments:\n  - { id: mai, name: Mai, when: month(seit) = 5 }\n",
    );
    let said = desk
        .expect(0, &["explain", "Mitte", "mai", "--ahead", "0"])
        .out;
    assert!(said.contains("month(seit) 3 = 5; 2 short"), "{said}");
}

#[test]
fn no_word_of_another_language_is_inflected() {
    let desk = laden();
    let said = desk.expect(0, &["explain", "Mitte", "--ahead", "0"]).out;
    assert!(
        said.contains("count(bestellungen) 2 ≥ 3; 1 short"),
        "{said}"
    );
    let said = desk.expect(0, &["run", "--as-of", "2026-03-21"]);
    let said = said.out + &said.err;
    assert!(said.contains("2 filialen"), "{said}");
    assert!(!said.contains("filialens"), "{said}");
}

#[test]
fn a_segment_that_the_last_run_did_not_have_is_new() {
    let desk = laden();
    desk.write(
        "rules/neu.yaml",
        "segments:\n  - { id: neu, name: Neu, when: id = 1 }\n",
    );
    let said = desk.expect(0, &["explain", "Mitte", "--ahead", "0"]).out;
    assert!(
        said.contains("`neu`: new: the last run did not have it"),
        "{said}"
    );
    assert!(!said.contains("the last run said"), "{said}");
}

#[test]
fn a_long_name_leaves_the_reasons_of_the_others_their_room() {
    let desk = Desk::ten_clients("segments:\n  - { id: shy, name: Shy, when: visits < 2 }\n");
    let name =
        "Everybody who has ever been seen anywhere near the front desk, on a day of any week";
    desk.write(
        "rules/long.yaml",
        format!("segments:\n  - {{ id: long, name: '{name}', when: visits > 0 }}\n  - {{ id: keen, name: Keen, when: visits > 5 }}\n"),
    );
    let said = on(&desk, 120, &["explain", "7"]).out;
    let keen = said.lines().find(|line| line.contains("Keen")).unwrap();
    assert!(keen.starts_with("✓  Keen  ✓ visits 7 > 5"), "{said}");
    assert!(
        said.contains(&format!("✓  {name}\n         ✓ visits 7 > 0")),
        "{said}"
    );
}

#[test]
fn a_column_that_fits_over_more_lines_is_not_left_out() {
    let mut rules = String::from("segments:\n");
    for place in 0..14 {
        rules += &format!(
            "  - {{ id: s{place}, name: Segment with a name {place}, when: visits > 0 }}\n"
        );
    }
    let desk = Desk::ten_clients(&rules);
    desk.sql(
        "update clients set name = '非常に長い名前の会員その一二三四五六七八九十' where id = 1",
    );
    desk.expect(0, &["run"]);
    let said = on(&desk, 80, &["clients", "--segment", "s1"]).out;
    assert!(said.contains("Segment with a name 13"), "{said}");
    assert!(said.lines().all(|line| line.width() <= 80), "{said}");
}

/// Thai is written without blanks: a dictionary says where its lines may end, and nothing is said about that.
#[test]
fn text_without_blanks_is_broken_between_words() {
    let desk = Desk::ten_clients("segments:\n  - { id: all, name: All, when: visits > 0 }\n");
    desk.sql("update clients set name = 'สวัสดีชาวโลกภาษาไทยเป็นภาษาที่มีความสวยงาม' where id = 1");
    desk.expect(0, &["run"]);
    let said = on(&desk, 40, &["clients"]);
    assert!(!said.err.contains("ICU4X"), "{}", said.err);
    assert!(!said.out.contains('…'), "{}", said.out);
    // Each part of the name is a line of its own, and ends where a word does.
    let words = [
        "สวัสดี",
        "ชาว",
        "โลก",
        "ภาษา",
        "ไทย",
        "เป็น",
        "ภาษา",
        "ที่",
        "มี",
        "ความ",
        "สวยงาม",
    ];
    let is_thai = |c: &char| ('\u{e00}'..='\u{e7f}').contains(c);
    let lines = said
        .out
        .lines()
        .map(|line| line.chars().filter(is_thai).collect::<String>());
    let lines: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
    assert_eq!(lines.concat(), words.concat());
    assert!(lines.len() > 1, "{}", said.out);
    let mut ends = words.iter().scan(0, |end, word| {
        *end += word.len();
        Some(*end)
    });
    let mut at = 0;
    for line in &lines {
        at += line.len();
        assert!(ends.any(|end| end == at), "{line} is cut: {}", said.out);
    }
}

#[test]
fn an_entry_that_matches_nobody_is_told_as_it_is_added() {
    let desk = Desk::ten_clients("segments:\n  - { id: all, name: All, when: visits > 0 }\n");
    let config = desk.read("config.yaml");
    desk.write("vip.csv", "id\n");
    desk.write(
        "config.yaml",
        format!("{config}lists: {{ vip: {{ file: vip.csv }} }}\n"),
    );
    let said = desk.expect(0, &["list", "vip", "add", "3", "999"]).err;
    assert!(said.contains("`999` matches nobody yet"), "{said}");
    assert!(!said.contains("`3` matches"), "{said}");
}

#[test]
fn a_subject_in_capitals_keeps_them_in_its_plural() {
    let desk = Desk::ten_clients("segments:\n  - { id: all, name: All, when: visits > 0 }\n");
    for (one, several) in [
        ("Person", "10 People"),
        ("CHILD", "10 CHILDREN"),
        ("Party", "10 Parties"),
    ] {
        let config = desk.read("config.yaml");
        let begin = config.find("name: ").unwrap();
        let end = begin + config[begin..].find([',', '\n', '}']).unwrap();
        desk.write(
            "config.yaml",
            format!("{}name: {one}{}", &config[..begin], &config[end..]),
        );
        let said = desk.expect(0, &["run"]);
        let said = said.out + &said.err;
        assert!(said.contains(several), "{several}: {said}");
    }
}

/// Lists, notes and reasons write a day in one way.
#[test]
fn times_are_those_of_the_locale_wherever_people_read_them() {
    let desk = laden();
    for command in [
        &["segments"][..],
        &["clients"],
        &["status"],
        &["explain", "Mitte"],
    ] {
        let said = desk.expect(0, command);
        let said = said.out + &said.err;
        assert!(said.contains("20.03.2026 00:00 CET"), "{command:?}: {said}");
        assert!(!said.contains("2026-03-20"), "{command:?}: {said}");
    }
    let json = desk.expect(0, &["status", "--format", "json"]).out;
    assert!(json.contains("2026-03-20T00:00:00+01:00"), "{json}");
    let csv = desk.expect(0, &["status", "--format", "csv"]).out;
    assert!(csv.contains("2026-03-20 00:00 CET"), "{csv}");
}

/// There is one way to make a singular of an English plural, and it undoes the plural.
#[test]
fn a_singular_undoes_the_plural() {
    for one in [
        "client", "category", "person", "child", "class", "address", "branch", "box", "purchase",
        "response", "visit", "studio", "day", "business", "survey", "guest", "bus_pass",
    ] {
        let several = muster::config::plural_of(one);
        assert_eq!(muster::config::singular_of(&several), one);
        assert_eq!(muster::config::singular_of(one), one);
    }
    assert_eq!(
        muster::config::one_called("Visits").as_deref(),
        Some("Visit")
    );
    assert_eq!(muster::config::one_called("class"), None);
    assert_eq!(muster::config::one_called("bestellungen"), None);
}
