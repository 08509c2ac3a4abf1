//! `new segment`: by the fields of config, seen before it is written.

use super::desk::Desk;

#[test]
fn a_new_segment_is_shown_then_written_then_published() {
    let desk = Desk::demo();
    let arguments = [
        "new",
        "segment",
        "Weekend regulars",
        "--day-of-week",
        "Sat,Sun",
        "--client-type",
        "member",
    ];
    let said = desk.expect(0, &arguments);
    let head = said
        .err
        .lines()
        .find(|l| l.starts_with("Weekend regulars: "))
        .unwrap();
    assert!(head.contains(" clients"), "{}", said.err);
    let written = desk.read("rules/custom.yaml");
    assert!(written.contains("id: weekend_regulars"), "{written}");
    assert!(written.contains("day_of_week: [Sat, Sun]"), "{written}");
    assert!(written.contains("client_type: member"), "{written}");
    desk.expect(0, &["check"]);
    // As of the run that the preview was of.
    desk.expect(0, &["run", "--as-of", "2026-03-15"]);
    let shown: String = head
        .chars()
        .skip("Weekend regulars: ".len())
        .take_while(|c| *c != ' ')
        .collect();
    let size = desk.size("weekend_regulars").to_string();
    assert_eq!(shown.replace(',', ""), size);
}

#[test]
fn a_new_segment_goes_where_config_looks_for_rules() {
    for (pattern, file) in [
        ("segs/*.yaml", "segs/custom.yaml"),
        ("segs/team-*.yml", "segs/team-custom.yml"),
        ("segs/**/*", "segs/custom.yaml"),
        ("segs/**", "segs/custom.yaml"),
        ("segs/[t]eam.yml", "segs/team.yml"),
        ("segs/team.yml", "segs/team.yml"),
    ] {
        let desk = Desk::ten_clients("segments:\n  - { id: all, name: All, when: yes }\n");
        let config = desk.read("config.yaml") + &format!("rules: \"{pattern}\"\n");
        desk.write("config.yaml", config);
        let first = match pattern {
            "segs/team-*.yml" => "segs/team-a.yml",
            _ if file.ends_with("team.yml") => file,
            _ => "segs/a.yaml",
        };
        desk.write(first, "segments:\n  - { id: all, name: All, when: yes }\n");
        desk.expect(0, &["new", "segment", "Regulars", "--when", "yes"]);
        let written = desk.read(file);
        assert!(written.contains("id: regulars"), "{pattern}: {written}");
        assert!(!desk.path("rules/custom.yaml").exists());
    }
}

#[test]
fn every_field_of_the_reference_can_be_tried() {
    let desk = Desk::demo();
    for (field, value) in [
        ("--engagement-label", "High"),
        ("--user-activity", "This week"),
        ("--day-of-week", "Mon"),
        ("--client-type", "member"),
        ("--payment-type", "card"),
        ("--invoice-period", "monthly"),
        ("--product", "10-Class Pack"),
        ("--acquisition-channel", "referral"),
        ("--complaint-reason", "cleanliness"),
        ("--segments", "high_attend"),
    ] {
        let said = desk.muster(&["new", "segment", "Tried", "--print", field, value]);
        if said.code == 0 {
            assert!(said.out.contains("filter:"), "{}", said.out);
            continue;
        }
        // The value is not one of the demo's: then the ones that exist are named, and one of those works.
        assert_eq!(said.code, 2, "{}", said.err);
        let named: Vec<&str> = said.err.rsplit("; ").next().unwrap().split('`').collect();
        let said = desk.expect(0, &["new", "segment", "Tried", "--print", field, named[1]]);
        assert!(said.err.contains(" of "), "{}", said.err);
    }
    assert!(
        !desk.path("rules/custom.yaml").exists(),
        "--print writes nothing"
    );
}

#[test]
fn duplicates_and_slips_are_refused_and_nothing_is_written() {
    let desk = Desk::demo();
    desk.expect(0, &["new", "segment", "Guests", "--client-type", "guest"]);
    let before = desk.read("rules/custom.yaml");
    let said = desk.expect(2, &["new", "segment", "Guests", "--client-type", "guest"]);
    assert!(said.err.contains("duplicate-id"), "{}", said.err);
    let said = desk.expect(2, &["new", "segment", "A", "--client-type", "memmber"]);
    assert!(said.err.contains("did you mean `member`?"), "{}", said.err);
    let said = desk.expect(2, &["new", "segment", "B", "--client-tipe", "member"]);
    assert!(
        said.err.contains("did you mean `--client-type`?"),
        "{}",
        said.err
    );
    let said = desk.expect(2, &["new", "segment", "C", "--day-of-week", "Saturday"]);
    assert!(said.err.contains("unknown-field-value"), "{}", said.err);
    assert_eq!(desk.read("rules/custom.yaml"), before);
}

#[test]
fn a_name_alone_is_everyone_active_with_a_warning() {
    let desk = Desk::demo();
    let said = desk.expect(0, &["new", "segment", "All of them"]);
    assert!(said.err.contains("warning: neither"), "{}", said.err);
    desk.expect(0, &["run", "--as-of", "2026-03-16"]);
    let active: i64 = desk
        .connection()
        .query_row("select count(*) from muster_scores", [], |row| row.get(0))
        .unwrap();
    assert_eq!(desk.size("all_of_them"), active);
}

#[test]
fn a_value_that_nobody_has_any_more_is_a_warning_of_check_and_no_error_overnight() {
    let desk = Desk::demo();
    desk.expect(0, &["new", "segment", "Guests", "--client-type", "guest"]);
    desk.sql("update clients set client_type = 'member' where client_type = 'guest'");
    let said = desk.expect(0, &["check"]);
    assert!(said.err.contains("warning[absent-value]"), "{}", said.err);
    assert!(
        said.err.contains("nobody has `guest` as `client_type`"),
        "{}",
        said.err
    );
    desk.expect(0, &["run", "--as-of", "2026-03-16"]);
    assert_eq!(desk.size("guests"), 0);
}

#[test]
fn namesakes_are_shown_with_their_keys() {
    let desk = Desk::ten_clients("segments:\n  - { id: all, name: All, when: yes }\n");
    desk.sql("update clients set name = 'Ann' where id in (3, 9)");
    let said = desk.expect(
        0,
        &["new", "segment", "Rare", "--when", "visits < 5", "--print"],
    );
    // The other one is not in the segment, and is called the same.
    assert!(said.err.contains("  Ann (3)\n"), "{}", said.err);
    assert!(said.err.contains("  Client 2\n"), "{}", said.err);
}
