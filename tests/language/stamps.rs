//! Defaults by which SQLite stamps the time, and those by which it does not.

use muster::catalog::Stamp;
use muster::time::is_utc;

use crate::support::compiled::Compiled;

const STAMPS: &[(&str, Option<Stamp>)] = &[
    ("CURRENT_TIMESTAMP", Some(Stamp::Time)),
    ("current_timestamp", Some(Stamp::Time)),
    ("(CURRENT_TIMESTAMP)", Some(Stamp::Time)),
    ("CURRENT_TIME", Some(Stamp::Time)),
    ("CURRENT_DATE", Some(Stamp::Day)),
    ("(datetime('now'))", Some(Stamp::Time)),
    ("(DateTime ( 'NOW' ))", Some(Stamp::Time)),
    ("(datetime())", Some(Stamp::Time)),
    ("((datetime( )))", Some(Stamp::Time)),
    ("(datetime('now', '+30 days'))", Some(Stamp::Time)),
    ("(datetime('now', 'subsec'))", Some(Stamp::Time)),
    ("(datetime(CURRENT_TIMESTAMP))", Some(Stamp::Time)),
    ("(coalesce(NULL, datetime('now')))", Some(Stamp::Time)),
    ("(date('now'))", Some(Stamp::Day)),
    ("(date())", Some(Stamp::Day)),
    ("(strftime('%Y-%m-%d %H:%M:%f', 'now'))", Some(Stamp::Time)),
    ("(strftime('%Y-%m-%dT%H:%M:%S'))", Some(Stamp::Time)),
    ("(strftime('%F %T', 'now'))", Some(Stamp::Time)),
    ("(strftime('%Y-%m-%d', 'now'))", Some(Stamp::Day)),
    ("(strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))", None),
    ("(strftime('%Y-%m-%d %H:%M:%S+00:00', 'now'))", None),
    ("(datetime('now') || 'Z')", None),
    ("(datetime('now', 'localtime'))", None),
    ("(datetime('now', 'LocalTime'))", None),
    ("(date('now', 'localtime'))", None),
    ("(datetime(CURRENT_TIMESTAMP, 'localtime'))", None),
    ("(datetime('now', '-5 hours'))", None),
    ("(datetime('now', '+05:30'))", None),
    ("(strftime('%s', 'now'))", None),
    ("(CAST(strftime('%s', 'now') AS INTEGER))", None),
    ("(unixepoch())", None),
    ("(unixepoch('now') * 1000)", None),
    ("(julianday('now'))", None),
    ("'CURRENT_TIMESTAMP'", None),
    ("'now'", None),
    ("'2025-01-01 00:00:00'", None),
    ("(datetime('2025-01-01'))", None),
    ("(date('2025-01-01'))", None),
    ("NULL", None),
    ("0", None),
];

/// What is said about a column with a default, read as the time of a collection.
fn said(zone: &str, declared: &str, default: &str, types: &str) -> Vec<&'static str> {
    let config = format!(
        "database: sqlite:x.db\ntimezone: {zone}\nsubject: {{ name: client, table: clients, key: id }}\n\
         collections:\n  visits: {{ table: visits, subject: client_id, at: at{types} }}\n"
    );
    let tables = format!(
        "CREATE TABLE clients (id INTEGER PRIMARY KEY);
         CREATE TABLE visits (id INTEGER PRIMARY KEY, client_id INTEGER, at {declared} DEFAULT {default});"
    );
    let rules = "segments: [{ id: came, when: exists(visits in last 1 days) }]";
    Compiled::with(&config, &tables, rules).codes()
}

#[test]
fn each_default_is_known_for_what_it_writes() {
    for (default, expected) in STAMPS {
        let told = said("America/New_York", "TEXT", default, "");
        let wanted: &[&str] = match expected {
            Some(_) => &["utc-default"],
            None => &[],
        };
        assert_eq!(told, wanted, "{default}");
        let inner = default.strip_prefix('(').and_then(|d| d.strip_suffix(')'));
        assert_eq!(Stamp::of(inner.unwrap_or(default)), *expected, "{default}");
        for zone in ["UTC", "Etc/UTC", "GMT", "Africa/Abidjan"] {
            assert_eq!(said(zone, "TEXT", default, ""), [""; 0], "{zone} {default}");
        }
    }
}

#[test]
fn what_config_says_of_a_column_counts() {
    let default = "CURRENT_TIMESTAMP";
    for zone in [
        "America/New_York",
        "Europe/Berlin",
        "Europe/London",
        "Asia/Kolkata",
    ] {
        for (declared, types, told) in [
            ("DATETIME", "", true),
            ("TIMESTAMP", "", true),
            ("DATE", "", true),
            ("", "", true),
            ("TEXT", ", types: { at: instant }", true),
            ("TEXT", ", types: { AT: utc }", false),
            ("DATE", ", types: { at: date }", false),
            ("DATE", ", types: { at: utc }", false),
            ("INTEGER", ", types: { at: unix }", false),
            ("INTEGER", ", types: { at: unix_ms }", false),
        ] {
            let codes = said(zone, declared, default, types);
            assert_eq!(
                !codes.is_empty(),
                told,
                "{zone} {declared} {types}: {codes:?}"
            );
        }
    }
}

#[test]
fn zones_that_show_utc() {
    for zone in ["UTC", "Zulu", "Etc/GMT", "Atlantic/Reykjavik"] {
        assert!(is_utc(zone.parse().unwrap()), "{zone}");
    }
    for zone in [
        "Europe/London",
        "Europe/Lisbon",
        "Etc/GMT+1",
        "Africa/Casablanca",
        "Asia/Tokyo",
    ] {
        assert!(!is_utc(zone.parse().unwrap()), "{zone}");
    }
}
