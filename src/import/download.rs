//! How browsers name a file that is downloaded again.

use super::months::is_year;

/// Whether a name, without its extension, is that of a repeated download: it ends in a number in parentheses that is not a year.
pub(super) fn is_download(stem: &str) -> bool {
    in_parentheses(stem).is_some_and(|number| {
        let is_time = number.len() == 4 && number.parse().is_ok_and(is_year);
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) && !is_time
    })
}

/// What stands in parentheses at the end of a name.
pub(super) fn in_parentheses(stem: &str) -> Option<&str> {
    let (_, inside) = stem.strip_suffix(')')?.rsplit_once('(')?;
    Some(inside)
}
