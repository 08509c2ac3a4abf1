//! `muster plan` where it cannot write, is interrupted, or has only part of an answer; and its picture.

use quick_xml::events::Event;

use super::desk::Desk;
use crate::support::database::query;
use crate::support::scratch::names;

const RULES: &str = "segments:
  - { id: keen, name: 'Keen & <b>', when: visits > 5 }
  - { id: shy, when: visits < 2 }
  - { id: gold, when: tier = \"gold\" }
";

fn desk() -> Desk {
    Desk::ten_clients(RULES)
}

/// The words of a picture, in order; it must be well-formed.
fn words(svg: &str) -> Vec<String> {
    let mut reader = quick_xml::Reader::from_str(svg);
    let (mut words, mut word) = (Vec::new(), String::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Text(text) => word += &text,
            Event::GeneralRef(name) => word += &format!("&{};", &*name),
            Event::End(_) => words.push(std::mem::take(&mut word).trim().to_owned()),
            Event::Eof => return words,
            _ => {}
        }
    }
}

#[test]
fn a_picture_has_each_segment_now_and_then() {
    let desk = desk();
    desk.edit("rules/all.yaml", "visits > 5", "visits > 7");
    desk.edit("rules/all.yaml", "visits < 2", "visits < 5");
    desk.expect(0, &["plan", "--svg", "plan.svg", "--limit", "0"]);
    let svg = desk.read("plan.svg");
    let words = words(&svg);
    for told in [
        "5 of 10 clients move.",
        "Keen &amp; &lt;b&gt;: 5 now, 3 then, 0 in, 2 out, by edit 1",
        "shy: 1 now, 4 then, 3 in, 0 out, by edit 2",
        "0 in, 2 out",
        "3 in, 0 out",
        "edit 1: keen.when: &gt; 5 → &gt; 7",
        "edit 2: shy.when: &lt; 2 → &lt; 5",
    ] {
        assert!(
            words.iter().any(|word| word.contains(told)),
            "{told}: {words:?}"
        );
    }
    assert_eq!(svg.matches("class=\"bar\"").count(), 4, "{svg}");
    // The taller a bar, the more members.
    let heights: Vec<f64> = svg
        .split("width=\"32\" height=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().parse().unwrap())
        .collect();
    let [keen, keen_then, shy, shy_then] = heights.as_slice() else {
        panic!("{heights:?}");
    };
    assert!(keen > shy_then && shy_then > keen_then && keen_then > shy);
    assert!(!svg.contains("Client 6"), "{svg}");
}

#[test]
fn a_picture_of_nothing_and_of_many_segments_is_one_too() {
    let desk = desk();
    desk.expect(0, &["plan", "--svg", "none.svg"]);
    let none = words(&desk.read("none.svg"));
    assert!(none.contains(&"Nobody moves.".to_owned()), "{none:?}");
    let many: String = (0..12)
        .map(|n| format!("  - {{ id: more{n}, name: 'A name {n} that is far too long to stand under a pair of bars', when: visits > {n} }}\n"))
        .collect();
    desk.write("rules/more.yaml", format!("segments:\n{many}"));
    desk.expect(0, &["plan", "--svg", "many.svg", "--limit", "0"]);
    let svg = desk.read("many.svg");
    words(&svg);
    assert_eq!(svg.matches("class=\"bar\"").count(), 24);
    assert!(!svg.contains("NaN"));
    // No picture is written over what is no file.
    std::fs::create_dir(desk.path("folder.svg")).unwrap();
    desk.expect(3, &["plan", "--svg", "folder.svg"]);
}

#[test]
fn of_very_many_edits_it_is_told_how_many_were_not_tried() {
    let rules = |by: usize| -> String {
        let segments =
            (0..100).map(|n| format!("  - {{ id: s{n}, when: visits > {} }}\n", n % 7 + by));
        format!("segments:\n{}", segments.collect::<String>())
    };
    let desk = Desk::ten_clients(&rules(0));
    desk.rules(&rules(1));
    let said = desk.expect(0, &["plan"]).out;
    assert!(said.starts_with("100 edits since run 1"), "{said}");
    assert!(
        said.contains(" of 100 edits were not tried one by one"),
        "{said}"
    );
    assert!(said.contains("several edits together"), "{said}");
    // Who moves is the same, however many edits there are.
    let json = desk.json(&["plan"]);
    let moved = json["segments"].as_array().unwrap();
    assert_eq!(moved.len(), 100);
}

#[cfg(unix)]
#[test]
fn a_plan_needs_no_right_to_write() {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    use crate::support::program::Said;

    let desk = desk();
    desk.edit("rules/all.yaml", "visits > 5", "visits > 7");
    let before = names(desk.folder());
    let allow = |folder, file| {
        let set = |path, mode| std::fs::set_permissions(path, Permissions::from_mode(mode));
        for name in &before {
            let path = desk.path(name);
            let mode = if path.is_dir() { folder } else { file };
            set(path, mode).unwrap();
        }
        set(desk.folder().to_path_buf(), folder).unwrap();
    };
    allow(0o555, 0o444);
    let mut command = desk.command(&["plan"]);
    desk.as_anybody(&mut command);
    let said = Said::by(&mut command);
    let mut command = desk.command(&["plan", "--out", "plan.json"]);
    desk.as_anybody(&mut command);
    let refused = Said::by(&mut command);
    let after = names(desk.folder());
    allow(0o755, 0o644);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.contains("2 of 10 clients move"), "{said:?}");
    assert_eq!(refused.code, 3, "{refused:?}");
    assert!(
        refused.err.contains("cannot write `plan.json`"),
        "{refused:?}"
    );
    assert_eq!(after, before);
}

#[cfg(target_os = "linux")]
#[test]
fn an_interrupted_plan_writes_nothing() {
    use std::process::{Command, Stdio};

    use crate::support::waiting::holds_in_time;

    let desk = desk();
    desk.sql(
        "create table stored (id integer, client_id integer, at datetime);
         with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000)
         insert into stored select i, 1, '2025-01-01 10:00:00' from n;
         create view attended as select id, client_id, at from stored;",
    );
    let config = desk.read("config.yaml");
    desk.write(
        "config.yaml",
        config + "collections:\n  attended: { table: attended, subject: client_id, at: at }\n",
    );
    desk.rules("segments:\n  - { id: often, when: count(attended) > 9 }\n");
    desk.expect(0, &["run"]);
    desk.edit("rules/all.yaml", "> 9", "> 8");
    // So many rows take hours to read.
    desk.sql(
        "drop view attended;
         create view attended as select one.id, one.client_id, one.at from stored one, stored two, stored three;",
    );
    let (files, before) = (
        names(desk.folder()),
        std::fs::read(desk.database()).unwrap(),
    );
    let mut command = desk.command(&["plan", "--out", "plan.json", "--svg", "plan.svg"]);
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let pid = child.id().to_string();
    let interrupt = || Command::new("kill").args(["-INT", &pid]).status().unwrap();
    let catches = || {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
        let caught = u64::from_str_radix(caught.unwrap().trim(), 16).unwrap();
        caught & 0b10 != 0
    };
    assert!(holds_in_time(catches));
    assert!(interrupt().success());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("stopped"), "{said}");
    assert!(output.stdout.is_empty());
    assert_eq!(names(desk.folder()), files);
    assert!(before == std::fs::read(desk.database()).unwrap());
}

#[test]
fn a_plan_of_stale_segments_says_of_which_it_knows_nothing() {
    let desk = desk();
    desk.edit("rules/all.yaml", "visits > 5", "visits > 7");
    desk.sql("alter table clients drop column tier");
    let said = desk.expect(0, &["plan"]).out;
    assert!(
        said.contains("`gold` cannot be compared, by the old rules and the new ones:")
            && said.contains("tier"),
        "{said}"
    );
    assert!(said.contains("2 of 10 clients move"), "{said}");
    let plan = desk.json(&["plan"]);
    assert_eq!(plan["stale"][0]["segment"], "gold");
    assert_eq!(plan["segments"].as_array().unwrap().len(), 1);
    desk.expect(0, &["plan", "--svg", "plan.svg"]);
    let words = words(&desk.read("plan.svg"));
    let told = |word: &String| word.contains("`gold` cannot be compared");
    assert!(words.iter().any(told), "{words:?}");
}

#[test]
fn a_plan_that_moves_nobody_is_run_as_long_as_it_moves_nobody() {
    let desk = desk();
    desk.edit("rules/all.yaml", "visits > 5", "visits > 5 or visits = 0");
    let said = desk.expect(0, &["plan", "--out", "plan.json"]).out;
    assert!(said.contains("1 edit since run 1"), "{said}");
    assert!(said.contains("Nobody moves."), "{said}");
    desk.sql("update clients set visits = 0 where id = 1");
    let run = ["run", "--plan", "plan.json"];
    let said = desk.expect(1, &run).err;
    assert!(said.contains("1 movement now, 0 in the plan"), "{said}");
    desk.expect(1, &[&run[..], &["--within", "100%"]].concat());
    let runs = || query(&desk.database(), "select count(*) || '' from muster_runs");
    assert_eq!(runs(), ["1"]);
    desk.sql("update clients set visits = 1 where id = 1");
    let said = desk.expect(0, &run).err;
    assert!(
        said.contains("as planned: 0 movements by the edits"),
        "{said}"
    );
    assert_eq!(runs(), ["2"]);
}

#[test]
fn a_variable_with_another_value_is_told_and_blocks_no_run() {
    let desk = desk();
    desk.edit("config.yaml", "timezone: UTC", "timezone: ${ZONE}");
    let run = |zone: &str| {
        let output = desk.command(&["run"]).env("ZONE", zone).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(!run("UTC").contains("another value"));
    let said = run("Europe/Berlin");
    assert!(
        said.contains("`ZONE` has another value now") && said.contains("published as run 3"),
        "{said}"
    );
    assert!(!run("Europe/Berlin").contains("another value"));
    let sources = "select path from muster_sources where kind = 'environment' limit 1";
    assert_eq!(query(&desk.path("studio.db"), sources), ["ZONE"]);
}

#[test]
fn what_is_edited_and_moves_nobody_is_named() {
    let desk = desk();
    desk.edit("rules/all.yaml", "visits > 5", "visits > 7");
    desk.edit("rules/all.yaml", "visits < 2", "visits < 1.5");
    let said = desk.expect(0, &["plan"]).out;
    assert!(said.contains("Edited, moves nobody: shy.when."), "{said}");
    // Of one segment nobody asks what the other edits do.
    let said = desk.expect(0, &["plan", "--segment", "keen"]).out;
    assert!(!said.contains("moves nobody"), "{said}");
    desk.edit("rules/all.yaml", "visits < 1.5", "visits < 5");
    let said = desk.expect(0, &["plan"]).out;
    assert!(!said.contains("moves nobody"), "{said}");
}
