//! Rows that reach whom they mean, however their keys are written; and those that reach nobody, who are told.

use std::fmt::Write;

use super::desk::Desk;

const CONFIG: &str = "\
database: sqlite:shop.db
results: sqlite:results.db
timezone: UTC
guard: off
subject: { name: customer, table: customers, key: no }
collections:
  orders: { table: orders, subject: customer_no }
";

const RULES: &str = "metrics: { spent: sum(orders.total) }
segments: [{ id: bought, when: count(orders) > 1 }]
";

/// A shop of 40 customers with two orders each, whose numbers a spreadsheet took for numbers in a third of the orders: of 80 orders,
/// 26 lead nowhere, and one leads to a customer who is gone.
fn shop() -> Desk {
    let desk = Desk::empty();
    desk.sql_in(
        "shop.db",
        "create table customers (no text primary key, name text, email text);
         create table orders (customer_no text, total real, ordered_at text);",
    );
    let mut sql = String::new();
    for n in 1..=40 {
        let _ = write!(
            sql,
            "insert into customers values ('{n:04}', 'Customer {n}', 'c{n}@example.com');"
        );
        for order in 0..2 {
            let key = match (n * 2 + order) % 3 {
                0 => n.to_string(),
                _ => format!("{n:04}"),
            };
            let _ = write!(
                sql,
                "insert into orders values ('{key}', {n}.5, '2026-05-{:02}');",
                1 + n % 28
            );
        }
    }
    sql += "insert into orders values ('0099', 5, '2026-05-01');";
    desk.sql_in("shop.db", &sql);
    desk
}

/// The same with rules.
fn ruled() -> Desk {
    let desk = shop();
    desk.write("config.yaml", CONFIG);
    desk.write("rules/r.yaml", RULES);
    desk
}

const TOLD: &str =
    "28 of 81 rows of `orders` belong to nobody in the subject's table (column `customer_no`)";
const CURE: &str = ": 27 of them would with `match: loose` in `subject:`, which ignores case, blanks around keys and leading zeros";

#[test]
fn rows_that_lost_the_zeros_of_their_key_are_told_with_the_cure() {
    let desk = ruled();
    let check = desk.expect(0, &["check"]).err;
    let told = format!("warning[stray-rows]: {TOLD}, for example orders row ");
    assert!(check.contains(&told) && check.contains(CURE), "{check}");
    assert!(check.contains(" --> config.yaml:7:37"), "{check}");
    // More than a fifth: not a footnote.
    let run = desk.expect(1, &["run", "--as-of", "2026-06-01"]).err;
    let first = run.lines().find(|line| line.contains("data: "));
    assert!(
        first.is_some_and(|line| line.starts_with(&format!("warning: data: {TOLD}"))),
        "{run}"
    );
    let status = desk.muster(&["status"]).out;
    assert!(status.contains(&format!("{TOLD}{CURE}")), "{status}");
    let before = desk.size("bought");
    assert!(before < 40, "{before}");

    // The line that it says.
    desk.write(
        "config.yaml",
        CONFIG.replace("key: no }", "key: no, match: loose }"),
    );
    let check = desk.expect(0, &["check"]).err;
    assert!(!check.contains("stray-rows"), "{check}");
    let run = desk.expect(0, &["run", "--as-of", "2026-06-02"]).err;
    assert!(
        run.contains("data: 1 row of `orders` belongs to nobody"),
        "{run}"
    );
    assert_eq!(desk.size("bought"), 40);
    // Keys keep the form of the people's own table.
    let explained = desk.expect(0, &["explain", "0001", "bought"]).out;
    assert!(explained.contains("count(orders)"), "{explained}");
}

#[test]
fn a_form_that_two_people_share_finds_neither() {
    let desk = Desk::empty();
    desk.sql_in(
        "shop.db",
        "create table customers (no text primary key, name text);
         insert into customers values ('c1', 'Ann'), ('C1', 'Bob'), ('c2', 'Cy');
         create table orders (customer_no text, total real);
         insert into orders values ('c1', 1), ('C1', 1), (' c1', 1), (' C2\u{a0}', 1), ('C2', 1);",
    );
    desk.write(
        "config.yaml",
        CONFIG.replace("key: no }", "key: no, match: loose }"),
    );
    desk.write("rules/r.yaml", RULES);
    let check = desk.expect(0, &["check"]).err;
    let told = "warning[stray-rows]: `customers` has 1 key in several spellings, which differ only in capitals, blanks or leading zeros, \
                for example `C1` and `c1`: each is a separate person";
    assert!(check.contains(told), "{check}");
    desk.expect(0, &["run", "--as-of", "2026-06-01"]);
    assert_eq!(desk.size("bought"), 1);
}

#[test]
fn a_lookup_by_e_mail_says_how_many_rows_it_misses_for_their_form() {
    let desk = shop();
    desk.sql_in(
        "shop.db",
        "create table tastings (mail text);
         insert into tastings values ('c1@example.com'), ('C1@Example.com'), (' c2@example.com'), ('c2@example.com'), ('c3@example.com');",
    );
    let lookup = "  tastings: { table: tastings, subject: customer_row.no, lookups: { customer_row: { table: customers, key: email, by: mail } } }\n";
    desk.write("config.yaml", format!("{CONFIG}{lookup}"));
    desk.write(
        "rules/r.yaml",
        "segments: [{ id: bought, when: count(tastings) > 1 }]\n",
    );
    let check = desk.expect(0, &["check"]).err;
    let told = "2 of 5 rows of `tastings` have no matching row in `customers`, and are left out (column `mail`), for example";
    let cure = ": all of them would with `match: loose` in the lookup into `customers`, which ignores case, blanks";
    assert!(check.contains(told) && check.contains(cure), "{check}");
    desk.muster(&["run", "--as-of", "2026-06-01"]);
    assert_eq!(desk.size("bought"), 0);
    let loose = lookup.replace("by: mail", "by: mail, match: loose");
    desk.write("config.yaml", format!("{CONFIG}{loose}"));
    desk.muster(&["run", "--as-of", "2026-06-02"]);
    assert_eq!(desk.size("bought"), 2);
}

#[test]
fn init_writes_that_keys_are_matched_loosely_where_rows_need_it() {
    let desk = shop();
    let said = desk.expect(0, &["init", "sqlite:shop.db"]);
    let config = desk.read("config.yaml");
    assert!(
        config.contains("\n  match: loose "),
        "{config}\n{}",
        said.out
    );
    assert!(
        said.out.contains("`match: loose`, as rows write it"),
        "{}",
        said.out
    );
    desk.expect(0, &["run", "--as-of", "2026-06-01"]);
}

/// Amounts in several currencies: init takes them from the rows in the commonest, and `check` tells of sums over all.
#[test]
fn amounts_in_several_currencies_are_not_added_up() {
    let desk = Desk::empty();
    let mut sql = "create table customers (id integer primary key, name text);
         create table orders (id integer primary key, customer_id integer, ordered_at text, total real, currency text);"
        .to_owned();
    for n in 1..=10 {
        let _ = write!(
            sql,
            "insert into customers values ({n}, 'Customer {n}');
             insert into orders values (null, {n}, '2026-05-0{}', 10, 'EUR'), (null, {n}, '2026-05-0{}', 20, 'EUR'),
                 (null, {n}, '2026-05-11', 5000, 'JPY');",
            1 + n % 9,
            1 + n % 9
        );
    }
    desk.sql_in("shop.db", &sql);
    let said = desk.expect(0, &["init", "sqlite:shop.db"]).out;
    let told = "in several currencies by `currency`: sums and values cover those in EUR (`orders_eur`) and leave out about 33% of the rows";
    assert!(said.contains(told), "{said}");
    let config = desk.read("config.yaml");
    assert!(config.contains("\ncurrency: EUR "), "{config}");
    assert!(
        config.contains("    where: 'currency = \"EUR\"'\n"),
        "{config}"
    );
    // How often and how lately somebody buys is told by all orders, how much by those in euros.
    let ladder = desk.read("rules/rfm.yaml");
    for line in ["count(orders where total > 0)", "sum(orders_eur.total)"] {
        assert!(ladder.contains(line), "{ladder}");
    }
    let check = desk.expect(0, &["check"]).err;
    assert!(!check.contains("several-currencies"), "{check}");
    desk.expect(0, &["run", "--as-of", "2026-06-01"]);
    let segments = desk.expect(0, &["segments", "--format", "json"]).out;
    assert!(
        segments.contains("300") && !segments.contains("50300"),
        "{segments}"
    );

    desk.write(
        "rules/mine.yaml",
        "metrics: { everything: sum(orders.total) }\nsegments: [{ id: rich, when: everything > 1000 }]\n",
    );
    let check = desk.expect(0, &["check"]).err;
    let told = "warning[several-currencies]: amounts in several currencies are added up as if they were in one: `currency` of `orders` is \
                `EUR` in 20 rows, `JPY` in 10 rows\n --> rules/mine.yaml:1:";
    assert!(check.contains(told), "{check}");
}

/// A choir: people are found by what columns hold, rows that say `non` are no visit, and names are labels.
#[test]
fn init_joins_by_values_and_knows_who_did_not_come() {
    let desk = Desk::empty();
    let mut people = "Adhérent;Nom;Prénom;E-mail;Pupitre\n".to_owned();
    let mut came = "Adhérent,Répétition,Présent\n".to_owned();
    let mut paid = "Reçu;E-mail;Date;Montant\n".to_owned();
    for n in 1..=60 {
        let _ = writeln!(
            people,
            "C{n:03};{};{};chanteur{n}@exemple.fr;Alto",
            ["Lefèvre", "Müller", "Garçon", "Noël", "Petit"][n % 5],
            ["Zoë", "Anaïs", "Loïc", "Chloé", "Benoît", "Élodie", "Paul"][n % 7]
        );
        for week in 1..=4 {
            let key = match (n + week) % 9 {
                0 => format!("c{n:03}"),
                _ => format!("C{n:03}"),
            };
            let state = ["oui", "oui", "non", "oui", "excusé", "oui", "oui"][(n + week) % 7];
            let _ = writeln!(came, "{key},2026-05-{:02},{state}", week * 7);
        }
        let mail = match n % 8 {
            0 => format!("CHANTEUR{n}@exemple.fr"),
            _ => format!("chanteur{n}@exemple.fr"),
        };
        let _ = writeln!(paid, "{n:05};{mail};25/03/2026;120,00 €");
    }
    desk.write("in/choristes.csv", people);
    desk.write("in/presences.csv", came);
    desk.write("in/cotisations.csv", paid);
    let said = desk.expect(0, &["init", "in"]).out;
    let config = desk.read("config.yaml");
    assert!(config.contains("label: [Prénom, Nom]"), "{config}");
    assert!(config.contains("private: [E-mail]"), "{config}");
    assert!(config.contains("plural: choristes"), "{config}");
    assert!(config.contains("\n  match: loose "), "{config}");
    assert!(
        config.contains("Présent not in (\"excusé\", \"non\")"),
        "{config}"
    );
    assert!(
        config.contains("key: E-mail, by: E-mail, match: loose"),
        "{config}"
    );
    assert!(config.contains("\ncurrency: EUR "), "{config}");
    assert!(!said.contains("left out, as no column"), "{said}");
    let check = desk.expect(0, &["check"]).err;
    assert!(!check.contains("stray-rows"), "{check}");
    desk.expect(0, &["run", "--as-of", "2026-06-01"]);
}

/// `customer_id` beside a table that is called `people`, `customer` beside one of clients: what they hold decides, not what they are called.
#[test]
fn a_column_called_after_some_person_is_their_key_where_it_holds_keys() {
    let begun = |people: &str, column: &str, held: &dyn Fn(u32) -> String| {
        let desk = Desk::empty();
        let mut sql = format!(
            "create table {people} (id integer primary key, name text, email text);
             create table orders ({column}, ordered_at text, total real);"
        );
        for n in 1..=20 {
            let _ = write!(
                sql,
                "insert into {people} values ({n}, 'Person {}', 'p{n}@example.com');
                 insert into orders values ({}, '2026-05-01', {n});",
                n % 15,
                held(n)
            );
        }
        desk.sql_in("shop.db", &sql);
        let said = desk.expect(0, &["init", "sqlite:shop.db"]).out;
        (said, desk)
    };
    for (people, column) in [
        ("people", "customer_id"),
        ("people", "guest"),
        ("clients", "customer"),
        ("customers", "client"),
        ("kunden", "Kunde"),
        ("alumnos", "alumno"),
    ] {
        let (_, desk) = begun(people, column, &|n| n.to_string());
        let config = desk.read("config.yaml");
        assert!(
            config.contains(&format!("    subject: {column}\n")),
            "{config}"
        );
        desk.expect(0, &["check"]);
        desk.expect(0, &["run", "--as-of", "2026-06-01"]);
        assert_eq!(desk.size("never"), 0);
    }
    // Names, how many there were, whether one was, numbers of somebody else.
    for held in [
        &(|n: u32| format!("'Person {}'", n % 15)) as &dyn Fn(u32) -> String,
        &|n| (n % 5 + 1).to_string(),
        &|n| (n % 2).to_string(),
        &|n| (n * 7).to_string(),
    ] {
        let (said, _) = begun("clients", "customer", held);
        let told = "left out, as no column says whom their rows belong to: orders";
        assert!(said.contains(told), "{said}");
    }
}

/// Later rows are in cents; where they only happen to be whole, nothing is said.
#[test]
fn amounts_that_change_their_unit_are_told_with_the_row() {
    let told = |later: &dyn Fn(u32) -> String| {
        let desk = Desk::empty();
        let mut sql = "create table customers (no text primary key, name text);
             create table orders (customer_no text, total real); insert into customers values ('a', 'Ann');"
            .to_owned();
        for n in 0..100 {
            let total = match n {
                0..60 => format!("{}.{}5", 20 + n % 40, n % 10),
                _ => later(n),
            };
            let _ = write!(sql, "insert into orders values ('a', {total});");
        }
        desk.sql_in("shop.db", &sql);
        desk.write("config.yaml", CONFIG);
        desk.write(
            "rules/r.yaml",
            "segments: [{ id: bought, when: sum(orders.total) > 1 }]\n",
        );
        desk.expect(0, &["check"]).err
    };
    let check = told(&|n| ((20 + n % 40) * 100 + 95).to_string());
    let wanted = "warning[misread-column]: `orders.total` seems to change its unit: the last 40 of 100 amounts, from row 61, have no \
                  decimals and are about";
    assert!(check.contains(wanted), "{check}");
    for fine in [
        told(&|n| (20 + n % 40).to_string()),
        told(&|n| format!("{}.5", (20 + n % 40) * 100)),
    ] {
        assert!(!fine.contains("unit"), "{fine}");
    }
}

/// One currency in two spellings is one, and rows without any are left out as well.
#[test]
fn a_currency_is_the_same_in_small_letters() {
    let desk = Desk::empty();
    let mut sql = "create table customers (id integer primary key, name text);
         create table orders (id integer primary key, customer_id integer, ordered_at text, total real, currency text);"
        .to_owned();
    for n in 1..=10 {
        let currency = ["'EUR'", "'eur'", "'JPY'", "null", "'EUR'"][n % 5];
        let _ = write!(
            sql,
            "insert into customers values ({n}, 'Customer {n}');
             insert into orders values (null, {n}, '2026-05-01', 10, {currency});"
        );
    }
    desk.sql_in("shop.db", &sql);
    let said = desk.expect(0, &["init", "sqlite:shop.db"]).out;
    assert!(said.contains("leave out about 40% of the rows"), "{said}");
    let config = desk.read("config.yaml");
    assert!(
        config.contains("where: 'currency in (\"EUR\", \"eur\")'"),
        "{config}"
    );
}

/// Items reach customers through orders, whose keys lost their zeros: both are told.
#[test]
fn rows_behind_a_lookup_are_told_with_the_cure() {
    let desk = Desk::empty();
    desk.sql_in(
        "shop.db",
        "create table customers (no text primary key, name text);
         insert into customers values ('01', 'Ann'), ('02', 'Bob');
         create table orders (id integer primary key, customer_no text);
         insert into orders values (1, '1'), (2, '02'), (3, '2');
         create table items (order_id integer, total real);
         insert into items values (1, 5), (2, 5), (3, 5), (3, 5);",
    );
    let items = "  items: { table: items, subject: order.customer_no, lookups: { order: { table: orders, key: id, by: order_id } } }\n";
    let config = CONFIG.replace("  orders: { table: orders, subject: customer_no }\n", items);
    desk.write("config.yaml", &config);
    desk.write(
        "rules/r.yaml",
        "segments: [{ id: bought, when: exists(items) }]\n",
    );
    let check = desk.expect(0, &["check"]).err;
    assert!(
        check.contains("2 rows of `orders` belong to nobody")
            && check.contains("all of them would with `match: loose` in `subject:`"),
        "{check}"
    );
    desk.muster(&["run", "--as-of", "2026-06-01"]);
    assert_eq!(desk.size("bought"), 1);
    desk.write(
        "config.yaml",
        config.replace("key: no }", "key: no, match: loose }"),
    );
    desk.expect(0, &["run", "--as-of", "2026-06-02"]);
    assert_eq!(desk.size("bought"), 2);
}

/// Two people whose codes differ in form alone keep no row from the others: rows are matched loosely, but for theirs.
#[test]
fn people_whose_keys_differ_in_form_alone_are_told_and_the_others_found() {
    let desk = Desk::empty();
    let mut people = "code,name\nc001,Ann again\nC002 ,Bob again\n".to_owned();
    let mut visits = "visit_id,client_code,visited_at\n".to_owned();
    for n in 1..=40 {
        let _ = writeln!(people, "C{n:03},Client {n}");
        for (at, code) in [format!("c{n:03}"), format!("C{n:03} "), format!("C{n:03}")]
            .into_iter()
            .enumerate()
        {
            let _ = writeln!(visits, "{n}{at},{code},2026-05-{:02} 10:00", 1 + n % 28);
        }
    }
    desk.write("x/clients.csv", people);
    desk.write("x/visits.csv", visits);
    let said = desk.expect(0, &["init", "x"]).out;
    let told = "code: `C001` and `c001`, and one more such group, differ only in form";
    let twins = said.contains(told)
        || said.contains("code: `c001` and `C001`, and one more such group, differ only in form");
    assert!(twins, "{said}");
    assert!(desk.read("config.yaml").contains("  match: loose "));
    desk.expect(0, &["check"]);
    desk.write(
        "rules/mine.yaml",
        "segments: [{ id: thrice, when: count(visits) = 3 }]\n",
    );
    desk.muster(&["run", "--as-of", "2026-06-01"]);
    assert_eq!(desk.size("thrice"), 38);
}

/// A table is left out for what its columns hold, not for what they lack.
#[test]
fn a_column_that_is_called_a_key_and_holds_none_is_said_to_be_that() {
    let desk = Desk::empty();
    let (mut people, mut visits) = (
        "code,name\n".to_owned(),
        "visit_id,client_code,visited_at\n".to_owned(),
    );
    for n in 1..=20 {
        let _ = writeln!(people, "C{n:03},Client {n}");
        let code = if n == 1 {
            "C001".to_owned()
        } else {
            format!("K-{n}")
        };
        let _ = writeln!(visits, "{n},{code},2026-05-{n:02}");
    }
    desk.write("x/clients.csv", people);
    desk.write("x/visits.csv", visits);
    let said = desk.expect(0, &["init", "x"]).out;
    let told = "left out: visits: `client_code` is named after `clients.code`, but only 5% of its values are found there";
    assert!(said.contains(told), "{said}");
}
