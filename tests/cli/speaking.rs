//! What reaches a terminal: nothing that it obeys, and no secret.

use super::desk::Desk;
use crate::support::database::open;
use crate::support::program::Said;

/// Red, a title, a bell, an eight-bit control, and what turns the direction of writing.
const FOREIGN: &str =
    "\u{1b}[31mX\u{1b}]0;t\u{7}\u{9b}1mY\u{202e}Z\u{2066}Q\u{200f}R\u{7f}\u{2028}W\u{61c}\u{8}";

fn is_unprintable(c: char) -> bool {
    let ours = matches!(c, '\n' | '\t');
    c.is_control() && !ours
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn all(said: &Said) -> String {
    format!("{}{}", said.out, said.err)
}

/// A studio whose data, config and rules are full of it.
fn hostile() -> Desk {
    let desk = Desk::empty();
    let data = open(&desk.path("d.db"));
    let events = format!("ev{FOREIGN}").replace(['\u{8}', '\u{2028}'], "");
    data.execute_batch(&format!(
        "create table clients (id text primary key, name text, kind text);
         create table \"{events}\" (id integer primary key, who text, at text);"
    ))
    .unwrap();
    for place in 0..3 {
        let [key, name, kind] = ["k", "n", "kind"].map(|word| format!("{word}{place}{FOREIGN}"));
        let insert = "insert into clients values (?, ?, ?)";
        data.execute(insert, [&key, &name, &kind]).unwrap();
        let insert = format!("insert into \"{events}\" (who, at) values (?, ?)");
        data.execute(
            &insert,
            [&format!("nobody{FOREIGN}"), &format!("2026{FOREIGN}")],
        )
        .unwrap();
    }
    let yaml = |text: &str| {
        let escape = |c: char| match is_unprintable(c) {
            true => format!("\\u{:04x}", u32::from(c)),
            false => c.to_string(),
        };
        format!("\"{}\"", text.chars().map(escape).collect::<String>())
    };
    desk.write(
        "config.yaml",
        format!(
            "database: sqlite:d.db\ntimezone: Europe/Berlin\n\
             subject: {{ name: client, table: clients, key: id, label: name }}\n\
             collections:\n  visits: {{ table: {}, subject: who, at: at, key: id }}\n\
             fields: {{ kind: {{ one: kind }} }}\n\
             reports:\n  - {{ id: weekly, to: [a@example.com], segments: all }}\n\
             mail: {{ from: a@example.com, file: outbox }}\n\
             schedules:\n  - {{ id: nightly, cron: \"0 3 * * *\", reports: [weekly] }}\n",
            yaml(&events),
        ),
    );
    desk.write(
        "rules/\u{1b}[31mr.yaml",
        format!(
            "metrics: {{ v: count(visits) }}\nbuckets: [{0}]\nsegments:\n  - {{ id: a, name: {0}, when: kind = \"zz\" }}\n  \
             - {{ id: b, name: {0}, bucket: {0}, filter: {{ kind: {0} }} }}\n  \
             - {{ id: c, when: v > 0 or name is present }}\n",
            yaml(FOREIGN)
        ),
    );
    desk
}

#[test]
fn no_command_passes_on_what_a_terminal_obeys() {
    let desk = hostile();
    let key = format!("k1{FOREIGN}");
    let other = format!("--{FOREIGN}");
    let kind = format!("kind1{FOREIGN}");
    let commands: &[&[&str]] = &[
        &["check"],
        &["check", "--format", "json"],
        &["check", "--catalog"],
        &["check", "--explain", FOREIGN],
        &["check", "--config", FOREIGN],
        &["run"],
        &["run", "--format", "json"],
        &["run", "--as-of", FOREIGN],
        &["run", "--due"],
        &["run", "--due", "--log-format", "json"],
        &["clients"],
        &["clients", "--format", "json"],
        &["clients", "--format", "jsonl"],
        &["clients", "--limit", FOREIGN],
        &["segments"],
        &["segments", "--history", FOREIGN],
        &["explain", &key],
        &["explain", FOREIGN],
        &["explain", &key, FOREIGN],
        &["export", "c", "--format", "json"],
        &["export", "c", "--columns", FOREIGN],
        &["export", FOREIGN],
        &["health"],
        &["status"],
        &["status", "--format", "json"],
        &["schedule"],
        &["report", "weekly", "--dry-run"],
        &["report", "weekly"],
        &["report", FOREIGN],
        &["outbox"],
        &["outbox", "--cancel", FOREIGN],
        &["new", "segment", "x", "--kind", &kind, "--print"],
        &["new", "segment", FOREIGN, "--print"],
        &["new", "segment", "x", &other, "y"],
        &["forget", FOREIGN],
        &["forget", &key],
        &["init", FOREIGN],
        &[&other],
        &[FOREIGN],
    ];
    for command in commands {
        let said = desk.muster(command);
        let told = all(&said);
        let found = told.find(is_unprintable).map(|at| {
            let from = told.floor_char_boundary(at.saturating_sub(60));
            told[from..].chars().take(80).collect::<String>()
        });
        assert_eq!(found, None, "muster {command:?}");
        // Nothing need be due.
        let speaks = !told.is_empty() || command.contains(&"--due");
        assert!(speaks, "muster {command:?} says nothing");
    }
}

#[test]
fn json_keeps_every_character_and_csv_for_a_program_as_well() {
    let desk = hostile();
    desk.expect(1, &["run"]);
    let json = desk.expect(1, &["clients", "--format", "json"]).out;
    let clients: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(clients[0]["label"], format!("n0{FOREIGN}"));
    let csv = desk.expect(1, &["clients", "--format", "csv"]).out;
    assert!(csv.contains(&format!("n0{FOREIGN}")), "{csv:?}");
}

#[test]
fn the_underline_stands_where_it_belongs_behind_what_is_not_shown() {
    let desk = hostile();
    desk.write(
        "rules/z.yaml",
        "segments:\n  - { id: z, name: \"é\u{202e}\u{200f}x\u{301}\", when: knid = 1 }\n",
    );
    let told = desk.expect(2, &["check"]).err;
    let lines: Vec<&str> = told.lines().collect();
    let at = lines
        .iter()
        .position(|line| line.contains("knid = 1"))
        .unwrap();
    let column = |line: &str, text: &str| line.find(text).map(|at| line[..at].chars().count());
    // The accent has no width of its own.
    let shown = column(lines[at], "knid").unwrap() - 1;
    assert_eq!(column(lines[at + 1], "^^^^"), Some(shown), "{told}");
}

#[test]
fn emoji_and_scripts_that_join_their_letters_stay_what_they_are() {
    let desk = hostile();
    let names = [
        "👩\u{200d}👩\u{200d}👧 Family",
        "می\u{200c}خواهم",
        "♥\u{fe0e} Champion",
    ];
    for name in names {
        desk.write(
            "rules/z.yaml",
            format!("segments:\n  - {{ id: z, name: {name}, when: v > 9 }}\n"),
        );
        let said = desk.expect(1, &["run", "--dry-run"]);
        assert!(said.out.contains(name), "{}", said.out);
    }
    desk.write(
        "rules/z.yaml",
        "segments:\n  - { id: z, name: \"pay\u{200b}pal\", when: v > 9 }\n",
    );
    let said = desk.expect(1, &["run", "--dry-run"]);
    assert!(said.out.contains("pay\u{fffd}pal"), "{}", said.out);
}
