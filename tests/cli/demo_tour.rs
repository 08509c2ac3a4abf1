//! The tour of the README.

use super::desk::Desk;

#[test]
fn the_demo_fills_all_fourteen_segments() {
    let desk = Desk::demo();
    let segments = desk.json(&["segments"]);
    let rows = segments.as_array().unwrap();
    let rows: Vec<_> = rows
        .iter()
        .filter(|row| !row["importance"].is_null())
        .collect();
    assert_eq!(rows.len(), 14);
    let clients: i64 = desk
        .connection()
        .query_row("select count(*) from clients", [], |row| row.get(0))
        .unwrap();
    for row in &rows {
        let size = row["size"].as_i64().unwrap();
        assert!(0 < size && size < clients, "{row}");
        assert_eq!(row["state"], "ok");
    }
    let weights: f64 = rows.iter().map(|r| r["weight"].as_f64().unwrap()).sum();
    assert!((weights - 1.0).abs() < 1e-9, "{weights}");
}

#[test]
fn size_list_and_export_are_one_truth() {
    let desk = Desk::demo();
    for row in desk.json(&["segments"]).as_array().unwrap() {
        let id = row["id"].as_str().unwrap();
        let size = usize::try_from(row["size"].as_i64().unwrap()).unwrap();
        let list = desk.json(&["clients", "--segment", id, "--limit", "100000"]);
        assert_eq!(list.as_array().unwrap().len(), size, "{id}");
        let export = desk.expect(0, &["export", id, "--format", "csv"]).out;
        let rows = csv::Reader::from_reader(export.trim_start_matches('\u{feff}').as_bytes())
            .records()
            .count();
        assert_eq!(rows, size, "{id}");
        let stored: i64 = desk
            .connection()
            .query_row(
                "select count(*) from muster_memberships where segment_id = ?",
                [id],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(stored, row["size"], "{id}");
    }
}

#[test]
fn the_client_list_is_by_score_then_alphabetical_with_tiles_by_importance() {
    let desk = Desk::demo();
    let page = desk.json(&["segments"]);
    let importance = |name: &str| {
        let mut rows = page.as_array().unwrap().iter();
        // A rung's title begins with its sign; rungs have no importance and come last.
        let row = rows.find(|row| row["segment"].as_str().unwrap().ends_with(name));
        row.unwrap()["importance"].as_i64().unwrap_or(-1)
    };
    let list = desk.json(&["clients", "--limit", "40"]);
    let rows = list.as_array().unwrap();
    assert_eq!(rows.len(), 40);
    for pair in rows.windows(2) {
        let (a, b) = (&pair[0], &pair[1]);
        let (x, y) = (a["score"].as_f64().unwrap(), b["score"].as_f64().unwrap());
        assert!(x >= y, "{a} before {b}");
        assert_eq!(a["rank"].as_i64().unwrap() + 1, b["rank"].as_i64().unwrap());
    }
    let tiles = rows[0]["segments"].as_array().unwrap();
    let order: Vec<i64> = tiles
        .iter()
        .map(|t| importance(t.as_str().unwrap()))
        .collect();
    assert!(
        order.len() > 1 && order.windows(2).all(|w| w[0] > w[1]),
        "{order:?}"
    );
}

#[test]
fn a_second_run_changes_nothing() {
    let desk = Desk::demo();
    let said = desk.expect(
        0,
        &["run", "--as-of", "2026-03-15T10:00:00", "--format", "json"],
    );
    let first: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let said = desk.expect(
        0,
        &["run", "--as-of", "2026-03-15T10:00:00", "--format", "json"],
    );
    let second: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    for (a, b) in first
        .as_array()
        .unwrap()
        .iter()
        .zip(second.as_array().unwrap())
    {
        assert_eq!(a["size"], b["size"]);
        assert_eq!((&b["entered"], &b["left"]), (&0.into(), &0.into()), "{b}");
    }
}

#[test]
fn status_tells_the_last_run() {
    let desk = Desk::demo();
    let status = desk.json(&["status"]);
    assert_eq!(status["last_published"]["status"], "published");
    let said = desk.expect(0, &["status"]);
    assert!(said.out.contains("published"), "{}", said.out);
}

#[test]
fn a_demo_never_touches_a_database_that_is_not_its_own() {
    let desk = Desk::shipped();
    std::fs::create_dir_all(desk.path("demo")).unwrap();
    let owner = desk.connection();
    owner
        .execute_batch(
            "create table clients (id integer primary key); insert into clients values (1)",
        )
        .unwrap();
    drop(owner);
    let before = std::fs::read(desk.path("demo/studio.db")).unwrap();
    let said = desk.muster(&["demo"]);
    assert!([2, 3].contains(&said.code), "{}", said.err);
    assert_eq!(before, std::fs::read(desk.path("demo/studio.db")).unwrap());
}

#[test]
fn a_demo_in_an_empty_folder_brings_its_project() {
    let desk = Desk::empty();
    let said = desk.expect(0, &["demo", "--date", "2026-03-15"]);
    assert!(said.err.contains("wrote config.yaml"), "{}", said.err);
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    for pattern in ["config.yaml", "rules/**/*.yaml", "schema/*.json"] {
        let files = glob::glob(root.join(pattern).to_str().unwrap()).unwrap();
        let files: Vec<_> = files.map(Result::unwrap).collect();
        assert!(!files.is_empty(), "{pattern}");
        for file in files {
            let name = file.strip_prefix(root).unwrap();
            let shipped = std::fs::read_to_string(&file).unwrap();
            let written = std::fs::read_to_string(desk.folder().join(name)).unwrap();
            assert!(shipped == written, "{}", name.display());
        }
    }
    desk.expect(0, &["check"]);
    desk.expect(0, &["test"]);
    let again = desk.expect(0, &["demo", "--date", "2026-03-15"]);
    assert!(!again.err.contains("wrote"), "{}", again.err);
    // As if the first one had been stopped.
    for missing in ["config.yaml", "rules/rfm.yaml"] {
        std::fs::remove_file(desk.path(missing)).unwrap();
    }
    let again = desk.expect(0, &["demo", "--date", "2026-03-15"]);
    let wrote: Vec<&str> = again.err.lines().filter(|l| l.contains("wrote")).collect();
    assert_eq!(wrote, ["wrote rules/rfm.yaml", "wrote config.yaml"]);
}

#[test]
fn a_demo_replaces_no_file_and_makes_up_no_named_config() {
    for name in [
        "rules/rfm.yaml",
        "rules/mine.yaml",
        "schema/rules.schema.json",
    ] {
        let desk = Desk::empty();
        desk.write(name, "mine");
        let said = desk.expect(2, &["demo"]);
        let words = format!("{name} is not the demo's");
        assert!(said.err.contains(&words), "{}", said.err);
        assert_eq!(std::fs::read_to_string(desk.path(name)).unwrap(), "mine");
        assert!(!desk.path("config.yaml").exists());
    }
    let desk = Desk::empty();
    desk.expect(2, &["demo", "--config", "shop.yaml"]);
    assert_eq!(std::fs::read_dir(desk.folder()).unwrap().count(), 0);
}
