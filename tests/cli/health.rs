//! The health score on the demo: every command tells the same number and the same words.

use std::collections::HashMap;

use serde_json::Value;

use super::desk::Desk;

fn by_key(list: &Value) -> HashMap<String, &Value> {
    let rows = list.as_array().unwrap().iter();
    rows.map(|row| (row["key"].to_string(), row)).collect()
}

#[test]
fn lists_exports_and_explanations_agree() {
    let desk = Desk::demo();
    let segment = "decreasing_frequency";
    let clients = desk.json(&["clients", "--segment", segment, "--limit", "1000"]);
    let health = desk.json(&["health", "--segment", segment, "--limit", "1000"]);
    let (clients, at_risk) = (by_key(&clients), by_key(&health));
    assert!(clients.len() > 50);
    assert_eq!(clients.len(), at_risk.len());
    for (key, client) in &clients {
        assert_eq!(client["health"], at_risk[key]["health"], "{key}");
        assert_eq!(client["reasons"], at_risk[key]["reasons"], "{key}");
    }
    let scores = health.as_array().unwrap().iter();
    let scores: Vec<f64> = scores.map(|row| row["health"].as_f64().unwrap()).collect();
    assert!(scores.is_sorted(), "lowest first");

    let columns = ["--columns", "id,health,reasons", "--format", "jsonl"];
    let exported = desk.expect(0, &[&["export", segment][..], &columns].concat());
    for line in exported.out.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let listed = clients[&row["id"].to_string()];
        assert_eq!(
            (&row["health"], &row["reasons"]),
            (&listed["health"], &listed["reasons"])
        );
    }

    let page = desk.json(&["segments"]);
    let row = page
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["id"] == segment)
        .unwrap();
    let average = scores.iter().sum::<f64>() / scores.len() as f64;
    assert!((row["ahs"].as_f64().unwrap() - average).abs() < 1e-9);

    let worst = &health[0];
    let why = desk.json(&["explain", &worst["key"].to_string()]);
    assert_eq!(why["health"]["score"], worst["health"]);
    let reasons = why["health"]["reasons"].as_array().unwrap().iter();
    let reasons: Vec<&str> = reasons.map(|reason| reason.as_str().unwrap()).collect();
    assert_eq!(reasons.join("; "), worst["reasons"].as_str().unwrap());
}

#[test]
fn the_reasons_read_like_a_person_wrote_them() {
    let desk = Desk::demo();
    let list = desk.json(&["health", "--everyone", "--limit", "5000"]);
    let mut heard = [false; 5];
    for row in list.as_array().unwrap() {
        let Some(reasons) = row["reasons"].as_str() else {
            let health = row["health"].as_f64();
            assert!(health.is_none_or(|health| health > 99.9), "{row}");
            continue;
        };
        for odd in [
            "{", "}", "|", "#", "missing", ".0 ", "  ", " ,", " 1 days", " 0 days", "-",
        ] {
            assert!(!reasons.contains(odd), "`{odd}` in {reasons}");
        }
        for (heard, words) in heard.iter_mut().zip([
            "; usually comes every ",
            "no visits in the last 30 days, ",
            "package ends in ",
            " bookings in the last 60 days",
            "complained once in the last 90 days (about ",
        ]) {
            *heard |= reasons.contains(words);
        }
    }
    assert_eq!(heard, [true; 5]);
}

#[test]
fn those_lost_long_ago_are_listed_only_if_asked_for() {
    let desk = Desk::demo();
    let said = desk.expect(0, &["health", "--limit", "10000", "--format", "csv"]);
    assert!(said.err.contains("`--everyone` lists all"), "{}", said.err);
    assert!(
        said.err.contains("run 1, as of 03/15/2026 00:00 EDT"),
        "{}",
        said.err
    );
    let all = desk.expect(
        0,
        &[
            "health",
            "--everyone",
            "--limit",
            "10000",
            "--format",
            "csv",
        ],
    );
    let came = "select count(distinct client_id) from visits join clients on clients.id = client_id
                where closed_on is null and attended_at >= '2025-12-15' and attended_at < '2026-03-15'";
    let came: i64 = desk
        .connection()
        .query_row(came, [], |row| row.get(0))
        .unwrap();
    assert!(
        came.abs_diff(said.out.lines().count() as i64 - 1) < 5,
        "{came}"
    );
    let active = desk.json(&["clients", "--all"]);
    assert_eq!(
        all.out.lines().count() - 1,
        active.as_array().unwrap().len()
    );
    assert!(came < active.as_array().unwrap().len() as i64, "{came}");
    let few = desk.expect(0, &["health", "--limit", "3", "--format", "jsonl"]);
    assert_eq!(few.out.lines().count(), 3);
}

#[test]
fn a_score_stands_in_conditions_and_is_refused_where_it_cannot() {
    let desk = Desk::demo();
    desk.write(
        "rules/health.yaml",
        "segments:\n  - { id: poorly, name: Poorly, when: health < 40 and exists(visits in last 90 days) }\n",
    );
    desk.expect(0, &["run", "--as-of", "2026-03-15"]);
    let members = desk.json(&["health", "--segment", "poorly", "--limit", "5000"]);
    let members = members.as_array().unwrap();
    assert_eq!(members.len() as i64, desk.size("poorly"));
    assert!(
        members
            .iter()
            .all(|row| row["health"].as_f64().unwrap() < 40.0)
    );
    let key = members[0]["key"].to_string();
    let why = desk.expect(0, &["explain", &key, "poorly"]);
    let figure = format!("✓ health {} < 40", members[0]["health"]);
    assert!(
        why.out.contains(&figure.replace(".0 <", " <")),
        "{}",
        why.out
    );

    let said = desk.expect(2, &["health", "--segment", "porly"]);
    assert!(said.err.contains("did you mean `poorly`?"), "{}", said.err);
    let config = desk.read("config.yaml");
    let (before, after) = config.split_once("\nhealth:").unwrap();
    let (_, after) = after.split_once("\nexport:").unwrap();
    desk.write("config.yaml", format!("{before}\nexport:{after}"));
    let said = desk.expect(2, &["health"]);
    assert!(said.err.contains("defines no health score"), "{}", said.err);
    let said = desk.expect(2, &["check"]);
    assert!(
        said.err.contains("nothing is called `health`"),
        "{}",
        said.err
    );
}
