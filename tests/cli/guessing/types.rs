//! Which types columns are given, and the locale and currency that data shows.

use muster::init::Wishes;

use super::{bestellungen, of, orders, start, started};
use crate::desk::Desk;

/// A column has the type that reads it, where its declaration does not tell; what is written passes and can be run.
#[test]
fn columns_have_the_types_that_read_them() {
    let cases = [
        ("placed text", "'17/10/2025'", "{ date: \"%d/%m/%Y\" }"),
        (
            "placed text",
            "'5/28/25 10:00'",
            "{ instant: \"%m/%d/%y %H:%M\" }",
        ),
        ("placed datetime", "'28.05.25'", "{ date: \"%d.%m.%y\" }"),
        ("placed_on int", "20260501", "yyyymmdd"),
        ("placed_on text", "'20260501'", "yyyymmdd"),
        ("placed_on real", "46143.25", "excel"),
        ("placed_on real", "2461161.75", "julian"),
        ("placed_on int", "1777600000000000", "unix_us"),
        ("placed_utc text", "'2026-05-01 10:00:00'", "utc"),
        ("placed_utc date", "1777600000", "instant"),
        ("birthday text", "'31.12.1967'", "{ date: \"%d.%m.%Y\" }"),
        ("noted text", "'2026-05-01'", "date"),
        ("noted text", "'2026-05-01T10:00'", "instant"),
        ("amount text", "'1.234,50 €'", "{ money: \"1.234,5\" }"),
        ("amount text", "'$1,080.00'", "{ money: \"1,234.5\" }"),
        ("amount text", "'12,50'", "{ money: \"1.234,5\" }"),
        ("amount text", "'12.50'", "money"),
    ];
    for (column, value, ty) in cases {
        let name = column.split(' ').next().unwrap();
        let desk = Desk::empty();
        let columns = format!("ordered_at text, {column}");
        desk.sql_in(
            "shop.db",
            &orders(&columns, &format!("'2026-05-01 10:00', {value}")),
        );
        desk.expect(0, &["init", "sqlite:shop.db"]);
        let config = desk.read("config.yaml");
        assert!(
            config.contains(&format!(" {name}: {ty}")),
            "{column}: {ty}\n{config}"
        );
        let checked = desk.expect(0, &["check"]).err;
        assert!(checked.starts_with("checked "), "{checked}");
        desk.expect(0, &["run", "--dry-run"]);
    }
}

/// What is no time and no amount stays what it is declared as.
#[test]
fn columns_that_hold_something_else_have_no_types() {
    for (column, value) in [
        ("code text", "'A-17/10'"),
        ("version text", "'1.2.3'"),
        ("phone text", "'1777600000'"),
        ("minutes int", "46143"),
        ("remark text", "'on 17/10/2025'"),
        ("share text", "'12.5%'"),
        ("size int", "20260501"),
    ] {
        let found = start(&orders(
            &format!("ordered_at text, {column}"),
            &format!("'2026-05-01 10:00', {value}"),
        ));
        assert!(!found.config.contains("types:"), "{}", found.config);
    }
}

#[test]
fn currency_and_locale_are_those_that_the_data_shows() {
    let german = start(&bestellungen("Bestellnr", "Bestellnr"));
    assert_eq!(of(&german, "currency").as_deref(), Some("EUR"));
    assert_eq!(of(&german, "locale").as_deref(), Some("de-DE"));
    assert_eq!(german.to_set, ["time zone"]);
    // A number tells of no country.
    for (columns, values, currency, to_set) in [
        (
            "total int, at text",
            "12, '2026-05-01'",
            "USD",
            &["time zone", "currency", "locale"][..],
        ),
        (
            "total_gbp int, at text",
            "12, '2026-05-01'",
            "GBP",
            &["time zone"],
        ),
        (
            "total text, at text",
            "'£12.50', '31/05/2026'",
            "GBP",
            &["time zone"],
        ),
    ] {
        let start = start(&orders(columns, values));
        assert_eq!(
            of(&start, "currency").as_deref(),
            Some(currency),
            "{}",
            start.config
        );
        assert_eq!(start.to_set, to_set, "{}", start.config);
    }
}

#[test]
fn a_lookup_reads_columns_as_the_collection_of_its_table_does() {
    let sql = orders(
        "placed text, shipped text, total text",
        "'2026-05-01 10:00', '2026-05-02 10:00', '12.50'",
    ) + "create table order_items (order_id int references orders, sku text);
            insert into order_items select id, 'x' from orders;";
    let start = start(&sql);
    let lookup = start
        .config
        .lines()
        .find(|line| line.contains("by: order_id"));
    let lookup = lookup.unwrap_or_else(|| panic!("{}", start.config));
    for typed in ["placed: instant", "shipped: instant", "total: money"] {
        assert!(lookup.contains(typed), "{typed}: {lookup}");
    }
}

#[test]
fn a_key_of_bytes_is_called_that() {
    let sql = "create table customers (id blob primary key not null, name text);
         insert into customers values (x'ff00', 'Ann'), (x'ff01', 'Bob');";
    for key in [None, Some("id".to_owned())] {
        let wishes = Wishes {
            key,
            ..Wishes::default()
        };
        let refused = started(sql, &wishes)
            .map(|starter| starter.config)
            .unwrap_err();
        let refused = format!("{refused:?}");
        assert!(
            refused.contains("`id` holds bytes that are not text"),
            "{refused}"
        );
    }
}

#[test]
fn language_and_currency_tell_the_country() {
    for (columns, values, locale) in [
        (
            "ordered_at text, \"amount (£)\" real",
            "'2026-05-01', 12.5",
            Some("en-GB"),
        ),
        (
            "ordered_at text, amount_usd real",
            "'2026-05-01', 12.5",
            Some("en-US"),
        ),
        (
            "\"data ordine\" text, importo text, stato text",
            "'28/05/2026', '12,50', 'pagato'",
            Some("it-IT"),
        ),
        (
            "\"fecha pedido\" text, importe text, estado text",
            "'28/05/2026', '12,50', 'pagado'",
            Some("es-ES"),
        ),
        (
            "data text, \"valor\" text, \"preço\" text, situacao text",
            "'28/05/2026', 'R$ 12,50', 'R$ 1,00', 'pago'",
            Some("pt-BR"),
        ),
        (
            "bestelldatum text, betrag text",
            "'2026-05-28', '12,50'",
            Some("de-DE"),
        ),
        (
            "\"data zamówienia\" text, kwota text, stan text",
            "'28.05.2026', '12,50', 'opłacone'",
            Some("pl-PL"),
        ),
        (
            "beställningsdatum text, belopp text, betalstatus text",
            "'2026-05-28', '12,50', 'betald'",
            Some("sv-SE"),
        ),
        // The form of days alone is that of Germany.
        (
            "ordered_at text, amount text",
            "'28.05.2026', '12,50'",
            Some("de-DE"),
        ),
        (
            "datum text, telefon text, konto text, amount text",
            "'28.05.2026', '1', '2', '12,50'",
            Some("de-DE"),
        ),
        (
            "ordered_at text, amount text",
            "'28/05/2026', '12,50'",
            None,
        ),
    ] {
        let found = start(&orders(columns, values));
        let shown = of(&found, "locale").filter(|_| !found.to_set.contains(&"locale"));
        assert_eq!(shown.as_deref(), locale, "{columns}\n{}", found.config);
    }
}

/// An article would stand before a word of any language.
#[test]
fn comments_of_the_ladder_fit_whatever_a_column_is_called() {
    for column in ["Betrag", "Importo totale", "amount"] {
        let found = start(&orders(
            &format!("ordered_at text, \"{column}\" real"),
            "'2026-05-01', 12.5",
        ));
        let ladder = found.ladder.unwrap();
        let below = format!("by `{column}` below zero or");
        assert!(ladder.contains(&below), "{ladder}");
        assert!(
            !ladder.contains("``") && !ladder.contains(" an `"),
            "{ladder}"
        );
    }
}
