//! Names that need backticks, values that need quotes, and files that cannot be read beside others that can.

use super::desk::Desk;

const RULES: &str = "segments:
  - id: all
    name: All
    when: yes
";

/// Ten clients with columns as people call them.
fn desk() -> Desk {
    let desk = Desk::ten_clients(RULES);
    desk.sql("alter table clients add column \"E-Mail\" text; alter table clients add column \"Size (cm)\" integer");
    desk
}

/// What one call makes of a condition in a rule file.
fn fixed(desk: &Desk, written: &str) -> String {
    desk.write(
        "rules/b.yaml",
        format!("segments:\n  - id: b\n    when: {written}\n"),
    );
    desk.muster(&["check", "--fix"]);
    let now = desk.read("rules/b.yaml");
    let line = now.lines().nth(2).unwrap();
    line.trim().trim_start_matches("when: ").to_owned()
}

#[test]
fn a_name_of_several_words_gets_its_backticks_and_the_text_its_quotes() {
    let desk = desk();
    for (written, expected) in [
        ("E-Mail is missing", "\"`E-Mail` is missing\""),
        (
            "id > 3 and E-Mail is missing",
            "id > 3 and `E-Mail` is missing",
        ),
        (
            "`E-Mail` is missing  # none",
            "\"`E-Mail` is missing\"  # none",
        ),
        ("`E-Mail` = \"a\"", "'`E-Mail` = \"a\"'"),
        ("„blue“ = tier", "'\"blue\" = tier'"),
    ] {
        assert_eq!(fixed(&desk, written), expected, "{written}");
        desk.expect(0, &["check"]);
    }
    desk.write(
        "rules/b.yaml",
        "segments:\n  - id: b\n    when: E-Mail is missing\n",
    );
    let found = desk.muster(&["check", "--format", "json"]).json();
    assert_eq!(found.as_array().unwrap().len(), 1, "{found:#}");
    assert_eq!(
        found[0]["fixes"][0]["edits"][0]["text"],
        "\"`E-Mail` is missing\""
    );
}

#[test]
fn slips_of_yaml_are_told_in_plain_words() {
    let desk = desk();
    for (written, words) in [
        ("    when:id > 3\n", "a blank is missing after `when:`"),
        (
            "    when: |\n    id > 3\n",
            "this line is indented no further than the key above it",
        ),
        (
            "    when: id > 3 # many\n      and id > 4\n",
            "a comment ends a text without quotes",
        ),
        ("    id > 3\n", "this line has no `:` after a key"),
    ] {
        desk.write("rules/b.yaml", format!("segments:\n  - id: b\n{written}"));
        let said = desk.expect(2, &["check"]);
        assert!(said.err.contains(words), "{}", said.err);
    }
    desk.write("rules/b.yaml", "segments:\n  - id: b\n    when:id > 3\n");
    desk.expect(0, &["check", "--fix"]);
    assert!(desk.read("rules/b.yaml").ends_with("    when: id > 3\n"));
}

#[test]
fn a_file_that_cannot_be_read_hides_no_other() {
    let desk = desk();
    desk.write("rules/b.yaml", "metrics: { often: id\nsegments: [\n");
    desk.write(
        "rules/c.yaml",
        "segments:\n  - { id: c, when: often > 3 }\n  - { id: d, when: id == 3 }\n  - { id: e, when: naem = \"x\" }\n",
    );
    let said = desk.expect(2, &["check"]);
    for words in ["rules/b.yaml", "rules/c.yaml:3", "rules/c.yaml:4"] {
        assert!(said.err.contains(words), "{}", said.err);
    }
    assert!(!said.err.contains("rules/c.yaml:2"), "{}", said.err);
    desk.expect(2, &["check", "--fix"]);
    let now = desk.read("rules/c.yaml");
    assert!(now.contains("id = 3"), "{now}");
    // A config that is wrong leaves the syntax of conditions to be told.
    desk.edit("config.yaml", "guard: off", "guard: offf");
    desk.edit("rules/c.yaml", "id = 3", "id == 3");
    let said = desk.expect(2, &["check"]);
    assert!(said.err.contains("rules/c.yaml:3"), "{}", said.err);
    assert!(!said.err.contains("rules/c.yaml:4"), "{}", said.err);
}
