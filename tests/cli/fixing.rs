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
    assert!(said.err.contains("nothing can be fixed"), "{}", said.err);
    let json = desk.json(&["check", "--fix"]);
    assert_eq!(json, serde_json::json!([]));
}
