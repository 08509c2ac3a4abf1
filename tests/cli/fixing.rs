//! `check --fix`: what a help says to write is written, and what remains is told.

use super::desk::Desk;

const RULES: &str = "segments:
  - id: all
    name: All
    when: yes
";

#[test]
fn what_can_be_corrected_in_one_way_is_and_the_rest_is_told() {
    let desk = Desk::ten_clients(RULES);
    desk.write(
        "rules/b.yaml",
        "segments:
  # Typed in a hurry.
  - { id: one, whne: 'id == 1' }
  - id: two
    when: id = 2 && idd = 2   # both
  - id: three
    when: id = “three”
  - id: four
    when: sum(
",
    );
    let said = desk.expect(2, &["check", "--fix"]);
    let now = desk.read("rules/b.yaml");
    assert!(
        now.contains("  # Typed in a hurry.\n  - { id: one, when: 'id = 1' }\n"),
        "{now}"
    );
    assert!(now.contains("when: id = 2 and id = 2   # both\n"), "{now}");
    assert!(now.contains("when: sum(\n"), "{now}");
    assert!(
        said.err.contains("fixed rules/b.yaml:3: write `when`"),
        "{}",
        said.err
    );
    assert!(
        said.err.contains("unclosed-parenthesis") || said.err.contains("syntax"),
        "{}",
        said.err
    );
    assert_eq!(desk.read("rules/all.yaml"), RULES);
}

/// A fix that does not help holds up no other of the same words, and one call does what a second would.
#[test]
fn one_call_corrects_all_that_can_be() {
    let desk = Desk::ten_clients(RULES);
    let many =
        (0..30).map(|at| format!("  - {{ id: s{at}, when: 'idd{at} == {at} && id = 1' }}\n"));
    let text = format!(
        "segments:
  - id: escaped
    when: \"id > 3 \\u0061nd idd = \\\"x\\\"\"
  - id: shared
    when: &w idd > 3
  - id: same
    when: *w
  - id: block
    when: |2
        idd == 0 # idd
          and idd > 1
{}",
        many.collect::<String>()
    );
    desk.write("rules/b.yaml", text);
    desk.expect(2, &["check", "--fix"]);
    let once = desk.read("rules/b.yaml");
    assert!(
        once.contains("id = 0 # idd\n          and id > 1"),
        "{once}"
    );
    let again = desk.expect(2, &["check", "--fix"]);
    assert!(again.err.contains("nothing can be fixed"), "{}", again.err);
    assert_eq!(desk.read("rules/b.yaml"), once);
}

#[test]
fn a_warning_is_left_to_people_and_what_is_right_is_not_written() {
    let desk = Desk::ten_clients(RULES);
    let said = desk.expect(0, &["check", "--fix"]);
    assert!(
        said.err.contains("there is no error to fix"),
        "{}",
        said.err
    );
    let json = desk.json(&["check", "--fix"]);
    assert_eq!(json, serde_json::json!([]));
}

/// What is near may be another thing on purpose: other digits, other letters of a code.
#[test]
fn what_may_be_meant_is_left_to_people() {
    let rules = "metrics:
  visits_30d: visits
segments:
  - id: keen_2024
    when: visits_60d > 3
  - id: others
    when: not in segment keen_2023
";
    let desk = Desk::ten_clients(RULES);
    desk.write("rules/b.yaml", rules);
    let config = desk.read("config.yaml");
    let config = config.replace("timezone: UTC", "timezone: EDT\nlocale: en-UK");
    desk.write("config.yaml", &config);
    let said = desk.expect(2, &["check", "--fix"]);
    assert!(said.err.contains("did you mean"), "{}", said.err);
    assert!(said.err.contains("nothing can be fixed"), "{}", said.err);
    desk.write("config.yaml", config.replace("EDT\nlocale: en-UK", "UTC"));
    let said = desk.expect(2, &["check", "--fix"]);
    assert!(
        said.err.contains("did you mean `visits_30d`"),
        "{}",
        said.err
    );
    assert_eq!(desk.read("rules/b.yaml"), rules);
}

/// What nobody knows may be defined where nothing could be read.
#[test]
fn names_wait_until_every_file_can_be_read() {
    let desk = Desk::ten_clients(RULES);
    let rules = "segments:\n  - { id: b, when: visit > 3 }\n  - { id: c, when: 'id == 3' }\n";
    desk.write("rules/b.yaml", rules);
    desk.write(
        "rules/broken.yaml",
        "metrics:\n  visit: id\nmetrics:\n  other: id\n",
    );
    desk.expect(2, &["check", "--fix"]);
    assert_eq!(desk.read("rules/b.yaml"), rules.replace("==", "="));
    desk.write("rules/broken.yaml", "metrics:\n  other: id\n");
    desk.expect(0, &["check", "--fix"]);
    assert!(desk.read("rules/b.yaml").contains("visits > 3"));
}

/// One of two things of one name may be meant under another, which then is no slip.
#[test]
fn names_wait_until_each_is_given_once() {
    let desk = Desk::ten_clients(RULES);
    let rules = "metrics:
  total: visits
segments:
  - { id: twice, when: totals > 3 }
  - { id: twice, when: id = 3 }
";
    desk.write("rules/b.yaml", rules);
    let said = desk.expect(2, &["check", "--fix"]).err;
    assert!(said.contains("nothing can be fixed"), "{said}");
    assert!(said.contains("names are left as they are"), "{said}");
    assert!(said.contains("did you mean `total`?"), "{said}");
    assert_eq!(desk.read("rules/b.yaml"), rules);
    desk.write("rules/b.yaml", rules.replacen("twice", "once", 1));
    let said = desk.expect(0, &["check", "--fix"]).err;
    assert!(!said.contains("names are left"), "{said}");
    assert!(desk.read("rules/b.yaml").contains("total > 3"));
}

/// Half a correction is none: the condition would not be what somebody wrote, nor what they meant.
#[test]
fn a_condition_that_cannot_be_read_after_all_stays_as_it_was() {
    let desk = Desk::ten_clients(RULES);
    let rules = |other: &str| {
        format!(
            "segments:\n  - id: b\n    when: tier = “gold” and visits over the moon\n  - id: c\n    when: {other}\n"
        )
    };
    desk.write("rules/b.yaml", rules("id == 3"));
    desk.expect(2, &["check", "--fix"]);
    assert_eq!(desk.read("rules/b.yaml"), rules("id = 3"));
}

/// Where a file was no YAML nobody knows what its conditions were: it is corrected to its end, or not at all.
#[test]
fn a_file_that_was_no_yaml_is_corrected_as_a_whole() {
    let desk = Desk::ten_clients(RULES);
    let rules = |when: &str| format!("segments:\n  - id: b\n    name: B\n    when: {when}\n");
    for when in [
        "%foo == 3 and",
        "\"id == 3 and (",
        "\"id == 3 and visits over the moon",
    ] {
        desk.write("rules/b.yaml", rules(when));
        let said = desk.expect(2, &["check", "--fix"]);
        assert!(said.err.contains("nothing can be fixed"), "{}", said.err);
        assert_eq!(desk.read("rules/b.yaml"), rules(when));
    }
    desk.write("rules/b.yaml", rules("\"id == 3"));
    desk.expect(0, &["check", "--fix"]);
    assert_eq!(desk.read("rules/b.yaml"), rules("\"id = 3\""));
}

/// What YAML has a meaning for is made a text by a person alone.
#[test]
fn an_alias_and_a_tag_are_no_part_of_a_text() {
    let desk = Desk::ten_clients(RULES);
    for line in [
        "name: *nmm",
        "name: !!str Foo",
        "name: !own",
        "name: &only",
        "when: !!str id > 3",
        "when: *foo == 3 and",
        "when: !established or (",
        "description: [*nm]",
    ] {
        let rules = format!("segments:\n  - id: b\n    {line}\n");
        desk.write("rules/b.yaml", &rules);
        let said = desk.muster(&["check", "--fix"]);
        assert!(
            said.err.contains("nothing can be fixed"),
            "{line}: {}",
            said.err
        );
        assert_eq!(desk.read("rules/b.yaml"), rules);
    }
}

/// Ten clients, and what was given to them.
fn with_gifts() -> Desk {
    let desk = Desk::ten_clients(RULES);
    desk.sql("create table gifts (id integer primary key, client_id integer, points integer)");
    let config = desk.read("config.yaml");
    let gifts = "collections: { gifts: { table: gifts, subject: client_id, key: id } }\n";
    desk.write("config.yaml", config + gifts);
    desk
}

/// A help that says when something else is meant is followed by nobody unasked.
#[test]
fn of_two_readings_none_is_written() {
    let desk = with_gifts();
    for when in [
        "gifts.points > 3",
        "not gifts.points > 3",
        "id != 3 or 4",
        "tier in [gold, silver]",
        "10 % id = 0",
        "id > 3 unless id > 7 or id = 5",
    ] {
        let rules = format!("segments:\n  - id: b\n    name: B\n    when: '{when}'\n");
        desk.write("rules/b.yaml", &rules);
        let said = desk.expect(2, &["check", "--fix"]);
        assert!(
            said.err.contains("nothing can be fixed"),
            "{when}: {}",
            said.err
        );
        assert_eq!(desk.read("rules/b.yaml"), rules);
    }
}

/// What is written in place of a part is not taken apart by what stands around it.
#[test]
fn a_correction_keeps_its_place_in_the_condition() {
    let desk = with_gifts();
    for (when, now) in [
        ("not 1 < id < 5", "not (1 < id and id < 5)"),
        ("7 / id ** 2 > 1", "7 / (id * id) > 1"),
        ("7 * id % 2 = 0", "mod(7 * id, 2) = 0"),
        ("7 / 50% of id > 1", "7 / (50% * id) > 1"),
        ("exists(gifts) > 0", "exists(gifts)"),
        ("not exists(gifts) = 0", "not not exists(gifts)"),
    ] {
        let rules = |when: &str| format!("segments:\n  - id: b\n    name: B\n    when: {when}\n");
        desk.write("rules/b.yaml", rules(when));
        desk.expect(0, &["check", "--fix"]);
        assert_eq!(desk.read("rules/b.yaml"), rules(now));
    }
}

/// A share in another language is never taken for a number of people.
#[test]
fn a_share_in_other_words_is_one_or_is_asked_for() {
    let desk = Desk::ten_clients(RULES);
    for (written, now) in [
        ("top 10 Prozent by visits", "top 10% by visits"),
        ("top 10 pct by visits", "top 10% by visits"),
        ("top 10% nach visits", "top 10% by visits"),
        ("top 10 Prozent der Kunden by visits", "top 10% by visits"),
        (
            "top 10 parts of the clients by visits",
            "top 10 parts of the clients by visits",
        ),
        (
            "bottom 10 hundredths by visits",
            "bottom 10 hundredths by visits",
        ),
        ("top 10 clients by visits", "top 10 by visits"),
        (
            "tier = “the \"gold\" one”",
            "tier = \"the \"\"gold\"\" one\"",
        ),
    ] {
        let file = |when: &str| format!("segments:\n  - id: b\n    when: |\n      {when}\n");
        desk.write("rules/b.yaml", file(written));
        desk.muster(&["check", "--fix"]);
        assert_eq!(desk.read("rules/b.yaml"), file(now));
    }
}

/// A column whose name is no word is offered as conditions write it.
#[test]
fn a_near_name_stands_in_the_backticks_that_it_needs() {
    let desk = Desk::ten_clients(RULES);
    desk.sql("alter table clients add column \"E-Mail\" text");
    let rules = "segments:\n  - { id: b, when: id > 1 and EMail is missing }\n";
    desk.write("rules/b.yaml", rules);
    let said = desk.expect(2, &["check"]);
    assert!(
        said.err.contains("did you mean `` `E-Mail` ``?"),
        "{}",
        said.err
    );
    desk.expect(0, &["check", "--fix"]);
    assert_eq!(
        desk.read("rules/b.yaml"),
        rules.replace("EMail", "`E-Mail`")
    );
}

/// Where nobody may write one of the files, none is written.
#[cfg(unix)]
#[test]
fn a_file_that_is_read_only_holds_up_the_others() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::ten_clients(RULES);
    for name in ["b", "c"] {
        let rules = format!("segments:\n  - {{ id: {name}, when: 'id == 1' }}\n");
        desk.write(&format!("rules/{name}.yaml"), rules);
    }
    let permissions = std::fs::Permissions::from_mode(0o444);
    std::fs::set_permissions(desk.path("rules/c.yaml"), permissions).unwrap();
    let said = desk.expect(3, &["check", "--fix"]);
    assert!(
        said.err
            .contains("cannot write rules/c.yaml: it is read-only"),
        "{}",
        said.err
    );
    assert!(desk.read("rules/b.yaml").contains("id == 1"));
}
