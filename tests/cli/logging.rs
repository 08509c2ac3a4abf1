//! Which run changed which definition: what runs were made by is stored with them.

use super::desk::Desk;
use crate::support::database::query;

const RULES: &str = "segments:
  # for the desk of Ms Secret
  - { id: keen, when: visits > 5 }
  - { id: shy, when: visits < 2 }
  - { id: vip, when: in list vip }
";

/// Ten clients with as many visits as their key says.
fn desk() -> Desk {
    let desk = Desk::empty();
    desk.sql_in(
        "d.db",
        "create table clients (id integer primary key, name text, visits integer);
         with recursive n(i) as (select 1 union all select i + 1 from n where i < 10)
         insert into clients select i, 'Client ' || i, i from n;",
    );
    desk.write(
        "config.yaml",
        "# the password is sesame\ndatabase: sqlite:d.db\ntimezone: UTC\nguard: off\n\
         owner: boss@example.com\n\
         subject: { name: client, table: clients, key: id, label: name }\n\
         lists:\n  vip: { file: vip.csv }\n",
    );
    desk.write("rules/r.yaml", RULES);
    desk.write("vip.csv", "3\n4\n");
    desk.expect(0, &["run"]);
    desk
}

fn run_with(desk: &Desk, from: &str, to: &str) -> String {
    desk.edit("rules/r.yaml", from, to);
    desk.expect(0, &["run"]).err
}

#[test]
fn a_run_says_what_an_edit_moved() {
    let desk = desk();
    let said = run_with(&desk, "visits > 5", "visits > 7");
    assert!(
        said.contains("1 edit since run 1: keen.when (2 out)"),
        "{said}"
    );
    // A rename is no edit.
    let said = run_with(&desk, "id: shy,", "id: shy, name: Shy,");
    assert!(!said.contains("since run"), "{said}");
    let said = run_with(&desk, "visits > 7", "visits > 3");
    assert!(said.contains("since run 3: keen.when (4 in)"), "{said}");
    let dry = desk.read("rules/r.yaml");
    desk.replace(
        "rules/r.yaml",
        &dry.replace("visits < 2", "visits < 3 or visits = 10"),
    );
    let said = desk.expect(0, &["run", "--dry-run"]).err;
    assert!(said.contains("since run 4: shy.when (2 in)"), "{said}");
}

#[test]
fn a_run_tells_of_each_mover_which_edit_alone_moves_it() {
    let desk = desk();
    let vip = "  - { id: vip, when: in list vip }\n";
    let regular = "  - { id: regular, when: in segment keen and visits > 6 }\n";
    run_with(&desk, vip, &format!("{vip}{regular}"));
    desk.edit("rules/r.yaml", "visits > 5", "visits > 7");
    let said = run_with(&desk, "visits > 6", "visits > 8");
    // 6 and 7 leave `keen`, 7 leaves `regular` with it, and 8 by the second edit.
    assert!(
        said.contains("2 edits since run 2: keen.when (3 out), regular.when (1 out)\n"),
        "{said}"
    );
    desk.edit("rules/r.yaml", "visits > 7", "visits > 3");
    let said = run_with(&desk, "visits > 8", "visits > 4 and visits != 8");
    assert!(
        said.contains(
            "since run 3: keen.when (4 in), regular.when (nobody by itself); 3 in by several edits together\n"
        ),
        "{said}"
    );
    // Whom the data has moved out goes with the segment, too.
    desk.sql_in("d.db", "update clients set visits = 5 where id = 1");
    desk.edit("rules/r.yaml", "visits > 3", "visits > 2");
    let said = run_with(&desk, "  - { id: shy, when: visits < 2 }\n", "");
    assert!(
        said.contains("since run 4: keen.when (1 in), segment shy (1 out)\n")
            || said.contains("since run 4: segment shy (1 out), keen.when (1 in)\n"),
        "{said}"
    );
}

/// However many edits there are: of none it is said that it moves nobody unless it was asked alone.
#[test]
fn what_was_not_counted_is_not_said_to_move_nobody() {
    let desk = desk();
    let segments = |name: &str, bounds: std::ops::Range<usize>| -> String {
        let lines = bounds.map(|i| format!("  - {{ id: {name}_{i}, when: visits > {} }}\n", i % 9));
        lines.collect()
    };
    // As many as are asked one by one.
    let few = format!("segments:\n{}", segments("few", 0..9));
    desk.write("rules/few.yaml", &few);
    let said = desk.expect(0, &["run"]).err;
    let told =
        "9 edits since run 1: segment few_0 (10 in), segment few_1 (9 in), segment few_2 (8 in)";
    assert!(said.contains(told) && !said.contains("together"), "{said}");
    // More than can be.
    desk.write(
        "rules/more.yaml",
        format!("segments:\n{}", segments("old", 0..100)),
    );
    desk.expect(0, &["run"]);
    let many = format!("segments:\n{}", segments("many", 0..40));
    desk.write("rules/many.yaml", &many);
    let said = desk.expect(0, &["run"]).err;
    assert!(said.contains("40 edits since run 3: "), "{said}");
    assert!(!said.contains("nobody by itself"), "{said}");
    assert!(!said.contains("by several edits together"), "{said}");
    let log = desk.expect(0, &["log"]).out;
    assert!(
        log.contains("many_0: 10 in by edits that were not counted one by one"),
        "{log}"
    );
    assert!(!log.contains("by several edits together"), "{log}");
}

#[test]
fn the_log_of_a_segment_goes_back_over_each_of_its_names() {
    let desk = desk();
    run_with(&desk, "visits > 5", "visits > 7");
    run_with(&desk, "id: keen,", "id: eager, was: keen,");
    run_with(&desk, "visits > 7", "visits > 6");
    run_with(&desk, "id: eager, was: keen,", "id: devoted, was: eager,");
    run_with(&desk, "visits > 6", "visits > 3");
    let of_one = desk.json(&["log", "devoted"]);
    let edits = of_one.as_array().unwrap().iter();
    let found: Vec<(i64, &str)> = edits
        .filter_map(|run| {
            let change = run["edits"].get(0)?["changes"][0]["after"].as_str()?;
            Some((run["run"].as_i64()?, change))
        })
        .collect();
    assert_eq!(found, [(6, "> 3"), (4, "> 6"), (2, "> 7")], "{of_one}");
}

#[test]
fn the_log_tells_runs_by_which_definitions_changed() {
    let desk = desk();
    let said = desk.expect(0, &["log"]);
    assert_eq!(said.out, "");
    assert!(said.err.contains("no rule has changed"), "{}", said.err);
    run_with(&desk, "visits > 5", "visits > 7");
    run_with(&desk, "# for", "# not for");
    run_with(
        &desk,
        "{ id: shy, when: visits < 2 }",
        "{ id: odd, when: visits = 1 }",
    );
    desk.expect(0, &["list", "vip", "add", "5"]);
    desk.expect(0, &["run"]);
    run_with(&desk, "id: keen,", "id: keen, name: Keen on it,");
    let said = desk.expect(0, &["log"]).out;
    let lines: Vec<&str> = said
        .lines()
        .filter(|line| !line.starts_with("run"))
        .collect();
    assert_eq!(
        lines,
        [
            "  keen is called Keen on it, before: keen",
            "  config.yaml:8  lists.vip: 2 entries, 0 gone → 3 entries, 1 new",
            "  rules/r.yaml:4  segment odd is new: visits = 1",
            "      odd: 1 in",
            "  rules/r.yaml:4  segment shy is gone: visits < 2",
            "      shy: 1 out",
            "  rules/r.yaml:3  keen.when: > 5 → > 7",
            "      keen: 2 out",
        ],
        "{said}"
    );
    let of_one = desk.json(&["log", "keen"]);
    let [renamed, run] = of_one.as_array().unwrap().as_slice() else {
        panic!("{of_one}");
    };
    assert_eq!(renamed["renamed"][0]["after"], "Keen on it");
    assert_eq!(run["run"], 2);
    assert_eq!(run["edits"][0]["changes"][0]["before"], "> 5");
    assert_eq!(run["edits"][0]["segments"]["keen"]["left"], 2);
    let said = desk.expect(2, &["log", "kene"]);
    assert!(said.err.contains("did you mean `keen`?"), "{}", said.err);
}

#[test]
fn only_what_decides_results_is_stored_and_each_text_once() {
    let desk = desk();
    for _ in 0..3 {
        desk.expect(0, &["run"]);
    }
    let texts = query(&desk.path("d.db"), "select text from muster_texts");
    assert_eq!(texts.len(), 3);
    let all = texts.concat();
    for kept in ["timezone: UTC", "when: visits > 5", "\"3\""] {
        assert!(all.contains(kept), "{kept}: {all}");
    }
    for left_out in ["sesame", "Secret", "boss@", "d.db"] {
        assert!(!all.contains(left_out), "{left_out}: {all}");
    }
    run_with(&desk, "visits > 5", "visits > 7");
    let count = "select count(*) from muster_texts";
    assert_eq!(query(&desk.path("d.db"), count), ["4"]);
}

#[test]
fn texts_go_with_the_runs_that_history_forgets() {
    let desk = desk();
    run_with(&desk, "visits > 5", "visits > 7");
    let config = desk.read("config.yaml") + "history: { keep: 30 days }\n";
    desk.write("config.yaml", config);
    desk.put_clock("2040-01-01T10:00:00Z");
    // Every membership begins anew, so that no early run is needed any more.
    desk.sql_in("d.db", "update clients set visits = 0, id = id + 100");
    desk.write("vip.csv", "103\n");
    desk.expect(0, &["run", "--accept"]);
    let texts = query(&desk.path("d.db"), "select text from muster_texts").concat();
    assert!(!texts.contains("visits > 5"), "{texts}");
    assert!(texts.contains("visits > 7"), "{texts}");
}

#[test]
fn forgetting_tells_which_texts_name_somebody() {
    let desk = desk();
    let said = desk.expect(0, &["forget", "3"]).err;
    assert!(
        said.contains("`3` is in `vip.csv` as run 1 read it"),
        "{said}"
    );
    let said = desk.expect(0, &["forget", "9"]).err;
    assert!(!said.contains("read it"), "{said}");
}

#[test]
fn a_number_in_a_rule_is_a_key_only_where_the_key_is_compared_with_it() {
    let desk = desk();
    run_with(
        &desk,
        "visits > 5",
        "'visits in (5, 8) or visits = 8 or id > 8'",
    );
    run_with(&desk, "visits < 2", "'id not in (6, 7) or 10 = client.id'");
    let said = |key: &str| desk.expect(0, &["forget", key]).err;
    for key in ["5", "8"] {
        let said = said(key);
        assert!(!said.contains("read it"), "{said}");
    }
    for key in ["7", "10"] {
        let said = said(key);
        assert!(
            said.contains(&format!("`{key}` is in `rules/r.yaml` as run 3 read it")),
            "{said}"
        );
    }
}

#[test]
fn a_log_says_where_rules_were_not_stored() {
    let desk = desk();
    run_with(&desk, "visits > 5", "visits > 7");
    desk.sql_in("d.db", "update muster_runs set sources = null where id = 1");
    let said = desk.expect(0, &["log"]).out;
    assert!(
        said.contains("what they were before was not stored"),
        "{said}"
    );
    let said = run_with(&desk, "visits > 7", "visits > 8");
    assert!(said.contains("since run 2: keen.when (1 out)"), "{said}");
    // The column is gone, so that the old rules mean nothing any more.
    desk.sql_in(
        "d.db",
        "alter table clients rename column visits to comings",
    );
    desk.write("rules/r.yaml", RULES.replace("visits", "comings"));
    desk.expect(0, &["run", "--accept"]);
    let said = desk.expect(0, &["log"]).out;
    assert!(
        said.contains("cannot be read against the present database"),
        "{said}"
    );
}

#[test]
fn config_in_any_form_is_stored_without_what_decides_nothing() {
    let desk = desk();
    desk.write(
        "config.yaml",
        r#"{ "owner": "boss@example.com", "database": "sqlite:d.db", timezone: UTC, guard: off, # sesame
             "subject": { name: client, table: clients, key: id, label: name }, lists: { vip: { file: vip.csv } } }"#,
    );
    run_with(&desk, "visits > 5", "visits > 7");
    let said = desk.expect(0, &["log"]).out;
    assert!(
        said.contains("rules/r.yaml:3  keen.when: > 5 → > 7"),
        "{said}"
    );
    let texts = query(&desk.path("d.db"), "select text from muster_texts").concat();
    for left_out in ["sesame", "boss@", "d.db"] {
        assert!(!texts.contains(left_out), "{left_out}: {texts}");
    }
}

#[test]
fn the_log_of_a_segment_has_its_movements_alone_and_needs_no_rule_file() {
    let desk = desk();
    run_with(
        &desk,
        "  - { id: keen, when: visits > 5 }",
        "  - { id: keen, when: visits > 5 }\n  - { id: near, when: in segment keen and visits < 9 }",
    );
    run_with(
        &desk,
        "{ id: keen, when: visits > 5 }",
        "{ id: keen, when: visits > 7 }",
    );
    let said = desk.expect(0, &["log", "near"]).out;
    assert!(said.contains("near: 2 out"), "{said}");
    assert!(!said.contains("keen: 2 out"), "{said}");
    let whole = desk.expect(0, &["log"]).out;
    assert!(whole.contains("keen: 2 out"), "{whole}");
    let csv = desk.expect(0, &["log", "--format", "csv"]).out;
    assert!(
        csv.contains("3,keen.when,rules/r.yaml:3,> 5,> 7,0,4"),
        "{csv}"
    );
    desk.write("rules/r.yaml", "segments:\n  - { id: keen, when: visist >");
    assert_eq!(desk.expect(0, &["log"]).out, whole);
}
