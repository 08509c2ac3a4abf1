//! Operators with every kind of value, and with the missing.

use muster::value::ColumnType as T;

use super::harness::{Table, assert_values};

pub fn one() -> Table {
    Table::default()
        .with("five", T::Number, &["5"])
        .with("none", T::Number, &["-"])
        .with("price", T::Money, &["12.50"])
        .with("no_price", T::Money, &["-"])
        .with("name", T::Text, &["Zoë Straße"])
        .with("empty", T::Text, &[""])
        .with("no_name", T::Text, &["-"])
        .with("member", T::Boolean, &["yes"])
        .with("guest", T::Boolean, &["no"])
        .with("maybe", T::Boolean, &["-"])
        .with("born", T::Date, &["2000-02-29"])
        .with("no_date", T::Date, &["-"])
        .with("seen", T::Instant, &["2025-06-10T23:30:00"])
        .with("no_time", T::Instant, &["-"])
}

#[test]
fn numbers() {
    assert_values(
        &one(),
        "1 + 2 * 3 => 7
         (1 + 2) * 3 => 9
         7 / 2 => 3.5
         1 / 0 => missing
         0 / 0 => missing
         -five => -5
         - -five => 5
         five - 7 => -2
         five + none => missing
         none * 0 => missing
         -none => missing
         75% => 0.75
         0.1 + 0.2 => 0.3
         five / 3 * 3 => 5",
    );
}

#[test]
fn comparisons_round_to_nine_decimals() {
    assert_values(
        &one(),
        "55 >= 110% * 50 => yes
         55 < 110% * 50 => no
         0.1 + 0.2 = 0.3 => yes
         0.1 + 0.2 != 0.3 => no
         0.1 + 0.2 > 0.3 => no
         five = 5.0000000004 => yes
         five = 5.000000001 => no
         five < 5.000000001 => yes
         9007199254740991 < 9007199254740992 => yes
         5 > 4 => yes
         5 <= 4 => no
         five between 5 and 6 => yes
         five between 6 and 5 => no
         five not between 5 and 6 => no
         five between 5.1 and 6 => no
         five in (1, 5) => yes
         five not in (1, 5) => no
         five in (1, 2) => no",
    );
}

#[test]
fn comparisons_with_the_missing_are_unknown() {
    assert_values(
        &one(),
        "none > 3 => unknown
         none = none => unknown
         none != 3 => unknown
         five between none and 6 => unknown
         five between none and 4 => no
         none between 1 and 2 => unknown
         five in (1, none) => unknown
         five in (5, none) => yes
         none in (1, 2) => unknown
         no_name = \"a\" => unknown
         no_name contains \"a\" => unknown
         no_price > 3 => unknown
         no_date = today => unknown
         no_time < now => unknown
         no_time in last 30 days => unknown
         maybe = yes => unknown",
    );
}

#[test]
fn three_valued_logic() {
    assert_values(
        &one(),
        "member and member => yes
         member and guest => no
         member and maybe => unknown
         guest and maybe => no
         maybe and maybe => unknown
         guest and guest => no
         member or guest => yes
         member or maybe => yes
         guest or maybe => unknown
         maybe or maybe => unknown
         guest or guest => no
         not member => no
         not guest => yes
         not maybe => unknown
         member = yes => yes
         guest = yes => no
         yes and no or yes => yes",
    );
}

#[test]
fn missing_and_present() {
    assert_values(
        &one(),
        "none is missing => yes
         five is missing => no
         five is present => yes
         none is not missing => no
         maybe is missing => yes
         (none > 3) is missing => yes
         (none > 3) is present => no
         empty is missing => no
         no_name is missing => yes
         no_price is missing => yes
         no_date is missing => yes
         no_time is missing => yes
         seen is present => yes",
    );
}

#[test]
fn text() {
    assert_values(
        &one(),
        "name = \"Zoë Straße\" => yes
         name = \"zoë straße\" => no
         lower(name) = \"zoë straße\" => yes
         name < \"a\" => yes
         \"B\" < \"a\" => yes
         \"é\" > \"z\" => yes
         name contains \"Str\" => yes
         name contains \"str\" => no
         name contains \"\" => yes
         name starts with \"Zo\" => yes
         name ends with \"ße\" => yes
         name not contains \"x\" => yes
         name in (\"a\", \"Zoë Straße\") => yes
         empty = \"\" => yes
         length(name) => 10
         length(empty) => 0
         length(no_name) => missing
         lower(no_name) => missing
         'it''s' => it's",
    );
}

#[test]
fn times() {
    assert_values(
        &one(),
        "now => 2025-06-15T16:00:00Z
         today => 2025-06-15
         5 days ago => 2025-06-10T16:00:00Z
         5 days ago < seen => yes
         2 hours from now => 2025-06-15T18:00:00Z
         seen = 2025-06-10 => yes
         seen < 2025-06-11 => yes
         seen <= 2025-06-10 => yes
         born + 1 year => 2001-02-28
         born - 1 day => 2000-02-28
         today + 7 days => 2025-06-22
         seen + 1 day => 2025-06-12T03:30:00Z
         seen in last 5 days => yes
         seen in last 4 days => no
         seen in previous 4 days => yes
         seen in last calendar week => no
         seen in this month => yes
         seen not in last 4 days => yes
         no_date + 1 day => missing
         no_time - 1 day => missing
         born in last 30 days => no",
    );
}
