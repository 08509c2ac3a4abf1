//! SQLite's SQL. Muster itself reads a file's rows faster; this rendering lets tests run it without a server.

use super::dialect::{Dialect, Packets, ReadText, Stored};
use crate::language::ast::TextTest;
use crate::language::functions;
use crate::language::typed::Function;
use crate::sql;

/// SQLite 3.
#[derive(Debug, Clone, Copy)]
pub struct Sqlite;

impl Dialect for Sqlite {
    fn name(&self) -> &'static str {
        "SQLite"
    }

    fn quoted(&self, name: &str) -> String {
        sql::quoted(name)
    }

    fn text(&self, text: &str) -> String {
        sql::literal(text)
    }

    fn number(&self, x: f64) -> String {
        format!("({x:?})")
    }

    fn double(&self, x: &str) -> String {
        format!("CAST({x} AS REAL)")
    }

    fn whole(&self, x: &str) -> String {
        format!("CAST({x} AS INTEGER)")
    }

    /// What does not fit becomes a double.
    fn wide(&self, x: &str) -> String {
        self.whole(x)
    }

    fn digits(&self, x: &str) -> String {
        format!("CAST({x} AS TEXT)")
    }

    fn finite(&self, x: &str) -> String {
        format!("nullif(nullif({x}, 9e999), -9e999)")
    }

    /// For numbers of similar size: whole billionths, as long as the tenth decimal does not decide.
    fn nine_decimals(&self, x: &str) -> String {
        format!("CAST(round({x} * 1e9) AS INTEGER)")
    }

    fn is_unclear(&self, _: &str) -> Option<String> {
        None
    }

    fn sums_decimals(&self) -> bool {
        false
    }

    fn days(&self, date: &str) -> String {
        date.to_owned()
    }

    fn micros(&self, time: &str, _: Stored) -> String {
        time.to_owned()
    }

    fn time(&self, _: i64, _: Stored) -> Option<String> {
        None
    }

    fn remainder(&self, n: &str, by: i64) -> String {
        format!("((({n} % {by}) + {by}) % {by})")
    }

    fn floor_div(&self, n: &str, by: i64) -> String {
        format!("(({n} - {}) / {by})", self.remainder(n, by))
    }

    fn micros_of_text(&self, text: &str) -> Option<ReadText> {
        let seconds = format!("strftime('%s', {text})");
        Some(ReadText {
            value: format!("(CAST({seconds} AS INTEGER) * 1000000)"),
            is_exact: format!("replace({text}, 'T', ' ') = strftime('%Y-%m-%d %H:%M:%S', {text})"),
        })
    }

    fn days_of_text(&self, text: &str) -> Option<ReadText> {
        Some(ReadText {
            value: format!("CAST(julianday({text}) - 2440587.5 AS INTEGER)"),
            is_exact: format!("{text} = date({text})"),
        })
    }

    fn by_bytes(&self, text: &str) -> String {
        format!("({text} COLLATE BINARY)")
    }

    fn trimmed(&self, text: &str) -> String {
        format!("trim({text}, {})", sql::literal(sql::WHITE))
    }

    fn packets(&self, _: &str) -> Option<Packets> {
        None
    }

    fn text_test(&self, test: TextTest, text: &str, part: &str) -> String {
        match test {
            TextTest::Contains => format!("(instr({text}, {part}) > 0)"),
            TextTest::StartsWith => format!("(substr({text}, 1, length({part})) = {part})"),
            TextTest::EndsWith => format!(
                "(length({text}) >= length({part}) \
                 AND substr({text}, length({text}) - length({part}) + 1) = {part})"
            ),
        }
    }

    fn call(&self, function: Function, args: &[&str]) -> Option<String> {
        let is_exact = matches!(
            function,
            Function::Default | Function::If | Function::Abs | Function::Least | Function::Greatest
        );
        let sql = function.sql(functions::Dialect::Sqlite, args);
        match function {
            Function::Length => sql.map(|sql| self.double(&sql)),
            _ => sql.filter(|_| is_exact),
        }
    }

    fn is_other(&self, column: &str, stored: Stored) -> Option<String> {
        let stored = match stored {
            Stored::Integer | Stored::Truth => "integer",
            Stored::Real | Stored::Decimal(_) => "real",
            Stored::Text | Stored::Date | Stored::Local | Stored::Instant => "text",
        };
        Some(format!("typeof({column}) NOT IN ('{stored}', 'null')"))
    }

    fn position(&self, table: &str) -> Option<String> {
        Some(format!("{table}._rowid_"))
    }
}
