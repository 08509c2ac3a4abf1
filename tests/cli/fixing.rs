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

#[test]
fn a_warning_is_left_to_people_and_what_is_right_is_not_written() {
    let desk = Desk::ten_clients(RULES);
    let said = desk.expect(0, &["check", "--fix"]);
    assert!(said.err.contains("nothing can be fixed"), "{}", said.err);
    let json = desk.json(&["check", "--fix"]);
    assert_eq!(json, serde_json::json!([]));
}
