//! Columns whose names say that they hold dates of birth, of which people mean the return.

use super::ast::{Expr, ExprKind};

/// What the names of such columns have in them, in the languages of the locales.
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
