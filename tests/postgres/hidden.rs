//! Rows that row-level security hides from a login are told of, as nothing else shows that they are missing.

use super::failures::world;

#[test]
fn hidden_rows_are_told_by_a_check_and_by_a_run() {
    let Some(world) = world("reader") else {
        return;
    };
    world.scratch.edit(
        "config.yaml",
        "guard: { moves: 20%, at_least: 1 }",
        "guard: off",
    );
    world
        .postgres
        .sql("ALTER TABLE visits ENABLE ROW LEVEL SECURITY");
    for command in ["check", "run"] {
        let said = world.scratch.expect(0, &[command]);
        let told = said.out + &said.err;
        assert!(
            told.contains(
                "warning[hidden-rows]: the database shows this login only the rows of `visits`"
            ),
            "{told}"
        );
        assert_eq!(told.matches("hidden-rows]").count(), 1, "{told}");
    }
    // Whoever sees all rows all the same.
    world.postgres.sql("ALTER ROLE reader BYPASSRLS");
    let told = world.scratch.expect(0, &["check"]);
    world.postgres.sql("ALTER ROLE reader NOBYPASSRLS");
    let told = told.out + &told.err;
    assert!(!told.contains("hidden-rows"), "{told}");
}
