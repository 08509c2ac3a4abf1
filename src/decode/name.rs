//! Names that rules can use without quoting.

use unicode_normalization::char::is_combining_mark;

/// Words with a meaning anywhere in a condition, in any case. A column named like one of them is written in backticks;
/// nothing named in config or rules may be.
pub const RESERVED: &[&str] = &[
    "and", "or", "not", "in", "is", "between", "where", "within", "by", "contains", "starts",
    "ends", "yes", "no", "true", "false", "missing", "now", "today",
];

/// The names accepted by [`check_name`] as a regular expression, for editors: no blanks, no ASCII punctuation but `_`,
/// and no leading digit.
pub(super) const PATTERN: &str = r"^[^0-9\s!-/:-@\[-^`{-~][^\s!-/:-@\[-^`{-~]*$";

/// Checks that a text is a valid name: letters, digits and `_`, no leading digit, not a reserved word.
///
/// # Errors
/// The reason, as a continuation of "`name` cannot be a name: ".
pub fn check_name(name: &str) -> Result<(), String> {
    let fits = |c: char| c.is_alphabetic() || c.is_ascii_digit() || c == '_';
    if name.starts_with('-') {
        return Err("in a list, put a blank after the `-`".into());
    }
    if let Some(c) = name.chars().find(|c| !fits(*c)) {
        return Err(match c {
            c if is_combining_mark(c) => {
                "one of its letters is made of two characters, as some systems write umlauts and accents: type it again"
                    .into()
            }
            ' ' | '-' => "it can have letters, digits and `_` only: use `_`".into(),
            c => format!("it can have only letters, digits and `_`, not `{c}`"),
        });
    }
    if name.is_empty() {
        return Err("it is empty".into());
    }
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        return Err("it begins with a digit".into());
    }
    if name.chars().count() > 64 {
        return Err("it is longer than 64 characters".into());
    }
    if RESERVED.contains(&name.to_ascii_lowercase().as_str()) {
        return Err("the word is reserved in conditions".into());
    }
    Ok(())
}
