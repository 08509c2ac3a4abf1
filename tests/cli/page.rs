//! The segments page, its history and moves, and exports.

use super::desk::Desk;

#[test]
fn values_are_those_of_the_members() {
    let desk = Desk::demo();
    let page = desk.json(&["segments"]);
    let database = desk.connection();
    for row in page.as_array().unwrap() {
        let id = row["id"].as_str().unwrap();
        let (size, paid): (i64, Option<f64>) = database
            .query_row(
                "select count(distinct m.subject_key), round(sum(p.amount), 2)
                 from muster_memberships m left join payments p
                      on p.client_id = m.subject_key and p.paid_at < '2026-03-15'
                 where m.segment_id = ?",
                [id],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .unwrap();
        assert_eq!(row["size"], size, "{id}");
        assert_eq!(row["contacts"], size, "{id}");
        let total = row["total_value"].as_f64().unwrap();
        assert!(
            (total - paid.unwrap_or(0.0)).abs() < 0.005,
            "{id}: {total} and {paid:?}"
        );
        let each = row["acv"].as_f64().unwrap();
        assert!(
            (each * size as f64 - total).abs() < 0.01 * size as f64,
            "{id}"
        );
    }
}

#[test]
fn an_empty_segment_has_no_values_but_its_size() {
    let desk = Desk::demo();
    desk.write("rules/none.yaml", "segments: [{ id: nobody, when: no }]\n");
    desk.expect(0, &["run", "--as-of", "2026-03-16"]);
    let page = desk.json(&["segments"]);
    let rows = page.as_array().unwrap();
    let row = rows.iter().find(|row| row["id"] == "nobody").unwrap();
    assert_eq!(row["size"], 0);
    for value in ["acv", "aov", "aof"] {
        assert!(row[value].is_null(), "{value}: {row}");
    }
}

#[test]
fn everyone_with_a_purchase_stands_on_exactly_one_rung() {
    let desk = Desk::demo();
    let (buyers, standing, twice): (i64, i64, i64) = desk
        .connection()
        .query_row(
            "with rungs(id) as (values ('champion'), ('loyalist'), ('potential_loyalist'), ('new'),
                 ('need_attention'), ('at_risk'), ('hibernating'), ('lost')),
             standing as (select subject_key, count(*) as n from muster_memberships
                          where segment_id in (select id from rungs) group by subject_key)
             select (select count(*) from muster_scores s where exists (select 1 from payments p
                     where p.client_id = s.subject_key and p.amount > 0 and p.paid_at < '2026-03-15')),
                    (select count(*) from standing), (select count(*) from standing where n > 1)",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .unwrap();
    assert!(buyers > 500, "{buyers}");
    assert_eq!((standing, twice), (buyers, 0));
}

#[test]
fn the_legend_explains_every_value() {
    let desk = Desk::demo();
    let legend = desk.json(&["segments", "--legend"]);
    let page = desk.json(&["segments"]);
    for value in legend.as_array().unwrap() {
        assert!(value["description"].as_str().unwrap().len() > 10, "{value}");
        assert!(
            page[0].get(value["id"].as_str().unwrap()).is_some(),
            "{value}"
        );
    }
}

#[test]
fn history_and_moves_tell_what_changed_between_runs() {
    let desk = Desk::demo();
    desk.sql(
        "update payments set paid_at = datetime(paid_at, '-400 days') where client_id in
             (select subject_key from muster_memberships where segment_id = 'champion' limit 20)",
    );
    desk.expect(0, &["run", "--as-of", "2026-03-16"]);
    let history = desk.json(&["segments", "--history", "champion"]);
    let points = history.as_array().unwrap();
    assert_eq!(points.len(), 2);
    assert_eq!(points[1]["size"], desk.size("champion"));
    let said = desk.expect(0, &["segments", "--history", "champion"]);
    assert!(
        said.out.contains('▁') && said.out.contains('█'),
        "{}",
        said.out
    );
    let moves = desk.json(&["segments", "--moves"]);
    let total: i64 = moves
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|row| row.as_object().unwrap().values())
        .filter_map(serde_json::Value::as_i64)
        .sum();
    let moved: i64 = desk
        .connection()
        .query_row(
            "select count(distinct subject_key) from muster_movements where run_id = 2 and segment_id in
             ('champion', 'loyalist', 'potential_loyalist', 'new', 'need_attention', 'at_risk',
              'hibernating', 'lost')",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert!(moved > 0);
    assert_eq!(total, moved);
}

#[test]
fn exports_have_chosen_columns_labels_and_the_locale_of_config() {
    let desk = Desk::demo();
    let columns = "id,name,studio.name,visits_30d,score,entered_at";
    let said = desk.expect(0, &["export", "champion", "--columns", columns]);
    let head = said.out.lines().next().unwrap();
    assert!(
        head.ends_with("studio.name,visits_30d,score,entered_at"),
        "{head}"
    );
    assert_eq!(said.out.lines().count() as i64, desk.size("champion") + 1);
    desk.edit("config.yaml", "locale: en-US", "locale: de-DE");
    let said = desk.expect(0, &["export", "champion", "--columns", columns]);
    let row = said.out.lines().nth(1).unwrap();
    assert_eq!(row.matches(';').count(), 5, "{row}");
    let raw = desk.expect(
        0,
        &[
            "export",
            "champion",
            "--columns",
            columns,
            "--format",
            "jsonl",
        ],
    );
    let raw: serde_json::Value = serde_json::from_str(raw.out.lines().next().unwrap()).unwrap();
    assert!(
        raw["id"].is_i64() && raw["score"].is_f64() || raw["score"].is_i64(),
        "{raw}"
    );
    let said = desk.expect(2, &["export", "champion", "--columns", "id,visits_3d"]);
    assert!(
        said.err.contains("--columns") && said.err.contains("visits_30d"),
        "{}",
        said.err
    );
}

#[test]
fn a_file_is_whole_marked_and_without_formulas() {
    let desk = Desk::demo();
    let key = desk.client("true");
    desk.sql(&format!(
        "update clients set name = '=cmd|''/c calc''!A1', phone = '+49 30 1234' where id = {key}"
    ));
    desk.expect(0, &["run", "--as-of", "2026-03-16"]);
    let columns = "id,name,phone";
    desk.expect(
        0,
        &["export", "--all", "--columns", columns, "--out", "all.csv"],
    );
    let file = desk.read("all.csv");
    assert!(file.starts_with('\u{feff}'));
    let row = format!("{key},'=cmd|'/c calc'!A1,+49 30 1234");
    assert!(
        file.lines().any(|line| line == row),
        "{row} is not in {file}"
    );
    let said = desk.expect(3, &["export", "--all", "--out", "no/such/folder/a.csv"]);
    assert!(
        said.err.contains("cannot write no/such/folder/a.csv"),
        "{}",
        said.err
    );
    // The file that it would have been written into is no business of anybody's.
    assert!(!said.err.contains(".part"), "{}", said.err);
}
