//! `is` without `missing`: adjectives and states that people use (`grammar/states.txt`).

use std::sync::LazyLock;

use super::Slip;
use super::chain::is_shown;
use super::nodes::{of, range, words};
use super::operand::as_operand;
use crate::diagnostic::{Code, quoted};
use crate::language::ast::Expr;
use crate::language::births::is_birth;
use crate::language::grammar::{self, Node, Rule};
use crate::language::table::{self, Row};

static STATES: LazyLock<Vec<Row>> =
    LazyLock::new(|| table::rows(include_str!("../../../grammar/states.txt")));

/// `birthday is today`, `source is "web"`, `status is in ("a", "b")`
pub(super) fn is_without_missing(text: &str, operand: Option<&Expr>, test: &Node) -> Slip {
    let place = range(test);
    let mut inner = test.clone().into_inner();
    inner.next();
    let rest: Vec<_> = inner.collect();
    let negated = rest.iter().any(|n| n.as_rule() == Rule::not);
    let whole = operand.map_or(place.start, |e| e.span.start)..place.end;
    let left = operand.map_or_else(
        || "…".to_string(),
        |e| words(text, e.span.start, e.span.end),
    );
    let value = rest.last().map_or_else(String::new, |n| of(text, n));
    let sign = if negated { "!=" } else { "=" };
    let state = table::of_name(&STATES, &value.to_lowercase());
    let written = match state.map(|row| (row, row.here.get(usize::from(negated)))) {
        _ if test.as_rule() == Rule::spare_is_test => Ok(format!("{left} {value}")),
        _ if value.eq_ignore_ascii_case("today") && operand.is_some_and(is_birth) => {
            Ok(format!("anniversary({left}) {sign} today"))
        }
        Some((_, Some(template))) => Ok(template.replace("$1", &left)),
        Some((row, None)) => Err(row.remark),
        // A single word is usually a text without its quotes.
        None if grammar::is_bare(&value) => Ok(format!("{left} {sign} \"{value}\"")),
        None => Ok(format!("{left} {sign} {value}")),
    };
    let written = written.map(|code| as_operand(text, &whole, &code));
    let slip = Slip::new(
        Code::IsWithoutMissing,
        whole,
        "`is` only goes with `missing` and `present`",
    );
    match written {
        Ok(code) if is_shown(&code) => slip.help(format!("write {}", quoted(&code))),
        Ok(_) => slip.help("compare with `=`"),
        Err(remark) => slip.help(remark),
    }
}
