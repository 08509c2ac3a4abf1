//! `muster plan` and `run --plan`: who would move by an edit, and a run that does just that.

use serde_json::Value;

use super::desk::Desk;
use crate::support::database::{Tables, dump, query};
use crate::support::program::Said;

const RULES: &str = "segments:
  - { id: keen, when: visits > 5 }
  - { id: shy, when: visits < 2 }
  - { id: regular, when: in segment keen and visits < 10 }
";

fn desk() -> Desk {
    Desk::ten_clients(RULES)
}

fn raise(desk: &Desk) {
    desk.edit("rules/all.yaml", "visits > 5", "visits > 7");
}

/// Everything in the results' tables, apart from who works at them.
fn stored(desk: &Desk) -> Tables {
    let mut tables = dump(&desk.database());
    tables.retain(|name, _| name.starts_with("muster_") && name != "muster_lease");
    assert!(tables.len() > 5, "{tables:?}");
    tables
}

fn movers(plan: &Value) -> Vec<String> {
    let movers = plan["movers"].as_array().unwrap().iter();
    movers
        .map(|mover| {
            let (segment, subject) = (&mover["segment"], &mover["subject"]);
            let (direction, edits) = (&mover["direction"], &mover["by"]["edits"]);
            let (through, why) = (&mover["by"]["through"], &mover["why"]);
            format!("{segment} {subject} {direction} {edits} {through} {why}").replace('"', "")
        })
        .collect()
}

#[test]
fn a_plan_names_movers_edits_ways_and_reasons() {
    let desk = desk();
    raise(&desk);
    let plan = desk.json(&["plan"]);
    assert_eq!(plan["against"]["run"], 1);
    assert_eq!(plan["edits"][0][0]["name"], "keen.when");
    assert_eq!(
        movers(&plan),
        [
            "keen 6 left [1] [] visits 6 > 7: no",
            "regular 6 left [1] [keen] null",
            "keen 7 left [1] [] visits 7 > 7: no",
            "regular 7 left [1] [keen] null",
        ]
    );
    let said = desk.expect(0, &["plan"]).out;
    assert!(said.starts_with("1 edit since run 1 ("), "{said}");
    assert!(said.contains("edit 1, through keen"), "{said}");
    assert!(said.contains("2 of 10 clients move"), "{said}");
    assert!(
        said.lines().all(|line| line.chars().count() <= 100),
        "{said}"
    );
    let one = desk.json(&["plan", "--segment", "regular"]);
    assert_eq!(movers(&one).len(), 2);
    let said = desk.expect(2, &["plan", "--segment", "kene"]).err;
    assert!(said.contains("did you mean `keen`?"), "{said}");
    let said = desk.expect(2, &["plan", "--segment", "another"]).err;
    assert!(said.contains("there are: keen, shy, regular"), "{said}");
}

#[test]
fn a_plan_writes_nothing_and_the_exit_code_is_asked_for() {
    let desk = desk();
    let said = desk.expect(0, &["plan", "--exit-code"]).out;
    assert!(said.contains("No edits since run 1"), "{said}");
    assert!(said.contains("Nobody moves."), "{said}");
    raise(&desk);
    let before = std::fs::read(desk.database()).unwrap();
    desk.expect(0, &["plan"]);
    desk.expect(1, &["plan", "--exit-code"]);
    assert!(before == std::fs::read(desk.database()).unwrap());
}

#[test]
fn what_the_data_moved_is_told_apart() {
    let desk = desk();
    raise(&desk);
    desk.sql("update clients set visits = 8 where id in (1, 7)");
    let said = desk.expect(0, &["plan"]).out;
    assert!(said.contains("1 of 10 clients moves"), "{said}");
    assert!(
        said.contains("Apart from the edits, 1 client has moved since run 1"),
        "{said}"
    );
    desk.expect(0, &["run"]);
    let causes = query(
        &desk.database(),
        "select segment_id || ' ' || subject_key || ' ' || cause from muster_movements
         where run_id = 2 order by 1",
    );
    assert_eq!(
        causes,
        [
            "keen 1 data",
            "keen 6 rule",
            "regular 1 data",
            "regular 6 rule",
            "shy 1 data"
        ]
    );
}

#[test]
fn a_plan_for_a_pull_request_has_no_names_unless_asked() {
    let desk = desk();
    raise(&desk);
    let said = desk.expect(0, &["plan", "--format", "markdown"]).out;
    assert!(said.contains("| keen | 5 | 3 | 0 | 2 | edit 1 |"), "{said}");
    assert!(!said.contains("Client 6"), "{said}");
    let said = desk
        .expect(0, &["plan", "--format", "markdown", "--names"])
        .out;
    assert!(said.contains("| Client 6 | out of keen |"), "{said}");
    let csv = desk.expect(0, &["plan", "--format", "csv"]).out;
    assert!(
        csv.starts_with("Key,Name,Segment,Direction,By,Why"),
        "{csv}"
    );
    assert!(csv.contains("6,Client 6,keen,out,edit 1,"), "{csv}");
}

#[test]
fn rules_of_elsewhere_can_be_planned_against() {
    let desk = desk();
    raise(&desk);
    desk.write("old/config.yaml", desk.read("config.yaml"));
    desk.write("old/rules/all.yaml", RULES);
    let plan = desk.json(&["plan", "--against", "old"]);
    assert_eq!(movers(&plan).len(), 4);
    assert_eq!(movers(&desk.json(&["plan", "--against", "1"])).len(), 4);
    let said = desk.expect(2, &["plan", "--against", "7"]).err;
    assert!(said.contains("no run 7 was published"), "{said}");
    desk.write(
        "old/rules/all.yaml",
        "segments:\n  - { id: keen, when: visist > 5 }\n",
    );
    let said = desk.expect(2, &["plan", "--against", "old"]).err;
    assert!(
        said.contains("visist") && said.contains("old/rules/all.yaml"),
        "{said}"
    );
    desk.sql("update muster_runs set sources = null");
    let said = desk.expect(2, &["plan"]).err;
    assert!(
        said.contains("are not stored") && said.contains("--against"),
        "{said}"
    );
}

#[test]
fn why_texts_are_missing_is_judged_by_the_run_and_not_by_the_texts_of_now() {
    let desk = desk();
    let mut entries = String::from("id\n");
    for entry in 0..100_000 {
        entries += &format!("{entry:0100}\n");
    }
    let config = desk.read("config.yaml");
    desk.write("vip.csv", &entries);
    desk.write("rude.csv", &entries);
    let lists = "lists: { vip: { file: vip.csv }, rude: { file: rude.csv } }\n";
    desk.write("config.yaml", config + lists);
    let asked = "visits > 5 and not in list vip and not in list rude";
    desk.edit("rules/all.yaml", "visits > 5", asked);
    desk.expect(0, &["run"]);
    // Texts that could be stored.
    desk.write("vip.csv", "id\n1\n");
    let said = desk.expect(2, &["plan"]).err;
    assert!(said.contains("they take up more than 16 MiB"), "{said}");
}

#[test]
fn who_enters_a_new_segment_is_told_why() {
    let desk = desk();
    desk.write(
        "rules/new.yaml",
        "segments:\n  - { id: top, when: visits > 8 and tier = 'gold' }\n",
    );
    let plan = desk.json(&["plan"]);
    assert_eq!(
        movers(&plan),
        [
            "top 10 entered [1] [] visits 10 > 8: yes",
            "top 9 entered [1] [] visits 9 > 8: yes",
        ]
    );
    desk.expect(0, &["run"]);
    desk.write("rules/new.yaml", "segments: []\n");
    let said = desk.expect(0, &["plan"]).out;
    assert!(said.contains("the segment is removed"), "{said}");
}

#[test]
fn a_mover_has_a_key_where_somebody_who_stays_has_the_same_name() {
    let desk = desk();
    desk.sql("update clients set name = 'Client 6' where id = 1");
    raise(&desk);
    let said = desk.expect(0, &["plan"]).out;
    assert!(said.contains("Client 6 (6)"), "{said}");
    assert!(!said.contains("Client 7 ("), "{said}");
}

#[test]
fn the_number_of_an_edit_stays_beside_its_word() {
    let desk = desk();
    raise(&desk);
    desk.edit("rules/all.yaml", "visits < 2", "visits < 3");
    desk.edit("rules/all.yaml", "visits < 10", "visits < 9");
    for width in 40..120 {
        let mut command = desk.command(&["plan"]);
        command.env("COLUMNS", width.to_string());
        let said = Said::by(&mut command).out;
        let torn = |line: &str| line.trim_end().ends_with(" edit");
        assert!(!said.lines().any(torn), "{width}: {said}");
        assert!(!said.contains('\u{a0}'), "{said}");
    }
}

#[test]
fn nothing_published_is_nothing_to_plan_against() {
    let desk = desk();
    desk.sql("drop table muster_runs");
    let fresh = Desk::empty();
    for name in ["config.yaml", "rules/all.yaml"] {
        fresh.write(name, desk.read(name));
    }
    fresh.sql("create table clients (id integer primary key, name text, visits integer);");
    let said = fresh.expect(2, &["plan"]).err;
    assert!(said.contains("nothing has been published yet"), "{said}");
}

#[test]
fn a_plan_that_was_kept_is_run() {
    let desk = desk();
    raise(&desk);
    desk.expect(0, &["plan", "--out", "plan.json"]);
    let kept = desk.read("plan.json");
    assert!(!kept.contains("Client"), "{kept}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(desk.path("plan.json"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    // What the data moves is no part of the plan.
    desk.sql("update clients set visits = 8 where id = 1");
    let said = desk.expect(0, &["run", "--plan", "plan.json"]).err;
    assert!(
        said.contains("as planned: 4 movements by the edits"),
        "{said}"
    );
    // It stands on a run that is not the last one any more.
    let said = desk.expect(2, &["run", "--plan", "plan.json"]).err;
    assert!(
        said.contains("`plan.json` is based on run 1, but run 2 has been published since"),
        "{said}"
    );
    assert!(!said.contains("evaluated"), "{said}");
}

#[test]
fn a_run_that_would_move_others_than_planned_publishes_nothing() {
    let desk = desk();
    raise(&desk);
    desk.expect(0, &["plan", "--out", "plan.json"]);
    let before = stored(&desk);
    // The edit moves 6 alone now.
    desk.sql("update clients set visits = 8 where id = 7");
    let said = desk.expect(1, &["run", "--plan", "plan.json"]).err;
    assert!(
        said.contains("2 movements now, 4 in the plan, 2 in only one of the two"),
        "{said}"
    );
    assert_eq!(stored(&desk), before);
    let said = desk
        .expect(0, &["run", "--plan", "plan.json", "--within", "50%"])
        .err;
    assert!(said.contains("as planned but for 2"), "{said}");
    desk.expect(2, &["run", "--plan", "plan.json", "--within", "5"]);
}

#[test]
fn a_plan_of_other_rules_is_refused() {
    let desk = desk();
    raise(&desk);
    desk.expect(0, &["plan", "--out", "plan.json"]);
    desk.edit("rules/all.yaml", "visits < 2", "visits < 3");
    let said = desk.expect(2, &["run", "--plan", "plan.json"]).err;
    assert!(
        said.contains("segment `shy` changed since; plan again"),
        "{said}"
    );
    desk.edit("plan.json", "\"muster_plan\": 1", "\"muster_plan\": 9");
    let said = desk.expect(2, &["run", "--plan", "plan.json"]).err;
    assert!(said.contains("is a plan of form 9"), "{said}");
    desk.write("plan.json", "{}");
    let said = desk.expect(2, &["run", "--plan", "plan.json"]).err;
    assert!(said.contains("is not a plan"), "{said}");
    let said = desk.expect(2, &["run", "--plan", "none.json"]).err;
    assert_eq!(said.matches("cannot be read").count(), 1, "{said}");
    desk.expect(2, &["plan", "--against", ".", "--out", "plan.json"]);
}

#[test]
fn what_cannot_be_evaluated_is_told_and_no_score_is_compared() {
    let desk = desk();
    desk.sql("alter table clients rename column visits to came");
    desk.edit("rules/all.yaml", "visits > 5", "came > 5");
    let plan = desk.expect(1, &["plan", "--exit-code"]).out;
    assert!(!plan.contains("Nobody moves."), "{plan}");
    assert!(plan.contains("segments cannot be compared"), "{plan}");
    assert!(
        plan.contains("`keen` cannot be compared, by the old rules"),
        "{plan}"
    );
    assert!(
        plan.contains("`shy` cannot be compared, by the old rules and the new ones:"),
        "{plan}"
    );
    assert!(
        plan.contains("scores and places in the list cannot be compared"),
        "{plan}"
    );
    assert!(
        !plan.contains("Scores:") && !plan.contains("place in the list by"),
        "{plan}"
    );
    let json = desk.json(&["plan"]);
    assert!(
        json["scores"].is_null() && json["places"].is_null(),
        "{json}"
    );
}

#[test]
fn a_plan_of_one_segment_tells_of_that_alone() {
    let desk = desk();
    desk.edit(
        "rules/all.yaml",
        "id: keen, when",
        "id: keen, importance: 3, when",
    );
    desk.expect(0, &["run"]);
    raise(&desk);
    desk.sql("update clients set visits = 8 where id = 1");
    let all = desk.expect(0, &["plan"]).out;
    assert!(
        all.contains("Scores: ") && all.contains("Apart from"),
        "{all}"
    );
    let one = desk.expect(0, &["plan", "--segment", "regular"]).out;
    assert!(one.contains("out of regular"), "{one}");
    for other in ["Scores: ", "Apart from", "out of keen"] {
        assert!(!one.contains(other), "{other}: {one}");
    }
}

#[test]
fn either_of_several_edits_is_told() {
    let desk = desk();
    desk.write(
        "rules/all.yaml",
        "segments:\n  - { id: a, when: visits > 5 }\n  - { id: b, when: visits > 5 }\n  \
         - { id: both, when: in segment a and in segment b }\n",
    );
    desk.expect(0, &["run"]);
    desk.write(
        "rules/all.yaml",
        "segments:\n  - { id: a, when: visits > 7 }\n  - { id: b, when: visits > 6 }\n  \
         - { id: both, when: in segment a and in segment b }\n",
    );
    let plan = desk.json(&["plan"]);
    let both: Vec<&Value> = plan["movers"].as_array().unwrap().iter().collect();
    let by = |key: i64| {
        let mut movers = both.iter();
        let mover = movers.find(|mover| mover["segment"] == "both" && mover["subject"] == key);
        mover.unwrap()["by"].clone()
    };
    assert_eq!(by(6)["edits"], serde_json::json!([1, 2]));
    assert_eq!(by(6)["each_alone"], true);
    assert_eq!(by(7)["edits"], serde_json::json!([1]));
    let said = desk.expect(0, &["plan"]).out;
    assert!(said.contains("edit 1 or 2, through a, b: 1"), "{said}");
}

#[test]
fn rungs_are_told_as_they_stand() {
    let desk = desk();
    let ladder = |first: &str| {
        format!(
            "ladder: l\nsegments:\n{first}  - {{ id: middle, when: visits > 3 }}\n  - {{ id: rest }}\n"
        )
    };
    let why = |subject: i64| {
        let plan = desk.json(&["plan"]);
        let movers = plan["movers"].as_array().unwrap().iter();
        let mut movers =
            movers.filter(|mover| mover["segment"] == "middle" && mover["subject"] == subject);
        movers.next().unwrap()["why"].clone()
    };
    let with_top = ladder("  - { id: top, when: visits > 7 }\n");
    desk.write("rules/all.yaml", ladder(""));
    desk.expect(0, &["run"]);
    desk.write("rules/all.yaml", &with_top);
    assert_eq!(why(8), "the ladder's rung top takes them now");
    desk.expect(0, &["run"]);
    desk.write("rules/all.yaml", ladder(""));
    assert_eq!(why(8), "the ladder's rung top no longer takes them");
    desk.write("rules/all.yaml", RULES);
    let said = desk.expect(0, &["plan"]).out;
    assert!(said.contains("removed: the rest"), "{said}");
}

#[test]
fn movers_of_one_name_have_their_keys() {
    let desk = desk();
    desk.sql("update clients set name = 'Ann' where id in (6, 7)");
    raise(&desk);
    let said = desk.expect(0, &["plan"]).out;
    assert!(
        said.contains("Ann (6)") && said.contains("Ann (7)"),
        "{said}"
    );
}

#[test]
fn a_run_of_a_plan_names_each_changed_key() {
    let desk = desk();
    raise(&desk);
    desk.expect(0, &["plan", "--out", "plan.json"]);
    desk.edit("config.yaml", "timezone: UTC", "timezone: Europe/Berlin");
    let said = desk.expect(2, &["run", "--plan", "plan.json"]).err;
    assert!(
        said.contains("`timezone` changed since; plan again"),
        "{said}"
    );
    desk.edit("config.yaml", "guard: off", "guard: off\nactive: id > 0");
    let said = desk.expect(2, &["run", "--plan", "plan.json"]).err;
    assert!(
        said.contains("`timezone`, who takes part (`subject` or `active`) changed since"),
        "{said}"
    );
}
