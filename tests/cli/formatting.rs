//! `fmt`: files written in one form, and a run that sees no edit in that.

use super::desk::Desk;

#[test]
fn files_get_their_form_and_the_rules_stay_what_they_are() {
    let rules = "segments:\n  - { id: all, name: All, when: yes }\n";
    let desk = Desk::ten_clients(rules);
    desk.expect(0, &["run"]);
    let odd = rules.replace("yes }", "not  (NO) }");
    desk.write("rules/odd.yaml", odd.replace("all", "odd"));
    desk.expect(0, &["run"]);
    let said = desk.expect(1, &["fmt", "--check", "--format", "csv"]);
    assert_eq!(said.out, "File,Conditions\nrules/odd.yaml,1\n");
    assert!(
        said.err.contains("`muster fmt` writes them"),
        "{}",
        said.err
    );
    assert!(desk.read("rules/odd.yaml").contains("not  (NO)"));
    desk.expect(0, &["fmt"]);
    assert!(desk.read("rules/odd.yaml").contains("not (no)"));
    let said = desk.expect(0, &["fmt", "--check"]);
    assert_eq!(said.out, "");
    let said = desk.expect(0, &["plan"]);
    assert!(said.out.starts_with("No edits since"), "{}", said.out);
}

#[test]
fn a_file_that_cannot_be_read_stops_no_other() {
    let desk = Desk::empty();
    desk.write("a.yaml", "segments:\n  - id: a\n when: b\n");
    desk.write("b.yaml", "segments:\n  - id: a\n    when: b>3\n");
    let said = desk.expect(2, &["fmt", "a.yaml", "b.yaml", "gone.yaml"]);
    assert!(said.err.contains("yaml-syntax"), "{}", said.err);
    assert!(said.err.contains("file-unreadable"), "{}", said.err);
    assert!(desk.read("b.yaml").contains("when: b > 3"));
    assert!(desk.expect(2, &["fmt"]).err.contains("config.yaml"));
}
