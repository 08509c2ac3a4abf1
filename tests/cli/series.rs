//! Exports of one form, a month each: one table, whatever files come later.

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
        "id,member_id,visited_at,fee\n".to_owned() + &visits(1..=40, "2026-03", ""),
    );
    let april: String = visits(40..=80, "2026-04", "Müller");
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
        "id,member_id,visited_at,fee\n".to_owned() + &visits(80..=120, "2026-05", ""),
    );
    desk
}

/// Rows of visits by their numbers: `id,member_id,visited_at,fee`, and the room where there is one.
fn visits(numbers: std::ops::RangeInclusive<usize>, month: &str, room: &str) -> String {
    let room = match room {
        "" => String::new(),
        room => format!(",{room}"),
    };
    let row = |number: usize| {
        let (member, day) = (number % 10 + 1, number % 28 + 1);
        format!("{number},{member},{month}-{day:02},{number}.50{room}\n")
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
        "  visits_2026-05.csv: 41 rows; its line 1 is row 85; without `room`, empty there",
        "  2 rows have the key of a later row and were left out (rows 41, 84)",
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
        count(
            &desk,
            "select count(*) from visits where room = 'Müller' and visited_at like '2026-04-%'"
        ),
        40
    );
    desk.expect(0, &["check"]);
    desk.expect(0, &["run", "--as-of", "2026-06-01"]);

    // A later month is read by the same rules.
    desk.write(
        "in/VISITS_2026-06.csv",
        "id,member_id,visited_at,fee\n".to_owned() + &visits(121..=130, "2026-06", ""),
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
        "id,member_id,visited_at,fee,room\n".to_owned() + &visits(121..=130, "2026-06", "East"),
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
    let said = "  files:\n    june.csv: { table: visits, key: id }\n";
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
        "    \"Sales *.csv\": { table: Sales, key: \"no\" }\n",
        "    \"2025.csv\": { table: in }\n",
        "    \"2026.csv\": { table: in }\n",
    ] {
        assert!(config.contains(line), "{line}\n{config}");
    }
    let tables = muster::connector::tables_in(&desk.path("in.db")).unwrap();
    assert_eq!(
        tables.join("; "),
        "Sales; calls; calls (1); east; in; members; visitas; visitas-junio; west"
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
            "b.csv: it would be rows of the same table as a.csv, and has other columns (`no`, `total`, `paid_at`; there `id`, `name`): give one \
             of them another name with `table:`; nothing was imported"
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
