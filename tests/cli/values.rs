//! Values and names with commas, quotes, blanks and line ends: on the command line and in what it writes.

use super::desk::Desk;
use crate::support::database::open;
use crate::support::program::Said;

/// What people have in their tables.
const CITIES: [&str; 34] = [
    "Berlin, Mitte",
    "Hamburg",
    " Köln ",
    "a\"b",
    "\"quoted\"",
    "it's",
    "two\nlines",
    "three\r\nlines",
    "x, \"y\", z",
    "`tick`",
    "yes",
    "null",
    "1",
    "#c",
    ": x",
    "- d",
    "a: b",
    "{j}",
    "[k]",
    "&a",
    "*b",
    "!t",
    "%p",
    "@x",
    "|",
    ">",
    "ls\u{2028}x",
    "nel\u{85}x",
    "tab\tx",
    "ctrl\u{1}x",
    "back\\slash",
    "a,b",
    "a",
    "b",
];

/// A client for each city, whose number is the city's place.
fn desk() -> Desk {
    let desk = Desk::empty();
    desk.write(
        "config.yaml",
        "database: sqlite:d.db\ntimezone: UTC\nsubject: { name: client, table: clients, key: id, label: name }\n\
         fields: { city: { one: city } }\n",
    );
    desk.write(
        "rules/r.yaml",
        "segments:\n  - { id: everyone, name: Everyone, when: yes }\n",
    );
    let database = open(&desk.path("d.db"));
    database.execute_batch("create table clients (id integer primary key, name text, city text, \"Last, First\" text, \"odd name\" text)").unwrap();
    for (place, city) in CITIES.iter().enumerate() {
        database
            .execute(
                "insert into clients values (?1, 'C' || ?1, ?2, 'LF', 'odd')",
                (place as i64, city),
            )
            .unwrap();
    }
    desk
}

/// The members of a segment as `new segment` shows them.
fn members(desk: &Desk, arguments: &[&str]) -> Vec<String> {
    let said = desk.expect(
        0,
        &[&["new", "segment", "T", "--print"], arguments].concat(),
    );
    let members = said.err.lines().filter_map(|line| line.strip_prefix("  "));
    members.map(str::to_owned).collect()
}

#[test]
fn whatever_the_data_holds_can_be_named() {
    let desk = desk();
    for (place, city) in CITIES.iter().enumerate() {
        let member = format!("C{place}");
        let quoted = format!("\"{}\"", city.replace('"', "\"\""));
        assert_eq!(
            members(&desk, &["--city", city]),
            [member.as_str()],
            "{city:?}"
        );
        assert_eq!(
            members(&desk, &["--city", &quoted]),
            [member.as_str()],
            "{quoted:?}"
        );
        if *city != "Hamburg" {
            let list = format!("{quoted} , Hamburg");
            let mut both = [member.as_str(), "C1"];
            both.sort_unstable_by_key(|name| name[1..].parse::<usize>().unwrap());
            assert_eq!(members(&desk, &["--city", &list]), both, "{list:?}");
            let mut twice = members(&desk, &["--city", city, "--city=Hamburg"]);
            twice.sort_unstable_by_key(|name| name[1..].parse::<usize>().unwrap());
            assert_eq!(twice, both, "{city:?}");
        }
    }
    // What somebody has as it is, is one value; a list is one where nobody has it so.
    assert_eq!(members(&desk, &["--city", "a,b"]), ["C31"]);
    assert_eq!(members(&desk, &["--city", "a, b"]), ["C32", "C33"]);
}

#[test]
fn what_new_segment_writes_means_what_was_asked_for() {
    let desk = desk();
    for (place, city) in CITIES.iter().enumerate() {
        let name = format!("N{place}: \"{city}\", # 'x'");
        desk.expect(
            0,
            &[
                "new",
                "segment",
                &name,
                "--city",
                city,
                "--when",
                " id >= 0\n and id < 99 ",
            ],
        );
    }
    desk.expect(0, &["check"]);
    desk.expect(0, &["run", "--as-of", "2026-03-15"]);
    let page = desk.json(&["segments"]);
    for (place, city) in CITIES.iter().enumerate() {
        let mut rows = page.as_array().unwrap().iter();
        let name = format!("N{place}: \"{city}\", # 'x'");
        let row = rows.find(|row| row["segment"] == name.as_str()).unwrap();
        assert_eq!(row["size"], 1, "{city:?}");
        let members = desk.json(&["export", row["id"].as_str().unwrap()]);
        assert_eq!(members[0]["id"], place as i64, "{city:?}");
    }
}

#[test]
fn a_value_that_nobody_has_is_told_with_how_to_quote() {
    let desk = desk();
    let said = desk.expect(
        2,
        &[
            "new",
            "segment",
            "T",
            "--print",
            "--city",
            "Berlin, Mitte,Hamburg",
        ],
    );
    assert!(
        said.err.contains("nobody has 2 of these 3 values")
            && said.err.contains("`Berlin`, `Mitte`")
            && said.err.contains("double quotes"),
        "{}",
        said.err
    );
    let said = desk.expect(2, &["new", "segment", "T", "--print", "--city", "Bremen"]);
    assert!(!said.err.contains("double quotes"), "{}", said.err);
}

#[test]
fn columns_with_commas_are_named_in_quotes_or_backticks() {
    let desk = desk();
    desk.expect(0, &["run", "--as-of", "2026-03-15"]);
    let head = |columns: &[&str]| {
        let asked = columns.iter().flat_map(|list| ["--columns", *list]);
        let asked: Vec<&str> = ["export", "everyone"].into_iter().chain(asked).collect();
        let out = desk.expect(0, &asked).out;
        let mut reader = csv::Reader::from_reader(out.as_bytes());
        let head: Vec<String> = reader
            .headers()
            .unwrap()
            .iter()
            .map(str::to_owned)
            .collect();
        (head, reader.records().count())
    };
    let all = CITIES.len();
    assert_eq!(
        head(&["id,\"Last, First\""]),
        (vec!["id".into(), "Last, First".into()], all)
    );
    assert_eq!(
        head(&["`Last, First` , odd name"]),
        (vec!["Last, First".into(), "odd name".into()], all)
    );
    assert_eq!(
        head(&["id", "\"odd name\""]),
        (vec!["id".into(), "odd name".into()], all)
    );
    assert_eq!(
        head(&["id,if(id > 3, 1, 2)"]),
        (vec!["id".into(), "if(id > 3, 1, 2)".into()], all)
    );
    assert_eq!(
        head(&["\"if(name = \"\"a, b\"\", 1, 2)\""]).0,
        ["if(name = \"a, b\", 1, 2)"]
    );
    let said = desk.expect(2, &["export", "everyone", "--columns", "id,Last, First"]);
    assert!(said.err.contains("double quotes"), "{}", said.err);
    desk.expect(2, &["export", "everyone", "--columns", " , "]);
    // The same names in config, with headings that have everything.
    desk.edit(
        "config.yaml",
        "fields:",
        "export:\n  bom: no\n  columns: [id, \"Last, First\", odd name]\n  \
         labels: { id: \"No, \\\"x\\\"\", \"Last, First\": \" two\\nlines \" }\nfields:",
    );
    desk.expect(0, &["check"]);
    let out = desk.expect(0, &["export", "everyone"]).out;
    let mut reader = csv::Reader::from_reader(out.as_bytes());
    let head: Vec<&str> = reader.headers().unwrap().iter().collect();
    assert_eq!(head, ["No, \"x\"", " two\nlines ", "odd name"]);
}

#[test]
fn check_refuses_what_an_export_refuses() {
    let desk = desk();
    desk.write("plain.yaml", desk.read("config.yaml"));
    desk.expect(0, &["run", "--as-of", "2026-03-15"]);
    for (columns, code) in [
        ("[id, name, score, rank, segments, entered_at]", 0),
        ("[id, \"Last, First\"]", 0),
        ("[id, \"upper(city)\"]", 2),
        ("[id, nonsense]", 2),
        ("[id, id]", 2),
        ("[]", 2),
        ("[\"\"]", 2),
        ("[health]", 2),
        ("[reasons]", 2),
        ("[client]", 2),
        ("[city.name]", 2),
        ("[everyone]", 2),
        ("[\"id +\"]", 2),
        ("[\"id; name\"]", 2),
        ("[\"id > \\\"x\\\"\"]", 2),
        ("[\"avg(id)\", \"in segment everyone\"]", 0),
    ] {
        let config = desk.read("plain.yaml");
        desk.write(
            "config.yaml",
            format!("{config}export: {{ columns: {columns} }}\n"),
        );
        let told = |said: Said| {
            let findings = said.err.lines().filter(|line| line.contains("error["));
            findings.map(str::to_owned).collect::<Vec<_>>()
        };
        let checked = told(desk.expect(code, &["check"]));
        assert_eq!(
            checked,
            told(desk.expect(code, &["export", "everyone"])),
            "{columns}"
        );
        assert_eq!(
            checked,
            told(desk.expect(code, &["run", "--dry-run"])),
            "{columns}"
        );
        assert_eq!(checked.is_empty(), code == 0, "{columns}");
        // The same of the columns of a report.
        desk.write(
            "config.yaml",
            format!("{config}mail: {{ from: a@example.com, file: outbox }}\nreports: [{{ id: m, to: [b@example.com], columns: {columns} }}]\n"),
        );
        desk.expect(code, &["check"]);
    }
}
