//! Columns that cannot be read, or cannot be meant, are not built on; and those that can be are not doubted.

use super::harness::{Folder, Found};

const CLIENTS: &str = "CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT);
    INSERT INTO clients VALUES (1, 'Ann'), (2, 'Bob');\n";
const VISITS: &str =
    "subject: { name: client, table: clients, key: id, label: name }\nunreadable: 20%\n";

/// What is said of a column.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Said {
    /// Nothing.
    Read,
    /// A line of data.
    Told(&'static str),
    /// What reads it is stale, for a reason with these words.
    Stale(&'static str),
}
use Said::{Read, Stale, Told};

/// Twenty rows with a value as the time of a collection, in a column of a declared type.
fn visits(declared: &str, types: &str, value: &str, others: &str) -> Found {
    let types = match types {
        "" => String::new(),
        ty => format!(", types: {{ at: {ty} }}"),
    };
    let folder = Folder::new(
        &format!(
            "{CLIENTS}CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id INT, at {declared});
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)
             INSERT INTO visits SELECT i, 1, CASE WHEN i % 20 < 17 THEN {value} ELSE {others} END FROM n;"
        ),
        &format!(
            "{VISITS}collections:\n  visits: {{ table: visits, subject: client_id, at: at{types} }}\n"
        ),
        &[("n", "count(visits)")],
    );
    folder.evaluate()
}

fn said(found: &Found) -> (String, Vec<String>) {
    (found.metric("n"), found.problems())
}

fn holds(what: &str, found: &Found, expected: Said) {
    let (metric, problems) = said(found);
    let stale = metric.strip_prefix("stale: ");
    match expected {
        Read => assert!(
            stale.is_none() && problems.is_empty(),
            "{what}: {metric} {problems:?}"
        ),
        Told(kind) => assert!(
            stale.is_none() && problems.iter().any(|problem| problem.starts_with(kind)),
            "{what}: {metric} {problems:?}"
        ),
        Stale(words) => assert!(
            stale.is_some_and(|reason| reason.contains(words)),
            "{what}: {metric} {problems:?}"
        ),
    }
}

/// The cells of each line of a table, and what is said in its last one: `read`, or `told` or `stale` with words.
fn cases<const N: usize>(table: &'static str) -> impl Iterator<Item = ([&'static str; N], Said)> {
    let lines = table
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'));
    lines.filter(|line| !line.trim().is_empty()).map(|line| {
        let mut cells: Vec<_> = line.split('|').map(str::trim).collect();
        let said = match cells.pop().unwrap().split_once(": ") {
            None => Read,
            Some(("told", words)) => Told(words),
            Some(("stale", words)) => Stale(words),
            Some(_) => panic!("{line}"),
        };
        (cells.try_into().unwrap(), said)
    })
}

/// The declared type of the column, its type in config, a value.
const TIMES: &str = "
    # Text
    TEXT      | instant | '2025-06-10 18:30'             | read
    TEXT      | instant | '2025-06-10T18:30:00.25+02:00' | read
    TEXT      | instant | '1985-06-10 18:30'             | told: ImplausibleTime
    TEXT      | instant | '0001-01-01 00:00:00'          | told: ImplausibleTime
    DATETIME  |         | '9999-12-31'                   | told: ImplausibleTime
    TEXT      | instant | '10/06/2025 18:30'             | stale: could be both
    TEXT      | instant | '25/06/2025 18:30'             | stale: looks like day/month/year;
    TEXT      | instant | '06/25/2025 6:30 PM'           | stale: looks like month/day/year;
    DATETIME  |         | '10.06.2025'                   | stale: day.month.year
    DATE      |         | '2025/06/10'                   | stale: year/month/day
    DATETIME  |         | '2025-6-1'                     | stale: without the leading zeros
    DATETIME  |         | '2025-06-10 6:30 PM'           | stale: twelve-hour clock
    DATETIME  |         | '2025-06-10 18:30 EST'         | stale: name of a zone
    DATETIME  |         | '2025-02-30'                   | stale: in no calendar
    DATETIME  |         | '3/31/25 6:30 PM'              | stale: looks like month/day/year;
    DATETIME  |         | '10 Jun 2025 18:30'            | stale: name of its month
    DATETIME  |         | 'Tue, June 10, 2025'           | stale: name of its month
    TIMESTAMP |         | '18:30:00'                     | stale: without a day
    DATETIME  |         | '2025-06'                      | stale: a month without a day
    DATETIME  |         | '2025-W24-2'                   | stale: a week of a year
    TEXT      | instant | '/Date(1749580200000)/'        | stale: as .NET writes
    DATETIME  |         | 'soon'                         | stale: unreadable, such as `soon`
    DATETIME  |         | x'0102'                        | stale: 2 bytes
    # Numbers as text
    TEXT      | instant | '1749580200'                   | stale: `types: { at: unix }`
    TEXT      | instant | '1749580200000'                | stale: `types: { at: unix_ms }`
    TEXT      | instant | '20250610'                     | stale: yyyymmdd
    DATE      |         | '20250610'                     | stale: yyyymmdd
    TEXT      | unix    | '1749580200'                   | read
    TEXT      | unix    | '2025-06-10 18:30'             | stale: looks like ISO
    # Numbers
    DATETIME  |         | 1749580200                     | read
    DATETIME  |         | 1749580200000                  | read
              |         | 1749580200.5                   | read
    INTEGER   | unix    | 1749580200                     | read
    INTEGER   |         | 486000000                      | stale: implausible
    INTEGER   | unix    | 486000000                      | told: ImplausibleTime
    INTEGER   | unix_ms | 1749580200000                  | read
    INTEGER   | unix_ms | 1749580200                     | stale: `types: { at: unix }`
    INTEGER   | unix    | 1749580200000                  | stale: `types: { at: unix_ms }`
    DATETIME  |         | 2460837.25                     | stale: Julian days
    DATE      |         | 2460837.25                     | stale: Julian days
    DATETIME  |         | 45818.77                       | stale: as a spreadsheet counts
    DATE      |         | 45818                          | stale: as a spreadsheet counts
    DATETIME  |         | 60836                          | stale: modified Julian days
    DATETIME  |         | 20250610                       | stale: yyyymmdd
    DATETIME  |         | 250610                         | stale: yymmdd
    DATETIME  |         | 202506                         | stale: yyyymm
    DATETIME  |         | 202506101830                   | stale: yyyymmddhhmm
    DATETIME  |         | 20250610183000                 | stale: yyyymmddhhmmss
    DATETIME  |         | 2025161                        | stale: a year and the day of it
    DATETIME  |         | 2025                           | stale: years alone
    DATETIME  |         | 1830                           | stale: times of day
    DATETIME  |         | 20249                          | stale: days since 1970
    DATETIME  |         | 739777                         | stale: days since the year 0
    DATETIME  |         | 485994                         | stale: hours since 1970
    DATETIME  |         | 29159670                       | stale: minutes since 1970
    DATETIME  |         | 1749580200000000               | stale: microseconds since 1970
    DATETIME  |         | 1749580200000000000            | stale: nanoseconds since 1970
    DATETIME  |         | 638851770000000000             | stale: ticks as .NET
    DATETIME  |         | 133940538000000000             | stale: as Windows counts
    DATETIME  |         | 13394053800000000              | stale: as Chrome counts
    DATETIME  |         | 771273000                      | stale: as Apple counts
    DATETIME  |         | 500000000                      | stale: as Apple counts
    INTEGER   | unix    | 771273000                      | read
    DATETIME  |         | 771273000000000000             | stale: nanoseconds since 2001
    DATETIME  |         | 3958569000                     | stale: seconds since 1900
    DATETIME  |         | -86400000                      | stale: implausible
    # No time at all
    DATETIME  |         | NULL                           | told: MissingTime visits.at x17: visits row 1: nothing
    TEXT      | instant | ''                             | told: MissingTime visits.at x17
    TEXT      | instant | '  '                           | told: MissingTime visits.at x17
    DATETIME  |         | '0000-00-00'                   | told: MissingTime visits.at x17
    DATETIME  |         | '0000-00-00 00:00:00'          | told: MissingTime visits.at x17
    DATETIME  |         | 'NULL'                         | told: MissingTime visits.at x17
    DATE      |         | NULL                           | told: MissingTime visits.at x17
";

#[test]
fn times_in_all_forms() {
    for ([declared, types, value], expected) in cases(TIMES) {
        let what = format!("{declared} {types} {value}");
        // The others are missing, so that all there is has the one form.
        let found = match expected {
            Read => visits(declared, types, value, value),
            Told(kind) if kind.starts_with("Missing") => {
                visits(declared, types, value, "'2025-06-10'")
            }
            Told(_) => visits(declared, types, value, value),
            Stale(_) => visits(declared, types, value, "NULL"),
        };
        holds(&what, &found, expected);
        // Where hardly a fifth is so, it is told and no more.
        if let Stale(_) = expected {
            let good = match types {
                "unix" => "1749580200",
                "unix_ms" => "1749580200000",
                _ => "'2025-06-10'",
            };
            let few = visits(declared, types, good, value);
            let told = few.problems().iter().any(|p| {
                p.starts_with("UnreadableTime")
                    || p.starts_with("ImplausibleTime")
                    || p.starts_with("MixedTimes")
            });
            assert!(
                told && !few.metric("n").starts_with("stale"),
                "{what}: {:?}",
                said(&few)
            );
        }
    }
}

/// The line of config that a reason has: the type that it says to write.
fn line(reason: &str, column: &str) -> Option<String> {
    let (_, rest) = reason.split_once(&format!("write `types: {{ {column}: "))?;
    let (ty, _) = rest.split_once(" }`")?;
    Some(ty.to_owned())
}

/// Whatever a reason says to write is written, and then nothing is told.
#[test]
fn the_line_that_is_told_reads_the_values() {
    let mut followed = 0;
    for ([declared, types, value], expected) in cases(TIMES) {
        let Stale(_) = expected else {
            continue;
        };
        let what = format!("{declared} {types} {value}");
        let reason = visits(declared, types, value, "NULL").metric("n");
        let Some(ty) = line(&reason, "at") else {
            continue;
        };
        followed += 1;
        let found = visits(declared, &ty, value, value);
        holds(&format!("{what}: {ty}"), &found, Read);
        // Beside values that were read before, these are read as well.
        let good = match types {
            "unix" | "unix_ms" => continue,
            _ => "'2025-06-11'",
        };
        let reason = visits(declared, types, value, good).metric("n");
        let ty = line(&reason, "at").unwrap_or_else(|| panic!("{what}: {reason}"));
        let found = visits(declared, &ty, value, good);
        let is_read = |problem: &String| problem.starts_with("MixedTimes");
        assert!(
            found.problems().iter().all(is_read),
            "{what}: {ty} {:?}",
            said(&found)
        );
        assert!(
            !found.metric("n").starts_with("stale"),
            "{what}: {ty} {:?}",
            said(&found)
        );
    }
    assert!(followed > 20, "{followed}");
    for ([declared, most, some, condition], expected) in cases(COLUMNS) {
        let (Stale(_), "DECIMAL(9,2)" | "REAL") = (expected, declared) else {
            continue;
        };
        let reason = clients(declared, [most, some], condition).metric("n");
        if let Some(ty) = line(&reason, "x") {
            let found = clients_as(&ty, declared, [most, some], condition);
            holds(&format!("{most}: {ty}"), &found, Read);
            followed += 1;
        }
    }
    assert!(followed > 23, "{followed}");
}

/// Ten clients, nine of them with the first value in a column that a rule compares.
fn clients(declared: &str, values: [&str; 2], condition: &str) -> Found {
    clients_as("", declared, values, condition)
}

/// The same with the column's type in config.
fn clients_as(ty: &str, declared: &str, [most, some]: [&str; 2], condition: &str) -> Found {
    let types = match ty {
        "" => String::new(),
        ty => format!(", types: {{ x: {ty} }}"),
    };
    let folder = Folder::new(
        &format!(
            "CREATE TABLE clients (id INTEGER PRIMARY KEY, x {declared});
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10)
             INSERT INTO clients SELECT i, CASE WHEN i < 9 THEN {most} ELSE {some} END FROM n;"
        ),
        &format!("subject: {{ name: client, table: clients, key: id{types} }}\nunreadable: 20%\n"),
        &[("n", condition)],
    );
    folder.evaluate()
}

/// The declared type of the column, its value in most rows and in the others, what a rule asks.
const COLUMNS: &str = "
    DATE         | '1931-05-01'          | '2010-05-01'     | days_since(x) | read
    DATE         | '1970-01-01'          | '1970-06-01'     | days_since(x) | read
    DATE         | '9999-12-31'          | '2099-12-31'     | days_since(x) | read
    DATE         | NULL                  | ''               | days_since(x) | read
    DATETIME     | '9999-12-31 23:59:59' | '2025-01-01'     | days_since(x) | read
    DATETIME     | '1931-05-01'          | '2010-05-01'     | days_since(x) | read
    DATETIME     | 253402300799          | 1749580200       | days_since(x) | read
    DATETIME     | 253402300799000       | 1749580200000    | days_since(x) | read
    DATETIME     | 0                     | 1749580200       | days_since(x) | read
    DATETIME     | -1220000000           | 400000000        | days_since(x) | read
    DATETIME     | 45818.5               | 45819.5          | days_since(x) | stale: as a spreadsheet counts
    DATETIME     | 2460837.25            | 2460838.25       | days_since(x) | stale: Julian days
    DATETIME     | 20250610              | 20240229         | days_since(x) | stale: yyyymmdd
    DATETIME     | 1749580200000000      | 1749580200000000 | days_since(x) | stale: microseconds
    DATETIME     | '10/06/2025'          | '2025-06-10'     | days_since(x) | stale: 8 of 10 times
    DATE         | '2025-06-10'          | '10/06/2025'     | days_since(x) | told: Misfit clients.x x2
    DECIMAL(9,2) | '£1,080.00'           | '£5.00'          | x             | stale: currency
    DECIMAL(9,2) | '1.234,50'            | '2.000,00'       | x             | stale: commas
    DECIMAL(9,2) | '(12.00)'             | NULL             | x             | stale: every one of 8 amounts
    DECIMAL(9,2) | 12                    | '£5.00'          | x             | told: Misfit clients.x x2
    REAL         | '12%'                 | '13%'            | x             | stale: percent
    REAL         | 12.5                  | NULL             | x             | read
    INTEGER      | 'many'                | 1                | x             | stale: 8 of 10 numbers
    BOOLEAN      | 'Y'                   | 'N'              | if(x, 1, 0)   | stale: true and false
    TEXT         | x'ff'                 | 'a'              | length(x)     | stale: UTF-8
";

#[test]
fn columns_of_the_clients() {
    for ([declared, most, some, condition], expected) in cases(COLUMNS) {
        let found = clients(declared, [most, some], condition);
        holds(&format!("{declared} {most} {some}"), &found, expected);
    }
}

/// A collection whose rows belong to it by a condition.
fn filtered(filter: &str) -> Found {
    let folder = Folder::new(
        &format!(
            "{CLIENTS}CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id INT, kind TEXT, at DATETIME, paid REAL);
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
             INSERT INTO visits SELECT i, 1, 'old', CASE i % 2 WHEN 0 THEN 'soon' END, 'x' FROM n;
             INSERT INTO visits VALUES (6000, 1, 'new', '2025-06-10', 5), (6001, 1, 'new', '2025-06-11', 6);"
        ),
        &format!(
            "{VISITS}collections:\n  visits: {{ table: visits, subject: client_id, at: at, where: {filter} }}\n"
        ),
        &[("n", "count(visits)"), ("paid", "sum(visits.paid)")],
    );
    folder.evaluate()
}

#[test]
fn rows_that_do_not_belong_are_nobodys_business() {
    let found = filtered("kind = \"new\"");
    assert_eq!(said(&found), ("2 | 0".to_owned(), vec![]));
    assert_eq!(found.metric("paid"), "11 | 0");
    // Who belongs cannot be told by a column that cannot be read.
    let found = filtered("paid > 0");
    holds(
        "paid",
        &found,
        Stale("5,000 of 5,002 numbers in `visits.paid` are unreadable"),
    );
    let found = filtered("at > 2025-01-01");
    holds(
        "at",
        &found,
        Stale("2,500 of 2,502 times in `visits.at` are unreadable"),
    );
    let found = filtered("at is present");
    assert_eq!(said(&found), ("2 | 0".to_owned(), vec![]));
}

#[test]
fn collections_of_one_table_are_judged_apart() {
    let folder = Folder::new(
        &format!(
            "{CLIENTS}CREATE TABLE log (id INTEGER PRIMARY KEY, client_id INT, kind TEXT, came DATETIME, paid DATETIME);
             INSERT INTO log VALUES (1, 1, 'visit', '2025-06-10', NULL), (2, 1, 'visit', '2025-06-11', NULL),
               (3, 1, 'payment', NULL, '1.6.2025'), (4, 2, 'payment', NULL, NULL);"
        ),
        &format!(
            "{VISITS}collections:
  visits: {{ table: log, subject: client_id, at: came, where: kind = \"visit\" }}
  payments: {{ table: log, subject: client_id, at: paid, where: kind = \"payment\" }}\n"
        ),
        &[("n", "count(visits)"), ("paid", "count(payments)"), ("both", "n + paid")],
    );
    let found = folder.evaluate();
    assert_eq!(found.metric("n"), "2 | 0");
    assert!(
        found
            .metric("paid")
            .starts_with("stale: the only time in `log.paid`")
    );
    assert!(found.metric("both").starts_with("stale"));
    assert_eq!(
        found.problems(),
        [
            "UnreadableTime log.paid x1: log row 3: \"1.6.2025\"",
            "MissingTime log.paid x1: log row 4: nothing",
        ]
    );
}

#[test]
fn a_row_of_an_aggregate_alone_does_not_spoil_the_others() {
    let folder = Folder::new(
        &format!(
            "{CLIENTS}CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id INT, at DATETIME, paid REAL, class INT);
             CREATE TABLE classes (id INT, begins DATE, name TEXT);
             INSERT INTO classes VALUES (1, '1 June', 'Yoga'), (NULL, 'x', NULL), (2, '2 June', 'Spin');
             INSERT INTO visits VALUES (1, 1, '2025-06-10', 'much', 1), (2, 2, '2025-06-11', 'little', 2);"
        ),
        &format!(
            "{VISITS}collections:\n  visits: {{ table: visits, subject: client_id, at: at, lookups: {{ class: {{ table: classes, key: id, by: class }} }} }}\n"
        ),
        &[
            ("n", "count(visits)"),
            ("paid", "sum(visits.paid)"),
            ("dear", "count(visits where paid > 5)"),
            ("name", "last(visits).class.name"),
            ("begins", "last(visits).class.begins"),
        ],
    );
    let found = folder.evaluate();
    assert_eq!(found.metric("n"), "1 | 1");
    assert_eq!(found.metric("name"), "Yoga | Spin");
    for (metric, words) in [
        ("paid", "visits.paid"),
        ("dear", "visits.paid"),
        ("begins", "classes.begins"),
    ] {
        let reason = found.metric(metric);
        assert!(
            reason.starts_with("stale: every one of 2") && reason.contains(words),
            "{reason}"
        );
    }
    assert!(
        found.problems().contains(
            &"Misfit classes.begins x2: classes row 1: \"1 June\", classes row 3: \"2 June\""
                .to_owned()
        ),
        "{:?}",
        found.problems()
    );
}

#[test]
fn who_is_a_subject_cannot_be_told_by_times_that_cannot_be_read() {
    let folder = |times: &str| {
        let folder = Folder::new(
            &format!(
                "CREATE TABLE clients (id INTEGER PRIMARY KEY, since DATETIME);
                 INSERT INTO clients (id, since) VALUES {times};"
            ),
            "subject: { name: client, table: clients, key: id, at: since }\nunreadable: 20%\n",
            &[("n", "1")],
        );
        let project = folder.project();
        folder.evaluate_as(project)
    };
    let refused = folder("(1, '1.6.2025'), (2, '2.6.2025')")
        .unwrap_err()
        .to_string();
    assert!(
        refused.contains(
            "`clients` cannot be used: every one of 2 times in `clients.since` is unreadable"
        ),
        "{refused}"
    );
    assert!(
        folder("(1, 45818), (2, 45819)")
            .unwrap_err()
            .to_string()
            .contains("spreadsheet")
    );
    let found =
        folder("(1, '2025-06-01'), (2, NULL), (3, ''), (4, '1985-06-01'), (5, '2099-01-01')")
            .unwrap();
    assert_eq!(found.metric("n"), "1 | 1");
    assert_eq!(
        found.problems(),
        [
            "MissingTime clients.since x2: clients row 2: nothing",
            "ImplausibleTime clients.since x1: clients row 4: \"1985-06-01\"",
        ]
    );
}

#[test]
fn the_bound_is_that_of_config() {
    for (bound, stale) in [
        ("20%", true),
        ("49%", true),
        ("50%", false),
        ("100%", false),
    ] {
        let folder = Folder::new(
            &format!(
                "{CLIENTS}CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id INT, at DATETIME);
                 INSERT INTO visits VALUES (1, 1, 'soon'), (2, 1, '2025-06-10'), (3, 1, NULL);"
            ),
            &format!(
                "subject: {{ name: client, table: clients, key: id }}\nunreadable: {bound}\ncollections:\n  visits: {{ table: visits, subject: client_id, at: at }}\n"
            ),
            &[("n", "count(visits)")],
        );
        let metric = folder.evaluate().metric("n");
        assert_eq!(metric.starts_with("stale"), stale, "{bound}: {metric}");
    }
}

/// 29% of 100 are less than 29 to a computer that multiplies them as binary numbers.
#[test]
fn what_is_exactly_at_the_bound_is_within_it() {
    for (bound, wrong, stale) in [
        ("29%", 29, false),
        ("29%", 30, true),
        ("0.57", 57, false),
        ("57%", 58, true),
        ("12.5%", 12, false),
        ("12.5%", 13, true),
    ] {
        for column in ["at", "client_id"] {
            let folder = Folder::new(
                &format!(
                    "{CLIENTS}CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id, at DATETIME);
                     WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
                     INSERT INTO visits SELECT i, 1, '2025-06-10' FROM n;
                     UPDATE visits SET {column} = 'soon' WHERE id <= {wrong};"
                ),
                &format!(
                    "subject: {{ name: client, table: clients, key: id }}\nunreadable: {bound}\ncollections:\n  visits: {{ table: visits, subject: client_id, at: at }}\n"
                ),
                &[("n", "count(visits)")],
            );
            let metric = folder.evaluate().metric("n");
            assert_eq!(
                metric.starts_with("stale"),
                stale,
                "{column} {bound}: {metric}"
            );
        }
    }
}

#[test]
fn texts_without_an_offset_can_be_in_utc() {
    let folder = |ty: &str| {
        let folder = Folder::in_zone(
            "America/New_York",
            &format!(
                "{CLIENTS}CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id INT, at DATETIME);
                 INSERT INTO visits VALUES (1, 1, '2025-06-10 12:00'), (2, 2, '2025-06-10 12:00-07:00'), (3, 2, 1749556800);"
            ),
            &format!(
                "{VISITS}collections:\n  visits: {{ table: visits, subject: client_id, at: at, types: {{ at: {ty} }} }}\n"
            ),
            &[("n", "count(visits)"), ("first", "first(visits).at"), ("last", "last(visits).at")],
        );
        let found = folder.evaluate();
        format!("{} / {}", found.metric("first"), found.metric("last"))
    };
    assert_eq!(
        folder("instant"),
        "2025-06-10T16:00:00Z | 2025-06-10T12:00:00Z / 2025-06-10T16:00:00Z | 2025-06-10T19:00:00Z"
    );
    assert_eq!(
        folder("utc"),
        "2025-06-10T12:00:00Z | 2025-06-10T12:00:00Z / 2025-06-10T12:00:00Z | 2025-06-10T19:00:00Z"
    );
}

/// Never, in seconds, beside times in seconds: what never ends has not ended.
#[test]
fn the_last_day_of_9999_in_seconds_is_not_1978() {
    for never in ["253402214400", "253402300799", "253402128000"] {
        let found = clients("DATETIME", [never, "1749580200"], "year(x) >= 9999");
        let answers = found.metric("n");
        assert_eq!(answers.matches("yes").count(), 8, "{never}: {answers}");
        assert!(found.evaluation.problems.is_empty(), "{never}");
    }
}

/// The first of them could all be either day; what decides comes late.
#[test]
fn what_unreadable_values_look_like_is_told_by_many_of_them() {
    let day = "CASE WHEN n.i < 400 THEN '01/02/2025' ELSE '25/06/2025' END";
    let folder = Folder::new(
        &format!(
            "{CLIENTS}CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id INT, at TEXT);
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
             INSERT INTO visits SELECT i, 1, {day} FROM n;"
        ),
        &format!(
            "{VISITS}collections:\n  visits: {{ table: visits, subject: client_id, at: at, types: {{ at: instant }} }}\n"
        ),
        &[("n", "count(visits)")],
    );
    let told = folder.evaluate().metric("n");
    assert!(told.contains("looks like day/month/year;"), "{told}");
    assert!(!told.contains("could be both"), "{told}");
}
