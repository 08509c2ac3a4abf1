//! Bad input: told clearly, nothing lost.

use super::desk::Desk;

#[test]
fn a_wrong_rule_is_refused_and_the_results_stay() {
    let desk = Desk::demo();
    let before = std::fs::read(desk.path("demo/studio.db")).unwrap();
    desk.edit(
        "rules/engagement.yaml",
        "visits_30d < 50%",
        "visits_30dd < 50%",
    );
    for command in [&["check"][..], &["run"], &["explain", "1"]] {
        let said = desk.expect(2, command);
        assert!(said.err.contains("unknown-name"), "{}", said.err);
        assert!(said.err.contains("visits_30d`"), "{}", said.err);
        assert!(said.err.contains("rules/engagement.yaml:"), "{}", said.err);
    }
    assert_eq!(before, std::fs::read(desk.path("demo/studio.db")).unwrap());
}

#[test]
fn all_findings_come_at_once_and_as_json() {
    let desk = Desk::demo();
    desk.edit(
        "rules/engagement.yaml",
        "visits_30d < 50%",
        "visits_30dd < 50%",
    );
    desk.edit("rules/engagement.yaml", "within network", "within netwrok");
    desk.edit("config.yaml", "missed: run_once", "missed: run_onze");
    let said = desk.expect(2, &["check", "--format", "json"]);
    let findings: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(findings[0]["code"], "invalid-value", "{findings}");
    desk.edit("config.yaml", "missed: run_onze", "missed: run_once");
    let said = desk.expect(2, &["check", "--format", "json"]);
    let findings: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let codes: Vec<&str> = findings
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["code"].as_str().unwrap())
        .collect();
    assert!(
        codes.contains(&"unknown-name") && codes.contains(&"unknown-scope"),
        "{codes:?}"
    );
}

#[test]
fn a_dropped_table_makes_stale_only_what_uses_it() {
    let desk = Desk::demo();
    let before = desk.json(&["segments"]);
    desk.sql("drop table payments");
    let said = desk.expect(
        1,
        &["run", "--as-of", "2026-03-15T21:00:00", "--format", "json"],
    );
    let rows: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let stale: Vec<&str> = rows
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["state"] != "ok")
        .map(|row| row["id"].as_str().unwrap())
        .collect();
    let by_payments = [
        "high_spend",
        "champion",
        "loyalist",
        "potential_loyalist",
        "new",
        "need_attention",
        "at_risk",
        "hibernating",
        "lost",
    ];
    assert_eq!(stale, by_payments);
    let size = |rows: &serde_json::Value| {
        let rows = rows.as_array().unwrap();
        rows.iter().find(|r| r["id"] == "high_spend").unwrap()["size"].clone()
    };
    assert_eq!(size(&before), size(&rows), "its last good members stay");
}

#[test]
fn no_database_is_a_wrong_world() {
    let desk = Desk::shipped();
    for command in [
        &["run"][..],
        &["check"],
        &["clients"],
        &["segments"],
        &["status"],
    ] {
        let said = desk.expect(3, command);
        assert!(said.err.contains("studio.db"), "{}", said.err);
    }
}

#[test]
fn nothing_published_yet_is_said() {
    let desk = Desk::demo();
    desk.sql("drop table muster_migrations; drop table muster_runs; drop table muster_segments; drop table muster_memberships; drop table muster_movements; drop table muster_scores; drop table muster_metrics; drop table muster_columns");
    let said = desk.muster(&["clients"]);
    assert_eq!(said.code, 2, "{}", said.err);
    assert!(said.err.contains("muster run"), "{}", said.err);
}

#[test]
fn codes_are_explained() {
    let desk = Desk::empty();
    let said = desk.expect(0, &["check", "--explain", "circle"]);
    assert!(said.out.starts_with("# "), "{}", said.out);
    let said = desk.expect(2, &["check", "--explain", "circel"]);
    assert!(said.err.contains("did you mean `circle`?"), "{}", said.err);
}

#[test]
fn a_reader_who_goes_away_is_no_error() {
    let desk = Desk::demo();
    let csv = &["clients", "--all", "--format", "csv"][..];
    let client = desk.client("true").to_string();
    let commands = [
        &["explain", &client][..],
        &["segments"],
        &["status"],
        &["export", "--all"],
        csv,
    ];
    for command in commands {
        let mut child = desk
            .command(command)
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{command:?}\n{said}");
        assert!(!said.contains("panicked"), "{said}");
    }
}

#[test]
fn a_text_that_no_row_has_is_told_with_those_there_are() {
    let desk = Desk::demo();
    let said = desk.expect(0, &["check"]);
    assert!(!said.err.contains("warning"), "{}", said.err);
    let rules = "metrics:\n  gone: count(reservations where status = \"canceled\")\n\
                 segments:\n  - { id: members, when: 'client_type in (\"member\", \"Member\")' }\n  \
                 - { id: elsewhere, when: studio.name != \"Nowhere at all\" and name = \"Ada\" }\n  \
                 - { id: beside, filter: { segments: members }, when: 'name = \"Ada\" and client_type = \"mumber\"' }\n";
    desk.write("rules/texts.yaml", rules);
    let said = desk.expect(0, &["check"]);
    assert_eq!(
        said.err.matches("warning[absent-value]").count(),
        4,
        "{}",
        said.err
    );
    for told in [
        "no row of `clients` has `mumber` as its `client_type`",
        "no row of `reservations` has `canceled` as its `status`",
        "no row of `clients` has `Member` as its `client_type`",
        "no row of `studios` has `Nowhere at all` as its `name`",
        "did you mean `cancelled`?",
        "rules/texts.yaml:4:53",
    ] {
        assert!(said.err.contains(told), "{told}: {}", said.err);
    }
    // A report's condition is read like all others.
    let config = desk.read("config.yaml");
    let soho = "    # where: studio.name = \"Soho\"";
    assert!(config.contains(soho));
    desk.write(
        "config.yaml",
        config.replace(soho, "    where: studio.name = \"Sohoo\""),
    );
    let said = desk.expect(0, &["check"]);
    let sohoo = "no row of `studios` has `Sohoo` as its `name`";
    assert!(said.err.contains(sohoo), "{}", said.err);
    // Where there is nothing, nothing can be told of it.
    let _ = desk.connection().execute_batch("delete from reservations");
    assert!(!desk.expect(0, &["check"]).err.contains("canceled"));
}

#[test]
fn a_report_without_an_id_names_those_that_there_are() {
    let desk = Desk::demo();
    let said = desk.expect(2, &["report", "--dry-run"]).err;
    assert!(
        said.contains(
            "say which report is meant: config has `managers`; write `muster report managers --dry-run`"
        ),
        "{said}"
    );
}
