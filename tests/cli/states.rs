//! Which rows count by what a column says of them, and how `init` tells it: each value, with its rows.

use std::fmt::Write;

use super::desk::Desk;

/// Bookings of ten people, each with one of these values in a column, in turn; what `init` said, and the config.
fn started(column: &str, values: &[&str]) -> (String, String) {
    let desk = Desk::empty();
    let (mut people, mut rows) = (
        "client_id,name\n".to_owned(),
        format!("booking_id,client_id,booked_at,{column}\n"),
    );
    for n in 1..=10 {
        let _ = writeln!(people, "{n},Client {n}");
    }
    for n in 0..60 {
        let value = values[n % values.len()];
        let _ = writeln!(
            rows,
            "{n},{},2026-05-{:02} 10:00,{value}",
            1 + n % 10,
            1 + n % 28
        );
    }
    desk.write("x/clients.csv", people);
    desk.write("x/bookings.csv", rows);
    let said = desk.expect(0, &["init", "x"]).out;
    let lines = said.lines();
    let told = lines.filter(|line| line.starts_with("bookings: "));
    let told = told.collect::<String>();
    let config = desk.read("config.yaml");
    desk.expect(0, &["check"]);
    desk.expect(0, &["run", "--as-of", "2026-06-01"]);
    (told, config)
}

/// Who came is whoever is said to have come; an abbreviation, a cross and nothing at all are what they are.
#[test]
fn who_came_is_a_list_of_what_says_so() {
    let values = [
        "ja", "Ja", "x", "ja", "ja", "x", "late", "nein", "entsch.", "",
    ];
    let (told, config) = started("anwesend", &values);
    let condition = "anwesend in (\"Ja\", \"ja\", \"late\", \"x\")";
    assert!(
        config.contains(&format!("where: '{condition}'")),
        "{config}"
    );
    let told_so = format!(
        "counted where {condition} (leaves out about 30%); by `anwesend`: `ja` (18 rows), `x` (12), `Ja` (6), `late` (6) count, \
         and `entsch.` (6 rows), `nein` (6), empty (6) do not"
    );
    assert!(told.contains(&told_so), "{told}");
    // Where there is only a yes and a no, what does not count is named.
    let (_, config) = started("anwesend", &["ja", "ja", "nein"]);
    assert!(config.contains("where: 'anwesend != \"nein\"'"), "{config}");
}

#[test]
fn abbreviated_states_do_not_count() {
    let (told, config) = started("status", &["bezahlt", "storn.", "bezahlt", "erst."]);
    assert!(config.contains("where: 'status != \"storn.\"'"), "{config}");
    assert!(
        told.contains(
            "by `status`: `bezahlt` (30 rows), `erst.` (15) count, and `storn.` (15 rows) do not"
        ),
        "{told}"
    );
}

#[test]
fn a_flag_may_have_a_third_value() {
    let (told, config) = started("confirmed", &["yes", "no", "pending", "yes", "yes"]);
    assert!(config.contains("where: 'confirmed = \"yes\"'"), "{config}");
    assert!(
        told.contains(
            "by `confirmed`: `yes` (36 rows) count, and `no` (12 rows), `pending` (12) do not"
        ),
        "{told}"
    );
    // A cross is a yes, and nothing a no.
    let (_, config) = started("bezahlt,price", &["x,5", "x,5", ",5"]);
    assert!(config.contains("where: 'bezahlt = \"x\"'"), "{config}");
    let (_, config) = started("deleted", &["0", "0", "0", "1", "2"]);
    assert!(config.contains("where: 'deleted = 0'"), "{config}");
    // Most rows are hardly left out on purpose: what the line would say is told.
    let (told, config) = started("deleted", &["0", "1", "2"]);
    assert!(config.contains("# where: deleted = 0 "), "{config}");
    assert!(
        told.contains(
            "by `deleted`: `0` (20 rows) would count, and `1` (20 rows), `2` (20) would not"
        ),
        "{told}"
    );
}

#[test]
fn what_decides_nothing_is_told() {
    let (told, _) = started("status", &["walk-in", "online"]);
    assert!(
        told.contains("counted whatever `status` says: `online` (30 rows), `walk-in` (30)"),
        "{told}"
    );
    let (told, _) = started("status", &["online"]);
    assert!(!told.contains("whatever"), "{told}");
}

/// Flags of invoices are feminine in French, and inflected in German.
#[test]
fn flags_are_known_in_each_gender() {
    for column in [
        "Annulée",
        "Est annulée",
        "Annulation",
        "Supprimée",
        "Remboursée",
        "Stornierte",
        "Annullata",
    ] {
        let (_, config) = started(column, &["NON", "NON", "OUI", "NON"]);
        assert!(config.contains(" != \"OUI\"'"), "{column}\n{config}");
    }
}

/// What a column holds says what it is, where its name does not.
#[test]
fn states_are_known_by_their_values() {
    for column in ["Outcome", "Result", "Résultat", "Note"] {
        let (_, config) = started(
            column,
            &[
                "attended",
                "attended",
                "DNA",
                "attended",
                "cancelled",
                "no show",
                "attended",
            ],
        );
        let condition = format!("{column} not in (\"DNA\", \"cancelled\", \"no show\")");
        assert!(
            config.contains(&format!("where: '{condition}'")),
            "{config}"
        );
    }
    let (_, config) = started(
        "reason",
        &["cancelled", "no show", "holiday", "illness", "other"],
    );
    assert!(!config.contains("where:"), "{config}");
}

/// What was paid back is below zero and takes from what was paid: it counts.
#[test]
fn refunds_below_zero_count() {
    let values = ["100,paid", "100,paid", "-80,refunded", "100,cancelled"];
    let (told, config) = started("amount,status", &values);
    assert!(
        config.contains("where: 'status != \"cancelled\"'"),
        "{config}"
    );
    assert!(told.contains("`refunded` (15)"), "{told}");
}
