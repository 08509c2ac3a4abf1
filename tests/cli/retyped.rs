//! What a run tells of the data is told of it as its own rules read it.

use std::fmt::Write;

use super::desk::Desk;

/// Orders of one client: 24 amounts `16.50`, 16 amounts `0,50`, by state `x` and `ok`.
fn shop() -> Desk {
    let desk = Desk::empty();
    let mut sql = "create table clients (id integer primary key, name text);
         insert into clients values (1, 'Ada');
         create table orders (id integer primary key, client_id integer, at text, state text, amount text);"
        .to_owned();
    for n in 1..=40 {
        let amount = if n <= 24 { "16.50" } else { "0,50" };
        let state = if n % 2 == 0 { "x" } else { "ok" };
        let _ = write!(
            sql,
            "insert into orders values ({n}, 1, '2026-05-01', '{state}', '{amount}');"
        );
    }
    desk.sql_in("shop.db", &sql);
    desk.write(
        "rules/r.yaml",
        "segments: [{ id: rich, when: sum(orders.amount) > 1 }]\n",
    );
    desk
}

fn config(desk: &Desk, collections: &str) {
    desk.write(
        "config.yaml",
        format!(
            "database: sqlite:shop.db\nresults: sqlite:results.db\ntimezone: UTC\nguard: off\nunreadable: 90%\n\
             subject: {{ name: client, table: clients, key: id }}\ncollections:\n{collections}"
        ),
    );
}

/// What a run tells of unreadable amounts.
fn told(desk: &Desk) -> Vec<String> {
    let said = desk.expect(0, &["run", "--as-of", "2026-06-01"]);
    let said = said.out + &said.err;
    let lines = said.lines().filter(|line| line.contains("another type"));
    lines.map(str::to_owned).collect()
}

#[test]
fn a_run_after_an_edit_of_types_tells_the_data_by_the_new_ones() {
    let desk = shop();
    let orders = |ty: &str| {
        format!(
            "  orders: {{ table: orders, subject: client_id, at: at, types: {{ amount: {ty} }} }}\n"
        )
    };
    for (ty, count, example) in [
        ("{ money: \"1.234,5\" }", "24 rows", "16.50"),
        ("money", "16 rows", "0,50"),
        ("{ money: \"1.234,5\" }", "24 rows", "16.50"),
    ] {
        config(&desk, &orders(ty));
        let told = told(&desk);
        assert_eq!(told.len(), 1, "{ty}: {told:?}");
        assert!(
            told[0].contains(count) && told[0].contains(example),
            "{ty}: {told:?}"
        );
    }
}

#[test]
fn a_run_after_an_edit_of_where_tells_only_rows_that_the_new_one_admits() {
    let desk = shop();
    let orders = |condition: &str| {
        format!(
            "  orders: {{ table: orders, subject: client_id, at: at, where: '{condition}', types: {{ amount: money }} }}\n"
        )
    };
    config(&desk, &orders("id > 0"));
    assert!(told(&desk)[0].contains("16 rows"));
    config(&desk, &orders("id > 22 and id < 35"));
    let told = told(&desk);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("10 rows"), "{told:?}");
}

#[test]
fn collections_of_one_table_are_told_together() {
    let desk = shop();
    desk.write(
        "rules/r.yaml",
        "segments: [{ id: rich, when: sum(orders.amount) + sum(others.amount) > 1 }]\n",
    );
    // Read as two types each has trouble of its own.
    let two = |orders: &str, others: &str| {
        format!(
            "  orders: {{ table: orders, subject: client_id, at: at, {orders} }}\n  \
             others: {{ table: orders, subject: client_id, at: at, {others} }}\n"
        )
    };
    config(
        &desk,
        &two(
            "types: { amount: money }",
            "types: { amount: { money: \"1.234,5\" } }",
        ),
    );
    let lines = told(&desk);
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(
        lines.iter().any(|line| line.contains("16 rows")),
        "{lines:?}"
    );
    assert!(
        lines.iter().any(|line| line.contains("24 rows")),
        "{lines:?}"
    );
    // Other rows of one type are added up, and the same rows are not.
    for (orders, others, count) in [
        (
            "where: 'state = \"x\"'",
            "where: 'state = \"ok\"'",
            "16 rows",
        ),
        ("where: 'id > 0'", "where: 'state = \"ok\"'", "16 rows"),
        (
            "where: 'id > 22 and id < 35'",
            "where: 'id > 22 and id < 31'",
            "10 rows",
        ),
    ] {
        let ty = ", types: { amount: money }";
        config(
            &desk,
            &two(&format!("{orders}{ty}"), &format!("{others}{ty}")),
        );
        let lines = told(&desk);
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].contains(count), "{orders}: {lines:?}");
    }
}
