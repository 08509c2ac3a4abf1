//! Functions over the population: ties, groups, and those without a value.

use muster::value::ColumnType as T;

use super::harness::{Table, ir, rules};

/// Two groups, ties, one without a value, one without a group.
fn studio() -> Table {
    Table::default()
        .numbers("x", &[3.0, 1.0, 3.0, f64::NAN, 2.0, 9.0, 3.0])
        .with("paid", T::Money, &["1", "2", "-", "-", "2", "0.0001", "4"])
        .with(
            "born",
            T::Date,
            &[
                "2000-01-01",
                "-",
                "1999-01-01",
                "1998-01-01",
                "2000-01-01",
                "2001-01-01",
                "-",
            ],
        )
        .with("studio", T::Text, &["a", "a", "a", "a", "b", "-", "b"])
        .scope("studio")
}

fn check(table: &Table, lines: &str) {
    let mut wrong = Vec::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (expression, wanted) = line.rsplit_once("=>").unwrap();
        let found = table.texts(expression.trim()).join(" ");
        if found != wanted.trim() {
            wrong.push(format!("{expression}: wanted {wanted}, found {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn of_whole_groups() {
    check(
        &studio(),
        "size() => 7 7 7 7 7 7 7
         size() within studio => 4 4 4 4 2 missing 2
         sum(x) => 21 21 21 21 21 21 21
         sum(x) within studio => 7 7 7 7 5 missing 5
         avg(x) => 3.5 3.5 3.5 3.5 3.5 3.5 3.5
         avg(x) within studio => 2.333333333 2.333333333 2.333333333 2.333333333 2.5 missing 2.5
         min(x) within studio => 1 1 1 1 2 missing 2
         max(x) within studio => 3 3 3 3 3 missing 3
         median(x) within studio => 3 3 3 3 2.5 missing 2.5
         quantile(25%, x) within studio => 2 2 2 2 2.25 missing 2.25
         quantile(0%, x) => 1 1 1 1 1 1 1
         quantile(100%, x) => 9 9 9 9 9 9 9
         sum(paid) => 9.0001 9.0001 9.0001 9.0001 9.0001 9.0001 9.0001
         avg(paid) => 1.80 1.80 1.80 1.80 1.80 1.80 1.80
         avg(paid) within studio => 1.50 1.50 1.50 1.50 3.00 missing 3.00
         median(paid) within studio => 1.50 1.50 1.50 1.50 3.00 missing 3.00
         quantile(33%, paid) within studio => 1.33 1.33 1.33 1.33 2.66 missing 2.66
         max(born) => 2001-01-01 2001-01-01 2001-01-01 2001-01-01 2001-01-01 2001-01-01 2001-01-01
         min(born) within studio => 1998-01-01 1998-01-01 1998-01-01 1998-01-01 2000-01-01 missing 2000-01-01",
    );
}

#[test]
fn of_places() {
    check(
        &studio(),
        "rank(x) => 2 6 2 missing 5 1 2
         rank(x) within studio => 1 3 1 missing 2 missing 1
         percentile(x) => 0.4 0 0.4 missing 0.2 1 0.4
         percentile(x) within studio => 0.5 0 0.5 missing 0 missing 1
         bin(3, x) => 2 1 2 missing 1 3 2
         position(x) => 3 1 4 missing 2 6 5
         ntile(4, x) => 2 1 2 missing 1 4 3
         ntile(10, x) => 3 1 4 missing 2 6 5
         ntile(2, x) within studio => 1 1 2 missing 1 missing 2
         rank(born) => 2 missing 4 5 2 1 missing
         position(born) within studio => 3 missing 2 1 1 missing missing
         rank(paid) => 4 2 missing missing 2 5 1",
    );
}

#[test]
fn tops_never_tear_equals_apart() {
    check(
        &studio(),
        "top 20% by x => yes no yes unknown no yes yes
         top 1 by x => no no no unknown no yes no
         top 2 by x => yes no yes unknown no yes yes
         top 16% by x => no no no unknown no yes no
         top 17% by x => yes no yes unknown no yes yes
         top 50% by x => yes no yes unknown no yes yes
         top 100% by x => yes yes yes unknown yes yes yes
         bottom 2 by x => no yes no unknown yes no no
         bottom 3 by x => yes yes yes unknown yes no yes
         bottom 20% by x => no yes no unknown yes no no
         top 1 by x within studio => yes no yes unknown no unknown yes
         top 50% by x within studio => yes no yes unknown no unknown yes
         bottom 50% by x within studio => yes yes yes unknown yes unknown no
         not top 1 by x => yes yes yes unknown yes no yes",
    );
}

#[test]
fn values_equal_to_nine_decimals_are_ties() {
    let table = Table::default().numbers("x", &[0.3, 0.1 + 0.2, 0.4]);
    check(
        &table,
        "rank(x) => 2 2 1
         percentile(x) => 0 0 1
         top 2 by x => yes yes yes
         sum(x) = 1 => yes yes yes",
    );
}

#[test]
fn one_alone_and_nobody() {
    let alone = Table::default().numbers("x", &[4.0]);
    check(
        &alone,
        "percentile(x) => 0
         rank(x) => 1
         bin(5, x) => 1
         ntile(5, x) => 1
         position(x) => 1
         median(x) => 4
         top 1% by x => yes",
    );
    let nobody =
        Table::default()
            .numbers("x", &[f64::NAN, f64::NAN])
            .with("paid", T::Money, &["-", "-"]);
    check(
        &nobody,
        "sum(x) => 0 0
         sum(paid) => 0.00 0.00
         size() => 2 2
         avg(x) => missing missing
         avg(paid) => missing missing
         median(x) => missing missing
         max(x) => missing missing
         rank(x) => missing missing
         top 10% by x => unknown unknown",
    );
    let empty = Table::default().numbers("x", &[]);
    assert_eq!(empty.texts("rank(x)"), [""; 0]);
    assert_eq!(empty.texts("x > avg(x)"), [""; 0]);
}

#[test]
fn inside_expressions() {
    check(
        &studio(),
        "x > 50% * avg(x) => yes no yes unknown yes yes yes
         band(x, quantile(20%, x) + 1, quantile(100%, x)) => 2 1 2 missing 1 3 2
         avg(if(x > 2, x)) => 4.5 4.5 4.5 4.5 4.5 4.5 4.5
         avg(x) within studio - avg(x) => -1.166666667 -1.166666667 -1.166666667 -1.166666667 -1 missing -1
         top 1 by (avg(x) within studio) => no no no no yes unknown yes
         sum(1) => 7 7 7 7 7 7 7
         rank(7) within studio => 1 1 1 1 1 missing 1",
    );
}

#[test]
fn a_top_much_wider_than_it_says_is_told() {
    let mut visits = vec![0.0; 40];
    visits.extend([5.0, 6.0, 7.0]);
    let table = Table::default().numbers("x", &visits);
    let wide = |text: &str| {
        let ir = ir(&rules(&[("m", text)], &[]), &table.catalog());
        table.answers(&ir, Vec::new()).wide_tops
    };
    let told = wide("top 20% by x");
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].holds, told[0].of), (43, 43));
    assert_eq!(told[0].boundary, "0");
    assert!(wide("top 3 by x").is_empty());
    assert!(
        wide("top 90% by x").is_empty(),
        "43 of 39 is not much wider"
    );
    let told = wide("bottom 10% by x");
    assert_eq!((told[0].holds, told[0].of), (40, 43));
}
