//! Spark's SQL, in a session with ANSI mode on and UTC as its zone.

use super::dialect::{Dialect, Packets, ReadText, Stored};
use super::standard;
use crate::language::ast::TextTest;
use crate::language::typed::Function;
use crate::sql::spark::{literal, quoted, trimmed};
use crate::time::naive_of_micros;

/// Spark from 4.0 on.
#[derive(Debug, Clone, Copy)]
pub struct Spark;

impl Dialect for Spark {
    fn name(&self) -> &'static str {
        "Spark"
    }

    fn quoted(&self, name: &str) -> String {
        quoted(name)
    }

    fn text(&self, text: &str) -> String {
        literal(text)
    }

    fn number(&self, x: f64) -> String {
        format!("({x:?}D)")
    }

    fn double(&self, x: &str) -> String {
        format!("CAST({x} AS DOUBLE)")
    }

    /// Some Spark-compatible servers do not find the nearest double of a decimal with many digits, but do for a text.
    fn double_of_decimal(&self, x: &str) -> String {
        self.double(&self.digits(x))
    }

    fn whole(&self, x: &str) -> String {
        format!("CAST({x} AS BIGINT)")
    }

    fn wide(&self, x: &str) -> String {
        format!("CAST({x} AS DECIMAL(38, 0))")
    }

    fn digits(&self, x: &str) -> String {
        format!("CAST({x} AS STRING)")
    }

    fn finite(&self, x: &str) -> String {
        let is = |what: &str| format!("CAST('{what}' AS DOUBLE)");
        let [most, least, none] = [is("Infinity"), is("-Infinity"), is("NaN")];
        format!("nullif(nullif(nullif({x}, {most}), {least}), {none})")
    }

    /// PySail converts a double's exact binary value to a decimal. Only texts avoid that, but it reads no exponents in
    /// them, and writes exponents for small and large numbers. [`Dialect::is_unclear`] holds if the two may differ
    /// there.
    fn nine_decimals(&self, x: &str) -> String {
        format!(
            "(CASE WHEN abs({x}) > 1e20D THEN NULL \
             WHEN abs({x}) >= 9e15D THEN CAST(CAST({x} AS DECIMAL(38, 0)) AS DECIMAL(38, 9)) \
             WHEN abs({x}) >= 0.001D THEN CAST(CAST({x} AS STRING) AS DECIMAL(38, 9)) \
             ELSE CAST({x} AS DECIMAL(38, 9)) END)"
        )
    }

    /// From 9·10^15 on, the shortest decimal of a double differs from the double itself. Below 0.001, the two may round
    /// halves of the last place differently.
    fn is_unclear(&self, x: &str) -> Option<String> {
        let billionths = format!("(abs({x}) * 1e9D)");
        Some(format!(
            "(CASE WHEN abs({x}) >= 9e15D THEN TRUE \
             WHEN abs({x}) < 0.001D THEN abs({billionths} - floor({billionths}) - 0.5D) < 1e-6D ELSE FALSE END)"
        ))
    }

    fn sums_decimals(&self) -> bool {
        true
    }

    fn days(&self, date: &str) -> String {
        self.whole(&format!("datediff({date}, DATE'1970-01-01')"))
    }

    fn micros(&self, time: &str, stored: Stored) -> String {
        match stored {
            Stored::Local => format!("unix_micros(CAST({time} AS TIMESTAMP))"),
            _ => format!("unix_micros({time})"),
        }
    }

    fn time(&self, micros: i64, stored: Stored) -> Option<String> {
        let shown = naive_of_micros(micros);
        match stored {
            Stored::Local => Some(format!("TIMESTAMP_NTZ '{shown}'")),
            Stored::Instant => Some(format!("TIMESTAMP_LTZ '{shown}+00:00'")),
            _ => None,
        }
    }

    fn remainder(&self, n: &str, by: i64) -> String {
        format!("pmod({n}, {by})")
    }

    fn floor_div(&self, n: &str, by: i64) -> String {
        format!("(({n} - {}) div {by})", self.remainder(n, by))
    }

    /// Which texts Spark reads as times differs between versions.
    fn micros_of_text(&self, _: &str) -> Option<ReadText> {
        None
    }

    fn days_of_text(&self, _: &str) -> Option<ReadText> {
        None
    }

    /// Texts are compared by bytes unless a column says otherwise, which none of our sources does.
    fn by_bytes(&self, text: &str) -> String {
        match text {
            "NULL" => "CAST(NULL AS STRING)".to_owned(),
            text => text.to_owned(),
        }
    }

    fn trimmed(&self, text: &str) -> String {
        trimmed(text)
    }

    fn packets(&self, n: &str) -> Option<Packets> {
        let whole = self.whole(n);
        Some(Packets {
            of: format!("shiftright({whole}, 6)"),
            different: format!("bit_count(bit_or(shiftleft(1L, CAST({whole} & 63 AS INT))))"),
        })
    }

    fn text_test(&self, test: TextTest, text: &str, part: &str) -> String {
        match test {
            TextTest::Contains => format!("contains({text}, {part})"),
            TextTest::StartsWith => format!("startswith({text}, {part})"),
            TextTest::EndsWith => format!("endswith({text}, {part})"),
        }
    }

    fn call(&self, function: Function, args: &[&str]) -> Option<String> {
        match function {
            Function::Length => Some(self.double(&format!("char_length({})", args.first()?))),
            _ => standard::call(function, args),
        }
    }

    fn is_other(&self, _: &str, _: Stored) -> Option<String> {
        None
    }

    fn position(&self, _: &str) -> Option<String> {
        None
    }
}
