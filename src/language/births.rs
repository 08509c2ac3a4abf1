//! Columns whose names suggest dates of birth. People who use one in a window mean the anniversary.

use super::ast::{Expr, ExprKind};

/// Parts of the names of such columns, in the languages of the locales.
const BIRTHS: &[&str] = &[
    "birth",
    "born",
    "dob",
    "geburt",
    "naissance",
    "geboorte",
    "anniversar",
    "jubil",
];

/// Whether a value is such a column.
pub(super) fn is_birth(value: &Expr) -> bool {
    let ExprKind::Path(path) = &value.kind else {
        return false;
    };
    path.last().is_some_and(|name| {
        let name = name.text.to_lowercase();
        BIRTHS.iter().any(|part| name.contains(part))
    })
}
