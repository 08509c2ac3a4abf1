//! Which states of a row say that it does not count.

use super::{PEOPLE, bestellungen, of, orders, start};

#[test]
fn german_states_say_what_does_not_count() {
    let start = start(&bestellungen("Bestellnr", "Bestellnr"));
    assert_eq!(
        of(&start, "where").as_deref(),
        Some(r#"'Status not in ("Gutschrift", "erstattet", "storniert")'"#)
    );
}

/// Most orders being cancelled is more likely a misunderstanding of the column than meant.
#[test]
fn states_of_most_rows_are_told_and_not_left_out() {
    let starter = start(&format!(
        "{PEOPLE} create table orders (id integer primary key, customer_id integer, ordered_at text, status text);
         insert into orders values (1, 1, '2026-01-02', 'storniert'), (2, 2, '2026-01-03', 'storniert'),
             (3, 1, '2026-01-04', 'storniert'), (4, 1, '2026-01-05', 'bezahlt');"
    ));
    let config = starter.config;
    assert!(
        config.contains("    # where: status != \"storniert\"   # would leave out"),
        "{config}"
    );
    let told = starter.told.join("\n");
    assert!(
        told.contains(
            "all are counted, not only where status != \"storniert\" (leaves out about 75%)"
        ),
        "{told}"
    );
}

#[test]
fn states_that_do_not_count_are_known_in_each_gender_and_number() {
    for (state, counts) in [
        ("annullato", false),
        ("ANNULLATA", false),
        ("Rimborsati", false),
        ("Stornato", false),
        ("Parzialmente rimborsato", true),
        ("consegnato", true),
        ("cancelada", false),
        ("reembolsados", false),
        ("anuladas", false),
        ("Devuelto", false),
        ("no reembolsado", true),
        ("remboursées", false),
        ("Annulé", false),
        ("devolvida", false),
        ("storniert", false),
        ("non annullato", true),
        ("No Show", false),
        ("Anulowane", false),
        ("Odwołana przez szkołę", false),
        ("Nie stawił się", false),
        ("Nieobecność usprawiedliwiona", false),
        ("nie anulowana", true),
        ("Częściowo zwrócona", true),
        ("Odbyta", true),
        ("Avbokad", false),
        ("Sent avbokad", false),
        ("Inställd", false),
        ("Uteblev", false),
        ("Ej avbokad", true),
        ("Delvis återbetald", true),
        ("Genomförd", true),
    ] {
        let sql = orders("ordered_at text, stato text", "'2026-05-01', 'ok'")
            + &format!("update orders set stato = '{state}' where id = 1;");
        let found = start(&sql);
        let excluded = found.config.contains(&format!("stato != \"{state}\""));
        assert_eq!(excluded, !counts, "{state}\n{}", found.config);
    }
}
