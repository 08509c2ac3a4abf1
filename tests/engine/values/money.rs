//! Money: exact, four places, halves away from zero.

use muster::value::{Money, Notation};

use super::harness::assert_values;
use super::operators::one;

#[test]
fn arithmetic() {
    assert_values(
        &one(),
        "price + 1 => 13.50
         1 + price => 13.50
         price - 20 => -7.50
         -price => -12.50
         price * 3 => 37.50
         3 * price => 37.50
         price * 0.3 => 3.75
         price * 110% => 13.75
         price * 0.00002 => 0.0003
         price / 3 => 4.1667
         -price / 3 => -4.1667
         price * (1 / 3) => 4.1667
         price / 0 => missing
         price / price => 1
         price / no_price => missing
         price * none => missing
         no_price * 2 => missing
         no_price + 1 => missing
         -no_price => missing
         price + price / 8 => 14.0625",
    );
}

#[test]
fn comparison() {
    assert_values(
        &one(),
        "price = 12.5 => yes
         price > 12.4999 => yes
         price between 12 and 13 => yes
         price in (1, 12.5) => yes
         price >= 110% * price => no
         price < price * 1.0001 => yes",
    );
}

#[test]
fn functions() {
    assert_values(
        &one(),
        "round(price) => 13.00
         round(-price) => -13.00
         round(price / 3, 2) => 4.17
         round(price, -1) => 10.00
         floor(price) => 12.00
         floor(-price) => -13.00
         ceil(price) => 13.00
         ceil(-price) => -12.00
         abs(-price) => 12.50
         abs(no_price) => missing
         round(no_price) => missing
         least(price, 10) => 10.00
         greatest(price, 10) => 12.50
         least(price, no_price) => missing
         default(no_price, 0) => 0.00
         if(member, price, 0) => 12.50
         if(member, price) => 12.50
         if(guest, price) => missing
         band(price, 10, 12.5, 20) => 3
         band_right(price, 10, 12.5, 20) => 2
         scale(price, 0, 50) => 25
         scale(price, 50, 0) => 75",
    );
}

#[test]
fn text() {
    for (text, amount, lossy) in [
        ("12.5", 125_000, false),
        ("-0.0001", -1, false),
        ("+3", 30_000, false),
        (".5", 5_000, false),
        ("7.", 70_000, false),
        ("0.00005", 1, true),
        ("-0.00005", -1, true),
        ("0.00004", 0, true),
        ("1.00000", 10_000, false),
        (" 2 ", 20_000, false),
        ("922337203685477.5807", i64::MAX, false),
    ] {
        let read = Money::parse(text).unwrap();
        assert_eq!((read.amount, read.lossy), (Money(amount), lossy), "{text}");
    }
    for text in [
        "",
        "-",
        ".",
        "1e3",
        "12,5",
        "1.2.3",
        "€5",
        "922337203685477.5808",
    ] {
        assert_eq!(Money::parse(text), None, "{text}");
    }
    assert_eq!(Money(125_000).to_string(), "12.50");
    assert_eq!(Money(-5).to_string(), "-0.0005");
    assert_eq!(Money(12_340).to_string(), "1.234");
}

#[test]
fn doubles_are_read_as_their_shortest_decimal() {
    for (x, amount, lossy) in [
        (0.1, 1_000, false),
        (19.99, 199_900, false),
        (-4.35, -43_500, false),
        (0.1 + 0.2, 3_000, true),
        (1.0 / 3.0, 3_333, true),
        (1e-7, 0, true),
        (123_456_789_012.34, 1_234_567_890_123_400, false),
    ] {
        let read = Money::from_f64(x).unwrap();
        assert_eq!((read.amount, read.lossy), (Money(amount), lossy), "{x}");
    }
    assert_eq!(Money::from_f64(1e300), None);
    assert_eq!(Money::from_f64(f64::NAN), None);
    assert_eq!(Money::from_f64(f64::INFINITY), None);
    assert_eq!(Money::from_cents(-1234), Some(Money(-123_400)));
    assert_eq!(Money::from_cents(i64::MAX), None);
}

#[test]
fn a_sign_and_a_currency_stand_once_each() {
    for (text, read) in [
        ("-£5", Some("-5")),
        ("£-5", Some("-5")),
        ("£(5)", Some("-5")),
        ("(£5)", Some("-5")),
        ("£5-", Some("-5")),
        ("+£5", Some("5")),
        ("EUR +5", Some("5")),
        ("$-$5", None),
        ("$(5 USD)", None),
        ("-+5", None),
        ("+-5", None),
        ("+(5)", None),
        ("(-5)", None),
        ("--5", None),
    ] {
        assert_eq!(Notation::Point.amount(text).as_deref(), read, "{text}");
    }
    assert_eq!(Notation::Point.number("+5").as_deref(), Some("5"));
    assert_eq!(Notation::Point.number("-+5"), None);
}

#[test]
fn no_thousand_begins_with_a_zero() {
    for text in ["0,500", "00,500", "-0,123", "01,234"] {
        assert_eq!(Notation::Point.amount(text), None, "{text}");
        let mirrored = text.replace(',', ".");
        assert_eq!(Notation::Comma.amount(&mirrored), None, "{mirrored}");
    }
    assert_eq!(Notation::Point.amount("0.500").as_deref(), Some("0.500"));
    assert_eq!(Notation::Comma.amount("0,500").as_deref(), Some("0.500"));
    assert_eq!(Notation::Point.amount("10,500").as_deref(), Some("10500"));
}
