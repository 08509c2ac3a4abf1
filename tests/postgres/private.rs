//! What the server says of an error may quote anybody's data: none of it is shown, stored or published, and whatever a view fails
//! by concerns only what reads it.

use super::failures::{World, world};
use crate::support::database::query;

/// What a view computes of a text that is somebody's, and the SQLSTATE that it fails with.
const FAILING: [(&str, &str); 20] = [
    ("note::regclass", "3F000"),
    ("('x' || id || 'eve')::regclass", "42P01"),
    ("note::regproc", "3F000"),
    ("note::regtype", "42601"),
    ("nextval(note)", "3F000"),
    ("current_setting(note)", "42704"),
    ("set_config(note, 'x', false)", "42602"),
    ("to_tsquery(note || ' & (')", "42601"),
    ("query_to_xml(note, true, true, '')", "42601"),
    (
        "query_to_xml('select ' || replace(note, '@', ''), true, true, '')",
        "42P01",
    ),
    (
        "jsonb_path_query_first('1', ('$.' || note)::jsonpath)",
        "42601",
    ),
    ("make_date(id, 99, id)", "22008"),
    ("note::int", "22P02"),
    ("(note || ' 12')::date", "22007"),
    ("xpath('//' || note, '<a/>'::xml)", "XX000"),
    ("repeat(note, 2000000000)", "54000"),
    ("array_fill(id, array[id, -1])", "54000"),
    ("pg_read_file(note)", "42501"),
    ("lo_get(id)", "42704"),
    ("note::timestamp", "22007"),
];

/// A view over texts that are somebody's.
fn with_notes() -> Option<World> {
    let world = world("reader")?;
    world.postgres.sql(
        "ALTER TABLE visits RENAME TO all_visits; ALTER TABLE all_visits ADD note text;
         UPDATE all_visits SET note = 'eve' || id || '@x.de'",
    );
    Some(world)
}

fn reads(world: &World, expression: &str) {
    world.postgres.sql(&format!(
        "DROP VIEW IF EXISTS visits; GRANT SELECT ON all_visits TO reader;
         CREATE VIEW visits AS SELECT id, client_id, CASE WHEN ({expression})::text = 'x' THEN NULL ELSE at END AS at FROM all_visits;
         GRANT SELECT ON visits TO reader"
    ));
}

/// All that is told and kept.
fn told(world: &World) -> String {
    let shown = [
        ["segments", "--format", "json"],
        ["status", "--format", "json"],
        ["log", "--format", "json"],
    ]
    .map(|command| world.scratch.muster(&command).out);
    let results = world.scratch.path("results.db");
    let kept = query(
        &results,
        "select coalesce(reason, '') from muster_segments union all select coalesce(message, '') from muster_runs",
    );
    shown.concat() + &kept.concat()
}

#[test]
fn whatever_a_view_fails_by_quotes_nobody_and_concerns_what_reads_it() {
    let Some(world) = with_notes() else {
        return;
    };
    for (expression, code) in FAILING {
        reads(&world, expression);
        let words = match code {
            // Of a function that there is, rights are told.
            "42501" => "GRANT EXECUTE".to_owned(),
            code => format!("SQLSTATE {code}"),
        };
        world.run(1, &["often", &words]);
        let told = told(&world);
        assert!(told.contains(&words), "{expression}: {told}");
        for of_data in ["eve", "@x", "1-99", "x.de"] {
            assert!(!told.contains(of_data), "{expression}: {told}");
        }
    }
}

#[test]
fn what_names_objects_of_the_catalogue_is_told_in_the_words_of_the_server() {
    let Some(world) = with_notes() else {
        return;
    };
    world.postgres.sql(
        "CREATE MATERIALIZED VIEW visits AS SELECT id, client_id, at FROM all_visits WITH NO DATA; GRANT SELECT ON visits TO reader",
    );
    world.run(1, &["often", "\"visits\" has not been populated"]);
    world.postgres.sql("REVOKE SELECT ON visits FROM reader");
    world.run(1, &["permission denied", "visits", "GRANT SELECT"]);
}

#[test]
fn functions_that_a_role_finds_first_do_not_take_the_place_of_the_servers() {
    let Some(world) = world("quick") else {
        return;
    };
    let database = &world.postgres.database;
    world.postgres.sql(&format!(
        "CREATE SCHEMA evil; GRANT USAGE ON SCHEMA evil TO quick;
         CREATE FUNCTION evil.current_setting(text) RETURNS text LANGUAGE sql AS 'SELECT ''1''::text';
         CREATE FUNCTION evil.pg_table_is_visible(oid) RETURNS boolean LANGUAGE sql AS 'SELECT false';
         ALTER ROLE quick IN DATABASE {database} SET search_path = evil, pg_catalog, public"
    ));
    world.scratch.expect(0, &["run"]);
    assert_eq!(world.members(), ["here 9", "named 9", "often 9"]);
    world.postgres.sql(&format!(
        "ALTER ROLE quick IN DATABASE {database} RESET search_path"
    ));
}
