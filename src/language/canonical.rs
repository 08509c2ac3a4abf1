//! The canonical form of a condition's text: another text with the same meaning.

use super::layout::Layout;
use super::parse::{ParseFailure, parse, parse_rows};
use super::print::Printer;

/// The layout of a condition, of a value, or of rows in an argument. Texts keep their quotes.
///
/// # Errors
/// If the text is none of these: every slip in it.
pub fn layout(text: &str) -> Result<Layout, ParseFailure> {
    let mut printer = Printer::of(text);
    match parse(text) {
        Ok(mut expr) => printer.expr(&mut expr),
        Err(failure) => match parse_rows(text) {
            Ok(mut rows) => printer.arg(&mut rows),
            Err(_) => return Err(failure),
        },
    }
    Ok(printer.layout)
}

/// Whether two conditions mean the same.
pub fn same(one: &str, other: &str) -> bool {
    match (parse(one), parse(other)) {
        (Ok(one), Ok(other)) => one == other,
        (Err(_), Err(_)) => parse_rows(one).is_ok_and(|one| parse_rows(other).as_ref() == Ok(&one)),
        _ => false,
    }
}
