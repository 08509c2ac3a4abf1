//! PostgreSQL's SQL. The connector reads a server's rows instead, which is faster. This rendering lets tests use a
//! second database with types of its own.

use super::dialect::{Dialect, Packets, ReadText, Stored};
use super::standard;
use crate::language::ast::TextTest;
use crate::language::typed::Function;
use crate::sql;
use crate::time::naive_of_micros;

/// PostgreSQL from 14 on, with `standard_conforming_strings`.
#[derive(Debug, Clone, Copy)]
pub struct Postgres;

impl Dialect for Postgres {
    fn name(&self) -> &'static str {
        "PostgreSQL"
    }

    fn quoted(&self, name: &str) -> String {
        sql::quoted(name)
    }

    fn text(&self, text: &str) -> String {
        format!("({}::text COLLATE \"C\")", sql::literal(text))
    }

    fn number(&self, x: f64) -> String {
        format!("'{x:?}'::float8")
    }

    fn double(&self, x: &str) -> String {
        format!("({x})::float8")
    }

    fn whole(&self, x: &str) -> String {
        format!("({x})::bigint")
    }

    fn wide(&self, x: &str) -> String {
        format!("({x})::numeric")
    }

    fn digits(&self, x: &str) -> String {
        format!("({x})::numeric::text")
    }

    fn finite(&self, x: &str) -> String {
        format!("nullif(nullif(nullif({x}, 'Infinity'), '-Infinity'), 'NaN')")
    }

    fn nine_decimals(&self, x: &str) -> String {
        format!("round(({x})::text::numeric, 9)")
    }

    fn is_unclear(&self, _: &str) -> Option<String> {
        None
    }

    fn sums_decimals(&self) -> bool {
        true
    }

    fn days(&self, date: &str) -> String {
        format!("({date} - DATE '1970-01-01')")
    }

    fn micros(&self, time: &str, _: Stored) -> String {
        format!("(extract(epoch FROM {time}) * 1000000)::bigint")
    }

    fn time(&self, micros: i64, stored: Stored) -> Option<String> {
        let shown = naive_of_micros(micros);
        match stored {
            Stored::Local => Some(format!("TIMESTAMP '{shown}'")),
            Stored::Instant => Some(format!("TIMESTAMPTZ '{shown}+00'")),
            _ => None,
        }
    }

    fn remainder(&self, n: &str, by: i64) -> String {
        format!("mod(mod({n}, {by}) + {by}, {by})")
    }

    fn floor_div(&self, n: &str, by: i64) -> String {
        format!("floor(({n})::numeric / {by})::bigint")
    }

    /// A text that is not a time would abort the query.
    fn micros_of_text(&self, _: &str) -> Option<ReadText> {
        None
    }

    fn days_of_text(&self, _: &str) -> Option<ReadText> {
        None
    }

    fn by_bytes(&self, text: &str) -> String {
        format!("(({text})::text COLLATE \"C\")")
    }

    fn trimmed(&self, text: &str) -> String {
        format!("btrim({text}, {})", sql::literal(sql::WHITE))
    }

    fn packets(&self, n: &str) -> Option<Packets> {
        let whole = self.whole(n);
        Some(Packets {
            of: format!("({whole} >> 6)"),
            different: format!("bit_count(bit_or(1::bigint << ({whole} & 63)::int)::bit(64))"),
        })
    }

    fn text_test(&self, test: TextTest, text: &str, part: &str) -> String {
        match test {
            TextTest::Contains => format!("(strpos({text}, {part}) > 0)"),
            TextTest::StartsWith => format!("starts_with({text}, {part})"),
            TextTest::EndsWith => format!("(right({text}, length({part})) = {part})"),
        }
    }

    fn call(&self, function: Function, args: &[&str]) -> Option<String> {
        match function {
            Function::Length => Some(self.double(&format!("length({})", args.first()?))),
            _ => standard::call(function, args),
        }
    }

    fn is_other(&self, _: &str, _: Stored) -> Option<String> {
        None
    }

    fn position(&self, table: &str) -> Option<String> {
        Some(format!("{table}.ctid"))
    }
}
