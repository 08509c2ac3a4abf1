//! Servers that write their messages in another language: what an error means does not depend on its words.

use super::failures::{World, slow_visits, world};

/// A world whose server speaks German to a role; `None` where it cannot.
fn german(role: &str) -> Option<World> {
    let world = world(role)?;
    let database = &world.postgres.database;
    world.postgres.sql(&format!(
        "DO $$ BEGIN
             ALTER ROLE {role} IN DATABASE {database} SET lc_messages = 'de_DE.UTF-8';
         EXCEPTION WHEN invalid_parameter_value THEN NULL;
         END $$"
    ));
    let is_set =
        "SELECT count(*) FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
                  WHERE d.datname = current_database() AND s.setconfig::text LIKE '%lc_messages%'";
    if world.postgres.sql(is_set) == "0" {
        eprintln!("skipped: the server does not know the locale de_DE.UTF-8");
        return None;
    }
    Some(world)
}

#[test]
fn a_statement_that_takes_too_long_is_told() {
    let Some(world) = german("slow") else {
        return;
    };
    slow_visits(&world);
    world.run(
        3,
        &[
            "Zeitüberschreitung",
            "ALTER ROLE slow SET statement_timeout",
        ],
    );
}

#[test]
fn rules_that_have_become_too_slow_do_not_block_those_that_replace_them() {
    let Some(world) = german("slow") else {
        return;
    };
    slow_visits(&world);
    world.scratch.rules(
        "segments:\n  - { id: here, when: id > 0 }\n  - { id: named, when: city is missing }\n",
    );
    let told = world.scratch.expect(0, &["run", "--accept"]).err;
    assert!(
        told.contains("the rules of run 1 can no longer be evaluated"),
        "{told}"
    );
}

#[test]
fn a_role_without_row_security_is_told_how_it_gets_it_back() {
    let Some(world) = german("quick") else {
        return;
    };
    world.postgres.sql(&format!(
        "ALTER TABLE visits ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON visits USING (true);
         ALTER ROLE quick IN DATABASE {} SET row_security = off",
        world.postgres.database
    ));
    world.run(1, &["often", "ALTER ROLE quick RESET row_security"]);
}

#[test]
fn a_right_that_is_missing_is_told_in_general() {
    let Some(world) = german("reader") else {
        return;
    };
    world.postgres.sql(
        "CREATE FUNCTION same(int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN $1; END';
         REVOKE EXECUTE ON FUNCTION same FROM PUBLIC;
         ALTER TABLE visits RENAME TO all_visits;
         CREATE VIEW visits AS SELECT id, same(client_id) AS client_id, at FROM all_visits;
         GRANT SELECT ON visits TO reader",
    );
    world.run(
        1,
        &["often", "keine Berechtigung", "GRANT EXECUTE ON FUNCTION …"],
    );
}
