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
    let said = desk.expect(2, &["fmt", "gone.yaml"]);
    assert!(!said.err.contains("has its form"), "{}", said.err);
}

#[test]
fn what_is_left_as_it_is_is_told() {
    let desk = Desk::empty();
    let folded = "segments:\n  - id: a\n    when: >\n      # why\n\n      b>3\n";
    desk.write("a.yaml", folded);
    let said = desk.expect(0, &["fmt", "a.yaml"]);
    assert!(
        said.err
            .contains("a.yaml:4: left as it is: it has a comment"),
        "{}",
        said.err
    );
    assert_eq!(desk.read("a.yaml"), folded);
}

/// Nothing is said to have its form of which nobody knows, or which is not as it would be written.
#[test]
fn each_condition_without_its_form_is_told_with_the_reason() {
    let desk = Desk::empty();
    let long: Vec<String> = (0..10_000).map(|number| number.to_string()).collect();
    for (when, place, why) in [
        ("b  ==  3 AND", "a.yaml:3", "it cannot be read"),
        ("&x count( b )>3", "a.yaml:3", "an anchor"),
        ("# why\n      b>3  AND c", "a.yaml:4", "a comment"),
        ("|2\n        b>3", "a.yaml:4", "begins its block"),
        (
            "b>3 # muster: allow cliff",
            "a.yaml:3",
            "counts for one line",
        ),
        (
            &format!("b  in ({})", long.join(",")),
            "a.yaml:3",
            "too long",
        ),
    ] {
        let text = format!("segments:\n  - id: a\n    when: {when}\n");
        desk.write("a.yaml", &text);
        for args in [&["fmt", "--check", "a.yaml"][..], &["fmt", "a.yaml"]] {
            let said = desk.expect(0, args);
            let told = said.err.lines().find(|line| line.contains("left as it is"));
            let told = told.unwrap_or_default();
            assert!(told.starts_with(place), "{when:.40}: {}", said.err);
            assert!(told.contains(why), "{when:.40}: {}", said.err);
            assert!(said.err.contains("every other condition"), "{}", said.err);
            assert_eq!(desk.read("a.yaml"), text);
        }
    }
    for when in ["&x b > 3", "# why\n      b > 3", "|2\n        b > 3\n"] {
        desk.write(
            "a.yaml",
            format!("segments:\n  - id: a\n    when: {when}\n"),
        );
        let said = desk.expect(0, &["fmt", "--check", "a.yaml"]);
        assert!(said.err.contains("1 file: every condition"), "{}", said.err);
    }
}

/// A link to a file, and a file that nobody may write.
#[cfg(unix)]
#[test]
fn a_link_stays_a_link_and_what_is_read_only_stays_as_it_is() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let desk = Desk::empty();
    let (odd, formed) = ("segments:\n  - id: a\n    when: b>3\n", "when: b > 3");
    desk.write("real.yaml", odd);
    let permit = |name: &str, mode| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(desk.path(name), permissions).unwrap();
    };
    permit("real.yaml", 0o640);
    symlink("real.yaml", desk.path("link.yaml")).unwrap();
    desk.expect(0, &["fmt", "link.yaml"]);
    assert!(desk.path("link.yaml").is_symlink());
    assert!(desk.read("real.yaml").contains(formed));
    let mode = std::fs::metadata(desk.path("real.yaml"))
        .unwrap()
        .permissions();
    assert_eq!(mode.mode() & 0o777, 0o640);
    desk.write("kept.yaml", odd);
    permit("kept.yaml", 0o444);
    let said = desk.expect(3, &["fmt", "kept.yaml"]);
    assert!(
        said.err.contains("kept.yaml: it is read-only"),
        "{}",
        said.err
    );
    assert_eq!(desk.read("kept.yaml"), odd);
}

/// A job that looks at pull requests is not green while a file is not looked at.
#[cfg(unix)]
#[test]
fn a_file_of_the_rules_that_cannot_be_read_is_told() {
    let desk = Desk::ten_clients("segments:\n  - { id: all, name: All, when: yes }\n");
    let said = desk.expect(0, &["fmt", "--check"]);
    assert!(
        said.err.contains("2 files: every condition has its form"),
        "{}",
        said.err
    );
    desk.write("rules/broken.yaml", "segments: [\n");
    let said = desk.expect(2, &["fmt", "--check"]);
    assert!(said.err.contains("yaml-syntax"), "{}", said.err);
    assert!(
        said.err
            .contains("2 files that can be read: every condition has its form"),
        "{}",
        said.err
    );
    std::fs::remove_file(desk.path("rules/broken.yaml")).unwrap();
    std::os::unix::fs::symlink("nowhere.yaml", desk.path("rules/dangling.yaml")).unwrap();
    let said = desk.expect(2, &["fmt", "--check"]);
    assert!(said.err.contains("dangling.yaml"), "{}", said.err);
}
