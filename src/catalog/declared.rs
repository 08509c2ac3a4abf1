//! What the declared type of a column tells about its values.

use crate::value::ColumnType;

/// The declaration that an import gives a column in which it found no value. It is a text unless something makes it
/// another type.
pub const UNFILLED: &str = "TEXT UNFILLED";

/// Whether a column is declared as having no values.
pub fn is_unfilled(declared: &str) -> bool {
    declared.eq_ignore_ascii_case(UNFILLED)
}

/// The type that a declaration such as `DECIMAL(10,2)` stands for; `None` if it does not tell.
///
/// Like SQLite, this looks for known words anywhere in the declaration. Decimals with one to four decimal places are
/// money, because that is what people declare them for.
pub fn column_type(declared: &str) -> Option<ColumnType> {
    let upper = declared.to_ascii_uppercase();
    let has = |words: &[&str]| words.iter().any(|w| upper.contains(w));
    if has(&["BOOL"]) {
        Some(ColumnType::Boolean)
    } else if has(&["DATETIME", "TIMESTAMP"]) {
        Some(ColumnType::Instant)
    } else if has(&["DATE"]) {
        Some(ColumnType::Date)
    } else if has(&["DECIMAL", "NUMERIC"]) {
        Some(match places(&upper) {
            Some(1..=4) => ColumnType::Money,
            _ => ColumnType::Number,
        })
    } else if has(&["INT", "REAL", "NUM", "FLOA", "DOUB"]) {
        Some(ColumnType::Number)
    } else if has(&["CHAR", "TEXT", "CLOB"]) {
        Some(ColumnType::Text)
    } else {
        None
    }
}

/// The second number in `(10, 2)`.
fn places(declared: &str) -> Option<u32> {
    let (_, rest) = declared.split_once('(')?;
    let (inside, _) = rest.split_once(')')?;
    let (_, scale) = inside.split_once(',')?;
    scale.trim().parse().ok()
}
