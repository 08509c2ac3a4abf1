//! What amounts are in: by what stands beside them, in their headings, or in the row that they are part of.

use std::fmt::Write;

use super::desk::Desk;

/// Orders of ten people in euros and pounds, and items of each whose row says no currency.
fn shop() -> Desk {
    let desk = Desk::empty();
    let mut sql = "create table customers (id integer primary key, name text);
         create table orders (id integer primary key, customer_id integer, ordered_at text, currency text);
         create table order_items (id integer primary key, order_id integer, title text, price real);"
        .to_owned();
    for n in 1..=10 {
        let currency = if n % 5 == 0 { "GBP" } else { "EUR" };
        let _ = write!(
            sql,
            "insert into customers values ({n}, 'Customer {n}');
             insert into orders values ({n}, {n}, '2026-05-0{}', '{currency}');
             insert into order_items values (null, {n}, 'Mat', 20.5), (null, {n}, 'Ball', 10);",
            1 + n % 9
        );
    }
    desk.sql_in("shop.db", &sql);
    desk
}

#[test]
fn items_are_in_the_currency_of_their_order() {
    let desk = shop();
    let said = desk.expect(0, &["init", "sqlite:shop.db"]).out;
    let told = "in several currencies by `order.currency`: sums and values cover those in EUR (`order_items_eur`) and leave out about 20% of the rows";
    assert!(said.contains(told), "{said}");
    let config = desk.read("config.yaml");
    let one = config.split("  order_items_eur:\n").nth(1);
    assert!(
        one.is_some_and(|one| one.contains("where: 'order.currency = \"EUR\"'\n")),
        "{config}"
    );
    desk.write(
        "rules/mine.yaml",
        "metrics:\n  all: sum(order_items.price)\n  euros: sum(order_items_eur.price)\n  \
         pounds: sum(order_items.price where order.currency = \"GBP\")\n\
         segments: [{ id: bought, when: all > 1 }, { id: paid, when: euros > 1 }, { id: abroad, when: pounds > 1 }]\n",
    );
    let check = desk.expect(0, &["check"]).err;
    let told = "warning[several-currencies]: amounts in several currencies are added up as if they were in one: `currency` of `orders` is \
                `EUR` in 8 rows, `GBP` in 2 rows\n --> rules/mine.yaml:2:8";
    assert!(check.contains(told), "{check}");
    assert!(
        check.contains("where order.currency = \"EUR\")`"),
        "{check}"
    );
    assert_eq!(check.matches("several-currencies").count(), 1, "{check}");
    desk.expect(0, &["run", "--as-of", "2026-06-01"]);
    assert_eq!(desk.size("paid"), 8);
    assert_eq!(desk.size("abroad"), 2);
}

/// What `init` makes of payments of ten people with these headings and values: what it said, and the config.
fn payments(headings: &str, values: &dyn Fn(usize) -> String) -> (Desk, String, String) {
    let desk = Desk::empty();
    let (mut people, mut rows) = (
        "client_id,name\n".to_owned(),
        format!("payment_id,client_id,{headings}\n"),
    );
    for n in 1..=10 {
        let _ = writeln!(people, "{n},Client {n}");
    }
    for n in 1..=400 {
        let _ = writeln!(rows, "{n},{},{}", 1 + n % 10, values(n));
    }
    desk.write("x/clients.csv", people);
    desk.write("x/payments.csv", rows);
    let said = desk.expect(0, &["init", "x"]).out;
    let config = desk.read("config.yaml");
    (desk, said, config)
}

#[test]
fn amounts_with_a_decimal_comma_and_a_point_are_told_and_not_read() {
    let values = |n: usize| match n % 3 {
        0 => format!("\"{n},25 €\""),
        1 => format!("{n}.50 eur"),
        _ => format!("{n}.75 €"),
    };
    let (desk, said, config) = payments("amount", &values);
    let told = "payments.amount looks like amounts in two notations: 267 have a decimal point, such as `1.50 eur`, 133 have a decimal comma, \
                such as `3,25 €`, and no type reads both; write them in one way at the source";
    assert!(said.contains(told), "{said}");
    assert!(!config.contains("types:"), "{config}");
    desk.expect(0, &["check"]);
    let (_, _, config) = payments("amount", &|n| format!("{n}.50 eur"));
    assert!(
        config.contains("types: { amount: { money: \"1,234.5\" } }"),
        "{config}"
    );
}

#[test]
fn a_heading_tells_the_currency_with_and_without_a_time() {
    for (headings, code) in [
        ("Betrag (EUR)", "EUR"),
        ("Preis €", "EUR"),
        ("Preis in Euro", "EUR"),
        ("amount_usd", "USD"),
        ("paid_at,amount_gbp", "GBP"),
    ] {
        let values = |n: usize| match headings.starts_with("paid_at") {
            true => format!("2026-05-{:02},{n}.25", 1 + n % 28),
            false => format!("{n}.25"),
        };
        let (desk, _, config) = payments(headings, &values);
        let line = format!("\ncurrency: {code}              # the currency of all amounts\n");
        assert!(config.contains(&line), "{headings}\n{config}");
        desk.expect(0, &["check"]);
    }
    let (_, _, config) = payments("amount", &|n| format!("{n}.25"));
    let line = "\ncurrency: USD              # nothing in the data says what currency the amounts are in\n";
    assert!(config.contains(line), "{config}");
}

/// One cell in a hundred with another currency is found wherever it stands, by its code as by its sign.
#[test]
fn cells_in_several_currencies_are_not_added_up() {
    for (usual, other, told) in [
        ("EUR", "kr", "EUR in 396 rows, KR in 4 rows"),
        ("€", "$", "$ in 4 rows, EUR in 396 rows"),
    ] {
        let value = |n: usize| {
            let currency = if n.is_multiple_of(100) { other } else { usual };
            format!("2026-05-{:02},{}.25 {currency}", 1 + n % 28, n % 50)
        };
        let (desk, said, config) = payments("paid_at,amount", &value);
        let told = format!("amounts in different currencies ({told}) cannot be added up");
        assert!(said.contains(&told), "{said}");
        assert!(!config.contains("\ncurrency:"), "{config}");
        // Whoever adds them up all the same is told.
        desk.write(
            "rules/mine.yaml",
            "metrics: { spent: sum(payments.amount) }\nsegments: [{ id: rich, when: spent > 1 }]\n",
        );
        let config = match config.contains("amount: { money") {
            true => config,
            false => config.replace(
                "    at: paid_at\n",
                "    at: paid_at\n    types: { amount: { money: \"1,234.5\" } }\n",
            ),
        };
        desk.write("config.yaml", config);
        let check = desk.expect(0, &["check"]).err;
        assert!(check.contains("several-currencies"), "{check}");
    }
}

/// Codes in any letters, and rows without one.
#[test]
fn a_column_of_codes_counts_in_whatever_letters() {
    let value = |n: usize| {
        let code = match n {
            n if n % 100 == 0 => "usd",
            n if n % 2 == 0 => " eur",
            _ => "",
        };
        format!("2026-05-{:02},{n}.25,{code}", 1 + n % 28)
    };
    let (_, said, config) = payments("paid_at,amount,currency", &value);
    assert!(config.contains("\ncurrency: EUR "), "{config}");
    assert!(
        said.contains("cover those in EUR (`payments_eur`)"),
        "{said}"
    );
    let value = |n: usize| format!("2026-05-{:02},{n}.25,eur", 1 + n % 28);
    let (_, _, config) = payments("paid_at,amount,currency", &value);
    assert!(config.contains("\ncurrency: EUR "), "{config}");
    assert!(!config.contains("payments_eur"), "{config}");
    // A sign that several share is that of the currency beside it.
    for (codes, expected) in [
        (["USD", "$", "usd"], None),
        (["CAD", "$", "USD"], Some("currency = \"CAD\"")),
        (["CAD", "$", "EUR"], Some("currency in (\"$\", \"CAD\")")),
    ] {
        let value = |n: usize| {
            let code = match n % 5 {
                1 => codes[1],
                2 => codes[2],
                _ => codes[0],
            };
            format!("2026-05-{:02},{n}.25,{code}", 1 + n % 28)
        };
        let (_, _, config) = payments("paid_at,amount,currency", &value);
        let usual = format!("\ncurrency: {} ", codes[0]);
        assert!(config.contains(&usual), "{config}");
        let held = config
            .split_once("where: '")
            .and_then(|(_, rest)| rest.split('\'').next());
        assert_eq!(held, expected, "{codes:?}: {config}");
    }
}

/// Two columns of amounts in two currencies have no sum, and that is told.
#[test]
fn headings_in_two_currencies_are_told() {
    let value = |n: usize| match n % 3 {
        0 => format!("2026-05-{:02},,{n}.50", 1 + n % 28),
        _ => format!("2026-05-{:02},{n}.50,", 1 + n % 28),
    };
    let (_, said, _) = payments("paid_at,Montant (EUR),Montant (CHF)", &value);
    let told = "payments.Montant (CHF) is in CHF, and `Montant (EUR)` in EUR: config shows all amounts in one currency";
    assert!(said.contains(told), "{said}");
}

/// Codes tell currencies as well as signs do, when a file is imported and when a run imports it again.
#[test]
fn currencies_in_letters_are_told_when_they_are_imported() {
    for (usual, other, told) in [
        (
            "EUR",
            "JPY",
            "60 with `EUR` (first in line 2), 2 with `JPY` (first in line 62)",
        ),
        (
            "€",
            "kr",
            "2 with `kr` (first in line 62), 60 with `€` (first in line 2)",
        ),
    ] {
        let desk = Desk::empty();
        desk.write("x/clients.csv", "client_id,name\n1,Ada\n2,Ben\n");
        let mut rows = "payment_id,client_id,amount\n".to_owned();
        for n in 1..=60 {
            let _ = writeln!(rows, "{n},{},{n}.50 {usual}", 1 + n % 2);
        }
        desk.write("x/payments.csv", &rows);
        let said = desk.expect(0, &["init", "x"]).out;
        assert!(!said.contains("several currencies"), "{said}");
        for n in 61..=62 {
            let _ = writeln!(rows, "{n},1,100000.00 {other}");
        }
        desk.write("x/payments.csv", &rows);
        let said = desk.expect(0, &["run"]);
        let told = told.replacen(
            "",
            "`amount` holds amounts in several currencies, which cannot be added up: ",
            1,
        );
        assert!(
            said.out.contains(&told) || said.err.contains(&told),
            "{}{}",
            said.out,
            said.err
        );
    }
}

/// What `init` writes reads refunds in another form than the plain numbers beside them.
#[test]
fn refunds_in_another_form_are_read_by_what_init_writes() {
    for refund in ["20.34-", "(20.34)", "-20.34 €", "-€20.34"] {
        let values = |n: usize| match n % 60 {
            0 => refund.to_owned(),
            _ => format!("{n}.25"),
        };
        let (desk, _, config) = payments("amount", &values);
        assert!(
            config.contains("amount: { money: \"1,234.5\" }"),
            "{refund}\n{config}"
        );
        desk.expect(0, &["check"]);
        let said = desk.expect(0, &["run"]);
        assert!(!said.err.contains("another type"), "{}", said.err);
        assert!(!said.out.contains("another type"), "{}", said.out);
    }
    let (_, _, config) = payments("amount", &|n| match n % 60 {
        0 => "see note 4".to_owned(),
        _ => format!("{n}.25"),
    });
    assert!(!config.contains("amount: { money:"), "{config}");
}

/// Payments of ten people in a database: 1,500 without an amount first, then each of the amounts, by whoever pays it.
fn database(amounts: &[(&str, usize)]) -> Desk {
    let desk = Desk::empty();
    let mut sql = "create table customers (id integer primary key, name text);
         create table payments (id integer primary key, customer_id integer, state text, amount text);
         begin;"
        .to_owned();
    for n in 1..=10 {
        let _ = write!(sql, "insert into customers values ({n}, 'Customer {n}');");
    }
    let empty = std::iter::repeat_n("null".to_owned(), 1_500);
    let amounts = amounts.iter();
    let amounts = amounts.flat_map(|(amount, rows)| (0..*rows).map(move |_| format!("'{amount}'")));
    for (n, amount) in empty.chain(amounts).enumerate() {
        let state = if amount.contains("JPY") {
            "void"
        } else {
            "paid"
        };
        let _ = write!(
            sql,
            "insert into payments values (null, {}, '{state}', {amount});",
            1 + n % 10
        );
    }
    desk.sql_in("shop.db", &(sql + "commit;"));
    desk.write(
        "config.yaml",
        "database: sqlite:shop.db\nresults: sqlite:results.db\ntimezone: UTC\nsubject: { name: customer, table: customers, key: id }\n\
         collections:\n  payments:\n    table: payments\n    subject: customer_id\n    key: id\n    where: 'state = \"paid\"'\n    \
         types: { amount: { money: \"1,234.5\" } }\n",
    );
    desk.write(
        "rules/mine.yaml",
        "metrics: { spent: sum(payments.amount) }\nsegments: [{ id: rich, when: spent > 1 }]\n",
    );
    desk
}

/// What a run reads is counted, by currency and as `where:` has it, however late it stands; and it asks for somebody.
#[test]
fn amounts_of_a_database_are_told_by_their_currencies() {
    let desk = database(&[("€12.50", 1_000), ("$12", 3), ("12 CHF", 2), ("900 JPY", 7)]);
    let check = desk.expect(0, &["check"]).err;
    let told = "warning[several-currencies]: amounts in several currencies are added up as if they were in one: `amount` of `payments` is \
                `EUR` in 1,000 rows, `$` in 3 rows, `CHF` in 2 rows\n --> rules/mine.yaml:1:19";
    assert!(check.contains(told), "{check}");
    assert_eq!(check.matches("several currencies").count(), 1, "{check}");
    let told = "data: 1,005 rows of `payments` have amounts in several currencies, which cannot be added up: 1,000 in `EUR`, 3 in `$`, \
                2 in `CHF` (column `amount`)";
    let run = desk.expect(1, &["run"]);
    let example = format!("{told}, for example payments row 2504: \"12 CHF\"");
    assert!(run.err.contains(&example), "{}{}", run.out, run.err);
    let status = desk.expect(1, &["status"]);
    assert!(
        status.err.contains(told) || status.out.contains(told),
        "{}{}",
        status.out,
        status.err
    );
}

/// One currency and amounts without any are one; a private column tells no values.
#[test]
fn one_currency_of_a_database_is_none_too_many() {
    let desk = database(&[("€12.50", 20), ("12 eur", 3), ("12.00", 20), ("900 JPY", 7)]);
    let check = desk.expect(0, &["check"]).err;
    assert!(!check.contains("several"), "{check}");
    let run = desk.expect(0, &["run"]);
    assert!(!run.err.contains("several"), "{}", run.err);

    let desk = database(&[("€12.50", 20), ("$12", 3)]);
    let config = desk.read("config.yaml");
    desk.write("config.yaml", format!("{config}    private: [amount]\n"));
    desk.write(
        "rules/mine.yaml",
        "segments: [{ id: large, when: count(payments where amount > 10) > 0 }]\n",
    );
    let check = desk.expect(0, &["check"]).err;
    let told = "amounts in several currencies are read as if they were in one: `amount` of `payments` is several";
    assert!(check.contains(told), "{check}");
    let run = desk.expect(1, &["run"]).err;
    let told = "23 rows of `payments` have amounts in several currencies, which cannot be added up (column `amount`)\n";
    assert!(run.contains(told), "{run}");
}

/// Payments of ten people: amounts, what a column beside them says, and how many rows have both. `config` comes behind the subject.
fn beside(rows: &[(&str, &str, usize)], config: &str, rules: &str) -> Desk {
    let desk = Desk::empty();
    let mut sql = "create table customers (id integer primary key);
         create table payments (id integer primary key, customer_id integer, currency text, amount text,
           at text default '2026-01-02 10:00:00'); begin;"
        .to_owned();
    for n in 1..=10 {
        let _ = write!(sql, "insert into customers values ({n});");
    }
    for (amount, currency, count) in rows {
        let _ = write!(
            sql,
            "with recursive n(i) as (select 1 union all select i + 1 from n where i < {count})
             insert into payments (customer_id, currency, amount) select 1 + i % 10, '{currency}', '{amount}' from n;"
        );
    }
    desk.sql_in("shop.db", &(sql + "commit;"));
    desk.write(
        "config.yaml",
        format!(
            "database: sqlite:shop.db\nresults: sqlite:results.db\ntimezone: UTC\nsubject: {{ name: customer, table: customers, key: id }}\n{}",
            config.replace("OF", "table: payments, subject: customer_id, key: id, types: { amount: { money: \"1,234.5\" } }")
        ),
    );
    desk.write("rules/mine.yaml", rules);
    desk
}

const PAID: &str = "collections: { paid: { OF } }\n";
const RICH: &str = "segments: [{ id: rich, when: sum(paid.amount) > 1 }]\n";

/// What `check` and a run tell of currencies; a run that does exits with 1.
fn told(desk: &Desk) -> Option<String> {
    let check = desk.muster(&["check"]).err;
    let run = desk.muster(&["run"]);
    let line = run.err.lines().find(|line| line.contains("currencies"));
    assert_eq!(run.code, i32::from(line.is_some()), "{}", run.err);
    let is_warned = check.contains("several-currencies");
    assert_eq!(is_warned, line.is_some(), "{check}{}", run.err);
    let (_, counts) = line?.split_once("added up: ")?;
    Some(counts.split_once(" (column")?.0.to_owned())
}

#[test]
fn a_shared_sign_is_that_of_the_currency_beside_it() {
    for (one, other, config, expected) in [
        ("$12", "12 USD", "", None),
        ("$12", "12 USD", "currency: USD\n", None),
        ("12 kr", "12 SEK", "currency: SEK\n", None),
        ("12 kr", "12 SEK", "", None),
        ("¥900", "900 JPY", "", None),
        ("$12", "12 CAD", "currency: EUR\n", None),
        // Whose dollars are American says so of the Canadian ones.
        (
            "$12",
            "12 CAD",
            "currency: USD\n",
            Some("30 in `$`, 20 in `CAD`"),
        ),
        (
            "12 kr",
            "12 EUR",
            "currency: SEK\n",
            Some("30 in `KR`, 20 in `EUR`"),
        ),
    ] {
        let desk = beside(
            &[(one, "", 30), (other, "", 20)],
            &format!("{config}{PAID}"),
            RICH,
        );
        assert_eq!(told(&desk).as_deref(), expected, "{one} {other} {config}");
    }
    let rows = [("$12", "", 30), ("12 USD", "", 20), ("€5", "", 4)];
    let said = told(&beside(&rows, PAID, RICH));
    assert_eq!(said.as_deref(), Some("50 in `USD`, 4 in `EUR`"));
}

#[test]
fn amounts_that_cannot_be_kept_exactly_have_their_currency() {
    let desk = beside(&[("€12.12345", "", 100), ("$12", "", 50)], PAID, RICH);
    assert_eq!(told(&desk).as_deref(), Some("100 in `EUR`, 50 in `$`"));
    let run = desk.expect(1, &["run"]).err;
    assert!(
        run.contains("100 rows of `payments` have a value that cannot be kept exactly"),
        "{run}"
    );
}

/// However collections and conditions divide a table, each row that any of them lets in counts once.
#[test]
fn counts_over_collections_that_share_a_table_are_exact() {
    let rows = [
        ("€12", "de", 5_000),
        ("€3", "us", 4_000),
        ("$12", "us", 2_000),
        ("$9", "de", 1_500),
        ("£9", "", 700),
    ];
    let both = "segments: [{ id: rich, when: sum(one.amount) > 1 }, { id: able, when: sum(other.amount) > 1 }]\n";
    let of = |one: &str, other: &str| {
        format!("collections: {{ one: {{ OF{one} }}, other: {{ OF{other} }} }}\n")
    };
    let [de, us] = ["de", "us"].map(|country| format!(", where: 'currency = \"{country}\"'"));
    let cheap = ", where: 'amount < 12'";
    let all = "9,000 in `EUR`, 3,500 in `$`, 700 in `GBP`";
    for (one, other, expected) in [
        (de.as_str(), us.as_str(), "9,000 in `EUR`, 3,500 in `$`"),
        (cheap, &us, "4,000 in `EUR`, 3,500 in `$`, 700 in `GBP`"),
        ("", &us, all),
        (&us, "", all),
        (&us, &us, "4,000 in `EUR`, 2,000 in `$`"),
    ] {
        let desk = beside(&rows, &of(one, other), both);
        assert_eq!(told(&desk).as_deref(), Some(expected), "{one} {other}");
    }
    let parted = "segments: [{ id: rich, when: sum(one.amount where currency = \"de\") > 1 },\n  \
                  { id: able, when: avg(one.amount where currency = \"us\") > 1 and sum(other.amount) > 1 }]\n";
    let desk = beside(&rows, &of("", cheap), parted);
    assert_eq!(told(&desk).as_deref(), Some(all));
    let check = desk.expect(0, &["check"]).err;
    assert!(check.contains("`EUR` in 9,000 rows"), "{check}");
    let run = desk.expect(1, &["run"]).err;
    assert!(run.contains("13,200 rows of `payments`"), "{run}");
}

/// A condition that lets one currency in adds up nothing of another, in an aggregate as in its collection.
#[test]
fn a_condition_parts_the_currencies_beside_the_amounts() {
    let rows = [("€12.50", "EUR", 100), ("$12", "USD", 50), ("$7", "EUR", 3)];
    let parted = "segments: [{ id: rich, when: sum(paid.amount where currency = \"EUR\") > 1 }]\n";
    assert_eq!(told(&beside(&rows[..2], PAID, parted)), None);
    let few = Some("100 in `EUR`, 3 in `$`".to_owned());
    assert_eq!(told(&beside(&rows, PAID, parted)), few);
    let both = "segments: [{ id: rich, when: sum(paid.amount where currency = \"EUR\") > 1 },\n  \
                { id: able, when: avg(paid.amount where currency = \"USD\") > 1 }]\n";
    assert_eq!(told(&beside(&rows[..2], PAID, both)), None);
    for whole in [
        format!("{parted}metrics: {{ spent: sum(paid.amount) }}\n"),
        "segments: [{ id: rich, when: sum(paid.amount where amount > 1) > 1 }]\n".to_owned(),
        "segments: [{ id: rich, when: sum(paid.amount where id > 0) > 1 }]\n".to_owned(),
    ] {
        let desk = beside(&rows[..2], PAID, &whole);
        let all = Some("100 in `EUR`, 50 in `$`".to_owned());
        assert_eq!(told(&desk), all, "{whole}");
        let check = desk.expect(0, &["check"]).err;
        assert!(
            check.contains("let in one alone with `where:` in the collection"),
            "{check}"
        );
    }
    // By whatever way rules and config come to these rows, and none of them by what nothing asks for.
    let row = "metrics: { newest: 'last(paid where currency = \"EUR\" and amount > 1)', spent: sum(paid.amount where currency = \"USD\") }\n";
    for (config, segment) in [
        ("", "when: newest.amount > 1"),
        ("", "when: newest.id > 1"),
        ("", "when: count(paid where id > newest.id) > 1"),
        (
            "fields: { way: { any: 'paid where currency = \"EUR\" and amount > 1', of: currency } }\n",
            "filter: { way: EUR }",
        ),
        (
            "fields: { way: { one: newest.id } }\n",
            "filter: { way: 100 }, when: exists(paid)",
        ),
        (
            "fields: { way: { one: last(paid).amount } }\n",
            "when: newest.id > 1",
        ),
        (
            "health: { factors: [{ id: f, value: newest.id, zero: 0, full: 9, weight: 1, reason: 'paid {newest.amount}' }] }\n",
            "when: exists(paid)",
        ),
        (
            "values: { add: [{ id: v, label: V, format: money, of: avg(newest.amount) }] }\n",
            "when: exists(paid)",
        ),
    ] {
        let rules = format!("{row}segments: [{{ id: rich, {segment} }}]\n");
        let timed = PAID.replace("OF", "OF, at: at");
        let desk = beside(&rows[..2], &format!("{timed}{config}"), &rules);
        assert_eq!(told(&desk), None, "{config}{rules}");
    }
    // Each of two collections may let in a currency of its own, and each of many conditions a few rows more.
    let apart = "collections: { paid: { OF, where: 'currency = \"EUR\"' }, other: { OF, where: 'currency = \"USD\"' } }\n";
    let both = "segments: [{ id: rich, when: sum(paid.amount) > 1 and sum(other.amount) > 1 }]\n";
    assert_eq!(told(&beside(&rows[..2], apart, both)), None);
    let many = (1..=70)
        .map(|n| format!("  - {{ id: s{n}, when: sum(paid.amount where id > {n}) > 1 }}\n"));
    let many = "segments:\n".to_owned() + &many.collect::<String>();
    let but_one = Some("99 in `EUR`, 50 in `$`".to_owned());
    assert_eq!(told(&beside(&rows[..2], PAID, &many)), but_one);
    let own = "collections: { paid: { OF, where: 'currency = \"EUR\"' } }\n";
    assert_eq!(told(&beside(&rows[..2], own, RICH)), None);
}

/// Nothing says that it is an amount but the currency, beside its values or in its heading.
#[test]
fn amounts_are_found_by_their_currency() {
    let at = |n: usize| format!("2026-05-{:02}", 1 + n % 28);
    let whole = |n: usize| format!("{n}.50");
    let dear = |n: usize| format!("\"1 {n:03},00 zł\"");
    let gaps = |n: usize| match n % 20 {
        7 => "-".to_owned(),
        9 => String::new(),
        _ => format!("{n}.25 EUR"),
    };
    type Value<'v> = &'v dyn Fn(usize) -> String;
    let cases: [(&str, Value<'_>, Option<&str>); 9] = [
        ("Czesne za lekcje", &dear, Some("PLN")),
        ("Entgelt", &|n| format!("{n}.25 EUR"), Some("EUR")),
        ("Entgelt", &gaps, Some("EUR")),
        ("Hinta", &|n| format!("€ {n}.25"), Some("EUR")),
        ("Hinta (€)", &whole, Some("EUR")),
        ("Lön (SEK)", &whole, Some("SEK")),
        ("Cena zł", &whole, Some("PLN")),
        ("Cena [kr]", &whole, Some("USD")),
        ("Fri text kr", &whole, Some("USD")),
    ];
    for (heading, value, code) in cases {
        let (desk, said, config) = payments(&format!("at_day,{heading}"), &|n| {
            format!("{},{}", at(n), value(n))
        });
        assert!(
            said.contains(&format!("amounts in `{heading}`")),
            "{heading}: {said}"
        );
        let code = code.map(|code| format!("\ncurrency: {code} "));
        assert!(
            code.is_none_or(|line| config.contains(&line)),
            "{heading}: {config}"
        );
        desk.expect(0, &["check"]);
    }
    for (heading, value) in [
        ("Length", &(|n: usize| format!("{n} ft")) as Value<'_>),
        ("Version PHP", &whole),
        ("Kaffe kr beans", &whole),
        ("Points (kg)", &whole),
        ("Remark", &|n| match n % 2 {
            0 => format!("{n} kr"),
            _ => "none".to_owned(),
        }),
    ] {
        let (_, said, _) = payments(&format!("at_day,{heading}"), &|n| {
            format!("{},{}", at(n), value(n))
        });
        assert!(!said.contains("amounts in"), "{heading}: {said}");
    }
}
