//! `explain`: the reason with real values.

use super::desk::Desk;

#[test]
fn the_tree_shows_the_value_of_each_part() {
    let desk = Desk::demo();
    let list = desk.json(&["clients", "--segment", "expiring_packages", "--limit", "1"]);
    let key = list[0]["key"].to_string();
    let said = desk.expect(0, &["explain", &key, "expiring_packages"]);
    assert!(
        said.out
            .contains("Expiring Packages Segment (expiring_packages): yes"),
        "{}",
        said.out
    );
    assert!(said.out.contains("✓"), "{}", said.out);
    assert!(said.out.contains("≥ 75%"), "{}", said.out);
}

#[test]
fn explain_agrees_with_the_stored_memberships_for_everyone_on_top() {
    let desk = Desk::demo();
    for client in desk.json(&["clients", "--limit", "15"]).as_array().unwrap() {
        let why = desk.json(&["explain", &client["key"].to_string()]);
        let told: Vec<&str> = why["segments"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|s| s["member"] == true)
            .map(|s| s["name"].as_str().unwrap())
            .collect();
        let mut stored: Vec<&str> = client["segments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|s| s.as_str().unwrap())
            .collect();
        assert_eq!(told.len(), stored.len(), "{client}");
        stored.retain(|name| !told.contains(name));
        assert!(stored.is_empty(), "{client}: {stored:?}");
        for segment in why["segments"].as_array().unwrap() {
            let holds = &segment["condition"]["holds"];
            // A rung above may have taken those for whom a rung's own condition holds, and the last
            // rung takes the rest.
            if segment["condition"].is_object() && segment["taken_by"].is_null() {
                assert_eq!(segment["member"] == true, holds == true, "{segment}");
            }
        }
    }
}

#[test]
fn an_unknown_answer_names_what_is_missing() {
    let desk = Desk::demo();
    let lead = desk.client("id not in (select client_id from packages)");
    let said = desk.expect(0, &["explain", &lead.to_string(), "expiring_packages"]);
    assert!(said.out.contains("unknown, because"), "{}", said.out);
    assert!(said.out.contains("missing"), "{}", said.out);
}

#[test]
fn nobody_and_no_segment_are_told() {
    let desk = Desk::demo();
    let said = desk.expect(2, &["explain", "no such person"]);
    assert!(
        said.err.contains("nobody has the key or name"),
        "{}",
        said.err
    );
    let said = desk.expect(2, &["explain", "1", "expiring_package"]);
    assert!(
        said.err.contains("did you mean `expiring_packages`?"),
        "{}",
        said.err
    );
}

/// What a client's rows are compared with is told with its value.
#[test]
fn what_rows_are_compared_with_is_told() {
    let desk = Desk::demo();
    let rules = "metrics:\n  bought: last(packages).purchased_at\nsegments:\n  - id: since\n    name: Since\n    when: |\n      \
                 count(visits where at > max(packages.purchased_at)) >= 0 and count(visits where at > bought) >= 0\n";
    desk.write("rules/since.yaml", rules);
    let key = desk.client("id in (select client_id from packages)");
    let said = desk.expect(0, &["explain", &key.to_string(), "since"]);
    assert!(
        said.out.contains("(with max(packages.purchased_at) 20"),
        "{}",
        said.out
    );
    assert!(said.out.contains("bought"), "{}", said.out);
}
