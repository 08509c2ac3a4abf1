//! Functions of values.

use super::harness::assert_values;
use super::operators::one;

#[test]
fn of_numbers() {
    assert_values(
        &one(),
        "round(2.5) => 3
         round(-2.5) => -3
         round(2.4999999999) => 3
         round(2.499999999) => 2
         round(2.675, 2) => 2.68
         round(1234.5, -2) => 1200
         round(1250, -2) => 1300
         round(none) => missing
         round(five, none) => missing
         round(1.23456789, 4) => 1.2346
         floor(2.7) => 2
         floor(-2.1) => -3
         floor(0.1 * 30) => 3
         ceil(2.1) => 3
         ceil(-2.7) => -2
         ceil((0.1 + 0.2) * 10) => 3
         floor(none) => missing
         mod(7, 3) => 1
         mod(-7, 3) => 2
         mod(7, -3) => -2
         mod(-7, -3) => -1
         mod(6, 3) => 0
         mod(-6, 3) => 0
         mod(0.3, 0.1) => 0
         mod(five, 0) => missing
         mod(five, 0.0000000001) => missing
         mod(none, 3) => missing
         mod(3, none) => missing
         mod(price, 5) => 2.50
         mod(-price, 5) => 2.50
         mod(price, 0) => missing
         mod(no_price, 5) => missing
         abs(-5) => 5
         abs(none) => missing
         least(3, five, 4) => 3
         greatest(3, five, 4) => 5
         least(3, none) => missing
         greatest(none, 3) => missing
         least(born, today) => 2000-02-29
         greatest(seen, now) => 2025-06-15T16:00:00Z
         least(no_date, today) => missing
         greatest(no_date, today) => missing
         greatest(no_time, now) => missing",
    );
}

#[test]
fn default_and_if() {
    assert_values(
        &one(),
        "default(none, 7) => 7
         default(five, 7) => 5
         default(maybe, no) => no
         default(none > 3, yes) => yes
         default(guest, yes) => no
         default(no_name, \"nobody\") => nobody
         default(empty, \"nobody\") => 
         default(no_date, 2025-01-01) => 2025-01-01
         default(default(none, none), 1) => 1
         if(member, 1, 2) => 1
         if(guest, 1, 2) => 2
         if(maybe, 1, 2) => 2
         if(member, 1) => 1
         if(guest, 1) => missing
         if(maybe, 1) => missing
         if(guest, missing, 2) => 2
         if(member, missing, 2) => missing
         if(member, name, \"x\") => Zoë Straße
         if(guest, name) => missing
         if(five > 3, today, born) => 2025-06-15
         if(member, maybe, yes) => unknown",
    );
}

#[test]
fn bands_and_scales() {
    assert_values(
        &one(),
        "band(five, 1, 5, 9) => 3
         band_right(five, 1, 5, 9) => 2
         band(0, 1, 5, 9) => 1
         band(9, 1, 5, 9) => 4
         band(0.1 + 0.2, 0.3) => 2
         band_right(0.1 + 0.2, 0.3) => 1
         band(none, 1, 2) => missing
         band(five, 1, none) => missing
         scale(five, 0, 10) => 50
         scale(five, 10, 0) => 50
         scale(2, 10, 0) => 80
         scale(11, 0, 10) => 100
         scale(-1, 0, 10) => 0
         scale(11, 10, 0) => 0
         scale(five, 3, 3) => missing
         scale(none, 0, 1) => missing
         scale(five, none, 1) => missing",
    );
}

#[test]
fn of_time() {
    assert_values(
        &one(),
        "days_since(seen) => 4
         days_since(now) => 0
         days_since(date(seen)) => 5
         days_since(2025-06-20) => -5
         days_since(no_date) => missing
         days_since(no_time) => missing
         hours_since(seen) => 108
         hours_since(no_time) => missing
         elapsed(seen, now) => 1
         elapsed(10 days ago, 30 days from now) => 0.25
         elapsed(10 days ago, 5 days ago) => 2
         elapsed(5 days from now, 10 days from now) => -1
         elapsed(now, now) => missing
         elapsed(now, seen) => missing
         elapsed(no_time, now) => missing
         age(born) => 25
         age(no_date) => missing
         anniversary(born) => 2026-02-28
         anniversary(2000-06-15) => 2025-06-15
         anniversary(2000-06-14) => 2026-06-14
         anniversary(no_date) => missing
         day_of_week(seen) => Tue
         day_of_week(today) => Sun
         day_of_week(no_time) => missing
         day_of_month(born) => 29
         day_of_month(no_date) => missing
         hour(seen) => 23
         hour(no_time) => missing
         week(2025-12-29) => 1
         week(2027-01-03) => 53
         week(seen) => 24
         week(no_date) => missing
         month(born) => 2
         month(seen) => 6
         year(born) => 2000
         year(no_date) => missing
         date(seen) => 2025-06-10
         date(no_time) => missing",
    );
}

#[test]
fn of_texts() {
    assert_values(
        &one(),
        "domain(\"Ada@Example.COM\") => example.com
         domain(\"a@b@c.org \") => c.org
         domain(\"nobody\") => missing
         domain(\"nobody@\") => missing
         domain(no_name) => missing
         concat(name, \"-\", empty) => Zoë Straße-
         concat(name, no_name) => missing
         name contains any of (\"x\", \"Str\") => yes
         name contains any of (\"x\", \"y\") => no
         name starts with any of (\"Zoë\", no_name) => yes
         name starts with any of (\"x\", no_name) => unknown
         no_name ends with any of (\"x\", \"y\") => unknown
         name not ends with any of (\"ße\") => no",
    );
}
