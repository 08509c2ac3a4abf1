//! Lists for programs are whole and in one form; lists for people say where they end early.

use serde_json::Value;

use super::desk::Desk;

/// Sixty clients in one segment, in the manner of a business of one's own.
fn sixty() -> Desk {
    let desk = Desk::empty();
    desk.write(
        "config.yaml",
        "database: sqlite:d.db\ntimezone: UTC\nsubject: { name: client, table: clients, key: id, label: name }\n\
         collections: { visits: { table: visits, subject: client_id, at: at } }\n\
         health:\n  factors:\n    - { id: seen, value: id, zero: 100, full: 0, reason: \"number {value}\" }\n",
    );
    desk.write(
        "rules/r.yaml",
        "segments:\n  - { id: everyone, name: Everyone, when: yes }\n  - { id: one, name: One, when: id = 1 }\n  \
         - { id: nobody, name: Nobody, when: id > 1000 }\n",
    );
    desk.sql_in(
        "d.db",
        "create table clients (id integer primary key, name text);
             create table visits (id integer primary key, client_id integer, at text);
             with recursive n(i) as (select 1 union all select i + 1 from n where i < 60)
             insert into clients select i, 'Client ' || i from n;",
    );
    desk
}

fn run(desk: &Desk, days: std::ops::Range<u32>) {
    for day in days {
        let as_of = format!("2026-{:02}-{:02}", 1 + day / 28, 1 + day % 28);
        desk.expect(0, &["run", "--as-of", &as_of]);
    }
}

/// How many rows a command gives in a format for programs, which must be well-formed.
fn count(desk: &Desk, arguments: &[&str], format: &str) -> usize {
    let said = desk.muster(&[arguments, &["--format", format]].concat());
    assert!(said.code < 2, "{arguments:?}: {}", said.err);
    match format {
        "json" => match serde_json::from_str(&said.out).unwrap() {
            Value::Array(rows) => rows.len(),
            Value::Object(all) => all["runs"].as_array().map_or(0, Vec::len),
            other => panic!("{other}"),
        },
        "jsonl" => {
            let objects = said
                .out
                .lines()
                .map(|line| serde_json::from_str(line).unwrap());
            objects
                .inspect(|object: &Value| assert!(object.is_object()))
                .count()
        }
        _ => csv::Reader::from_reader(said.out.as_bytes())
            .records()
            .count(),
    }
}

#[test]
fn lists_for_programs_are_whole_and_those_for_people_say_what_is_left_out() {
    let desk = sixty();
    run(&desk, 0..13);
    let lists: [(&[&str], usize, usize); 5] = [
        (&["clients"], 60, 25),
        (&["clients", "--segment", "one"], 1, 1),
        (&["health"], 60, 25),
        (&["health", "--segment", "everyone"], 60, 25),
        (&["status"], 13, 10),
    ];
    for (list, all, shown) in lists {
        for format in ["csv", "json", "jsonl"] {
            assert_eq!(count(&desk, list, format), all, "{list:?} {format}");
            let few = [list, &["--limit", "1"]].concat();
            assert_eq!(count(&desk, &few, format), 1, "{few:?} {format}");
            let none = [list, &["--limit", "0"]].concat();
            assert_eq!(count(&desk, &none, format), 0, "{none:?} {format}");
        }
        let said = desk.muster(list);
        let part = format!("showing 1–{shown} of {all} ");
        assert_eq!(
            said.err.contains(&part),
            all > shown,
            "{list:?}: {}",
            said.err
        );
        let said = desk.muster(&[list, &["--limit", "1"]].concat());
        assert_eq!(
            said.err.contains("showing 1–1 of "),
            all > 1,
            "{list:?}: {}",
            said.err
        );
        let said = desk.muster(&[list, &["--all"]].concat());
        assert!(!said.err.contains("showing"), "{}", said.err);
        assert!(said.out.lines().count() > all, "{}", said.out);
    }
}

#[test]
fn a_limit_hides_no_failure() {
    let desk = sixty();
    desk.expect(0, &["run"]);
    desk.sql_in("d.db", "delete from clients");
    desk.expect(1, &["run"]);
    let all = desk.muster(&["status"]);
    let none = desk.muster(&["status", "--limit", "0"]);
    assert_eq!(all.code, none.code, "{}\n{}", all.out, none.out);
}

#[test]
fn an_export_is_one_json_value_or_one_object_a_line() {
    let desk = sixty();
    run(&desk, 0..1);
    for (what, members) in [
        (["export", "everyone"], 60),
        (["export", "one"], 1),
        (["export", "nobody"], 0),
        (["export", "--all"], 60),
    ] {
        for format in ["json", "jsonl", "csv"] {
            assert_eq!(count(&desk, &what, format), members, "{what:?} {format}");
            desk.expect(
                0,
                &[&what[..], &["--format", format, "--out", "file"]].concat(),
            );
            let out = desk
                .expect(0, &[&what[..], &["--format", format]].concat())
                .out;
            assert_eq!(desk.read("file").trim_start_matches('\u{feff}'), out);
            // The name of the file tells its form, where nothing else does.
            let name = format!("file.{format}");
            desk.expect(0, &[&what[..], &["--out", &name]].concat());
            assert_eq!(desk.read(&name), desk.read("file"));
        }
    }
    let none = desk
        .expect(0, &["export", "nobody", "--format", "json"])
        .out;
    assert_eq!(none, "[]\n");
}

#[test]
fn every_command_gives_one_json_value_or_one_object_a_line() {
    let desk = sixty();
    for ladder in ["up", "down"] {
        desk.write(
            &format!("rules/{ladder}.yaml"),
            format!(
                "ladder: {ladder}\nsegments:\n  - {{ id: {ladder}_low, name: Low, when: id < 30 }}\n  \
                 - {{ id: {ladder}_high, name: High, when: id >= 30 }}\n"
            ),
        );
    }
    run(&desk, 0..2);
    let commands: [&[&str]; 13] = [
        &["check"],
        &["check", "--catalog"],
        &["run", "--dry-run"],
        &["clients"],
        &["segments"],
        &["segments", "--legend"],
        &["segments", "--moves"],
        &["segments", "--history", "everyone"],
        &["explain", "7"],
        &["health"],
        &["schedule"],
        &["status"],
        &["outbox"],
    ];
    for command in commands {
        let said = desk.muster(&[command, &["--format", "json"]].concat());
        assert!(said.code < 2, "{command:?}: {}", said.err);
        serde_json::from_str::<Value>(&said.out)
            .unwrap_or_else(|e| panic!("{command:?}: {e}: {}", said.out));
        let said = desk.muster(&[command, &["--format", "jsonl"]].concat());
        assert!(said.code < 2, "{command:?}: {}", said.err);
        for line in said.out.lines() {
            assert!(
                serde_json::from_str::<Value>(line).unwrap().is_object(),
                "{command:?}: {line}"
            );
        }
    }
    desk.edit("rules/r.yaml", "id = 1", "idd = 1 and ix = 2");
    assert_eq!(
        desk.muster(&["check", "--format", "jsonl"])
            .out
            .lines()
            .count(),
        2
    );
    assert_eq!(
        count_of_csv(&desk.muster(&["check", "--format", "csv"]).out),
        2
    );
    // What is no table is not printed for people in its place.
    let said = desk.expect(2, &["explain", "7", "--format", "csv"]);
    assert_eq!(said.out, "");
}

fn count_of_csv(text: &str) -> usize {
    csv::Reader::from_reader(text.as_bytes()).records().count()
}

#[test]
fn the_history_of_a_segment_goes_back_to_the_first_run_that_is_kept() {
    let desk = sixty();
    for day in 0..65 {
        run(&desk, day..day + 1);
        desk.sql_in("d.db", "insert into clients (name) values ('New')");
    }
    let history = ["segments", "--history", "everyone"];
    for format in ["csv", "json", "jsonl"] {
        assert_eq!(count(&desk, &history, format), 65);
    }
    let said = desk.expect(0, &history);
    let size = said
        .out
        .lines()
        .find(|line| line.trim_start().starts_with("Size"))
        .unwrap();
    let numbers: Vec<&str> = size.split_whitespace().rev().take(2).collect();
    assert_eq!(numbers, ["124", "60"], "{size}");
    assert!(
        said.err
            .contains("run 6 of 01/06/2026 00:00 UTC to run 65 of 03/09/2026 00:00 UTC, and")
            && said.err.contains("run 1 of 01/01/2026"),
        "{}",
        said.err
    );
}
