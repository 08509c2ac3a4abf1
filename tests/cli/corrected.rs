//! A month that was exported again under a longer name before `init` runs, and what looks like one and is none.

use super::desk::Desk;
use super::importing::{row, workbook};

fn count(desk: &Desk, sql: &str) -> i64 {
    let connection = rusqlite::Connection::open(desk.path("in.db")).unwrap();
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

/// Visits of a month by their numbers, which cost so much each.
fn visits(month: usize, numbers: std::ops::RangeInclusive<usize>, paid: &str) -> String {
    let rows = numbers.map(|n| {
        let (client, day) = (1 + n % 12, 1 + n % 28);
        format!("V{month:02}{n:03},{client},2026-{month:02}-{day:02},{paid}\n")
    });
    "visit_no,client_id,date,paid\n".to_owned() + &rows.collect::<String>()
}

/// Twelve clients, and three months of their visits.
fn months() -> Desk {
    let desk = Desk::empty();
    let people: String = (1..=12).map(|n| format!("{n},Ann {n}\n")).collect();
    desk.write("in/clients.csv", format!("id,name\n{people}"));
    for month in 8..=10 {
        let name = format!("in/visits_2026-{month:02}.csv");
        desk.write(&name, visits(month, 1..=40, "10.00"));
    }
    desk
}

#[test]
fn a_corrected_month_counts_in_place_of_the_one_that_it_corrects() {
    for name in [
        "visits_2026-09_corrected",
        "visits_2026-09_v2",
        "visits_2026-09-final",
        "visits 2026-09 corrigé",
        "visits_2026-09_rettifica",
        "visits_2026-09 correctie",
        "visits_2026-09_korrigiert",
        "visits_2026-09_neu",
        "new_visits_2026-09",
    ] {
        let desk = months();
        // Half of the month, one visit that was missing, and another price.
        let corrected = visits(9, 21..=41, "12.00");
        desk.write(&format!("in/{name}.csv"), corrected);
        let said = desk.expect(0, &["init", "in"]);
        let config = desk.read("config.yaml");
        let form = "{ table: visits, key: visit_no }\n";
        assert!(
            config.contains(&format!("    \"visits_*.csv\": {form}")),
            "{name} {config}"
        );
        let named = config.contains(&format!("    {name}.csv: {form}"));
        assert_eq!(named, !name.starts_with("visits_"), "{name} {config}");
        assert!(!said.out.contains("holds "), "{said:?}");
        assert_eq!(count(&desk, "select count(*) from visits"), 121, "{name}");
        let sql = "select count(*) from visits where paid = 12 and date like '2026-09%'";
        assert_eq!(count(&desk, sql), 21, "{name}");
        desk.expect(0, &["check"]);
        desk.expect(0, &["run", "--as-of", "2026-11-01"]);

        // And the next month belongs to them.
        desk.write("in/visits_2026-11.csv", visits(11, 1..=40, "10.00"));
        desk.expect(0, &["run", "--accept", "--as-of", "2026-11-20"]);
        assert_eq!(count(&desk, "select count(*) from visits"), 161, "{name}");
    }
}

#[test]
fn several_months_may_be_corrected_and_one_of_them_twice() {
    let desk = months();
    for (name, month, paid) in [
        ("visits_2026-08_v2", 8, "11.00"),
        ("visits_2026-09_v2", 9, "12.00"),
        ("visits_2026-09_v2_final", 9, "13.00"),
    ] {
        desk.write(&format!("in/{name}.csv"), visits(month, 1..=40, paid));
    }
    desk.expect(0, &["init", "in"]);
    let config = desk.read("config.yaml");
    assert!(
        config.contains("    \"visits_*.csv\": { table: visits, key: visit_no }\n"),
        "{config}"
    );
    let sql = "select sum(paid) from visits";
    assert_eq!(count(&desk, sql), 40 * (11 + 13 + 10), "{config}");
}

#[test]
fn what_only_looks_like_a_corrected_month_is_told() {
    for (name, text, told) in [
        // Other visits under the same numbers.
        (
            "visits_2026-09_till",
            visits(9, 1..=40, "7.00").replace("2026-09", "2026-07"),
            true,
        ),
        ("visits_2026-09_old", visits(9, 4..=40, "7.00"), true),
        // Other visits, and another table.
        ("visits_2026-09_north", visits(9, 41..=80, "7.00"), false),
        (
            "visits_2026-09_rooms",
            "visit_no,room,seats\nV09001,Blue,3\nV09002,Red,2\n".to_owned(),
            false,
        ),
    ] {
        let desk = months();
        desk.write(&format!("in/{name}.csv"), text);
        let said = desk.expect(0, &["init", "in"]).out;
        let line = format!("{name}.csv: holds ");
        assert_eq!(said.contains(&line), told, "{said}");
        if told {
            let rest = "of the 40 keys of visits_2026-09.csv, and is a table of its own: if its rows replace those, write the same \
                        `table:` and `key: visit_no` for both";
            assert!(said.contains(rest), "{said}");
        }
        assert_eq!(count(&desk, "select count(*) from visits"), 120, "{said}");
    }
    // A list without a time in its name may be another one.
    let desk = months();
    let people: String = (1..=9).map(|n| format!("{n},Ann {n}\n")).collect();
    desk.write("in/clients_vip.csv", format!("id,name\n{people}"));
    let said = desk.expect(0, &["init", "in"]).out;
    assert!(
        said.contains(
            "clients_vip.csv: holds 9 of the 12 keys of clients.csv, and is a table of its own"
        ),
        "{said}"
    );
}

#[test]
fn a_month_that_has_another_key_leaves_no_row_to_be_counted_twice() {
    let desk = months();
    let other = visits(11, 1..=40, "10.00").replace("visit_no", "visit_id");
    desk.write("in/visits_2026-11.csv", other);
    desk.write("in/visits_2026-09_v2.csv", visits(9, 1..=40, "12.00"));
    let said = desk.expect(0, &["init", "in"]).out;
    let told = "visits_2026-09_v2.csv: holds 40 of the 40 keys of visits_2026-09.csv";
    assert!(said.contains(told), "{said}");
    assert_eq!(count(&desk, "select count(*) from visits"), 160);
}

#[test]
fn a_sheet_may_be_corrected_as_a_file_is() {
    let sheet = |month: usize, paid: &str| {
        let rows = (1..=20).map(|n| {
            let (no, client) = (format!("V{month}{n:03}"), format!("number:{}", 1 + n % 12));
            let day = format!("day:{}", 46_000 + 30 * month + n);
            row(n + 1, &[&no, &client, &day, &format!("number:{paid}")])
        });
        row(1, &["visit_no", "client_id", "date", "paid"]) + &rows.collect::<String>()
    };
    let people = (1..=12).map(|n| row(n + 1, &[&format!("number:{n}"), &format!("Ann {n}")]));
    let people = row(1, &["id", "name"]) + &people.collect::<String>();
    let desk = Desk::empty();
    desk.write(
        "in/Visits.xlsx",
        workbook(&[
            ("Clients", &people),
            ("2026-01", &sheet(1, "10")),
            ("2026-02 corrected", &sheet(2, "12")),
            ("2026-02", &sheet(2, "10")),
        ]),
    );
    desk.expect(0, &["init", "in"]);
    let config = desk.read("config.yaml");
    assert!(
        config.contains("    Visits.xlsx: { sheets: together, key: visit_no }\n"),
        "{config}"
    );
    assert_eq!(count(&desk, "select sum(paid) from Visits"), 20 * 22);
}
